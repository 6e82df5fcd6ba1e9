"""One evaluation, written to a stream: what the server's process and its workers do alike. Loads little else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias, cast

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

from kg.sparql.repair import Repaired
from kg.sparql.repair.asking import Graphs, Noting, answered, nowhere
from server.engine.told.telling import Held, Listener, Telling, Unsure

if TYPE_CHECKING:
    from kg.sparql.texts import Texts

_Results: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
_SECONDS: Final = 60.0
"""How long a search in texts may take where nobody else ends the query."""
_MANIFEST: Final = "manifest.json"
"""Beside the store of a release; it states the kinds of the values of each property."""


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
    joined: tuple[str, ...] = ()
    """Graphs that are read where the query names none, the default graph by ""; all that it names are there too."""
    graph: str | None = None
    """A graph that is given whole, by its IRI, the default graph by ""; then there is no query."""
    without: tuple[str, ...] = ()
    """The rules of `kg.sparql.repair` that are switched off."""
    collation: str | None = None
    """The language whose order of texts ORDER BY keeps, by its tag; None for that of code points."""
    explain: bool = False
    """Whether it is told how the answer comes about, in place of the answer."""
    described: bool = False
    """Whether it asks about the dataset, so that the description belongs to its default graph."""

    @property
    def names_dataset(self) -> bool:
        """Whether the protocol names the graphs that are read."""
        return bool(self.default or self.named)

    def to_json(self) -> bytes:
        """The request as one line.

        >>> Request.from_json(Request("ASK {}", "text/csv", named=("urn:g",)).to_json()).named
        ('urn:g',)
        """
        values = (self.text, self.media_type, self.base, self.default, self.named, self.prefixes, self.codings)
        how = (self.without, self.collation, self.explain, self.described)
        return json.dumps([*values, self.joined, self.graph, *how]).encode()

    @classmethod
    def from_json(cls, line: bytes) -> Request:
        """Read what `to_json` wrote."""
        text, media_type, base, default, named, prefixes, codings, joined, graph, *rest = json.loads(line)
        declared = tuple((name, iri) for name, iri in prefixes)
        given = (text, media_type, base, tuple(default), tuple(named), declared, tuple(codings), tuple(joined), graph)
        without, collation, *how = rest
        return cls(*given, tuple(without), collation, *how)


Kinds: TypeAlias = Callable[[str], "frozenset[str] | None"]
"""The kinds of the values of a property, as a release states them; see `kg.sparql.repair.kinds`."""


def kinds_beside(store: Path) -> Kinds:
    """What the manifest beside a store states of the kinds of values, read when it is first asked for.

    Nothing is known of any property where it states none, or cannot be read.
    """

    @lru_cache(1)
    def stated() -> Mapping[str, list[str]] | None:
        try:
            found = json.loads((store.parent / _MANIFEST).read_bytes()).get("kinds")
        except (OSError, ValueError, AttributeError):
            return None
        return found if isinstance(found, dict) else None

    def kinds(property_iri: str) -> frozenset[str] | None:
        known = stated()
        return None if known is None else frozenset(known.get(property_iri, ()))

    return kinds


def texts_beside(store: Path) -> Callable[[], Texts | None]:
    """Where the texts of a store are searched: in the index beside it, which is opened when it is first asked for.

    There is nowhere to search where nothing is indexed.
    """

    @lru_cache(1)
    def texts() -> Texts | None:
        # What searches is loaded by those only who are asked to.
        from kg.search import INDEX
        from kg.search.asking import texts_at

        return texts_at(store.parent / INDEX, _SECONDS)

    return texts


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a store in the folder of a release."""

    kinds: Kinds
    texts: Callable[[], Texts | None]

    @classmethod
    def of(cls, store: Path) -> Beside:
        """What lies beside the store in a folder; it is read when it is first asked for."""
        return cls(kinds_beside(store), texts_beside(store))


def write_answer(
    store: Store,
    request: Request,
    output: IO[bytes],
    listener: Listener | None = None,
    beside: Beside | None = None,
) -> None:
    """Evaluate, or read the graph, and write the answer to `output` in the media type of the request.

    What may be wrong in the answer is told to the `listener`, all that is known each time: before anything is written,
    and again when more is known; and at the end of results in JSON by a member of their own, `warnings`.

    :raises SyntaxError: if the query does not parse
    :raises QueryError: if a search in texts is written as none can be, or nothing is indexed
    :raises ReleaseError: if the index cannot be read
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
    noting = Noting()
    results, done = evaluated(store, request, beside, noting)
    if done.is_provisional:
        try:
            _written_when_sure(results, done, request, output, (noting, listener))
        except Unsure:
            noting = Noting(careful=True)
            results, done = evaluated(store, request, beside, noting)
        else:
            return
    _write(results, request, Telling(output, done, noting, listener))


def _written_when_sure(
    results: _Results,
    done: Repaired,
    request: Request,
    output: IO[bytes],
    told: tuple[Noting, Listener | None],
) -> None:
    noting, listener = told
    held = Held(noting)
    _write(results, request, Telling(cast("IO[bytes]", held), done, noting, None))
    warnings = (*done.warnings, *noting.problems())
    if warnings and listener is not None and not noting.again:
        listener.tell(warnings)
    held.give(output)


def write_plainly(store: Store, request: Request, output: IO[bytes]) -> None:
    """Evaluate a query that no rule can matter to, whose columns are written out: nothing is looked for in it.

    :raises SyntaxError: if it does not parse
    :raises OSError: if the store cannot be read, or `output` written
    :raises RuntimeError: if the evaluation fails
    :raises ValueError: if the media type is none for such an answer, or a graph is named by no absolute IRI
    """
    _serialize(_asking(store, request)(request.text), request, output)


def _write(results: _Results, request: Request, output: Telling) -> None:
    is_json = QueryResultsFormat.from_media_type(request.media_type) == QueryResultsFormat.JSON
    output.begin(json=is_json and not isinstance(results, QueryTriples))
    _serialize(results, request, cast("IO[bytes]", output))
    output.end()


def _serialize(results: _Results, request: Request, output: IO[bytes]) -> None:
    if isinstance(results, QueryTriples):
        serialize(results, output, format=_graph_format(request.media_type), prefixes=_usable(request.prefixes))
        return
    table = QueryResultsFormat.from_media_type(request.media_type)
    if table is None:
        raise ValueError(f"no format for a table: {request.media_type}")
    results.serialize(output, table)


def evaluated(store: Store, request: Request, beside: Beside | None, noting: Noting) -> tuple[_Results, Repaired]:
    """The answer to a query, which is only evaluated as far as it is read; and how the query was rewritten.

    `noting` takes what is found out meanwhile.

    :raises SyntaxError: if the query does not parse
    :raises QueryError: if a search in texts is written as none can be, or nothing is indexed
    :raises ReleaseError: if the index cannot be read
    :raises GraphNameError: if a graph is named by no absolute IRI
    :raises OSError: if the store cannot be read
    :raises RuntimeError: if the evaluation fails
    """
    query = _asking(store, request)

    def ask(text: str) -> _Results:
        return query(text, **noting.callables_of(text))

    kinds, texts = (None, nowhere) if beside is None else (beside.kinds, beside.texts)
    graphs = Graphs(
        store.named_graphs,
        request.named if request.names_dataset else None,
        request.joined or (request.default if request.names_dataset else None),
        kinds,
        request.collation,
        texts,
        noting.careful,
    )
    return answered(ask, request.text, request.base, graphs, request.without)


def _asking(store: Store, request: Request) -> Callable[..., _Results]:
    """What evaluates a text over the dataset of a request; further arguments are those of `Store.query`."""
    # An empty list is an empty graph to the engine; None leaves the choice to the query.
    default: list[NamedNode | BlankNode | DefaultGraph] = [
        _graph(name) if name else DefaultGraph() for name in request.joined or request.default
    ]
    named: list[NamedNode | BlankNode] = [*map(_graph, request.named)]

    def query(text: str, **callables: Any) -> _Results:
        return store.query(
            text,
            base_iri=request.base,
            default_graph=default if request.names_dataset or request.joined else None,
            named_graphs=named if request.names_dataset else None,
            **callables,
        )

    return query


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
