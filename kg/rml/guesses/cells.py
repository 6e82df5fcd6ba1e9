"""What the cells of one column are: numbers and dates of a locale, several values, words for nothing, a script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from kg.rml.functions.dates import to_date
from kg.rml.functions.numbers import to_number
from kg.rml.mapping.functions import Refused

_NOTHING: Final = frozenset(
    {
        *("-", "--", "—", "–", "..", "...", "…", ":", "?", "/", "n/a", "na", "#n/a", "n.a.", "null", "none", "nil"),
        *("nd", "n.d.", "n.d", "nc", "n.c.", "s.o.", "sans objet", "non disponible", "néant", "unknown", "inconnu"),
        *("غير متوفر", "غير متاح", "لا يوجد", "غير معروف"),
    }
)
"""What people write where they have no value, in small letters."""
_SEPARATORS: Final = (";", "|", "،", "؛", " / ", ",")
_LOCALES: Final = ("fr", "en", "ar")
_NUMBER: Final = re.compile(r"[+\-−]?[\d٠-٩۰-۹][\d٠-٩۰-۹.,'٫٬\u00a0\u202f\u2009 ]*\s?[%٪]?")
_CODE: Final = re.compile(r"[0٠۰][\d٠-٩۰-۹]+")
_FORMATS: Final = (
    "dd/MM/yyyy", "MM/dd/yyyy", "yyyy/MM/dd", "dd.MM.yyyy", "dd-MM-yyyy", "d MMMM yyyy", "MMMM d, yyyy", "d MMM yyyy",
    "MM/yyyy", "MMMM yyyy",
)  # fmt: skip
_MOST: Final = 500
_LONG: Final = 60
_WORDS: Final = 4
_SCRIPTS: Final = (("ARABIC", "ar"), ("TIFINAGH", "zgh"))


def nothings(cells: Sequence[str]) -> tuple[str, ...]:
    """The words for nothing among cells, the more frequent first; not all of a column is nothing.

    >>> nothings(["1", "..", "2", "n.d."]), nothings(["..", ".."])
    (('..', 'n.d.'), ())
    """
    counted = Counter(cell for cell in cells if cell.strip().casefold() in _NOTHING)
    return tuple(cell for cell, _ in counted.most_common()) if counted.total() < len(cells) else ()


def locale_of(cells: Sequence[str]) -> str | None:
    """The language in whose way all cells are written as numbers, if no other reading of one of them is as good.

    >>> locale_of(["12,50", "1 234,00"]), locale_of(["1,234.5", "7"]), locale_of(["١٢٣"]), locale_of(["01000"])
    ('fr', 'en', 'ar', None)
    >>> locale_of(["45 %"]), locale_of(["12,500"]), locale_of(["a"])
    ('fr', None, None)
    """
    sample = cells[:_MOST]
    if not sample or not all(_NUMBER.fullmatch(cell.strip()) and not _CODE.fullmatch(cell.strip()) for cell in sample):
        return None
    if any(not cell.isascii() and re.search("[٠-٩۰-۹]", cell) for cell in sample):
        return "ar" if _reads(sample, "ar") else None
    found = [locale for locale in _LOCALES if _reads(sample, locale)]
    read = [[to_number(cell, locale) for cell in sample] for locale in found]
    return found[0] if read and all(one == read[0] for one in read) else None


def _reads(cells: Sequence[str], locale: str) -> bool:
    try:
        for cell in cells:
            to_number(cell, locale)
    except Refused:
        return False
    return True


def format_of(cells: Sequence[str]) -> tuple[str, bool] | None:
    """The format in which all cells are dates, and whether another one would read other dates.

    >>> format_of(["25/12/2024", "01/02/2024"]), format_of(["01/02/2024"]), format_of(["3 mars 2024"])
    (('dd/MM/yyyy', False), ('dd/MM/yyyy', True), ('d MMMM yyyy', False))
    """
    sample = cells[:_MOST]
    found = [one for one in _FORMATS if sample and _dates(sample, one) is not None]
    if not found:
        return None
    return found[0], any(_dates(sample, one) != _dates(sample, found[0]) for one in found[1:])


def _dates(cells: Sequence[str], form: str) -> list[object] | None:
    try:
        return [to_date(cell, form) for cell in cells]
    except Refused:
        return None


def separator_of(cells: Sequence[str]) -> str | None:
    """What stands between several values of a cell: short ones, some of which come again in other cells.

    >>> separator_of(["IA; eau", "eau", "IA; données"]), separator_of(["Paris, France", "a long sentence, and more"])
    (';', None)
    """
    for separator in _SEPARATORS:
        several = [cell for cell in cells if separator in cell.strip().strip(separator)]
        if len(several) * 5 < len(cells) or not several:
            continue
        parts = [part.strip() for cell in cells for part in cell.split(separator) if part.strip()]
        if any(len(part) > _LONG or len(part.split()) > _WORDS for part in parts):
            continue
        comes_again = len(set(parts)) < len(parts)
        if comes_again or (separator in ";|،؛" and len(several) * 2 >= len(cells)):
            return separator
    return None


def language_of(cells: Sequence[str]) -> str | None:
    """The language of texts, where their script has one that is written here.

    >>> language_of(["سد الوادي", "سد (1)"]), language_of(["barrage"])
    ('ar', None)
    """
    letters = [c for cell in cells[:_MOST] for c in cell if c.isalpha()]
    for script, language in _SCRIPTS:
        if letters and sum(unicodedata.name(c, "").startswith(script) for c in letters) * 10 >= len(letters) * 9:
            return language
    return None
