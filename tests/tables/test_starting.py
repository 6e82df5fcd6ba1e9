"""`kg init --from table`: a project of tables that builds and answers as it stands, whatever the tables look like."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import scaffold
from kg.cli.main import kg
from kg.config import read_config
from kg.errors import DataError, UsageError
from kg.release import open_release
from kg.tables.starting import start
from server.app import create_app
from server.settings import Settings

FARMS = "code,name,county,hectares,trees,crop\nF1,Green Ridge,Nyeri,12.5,300,coffee\nF2,Lake View,Kisumu,40,,rice;maize\nF3,Red Soil,Meru,7.25,120,rice\nF4,Old Mill,Meru,3,80,tea;maize\n"
TABLES = {
    "farms.csv": FARMS,
    "مزارع.csv": "رمز;الاسم;المساحة\nم1;الوادي;١٢\nم2;الجبل;٣٠\n",  # a claim can have no such name
    "empty.csv": "key,size\n",
    "no-key.csv": "a,b\n1,x\n1,x\n2,y\n",
    "pages.csv": "url\nhttps://e.org/a\nhttps://e.org/b\n",
    "2020 yields.tsv": "farm\t2018\t2019\t2020\nF1\t1,5\t2,5\t3\nF2\t4\t5\t\n",
    "odd.json": '{"odd": [{"id": "a", "n{x}": 1}, {"id": "b", "n{x}": 2.5}]}',
}


def run(*arguments: str | Path) -> str:
    done = CliRunner().invoke(kg, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def given(folder: Path, tables: dict[str, str]) -> list[Path]:
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in tables]


def test_tables_become_a_project_that_builds_answers_and_is_shown(tmp_path: Path) -> None:
    paths, folder = given(tmp_path, TABLES), tmp_path / "farms"
    said = run("init", folder, "--from", "table", *paths, "--languages", "en")
    assert "farms.csv: 4 things -> data/tables/farms.rml.ttl says what a row states" in said
    assert said.count("no column names each row: the table is one claim") == 1
    assert 'مزارع.csv: "رمز" names each row, by more than letters and digits: a hash of it names its claim' in said
    assert said.endswith("kg build\nkg serve\n")
    assert (folder / "data/tables/farms.csv").read_bytes() == FARMS.encode()
    built = run("build", folder)
    assert (
        built.count("warning")
        == built.count("no node is a target of the shape https://example.org/farms/shape/Empty")
        == 1
    )
    tried = run("test", folder)
    assert "passed    question farms: 4 rows, as expected" in tried
    assert "passed    question 2020-yields-number: 2 rows" not in tried
    assert "passed    question odd: 2 rows, as expected" in tried  # numbers with and without a fraction are of one kind
    assert "passed    case invalid/Farms: 2 results, as expected" in tried
    assert tried.endswith("\n24 passed\n")
    assert run("fmt", folder) == "every file is in its short form\n"
    assert "4 claims are rows of tables" not in run("verify", folder)
    assert "tables " in run("doctor", folder)
    assert "nothing to carry over" in _upgraded(folder)
    release = open_release(read_config(folder).releases)
    client = create_app(Settings(release.path.parent)).test_client()
    home = client.get("/?lang=fr", headers={"Accept": "text/html"}).text
    assert "Que dit farms.csv sous « hectares » ?" in home
    thing = client.get("/id/farms/F1?lang=en", headers={"Accept": "text/html"}).text
    assert "<title>Green Ridge · farms</title>" in thing
    for words in ("row=2", "12.5", "county"):
        assert words in thing


def _upgraded(folder: Path) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return run("upgrade")


def test_without_a_table_there_is_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "no table was named, so here is a small one: kg init wood --from table YOURS.csv" in run(
        "init", "wood", "--from", "table"
    )
    there = {path.relative_to(tmp_path / "wood").as_posix() for path in (tmp_path / "wood").rglob("*.*")}
    assert {"data/tables/trees.csv", "data/tables/trees.rml.ttl", "vocabulary/terms.ttl", "shapes/own.ttl"} <= there
    record = scaffold.read_record(tmp_path / "wood")
    assert (record.kind, "data/tables/trees.csv" in record.files) == ("table", False)
    # A table alone is a project here; and what is there already stays.
    given(tmp_path, {"farms.csv": FARMS})
    run("init", "farms.csv", "--from", "table", "--name", "here")
    refused = CliRunner().invoke(kg, ["init", "farms.csv", "--from", "table", "--name", "here"])
    assert "kg.toml is there already" in refused.output


def test_terms_are_those_of_the_columns_and_what_several_tables_have_is_said_of_none(tmp_path: Path) -> None:
    tables = {
        "farms.csv": FARMS,
        "rain.csv": "k,2018,2019,2020\nx,1,2,3\ny,4,5,6\n",
        "mills.csv": "code,site,opened,county,year\nM1,https://e.org/1,2001-02-03,Meru,1999\nM2,https://e.org/2,2002-03-04,Nyeri,2003\n",
    }
    begun = start(given(tmp_path, tables), "https://e.org/", "farms", ["fr", "sw"])
    text = begun.files["vocabulary/terms.ttl"].decode()
    assert ':Farms a owl:Class ;\n    rdfs:label "farms"@fr , "farms"@sw .\n' in text
    assert ':county a owl:DatatypeProperty ;\n    rdfs:label "county"@fr , "county"@sw .\n' in text
    assert "    rdfs:domain :Farms ;\n    rdfs:range xsd:decimal .\n" in text
    assert ":site a owl:ObjectProperty" in text
    assert "    rdfs:domain :Mills ;\n    rdfs:range xsd:date .\n" in text
    assert (
        '    rdfs:label "year"@fr , "year"@sw ;\n    rdfs:range xsd:gYear .\n' in text
    )  # of mills, and of years of rain
    assert ':of a owl:ObjectProperty ;\n    rdfs:label "of"@fr , "of"@sw ;\n    rdfs:domain :Observation .\n' in text
    assert '"name" ; rml:language "und"' in begun.files["data/tables/farms.rml.ttl"].decode()
    assert begun.files["data/queries/mills.tsv"].decode().splitlines()[1:] == [
        "<https://e.org/id/mills/M1>\t<https://e.org/1>",
        "<https://e.org/id/mills/M2>\t<https://e.org/2>",
    ]


@pytest.mark.parametrize(
    ("tables", "error", "told"),
    [
        ({"a.csv": "id,n\n1,2\n2\n"}, DataError, r"a\.csv:3: "),
        ({"late.csv": "id,n\n" + "".join(f"{n},{n}\n" for n in range(10_001)) + "x,none\n"}, DataError,
         r"late\.csv:10003: 'x' is no xsd:integer \(whole"),
        ({"a.csv": "id,at\nx,https://e.org/\n", "b.csv": "id,at\nx,here\n"}, UsageError, "'at' is a link in one table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_the_table_that_was_given(
    tmp_path: Path, tables: dict[str, str], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        start(given(tmp_path, tables), "https://e.org/", "x", ["en"])


GRANTS = """\
Grants of 2024 (thousands);;;;
No;Laboratory;Day;Sum;Remark
1;ENSIAS, LISSI;25/03/2024;1 250,50;n.d.
2;مختبر الذكاء;2 juin 2024;980,00;first part
3;LRI (Fès);2024-06-30;1 100;
;TOTAL;;3 330,50;
;;;;
Source: the ministry;;;;
"""


def test_what_the_records_of_a_tree_hold_beyond_values_is_said_at_once(tmp_path: Path) -> None:
    """A museum is not called by its town, and lists of its collections are not forgotten without a word."""
    museums = [
        {"id": f"M{n}", "town": {"name": f"Town {n}"}, "name": {"ar": f"متحف {n}", "en": f"Museum {n}"},
         "rooms": [{"n": 1}], "days": [{"d": 2}], "note": {} if n else "closed"}
        for n in range(3)
    ]  # fmt: skip
    paths, folder = given(tmp_path, {"museums.json": json.dumps({"museums": museums})}), tmp_path / "p"
    said = run("init", folder, "--from", "table", *paths, "--languages", "en,ar")
    assert "museums.json: $.rooms[*] and $.days[*] hold records of their own, and are left out: a view makes" in said
    assert "museums.json: $.note is a value in some records and holds records or nothing in others" in said
    run("build", folder)
    run("test", folder)
    client = create_app(Settings(read_config(folder).releases)).test_client()
    assert "<title>Museum 1 · p</title>" in client.get("/id/museums/M1?lang=en", headers={"Accept": "text/html"}).text


def test_sums_and_notes_are_no_rows_and_things_are_called_by_their_words(tmp_path: Path) -> None:
    """As a person finds a table: titles, a sum, notes, days written in three ways, names in two scripts."""
    unnumbered = "".join(line.partition(";")[2] + "\n" for line in GRANTS.splitlines()[1:6])
    paths, folder = given(tmp_path, {"grants.csv": GRANTS, "labs.csv": unnumbered}), tmp_path / "p"
    said = run("init", folder, "--from", "table", *paths, "--languages", "en,ar")
    assert 'grants.csv: the row "TOTAL" has the sum of "Sum", and is left out' in said
    assert "grants.csv: what lies below the table is taken for notes, and left out" in said
    assert 'labs.csv: "Laboratory" names each row, by more than letters and digits' in said
    run("build", folder)
    release = open_release(read_config(folder).releases)
    assert release.manifest["counts"]["claims"] == 6  # three rows in each
    client = create_app(Settings(release.path.parent)).test_client()
    thing = client.get("/id/grants/2?lang=en", headers={"Accept": "text/html"}).text
    assert "<title>مختبر الذكاء · p</title>" in thing
    assert "June 2, 2024" in thing
    listed = client.get("/list?class=https://example.org/p/ont%23Labs&lang=en", headers={"Accept": "text/html"}).text
    assert [name in listed for name in ("ENSIAS, LISSI", "LRI (Fès)", "TOTAL", "Source")] == [True, True, False, False]


@pytest.mark.parametrize("is_told_by_mapping", [True, False])
def test_what_the_register_leaves_out_makes_no_claim_whatever_the_mapping_says(
    tmp_path: Path, is_told_by_mapping: bool
) -> None:
    folder = tmp_path / "grants"
    run("init", folder, "--from", "table", *given(tmp_path, {"grants.csv": GRANTS}), "--languages", "en")
    mapping, register = folder / "data/tables/grants.rml.ttl", folder / "data/tables/tables.yaml"
    if not is_told_by_mapping:
        lines = mapping.read_text(encoding="utf-8").splitlines(keepends=True)
        mapping.write_text("".join(line for line in lines if "rml:condition" not in line), encoding="utf-8")
    assert "3 rows of 1 tables, 3 others left out: " in run("build", folder, "--verbose")
    assert open_release(read_config(folder).releases).manifest["counts"]["claims"] == 3
    text = register.read_text(encoding="utf-8")
    assert '      "Laboratory": ["TOTAL"]\n' in text or '"Laboratory": ["", "TOTAL"]' in text
    register.write_text(text.replace('"Laboratory":', '"Labratory":'), encoding="utf-8")
    refused = CliRunner().invoke(kg, ["build", str(folder)])
    assert "grants.csv has no column 'Labratory' (did you mean 'Laboratory'?)" in refused.output
    register.write_text(re.sub(r"(\"Laboratory\": ).*", r"\1{a: b}", text), encoding="utf-8")
    refused = CliRunner().invoke(kg, ["build", str(folder)])
    assert 'a text is expected, not a mapping (write the text of a cell, or "" for an empty one)' in refused.output


def test_rows_of_one_hash_are_told_as_rows_of_one_id(tmp_path: Path) -> None:
    folder = tmp_path / "labs"
    run("init", folder, "--from", "table", *given(tmp_path, {"l.csv": "name,town\nE (1),A\nE (2),B\n"}))
    table = folder / "data/tables/l.csv"
    table.write_text("name,town\nE (1),A\nE (1),B\n", encoding="utf-8")
    sources = folder / "data/sources.yaml"
    text = sources.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if "sha256" in line)
    new = f"    sha256: {hashlib.sha256(table.read_bytes()).hexdigest()}"
    sources.write_text(text.replace(old, new), encoding="utf-8")
    refused = CliRunner().invoke(kg, ["build", str(folder)])
    assert "l.csv:3: claim 'l-" in refused.output
    assert "exists already (see row 2; if several rows are meant" in refused.output
