"""The columns of a table's page: in the order of the file, on the page, as CSV, as JSON and as SPARQL."""

from __future__ import annotations

import csv
import json
import re
import shutil
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from small_tables import BASE, ENTRY, built, make, mapping

from kg.config import read_config
from kg.ontology.own import own_of
from kg.release import Release
from kg.runs.contents import identify
from kg.tables import Tables
from kg.vocabulary import read_vocabulary
from server.app import create_app
from server.settings import Settings

ZEL = "https://w3id.org/zellige/ont#"
HTML = {"Accept": "text/html"}
OWN = """
<#dam> rml:predicateObjectMap
    [ rml:predicate schema:about ; rml:object "here" ] ,
    [ rml:predicate schema:zone ; rml:objectMap [ rml:reference "zone" ] ] ,
    [ rml:predicate schema:alternateName ; rml:objectMap [ rml:template "{zone} {code}" ; rml:termType rml:Literal ] ] ,
    [ rml:predicate schema:beds ; rml:objectMap [ rml:reference "beds" ; rml:datatype xsd:integer ] ] .
"""
TABLE = """\
zone,beds,code,height,name_fr,name_ar,source,contradicts
n,7,D1,88.50,Barrage du Nord,سد الشمال,note,
,3,D2,133,Barrage,,note,
"""


COLUMNS = [
    "schema:zone",
    "schema:alternateName",
    "schema:beds",
    "zel:quantity zel:numericValue",
    "zel:quantity zel:exactness",
    "zel:name",
    "schema:about",
    "rdf:type",
    "claim zel:assertedBy",
    "claim zel:statedIn",
    "claim zel:modality",
    "claim zel:reviewStatus",
]
JSON = """\
sources:
  dams: {access: dams.json, referenceFormulation: jsonpath, iterator: "$.dams[*]"}
mappings:
  dam:
    sources: dams
    s: https://example.org/small/id/dam-$(code)
    po:
      - [schema:beds, $(beds), xsd:integer]
      - [schema:zone, $(where.zone)]
      - [schema:about, here]
"""


def named(path: list[str]) -> str:
    return " ".join(iri.replace(ZEL, "").replace("https://schema.org/", "") for iri in path)


def told(folder: Path) -> list[str]:
    """The columns of the dams, in the order that their table and its mapping give."""
    config = read_config(folder, {})
    vocabulary = read_vocabulary(config.locate("ontology"), own_of(config), config.vocabulary.extends)
    return [named(list(path)) for path in Tables(config, vocabulary).columns[f"{BASE}table/dams"]]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return built(make(tmp_path_factory.mktemp("dams"), table=TABLE, mapping=mapping(more=OWN)))


@pytest.fixture(scope="module")
def client(release: Release) -> FlaskClient:
    return create_app(Settings(release.path.parent)).test_client()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_person_reads_the_columns_in_the_order_of_the_file(client: FlaskClient, language: str) -> None:
    """`schema:about` stands in no column, and comes after those that do; what is said of claims is last."""
    page = lxml.html.document_fromstring(client.get(f"/table/dams?lang={language}", headers=HTML).data)
    links = page.xpath("//table[@class='grid']//thead//th//a/@href")
    assert [parse_qs(urlsplit(link).query)["sort"][0] for link in links] == COLUMNS


def test_files_and_sparql_of_the_page_have_the_same_order(client: FlaskClient) -> None:
    rows = client.get("/table/dams?format=rows&lang=en").get_json()
    assert [column["name"] for column in rows["columns"]] == COLUMNS
    table = csv.reader(StringIO(client.get("/table/dams?format=csv&lang=en").text))
    assert next(table)[2:] == [column["label"] for column in rows["columns"]]
    page = lxml.html.document_fromstring(client.get("/table/dams?lang=en", headers=HTML).data)
    (query,) = page.xpath("//a[normalize-space()='Open in SPARQL']/@href")
    query = parse_qs(urlsplit(query).query)["query"][0]
    select = next(line for line in query.splitlines() if line.startswith("SELECT"))
    assert re.findall(r"[?](\w+)", select)[2:] == [
        "zone",
        "alternateName",
        "beds",
        "quantity_numericValue",
        "quantity_exactness",
        "name",
        "about",
        "type",
        "assertedBy",
        "statedIn",
        "modality",
        "reviewStatus",
    ]


def test_another_order_of_the_file_is_another_order_of_the_page_and_no_other_statement(tmp_path: Path) -> None:
    turned = [",".join(reversed(line.split(","))) for line in TABLE.splitlines()]
    folder = make(tmp_path, table="\n".join(turned) + "\n", mapping=mapping(more=OWN))
    assert [name for name in told(folder) if " " not in name] == [
        "name", "quantity", "numericValue", "beds", "zone", "alternateName"
    ]  # fmt: skip


def test_what_the_key_of_a_row_stands_in_beside_other_cells_goes_to_those(tmp_path: Path) -> None:
    """The height is `id/height-{height}-{code}`, and `code` is the first column."""
    folder = make(tmp_path)
    assert told(folder) == ["name", "quantity", "quantity numericValue", "numericValue"]


def test_links_and_functions_stand_where_the_cells_do_that_they_are_made_of(tmp_path: Path) -> None:
    more = """
@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .
<#dam> rml:predicateObjectMap
    [ rml:predicate schema:isPartOf ; rml:objectMap [ rml:parentTriplesMap <#zone> ] ] ,
    [ rml:predicate schema:additionalName ; rml:objectMap [ rml:functionExecution <#loud> ] ] .
<#zone> a rml:TriplesMap ; rml:logicalSource <#rows> ; rml:subjectMap [ rml:template "id/zone-{beds}" ] ;
    rml:predicateObjectMap [ rml:predicate schema:zone ; rml:objectMap [ rml:reference "zone" ] ] .
<#loud> rml:function grel:toUpperCase ; rml:input
    [ rml:parameter grel:valueParam ; rml:inputValueMap [ rml:reference "name_fr" ] ] .
"""
    folder = make(tmp_path, table=TABLE, mapping=mapping(more=more))
    assert told(folder) == [
        "isPartOf zone",
        "zone",
        "isPartOf",
        "quantity",
        "quantity numericValue",
        "numericValue",
        "name",
        "additionalName",
    ]


def test_members_of_records_have_no_order_but_that_of_the_mapping(tmp_path: Path) -> None:
    entry = ENTRY.format(slug="dams").replace(
        "    title:", "    file: dams.json\n    mapping: dams.yarrrml.yml\n    title:"
    )
    folder = make(tmp_path, tables=entry)
    place = folder / "data" / "tables"
    (place / "dams.rml.ttl").unlink()
    (place / "dams.csv").unlink()
    row = {"where": {"zone": "n"}, "beds": 2, "code": "D1", "name_fr": "x", "source": "note", "contradicts": ""}
    (place / "dams.json").write_text(json.dumps({"dams": [row]}), encoding="utf-8")
    prefixes = "prefixes: {schema: 'https://schema.org/', xsd: 'http://www.w3.org/2001/XMLSchema#'}\n"
    (place / "dams.yarrrml.yml").write_text(prefixes + JSON, encoding="utf-8")
    assert told(folder) == ["beds", "zone"]


def test_a_release_of_before_has_its_columns_by_their_names(release: Release, tmp_path: Path) -> None:
    older = tmp_path / "releases" / release.id
    shutil.copytree(release.path, older)
    (tmp_path / "releases" / "current").symlink_to(release.id)
    shown = json.loads((older / "display.json").read_bytes())
    del shown["tables"]
    (older / "display.json").write_text(json.dumps(shown), encoding="utf-8")
    rows = create_app(Settings(tmp_path / "releases")).test_client().get("/table/dams?format=rows&lang=en").get_json()
    names = [column["name"] for column in rows["columns"]]
    assert sorted(names) == sorted(COLUMNS)
    assert names != COLUMNS


def test_the_order_of_columns_has_no_part_in_the_id(release: Release) -> None:
    identity = release.manifest
    del identity["files"]["display.json"]
    assert identify(identity) == release.id
