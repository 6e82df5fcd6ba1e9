"""What the cells of one column have in common: their datatype, and how people wrote it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.rml.functions.numbers import to_number
from kg.rml.guesses.cells import (
    coordinates_of,
    format_of,
    formats_of,
    is_yes_or_no,
    language_of,
    locale_of,
    marked_of,
    nothings,
    parts_of,
    separator_of,
)
from kg.terms import is_countable


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sample: the datatype is a name of XSD, or `iri`, `item` (of Wikidata), or `text`."""

    name: str
    datatype: str
    filled: int
    is_key: bool
    example: str
    nothings: tuple[str, ...] = ()
    """Words that stand where there is no value."""
    separator: str | None = None
    """What stands between several values of a cell."""
    is_tight: bool = False
    """Whether the separator is one only where no blank follows: others belong to the values."""
    locale: str | None = None
    """The language in whose way its numbers are written."""
    is_whole: bool = False
    """Whether these are whole numbers."""
    is_marked: bool = False
    """Whether a mark stands behind some of its numbers: a flag, or the number of a footnote."""
    is_spoken: bool = False
    """Whether it says yes and no in words."""
    is_code: bool = False
    """Whether its digits are no number by its name: a postal code, say."""
    is_long: bool = False
    """Whether some of its numbers have more digits than queries count with."""
    parts: tuple[str, ...] = ()
    """The names of what every cell holds, with commas between them."""
    is_place: bool = False
    """Whether these parts are coordinates."""
    form: str | None = None
    """The format of its dates; several have bars between them."""
    is_doubtful: bool = False
    """Whether another format would read other dates."""
    script: str | None = None
    """The language that the script of its texts tells."""
    is_padded: bool = False
    """Whether blanks stand around a cell."""
    is_typed: bool = False
    """Whether its values know their type themselves."""
    is_wordy: bool = False
    """Whether its values are words, as names are: short, and of letters for the most part."""
    path: tuple[str, ...] = ()
    """The names that lead to it from a record of a tree; a column of a table has its name alone."""
    language: str | None = None
    """What a document itself says of its texts."""
    unless: str | None = None
    """A reference to what its member holds in rows where it is no value."""

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called, after what holds it."""
        return self.path or (self.name,)

    @property
    def is_inner(self) -> bool:
        """Whether it tells of a thing within the row, and not of the row."""
        return len(self.path) > 1


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) is not None


def _is_datetime(text: str) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"
    if not re.fullmatch(pattern, text, re.ASCII):
        return False
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _pattern(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text, re.ASCII) is not None


_TESTS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("boolean", _pattern("true|false")),
    ("integer", _pattern(r"[+-]?(?:0|[1-9]\d*)")),
    ("decimal", _pattern(r"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)")),
    ("double", _pattern(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")),
    ("date", _is_date),
    ("dateTime", _is_datetime),
    ("item", _pattern(r"Q[1-9]\d*")),
    ("iri", _pattern(r"(?:https?://|urn:)[^\x00-\x20<>\"{}|\\^`]+")),
)
"""What a column may be, the narrower before the wider. A number with idle zeros in front is a code, not a number."""
_LONGEST_NAME: Final = 100
_COUNTED: Final = frozenset({"integer", "decimal"})
_LONG: Final = 19
"""Signs of a number that may be one too many to count with."""
_YEAR: Final = re.compile(r"year|ann[ée]e|\ban\b|jahr|سنة|السنة|عام", re.IGNORECASE)
_CODE: Final = re.compile(
    r"(?:.*[\W_])?(?:codes?|cod|cp|zip|postal|postcode|insee|siren|siret|uic|isbn|phone|tel|tél|téléphone|fax|رمز|الرمز)"
    r"(?:[\W_].*)?",
    re.IGNORECASE,
)


def column_of(title: str, cells: Sequence[str], path: tuple[str, ...] = ()) -> Column:
    """What is seen of a column; `path` are the names that lead to it in a tree."""
    padded = any(cell != cell.strip() for cell in cells)
    stripped = [cell.strip() for cell in cells]
    empty = nothings([cell for cell in stripped if cell])
    values = [cell for cell in stripped if cell and cell not in empty]
    found = _plain(title, ["" if cell in empty else cell for cell in stripped] if padded or empty else cells)
    found = replace(found, nothings=empty, is_padded=padded, path=path)
    if found.datatype == "integer" and _CODE.fullmatch(title.strip()):
        return replace(found, datatype="text", is_code=True)
    if found.datatype in _COUNTED and not _are_countable(values, whole=found.datatype == "integer"):
        return replace(found, datatype="text", is_long=True)
    if found.datatype != "text" or not values:
        return found
    spoken = _spoken(found, values)
    is_code = spoken.is_whole and not spoken.is_marked and _CODE.fullmatch(title.strip()) is not None
    return replace(found, is_code=True) if is_code else spoken


def _spoken(column: Column, values: Sequence[str]) -> Column:
    """A column of texts, by what people write in its cells."""
    if (found := _of_numbers(column, values)) is not None:
        return found
    if (form := format_of(values)) is not None:
        return replace(column, form=form[0], is_doubtful=form[1])
    if forms := formats_of(values):
        return replace(column, form="|".join(forms))
    if is_yes_or_no(values):
        return replace(column, is_spoken=True)
    places = coordinates_of(column.name, values)
    if parts := places or parts_of(column.name, values):
        return replace(column, parts=parts, is_place=bool(places))
    separator, is_tight = separator_of(values) or (None, False)
    return replace(
        column, separator=separator, is_tight=is_tight, script=language_of(values), is_wordy=_are_words(values)
    )


def _are_countable(values: Sequence[str], *, whole: bool) -> bool:
    return all(len(value) < _LONG or is_countable(value, whole=whole) for value in values)


def _are_words(values: Sequence[str]) -> bool:
    """Whether all values are short, and three of five of their signs are letters."""
    signs = [sign for value in values for sign in value if not sign.isspace()]
    return all(len(value) <= _LONGEST_NAME for value in values) and sum(map(str.isalpha, signs)) * 5 >= len(signs) * 3


def _of_numbers(column: Column, values: Sequence[str]) -> Column | None:
    locale = locale_of(values)
    if locale is not None:
        numbers = [to_number(cell, locale) for cell in values]
        if not _are_countable([f"{number:f}" for number in numbers], whole=False):
            return replace(column, is_long=True)
        return replace(column, locale=locale, is_whole=all(one == one.to_integral_value() for one in numbers))
    marked = marked_of(values)
    return None if marked is None else replace(column, is_marked=True, locale=marked[0], is_whole=marked[1])


def _plain(title: str, cells: Sequence[str]) -> Column:
    filled = [cell for cell in cells if cell]
    datatype = next((name for name, fits in _TESTS if filled and all(fits(cell) for cell in filled)), "text")
    if datatype == "double" and not any("e" in cell.lower() for cell in filled):
        datatype = "text"
    if datatype == "integer" and _YEAR.search(title) and all(re.fullmatch(r"[12]\d{3}", cell) for cell in filled):
        datatype = "gYear"
    is_key = len(filled) == len(cells) and len(set(filled)) == len(filled)
    return Column(title, datatype, len(filled), is_key, filled[0] if filled else "")
