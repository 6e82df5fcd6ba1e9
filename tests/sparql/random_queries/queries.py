"""Random queries: SELECT of every kind, ASK and CONSTRUCT, with sub-selects, groups and modifiers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sparql.oracle.patterns import Data
from sparql.oracle.queries import Table, evaluate
from sparql.oracle.terms import STRING, Literal, Undetermined
from sparql.random_queries import vocabulary
from sparql.random_queries.expressions import Expressions
from sparql.random_queries.patterns import NAMES, Patterns

from kg.sparql.language.syntax import (
    Ask,
    BlankNode,
    BuiltIn,
    Construct,
    Duplicates,
    Expression,
    InlineData,
    Modifiers,
    Named,
    OrderCondition,
    Query,
    Select,
    TriplePattern,
    Variable,
)


@dataclass(frozen=True)
class Case:
    """A query and what it is asked of."""

    data: Data
    query: Query


def case(number: int, attempts: int = 4) -> Case:
    """The random case of a number, always the same: the first attempt whose answer is not empty, or the last."""
    for attempt in range(attempts):
        random = Random(f"{number}/{attempt}")
        data = vocabulary.data(random)
        made = Case(data, Queries(random, data).query())
        if not is_empty(made):
            break
    return made


def is_empty(made: Case) -> bool:
    """Whether nothing comes, by the oracle."""
    try:
        found = evaluate(made.query, made.data)
    except Undetermined:
        return True
    return not (found.rows if isinstance(found, Table) else found)


class Queries:
    """Makes queries from one source of chance."""

    def __init__(self, random: Random, data: Data) -> None:
        self.random = random
        self.computed = 0
        self.patterns = Patterns(random, data, self.sub_select, graph=data.default)

    def fresh(self, letter: str) -> Variable:
        self.computed += 1
        return Variable(f"{letter}{self.computed}")

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def query(self) -> Query:
        depth = self.random.choice((1, 2, 2, 3))
        default, named = (), ()
        if self.chance(0.06):
            default, named = (tuple(self.random.sample(vocabulary.GRAPHS, self.random.randint(0, 2))) for _ in range(2))
        kind = self.random.random()
        if kind < 0.05:
            return Query(Ask(self.patterns.group(depth)[0]), (), default, named)
        if kind < 0.12:
            return Query(self.construct(depth), (), default, named)
        return Query(self.select(depth, top=True)[0], (), default, named)

    def sub_select(self, depth: int) -> tuple[Select, set[str]]:
        return self.select(depth, top=False)

    def select(self, depth: int, *, top: bool) -> tuple[Select, set[str]]:
        where, scope = self.patterns.group(depth)
        grouped = self.chance(0.3)
        if grouped:
            projection, modifiers = self.grouped(sorted(scope), top=top)
        else:
            projection, modifiers = self.plain(sorted(scope), top=top)
        names = scope if projection is None else {column(one) for one in projection}
        duplicates = Duplicates.DISTINCT if self.chance(0.2) else Duplicates.KEPT
        modifiers = self.modified(
            modifiers, sorted(scope), names, distinct=duplicates is not Duplicates.KEPT, grouped=grouped, top=top
        )
        values = self.patterns.values()[0] if self.chance(0.04) else None
        if values is not None and names & {one.name for one in values.variables} - scope:
            values = None  # it would bind what an expression names
        return Select(projection, where, duplicates, modifiers, values), names | joined(values, projection)

    # --- projections

    def plain(self, scope: list[str], *, top: bool) -> tuple[tuple[Variable | Named, ...] | None, Modifiers]:
        if self.chance(0.35 if top else 0.15):
            return None, Modifiers()
        names = self.random.sample(scope, self.random.randint(min(1, len(scope)), len(scope))) if scope else []
        names += [name for name in NAMES if name not in scope and self.chance(0.04)]
        columns: list[Variable | Named] = list(map(Variable, names))
        if self.chance(0.35) or not columns:
            seen = tuple(map(Variable, scope))
            columns.append(Named(self.expression(seen, top=top), self.fresh("e")))
            if self.chance(0.2):
                # A later column may use an earlier one.
                earlier = column(columns[-1])
                columns.append(Named(self.expression((Variable(earlier),), top=False), self.fresh("e")))
        return tuple(columns), Modifiers()

    def expression(self, seen: tuple[Variable, ...], *, top: bool) -> Expression:
        if top and self.chance(0.05):
            return BuiltIn("BNODE", () if self.chance(0.3) else (Literal("a", STRING),))
        return Expressions(self.random, seen).any()

    def grouped(self, scope: list[str], *, top: bool) -> tuple[tuple[Variable | Named, ...], Modifiers]:
        keys: list[Expression | Named] = []
        columns: list[Variable | Named] = []
        names = self.random.sample(scope, self.random.randint(0, min(2, len(scope))))
        for name in names:
            keys.append(Variable(name))
            if self.chance(0.85):
                columns.append(Variable(name))
        if self.chance(0.12) and scope:
            key = Named(Expressions(self.random, tuple(map(Variable, scope))).any(), self.fresh("k"))
            if not isinstance(key.expression, Variable):
                keys.append(key)
                columns.append(key.variable)
        makes = Expressions(self.random, tuple(map(Variable, scope)))
        for _ in range(self.random.choice((1, 1, 2))):
            made = makes.aggregate()
            while not top and getattr(made, "name", "") == "GROUP_CONCAT":
                made = makes.aggregate()
            columns.append(Named(made, self.fresh("n")))
        having = (self.having(makes, columns),) if self.chance(0.15) else ()
        return tuple(columns), Modifiers(group=tuple(keys), having=having)

    def having(self, makes: Expressions, columns: list[Variable | Named]) -> Expression:
        from kg.sparql.language.syntax import Binary

        operator = self.random.choice(("=", "<", ">", ">=", "!="))
        compared = makes.aggregate()
        while getattr(compared, "name", "") == "GROUP_CONCAT":
            compared = makes.aggregate()
        if self.chance(0.4):
            named = [
                one
                for one in columns
                if isinstance(one, Named) and getattr(one.expression, "name", "") != "GROUP_CONCAT"
            ]
            compared = named[0].variable if named else compared
        return Binary(operator, compared, vocabulary.literal(self.random))

    # --- modifiers

    def modified(
        self, modifiers: Modifiers, scope: list[str], names: set[str], *, distinct: bool, grouped: bool, top: bool
    ) -> Modifiers:
        """With ORDER BY, LIMIT and OFFSET: within a query only where what they leave is sure."""
        order: tuple[OrderCondition, ...] = ()
        # With DISTINCT or groups, what is not projected has no one value that rows could be ordered by.
        usable = sorted(names) if distinct or grouped else sorted({*scope, *names})
        if usable and self.chance(0.3 if top else 0.08):
            keys = self.random.sample(usable, min(len(usable), self.random.choice((1, 1, 2))))
            order = tuple(OrderCondition(self.key(name), self.chance(0.4)) for name in keys)
        limit = self.random.randint(0, 4) if self.chance(0.15 if top else 0.04) else None
        offset = self.random.randint(1, 2) if self.chance(0.08 if top else 0.02) else None
        return Modifiers(modifiers.group, modifiers.having, order, limit, offset)

    def key(self, name: str) -> Expression:
        if self.chance(0.8):
            return Variable(name)
        return Expressions(self.random, (Variable(name),), depth=1).any()

    def construct(self, depth: int) -> Construct:
        where, scope = self.patterns.group(depth)
        names = sorted(scope) or list(NAMES)

        def end() -> Variable | BlankNode:
            return BlankNode("made") if self.chance(0.1) else Variable(self.random.choice(names))

        template = tuple(
            TriplePattern(end(), self.random.choice(vocabulary.PROPERTIES), end())
            for _ in range(self.random.choice((1, 2)))
        )
        return Construct(template, where)


def column(one: Variable | Named) -> str:
    return one.variable.name if isinstance(one, Named) else one.name


def joined(values: InlineData | None, projection: tuple[Variable | Named, ...] | None) -> set[str]:
    """What a block of VALUES after the modifiers adds to the columns of `SELECT *`."""
    return {one.name for one in values.variables} if values is not None and projection is None else set()
