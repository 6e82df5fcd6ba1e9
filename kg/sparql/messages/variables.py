"""What a query may not do with its variables, though it can be read (SPARQL 1.1 Query, sections 10.1, 11.4, 18.2.1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from kg.sparql.language.scoping import in_scope
from kg.sparql.language.syntax import (
    Aggregate,
    Bind,
    Exists,
    Expression,
    Filter,
    Group,
    Named,
    Query,
    Select,
    Span,
    Variable,
)
from kg.sparql.language.tokens import Kind as Is
from kg.sparql.language.walking import expressions, operands
from kg.sparql.messages.mistake import Edit, Kind, Mistake, named
from kg.sparql.messages.reading import Reading

_MOST_NAMED: Final = 6
"""Variables that an example names."""


def mistakes_of(query: Query, reading: Reading) -> tuple[Mistake, ...]:
    """Variables that are bound twice, shown without being grouped, or grouped under a star, and aggregates where there
    are no groups, in the order of the text.
    """
    found: list[Mistake] = []
    for node in parts(query):
        if isinstance(node, Select):
            found += _of_select(node, reading)
        elif isinstance(node, Group):
            found += _of_group(node, reading)
    return tuple(sorted(found, key=lambda mistake: mistake.start))


def parts(tree: object, without: type | tuple[type, ...] = ()) -> Iterator[object]:
    """A tree's values in the order of the text, the outer before the inner; without what is within some of them."""
    rest = [tree]
    while rest:
        found = rest.pop()
        if isinstance(found, tuple):
            rest += reversed(found)
        elif dataclasses.is_dataclass(found) and not isinstance(found, (type, Span)):
            yield found
            if not isinstance(found, without):
                rest += reversed([getattr(found, field.name) for field in dataclasses.fields(found)])


# --- groups


def _of_group(group: Group, reading: Reading) -> Iterator[Mistake]:
    start = group.at.start if group.at else 0
    for number, element in enumerate(group.elements):
        if isinstance(element, Bind):
            taken = in_scope(Group(group.elements[:number]))
            if element.variable.name in taken:
                yield _bound(reading, "BIND", element.variable, start)
        if isinstance(element, (Bind, Filter)):
            whole = element.expression if isinstance(element, Bind) else element.condition
            yield from _out_of_place(whole, reading)


def _bound(reading: Reading, word: str, variable: Variable, start: int, words: str = "bound-bind") -> Mistake:
    """A variable that is given a value and has one: `start` is where it is looked for."""
    at = _span(variable)
    new = _fresh(variable.name, reading)
    uses = (t.start for t in reading.tokens if t.kind is Is.VARIABLE and t.text[1:] == variable.name)
    first = next((use for use in uses if use >= start and use != at.start), at.start)
    line = reading.text.count("\n", 0, first) + 1
    told = named(word=word, variable=f"?{variable.name}", line=str(line), cure=f"AS ?{new}")
    edits = (Edit(at.start, at.end, f"?{new}"),)
    return Mistake(Kind.VARIABLE_BOUND_TWICE, words, at.start, at.end, told, edits, certain=True)


def _fresh(name: str, reading: Reading) -> str:
    taken = {token.text[1:] for token in reading.tokens if token.kind is Is.VARIABLE}
    number = 2
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def _out_of_place(whole: Expression, reading: Reading) -> Iterator[Mistake]:
    """Aggregates where there are no groups yet."""
    for one in expressions(whole):
        if isinstance(one, Aggregate) and one.at:
            shown = " ".join(reading.text[one.at.start : one.at.end].split())
            told = named(word=one.name, cure=f"HAVING ({shown} > 1)")
            yield Mistake(Kind.UNGROUPED, "aggregate-early", one.at.start, one.at.end, told, certain=True)


# --- SELECT


def _of_select(select: Select, reading: Reading) -> Iterator[Mistake]:
    start = select.where.at.start if select.where.at else 0
    inner = in_scope(select.where)
    if select.projection is None:
        if select.modifiers.group:
            yield _starred(select, reading)
        return
    yield from _keys(select, inner, reading, start)
    grouped = bool(select.modifiers.group) or any(map(_aggregates, _after_grouping(select)))
    keys = {key.variable.name if isinstance(key, Named) else key.name for key in _named_keys(select)}
    yield from _columns(select, keys if grouped else inner, reading, start)
    if grouped:
        yield from _ungrouped(select, keys, reading)


def _keys(select: Select, inner: Collection[str], reading: Reading, start: int) -> Iterator[Mistake]:
    for key in select.modifiers.group:
        if isinstance(key, Named) and key.variable.name in inner:
            yield _bound(reading, "GROUP BY", key.variable, start)


def _columns(select: Select, taken: Collection[str], reading: Reading, start: int) -> Iterator[Mistake]:
    """Columns that are given a value by AS, whose name is taken."""
    seen: set[str] = set()
    for item in select.projection or ():
        variable = item.variable if isinstance(item, Named) else item
        if isinstance(item, Named) and variable.name in seen:
            yield _bound(reading, "SELECT", variable, 0, "bound-columns")
        elif isinstance(item, Named) and variable.name in taken:
            yield _bound(reading, "SELECT", variable, start)
        elif variable.name in seen:
            at = _span(variable)
            told = named(variable=f"?{variable.name}")
            edits = (Edit(at.start, at.end, ""),)
            yield Mistake(Kind.VARIABLE_BOUND_TWICE, "columns-twice", at.start, at.end, told, edits, certain=True)
        seen.add(variable.name)


def _after_grouping(select: Select) -> Iterator[Expression]:
    yield from (item.expression for item in select.projection or () if isinstance(item, Named))
    yield from select.modifiers.having
    yield from (key.expression for key in select.modifiers.order)


def _aggregates(expression: Expression) -> bool:
    return any(isinstance(found, Aggregate) for found in expressions(expression))


def _ungrouped(select: Select, keys: set[str], reading: Reading) -> Iterator[Mistake]:
    """Variables of the columns that are no key of the groups, outside of aggregates."""
    whole = [key.expression if isinstance(key, Named) else key for key in select.modifiers.group]
    free: dict[str, Variable] = {}
    for item in select.projection or ():
        if isinstance(item, Named):
            for variable in _free(item.expression, whole):
                if variable.name not in keys:
                    free.setdefault(variable.name, variable)
            keys = {*keys, item.variable.name}
        elif item.name not in keys:
            free.setdefault(item.name, item)
    for variable in free.values():
        yield _shown_alone(select, variable, tuple(free), reading)


def _named_keys(select: Select) -> Iterator[Variable | Named]:
    return (key for key in select.modifiers.group if isinstance(key, (Variable, Named)))


def _free(expression: Expression, whole: list[Expression]) -> Iterator[Variable]:
    """The variables of an expression outside of its aggregates and of what it is grouped by."""
    rest = [expression]
    while rest:
        one = rest.pop()
        if isinstance(one, Variable):
            yield one
        elif not isinstance(one, (Aggregate, Exists)) and one not in whole:
            rest += reversed(operands(one))


def _shown_alone(select: Select, variable: Variable, free: Iterable[str], reading: Reading) -> Mistake:
    at = _span(variable)
    new = _fresh(variable.name, reading)
    plain = any(item is variable for item in select.projection or ())
    sample = f"(SAMPLE(?{variable.name}) AS ?{new})" if plain else f"SAMPLE(?{variable.name})"
    keys = [f"?{key.name}" if isinstance(key, Variable) else "…" for key in select.modifiers.group]
    listed = dict.fromkeys([*keys, *(f"?{name}" for name in free)])
    group = f"GROUP BY {' '.join(listed)}" if len(listed) <= _MOST_NAMED else f"GROUP BY … ?{variable.name}"
    words = "ungrouped" if select.modifiers.group else "ungrouped-all"
    told = named(variable=f"?{variable.name}", group=group, sample=sample)
    return Mistake(Kind.UNGROUPED, words, at.start, at.end, told, (Edit(at.start, at.end, sample),), certain=True)


def _starred(select: Select, reading: Reading) -> Mistake:
    number = reading.index(select.at.start if select.at else 0)
    star = next(token for token in reading.tokens[number:] if token.is_mark("*"))
    keys = [key.variable if isinstance(key, Named) else key for key in _named_keys(select)]
    names = [f"?{key.name}" for key in keys]
    shown = " ".join((*names[:_MOST_NAMED], f"(COUNT(*) AS ?{_unused('number', reading)})"))
    told = named(cure=f"SELECT {shown}")
    edits = (Edit(star.start, star.end, f" {shown} "),)
    return Mistake(Kind.STAR_GROUPED, "star-grouped", star.start, star.end, told, edits, certain=True)


def _unused(name: str, reading: Reading) -> str:
    return _fresh(name, reading) if f"?{name}" in reading.text else name


def _span(variable: Variable) -> Span:
    assert variable.at is not None, "what was read has its place"
    return variable.at
