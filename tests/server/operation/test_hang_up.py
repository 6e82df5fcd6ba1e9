"""SIGHUP: the access log is opened anew, the configuration is read again, and the server goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from patience import PATIENCE, until
from small_project import ROOT
from tiny import write_release

TOML = '[project]\nname = "tiny"\n[server]\nport = 0\n'


class Served:
    """A `kg serve`, and what it has said."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, folder: Path) -> None:
        self.process, self.url, self.folder = process, url, folder

    def ask(self, query: str = "ASK {}") -> None:
        with urlopen(f"{self.url}sparql?query={quote(query)}", timeout=PATIENCE) as answer:
            assert answer.status == 200

    def hang_up(self, *said: str) -> None:
        """Send the signal, and wait for what is to be in the log."""
        before = len(self.said())
        self.process.send_signal(signal.SIGHUP)
        until(lambda: all(words in self.said()[before:] for words in said), f"{said} in {self.said()}")

    def said(self) -> str:
        return (self.folder / "said").read_text(encoding="utf-8")


@contextmanager
def started(folder: Path, toml: str) -> Iterator[Served]:
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve"],
            cwd=folder,
            env={**environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=said,
        )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        assert url, (folder / "said").read_text()
        yield Served(process, url, folder)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_release(tmp_path / "releases")
    return tmp_path


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_log_that_was_moved_away_is_opened_anew(folder: Path) -> None:
    with started(folder, TOML + 'access_log = "access.jsonl"\n') as served:
        served.ask()
        (folder / "access.jsonl").rename(folder / "yesterday.jsonl")
        served.ask()
        assert not (folder / "access.jsonl").exists()
        served.hang_up("SIGHUP: no setting has changed")
        served.ask()
    assert len(lines(folder / "yesterday.jsonl")) == 2
    assert len(lines(folder / "access.jsonl")) == 1


def test_settings_that_may_change_do_and_the_others_are_named(folder: Path) -> None:
    with started(folder, TOML) as served:
        toml = TOML.replace("port = 0", "port = 1") + 'access_log = "new.jsonl"\nlog_queries = true\nworkers = 3\n'
        (folder / "kg.toml").write_text(toml + "deadline = 3\n")
        served.hang_up(
            "SIGHUP: changed: access_log, log_queries\n",
            "SIGHUP: these settings hold after a new start only: workers, deadline, port\n",
        )
        served.ask("ASK { ?s ?p 7 }")
    assert [line["query"] for line in lines(folder / "new.jsonl")] == ["ASK { ?s ?p 7 }"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[server", "kg.toml:1: kg.toml is not TOML"),
        (TOML + 'deadline = "soon"\n', "[server] deadline must be a whole number"),
        (TOML + 'access_log = "none/access.jsonl"\n', "the access log none/access.jsonl cannot be opened"),
    ],
)
def test_what_cannot_be_read_or_opened_changes_nothing(folder: Path, toml: str, said: str) -> None:
    with started(folder, TOML + 'access_log = "access.jsonl"\n') as served:
        (folder / "kg.toml").write_text(toml)
        served.hang_up("SIGHUP: the settings are kept: ", said)
        served.ask()
        until(lambda: len(lines(folder / "access.jsonl")) == 1)  # a line is written when its answer has been sent


DURING = """
import os, signal, sys
import server.front, server.serving
from kg.cli.main import run

def hung_up(function):
    def called(*arguments, **named):
        os.kill(os.getpid(), signal.SIGHUP)
        return function(*arguments, **named)
    return called

server.serving.create_front = hung_up(server.serving.create_front)
server.serving.free_port = hung_up(server.serving.free_port)
server.serving._Server.startup = hung_up(server.serving._Server.startup)
server.serving._Server.shutdown = hung_up(server.serving._Server.shutdown)
import kg.release
kg.release.open_release = hung_up(kg.release.open_release)
sys.argv = ["kg", "serve"]
try:
    run()
finally:
    os.kill(os.getpid(), signal.SIGHUP)
"""


def test_it_ends_the_server_at_no_time(folder: Path) -> None:
    """Before it serves, when it begins to, and on its way out."""
    (folder / "kg.toml").write_text(TOML)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    with subprocess.Popen(
        [sys.executable, "-c", DURING],
        cwd=folder,
        env={**environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with urlopen(f"{url}healthz", timeout=PATIENCE) as answer:
            assert answer.status == 200
        for _ in range(20):
            process.send_signal(signal.SIGHUP)
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert "SIGHUP: no setting has changed" in said
