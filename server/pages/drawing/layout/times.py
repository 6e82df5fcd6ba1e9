"""A scale of time as fine as its dates ask for: years, months or days; each line has the date that it stands for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from decimal import Decimal
from typing import Final

from server.pages.drawing.layout.axis import ROOM, Axis, Worded, years
from server.pages.drawing.model.spans import Span, span_of

_MONTHS: Final = 12
_MONTH_STEPS: Final = (1, 2, 3, 6)
_DAY_STEPS: Final = (1, 2, 4, 7, 14)
_MOMENT: Final = 1e-6
"""Half a minute, in years: what floats may be wrong by is less."""
STEPS: Final = 6
"""Steps of months or days, at most, in the width of a page."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A scale of time, and for each of its lines the date that begins there, by EDTF."""

    axis: Axis
    dates: tuple[str, ...]

    def labelled(self, say: Callable[[str], str], room: int = ROOM) -> tuple[Worded, ...]:
        """The lines with their dates in words, as `Axis.labelled` has them."""
        texts = dict(zip(self.axis.values, self.dates, strict=True))
        return self.axis.labelled(lambda value: say(texts[value]), room)


def calendar(spans: Iterable[Span], *, mirrored: bool, steps: int = STEPS) -> Calendar | None:
    """A scale that holds all dates; None for none.

    >>> def dates(*texts):
    ...     found = calendar([span for it in texts if (span := span_of(it))], mirrored=False)
    ...     return found.dates
    >>> dates("2024", "2031-05"), dates("2026-01-12", "2026-08-03")
    (('2024', '2026', '2028', '2030', '2032'), ('2026-01', '2026-03', '2026-05', '2026-07', '2026-09'))
    >>> dates("2026-01-12", "2026-01-20"), dates("2026", "2026-02")
    (('2026-01-12', '2026-01-14', '2026-01-16', '2026-01-18', '2026-01-20', '2026-01-22'), ('2026', '2027'))
    """
    known = tuple(spans)
    axis = years(known, mirrored=mirrored)
    if axis is None:
        return None
    dates = tuple(f"{int(value):0{5 if value < 0 else 4}d}" for value in axis.values)
    whole = Calendar(axis, dates)
    # What covers a year is not told more finely by months; what has no end needs the room that years give it.
    if any(it.precision == "year" or it.begins_open or it.ends_open for it in known):
        return whole
    low, high = min(it.begin for it in known), max(it.end for it in known)
    if low < MINYEAR or high >= MAXYEAR:
        return whole
    for found in (_days(known, low, high, steps), _months(low, high, steps)):
        if found:
            values = tuple(Decimal(span.begin) for it in found if (span := span_of(it)))
            return Calendar(Axis(float(values[0]), float(values[-1]), values, mirrored), found)
    return whole


def _days(spans: tuple[Span, ...], low: float, high: float, steps: int) -> tuple[str, ...]:
    """The days from the first to the last; none where they have no room, or where a date is a whole month."""
    if any(it.precision == "month" for it in spans):
        return ()
    first, last = _day(low), _day(high - _MOMENT) + timedelta(days=1)
    for step in _DAY_STEPS:
        number = -(-(last - first).days // step)
        if number <= steps:
            return tuple((first + timedelta(days=step * place)).isoformat() for place in range(number + 1))
    return ()


def _day(place: float) -> date:
    """The day in which a place of the scale lies."""
    year = math.floor(place)
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return date(year, 1, 1) + timedelta(days=math.floor((place - year + _MOMENT / 2) * days))


def _months(low: float, high: float, steps: int) -> tuple[str, ...]:
    first, last = _month(low), _month(high - _MOMENT) + 1
    for step in _MONTH_STEPS:
        begin, end = first // step, -(-last // step)
        if end - begin <= steps:
            return tuple(_named(range(begin * step, end * step + 1, step)))
    return ()


def _month(place: float) -> int:
    """The month in which a place of the scale lies, counted from the year 0."""
    day = _day(place)
    return day.year * _MONTHS + day.month - 1


def _named(months: Iterable[int]) -> Iterator[str]:
    for month in months:
        yield f"{month // _MONTHS:04d}-{month % _MONTHS + 1:02d}"
