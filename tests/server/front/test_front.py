"""The front over real connections: what is sent, what is kept, what is given up, and what the operator sees."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import brotli
import pytest
from patience import PATIENCE, children, until
from serving import running
from tiny import write_release

SMALL = "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3"
NUMBERS = " ".join(map(str, range(1000)))
WIDE = f"SELECT * {{ VALUES ?a {{ {NUMBERS} }} VALUES ?b {{ {' '.join(map(str, range(100)))} }} }}"
"""An answer of 100,000 rows."""
RUNAWAY = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"VALUES ?{v} {{ {NUMBERS} }}" for v in "abcd") + "}"
TRICKLE = "SELECT * {" + " ".join(f"VALUES ?{v} {{ {NUMBERS} }}" for v in "abcd") + "}"
"""An answer without end: it reaches the limit of its size, long after its beginning was sent."""


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a server over the tiny release, and its process."""
    work = tmp_path_factory.mktemp("front")
    write_release(work / "releases")
    log = str(work / "access.jsonl")
    limits = {"deadline": PATIENCE, "answer_bytes": 32 << 20}
    with running(work / "releases", root, work, access_log=log, **limits) as (url, process):
        yield url, process.pid


class Reply:
    """A complete response."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()


def ask(url: str, query: str = SMALL, method: str = "GET", more: str = "", **headers: str) -> Reply:
    given = {"Accept": "text/csv", **{name.replace("_", "-"): value for name, value in headers.items()}}
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        if method == "POST":
            given["Content-Type"] = "application/sparql-query"
            line.request("POST", f"/sparql?{more}", query.encode(), given)
        else:
            line.request(method, f"/sparql?query={quote(query)}{more}", headers=given)
        return Reply(line.getresponse())


def metrics(url: str) -> dict[str, float]:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", "/metrics")
        text = line.getresponse().read().decode()
    return {name: float(value) for name, _, value in (r.rpartition(" ") for r in text.splitlines()) if name[0] != "#"}


@contextmanager
def connection(url: str) -> Iterator[socket.socket]:
    place = urlsplit(url)
    with closing(socket.create_connection((place.hostname, place.port), timeout=PATIENCE)) as line:
        yield line


def request(query: str, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n{lines}\r\n".encode()


def send_without_end(line: socket.socket, piece: bytes) -> None:
    for _ in range(10_000):
        line.sendall(piece)


def test_a_known_answer_needs_no_body(served):
    url, _ = served
    first = ask(url)
    tag = first.headers["ETag"]
    assert first.status == 200
    assert tag.startswith('"')
    assert first.headers["Cache-Control"] == "public, no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = ask(url, If_None_Match=known)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert ask(url, If_None_Match='"other"').body == first.body


def test_any_representation_is_none_before_one_was_made(served):
    url, _ = served
    query = "SELECT ?s { ?s ?p ?o } LIMIT 2 # never asked before"
    assert ask(url, query, If_None_Match="*").status == 200
    assert ask(url, query, If_None_Match="*").status == 304
    assert ask(url, "SELECT ?s {", If_None_Match="*").status == 400


def test_a_post_is_not_answered_with_not_modified(served):
    url, _ = served
    query = SMALL + " # posted twice"
    tag = ask(url, query, "POST").headers["ETag"]
    again = ask(url, query, "POST", If_None_Match=tag, Accept="text/csv, application/json;q=0.5")
    assert (again.status, json.loads(again.body)["errors"][0]["code"]) == (412, "precondition-failed")
    assert ask(url, query, "POST", If_None_Match='"another"').status == 200


def test_the_tag_changes_with_all_that_the_answer_depends_on(served):
    url, _ = served
    tags = [
        ask(url).headers["ETag"],
        ask(url, SMALL + " ").headers["ETag"],
        ask(url, Accept="text/tab-separated-values").headers["ETag"],
        ask(url, Accept_Encoding="gzip").headers["ETag"],
    ]
    assert len(set(tags)) == len(tags)


def test_what_is_asked_again_comes_from_the_cache_in_the_same_bytes(served):
    url, _ = served
    query = SMALL + " # asked again"
    replies = [ask(url, query) for _ in range(4)] + [ask(url, query, "POST"), ask(url, query, "HEAD")]
    assert {reply.body for reply in replies[:-1]} == {replies[0].body}
    assert replies[-1].body == b""
    names = [sorted((n.lower(), v) for n, v in r.headers.items() if n.lower() != "date") for r in replies]
    assert all(found == names[0] for found in names)
    before = metrics(url)
    ask(url, query)
    after = metrics(url)
    assert after["zellige_cache_hits_total"] == before["zellige_cache_hits_total"] + 1
    assert after["zellige_workers_started_total"] == before["zellige_workers_started_total"]


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "now ()"])
def test_what_changes_is_not_kept(served, call):
    url, _ = served
    query = f"SELECT ({call} AS ?x) {{}}"
    first, second = ask(url, query, Accept="application/json"), ask(url, query, Accept="application/json")
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "no-store"
    assert first.headers["ETag"] is None
    if "BNODE" not in call:
        assert first.body != second.body


@pytest.mark.parametrize(("coding", "undo"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
@pytest.mark.parametrize("query", [WIDE, f"SELECT * {{ VALUES ?a {{ {NUMBERS} }} }}"], ids=["large", "medium"])
def test_an_answer_is_compressed_for_who_takes_it(served, coding, undo, query):
    url, _ = served
    plain = ask(url, query, "POST")
    coded = ask(url, query, "POST", Accept_Encoding=coding)
    assert coded.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in coded.headers["Vary"]
    assert len(coded.body) < len(plain.body) / 2
    assert undo(coded.body) == plain.body


def test_a_small_answer_is_not_compressed(served):
    url, _ = served
    reply = ask(url, Accept_Encoding="gzip, br")
    assert reply.headers["Content-Encoding"] is None
    assert reply.body == ask(url).body


@pytest.mark.parametrize("refused", ["gzip;q=0", "identity", "", "br;q=0.0, gzip; q=0.000"])
def test_a_coding_that_is_not_accepted_is_not_used(served, refused):
    url, _ = served
    assert ask(url, WIDE, "POST", Accept_Encoding=refused).headers["Content-Encoding"] is None


def test_head_tells_what_get_would(served):
    url, _ = served
    get, head = ask(url), ask(url, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.body))
    assert head.headers["ETag"] == get.headers["ETag"]


def test_a_large_answer_is_whole_and_the_front_does_not_hold_it(served):
    url, process = served
    ask(url)

    def resident() -> int:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    before = resident()
    reply = ask(url, WIDE, "POST", Accept="application/sparql-results+json")
    assert len(json.loads(reply.body)["results"]["bindings"]) == 100_000
    assert resident() - before < 20 << 20


def test_an_answer_that_fails_later_is_broken_off(served):
    url, _ = served
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", f"/sparql?query={quote(TRICKLE)}", headers={"Accept": "text/csv"})
        response = line.getresponse()
        assert response.status == 200
        with pytest.raises(http.client.IncompleteRead):
            response.read()
    assert ask(url).status == 200


def test_a_failure_before_the_beginning_is_told(served):
    url, _ = served
    until(lambda: metrics(url)["zellige_workers_busy"] == 0, "workers of earlier tests end")
    reply = ask(url, RUNAWAY, "POST", "&timeout=0.3", Accept="application/json")
    assert reply.status == 503
    assert json.loads(reply.body)["errors"][0]["code"] == "deadline"
    assert reply.headers["Cache-Control"] == "no-store"
    text = ask(url, "SELECT * { ?s ?p }", Accept="text/plain, text/csv;q=0.1")
    assert (text.status, text.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize("query", [RUNAWAY, TRICKLE], ids=["before the answer", "in the answer"])
def test_who_leaves_takes_the_query_along(served, query):
    url, _ = served
    ask(url, f"{SMALL} # a worker is started before {len(query)}")
    until(lambda: metrics(url)["zellige_workers_busy"] == 0, "workers of earlier tests end")
    lost = metrics(url)["zellige_workers_lost_total"]
    with connection(url) as line:
        line.sendall(request(query))
        if query == TRICKLE:
            line.recv(1000)
        until(lambda: metrics(url)["zellige_workers_busy"] == 1, "the query begins")
    # Nothing else ends it: the deadline of this server is that of the test.
    until(lambda: metrics(url)["zellige_workers_busy"] == 0, "the query ends")
    assert metrics(url)["zellige_workers_lost_total"] == lost + 1
    assert ask(url).status == 200


def test_requests_in_one_piece_are_answered_in_their_order(served):
    url, _ = served
    queries = [f"SELECT (({n} + 0) AS ?n) {{}}" for n in (1, 2, 1, 3, 2)]
    for _ in range(2):  # the second time from the cache
        with connection(url) as line:
            line.sendall(b"".join(map(request, queries)))
            data = b""
            while data.count(b"HTTP/1.1 200 OK") < 5 or not data.endswith(b"2\r\n"):
                data += line.recv(65536)
        assert [part[-3:-2] for part in data.split(b"HTTP/1.1 200 OK")[1:]] == [b"1", b"2", b"1", b"3", b"2"]


def test_a_body_that_is_too_large_is_refused(served):
    url, _ = served
    reply = ask(url, "ASK {} #" + "x" * 1_000_001, "POST", Accept="application/json")
    assert reply.status == 413
    assert json.loads(reply.body)["errors"][0]["code"] == "request-entity-too-large"


def sent(url: str, data: bytes) -> Reply:
    with connection(url) as line:
        line.sendall(data)
        response = http.client.HTTPResponse(line)
        response.begin()
        return Reply(response)


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET /sparql?query=\xff\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_refused_by_name(served, data):
    url, _ = served
    reply = sent(url, data)
    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json")
    assert json.loads(reply.body)["errors"][0]["code"] == "bad-request"
    assert reply.headers["Connection"] == "close"


@pytest.mark.parametrize("hosts", ["", "Host: x\r\nHost: y\r\n", "Host: x\r\nhost: x\r\n"])
@pytest.mark.parametrize("target", ["/sparql?query=ASK%7B%7D", "/"])
def test_a_request_has_one_host(served, hosts, target):
    """RFC 9112, section 3.2; it was not asked for in HTTP/1.0."""
    url, _ = served
    reply = sent(url, f"GET {target} HTTP/1.1\r\n{hosts}Accept: application/json\r\n\r\n".encode())
    assert (reply.status, reply.headers["Connection"]) == (400, "close")
    assert "one Host" in json.loads(reply.body)["errors"][0]["message"]
    assert sent(url, f"GET {target} HTTP/1.0\r\nAccept: */*\r\n\r\n".encode()).status == 200
    with connection(url) as line:
        line.sendall(f"POST /sparql HTTP/1.1\r\n{hosts}Content-Length: 7\r\n\r\nASK {{}}".encode())
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 400")


def test_a_head_that_is_too_large_is_refused_by_name(served):
    url, _ = served
    reply = sent(url, b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-More: " + b"x" * (1 << 17) + b"\r\n\r\n")
    assert reply.status == 431
    assert json.loads(reply.body)["errors"][0]["code"] == "request-header-fields-too-large"


@pytest.mark.parametrize("query", [RUNAWAY, TRICKLE], ids=["before the answer", "in the answer"])
@pytest.mark.parametrize("second", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nX-More: " + b"x" * (1 << 19)])
def test_a_refusal_is_never_taken_for_an_earlier_answer(served, query, second):
    url, _ = served
    with connection(url) as line:
        line.sendall(request(query))
        data = line.recv(1 << 16) if query == TRICKLE else b""
        with suppress(ConnectionError):
            line.sendall(second)
            while piece := line.recv(1 << 16):
                data += piece
    assert b"HTTP/1.1 4" not in data
    assert not data.endswith(b"\r\n0\r\n\r\n")


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "DELETE"])
def test_figures_can_only_be_read(served, method):
    url, _ = served
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request(method, "/metrics")
        response = line.getresponse()
        body = response.read()
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    if method != "OPTIONS":
        assert (response.status, json.loads(body)["errors"][0]["code"]) == (405, "method-not-allowed")


@pytest.mark.parametrize("piece", [b"X-More: " + b"x" * 8000 + b"\r\n", b"x" * 8000], ids=["lines", "one line"])
def test_a_head_without_end_is_refused(served, piece):
    url, _ = served
    with connection(url) as line:
        line.sendall(b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-More: ")
        with pytest.raises(ConnectionError):
            send_without_end(line, piece)
    assert ask(url).status == 200


def test_the_log_has_a_line_for_each_query_and_not_its_text(served, tmp_path, root):
    write_release(tmp_path / "releases")
    log = tmp_path / "access.jsonl"
    with running(tmp_path / "releases", root, tmp_path, access_log=str(log)) as (url, _):
        ask(url)
        ask(url)
        ask(url, "SELECT * { ?secret ?p }")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["status"], line["outcome"]) for line in lines] == [
        (200, "answered"), (200, "kept"), (400, "query-syntax"),
    ]  # fmt: skip
    assert lines[0]["query_sha256"] == lines[1]["query_sha256"]
    assert {"time", "client", "method", "path", "bytes", "ms"} <= set(lines[0])
    assert "secret" not in log.read_text(encoding="utf-8")


def test_workers_go_over_to_a_new_release_one_by_one(root, tmp_path):
    releases = tmp_path / "releases"
    write_release(releases, "r1")
    with running(releases, root, tmp_path) as (url, process):
        first = ask(url)
        write_release(releases, "r2", 'd:mou zel:signedOn "2026-01"^^edtf:EDTF .')
        assert ask(url).headers["ETag"] != first.headers["ETag"]

        def stores() -> set[str]:
            lines = [Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children(process.pid)]
            return {Path(line[3].decode()).parent.name for line in lines if len(line) > 3}

        until(lambda: stores() == {"r2"}, "every worker has the new release")
