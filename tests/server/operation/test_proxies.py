"""Who is taken for the operator: somebody on this machine, and nobody whose request a proxy has passed on."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from patience import PATIENCE
from serving import running
from tiny import write_release

from server.http.quota import Quota

NUMBERS = " ".join(map(str, range(60)))
SLOW = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"VALUES ?{v} {{ {NUMBERS} }}" for v in "abcd") + "} # "
PASSED_ON = [
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=203.0.113.9"},
    {"X-Real-IP": "203.0.113.9"},
    {"Via": "1.1 varnish"},
    {"X-Forwarded-Proto": "https"},
]


def get(url: str, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", path, headers={"Accept": "application/json", **headers})
        response = line.getresponse()
        return response.status, response.read()


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work = tmp_path_factory.mktemp("proxies")
    write_release(work / "releases")
    with running(work / "releases", root, work) as (url, _):
        yield url


@pytest.mark.parametrize("headers", PASSED_ON, ids=str)
def test_figures_are_for_the_operator(served: str, headers: dict[str, str]) -> None:
    assert get(served, "/metrics", {})[0] == 200
    status, body = get(served, "/metrics", headers)
    assert (status, json.loads(body)["errors"][0]["code"]) == (403, "forbidden")


def test_what_is_passed_on_has_a_quota_and_the_log_says_whose_once(root: Path, tmp_path: Path) -> None:
    write_release(tmp_path / "releases")
    with running(tmp_path / "releases", root, tmp_path, client_seconds=0.0001, deadline=PATIENCE) as (url, process):
        for number, headers in enumerate(PASSED_ON * 2):
            status, _ = get(url, f"/sparql?query={quote(f'{SLOW}{number}')}", headers)
            assert status == (429 if number else 200), headers
            # The same from the bytes of a request that came before, which is answered before anything is made of it.
            assert get(url, "/sparql?query=" + quote(SLOW + "here"), {})[0] == 200
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
    assert said.count("a proxy at 127.0.0.1 passes requests on, but is none of the trusted_proxies") == 1


@pytest.mark.parametrize(
    ("peer", "forwarded", "passed_on", "client"),
    [
        ("127.0.0.1", "", False, ""),
        ("127.0.0.7", "", False, ""),
        ("::1", "", False, ""),
        ("", "", False, ""),
        ("127.0.0.1", "", True, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", True, "127.0.0.1"),
        ("::1", "127.0.0.1", True, "::/64"),
        ("", "203.0.113.9", True, "203.0.113.9"),
        ("", "", True, "unknown"),
        ("10.0.0.1", "203.0.113.9, 203.0.113.8", True, "203.0.113.8"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", True, "203.0.113.9"),
        ("10.0.0.1", "127.0.0.1", True, "127.0.0.1"),
        ("10.0.0.1", "", True, "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", True, "10.0.0.1"),
        ("192.0.2.7", "127.0.0.1", True, "192.0.2.7"),
    ],
)
def test_the_client_is_who_cannot_have_been_invented(peer: str, forwarded: str, passed_on: bool, client: str) -> None:
    assert Quota(60, 8, ("10.0.0.1", "10.0.0.2")).client(peer, forwarded, passed_on=passed_on) == client
