"""Suggestions, columns, pages, previews and the draft protocol over the tiny release."""

from __future__ import annotations

import json

import pytest
import reconciliation_rules as rules
from markup import Page

from server.reconciliation.protocol import TEXT


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("joi", "id/lab"),
        ("lab", "id/lab"),
        ("digital tra", "id/ministry"),
        ("وزا", "id/ministry"),
        ("الرقم", "id/ministry"),
        ("id/lab", "id/lab"),
        ("Laboratiore comun", "id/lab"),
    ],
)
def test_things_are_suggested_while_their_name_is_typed(client, prefix, found):
    answer = client.get("/reconcile/suggest/entity", query_string={"prefix": prefix}).json
    rules.suggestions(answer, entities=True)
    assert found in [item["id"] for item in answer["result"]]


def test_suggestions_go_on_where_the_cursor_stands(client):
    whole = client.get("/reconcile/suggest/entity?prefix=").json["result"]
    rest = client.get("/reconcile/suggest/entity?prefix=&cursor=2").json["result"]
    assert len(whole) > 3
    assert rest == whole[2:]
    assert client.get("/reconcile/suggest/entity?prefix=&cursor=x").status_code == 400
    assert client.get("/reconcile/suggest/entity?prefix=&cursor=10000").json == {"result": []}


@pytest.mark.parametrize(
    ("kind", "prefix", "found"),
    [
        ("type", "minis", "zel:Ministry"),
        ("type", "وزا", "zel:Ministry"),
        ("type", "zel:Min", "zel:Ministry"),
        ("type", "https://w3id.org/zellige/ont#Ministry", "zel:Ministry"),
        ("property", "part", "zel:party"),
        ("property", "طرف", "zel:party"),
        ("property", "", "zel:signedOn"),
    ],
)
def test_types_and_properties_are_suggested(client, kind, prefix, found):
    answer = client.get(f"/reconcile/suggest/{kind}", query_string={"prefix": prefix}).json
    rules.suggestions(answer)
    assert found in [item["id"] for item in answer["result"]]


def test_nothing_else_is_suggested(client):
    assert client.get("/reconcile/suggest/colour?prefix=r").status_code == 404
    assert client.get("/reconcile/suggest/entity", query_string={"prefix": "a" * (TEXT + 1)}).status_code == 400


def test_properties_are_proposed_for_a_type(client):
    answer = client.get("/reconcile/extend/propose?type=zel:Institute").json
    rules.proposal(answer)
    assert answer["type"] == "zel:Institute"
    assert {"zel:numericValue", "zel:asWorded"} <= {item["id"] for item in answer["properties"]}
    short = client.get("/reconcile/extend/propose?type=zel:Institute&limit=1").json
    assert (len(short["properties"]), short["limit"]) == (1, 1)
    assert client.get("/reconcile/extend/propose?type=zel:Nothing").json["properties"] == []
    assert len(client.get("/reconcile/extend/propose").json["properties"]) > 3


COLUMNS = ("rdfs:label", "zel:numericValue", "zel:asWorded", "zel:party", "zel:signedOn")


def extend(client, path, **settings):
    asked = {
        "ids": ["id/lab", "id/mou", "id/nothing"],
        "properties": [{"id": name, **({"settings": settings} if settings else {})} for name in COLUMNS],
    }
    if path == "/reconcile":
        return client.post(path, data={"extend": json.dumps(asked)})
    return client.post(path, json=asked)


def test_columns_are_added_to_things(client, root):
    answer = extend(client, "/reconcile").json
    rules.extension(answer)
    lab = answer["rows"]["id/lab"]
    assert lab["zel:numericValue"] == [{"int": 10800000000}]
    assert {value["str"] for value in lab["rdfs:label"]} >= {"Joint lab", "مختبر مشترك", "Laboratoire commun"}
    assert answer["rows"]["id/nothing"] == {name: [] for name in (*COLUMNS,)}


def test_columns_in_one_language(client):
    lab = extend(client, "/reconcile", language="ar").json["rows"]["id/lab"]
    assert [value["str"] for value in lab["rdfs:label"]] == ["مختبر مشترك"]
    assert lab["zel:numericValue"] == [{"int": 10800000000}]


def test_an_extension_has_its_limits(client):
    for asked in (
        {"ids": ["a"] * 201, "properties": []},
        {"ids": [], "properties": [{"id": "rdfs:label"}] * 21},
    ):
        assert client.post("/reconcile", data={"extend": json.dumps(asked)}).status_code == 413
    for asked in ({"ids": "a", "properties": []}, {"ids": []}, {"ids": [1], "properties": []}, []):
        assert client.post("/reconcile", data={"extend": json.dumps(asked)}).status_code == 400


def test_the_page_of_a_thing_and_its_preview(client):
    sent = client.get("/reconcile/view", query_string={"id": "id/lab"})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/id/lab")
    shown = client.get("/reconcile/preview", query_string={"id": "id/lab", "lang": "ar"})
    assert "مختبر مشترك" in shown.text
    assert "&lt;b&gt;" in shown.text
    # A frame has neither the site's header nor its footer.
    assert set(Page(shown.text).faults) == {"no <header>", "no <footer>"}
    assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize("identifier", ["", "nothing", "https://example.org/", "//example.org", "id/lab\nx", "?x"])
def test_nobody_is_sent_to_what_the_release_does_not_name(client, identifier):
    for path in ("view", "preview"):
        assert client.get(f"/reconcile/{path}", query_string={"id": identifier}).status_code == 404


def test_the_draft_of_version_1(client):
    rules.draft_manifest(client.get("/reconcile/draft").json)
    queries = [
        {"conditions": [{"matchType": "name", "v": "Joint lab"}], "lang": "ar", "dir": "ltr", "type": "zel:Institute"},
        {"conditions": [{"matchType": "property", "pid": "rdf:type", "v": "ministry"}], "limit": 1},
    ]
    answer = client.post("/reconcile/draft/reconcile", json={"queries": queries}).json
    rules.draft_results(answer)
    assert [[c["id"] for c in result["candidates"]][:1] for result in answer["results"]] == [
        ["id/lab"],
        ["id/ministry"],
    ]
    assert answer["results"][0]["candidates"][0]["dir"] == "rtl"
    extended = extend(client, "/reconcile/draft/extend").json
    rules.draft_extension(extended)
    labels = extended["rows"][0]["properties"][0]["values"]
    assert {"str": "مختبر مشترك", "lang": "ar", "dir": "rtl"} in labels
    rules.suggestions(client.get("/reconcile/draft/suggest/entity?prefix=lab").json, entities=True)
    rules.proposal(client.get("/reconcile/draft/extend/propose?type=zel:Institute").json)


def draft(client, **condition):
    name = {"matchType": "name", "v": "Joint lab"}
    answer = client.post("/reconcile/draft/reconcile", json={"queries": [{"conditions": [name, condition]}]})
    rules.draft_results(answer.json)
    return [(c["id"], c["score"]) for c in answer.json["results"][0]["candidates"]]


def test_conditions_of_the_draft(client):
    on = {"matchType": "property", "pid": "zel:numericValue"}
    assert draft(client, **on, v="1") == [("id/lab", 60)]
    assert draft(client, **on, v="1", required=True) == []
    assert draft(client, **on, v=["1", 10800000000]) == [("id/lab", 100)]
    assert draft(client, **on, v=["1", 10800000000], matchQuantifier="all") == [("id/lab", 60)]
    assert draft(client, **on, v="1", matchQuantifier="none") == [("id/lab", 100)]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 400),
        (b'{"queries": [{}]}', "application/json", 400),
        (b'{"queries": [{"conditions": []}]}', "application/json", 400),
        (b'{"queries": [{"conditions": [{"v": "x"}]}]}', "application/json", 400),
        (b'{"queries": [{"conditions": [{"matchType": "name", "v": ["a", "b"]}]}]}', "application/json", 400),
        (b'{"queries": [{"conditions": [{"matchType": "property", "v": "b"}]}]}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"queries=x", "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_the_draft_does_not_allow(client, body, content_type, status):
    assert client.post("/reconcile/draft/reconcile", data=body, content_type=content_type).status_code == status
