"""The polite client against the stand-in: what it sends, what it bears, what it refuses to believe."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from remote_questions import CONTACT, LABELS, Clients, ask, settings
from wikidata_stand_in import Fault, StandIn, Throttle, VirtualClock, synthetic_items
from wikidata_stand_in.data import RDFS_LABEL, item

from kg.config import Federation
from kg.errors import Cause, ConfigError, RemoteFailed
from kg.sparql.politeness import Budget
from kg.sparql.receipt import Meter
from kg.sparql.remote import RemoteClient, user_agent
from kg.sparql.transport import is_public


@pytest.fixture
def remote():
    with StandIn().add(synthetic_items(5)) as stand_in:
        yield stand_in


@pytest.fixture
def client():
    clients = Clients()
    yield clients
    clients.close()


def failure(asking, endpoint, query=LABELS, **given) -> RemoteFailed:
    with pytest.raises(RemoteFailed) as caught:
        ask(asking, endpoint, query, **given)
    return caught.value


def test_a_question_is_a_post_that_says_who_asks(remote, client):
    table, meter = ask(client(remote.url), remote.url)
    assert len(table.rows) == 15
    assert ("<http://www.wikidata.org/entity/Q900000000>", '"item 900000000 fr"@fr') in table.rows
    (received,) = remote.log
    assert received.method == "POST"
    assert received.query == LABELS
    assert CONTACT in received.headers["user-agent"]
    assert received.headers["user-agent"].startswith("zellige/")
    assert (meter.requests, meter.rows, meter.bytes_sent) == (1, 15, len(received.body))
    assert meter.bytes_received == received.answer_bytes


def test_without_a_contact_there_is_no_client(client):
    with pytest.raises(ConfigError):
        RemoteClient(Federation(endpoints=("https://query.wikidata.org/sparql",)))
    assert "(a@b.org)" in user_agent(" a@b.org ")


CELLS = {
    Fault.TIMED_OUT: Cause.TIMED_OUT,
    Fault.CUT: Cause.TRUNCATED,
    Fault.SHORT: Cause.TRUNCATED,
    Fault.TRACE_AFTER: Cause.TIMED_OUT,
    Fault.TRACE_500: Cause.TIMED_OUT,
    Fault.HTML: Cause.CONTENT_TYPE,
    Fault.HTML_AS_JSON: Cause.NO_RESULTS,
    Fault.WRONG_TYPE: Cause.CONTENT_TYPE,
    Fault.WRONG_VARIABLES: Cause.VARIABLES,
    Fault.WRONG_SHAPE: Cause.NO_RESULTS,
    Fault.THROTTLED: Cause.THROTTLED,
    Fault.UNAVAILABLE: Cause.UNAVAILABLE,
    Fault.BANNED: Cause.BANNED,
    Fault.TOO_LONG: Cause.REQUEST_SIZE,
    Fault.TOO_LARGE: Cause.REQUEST_SIZE,
    Fault.BROKEN: Cause.STATUS,
    Fault.HUGE: Cause.ANSWER_SIZE,
    Fault.REDIRECT: Cause.REDIRECT,
}


@pytest.mark.parametrize("fault", CELLS, ids=lambda fault: fault.name)
def test_no_bad_answer_is_believed(remote, fault, client):
    remote.fail(fault)
    error = failure(client(remote.url), remote.url)
    assert error.cause is CELLS[fault]
    assert error.host in remote.url
    assert error.host in str(error)


@pytest.mark.parametrize("fault", [Fault.DRIP, Fault.SILENT], ids=lambda fault: fault.name)
def test_a_body_that_does_not_end_is_given_up(remote, fault, client):
    remote.fail(fault)
    assert failure(client(remote.url, total_seconds=1, read_seconds=1), remote.url).cause is Cause.TIMED_OUT


def test_a_tag_that_is_none_is_repaired_and_counted(remote, client):
    remote.fail(Fault.BAD_TAG)
    table, meter = ask(client(remote.url), remote.url)
    assert {row[1].rpartition("@")[2] for row in table.rows if row[1]} == {"lzh"}
    assert meter.repaired == 15


def test_an_answer_may_be_xml(remote, client):
    remote.xml_only = True
    table, _ = ask(client(remote.url), remote.url)
    remote.xml_only = False
    again, _ = ask(client(remote.url), remote.url)
    assert sorted(table.rows) == sorted(again.rows)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.TIMED_OUT])
def test_cut_xml_is_no_answer(remote, fault, client):
    body = remote.store.query(LABELS).serialize(format=_xml())
    tail = b"" if fault is Fault.CUT else b"\njava.util.concurrent.TimeoutException\n\tat java.util.X(Y.java)\n"
    with StandIn(answer=lambda _q, _t: body[:-40] + tail) as cut:
        cut.xml_only = True
        assert failure(client(cut.url), cut.url).cause is CELLS[fault]


def _xml():
    from pyoxigraph import QueryResultsFormat

    return QueryResultsFormat.XML


def test_throttled_once_it_waits_as_long_as_it_is_told(remote, client):
    remote.fail(Fault.THROTTLED, times=1)
    clock = VirtualClock()
    table, meter = ask(client(remote.url, clock=clock), remote.url)
    assert len(table.rows) == 15
    assert clock.slept == [7]
    assert (meter.requests, meter.retries) == (2, 1)


def test_unavailable_it_backs_off_longer_each_time(remote, client):
    remote.fail(Fault.UNAVAILABLE, times=3)
    clock = VirtualClock()
    ask(client(remote.url, clock=clock), remote.url)
    assert clock.slept == [1, 2, 4]


def test_a_pause_longer_than_a_query_may_wait_is_an_error_at_once(remote, client):
    remote.fail(Fault.THROTTLED)
    clock = VirtualClock()
    assert failure(client(remote.url, clock=clock, wait_seconds=5), remote.url).cause is Cause.BUDGET
    assert len(remote.log) == 1
    assert clock.slept == []


def test_banned_it_asks_no_more(remote, client):
    remote.fail(Fault.BANNED, times=1)
    asking = client(remote.url)
    assert failure(asking, remote.url).cause is Cause.BANNED
    assert failure(asking, remote.url).cause is Cause.CIRCUIT_OPEN
    assert len(remote.log) == 1


def test_after_failures_in_a_row_the_circuit_opens_and_closes_again(remote, client):
    remote.fail(Fault.BROKEN)
    clock = VirtualClock()
    asking = client(remote.url, clock=clock, budget=Budget(failures=3, rest=60))
    causes = [failure(asking, remote.url).cause for _ in range(5)]
    assert causes == [Cause.STATUS] * 3 + [Cause.CIRCUIT_OPEN] * 2
    clock.spend(61)
    assert failure(asking, remote.url).cause is Cause.STATUS
    clock.spend(61)
    assert failure(asking, remote.url).cause is Cause.CIRCUIT_OPEN, "the second rest is twice as long"
    clock.spend(60)
    remote.recover()
    assert ask(asking, remote.url)[0].rows


def test_a_bad_question_of_one_user_closes_nothing_for_others(remote, client):
    asking = client(remote.url, budget=Budget(failures=2))
    assert [failure(asking, remote.url, f"SELEKT {n}").cause for n in range(4)] == [Cause.REJECTED] * 4
    assert ask(asking, remote.url)[0].rows


def test_errors_have_a_budget_of_their_own(remote, client):
    clock = VirtualClock()
    asking = client(remote.url, clock=clock, budget=Budget(errors_at_once=3, errors_a_minute=30))
    for number in range(6):
        failure(asking, remote.url, f"SELEKT {number}")
    assert sum(clock.slept) > 0


def test_query_time_has_a_budget(remote, client):
    clock = VirtualClock()
    with StandIn(remote.store, throttle=Throttle(clock, cost=10)) as slow:
        asking = client(slow.url, clock=clock, budget=Budget(seconds_a_minute=30, seconds_at_once=20))
        for number in range(8):
            ask(asking, slow.url, f"{LABELS} # {number}")
    assert sum(clock.slept) > 0


def test_one_request_at_a_time(remote, client):
    remote.delay = 0.02
    asking = client.real(settings(remote.url))
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda n: ask(asking, remote.url, f"{LABELS} # {n}"), range(6)))
    assert len(done) == 6
    assert {received.in_flight for received in remote.log} == {1}


def test_the_same_question_is_asked_once_for_all_users(remote, client):
    asking = client.real(settings(remote.url))
    remote.delay = 0.05
    with ThreadPoolExecutor(6) as pool:
        meters = [meter for _, meter in pool.map(lambda _: ask(asking, remote.url), range(6))]
    assert len(remote.log) == 1
    assert sorted((meter.requests, meter.cache_hits) for meter in meters) == [(0, 1)] * 5 + [(1, 0)]


def test_an_answer_is_kept_for_five_minutes(remote, client):
    clock = VirtualClock()
    asking = client(remote.url, clock=clock)
    for seconds in (0, 299, 2):
        clock.spend(seconds)
        ask(asking, remote.url)
    assert len(remote.log) == 2


def test_a_failure_is_not_kept(remote, client):
    remote.fail(Fault.CUT, times=1)
    asking = client(remote.url)
    failure(asking, remote.url)
    assert ask(asking, remote.url)[0].rows


def test_the_cache_is_bounded(remote, client):
    asking = client(remote.url, cache_bytes=8_000)
    for _ in range(2):
        for number in range(10):
            ask(asking, remote.url, f"{LABELS} # {number}")
    assert len(remote.log) == 20


def test_a_redirect_is_followed_to_what_is_on_the_list(remote, client):
    with StandIn(remote.store) as other:
        remote.fail(Fault.REDIRECT)
        remote.redirect_to = other.url
        assert ask(client(remote.url, other.url), remote.url)[0].rows
        assert failure(client(remote.url), remote.url).cause is Cause.REDIRECT
        assert len(other.log) == 1
        other.redirect_to = remote.url
        other.fail(Fault.REDIRECT)
        assert failure(client(remote.url, other.url), remote.url).cause is Cause.REDIRECT


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_no_address_of_a_house_network_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["198.35.26.96", "2620:0:861:ed1a::1"])
def test_addresses_of_the_open_net_are(address):
    assert is_public(address)


def test_a_name_that_leads_home_is_not_asked(remote, client):
    url = remote.url.replace("127.0.0.1", "wikidata.example")
    for addresses in (["127.0.0.1"], ["198.35.26.96", "127.0.0.1"]):
        asking = client.real(settings(url, private_endpoints=()), resolver=lambda *_, found=addresses: found)
        assert failure(asking, url).cause is Cause.ADDRESS
    assert remote.log == []


def test_the_address_that_was_checked_is_the_one_that_is_asked(remote, client):
    url = remote.url.replace("127.0.0.1", "wikidata.example")
    asked = []

    def changing(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    table, _ = ask(client.real(settings(url), resolver=changing), url)
    assert table.rows
    assert asked == ["wikidata.example"]
    assert remote.log[0].headers["host"].startswith("wikidata.example:")


def test_a_host_that_does_not_listen_is_tried_a_few_times_and_told(remote, client):
    url = "http://127.0.0.1:9/sparql"
    meter = Meter(url)
    assert failure(client(url), url, meter=meter).cause is Cause.UNREACHABLE
    assert (meter.requests, meter.retries) == (4, 3)


@pytest.mark.parametrize("address", ["http://a..example/", "http://no-such-host.invalid/"])
def test_an_address_that_cannot_be_one_is_told(address, client):
    assert failure(client(address), address).cause is Cause.UNREACHABLE


def test_packed_answers_are_unpacked_and_capped_by_their_real_size(client):
    plain = b'{"head":{"vars":["item","label"]},"results":{"bindings":[]}}' + b" " * 1_000_000
    packed = gzip.compress(plain)
    with _raw(packed) as (url, _):
        assert ask(client(url), url)[0].rows == ()
        assert failure(client(url, answer_bytes=100_000), url).cause is Cause.ANSWER_SIZE
    with _raw(packed[:-200]) as (url, _):
        assert failure(client(url), url).cause is Cause.TRUNCATED


def _raw(body):
    """A server that sends these bytes as gzip, whatever they are."""
    from contextlib import contextmanager
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    @contextmanager
    def serving():
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/sparql", server
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    return serving()


def test_a_certificate_that_does_not_hold_ends_the_connection(remote, client):
    url = remote.url.replace("http:", "https:")
    assert failure(client(url), url).cause is Cause.UNREACHABLE
    assert remote.log == []


@pytest.mark.parametrize(
    ("name", "trusted", "holds"), [("one", True, True), ("two", True, False), ("one", False, False)]
)
def test_the_certificate_must_be_that_of_the_name(name, trusted, holds, remote, client, tmp_path, monkeypatch):
    """Whoever answers at the pinned address must prove the name, by an authority that is trusted."""
    tool = shutil.which("openssl")
    if tool is None:
        pytest.skip("openssl is absent, which makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -addext subjectAltName=DNS:{name}.example"
    subprocess.run([tool, *made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with StandIn(remote.store, tls=tls) as secure:
        url = secure.url.replace("http://127.0.0.1", "https://one.example")
        asking = client.real(settings(url), resolver=lambda *_: ["127.0.0.1"], sleep=lambda _: None)
        if holds:
            assert ask(asking, url)[0].rows
        else:
            error = failure(asking, url)
            assert error.cause is Cause.UNREACHABLE
            assert "CERTIFICATE" in str(error).upper()
            assert secure.log == []
        asking.close()


def test_a_term_that_is_none_is_told_or_repaired(client):
    odd = Triple(item(1), RDFS_LABEL, NamedNode("http://e/x"))
    with StandIn().add([odd]) as remote:
        for written, kept in {
            "http://e/a b": "<http://e/a%20b>",
            "http://e/a[b]": "<http://e/a%5Bb%5D>",
            "http://e/{x}%zz": "<http://e/%7Bx%7D%25zz>",
        }.items():
            answer = remote.store.query(LABELS).serialize(format=_json()).replace(b"http://e/x", written.encode())
            remote._answer = lambda _q, _t, answer=answer: answer
            table, meter = ask(client(remote.url), remote.url)
            assert (table.rows[0][1], meter.repaired) == (kept, 1)
        remote._answer = lambda _q, _t: answer.replace(b"http://e/{x}%zz", b"no iri")
        assert failure(client(remote.url), remote.url).cause is Cause.TERM


def _json():
    from pyoxigraph import QueryResultsFormat

    return QueryResultsFormat.JSON


def test_the_stand_in_itself_bans_who_does_not_listen():
    clock = VirtualClock()
    throttle = Throttle(clock)
    with StandIn(throttle=throttle).add([Triple(item(1), RDFS_LABEL, Literal("x"))]) as remote:
        throttle.drain()
        statuses = set()
        for _ in range(205):
            try:
                urllib.request.urlopen(remote.url + "?query=ASK%7B%7D")
            except urllib.error.HTTPError as error:
                statuses.add(error.code)
                error.close()
    assert statuses == {429, 403}
