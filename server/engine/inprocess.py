"""The engine inside the server's own process: pyoxigraph over a store opened for reading only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.errors import EngineFailed, FunctionUnknown, Position, QueryError, ReleaseError
from kg.sparql.guard import Query
from kg.sparql.tokens import PATH
from server.engine import Dataset
from server.engine.evaluation import GraphNameError, Request, write_answer
from server.engine.failures import is_unsupported
from server.engine.lookups import is_lookup, look_up

_PLACE: Final = re.compile(r"^error at (\d+):(\d+): ")


_Subject = NamedNode | BlankNode
_Value = NamedNode | BlankNode | Literal | Triple
_Graph = NamedNode | BlankNode | DefaultGraph


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

    def evaluate(self, query: Query, dataset: Dataset, media_type: str, *, timeout: float | None = None) -> bytes:
        """The complete answer, serialised; see `Engine.evaluate`. There is no way to keep a `timeout` here."""
        return self.answer(request_of(query, dataset, media_type), timeout=timeout)

    def answer(self, request: Request, *, timeout: float | None = None) -> bytes:
        """The complete answer; see `Engine.answer`."""
        del timeout
        output = BytesIO()
        try:
            write_answer(self._store, request, output)
        except SyntaxError as error:
            raise syntax_error(str(error)) from None
        except GraphNameError as error:
            raise graph_error(str(error)) from None
        except (OSError, RuntimeError, ValueError) as error:
            if is_unsupported(error):
                raise FunctionUnknown(str(error)) from None
            raise EngineFailed(f"the query could not be answered: {error}") from None
        return output.getvalue()

    def has_graph(self, iri: str) -> bool:
        """Whether the store holds a graph of this name.

        :raises ValueError: if `iri` is no absolute IRI
        """
        return self._store.contains_named_graph(NamedNode(iri))

    def beginning(self, graph: str, limit: int) -> tuple[Triple, ...]:
        """The first triples of a graph, the default graph by "", in the order of the store: `limit` of them at most."""
        name = NamedNode(graph) if graph else DefaultGraph()
        return tuple(quad.triple for quad in islice(self._store.quads_for_pattern(None, None, None, name), limit))

    def graph_names(self) -> Iterator[str]:
        """The IRIs of the named graphs, in the order of the store."""
        return (node.value for node in self._store.named_graphs() if isinstance(node, NamedNode))

    def quads(
        self, subject: _Subject | None, predicate: NamedNode | None, value: _Value | None, graph: _Graph | None
    ) -> Iterator[Quad]:
        """The quads that fit, in the order of the store; None fits anything, also any graph."""
        return self._store.quads_for_pattern(subject, predicate, value, graph)

    def look_up(self, request: Request) -> bytes | None:
        """The answer to a lookup, without a content coding; None for any other query, and for a large answer."""
        if request.default or request.named or not is_lookup(request.text):
            return None
        return look_up(self._store, request)


def request_of(query: Query, dataset: Dataset, media_type: str, codings: tuple[str, ...] = ()) -> Request:
    """What an evaluation needs of a checked query; `codings` are those that the client accepts."""
    return Request(query.text, media_type, query.base, dataset.default, dataset.named, query.prefixes, codings)


def graph_error(message: str) -> QueryError:
    """The error for a graph of the dataset that no absolute IRI names."""
    return QueryError(message)


def syntax_error(message: str) -> QueryError:
    """The error for a query that the engine does not parse, at the place that its message names."""
    found = _PLACE.match(message)
    if found is None:
        return QueryError(message)
    return QueryError(message[found.end() :], position=Position(PATH, int(found[1]), int(found[2])))
