"""The engine inside the server's own process: pyoxigraph over a store opened for reading only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

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

from kg.errors import OperationError, Position, QueryError, ReleaseError
from kg.sparql.guard import Query
from kg.sparql.tokens import PATH
from server.engine import Dataset

_PLACE: Final = re.compile(r"^error at (\d+):(\d+): ")


class InProcessEngine:
    """Evaluates in the calling thread; the engine releases the interpreter's lock while it works."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, folder: Path) -> InProcessEngine:
        """Open a store for reading only: a second defence, for it accepts no update.

        :raises ReleaseError: if there is no store in `folder`
        """
        try:
            return cls(Store.read_only(str(folder)))
        except OSError as error:
            raise ReleaseError(f"the store {folder} cannot be opened: {error}") from None

    def evaluate(self, query: Query, dataset: Dataset, media_type: str) -> bytes:
        """The complete answer, serialised; see `Engine.evaluate`."""
        # An empty list is an empty graph to the engine; None leaves the choice to the query.
        protocol = bool(dataset.default or dataset.named)
        default: list[NamedNode | BlankNode | DefaultGraph] = [*_graphs(dataset.default)]
        named: list[NamedNode | BlankNode] = [*_graphs(dataset.named)]
        try:
            results = self._store.query(
                query.text,
                base_iri=query.base,
                default_graph=default if protocol else None,
                named_graphs=named if protocol else None,
            )
            return _serialised(results, query, media_type)
        except SyntaxError as error:
            raise _syntax_error(str(error)) from None
        except (OSError, RuntimeError, ValueError) as error:
            raise OperationError(f"the query could not be answered: {error}") from None


def _graphs(iris: tuple[str, ...]) -> list[NamedNode]:
    nodes = []
    for iri in iris:
        try:
            nodes.append(NamedNode(iri))
        except ValueError as error:
            raise QueryError(f"the graph {iri!r} is named by no absolute IRI: {error}") from None
    return nodes


def _serialised(results: QuerySolutions | QueryBoolean | QueryTriples, query: Query, media_type: str) -> bytes:
    if isinstance(results, (QuerySolutions, QueryBoolean)):
        table = QueryResultsFormat.from_media_type(media_type)
        if table is None:
            raise ValueError(f"no format for a table: {media_type}")
        return results.serialize(format=table) or b""
    graph = RdfFormat.from_media_type(media_type)
    if graph is None:
        raise ValueError(f"no format for a graph: {media_type}")
    return serialize(results, format=graph, prefixes=_prefixes(query)) or b""


def _prefixes(query: Query) -> dict[str, str]:
    """The prefixes of the query that a serialisation can use: those that stand for an absolute IRI."""
    usable = {}
    for name, iri in query.prefixes:
        try:
            NamedNode(iri)
        except ValueError:
            continue
        usable[name] = iri
    return usable


def _syntax_error(message: str) -> QueryError:
    found = _PLACE.match(message)
    if found is None:
        return QueryError(message)
    return QueryError(message[found.end() :], position=Position(PATH, int(found[1]), int(found[2])))
