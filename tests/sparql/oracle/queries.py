"""Whole queries (sections 13 and 16): what may come as their answer."""

from __future__ import annotations

from dataclasses import dataclass

from sparql.oracle import algebra
from sparql.oracle.expressions import fresh_blank_node
from sparql.oracle.patterns import Data, Evaluator
from sparql.oracle.selects import Run, Selects, bounds
from sparql.oracle.terms import BlankNode, Iri, Literal, Row, Term, Triple, TripleTerm

from kg.sparql.language.syntax import Ask, Construct, Group, Query, Select, TriplePattern, Variable


@dataclass(frozen=True)
class Table:
    """What a SELECT comes to: rows in runs, of which `start` to `end` are given."""

    runs: tuple[Run, ...]
    start: int = 0
    end: int | None = None
    reduced: bool = False

    @property
    def rows(self) -> list[Row]:
        """The rows, in an order that is right."""
        return [row for run in self.runs for row in run.rows][self.start : self.end]


def dataset(query: Query, data: Data) -> Data:
    """The dataset that FROM and FROM NAMED make of what there is (section 13.2)."""
    if not query.default_graphs and not query.named_graphs:
        return data
    empty: frozenset[Triple] = frozenset()
    default = empty.union(*(data.named.get(Iri(name.value), empty) for name in query.default_graphs))
    named = {Iri(name.value): data.named.get(Iri(name.value), empty) for name in query.named_graphs}
    return Data(default, named)


def evaluate(query: Query, data: Data, base: str | None = None) -> Table | bool | set[Triple]:
    """The answer to a query: a table, a truth, or a graph.

    :raises Undetermined: if the standard leaves open what comes
    """
    known = dataset(query, data)
    evaluator = Evaluator(known, known.default, base=query.base or base)
    match query.body:
        case Select():
            return table(evaluator, query.body)
        case Ask():
            inner = Select(None, query.body.where, modifiers=query.body.modifiers, values=query.body.values)
            return bool(table(evaluator, inner).rows)
        case Construct():
            inner = Select(None, query.body.where, modifiers=query.body.modifiers, values=query.body.values)
            rows = Selects(evaluator, inner).determined_rows()
            return {triple for row in rows for triple in built(query.body.template, row)}
    raise TypeError(query.body)


def table(evaluator: Evaluator, select: Select) -> Table:
    from kg.sparql.language.syntax import Duplicates

    start, end = bounds(select.modifiers)
    reduced = select.duplicates is Duplicates.REDUCED
    return Table(tuple(Selects(evaluator, select).runs()), start, end, reduced)


def solutions(group: Group, data: Data) -> list[Row]:
    """The solutions of a group graph pattern over the default graph."""
    return Evaluator(data, data.default).rows(algebra.translate(group))


def built(template: tuple[TriplePattern, ...], row: Row) -> list[Triple]:
    """The triples of a template for a solution: those that are whole and can be (section 16.2)."""
    labels: dict[str, BlankNode] = {}

    def instance(term: object) -> Term | None:
        match term:
            case Variable():
                return row.get(term.name)
            case BlankNode():
                return labels.setdefault(term.label, fresh_blank_node())
            case TripleTerm():
                parts = [instance(one) for one in (term.subject, term.predicate, term.object)]
                return None if None in parts else TripleTerm(*parts)  # type: ignore[arg-type]
            case Iri() | Literal():
                return term
        raise TypeError(term)

    found = []
    for pattern in template:
        s, p, o = instance(pattern.subject), instance(pattern.predicate), instance(pattern.object)
        if isinstance(s, Iri | BlankNode) and isinstance(p, Iri) and o is not None:
            found.append((s, p, o))
    return found
