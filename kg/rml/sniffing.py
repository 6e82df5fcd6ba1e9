"""What a table looks like: its encoding, its delimiter, and what the cells of each column have in common."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import DataError, Position, Problem, StorageError, UsageError
from kg.rml.formats import format_of_bytes, format_of_name, format_of_text

_LONGEST: Final = 131_072
"""Characters of a cell: one that is longer is hardly meant."""
SAMPLE_BYTES: Final = 4_000_000
SAMPLE_ROWS: Final = 10_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_TRIED_ROWS: Final = 100
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sample: the datatype is a name of XSD, or `iri`, `item` (of Wikidata), or `text`."""

    name: str
    datatype: str
    filled: int
    is_key: bool
    example: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a table, looked at; `whole` tells whether there are no others."""

    encoding: str
    has_bom: bool
    delimiter: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: bool


def sniff(table: Path) -> Sample:
    """Look at the first rows of a CSV or TSV file: at most 10,000 rows and 4 MB.

    :raises UsageError: if there is no such file, or its name is that of another format
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it is no table that could be mapped
    """
    name = table.as_posix()
    try:
        with table.open("rb") as file:
            content = file.read(SAMPLE_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"no such file: {name}") from None
    except OSError as error:
        raise StorageError(f"cannot read {name}: {error.strerror}") from None
    if other := format_of_name(name):
        raise UsageError(f"{name} is {other.name} by its name, no table of delimited text", hint=other.advice)
    cut = len(content) > SAMPLE_BYTES
    encoding, has_bom = _encoding(content, name)
    text = _decoded(content[:SAMPLE_BYTES], encoding, name)
    if other := format_of_text(text):
        raise DataError(f"{name} is {other.name}, not CSV", hint=other.advice)
    delimiter = _delimiter(text)
    lines = list(_records(text, delimiter, name, cut=cut))
    if not lines and cut:
        raise DataError(f"no row ends within {SAMPLE_BYTES:,} bytes", position=Position(name, 1), hint="is it CSV?")
    if not lines:
        raise DataError("the table is empty", position=Position(name, 1), hint="its first row names the columns")
    (_, header), *body = lines
    _check_header(header, name)
    _check_widths(header, body, name)
    rows = tuple(tuple(cells) for _, cells in body[:SAMPLE_ROWS])
    columns = tuple(_column(title, [row[index] for row in rows]) for index, title in enumerate(header))
    return Sample(encoding, has_bom, delimiter, columns, rows, not cut and len(body) <= SAMPLE_ROWS)


def _encoding(content: bytes, name: str) -> tuple[str, bool]:
    if other := format_of_bytes(content):
        raise DataError(f"{name} is {other.name}, not CSV", hint=other.advice)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding, True
    return "utf-8", False


def _decoded(content: bytes, encoding: str, name: str) -> str:
    """The text without its byte order mark; a character that the end of the sample cuts is left out."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    try:
        text = decoder.decode(content, final=len(content) < SAMPLE_BYTES)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"not {encoding.upper()}: byte 0x{content[error.start]:02x}",
            position=Position(name, line),
            hint="save the table as UTF-8",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError("a NUL character", position=Position(name, line), hint="save the table as CSV in UTF-8")
    return text


def _delimiter(text: str) -> str:
    """The delimiter by which most of the first rows are as wide as the header, and the header widest."""

    def fitness(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows: list[list[str]] = []
        try:
            rows.extend(row for row, _ in zip(reader, range(_TRIED_ROWS), strict=False) if row)
        except csv.Error:
            return 0, 0
        if not rows or len(rows[0]) == 1:
            return 0, 0
        return sum(len(row) == len(rows[0]) for row in rows), len(rows[0])

    best = max(_DELIMITERS, key=fitness)
    return best if fitness(best)[1] else ","


def _records(text: str, delimiter: str, name: str, *, cut: bool) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line where each starts; empty lines are no rows, and a row that the sample cuts is left out."""
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    kept: tuple[int, list[str]] | None = None
    line = 1
    try:
        for row in reader:
            if kept:
                yield kept
            kept = (line, row) if row else None
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise DataError(
                f"a cell is longer than {_LONGEST:,} characters",
                position=Position(name, line),
                hint="is a quote not closed?",
            ) from None
        if not cut or "unexpected end" not in str(error):
            raise DataError(
                f"not CSV: {error}", position=Position(name, line), hint='a quote within a cell is written ""'
            ) from None
        return
    if kept and not cut:
        yield kept


def _check_header(header: Sequence[str], name: str) -> None:
    problems: list[Problem] = []
    position = Position(name, 1)
    first: dict[str, int] = {}
    for number, title in enumerate(header, 1):
        if not title.strip():
            problems.append(Problem("data", f"column {number} has no name", position, hint="name it in the first row"))
        elif title in first:
            problems.append(
                Problem(
                    "data", f"columns {first[title]} and {number} are both named '{title}'", position, hint="rename one"
                )
            )
        first.setdefault(title, number)
    if problems:
        raise DataError(problems=problems)


def _check_widths(header: Sequence[str], body: Sequence[tuple[int, list[str]]], name: str) -> None:
    problems = [
        Problem(
            "data",
            f"{len(cells)} cells where the header has {len(header)}",
            Position(name, line),
            hint="is the delimiter inside a cell that is not quoted?",
        )
        for line, cells in body
        if len(cells) != len(header)
    ]
    if problems:
        raise DataError(problems=problems[:20])


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
    ("decimal", _pattern(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?")),
    ("double", _pattern(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")),
    ("date", _is_date),
    ("dateTime", _is_datetime),
    ("item", _pattern(r"Q[1-9]\d*")),
    ("iri", _pattern(r"(?:https?://|urn:)[^\x00-\x20<>\"{}|\\^`]+")),
)
"""What a column may be, the narrower before the wider. A number with idle zeros in front is a code, not a number."""
_YEAR: Final = re.compile(r"year|ann[ée]e|\ban\b|jahr|سنة|السنة|عام", re.IGNORECASE)


def _column(title: str, cells: Sequence[str]) -> Column:
    filled = [cell for cell in cells if cell]
    datatype = next((name for name, fits in _TESTS if filled and all(fits(cell) for cell in filled)), "text")
    if datatype == "double" and not any("e" in cell.lower() for cell in filled):
        datatype = "text"
    if datatype == "integer" and _YEAR.search(title) and all(re.fullmatch(r"[12]\d{3}", cell) for cell in filled):
        datatype = "gYear"
    is_key = len(filled) == len(cells) and len(set(filled)) == len(filled)
    return Column(title, datatype, len(filled), is_key, filled[0] if filled else "")
