"""The rows of a table as its claims need them: ids, cells by column, and where each row stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kg.errors import Position, Problem
from kg.rml.mapping.model import Batch, Formulation, Source
from kg.rml.mapping.yarrrml.terms import Reference, Template
from kg.rml.sources.rows import batches_of
from kg.tables.model import Table
from kg.terms import is_claim_id

_FORMULATION: Final = {Formulation.CSV: "csv", Formulation.JSON_PATH: "jsonpath"}
_BLANK: Final = re.compile(rb"\n\r?\n")


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows that follow one another."""

    ids: tuple[str, ...]
    """The name of each row's claim; empty where there is none that can be part of an IRI."""
    cells: Mapping[str, Sequence[str]]
    """Columns by their reference; the empty text where a row has no value."""
    places: tuple[str, ...]
    """Where each row stands in its file: `row=N` (RFC 7111, section 2.1), or `item=N` where rows are no lines."""
    numbers: tuple[int, ...]
    """The number of each row, from 1 (CSV on the Web, `rownum`)."""
    batch: Batch = field(repr=False)
    name: str
    left_out: int = 0
    """How many rows between or behind them are none of the table."""

    def position(self, index: int) -> Position:
        """The file and line of a row; line 1 where rows have no lines."""
        lines = self.batch.lines
        return Position(self.name, 1 if lines is None else lines(index))

    def texts(self, text: Template, source: Source) -> Sequence[str]:
        """A text of the table for each row; empty where a cell in it is."""
        parts = [
            [part] * self.batch.size if isinstance(part, str) else self.cells[reference(part.path, source)]
            for part in text.parts
        ]
        if len(parts) == 1:
            return parts[0]
        columns = [part for part, written in zip(parts, text.parts, strict=True) if not isinstance(written, str)]
        needed = zip(*columns, strict=True) if columns else [()] * self.batch.size
        return ["".join(row) if all(need) else "" for row, need in zip(zip(*parts, strict=True), needed, strict=True)]


def reference(path: str, source: Source) -> str:
    """What a source calls the column that `$(path)` means."""
    return Reference(path).in_formulation(_FORMULATION.get(source.formulation, ""))


def columns_of(texts: Iterable[Template], source: Source) -> tuple[str, ...]:
    """The references that texts need."""
    paths = (part.path for text in texts for part in text.parts if not isinstance(part, str))
    return tuple(dict.fromkeys(reference(path, source) for path in paths))


def read_rows(table: Table, source: Source, columns: Sequence[str], problems: list[Problem]) -> Iterator[Rows]:
    """The rows of a table with some of its columns, batch by batch; rows without a usable id go to `problems`.

    :raises DataError: if the file is not what it should be
    """
    wanted = tuple(columns)
    is_csv = source.formulation is Formulation.CSV
    dialect = source.dialect
    # Titles and the header are rows of a file, too (RFC 7111, section 2.1).
    above = dialect.skip_rows + (dialect.header_rows if dialect.has_header else 0)
    if is_csv:
        problems.extend(_blank_lines(source))
    for batch in batches_of(source, wanted):
        cells = {name: _texts(column) for name, column in zip(wanted, batch.columns, strict=True)}
        numbers = tuple(range(batch.first, batch.first + batch.size))
        places = tuple(f"row={n + above}" if is_csv else f"item={n}" for n in numbers)
        rows = _kept(Rows((), cells, places, numbers, batch, table.name), table, source)
        ids = list(map(table.named, rows.texts(table.id, source)))
        named = tuple(name if is_claim_id(name) else "" for name in ids)
        for index, name in enumerate(named):
            if not name:
                problems.append(_nameless(ids[index], rows, index))
        yield replace(rows, ids=named)


def _kept(rows: Rows, table: Table, source: Source) -> Rows:
    """The rows that are some of the table."""
    if not table.left_out:
        return rows
    told = [(rows.texts(one.cell, source), one.values) for one in table.left_out]
    kept = [index for index in range(rows.batch.size) if all(column[index] not in values for column, values in told)]
    lines = rows.batch.lines
    batch = replace(rows.batch, size=len(kept), lines=None if lines is None else lambda index: lines(kept[index]))
    return Rows(
        (),
        {name: [column[index] for index in kept] for name, column in rows.cells.items()},
        tuple(rows.places[index] for index in kept),
        tuple(rows.numbers[index] for index in kept),
        batch,
        rows.name,
        rows.batch.size - len(kept),
    )


def _nameless(given: str, rows: Rows, index: int) -> Problem:
    what = f"'{given}' cannot name a claim" if given else "the row has no id"
    hint = "an id has letters, digits and hyphens" if given else "every row needs a name of its own"
    return Problem("claim-id", _at(rows, index) + what, rows.position(index), hint=hint)


def _at(rows: Rows, index: int) -> str:
    """What stands before a message where a line does not tell the row."""
    return "" if rows.batch.lines is not None else f"row {rows.numbers[index]}: "


def _texts(column: Sequence[Any]) -> Sequence[str]:
    return column if all(type(cell) is str for cell in column) else [_text(cell) for cell in column]


def _text(cell: Any) -> str:
    match cell:
        case None | []:
            return ""
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return repr(cell)
        case [one]:
            return _text(one)
    return " ".join(_text(item) for item in cell)


def _blank_lines(source: Source) -> list[Problem]:
    """Blank lines between rows: with them the number of a row would not tell where it stands.

    Lines above the header that the dialect leaves out are counted as rows, whatever they hold.
    """
    if source.path.suffix.lower() not in {".csv", ".tsv", ".txt"} or not _BLANK.search(source.path.read_bytes()):
        return []
    blank: list[int] = []
    problems = []
    skipped = source.dialect.skip_rows
    with source.path.open(encoding=source.encoding, newline="") as file:
        for _ in range(skipped):
            file.readline()
        reader = csv.reader(file, delimiter=source.dialect.delimiter, quotechar=source.dialect.quote)
        for row in reader:
            if not row:
                blank.append(skipped + reader.line_num)
                continue
            problems += [
                Problem("table", "a blank line between rows", Position(source.name, line), hint="remove it")
                for line in blank
            ]
            blank.clear()
    return problems
