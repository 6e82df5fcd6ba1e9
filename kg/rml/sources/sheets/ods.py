"""Sheets of ODS workbooks (OpenDocument 1.3, part 3, section 9), read row by row.

A library that reads them quickly gives no value where a cell holds an error, and zero for some: nothing would tell.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from kg.errors import DataError, Position
from kg.rml.layout.merged import Merged, laid_out
from kg.rml.mapping.model import Formulation, Source
from kg.rml.mapping.values import Unusable
from kg.rml.sources.sheets.archive import DAMAGES, check_archive, damaged
from kg.rml.sources.sheets.rows import LAST_ROW, Lines, chosen, headed, picked_rows, whole_if_it_is
from kg.rml.sources.table import Rows, Table, refuse

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTENT: Final = "content.xml"
"""The part that holds the cells of all sheets."""
_OASIS: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE: Final = f"{_OASIS}table:1.0}}"
_OFFICE: Final = f"{_OASIS}office:1.0}}"
_TEXT: Final = f"{_OASIS}text:1.0}}"
_STYLE: Final = f"{_OASIS}style:1.0}}"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_KIND_OF_CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_LAST_COLUMN: Final = 1 << 14
_DAY: Final = timedelta(days=1)
_TIME: Final = re.compile(r"(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_MEANT: Final = str.maketrans("\0\1\2", " \t\n")
"""Characters that XML does not have stand for blanks that are meant until those of the layout are gone."""


@contextmanager
def opened(source: Source) -> Iterator[Table]:
    """A sheet whose first row with cells names the columns, unless its dialect says otherwise.

    :raises MappingError: if there is no such sheet
    :raises DataError: if the workbook is damaged, or grows beyond what is allowed
    """
    if source.formulation is Formulation.SQL_QUERY:
        refuse(source, "a workbook is not asked by queries", "rml:SQL2008Table, and the sheet as rml:iterator")
    check_archive(source, CONTENT)
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(source.path))
            reader = _Workbook(source, archive)
            name = reader.sheet()
            lines = laid_out(reader.lines(name), source.dialect, lambda: reader.merged(name))
            header, lines = headed(source, lines)
        except (*DAMAGES, KeyError, etree.XMLSyntaxError) as error:
            raise damaged(source, error) from None
        yield Table(header, lambda wanted: _rows(source, lines, wanted))


def _rows(source: Source, lines: Lines, wanted: tuple[int, ...]) -> Rows:
    try:
        yield from picked_rows(lines, wanted)
    except (*DAMAGES, KeyError, etree.XMLSyntaxError) as error:
        raise damaged(source, error) from None


@dataclass(frozen=True, slots=True)
class _Workbook:
    """The sheets of one file; each walk reads it anew."""

    source: Source
    archive: zipfile.ZipFile

    def sheet(self) -> str:
        """The name of the sheet that is meant."""
        if self.source.iterator is not None:
            return self.source.iterator
        hidden: set[str] = set()
        shown: dict[str, bool] = {}
        for node in self._walk(f"{_STYLE}style", f"{_TABLE}table"):
            if node.tag == f"{_STYLE}style":
                said = node.find(f"{_STYLE}table-properties")
                if said is not None and said.get(f"{_TABLE}display") == "false":
                    hidden.add(node.get(f"{_STYLE}name", ""))
            elif _is_sheet(node):
                shown[_name_of(node)] = node.get(f"{_TABLE}style-name") not in hidden
        return chosen(self.source, shown, [name for name, is_shown in shown.items() if is_shown])

    def lines(self, name: str) -> Lines:
        """The rows of a sheet that have cells, with their numbers."""
        at = 0
        for row, count in self._rows_of(name):
            cells = list(_cells(row))
            while cells and cells[-1] is None:
                cells.pop()
            if cells and at + count > LAST_ROW:
                raise DataError(f"a sheet has {LAST_ROW} rows at most", position=Position(self.source.name, at + 1))
            if cells:
                yield from ((number, list(cells)) for number in range(at + 1, at + count + 1))
            at += count

    def merged(self, name: str) -> tuple[Merged, ...]:
        """The merged cells of a sheet."""
        found: list[Merged] = []
        at = 0
        for row, count in self._rows_of(name):
            column = 0
            for cell in row.iterchildren(*_CELLS):
                wide, high = (_count(cell, f"number-{what}-spanned") for what in ("columns", "rows"))
                if wide > 1 or high > 1:
                    found.append(Merged(at + 1, column, at + high, min(column + wide, _LAST_COLUMN) - 1))
                column += _count(cell, "number-columns-repeated")
            at += count
        return tuple(found)

    def _rows_of(self, name: str) -> Iterator[tuple[_Element, int]]:
        """The rows of a sheet, each with how often it stands there."""
        names: list[str] = []
        for node in self._walk(f"{_TABLE}table-row", f"{_TABLE}table"):
            if node.tag == f"{_TABLE}table":
                if _is_sheet(node):
                    names.append(_name_of(node))
                    if names[-1] == name:
                        return
                continue
            tables = list(node.iterancestors(f"{_TABLE}table"))
            if len(tables) == 1 and _name_of(tables[0]) == name and _is_sheet(tables[0]):
                yield node, _count(node, "number-rows-repeated")
        chosen(self.source, names, names)

    def _walk(self, *tags: str) -> Iterator[_Element]:
        """The elements of some names at their ends; what has been read of rows is let go."""
        with self.archive.open(CONTENT) as file:
            huge = self.source.limits.allows_huge
            walk = etree.iterparse(
                file, events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=huge
            )
            for _, node in walk:
                yield node
                if node.tag != f"{_STYLE}style":
                    node.clear(keep_tail=False)
                    above = node.getparent()
                    while above is not None and above[0] is not node:
                        del above[0]


def _is_sheet(table: _Element) -> bool:
    """Whether a table is a sheet, and not one within a cell or a picture."""
    above = table.getparent()
    return above is not None and above.tag == f"{_OFFICE}spreadsheet"


def _name_of(table: _Element) -> str:
    return str(table.get(f"{_TABLE}name", ""))


def _count(node: _Element, attribute: str) -> int:
    text = node.get(_TABLE + attribute, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LAST_ROW)) and int(text) else 1


def _cells(row: _Element) -> Iterator[Any]:
    """The values of a row; those that a merged cell covers have none."""
    at = 0
    for cell in row.iterchildren(*_CELLS):
        count = min(_count(cell, "number-columns-repeated"), _LAST_COLUMN - at)
        at += count
        yield from repeat(_value(cell) if cell.tag == _CELLS[0] else None, count)


def _value(cell: _Element) -> Any:
    """The value of a cell (section 19.385): a number, a text, a day with or without a time, a time, or true and false.

    An error is none, and neither is a formula without a result.
    """
    if cell.get(_KIND_OF_CALC) == "error":
        return Unusable(f"the error {_text(cell) or 'of a formula'}")
    kind = cell.get(f"{_OFFICE}value-type")
    if kind is None or kind in {"string", "void"}:
        said = cell.get(f"{_OFFICE}string-value")
        text = _text(cell) if said is None else said
        if not text and kind is None and cell.get(f"{_TABLE}formula"):
            return Unusable("a formula that was never calculated")
        return text or None
    reading = _READINGS.get(kind)
    text = cell.get(f"{_OFFICE}{'value' if reading is _number else f'{kind}-value'}", "")
    try:
        if reading is not None:
            return reading(text)
    except (ValueError, OverflowError, KeyError):
        pass
    return Unusable(f"a {kind[:20]} that is written {text[:40]!r}")


def _number(text: str) -> float | int:
    return whole_if_it_is(float(text))


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _day(text: str) -> date:
    return date.fromisoformat(text) if _DATE.fullmatch(text) else datetime.fromisoformat(text)


def _span(text: str) -> time | timedelta:
    """A time of the day, or how long something takes if it is longer than that."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    sign, days, hours, minutes, seconds, fraction = found.groups()
    span = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=int((fraction or "0").ljust(6, "0")[:6]),
    )
    if sign or span >= _DAY:
        return -span if sign else span
    return (datetime.combine(date.min, time()) + span).time()


_READINGS: Final[dict[str, Callable[[str], Any]]] = {
    "float": _number,
    "percentage": _number,
    "currency": _number,
    "boolean": _boolean,
    "date": _day,
    "time": _span,
}


def _text(cell: _Element) -> str:
    """The paragraphs of a cell, each on a line of its own, without remarks."""
    return "\n".join(_paragraph(one) for one in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h"))


def _paragraph(node: _Element) -> str:
    return _BLANKS.sub(" ", "".join(_pieces(node))).strip(" ").translate(_MEANT)


def _pieces(node: _Element) -> Iterator[str]:
    """The texts of a paragraph, with the blanks that are meant (section 6.1.2)."""
    yield node.text or ""
    for inner in node:
        match inner.tag:
            case tag if tag == f"{_TEXT}s":
                count = inner.get(f"{_TEXT}c", "1")
                yield "\0" * (min(int(count), LAST_ROW) if count.isascii() and count.isdigit() else 1)
            case tag if tag == f"{_TEXT}tab":
                yield "\1"
            case tag if tag == f"{_TEXT}line-break":
                yield "\2"
            case tag if tag not in {f"{_TEXT}note", f"{_OFFICE}annotation"} and isinstance(tag, str):
                yield from _pieces(inner)
            case _:
                pass  # a remark
        yield inner.tail or ""
