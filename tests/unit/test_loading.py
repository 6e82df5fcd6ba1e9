"""Lines that are loaded while they are made: the store holds all of them, or is not there."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError, UsageError
from kg.loading import loading


def line(number: int) -> bytes:
    return f'<http://e/{number}> <http://e/p> "قيمة {number}"@ar <http://e/g> .\n'.encode()


def test_all_lines_end_in_the_store_however_often_it_loads(tmp_path: Path) -> None:
    with loading(tmp_path / "store", least=1000) as file:
        for number in range(500):
            file.write(line(number) + line(number + 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]
    store = ox.Store.read_only(str(tmp_path / "store"))
    assert {quad.subject.value for quad in store} == {f"http://e/{number}" for number in range(501)}
    assert {quad.object for quad in store if quad.subject.value == "http://e/7"} == {
        ox.Literal("قيمة 7", language="ar")
    }


def test_a_blank_node_of_many_lines_stays_one(tmp_path: Path) -> None:
    with loading(tmp_path / "store", least=100) as file:
        for number in range(50):
            file.write(line(number))
        for number in range(50):
            file.write(f"_:b1 <http://e/q> <http://e/{number}> .\n".encode())
            file.write(line(number + 50))
    store = ox.Store.read_only(str(tmp_path / "store"))
    assert len(store) == 150
    assert len({quad.subject for quad in store if isinstance(quad.subject, ox.BlankNode)}) == 1


def test_a_line_that_is_none_leaves_no_store(tmp_path: Path) -> None:
    def write() -> None:
        with loading(tmp_path / "store", least=10) as file:
            file.write(line(1))
            file.write(b"nothing of the kind\n")

    with pytest.raises(DataError, match="not N-Quads"):
        write()
    assert not list(tmp_path.iterdir())


def test_a_failure_while_lines_are_made_leaves_no_store(tmp_path: Path) -> None:
    def write() -> None:
        with loading(tmp_path / "store", least=10) as file:
            file.write(line(1))
            raise DataError("row 7")

    with pytest.raises(DataError, match="row 7"):
        write()
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="there already"), loading(tmp_path / "store"):
        pass
    assert (tmp_path / "store" / "notes.txt").read_text() == "mine"
