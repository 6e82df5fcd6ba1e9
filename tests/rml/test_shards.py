"""Parts of a table hold its rows, each once, wherever the table is cut."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.rml.model import Formulation, Source
from kg.rml.shards import cut, readings
from kg.rml.sources.csv import batches

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


@settings(max_examples=400, deadline=None)
@given(tables(), st.integers(1, 60))
def test_parts_hold_the_rows_of_the_whole(text: str, block: int) -> None:
    header, *expected = csv.reader(io.StringIO(text, newline=""), strict=True)
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_bytes(text.encode())
        source = Source(path, "t.csv", Formulation.CSV)
        made = []
        ends = []
        for reading in readings(source, block):
            for batch in reading.batches(tuple(header)):
                made += [list(row) for row in zip(*batch.columns, strict=True)]
            ends.append(reading.end)
        assert made == [row for row in expected if row]
        assert ends == sorted(set(ends))


@settings(max_examples=200, deadline=None)
@given(tables(), st.integers(1, 60))
def test_where_nobody_corrects_a_part_it_is_whole_or_an_error(text: str, block: int) -> None:
    """So it is under Spark, whose tasks do not hear of one another: never are rows lost."""
    header, *expected = csv.reader(io.StringIO(text, newline=""), strict=True)
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_bytes(text.encode())
        source = Source(path, "t.csv", Formulation.CSV)
        made = []
        try:
            for part in cut(source, block):
                for batch in batches(source, tuple(header), part):
                    made += [list(row) for row in zip(*batch.columns, strict=True)]
        except KgError:
            return
        assert made == [row for row in expected if row]
