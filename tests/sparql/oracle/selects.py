"""SELECT: groups, aggregates and modifiers (sections 11, 15, 18.2.4 and 18.5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparql.oracle import algebra
from sparql.oracle.aggregates import aggregate
from sparql.oracle.compare import rank
from sparql.oracle.expressions import Scope, holds, value
from sparql.oracle.terms import Row, Term, Undetermined, Wrong

from kg.sparql.language.syntax import (
    Aggregate,
    Duplicates,
    Expression,
    InlineData,
    Modifiers,
    Named,
    OrderCondition,
    Select,
    Variable,
)

if TYPE_CHECKING:
    from sparql.oracle.patterns import Evaluator


@dataclass(frozen=True)
class Solution:
    """A row before it is projected, and the rows that it stands for if it is a group."""

    row: Row
    members: tuple[Row, ...] | None = None


@dataclass(frozen=True)
class Run:
    """Rows with the same place in the order: any of them may come first."""

    rows: tuple[Row, ...]


def mentions_aggregate(node: object) -> bool:
    """Whether an expression holds an aggregate (not one of a pattern in EXISTS)."""
    if isinstance(node, Aggregate):
        return True
    parts = [getattr(node, name, None) for name in ("operand", "left", "right", "expression")]
    lists = [getattr(node, name, ()) for name in ("members", "arguments")]
    return any(
        mentions_aggregate(part) for part in [*parts, *(one for many in lists for one in many)] if part is not None
    )


class Selects:
    """A SELECT, over what an evaluator sees."""

    def __init__(self, evaluator: Evaluator, select: Select) -> None:
        self.evaluator, self.select, self.modifiers = evaluator, select, select.modifiers

    def projected(self) -> set[str] | None:
        """The names of the columns; None for all."""
        if self.select.projection is None:
            return None
        return {one.variable.name if isinstance(one, Named) else one.name for one in self.select.projection}

    def runs(self) -> list[Run]:
        """All rows in their order, projected and without duplicates if so said, before OFFSET and LIMIT."""
        solutions = self.solutions()
        names = self.projected()
        runs = [Run(tuple(restricted(one.row, names) for one in run)) for run in self.ordered(solutions)]
        return distinct(runs) if self.select.duplicates is Duplicates.DISTINCT else runs

    def determined_rows(self) -> list[Row]:
        """The rows of a query within a query.

        :raises Undetermined: if LIMIT or OFFSET takes some of the rows that have the same place in the order
        """
        if self.select.duplicates is Duplicates.REDUCED:
            raise Undetermined("REDUCED may keep any number of equal rows")
        rows, start, end = [], *bounds(self.modifiers)
        place = 0
        for run in self.runs():
            size = len(run.rows)
            first, last = max(start - place, 0), size if end is None else max(min(end - place, size), 0)
            kept = run.rows[first:last]
            if 0 < len(kept) < size and any(row != run.rows[0] for row in run.rows):
                raise Undetermined("LIMIT or OFFSET in the midst of rows without an order")
            rows += kept
            place += size
        return rows

    def solutions(self) -> list[Solution]:
        """The solutions with the columns that are computed."""
        rows = self.evaluator.rows(algebra.translate(self.select.where))
        if self.is_grouped():
            groups = [one for one in self.groups(rows) if self.has(one)]
        else:
            groups = [Solution(row) for row in rows]
        if self.select.values is not None:
            groups = with_values(groups, self.select.values)
        return [self.extended(one) for one in groups]

    def is_grouped(self) -> bool:
        named = [one.expression for one in self.select.projection or () if isinstance(one, Named)]
        ordered = [one.expression for one in self.modifiers.order]
        return bool(self.modifiers.group or self.modifiers.having) or any(map(mentions_aggregate, named + ordered))

    def groups(self, rows: list[Row]) -> list[Solution]:
        """Rows with the same key; without GROUP BY all rows are one group, also if there is none."""
        keys = self.modifiers.group
        if not keys:
            return [Solution({}, tuple(rows))]
        found: dict[tuple[Term | None, ...], list[Row]] = {}
        for row in rows:
            # A key with a name is part of the rows of its group.
            full, terms = dict(row), []
            for key in keys:
                term = self.attempt(key.expression if isinstance(key, Named) else key, Solution(full))
                terms.append(term)
                if isinstance(key, Named) and term is not None:
                    full[key.variable.name] = term
            found.setdefault(tuple(terms), []).append(full)
        return [Solution(key_row(keys, terms), tuple(members)) for terms, members in found.items()]

    def attempt(self, expression: Expression, solution: Solution, scope: Scope | None = None) -> Term | None:
        try:
            return value(expression, scope or self.scope(solution))
        except Wrong:
            return None

    def scope(self, solution: Solution) -> Scope:
        outside = self.evaluator
        row = {**outside.given, **solution.row}
        if solution.members is None:
            return Scope(row, outside.exists, base=outside.base)
        members = [outside.scope(member) for member in solution.members]
        return Scope(row, outside.exists, lambda one: aggregate(one, members), outside.base)

    def has(self, group: Solution) -> bool:
        """HAVING; it may use the names of computed columns, as this project lets it."""
        if not self.modifiers.having:
            return True
        named = self.extended(group)
        return all(holds(condition, self.scope(named)) for condition in self.modifiers.having)

    def extended(self, solution: Solution) -> Solution:
        row = dict(solution.row)
        labels = self.scope(solution).labels
        for one in self.select.projection or ():
            if isinstance(one, Named):
                seen = self.scope(Solution(row, solution.members))
                term = self.attempt(
                    one.expression, solution, Scope(seen.row, seen.exists, seen.aggregate, seen.base, labels)
                )
                if term is not None:
                    row[one.variable.name] = term
        return Solution(row, solution.members)

    def ordered(self, solutions: list[Solution]) -> list[list[Solution]]:
        """The solutions by the keys of ORDER BY: those with equal keys together."""
        found = [solutions]
        for number, condition in enumerate(self.modifiers.order):
            last = number == len(self.modifiers.order) - 1
            found = [part for run in found for part in self.sorted(run, condition, last=last)]
        return found

    def sorted(self, run: list[Solution], condition: OrderCondition, *, last: bool) -> list[list[Solution]]:
        places: dict[object, list[Solution]] = {}
        terms: dict[object, set[Term | None]] = {}
        for solution in run:
            term = self.attempt(condition.expression, solution)
            places.setdefault(rank(term), []).append(solution)
            terms.setdefault(rank(term), set()).add(term)
        if not last and any(len(some) > 1 for some in terms.values()):
            raise Undetermined("a key of ORDER BY after terms that have no order")
        return [places[key] for key in sorted(places, reverse=condition.descending)]  # type: ignore[type-var]


def key_row(keys: tuple[Expression | Named, ...], terms: tuple[Term | None, ...]) -> Row:
    names = [
        key.variable.name if isinstance(key, Named) else key.name if isinstance(key, Variable) else None for key in keys
    ]
    return {name: term for name, term in zip(names, terms, strict=True) if name is not None and term is not None}


def with_values(solutions: list[Solution], data: InlineData) -> list[Solution]:
    from sparql.oracle.patterns import compatible

    rows = [dict(row) for row in algebra.table(data).rows]
    return [Solution({**one.row, **row}, one.members) for one in solutions for row in rows if compatible(one.row, row)]


def restricted(row: Row, names: set[str] | None) -> Row:
    return row if names is None else {name: term for name, term in row.items() if name in names}


def distinct(runs: list[Run]) -> list[Run]:
    """Each row once, where it comes first."""
    seen: set[frozenset[tuple[str, Term]]] = set()
    found = []
    for run in runs:
        rows = {frozenset(row.items()): row for row in run.rows}
        found.append(Run(tuple(row for key, row in rows.items() if key not in seen)))
        seen |= rows.keys()
    return found


def bounds(modifiers: Modifiers) -> tuple[int, int | None]:
    start = modifiers.offset or 0
    return start, None if modifiers.limit is None else start + modifiers.limit
