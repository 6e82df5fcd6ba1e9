"""Rows shared among processes, and tables that are cut: the bytes and the faults of one process."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from rml.by_hand import csv_source, json_source
from rml.running import SUBJECT, mapping, run, simple

from kg.errors import DataError, OperationError, StorageError
from kg.rml import OnError, map_to, parts
from kg.rml.run.worker import Worker


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A table of several parts, with line ends and quotes in cells, a join before the end, and nodes without names."""
    rows = "".join(f'{i},"text {i}\nof ""two"" lines",{i % 50}\r\n' for i in range(45_000))
    (tmp_path / "t.csv").write_text("\ufeffi,a,k\r\n" + rows, encoding="utf-8", newline="")
    (tmp_path / "p.csv").write_text("j,k\n" + "".join(f"{j},{j % 60}\n" for j in range(120)))
    link = (
        "rml:objectMap [ rml:parentTriplesMap ex:n ; "
        'rml:joinCondition [ rml:child "k" ; rml:parent "k" ] ; ] ; rml:objectMap [ rml:reference "a" ]'
    )
    blank = "rml:subjectMap [ rml:termType rml:BlankNode ]"
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ]'
    return mapping(
        tmp_path,
        f"ex:a {csv_source('t.csv')} ; {SUBJECT} ; {pair} .\n"
        f"ex:m {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:q ; {link} ] .\n"
        f'ex:n {csv_source("p.csv")} ; rml:subjectMap [ rml:template "http://p/{{j}}" ; rml:class ex:C ] .\n'
        f"ex:o {csv_source('t.csv')} ; {blank} ; {pair} .\n",
    )


def test_any_number_of_workers_writes_the_same_bytes(large: Path, tmp_path: Path) -> None:
    with (tmp_path / "one.nq").open("wb") as one:
        alone = map_to(large, one)
    with (tmp_path / "three.nq").open("wb") as three:
        shared = map_to(large, three, workers=3)
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "three.nq").read_bytes()
    assert alone == shared
    assert alone.triples == 45_000 * (1 + 1 + 2 + 1) + 120
    held = io.BytesIO()
    map_to(large, held, workers=2)
    assert held.getvalue() == (tmp_path / "one.nq").read_bytes()


def test_a_fault_in_a_part_is_told_as_one_process_tells_it(large: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    lines = table.read_bytes().replace(b"\n40000,", b"\n\0,", 1)
    table.write_bytes(lines)
    path = simple(tmp_path, 'rml:template "{i}" ; rml:termType rml:Literal')
    told = []
    for workers in (1, 2):
        with (tmp_path / "out.nq").open("wb") as output, pytest.raises(DataError) as caught:
            map_to(path, output, workers=workers)
        told.append(caught.value.problems)
    assert told[0] == told[1]
    assert told[0][0].position
    assert told[0][0].position.line == 2 + 2 * 40_000


def test_a_killed_worker_ends_the_run(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    do = Worker._do

    def killed(self: Worker, doing: Any) -> Any:
        if doing.task.index == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return do(self, doing)

    monkeypatch.setattr(Worker, "_do", killed)
    with (tmp_path / "out.nq").open("wb") as output, pytest.raises(OperationError, match="a worker ended with -9"):
        map_to(large, output, workers=3)
    assert not multiprocessing.active_children()


def test_a_killed_leader_of_workers_ends_the_run(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.rml.run.workers._ready", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    with (tmp_path / "out.nq").open("wb") as output, pytest.raises(OperationError, match="a worker ended with -9"):
        map_to(large, output, workers=3)
    assert not multiprocessing.active_children()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full, a disk that is always full")
def test_a_full_disk_is_told_by_a_worker(large: Path) -> None:
    with Path("/dev/full").open("wb") as output, pytest.raises(StorageError, match="No space left"):
        map_to(large, output, workers=3)
    assert not multiprocessing.active_children()


def test_parts_make_what_the_whole_makes(large: Path, tmp_path: Path) -> None:
    whole, single = io.BytesIO(), io.BytesIO()
    map_to(large, whole)
    made = parts(large)
    for part in made:
        part.write(single)
    assert sorted(single.getvalue().splitlines()) == sorted(whole.getvalue().splitlines())
    assert [path.name for path in made[1].sources] == ["t.csv", "p.csv"]
    large.write_text("# moved by a line\n" + large.read_text().replace("ex:q", "ex:r"))
    again = parts(large)
    assert [a.key == b.key for a, b in zip(made, again, strict=True)] == [True, False, True, True]


def test_rows_that_were_read_in_vain_leave_nothing_in_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table whose last part is cut within a cell, and after it a parent that is handed over bit by bit."""
    monkeypatch.setattr("kg.rml.run.worker._GROWN", 1000)
    rows = [f'{i},"{i}\nof two"' for i in range(60_000)]
    rows[-2] = '59998,5" pipe'
    rows[-1] = '59999,"' + "many\n" * 120_000 + '"'
    path = wide(tmp_path, rows)
    (tmp_path / "p.json").write_text(json.dumps([{"j": j, "k": j % 5} for j in range(3000)]))
    (tmp_path / "c.csv").write_text("i,k\n" + "".join(f"{i},{i}\n" for i in range(7)))
    join = 'rml:joinCondition [ rml:child "k" ; rml:parent "$.k" ]'
    path.write_text(
        f"{path.read_text()}\n"
        f'ex:p {json_source("p.json")} ; rml:subjectMap [ rml:template "http://p/{{$.j}}" ; rml:class ex:C ] .\n'
        f"ex:c {csv_source('c.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:q ; "
        f"rml:objectMap [ rml:parentTriplesMap ex:p ; {join} ] ] .\n"
    )
    made = [run(path, workers=workers) for workers in (1, 2, 4)]
    assert sum("/q>" in line for line in made[0]) == 3000
    assert made[0] == made[1] == made[2]


def test_of_two_maps_over_a_source_the_faults_of_the_first_batch_are_told(tmp_path: Path) -> None:
    """By any number of workers, and within a batch those of the map that is written first."""
    (tmp_path / "t.csv").write_text(
        "i,a,b\n" + "1,1,1\n" * 100_000 + "1,1,x\n1,y,1\n" + "1,1,1\n" * 100_000 + "1,z,1\n"
    )

    def whole(name: str, column: str) -> str:
        made = f'rml:objectMap [ rml:reference "{column}" ; rml:datatype xsd:integer ]'
        return f"ex:{name} {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:p ; {made} ] ."

    for names, line in ((("a", "b"), 100_003), (("b", "a"), 100_002)):
        path = mapping(tmp_path, "\n".join(whole(f"m{n}", name) for n, name in enumerate(names)))
        for workers in (1, 3):
            with pytest.raises(DataError) as caught:
                run(path, workers=workers)
            (problem,) = caught.value.problems
            assert problem.position
            assert problem.position.line == line


def wide(folder: Path, rows: list[str]) -> Path:
    """A mapping of a table of two columns, written as it is given, with two triples maps."""
    (folder / "t.csv").write_text("i,a\n" + "\n".join(rows) + "\n", newline="")
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p{} ; rml:objectMap [ rml:reference "a" ] ]'
    return mapping(
        folder, "\n".join(f"ex:m{n} {csv_source('t.csv')} ; {SUBJECT} ; {pair.format(n)} ." for n in range(2))
    )


@pytest.mark.parametrize(
    ("name", "odd", "value"),
    [
        ("a carriage return in a cell", '30000,"one\rtwo"', '"one\\rtwo"'),
        ("a quote in a cell without quotes", '30000,5" pipe', '"5\\" pipe"'),
        ("two cells with such quotes", '30000,5" pipe\n30000,6" pipe', '"6\\" pipe"'),
        ("a cell of many lines", '30000,"' + "x\n" * 300_000 + '"', '"' + "x\\n" * 300_000 + '"'),
    ],
)
@pytest.mark.parametrize("has_lines", [True, False])
def test_a_table_is_read_whole_wherever_it_is_cut(
    tmp_path: Path, name: str, odd: str, value: str, has_lines: bool
) -> None:
    """Rows of odd lengths, so that parts begin anywhere; in half of the runs each has a cell of two lines."""
    rows = [f'{i},"text {i}\nof {"x" * (i % 37)}"' if has_lines else f"{i},text {i}" for i in range(60_000)]
    rows[30_000] = odd
    path = wide(tmp_path, rows)
    made = [run(path, workers=workers) for workers in (1, 2, 3)]
    assert made[0] == made[1] == made[2], name
    assert len(made[0]) == 2 * (60_000 + odd.count("pipe\n"))
    assert f"<http://e/30000> <http://e/p0> {value} ." in made[0]
    (tmp_path / "t.csv").write_bytes((tmp_path / "t.csv").read_bytes() + b'x,"is\nopen')
    for workers in (1, 3):
        with pytest.raises(DataError, match="unexpected end of data") as caught:
            run(path, workers=workers)
        assert caught.value.problems[0].position
        assert (
            caught.value.problems[0].position.line == 2 + sum(row.count("\n") + row.count("\r") + 1 for row in rows) + 1
        )


def test_faults_of_many_parts_are_told_as_one_process_tells_them(tmp_path: Path) -> None:
    """Rows are left out; a carriage return ends a line, too, wherever the next part begins."""
    rows = [f'{i},"{i}"' if i % 9_000 else f'{i},"one\rtwo"' for i in range(150_000)]
    (tmp_path / "t.csv").write_text("i,a\n" + "\n".join(rows) + "\n", newline="")
    path = simple(tmp_path, 'rml:reference "a" ; rml:datatype xsd:integer')
    alone, shared = (map_to(path, io.BytesIO(), workers=n, on_error=OnError.SKIP) for n in (1, 3))
    assert alone == shared
    assert [one.position.line for one in shared.problems if one.position] == [2 + n * 9_001 for n in range(17)]
