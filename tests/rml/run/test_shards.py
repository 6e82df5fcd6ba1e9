"""Parts of a table hold its rows, each once, wherever the table is cut."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.rml.mapping.model import Batch, Formulation, Source
from kg.rml.run.shards import cut, readings
from kg.rml.sources.csv import batches

NEXT_LINE = "\n"
CELL = st.text(st.sampled_from('ab" ,\n\ré'), max_size=7)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table of two columns, with quotes where they must be and where they may be, and some that stand alone."""
    end = draw(st.sampled_from(["\n", "\r\n"]))

    def written(cell: str) -> str:
        needs = cell.startswith('"') or any(mark in cell for mark in ",\n\r")
        return f'"{cell.replace(chr(34), 2 * chr(34))}"' if needs or draw(st.booleans()) else cell

    rows = draw(st.lists(st.tuples(CELL, CELL), max_size=30))
    lines = [",".join(map(written, row)) for row in [(draw(CELL) + "i", "a"), *rows]]
    return end.join(lines) + draw(st.sampled_from([end, ""]))


@contextmanager
def source_of(text: str) -> Iterator[Source]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_bytes(text.encode())
        yield Source(path, "t.csv", Formulation.CSV)


def whole(text: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """The header and the rows, as the reader of the standard library gives them."""
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    return tuple(header), [row for row in rows if row]


def rows_in(batches: Iterable[Batch]) -> list[list[str]]:
    return [list(row) for batch in batches for row in zip(*batch.columns, strict=True)]


@settings(max_examples=400, deadline=None)
@given(tables(), st.integers(1, 60))
def test_parts_hold_the_rows_of_the_whole(text: str, block: int) -> None:
    header, expected = whole(text)
    with source_of(text) as source:
        made, ends = [], []
        for reading in readings(source, block):
            made += rows_in(reading.batches(header))
            ends.append(reading.end)
    assert made == expected
    assert ends == sorted(set(ends))


@given(st.lists(st.booleans(), min_size=40, max_size=120), st.integers(30, 200))
def test_cuts_between_rows_with_cells_of_two_lines_are_right_at_once(have_two_lines: list[bool], block: int) -> None:
    """What is read after a wrong cut was read in vain. Where most rows have two lines, nothing shows it."""
    rows = [
        f'"{n}","one{NEXT_LINE if has_two and n % 3 == 0 else " "}two"\n' for n, has_two in enumerate(have_two_lines)
    ]
    with source_of('"a","b"\n' + "".join(rows)) as source:
        for reading in readings(source, block):
            thought = reading.end
            assert rows_in(reading.batches(("a", "b")))
            assert reading.end == thought


@settings(max_examples=200, deadline=None)
@given(tables(), st.integers(1, 60))
def test_where_nobody_corrects_a_part_it_is_whole_or_an_error(text: str, block: int) -> None:
    """So it is under Spark, whose tasks do not hear of one another: never are rows lost."""
    header, expected = whole(text)
    with source_of(text) as source:
        try:
            made = [row for part in cut(source, block) for row in rows_in(batches(source, header, part))]
        except KgError:
            return
    assert made == expected
