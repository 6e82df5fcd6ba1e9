"""Functions of whole columns, where all but the text is the same in every row: the results of one call for each.

What a call for each row would look up every time is looked up once here. A column in which a row fails fails as a
whole, and is asked row by row then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from hashlib import sha256 as _sha256
from itertools import accumulate

from kg.rml.functions import dates, patterns, texts
from kg.rml.mapping.functions import LONGEST, MOST
from kg.rml.mapping.values import Typed

Texts = Sequence[str]


def to_upper_case(column: Texts) -> list[str]:
    """`texts.to_upper_case` of each."""
    return [text.upper() for text in column]


def to_lower_case(column: Texts) -> list[str]:
    """`texts.to_lower_case` of each."""
    return [text.lower() for text in column]


def trim(column: Texts) -> list[str]:
    """`texts.trim` of each."""
    blanks = texts.BLANKS
    return [text.strip(blanks) for text in column]


def length(column: Texts) -> list[int]:
    """`texts.length` of each."""
    return list(map(len, column))


def replace(column: Texts, find: str, replacement: str) -> list[str]:
    """`texts.replace` of each."""
    if len(replacement) > len(find):
        return [texts.replace(text, find, replacement) for text in column]
    return [text.replace(find, replacement) for text in column]


def substring(column: Texts, start: int, *end: int) -> list[str | None]:
    """`texts.substring` of each."""
    part = slice(start, *end) if end else slice(start, None)
    return [None if start > len(text) else text[part] for text in column]


def concat(column: Texts, other: str, separator: str = "") -> list[str]:
    """`texts.concat` of each."""
    end = separator + other
    if max(map(len, column), default=0) + len(end) > LONGEST:
        raise texts.too_long()
    return [text + end for text in column]


def sha256(column: Texts) -> list[str]:
    """`encodings.sha256` of each."""
    return [_sha256(text.encode()).hexdigest() for text in column]


def split(column: Texts, separator: str = ",") -> list[list[str]]:
    """`texts.split` of each."""
    parts = _parts(column, separator)
    if parts is None:
        return [texts.split(text, separator) for text in column]
    for row in _with_blanks(column, separator):
        parts[row] = list(map(str.strip, parts[row]))
    return _without_empty(parts)


def split_as_it_is(column: Texts, separator: str = ",") -> list[list[str]]:
    """`texts.split_as_it_is` of each."""
    parts = _parts(column, separator)
    if parts is None:
        return [texts.split_as_it_is(text, separator) for text in column]
    return _without_empty(parts)


def _parts(column: Texts, separator: str) -> list[list[str]] | None:
    """What is between separators; nothing where there may be too many of them, or the separator is none."""
    if not separator or max(map(len, column), default=0) >= MOST:
        return None
    return [text.split(separator) for text in column]


def _with_blanks(column: Texts, separator: str) -> Iterable[int]:
    """The rows of which a part may begin or end with a blank."""
    text = "\0".join(column)
    if "\0" in separator or text.count("\0") != len(column) - 1:
        return range(len(column))
    between = text.replace(separator, "")
    pieces = between.split()
    if pieces == [between]:
        return ()
    # What lies between blanks tells which rows they stand in: as many as there are ends of rows before.
    rows = dict.fromkeys(accumulate(piece.count("\0") for piece in pieces))
    return rows if between[:1].strip() else {0: None, **rows}


def _without_empty(parts: list[list[str]]) -> list[list[str]]:
    """Parts of texts without empty ones, of which few rows have any."""
    return parts if all(map(all, parts)) else [some if all(some) else list(filter(None, some)) for some in parts]


def regex_replace(column: Texts, pattern: str, replacement: str) -> list[str]:
    """`patterns.regex_replace` of each."""
    replaced: Callable[[str], str] = patterns.replacer(pattern, replacement)
    quick = patterns.short_replacer(pattern, replacement)
    if quick is not None and max(map(len, column), default=0) <= patterns.SHORT:
        "".join(column).encode()  # half a character is refused here, too
        replaced = quick
    return list(map(replaced, column))


def to_date(column: Texts, format: str, language: str = "") -> list[date | Typed]:  # noqa: A002 -- as `dates.to_date`
    """`dates.to_date` of each."""
    days = dates.days(column, format)
    return [dates.to_date(text, format, language) for text in column] if days is None else days


def is_null(column: Sequence[object]) -> list[bool]:
    """`choices.is_null` of each."""
    return [value is None or value == "" for value in column]


def is_not_null(column: Sequence[object]) -> list[bool]:
    """`choices.is_not_null` of each."""
    return [value is not None and value != "" for value in column]
