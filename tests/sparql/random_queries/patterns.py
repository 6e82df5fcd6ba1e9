"""Random group graph patterns that the grammar and its notes allow: no variable is bound twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import cast

from sparql.oracle.patterns import Data
from sparql.oracle.terms import Iri, Literal, Term, Triple
from sparql.random_queries import vocabulary
from sparql.random_queries.expressions import Expressions

from kg.sparql.language.syntax import (
    Alternative,
    Bind,
    BlankNode,
    Element,
    Filter,
    Graph,
    Group,
    InlineData,
    Inverse,
    Minus,
    Negated,
    Optional,
    PathLike,
    Repeated,
    Select,
    Sequence,
    Times,
    TriplePattern,
    Triples,
    Union,
    Variable,
)

NAMES = ("x", "y", "z", "w")
GRAPH_NAMES = ("g", "g", "h", "x")


@dataclass
class Patterns:
    """Makes groups; `select` makes a query within one.

    Most triple patterns are made out of a statement of the data, and most variables mean one term wherever they
    stand: else hardly any pattern would have a solution.
    """

    random: Random
    data: Data
    select: Callable[[int], tuple[Select, set[str]]]
    meant: dict[str, Term] = field(default_factory=dict)
    graph: frozenset[Triple] = frozenset()
    """The graph whose statements are looked for: that of the GRAPH around."""
    blank_nodes: int = 0
    in_exists: bool = False

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def group(self, depth: int, size: int = 2) -> tuple[Group, set[str]]:
        """A group, and the variables that are in scope after it."""
        elements: list[Element] = []
        scope: set[str] = set()
        for _ in range(self.random.randint(0 if self.chance(0.1) else 1, size + (depth > 1))):
            made, bound = self.element(depth, scope)
            elements.append(made)
            scope |= bound
        if self.chance(0.25):
            elements.insert(self.random.randint(0, len(elements)), Filter(self.condition(depth, scope)))
        return Group(tuple(elements)), scope

    def condition(self, depth: int, scope: set[str]):
        """What a filter asks; now and then of a variable that is not in scope."""
        names = sorted(scope) + ([self.random.choice(NAMES)] if self.chance(0.1) or not scope else [])
        inner = None if depth <= 0 else lambda: self.within_exists(depth - 1)
        return Expressions(self.random, tuple(map(Variable, names)), inner).truth()

    def within_exists(self, depth: int) -> Group:
        was, self.in_exists = self.in_exists, True
        made, _ = self.group(depth)
        self.in_exists = was
        return made

    def element(self, depth: int, scope: set[str]) -> tuple[Element, set[str]]:
        flat: list[Callable[[], tuple[Element, set[str]]]] = [self.triples, self.triples, self.triples, self.values]
        flat.append(lambda: self.bind(scope))
        if depth <= 0:
            return self.random.choice(flat)()
        deep: list[Callable[[], tuple[Element, set[str]]]] = [
            lambda: self.optional(depth), lambda: self.optional(depth), lambda: self.minus(depth),
            lambda: self.union(depth), lambda: self.named(depth), lambda: self.named(depth), lambda: self.named(depth),
            lambda: self.group(depth - 1), lambda: self.sub_select(depth),
        ]  # fmt: skip
        return self.random.choice(flat + deep)()

    # --- elements

    def triples(self) -> tuple[Triples, set[str]]:
        patterns = tuple(self.pattern() for _ in range(self.random.choice((1, 1, 2))))
        terms = [term for one in patterns for term in (one.subject, one.predicate, one.object)]
        return Triples(patterns), {term.name for term in terms if isinstance(term, Variable)}

    def pattern(self) -> TriplePattern:
        if not self.graph or self.chance(0.2):
            return self.any_pattern()
        subject, predicate, value = self.random.choice(sorted(self.graph, key=str))
        chance = self.random.random()
        if chance < 0.2:
            path = self.path(2)
            ends = self.meaning(subject), self.meaning(value)
            return TriplePattern(ends[0], path, ends[1])
        name = self.meaning(predicate) if chance > 0.85 else predicate
        name = predicate if isinstance(name, BlankNode) else name
        return TriplePattern(self.meaning(subject), cast("Iri | Variable", name), self.meaning(value))

    def meaning(self, term: Term) -> Term | Variable:
        """A variable that means a term, or the term."""
        if not isinstance(term, BlankNode) and self.chance(0.2):
            return term
        names = [name for name in NAMES if self.meant.get(name, term) == term]
        if not names or self.chance(0.03):
            return BlankNode(f"p{self.fresh()}") if self.chance(0.3) else Variable(self.random.choice(NAMES))
        name = self.random.choice(names)
        self.meant[name] = term
        return Variable(name)

    def any_pattern(self) -> TriplePattern:
        predicate: PathLike | Variable
        chance = self.random.random()
        if chance < 0.4:
            predicate = self.random.choice(vocabulary.PROPERTIES)
        elif chance < 0.5:
            predicate = Variable(self.random.choice(NAMES))
        else:
            predicate = self.path(2)
        # A path may join any terms that are written, those that the data do not know included.
        strange = 0.15 if not isinstance(predicate, Iri | Variable) else 0.03
        return TriplePattern(self.end(strange, subject=True), predicate, self.end(strange, subject=False))

    def end(self, strange: float, *, subject: bool) -> Term | Variable:
        chance = self.random.random()
        if chance < 0.75:
            return Variable(self.random.choice(NAMES))
        if chance < 0.75 + strange:
            return self.random.choice(vocabulary.ABSENT)
        return self.random.choice(vocabulary.THINGS) if subject else vocabulary.value_without_blank_nodes(self.random)

    def fresh(self) -> int:
        """Labels of blank nodes may not be shared between basic graph patterns: each has its own."""
        self.blank_nodes += 1
        return self.blank_nodes

    def path(self, depth: int) -> PathLike:
        if depth <= 0:
            return self.random.choice(vocabulary.PROPERTIES)
        step = lambda: self.path(depth - 1)  # noqa: E731
        choices: tuple[Callable[[], PathLike], ...] = (
            lambda: Inverse(step()),
            lambda: Sequence(tuple(step() for _ in range(self.random.choice((2, 2, 3))))),
            lambda: Alternative((step(), step())),
            lambda: Repeated(step(), self.random.choice(list(Times))),
            lambda: Repeated(step(), self.random.choice(list(Times))),
            self.negated,
        )
        return self.random.choice(choices)()

    def negated(self) -> Negated:
        forwards, backwards = (
            tuple(self.random.sample(vocabulary.PROPERTIES, self.random.randint(0, 2))) for _ in range(2)
        )
        return Negated(forwards, backwards) if forwards or backwards else Negated(vocabulary.PROPERTIES[:1])

    def values(self) -> tuple[InlineData, set[str]]:
        names = self.random.sample(NAMES, self.random.choice((1, 1, 2)))
        rows = tuple(tuple(self.cell(name) for name in names) for _ in range(self.random.choice((0, 1, 2, 2, 3, 4))))
        return InlineData(tuple(map(Variable, names)), rows), set(names)

    def cell(self, name: str) -> Iri | Literal | None:
        chance = self.random.random()
        meant = self.meant.get(name)
        if chance < 0.2:
            return None
        if chance < 0.6 and isinstance(meant, Iri | Literal):
            return meant
        if chance > 0.9:
            return self.random.choice(vocabulary.GRAPHS)
        return cast("Iri | Literal", vocabulary.value_without_blank_nodes(self.random))

    def bind(self, scope: set[str]) -> tuple[Element, set[str]]:
        # In EXISTS, where what is outside is substituted, a name of its own: else the standard says two things.
        free = ["v"] if self.in_exists else [name for name in (*NAMES, "v") if name not in scope]
        free = [name for name in free if name not in scope]
        if not free:
            return self.triples()
        name = self.random.choice(free)
        names = sorted(scope) or [self.random.choice(NAMES)]
        expression = Expressions(self.random, tuple(Variable(one) for one in names if one != name)).any()
        return Bind(expression, Variable(name)), {name}

    def optional(self, depth: int) -> tuple[Optional, set[str]]:
        made, scope = self.group(depth - 1)
        return Optional(made), scope

    def minus(self, depth: int) -> tuple[Element, set[str]]:
        # What EXISTS substitutes takes variables away that MINUS counts: the standard says two things there.
        if self.in_exists:
            return self.optional(depth)
        made, _ = self.group(depth - 1)
        return Minus(made), set()

    def union(self, depth: int) -> tuple[Union, set[str]]:
        branches = [self.group(depth - 1) for _ in range(self.random.choice((2, 2, 3)))]
        return Union(tuple(one for one, _ in branches)), set().union(*(scope for _, scope in branches))

    def named(self, depth: int) -> tuple[Graph, set[str]]:
        """GRAPH, around a group that is made for one of the graphs."""
        names = list(self.data.named) or [vocabulary.ABSENT[0]]
        chosen = self.random.choice(names)
        before, self.graph = self.graph, self.data.named.get(chosen, frozenset())
        made, scope = self.group(depth - 1)
        self.graph = before
        if self.chance(0.75):
            name = self.random.choice(GRAPH_NAMES)
            return Graph(Variable(name), made), scope | {name}
        return Graph(chosen if self.chance(0.8) else vocabulary.ABSENT[1], made), scope

    def sub_select(self, depth: int) -> tuple[Element, set[str]]:
        made, projected = self.select(depth - 1)
        return Group((made,)), projected
