"""Whether the server is well, and that it lives: what probes are told, and what that costs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from patience import PATIENCE, children, until
from serving import running
from tiny import write_release

from kg.errors import EngineBusy, EngineFailed
from server.app import create_app
from server.engine.inprocess import InProcessEngine
from server.settings import Settings


def get(address: str, accept: str = "application/json") -> tuple[int, bytes]:
    try:
        with urlopen(Request(address, headers={"Accept": accept}), timeout=PATIENCE) as response:
            return response.status, response.read()
    except HTTPError as error:
        return error.code, error.read()


def is_engine(process: int) -> bool:
    try:
        return b"server.engine.worker" in Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def processor_time(process: int) -> float:
    """In seconds: a start takes a part of one."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def test_a_release_that_is_removed_under_the_server_is_told(root: Path, tmp_path: Path) -> None:
    write_release(tmp_path / "releases")
    with running(tmp_path / "releases", root, tmp_path) as (url, process):
        assert get(f"{url}/healthz") == (200, b'{"ok":true,"release":"r1"}\n')
        shutil.rmtree(tmp_path / "releases")
        for _ in range(3):
            status, body = get(f"{url}/healthz")
            assert (status, json.loads(body)["errors"][0]["code"]) == (503, "unhealthy")
            assert str(tmp_path).encode() not in body
        assert get(f"{url}/livez") == (200, b'{"ok":true}\n')
        write_release(tmp_path / "releases")
        assert get(f"{url}/healthz")[0] == 200
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
    assert said.count("queries are not answered: the store") == 1
    assert said.count("queries are answered again") == 1


class Probed(InProcessEngine):
    """An engine that counts its questions, and answers them with an error if it has one."""

    asked = 0
    error: Exception | None = None

    def answer(self, request, *, timeout=None):
        type(self).asked += 1
        if self.error is not None:
            raise self.error
        return super().answer(request, timeout=timeout)


@pytest.fixture
def engine(releases: Path):
    class Own(Probed):
        pass

    return Own, create_app(Settings(releases), Own.open).test_client()


def test_who_asks_often_costs_the_engine_nothing(engine, monkeypatch) -> None:
    kind, client = engine
    now = [1000.0]
    monkeypatch.setattr("server.engine.health.time.monotonic", lambda: now[0])
    assert [client.get("/healthz").status_code for _ in range(50)] == [200] * 50
    assert kind.asked == 1
    now[0] += 3
    assert client.get("/healthz").status_code == 200
    assert kind.asked == 2


def test_an_engine_that_fails_is_told_and_one_that_is_busy_is_well(engine, monkeypatch, caplog) -> None:
    kind, client = engine
    now = [1000.0]
    monkeypatch.setattr("server.engine.health.time.monotonic", lambda: now[0])
    for error, status in ((EngineFailed("no memory for /srv/x"), 503), (EngineBusy("all wait"), 200), (None, 200)):
        now[0] += 3
        kind.error = error
        assert client.get("/healthz").status_code == status
    assert caplog.text.count("no memory for /srv/x") == 1


@pytest.mark.parametrize("path", ["/healthz", "/livez"])
def test_probes_are_kept_by_nobody(client, path: str) -> None:
    response = client.get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_life_is_told_while_every_thread_of_the_pages_is_taken(root: Path, tmp_path: Path) -> None:
    """And while every engine process works for somebody."""
    write_release(tmp_path / "releases")
    numbers = " ".join(map(str, range(1000)))
    runaway = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"VALUES ?{v} {{ {numbers} }}" for v in "abcd") + "}"
    settings = {"deadline": PATIENCE, "threads": 1, "workers": 1}
    with running(tmp_path / "releases", root, tmp_path, **settings) as (url, process):
        # A page whose answer does not come: its thread waits for it.
        import http.client
        from contextlib import closing
        from urllib.parse import quote, urlsplit

        with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
            line.request("GET", f"/query?query={quote(runaway)}", headers={"Accept": "text/html"})
            until(lambda: b"zellige_workers_busy 1.0" in get(f"{url}/metrics")[1])
            assert get(f"{url}/livez") == (200, b'{"ok":true}\n')
            engines = [child for child in children(process.pid) if is_engine(child)]
            until(lambda: any(processor_time(engine) > 1 for engine in engines), "the query is being evaluated")
            process.kill()
        # A server that is killed takes its engines with it, though a query without end is in one of them.
        until(lambda: not any(map(is_engine, engines)), "the engine processes end")
