"""The reconciliation service over the tiny release: what is asked, what is answered, what is refused."""

from __future__ import annotations

import json

import pytest
import reconciliation_rules as rules
from tiny import point, write_release

from server.app import create_app
from server.engine.inprocess import InProcessEngine
from server.reconciliation.protocol import BATCH, CANDIDATES, TEXT
from server.settings import Settings


def ask(client, queries, **headers):
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)}, headers=headers)
    assert answer.status_code == 200, answer.text
    rules.results(answer.json)
    return answer.json


def first(client, **query):
    return ask(client, {"q": query})["q"]["result"][0]


def ids(client, **query):
    return [found["id"] for found in ask(client, {"q": query})["q"]["result"]]


def features(found):
    return {feature["id"]: feature["value"] for feature in found["features"]}


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/"])
def test_the_manifest(client, path):
    answer = client.get(path)
    rules.manifest(answer.json)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["identifierSpace"] == "https://w3id.org/zellige/"
    assert [kind["id"] for kind in answer.json["defaultTypes"]][:1] != []


def test_the_manifest_speaks_the_language_of_the_client(client):
    answer = client.get("/reconcile", headers={"Accept-Language": "ar"}).json
    assert (answer["name"], answer["lang"], answer["dir"]) == ("بيان صغير", "ar", "rtl")


def test_a_title_in_another_language_is_better_than_none(client):
    answer = client.get("/reconcile", headers={"Accept-Language": "fr"}).json
    assert (answer["name"], answer["lang"], answer["dir"]) == ("A tiny graph", "en", "ltr")


def test_every_address_of_the_manifest_answers(client):
    answer = client.get("/reconcile").json
    paths = [service["service_url"] + service["service_path"] for service in answer["suggest"].values()]
    paths.append("{service_url}{service_path}".format(**answer["extend"]["propose_properties"]))
    paths += [answer[part]["url"].replace("{{id}}", "id%2Flab") for part in ("view", "preview")]
    for path in paths:
        assert client.get(path.removeprefix("http://localhost")).status_code in {200, 303}, path


def test_a_batch_by_form_by_address_and_by_callback_is_answered_alike(client):
    text = json.dumps({"q0": {"query": "Joint lab"}, "q1": {"query": "nothing like it"}})
    posted = client.post("/reconcile", data={"queries": text})
    multipart = client.post("/reconcile", data={"queries": text}, content_type="multipart/form-data")
    got = client.get("/reconcile", query_string={"queries": text})
    script = client.get("/reconcile", query_string={"queries": text, "callback": "jQuery.a_1"})
    assert posted.json == got.json == multipart.json
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.text.startswith("/**/jQuery.a_1(")
    assert json.loads(script.text[len("/**/jQuery.a_1(") :].removesuffix(");\n")) == posted.json
    assert posted.json["q1"] == {"result": []}


@pytest.mark.parametrize("callback", ["alert(1)//", "a b", "<script>", "1a", "a" * 200, ""])
def test_a_callback_is_the_name_of_a_function(client, callback):
    assert client.get("/reconcile", query_string={"callback": callback}).status_code == 400


def test_cors_is_answered_before_the_request(client):
    answer = client.options("/reconcile", headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("query", "score", "feature"),
    [
        ("Ministère de la transition numérique", 100, "name_identical"),
        ("MINISTERE de la Transition  Numerique", 99, "name_folded"),
        ("وزارة الإنتقال الرّقمى", 99, "name_folded"),
        ("وزارة انتقال رقمي", 98, "name_without_articles"),
        ("الرقمي الانتقال وزارة", 95, "name_reordered"),
        ("MDT", 85, "name_acronym"),
    ],
)
def test_scores_are_explained(client, query, score, feature):
    found = first(client, query=query)
    assert (found["id"], found["score"]) == ("id/ministry", score)
    assert features(found)[feature] is True
    assert features(found)["name"] == score


def test_a_slip_of_the_pen_is_no_match_but_the_first_candidate(client):
    found = first(client, query="Ministry of Digtal Transition")
    assert (found["id"], found["match"]) == ("id/ministry", False)
    assert 60 < found["score"] < 90
    assert found["score"] == pytest.approx(0.9 * features(found)["name_trigrams"], abs=0.01)


def test_the_name_is_shown_as_it_was_asked_unless_a_language_is_stated(client):
    assert (first(client, query="مختبر مشترك")["name"], first(client, query="مختبر مشترك")["dir"]) == (
        "مختبر مشترك",
        "rtl",
    )
    assert first(client, query="Laboratoire commun")["lang"] == "fr"
    assert first(client, query="Laboratoire commun", lang="ar")["name"] == "مختبر مشترك"


@pytest.mark.parametrize("identifier", ["id/lab", "https://w3id.org/zellige/id/lab"])
def test_an_identifier_is_its_own_best_name(client, identifier):
    found = first(client, query=identifier)
    assert (found["id"], found["score"], found["match"]) == ("id/lab", 100, True)
    assert features(found) == {"identifier": True}


def test_documents_and_concepts_are_things_too(client):
    assert first(client, query="الذكاء الاصطناعي")["id"] == "doc/seed"
    assert first(client, query="fait")["id"] == "scheme/modality/done"


def test_a_type_restricts_and_its_superclass_too(client):
    assert ids(client, query="Joint lab", type="zel:Institute") == ["id/lab"]
    assert ids(client, query="Joint lab", type=["zel:Ministry"]) == []
    assert ids(client, query="وزارة الانتقال الرقمي", type="zel:PublicBody") == ["id/ministry"]
    assert ids(client, query="Joint lab", type=["zel:Institute", "zel:Ministry"], type_strict="all") == []
    assert ids(client, query="Joint lab", type="https://w3id.org/zellige/ont#Institute") == ["id/lab"]


def test_a_type_that_is_only_a_wish_lowers_the_score(client):
    found = first(client, query="Joint lab", type="zel:Ministry", type_strict="should")
    assert (found["score"], found["match"], features(found)["type"]) == (60, False, False)


def test_a_property_that_agrees_keeps_the_score_and_one_that_does_not_lowers_it(client):
    good = {"pid": "zel:numericValue", "v": 10800000000}
    bad = {"pid": "zel:numericValue", "v": "7"}
    assert first(client, query="Joint lab", properties=[good])["match"] is True
    low = first(client, query="Joint lab", properties=[bad])
    assert (low["score"], low["match"], features(low)["property:zel:numericValue"]) == (60, False, 0)
    half = first(client, query="Joint lab", properties=[good, bad])
    assert (half["score"], features(half)["property:zel:numericValue#2"]) == (80, 0)


def test_properties_alone_find_things_by_name_and_by_identifier(client):
    found = [
        ids(client, properties=[{"pid": "zel:numericValue", "v": value}])
        for value in ("10800000000", 10800000000, "١٠٨٠٠٠٠٠٠٠٠", ["1", "10800000000"], "5")
    ]
    assert found == [["id/lab"]] * 4 + [[]]
    by_type = [{"pid": "rdf:type", "v": value} for value in ("ministère", {"id": "zel:Ministry"}, "zel:Ministry")]
    assert [ids(client, properties=[one]) for one in by_type] == [["id/ministry"]] * 3


def test_namesakes_are_no_match(root, tmp_path):
    write_release(tmp_path, facts='d:other rdfs:label "Joint lab"@en ; a zel:Ministry .')
    with create_app(Settings(tmp_path), InProcessEngine.open).test_client() as client:
        found = ask(client, {"q": {"query": "Joint lab"}, "r": {"query": "Joint lab", "type": "zel:Institute"}})
    assert [(c["id"], c["match"]) for c in found["q"]["result"]] == [("id/lab", False), ("id/other", False)]
    assert [(c["id"], c["match"]) for c in found["r"]["result"]] == [("id/lab", True)]


def test_a_limit_is_kept_and_a_larger_one_than_allowed_is_cut(client):
    assert len(ids(client, query="Joint lab", limit=1)) == 1
    assert len(ids(client, query="Joint lab", limit=10 * CANDIDATES)) <= CANDIDATES


@pytest.mark.parametrize(
    ("queries", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"\\ud800": {"query": "a"}}', 400),
        ('{"q": {"query": "\\udc00"}}', 400),
        ('{"q": {"query": "a", "limit": ' + "9" * 5000 + "}}", 400),
        ('{"q": "x"}', 400),
        ('{"q": {}}', 400),
        ('{"q": {"query": ""}}', 400),
        ('{"q": {"query": 7}}', 400),
        ('{"q": {"query": "a", "limit": 0}}', 400),
        ('{"q": {"query": "a", "limit": true}}', 400),
        ('{"q": {"query": "a", "limit": "3"}}', 400),
        ('{"q": {"query": "a", "limit": NaN}}', 400),
        ('{"q": {"query": "a", "type": [1]}}', 400),
        ('{"q": {"query": "a", "type_strict": "maybe"}}', 400),
        ('{"q": {"query": "a", "properties": {}}}', 400),
        ('{"q": {"query": "a", "properties": [{"v": "x"}]}}', 400),
        ('{"q": {"query": "a", "properties": [{"pid": "zel:party"}]}}', 400),
        ('{"q": {"query": "a", "properties": [{"pid": "zel:party", "v": []}]}}', 400),
        ('{"q": {"query": "a", "properties": [{"pid": "zel:party", "v": {"name": "x"}}]}}', 400),
        (json.dumps({"q": {"query": "a" * (TEXT + 1)}}), 400),
        (json.dumps({"q": {"query": "a", "properties": [{"pid": "zel:party", "v": "x"}] * 21}}), 400),
        (json.dumps({f"q{n}": {"query": "a"} for n in range(BATCH + 1)}), 413),
    ],
)
def test_what_the_api_does_not_allow_is_refused_with_a_problem(client, queries, status):
    answer = client.post("/reconcile", data={"queries": queries}, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.json["errors"][0]["code"] == "reconciliation"
    assert answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "pid", ["zel:party> ?x . SERVICE <http://127.0.0.1/> {} #", "nonsense", "a b", "<x>", "zel:}", "urn:x-none"]
)
def test_a_property_that_is_no_iri_is_one_that_nothing_has(client, pid):
    assert first(client, query="Joint lab", properties=[{"pid": pid, "v": "x"}])["score"] == 60
    assert ids(client, properties=[{"pid": pid, "v": "x"}]) == []
    answer = client.post("/reconcile", data={"extend": json.dumps({"ids": ["id/lab"], "properties": [{"id": pid}]})})
    assert answer.json["rows"] == {"id/lab": {pid: []}}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "\\u0000",
        "\\u202e",
        "{{7*7}}",
        "' OR 1=1",
        "}> SERVICE <",
        "\\\\",
        "٣",
        "ـ",
        "\\ufdfa",
        "Z" * TEXT,
        "ا" * TEXT,
    ],
)
def test_any_text_is_a_name_like_another(client, value):
    queries = '{"q": {"query": "x%s", "properties": [{"pid": "rdfs:label", "v": "%sx"}]}}' % (value[1:], value[1:])  # noqa: UP031
    answer = client.post("/reconcile", data={"queries": queries})
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        rules.results(answer.json)


def test_a_form_without_a_question_and_a_body_that_is_no_form_are_refused(client):
    assert client.post("/reconcile", data={"x": "y"}).status_code == 400
    assert client.post("/reconcile", data=b"{}", content_type="application/json").status_code == 415
    assert (
        client.post("/reconcile", data=b"queries=%zz", content_type="application/x-www-form-urlencoded").status_code
        == 400
    )


def test_the_names_follow_the_release(root, tmp_path):
    write_release(tmp_path, "r1")
    with create_app(Settings(tmp_path), InProcessEngine.open).test_client() as client:
        assert ids(client, query="Joint lab")[:1] == ["id/lab"]
        write_release(tmp_path, "r2", facts='d:new rdfs:label "Quite another name"@en .')
        # Each answer waits a moment for the newer names.
        assert any(ids(client, query="Quite another name") == ["id/new"] for _ in range(150))
        point(tmp_path, "r1")
