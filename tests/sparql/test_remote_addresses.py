"""Whom the client reaches on the net: redirects, addresses, certificates, packed answers."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import threading

import pytest
from pyoxigraph import NamedNode, Triple
from remote_questions import LABELS, ask, failure, settings
from wikidata_stand_in import Fault, StandIn
from wikidata_stand_in.data import RDFS_LABEL, item

from kg.errors import Cause
from kg.sparql.receipt import Meter
from kg.sparql.transport import is_public


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
