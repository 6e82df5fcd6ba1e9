"""Labels that attack, on every kind of page: they are text there, an override is a mark, and what is long is cut."""

from __future__ import annotations

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import EDITOR, Page
from tiny import ATTACK, FAILING, LONG, PAGES, SHOWN, write_hostile

from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

CUT = {"en": "characters in all", "fr": "caractères en tout", "ar": "من الأحرف إجمالا"}
HTML = {"Accept": "text/html"}
WITHOUT = {"elsewhere", "error", "mistake", "searched", "sources", "targets", "timeline", "vocabulary"}
"""Pages that show no label of the release, or only a part of one; what they make of others is tested with them."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    releases = tmp_path_factory.mktemp("hostile")
    write_hostile(releases)
    return create_app(Settings(releases)).test_client()


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_labels_are_text_and_nothing_else(client: FlaskClient, kind: str) -> None:
    for language in LANGUAGES:
        response = client.get(f"{PAGES[kind]}lang={language}", headers=HTML)
        assert response.status_code == FAILING.get(kind, 200), kind
        if kind != "preview":
            assert Page(response.text).faults == []
        found = lxml.html.document_fromstring(response.text)
        scripts = found.xpath("//script[not(@type='application/ld+json')]")
        assert [script.get("src") for script in scripts if script.get("src") != EDITOR] == []
        assert found.xpath("//img[@onerror] | //*[starts-with(@href, 'javascript:')] | //b") == []
        # What a reader typed is sent again as it came; what programs read is data.
        for exact in found.xpath("//textarea | //input | //script"):
            exact.drop_tree()
        texts = [*found.itertext(), *found.xpath("//@title | //@aria-label | //@data-head")]
        assert not any("\u202e" in text or "\u202d" in text for text in texts)
        assert max(map(len, texts)) < 9_000
        assert len(response.data) < 300_000
        whole = found.text_content()
        if kind not in WITHOUT:
            assert SHOWN[:60] in whole or LONG[:200] in whole
        if LONG[:200] in whole:
            assert CUT[language] in whole


def test_what_is_typed_comes_back_letter_for_letter(client: FlaskClient) -> None:
    query = f"SELECT * {{ ?s ?p {ATTACK!r} }} # " + "x" * 3000
    found = lxml.html.document_fromstring(client.get("/query", query_string={"query": query}).text)
    assert found.xpath("//textarea")[0].text.lstrip("\n") == query
    found = lxml.html.document_fromstring(client.get("/search", query_string={"q": ATTACK}, headers=HTML).text)
    assert ATTACK in found.xpath("//input[@name='q']/@value")
