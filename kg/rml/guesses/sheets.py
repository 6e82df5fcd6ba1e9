"""The rows of a sheet that nobody has described, as texts."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

from kg.errors import Position
from kg.rml.mapping.model import Dialect, Formulation, Source
from kg.rml.mapping.values import Untyped, form_of
from kg.rml.sources.sheets import ods, xlsx

SUFFIXES: Final = (".xlsx", ".xlsm", ".ods")
_ROWS: Final = 10_000


Numbered = list[tuple[int, list[str]]]


def read_sheet(
    path: Path, sheet: str | None = None, *, fills_merged: bool = False
) -> tuple[Numbered, list[tuple[bool, ...]]] | None:
    """The rows of a sheet of a workbook with their numbers, and for each cell whether it knows its type.

    :param sheet: its name; without one, the only sheet that can be seen
    :param fills_merged: whether merged cells have their value in all of them
    :raises SeveralSheets: if there are several, and none is named
    :raises DataError: if it is damaged
    :raises UsageError: if the library that reads it is not installed
    """
    if path.suffix.lower() not in SUFFIXES:
        return None
    plain = Dialect(has_header=False, fills_merged=fills_merged)
    place = Position(path.as_posix(), 1)
    source = Source(path, path.as_posix(), Formulation.SQL_TABLE, sheet, dialect=plain, position=place)
    rows: Numbered = []
    typed: list[tuple[bool, ...]] = []
    opened = ods.opened if path.suffix.lower() == ".ods" else xlsx.opened
    with opened(source) as table:
        for some, numbers in table.rows(tuple(range(len(table.columns)))):
            for number, row in zip(numbers or (), some, strict=True):
                forms = [_form(cell) for cell in row]
                rows.append((number, [text for text, _ in forms]))
                typed.append(tuple(is_typed for _, is_typed in forms))
            if len(rows) >= _ROWS:
                break
    return list(islice(rows, _ROWS)), typed[:_ROWS]


def _form(cell: object) -> tuple[str, bool]:
    try:
        text, datatype = ("", None) if cell is None else form_of(cell)
    except Untyped:
        return "", False
    return text, datatype is not None
