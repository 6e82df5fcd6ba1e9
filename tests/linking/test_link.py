"""`kg link`: what is proposed, what is written, and what is left alone; against stand-ins on loopback."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from patience import PATIENCE
from pyoxigraph import Literal, NamedNode, Triple
from serving import running
from small_project import KG_TOML, ROOT, kg, make
from tiny import write_release
from wikidata_stand_in import Fault, StandIn

from kg.config import Federation, read_config
from kg.errors import Cause, RemoteFailed
from kg.linking import Threshold, Wanted, ask_reconciliation, permitted
from kg.ontology.own import vocabulary_of
from kg.records import read_records

CONTACT = '\n[federation]\ncontact = "a@b.org"\n'
WD = "http://www.wikidata.org/entity/"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
HEAD = (
    "#curie_map:\n#  id: https://example.org/small/id/\n"
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tmapping_date\tauthor_label\tevidence\tstatus\n"
)
Answer = Callable[[dict[str, dict[str, object]]], object]


class Reconciler:
    """A reconciliation service that keeps what it was sent and answers as a test wants."""

    def __init__(self, answer: Answer, space: str = WD, size: int | None = None) -> None:
        self.batches: list[dict[str, dict[str, object]]] = []
        self.agents: set[str] = set()
        self.statuses: list[int] = []
        reconciler, manifest = self, {"versions": ["0.2"], "name": "test", "identifierSpace": space}
        if size is not None:
            manifest["batchSize"] = size  # type: ignore[assignment]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(manifest)

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                reconciler.agents.add(self.headers["User-Agent"])
                reconciler.batches.append(json.loads(form["queries"][0]))
                self._send(answer(reconciler.batches[-1]))

            def _send(self, body: object) -> None:
                status = reconciler.statuses.pop(0) if reconciler.statuses else 200
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(content)))):
                    self.send_header(name, value)
                if status == 429:
                    self.send_header("Retry-After", "3")
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api"


@contextmanager
def reconciling(answer: Answer, **how: object) -> Iterator[Reconciler]:
    service = Reconciler(answer, **how)  # type: ignore[arg-type]
    thread = threading.Thread(target=service.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()
        thread.join()


def found(*candidates: tuple[str, str, float]) -> Answer:
    """The same candidates for every name."""
    result = [
        {"id": item, "name": name, "score": score, "match": False, "type": []} for item, name, score in candidates
    ]
    return lambda batch: {key: {"result": result} for key in batch}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make(tmp_path / "project", toml=KG_TOML + CONTACT)


def link(project: Path, service: str, *options: str):
    return kg("link", "--service", service, "--author", "A person", "--date", "2026-11-24", *options, cwd=project)


def file_of(project: Path) -> Path:
    return project / "data" / "wikidata.sssom.tsv"


def test_candidates_become_unverified_rows_of_a_new_file_that_the_build_accepts(project: Path) -> None:
    with reconciling(found(("Q7", "City", 90), ("Q8", "Other city", 40))) as service:
        done = link(project, service.url)
    assert done.returncode == 0, done.stderr
    assert {agent.split("/")[0] for agent in service.agents} == {"zellige"}
    assert all("(a@b.org)" in agent for agent in service.agents)
    assert "2 unverified rows added to data/wikidata.sssom.tsv" in done.stderr
    records = read_records(read_config(project, {}), vocabulary_of(read_config(ROOT, {})))
    assert [(m.subject.split("/")[-1], m.item, m.status, m.confidence) for m in records.matches] == [
        ("city", "Q7", "unverified", 0.9),
        ("lab", "Q7", "unverified", 0.9),
    ]
    for name, language in (("المدينة", "ar"), ("La ville", "fr"), ("The city", "en")):
        assert f"'{name}' ({language}) score 90" in records.matches[0].evidence
    assert service.url in records.matches[0].evidence
    cells = file_of(project).read_text(encoding="utf-8").splitlines()[-1].split("\t")
    assert {"2026-11-24", "A person", "semapv:LexicalMatching", "City"} <= set(cells)
    assert kg("build", "-q", cwd=project).returncode == 0


def test_what_stands_in_the_file_stays_byte_for_byte_and_nothing_comes_twice(project: Path) -> None:
    def row(subject: str, item: str, status: str) -> str:
        return f"id:{subject}\tskos:exactMatch\t{item}\tsemapv:ManualMappingCuration\t0.5\t2026-01-01\tB\tpaper\t{status}\n"

    before = HEAD + row("lab", "sssom:NoTermFound", "unverified") + row("lab", "wd:Q7", "rejected")
    before += row("city", "wd:Q9", "unverified")
    file_of(project).write_text(before[:-1], encoding="utf-8")
    with reconciling(found(("Q7", "Rejected", 99), ("Q8", "Lab", 80))) as service:
        assert link(project, service.url).returncode == 0
        once = file_of(project).read_text(encoding="utf-8")
        assert link(project, service.url).returncode == 0
    assert once.startswith(before)
    (added,) = once.removeprefix(before).splitlines()
    assert added.split("\t")[:3] == ["id:lab", "skos:exactMatch", "wd:Q8"]
    assert file_of(project).read_text(encoding="utf-8") == once
    assert {query["query"] for batch in service.batches for query in batch.values()} == {
        "المختبر", "Le laboratoire", "The laboratory",
    }  # fmt: skip


def test_a_dry_run_prints_the_rows_and_writes_nothing(project: Path) -> None:
    with reconciling(found(("Q7", "City", 90))) as service:
        done = link(project, service.url, "--dry-run", "--thing", "city")
        as_json = json.loads(link(project, service.url, "--dry-run", "--thing", "city", "--json").stdout)
    (line,) = done.stdout.splitlines()
    assert line.split("\t")[:4] == ["id:city", "The city", "skos:exactMatch", "wd:Q7"]
    assert not file_of(project).exists()
    assert [row["object_id"] for row in as_json["data"]["rows"]] == ["wd:Q7"]
    assert as_json["data"]["written"] is False


def test_our_own_service_can_be_asked(project: Path, tmp_path: Path) -> None:
    facts = '<http://www.wikidata.org/entity/Q7> a zel:Laboratory ; rdfs:label "La ville"@fr , "The city"@en .'
    write_release(tmp_path / "served", facts=facts)
    with running(tmp_path / "served", ROOT, tmp_path, workers=2) as (url, _):
        done = link(project, f"{url}/reconcile", "--thing", "city", "--dry-run", "--json")
    assert done.returncode == 0, done.stdout
    (row,) = json.loads(done.stdout)["data"]["rows"]
    assert (row["object_id"], row["confidence"], row["status"]) == ("wd:Q7", "1", "unverified")
    assert "'La ville' (fr) score 100; 'The city' (en) score 100" in row["evidence"]


def test_an_endpoint_is_asked_for_the_same_labels(project: Path) -> None:
    def label(item: str, text: str, language: str) -> Triple:
        return Triple(NamedNode(item), LABEL, Literal(text, language=language))

    triples = [
        label(f"{WD}Q7", "La ville", "fr"), label(f"{WD}Q7", "The city", "en"), label(f"{WD}Q8", "The city", "en"),
        label(f"{WD}Q9", "The city", "fr"), label(f"{WD}P10", "The city", "en"), label("http://e/x", "The city", "en"),
    ]  # fmt: skip
    with StandIn().add(triples) as remote:
        done = link(project, remote.url, "--protocol", "sparql", "--json")
        rows = json.loads(done.stdout)["data"]["rows"]
        assert [(row["object_id"], row["confidence"]) for row in rows] == [("wd:Q7", "0.7"), ("wd:Q8", "0.5")]
        assert rows[0]["evidence"] == f"same label at {remote.url}: 'La ville' (fr); 'The city' (en)"
        assert len(remote.log) == 1
        remote.fail(Fault.TIMED_OUT)
        before = file_of(project).read_bytes()
        done = link(project, remote.url, "--protocol", "sparql", "--thing", "lab")
    assert done.returncode == 3
    assert "took too long" in done.stderr
    assert file_of(project).read_bytes() == before


THINGS = tuple(Wanted(f"http://e/{n}", {"en": f"Thing {n}"}) for n in range(7))


def asked(service: Reconciler, things: tuple[Wanted, ...] = THINGS, **threshold: float):
    waits: list[float] = []
    settings = permitted(Federation(contact="a@b.org"), service.url)
    limits = Threshold(**threshold)  # type: ignore[arg-type]
    return ask_reconciliation(service.url, things, settings, limits, waits.append), waits


def test_batches_are_no_larger_than_the_manifest_allows() -> None:
    with reconciling(found(("Q1", "", 100)), size=3) as service:
        assert len(asked(service)[0]) == 7
    assert [len(batch) for batch in service.batches] == [3, 3, 1]


def test_limit_and_minimum_bound_what_is_proposed() -> None:
    answer = found(*((f"Q{n}", "", 10.0 * n) for n in range(1, 11)))
    with reconciling(answer) as service:
        candidates, _ = asked(service, THINGS[:1], limit=2, minimum=0.95)
        assert [c.qid for c in candidates] == ["Q10"]
        assert [c.qid for c in asked(service, THINGS[:1], limit=2)[0]] == ["Q10", "Q9"]


def test_scores_of_another_scale_stay_within_bounds() -> None:
    with reconciling(found(("Q1", "", 250.0), ("Q2", "", -4))) as service:
        assert {c.qid: c.confidence for c in asked(service, THINGS[:1], minimum=0)[0]} == {"Q1": 1.0, "Q2": 0.0}


@pytest.mark.parametrize("identifier", ["Q0", "P5", "id/x", "http://e/Q5", "Q5x"])
def test_what_is_no_item_is_not_proposed(identifier: str) -> None:
    with reconciling(found((identifier, "", 100))) as service:
        assert asked(service)[0] == []


def test_an_identifier_of_another_space_is_no_item() -> None:
    with reconciling(found(("Q5", "", 100)), space="https://example.org/") as service:
        assert asked(service)[0] == []


def test_it_waits_as_long_as_the_service_asks() -> None:
    with reconciling(found(("Q1", "", 100))) as service:
        service.statuses = [200, 429]
        candidates, waits = asked(service, THINGS[:1])
    assert [c.qid for c in candidates] == ["Q1"]
    assert [round(wait) for wait in waits] == [3]


@pytest.mark.parametrize(
    ("statuses", "answer", "cause"),
    [
        ([403], found(), Cause.BANNED),
        ([200, 302], found(), Cause.REDIRECT),
        ([200, 500], found(), Cause.STATUS),
        ([], lambda _: b"<html>", Cause.NO_RESULTS),
        ([], lambda _: [], Cause.NO_RESULTS),
        ([], lambda _: {}, Cause.NO_RESULTS),
        ([], lambda batch: {key: {"result": None} for key in batch}, Cause.NO_RESULTS),
    ],
)
def test_an_answer_that_is_none_is_a_failure(statuses: list[int], answer: Answer, cause: Cause) -> None:
    with reconciling(answer) as service:
        service.statuses = statuses
        with pytest.raises(RemoteFailed) as caught:
            asked(service)
    assert caught.value.cause is cause


@pytest.mark.parametrize(
    ("toml", "options", "said"),
    [
        (KG_TOML, ("--author", "A"), "no endpoint is asked without a contact"),
        (KG_TOML + CONTACT, (), "nobody proposes"),
        (KG_TOML + CONTACT, ("--author", "A", "--thing", "town"), "no thing 'town'"),
        (KG_TOML + CONTACT, ("--author", "A", "--service", "file:///etc"), "is no http(s) address"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(
    tmp_path: Path, toml: str, options: tuple[str, ...], said: str
) -> None:
    project = make(tmp_path / "project", toml=toml)
    with reconciling(found(("Q1", "", 100))) as service:
        done = kg("link", "--service", service.url, *options, cwd=project)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert service.batches == []


def test_outside_of_a_project_nothing_is_written(tmp_path: Path) -> None:
    done = kg("link", "--service", "http://127.0.0.1:1/", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no project here" in done.stderr


def test_the_published_tool_validates_a_new_file(project: Path) -> None:
    tool = os.environ.get("KG_SSSOM") or shutil.which("sssom", path=Path(sys.executable).parent)
    if tool is None:
        pytest.skip("sssom is absent: pip install -e '.[sssom]', or set KG_SSSOM to its command")
    with reconciling(found(("Q7", "City", 90))) as service:
        assert link(project, service.url).returncode == 0
    command = [tool, "validate", str(file_of(project))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_file_without_a_prefix_for_a_thing_says_so(project: Path) -> None:
    file_of(project).write_text(re.sub("(?m)^#.*\n", "", HEAD), encoding="utf-8")
    with reconciling(found(("Q1", "", 100))) as service:
        done = link(project, service.url)
    assert done.returncode == 1
    assert "has no prefix for https://example.org/small/id/city" in done.stderr
