"""Dates and periods in words: EDTF (ISO 8601-2, levels 0 and 1 as far as they are in use here) and XSD dates.

What a date leaves open stays open: a year is no day, and what is uncertain is called so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from babel.dates import format_date, format_skeleton

from server.pages.language import words
from server.pages.phrases.numbers import locale_of

_DATE: Final = re.compile(r"(-?)(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)", re.ASCII)
_SPAN: Final = re.compile(r"(\d{2,3})(X{1,2})", re.ASCII)
_YEAR_DIGITS: Final = 4
_QUALITIES: Final[Mapping[str, str]] = MappingProxyType(
    {"~": "approximate", "?": "uncertain", "%": "approximate-uncertain"}
)


def date_in_words(text: str, language: str) -> str | None:
    """A date or an interval in words; None for what this program cannot read.

    >>> date_in_words("2026-01-12", "en"), date_in_words("2025-09", "fr"), date_in_words("2030", "ar")
    ('January 12, 2026', 'septembre 2025', '2030')
    >>> date_in_words("2024/2026", "fr"), date_in_words("2025-07-01/..", "en"), date_in_words("../2030", "ar")
    ('de 2024 à 2026', 'since July 1, 2025', 'إلى غاية 2030')
    >>> date_in_words("2026~", "en"), date_in_words("202X", "en"), date_in_words("2026-21", "en")
    ('about 2026', 'a year from 2020 to 2029', None)
    """
    first, interval, last = text.partition("/")
    if not interval:
        return _one(text, language)
    said = words(language, "dates")
    begin, end = (_one(part, language) if part not in _OPEN else part for part in (first, last))
    if begin is None or end is None or (begin in _OPEN and end in _OPEN):
        return None
    if end in _OPEN:
        return said["since" if end else "from"].format(begin=begin)
    if begin in _OPEN:
        return said["until" if begin else "to"].format(end=end)
    # French says "du 1 au 2 juillet", and "de 2024 à 2026".
    by_days = first.count("-") == 2 and last.count("-") == 2  # noqa: PLR2004 -- year, month and day
    return said["days" if by_days else "interval"].format(begin=begin, end=end)


_OPEN: Final = frozenset({"", ".."})
"""An end that nobody knows, and one that there is not (EDTF, level 1)."""


def _one(text: str, language: str) -> str | None:
    said = words(language, "dates")
    if span := _SPAN.fullmatch(text):
        if len(text) != _YEAR_DIGITS:
            return None
        begin, end = (int(span[1] + digit * len(span[2])) for digit in "09")
        return said["span"].format(begin=begin, end=end)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    sign, year, month, day, quality = found.groups()
    plain = _plain(int(sign + year), month, day, language)
    return plain if plain is None or not quality else said[_QUALITIES[quality]].format(date=plain)


def _plain(year: int, month: str | None, day: str | None, language: str) -> str | None:
    """A date without reserve; years before the first are counted by historians from 1 BC (ISO 8601, year 0)."""
    if month is None:
        return str(year) if year > 0 else words(language, "dates")["before"].format(year=1 - year)
    try:
        it = date(year, int(month), int(day or "1"))
    except ValueError:
        return None
    return _by_locale(it, language, whole=day is not None)


@lru_cache(4096)
def _by_locale(it: date, language: str, *, whole: bool) -> str:
    """A day, or its month, as CLDR has it."""
    if whole:
        return format_date(it, "long", locale=locale_of(language))
    return format_skeleton("yMMMM", it, locale=locale_of(language))
