"""The description of a dataset by DCAT-AP 3, judged by shapes: our own, and the official ones where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from shared_data import SHARED
from small_project import ENTITIES, KG_TOML, kg, make

from kg.config import Project, read_config
from kg.config.catalogue import FREQUENCIES, THEMES, Catalogue, theme_labels
from kg.description import About, Counts, Dump, Presented, describe
from kg.errors import ConfigError

OWN = Path(__file__).parent / "dcat-ap.shapes.ttl"
OFFICIAL = SHARED / "suites" / "dcat-ap" / "dcat-ap-SHACL.ttl"
BASE = "https://example.org/kg/"
FULL = Catalogue(
    contact="data@example.org",
    publisher_iri="https://ror.org/0000",
    creators=("Al-Jazari <https://orcid.org/0000-0002-1825-0097>",),
    themes=("TECH", "GOVE"),
    languages=("ar", "fr", "en"),
    keywords={"en": "one, two", "ar": "واحد، اثنان"},
    issued="2025-01-01",
    frequency="IRREG",
    temporal="2019-10/2030",
    spatial=("http://publications.europa.eu/resource/authority/country/MAR",),
    landing_page="https://example.org/about",
    identifier="https://doi.org/10.1234/abc",
)
PROJECT = Project(
    "sample", BASE, publisher="The makers", title={"en": "Sample", "ar": "عيّنة"}, description={"en": "A sample."}
)
EMPTY = Counts(1, 1, 0, 0, 0, 1, 1, {}, {}, {}, {})
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DATASET = rdflib.URIRef(f"{BASE}dataset")
Described = Callable[[Catalogue], Path]


def described(stated: Catalogue, issued: str | None = "2026-01-01", project: Project = PROJECT) -> str:
    about = About(project, "r1", issued, Presented(stated))
    return describe(EMPTY, about, Dump(1234, "ab" * 32))


def graph_of(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="turtle")


@pytest.mark.parametrize("shapes", [OWN, OFFICIAL], ids=["own", "official"])
@pytest.mark.parametrize("stated", [Catalogue(), FULL], ids=["nothing", "everything"])
def test_it_conforms(tmp_path: Path, shapes: Path, stated: Catalogue) -> None:
    if not shapes.is_file():
        pytest.skip("the official shapes of DCAT-AP are absent")
    data = tmp_path / "dataset.ttl"
    data.write_text(described(stated), encoding="utf-8")
    done = kg("validate", data, "--shapes", shapes, "--engine", "both", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("dct:title", "dct:title"),
        ("dcat:accessURL", "dcat:accessURL"),
        ("spdx:checksumValue", "checksumValue"),
        ("skos:prefLabel", "skos:prefLabel"),
    ],
)
def test_the_shapes_miss_what_is_not_there(tmp_path: Path, wrong: str, told: str) -> None:
    data = tmp_path / "dataset.ttl"
    lines = described(FULL).replace(f"{wrong} ", "rdfs:seeAlso ")
    data.write_text(f"@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n{lines}", encoding="utf-8")
    done = kg("validate", data, "--shapes", OWN, cwd=tmp_path)
    assert done.returncode == 1
    assert told in done.stdout + done.stderr


def test_what_is_not_stated_is_not_said() -> None:
    graph = graph_of(described(Catalogue(), None))
    for name in ("contactPoint", "theme", "keyword", "landingPage"):
        assert not list(graph.objects(None, DCAT[name])), name
    terms = rdflib.DCTERMS
    for term in (terms.creator, terms.language, terms.issued, terms.modified, terms.temporal, terms.spatial):
        assert not list(graph.objects(DATASET, term)), term
    unknown = graph_of(described(Catalogue(), None, replace(PROJECT, publisher="")))
    assert not list(unknown.subjects(rdflib.RDF.type, DCAT.Catalog))  # a catalogue wants a publisher


def test_what_is_stated_is_said() -> None:
    graph = graph_of(described(FULL))
    terms = rdflib.DCTERMS
    assert [str(v) for v in graph.objects(DATASET, terms.issued)] == ["2025-01-01"]
    assert [str(v) for v in graph.objects(DATASET, terms.modified)] == ["2026-01-01"]  # the date of the release
    assert {str(v) for v in graph.objects(DATASET, DCAT.keyword)} == {"one", "two", "واحد", "اثنان"}
    period = graph.value(DATASET, terms.temporal)
    assert graph.value(period, DCAT.startDate).datatype == rdflib.XSD.gYearMonth
    assert str(graph.value(period, DCAT.endDate)) == "2030"
    mail = graph.value(
        graph.value(DATASET, DCAT.contactPoint), rdflib.URIRef("http://www.w3.org/2006/vcard/ns#hasEmail")
    )
    assert str(mail) == "mailto:data@example.org"
    size = graph.value(rdflib.URIRef(f"{BASE}dataset#graph-nq-gz"), DCAT.byteSize)
    assert (int(size), size.datatype) == (1234, rdflib.XSD.nonNegativeInteger)
    assert str(graph.value(None, rdflib.RDF.type, DCAT.DataService)) == f"{BASE}dataset#service"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('contact = "nobody"', "[catalogue] contact: 'nobody' is no e-mail address and no page"),
        ('themes = ["TECHNO"]', "[catalogue] themes: 'TECHNO' is no data theme of the EU and no IRI"),
        ('languages = ["tlh"]', "[catalogue] languages: the language 'tlh' is not known here"),
        ('frequency = "often"', "[catalogue] frequency: 'often' is no frequency of the EU"),
        ('issued = "2026-02-30"', "[catalogue] issued: '2026-02-30' is no date"),
        ('issued = "2026"', "[catalogue] issued: '2026' is no date"),
        ('temporal = "2030/2019"', "[catalogue] temporal: '2030/2019' is no period"),
        ('temporal = "/"', "[catalogue] temporal: '/' is no period"),
        ('temporal = "2019-13/"', "[catalogue] temporal: '2019-13/' is no period"),
        ('creators = ["0000-0002"]', "[catalogue] creators: '0000-0002' is no http(s) IRI"),
        ('theme = "TECH"', "unknown key 'theme' in [catalogue]"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    make(tmp_path, toml=f"{KG_TOML}\n[catalogue]\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path, {})
    assert said in str(caught.value)
    assert f"kg.toml:{len(KG_TOML.splitlines()) + 3}" in str(caught.value)


def test_the_words_of_the_authorities_are_well_formed() -> None:
    assert len(THEMES) == 14
    assert all(code.isupper() for code in (*THEMES, *FREQUENCIES))
    assert theme_labels("https://example.org/theme") == {}


def test_a_build_says_it(tmp_path: Path) -> None:
    stated = '[catalogue]\nthemes = ["TECH"]\ncontact = "https://example.org/desk"\n'
    make(tmp_path, toml=f"{KG_TOML}\n{stated}", entities=ENTITIES)
    done = kg("build", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    release = tmp_path / "releases" / "current"
    graph = rdflib.Graph().parse(release / "void.ttl", format="turtle")
    file = rdflib.URIRef("https://example.org/small/dataset#graph-nq-gz-sha256")
    told = str(graph.value(file, rdflib.URIRef("http://spdx.org/rdf/terms#checksumValue")))
    manifest = json.loads((release / "manifest.json").read_bytes())
    assert told == manifest["files"]["graph.nq.gz"]["sha256"]
    pages = graph.objects(None, rdflib.URIRef("http://www.w3.org/2006/vcard/ns#hasURL"))
    assert [str(page) for page in pages] == ["https://example.org/desk"]
