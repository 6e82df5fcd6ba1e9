"""One evaluation, written to a stream: what the server's process and its workers do alike. Loads little else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

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

_DESCRIBED: Final = ("described", "store")
"""Where a release has its data with their description, beside its store."""


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
    described: bool = False
    """Whether it asks about the dataset, so that the description belongs to its default graph."""

    def to_json(self) -> bytes:
        """The request as one line.

        >>> Request.from_json(Request("ASK {}", "text/csv", named=("urn:g",)).to_json()).named
        ('urn:g',)
        """
        values = (self.text, self.media_type, self.base, self.default, self.named, self.prefixes, self.codings)
        return json.dumps([*values, self.graph, self.described]).encode()

    @classmethod
    def from_json(cls, line: bytes) -> Request:
        """Read what `to_json` wrote."""
        text, media_type, base, default, named, prefixes, codings, graph, described = json.loads(line)
        declared = tuple((name, iri) for name, iri in prefixes)
        given = (tuple(default), tuple(named), declared, tuple(codings))
        return cls(text, media_type, base, *given, graph, described)


def described_store(store: Path) -> Path:
    """The store that says what this one says and the description too; it need not be there."""
    return store.parent.joinpath(*_DESCRIBED)


def write_answer(store: Store, request: Request, output: IO[bytes]) -> None:
    """Evaluate, or read the graph, and write the answer to `output` in the media type of the request.

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

    results = asked(query, request.text)
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
