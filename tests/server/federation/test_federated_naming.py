"""SERVICE with a variable through the endpoint and the command line: data say whom to ask, the list says whom we do."""

from __future__ import annotations

import csv
import json
import re
import socket
import subprocess
from collections.abc import Iterator

import pytest
from federated_service import FACTS, FIRST, PREFIXES, ask, federation, joined, stand_in
from small_project import KG_TOML, kg, make
from wikidata_stand_in import Fault, StandIn

ENDPOINT = "<http://rdfs.org/ns/void#sparqlEndpoint>"
ORGANISATION = "<https://w3id.org/zellige/id/o{}>"
QUERY = (
    f"{PREFIXES}SELECT ?org ?label {{ ?org {ENDPOINT} ?endpoint ; owl:sameAs ?item . "
    'SERVICE %s ?endpoint { ?item rdfs:label ?label FILTER(LANG(?label) = "ar") } } ORDER BY ?org'
)


def told(numbers: range, endpoint: str) -> str:
    return "".join(f"{ORGANISATION.format(n)} {ENDPOINT} <{endpoint}> .\n" for n in numbers)


@pytest.fixture
def remotes() -> Iterator[tuple[StandIn, StandIn]]:
    with stand_in(300) as one, stand_in(300) as two:
        yield one, two


@pytest.fixture
def trap() -> Iterator[socket.socket]:
    """Listens at an address that no query may lead to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening
        with pytest.raises(BlockingIOError):
            listening.accept()


def rows(body: bytes) -> list[list[str]]:
    return [*csv.reader(body.decode().splitlines())][1:]


def test_each_endpoint_gets_the_bindings_that_name_it(root, tmp_path, remotes):
    one, two = remotes
    facts = FACTS + told(range(150), one.url) + told(range(150, 180), two.url)
    with joined(root, tmp_path, one, facts=facts, federation=federation(one.url, two.url)) as url:
        reply = ask(url, QUERY % "")
    expected = sorted([f"https://w3id.org/zellige/id/o{n}", f"item {FIRST + n} ar"] for n in range(180))
    assert (reply.status, rows(reply.body)) == (200, expected)
    assert [sum(f"/Q{FIRST + n}>" in each.query for n in range(300)) for each in one.log] == [100, 50]
    assert [sum(f"/Q{FIRST + n}>" in each.query for n in range(300)) for each in two.log] == [30]
    receipt = re.findall(r'"([^"]+)";requests=(\d+);.*?;sent=(\d+);received=(\d+)', reply.headers["Federation-Receipt"])
    assert sorted(receipt) == sorted(
        (
            each.url,
            str(len(each.log)),
            str(sum(len(received.body) for received in each.log)),
            str(sum(received.answer_bytes for received in each.log)),
        )
        for each in remotes
    )


def test_a_value_in_the_data_never_makes_the_server_call_an_address_off_the_list(root, tmp_path, remotes, trap):
    one, _ = remotes
    port = trap.getsockname()[1]
    addresses = (
        f"http://127.0.0.1:{port}/sparql",
        f"http://localhost:{port}/sparql",
        f"{one.url}@127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}/{one.url}",
        f"HTTP://127.0.0.1:{port}/sparql",
    )
    facts = FACTS + told(range(3), one.url)
    facts += "".join(told(range(3 + n, 4 + n), address) for n, address in enumerate(addresses))
    wanted = {"Accept": "application/sparql-results+json"}
    with joined(root, tmp_path, one, facts=facts) as url:
        refused = ask(url, QUERY % "")
        assert (refused.status, json.loads(refused.body)["errors"][0]["code"]) == (400, "service-not-allowed")
        assert one.log == []
        reply = ask(url, QUERY % "SILENT", receipt="true", **wanted)
        answer = json.loads(reply.body)
        assert [len(row) for row in answer["results"]["bindings"]] == [2, 2, 2, 1, 1, 1, 1, 1]
        assert len(one.log) == 1
        costs = {cost["endpoint"]: cost for cost in answer["federation"]["endpoints"]}
        assert len(costs["?endpoint"]["silenced"]) == len(addresses)
        assert '"?endpoint";requests=0' in reply.headers["Federation-Receipt"]
        # Nor may an endpoint that is asked name another one: by its answer, or by sending the client on.
        directory = f"{PREFIXES}SELECT * {{ SERVICE <{one.url}> {{ ?s rdfs:seeAlso ?e }} SERVICE ?e {{ ?s ?p ?o }} }}"
        one.store.update(
            f"INSERT DATA {{ <http://e/d> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{addresses[0]}> }}"
        )
        assert ask(url, directory).status == 400
        one.redirect_to = addresses[0]
        one.fail(Fault.REDIRECT, times=1)
        assert (
            ask(url, f"{PREFIXES}SELECT * {{ VALUES ?e {{ <{one.url}> }} SERVICE ?e {{ ?s owl:none ?o }} }}").status
            == 502
        )


def test_a_failure_of_one_endpoint_is_told_with_the_variable(root, tmp_path, remotes):
    one, two = remotes
    facts = FACTS + told(range(2), one.url) + told(range(2, 4), two.url)
    with joined(root, tmp_path, one, facts=facts, federation=federation(one.url, two.url)) as url:
        two.fail(Fault.BROKEN)
        reply = ask(url, QUERY % "")
        problem = json.loads(reply.body)
        assert (reply.status, problem["cause"], problem["host"]) == (502, "status", two.url.split("/")[2])
        assert problem["batch"].startswith(f"SERVICE ?endpoint = <{two.url}> in line 4, bindings 1 to 2 of 2")
        silent = ask(url, QUERY % "SILENT")
        assert [bool(label) for _, label in rows(silent.body)] == [True, True, False, False]


def test_the_command_line_does_the_same(tmp_path, remotes, trap):
    one, two = remotes
    project = make(tmp_path / "project")
    listed = json.dumps([one.url, two.url])
    settings = f'\n[federation]\nendpoints = {listed}\nprivate_endpoints = {listed}\ncontact = "a@b.org"\n'
    (project / "kg.toml").write_text(KG_TOML + settings, encoding="utf-8")
    assert kg("build", "-q", cwd=project).returncode == 0
    item = f"<http://www.wikidata.org/entity/Q{FIRST}>"

    def query(*endpoints: str, silent: str = "") -> subprocess.CompletedProcess[str]:
        values = " ".join(f"<{endpoint}>" for endpoint in endpoints)
        text = f"{PREFIXES}SELECT ?e ?label {{ VALUES ?e {{ {values} }} SERVICE {silent} ?e {{ {item} rdfs:label ?label FILTER(LANG(?label) = 'fr') }} }}"
        (project / "ask.rq").write_text(text, encoding="utf-8")
        return kg("query", "ask.rq", "--json", "--format", "csv", cwd=project)

    done = query(one.url, two.url)
    assert done.returncode == 0, done.stdout
    data = json.loads(done.stdout)["data"]
    assert sorted(data["result"].splitlines()[1:]) == sorted(f"{each.url},item {FIRST} fr" for each in remotes)
    assert [len(each.log) for each in remotes] == [1, 1]

    elsewhere = f"http://127.0.0.1:{trap.getsockname()[1]}/sparql"
    refused = query(one.url, elsewhere)
    assert refused.returncode == 2
    assert [error["code"] for error in json.loads(refused.stdout)["errors"]] == ["service-not-allowed"]
    assert query(one.url, elsewhere, silent="SILENT").returncode == 0

    (project / "kg.toml").write_text(KG_TOML, encoding="utf-8")
    off = query(one.url, silent="SILENT")
    assert (off.returncode, json.loads(off.stdout)["errors"][0]["code"]) == (2, "no-service")
