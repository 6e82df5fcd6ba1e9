"""Values that know their type, as texts and as literals (RML-IO registry, natural mappings; R2RML, section 10.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from kg.rdf.grammar import XSD, is_lexical
from kg.rml.mapping.functions import Kind, Refused

_TEMPORAL: Final = re.compile(r"(?P<whole>.*?)(?:\.(?P<fraction>\d+?)0*)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """A text that its source gives a datatype: it is checked before it becomes a literal."""

    text: str
    datatype: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """What stands where a value should: the reason why there is none."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """What stands where a function should have given a value: the fault, raised only if the value is used."""

    fault: Exception


class Untyped(Exception):
    """A value of a kind that RDF has no literal for."""


def form_of(value: Any) -> tuple[str, str | None]:
    """The lexical form of a value and its datatype; a text has none.

    :raises Untyped: if it is nothing that a literal could be made of

    >>> form_of("7"), form_of(7)[0], form_of(True)[0], form_of(True)[1] == XSD + "boolean"
    (('7', None), '7', 'true', True)
    >>> form_of(Decimal("10.50"))[0], form_of(b"\\xca\\xfe")[0], form_of(float("nan"))[0]
    ('10.5', 'CAFE', 'NaN')
    >>> form_of(datetime(2030, 1, 31, 12, 0, 0, 500000))[0]
    '2030-01-31T12:00:00.5'
    """
    match value:
        case str():
            return value, None
        case bool():
            return ("true" if value else "false"), XSD + "boolean"
        case int():
            return repr(value), XSD + "integer"
        case float():
            return _double(value), XSD + "double"
        case Typed(text, datatype):
            return text, datatype
    return _form_of_seldom(value)


def _form_of_seldom(value: Any) -> tuple[str, str]:
    match value:
        case Decimal():
            return _decimal(value), XSD + "decimal"
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex().upper(), XSD + "hexBinary"
        case datetime():
            return temporal(value.isoformat()), XSD + "dateTime"
        case date():
            return value.isoformat(), XSD + "date"
        case time():
            return temporal(value.isoformat()), XSD + "time"
        case timedelta():
            return _duration(value), XSD + "dayTimeDuration"
    raise Untyped(_named(value))


def _named(value: Any) -> str:
    """What a value is that no literal is made of."""
    match value:
        case Unusable(reason):
            return reason
        case dict():
            return "an object"
        case list():
            return "an array"
    return f"a {type(value).__name__}"


def _double(value: float) -> str:
    if value != value:  # noqa: PLR0124 -- that is what NaN is
        return "NaN"
    if value in {float("inf"), float("-inf")}:
        return "INF" if value > 0 else "-INF"
    return repr(value)


def _decimal(value: Decimal) -> str:
    """The canonical form of XML Schema 1.1 (part 2, section 3.3.3): no zero that says nothing."""
    if not value.is_finite():
        raise Untyped(f"the decimal {value}")
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def temporal(text: str) -> str:
    """A time of a database as XML Schema writes it.

    >>> temporal("2030-01-31 12:00:00.500000+00"), temporal("12:00:00+0530"), temporal("12:00:00.000")
    ('2030-01-31T12:00:00.5Z', '12:00:00+05:30', '12:00:00')
    """
    found = _TEMPORAL.fullmatch(text.replace(" ", "T", 1))
    if found is None or ":" not in text:
        return text
    fraction = f".{found['fraction']}" if (found["fraction"] or "0").strip("0") else ""
    zone = found["zone"] or ""
    if zone not in {"", "Z"}:
        hours, minutes = zone[:3], zone[3:].lstrip(":") or "00"
        zone = "Z" if (hours[1:], minutes) == ("00", "00") else f"{hours}:{minutes}"
    return f"{found['whole']}{fraction}{zone}"


def _duration(value: timedelta) -> str:
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{value.days}D" if value.days else ""
    if not days and not clock:
        clock = "0S"
    return f"{sign}P{days}" + (f"T{clock}" if clock else "")


_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,100}(?:\.\d{0,100})?|\.\d{1,100})", re.ASCII)


def as_kind(value: Any, kind: Kind) -> Any:
    """A value as a parameter of a function takes it.

    :raises Refused: if it cannot be taken so
    :raises Untyped: if it is nothing that a literal could be made of

    >>> as_kind("7", Kind.INTEGER), as_kind(7, Kind.TEXT), as_kind("true", Kind.BOOLEAN), as_kind(7, Kind.ANY)
    (7, '7', True, 7)
    """
    match kind:
        case Kind.TEXT | Kind.TEXTS:
            return form_of(value)[0]
        case Kind.ANY:
            return value
        case Kind.NUMBER | Kind.INTEGER:
            return _as_number(value, kind)
        case Kind.BOOLEAN:
            if isinstance(value, bool):
                return value
            found = {"true": True, "1": True, "false": False, "0": False}.get(form_of(value)[0])
            if found is None:
                raise _refused(value, kind, "written true or false")
            return found
        case Kind.DATE:
            return _as_date(value)
    raise TypeError(kind)


def _as_number(value: Any, kind: Kind) -> int | Decimal:
    if type(value) is int or isinstance(value, Decimal):
        number = Decimal(value)
    else:
        text = form_of(value)[0]
        if not _NUMBER.fullmatch(text):
            hint = "digits only" if kind is Kind.INTEGER else "written with a point: 3.14; else use toNumber"
            raise _refused(value, kind, hint)
        number = Decimal(text)
    if kind is Kind.NUMBER:
        return number
    if number != number.to_integral_value():
        raise _refused(value, kind, "digits only")
    return int(number)


def _as_date(value: Any) -> date:
    text = form_of(value)[0]
    if not is_lexical(text, XSD + "date") or len(text) != len("2030-01-31") or text.startswith("0000"):
        raise _refused(value, Kind.DATE, "dates are written 2030-01-31; others are read by toDate")
    return date.fromisoformat(text)


def _refused(value: Any, kind: Kind, hint: str) -> Refused:
    text = form_of(value)[0]
    return Refused(f"{text[:60]!r} is not {kind}", hint, text)
