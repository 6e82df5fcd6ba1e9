"""What the cells of one column are: numbers and dates of a locale, several values, words for nothing, a script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from kg.rml.functions.choices import to_boolean
from kg.rml.functions.dates import to_date
from kg.rml.functions.numbers import to_number
from kg.rml.mapping.functions import Refused

_NOTHING: Final = frozenset(
    {
        *("-", "--", "—", "–", "..", "...", "…", ":", "?", "/", "n/a", "na", "#n/a", "n.a.", "null", "none", "nil"),
        *("nan", "(null)", "#value!", "#div/0!", "#ref!", "not available", "not applicable"),
        *("nd", "n.d.", "n.d", "n/d", "nc", "n.c.", "nr", "n.r.", "s.o.", "s/o", "sans objet", "non disponible"),
        *("non renseigné", "non communiqué", "néant", "unknown", "inconnu"),
        *("غير متوفر", "غير متاح", "لا يوجد", "غير معروف", "غير محدد", "لا ينطبق"),
    }
)
"""What people write where they have no value, in small letters."""
_RUN: Final = re.compile(r"[*.]{2,}|[-–—_]+")
"""Signs that fill a cell."""
_SEPARATORS: Final = (";", "|", "،", "؛", "//", " / ", ",")
_CLEAR: Final = ";|،؛//"
"""Separators that hardly stand within a text."""
_TIGHT: Final = re.compile(r",(?!\s)")
_LOCALES: Final = ("fr", "en", "ar")
_NUMBER: Final = re.compile(r"[+\-−]?[\d٠-٩۰-۹][\d٠-٩۰-۹.,'٫٬\u00a0\u202f\u2009 ]*\s?[%٪]?")
_MARKED: Final = re.compile(
    r"(?P<number>[+\-−]?[\d٠-٩۰-۹][\d٠-٩۰-۹.,'٫٬\u00a0\u202f\u2009 ]*?)\s*"
    r"(?P<mark>[A-Za-z*†‡]{1,3}|\([\dA-Za-z*]{1,2}\)|[¹²³⁴-⁹]+)?"
)
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_POINT: Final = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", re.ASCII)
_CODE: Final = re.compile(r"[0٠۰][\d٠-٩۰-۹]+")
_FORMATS: Final = (
    "dd/MM/yyyy", "MM/dd/yyyy", "yyyy/MM/dd", "dd.MM.yyyy", "dd-MM-yyyy", "d MMMM yyyy", "MMMM d, yyyy", "d MMM yyyy",
    "MM/yyyy", "MMMM yyyy",
)  # fmt: skip
_DAYS: Final = ("dd/MM/yyyy", "MM/dd/yyyy", "yyyy-MM-dd", "yyyy/MM/dd", "dd.MM.yyyy", "dd-MM-yyyy", "d MMMM yyyy")
"""Formats that stand beside one another in a column."""
_MOST: Final = 500
_SEVERAL: Final = 3
_LONG: Final = 60
_LONGEST: Final = 40
"""Characters of a word for nothing."""
_WORDS: Final = 4
_MORE_WORDS: Final = 8
_SCRIPTS: Final = (("ARABIC", "ar"), ("TIFINAGH", "zgh"))


def nothings(cells: Sequence[str]) -> tuple[str, ...]:
    """The words for nothing among cells, the more frequent first; what is all of a column has no letters.

    >>> nothings(["1", "..", "2", "n.d.", "****"]), nothings(["..", ".."]), nothings(["NA", "NA"])
    (('..', 'n.d.', '****'), ('..',), ())
    """
    words = set(filter(_is_nothing, set(cells)))
    counted = Counter(cell for cell in cells if cell in words) if words else Counter[str]()
    is_all = counted.total() == len(cells)
    return tuple(cell for cell, _ in counted.most_common() if not is_all or not any(map(str.isalnum, cell)))


def shared_nothings(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The words for nothing that stand in three columns or more; in these, a word for nothing is all that they are.

    >>> shared_nothings([["a", "1", "2", "3"], ["b", ":", ":", ":"]]), shared_nothings([["a", ":", "1"]])
    ((':',), ())
    """
    found: Counter[str] = Counter()
    for at in range(len(rows[0]) if rows else 0):
        found.update(filter(_is_nothing, {row[at] for row in rows}))
    return tuple(word for word, count in found.items() if count >= _SEVERAL)


def _is_nothing(cell: str) -> bool:
    if len(cell) > _LONGEST:
        return False
    plain = cell.strip().casefold()
    return plain in _NOTHING or _RUN.fullmatch(plain) is not None


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


def formats_of(cells: Sequence[str]) -> tuple[str, ...]:
    """The formats of which each date has one, the most frequent first, where one does not fit all: two or three.

    Day and month are told from one another by the dates themselves, or nothing is said.

    >>> formats_of(["25/12/2024", "2 juin 2024", "2024-05-02"])
    ('dd/MM/yyyy', 'yyyy-MM-dd', 'd MMMM yyyy')
    >>> formats_of(["01/02/2024", "2 juin 2024"]), formats_of(["25/12/2024", "soon"])
    ((), ())
    """
    left = list(cells[:_MOST])
    found: list[str] = []
    while left and len(found) < _SEVERAL:
        read = {form: [cell for cell in left if _dates((cell,), form) is not None] for form in _DAYS}
        form = max(read, key=lambda one: len(read[one]))
        rest = {cell for cell in left if cell not in read[form]}
        if not read[form] or any(_dates(read[form], one) not in (None, _dates(read[form], form)) for one in _DAYS):
            return ()
        found.append(form)
        left = [cell for cell in left if cell in rest]
    return () if left or len(found) < 2 else tuple(found)  # noqa: PLR2004 -- one that fits all is `format_of`


def _dates(cells: Sequence[str], form: str) -> list[object] | None:
    try:
        return [to_date(cell, form) for cell in cells]
    except Refused:
        return None


def separator_of(cells: Sequence[str]) -> tuple[str, bool] | None:
    """What stands between several values of a cell: short ones, some of which come again in other cells.

    A comma may be one only where no blank follows, if others are part of the values.

    >>> separator_of(["IA; eau", "eau", "IA; données"]), separator_of(["Paris, France", "a long sentence, and more"])
    ((';', False), None)
    >>> separator_of(["gaz (butane, propane),eau", "eau"])
    (',', True)
    """
    if any(_TIGHT.search(cell) for cell in cells) and _stand_within(cells):
        split = [_TIGHT.split(cell) for cell in cells]
        starts = all(part[:1].isascii() and part[:1].isalnum() for one in split for part in one[1:])
        return (",", True) if starts and _are_values(",", split, _MORE_WORDS) else None
    for separator in _SEPARATORS:
        if _are_values(separator, [cell.strip().strip(separator).split(separator) for cell in cells], _WORDS):
            return separator, False
    return None


def _stand_within(cells: Sequence[str]) -> bool:
    """Whether commas with a blank behind them stand in parentheses, and nowhere else."""
    return any(", " in cell for cell in cells) and not any(", " in re.sub(r"\([^)]*\)", "", cell) for cell in cells)


def _are_values(separator: str, split: Sequence[Sequence[str]], words: int) -> bool:
    """Whether the parts of cells are values: so many cells have several, so short are they, and they come again."""
    several = sum(len(one) > 1 for one in split)
    if not several or several * 5 < len(split):
        return False
    parts = [part.strip() for one in split for part in one if part.strip()]
    if any(len(part) > _LONG or len(part.split()) > words for part in parts):
        return False
    return len(set(parts)) < len(parts) or (separator in _CLEAR and several * 2 >= len(split))


def is_yes_or_no(cells: Sequence[str]) -> bool:
    """Whether cells say yes and no in words of Arabic, French or English; one letter alone says nothing.

    >>> is_yes_or_no(["Oui", "Non"]), is_yes_or_no(["نعم"]), is_yes_or_no(["O", "N"]), is_yes_or_no(["N"])
    (True, True, True, False)
    """
    found = {cell.strip().casefold() for cell in cells}
    if not found or any(not cell.isalpha() for cell in found):
        return False
    try:
        said = {to_boolean(cell) for cell in found}
    except Refused:
        return False
    return len(said) > 1 or all(len(cell) > 1 for cell in found)


def marked_of(cells: Sequence[str]) -> tuple[str, bool] | None:
    """The locale of numbers of which some have a mark behind them, and whether they are whole; most have none.

    >>> marked_of(["-27007 e", "12", "7"]), marked_of(["1,5 (1)", "2,25", "3"]), marked_of(["12 MW", "3 kW"])
    (('en', True), ('fr', False), None)
    """
    found = [_MARKED.fullmatch(cell.strip()) for cell in cells[:_MOST]]
    numbers = [one["number"].strip() for one in found if one]
    marks = sum(bool(one["mark"]) for one in found if one)
    if len(numbers) < len(found) or not marks or marks * 2 > len(found):
        return None
    locale = "en" if all(_PLAIN_NUMBER.fullmatch(one) for one in numbers) else locale_of(numbers)
    if locale is None:
        return None
    return locale, all((value := to_number(one, locale)) == value.to_integral_value() for one in numbers)


def parts_of(title: str, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of what every cell holds with commas between, where the title names as many.

    >>> parts_of("unit,geo\\\\time", ["T,AL", "T,BE"]), parts_of("a,b", ["1"])
    (('unit', 'geo'), ())
    """
    names = tuple(name.strip() for name in title.partition("\\")[0].split(","))
    is_one = len(names) > 1 and all(names) and all(cell.count(",") == len(names) - 1 for cell in cells)
    return names if is_one else ()


def coordinates_of(title: str, cells: Sequence[str]) -> tuple[str, ...]:
    """Latitude and longitude, in the order of cells that hold both.

    >>> coordinates_of("geom", ["48.18, 3.3"]), coordinates_of("lon_lat", ["3.3,48.18"]), coordinates_of("n", ["1,2"])
    (('latitude', 'longitude'), ('longitude', 'latitude'), ())
    """
    names = ("longitude", "latitude") if re.search(r"lon\w*\W?_?lat", title.casefold()) else ("latitude", "longitude")
    found = [_POINT.fullmatch(cell.strip()) for cell in cells]
    if not found or not any("." in cell for cell in cells):
        return ()
    bounds = [90 if name == "latitude" else 180 for name in names]
    fits = (one is not None and all(abs(float(one[n + 1])) <= bounds[n] for n in (0, 1)) for one in found)
    return names if all(fits) else ()


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
