"""Dates and periods in words: EDTF (ISO 8601-2, levels 0 and 1 as far as they are in use here) and XSD dates.

What a date leaves open stays open: a year is no day, and what is uncertain is called so.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date

from server.pages.language import by_language
from server.pages.phrases.numbers import locale_of

_DATE: Final = re.compile(r"(-?)(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)", re.ASCII)
_SPAN: Final = re.compile(r"(\d{2,3})(X{1,2})", re.ASCII)
_YEAR_DIGITS: Final = 4


@lru_cache(4096)
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
    words = _WORDS[language]
    begin, end = (_one(part, language) if part not in _OPEN else part for part in (first, last))
    if begin is None or end is None or (begin in _OPEN and end in _OPEN):
        return None
    if end in _OPEN:
        return words["since" if end else "from"].format(begin=begin)
    if begin in _OPEN:
        return words["until" if begin else "to"].format(end=end)
    # French says "du 1 au 2 juillet", and "de 2024 à 2026".
    by_days = first.count("-") == 2 and last.count("-") == 2  # noqa: PLR2004 -- year, month and day
    return words["days" if by_days else "interval"].format(begin=begin, end=end)


_OPEN: Final = frozenset({"", ".."})
"""An end that nobody knows, and one that there is not (EDTF, level 1)."""


def _one(text: str, language: str) -> str | None:
    words = _WORDS[language]
    if span := _SPAN.fullmatch(text):
        if len(text) != _YEAR_DIGITS:
            return None
        begin, end = (int(span[1] + digit * len(span[2])) for digit in "09")
        return words["span"].format(begin=begin, end=end)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    sign, year, month, day, quality = found.groups()
    plain = _plain(int(sign + year), month, day, language)
    return plain if plain is None or not quality else words[quality].format(date=plain)


def _plain(year: int, month: str | None, day: str | None, language: str) -> str | None:
    """A date without reserve; years before the first are counted by historians from 1 BC (ISO 8601, year 0)."""
    if month is None:
        return str(year) if year > 0 else _WORDS[language]["before"].format(year=1 - year)
    try:
        it = date(year, int(month), int(day or "1"))
    except ValueError:
        return None
    if day is None:
        return format_date(it, "MMMM y" if language != "ar" else "LLLL y", locale=locale_of(language))
    return format_date(it, "long", locale=locale_of(language))


_TABLE: Final = (
    # what, English, French, Arabic
    ("~", "about {date}", "vers {date}", "نحو {date}"),
    ("?", "{date}, uncertain", "{date}, incertain", "{date}، غير مؤكد"),
    ("%", "about {date}, uncertain", "vers {date}, incertain", "نحو {date}، غير مؤكد"),
    ("before", "{year} BC", "{year} av. J.-C.", "{year} قبل الميلاد"),
    ("days", "from {begin} to {end}", "du {begin} au {end}", "من {begin} إلى {end}"),
    ("from", "from {begin} to an unknown end", "de {begin} à une fin inconnue", "من {begin} إلى نهاية غير معروفة"),
    ("interval", "from {begin} to {end}", "de {begin} à {end}", "من {begin} إلى {end}"),
    ("since", "since {begin}", "depuis {begin}", "منذ {begin}"),
    ("span", "a year from {begin} to {end}", "une année de {begin} à {end}", "سنة بين {begin} و{end}"),
    ("to", "from an unknown beginning to {end}", "d'un début inconnu à {end}", "من بداية غير معروفة إلى {end}"),
    ("until", "until {end}", "jusqu'à {end}", "إلى غاية {end}"),
)  # fmt: skip
_WORDS: Final = by_language(_TABLE)
