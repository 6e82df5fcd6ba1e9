"""A default graph of several graphs: their merge is a set of triples (SPARQL 1.1, 13.2.1; RDF 1.1 Semantics, 4.1).

The engine looks into one graph after another, so that a triple of two graphs is there twice, and every count is wrong.
The solutions of a basic graph pattern over a set are different ones: that is said, for each pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kg.errors import Problem
from kg.sparql.language.syntax import (
    Duplicates,
    Element,
    Exists,
    Filter,
    Graph,
    Group,
    Inverse,
    Iri,
    Minus,
    Query,
    Repeated,
    Select,
    Sequence,
    TriplePattern,
    Triples,
    Variable,
)
from kg.sparql.language.walking import names_in, rebuilt
from kg.sparql.repair.context import Context, Fresh
from kg.sparql.repair.patterns import without_blanks


def merged_default_graph(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query over a default graph of several, whose triples are there once; a warning for paths of several steps."""
    listed = None if context.data is None else context.data.default()
    count = len(query.default_graphs) if listed is None else len(listed)
    if count <= 1:
        return query, ()
    rule = _Merging(context.fresh)
    made = rebuilt(query, rule.change)
    return made, (_UNSURE,) if rule.unsure else ()


_UNSURE = Problem(
    "default-graph",
    "the default graph is made of several graphs here, and a path of alternatives may count a triple of two twice",
    hint="write the alternatives as UNION, or ask with DISTINCT",
)


class _Merging:
    def __init__(self, fresh: Fresh) -> None:
        self._fresh = fresh
        self.unsure = False
        """Whether a path was met whose solutions may be counted twice all the same."""

    def change(self, node: Any) -> Any:
        # One graph has no two triples alike, and to EXISTS and MINUS it does not matter how many there are.
        if isinstance(node, (Graph, Exists, Minus)):
            return node
        made = rebuilt(node, self.change)
        if not isinstance(made, Group) or not any(isinstance(each, Triples) for each in made.elements):
            return made
        return Group(tuple(self._elements(without_blanks(made.elements, self._fresh))), made.at)

    def _elements(self, elements: Iterable[Element]) -> Iterator[Element]:
        for element in elements:
            yield self._once(element) if isinstance(element, Triples) else element

    def _once(self, element: Triples) -> Element:
        stepped = Triples(tuple(step for each in element.patterns for step in self._steps(each)), element.at)
        names = sorted(names_in(stepped))
        if not names:
            return Filter(Exists(Group((stepped,))))
        select = Select(tuple(map(Variable, names)), Group((stepped,)), Duplicates.DISTINCT)
        return Group((select,))

    def _steps(self, pattern: TriplePattern) -> Iterator[TriplePattern]:
        """The pattern, the steps of its path told apart: what lies between them counts (18.2.2.4)."""
        path = pattern.predicate
        match path:
            case Inverse(inner):
                yield from self._steps(TriplePattern(pattern.object, inner, pattern.subject, pattern.at))
            case Sequence(parts):
                start = pattern.subject
                for part in parts[:-1]:
                    between = self._fresh.variable("step")
                    yield from self._steps(TriplePattern(start, part, between, pattern.at))
                    start = between
                yield from self._steps(TriplePattern(start, parts[-1], pattern.object, pattern.at))
            case Iri() | Variable() | Repeated():
                yield pattern
            case _:
                self.unsure = True
                yield pattern
