"""`kg serve FILE...`: every thing of RDF of one's own has a page, wherever its IRI lives, and links lead there."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from markup import Page
from pyoxigraph import RdfFormat, parse

from kg.errors import DeadlineExceeded
from kg.store import load_files
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
EX, VOCAB = "http://example.org/people#", "http://example.org/vocab/"
ALICE, CAROL, BOOK = f"{EX}alice", "http://example.net/carol?id=3&x=1", "urn:isbn:0451450523"
BELOW = "https://w3id.org/zellige/"
TURTLE = f"""\
@prefix ex: <{EX}> .
@prefix v: <{VOCAB}> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:alice a v:Researcher ; foaf:name "Alice" , "أليس"@ar ; v:knows ex:bob , <{BOOK}> , <{CAROL}> ;
  v:address [ a v:Address ; v:street "1 Main Street" ; v:place [ v:lat 34.02 ] ] ;
  v:authors ( ex:bob "x"@en ) ; v:homepage <https://alice.example/> ; v:odd <mailto:a@example.org> .
ex:bob a v:Researcher ; <https://schema.org/name> "Bob" .
<{BOOK}> a v:Book ; <http://purl.org/dc/terms/title> "Le livre"@fr .
<{CAROL}> a v:Researcher .
v:Researcher a rdfs:Class ; rdfs:label "Researcher"@en , "Chercheuse ou chercheur"@fr .
<{BELOW}people/eve> a <{BELOW}ont#Ministry> ; v:knows <{BELOW}id/absent> .
<{BELOW}id/dave> a v:Researcher . <{BELOW}id/a//b> a v:Researcher . <{BELOW}id/dave#me> a v:Researcher .
<{BELOW}id/x/../dave> a v:Researcher . <{BELOW}id/dave?v=2> a v:Researcher .
<javascript:alert(1)> a v:Researcher ; rdfs:label "<script>alert(1)</script>" .
[] a v:Address ; rdfs:label "An address of nobody" .
"""
QUADS = f"""\
<{ALICE}> <{VOCAB}age> "30" <http://example.org/g> .
<{EX}zoe> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{VOCAB}Researcher> <http://example.org/g> .
"""


def serve(folder: Path, **files: str) -> Path:
    """What `kg serve FILE...` makes of files: their texts by suffix."""
    paths = []
    for suffix, text in files.items():
        paths.append(folder / f"own.{suffix}")
        paths[-1].write_text(text, encoding="utf-8")
    (folder / "files").mkdir()
    count = load_files(paths, folder / "files" / "store")
    manifest = {"id": "files", "base": BELOW, "title": {"en": "own.ttl"}, "counts": {"quads": count}}
    (folder / "files" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of the files above."""
    releases = serve(tmp_path_factory.mktemp("own"), ttl=TURTLE, nq=QUADS)
    return create_app(Settings(releases, release="files")).test_client()


def at(iri: str, **more: str) -> str:
    return f"/resource?{urlencode({'iri': iri, **more})}"


def read(client: FlaskClient, address: str) -> Page:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200, (address, response.text)
    page = Page(response.text)
    assert page.faults == []
    return page


def said(page: Page) -> str:
    return " | ".join(text for _, _, text in page.texts)


def heading(page: Page) -> str:
    return next(text for path, _, text in page.texts if "h1" in path)


@pytest.mark.parametrize(
    ("iri", "title"),
    [
        (ALICE, "Alice"), (f"{EX}bob", "Bob"), (BOOK, "Le livre"), (CAROL, "carol?id=3&x=1"),
        (f"{VOCAB}Researcher", "Researcher"), (f"{BELOW}people/eve", "people/eve"), (f"{EX}zoe", "zoe"),
        (f"{BELOW}id/a//b", "id/a//b"), (f"{BELOW}id/dave#me", "id/dave#me"), (f"{BELOW}id/dave?v=2", "id/dave?v=2"),
        (f"{BELOW}id/x/../dave", "id/x/../dave"), ("javascript:alert(1)", "<script>alert(1)</script>"),
    ],
)  # fmt: skip
def test_every_subject_has_a_page_whatever_its_iri(own, iri, title):
    page = read(own, at(iri, lang="en"))
    assert heading(page) == title
    assert iri in said(page)


def test_what_is_said_of_a_thing_is_on_its_page(own):
    text = said(read(own, at(ALICE, lang="en")))
    for words in ("1 Main Street", "34.02", "street", "lat", "x", "Le livre", "https://alice.example/", "Graph", "30"):
        assert words in text
    assert "_:" not in text


def test_a_list_is_a_list_and_refers_by_the_thing_that_has_it(own):
    page = read(own, at(ALICE, lang="en"))
    items = [text for path, _, text in page.texts if "ol" in path]
    assert items == ["Bob", "x", "en"]
    page = read(own, at(f"{EX}bob", lang="en"))
    used = [text for path, _, text in page.texts if path[-3:-1] in {("h3", "a"), ("li", "a")}]
    assert ("authors", "Alice") in list(pairwise(used))
    page = read(own, at(f"{EX}bob", lang="en", of=f"{VOCAB}authors"))
    assert [text for path, _, text in page.texts if path[-3:-1] == ("li", "a") and "main" in path] == ["Alice"]
    assert "first" not in said(page)


def test_data_and_page_say_the_same(own):
    for accept, syntax in (("text/turtle", RdfFormat.TURTLE), ("application/ld+json", RdfFormat.JSON_LD)):
        triples = [quad.triple for quad in parse(own.get(at(ALICE), headers={"Accept": accept}).data, syntax)]
        text = said(read(own, at(ALICE, lang="en")))
        values = [getattr(t.object, "value", "") for t in triples if str(t.object).startswith('"')]
        assert {"1 Main Street", "34.02", "30", "Alice", "أليس", "x"} == set(values)
        assert all(value in text for value in values)


def test_links_lead_to_pages_of_what_is_described_and_else_to_where_things_live(own):
    links = read(own, at(ALICE, lang="en")).links()
    for iri in (f"{EX}bob", BOOK, CAROL):
        assert at(iri, lang="en") in links
    assert at(f"{VOCAB}Researcher", lang="en").replace("/resource", "/term") in links
    for iri in (f"{VOCAB}knows", f"{VOCAB}Address", "http://xmlns.com/foaf/0.1/name", "https://alice.example/"):
        assert iri in links
    assert not [link for link in links if link.startswith(("mailto:", "urn:", "javascript:"))]
    links = read(own, at(f"{BELOW}people/eve")).links()
    assert {f"{BELOW}ont#Ministry", f"{BELOW}id/absent"} <= set(links)
    assert not [link for link in links if link.startswith(("/ont#", "/term", "/id/absent"))]


def test_the_home_page_lists_the_classes_of_every_graph(own):
    page = read(own, "/?lang=fr")
    counted = [text for path, _, text in page.texts if path[-1] in {"bdi", "a"} and "tbody" in path]
    found = dict(zip(counted[::2], counted[1::2], strict=True))
    assert found == {
        "Chercheuse ou chercheur": "10",
        "Address": "2",
        "Book": "1",
        "classe": "1",
        "zel:Ministry": "1",
    }
    assert "/ont" not in page.links()


def test_no_link_of_the_site_is_dead(own):
    waiting, seen = ["/?lang=ar"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = own.get(address, headers=HTML)
        assert response.status_code == 200, address
        if response.headers["Content-Type"].startswith("text/html"):
            for link in Page(response.text).links():
                target = urlsplit(urljoin(address, link))
                # Of filters and counts only single counts are followed: together they are without number.
                chosen = [name for name, _ in parse_qsl(target.query) if name not in {"class", "lang", "page"}]
                explored = [name for name in chosen if name.partition(".")[0] in {"facet", "is", "during", "empty"}]
                single = chosen in ([], ["facet"]) if target.path == "/list" else len(chosen) == 2 or not explored
                if not target.netloc and single:
                    waiting.append(f"{target.path}?{target.query}" if target.query else target.path)
    shown = {iri for address in seen for iri in parse_qs(urlsplit(address).query).get("iri", ())}
    assert {ALICE, CAROL, BOOK, f"{EX}zoe", "javascript:alert(1)"} <= shown


def test_blank_nodes_of_a_class_have_pages(own):
    page = read(own, f"/list?{urlencode({'class': f'{VOCAB}Address', 'lang': 'en'})}")
    assert "An address of nobody" in said(page)
    links = [link for link in page.links() if "_%3A" in link and link.startswith("/resource")]
    assert {"1 Main Street" in said(read(own, link)) for link in links} == {True, False}


def test_what_has_an_address_of_its_own_is_found_there(own):
    moved = own.get(at(f"{BELOW}id/dave", lang="ar", format="turtle"))
    assert (moved.status_code, moved.headers["Location"]) == (303, "/id/dave?lang=ar&format=turtle")
    assert "Researcher" in own.get(moved.headers["Location"]).text
    assert own.get("/id/nobody", headers=HTML).status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "parameter"),
        ("iri=", 400, "parameter"),
        ("iri=urn:a&iri=urn:b", 400, "parameter"),
        ("iri=people%23alice", 400, "parameter"),
        ("iri=http://e.org/a%20b", 400, "parameter"),
        ('iri=http://e.org/"onclick="x', 400, "parameter"),
        ("iri=%3Cscript%3Ealert(1)%3C/script%3E", 400, "parameter"),
        ("iri=http://e.org/%FF", 404, "not-found"),
        ("iri=data:text/html,x", 404, "not-found"),
        ("iri=http://169.254.169.254/latest/meta-data", 404, "not-found"),
        ("iri=_:nobody", 404, "not-found"),
        ("iri=http://e.org/" + "a" * 50_000, 404, "not-found"),
        (urlencode({"iri": ALICE, "format": "docx"}), 406, "not-acceptable"),
    ],
)
def test_a_hostile_name_is_answered_by_name(own, query, status, code):
    answer = own.get(f"/resource?{query}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (status, code)
    page = own.get(f"/resource?{query}", headers=HTML)
    assert page.status_code == status
    assert Page(page.text).faults == []
    assert "<script" not in page.text


def test_a_thing_with_more_statements_than_a_page_has_room_for_says_so(tmp_path):
    many = "".join(f"<urn:a> <urn:p> {n} . <urn:s{n}> <urn:of> <urn:a> .\n" for n in range(1200))
    client = create_app(Settings(serve(tmp_path, ttl=many), release="files")).test_client()
    text = said(read(client, at("urn:a", lang="en")))
    assert "More is said of it than is shown here." in text
    assert "Only the first 50 are shown." in text
    assert len(parse_all(client.get(at("urn:a", format="ntriples")).data)) == 2400


@pytest.mark.parametrize(("language", "whole", "further"), [("ar", "الكل (900)", "التالي"), ("fr", "les 900", "Suite")])
def test_all_that_refers_to_a_thing_can_be_paged_through_by_property(tmp_path, language, whole, further):
    many = "".join(f"<urn:s{n:04}> <urn:of> <urn:a> . <urn:t{n}> <urn:by> <urn:a> .\n" for n in range(900))
    client = create_app(Settings(serve(tmp_path, ttl=many), release="files")).test_client()
    page = read(client, at("urn:a", lang=language))
    leads = [link for link in page.links() if "of=urn%3Aof" in link]
    assert whole in said(page)
    page, found = read(client, leads[0]), []
    while True:
        found += [text for path, _, text in page.texts if path[-3:-1] == ("li", "a") and text.startswith("s")]
        leads = [link for link in page.links() if f"page={len(found) // 50}" in link and "of=urn%3Aof" in link]
        if not leads:
            break
        assert further in said(page)
        page = read(client, leads[0])
    assert found == [f"s{n:04}" for n in range(900)]


def test_what_a_page_shows_of_a_thing_can_be_asked_for_in_a_query(tmp_path):
    many = "".join(f"<urn:s{n:04}> <urn:of> <urn:a> . <urn:a> <urn:p> {n} .\n" for n in range(60))
    client = create_app(Settings(serve(tmp_path, ttl=many), release="files")).test_client()
    page = read(client, at("urn:a", lang="en"))
    asked = [parse_qs(urlsplit(link).query)["query"][0] for link in page.links() if link.startswith("/query?query=")]
    answers = [client.get("/sparql", query_string={"query": text, "format": "csv"}).text for text in asked]
    assert [answer.count("\n") - 1 for answer in answers] == [60, 60]


def parse_all(content: bytes) -> set[str]:
    return {str(quad) for quad in parse(content, RdfFormat.N_TRIPLES)}


class Late:
    """An engine that is never in time."""

    def evaluate(self, *_: object, **__: object) -> bytes:
        raise DeadlineExceeded("the query took longer than it may")


def test_classes_that_cannot_be_counted_in_time_leave_the_home_page_standing(tmp_path):
    app = create_app(Settings(serve(tmp_path, ttl=TURTLE), release="files"), lambda _: Late())
    for _ in range(2):
        assert "The classes could not be counted in time" in said(read(app.test_client(), "/?lang=en"))
    assert "Le livre" in said(read(app.test_client(), f"/list?{urlencode({'class': f'{VOCAB}Book'})}"))


def test_a_class_of_many_things_is_listed_whole_and_without_being_sorted(tmp_path):
    many = "".join(f"<urn:s{n:04}> a <urn:c> .\n" for n in range(5100))
    releases = Settings(serve(tmp_path, ttl=many), release="files")
    client = create_app(releases).test_client()
    shown = []
    for page in range(34):  # of 150 things
        found = read(client, f"/list?class=urn:c&page={page}")
        shown += [text for path, _, text in found.texts if "li" in path]
    assert sorted(shown) == [f"s{n:04}" for n in range(5100)]
    late = create_app(releases, lambda _: Late()).test_client()
    listed = late.get("/list?class=urn:c", headers={"Accept": "application/json"})
    assert (listed.status_code, listed.json["errors"][0]["code"]) == (503, "deadline")
