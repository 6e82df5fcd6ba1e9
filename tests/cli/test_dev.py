"""`kg dev`: what is saved is built, what is wrong is shown on the page, and the last good release goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE
from small_project import ROOT, make

from cli.newcomer import CLAIMS, CLAIMS_FILE, typed
from kg.cli.dev.watching import changed, look

BROKEN = CLAIMS.replace("modality: planned", "modality: plannd")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project as a newcomer makes it, whose claims have a fault."""
    folder = typed(tmp_path, monkeypatch)
    (folder / CLAIMS_FILE).write_text(BROKEN, encoding="utf-8")
    return folder


@pytest.fixture
def port(project: Path) -> Iterator[int]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    command = [sys.executable, "-m", "kg", "dev", "--port", "0", "--json"]
    environ = {**clean, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=project, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = "".join(iter(process.stdout.readline, "}\n")) + "}"
        try:
            yield int(json.loads(told)["data"]["url"].rstrip("/").rpartition(":")[2])
        finally:
            process.terminate()
            assert process.wait(PATIENCE) == 143


def test_the_server_behind_ends_with_whoever_started_it(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    environ = {**clean, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kg.cli.dev.behind", "serve", "a.nt", "--json", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stdout.readline() == "{\n"
        server.stdin.close()  # as the system does for a process that was killed
        assert server.wait(PATIENCE) == 0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: str


def asked(port: int, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())


@pytest.fixture
def events(port: int) -> Iterator[HTTPResponse]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/.dev/events")
        with connection.getresponse() as answer:
            yield answer


def news(events: HTTPResponse) -> dict[str, Any]:
    """The next state in which nothing is being built."""
    while line := events.readline():
        if line.startswith(b"data: ") and not (state := json.loads(line.removeprefix(b"data: ")))["building"]:
            return dict(state)
    pytest.fail("the events have ended")


def test_pages_follow_what_is_saved(project: Path, port: int, events: HTTPResponse) -> None:
    place = project / "data" / "claims" / "strategy.yaml"
    assert events.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    state = news(events)
    while not state["problems"]:  # it had not begun
        state = news(events)
    told = {"message": "the scheme 'modality' has no name 'plannd'", "place": "data/claims/strategy.yaml:2",
            "hint": "did you mean 'planned'?"}  # fmt: skip
    assert (state["release"], state["problems"]) == ("", [told])
    none = asked(port, "/")
    assert none.status == 503
    page = none.text
    assert "<li>data/claims/strategy.yaml:2: the scheme &#x27;modality&#x27; has no name &#x27;plannd&#x27;" in page
    assert '<script src="/.dev/dev.js" data-release="" data-said="{' in page
    for language, direction, words in (("fr", "ltr", "Pas encore de version"), ("ar", "rtl", "لا إصدار بعد")):
        page = asked(port, f"/?lang={language}").text
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert f"<h1>{words}</h1>" in page
    assert "<h1>Pas encore de version</h1>" in asked(port, "/", Accept_Language="fr-CH, en;q=0.5").text

    place.write_text(CLAIMS, encoding="utf-8")
    good = news(events)
    assert good["release"]
    assert good["problems"] == []
    shown = asked(port, "/id/centre?lang=en", Accept="text/html")
    page = shown.text
    assert "The university of the lake" in page
    assert page.count(f'<script src="/.dev/dev.js" data-release="{good["release"]}" data-said="{{') == 1
    assert "construction en cours" in asked(port, "/id/centre?lang=fr", Accept="text/html").text
    assert (shown.headers["Cache-Control"], shown.headers["ETag"]) == ("no-store", None)

    # What is no page passes as it is, in either direction; and no other site is answered.
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    answer = asked(port, "/sparql", "POST", query, Content_Type="application/sparql-query", Accept="text/csv")
    assert answer.text.startswith("n\r\n")
    assert (
        asked(port, "/id/centre", "HEAD", Accept="text/turtle").headers["Content-Type"] == "text/turtle; charset=utf-8"
    )
    assert asked(port, "/", Host="evil.example").status == 403
    assert asked(port, "/.dev/events", Host="127.0.0.1.evil.example:80").status == 403
    assert asked(port, "/.dev/dev.js", Host=f"localhost:{port}").status == 200
    assert asked(port, "/.dev/../kg.toml").status == 404

    place.write_text(BROKEN, encoding="utf-8")
    state = news(events)
    assert (state["release"], state["problems"]) == (good["release"], [told])
    assert "The university of the lake" in asked(port, "/id/centre?lang=en", Accept="text/html").text


def test_files_that_a_build_reads_are_looked_at_and_no_others(tmp_path: Path) -> None:
    root = make(tmp_path / "project")
    for name in ("releases/x", "data/quotes.lock", "data/claims/.note.swp", "shapes/own.ttl", "notes.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    seen = {Path(path).relative_to(root).as_posix() for path in look(root)}
    assert seen == {
        "kg.toml", "data/sources.yaml", "data/entities.yaml", "data/claims/note.yaml", "shapes/own.ttl",
    }  # fmt: skip
    (root / "kg.toml").write_text("broken", encoding="utf-8")
    assert {Path(path).name for path in look(root)} == {Path(name).name for name in seen}


def test_one_waits_until_files_stay_as_they_are(tmp_path: Path) -> None:
    root = make(tmp_path / "project")
    place = root / "data" / "claims" / "note.yaml"
    texts = iter(["a", "ab", None, None])
    moments = []

    def wait() -> bool:
        text = next(texts)
        moments.append(text)
        if text is not None:
            place.write_text(text, encoding="utf-8")
        return True

    before = look(root)
    after = changed(root, before, wait)
    assert after == look(root) != before
    assert moments == ["a", "ab", None]
    assert changed(root, after or {}, lambda: False) is None
