"""What a person and a program find at /search."""

from __future__ import annotations

import html
import json
import re

import pytest
from tiny import BASE, write_release

from server.app import create_app
from server.settings import Settings

PAGE = {"Accept": "text/html"}


def text_of(answer) -> str:
    """The words that a person reads, marks in brackets."""
    body = re.sub(r"<mark>(.*?)</mark>", r"[\1]", answer.text.partition("<main")[2])
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def found(client, q, **more):
    answer = client.get("/search", query_string={"q": q, **more})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    return answer.json


def test_a_person_finds_a_thing_by_its_name_and_sees_the_words_marked(client):
    answer = client.get("/search?q=ministeres+transition&lang=fr", headers=PAGE)
    assert answer.status_code == 200
    read = text_of(answer)
    assert "Nombre : 1" in read
    assert "[Ministère] de la [transition] numérique" in read
    assert 'href="/id/ministry?lang=fr"' in answer.text
    assert '<bdi lang="fr" dir="ltr"><mark>Ministère</mark>' in answer.text


@pytest.mark.parametrize(
    ("language", "question", "told"),
    [
        ("ar", "للوزارة", "[وزارة] الانتقال الرقمي"),
        ("fr", "laboratoires", "[Laboratoire] commun"),
        ("en", "memorandums", "A [memorandum] was signed in September 2025."),
    ],
)
def test_each_language_finds_its_own_spellings(client, language, question, told):
    answer = client.get("/search", query_string={"q": question, "lang": language}, headers=PAGE)
    assert told in text_of(answer)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in answer.text


def test_the_words_of_a_source_lead_to_their_claim(client):
    [result] = found(client, "سبتمبر 2025")["results"]
    assert result["iri"] == f"{BASE}claim/F1"
    assert result["texts"][0]["property"] == "http://www.w3.org/ns/oa#exact"
    assert [kind["iri"] for kind in result["types"]] == ["https://w3id.org/zellige/ont#Claim"]
    assert found(client, "سبتمبر", type="zel:Claim")["total"] == 1


def test_a_program_reads_which_graphs_state_a_text(client):
    texts = {text["value"]: text["graphs"] for one in found(client, "lab")["results"] for text in one["texts"]}
    assert texts["Joint lab"] == [f"{BASE}graph/entities"]
    assert texts["Lab <b>&"] == ["default"]


def test_a_type_narrows_to_its_things_and_those_below(client):
    assert {one["iri"] for one in found(client, "ministry")["results"]} == {
        f"{BASE}id/ministry",
        "https://w3id.org/zellige/ont#Ministry",
    }
    narrowed = found(client, "ministry", type="zel:PublicBody")
    assert [one["iri"] for one in narrowed["results"]] == [f"{BASE}id/ministry"]
    assert found(client, "ministry", type="zel:Nothing")["total"] == 0


def test_a_language_of_the_texts_narrows_and_that_of_the_page_does_not(client):
    assert found(client, "ministere", **{"in": "ar"})["total"] == 0
    assert found(client, "ministere", lang="ar")["total"] == 2
    [result] = found(client, "ministere", **{"in": "fr"}, type="zel:Ministry")["results"]
    assert result["texts"][0]["lang"] == "fr"


def test_pages_of_results_follow_one_another(client):
    first = found(client, "mi* OR la* OR tr*", limit=2)
    assert (len(first["results"]), first["total"] > 2) == (2, True)
    second = client.get(first["next"].partition("localhost")[2]).json
    assert second["offset"] == 2
    assert {one["iri"] for one in first["results"]}.isdisjoint(one["iri"] for one in second["results"])
    page = client.get("/search?q=mi*+OR+la*+OR+tr*&limit=2&lang=en", headers=PAGE)
    assert 'rel="next"' in page.text
    link = html.unescape(re.search(r'href="([^"]*)" rel="next"', page.text)[1])
    following = client.get(link, headers=PAGE)
    assert "3 to 3 of 3" in text_of(following)
    assert 'rel="prev"' in following.text


def test_what_is_misspelt_is_offered_as_the_texts_have_it(client):
    assert found(client, "minstrie")["instead"] == "ministry"
    answer = client.get("/search?q=minstrie&lang=en", headers=PAGE)
    assert "Nothing was found. Did you mean: ministry" in text_of(answer)


@pytest.mark.parametrize("question", ["a" * 2000, "w " * 40, "w*", "?!*", "\0"])
def test_what_cannot_be_looked_for_is_told_to_both(client, question):
    answer = client.get("/search", query_string={"q": question})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (400, "text-query")
    page = client.get("/search", query_string={"q": question, "lang": "fr"}, headers=PAGE)
    assert page.status_code == 400
    assert "Donnez des lettres ou des chiffres à chercher" in text_of(page)


def test_a_page_without_words_is_a_form_with_help(client):
    answer = client.get("/search?lang=en", headers=PAGE)
    assert answer.status_code == 200
    assert "All words must be there" in text_of(answer)
    assert '<input type="search" id="q" name="q" value="" dir="auto"' in answer.text
    bare = client.get("/search")
    assert (bare.status_code, bare.json["detail"]) == (400, "no word is looked for (give letters or digits)")


def test_what_was_asked_for_is_still_in_the_form_and_is_no_markup(client):
    answer = client.get("/search", query_string={"q": '"><script>alert(1)</script> lab', "in": "en"}, headers=PAGE)
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt; lab"' in answer.text
    assert '<option value="en" selected>' in answer.text
    assert "Lab <b>&" in html.unescape(
        client.get("/search?q=lab&format=html").text.replace("<mark>", "").replace("</mark>", "")
    )


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({"limit": "101"}, 400, "parameter"),
        ({"offset": "x"}, 400, "parameter"),
        ({"in": "français"}, 400, "parameter"),
        ({"type": "x" * 3000}, 400, "parameter"),
        ({"format": "turtle"}, 406, "not-acceptable"),
    ],
)
def test_a_parameter_without_a_meaning_is_told(client, parameters, status, code):
    answer = client.get("/search", query_string={"q": "lab", **parameters})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (status, code)


def test_every_page_has_a_field_for_the_search_and_leads_to_its_description(client):
    for path in ("/", "/query", "/ont", "/id/ministry", "/claim/F1"):
        answer = client.get(f"{path}?lang=fr", headers=PAGE)
        assert '<form action="/search" method="get" role="search">' in answer.text
        assert 'placeholder="Recherche"' in answer.text
        assert 'rel="search" type="application/opensearchdescription+xml"' in answer.text
        assert 'href="/opensearch.xml?lang=fr"' in answer.text


def test_a_browser_is_told_how_to_ask(client):
    from xml.etree import ElementTree as ET

    answer = client.get("/opensearch.xml?lang=ar")
    assert answer.content_type == "application/opensearchdescription+xml; charset=utf-8"
    described = ET.fromstring(answer.data)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert len(described.findtext("o:ShortName", namespaces=space)) <= 16
    assert described.findtext("o:Language", namespaces=space) == "ar"
    templates = {url.get("type"): url.get("template") for url in described.findall("o:Url", space)}
    address = (
        templates["text/html"].replace("{searchTerms}", "lab").replace("{startIndex?}", "0").replace("{count?}", "5")
    )
    answer = client.get(address.partition("localhost")[2])
    assert answer.status_code == 200
    assert "[Laboratoire]" not in text_of(answer)
    assert "[lab]" in text_of(answer)


def test_a_release_without_an_index_says_so_and_serves_all_else(tmp_path):
    folder = write_release(tmp_path)
    (folder / "search" / "texts.db").unlink()
    client = create_app(Settings(tmp_path)).test_client()
    answer = client.get("/search?q=lab")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (503, "release")
    assert "kg build" in answer.json["errors"][0]["hint"]
    page = client.get("/search?q=lab&lang=en", headers=PAGE)
    assert page.status_code == 503
    assert "could not be answered" in text_of(page)
    assert "Lab <b>&" in text_of(client.get("/id/lab?lang=en", headers=PAGE))


def test_an_index_of_other_statements_is_none(tmp_path):
    folder = write_release(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"] = {"graph.nq": {"sha256": "0" * 64}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    answer = create_app(Settings(tmp_path)).test_client().get("/search?q=lab")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (503, "release")
    assert "results" not in answer.json


QUERY = "PREFIX text: <http://jena.apache.org/text#> SELECT ?s { (?s ?score) text:query 'ministry' . ?s a ?t }"


def test_sparql_searches_too(client):
    answer = client.get("/sparql", query_string={"query": QUERY.replace("?s a ?t", "GRAPH ?g { ?s a ?t }")})
    assert [row["s"]["value"] for row in answer.json["results"]["bindings"]].count(f"{BASE}id/ministry") == 1
    answer = client.get("/sparql", query_string={"query": "SELECT ?l { ?l bif:contains 'laboratoires' }"})
    assert [row["l"]["value"] for row in answer.json["results"]["bindings"]] == ["Laboratoire commun"]


def test_a_search_that_is_none_is_told_with_its_place(client):
    answer = client.get("/sparql", query_string={"query": QUERY.replace("'ministry'", "?words")})
    [problem] = answer.json["errors"]
    assert (answer.status_code, problem["code"], problem["where"]["column"]) == (400, "text-query", 57)


def test_what_is_found_is_counted_by_language_and_narrowed_and_widened_again(client):
    page = client.get("/search?q=min*&lang=en", headers=PAGE)
    counted = dict(re.findall(r"in=(\w+)[^>]*>.*?</a> (\d+)", page.text))
    assert counted == {"en": "2", "fr": "2"} | {tag: counted[tag] for tag in counted if tag not in {"en", "fr"}}
    narrowed = client.get("/search?q=min*&in=fr&type=zel:Ministry&lang=en", headers=PAGE)
    chips = re.findall(r'<li>(.*?) <a href="([^"]*)"', narrowed.text)
    assert [said.partition(":")[0] for said, _ in chips] == ["Type", "Language of the texts"]
    wider = [html.unescape(address) for _, address in chips]
    assert ("type=" in wider[0], "in=fr" in wider[0], "in=" in wider[1]) == (False, True, False)
    query = html.unescape(re.search(r'class="open"[^>]*href="/query\?query=([^"&]*)', narrowed.text)[1])
    answered = client.get(f"/query?query={query}&lang=en", headers=PAGE)
    assert "Ministry of Digital Transition" in answered.text or "Ministère" in answered.text
