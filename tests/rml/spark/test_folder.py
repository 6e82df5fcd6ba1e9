"""The folder that a job writes is whole or not there, whatever its tasks still do."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rml.spark.runs import Run

from kg.errors import UsageError
from kg.rml.spark.folder import UNMARKED, Folder


def opened_by_a_reader(path: Path, until: Callable[[], bool]) -> int | None:
    """A pipe, to write into as soon as somebody reads it; None if it is no longer waited for."""
    pause = threading.Event()
    while not until():
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            pause.wait(0.01)
    return None


def sent(line: int | None, content: bytes) -> None:
    """Write into a pipe, if its reader still lives, and close it."""
    if line is not None:
        try:
            os.write(line, content)
        except BrokenPipeError:
            pass
        finally:
            os.close(line)


def test_a_task_that_writes_after_its_job_has_failed_brings_nothing_back(run: Run, tmp_path: Path) -> None:
    """Two tasks read from pipes: one fails; the other gets its row, and opens its file, when the job has ended."""
    from pyspark.errors import PythonException

    context = run.session.sparkContext
    slow, faulty = (tmp_path / name for name in ("slow", "faulty"))
    for pipe in (slow, faulty):
        os.mkfifo(pipe)
    has_returned = threading.Event()

    def rows(number: int, _: object) -> Iterator[tuple[str]]:
        yield ((slow if number == 0 else faulty).read_text(),)
        if number:
            raise ValueError("this task fails")

    def feed() -> None:
        lines = [opened_by_a_reader(pipe, has_returned.is_set) for pipe in (slow, faulty)]
        sent(lines[1], b"x")
        while context.statusTracker().getActiveJobsIds() and not has_returned.wait(0.01):
            pass
        sent(lines[0], b"x")

    made = context.parallelize(range(2), 2).mapPartitionsWithIndex(rows)
    frame = run.session.createDataFrame(made, "value string", verifySchema=False)
    folder = Folder(run.session, str(tmp_path / "out"))
    with ThreadPoolExecutor(1) as other:
        fed = other.submit(feed)
        try:
            with pytest.raises(PythonException, match="this task fails"), folder.staged() as staging:
                frame.write.text(staging)
        finally:
            has_returned.set()
        fed.result()
    # Two more tasks find room when those of the job have ended.
    assert context.parallelize(range(2), 2).count() == 2
    assert set(tmp_path.iterdir()) == {slow, faulty}


def test_a_job_that_is_given_up_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """As by an interrupt, which finds tasks at work: they are told to end, and waited for."""
    from pyspark import inheritable_thread_target

    frame = run.session.range(0, 1 << 40, numPartitions=2).selectExpr("cast(id as string) AS value")
    folder = Folder(run.session, str(tmp_path / "out"))
    pause = threading.Event()
    with (  # noqa: PT012 -- what is given up
        ThreadPoolExecutor(1) as other,
        pytest.raises(KeyboardInterrupt),
        folder.staged() as staging,
    ):
        writing = other.submit(inheritable_thread_target(run.session)(lambda: frame.write.text(staging)))
        while not list(Path(staging.removeprefix("file:")).glob("_temporary/0/_temporary/*/part-*")):
            assert not writing.done()
            pause.wait(0.01)
        raise KeyboardInterrupt
    assert writing.exception()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_has_come_meanwhile_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "out"
    frame = run.session.createDataFrame([("x",)], "value string")
    folder = Folder(run.session, str(output))
    with pytest.raises(UsageError, match="there is something at"), folder.staged() as staging:  # noqa: PT012
        frame.write.text(staging)
        assert not output.exists()
        output.mkdir()
        (output / "own").write_text("mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "own"]


def test_a_folder_is_marked_when_it_has_its_name(run: Run, tmp_path: Path) -> None:
    frame = run.session.createDataFrame([("x",)], "value string")
    with Folder(run.session, run.elsewhere(tmp_path / "new" / "out")).staged() as staging:
        frame.write.options(**UNMARKED).text(staging)
        assert not list(tmp_path.rglob("_SUCCESS"))
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]
    assert (tmp_path / "new" / "out" / "_SUCCESS").read_bytes() == b""
    assert "".join(part.read_text() for part in (tmp_path / "new" / "out").glob("part-*")) == "x\n"
