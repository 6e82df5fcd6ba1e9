"""Questions that an engine is known to answer wrongly, asked over HTTP of files that `kg serve` serves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from patience import PATIENCE
from small_project import ROOT

FOLDER = Path(__file__).parent / "questions"
QUESTIONS = tomllib.loads((FOLDER / "questions.toml").read_text(encoding="utf-8"))["question"]
HEAD = "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


@contextmanager
def served(file: Path, folder: Path) -> Iterator[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", str(file)]
    process = subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, process.communicate(timeout=PATIENCE)[1]
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        files = sorted(FOLDER.glob("*.t*[lg]"))
        yield {
            file.name: stack.enter_context(served(file, tmp_path_factory.mktemp("served")))
            for file in files
            if file.suffix != ".toml"
        }


def ask(address: str, query: str) -> tuple[int, str]:
    """The status and the body of an answer."""
    body = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(f"{address}sparql", body, {"Accept": "application/sparql-results+json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("one", QUESTIONS, ids=[one["name"] for one in QUESTIONS])
def test_what_must_come_comes(addresses: dict[str, str], one: dict[str, Any]) -> None:
    head = "" if "says" in one and "prefix" in one["name"] else HEAD
    status, body = ask(addresses[one.get("data", "prices.ttl")], head + one["query"])
    if "says" in one:
        assert status == 400, body
        said = body.casefold()
        assert [word for word in one["says"] if word.casefold() not in said] == [], body
        return
    assert status == 200, body
    answer = json.loads(body)
    names = answer["head"]["vars"]
    assert names == one.get("columns", names)
    rows = [[row.get(name, {"value": ""})["value"] for name in names] for row in answer["results"]["bindings"]]
    wanted = one.get("rows")
    if wanted is not None:
        assert rows == wanted if one.get("ordered") else sorted(rows) == sorted(wanted)
    assert rows
