"""Metadata of tables as a mapping (Generating RDF from tabular data, minimal mode)."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kg.errors import DataError, KgError, MappingError
from kg.rml import map_to

CSV = "Id;Name;Price;Start;Tags;Town\n# a remark\nP1;A b;12,50;25/12/2024;x| y;Rabat\nP2;;n.d.;;;\n"
COLUMNS = [
    {"name": "id", "titles": "Id", "suppressOutput": True},
    {"name": "name", "titles": {"fr": ["Nom", "Name"]}, "propertyUrl": "schema:name", "default": "?"},
    {"name": "price", "titles": "Price", "null": ["n.d.", ""], "propertyUrl": "http://e/{_name}",
     "datatype": {"base": "decimal", "format": {"decimalChar": ","}}},
    {"titles": "Start", "datatype": {"base": "date", "format": "dd/MM/yyyy"}},
    {"name": "tags", "titles": "Tags", "separator": "|", "lang": "ar", "propertyUrl": "http://e/tag"},
    {"name": "town", "titles": "Town", "valueUrl": "http://e/town/{town}{#id}", "propertyUrl": "http://e/in"},
    {"name": "kind", "virtual": True, "aboutUrl": "http://e/{id}", "propertyUrl": "rdf:type", "valueUrl": "org:Site"},
    {"name": "note", "virtual": True, "propertyUrl": "http://e/note", "default": "made"},
]  # fmt: skip
DIALECT = {"delimiter": ";", "header": True}


def write(folder: Path, columns: list[object], table: str = CSV, **more: object) -> Path:
    (folder / "d.csv").write_text(table, encoding="utf-8")
    schema = {"aboutUrl": "http://e/{id}", "columns": columns} | more.pop("schema", {})
    context = ["http://www.w3.org/ns/csvw", {"@language": "fr"}]
    said = {"@context": context, "url": "d.csv", "dialect": DIALECT, "tableSchema": schema} | more
    path = folder / "d.csv-metadata.json"
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def ran(path: Path, base: str | None = "http://b/") -> set[str]:
    output = io.BytesIO()
    map_to(path, output, base=base)
    short = output.getvalue().decode().replace("http://www.w3.org/2001/XMLSchema#", "xsd:")
    return {
        line.removesuffix(" .")
        for line in short.replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:").splitlines()
    }


def test_columns_become_triples(tmp_path: Path) -> None:
    assert ran(write(tmp_path, COLUMNS)) == {
        '<http://e/P1> <http://schema.org/name> "A b"@fr',
        '<http://e/P1> <http://e/price> "12.5"^^<xsd:decimal>',
        '<http://e/P1> <http://b/d.csv#Start> "2024-12-25"^^<xsd:date>',
        '<http://e/P1> <http://e/tag> "x"@ar',
        '<http://e/P1> <http://e/tag> "y"@ar',
        "<http://e/P1> <http://e/in> <http://e/town/Rabat#P1>",
        "<http://e/P1> <rdf:type> <http://www.w3.org/ns/org#Site>",
        '<http://e/P1> <http://e/note> "made"',
        '<http://e/P2> <http://schema.org/name> "?"@fr',
        "<http://e/P2> <rdf:type> <http://www.w3.org/ns/org#Site>",
        '<http://e/P2> <http://e/note> "made"',
    }


def test_rows_without_an_address_are_blank_nodes(tmp_path: Path) -> None:
    path = write(tmp_path, [{"titles": "a", "datatype": "integer"}], "a\n1\n2\n", dialect={}, schema={"aboutUrl": None})
    assert {line.split(" ", 1)[1] for line in ran(path)} == {
        f'<http://b/d.csv#a> "{n}"^^<xsd:integer>' for n in (1, 2)
    }  # fmt: skip
    with pytest.raises(MappingError, match="give a base"):
        ran(path, None)


def test_a_table_without_header_and_several_tables(tmp_path: Path) -> None:
    columns = [{"name": "a"}, {"name": "b", "aboutUrl": "#r-{a}"}]
    table = {"url": "d.csv", "tableSchema": {"columns": columns}, "dialect": {"header": False, "commentPrefix": None}}
    path = write(tmp_path, [], "#1,x\n", tables=[table, {"url": "e.csv", "suppressOutput": True}], url=None)
    made = ran(path)
    assert '<http://b/d.csv#r-%231> <http://b/d.csv#b> "x"@fr' in made
    assert len(made) == 2


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ({"titles": "Nom"}, "column 1 is called 'Id' in d.csv, and 'Nom' here"),
        ({"titles": "Id", "propertyUrl": "http://e/{+Id}"}, "is not supported: a hole is the name of a column"),
        ({"titles": "Id", "propertyUrl": "http://e/{id}"}, "there is no column id"),
        ({"titles": "Id", "datatype": {"base": "string", "format": "[A-Z]"}}, "a format of texts is a constraint"),
        ({"titles": "Id", "datatype": {"base": "boolean", "format": "Y|N"}}, "the format 'Y|N' of boolean"),
        ({"titles": "Id", "datatype": {"base": "decimal", "format": {"decimalChar": "·"}}}, "as the decimal mark"),
        (
            {"titles": "Id", "separator": ";", "datatype": {"base": "date", "format": "dd/MM/yyyy"}},
            "a separator with a format",
        ),
    ],
)
def test_what_is_not_supported_is_told_with_its_line(tmp_path: Path, column: dict[str, object], said: str) -> None:
    path = write(tmp_path, [column], schema={"aboutUrl": None})
    with pytest.raises(MappingError) as caught:
        ran(path)
    (problem,) = caught.value.problems
    assert said in problem.message
    assert path.read_text().splitlines()[problem.position.line - 1].strip().startswith('"titles": ')


def test_cells_that_are_not_what_they_should_be_are_told(tmp_path: Path) -> None:
    path = write(tmp_path, COLUMNS, CSV.replace("25/12/2024", "31/02/2024"))
    with pytest.raises(DataError, match=r"d\.csv:3: .*31/02/2024"):
        ran(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[]", "no metadata of tables"),
        ('{"@context": "http://www.w3.org/ns/csvw"}', "a table has no url"),
        ('{"@context": "http://www.w3.org/ns/csvw", "url": "x.csv", "tableSchema": "s.json"}', "is not fetched"),
        (
            '{"@context": "http://www.w3.org/ns/csvw", "url": "../x.csv", "tableSchema": {"columns": [{"name": "a"}]}}',
            "leads out",
        ),
        ('{"@context": "http://www.w3.org/ns/csvw", "url": "x.csv"}', "no triples map"),
    ],
)
def test_what_is_no_metadata_is_told(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "x-metadata.json"
    path.write_text(content)
    with pytest.raises(KgError, match=said):
        ran(path)


def test_what_is_said_nearest_to_a_column_counts(tmp_path: Path) -> None:
    """Inherited properties: group, table, schema, column (Metadata vocabulary for tabular data, section 5.7)."""
    columns = [{"titles": "a", "propertyUrl": "http://e/a"}, {"titles": "b", "lang": "fr", "propertyUrl": "schema://b"}]
    schema = {
        "aboutUrl": "http://e/x",
        "columns": [*columns, {"titles": "c", "lang": "und", "propertyUrl": "http://e/c"}],
    }
    tables = [
        {"url": "d.csv", "lang": "ar", "tableSchema": schema},
        {"url": "d.csv", "suppressOutput": True, "tableSchema": schema | {"aboutUrl": "http://e/y"}},
    ]
    path = write(tmp_path, [], "a,b,c\n1,2,3\n", tables=tables, lang="en", url=None, dialect={})
    assert ran(path) == {
        '<http://e/x> <http://e/a> "1"@ar',
        '<http://e/x> <schema://b> "2"@fr',
        '<http://e/x> <http://e/c> "3"',
    }


def test_a_header_may_be_the_name_and_a_default_may_say_nothing(tmp_path: Path) -> None:
    columns = [{"name": "id", "titles": "Identifier"}, {"titles": "n", "default": "", "propertyUrl": "http://e/n"}]
    assert ran(write(tmp_path, columns, "id,n\nx,\n", dialect={})) == {'<http://e/x> <http://b/d.csv#id> "x"@fr'}
    made = ran(write(tmp_path, [{"name": "id"}], "x\ny\n", dialect={"headerRowCount": 0}))
    assert made == {f'<http://e/{n}> <http://b/d.csv#id> "{n}"@fr' for n in "xy"}


def test_a_table_that_lies_elsewhere_is_not_even_looked_at(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "x.csv").write_text("secret\n")
    path = write(tmp_path / "in", [{"name": "a"}], url="../x.csv", schema={"aboutUrl": None})
    with pytest.raises(MappingError, match="leads out") as caught:
        ran(path)
    assert "secret" not in str(caught.value)
