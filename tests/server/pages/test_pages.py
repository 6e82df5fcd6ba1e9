"""Pages: languages, directions, links that lead somewhere, and nothing from elsewhere."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from markup import Page

from kg.terms import LANGUAGES

HTML = {"Accept": "text/html"}
ALL = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"


def page(client, path, **headers):
    response = client.get(path, headers={**HTML, **headers})
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    found = Page(response.text)
    assert found.faults == []
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "/?",
        "/query?",
        "/sparql?",
        "/absent?",
        f"/query?{urlencode({'query': ALL})}&",
        f"/query?{urlencode({'query': 'ASK {}'})}&",
        f"/query?{urlencode({'query': 'ASK {'})}&",
        f"/query?{urlencode({'query': 'CONSTRUCT WHERE { ?s ?p ?o }'})}&",
        f"/query?{urlencode({'query': 'SELECT * { ?s <urn:none> ?o }'})}&",
        "/list?class=https%3A%2F%2Fw3id.org%2Fzellige%2Font%23Ministry&",
        "/list?class=https%3A%2F%2Fw3id.org%2Fzellige%2Font%23Claim&page=3&",
        "/list?class=nonsense&",
        "/list?",
    ],
)
def test_every_page_is_sound_in_every_language(client, path, language):
    found = page(client, f"{path}lang={language}")
    root = next(given for tag, given in found.elements if tag == "html")
    assert root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("fr-MA, en;q=0.5", "fr"), ("ar", "ar"), ("de", "en"), ("de, ar;q=0.1", "ar"), ("en;q=0, fr;q=0.1", "fr")],
)
def test_the_browser_chooses_the_language(client, accepted, expected):
    response = client.get("/", headers={**HTML, "Accept-Language": accepted})
    assert response.headers["Content-Language"] == expected
    assert "Accept-Language" in response.headers["Vary"]


def test_a_language_asked_for_is_kept_by_the_links(client):
    found = page(client, "/id/lab?lang=ar")
    own = [link for link in found.links() if link.startswith("/id/")]
    assert own
    assert all("lang=" in link or "format=" in link for link in own)


@pytest.mark.parametrize(("language", "label"), [("ar", "مختبر مشترك"), ("fr", "Laboratoire commun")])
def test_the_title_is_the_best_label_of_the_language(client, language, label):
    found = page(client, f"/id/lab?lang={language}")
    assert label in found.within("title")[0][1]
    headings = [(given["lang"], text) for path, given, text in found.texts if "h1" in path]
    assert headings == [(language, label)]


def test_every_literal_states_its_language_and_finds_its_direction(client):
    found = page(client, "/id/lab?lang=en")
    (given,) = {tuple(sorted(given.items())) for given, text in found.within("bdi") if text.startswith("يناهز")}
    assert given == (("dir", "rtl"), ("lang", "ar"))
    quotes = [
        given for path, given, text in page(client, "/id/mou?lang=en").texts if "q" in path and text.startswith("وُقعت")
    ]
    assert quotes
    assert all(given == {"lang": "ar", "dir": "rtl"} for given in quotes)


def test_markup_in_the_data_stays_text(client):
    assert "<b>&</b>" not in client.get("/id/lab", headers=HTML).text
    assert "Lab &lt;b&gt;&amp;" in client.get("/id/lab", headers=HTML).text
    hostile = client.get("/query", query_string={"query": "</textarea><script>alert(1)</script>"}, headers=HTML)
    assert "<script>" not in hostile.text


def test_a_claim_shows_who_where_and_in_which_words(client):
    text = client.get("/claim/F1?lang=en", headers=HTML).text
    for said in ("characters 1851 to 1871", "sentence 8", "وُقعت في سبتمبر 2025", "A memorandum was signed", "done"):
        assert said in text


def test_styles_come_from_here(client):
    found = page(client, "/")
    (sheet,) = [given["href"] for tag, given in found.elements if tag == "link" and given["rel"] == "stylesheet"]
    style = client.get(sheet)
    assert style.status_code == 200
    assert "unicode-bidi: isolate" in style.text
    assert "http" not in style.text
    style.close()


def test_the_home_page_counts_and_lists(client):
    text = client.get("/?lang=en", headers=HTML).text
    assert "A tiny graph" in text
    assert "r1" in text
    assert "/sparql" in text
    assert "ont%23Ministry" in text


def test_a_release_in_a_language_without_title_shows_another_of_the_same_direction(client):
    found = page(client, "/?lang=fr")
    assert [(given["lang"], text) for path, given, text in found.texts if "h1" in path] == [("en", "A tiny graph")]
