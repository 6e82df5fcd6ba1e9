"""The store in which queries of shapes run: it holds what they name, and nothing of it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Protocol

import pyoxigraph as ox

from kg.errors import ShapesError
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.terms import Term, form
from kg.shacl.shapes.model import Mark, Query
from kg.shacl.shapes.sparql.queries import CURRENT_SHAPE, SHAPES_GRAPH
from kg.shacl.sparql.patterns import predicates

GRAPH: Final = ox.NamedNode("urn:x-shacl:shapesGraph")
"""The name under which queries see the shapes graph (SHACL, section 5.3.1)."""
_PART: Final = 1 << 14
"""Statements that a store is given at once."""
Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and the values with which it is to be evaluated, one evaluation for each binding."""

    query: Query
    asker: str
    """Who asks, as an error names it."""
    constant: Mapping[str, Term]
    names: tuple[str, ...] = ()
    bindings: Sequence[tuple[Term, ...]] = ((),)
    """The values of the variables that `names` lists."""
    is_first_enough: bool = False
    """Whether more than one row tells nothing more."""

    def part(self, start: int, end: int) -> Asked:
        """Some of the evaluations."""
        return replace(self, bindings=self.bindings[start:end])


class Evaluator(Protocol):
    """What evaluates queries of shapes."""

    def answers(self, asked: Asked) -> Iterator[list[Row]]:
        """The rows for each binding, in their order; bound variables that are selected are among them.

        :raises ShapesError: if the query cannot be evaluated
        """


class QueryStore:
    """Statements of a data graph, put into a store of Oxigraph's when a query first names their predicates."""

    def __init__(self, data: Columns, shapes: tuple[ox.Quad, ...]) -> None:
        self._data, self._shapes = data, shapes
        self._store: ox.Store | None = None
        self._held: set[int] = set()
        self._ready: set[Query] = set()

    def prepare(self, query: Query) -> ox.Store:
        """The store, holding what a query names."""
        if self._store is not None and query in self._ready:
            return self._store
        if self._store is None:
            self._store = ox.Store()
        named = predicates(query)
        wanted = (
            set(self._data.columns)
            if named is None
            else {self._data.terms.iri(iri) for iri in named} & self._data.columns.keys()
        )
        new = wanted - self._held
        if new:
            _pour(self._data, sorted(new), self._store)
            self._held |= new
        if SHAPES_GRAPH in query.mentioned and not self._store.contains_named_graph(GRAPH):
            self._store.extend(ox.Quad(q.subject, q.predicate, q.object, GRAPH) for q in self._shapes)
        self._ready.add(query)
        return self._store

    def warm(self, query: Query) -> None:
        """Have ready what every evaluation of a query needs."""
        self.prepare(query)

    def answers(self, asked: Asked, most: int | None = None) -> Iterator[list[Row]]:
        """The rows for each binding, in their order; bound variables that are selected are among them.

        :raises ShapesError: if the query cannot be evaluated, or gives more than `most` rows
        """
        for values in asked.bindings:
            rows = self.rows(asked.query, {**asked.constant, **dict(zip(asked.names, values, strict=True))})
            found = list(islice(rows, 1 if asked.is_first_enough else most))
            if most is not None and len(found) == most and next(rows, None) is not None:
                raise ShapesError(f"gives more than {most:,} rows")
            yield found

    def rows(self, query: Query, bound: Mapping[str, Term]) -> Iterator[Row]:
        """The rows of a SELECT, the bound variables among them.

        :raises ShapesError: if it cannot be evaluated
        """
        answer = self._run(query, bound)
        if not isinstance(answer, ox.QuerySolutions):
            raise ShapesError("is no SELECT")
        names = [variable.value for variable in answer.variables]
        try:
            for row in answer:
                yield {name: value for name in names if (value := row[name]) is not None}
        except RuntimeError as error:
            raise ShapesError(f"failed: {' '.join(str(error).split())}") from None

    def _run(self, query: Query, bound: Mapping[str, Term]) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        values: dict[ox.Variable, Term | ox.Triple] = {
            ox.Variable(name): value for name, value in bound.items() if name in query.mentioned
        }
        text = "".join(piece if isinstance(piece, str) else _written(piece, bound) for piece in query.pieces)
        try:
            return self.prepare(query).query(text, substitutions=values)
        except (SyntaxError, RuntimeError, ValueError) as error:
            raise ShapesError(f"failed: {' '.join(str(error).split())}") from None


def _pour(data: Columns, predicates: Iterable[int], store: ox.Store) -> None:
    """Put the statements with some predicates into a store.

    It reads text quicker than it takes objects; but it gives the blank nodes that it reads other labels, so those are
    given as objects.
    """
    forms, term = data.terms.forms, data.terms.term
    for key in predicates:
        pairs = data.columns[key].pairs()
        between = b" " + forms[key] + b" "
        while part := [*islice(pairs, _PART)]:
            text = b" .\n".join([forms[subject] + between + forms[value] for subject, value in part]) + b" .\n"
            if b"_:" in text:
                store.extend([ox.Quad(term(s), term(key), term(o)) for s, o in part])  # type: ignore[arg-type]
            else:
                store.load(text, ox.RdfFormat.N_TRIPLES, lenient=True)


def _written(mark: Mark, bound: Mapping[str, Term]) -> str:
    """The value of a variable as SPARQL writes it; a blank node has no such form, and leaves the variable."""
    value = bound.get(mark.name)
    return f"?{mark.name}" if value is None or isinstance(value, ox.BlankNode) else form(value).decode()


def shape_terms(shape: str) -> dict[str, Term]:
    """The values of `$shapesGraph` and `$currentShape`."""
    current = ox.BlankNode(shape[2:]) if shape.startswith("_:") else ox.NamedNode(shape)
    return {SHAPES_GRAPH: GRAPH, CURRENT_SHAPE: current}
