"""What ends a run: its time, its memory, Ctrl-C; nothing is left behind, and the exit code says which it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from patience import PATIENCE
from small_project import kg

ROOT = Path(__file__).resolve().parents[3]
# Every node of a chain leads to all after it: hours of work.
CHAIN = "@prefix : <http://e/> .\n" + "".join(f":x{n} :q :x{n + 1} , :x{n + 2} ; a :C .\n" for n in range(4000))
SLOW = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
:S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path ( [ sh:zeroOrMorePath :q ] [ sh:zeroOrMorePath :q ] ) ; sh:maxCount 0 ] .
:T a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path ( [ sh:zeroOrMorePath :q ] [ sh:oneOrMorePath :q ] ) ; sh:maxCount 0 ] .
"""


@contextmanager
def running(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that has begun to read a named pipe, as its data."""
    os.mkfifo(cwd / "data.nt")
    command = [sys.executable, "-m", "kg", "validate", "data.nt", "--shapes", "s.ttl", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command,
        cwd=cwd,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        # A suite that is started in the background may ignore it, and what it starts would as well.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- nothing else runs there
    )
    try:
        with (cwd / "data.nt").open("w"):  # until somebody reads
            yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.parametrize("more", [(), ("--jobs", "2")], ids=["one", "several"])
def test_a_run_that_takes_too_long_is_ended(folder: Path, more: tuple[str, ...]) -> None:
    (folder / "chain.ttl").write_text(CHAIN)
    (folder / "slow.ttl").write_text(SLOW)
    done = kg("validate", "chain.ttl", "--shapes", "slow.ttl", "--timeout", "1.5", *more, cwd=folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert (
        done.stderr
        == "error: not done after 1.5 seconds (--timeout) (raise it, or share the shapes among processes: --jobs)\n"
    )


def test_a_run_that_needs_too_much_memory_is_ended(folder: Path) -> None:
    with (folder / "large.nt").open("w") as file:
        file.writelines(f'<http://e/x{n}> <http://e/p> "{n:0200}" .\n' for n in range(300_000))
    done = kg("validate", "large.nt", "--shapes", "s.ttl", "--memory", "64", "--json", cwd=folder)
    assert done.returncode == 3
    [error] = json.loads(done.stdout)["errors"]
    assert (error["code"], error["message"]) == ("memory", "more than 64 MB of memory were needed (--memory)")


@pytest.mark.parametrize(("data", "code"), [("good.ttl", 0), ("bad.ttl", 1), ("nosuch.ttl", 2)])
def test_a_run_within_its_limits_is_as_without(folder: Path, data: str, code: int) -> None:
    plain = kg("validate", data, "--shapes", "s.ttl", cwd=folder)
    limited = kg("validate", data, "--shapes", "s.ttl", "--timeout", str(PATIENCE), "--memory", "4000", cwd=folder)
    assert (plain.returncode, limited.returncode) == (code, code)
    assert (limited.stdout, limited.stderr) == (plain.stdout, plain.stderr)


@pytest.mark.parametrize("limits", [(), ("--timeout", "600"), ("--memory", "9000")], ids=["none", "time", "memory"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_with_its_code(folder: Path, limits: tuple[str, ...], number: signal.Signals) -> None:
    with running(*limits, cwd=folder) as process:
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
    # A shell tells of a process that a signal ended what it tells of one that exits with 128 and its number.
    assert process.returncode in {128 + number, -number}


def test_the_process_that_works_ends_with_the_one_that_watches(folder: Path) -> None:
    with running("--timeout", "600", cwd=folder) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert children
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


@pytest.mark.parametrize(
    ("option", "value"), [("--timeout", "0"), ("--timeout", "x"), ("--memory", "0"), ("--jobs", "0")]
)
def test_limits_that_are_none_are_wrong_usage(folder: Path, option: str, value: str) -> None:
    done = kg("validate", "good.ttl", "--shapes", "s.ttl", option, value, cwd=folder)
    assert (done.returncode, option in done.stderr) == (2, True)
