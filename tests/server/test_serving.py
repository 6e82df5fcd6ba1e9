"""The real server process: it starts, answers, tells when its port is taken, and goes when told to."""

from __future__ import annotations

import http.client
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest
from patience import PATIENCE
from serving import running
from tiny import write_release

from kg.errors import OperationError
from server.serving import free_port

SELECT = "SELECT ?s ?o { ?s <https://w3id.org/zellige/ont#signedOn> ?o }"


def read(address):
    with urlopen(address, timeout=PATIENCE) as response:
        return response.status, response.headers["Content-Type"], response.read()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_told_to_stop(releases, root, tmp_path, how):
    with running(releases, root, tmp_path) as (url, process):
        assert url.startswith("http://127.0.0.1:")
        assert read(f"{url}/sparql?query={quote(SELECT)}&format=csv")[2].endswith(b"2025-09\r\n")
        assert read(f"{url}/healthz")[0] == 200
        process.send_signal(how)
        assert process.wait(timeout=PATIENCE) == 0
        with closing(socket.socket()) as probe:
            assert probe.connect_ex(("127.0.0.1", urlsplit(url).port)) != 0


def test_many_ask_at_once_and_a_new_release_is_picked_up(root, tmp_path):
    releases = tmp_path / "releases"
    write_release(releases, "r1")
    with running(releases, root, tmp_path) as (url, _):
        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(read, [f"{url}/sparql?query={quote(SELECT)}"] * 40))
        assert len(answers) == 1
        write_release(releases, "r2", 'd:mou zel:signedOn "2026-01"^^edtf:EDTF .')
        assert b"2026-01" in read(f"{url}/sparql?query={quote(SELECT)}")[2]


@pytest.mark.parametrize("length", [3_700, 7_000, 13_600, 66_000, 80_000])
def test_a_long_address_is_no_obstacle(releases, root, tmp_path, length):
    with running(releases, root, tmp_path) as (url, _):
        values = " ".join(f"<http://www.wikidata.org/entity/Q{n}>" for n in range(length // 66))
        status, _, body = read(f"{url}/sparql?format=csv&query={quote(f'SELECT ?i {{ VALUES ?i {{ {values} }} }}')}")
        assert (status, body.count(b"wikidata")) == (200, length // 66)


def test_a_connection_is_kept_and_the_body_is_read_once(releases, root, tmp_path):
    with (
        running(releases, root, tmp_path) as (url, _),
        closing(http.client.HTTPConnection(urlsplit(url).netloc)) as line,
    ):
        for body, status in ((b"ASK {}", 200), (b"ASK {", 400), (b"\xff", 400), (b"ASK {}", 200)):
            line.request("POST", "/sparql", body, {"Content-Type": "application/sparql-query"})
            response = line.getresponse()
            response.read()
            assert response.status == status


def test_a_taken_port_is_told_by_name():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OperationError, match=rf"127\.0\.0\.1:{port}") as caught:
            free_port("127.0.0.1", port)
    assert caught.value.exit_code == 3


def test_an_address_of_another_machine_is_told_by_name():
    with pytest.raises(OperationError, match=r"192\.0\.2\.1:8000"):
        free_port("192.0.2.1", 8000)


def test_two_servers_do_not_share_a_port(releases, root, tmp_path):
    with running(releases, root, tmp_path) as (url, _):
        port = urlsplit(url).port
        taken = f"cannot listen on 127.0.0.1:{port}"
        with pytest.raises(AssertionError, match=taken), running(releases, root, tmp_path, port):
            pass


def test_no_release_is_told_before_anything_is_served(root, tmp_path):
    with pytest.raises(AssertionError, match="no current release"), running(tmp_path / "nothing", root, tmp_path):
        pass
