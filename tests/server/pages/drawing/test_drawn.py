"""The drawings of a release that says little exactly: bands, points and fades stand where the data put them, with who says it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import write_release

from kg.store import load_files
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
ID = "https://w3id.org/zellige/id/"
DATES = {
    "year": "2026", "vague": "2024~", "unsure": "2027?", "month": "2025-07", "day": "2025-07-02",
    "going": "2028/..", "ended": "../2023", "decade": "202X", "season": "2026-21",
}  # fmt: skip
QUANTITIES = {
    "q1": "zel:numericValue 10 ; zel:unit unit:dollar ; zel:exactness ex:about",
    "q2": "zel:numericValue 12 ; zel:unit unit:dollar ; zel:exactness ex:exact",
    "q3": "zel:numericValue 100 ; zel:unit unit:dirham ; zel:exactness ex:exact",
    "q4": "zel:lowerBound 20 ; zel:unit unit:jobs ; zel:exactness ex:at-least",
    "q5": "zel:lowerBound 5 ; zel:upperBound 15 ; zel:unit unit:jobs",
    "q6": 'a zel:Quantity ; zel:asWorded "آلاف"@ar ; zel:unit unit:jobs ; zel:exactness ex:vague',
}
_PREFIXES = """\
@prefix ex: <https://w3id.org/zellige/scheme/exactness/> .
@prefix unit: <https://w3id.org/zellige/scheme/unit/> .
"""


def claim(name: str, said: str, document: str, also: str = "", review: str = "located") -> str:
    """A claim of one document."""
    return f"""c:{name} {{ {said} }}
g:claims {{ c:{name} a zel:Claim ; zel:statedIn doc:{document} ; zel:reviewStatus rev:{review} ;
  zel:publisher "{document}.example" ; zel:published "2026-01-12"^^edtf:EDTF ; zel:gloss "It says {name}."@en {also} . }}
"""


def claims() -> str:
    dates = "".join(
        claim(f"D{name}", f'd:{name} zel:deadline "{date}"^^edtf:EDTF .', "paper") for name, date in DATES.items()
    )
    also = {"q1": '; zel:quote "يناهز 10" ; zel:contradicts c:Aq2', "q2": "; zel:agreesWith c:Aq3"}
    values = "".join(
        claim(
            f"A{name}", f"d:target zel:targetQuantity d:{name} . d:{name} {said} .", f"paper{name}", also.get(name, ""),
            "reviewed" if name == "q1" else "located",
        )
        for name, said in QUANTITIES.items()
    )  # fmt: skip
    base = claim(
        "B1", 'd:target zel:baseline d:before . d:before zel:quantity d:q0 ; zel:period "2022"^^edtf:EDTF .'
        "d:q0 zel:numericValue 4 ; zel:unit unit:dollar .", "paperq2",
    )  # fmt: skip
    return (
        _PREFIXES + dates + values + base
        + claim("P1", "d:accord zel:party d:lab , d:town ; zel:signatory d:mayor .", "paper", review="reviewed")
        + claim("P2", "d:works zel:hasHelper d:lab .", "journal")
        + claim("R1", 'd:gone zel:deadline "1990"^^edtf:EDTF .', "paper", review="rejected")
        + """g:entities { d:target rdfs:label "the target"@en , "الهدف"@ar . d:lab rdfs:label "The <b>lab</b>"@en .
  d:town rdfs:label "المدينة"@ar . d:mayor rdfs:label "a mayor"@en . d:accord rdfs:label "an accord"@en .
  d:year rdfs:label "the year"@en . d:works rdfs:label "\\u202Eworks"@en . }
g:ontology { zel:deadline rdfs:subPropertyOf zel:date ; rdfs:label "deadline"@en . zel:period rdfs:subPropertyOf zel:date .
  zel:party rdfs:domain zel:Agreement ; rdfs:range <http://xmlns.com/foaf/0.1/Agent> ; rdfs:label "party"@en .
  zel:signatory rdfs:domain zel:Agreement ; rdfs:range <http://xmlns.com/foaf/0.1/Person> .
  <http://xmlns.com/foaf/0.1/Person> rdfs:subClassOf <http://xmlns.com/foaf/0.1/Agent> .
  zel:hasHelper rdfs:subPropertyOf zel:hasPartner ; rdfs:label "has helper"@en .
  unit:dollar skos:prefLabel "dollar"@en . unit:dirham skos:prefLabel "dirham"@en . unit:jobs skos:prefLabel "jobs"@en . }
"""
    )  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    releases = tmp_path_factory.mktemp("drawn")
    write_release(releases, facts="", claims=claims())
    return create_app(Settings(releases)).test_client()


def page(client: FlaskClient, address: str, language: str = "en", **query: str) -> lxml.html.HtmlElement:
    """A page that a browser need not forgive anything."""
    answer = client.get(address, query_string={"lang": language, **query}, headers=HTML)
    assert answer.status_code == 200, answer.text
    assert Page(answer.text).faults == []
    return lxml.html.fromstring(answer.text)


def rows(read: lxml.html.HtmlElement) -> dict[str, lxml.html.HtmlElement]:
    """The rows of a drawing by the words of their marks' titles, or what stands in the place of a mark."""
    return {row[-1].text_content().strip(): row for row in read.xpath("//table[@class='drawn']/tbody/tr")}


def band(row: lxml.html.HtmlElement) -> tuple[float, float, str, bool]:
    """Where the band of a row begins and how wide it is, in hundredths; what it is filled with; whether it is vague."""
    (found,) = row.xpath(".//*[local-name()='rect']")
    left, width = (float(found.get(name).rstrip("%")) for name in ("x", "width"))
    return left, width, found.get("fill") or "", "vague" in found.get("class")


def point(row: lxml.html.HtmlElement) -> float:
    (found,) = row.xpath(".//*[@class='point']")
    return float(found.get("x").rstrip("%"))


def test_a_date_covers_what_it_says_and_no_more(client: FlaskClient) -> None:
    read = rows(page(client, "/timeline"))
    # The scale is from 2020 to 2030, ten hundredths a year.
    assert band(read["2026"]) == (60.0, 10.0, "", False)
    assert band(read["about 2024"]) == (40.0, 10.0, "", True)
    assert band(read["2027, uncertain"]) == (70.0, 10.0, "", True)
    assert band(read["a year from 2020 to 2029"]) == (0.0, 100.0, "", True)
    assert band(read["since 2028"]) == (80.0, 20.0, "url(#page-fade-right)", False)
    assert band(read["until 2023"]) == (0.0, 40.0, "url(#page-fade-left)", False)
    assert 55 < point(read["July 2025"]) < 56
    assert point(read["July 2, 2025"]) == 55.0
    season = read["This date has no place on the scale."]
    assert "2026-21" in season.text_content()
    assert season.xpath(".//*[local-name()='svg']") == []
    assert "1990" not in page(client, "/timeline").text_content(), "the claim was rejected"


def test_in_arabic_time_runs_from_right_to_left(client: FlaskClient) -> None:
    read = rows(page(client, "/timeline", "ar"))
    assert band(read["2026"]) == (30.0, 10.0, "", False)
    assert band(read["منذ 2028"]) == (0.0, 20.0, "url(#page-fade-left)", False)


def test_every_mark_leads_to_the_claim_that_has_the_words(client: FlaskClient) -> None:
    row = rows(page(client, "/timeline"))["2026"]
    (link,) = row.xpath(".//a[@class='onto']")
    assert link.get("href") == "/claim/Dyear?lang=en"
    assert "It says Dyear." in client.get(link.get("href"), headers=HTML).text
    assert "paper.example, January 12, 2026" in row.text_content()


def test_the_map_of_the_site_names_the_drawings(client: FlaskClient) -> None:
    places = re.findall(r"<loc>[^<]*?/(\w+)</loc>", client.get("/sitemap/1.xml").text)
    assert {"timeline", "targets", "partners", "sources"} <= set(places)


def test_dates_of_one_property_alone(client: FlaskClient) -> None:
    whole = page(client, "/timeline")
    assert "2022" not in rows(whole), "what time a value covers is no event"
    chosen = page(client, "/timeline", of="https://w3id.org/zellige/ont#period")
    assert list(rows(chosen)) == ["2022"]
    wrong = client.get("/timeline?of=urn:nothing", headers=HTML)
    assert (wrong.status_code, "lists, by its IRI" in wrong.text) == (404, True)
    assert client.get("/timeline?page=x").status_code == 400


def test_amounts_of_different_units_never_share_a_scale(client: FlaskClient) -> None:
    read = page(client, "/targets")
    heads = [" ".join(it.text_content().split()) for it in read.xpath("//table[@class='drawn']/thead")]
    units = [head.partition("Who says so")[0].strip() for head in heads]
    assert sorted(units) == ["Unit: dirham", "Unit: dollar", "Unit: jobs"]
    tables = dict(zip(units, read.xpath("//table[@class='drawn']"), strict=True))
    dollars = {row[0].text_content().split()[-2]: row for row in tables["Unit: dollar"].xpath("tbody/tr")}
    assert [point(dollars[number]) for number in ("4", "10", "12")] == [26.67, 66.67, 80.0]
    assert "baseline, 2022" in dollars["4"].text_content()
    assert dollars["10"].xpath(".//*[@class='halo']"), "it is about there"
    assert dollars["12"].xpath(".//*[@class='halo']") == []


def test_bounds_are_bands_and_words_without_a_number_are_not_drawn(client: FlaskClient) -> None:
    read = rows(page(client, "/targets"))
    left, width, fill, _ = band(read["not less than 20 jobs"])
    assert (fill, left + width) == ("url(#page-fade-right)", 100.0)
    assert width > 10, "what has no end has room to fade"
    assert band(read["between 5 jobs and 15 jobs"])[2:] == ("", False)
    assert "آلاف" in read["No number is given."].text_content()


def test_who_contradicts_whom_stands_beside_the_values(client: FlaskClient) -> None:
    read = rows(page(client, "/targets"))
    one, other = read["about 10 dollars"], read["12 dollars"]
    assert [bool(row.xpath(".//*[@class='contested']")) for row in (one, other)] == [True, True]
    assert "reviewed" in one.text_content()
    assert "يناهز 10" in one.text_content()
    assert [row.xpath(".//*[local-name()='svg']")[0].get("class") for row in (one, other)] == ["strip", "strip unread"]


def test_partners_are_found_by_the_hierarchy_of_the_vocabulary(client: FlaskClient) -> None:
    read = page(client, "/partners")
    told = {tuple(cell.text_content().strip() for cell in row[-3:-1]) for row in read.xpath("//tbody/tr")}
    assert told == {
        ("The <b>lab</b>", "party"), ("المدينة", "party"), ("a mayor", "zel:signatory"),
        ("The <b>lab</b>", "has helper"),
    }  # fmt: skip
    lines = read.xpath("//*[local-name()='path'][contains(@class, 'tie')]")
    assert len(lines) == 4
    assert {line.getparent().get("href") for line in lines} == {"/claim/P1?lang=en", "/claim/P2?lang=en"}
    town = next(
        it for it in read.xpath("//*[local-name()='svg']//text()[.='المدينة']") if it.getparent().tag == "tspan"
    )
    assert town.getparent().getparent().get("direction") == "rtl"


def test_documents_meet_where_their_claims_are_tied(client: FlaskClient) -> None:
    read = page(client, "/sources")
    signs = {(it.get("href"), it.getparent().get("href")) for it in read.xpath("//a/*[contains(@class, 'sign')]")}
    assert signs == {("#page-contradicts", "/claim/Aq1?lang=en"), ("#page-agrees", "/claim/Aq3?lang=en")}
    told = [" ".join(row.text_content().split()) for row in read.xpath("//tbody/tr")]
    assert any("contradicts" in row and "It says Aq1. ✕ It says Aq2." in row for row in told)


def test_what_is_not_there_is_neither_drawn_nor_linked(tmp_path: Path) -> None:
    text = '<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "a"@en .\n<urn:a> <urn:born> "1901-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> .'
    (tmp_path / "own.nt").write_text(text, encoding="utf-8")
    (tmp_path / "files").mkdir()
    count = load_files([tmp_path / "own.nt"], tmp_path / "files" / "store")
    manifest = {"id": "files", "base": "http://example.org/", "title": {"en": "own"}, "counts": {"quads": count}}
    (tmp_path / "files" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    client = create_app(Settings(tmp_path, "files")).test_client()
    home = page(client, "/")
    assert [href for href in home.xpath("//ul[@class='further']//a/@href") if "timeline" in href] == [
        "/timeline?lang=en"
    ]
    for name in ("targets", "partners", "sources"):
        assert "Nothing here." in page(client, f"/{name}").text_content()
        assert not any(name in href for href in home.xpath("//a/@href"))
    read = rows(page(client, "/timeline"))
    assert list(read) == ["May 1901"]
    assert read["May 1901"].xpath(".//a[@class='onto']") == [], "nobody says it but the file"
