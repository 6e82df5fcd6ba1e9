"""Covers: patterns without SERVICE that say which bindings the solutions of a group can have at all.

A cover of a pattern P is a pattern C such that every solution of P contains a solution of C. A row that is compatible
with no solution of C is compatible with none of P, so it may be left out of whatever is joined with P. A cover is
made by leaving out what is not known yet (a SERVICE clause without its answer), and with it everything that may
depend on what was left out: OPTIONAL, MINUS, BIND and FILTER are kept only where their meaning is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from kg.sparql.federation.structure import (
    NONE,
    UNBOUND,
    Answers,
    Bind,
    Bound,
    Element,
    Filter,
    Graph,
    Group,
    Minus,
    Names,
    Optional,
    Select,
    Service,
    Span,
    Tree,
    Triples,
    Union,
    Values,
    bound_by_element,
    bound_by_select,
)
from kg.sparql.language.tokens import Kind
from kg.sparql.solutions import values_block


class Role(Enum):
    """How a part meets the parts before it."""

    JOIN = "join"
    FILTER = "filter"
    OTHER = "other"
    """OPTIONAL, MINUS and BIND, whose place among the others counts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a group, as text."""

    role: Role
    text: str
    variables: Names
    """All variables that its meaning depends on."""
    bound: Bound = UNBOUND
    inner: tuple[Part, ...] = ()
    """The parts that stand in the place `{}` of the text, if it has one."""
    reads: bool = False
    """Whether every solution of it comes from a triple of the graph that it is evaluated in."""

    def render(self) -> str:
        """The text, with the inner parts in their place."""
        return self.text.replace("{}", render(self.inner), 1) if self.inner else self.text


def render(parts: Iterable[Part]) -> str:
    """The parts as the inside of a group."""
    return " ".join(part.render() for part in parts)


def bound_of(parts: Iterable[Part]) -> Bound:
    """The variables that parts bind together."""
    total = Bound()
    for part in parts:
        total = total.joined(part.bound)
    return total


@dataclass(frozen=True, slots=True)
class Cover:
    """Parts that cover a group; `exact` if they mean the same as it."""

    parts: tuple[Part, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes pieces of a query anew, with the answers in the place of the clauses."""

    tree: Tree
    answers: Answers

    def text(self, span: Span) -> str:
        """The tokens of a span; comments are gone and white space is one blank."""
        replaced = {
            service.span.start: service
            for service in self.tree.services
            if service.number in self.answers and span.start <= service.span.start < span.end
        }
        pieces: list[str] = []
        place, end = span.start, None
        while place < span.end:
            token = self.tree.tokens[place]
            if end is not None and token.start > end:
                pieces.append(" ")
            service = replaced.get(place)
            if service is None:
                pieces.append(token.text)
                end = token.end
                place += 1
            else:
                pieces += (" ", self.inline(service), " ")
                place, end = service.span.end, None
        return "".join(pieces)

    def inline(self, service: Service) -> str:
        """The answer of a clause as inline data.

        The engine scans bare inline data once for each row of another such block; a sub-select it joins by hashing.
        """
        answer = self.answers[service.number]
        data = values_block(answer.variables, answer.rows)
        return f"{{ SELECT * WHERE {{ {data} }} }}" if answer.variables else data

    def answered(self, services: frozenset[int]) -> bool:
        """Whether all of these clauses are answered."""
        return services <= self.answers.keys()


@dataclass(frozen=True, slots=True)
class Coverer:
    """Makes covers.

    What is evaluated by itself must not depend on variables from outside. `inside` tells that the group stands in an
    EXISTS pattern, where everything may; `optional` that it is the group of an OPTIONAL, where filters may.
    """

    writer: Writer
    inside: bool = False
    optional: bool = False

    def cover(self, group: Group, skip: int | None = None, before: int | None = None) -> Cover:
        """Cover a group without its element number `skip`; with `before`, only of the elements before that one."""
        if group.select is not None:
            return self._select(group.select, group)
        parts: list[Part] = []
        filters: list[Filter] = []
        exact = not self.inside
        for number, element in enumerate(group.elements[:before]):
            if isinstance(element, Filter):
                if number != skip:
                    filters.append(element)
                continue
            if number == skip:
                exact = False
                continue
            part, kept_exact = self._element(element, bound_of(parts), exact=exact)
            exact = exact and kept_exact
            if part is not None:
                parts.append(part)
        certain = bound_of(parts).certain
        for element in filters if before is None else ():
            part = self._filter(element, certain, exact=exact)
            exact = exact and part is not None
            if part is not None:
                parts.append(part)
        return Cover(tuple(parts), exact)

    def _element(self, element: Element, known: Bound, *, exact: bool) -> tuple[Part | None, bool]:  # noqa: PLR0911
        """The part that an element becomes, and whether that part means the same."""
        answers = self.writer.answers
        own = bound_by_element(element, answers)
        match element:
            case Triples():
                return self._triples(element, own), True
            case Values():
                return Part(Role.JOIN, self.writer.text(element.span), own.scope, own), True
            case Service():
                if element.number not in answers:
                    return None, False
                return Part(Role.JOIN, self.writer.inline(element), own.scope, own), True
            case Union():
                return self._union(element)
            case Graph():
                return self._graph(element)
            case Optional() | Minus():
                sound = exact and self.writer.answered(element.services) and not element.group.volatile
                if not sound:
                    return None, False
                used = _all_variables(self.writer.tree, element.span)
                return Part(Role.OTHER, self.writer.text(element.span), used, own), True
            case Bind():
                return self._bind(element, known, own, exact=exact)
        raise ValueError(element)

    def _triples(self, element: Triples, own: Bound) -> Part:
        text = self.writer.text(element.span)
        return Part(Role.JOIN, text if text.endswith(".") else f"{text} .", own.scope, own, reads=True)

    def _union(self, element: Union) -> tuple[Part | None, bool]:
        covers = [self.cover(branch) for branch in element.branches]
        bounds = [bound_of(cover.parts) for cover in covers]
        total = Bound(
            NONE.union(*(one.scope for one in bounds)),
            bounds[0].certain.intersection(*(one.certain for one in bounds[1:])),
        )
        exact = all(cover.exact for cover in covers)
        if len(covers) == 1:
            return nested(covers[0].parts), exact
        # In an empty group of a GRAPH the engine binds its variable; in one of inline data, which this may become, not.
        text = " UNION ".join(f"{{ {render(cover.parts) or 'VALUES () { () }'} }}" for cover in covers)
        used = NONE.union(*(part.variables for cover in covers for part in cover.parts))
        reads = all(any(part.reads for part in cover.parts) for cover in covers)
        return Part(Role.JOIN, text, used, total, reads=reads), exact

    def _graph(self, element: Graph) -> tuple[Part | None, bool]:
        cover = self.cover(element.group)
        return in_graph(self.writer.text(element.name), element.variable, cover.parts), cover.exact

    def _bind(self, element: Bind, known: Bound, own: Bound, *, exact: bool) -> tuple[Part | None, bool]:
        expression = element.expression
        same = exact or (expression.variables <= known.certain and not expression.exists)
        sound = same and not expression.volatile and self.writer.answered(element.services)
        if not sound or element.variable in known.scope:
            return None, False
        used = _all_variables(self.writer.tree, element.span)
        return Part(Role.OTHER, self.writer.text(element.span), used, own), True

    def _filter(self, element: Filter, certain: Names, *, exact: bool) -> Part | None:
        condition = element.expression
        alone = exact and not self.optional
        same = alone or (condition.variables <= certain and not condition.exists)
        if not same or condition.volatile or not self.writer.answered(element.services):
            return None
        used = _all_variables(self.writer.tree, element.span)
        role = Role.FILTER if condition.variables <= certain and not condition.exists else Role.OTHER
        return Part(role, self.writer.text(element.span), used)

    def _select(self, select: Select, group: Group) -> Cover:
        """A sub-select as it is, or as a projection of a cover; a limit goes, for its choice may differ each time."""
        if self.inside:
            return Cover((), exact=False)
        if self.writer.answered(group.services) and not group.volatile:
            own = bound_by_select(select, self.writer.answers)
            text = self._without_limit(select)
            return Cover((Part(Role.JOIN, f"{{ {text} }}", own.scope, own),), select.limit is None)
        if select.grouped:
            return Cover((), exact=False)
        cover = self.cover(select.where)
        inner = bound_of(cover.parts)
        names = inner.scope if select.star else inner.scope & frozenset(select.plain)
        parts = [*projected(cover.parts, names)]
        if select.values is not None:
            data = Bound(select.values.variables, select.values.certain)
            parts.append(Part(Role.JOIN, self.writer.text(select.values.span), data.scope, data))
        return Cover(tuple(parts), exact=False)

    def _without_limit(self, select: Select) -> str:
        if select.limit is None:
            return self.writer.text(select.span)
        before = Span(select.span.start, select.limit.start)
        after = Span(select.limit.end, select.span.end)
        return f"{self.writer.text(before)} {self.writer.text(after)}"


def nested(parts: tuple[Part, ...]) -> Part | None:
    """The parts as a group of their own."""
    if not parts:
        return None
    used = NONE.union(*(part.variables for part in parts))
    return Part(Role.JOIN, "{ {} }", used, bound_of(parts), parts, any(part.reads for part in parts))


def in_graph(name: str, variable: str | None, parts: tuple[Part, ...]) -> Part | None:
    """The parts inside of `GRAPH name`.

    The engine binds the variable of a GRAPH by the triples in it, and leaves it open where there is none; the standard
    binds it always. What is claimed here holds for both.
    """
    if not parts:
        return None
    own = frozenset((variable,)) if variable and any(part.reads for part in parts) else NONE
    total = bound_of(parts).joined(Bound(own, own))
    used = NONE.union(own, *(part.variables for part in parts))
    return Part(Role.JOIN, f"GRAPH {name} {{ {{}} }}", used, total, parts)


def projected(parts: Sequence[Part], names: Names) -> tuple[Part, ...]:
    """The distinct bindings that parts give to some variables; nothing where they bind none of them."""
    total = bound_of(parts)
    kept = names & total.scope
    needed = prune(parts, kept)
    if not kept or not needed:
        return ()
    listed = " ".join(f"?{name}" for name in sorted(kept))
    text = f"{{ SELECT DISTINCT {listed} WHERE {{ {{}} }} }}"
    return (Part(Role.JOIN, text, kept, Bound(kept, kept & total.certain), tuple(needed)),)


def joined(context: tuple[Part, ...], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Both together; parts whose place counts are put into a group of their own first."""
    certain = bound_of(parts).certain
    loose = all(part.role is Role.JOIN or (part.role is Role.FILTER and part.variables <= certain) for part in parts)
    if loose:
        return (*context, *parts)
    group = nested(parts)
    return context if group is None else (*context, group)


def prune(parts: Sequence[Part], names: Names) -> list[Part]:
    """Leave out what cannot narrow the bindings of some variables, so that no product is computed for nothing."""
    joins = [part for part in parts if part.role is Role.JOIN]
    near: list[Part] = []
    reached = names
    while True:
        more = [part for part in joins if part not in near and part.bound.scope & reached]
        if not more:
            break
        near += more
        reached = reached.union(*(part.bound.scope for part in more))
    lost = NONE.union(*(part.bound.scope for part in joins if part not in near))
    certain = bound_of(near).certain
    kept: list[Part] = []
    gone = lost
    for part in parts:
        if part.role is Role.JOIN:
            if part in near:
                kept.append(part)
        elif part.variables & gone - certain:
            gone |= part.bound.scope - certain
        else:
            kept.append(part)
    kept = _without_idle(kept, names)
    return [_pruned_inside(part, kept, names) for part in kept]


def _without_idle(parts: list[Part], names: Names) -> list[Part]:
    """Leave out an OPTIONAL or a BIND whose variables nothing uses."""
    kept = [*parts]
    for part in reversed(parts):
        if part.role is not Role.OTHER or not part.bound.scope:
            continue
        others = [other for other in kept if other is not part]
        fresh = part.bound.scope - bound_of(others).certain
        if fresh.isdisjoint(names.union(*(other.variables for other in others))):
            kept = others
    return kept


def _pruned_inside(part: Part, others: Sequence[Part], names: Names) -> Part:
    if not part.inner:
        return part
    wanted = names.union(*(other.variables for other in others if other is not part))
    return replace(part, inner=tuple(prune(part.inner, wanted)) or part.inner)


def _all_variables(tree: Tree, span: Span) -> Names:
    tokens = tree.tokens[span.start : span.end]
    return frozenset(token.text[1:] for token in tokens if token.kind is Kind.VARIABLE)
