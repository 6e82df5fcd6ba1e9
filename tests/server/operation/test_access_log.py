"""The access log: who asked with what, in lines that are what they look like."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from patience import PATIENCE
from serving import running
from tiny import write_release

AGENTS = (
    b"curl/8",
    b'quote " backslash \\ and tab\t',
    b'"}\r\n X-Folded: {"status": 200',
    "عميل \u202e\u2028\u009b31m".encode(),
    b"\xff\xfe",
    b"x" * 5_000,
)


def test_the_name_of_the_client_is_told_and_can_write_nothing_else(root: Path, tmp_path: Path) -> None:
    write_release(tmp_path / "releases")
    log = tmp_path / "access.jsonl"
    statuses = []
    with running(tmp_path / "releases", root, tmp_path, access_log=str(log)) as (url, _):
        place = urlsplit(url)
        for agent in AGENTS:
            with closing(socket.create_connection((place.hostname, place.port), timeout=PATIENCE)) as line:
                head = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nUser-Agent: "
                line.sendall(head + agent + b"\r\nConnection: close\r\n\r\n")
                statuses.append(line.makefile("rb").readline().split()[1])
    text = log.read_bytes()
    lines = [json.loads(line) for line in text.split(b"\n") if line]
    assert len(lines) == statuses.count(b"200") >= 5
    assert lines[0]["user_agent"] == "curl/8"
    assert lines[1]["user_agent"].startswith('quote " backslash \\ and tab')
    assert max(len(line["user_agent"]) for line in lines) == 300
    assert all(line["status"] == 200 for line in lines)
    assert not any(mark in text.decode() for mark in "\r\x1b\u202e\u2028\u009b")
    assert "عميل" in text.decode()


def test_bodies_are_taken_as_they_are(client) -> None:
    import gzip

    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    body = gzip.compress(b"query=ASK%7B%7D")
    for path in ("/sparql", "/reconcile"):
        for coding in ("gzip", "br", "identity, gzip", "aes128gcm"):
            refused = client.post(path, data=body, headers={**form, "Content-Encoding": coding})
            assert (refused.status_code, refused.get_json()["errors"][0]["code"]) == (415, "content-encoding")
            assert refused.headers["Accept-Encoding"] == "identity"
    for coding in ("identity", ""):
        taken = client.post("/sparql", data=b"query=ASK%7B%7D", headers={**form, "Content-Encoding": coding})
        assert taken.status_code == 200
    assert client.post("/livez", data=body, headers={"Content-Encoding": "gzip"}).status_code == 405
    assert client.get("/sparql?query=ASK%7B%7D", headers={"Content-Encoding": "gzip"}).status_code == 200
