"""What a table looks like: its encoding, its delimiter, and what the cells of each column have in common."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.errors import DataError, Position, Problem, StorageError, UsageError
from kg.rml.formats import format_of_bytes, format_of_name, format_of_text
from kg.rml.guesses.cells import format_of, language_of, locale_of, nothings, separator_of
from kg.rml.guesses.sheets import read_sheet
from kg.rml.guesses.titles import header_index
from kg.rml.guesses.trees import Tree, read_tree

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
    nothings: tuple[str, ...] = ()
    """Words that stand where there is no value."""
    separator: str | None = None
    """What stands between several values of a cell."""
    locale: str | None = None
    """The language in whose way its numbers are written."""
    form: str | None = None
    """The format of its dates."""
    is_doubtful: bool = False
    """Whether another format would read other dates."""
    script: str | None = None
    """The language that the script of its texts tells."""
    is_padded: bool = False
    """Whether blanks stand around a cell."""
    is_typed: bool = False
    """Whether its values know their type themselves."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a table, looked at; `whole` tells whether there are no others."""

    encoding: str
    has_bom: bool
    delimiter: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: bool
    skipped: int = 0
    """Rows above the header."""
    left_out: int = 0
    """Columns without a name."""
    tree: Tree | None = None
    is_sheet: bool = False


_WHOLE: Final = Sample(encoding="utf-8", has_bom=False, delimiter=",", columns=(), rows=(), whole=True)
"""Of a file that says itself how it is written."""


def sniff(table: Path) -> Sample:
    """Look at the first rows of a CSV or TSV file, a sheet, or a tree in JSON or XML: at most 10,000, of text 4 MB.

    :raises UsageError: if there is no such file, or its name is that of another format
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it is no table that could be mapped
    """
    name = table.as_posix()
    if not table.exists():
        raise UsageError(f"no such file: {name}")
    if table.is_file() and (tree := read_tree(table)) is not None:
        return _of_tree(tree)
    if table.is_file() and (sheet := read_sheet(table)) is not None:
        return _of_sheet(*sheet, name)
    try:
        with table.open("rb") as file:
            content = file.read(SAMPLE_BYTES + 1)
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
    at = header_index([cells for _, cells in lines])
    (line, header), *body = lines[at:]
    _check_header(header, name, line)
    _check_widths(header, body, name)
    named, columns, rows = _named(header, [cells for _, cells in body[:SAMPLE_ROWS]])
    whole = not cut and len(body) <= SAMPLE_ROWS
    left_out = len(header) - len(named)
    return Sample(encoding, has_bom, delimiter, columns, rows, whole, line - 1 if at else 0, left_out)


def _named(
    header: Sequence[str], body: Sequence[Sequence[str]]
) -> tuple[list[int], tuple[Column, ...], tuple[tuple[str, ...], ...]]:
    """The columns that have a name, what they hold, and the rows with those."""
    named = [index for index, title in enumerate(header) if title.strip()]
    rows = tuple(tuple(row[index] for index in named) for row in body)
    columns = tuple(_column(header[index], [row[at] for row in rows]) for at, index in enumerate(named))
    return named, columns, rows


def _of_sheet(rows: list[tuple[int, list[str]]], typed: list[tuple[bool, ...]], name: str) -> Sample:
    at = header_index([cells for _, cells in rows])
    number, header = rows[at][0], [title.strip() for title in rows[at][1]]
    _check_header(header, name, number)
    named, columns, body = _named(header, [cells for _, cells in rows[at + 1 :]])
    known = [any(row[index] for row in typed[at + 1 :]) for index in named]
    columns = tuple(_typed(column) if is_known else column for column, is_known in zip(columns, known, strict=True))
    skipped, left_out = (number - 1 if at else 0), sum(1 for index in range(len(header)) if index not in named)
    return replace(_WHOLE, columns=columns, rows=body, skipped=skipped, left_out=left_out, is_sheet=True)


def _of_tree(tree: Tree) -> Sample:
    columns = [_column(name, [row[at] for row in tree.rows]) for at, name in enumerate(tree.references)]
    made = tuple(
        replace(
            _typed(column) if column.name in tree.typed else column,
            is_key=column.is_key and column.name not in tree.many,
        )
        for column in columns
    )
    return replace(_WHOLE, columns=made, rows=tree.rows, tree=tree)


def _typed(column: Column) -> Column:
    """A column whose source knows the types of its values: they are kept."""
    return replace(column, is_typed=True, locale=None, form=None, separator=None, is_padded=False)


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


def _check_header(header: Sequence[str], name: str, line: int) -> None:
    problems: list[Problem] = []
    position = Position(name, line)
    first: dict[str, int] = {}
    for number, title in enumerate(header, 1):
        if title.strip() and title in first:
            problems.append(
                Problem(
                    "data", f"columns {first[title]} and {number} are both named '{title}'", position, hint="rename one"
                )
            )
        first.setdefault(title, number)
    if not any(title.strip() for title in header):
        problems.append(Problem("data", "no column has a name", position, hint="name them in the first row"))
    if problems:
        raise DataError(problems=problems)


def _check_widths(header: Sequence[str], body: Sequence[tuple[int, list[str]]], name: str) -> None:
    """Rows of another width, each width told once with the first row that has it."""
    found: dict[int, list[int]] = {}
    for line, cells in body:
        if len(cells) != len(header):
            found.setdefault(len(cells), []).append(line)
    if found:
        hint = "is the delimiter inside a cell that is not quoted?"
        raise DataError(
            problems=[
                Problem(
                    "data",
                    f"{width} cells where the header has {len(header)}"
                    + (f", in this and {len(lines) - 1:,} more rows" if len(lines) > 1 else ""),
                    Position(name, lines[0]),
                    hint=hint,
                )
                for width, lines in found.items()
            ]
        )


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
    padded = any(cell != cell.strip() for cell in cells)
    stripped = [cell.strip() for cell in cells]
    empty = nothings([cell for cell in stripped if cell])
    values = [cell for cell in stripped if cell and cell not in empty]
    found = _plain_column(title, ["" if cell in empty else cell for cell in stripped] if padded or empty else cells)
    found = replace(found, nothings=empty, is_padded=padded)
    if found.datatype != "text" or not values:
        return found
    locale = locale_of(values)
    if locale is not None:
        return replace(found, locale=locale)
    form = format_of(values)
    if form is not None:
        return replace(found, form=form[0], is_doubtful=form[1])
    return replace(found, separator=separator_of(values), script=language_of(values))


def _plain_column(title: str, cells: Sequence[str]) -> Column:
    filled = [cell for cell in cells if cell]
    datatype = next((name for name, fits in _TESTS if filled and all(fits(cell) for cell in filled)), "text")
    if datatype == "double" and not any("e" in cell.lower() for cell in filled):
        datatype = "text"
    if datatype == "integer" and _YEAR.search(title) and all(re.fullmatch(r"[12]\d{3}", cell) for cell in filled):
        datatype = "gYear"
    is_key = len(filled) == len(cells) and len(set(filled)) == len(filled)
    return Column(title, datatype, len(filled), is_key, filled[0] if filled else "")
