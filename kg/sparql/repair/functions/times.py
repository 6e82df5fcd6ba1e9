"""Dates, times and durations by value (XSD 1.1 part 2, 3.3; XPath 2.0 functions, 10): places in order, and sums."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.sparql.repair.functions.numbers import LONGEST, XSD, place_of

_ZONE: Final = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR: Final = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH: Final = r"-(?P<month>0[1-9]|1[0-2])"
_DAY: Final = r"-(?P<day>0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = (
    r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])(?:\.(?P<fraction>[0-9]+))?"
    r"|(?P<midnight>24:00:00(?:\.0+)?))"
)
_DURATION: Final = re.compile(
    r"(?P<sign>-)?P(?=[0-9T])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]+))?S)?)?"
)
_CALENDAR: Final = MappingProxyType(
    {
        "gYear": re.compile(_YEAR + _ZONE),
        "gYearMonth": re.compile(_YEAR + _MONTH + _ZONE),
        "date": re.compile(_YEAR + _MONTH + _DAY + _ZONE),
        "dateTime": re.compile(f"{_YEAR}{_MONTH}{_DAY}T{_CLOCK}{_ZONE}"),
        "dateTimeStamp": re.compile(f"{_YEAR}{_MONTH}{_DAY}T{_CLOCK}{_ZONE}(?<=[0-9Z])"),
    }
)
_TIME: Final = re.compile(_CLOCK + _ZONE)
_YEARS_AND_MONTHS: Final = re.compile(r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?")
_DAY_SECONDS: Final = 86_400
_MONTH_SECONDS: Final = 2_629_746
"""A month of the Gregorian calendar, as it is on average over 400 years."""
_END: Final = "\0"
_DATE: Final = (
    r"(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|[0-9]{4}-(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|[0-9]{4}-(?:0[13578]|1[02])-31)"
)
_PLAIN: Final = MappingProxyType(
    {
        "date": re.compile(_DATE + "Z?"),
        "dateTime": re.compile(_DATE + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.([0-9]+))?Z?"),
    }
)
"""Dates that are valid by their letters, in UTC or without a zone: nothing is to be reckoned."""
_BEFORE, _FOUR_DIGITS, _AFTER = "012"
_LAST_OF_FOUR: Final = 9999
_MARCH, _DECEMBER = 3, 12
_SHORTEST: Final = 28
_FINENESS: Final = MappingProxyType(
    {"gYear": "0", "gYearMonth": "1", "date": "2", "dateTime": "3", "dateTimeStamp": "3"}
)


def _clock(found: re.Match[str]) -> tuple[int, str]:
    """Seconds since midnight, and the digits of the fraction."""
    if found["midnight"]:
        return _DAY_SECONDS, ""
    seconds = int(found["hour"]) * 3600 + int(found["minute"]) * 60 + int(found["second"])
    return seconds, (found["fraction"] or "").rstrip("0")


def _offset(zone: str | None) -> int:
    """Seconds east of UTC; what states no zone counts as UTC."""
    if zone is None or zone == "Z":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return -seconds if zone[0] == "-" else seconds


def _days(year: int, month: int, day: int) -> int:
    """Days since 1 March of the year 0, in the Gregorian calendar, which is carried back before it was made.

    >>> _days(2000, 1, 1) - _days(1999, 1, 1), _days(0, 3, 1)
    (365, 0)
    """
    year -= month < _MARCH
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day - 1


def month_length(year: int, month: int) -> int:
    """The days of a month.

    >>> month_length(1900, 2), month_length(2000, 2), month_length(2020, 12)
    (28, 29, 31)
    """
    following = (year, month + 1) if month < _DECEMBER else (year + 1, 1)
    return _days(*following, 1) - _days(year, month, 1)


def _calendar(text: str, name: str) -> str | None:
    """The place of the instant with which a date begins; at one instant the coarser date stands first.

    It is the instant in UTC, its year so that years of any number of digits are in order.
    """
    plain = _PLAIN.get(name)
    if plain is not None:
        as_is = plain.fullmatch(text)
        if as_is is not None:
            fraction = as_is[1] if name == "dateTime" else None
            written = f"{_FOUR_DIGITS}{text[:19]}" if name == "dateTime" else f"{_FOUR_DIGITS}{text[:10]}T00:00:00"
            return f"{written}{_END}{(fraction or '').rstrip('0')}{_END}{_FINENESS[name]}"
    return _in_utc(text, name)


def _in_utc(text: str, name: str) -> str | None:
    found = _CALENDAR[name].fullmatch(text)
    if found is None or len(text) > LONGEST:
        return None
    parts = found.groupdict()
    year, month, day = int(parts["year"]), int(parts.get("month") or 1), int(parts.get("day") or 1)
    if day > _SHORTEST and day > month_length(year, month):
        return None
    seconds, fraction = _clock(found) if "hour" in parts else (0, "")
    days, rest = divmod(_days(year, month, day) * _DAY_SECONDS + seconds - _offset(parts["zone"]), _DAY_SECONDS)
    year, month, day = _date_of(days)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return f"{_year(year)}-{month:02d}-{day:02d}T{clock}{_END}{fraction}{_END}{_FINENESS[name]}"


def _year(year: int) -> str:
    if 0 <= year <= _LAST_OF_FOUR:
        return f"{_FOUR_DIGITS}{year:04d}"
    return (_BEFORE if year < 0 else _AFTER) + place_of(year) + _END


def _time(text: str, name: str) -> str | None:
    del name
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    seconds, fraction = _clock(found)
    return f"{place_of(seconds % _DAY_SECONDS - _offset(found['zone']))}{_END}{fraction}"


def _duration(text: str, name: str) -> str | None:
    """The place of a duration; a month counts as an average one, since it has no length of its own."""
    found = _DURATION.fullmatch(text)
    if found is None or len(text) > LONGEST:
        return None
    parts = {unit: int(found[unit] or 0) for unit in ("years", "months", "days", "hours", "minutes", "seconds")}
    if (name == "yearMonthDuration" and _YEARS_AND_MONTHS.fullmatch(text) is None) or (
        name == "dayTimeDuration" and (found["years"] or found["months"])
    ):
        return None
    months = parts["years"] * 12 + parts["months"]
    seconds = ((parts["days"] * 24 + parts["hours"]) * 60 + parts["minutes"]) * 60 + parts["seconds"]
    total, fraction = months * _MONTH_SECONDS + seconds, (found["fraction"] or "").rstrip("0")
    if not found["sign"]:
        return f"{place_of(total)}{_END}{fraction}"
    if not fraction:
        return f"{place_of(-total)}{_END}"
    # The floor of what is below zero, and what is above it.
    above = str(10 ** len(fraction) - int(fraction)).rjust(len(fraction), "0")
    return f"{place_of(-total - 1)}{_END}{above}"


CALENDAR, TIME, DURATION = "4", "5", "6"
"""Kinds: what has a place on one line of time; times of a day; durations."""
PLACES: Final[Mapping[str, tuple[str, Callable[[str, str], str | None], str]]] = MappingProxyType(
    {XSD + name: (CALENDAR, _calendar, name) for name in _CALENDAR}
    | {XSD + "time": (TIME, _time, "time")}
    | {XSD + name: (DURATION, _duration, name) for name in ("duration", "yearMonthDuration", "dayTimeDuration")}
)
"""For each datatype its kind, what gives the place of a literal among that kind (None if ill-typed), and its name."""


def place(text: str, datatype: str) -> tuple[str, str | None]:
    """The kind of a literal of a datatype among `PLACES`, and its place among those of that kind; None if ill-typed.

    Places are strings, in the order of code points as the values are in their own.

    >>> of = lambda text, name="dateTime": place(text, XSD + name)[1]
    >>> of("2020-01-01T01:00:00+02:00") < of("2019", "gYear") < of("2020-01-01", "date") < of("2020-01-01T00:00:00")
    False
    >>> of("2019-12-31T23:00:00Z") == of("2020-01-01T01:00:00+02:00"), of("2020-02-30", "date")
    (True, None)
    >>> of("P1Y", "yearMonthDuration") == of("P12M", "duration"), of("-PT0.5S", "duration") < of("PT0S", "duration")
    (True, True)
    """
    kind, maker, name = PLACES[datatype]
    return kind, maker(text, name)


# --- sums (XPath 2.0 functions, 10.8)


def _date_of(days: int) -> tuple[int, int, int]:
    """The year, month and day of a number that `_days` gave.

    >>> _date_of(_days(2020, 2, 29)), _date_of(_days(-1, 12, 31))
    ((2020, 2, 29), (-1, 12, 31))
    """
    year = days * 400 // 146_097
    while _days(year, _MARCH, 1) > days:
        year -= 1
    while _days(year + 1, _MARCH, 1) <= days:
        year += 1
    month, number = _MARCH, year
    while True:
        following = (number, month + 1) if month < _DECEMBER else (number + 1, 1)
        if _days(*following, 1) > days:
            return number, month, days - _days(number, month, 1) + 1
        number, month = following


@dataclass(frozen=True, slots=True)
class Months:
    """A duration of months, of years as well."""

    count: int


def months(text: str, datatype: str) -> Months | None:
    """The duration that a literal of xsd:yearMonthDuration stands for; None for all else."""
    if datatype != XSD + "yearMonthDuration" or len(text) > LONGEST or _YEARS_AND_MONTHS.fullmatch(text) is None:
        return None
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    count = int(found["years"] or 0) * 12 + int(found["months"] or 0)
    return Months(-count if found["sign"] else count)


def later(text: str, datatype: str, by: Months) -> str | None:
    """A dateTime or date some months later: the same day, or the last one of a shorter month.

    None if the literal is neither, or ill-typed.

    >>> later("2020-01-31T00:00:00Z", XSD + "dateTime", Months(1)), later("2020-03-31", XSD + "date", Months(-13))
    ('2020-02-29T00:00:00Z', '2019-02-28')
    """
    name = datatype.removeprefix(XSD)
    if name not in {"dateTime", "date", "dateTimeStamp"} or _calendar(text, name) is None:
        return None
    found = _CALENDAR[name].fullmatch(text)
    assert found is not None, "what has a place is well formed"
    year, rest = divmod(int(found["year"]) * 12 + int(found["month"]) - 1 + by.count, 12)
    day = min(int(found["day"]), month_length(year, rest + 1))
    return _written(year, rest + 1, day) + text[found.end("day") :]


def _written(year: int, month: int, day: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def date_later(date: str, duration: str) -> str | None:
    """A date a dayTimeDuration later: the day on which its first instant falls then; None if either is ill-typed.

    >>> date_later("2020-02-28Z", "P1DT23H"), date_later("2020-01-01", "-PT1S"), date_later("2020-01-01", "P1M")
    ('2020-02-29Z', '2019-12-31', None)
    """
    found, length = _CALENDAR["date"].fullmatch(date), _DURATION.fullmatch(duration)
    if found is None or length is None or _calendar(date, "date") is None or len(duration) > LONGEST:
        return None
    if length["years"] or length["months"]:
        return None
    days, hours, minutes, seconds = (int(length[unit] or 0) for unit in ("days", "hours", "minutes", "seconds"))
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if length["sign"]:
        total = -total - bool((length["fraction"] or "").strip("0"))
    day = _days(int(found["year"]), int(found["month"]), int(found["day"])) + total // _DAY_SECONDS
    return _written(*_date_of(day)) + date[found.end("day") :]


def moment_later(moment: str, duration: str) -> str | None:
    """A dateTime a dayTimeDuration later (XPath 2.0 functions, 10.8.2), in its own zone; None if either is ill-typed.

    >>> moment_later("2020-02-28T23:30:00Z", "PT1H"), moment_later("2020-01-01T00:00:00.5", "-PT0.75S")
    ('2020-02-29T00:30:00Z', '2019-12-31T23:59:59.75')
    >>> moment_later("2020-01-01T00:00:00Z", "P1M")
    """
    found, length = _CALENDAR["dateTime"].fullmatch(moment), _DURATION.fullmatch(duration)
    if found is None or length is None or _calendar(moment, "dateTime") is None or len(duration) > LONGEST:
        return None
    if length["years"] or length["months"]:
        return None
    clock, fraction = _clock(found)
    digits = max(len(fraction), len(length["fraction"] or ""))
    days, hours, minutes, seconds = (int(length[unit] or 0) for unit in ("days", "hours", "minutes", "seconds"))
    span = _scaled(((days * 24 + hours) * 60 + minutes) * 60 + seconds, length["fraction"] or "", digits)
    start = _days(int(found["year"]), int(found["month"]), int(found["day"])) * _DAY_SECONDS + clock
    whole, rest = divmod(_scaled(start, fraction, digits) + (-span if length["sign"] else span), 10**digits)
    day, second = divmod(whole, _DAY_SECONDS)
    shown = f"{second // 3600:02d}:{second % 3600 // 60:02d}:{second % 60:02d}"
    part = str(rest).rjust(digits, "0").rstrip("0") if rest else ""
    return f"{_written(*_date_of(day))}T{shown}{'.' + part if part else ''}{found['zone'] or ''}"


def _scaled(seconds: int, fraction: str, digits: int) -> int:
    """Seconds as a whole number of their smallest part."""
    return seconds * int(10**digits) + int(fraction.ljust(digits, "0") or "0")
