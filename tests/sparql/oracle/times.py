"""Dates, times and durations by XML Schema Part 2 and XPath and XQuery Functions, section 10."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sparql.oracle.terms import XSD, Literal, Wrong

ZONE = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
DAY = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
CLOCK = r"(?P<hour>[01][0-9]|2[0-4]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
FORMS = {XSD + "dateTime": f"{DAY}T{CLOCK}{ZONE}", XSD + "date": f"{DAY}{ZONE}", XSD + "time": f"{CLOCK}{ZONE}"}
LASTING = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
DURATIONS = {XSD + "duration", XSD + "dayTimeDuration", XSD + "yearMonthDuration"}
FOURTEEN_HOURS = 14 * 3600


@dataclass(frozen=True)
class Moment:
    """A dateTime, date or time; `zone` is minutes east of Greenwich, or None."""

    datatype: str
    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: Decimal
    zone: int | None

    @property
    def local(self) -> Decimal:
        """Seconds since the first day of year 1, as the clock on the wall says."""
        days = days_before(self.year, self.month) + self.day - 1
        return Decimal((days * 24 + self.hour) * 60 + self.minute) * 60 + self.second

    @property
    def instant(self) -> Decimal:
        """Seconds on the time line of Greenwich; without a zone, as if it stood there."""
        return self.local - 60 * (self.zone or 0)


@dataclass(frozen=True)
class Lasting:
    """A duration: months and seconds, of one sign."""

    datatype: str
    months: int
    seconds: Decimal


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def days_before(year: int, month: int) -> int:
    """Days of the proleptic Gregorian calendar from the first of January of year 1 to the first of a month."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + sum(days_in(year, m) for m in range(1, month))


def moment_of(term: object) -> Moment | None:
    """The point in time that a literal means; None for anything else, and for an ill-typed literal."""
    if not isinstance(term, Literal) or term.datatype not in FORMS:
        return None
    return parse_moment(term.lexical, term.datatype)


def parse_moment(text: str, datatype: str) -> Moment | None:
    found = re.fullmatch(FORMS[datatype], text)
    if found is None:
        return None
    parts = found.groupdict()
    year, month, day = (
        int(parts.get(name) or default) for name, default in (("year", 1972), ("month", 12), ("day", 31))
    )
    hour, minute, second = int(parts.get("hour") or 0), int(parts.get("minute") or 0), Decimal(parts.get("second") or 0)
    if day > days_in(year, month) or (hour == 24 and (minute or second)):
        return None
    zone = zone_of(parts["zone"])
    if hour == 24:
        midnight = Moment(datatype, year, month, day, 0, 0, second, zone)
        return midnight if datatype == XSD + "time" else at(midnight.local + 86400, datatype, zone)
    return Moment(datatype, year, month, day, hour, minute, second, zone)


def zone_of(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return -minutes if text[0] == "-" else minutes


def at(local: Decimal, datatype: str, zone: int | None) -> Moment:
    """The moment when the clock on the wall says so many seconds since the first day of year 1."""
    days, rest = int(local // 86400), local % 86400
    if rest < 0:
        days, rest = days - 1, rest + 86400
    year = days // 366 + 1
    while days_before(year + 1, 1) <= days:
        year += 1
    while days_before(year, 1) > days:
        year -= 1
    month = next(m for m in range(12, 0, -1) if days_before(year, m) <= days)
    day = days - days_before(year, month) + 1
    return Moment(datatype, year, month, day, int(rest // 3600), int(rest % 3600 // 60), rest % 60, zone)


def lasting_of(term: object) -> Lasting | None:
    if not isinstance(term, Literal) or term.datatype not in DURATIONS:
        return None
    return parse_lasting(term.lexical, term.datatype)


def parse_lasting(text: str, datatype: str) -> Lasting | None:
    found = LASTING.fullmatch(text)
    if found is None or not any(found[name] for name in found.groupdict() if name != "sign") or text.endswith("T"):
        return None
    calendar, clock = (
        (found["years"], found["months"]),
        (found["days"], found["hours"], found["minutes"], found["seconds"]),
    )
    wrong = {XSD + "dayTimeDuration": calendar, XSD + "yearMonthDuration": clock}.get(datatype, ())
    if any(part is not None for part in wrong) or (datatype == XSD + "yearMonthDuration" and "T" in text):
        return None
    months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
    days, hours, minutes = (int(part or 0) for part in clock[:3])
    seconds = Decimal(((days * 24) + hours) * 60 + minutes) * 60 + Decimal(found["seconds"] or 0)
    sign = -1 if found["sign"] else 1
    return Lasting(datatype, sign * months, sign * seconds)


def compare(left: Moment, right: Moment) -> int | None:
    """Before, equal or after: -1, 0 or 1; None where only one has a zone and they are less than 14 hours apart.

    XML Schema Part 2, section 3.2.7.4: the order of such pairs is indeterminate.
    """
    a, b = left.instant, right.instant
    if (left.zone is None) != (right.zone is None) and abs(a - b) <= FOURTEEN_HOURS:
        return None
    return (a > b) - (a < b)


def compare_lasting(left: Lasting, right: Lasting) -> int | None:
    """Shorter, equal or longer; None if that depends on which months are meant (XML Schema Part 2, section 3.2.6.2)."""
    starts = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
    signs = set()
    for year, month in starts:
        a, b = (after_months(year, month, one.months) * 86400 + one.seconds for one in (left, right))
        signs.add((a > b) - (a < b))
    return signs.pop() if len(signs) == 1 else None


def after_months(year: int, month: int, months: int) -> int:
    whole = year * 12 + month - 1 + months
    return days_before(whole // 12, whole % 12 + 1)


def add(moment: Moment, lasting: Lasting) -> Moment:
    """XPath and XQuery Functions, section 10.8; the day is the last of its month if that has no such day."""
    whole = moment.year * 12 + moment.month - 1 + lasting.months
    year, month = whole // 12, whole % 12 + 1
    if year <= 0:
        raise Wrong("a year before 1")
    day = min(moment.day, days_in(year, month))
    moved = Moment(moment.datatype, year, month, day, moment.hour, moment.minute, moment.second, moment.zone)
    return at(moved.local + lasting.seconds, moment.datatype, moment.zone)


def write_moment(moment: Moment) -> Literal:
    second = f"{moment.second:f}".rstrip("0").rstrip(".") if "." in f"{moment.second:f}" else f"{moment.second:f}"
    head, tail = second.partition(".")[::2]
    clock = f"{moment.hour:02d}:{moment.minute:02d}:{head:0>2}{'.' + tail if tail else ''}"
    day = f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
    text = {"dateTime": f"{day}T{clock}", "date": day, "time": clock}[moment.datatype.removeprefix(XSD)]
    return Literal(text + write_zone(moment.zone), moment.datatype)


def write_zone(zone: int | None) -> str:
    if zone is None:
        return ""
    return "Z" if zone == 0 else f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02d}:{abs(zone) % 60:02d}"


def write_seconds(seconds: Decimal) -> str:
    """A dayTimeDuration in its canonical form (XML Schema 1.1 Part 2, section E.2)."""
    sign, rest = ("-" if seconds < 0 else ""), abs(seconds)
    days, hours, minutes, rest = int(rest // 86400), int(rest % 86400 // 3600), int(rest % 3600 // 60), rest % 60
    text = f"{rest:f}".rstrip("0").rstrip(".") if "." in f"{rest:f}" else f"{rest:f}"
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{text}S" if rest else "")
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{f'{days}D' if days else ''}{'T' + clock if clock else ''}"


def write_months(months: int) -> str:
    """A yearMonthDuration in its canonical form."""
    years, rest = divmod(abs(months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest or not years else "")
    return f"{'-' if months < 0 else ''}P{text}"
