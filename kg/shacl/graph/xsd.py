"""Values of XML Schema compared as SPARQL's `<` compares them (SPARQL 1.1, section 17.3; XML Schema 1.1 part 2).

What has no order with another value is not comparable: a text with a number, a time that has no zone with one that has
where fourteen hours decide, `NaN` with anything, and whatever is no lexical form of its datatype.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from kg.rdf.grammar import is_lexical

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
STRING: Final = XSD + "string"
LANG_STRING: Final = RDF + "langString"
DIR_LANG_STRING: Final = RDF + "dirLangString"
"""Of texts whose direction is said (RDF 1.2 Concepts, section 3.4)."""
Parts = tuple[str, str, str | None]
"""Of a literal: its text, its datatype and its language."""
_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
        "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_EXACT: Final = _INTEGERS | {XSD + "decimal"}
_FLOATS: Final = frozenset({XSD + "double", XSD + "float"})
_MOMENTS: Final = {
    XSD + "dateTime": "dateTime",
    XSD + "dateTimeStamp": "dateTime",
    XSD + "date": "date",
    XSD + "time": "time",
    XSD + "gYear": "gYear",
    XSD + "gYearMonth": "gYearMonth",
}
_MOMENT: Final = re.compile(
    r"(?:(?P<year>-?\d{4,})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?)?T?"
    r"(?:(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?))?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_DURATION: Final = re.compile(
    r"(?P<sign>-?)P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<D>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?"
)
Moment = tuple[int | Fraction, bool]
"""Seconds since the first of March of the year 0, and whether a time zone is told."""
_FOURTEEN_HOURS: Final = 14 * 3600
Value = tuple[str, object]
"""The kind of a value, within which there is an order, and the value."""


def is_well_formed(parts: Parts) -> bool:
    """Whether a literal is no ill-typed one: its text is a lexical form of its datatype (RDF 1.1 Concepts, 3.3).

    >>> is_well_formed(("1e3", XSD + "decimal", None)), is_well_formed(("12026-02-28", XSD + "date", None))
    (False, True)
    """
    text, datatype, language = parts
    return language is not None if datatype in {LANG_STRING, DIR_LANG_STRING} else is_lexical(text, datatype)


def compare(left: Parts, right: Parts) -> int | None:
    """-1, 0 or 1 where two literals have an order, else None.

    >>> date = XSD + "date"
    >>> compare(("-0044-03-15", date, None), ("12026-02-28", date, None))
    -1
    >>> compare(("0.30000000000000001", XSD + "decimal", None), ("0.3", XSD + "decimal", None))
    1
    >>> compare(("7", STRING, None), ("5", XSD + "integer", None)) is None
    True
    >>> stamp = XSD + "dateTime"
    >>> compare(("2026-01-01T05:00:00", stamp, None), ("2026-01-01T00:00:00Z", stamp, None)) is None
    True
    """
    first, second = value_of(left), value_of(right)
    if first is None or second is None:
        return None
    if first[0] == second[0] and isinstance(first[1], tuple) and isinstance(second[1], tuple):
        return _compare_moments(first[1], second[1])
    if {first[0], second[0]} == {"exact", "float"}:
        first, second = ("float", float(first[1])), ("float", float(second[1]))  # type: ignore[arg-type]
    if first[0] != second[0]:
        return None
    one, other = first[1], second[1]
    return -1 if one < other else 1 if one > other else 0 if one == other else None  # type: ignore[operator]


@lru_cache(1 << 16)
def value_of(parts: Parts) -> Value | None:
    """The value of a literal with its kind; None where it is ill-typed or has no order.

    >>> value_of(("1.50", XSD + "decimal", None)), value_of(("x", XSD + "integer", None))
    (('exact', Decimal('1.50')), None)
    """
    text, datatype, language = parts
    if datatype == STRING:
        return "string", text
    if language is not None or not is_lexical(text, datatype):
        return None
    if datatype in _EXACT:
        return "exact", Decimal(text)
    if datatype in _FLOATS:
        return "float", float(text.replace("INF", "inf"))
    return _other_value(text, datatype)


def _other_value(text: str, datatype: str) -> Value | None:
    if datatype == XSD + "boolean":
        return "boolean", text in {"true", "1"}
    if datatype in _MOMENTS:
        return _MOMENTS[datatype], _moment(text, timed=datatype == XSD + "time")
    if datatype in {XSD + "dayTimeDuration", XSD + "yearMonthDuration"}:
        return datatype, _length(text)
    return None


def _compare_moments(left: Moment, right: Moment) -> int | None:
    (one, zoned), (other, also_zoned) = left, right
    if zoned == also_zoned:
        return (one > other) - (one < other)
    apart = one - other if one > other else other - one
    if apart <= _FOURTEEN_HOURS:  # XML Schema 1.1 part 2, appendix E.3.3
        return None
    return -1 if one < other else 1


def _moment(text: str, *, timed: bool) -> Moment:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"not a moment: {text!r}")
    days = 0 if timed else _days(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    seconds: int | Fraction = days * 86400
    if found["hour"]:
        second = found["second"]
        seconds += int(found["hour"]) * 3600 + int(found["minute"]) * 60
        seconds += int(second) if second.isdigit() else Fraction(second)
    zone = found["zone"]
    if zone and zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[4:]) * 60
        seconds -= offset if zone[0] == "+" else -offset
    return seconds, zone is not None


def _days(year: int, month: int, day: int) -> int:
    """Days since the first of March of the year 0, in the Gregorian calendar without end in either direction."""
    year, month = (year - 1, month + 9) if month < 3 else (year, month - 3)  # noqa: PLR2004 -- years that begin in March
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 1


def _length(text: str) -> Fraction:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"not a duration: {text!r}")
    months = int(found["Y"] or 0) * 12 + int(found["M"] or 0)
    seconds = int(found["D"] or 0) * 86400 + int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60
    total = Fraction(months) if months else seconds + Fraction(found["s"] or 0)
    return -total if found["sign"] else total
