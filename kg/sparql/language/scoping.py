"""Which variables a pattern brings up, and what may not stand together because of it.

SPARQL 1.1 Query, section 18.2.1 says what is in scope; the notes of section 19.8 and section 11.4 what is illegal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from kg.errors import QueryError
from kg.sparql.language.syntax import (
    Aggregate,
    Ask,
    Bind,
    BlankNode,
    Construct,
    Describe,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    InlineData,
    Minus,
    Named,
    Optional,
    Query,
    Select,
    Service,
    Span,
    Term,
    Triples,
    TripleTerm,
    Union,
    Variable,
)
from kg.sparql.language.tokens import Source
from kg.sparql.language.walking import has_aggregate, operands, variables_of_pattern, variables_of_term

Names: TypeAlias = "dict[str, None]"
"""Names in the order in which they were brought up."""


def in_scope(pattern: Group | Select) -> tuple[str, ...]:
    """The variables that a group or a SELECT hands on, in the order in which the text brings them up.

    >>> from kg.sparql.language import parse
    >>> in_scope(parse("SELECT * { ?z <p> ?a MINUS { ?z ?b ?c } FILTER(?d) GRAPH ?e { ?z ?y 1 } }").body.where)
    ('z', 'a', 'e', 'y')
    """
    scopes = Scopes(Source("", ""), strict=False)
    return tuple(scopes.select(pattern) if isinstance(pattern, Select) else scopes.group(pattern))


def is_grouped(select: Select) -> bool:
    """Whether the solutions of a SELECT are grouped, by keys or all in one group (11.1)."""
    modifiers = select.modifiers
    made = [each.expression for each in select.projection or () if isinstance(each, Named)]
    keys = [each.expression for each in modifiers.order]
    return bool(modifiers.group) or has_aggregate((*made, *modifiers.having, *keys))


def check(query: Query, source: Source) -> None:
    """See that a query breaks none of the rules that its grammar cannot say.

    :raises QueryError: naming the place of the first that does
    """
    Scopes(source).query(query)


class Scopes:
    """Goes through a query once, from the inside out."""

    def __init__(self, source: Source, *, strict: bool = True) -> None:
        self._source = source
        self._strict = strict
        self._patterns = 0
        self._labels: dict[str, int] = {}
        """In which basic graph pattern a label of a blank node stands."""

    def _wrong(self, message: str, at: Span | None, hint: str | None = None) -> None:
        if self._strict:
            place = self._source.position(at.start if at else 0)
            raise QueryError(message, position=place, hint=hint)

    def query(self, query: Query) -> None:
        """A whole query."""
        body = query.body
        match body:
            case Select():
                self.select(body)
            case Ask() | Construct() | Describe():
                names = {} if body.where is None else self.group(body.where)
                self._values(body.values, names)
                modifiers = body.modifiers
                self._expressions(modifiers.having, aggregates=True)
                self._expressions((one.expression for one in modifiers.order), aggregates=True)
                self._keys(modifiers.group, names)
            case _:
                raise ValueError(f"no query: {body!r}")

    # --- patterns

    def group(self, group: Group) -> Names:
        """The variables of a group."""
        names: Names = {}
        parted = True
        for element in group.elements:
            if isinstance(element, Triples):
                self._patterns += parted
                parted = False
                self._triples(element, names)
            else:
                # By the standard BIND and VALUES part patterns too; the engine lets labels go on: no meaning is lost.
                parted = parted or not isinstance(element, Filter | Bind | InlineData)
                self._element(element, names)
        return names

    def _triples(self, triples: Triples, names: Names) -> None:
        for pattern in triples.patterns:
            names.update((one.name, None) for one in variables_of_pattern(pattern))
            for term in (pattern.subject, pattern.object):
                for node in _blank_nodes(term):
                    if self._labels.setdefault(node.label, self._patterns) != self._patterns:
                        self._wrong(f"the label _:{node.label} stands in two patterns that are not one", node.at)

    def _element(self, element: Element, names: Names) -> None:
        match element:
            case Filter():
                self._expressions((element.condition,))
            case Bind():
                self._expressions((element.expression,))
                self._new(element.variable, names, "BIND")
            case InlineData():
                self._values(element, names)
            case Minus():
                self.group(element.group)
            case _:
                self._inner(element, names)

    def _inner(self, element: Element, names: Names) -> None:
        match element:
            case Graph() | Service():
                names.update((one.name, None) for one in variables_of_term(element.name))
                names.update(self.group(element.group))
            case Optional():
                names.update(self.group(element.group))
            case Union():
                for branch in element.branches:
                    names.update(self.group(branch))
            case Group():
                names.update(self.group(element))
            case Select():
                names.update(self.select(element))
            case _:
                raise ValueError(f"no element of a group: {element!r}")

    def _values(self, data: InlineData | None, names: Names) -> None:
        if data is None:
            return
        seen: set[str] = set()
        for variable in data.variables:
            if variable.name in seen:
                self._wrong(f"?{variable.name} stands twice in VALUES", variable.at)
            seen.add(variable.name)
            names[variable.name] = None

    def _new(self, variable: Variable, names: Names, by: str) -> None:
        if variable.name in names:
            message = f"?{variable.name} has a value before {by} gives it one"
            self._wrong(message, variable.at, hint="take another name")
        names[variable.name] = None

    # --- SELECT

    def select(self, select: Select) -> Names:
        """The variables that a SELECT hands on."""
        names = self.group(select.where)
        self._values(select.values, names)
        modifiers = select.modifiers
        keys = self._keys(modifiers.group, {**names})
        self._expressions(modifiers.having, aggregates=True)
        self._expressions((one.expression for one in modifiers.order), aggregates=True)
        grouped = is_grouped(select)
        if select.projection is None:
            if grouped:
                self._wrong("SELECT * cannot stand beside groups", select.at, hint="name the variables")
            return names
        self._expressions((one.expression for one in select.projection if isinstance(one, Named)), aggregates=True)
        return self._projected(select.projection, keys if grouped else names, grouped=grouped)

    def _keys(self, group: Iterable[Expression | Named], names: Names) -> Names:
        keys: Names = {}
        for key in group:
            self._expressions((key.expression if isinstance(key, Named) else key,))
            if isinstance(key, Named):
                self._new(key.variable, names, "GROUP BY")
                keys[key.variable.name] = None
            elif isinstance(key, Variable):
                keys[key.name] = None
        return keys

    def _projected(self, projection: Iterable[Variable | Named], names: Names, *, grouped: bool) -> Names:
        """What is handed on; `names` are the variables that a solution has, or a group of them."""
        known = {**names}
        found: Names = {}
        for one in projection:
            if isinstance(one, Named):
                for variable in _outside_aggregates(one.expression) if grouped else ():
                    self._grouped(variable, known)
                self._new(one.variable, known, "SELECT")
                found[one.variable.name] = None
            else:
                if grouped:
                    self._grouped(one, known)
                known[one.name] = found[one.name] = None
        return found

    def _grouped(self, variable: Variable, keys: Names) -> None:
        if variable.name not in keys:
            message = f"?{variable.name} may have many values in a group"
            hint = f"group by it, or ask for one: (SAMPLE(?{variable.name}) AS ?one)"
            self._wrong(message, variable.at, hint)

    # --- expressions

    def _expressions(self, values: Iterable[Expression], *, aggregates: bool = False) -> None:
        for value in values:
            self._expression(value, aggregates=aggregates)

    def _expression(self, value: Expression, *, aggregates: bool) -> None:
        waiting = [(value, aggregates)]
        while waiting:
            one, allowed = waiting.pop()
            if isinstance(one, Exists):
                self.group(one.group)
            elif isinstance(one, Aggregate):
                if not allowed:
                    message = f"{one.name} stands where there are no groups"
                    self._wrong(message, one.at, hint="aggregates stand in SELECT, HAVING and ORDER BY")
                allowed = False
            waiting += ((operand, allowed) for operand in operands(one))


def _outside_aggregates(expression: Expression) -> Iterator[Variable]:
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Variable | TripleTerm):
            yield from variables_of_term(one)
        elif not isinstance(one, Aggregate):
            waiting += operands(one)


def _blank_nodes(term: Term) -> Iterator[BlankNode]:
    match term:
        case BlankNode():
            yield term
        case TripleTerm():
            yield from _blank_nodes(term.subject)
            yield from _blank_nodes(term.object)
