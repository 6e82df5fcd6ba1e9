"""What a query may not do with its variables, though it can be read (SPARQL 1.1 Query, sections 10.1, 11.4, 18.2.1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Final

from kg.sparql.language.syntax import (
    Aggregate,
    Bind,
    BlankNode,
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
    TriplePattern,
    Triples,
    TripleTerm,
    Union,
    Variable,
)
from kg.sparql.messages.mistake import Edit, Kind, Mistake, named
from kg.sparql.messages.reading import Reading

_Places = dict[str, int]
"""The variables in scope, with the offset where each stands first."""
_MOST_NAMED: Final = 6
"""Variables that an example names."""


def mistakes_of(query: Query, reading: Reading) -> tuple[Mistake, ...]:
    """Variables that are bound twice, shown without being grouped, or grouped under a star, in the order of the text."""
    found = [mistake for select in _selects(query) for mistake in _of_select(select, reading)]
    found += [mistake for group in _groups(query) for mistake in _of_group(group, reading)]
    return tuple(sorted(found, key=lambda mistake: mistake.start))


def _selects(node: object) -> Iterator[Select]:
    return (found for found in _nodes(node) if isinstance(found, Select))


def _groups(node: object) -> Iterator[Group]:
    return (found for found in _nodes(node) if isinstance(found, Group))


def _nodes(node: object) -> Iterator[object]:
    """A tree's values, each before what it is made of."""
    rest = [node]
    while rest:
        found = rest.pop()
        if isinstance(found, tuple):
            rest += reversed(found)
        elif dataclasses.is_dataclass(found) and not isinstance(found, (type, Span)):
            yield found
            rest += reversed([getattr(found, field.name) for field in dataclasses.fields(found)])


# --- BIND


def _of_group(group: Group, reading: Reading) -> Iterator[Mistake]:
    seen: _Places = {}
    for element in group.elements:
        if isinstance(element, Bind) and element.variable.name in seen:
            yield _bound(reading, "BIND", element.variable, seen[element.variable.name], seen)
        _visible(element, seen)


def _bound(reading: Reading, word: str, variable: Variable, first: int, taken: Iterable[str]) -> Mistake:
    at = _span(variable)
    new = _fresh(variable.name, {*taken, *_names(reading)})
    line = reading.text.count("\n", 0, first) + 1
    told = named(word=word, variable=f"?{variable.name}", line=str(line), cure=f"AS ?{new}")
    edits = (Edit(at.start, at.end, f"?{new}"),)
    return Mistake(Kind.VARIABLE_BOUND_TWICE, "bound-bind", at.start, at.end, told, edits, certain=True)


def _names(reading: Reading) -> set[str]:
    return {token.text[1:] for token in reading.tokens if token.text[:1] in {"?", "$"} and len(token.text) > 1}


def _fresh(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def _visible(node: object, seen: _Places) -> None:
    """Note the variables that a part of a group brings into scope (section 18.2.1)."""
    match node:
        case Triples(patterns):
            for pattern in patterns:
                _of_triple(pattern, seen)
        case Bind(variable=variable):
            _note(variable, seen)
        case InlineData(variables):
            for variable in variables:
                _note(variable, seen)
        case Optional(group) | Graph(group=group) | Service(group=group):
            if isinstance(node, (Graph, Service)) and isinstance(node.name, Variable):
                _note(node.name, seen)
            _visible(group, seen)
        case Union(branches):
            for branch in branches:
                _visible(branch, seen)
        case Group(elements):
            for element in elements:
                _visible(element, seen)
        case Select():
            _shown(node, seen)
        case Filter() | Minus():
            return
        case _:
            raise TypeError(node)


def _of_triple(pattern: TriplePattern, seen: _Places) -> None:
    for term in (pattern.subject, pattern.predicate, pattern.object):
        if isinstance(term, Variable):
            _note(term, seen)
        elif isinstance(term, TripleTerm):
            _of_triple(TriplePattern(term.subject, term.predicate, term.object), seen)


def _note(variable: Variable, seen: _Places) -> None:
    seen.setdefault(variable.name, variable.at.start if variable.at else 0)


def _shown(select: Select, seen: _Places) -> None:
    if select.projection is None:
        _visible(select.where, seen)
        if select.values:
            _visible(select.values, seen)
        return
    for item in select.projection:
        _note(item.variable if isinstance(item, Named) else item, seen)


# --- SELECT


def _of_select(select: Select, reading: Reading) -> Iterator[Mistake]:
    inner: _Places = {}
    _visible(select.where, inner)
    if select.projection is None:
        if select.modifiers.group:
            yield _starred(select, reading, inner)
        return
    yield from _columns(select, inner, reading)
    if select.modifiers.group or any(_aggregates(item) for item in _expressions(select)):
        yield from _ungrouped(select, reading)


def _columns(select: Select, inner: _Places, reading: Reading) -> Iterator[Mistake]:
    """Columns that are given a value by AS, whose name is taken."""
    grouped = [key.variable for key in select.modifiers.group if isinstance(key, Named)]
    taken = dict(inner)
    for variable in grouped:
        if variable.name in taken:
            yield _bound(reading, "GROUP BY", variable, taken[variable.name], taken)
        _note(variable, taken)
    seen: _Places = {}
    for item in select.projection or ():
        variable = item.variable if isinstance(item, Named) else item
        if isinstance(item, Named) and variable.name in seen:
            yield dataclasses.replace(_bound(reading, "SELECT", variable, seen[variable.name], taken), words="bound-columns")
        elif isinstance(item, Named) and variable.name in taken:
            yield _bound(reading, "SELECT", variable, taken[variable.name], taken)
        _note(variable, seen)


def _expressions(select: Select) -> Iterator[object]:
    yield from (item.expression for item in select.projection or () if isinstance(item, Named))
    yield from select.modifiers.having
    yield from (key.expression for key in select.modifiers.order)


def _aggregates(expression: object) -> bool:
    return any(isinstance(found, Aggregate) for found in _outside(expression, Exists))


def _outside(node: object, kind: type) -> Iterator[object]:
    """A tree's values, without what is within those of one kind; these themselves are among them."""
    rest = [node]
    while rest:
        found = rest.pop()
        if isinstance(found, tuple):
            rest += found
        elif dataclasses.is_dataclass(found) and not isinstance(found, (type, Span)):
            yield found
            if not isinstance(found, kind):
                rest += [getattr(found, field.name) for field in dataclasses.fields(found)]


def _ungrouped(select: Select, reading: Reading) -> Iterator[Mistake]:
    """Variables of the columns that are no key of the groups, outside of aggregates."""
    keys = {v.name for key in select.modifiers.group if (v := key.variable if isinstance(key, Named) else key) and isinstance(v, Variable)}
    whole = [key.expression if isinstance(key, Named) else key for key in select.modifiers.group]
    free: list[Variable] = []
    for item in select.projection or ():
        if isinstance(item, Named):
            free += _free(item.expression, keys, whole)
            keys.add(item.variable.name)
        elif item.name not in keys:
            free.append(item)
    seen: set[str] = set()
    for variable in free:
        if variable.name not in seen:
            seen.add(variable.name)
            yield _shown_alone(select, variable, free, reading)


def _free(expression: object, keys: set[str], whole: list[Expression]) -> list[Variable]:
    """The variables of an expression that no key and no aggregate holds, in the order of the text."""
    found: list[Variable] = []
    rest = [expression]
    while rest:
        node = rest.pop()
        if isinstance(node, tuple):
            rest += reversed(node)
        elif isinstance(node, Variable):
            if node.name not in keys:
                found.append(node)
        elif dataclasses.is_dataclass(node) and not isinstance(node, (type, Span, Aggregate, Exists, BlankNode)):
            if node not in whole:
                rest += reversed([getattr(node, field.name) for field in dataclasses.fields(node)])
    return found


def _shown_alone(select: Select, variable: Variable, free: list[Variable], reading: Reading) -> Mistake:
    at = _span(variable)
    new = _fresh(variable.name, _names(reading))
    plain = any(item is variable for item in select.projection or ())
    sample = f"(SAMPLE(?{variable.name}) AS ?{new})" if plain else f"SAMPLE(?{variable.name})"
    keys = [reading.text[key.at.start : key.at.end] for key in select.modifiers.group if not isinstance(key, Named) and key.at]
    listed = dict.fromkeys([*(keys if len(keys) == len(select.modifiers.group) else ()), *(f"?{v.name}" for v in free)])
    group = f"GROUP BY {' '.join(listed)}" if len(listed) <= _MOST_NAMED else f"GROUP BY … ?{variable.name}"
    words = "ungrouped" if select.modifiers.group else "ungrouped-all"
    told = named(variable=f"?{variable.name}", group=group, sample=sample)
    return Mistake(Kind.UNGROUPED, words, at.start, at.end, told, (Edit(at.start, at.end, sample),), certain=True)


def _starred(select: Select, reading: Reading, inner: _Places) -> Mistake:
    number = reading.index(select.at.start if select.at else 0)
    star = next(token for token in reading.tokens[number:] if token.is_mark("*"))
    keys = [key.variable if isinstance(key, Named) else key for key in select.modifiers.group]
    names = [f"?{key.name}" for key in keys if isinstance(key, Variable)]
    shown = " ".join((*names[:_MOST_NAMED], f"(COUNT(*) AS ?{_fresh('number', _names(reading)) if 'number' in inner else 'number'})"))
    edits = (Edit(star.start, star.end, f" {shown} "),)
    told = named(cure=f"SELECT {shown}")
    return Mistake(Kind.STAR_GROUPED, "star-grouped", star.start, star.end, told, edits, certain=True)


def _span(variable: Variable) -> Span:
    assert variable.at is not None, "what was read has its place"
    return variable.at
