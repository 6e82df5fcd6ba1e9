"""Commands that are interrupted, told to end, or killed: what is left of them, and what is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from patience import PATIENCE
from rml.running import simple
from small_project import ROOT, kg, make

HEEDING = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""What a shell runs in the background ignores Ctrl-C, and so does all that it begins: these tests, perhaps."""
STUCK = """
import os, threading
from kg.cli.main import run
from kg.rml.run.worker import Worker
def stuck(self, doing):
    os.write(1, b"begun\\n")  # at once, which print does not
    threading.Event().wait()
Worker._do = stuck
run()
"""
"""The command line, with workers that are at work for ever."""
ASKING = """
from kg.cli import query
from kg.cli.main import run
federated = query._federated
def asking(*arguments):
    answered = federated(*arguments)
    print("asking", flush=True)
    return answered
query._federated = asking
run()
"""
"""The command line; it tells when the engine begins."""
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(30))} FILTER(?b0 != ?b1) }}"


@contextmanager
def begun(*command: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A process with a group of its own, of which nothing is left in the end."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize(
    ("number", "to_all", "code", "said"),
    [
        pytest.param(signal.SIGINT, True, 130, "\ninterrupted\n", id="ctrl-c"),
        pytest.param(signal.SIGTERM, False, 143, "", id="told to end"),
        pytest.param(signal.SIGTERM, True, 143, "", id="all told to end"),
        pytest.param(signal.SIGKILL, False, -9, "", id="killed"),
    ],
)
def test_workers_end_with_the_command_that_began_them(
    tmp_path: Path, number: signal.Signals, to_all: bool, code: int, said: str
) -> None:
    (tmp_path / "t.csv").write_text("i,a\n" + "1,a\n" * 500_000)
    path = simple(tmp_path, 'rml:reference "a"')
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    arguments = ("map", path.name, "-o", "out.nq", "--workers", "2")
    script = f"import tempfile; tempfile.tempdir = {str(temporary)!r}\n{HEEDING}{STUCK}"
    with begun("-c", script, *arguments, cwd=tmp_path) as process:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(2)] == ["begun\n", "begun\n"]
        (os.killpg if to_all else os.kill)(process.pid, number)
        # Both are read to their ends: no worker holds them any more.
        output, error = process.communicate(timeout=PATIENCE)
        assert (process.returncode, output, error) == (code, "", said)
    if number is not signal.SIGKILL:
        assert sorted(file.name for file in tmp_path.iterdir()) == ["m.ttl", "t.csv", "temporary"]
        assert not any(temporary.iterdir())
    assert not (tmp_path / "out.nq").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_query_without_end_is_ended(tmp_path: Path, number: signal.Signals) -> None:
    project = make(tmp_path / "project")
    assert kg("build", "-q", cwd=project).returncode == 0
    (project / "endless.rq").write_text(ENDLESS)
    with begun("-c", HEEDING + ASKING, "query", "endless.rq", cwd=project) as process:
        assert process.stdout
        assert process.stdout.readline() == "asking\n"
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
        assert process.returncode in {-number, 128 + number}


def test_a_signal_that_is_ignored_stays_so(tmp_path: Path) -> None:
    """As under nohup, or for what a shell runs in the background."""
    project = make(tmp_path / "project")
    assert kg("build", "-q", cwd=project).returncode == 0
    script = """
import os, signal
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
from kg.cli import query
written = query._written
def signalled(*arguments):
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), number)
    return written(*arguments)
query._written = signalled
from kg.cli.main import run
run()
"""
    (project / "ask.rq").write_text("ASK {}")
    with begun("-c", script, "query", "ask.rq", cwd=project) as process:
        output, _ = process.communicate(timeout=PATIENCE)
        assert (process.returncode, output) == (0, "true\n")
