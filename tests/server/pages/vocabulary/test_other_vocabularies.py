"""Vocabularies of other origin: a project with one of its own beside ours, and files that are served as they are."""

from __future__ import annotations

import json
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from kg.store import load_files
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
HARBOUR = "http://example.org/harbour#"
TURTLE = f"""\
@prefix h: <{HARBOUR}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/harbour> a owl:Ontology ; rdfs:label "Harbours"@en , "الموانئ"@ar ; owl:versionInfo "2.1" ;
  owl:versionIRI <http://example.org/harbour/2.1> ; owl:priorVersion <http://example.org/harbour/2.0> .
h:Vessel a owl:Class ; rdfs:label "vessel"@en , "مركب"@ar .
h:Boat a owl:Class ; rdfs:subClassOf h:Vessel , [ a owl:Restriction ; owl:onProperty h:moors ; owl:minCardinality 1 ] ;
  rdfs:label "boat"@en , "قارب"@ar ; rdfs:comment "A small vessel."@en ; owl:equivalentClass <https://schema.org/BoatX> .
h:Hulk a owl:Class , owl:DeprecatedClass ; rdfs:subClassOf h:Vessel ; rdfs:label "hulk"@en ;
  skos:changeNote "Left out in 2.1: say h:Boat."@en .
h:Loop a owl:Class ; rdfs:subClassOf h:Pool . h:Pool a owl:Class ; rdfs:subClassOf h:Loop .
h:moors a owl:ObjectProperty ; rdfs:label "moors at"@en ; rdfs:range h:Quay ;
  rdfs:domain [ a owl:Class ; owl:unionOf ( h:Boat h:Hulk ) ] .
h:Quay a rdfs:Class ; rdfs:label "<script>alert(1)</script>" .
<http://example.org/d/1> a h:Boat ; rdfs:label "Nour" ; h:moors <http://example.org/d/2> .
<http://example.org/d/3> a h:Boat ; h:moors <http://example.org/d/2> .
"""


def serve(folder: Path, text: str) -> FlaskClient:
    """What `kg serve FILE` makes of a file."""
    path = folder / "own.ttl"
    path.write_text(text, encoding="utf-8")
    (folder / "files").mkdir()
    count = load_files([path], folder / "files" / "store")
    manifest = {"id": "files", "base": "https://w3id.org/zellige/", "title": {"en": "own"}, "counts": {"quads": count}}
    (folder / "files" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return create_app(Settings(folder, "files")).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of a vocabulary that is no project's."""
    return serve(tmp_path_factory.mktemp("harbour"), TURTLE)


def read(client: FlaskClient, address: str, **query: str) -> lxml.html.HtmlElement:
    answer = client.get(address, query_string=query or None, headers=HTML)
    assert answer.status_code == 200, answer.text
    assert Page(answer.text).faults == []
    return lxml.html.document_fromstring(answer.text)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_a_file_with_terms_has_an_index_of_them(client: FlaskClient) -> None:
    home = read(client, "/", lang="en")
    assert "/ont?lang=en" in home.xpath("//nav//a/@href")
    page = read(client, "/ont", lang="ar")
    shown = [text_of(item.xpath("a")[0]) for item in page.xpath("//h2[.='الأصناف']/following-sibling::ul[1]//li")]
    assert {"مركب", "قارب", "Loop", "Pool", "<script>alert(1)</script>"} <= set(shown)
    assert len(shown) == len(set(shown)) == 6
    assert "الموانئ" in text_of(page)
    assert [text_of(one.xpath("a")[0]) for one in page.xpath("//li[@id='Boat']/ancestor::li")] == ["مركب"]


def test_the_vocabulary_tells_its_version_and_the_one_before(client: FlaskClient) -> None:
    page = text_of(read(client, "/ont", lang="en"))
    assert "Harbours" in page
    assert "Version 2.1" in page
    assert "Earlier versions http://example.org/harbour/2.0" in page


def test_a_term_of_a_file_has_its_page(client: FlaskClient) -> None:
    page = read(client, "/term", iri=f"{HARBOUR}Boat", lang="en")
    assert text_of(page.xpath("//h1")[0]) == "boat"
    assert text_of(page.xpath("//p[@class='lead']")[0]) == "A small vessel."
    said = text_of(page)
    assert "Things of this class in the release: 2" in said
    assert "the same class" in said
    row = page.xpath("//*[@id='page-properties']/following-sibling::table[1]//tr")[1]
    assert [text_of(link) for link in row.xpath(".//a")] == ["moors at", "<script>alert(1)</script>"]
    assert "minCardinality" in said


def test_the_classes_of_a_union_have_the_property_each(client: FlaskClient) -> None:
    page = read(client, "/term", iri=f"{HARBOUR}moors", lang="en")
    domain = page.xpath("//dt[starts-with(., 'Domain')]/following-sibling::dd[1]//a")
    assert [text_of(link) for link in domain] == ["boat", "hulk"]
    assert "Statements with this property in the release: 2" in text_of(page)
    assert [text_of(cell) for cell in page.xpath("//article[1]//td")][1] == "moors at"


def test_what_is_no_longer_to_be_used_is_said_to_be_so(client: FlaskClient) -> None:
    index = read(client, "/ont", lang="fr")
    assert "à ne plus employer" in text_of(index.xpath("//li[@id='Hulk']")[0])
    page = read(client, "/term", iri=f"{HARBOUR}Hulk", lang="en")
    assert text_of(page.xpath("//h1")[0]) == "hulk (no longer to be used)"
    versions = [
        [text_of(cell) for cell in row] for row in page.xpath("//*[@id='page-versions']/following::table[1]//tr")
    ]
    assert ["what changed", "Left out in 2.1: say h:Boat. en"] in versions
    assert "Nothing in this release uses it." in text_of(page)


def test_classes_that_stand_below_each_other_in_a_circle_have_pages(client: FlaskClient) -> None:
    page = read(client, "/term", iri=f"{HARBOUR}Loop", lang="en")
    assert "Pool" in text_of(page.xpath("//*[@id='page-family']/following-sibling::ul[1]")[0])


def test_a_page_of_a_thing_leads_to_the_page_of_its_class(client: FlaskClient) -> None:
    page = read(client, "/resource", iri="http://example.org/d/1", lang="en")
    (link,) = [link for link in page.xpath("//a") if text_of(link) == "boat"]
    assert "A small vessel." in text_of(read(client, link.get("href")))


def test_the_terms_of_a_file_are_given_as_data_too(client: FlaskClient) -> None:
    answer = client.get("/ont", headers={"Accept": "application/n-triples"})
    assert answer.mimetype == "application/n-triples"
    said = {line.split(" ", 1)[0] for line in answer.text.splitlines()}
    assert {f"<{HARBOUR}Boat>", f"<{HARBOUR}moors>", "<http://example.org/harbour>"} <= said
    assert "<http://example.org/d/1>" not in said


def test_a_label_of_any_length_leaves_the_index_small(tmp_path: Path) -> None:
    long = serve(tmp_path, TURTLE.replace('"boat"@en', f'"{"boat " * 20_000}"@en'))
    answer = long.get("/ont?lang=en", headers=HTML)
    assert len(answer.data) < 60_000
    (shown,) = read(long, "/ont", lang="en").xpath("//li[@id='Boat']/a[1]")
    assert text_of(shown).startswith("boat boat")
    assert text_of(shown).endswith("…")
    title = read(long, "/term", iri=f"{HARBOUR}Boat", lang="en").xpath("//h1")[0]
    assert text_of(title) == f"{'boat ' * 400}… (100000 characters in all)"


def test_a_file_without_terms_has_no_vocabulary(tmp_path: Path) -> None:
    bare = serve(tmp_path, "<http://example.org/a> <http://example.org/b> 1 .\n")
    assert "/ont" not in bare.get("/", headers=HTML).text
    absent = bare.get("/ont", headers=HTML)
    assert absent.status_code == 404
    told = text_of(lxml.html.document_fromstring(absent.text))
    assert "This release says nothing of https://w3id.org/zellige/ont." in told


def test_a_large_vocabulary_comes_in_pages_that_lead_to_one_another(tmp_path: Path) -> None:
    lines = [f"h:C{n} a owl:Class ; rdfs:subClassOf h:C{n // 3} ." for n in range(1, 700)]
    large = serve(
        tmp_path, TURTLE.partition("<http://example.org/harbour> a")[0] + "h:C0 a owl:Class .\n" + "\n".join(lines)
    )
    seen, address = [], "/ont?lang=en"
    while address:
        answer = large.get(address, headers=HTML)
        assert len(answer.data) < 60_000
        page = read(large, address)
        seen += page.xpath("//li/@id")
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert sorted(seen) == sorted(f"C{n}" for n in range(700))
    term = read(large, "/term", iri=f"{HARBOUR}C699", lang="en")
    (back,) = [link.get("href") for link in term.xpath("//a") if text_of(link) == "In the index of the vocabulary"]
    place, _, anchor = back.partition("#")
    assert read(large, place).xpath(f"//li[@id='{anchor}']")


def test_the_terms_of_another_namespace_stand_in_the_index_of_a_project(tmp_path: Path) -> None:
    own = f'<{HARBOUR}Boat> a owl:Class ; rdfs:label "boat"@en , "قارب"@ar .\n  zel:Ministry a owl:Class'
    assert "zel:Ministry a owl:Class" in CLAIMS
    write_release(tmp_path, claims=CLAIMS.replace("zel:Ministry a owl:Class", own))
    project = create_app(Settings(tmp_path)).test_client()
    page = read(project, "/ont", lang="ar")
    assert [text_of(item.xpath("a")[0]) for item in page.xpath("//li[@id='Boat']")] == ["قارب"]
    assert text_of(read(project, page.xpath("//li[@id='Boat']/a/@href")[0]).xpath("//h1")[0]) == "قارب"


def test_releases_beside_it_whose_vocabulary_differs_are_told(tmp_path: Path) -> None:
    contexts = {
        "r0": {"Ministry": "zel:Ministry", "gone": {"@id": "zel:gone"}},
        "r1": {"Ministry": "zel:Ministry", "party": "zel:party"},
    }
    for name, terms in contexts.items():
        folder = write_release(tmp_path, name)
        (folder / "context.jsonld").write_text(
            json.dumps({"@context": {"zel": "http://e/#", **terms}}), encoding="utf-8"
        )
    page = text_of(read(create_app(Settings(tmp_path)).test_client(), "/ont", lang="en"))
    assert (
        "Other releases that are kept here, where their vocabulary differs r0 new here: party no longer here: gone"
        in page
    )
