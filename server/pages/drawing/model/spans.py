"""Which part of time a date covers: EDTF (ISO 8601-2, levels 0 and 1 as far as they are in use here) and XSD dates."""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date
from typing import Final

_DATE: Final = re.compile(r"(-?\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_SPAN: Final = re.compile(r"(\d{2,3})(X{1,2})", re.ASCII)
_YEAR_DIGITS: Final = 4
_MONTHS: Final = 12
_OPEN: Final = frozenset({"", ".."})
"""An end that nobody knows, and one that there is not (EDTF, level 1)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of time in years: 2025-07-02 begins at 2025.4986 and ends a day later."""

    begin: float
    end: float
    precision: str
    """`day`, `month`, `year` or `interval`."""
    reserve: str = ""
    """`~` for about, `?` for uncertain, `%` for both; `X` for one year among several."""
    begins_open: bool = False
    """Whether its beginning is open or unknown; `begin` is then its end."""
    ends_open: bool = False


def span_of(text: str) -> Span | None:
    """What a date covers; None for what this program cannot place, such as a season.

    >>> span_of("2030")
    Span(begin=2030.0, end=2031.0, precision='year', reserve='', begins_open=False, ends_open=False)
    >>> it = span_of("2024~/..")
    >>> it.begin, it.ends_open, it.reserve
    (2024.0, True, '~')
    >>> span_of("202X").end, span_of("2026-21"), span_of("../..")
    (2030.0, None, None)
    """
    first, interval, last = text.partition("/")
    if not interval:
        return _one(text)
    begin, end = (_one(part) if part not in _OPEN else None for part in (first, last))
    if begin is None and first in _OPEN and end is not None:
        return Span(end.end, end.end, "interval", end.reserve, begins_open=True)
    if end is None and last in _OPEN and begin is not None:
        return Span(begin.begin, begin.begin, "interval", begin.reserve, ends_open=True)
    if begin is None or end is None or end.end <= begin.begin:
        return None
    return Span(begin.begin, end.end, "interval", begin.reserve or end.reserve)


def _one(text: str) -> Span | None:
    if span := _SPAN.fullmatch(text):
        if len(text) != _YEAR_DIGITS:
            return None
        return Span(float(span[1] + "0" * len(span[2])), float(span[1] + "9" * len(span[2])) + 1, "interval", "X")
    found = _DATE.fullmatch(text)
    return None if found is None else _dated(found)


def _dated(found: re.Match[str]) -> Span | None:
    year, month, day, reserve = int(found[1]), found[2], found[3], found[4]
    if month is None:
        return Span(float(year), float(year + 1), "year", reserve)
    if not 1 <= int(month) <= _MONTHS:
        return None
    if day is None:
        end = _place(year, int(month) + 1, 1) if int(month) < _MONTHS else float(year + 1)
        return Span(_place(year, int(month), 1), end, "month", reserve)
    try:
        begin = _place(year, int(month), int(day))
    except ValueError:
        return None
    return Span(begin, begin + 1 / _days(year), "day", reserve)


def _place(year: int, month: int, day: int) -> float:
    """A day as a fraction of its year; years that `date` does not have are as long as any (ISO 8601, year 0)."""
    alike = 2000 if isleap(year) else 2001
    return year + (date(alike, month, day).timetuple().tm_yday - 1) / _days(year)


def _days(year: int) -> int:
    return 366 if isleap(year) else 365
