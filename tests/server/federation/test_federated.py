"""SERVICE through the endpoint, over real connections: what comes back, what it costs, and whom it asks."""

from __future__ import annotations

import csv
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from federated_service import CONTACT, PREFIXES, ask, expected, federation, joined, question, stand_in
from patience import PATIENCE, until
from serving import running
from tiny import write_release
from wikidata_stand_in import Fault, StandIn

from server.settings import Settings

ANOTHER = "http://127.0.0.1:1/sparql"


@pytest.fixture(scope="module")
def remote() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


@pytest.fixture(scope="module")
def url(root: Path, tmp_path_factory: pytest.TempPathFactory, remote: StandIn) -> Iterator[str]:
    work = tmp_path_factory.mktemp("federated")
    with joined(root, work, remote, access_log=str(work / "access.jsonl")) as address:
        yield address


@pytest.fixture(autouse=True)
def _afresh(remote: StandIn) -> Iterator[None]:
    remote.log.clear()
    yield
    remote.recover()
    remote.delay = 0.0


def rows(body: bytes) -> list[list[str]]:
    return [*csv.reader(body.decode().splitlines())][1:]


def costs(header: str) -> dict[str, int]:
    return {name: int(value) for name, value in re.findall(r";(\w+)=(\d+)", header)}


def test_300_organisations_take_three_requests(url, remote):
    reply = ask(url, question(remote.url))
    assert (reply.status, rows(reply.body)) == (200, expected())
    assert len(remote.log) == 3
    assert sum(len(received.body) + received.answer_bytes for received in remote.log) < 100_000
    assert sum(received.answer_bytes for received in remote.log) <= 50_000
    assert {received.method for received in remote.log} == {"POST"}
    assert CONTACT in remote.log[0].headers["user-agent"]


def test_the_receipt_is_what_the_other_side_has_seen(url, remote):
    reply = ask(url, question(remote.url))
    told = costs(reply.headers["Federation-Receipt"])
    assert reply.headers["Federation-Receipt"].startswith(f'"{remote.url}";')
    assert told["requests"] == len(remote.log)
    assert told["sent"] == sum(len(received.body) for received in remote.log)
    assert told["received"] == sum(received.answer_bytes for received in remote.log)
    assert (told["rows"], told["silenced"]) == (300, 0)
    assert "Federation-Receipt" in reply.headers["Access-Control-Expose-Headers"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert "ETag" not in reply.headers


@pytest.mark.parametrize("coding", ["identity", "gzip, br"])
def test_the_receipt_is_in_the_json_when_it_is_asked_for(url, remote, coding):
    wanted = {"Accept": "application/sparql-results+json", "Accept_Encoding": coding}
    reply = ask(url, question(remote.url), receipt="true", **wanted)
    assert "Content-Encoding" not in reply.headers
    answer = json.loads(reply.body)
    (cost,) = answer["federation"]["endpoints"]
    assert (cost["endpoint"], cost["requests"], cost["bindings"]) == (remote.url, len(remote.log), 300)
    assert len(answer["results"]["bindings"]) == 300
    assert "federation" not in json.loads(ask(url, question(remote.url), Accept="application/json").body)


def test_the_receipt_parameter_is_true_or_false(url, remote):
    assert ask(url, question(remote.url), receipt="perhaps").status == 400
    assert remote.log == []


def test_every_request_asks_anew(url, remote):
    for _ in range(2):
        assert ask(url, question(remote.url)).status == 200
    assert len(remote.log) == 6


def test_a_graph_is_made_of_both_sides(url, remote):
    query = question(remote.url).replace("SELECT ?org ?label", "CONSTRUCT { ?org rdfs:label ?label }")
    reply = ask(url, query.replace("ORDER BY ?org", ""), Accept="application/n-triples")
    assert (reply.status, len(reply.body.splitlines())) == (200, 300)


def test_get_and_a_direct_post_are_the_same(url, remote):
    wanted = ask(url, question(remote.url)).body
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", f"/sparql?query={quote(question(remote.url))}", headers={"Accept": "text/csv"})
        assert line.getresponse().read() == wanted
        headers = {"Accept": "text/csv", "Content-Type": "application/sparql-query"}
        line.request("POST", "/sparql", question(remote.url).encode(), headers)
        assert line.getresponse().read() == wanted


def test_the_dataset_of_the_request_holds_for_the_local_part(url, remote):
    reply = ask(url, question(remote.url), **{"default-graph-uri": "https://w3id.org/zellige/graph/entities"})
    assert (reply.status, rows(reply.body)) == (200, [])
    assert remote.log == []


@pytest.mark.parametrize(
    ("fault", "status", "cause"),
    [
        (Fault.TIMED_OUT, 504, "timed-out"),
        (Fault.TRACE_500, 504, "timed-out"),
        (Fault.SILENT, 504, "timed-out"),
        (Fault.CUT, 502, "truncated"),
        (Fault.SHORT, 502, "truncated"),
        (Fault.TRACE_AFTER, 504, "timed-out"),
        (Fault.HTML, 502, "content-type"),
        (Fault.HTML_AS_JSON, 502, "no-results"),
        (Fault.WRONG_VARIABLES, 502, "variables"),
        (Fault.BROKEN, 502, "status"),
        (Fault.TOO_LARGE, 502, "request-size"),
        (Fault.REDIRECT, 502, "redirect"),
        (Fault.BANNED, 502, "banned"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_failure_elsewhere_is_told_or_silenced(root, tmp_path, fault, status, cause):
    # A server for each fault, so that no circuit is open before it fails.
    with stand_in(300) as remote:
        # Only who waits for nothing is to be done with it soon.
        soon = {"read_seconds": 1, "total_seconds": 2} if fault is Fault.SILENT else {}
        limits = federation(remote.url, **soon)
        with joined(root, tmp_path, remote, federation=limits) as url:
            remote.fail(fault)
            first = 'FILTER(STRENDS(STR(?org), "/o7"))'
            silent = ask(url, question(remote.url, silent="SILENT", filtered=first))
            assert (silent.status, rows(silent.body)) == (200, [["https://w3id.org/zellige/id/o7", ""]])
            assert costs(silent.headers["Federation-Receipt"])["silenced"] == 1
            if fault is Fault.BANNED:
                return  # nobody is asked again after that, as the next test shows
            reply = ask(url, question(remote.url, filtered=first))
            problem = json.loads(reply.body)
            assert (reply.status, problem["status"], problem["cause"]) == (status, status, cause)
            assert reply.headers["Content-Type"] == "application/problem+json"
            assert problem["type"].endswith("/remote")
            assert problem["host"] == urlsplit(remote.url).netloc
            assert costs(reply.headers["Federation-Receipt"])["requests"] >= 1


def test_a_ban_is_obeyed_and_says_when_to_come_again(root, tmp_path):
    with stand_in(300) as remote, joined(root, tmp_path, remote) as url:
        remote.fail(Fault.BANNED, times=1)
        assert ask(url, question(remote.url)).status == 502
        reply = ask(url, question(remote.url))
        assert (reply.status, json.loads(reply.body)["cause"]) == (503, "circuit-open")
        assert int(reply.headers["Retry-After"]) > 0
        assert len(remote.log) == 1


def test_bad_language_tags_are_repaired_and_counted(url, remote):
    remote.fail(Fault.BAD_TAG)
    accept = {"Accept": "application/sparql-results+json"}
    answer = json.loads(ask(url, question(remote.url).replace('= "ar"', '!= ""'), receipt="true", **accept).body)
    assert answer["federation"]["endpoints"][0]["repaired"] == 900


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (question(ANOTHER), "service-not-allowed"),
        (f"SELECT * {{ SERVICE ?e {{ ?s ?p ?o }} VALUES ?e {{ <{ANOTHER}> }} }}", "service-not-allowed"),
        ("SELECT * { SERVICE ?e { ?s ?p ?o } VALUES ?e { 'http://127.0.0.1:1/sparql' } }", "service-variable"),
        ("SELECT * { SERVICE ?e { ?s ?p ?o } }", "service-variable"),
        ("SELECT * { SERVICESILENT <http://127.0.0.1:1/> { ?s ?p ?o } }", "no-service"),
        ("LOAD <http://127.0.0.1:1/>", "no-load"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ", "service-unplanned"),
    ],
)
def test_what_is_not_allowed_is_refused_by_name(url, remote, query, code):
    reply = ask(url, query)
    assert (reply.status, json.loads(reply.body)["errors"][0]["code"]) == (400, code)
    assert remote.log == []


def test_nobody_else_is_asked(root, tmp_path, remote):
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/sparql"
        with joined(root, tmp_path, remote) as url:
            for query in (
                question(address),
                question(address, silent="SILENT"),
                f"SELECT * {{ SERVICE <{remote.url}> {{ SERVICE <{address}> {{ ?s ?p ?o }} }} }}",
            ):
                assert ask(url, query).status == 400
            remote.redirect_to = address
            remote.fail(Fault.REDIRECT, times=1)
            assert ask(url, question(remote.url)).status == 502
        with pytest.raises(BlockingIOError):
            trap.accept()


def test_off_by_default(root, tmp_path, remote):
    with joined(root, tmp_path, remote, federation={}) as url:
        reply = ask(url, question(remote.url))
        assert (reply.status, json.loads(reply.body)["errors"][0]["code"]) == (400, "no-service")
        assert remote.log == []
        assert b"BasicFederatedQuery" not in description(url)
        variable = f"SELECT * {{ VALUES ?e {{ <{remote.url}> }} SERVICE SILENT ?e {{ ?s ?p ?o }} }}"
        reply = ask(url, variable)
        assert (reply.status, json.loads(reply.body)["errors"][0]["code"]) == (400, "no-service")
        assert remote.log == []


def description(url: str) -> bytes:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", "/sparql", headers={"Accept": "text/turtle"})
        return line.getresponse().read()


def test_the_service_description_says_so(url):
    assert b"BasicFederatedQuery" in description(url)


def test_the_page_sends_people_to_the_data(url, remote):
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", f"/sparql?{urlencode({'query': question(remote.url)})}", headers={"Accept": "text/html"})
        page = line.getresponse()
        assert (page.status, b"answered as data only" in page.read()) == (400, True)
    assert remote.log == []


def test_a_client_that_leaves_takes_its_query_along(root, tmp_path):
    log = tmp_path / "access.jsonl"
    with stand_in(300) as remote, joined(root, tmp_path, remote, access_log=str(log)) as url:
        remote.gate.clear()
        place = urlsplit(url)
        body = urlencode({"query": question(remote.url)})
        with closing(socket.create_connection((place.hostname, place.port), timeout=PATIENCE)) as line:
            head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            line.sendall((head + body).encode())
            until(lambda: remote.in_flight)
        until(lambda: '"left"' in log.read_text(encoding="utf-8"))
        # The server has one line to the host: the next query is asked when the first has given it up.
        remote.gate.set()
        assert ask(url, question(remote.url)).status == 200
        assert len(remote.log) == 1 + 3


def test_the_loop_answers_others_meanwhile(url, remote):
    remote.gate.clear()
    replies = []
    thread = threading.Thread(target=lambda: replies.append(ask(url, question(remote.url))))
    thread.start()
    until(lambda: remote.in_flight)
    assert ask(url, "ASK {}", Accept="application/json").status == 200
    assert replies == []
    remote.gate.set()
    thread.join()
    assert replies[0].status == 200


def test_a_timeout_of_the_request_holds_for_the_whole(root, tmp_path):
    with stand_in(300) as remote, joined(root, tmp_path, remote) as url:
        remote.delay = 0.7
        assert ask(url, question(remote.url), timeout="1").status in {503, 504}


def test_no_more_queries_at_once_than_may_be(root, tmp_path, remote):
    with joined(root, tmp_path, remote, federation=federation(remote.url, queries=1)) as url:
        remote.gate.clear()
        thread = threading.Thread(target=ask, args=(url, question(remote.url)))
        thread.start()
        until(lambda: remote.in_flight)
        reply = ask(url, question(remote.url))
        assert (reply.status, json.loads(reply.body)["errors"][0]["code"]) == (503, "busy")
        assert "Retry-After" in reply.headers
        remote.gate.set()
        thread.join()
        assert ask(url, question(remote.url)).status == 200


def test_requests_count_for_the_quota_of_a_client(root, tmp_path, remote):
    # 2 seconds at once; three requests of a second each are more than that.
    with joined(root, tmp_path, remote, client_seconds=1.0, trusted_proxies=["127.0.0.1"]) as url:
        remote.delay = 1.0
        stranger = {"X_Forwarded_For": "192.0.2.7"}
        assert ask(url, question(remote.url), **stranger).status == 200
        reply = ask(url, "ASK {}", Accept="application/json", **stranger)
        assert (reply.status, json.loads(reply.body)["errors"][0]["code"]) == (429, "quota")
        assert ask(url, question(remote.url), X_Forwarded_For="192.0.2.8", timeout="60").status == 200
        assert ask(url, question(remote.url), **stranger).status == 429


def test_the_server_stops_while_somebody_is_asked(root, tmp_path, remote):
    write_release(tmp_path / "releases")
    remote.fail(Fault.SILENT, times=1)
    with running(tmp_path / "releases", root, tmp_path, federation=federation(remote.url)) as (address, process):
        query = f"{PREFIXES}SELECT * {{ ?s zel:party ?o SERVICE <{remote.url}> {{ ?o rdfs:label ?l }} }}"
        place = urlsplit(address)
        body = urlencode({"query": query})
        with closing(socket.create_connection((place.hostname, place.port), timeout=PATIENCE)) as line:
            head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            line.sendall((head + body).encode())
            until(lambda: remote.log)
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize(
    "wrong", [{"batches": 1}, {"batch": "1"}, {"endpoints": "x"}, {"endpoints": [1]}, [], {"batch": True}]
)
def test_wrong_settings_are_told(wrong):
    from kg.errors import ConfigError

    text = json.dumps({"releases": "x", "federation": wrong})
    if wrong == []:
        assert Settings.from_json(text).federation.endpoints == ()
        return
    with pytest.raises(ConfigError, match="federation"):
        Settings.from_json(text)


def test_settings_go_to_the_server_as_they_are():
    settings = Settings.from_json(json.dumps({"releases": "x", "federation": federation("http://127.0.0.1:1/")}))
    assert Settings.from_json(settings.to_json()) == settings
    assert settings.federation.private_endpoints == ("http://127.0.0.1:1/",)
