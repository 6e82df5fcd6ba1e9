"""The algebra evaluated (section 18.5), bottom up: a multiset of solution mappings is a list of dicts.

EXISTS is read as the substitution of section 18.6 done where it can be done: the values of the solution outside are
given to each basic graph pattern, path, GRAPH, VALUES and BIND inside as what their variables already stand for, to
filters as values, and to a sub-select for the variables that it projects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sparql.oracle import algebra, paths
from sparql.oracle.algebra import Algebra
from sparql.oracle.expressions import Scope, holds, value
from sparql.oracle.selects import Selects
from sparql.oracle.terms import Iri, Row, Term, Triple, TripleTerm, Wrong

from kg.sparql.language.syntax import BlankNode, Expression, Group, Select, TriplePattern, Variable

HIDDEN = "_:"
"""What the name of a blank node of a pattern begins with: a variable that ends with its basic graph pattern."""


@dataclass(frozen=True)
class Data:
    """A dataset: the triples of the default graph, and of each graph with a name."""

    default: frozenset[Triple] = frozenset()
    named: dict[Iri, frozenset[Triple]] = field(default_factory=dict)


def compatible(left: Row, right: Row) -> bool:
    return all(left[name] == right[name] for name in left.keys() & right.keys())


@dataclass(frozen=True)
class Evaluator:
    """Evaluates over a dataset; `graph` is the active graph, `given` what EXISTS brings from outside."""

    data: Data
    graph: frozenset[Triple]
    given: Row = field(default_factory=dict)
    base: str | None = None

    def within(self, graph: frozenset[Triple]) -> Evaluator:
        return Evaluator(self.data, graph, self.given, self.base)

    def knowing(self, given: Row) -> Evaluator:
        return Evaluator(self.data, self.graph, given, self.base)

    def rows(self, pattern: Algebra) -> list[Row]:
        """The solutions of a pattern."""
        match pattern:
            case algebra.BasicGraphPattern():
                return self.basic(pattern)
            case algebra.Join() | algebra.Union() | algebra.Minus():
                both = {algebra.Join: join, algebra.Union: list.__add__, algebra.Minus: minus}[type(pattern)]
                return both(self.rows(pattern.left), self.rows(pattern.right))
            case algebra.LeftJoin() | algebra.Filter():
                return self.left_join(pattern) if isinstance(pattern, algebra.LeftJoin) else self.filtered(pattern)
            case algebra.Graph():
                return self.graphs(pattern)
            case algebra.SubSelect():
                return self.sub_select(pattern.select)
            case algebra.Extend():
                rows = [self.extend(row, pattern) for row in self.rows(pattern.pattern)]
            case algebra.Table():
                rows = [dict(row) for row in pattern.rows]
            case _:
                raise TypeError(pattern)
        return [row for row in rows if compatible(row, self.given)]

    def filtered(self, pattern: algebra.Filter) -> list[Row]:
        return [row for row in self.rows(pattern.pattern) if self.passes(pattern.conditions, row)]

    # --- basic graph patterns

    def basic(self, pattern: algebra.BasicGraphPattern) -> list[Row]:
        found: list[Row] = [{}]
        for one in pattern.patterns:
            found = join(found, [row for row in self.matches(one) if compatible(row, self.given)])
        return [{name: term for name, term in row.items() if not name.startswith(HIDDEN)} for row in found]

    def matches(self, pattern: TriplePattern) -> Iterator[Row]:
        """The solutions of a triple pattern or a path alone."""
        if not isinstance(pattern.predicate, Iri | Variable):
            start, end = self.constant(pattern.subject), self.constant(pattern.object)
            for subject, value_there in paths.pairs(pattern.predicate, list(self.graph), start, end):
                yield from match(((pattern.subject, subject), (pattern.object, value_there)))
            return
        for triple in self.graph:
            yield from match(tuple(zip((pattern.subject, pattern.predicate, pattern.object), triple, strict=True)))

    def constant(self, term: Term | Variable) -> Term | None:
        """What stands at the end of a path: a term that is written or given, or None for a variable."""
        if isinstance(term, Variable):
            return self.given.get(term.name)
        return None if isinstance(term, BlankNode) else term

    # --- the rest

    def scope(self, row: Row) -> Scope:
        return Scope({**self.given, **row}, self.exists, base=self.base)

    def passes(self, conditions: tuple[Expression, ...], row: Row) -> bool:
        return all(holds(condition, self.scope(row)) for condition in conditions)

    def exists(self, group: Group, row: Row) -> bool:
        return bool(self.knowing(row).rows(algebra.translate(group)))

    def left_join(self, pattern: algebra.LeftJoin) -> list[Row]:
        right = self.rows(pattern.right)
        found = []
        for row in self.rows(pattern.left):
            joined = [one for one in join([row], right) if self.passes(pattern.conditions, one)]
            found += joined or [row]
        return found

    def graphs(self, pattern: algebra.Graph) -> list[Row]:
        """GRAPH: the pattern in each graph apart, and then its name."""
        wanted = pattern.name if isinstance(pattern.name, Iri) else self.given.get(pattern.name.name)
        names = [name for name in self.data.named if wanted in {None, name}]
        found = []
        for name in names:
            rows = self.within(self.data.named[name]).rows(pattern.pattern)
            known: Row = {pattern.name.name: name} if isinstance(pattern.name, Variable) else {}
            found += join(rows, [known])
        return found

    def extend(self, row: Row, pattern: algebra.Extend) -> Row:
        if pattern.variable in row:
            raise AssertionError(f"?{pattern.variable} has a value already")
        try:
            return {**row, pattern.variable: value(pattern.expression, self.scope(row))}
        except Wrong:
            return row

    def sub_select(self, select: Select) -> list[Row]:
        """A query within the query; of what is given it sees what it projects."""
        projected = Selects(self, select).projected()
        seen = self.given if projected is None else {name: self.given[name] for name in projected & self.given.keys()}
        inner = self.knowing(seen)
        rows = Selects(inner, select).determined_rows()
        return [row for row in rows if compatible(row, self.given)]


def join(left: list[Row], right: list[Row]) -> list[Row]:
    return [{**one, **other} for one in left for other in right if compatible(one, other)]


def minus(left: list[Row], right: list[Row]) -> list[Row]:
    """What is left of the left where the right has no compatible row that shares a variable."""
    return [row for row in left if not any(row.keys() & other.keys() and compatible(row, other) for other in right)]


def match(pairs: tuple[tuple[Term | Variable, Term], ...]) -> Iterator[Row]:
    """The one row that makes patterns into the terms beside them, or none."""
    row: Row = {}
    for pattern, term in pairs:
        if not matched(pattern, term, row):
            return
    yield row


def matched(pattern: Term | Variable, term: Term, row: Row) -> bool:
    if isinstance(pattern, Variable | BlankNode):
        name = pattern.name if isinstance(pattern, Variable) else HIDDEN + pattern.label
        return row.setdefault(name, term) == term
    if isinstance(pattern, TripleTerm) and isinstance(term, TripleTerm):
        parts = ((pattern.subject, term.subject), (pattern.predicate, term.predicate), (pattern.object, term.object))
        return all(matched(one, other, row) for one, other in parts)  # type: ignore[arg-type]
    return pattern == term
