"""The sheet that a source means, the names of its columns, and its rows, whatever the workbook is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from kg.errors import DataError, MappingError, Position, nearest
from kg.rml.layout.headers import names_of
from kg.rml.mapping.model import Source
from kg.rml.mapping.values import Untyped, form_of
from kg.rml.sources.table import ROWS, Rows

LAST_ROW: Final = 1 << 20
"""The last row that a sheet may have."""
Lines = Iterator[tuple[int, list[Any]]]
"""Rows of a sheet with their numbers."""
_MEASURED: Final = 100
"""Rows that tell how wide a sheet without header is."""


class SeveralSheets(MappingError):
    """A workbook has several sheets that can be seen, and the source names none: `names` has them in their order."""

    def __init__(self, source: Source, names: Sequence[str]) -> None:
        listed = ", ".join(f"'{name}'" for name in names)
        hint = f"name one: rml:iterator, of {listed}"[:300]
        super().__init__(f"{source.name} has {len(names)} sheets", position=source.position, hint=hint)
        self.names = tuple(names)


def chosen(source: Source, names: Collection[str], seen: Sequence[str]) -> str:
    """The name of the sheet that a source means: the one that it names, or the only one that can be seen.

    :raises SeveralSheets: if it names none of several, or of none
    :raises MappingError: if there is none
    """
    if source.iterator is None:
        if len(seen) == 1:
            return seen[0]
        raise SeveralSheets(source, seen)
    if source.iterator not in names:
        hint = nearest(source.iterator, names) or f"sheets: {', '.join(names)}"[:300]
        raise MappingError(f"{source.name} has no sheet '{source.iterator}'", position=source.position, hint=hint)
    return source.iterator


def whole_if_it_is(number: float) -> float | int:
    """The number of a cell: a whole one has no fraction."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number  # noqa: PLR2004 -- digits of Excel


def headed(source: Source, lines: Lines) -> tuple[tuple[str, ...], Lines]:
    """The names of the columns, and the rows that follow.

    :raises DataError: if there are none
    """
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


def picked_rows(lines: Lines, wanted: tuple[int, ...]) -> Rows:
    """The cells of some columns, many rows at a time."""
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
