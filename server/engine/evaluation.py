"""One evaluation, written to a stream: what the server's process and its workers do alike. Loads little else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from kg.sparql.columns import asked
from server.engine.texts import StoreTexts


class GraphNameError(ValueError):
    """A graph of the requested dataset is named by no absolute IRI."""


@dataclass(frozen=True, slots=True)
class Request:
    """One query, and all that its answer depends on."""

    text: str
    media_type: str
    base: str | None = None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    codings: tuple[str, ...] = ()
    """The content codings that the client accepts."""
    graph: str | None = None
    """A graph that is given whole, by its IRI, the default graph by ""; then there is no query."""

    def to_json(self) -> bytes:
        """The request as one line.

        >>> Request.from_json(Request("ASK {}", "text/csv", named=("urn:g",)).to_json()).named
        ('urn:g',)
        """
        values = (self.text, self.media_type, self.base, self.default, self.named, self.prefixes, self.codings)
        return json.dumps([*values, self.graph]).encode()

    @classmethod
    def from_json(cls, line: bytes) -> Request:
        """Read what `to_json` wrote."""
        text, media_type, base, default, named, prefixes, codings, graph = json.loads(line)
        declared = tuple((name, iri) for name, iri in prefixes)
        return cls(text, media_type, base, tuple(default), tuple(named), declared, tuple(codings), graph)


def write_answer(store: Store, request: Request, output: IO[bytes], texts: StoreTexts | None = None) -> None:
    """Evaluate, or read the graph, and write the answer to `output` in the media type of the request.

    Searches are answered from `texts`; without them the engine is asked as it stands.

    :raises QueryError: if a search in texts is written as none can be, or nothing is indexed
    :raises ReleaseError: if the index cannot be read
    :raises SyntaxError: if the query does not parse
    :raises GraphNameError: if a graph is named by no absolute IRI
    :raises OSError: if the store cannot be read, or `output` written
    :raises RuntimeError: if the evaluation fails
    :raises ValueError: if the media type is none for such an answer
    """
    if request.graph is not None:
        # Unlike CONSTRUCT, which remembers what it has written, this needs the same memory for any graph.
        graph = _graph(request.graph) if request.graph else DefaultGraph()
        prefixes = _usable(request.prefixes)
        store.dump(output, _graph_format(request.media_type), from_graph=graph, prefixes=prefixes)
        return
    # An empty list is an empty graph to the engine; None leaves the choice to the query.
    protocol = bool(request.default or request.named)
    default: list[NamedNode | BlankNode | DefaultGraph] = [*map(_graph, request.default)]
    named: list[NamedNode | BlankNode] = [*map(_graph, request.named)]

    def query(text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        return store.query(
            text,
            base_iri=request.base,
            default_graph=default if protocol else None,
            named_graphs=named if protocol else None,
        )

    text = request.text if texts is None else texts.answered(request.text, request.base).text
    results = asked(query, text)
    if isinstance(results, (QuerySolutions, QueryBoolean)):
        table = QueryResultsFormat.from_media_type(request.media_type)
        if table is None:
            raise ValueError(f"no format for a table: {request.media_type}")
        results.serialize(output, table)
        return
    serialize(results, output, format=_graph_format(request.media_type), prefixes=_usable(request.prefixes))


def _graph_format(media_type: str) -> RdfFormat:
    found = RdfFormat.from_media_type(media_type)
    if found is None:
        raise ValueError(f"no format for a graph: {media_type}")
    return found


def _graph(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise GraphNameError(f"the graph {iri!r} is named by no absolute IRI: {error}") from None


def _usable(prefixes: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The prefixes of the query that a serialisation can use: those that stand for an absolute IRI."""
    usable = {}
    for name, iri in prefixes:
        try:
            NamedNode(iri)
        except ValueError:
            continue
        usable[name] = iri
    return usable
