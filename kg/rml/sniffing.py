"""What a table looks like: its encoding, its delimiter, and what the cells of each column have in common."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

from kg.encodings import page_of
from kg.errors import DataError, Position, Problem, StorageError, UsageError
from kg.rml.formats import format_of_bytes, format_of_name, format_of_text
from kg.rml.guesses.cells import shared_nothings
from kg.rml.guesses.columns import Column, column_of
from kg.rml.guesses.sheets import Numbered, read_sheet
from kg.rml.guesses.titles import header_rows, notes_below, sum_of
from kg.rml.guesses.trees import Tree, read_tree
from kg.rml.layout.headers import DELIMITERS, names_of

_LONGEST: Final = 131_072
"""Characters of a cell: one that is longer is hardly meant."""
SAMPLE_BYTES: Final = 4_000_000
SAMPLE_ROWS: Final = 10_000
"""The less common in texts before the others."""
_TRIED_ROWS: Final = 100
_SEVERAL: Final = 3
"""Columns that have something in common: from so many on it is said of the table."""
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Summed:
    """What tells a row of sums."""

    column: str
    word: str
    of: str
    """A column of which it has the sum."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a table, looked at; `whole` tells whether there are no others."""

    encoding: str
    has_bom: bool
    delimiter: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    """What is left of their cells without blanks and words for nothing that are those of the whole table."""
    whole: bool
    skipped: int = 0
    """Rows above the header."""
    left_out: int = 0
    """Columns without a name."""
    tree: Tree | None = None
    is_sheet: bool = False
    sheet: str | None = None
    """The name of the sheet, where the workbook has others."""
    header_rows: int = 1
    fills_merged: bool = False
    """Whether merged cells of a sheet have their value in each of them."""
    is_trimmed: bool = False
    """Whether blanks are taken from all cells."""
    nothings: tuple[str, ...] = ()
    """Words for nothing in all columns."""
    notes: int = 0
    """Rows below the table that are none of it."""
    telling: str | None = None
    """A column that these do not fill, and all others do."""
    summed: Summed | None = None
    """A row that is the sum of the others, and left out of `rows`."""

    @property
    def left_out_by(self) -> Mapping[str, Sequence[str]]:
        """By column, what stands in rows that are none of the table: notes below it, sums."""
        found: dict[str, list[str]] = {}
        if self.telling is not None:
            found.setdefault(self.telling, []).append("")
        if self.summed is not None:
            found.setdefault(self.summed.column, []).append(self.summed.word)
        return found


_WHOLE: Final = Sample(encoding="utf-8", has_bom=False, delimiter=",", columns=(), rows=(), whole=True)
"""Of a file that says itself how it is written."""


def sniff(table: Path, sheet: str | None = None) -> Sample:
    """Look at the first rows of a CSV or TSV file, a sheet, or a tree in JSON or XML: at most 10,000, of text 4 MB.

    :param sheet: the name of a sheet; without one, the only one of its workbook
    :raises SeveralSheets: if the workbook has several, and none is named
    :raises UsageError: if there is no such file, or its name is that of another format
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it is no table that could be mapped
    """
    name = table.as_posix()
    if not table.exists():
        raise UsageError(f"no such file: {name}")
    if table.is_dir():
        raise UsageError(f"{name} is a folder, and a table is wanted", hint="name the files of tables in it")
    if table.is_file() and (tree := read_tree(table)) is not None:
        return _of_tree(tree)
    if table.is_file() and (rows := read_sheet(table, sheet)) is not None:
        return replace(_of_sheet(table, sheet, *rows, name), sheet=sheet)
    try:
        with table.open("rb") as file:
            content = file.read(SAMPLE_BYTES + 1)
    except OSError as error:
        raise StorageError(f"cannot read {name}: {error.strerror}") from None
    if other := format_of_name(name):
        raise UsageError(f"{name} is {other.name} by its name, no table of delimited text", hint=other.advice)
    return _of_text(content, name)


def _of_text(content: bytes, name: str) -> Sample:
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
    at, count = header_rows([cells for _, cells in lines])
    line, body = lines[at][0], lines[at + count :]
    header = names_of([cells for _, cells in lines[at : at + count]])
    _check_header(header, name, line)
    _check_widths(header, body, name)
    whole = not cut and len(body) <= SAMPLE_ROWS
    start = replace(_WHOLE, encoding=encoding, has_bom=has_bom, delimiter=delimiter, whole=whole, header_rows=count)
    start = replace(start, skipped=line - 1 if at else 0)
    return _with_columns(start, header, [cells for _, cells in body[:SAMPLE_ROWS]])


def _of_sheet(table: Path, sheet: str | None, rows: Numbered, typed: list[tuple[bool, ...]], name: str) -> Sample:
    at, count = header_rows([cells for _, cells in rows])
    number = rows[at][0]
    header = [title.strip() for title in names_of([cells for _, cells in rows[at : at + count]])]
    _check_header(header, name, number)
    start = replace(_WHOLE, skipped=number - 1 if at else 0, header_rows=count, is_sheet=True)
    body = [cells for _, cells in rows[at + count :]]
    if (filled := read_sheet(table, sheet, fills_merged=True)) is not None and _has_merged(
        body, filled[0][at + count :]
    ):
        body = [cells for _, cells in filled[0][at + count :]]
        typed, start = filled[1], replace(start, fills_merged=True)
    sample = _with_columns(start, header, body)
    known = [any(row[index] for row in typed[at + count :]) for index, title in enumerate(header) if title.strip()]
    columns = tuple(
        _typed(column) if is_known else column for column, is_known in zip(sample.columns, known, strict=True)
    )
    return replace(sample, columns=columns)


def _has_merged(body: Sequence[Sequence[str]], filled: Numbered) -> bool:
    """Whether cells of the table are merged: each of these rows is meant then."""
    if len(body) != len(filled):
        return False
    return any(row != cells for row, (_, cells) in zip(body, filled, strict=True))


def _with_columns(sample: Sample, header: Sequence[str], body: Sequence[Sequence[str]]) -> Sample:
    """The sample with the columns that have a name, and what they hold."""
    named = [index for index, title in enumerate(header) if title.strip()]
    cells = [[row[index] for index in named] for row in body]
    notes = notes_below(cells) if sample.whole else 0
    kept = cells[: len(cells) - notes]
    titles = [header[index] for index in named]
    padded = sum(any(row[at] != row[at].strip() for row in kept) for at in range(len(named)))
    is_trimmed = padded >= _SEVERAL and not sample.is_sheet
    if is_trimmed:
        titles = [title.strip() for title in titles]
        kept = [[cell.strip() for cell in row] for row in kept]
    found = sum_of(kept) if sample.whole else None
    kept = [row for at, row in enumerate(kept) if found is None or at != found.row]
    empty = shared_nothings(kept) if len(named) >= _SEVERAL else ()
    rows = tuple(tuple("" if cell in empty else cell for cell in row) for row in kept)
    columns = tuple(column_of(title, [row[at] for row in rows]) for at, title in enumerate(titles))
    summed = None
    if found is not None:
        # Blanks around the cells of a column are taken away by the mapping.
        word = found.word.strip() if columns[found.column].is_padded else found.word
        summed = Summed(titles[found.column], word, titles[found.of])
    tell = [at for at in range(len(named)) if notes and _tells(at, kept, cells[len(cells) - notes :])]
    # A row without what names it could be none of the table anyway; of others it is more of a guess.
    telling = next((at for at in tell if columns[at].is_key), tell[0] if tell else None)
    return replace(
        sample,
        columns=columns,
        rows=rows,
        left_out=len(header) - len(named),
        is_trimmed=is_trimmed,
        nothings=empty,
        notes=notes if telling is not None else 0,
        telling=None if telling is None else titles[telling],
        summed=summed,
    )


def _tells(at: int, rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]]) -> bool:
    """Whether a column has a value in each row, and none in the notes below."""
    return all(row[at].strip() for row in rows) and not any(row[at].strip() for row in notes)


def _of_tree(tree: Tree) -> Sample:
    made = []
    for at, member in enumerate(tree.members):
        column = column_of(member.reference, [row[at] for row in tree.rows], member.path)
        column = _typed(column) if member.is_typed else column
        is_key = column.is_key and not member.is_many and member.unless is None
        made.append(replace(column, is_key=is_key, language=member.language, unless=member.unless))
    return replace(_WHOLE, columns=tuple(made), rows=tree.rows, tree=tree)


def _typed(column: Column) -> Column:
    """A column whose source knows the types of its values: they are kept, unless some dates are texts."""
    if column.form is not None and "|" in column.form:
        return column
    return replace(column, is_typed=True, locale=None, form=None, separator=None, is_padded=False)


def _encoding(content: bytes, name: str) -> tuple[str, bool]:
    """How the bytes are letters; what is no UTF-8 is in the code page of its language, as office programs write it."""
    if other := format_of_bytes(content):
        raise DataError(f"{name} is {other.name}, not CSV", hint=other.advice)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding, True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content, final=len(content) <= SAMPLE_BYTES)
    except UnicodeDecodeError:
        return page_of(content) or "utf-8", False
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
    """The delimiter by which most of the first rows, one after the other, have one width, and that is the widest."""

    def fitness(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows: list[list[str]] = []
        try:
            rows.extend(row for row, _ in zip(reader, range(_TRIED_ROWS), strict=False) if row)
        except csv.Error:
            return 0, 0
        runs = [(sum(1 for _ in run), width) for width, run in groupby(map(len, rows)) if width > 1]
        return max(runs, default=(0, 0))

    best = max(DELIMITERS, key=fitness)
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
    last = {line for line, _ in body[-sum(map(len, found.values())) :]}
    if found:
        hint = "is the delimiter inside a cell that is not quoted?"
        if all(line in last and width < len(header) for width, lines in found.items() for line in lines):
            hint = "are these notes below the table? Cut them off, or give them the delimiters of a row"
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
