"""Sheets of XLSX workbooks (ECMA-376), read row by row by openpyxl."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from itertools import chain, islice
from typing import Any, Final

from kg.errors import DataError, MappingError, Position, nearest
from kg.rml.layout.headers import names_of
from kg.rml.layout.merged import laid_out, merged_ranges
from kg.rml.mapping.model import Formulation, Source
from kg.rml.mapping.values import Untyped, Unusable, form_of
from kg.rml.sources.packed import FREE, too_packed
from kg.rml.sources.stream import too_large
from kg.rml.sources.table import ROWS, Rows, Table, missing, refuse

_LAST_ROW: Final = 1 << 20
_MEASURED: Final = 100
"""Rows that tell how wide a sheet without header is."""
_PROLOG: Final = 1 << 16
_ASIDE: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ />]")
_SHEETS: Final = ("xl/worksheets/",)


@contextmanager
def opened(source: Source) -> Iterator[Table]:
    """A sheet whose first row with cells names the columns, unless its dialect says otherwise.

    :raises MappingError: if there is no such sheet
    :raises DataError: if the workbook is damaged, or grows beyond what is allowed
    :raises UsageError: if openpyxl is not installed
    """
    try:
        import openpyxl
    except ImportError:
        raise missing(f"reading {source.name}") from None
    if source.formulation is Formulation.SQL_QUERY:
        refuse(source, "a workbook is not asked by queries", "rml:SQL2008Table, and the sheet as rml:iterator")
    _check_archive(source)
    with source.path.open("rb") as file, ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # of features of workbooks that have no cells
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            stack.enter_context(closing(book))
            sheet = _sheet(source, book)
            formulas = None
            if _has_formulas(source):
                other = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
                stack.enter_context(closing(other))
                formulas = other[sheet.title]
                formulas.reset_dimensions()
            sheet.reset_dimensions()
            lines = _numbered(source, sheet.iter_rows(), None if formulas is None else formulas.iter_rows())
            lines = laid_out(lines, source.dialect, lambda: merged_ranges(source.path, sheet._worksheet_path))  # noqa: SLF001 -- nothing else tells
            header, lines = _header(source, lines)
        except _damages() as error:
            raise _damaged(source, error) from None
        yield Table(header, lambda wanted: _rows(source, lines, wanted))


def _damages() -> tuple[type[Exception], ...]:
    from xml.etree.ElementTree import ParseError

    from openpyxl.utils.exceptions import InvalidFileException

    archive = (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError)
    return (*archive, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError)


def _damaged(source: Source, error: Exception) -> DataError:
    hint = "open it in a spreadsheet program, and save it as .xlsx"
    reason = f"{type(error).__name__}: {error}"[:200]
    return DataError(f"not a workbook that can be read: {reason}", position=Position(source.name, 1), hint=hint)


def _check_archive(source: Source) -> None:
    """No part is larger than it may be, and none declares a document type: that is where bombs are hidden.

    What a part declares as its size is what is read of it at most.
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if total > FREE and total > source.limits.ratio * max(source.path.stat().st_size, 1):
                raise too_packed(source)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    if not part.filename.startswith(_SHEETS) and part.file_size > source.limits.document:
                        raise too_large(source)
                    _check_prolog(source, archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise _damaged(source, error) from None


def _check_prolog(source: Source, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as file:
        start = file.read(_PROLOG)
    plain = _ASIDE.sub(b"", start)
    found = re.search(rb"<(!DOCTYPE|[A-Za-z_])", plain)
    if b"\0" in start or found is None or found[1] == b"!DOCTYPE":
        message = f"{part.filename} within the workbook is not what a spreadsheet program writes"
        hint = "it declares a document type, as attacks do, or is not XML in UTF-8"
        raise DataError(message, position=Position(source.name, 1), hint=hint)


def _sheet(source: Source, book: Any) -> Any:
    """The sheet of a name, or the only one that can be seen."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if source.iterator is None:
        seen = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
        if len(seen) == 1:
            return seen[0]
        names = ", ".join(f"'{sheet.title}'" for sheet in seen)
        refuse(source, f"{source.name} has {len(seen)} sheets", f"name one: rml:iterator, of {names}"[:300])
    if source.iterator not in sheets:
        hint = nearest(source.iterator, sheets) or f"sheets: {', '.join(sheets)}"[:300]
        raise MappingError(f"{source.name} has no sheet '{source.iterator}'", position=source.position, hint=hint)
    return sheets[source.iterator]


def _has_formulas(source: Source) -> bool:
    """Whether any sheet holds a formula: then cells are read twice, to see which have no result."""
    with zipfile.ZipFile(source.path) as archive:
        for part in archive.infolist():
            if part.filename.startswith(_SHEETS):
                with archive.open(part) as file:
                    tail = b""
                    while block := file.read(1 << 20):
                        if _FORMULA.search(tail + block):
                            return True
                        tail = block[-32:]
    return False


def _numbered(
    source: Source, rows: Iterable[Sequence[Any]], formulas: Iterable[Sequence[Any]] | None
) -> Iterator[tuple[int, list[Any]]]:
    """The rows, with their numbers."""
    if formulas is None:
        pairs: Iterable[tuple[Sequence[Any], Sequence[Any]]] = ((row, ()) for row in rows)
    else:
        pairs = zip(rows, formulas, strict=True)
    for number, (row, stated) in enumerate(pairs, 1):
        if number > _LAST_ROW:
            raise DataError("a sheet has 1048576 rows at most", position=Position(source.name, number))
        values = [_value(cell) for cell in row]
        for index, cell in enumerate(stated):
            if cell.data_type == "f" and row[index].value is None:
                values[index] = Unusable("a formula that was never calculated")
        yield number, values


def _value(cell: Any) -> Any:
    """The value of a cell: whole numbers have no fraction, dates no time, and an error is none."""
    value = cell.value
    if cell.data_type == "e":
        return Unusable(f"the error {value}")
    if value is None or value == "" or isinstance(value, bool | str):
        return None if value == "" else value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value  # noqa: PLR2004 -- digits of Excel
    if isinstance(value, datetime):
        from openpyxl.styles.numbers import is_datetime

        is_day = is_datetime(cell.number_format) == "date" and (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date() if is_day else value
    return value


def _header(
    source: Source, lines: Iterator[tuple[int, list[Any]]]
) -> tuple[tuple[str, ...], Iterator[tuple[int, list[Any]]]]:
    """The names of the columns, and the rows that follow."""
    dialect = source.dialect
    found = list(islice(lines, dialect.header_rows if dialect.has_header else _MEASURED))
    if not found:
        hint = "its first row names the columns"
        raise DataError("the sheet is empty", position=Position(source.name, 1), hint=hint)
    if not dialect.has_header:
        return tuple(f"_col.{number}" for number in range(1, max(len(row) for _, row in found) + 1)), chain(
            found, lines
        )
    names = list(names_of([_texts(source, number, cells) for number, cells in found]))
    while names and not names[-1]:
        names.pop()
    return tuple(names), lines


def _texts(source: Source, number: int, cells: Sequence[Any]) -> list[str]:
    try:
        return ["" if cell is None else form_of(cell)[0].strip() for cell in cells]
    except Untyped as error:
        raise DataError(f"a column is named by {error}", position=Position(source.name, number)) from None


def _rows(source: Source, lines: Iterator[tuple[int, list[Any]]], wanted: tuple[int, ...]) -> Rows:
    try:
        rows: list[list[Any]] = []
        numbers: list[int] = []
        for number, cells in lines:
            rows.append([cells[index] if index < len(cells) else None for index in wanted])
            numbers.append(number)
            if len(rows) == ROWS:
                yield rows, numbers
                rows, numbers = [], []
        if rows:
            yield rows, numbers
    except _damages() as error:
        raise _damaged(source, error) from None
