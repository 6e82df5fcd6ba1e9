"""How a date is to be written that people write as they say it, as an error says it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import Final

from kg.dates.months import months
from kg.folding import fold
from kg.terms import is_edtf

_HIJRI: Final = frozenset(
    fold(name)
    for names in (
        "هـ هجري هجرية هجريا محرم صفر ربيع جمادى رجب شعبان رمضان شوال القعدة الحجة AH hijri",
        "muharram safar rabi jumada rajab chaabane shaban ramadan shawwal chaoual",
    )
    for name in names.split(" ")
)
"""Words of a date of the Islamic calendar; of its months, words that stand in no other date."""
_LEFT: Final = "write the Gregorian date, and these words in a term for text beside it, such as periodText"
_NUMBERS: Final = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})", re.ASCII)
_QUARTER: Final = re.compile(
    r"(\d{4})[ -/]?[QT]([1-4])|[QT]([1-4])[ -/]?(\d{4})|(\d{4})-3([3-6])", re.ASCII | re.IGNORECASE
)
"""Quarters as people write them, and as the Extended Date/Time Format does at level 2."""
_YEARS: Final = re.compile(r"(?<!\d)(\d{4})\s*(?:[–—-]|إلى|الى|to|à|au)\s*(\d{4})(?!\d)", re.ASCII)
_GREGORIAN: Final = 1600
"""A year that no text counts by the Islamic calendar."""
_WORD: Final = re.compile(r"\w+")


def date_meant(text: str) -> str | None:
    """How a text is written that is a date and not in the Extended Date/Time Format; None if it tells too little.

    >>> date_meant("12/25/2027"), date_meant("2027/12/5"), date_meant("3 May 2031")
    ('write 2027-12-25', 'write 2027-12-05', 'write 2031-05-03')
    >>> date_meant("دجنبر ٢٠٢٧"), date_meant("T2 2028")
    ('write 2027-12', 'write 2028-04/2028-06')
    >>> date_meant("12/05/2027"), date_meant("2025-13")
    ('write 2027-05-12 or 2027-12-05, as it is meant', None)
    >>> date_meant("1448 هـ")
    'write the Gregorian date, and these words in a term for text beside it, such as periodText'
    """
    western = "".join(str(unicodedata.decimal(sign, sign)) for sign in text.strip())
    words = [fold(word) for word in _WORD.findall(western)]
    if not _HIJRI.isdisjoint(words) and not any(word.isdecimal() and int(word) >= _GREGORIAN for word in words):
        return _LEFT
    made = chain(_counted(western), _between(western), [western], _named(words))
    found = [*dict.fromkeys(one for one in made if is_edtf(one))]
    return f"write {' or '.join(found[:2])}{', as it is meant' if len(found) > 1 else ''}" if found else None


def _counted(text: str) -> Iterator[str]:
    """Days in numbers, with the year at either end; which of the others is the month is not always known."""
    if match := _NUMBERS.fullmatch(text):
        first, middle, last = match.groups()
        if len(first) == 4:  # noqa: PLR2004 -- digits of a year
            yield f"{first}-{middle:0>2}-{last:0>2}"
        elif len(last) == 4:  # noqa: PLR2004 -- digits of a year
            yield from (f"{last}-{middle:0>2}-{first:0>2}", f"{last}-{first:0>2}-{middle:0>2}")


def _between(text: str) -> Iterator[str]:
    """Quarters of a year, and what begins in one year and ends in another."""
    if match := _YEARS.search(text):
        yield f"{match[1]}/{match[2]}"
    if match := _QUARTER.fullmatch(text):
        year, quarter = match[1] or match[4] or match[5], match[2] or match[3] or str(int(match[6] or 3) - 2)
        yield f"{year}-{3 * int(quarter) - 2:02}/{year}-{3 * int(quarter):02}"


def _named(words: list[str]) -> Iterator[str]:
    """A year among words, with its month and its day, if they are told."""
    if any(re.fullmatch("[qt][1-4]", word) for word in words):
        return
    years = [word for word in words if re.fullmatch(r"\d{4}", word, re.ASCII)]
    named = list(dict.fromkeys(months()[word] for word in words if word in months()))
    days = [word for word in words if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th|er)?", word, re.ASCII)]
    if len(years) != 1 or len(named) > 1 or len(days) > 1 or len(words) == 1 or (days and not named):
        return
    day = re.sub(r"\D", "", days[0]) if days else ""
    yield "-".join([years[0], *(f"{month:02}" for month in named), *([f"{day:0>2}"] if day else [])])
