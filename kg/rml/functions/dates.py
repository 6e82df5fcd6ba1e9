"""Functions of dates by format, with the names of months in French, English and Arabic of the Maghreb and the Mashriq.

Formats are those of Java and OpenRefine (`dd/MM/yyyy`), or those of C (`%d/%m/%Y`). What is read becomes a date, a
time, or a year with or without its month, as the format has it (XML Schema part 2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from kg.dates.months import NAMES, months
from kg.errors import nearest
from kg.folding import fold
from kg.rdf.grammar import XSD
from kg.rml.functions.numbers import to_digits
from kg.rml.mapping.functions import Refused
from kg.rml.mapping.values import Typed, form_of

_LONGEST: Final = 100
"""Characters of a date, or of a format."""
_PIECES: Final = re.compile(r"'([^']*)'|%([A-Za-z%])|([A-Za-z])\3*|(.)", re.DOTALL)
_BAR: Final = re.compile(r"\|(?=(?:[^']*'[^']*')*[^']*$)")
"""A bar that does not stand in quotes."""
_OF_C: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Y": "yyyy",
        "y": "yy",
        "m": "MM",
        "d": "dd",
        "B": "MMMM",
        "b": "MMM",
        "H": "HH",
        "M": "mm",
        "S": "ss",
        "A": "EEEE",
    }
)
_DIGITS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "yyyy": ("year", "[0-9]{4}"),
        "uuuu": ("year", "[0-9]{4}"),
        "yy": ("short", "[0-9]{2}"),
        "MM": ("month", "[0-9]{1,2}"),
        "M": ("month", "[0-9]{1,2}"),
        "dd": ("day", "[0-9]{1,2}"),
        "d": ("day", "[0-9]{1,2}"),
        "HH": ("hour", "[0-9]{1,2}"),
        "H": ("hour", "[0-9]{1,2}"),
        "mm": ("minute", "[0-9]{2}"),
        "ss": ("second", "[0-9]{2}"),
    }
)
_WORD: Final = r"[^\W\d_]+\.?(?: (?:ال|ا)[^\W\d_]+)?"
_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    dict.fromkeys(("MMMM", "MMM"), ("name", _WORD)) | dict.fromkeys(("EEEE", "EEE", "E"), ("weekday", _WORD))
)
"""Each stands once in a format: many words with nothing between them would be tried in every way."""


def to_date(text: str, format: str, language: str = "") -> date | Typed:  # noqa: A002 -- what it is called everywhere
    """A date by its format, as `dd/MM/yyyy`, or the first that fits of several with bars between; `MMMM` is the name of
    a month in `ar`, `fr` or `en`, or in all of them."""
    if len(text) > _LONGEST:
        raise Refused(f"a date has at most {_LONGEST} characters", None, text)
    formats = _formats(format)
    return _to_date(text, formats[0], language) if len(formats) == 1 else _first_date(text, formats, language)


@lru_cache(256)
def _formats(format_: str) -> tuple[str, ...]:
    """The formats of one that may be several; a bar in quotes is a bar of the text."""
    if len(format_) > _LONGEST:
        raise Refused(f"a format has at most {_LONGEST} characters")
    return tuple(map(str.strip, _BAR.split(format_)))


def _first_date(text: str, formats: Sequence[str], language: str) -> date | Typed:
    for one in formats:
        try:
            return _to_date(text, one, language)
        except Refused:
            _shape(one)  # the format itself may be what is refused
    raise Refused(f"{text!r} is no date of {', '.join(formats[:-1])} or {formats[-1]}", None, text)


def days(texts: Sequence[str], format_: str) -> list[date | Typed] | None:
    """The days of many texts, where a format of digits fits each of them as it is; else nothing."""
    lines = _lines(format_)
    joined = "\n".join(texts)
    found = [] if lines is None else lines.findall(joined)
    if lines is None or len(found) != len(texts) or joined.count("\n") != len(texts) - 1:
        return None
    numbers = {name: map(int, column) for name, column in zip(lines.groupindex, zip(*found, strict=True), strict=True)}
    try:
        return list(map(date, numbers["year"], numbers["month"], numbers["day"]))
    except ValueError:
        return None  # who reads them one by one tells which


def normalize_date(text: str, format: str, language: str = "") -> str:  # noqa: A002 -- what it is called everywhere
    """The same as a text: `2024-12-25`."""
    return form_of(to_date(text, format, language))[0]


@lru_cache(1 << 14)
def _to_date(text: str, format_: str, language: str) -> date | Typed:
    shape, is_plain = _shape(format_)
    found = shape.fullmatch(text) or shape.fullmatch(" ".join(to_digits(text).split()))
    if found is None:
        raise Refused(f"{text!r} is no date of {format_}", None, text)
    if is_plain:
        return _day(found["year"], found["month"], found["day"], text, format_)
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    if "name" in parts:
        parts["month"] = str(month_of(parts["name"], language))
    year = parts["year"] if "year" in parts else _century(int(parts["short"]))
    day = _day(year, parts.get("month", 1), parts.get("day", 1), text, format_)
    if "hour" in parts:
        return _time_of(day, parts, text)
    if "day" in parts:
        return day
    written = day.isoformat()
    return Typed(written[:7], XSD + "gYearMonth") if "month" in parts else Typed(written[:4], XSD + "gYear")


def _day(year: str | int, month: str | int, day: str | int, text: str, format_: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Refused(f"{text!r} is no day of the calendar", f"it is read as {format_}", text) from None


def _time_of(day: date, parts: Mapping[str, str], text: str) -> Typed:
    hour, minute, second = (int(parts.get(name, 0)) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 -- of a clock
        raise Refused(f"{text!r} has no time of a day", None, text)
    return Typed(f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}", XSD + "dateTime")


def _century(year: int) -> int:
    """Two digits of a year, as C and Python read them: 69 to 99 are of the last century."""
    return year + (1900 if year >= 69 else 2000)  # noqa: PLR2004 -- POSIX, strptime


@lru_cache(256)
def _shape(format_: str) -> tuple[re.Pattern[str], bool]:
    """What texts of a format look like, and whether they are a day in digits and nothing else.

    :raises Refused: if it has a letter that means nothing here
    """
    if len(format_) > _LONGEST:
        raise Refused(f"a format has at most {_LONGEST} characters")
    seen: set[str] = set()
    pieces = [_piece(found, format_, seen) for found in _PIECES.finditer(" ".join(format_.split()))]
    if not seen & {"year", "short"}:
        raise Refused(f"the format {format_!r} has no year", "yyyy is its year, MM its month, dd its day")
    if "day" in seen and not seen & {"month", "name"}:
        raise Refused(f"the format {format_!r} has a day without a month", "MM is a month, mm are minutes")
    return re.compile("".join(pieces)), seen == {"year", "month", "day"}


@lru_cache(256)
def _lines(format_: str) -> re.Pattern[str] | None:
    """What lines that are a day in digits look like, where the format is one of those and no day of it is too long."""
    if len(_formats(format_)) > 1:
        return None
    shape, is_plain = _shape(format_)
    return re.compile(f"^{shape.pattern}$", re.MULTILINE) if is_plain and len(format_) <= _LONGEST // 2 else None


def _piece(found: re.Match[str], format_: str, seen: set[str]) -> str:
    quoted, of_c, _, other = found.groups()
    if quoted is not None:
        return re.escape(quoted or "'")
    if other is not None or of_c == "%":
        return re.escape(other or "%")
    token = _OF_C.get(of_c, "") if of_c else found[0]
    name, shape = _DIGITS.get(token, _WORDS.get(token, ("", "")))
    if not name:
        hint = nearest(token, [*_DIGITS, *_WORDS]) or "letters that mean themselves stand in '...'"
        raise Refused(f"{found[0]!r} of the format {format_!r} is not known", hint)
    if name in seen or {name, *seen} >= {"year", "short"} or {name, *seen} >= {"month", "name"}:
        raise Refused(f"the format {format_!r} has its {'year' if name == 'short' else name} twice")
    seen.add(name)
    return f"(?P<{name}>{shape})"


def month_number(text: str, language: str = "") -> int:
    """The number of a month by its name in `ar`, `fr` or `en`, or in all of them: غشت, آب and août are 8."""
    if len(text) > _LONGEST:
        raise Refused(f"a month has at most {_LONGEST} characters", None, text)
    return month_of(text, language)


def month_of(name: str, language: str) -> int:
    """The number of a month.

    :raises Refused: if the language has none of that name
    """
    known = _months(language)
    number = known.get(fold(name))
    if number is None:
        raise Refused(f"{name!r} is no month", nearest(fold(name), known), name)
    return number


def _months(language: str) -> Mapping[str, int]:
    plain = language.partition("-")[0]
    if plain and plain not in NAMES:
        raise Refused(f"months of '{language}' are not known", f"known: {', '.join(NAMES)}")
    return months(plain)


def check(given: Mapping[str, Any]) -> None:
    """A format has a meaning, and the months of a language are known.

    :raises Refused: if that is not so
    """
    if "format" in given:
        for one in _formats(given["format"]):
            _shape(one)
    if "language" in given:
        _months(given["language"])
