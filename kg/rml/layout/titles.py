"""Rows above the header that are none of the table: titles, dates, remarks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from kg.errors import DataError
from kg.rml.mapping.model import Dialect, Formulation, Source
from kg.rml.mapping.values import Untyped, form_of
from kg.rml.sources import csv, tables

_LOOKED_AT: Final = 20


def rows_above(source: Source, names: Collection[str]) -> int | None:
    """How many rows stand above the first one that has all names, if one has.

    :raises KgError: if the source cannot be read
    """
    for number, row in _rows(source):
        if set(names) <= {cell.strip() for cell in row}:
            return number - 1
    return None


def _rows(source: Source) -> Iterator[tuple[int, Sequence[str]]]:
    plain = replace(source, dialect=replace(source.dialect, skip_rows=0, header_rows=1, skip_columns=0))
    if source.formulation is Formulation.CSV:
        try:
            yield from csv.first_rows(plain, _LOOKED_AT)
        except DataError:
            return
    if source.formulation is Formulation.SQL_TABLE and source.database is None:
        if tables.kind_of(source) not in {tables.Kind.XLSX, tables.Kind.ODS}:
            return
        with tables.opened(replace(source, dialect=Dialect(has_header=False))) as table:
            for rows, numbers in islice(table.rows(tuple(range(len(table.columns)))), 1):
                yield from zip(
                    numbers or (), [[_text(cell) for cell in row] for row in rows[:_LOOKED_AT]], strict=False
                )


def _text(cell: object) -> str:
    try:
        return "" if cell is None else form_of(cell)[0]
    except Untyped:
        return ""
