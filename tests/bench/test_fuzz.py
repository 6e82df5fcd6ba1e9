"""Mutated queries against a running server, and the judge that looks at the answers."""

from __future__ import annotations

import csv
import http.client
import json
import random
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from patience import PATIENCE, trials, until
from serving import running
from tiny import write_release

import fuzz
from rig import corpus, procfs, requests, storm, verdict, wire
from rig.mutants import Mutator
from rig.storm import Storm, Trap, blow

MUTANTS = trials(1_000)
SEED = 20_261_126
DEADLINE = 1.0
"""How late an answer may be on a loaded machine, is measured in bench/fuzz.py."""
CODES = frozenset({"query-syntax", "engine-failed", "deadline"})


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    work = tmp_path_factory.mktemp("fuzz")
    write_release(work / "releases")
    with running(work / "releases", root, work, deadline=DEADLINE, workers=2) as (url, process):
        yield urlsplit(url).port or 0, process


def test_mutants_are_answered_rightly_or_refused_by_name(served, tmp_path: Path) -> None:
    port, process = served
    with Trap().set() as trap:
        mutator = Mutator(corpus.read_corpus(), trap.address)
        codes = fuzz.known_codes(port)
        tally = blow(Storm(port, "/sparql", mutator, trap, SEED, codes, PATIENCE, tmp_path), 0, MUTANTS, 4)
        assert trap.visits == []
    assert tally.faults == []
    assert tally.total == MUTANTS
    statuses = {status for status, _ in tally.answers}
    assert {200, 400, 403, 406, 415} <= statuses
    assert set(tally.ways) == {"get", "form", "direct"}
    # One that was killed is waited for by a thread.
    until(lambda: not any(one.state == "Z" for one in procfs.tree(process.pid)))
    assert len(procfs.tree(process.pid)) <= 3

    def answer() -> tuple[int, object]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
            line.request("GET", "/sparql?query=ASK%20%7B%20?s%20?p%20?o%20%7D")
            response = line.getresponse()
            return response.status, json.loads(response.read()).get("boolean")

    # A process may have to be started first, which a busy machine does not do within the short deadline.
    until(lambda: answer() == (200, True))


def test_a_mutant_is_the_same_each_time_and_another_with_another_number() -> None:
    mutator = Mutator(corpus.read_corpus(), "http://127.0.0.1:12345/")

    def made(seed: int, number: int) -> bytes:
        chance = random.Random(f"{seed}:{number}")
        return requests.carrying(mutator.mutant(chance), "/sparql", "http://127.0.0.1:12345/", chance).raw

    found = [made(1, number) for number in range(200)]
    assert found == [made(1, number) for number in range(200)]
    assert len({*found, *(made(2, number) for number in range(200))}) > 390


def test_requests_are_http_as_far_as_their_length_goes() -> None:
    chance = random.Random(5)
    for _ in range(300):
        request = requests.carrying(b"ASK {} # \xff", "/sparql", "http://127.0.0.1:12345/", chance)
        head, _, body = request.raw.partition(b"\r\n\r\n")
        stated = [int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
        assert stated == ([] if request.way == "get" else [len(body)])


def test_the_corpus_has_every_kind_of_query() -> None:
    found = corpus.read_corpus()
    assert found.size > 150
    texts = [query for group in found.groups for query in group.queries]
    for word in ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK", "SERVICE", "INSERT" if corpus.suites().is_dir() else "ASK"):
        assert any(word in text for text in texts), word


def answer(status: int, media_type: str, body: object) -> wire.Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return wire.Answer(status, {"content-type": media_type}, raw)


def problem(status: int, code: str, **more: object) -> dict[str, object]:
    errors = [{"code": code, "message": "m", "where": None, "hint": None}]
    return {
        "type": f"https://e/problem/{code}",
        "title": "t",
        "status": status,
        "detail": "d",
        "errors": errors,
        **more,
    }


JSON, PROBLEM = "application/sparql-results+json", "application/problem+json"
ROW = {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "uri", "value": "urn:a"}}]}}


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (answer(200, JSON, ROW), (200, "")),
        (answer(200, "application/json", {"head": {}, "boolean": True}), (200, "")),
        (answer(200, "text/csv; charset=utf-8", b'a,b\r\n"1,\n",2\r\n'), (200, "")),
        (answer(200, "text/tab-separated-values", b"?a\n<urn:a>\n"), (200, "")),
        (answer(200, "text/turtle", b"<urn:a> <urn:b> 1 ."), (200, "")),
        (answer(200, "text/html", b"<!doctype html><html></html>\n"), (200, "")),
        (answer(400, PROBLEM, problem(400, "query-syntax")), (400, "query-syntax")),
        (answer(500, PROBLEM, problem(500, "engine-failed")), (500, "engine-failed")),
        (answer(400, "text/plain", b"query:1: no"), (400, "(told as text or a page)")),
    ],
)
def test_what_is_right_is_told_by_status_and_code(given, outcome) -> None:
    found = verdict.judge(given, CODES)
    assert (found.status, found.code) == outcome


@pytest.mark.parametrize(
    "given",
    [
        answer(200, JSON, b'{"head":{"vars":[]},"results":{"bindings":['),
        answer(200, JSON, {"head": {"vars": ["b"]}, "results": ROW["results"]}),
        answer(200, JSON, b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":NaN}]}}'),
        answer(200, "text/csv", b"a,b\r\n1\r\n"),
        answer(200, "text/turtle", b"<urn:a> <urn:b> 1"),
        answer(200, "application/sparql-results+xml", b"<sparql"),
        answer(200, "text/html", b"<!doctype html><html>"),
        answer(200, "image/png", b""),
        answer(302, "text/html", b"elsewhere"),
        answer(400, PROBLEM, problem(400, "never-heard-of")),
        answer(400, PROBLEM, problem(404, "query-syntax")),
        answer(400, PROBLEM, problem(400, "query-syntax", errors=[])),
        answer(400, PROBLEM, problem(400, "query-syntax", type="https://e/problem/other")),
        answer(400, "application/json", ROW),
        answer(400, "text/plain", b""),
        answer(500, "text/plain", b"the server failed on this request"),
        answer(500, PROBLEM, problem(500, "deadline")),
        answer(500, "application/octet-stream", b"Internal Server Error"),
    ],
)
def test_what_must_not_be_is_a_fault(given) -> None:
    with pytest.raises(verdict.Fault):
        verdict.judge(given, CODES)


def test_a_long_field_is_read_in_a_storm_only() -> None:
    csv.field_size_limit(1 << 17)  # the limit is the process's, and what ran before may have set another
    long = answer(200, "text/csv", b"a\r\n" + b"x" * 200_000 + b"\r\n")
    with verdict.long_fields():
        assert verdict.judge(long, CODES).status == 200
    with pytest.raises(verdict.Fault, match="field limit"):
        verdict.judge(long, CODES)


def test_who_asks_the_trap_is_noticed() -> None:
    with Trap().set() as trap:
        with socket.create_connection(("127.0.0.1", urlsplit(trap.address).port or 0), timeout=10) as line:
            assert line.recv(1) == b""
        assert len(trap.visits) == 1


def test_a_fault_leaves_its_request_in_a_file(served, tmp_path: Path) -> None:
    port, _ = served
    with Trap().set() as trap:
        mutator = Mutator(corpus.read_corpus(), trap.address)
        # Where no code is known, every error is a fault.
        tally = blow(Storm(port, "/sparql", mutator, trap, 3, frozenset(), PATIENCE, tmp_path), 0, 30, 2)
    named = [line for line in tally.faults if "of the codes" in line]
    assert named
    path = Path(named[0].partition(": ")[0])
    with closing(wire.Connection(port)) as connection:
        assert connection.ask(path.read_bytes()).status >= 400
    assert storm.rows(tally)[0][2] == str(max(tally.answers.values()))
