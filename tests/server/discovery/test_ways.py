"""The ways by which crawlers and programs find what there is: well-known address, robots, maps, typed links, schema.org."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markup import Page, opened
from pyoxigraph import RdfFormat, Store, parse
from tiny import BASE, write_release

from kg.release import Release
from server.app import create_app
from server.discovery import sitemap
from server.settings import Settings

HTML = {"Accept": "text/html"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}link"
ROOT = "http://localhost/"
Links = dict[str, set[tuple[str, str]]]


@pytest.fixture(scope="module")
def site(built: Release) -> Flask:
    return create_app(Settings(built.path.parent))


@pytest.fixture(scope="module")
def visitor(site: Flask) -> FlaskClient:
    return site.test_client()


def test_the_well_known_address_leads_to_the_description(visitor: FlaskClient) -> None:
    answer = visitor.get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dataset")
    followed = visitor.get("/.well-known/void", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert f"<{BASE}dataset>" in followed.text
    assert followed.mimetype == "text/turtle"


def test_robots_are_led_to_the_map_and_away_from_queries(visitor: FlaskClient) -> None:
    answer = visitor.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert f"Sitemap: {ROOT}sitemap.xml" in answer.text.splitlines()
    assert {"User-agent: *", "Disallow: /sparql?", "Allow: /"} <= set(answer.text.splitlines())


def files(client: FlaskClient) -> list[str]:
    index = ET.fromstring(client.get("/sitemap.xml").data)
    assert index.tag == f"{SITEMAP}sitemapindex"
    return [loc.text or "" for loc in index.iter(f"{SITEMAP}loc")]


def entries(client: FlaskClient, address: str) -> dict[str, dict[str, str]]:
    """The addresses of one file, each with those of its languages."""
    answer = client.get(urlsplit(address).path)
    assert answer.mimetype == "application/xml"
    return {
        url.findtext(f"{SITEMAP}loc", ""): {link.get("hreflang", ""): link.get("href", "") for link in url.iter(XHTML)}
        for url in ET.fromstring(answer.data)
    }


def test_the_map_has_every_page_in_every_language(visitor: FlaskClient, built: Release) -> None:
    (address,) = files(visitor)
    found = entries(visitor, address)
    store = Store.read_only(str(built.store_path))
    rows = store.query(
        "SELECT DISTINCT ?s { GRAPH ?g { ?s a ?c } FILTER (STRSTARTS(STR(?s), 'https://w3id.org/zellige/id/')) }"
    )
    things = {ROOT + row["s"].value.removeprefix(BASE) for row in rows}
    assert things <= found.keys()
    assert {ROOT, f"{ROOT}dataset", f"{ROOT}ont", f"{ROOT}claim/F014"} <= found.keys()
    assert not any("#" in address for address in found)
    for address, languages in found.items():
        assert set(languages) == {"ar", "fr", "en", "x-default"}
        assert languages["x-default"] == address
    for address in sorted(found)[::60]:
        answer = visitor.get(urlsplit(found[address]["ar"]).path + "?lang=ar", headers=HTML)
        assert (answer.status_code, answer.headers["Content-Language"]) == (200, "ar"), address


def test_a_large_map_has_several_files(built: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(Settings(built.path.parent, public_url="https://data.example")).test_client()
    monkeypatch.setattr(sitemap, "PAGE", 200)
    addresses = files(client)
    assert addresses == [f"https://data.example/sitemap/{n}.xml" for n in range(1, len(addresses) + 1)]
    assert len(addresses) > 3
    parts = [entries(client, address) for address in addresses]
    assert [len(part) for part in parts[:-1]] == [200] * (len(parts) - 1)
    assert len(set().union(*parts)) == sum(map(len, parts))
    gone = client.get(f"/sitemap/{len(addresses) + 1}.xml")
    assert (gone.status_code, gone.json["errors"][0]["code"]) == (404, "not-found")


def test_the_map_of_files_leads_to_what_they_describe(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    store = Store(str(folder / "store"))
    store.load(b'<http://e.org/a?b&c> a <http://e.org/T> ; <http://e.org/p> "x" .', RdfFormat.TURTLE)
    store.flush()
    del store
    (folder / "manifest.json").write_text(json.dumps({"id": "files", "base": BASE}), encoding="utf-8")
    client = create_app(Settings(tmp_path, release="files")).test_client()
    (address,) = files(client)
    found = entries(client, address)
    thing = f"{ROOT}resource?iri=http%3A%2F%2Fe.org%2Fa%3Fb%26c"
    assert found[thing]["fr"] == f"{thing}&lang=fr"
    place = urlsplit(found[thing]["fr"])
    answer = client.get(f"{place.path}?{place.query}", headers=HTML)
    assert answer.status_code == 200
    assert {"http://e.org/a?b&c", "x"} <= {text for _, _, text in Page(answer.text).texts}


# --- FAIR Signposting, level 1


def in_header(answer: object) -> Links:
    found: Links = {}
    for value in answer.headers.getlist("Link"):  # type: ignore[attr-defined]
        target, rel = re.match(r'<([^>]*)>; rel="([^"]+)"', value).groups()  # type: ignore[union-attr]
        kind = re.search(r'type="([^"]+)"', value)
        found.setdefault(rel, set()).add((target, kind[1] if kind else ""))
    return found


def in_page(text: str) -> Links:
    found: Links = {}
    for tag, given in Page(text).elements:
        if tag == "link":
            found.setdefault(given["rel"] or "", set()).add((given["href"] or "", given.get("type") or ""))
    return found


LEVEL_1 = {"cite-as", "type", "describedby", "license"}
FORMATS = {
    "text/turtle": RdfFormat.TURTLE, "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES, "application/trig": RdfFormat.TRIG,
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "kind", "more"),
    [
        ("/dataset", "https://schema.org/Dataset", {"item"}),
        ("/id/morocco", "https://schema.org/Place", {"collection"}),
        ("/claim/F014", "https://w3id.org/zellige/ont#Claim", {"collection"}),
    ],
)
def test_pages_carry_typed_links_in_header_and_head(visitor: FlaskClient, path: str, kind: str, more: set[str]) -> None:
    answer = visitor.get(path, headers=HTML)
    links = in_header(answer)
    assert links.keys() - {"service-desc"} == LEVEL_1 | more
    shown = in_page(answer.text)
    assert {rel: shown[rel] for rel in LEVEL_1 | more} == {rel: links[rel] for rel in LEVEL_1 | more}
    assert ("https://schema.org/AboutPage", "") in links["type"]
    assert (kind, "") in links["type"]
    assert {media_type for _, media_type in links["describedby"]} == FORMATS.keys()
    for target, media_type in links["describedby"]:
        place = urlsplit(target)
        described = visitor.get(f"{place.path}?{place.query}", headers=HTML)
        assert (described.status_code, described.mimetype) == (200, media_type)
        content = opened(described.data, visitor) if media_type == "application/ld+json" else described.data
        assert f"{BASE}{path[1:]}" in {quad.subject.value for quad in parse(content, FORMATS[media_type])}
        assert in_header(described)["describes"] == {
            (target.partition("?format")[0].partition("&format")[0], "text/html")
        }
    (cited,) = links["cite-as"]
    assert cited[0] == f"https://w3id.org/zellige{path}"


def test_a_document_has_its_own_licence_and_leads_to_where_it_was_published(visitor: FlaskClient) -> None:
    links = in_header(visitor.get("/doc/hespress-457928", headers=HTML))
    assert links.keys() - {"service-desc"} == {"cite-as", "type", "describedby", "collection", "item"}
    assert links["item"] == {("https://www.maghress.com/fr/hespressfr/457928", "")}
    assert (f"{BASE}ont#SourceDocument", "") in links["type"]
    assert in_page(visitor.get("/doc/hespress-457928", headers=HTML).text)["cite-as"] == links["cite-as"]


def test_the_file_leads_back_to_the_dataset(visitor: FlaskClient, built: Release) -> None:
    ((file, media_type),) = in_header(visitor.get("/dataset", headers=HTML))["item"]
    answer = visitor.get(urlsplit(file).path)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert in_header(answer)["collection"] == {(f"{ROOT}dataset", "text/html")}
    assert answer.data == (built.path / "graph.nq.gz").read_bytes()
    answer.close()


def test_an_author_and_an_identifier_are_told_where_they_are_stated(tmp_path: Path) -> None:
    (write_release(tmp_path) / "void.ttl").write_text(
        f"""@prefix dct: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <{BASE}dataset> dct:creator <https://orcid.org/0000-0002-1825-0097> ; dct:title "T"@en ;
          dct:identifier "r1", "https://doi.org/10.1/a"^^xsd:anyURI .""",
        encoding="utf-8",
    )
    client = create_app(Settings(tmp_path)).test_client()
    links = in_header(client.get("/dataset", headers=HTML))
    assert links["author"] == {("https://orcid.org/0000-0002-1825-0097", "")}
    assert links["cite-as"] == {("https://doi.org/10.1/a", "")}
    assert "license" not in links
    assert in_header(client.get("/id/lab", headers=HTML))["author"] == links["author"]


@pytest.mark.parametrize("path", ["/", "/query", "/id/nothing-here", "/list?class=x", "/sparql"])
def test_other_pages_have_none(visitor: FlaskClient, path: str) -> None:
    assert "cite-as" not in in_header(visitor.get(path, headers=HTML))


def test_no_link_can_be_forged(visitor: FlaskClient) -> None:
    answer = visitor.get("/resource?iri=http%3A%2F%2Fe.org%2F%3E%3B%0D%0AX%3A", headers=HTML)
    assert "X" not in answer.headers
    assert "cite-as" not in in_header(answer)


# --- schema.org


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Morocco's AI programme"), ("ar", "البرنامج المغربي للذكاء الاصطناعي")]
)
def test_the_page_says_in_schema_org_what_the_dataset_is(visitor: FlaskClient, language: str, name: str) -> None:
    answer = visitor.get(f"/dataset?lang={language}", headers=HTML)
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    told = json.loads(block)
    assert (told["@type"], told["@id"], told["name"]) == ("Dataset", f"{BASE}dataset", name)
    assert told["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    (file,) = told["distribution"]
    assert (file["@type"], file["contentUrl"]) == ("DataDownload", f"{ROOT}download/graph.nq.gz")
    assert file["encodingFormat"] == ["application/n-quads", "application/gzip"]
    assert told["includedInDataCatalog"]["@type"] == "DataCatalog"
    assert told["inLanguage"] == ["ar", "en", "fr"]
    assert {"creator", "temporalCoverage", "datePublished"}.isdisjoint(told)  # which nobody has stated
    # As RDF, against a context that needs no network: what the crawlers make of it.
    triples = list(parse(json.dumps({**told, "@context": {"@vocab": "https://schema.org/"}}), RdfFormat.JSON_LD))
    assert len(triples) > 20


def test_a_text_cannot_end_the_block(tmp_path: Path) -> None:
    (write_release(tmp_path) / "void.ttl").write_text(
        f'<{BASE}dataset> <http://purl.org/dc/terms/title> "</script><script>alert(1)</script>"@en .', encoding="utf-8"
    )
    page = Page(create_app(Settings(tmp_path)).test_client().get("/dataset?lang=en", headers=HTML).text)
    assert page.faults == []
    assert [given for tag, given in page.elements if tag == "script"] == [{"type": "application/ld+json"}]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_person_finds_questions_to_begin_with(visitor: FlaskClient, language: str) -> None:
    page = Page(visitor.get(f"/dataset?lang={language}", headers=HTML).text)
    asked = [link for link in page.links() if link.startswith("/query?query=")]
    assert len(asked) >= 8
    for link in asked:
        answer = visitor.get(link, headers=HTML)
        assert answer.status_code == 200
        assert any("td" in path for path, _, _ in Page(answer.text).texts), link
