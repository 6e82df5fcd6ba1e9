"""A scale of years or of amounts, in hundredths of the width: from left to right, or mirrored for Arabic."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from server.pages.drawing.model.spans import Span

_STEPS: Final = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_YEARS: Final = 6
_AMOUNTS: Final = 4
"""How many steps an axis has at most: what a telephone has room for."""
ROOM: Final = 240
"""How wide a scale is at least, in units of CSS: on paper, and on a screen that is little wider than a telephone."""
_BETWEEN: Final = 6
_WHOLE: Final = 100.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale; `x` is in hundredths of the width."""

    x: float
    value: Decimal
    edge: str
    """`left` or `right` for one at that edge of the picture, else empty."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A line of the scale with its words."""

    tick: Tick
    text: str
    shown: bool
    """Whether there is room for the words in the narrowest picture."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from `low` to `high`."""

    low: float
    high: float
    values: tuple[Decimal, ...]
    """Where it has ticks."""
    mirrored: bool

    def at(self, value: float) -> float:
        """The place of a value in hundredths of the width; what is outside stands at the edge.

        >>> axis = Axis(2020.0, 2030.0, (), mirrored=True)
        >>> axis.at(2020), axis.at(2025.5), axis.at(2040)
        (100.0, 45.0, 0.0)
        """
        part = _WHOLE * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(_WHOLE - part if self.mirrored else part, 2)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The lines of the scale."""
        found = ((self.at(float(value)), value) for value in self.values)
        return tuple(Tick(x, value, "left" if x == 0 else "right" if x == _WHOLE else "") for x, value in found)

    def labelled(self, say: Callable[[Decimal], str], room: int = ROOM) -> tuple[Worded, ...]:
        """The lines with their words: of every second line, or of its ends, where those of all would touch each other.

        :param room: the width of the narrowest picture, in units of CSS

        >>> axis = Axis(0.0, 20.0, (Decimal(0), Decimal(5), Decimal(10), Decimal(15), Decimal(20)), mirrored=False)
        >>> [label.shown for label in axis.labelled("{} billion".format)]
        [True, False, True, False, True]
        >>> [label.shown for label in axis.labelled(str, 80)], all(label.shown for label in axis.labelled(str))
        ([True, False, True, False, True], True)
        """
        worded = [(tick, say(tick.value)) for tick in self.ticks]
        last = max(len(worded) - 1, 1)
        step = next((it for it in (1, 2, last) if _apart(worded[::it], room)), last + 1)
        return tuple(Worded(tick, text, place % step == 0) for place, (tick, text) in enumerate(worded))


def _apart(worded: Sequence[tuple[Tick, str]], room: int) -> bool:
    """Whether words on a scale keep a distance from each other."""
    ends = sorted(_ends(tick, _width(text), room) for tick, text in worded)
    return all(other[0] - one[1] >= _BETWEEN for one, other in pairwise(ends))


def _width(text: str) -> float:
    """How wide words of 12 units are at most: digits and capitals, small letters, blanks and signs."""
    return sum(7 if one.isdecimal() else 8 if one.isupper() else 6 if one.isalpha() else 3.5 for one in text)


def _ends(tick: Tick, width: float, room: int) -> tuple[float, float]:
    """Where the words of a line begin and end: at its middle, but for those at an edge, which stay within."""
    place = tick.x * room / _WHOLE
    begin = place if tick.edge == "left" else place - width if tick.edge == "right" else place - width / 2
    return begin, begin + width


def years(spans: Iterable[Span], *, mirrored: bool) -> Axis | None:
    """A scale that holds all dates, in whole years; None for none.

    >>> axis = years([Span(2024.7, 2024.8, "day"), Span(2030.0, 2031.0, "year")], mirrored=False)
    >>> [int(value) for value in axis.values]
    [2024, 2026, 2028, 2030, 2032]
    """
    known = tuple(spans)
    if not known:
        return None
    # What goes on without an end fades out over a part of the scale that is its own.
    low, high = min(it.begin for it in known), max(it.end for it in known)
    room = max(high - low, 1.0) / 8
    low = min(low, *(it.begin - room for it in known if it.begins_open), low)
    high = max(high, *(it.end + room for it in known if it.ends_open), high)
    return _axis(Decimal(math.floor(low)), Decimal(math.ceil(high)), Decimal(1), _YEARS, mirrored=mirrored)


def amounts(
    values: Iterable[Decimal], origin: Decimal, *, mirrored: bool, endless: Iterable[Decimal] = ()
) -> Axis | None:
    """A scale that holds all amounts and its origin: 0, or 1 for ranks; None for no amounts.

    Above those that are `endless` it has room for what has no end to fade out.

    >>> [int(value) for value in amounts([Decimal(240_000), Decimal(300_000)], Decimal(0), mirrored=False).values]
    [0, 100000, 200000, 300000]
    >>> [int(value) for value in amounts([Decimal(50), Decimal(113)], Decimal(1), mirrored=False).values]
    [1, 50, 100, 150]
    """
    known = tuple(values)
    if not known:
        return None
    low, high = min(origin, *known), max(origin, *known)
    high = max(high, *(value + (high - low) / 4 for value in endless), high)
    if low == high:
        high = low + 1
    axis = _axis(low, high, None, _AMOUNTS, mirrored=mirrored)
    if low != origin or origin == 0:
        return axis
    ticks = tuple(value for value in axis.values if value > origin)
    return Axis(float(origin), axis.high, (origin, *ticks), mirrored)


def _axis(low: Decimal, high: Decimal, least: Decimal | None, most: int, *, mirrored: bool) -> Axis:
    """The scale with the smallest round step that needs no more steps than `most`."""
    power = Decimal(10) ** ((high - low).adjusted() - 1)
    steps = (unit * power * scale for scale in (Decimal(1), Decimal(10), Decimal(100)) for unit in _STEPS)
    for step in steps:
        begin, end = (low / step).to_integral_value("ROUND_FLOOR"), (high / step).to_integral_value("ROUND_CEILING")
        if (least is None or step >= least) and end - begin <= most:
            values = tuple(step * number for number in range(int(begin), int(end) + 1))
            return Axis(float(values[0]), float(values[-1]), values, mirrored)
    raise ValueError(f"no scale from {low} to {high}")
