"""Sheets of XLSX workbooks (ECMA-376), read row by row by openpyxl."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from typing import Any, Final

from kg.errors import DataError, Position
from kg.rml.layout.merged import laid_out, merged_ranges
from kg.rml.mapping.model import Formulation, Source
from kg.rml.mapping.values import Unusable
from kg.rml.sources.sheets.archive import DAMAGES, check_archive, damaged
from kg.rml.sources.sheets.rows import LAST_ROW, Lines, chosen, headed, picked_rows, whole_if_it_is
from kg.rml.sources.table import Rows, Table, missing, refuse

_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ />]")
_SHEETS: Final = "xl/worksheets/"


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
    check_archive(source, _SHEETS)
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
            header, lines = headed(source, lines)
        except _damages() as error:
            raise damaged(source, error) from None
        yield Table(header, lambda wanted: _rows(source, lines, wanted))


def _damages() -> tuple[type[Exception], ...]:
    from xml.etree.ElementTree import ParseError

    from openpyxl.utils.exceptions import InvalidFileException

    return (*DAMAGES, InvalidFileException, ParseError, KeyError, TypeError, IndexError, AttributeError)


def _sheet(source: Source, book: Any) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    return sheets[chosen(source, sheets, [sheet.title for sheet in sheets.values() if sheet.sheet_state == "visible"])]


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


def _numbered(source: Source, rows: Iterable[Sequence[Any]], formulas: Iterable[Sequence[Any]] | None) -> Lines:
    """The rows, with their numbers."""
    if formulas is None:
        pairs: Iterable[tuple[Sequence[Any], Sequence[Any]]] = ((row, ()) for row in rows)
    else:
        pairs = zip(rows, formulas, strict=True)
    for number, (row, stated) in enumerate(pairs, 1):
        if number > LAST_ROW:
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
        return whole_if_it_is(value)
    if isinstance(value, datetime):
        from openpyxl.styles.numbers import is_datetime

        is_day = is_datetime(cell.number_format) == "date" and (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date() if is_day else value
    return value


def _rows(source: Source, lines: Lines, wanted: tuple[int, ...]) -> Rows:
    try:
        yield from picked_rows(lines, wanted)
    except _damages() as error:
        raise damaged(source, error) from None
