"""Numbers over time: places across in hundredths of the width, places down in units of the picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from server.pages.drawing.layout.axis import Axis, amounts
from server.pages.drawing.layout.times import Calendar, calendar
from server.pages.drawing.model.spans import Span

HEIGHT: Final = 230
_TOP: Final = 14
_BOTTOM: Final = 204
"""Where the scale of numbers ends; the words of time stand below."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a row says: a number at a time; None for what it does not say, or what has no place."""

    row: int
    series: int
    time: Span | None
    number: Decimal | None


@dataclass(frozen=True, slots=True)
class Dot:
    """A value in its place."""

    row: int
    series: int
    x: float
    y: float
    number: Decimal
    across: tuple[float, float] | None
    """From where to where its time goes, where that is more than a year."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line between two values that follow each other."""

    series: int
    ends: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """The whole drawing; `missing` counts the rows that have no place in it."""

    times: Calendar
    numbers: Axis
    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]
    missing: int
    height: int = HEIGHT
    bottom: int = _BOTTOM

    def down(self, value: Decimal) -> float:
        """The place of a number."""
        return _down(self.numbers, value)


def plot(values: Sequence[Value], *, joined: bool, mirrored: bool) -> Plot | None:
    """The drawing of some values; None where none has a place. Lines are drawn only if they may be `joined`.

    A line leads from one value to the next in time of the same series: not over a time whose number is missing, not
    over a year or month that only others have, and not at all where a series has two numbers for one time.

    >>> def at(row, year, number):
    ...     return Value(row, 0, Span(year, year + 1, "year"), None if number is None else Decimal(number))
    >>> it = plot([at(0, 2020.0, 1), at(1, 2021.0, 3), at(2, 2022.0, None), at(3, 2023.0, 4)],
    ...           joined=True, mirrored=False)
    >>> [dot.row for dot in it.dots], len(it.strokes), it.missing
    ([0, 1, 3], 1, 1)
    """
    placed = [it for it in values if it.time is not None and not (it.time.begins_open or it.time.ends_open)]
    known = [it for it in placed if it.number is not None]
    times = calendar((it.time for it in known if it.time), mirrored=mirrored)
    numbers = amounts((it.number for it in known if it.number is not None), Decimal(0), mirrored=False)
    if times is None or numbers is None:
        return None
    dots = {it.row: _dot(it, times.axis, numbers) for it in known}
    strokes = _strokes(placed, dots) if joined else ()
    return Plot(times, numbers, tuple(dots.values()), tuple(strokes), len(values) - len(known))


def _dot(it: Value, times: Axis, numbers: Axis) -> Dot:
    assert it.time is not None
    assert it.number is not None
    begin, end = times.at(it.time.begin), times.at(it.time.end)
    across = (min(begin, end), max(begin, end)) if it.time.precision == "interval" else None
    return Dot(it.row, it.series, times.at(_middle(it)), _down(numbers, it.number), it.number, across)


def _down(numbers: Axis, value: Decimal) -> float:
    return round(_BOTTOM - numbers.at(float(value)) / 100 * (_BOTTOM - _TOP), 1)


def _middle(it: Value) -> float:
    return 0.0 if it.time is None else (it.time.begin + it.time.end) / 2


def _strokes(values: Sequence[Value], dots: dict[int, Dot]) -> Iterator[Stroke]:
    # Of years and months a series may have none where another has one: a gap. Days are as many as there are values.
    is_regular = all(it.time is not None and it.time.precision in {"year", "month"} for it in values)
    place = {middle: number for number, middle in enumerate(sorted({_middle(it) for it in values}))}
    by_series: dict[int, list[Value]] = {}
    for it in values:
        by_series.setdefault(it.series, []).append(it)
    for series, members in sorted(by_series.items()):
        line = sorted(members, key=_middle)
        if len({_middle(it) for it in members}) < len(members):
            continue
        for one, other in pairwise(line):
            is_gap = is_regular and place[_middle(other)] - place[_middle(one)] > 1
            if one.row in dots and other.row in dots and not is_gap:
                a, b = dots[one.row], dots[other.row]
                yield Stroke(series, (a.x, a.y, b.x, b.y))
