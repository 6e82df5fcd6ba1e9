"""Alternatives in a path, as the union that they are: what two of them join stands there twice.

The engine gives each pair of ends that an alternative joins once, in `p|q`, in `!(p|^q)` and wherever they stand in a
sequence or an inverse, so that rows, counts and sums are too small. Under `*`, `+` and `?` each pair is one anyhow.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Final

from kg.errors import Problem
from kg.sparql.language.syntax import (
    Alternative,
    Element,
    Filter,
    Group,
    Inverse,
    Iri,
    Membership,
    Negated,
    PathLike,
    Query,
    Sequence,
    TriplePattern,
    Triples,
    Union,
    Variable,
)
from kg.sparql.repair.context import Context, Fresh
from kg.sparql.repair.patterns import patterns_replaced

_MOST: Final = 16
"""Branches that a sequence becomes at once; one with more of them is parted at its steps, by variables."""


def alternatives_as_unions(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose alternatives of paths are unions, but those that are gone again and again."""
    fresh = context.fresh
    return patterns_replaced(query, fresh, _is_touched, lambda pattern: _parted(pattern, fresh)), ()


def _is_touched(pattern: TriplePattern) -> bool:
    path = pattern.predicate
    if isinstance(path, (Iri, Variable)):
        return False
    return _count(path) > 1 or _joins_constants(pattern)


def _joins_constants(pattern: TriplePattern) -> bool:
    """Whether a negated set stands between two constants: which properties join them, the engine does not count."""
    ends = (pattern.subject, pattern.object)
    return isinstance(pattern.predicate, Negated) and all(isinstance(end, Iri) for end in ends)


def _count(path: PathLike) -> int:
    """How many paths without alternatives a path is the union of."""
    match path:
        case Alternative(parts):
            return sum(map(_count, parts))
        case Sequence(parts):
            return prod(map(_count, parts))
        case Inverse(inner):
            return _count(inner)
        case Negated(forwards, backwards):
            return 2 if forwards and backwards else 1
    return 1


def _branches(path: PathLike) -> tuple[PathLike, ...]:
    """Those paths."""
    match path:
        case Alternative(parts):
            return tuple(branch for part in parts for branch in _branches(part))
        case Sequence(parts):
            return tuple(Sequence(steps) for steps in product(*map(_branches, parts)))
        case Inverse(inner):
            return tuple(Inverse(branch) for branch in _branches(inner))
        case Negated(forwards, backwards) if forwards and backwards:
            return Negated(forwards), Negated((), backwards)
    return (path,)


def _parted(pattern: TriplePattern, fresh: Fresh) -> Iterator[Element]:
    """A pattern as a union, or as what is joined to it."""
    path = pattern.predicate
    if isinstance(path, (Iri, Variable)) or not _is_touched(pattern):
        yield Triples((pattern,), pattern.at)
    elif _joins_constants(pattern) and _count(path) == 1:
        yield _counted(pattern, fresh)
    elif isinstance(path, Sequence) and _count(path) > _MOST:
        between = [fresh.variable("step") for _ in path.parts[1:]]
        ends = [pattern.subject, *between, pattern.object]
        for step, start, end in zip(path.parts, ends, ends[1:], strict=False):
            yield from _parted(TriplePattern(start, step, end, pattern.at), fresh)
    elif isinstance(path, Inverse) and _count(path) > _MOST:
        yield from _parted(TriplePattern(pattern.object, path.path, pattern.subject, pattern.at), fresh)
    else:
        parts = path.parts if isinstance(path, Alternative) else _branches(path)
        each = (TriplePattern(pattern.subject, part, pattern.object, pattern.at) for part in parts)
        yield Union(tuple(Group(tuple(_parted(one, fresh))) for one in each))


def _counted(pattern: TriplePattern, fresh: Fresh) -> Element:
    """A negated set between two constants, with a variable for the property."""
    path = pattern.predicate
    if not isinstance(path, Negated):
        raise TypeError(path)
    ends = (pattern.object, pattern.subject) if path.backwards else (pattern.subject, pattern.object)
    joins = fresh.variable("joins")
    other = Filter(Membership(joins, path.backwards or path.forwards, negated=True))
    return Group((Triples((TriplePattern(ends[0], joins, ends[1], pattern.at),)), other))
