"""The engine inside the server's own process: pyoxigraph over a store opened for reading only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.errors import EngineFailed, FunctionUnknown, Position, Problem, QueryError, ReleaseError
from kg.sparql.described import Described, described_store
from kg.sparql.guard import Query
from kg.sparql.language.tokens import PATH
from server.engine import Dataset
from server.engine.answering import respond
from server.engine.evaluation import Beside, GraphNameError, Request
from server.engine.failures import is_unsupported
from server.engine.lookups import is_lookup, look_up
from server.engine.told.telling import Heard

_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PLACE: Final = re.compile(r"^error at (\d+):(\d+): ")


_Subject = NamedNode | BlankNode
_Value = NamedNode | BlankNode | Literal | Triple
_Graph = NamedNode | BlankNode | DefaultGraph


class InProcessEngine:
    """Evaluates in the calling thread; the engine releases the interpreter's lock while it works."""

    def __init__(self, store: Store, beside: Beside | None = None, folder: Path | None = None) -> None:
        """`beside` is what lies beside the store, whose `folder` leads to its description."""
        self._store, self._beside, self._folder = store, beside, folder
        self._described = Described() if folder is None else Described.beside(folder)

    @classmethod
    def open(cls, folder: Path) -> InProcessEngine:
        """Open a store for reading only: a second defence, for it accepts no update.

        :raises ReleaseError: if there is no store in `folder`
        """
        try:
            return cls(Store.read_only(str(folder)), Beside.of(folder), folder)
        except OSError as error:
            raise ReleaseError(f"the store {folder} cannot be opened: {error}") from None

    def evaluate(self, query: Query, dataset: Dataset, media_type: str, *, timeout: float | None = None) -> bytes:
        """The complete answer, serialised; see `Engine.evaluate`. There is no way to keep a `timeout` here."""
        return self.answer(request_of(query, dataset, media_type), timeout=timeout)

    def answer(self, request: Request, *, timeout: float | None = None) -> bytes:
        """The complete answer; see `Engine.answer`."""
        return self.told(request, timeout=timeout)[0]

    def told(self, request: Request, *, timeout: float | None = None) -> tuple[bytes, tuple[Problem, ...]]:
        """The complete answer, and what may be wrong in it; see `Engine.told`."""
        del timeout
        output = BytesIO()
        heard = Heard()
        try:
            respond(self._store_for(request), request, output, heard, self._beside)
        except SyntaxError as error:
            raise syntax_error(str(error)) from None
        except GraphNameError as error:
            raise graph_error(str(error)) from None
        except (OSError, RuntimeError, ValueError) as error:
            if is_unsupported(error):
                raise FunctionUnknown(str(error)) from None
            raise EngineFailed(f"the query could not be answered: {error}") from None
        return output.getvalue(), heard.warnings

    def _store_for(self, request: Request) -> Store:
        if self._folder is None or not asks_about_the_dataset(request, self._described):
            return self._store
        return Store.read_only(str(described_store(self._folder)))

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

    def named(self, most: int) -> tuple[str, ...] | None:
        """The IRIs of all named graphs; None if there are more than `most`, or one has no IRI."""
        nodes = list(islice(self._store.named_graphs(), most + 1))
        names = tuple(node.value for node in nodes if isinstance(node, NamedNode))
        return names if len(names) == len(nodes) <= most else None

    def quads(
        self, subject: _Subject | None, predicate: NamedNode | None, value: _Value | None, graph: _Graph | None
    ) -> Iterator[Quad]:
        """The quads that fit, in the order of the store; None fits anything, also any graph."""
        return self._store.quads_for_pattern(subject, predicate, value, graph)

    def describes(self, node: str) -> bool:
        """Whether a node is the subject of a statement, in any graph; see `node_of` for how it is named."""
        return any(self.about(node, 1))

    def about(self, node: str, limit: int) -> tuple[Quad, ...]:
        """The first statements whose subject a node is, in any graph, in the order of the store."""
        subject = node_of(node)
        return () if subject is None else tuple(islice(self.quads(subject, None, None, None), limit))

    def towards(self, node: str, limit: int) -> tuple[Quad, ...]:
        """The first statements whose object a node is, in any graph, in the order of the store."""
        value = node_of(node)
        return () if value is None else tuple(islice(self.quads(None, None, value, None), limit))

    def values(self, iri: str, link: str) -> tuple[Quad, ...]:
        """The statements that give a node a value of one property, in any graph."""
        subject, predicate = node_of(iri), node_of(link)
        if subject is None or not isinstance(predicate, NamedNode):
            return ()
        return tuple(self.quads(subject, predicate, None, None))

    def members(self, kind: str, limit: int) -> tuple[Quad, ...]:
        """The first statements that give a node a class, in any graph, in the order of the store."""
        name = node_of(kind)
        if name is None:
            return ()
        return tuple(islice(self.quads(None, _TYPE, name, None), limit))

    def is_vocabulary(self, iri: str) -> bool:
        """Whether the store uses an IRI as a property or as a class."""
        name = node_of(iri)
        if not isinstance(name, NamedNode):
            return False
        uses = self.quads(None, name, None, None)
        members = self.quads(None, _TYPE, name, None)
        return any(True for _ in uses) or any(True for _ in members)

    def mentions(self, iri: str) -> bool:
        """Whether the store uses an IRI as a property, a class or the name of a graph."""
        return self.is_vocabulary(iri) or (isinstance(node_of(iri), NamedNode) and self.has_graph(iri))

    def look_up(self, request: Request) -> bytes | None:
        """The answer to a lookup, without a content coding; None for any other query, and for a large answer."""
        if request.names_dataset or request.explain or not is_lookup(request.text):
            return None
        if asks_about_the_dataset(request, self._described):
            return None
        return look_up(self._store, request)


def asks_about_the_dataset(request: Request, known: Described) -> bool:
    """Whether a query names a term of the description, and leaves the choice of graphs to the endpoint."""
    leaves_it = not request.names_dataset and request.graph is None
    return leaves_it and known.is_named_in(request.text, request.base or "")


def node_of(name: str) -> NamedNode | BlankNode | None:
    """The node that an absolute IRI names, or `_:` and the identifier of a blank node; None for anything else.

    >>> node_of("_:a"), node_of("http://example.org/a"), node_of("a b")
    (<BlankNode value=a>, <NamedNode value=http://example.org/a>, None)
    """
    try:
        return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)
    except ValueError:
        return None


def request_of(
    query: Query, dataset: Dataset, media_type: str, codings: tuple[str, ...] = (), without: tuple[str, ...] = ()
) -> Request:
    """What an evaluation needs of a checked query.

    `codings` are those that the client accepts, `without` the rules of rewriting that are switched off.
    """
    given = (query.text, media_type, query.base, dataset.default, dataset.named, query.prefixes, codings)
    return Request(*given, joined=dataset.joined, without=without)


def graph_error(message: str) -> QueryError:
    """The error for a graph of the dataset that no absolute IRI names."""
    return QueryError(message)


def syntax_error(message: str) -> QueryError:
    """The error for a query that the engine does not parse, at the place that its message names."""
    found = _PLACE.match(message)
    if found is None:
        return QueryError(message)
    return QueryError(message[found.end() :], position=Position(PATH, int(found[1]), int(found[2])))
