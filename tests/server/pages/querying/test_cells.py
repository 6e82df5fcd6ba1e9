"""Terms as a table shows them, for the script that holds a whole answer: the same as on the page, and hostile requests."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from lxml import html

from server.pages.querying.terms import LONGEST, MOST

LAB = "https://w3id.org/zellige/id/lab"
XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS: tuple[tuple[str, dict[str, str]], ...] = (
    (f"<{LAB}>", {"type": "uri", "value": LAB}),
    ("<https://w3id.org/zellige/claim/F1>", {"type": "uri", "value": "https://w3id.org/zellige/claim/F1"}),
    ("<javascript:alert(1)>", {"type": "uri", "value": "javascript:alert(1)"}),
    ("'نص'@ar", {"type": "literal", "value": "نص", "xml:lang": "ar"}),
    ("'x'@ar-latn", {"type": "literal", "value": "x", "xml:lang": "ar-latn"}),
    ("'<b>\\u202Ex'", {"type": "literal", "value": "<b>\u202ex"}),
    ("10800000", {"type": "literal", "value": "10800000", "datatype": f"{XSD}integer"}),
    ("true", {"type": "literal", "value": "true", "datatype": f"{XSD}boolean"}),
    ("'2026-11'^^<urn:x>", {"type": "literal", "value": "2026-11", "datatype": "urn:x"}),
)


def sent(client: FlaskClient, body: bytes, content_type: str = "application/json", **asked: str) -> tuple[int, str]:
    response = client.post(
        f"/query/cells?{urlencode(asked)}", data=body, content_type=content_type, headers={"Accept": "text/html"}
    )
    return response.status_code, response.text


def inner(element: Any) -> str:
    return (element.text or "") + "".join(html.tostring(child, encoding="unicode") for child in element)


@pytest.mark.parametrize("show", ["names", "iris"])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_terms_stand_as_in_the_table_of_the_page(client: FlaskClient, language: str, show: str) -> None:
    rows = " ".join(f"({written})" for written, _ in TERMS)
    query = f"SELECT ?t {{ VALUES (?t) {{ {rows} }} }}"
    page = client.get(f"/query?{urlencode({'query': query, 'lang': language, 'show': show})}").text
    shown = [inner(cell) for cell in html.fromstring(page).xpath("//tbody//td")]
    status, text = sent(client, json.dumps([term for _, term in TERMS]).encode(), lang=language, show=show)
    assert status == 200
    assert [inner(item) for item in html.fromstring(text).xpath("//li")] == shown
    assert len(shown) == len(TERMS)


def test_a_blank_node_that_nobody_knows_and_no_term_at_all_are_shown(client: FlaskClient) -> None:
    assert "<li>" in sent(client, b'[{"type": "bnode", "value": "b0"}]')[1]
    assert "<li>" not in sent(client, b"[]")[1]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b"[", 400),
        (b"[" * 100_000, 400),
        (b"\xff", 400),
        (b"[1]", 400),
        (b'[{"type": "uri"}]', 400),
        (b'[{"type": "uri", "value": 1}]', 400),
        (b'[{"type": "uri", "value": "urn:x", "its:dir": {}}]', 400),
        (b'[{"type": "literal", "value": "x", "its:dir": ""}]', 400),
        (b'[{"type": "triple", "value": {}}]', 400),
        (b'[{"type": "literal", "value": "x", "xml:lang": 1}]', 400),
        (b'[{"type": "literal", "value": "x", "its:dir": "up"}]', 400),
        (b'[{"type": "literal", "value": "\\ud800"}]', 400),
        (json.dumps([{"type": "uri", "value": "urn:x"}] * (MOST + 1)).encode(), 400),
        (json.dumps([{"type": "uri", "value": "urn:" + "x" * LONGEST}]).encode(), 400),
        (json.dumps([{"type": "uri", "value": 'no <IRI> " at all'}] * MOST).encode(), 200),
    ],
)
def test_what_is_no_list_of_terms_is_refused(client: FlaskClient, body: bytes, status: int) -> None:
    assert sent(client, body)[0] == status


def test_only_json_is_taken_and_only_a_way_to_show_that_there_is(client: FlaskClient) -> None:
    assert sent(client, b"[]", "text/plain")[0] == 415
    assert sent(client, b"[]", "application/json; charset=utf-8")[0] == 200
    assert sent(client, b"[]", show="nothing")[0] == 400
