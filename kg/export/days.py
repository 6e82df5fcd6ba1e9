"""The days between which a date lies (EDTF, that is ISO 8601-2, levels 0 and 1; XSD dates)."""

from __future__ import annotations

import calendar
import re
from typing import Final

_DATE: Final = re.compile(r"(?P<year>-?[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12][0-9]|3[01]))?)?")
_TIME: Final = re.compile(r"T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})?$")


def days(date: str) -> tuple[str, str]:
    """The first and the last day of a date or an interval; an empty text for one that is open, uncertain or unknown.

    Whatever the source leaves vague (`~`, `?`, `%`, `X`, seasons) has no exact days: then both are empty.

    >>> days("2025-09"), days("2030"), days("2026-01-12")
    (('2025-09-01', '2025-09-30'), ('2030-01-01', '2030-12-31'), ('2026-01-12', '2026-01-12'))
    >>> days("2024/2026"), days("2026-01-12/.."), days("2026~"), days("2026-21")
    (('2024-01-01', '2026-12-31'), ('2026-01-12', ''), ('', ''), ('', ''))
    """
    begin, interval, end = date.partition("/")
    if not interval:
        return _days(begin)
    return _days(begin)[0], _days(end)[1]


def _days(date: str) -> tuple[str, str]:
    found = _DATE.fullmatch(_TIME.sub("", date))
    if found is None:
        return "", ""
    year, month, day = found.group("year", "month", "day")
    last_month = month or "12"
    # The Gregorian calendar repeats itself after 400 years, also before the year 1.
    length = calendar.monthrange(2000 + int(year) % 400, int(last_month))[1]
    if day is not None and int(day) > length:
        return "", ""
    return f"{year}-{month or '01'}-{day or '01'}", f"{year}-{last_month}-{day or length:02}"
