"""`kg serve FILE...`: RDF files without a project, with the same protocol."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from patience import PATIENCE
from small_project import ROOT, kg


@contextmanager
def serving(folder: Path, *files: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir()
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *files]
    process = subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, process.communicate(timeout=PATIENCE)[1]
        yield url, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def ask(url: str, query: str) -> list[dict[str, str]]:
    request = urllib.request.Request(
        f"{url}sparql",
        urllib.parse.urlencode({"query": query}).encode(),
        {"Accept": "application/sparql-results+json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        rows = json.load(response)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def test_files_of_several_syntaxes_are_served_together_and_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("@prefix e: <http://e/> . e:a e:name 'أ'@ar ; e:knows [ e:name 'x' ] .")
    (tmp_path / "b.nq").write_text('<http://e/b> <http://e/name> "b" <http://e/g> .\n')
    with serving(tmp_path, "a.ttl", "b.nq") as (url, process):
        assert ask(url, "SELECT ?n { <http://e/a> <http://e/knows>/<http://e/name> ?n }") == [{"n": "x"}]
        assert ask(url, "SELECT ?g ?n { GRAPH ?g { ?s <http://e/name> ?n } }") == [{"g": "http://e/g", "n": "b"}]
        with urllib.request.urlopen(f"{url}rdf-graph-store?graph=http://e/g", timeout=PATIENCE) as graph:
            assert graph.read() == b'<http://e/b> <http://e/name> "b" .\n'
        with urllib.request.urlopen(url, timeout=PATIENCE) as page:
            assert "a.ttl, b.nq" in page.read().decode()
        with urllib.request.urlopen(f"{url}openapi.json", timeout=PATIENCE) as interface:
            assert json.load(interface)["info"]["title"] == "a.ttl, b.nq"
    assert process.returncode == 0
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("a.ttl", "<urn:a> <urn:b>\n<urn:c> ;;; ]", 1, "a.ttl:2: not Turtle"),
        ("a.doc", "", 2, "a.doc is no RDF file by its name"),
        ("", "", 2, "no such file: absent.ttl"),
    ],
)
def test_what_cannot_be_served_is_told(tmp_path: Path, name: str, text: str, code: int, said: str) -> None:
    if name:
        (tmp_path / name).write_text(text)
    done = kg("serve", "--port", "0", name or "absent.ttl", cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr


def test_files_and_a_release_exclude_each_other(tmp_path: Path) -> None:
    assert kg("serve", "a.ttl", "--release", "x", cwd=tmp_path).returncode == 2


def test_a_check_says_what_would_hold_and_serves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<http://e/a> <http://e/b> <http://e/c> .")
    (tmp_path / "broken.ttl").write_text("<http://e/a> <http://e/b> ")
    done = kg("serve", "--check", "--port", "0", "--json", "a.ttl", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["data"]["processes"] >= 2
    assert kg("serve", "--check", "--port", "0", "broken.ttl", cwd=tmp_path).returncode == 1
