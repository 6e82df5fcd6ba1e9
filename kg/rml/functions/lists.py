"""Functions of all values of a row at once, as GREL has them for arrays."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kg.rml.mapping.functions import Kind
from kg.rml.mapping.values import as_kind


def get(values: Sequence[str], start: int, end: int | None = None) -> list[str]:
    """The value at a place (0 is the first, -1 the last), or those up to, not with, `end`; none beyond them.

    >>> get(["a", "b", "c"], 1), get(["a", "b", "c"], -1), get(["a", "b", "c"], 0, 2), get(["a"], 7)
    (['b'], ['c'], ['a', 'b'], [])
    """
    if end is not None:
        return list(values[start:end])
    return [values[start]] if -len(values) <= start < len(values) else []


def part(values: Sequence[str], start: int, end: int | None = None) -> list[str]:
    """The values from a place (0 is the first) up to, not with, `end`, or all that follow.

    >>> part(["a", "b", "c"], 1), part(["a", "b", "c"], -2, -1)
    (['b', 'c'], ['b'])
    """
    return list(values[start:end])


def backwards(values: Sequence[str]) -> list[str]:
    """The values from the last to the first."""
    return list(reversed(values))


def in_order(values: Sequence[str]) -> list[str]:
    """The values in the order of their characters.

    >>> in_order(["b", "10", "a", "9"])
    ['10', '9', 'a', 'b']
    """
    return sorted(values)


def uniques(values: Sequence[str]) -> list[str]:
    """Each value once, where it stands first."""
    return list(dict.fromkeys(values))


def count(values: Sequence[str]) -> int:
    """How many values the row has; 0 if it has none."""
    return len(values)


def total(values: Sequence[str]) -> Decimal | None:
    """The sum of all values of the row, which are numbers; none if there is no value.

    >>> total(["1.5", "2"]), total([])
    (Decimal('3.5'), None)
    """
    numbers: list[Decimal] = [as_kind(value, Kind.NUMBER) for value in values]
    return sum(numbers, Decimal(0)) if numbers else None
