"""What every reader of tables gives, and how tables and queries are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from kg.errors import MappingError, UsageError
from kg.rml.mapping.model import Formulation, Source

ROWS: Final = 1000
"""Rows of a batch."""
IN_CSV: Final = frozenset({".csv", ".tsv", ".tab"})
IN_JSON: Final = frozenset({".json", ".jsonl", ".ndjson"})
TEXTS: Final = IN_CSV | IN_JSON
"""Suffixes of files that hold no table that a query could name by itself, and are read for one."""
Rows = Iterator[tuple[Sequence[Sequence[Any]], Sequence[int] | None]]
"""Some rows at a time, and the lines on which they stand where there are any."""
_PART: Final = re.compile(r'\s*(?:"(?P<double>(?:[^"]|"")+)"|`(?P<back>(?:[^`]|``)+)`|(?P<plain>[^."`]+?))\s*(?:\.|$)')
_QUOTED: Final = re.compile(r'"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[([^\]]+)\]')
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is open."""

    columns: tuple[str, ...]
    rows: Callable[[tuple[int, ...]], Rows]
    """The rows, with the columns of some numbers in that order."""


def statement_of(source: Source, quote: str = '"') -> str:
    """The query of a source: its own, or the one for all columns of a table.

    :param quote: what the database writes around names
    :raises MappingError: if the source names neither, or the name is none
    """
    text = (source.iterator or "").strip()
    if source.formulation is Formulation.SQL_QUERY:
        text = text.rstrip("; \t\r\n")
        if not text:
            refuse(source, "the source has no query", 'rml:iterator "SELECT ..."')
        return text
    if not text:
        refuse(source, "the source names no table", 'rml:iterator "name"')
    return f"SELECT * FROM {_qualified(source, text, quote)}"  # noqa: S608 -- names, in quotes where they need them


def _qualified(source: Source, text: str, quote: str) -> str:
    return ".".join(name if is_simple else quoted(name, quote) for name, is_simple in _parts(source, text))


def _parts(source: Source, text: str) -> list[tuple[str, bool]]:
    """The parts of the name of a table, and of each whether it is written as SQL writes names without quotes."""
    parts: list[tuple[str, bool]] = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            refuse(source, f"'{text}' is no name of a table", 'for example "public"."My table"')
        plain = found["plain"]
        name = plain or (found["double"] or "").replace('""', '"') or (found["back"] or "").replace("``", "`")
        parts.append((name, plain is not None and bool(_IDENTIFIER.fullmatch(plain))))
        at = found.end()
    return parts


def quoted(name: str, quote: str = '"') -> str:
    """A name as a database reads it letter for letter."""
    return quote + name.replace(quote, 2 * quote) + quote


def name_in_any_letters(source: Source) -> tuple[str | None, str] | None:
    """The schema and the name of a table that are written without quotes, so that their capitals may be others.

    None for a query, for a name in quotes, and for one of more than two parts.
    """
    if source.formulation is Formulation.SQL_QUERY:
        return None
    parts = _parts(source, (source.iterator or "").strip())
    names = [name for name, is_simple in parts if is_simple]
    if len(names) != len(parts) or len(names) not in {1, 2}:
        return None
    return (names[0] if len(names) > 1 else None), names[-1]


def one_of(wanted: str, names: Sequence[str]) -> str | None:
    """The one table that a name means, of those that are called so but for capitals: itself, or the only one."""
    if wanted in names:
        return wanted
    return names[0] if len(names) == 1 else None


def column_named(reference: str, columns: Sequence[str]) -> str | None:
    """The column that a reference means: as it is written, in quotes of SQL, or whatever its capitals.

    >>> column_named('"ID"', ["ID", "id"]), column_named("Name", ["id", "name"]), column_named("x", ["X", "x "])
    ('ID', 'name', 'X')
    """
    if not reference:
        return None
    if reference in columns:
        return reference
    quoted = _QUOTED.fullmatch(reference)
    if quoted:
        name = next(part for part in quoted.groups() if part).replace('""', '"').replace("``", "`")
        return name if name in columns else None
    folded = [name for name in columns if name.casefold() == reference.casefold()]
    return folded[0] if len(folded) == 1 else None


def refuse(source: Source, message: str, hint: str | None = None) -> NoReturn:
    """Say what is wrong with the source as the mapping describes it.

    :raises MappingError: always
    """
    raise MappingError(message, position=source.position, hint=hint)


def missing(what: str) -> UsageError:
    """The library that reads a kind of source is not installed."""
    return UsageError(f"{what} needs an extra that is not installed", hint="pip install 'zellige[tables]'")


def picked(
    rows: Sequence[Sequence[Any]], wanted: tuple[int, ...], convert: Sequence[Callable[[Any], Any] | None]
) -> Any:
    """Some columns of rows, with their values converted where there is a function for them."""
    if all(convert[number] is None for number in wanted):
        return [[row[number] for number in wanted] for row in rows]
    chosen = [(number, convert[number]) for number in wanted]
    return [
        [row[n] if function is None or row[n] is None else function(row[n]) for n, function in chosen] for row in rows
    ]
