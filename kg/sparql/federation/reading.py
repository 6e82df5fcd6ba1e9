"""What a plan needs to know, out of the tree of a query: its groups, their variables, and where in the text they stand.

What cannot be read is refused, whether it is an error or a construct that the language does not have: a query with
SERVICE never reaches the engine on a guess.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Final

from kg.errors import QueryError, QueryRefused
from kg.sparql.federation.structure import (
    Bind,
    Element,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Optional,
    Select,
    Service,
    Span,
    Tree,
    Triples,
    Union,
    Values,
)
from kg.sparql.language import syntax
from kg.sparql.language.query import read_tokens
from kg.sparql.language.tokens import Source, Token
from kg.sparql.language.walking import expression_names, expressions, has_aggregate, variables_of_pattern

_VOLATILE: Final = ("RAND", "UUID", "STRUUID", "BNODE", "NOW", "SAMPLE", "GROUP_CONCAT")
_HINT: Final = "write the part around SERVICE in plainer SPARQL 1.1"


def structure_of(source: Source, tokens: Sequence[Token], base: str | None) -> Tree:
    """The structure of a query whose tokens hold no comment.

    :raises QueryRefused: naming the place that cannot be read; code `service-unplanned`
    """
    try:
        query, understood = read_tokens(source, tokens, base)
    except QueryError as error:
        problems = [replace(one, code="service-unplanned", hint=one.hint or _HINT) for one in error.problems]
        raise QueryRefused(problems=problems) from None
    return _Structure(source, query, understood).tree()


class _Structure:
    def __init__(self, source: Source, query: syntax.Query, tokens: tuple[Token, ...]) -> None:
        self._source, self._query, self._tokens = source, query, tokens
        self._starts = [token.start for token in tokens]
        self._volatile = [0, *accumulate(token.is_word(*_VOLATILE) for token in tokens)]
        self._services: list[Service] = []
        self._count = 0
        self._foreign = 0
        """How many SERVICE clauses are open; one inside another is for the outer endpoint to ask."""

    def tree(self) -> Tree:
        """The whole of it; a query of another form is taken for `SELECT *`."""
        body = self._query.body
        where = syntax.Group(()) if body.where is None else body.where
        begin, end = self._form(), len(self._tokens)
        if isinstance(body, syntax.Select):
            root = self._select(body)
        else:
            root = self._hands_on(where, body.modifiers, body.values, None, Span(begin, end))
        prologue = Span(0, begin)
        dataset = self._dataset(begin, end if body.where is None else self._span(where).start)
        services = tuple(self._services)
        prefixes, base = self._query.prefixes, self._query.base
        return Tree(self._tokens, self._source.text, prologue, dataset, root, services, prefixes, base)

    def _form(self) -> int:
        """Where the form of the query is named, after its prologue."""
        place = 0
        while self._tokens[place].is_word("BASE", "PREFIX", "VERSION"):
            place += 3 if self._tokens[place].is_word("PREFIX") else 2
        return place

    def _dataset(self, start: int, end: int) -> Span:
        """FROM and FROM NAMED, between the head and the group; the word is no part of a template."""
        place = next((one for one in range(start, end) if self._tokens[one].is_word("FROM")), end)
        last = place
        while last < end and not self._tokens[last].is_word("WHERE"):
            last += 1
        return Span(place, last)

    def _span(self, node: syntax.Group | syntax.Select | syntax.Element) -> Span:
        return self._tokens_at(node.at)

    def _tokens_at(self, at: syntax.Span | None) -> Span:
        if at is None:
            raise ValueError("what was read has its place")
        return Span(bisect_left(self._starts, at.start), bisect_left(self._starts, at.end))

    def _is_volatile(self, span: Span) -> bool:
        return self._volatile[span.end] > self._volatile[span.start]

    # --- SELECT

    def _select(self, select: syntax.Select) -> Select:
        head = () if select.projection is None else select.projection
        whole = self._hands_on(select.where, select.modifiers, select.values, head, self._span(select))
        return replace(whole, star=select.projection is None)

    def _hands_on(
        self,
        where: syntax.Group,
        modifiers: syntax.Modifiers,
        values: syntax.InlineData | None,
        head: Iterable[syntax.Variable | syntax.Named] | None,
        span: Span,
    ) -> Select:
        """What stands around a group; no `head` is all that the group binds."""
        projected = [*head] if head is not None else []
        named = [one for one in projected if isinstance(one, syntax.Named)]
        inner = self._group(where)
        keys = [one.expression if isinstance(one, syntax.Named) else one for one in modifiers.group]
        told = [*(one.expression for one in named), *modifiers.having, *(one.expression for one in modifiers.order)]
        return Select(
            span,
            head is None,
            tuple(one.name for one in projected if isinstance(one, syntax.Variable)),
            tuple(one.variable.name for one in named),
            inner,
            frozenset(one.name for one in modifiers.group if isinstance(one, syntax.Variable)),
            bool(modifiers.group or modifiers.having) or has_aggregate(told),
            self._limit(modifiers, inner.span.end, span.end),
            None if values is None else self._values(values),
            tuple(self._expression(one, span) for one in (*told, *keys)),
        )

    def _limit(self, modifiers: syntax.Modifiers, start: int, end: int) -> Span | None:
        """LIMIT and OFFSET, which stand side by side behind all that may hold a group."""
        said = [modifiers.limit, modifiers.offset]
        wanted = 2 * sum(count is not None for count in said)
        if not wanted:
            return None
        for place in range(end - wanted, start - 1, -1):
            pairs = [*pairwise(self._tokens[place : place + wanted])][::2]
            if all(word.is_word("LIMIT", "OFFSET") for word, _ in pairs):
                return Span(place, place + wanted)
        raise ValueError(modifiers)

    # --- groups

    def _group(self, group: syntax.Group) -> Group:
        span = self._span(group)
        elements: list[Element] = []
        select: Select | None = None
        services: frozenset[int] = frozenset()
        for one in group.elements:
            if isinstance(one, syntax.Select):
                select = self._select(one)
                services = services.union(select.where.services, *(part.services for part in select.expressions))
            else:
                elements.append(self._element(one))
        services = services.union(*(element.services for element in elements))
        return Group(span, tuple(elements), select, services, self._is_volatile(span))

    def _element(self, element: syntax.Element) -> Element:
        span = self._span(element)
        match element:
            case syntax.Triples():
                names = (one.name for pattern in element.patterns for one in variables_of_pattern(pattern))
                return Triples(span, frozenset(names))
            case syntax.InlineData():
                return self._values(element)
            case syntax.Filter():
                condition = self._expression(element.condition, Span(span.start + 1, span.end))
                return Filter(span, condition, condition.services)
            case syntax.Bind():
                expression = self._expression(element.expression, Span(span.start + 1, span.end))
                return Bind(span, expression, element.variable.name, expression.services)
        return self._nested(element, span)

    def _nested(self, element: syntax.Element, span: Span) -> Element:
        match element:
            case syntax.Optional():
                group = self._group(element.group)
                return Optional(span, group, group.services)
            case syntax.Minus():
                group = self._group(element.group)
                return Minus(span, group, group.services)
            case syntax.Graph():
                group = self._group(element.group)
                variable = element.name.name if isinstance(element.name, syntax.Variable) else None
                return Graph(span, self._tokens_at(element.name.at), variable, group, group.services)
            case syntax.Service():
                return self._service(element, span)
            case syntax.Group() | syntax.Union():
                inner = (element,) if isinstance(element, syntax.Group) else element.branches
                branches = tuple(self._group(branch) for branch in inner)
                return Union(span, branches, frozenset[int]().union(*(branch.services for branch in branches)))
        raise ValueError(f"no element of a group: {element!r}")

    def _service(self, element: syntax.Service, span: Span) -> Service:
        self._foreign += 1
        body = self._group(element.group)
        self._foreign -= 1
        ours = not self._foreign
        number = self._count if ours else -1
        self._count += ours
        numbers = frozenset((number,)) if ours else frozenset[int]()
        address = element.name.value if isinstance(element.name, syntax.Iri) else None
        name = self._tokens[self._tokens_at(element.name.at).start]
        service = Service(span, name, address, element.silent, body, number, numbers)
        self._services.append(service)
        return service

    def _values(self, data: syntax.InlineData) -> Values:
        certain = (
            variable.name
            for column, variable in enumerate(data.variables)
            if all(row[column] is not None for row in data.rows)
        )
        return Values(self._span(data), frozenset(one.name for one in data.variables), frozenset(certain))

    # --- expressions

    def _expression(self, expression: syntax.Expression, span: Span) -> Expression:
        found = [self._group(one.group) for one in expressions(expression) if isinstance(one, syntax.Exists)]
        services = frozenset[int]().union(*(group.services for group in found))
        return Expression(span, expression_names(expression), tuple(found), self._is_volatile(span), services)
