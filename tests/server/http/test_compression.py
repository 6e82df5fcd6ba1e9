"""Pages and all other texts are sent compressed to those who take it; conditions stay right for each coding."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

LONG = (
    "/?lang=ar", "/id/lab?lang=fr", "/claim/F1?lang=en", "/ont", "/graph/claims", "/query", "/static/zellige.css",
    "/openapi.json", "/sparql?format=turtle", "/id/lab?format=jsonld", "/reconcile", "/list?class=nonsense&lang=ar",
)  # fmt: skip
KEPT = ("/?lang=ar", "/id/lab?lang=fr", "/static/zellige.css", "/openapi.json", "/sparql?format=turtle")
UNCODED = {"gzip": gzip.decompress, "br": brotli.decompress}
HTML = "text/html,*/*;q=0.5"


def get(client: FlaskClient, path: str, coding: str, **headers: str):
    given = {"Accept": HTML, "Accept-Encoding": coding, **{k.replace("_", "-"): v for k, v in headers.items()}}
    response = client.get(path, headers=given)
    response.get_data()
    response.close()
    return response


@pytest.mark.parametrize("coding", ["gzip", "br"])
@pytest.mark.parametrize("path", LONG)
def test_a_text_is_compressed(client: FlaskClient, path: str, coding: str) -> None:
    plain, sent = get(client, path, "identity"), get(client, path, coding)
    assert "Content-Encoding" not in plain.headers
    assert sent.headers["Content-Encoding"] == coding
    assert UNCODED[coding](sent.data) == plain.data
    assert len(sent.data) < len(plain.data) * 0.8
    assert int(sent.headers["Content-Length"]) == len(sent.data)
    for answer in (plain, sent):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert set(plain.headers["Vary"].split(", ")) == set(sent.headers["Vary"].split(", "))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("deflate", None),
        ("gzip, br", "br"),
        ("br;q=0, gzip", "gzip"),
    ],
)
def test_the_client_chooses(client: FlaskClient, accepted: str, coding: str | None) -> None:
    assert get(client, "/id/lab?lang=fr", accepted).headers.get("Content-Encoding") == coding


@pytest.mark.parametrize("path", KEPT)
def test_each_coding_has_its_own_entity_tag_and_its_conditions(client: FlaskClient, path: str) -> None:
    tags = {coding: get(client, path, coding).headers["ETag"] for coding in ("identity", "gzip", "br")}
    assert len(set(tags.values())) == 3
    for coding, tag in tags.items():
        again = get(client, path, coding, If_None_Match=tag)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Encoding" not in again.headers
        assert "Accept-Encoding" in again.headers["Vary"]
        assert get(client, path, coding, If_Match=tag).status_code == 200
        assert get(client, path, coding, If_Match='"another"').status_code == 412
    assert get(client, path, "br", If_None_Match=tags["gzip"]).status_code == 200
    weak = get(client, path, "gzip", If_None_Match=f"W/{tags['gzip']}")
    assert weak.status_code == 304


@pytest.mark.parametrize("path", LONG)
def test_the_head_of_an_answer_is_that_of_the_answer(client: FlaskClient, path: str) -> None:
    for coding in ("identity", "gzip", "br"):
        headers = {"Accept": HTML, "Accept-Encoding": coding}
        with client.get(path, headers=headers) as body, client.head(path, headers=headers) as head:
            assert head.data == b""
            assert dict(head.headers) == dict(body.headers)


def test_a_part_is_one_of_the_file_as_it_is(client: FlaskClient) -> None:
    whole = get(client, "/static/zellige.css", "identity")
    part = get(client, "/static/zellige.css", "br", Range="bytes=0-9", If_Range=whole.headers["ETag"])
    assert (part.status_code, part.data) == (206, whole.data[:10])
    assert "Content-Encoding" not in part.headers
    coded = get(client, "/static/zellige.css", "br")
    assert coded.headers.get("Accept-Ranges") in {None, "none"}
    other = get(client, "/static/zellige.css", "br", Range="bytes=0-9", If_Range=coded.headers["ETag"])
    assert (other.status_code, other.data) == (200, whole.data)


def test_what_is_small_or_packed_is_sent_as_it_is(client: FlaskClient) -> None:
    for path in ("/favicon.ico", "/healthz"):
        assert "Content-Encoding" not in get(client, path, "gzip, br").headers
    assert "Vary" not in get(client, "/favicon.ico", "gzip, br").headers


def test_an_icon_is_where_browsers_look_for_it(client: FlaskClient) -> None:
    icon = get(client, "/favicon.ico", "br")
    assert icon.status_code == 200
    assert icon.headers["Content-Type"] in {"image/vnd.microsoft.icon", "image/x-icon"}
    assert icon.data.startswith(b"\0\0\1\0")
    picture = get(client, "/static/favicon.svg", "identity")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert b"<svg" in picture.data
