"""Tables and trees as people have them: titles, several header rows, merged cells, rules of columns, misspelt members."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.mappings import file_source, lines, objects, one_map
from rml.table_files import workbook

from kg.cli.main import kg
from kg.errors import DataError, KgError, MappingError
from kg.rml import Access, Limits, OnError, map_to

CSV = ("t.csv", "rml:CSV")
XLSX = ("t.xlsx", "rml:SQL2008Table")


def mapped(
    folder: Path, table: str | list[list[object]], more: str, references: list[str], **options: object
) -> list[str]:
    """The objects that columns of a table make, CSV or a sheet."""
    if isinstance(table, str):
        (folder / "t.csv").write_text(table)
        source = file_source(*CSV, None, more)
    else:
        workbook(folder, {"S": table})
        source = file_source(*XLSX, None, more)
    return objects(one_map(folder, source, "http://e/{i}", references), **options)


@pytest.mark.parametrize(
    "text",
    [
        "i,a,,\n1,x,,\n",
        "i,a\n1,x,\n2,y,\n",
        "i,a,,\n1,x\n2,y\n",
        "i,b,a,b\n1,,x,\n",
        "i,a,\n1,x,7\n",
        "i,a,,,\n1,x,,\n2,y,,\n",
    ],
    ids=["no names", "delimiters after the last", "cells that are left out", "twice", "a cell without name", "fewer"],
)
def test_columns_that_nobody_asks_for_do_not_matter(tmp_path: Path, text: str) -> None:
    assert mapped(tmp_path, text, "", ["a"])[0] == '<1> <p0> "x"'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("i,a,a\n1,x,y\n", r"t\.csv:1: two columns are named 'a'"),
        ("i,a\n1,x\n2,y,\n", r"t\.csv:3: the row has 3 cells, the header 2"),
        ("i,a\n1,x,\n2,y\n", r"t\.csv:3: the row has 2 cells, the first one below the header 3, the header 2 \(delim"),
        ("i,a\n1,x,\n2,y,z\n", r"t\.csv:3: the row has 3 cells, the header 2"),
        ("i,a,,\n1,x\n2,y,,\n", r"t\.csv:3: the row has 4 cells, the first one below the header 2, the header 4"),
        ("i,a,\n1\n", r"t\.csv:2: the row has 1 cells, the header 3"),
    ],
)
def test_rows_that_do_not_agree_are_faults(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        mapped(tmp_path, text, "", ["a"])


def test_cells_of_a_sheet_that_no_column_names_are_left_out(tmp_path: Path) -> None:
    assert mapped(tmp_path, [["i", "a"], [1, "x"], [2, "y", "note"]], "", ["a"]) == ['<1> <p0> "x"', '<2> <p0> "y"']


def test_a_title_with_the_name_of_one_column_is_no_header(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"row 3 has it: write csvw:dialect \[ csvw:skipRows 2 \]"):
        mapped(tmp_path, "a,\ni,x\ni,a\n1,x\n", "", ["a"])


TITLED = [["Report 2024", None, None], [None, None, None], ["i", "a", None], [1, "x", None]]
TITLED_CSV = "Report 2024,,\n,,\ni,a,\n1,x,\n"


@pytest.mark.parametrize("table", [TITLED, TITLED_CSV], ids=["sheet", "csv"])
def test_title_rows_are_left_out_by_the_dialect_that_the_error_names(tmp_path: Path, table: object) -> None:
    hint = r"has no column 'a' \(row 3 has it: write csvw:dialect \[ csvw:skipRows 2 \] in the source\)"
    with pytest.raises(MappingError, match=hint):
        mapped(tmp_path, table, "", ["a"])
    assert mapped(tmp_path, table, "; csvw:dialect [ csvw:skipRows 2 ]", ["a"]) == ['<1> <p0> "x"']


@pytest.mark.parametrize("has_values", [True, False])
def test_several_header_rows_name_a_column_together(tmp_path: Path, has_values: bool) -> None:
    rows = [["", "People", "", "Area"], ["i", "2019", "2024", ""], *([["1", "5", "6", "7"]] if has_values else [])]
    dialect = "; csvw:dialect [ csvw:headerRowCount 2 ]"
    expected = ['<1> <p0> "6"', '<1> <p1> "7"'] if has_values else []
    references = ["People / 2024", "Area"]
    assert mapped(tmp_path, "".join(",".join(row) + "\n" for row in rows), dialect, references) == expected
    sheet = [[cell or None for cell in row] for row in rows]
    assert mapped(tmp_path, sheet, dialect, references) == expected


def test_a_sheet_without_header_and_with_columns_at_the_left(tmp_path: Path) -> None:
    rows = [[None, 1, "x"], ["!", 2, "y", "z"]]
    workbook(tmp_path, {"S": rows})
    source = file_source(*XLSX, None, "; csvw:dialect [ csvw:header false ; csvw:skipColumns 1 ; csvw:trim true ]")
    made = objects(one_map(tmp_path, source, "http://e/{_col.1}", ["_col.2", "_col.3"]))
    assert made == ['<1> <p0> "x"', '<2> <p0> "y"', '<2> <p1> "z"']


def test_merged_cells_are_filled_if_the_dialect_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"S": [["i", "a", "b"], [1, "x", None], [2, None, "y"], [3, None, None], [4, "z", None]]})
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("B5:C5")
    book.save(path)

    def made(kind: str) -> list[str]:
        dialect = f'; csvw:dialect [ <https://w3id.org/zellige/layout#mergedCells> "{kind}" ]'
        return objects(one_map(tmp_path, file_source(*XLSX, None, dialect), "http://e/{i}", ["a", "b"]))

    assert made("first") == ['<1> <p0> "x"', '<2> <p1> "y"', '<4> <p0> "z"']
    assert made("fill") == ['<1> <p0> "x"', '<2> <p0> "x"', '<2> <p1> "y"', '<4> <p0> "z"', '<4> <p1> "z"']
    with pytest.raises(MappingError, match="mergedCells is fill or first"):
        made("all")


RULES = """; csvw:tableSchema [ csvw:column
    [ csvw:name "a" ; csvw:null "-" , "n/a" ; csvw:trim true ] ,
    [ csvw:titles "b" ; <https://w3id.org/zellige/layout#fillDown> true ] ]"""


@pytest.mark.parametrize("is_list", [False, True])
def test_columns_have_rules_of_their_own(tmp_path: Path, is_list: bool) -> None:
    rules = RULES.replace("csvw:column\n", "csvw:column (\n").replace("] ,\n", "]\n").replace("] ]", "] ) ]")
    table = "i,a,b,c\n1, - ,x,-\n2, y ,,n/a\n3,n/a,z, c \n"
    expected = ['<1> <p1> "x"', '<1> <p2> "-"', '<2> <p0> "y"', '<2> <p1> "x"', '<2> <p2> "n/a"', '<3> <p1> "z"']
    expected.append('<3> <p2> " c "')
    assert mapped(tmp_path, table, rules if is_list else RULES, ["a", "b", "c"]) == expected
    not_down = RULES.replace("fillDown> true", "fillDown> false")
    assert '<2> <p1> "x"' not in mapped(tmp_path, table, not_down, ["a", "b", "c"])
    sheet = [[cell or None for cell in line.split(",")] for line in table.splitlines()]
    assert mapped(tmp_path, sheet, rules if is_list else RULES, ["a", "b", "c"]) == expected


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('[ csvw:null "-" ]', "a column has no csvw:name"),
        ('[ csvw:name "a" ; csvw:trim "both" ]', "csvw:trim is one of false, true, start, end"),
        ('[ csvw:name "a" ; csvw:separator ";" ]', "a column has no property separator here"),
    ],
)
def test_rules_that_are_not_known_are_refused(tmp_path: Path, rules: str, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        mapped(tmp_path, "i,a\n1,x\n", f"; csvw:tableSchema [ csvw:column {rules} ]", ["a"])


# --- members that no record has --------------------------------------------------------------------------------------

JSON = '[{"i": 1, "name": "a", "in": {"x": 1}}, {"i": 2, "name": "b", "none": null}, {"i": 3, "list": []}]'
XML = '<r xmlns:y="http://y/"><i n="1"><name>a</name><y:m>2</y:m><e/></i><i n="2"/></r>'


def tree(folder: Path, content: str, reference: str, iterator: str | None = None, name: str = "") -> Path:
    is_json = content.lstrip()[0] in "[{"
    file = name or ("t.json" if is_json else "t.xml")
    (folder / file).write_text(content)
    walked = iterator or ("$[*]" if is_json else "/r/i")
    source = file_source(file, "rml:JSONPath" if is_json else "rml:XPath", walked)
    return one_map(folder, source, "http://e/{$.i}" if is_json else "http://e/{@n}", [reference])


@pytest.mark.parametrize(
    ("content", "reference", "said"),
    [
        (JSON, "$.nmae", r"no record of t\.json has \$\.nmae \(did you mean '\$\.name'"),
        (JSON, "$.in.y", r"no record of t\.json has \$\.in\.y \(did you mean '\$\.in\.x'"),
        (JSON, "$.lst[*]", r"no record of t\.json has \$\.lst\[\*\]"),
        (XML, "nmae", r"no record of t\.xml has nmae \(did you mean 'name'"),
        (XML, "@m", r"no record of t\.xml has @m"),
        (XML, "m", r'no record of t\.xml has m \(declare it.*rml:namespaceURL "http://y/"'),
    ],
)
def test_a_member_that_no_record_has_is_an_error(tmp_path: Path, content: str, reference: str, said: str) -> None:
    path = tree(tmp_path, content, reference)
    for workers in (1, 2):
        with pytest.raises(MappingError, match=said) as caught:
            lines(path, workers=workers)
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "rml:reference " in text)
    assert caught.value.problems[0].position.line == line
    assert lines(path, on_error=OnError.SKIP) == []


@pytest.mark.parametrize(
    ("content", "reference"),
    [(JSON, "$.none"), (JSON, "$.list[*]"), (XML, "e"), ("[]", "$.x"), ("<r/>", "x"), (JSON, "$.in")],
)
def test_a_member_that_is_there_and_empty_is_none(tmp_path: Path, content: str, reference: str) -> None:
    if reference in {"$.in", "$.list[*]"}:
        content = content.replace('"in": {"x": 1}', '"in": null')
    assert all(line.endswith('""') for line in objects(tree(tmp_path, content, reference)))


def test_a_stream_that_is_too_large_to_be_held_is_told_without_a_hint(tmp_path: Path) -> None:
    content = "<r>" + "".join(f'<i n="{n}"><a>x</a></i>' for n in range(9000)) + "</r>"
    path = tree(tmp_path, content, "b")
    with pytest.raises(MappingError, match=r"no record of t\.xml has a value for b$"):
        lines(path, access=Access(Limits(document=100_000)))


def test_lines_of_json_are_looked_at_too(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="did you mean"):
        lines(tree(tmp_path, '{"i": 1, "name": "a"}\n{"i": 2}\n', "$.nmae", "$", "t.jsonl"))


def test_what_some_records_lack_is_counted(tmp_path: Path) -> None:
    path = tree(tmp_path, JSON, "$.name")
    result = CliRunner().invoke(kg, ["map", str(path), "-v"])
    assert "http://e/m: 1 of 3 records have no $.name" in result.stderr
    result = CliRunner().invoke(kg, ["map", str(path), "--json", "-o", str(tmp_path / "o.nq")])
    assert json.loads(result.stdout)["data"]["maps"][0]["lacking"] == {"$.name": 1}
    content = '[{"i": 1, "t": ["a"]}, {"i": 2, "t": []}, {"i": 3, "t": ["b", "c"]}]'
    (part,) = map_to(tree(tmp_path, content, "$.t[*]"), io.BytesIO()).parts
    assert part.lacking == (("$.t[*]", 1),), "an array without members is a value that is lacking"


def test_of_the_records_above_nothing_is_known(tmp_path: Path) -> None:
    content = '{"none": 1, "of": [{"i": 1}, {"i": 2}]}'
    assert objects(tree(tmp_path, content, "^$.nothing", "$.of[*]")) == []


def test_a_missing_member_is_a_warning_where_rows_are_skipped(tmp_path: Path) -> None:
    result = CliRunner().invoke(kg, ["map", str(tree(tmp_path, JSON, "$.nmae")), "--on-error", "skip"])
    assert result.exit_code == 0
    assert "warning: " in result.stderr
    assert "no record of t.json has $.nmae" in result.stderr


def test_an_iterator_that_forgets_the_namespace_names_it(tmp_path: Path) -> None:
    content = '<r xmlns="http://d/"><i n="1"><a>x</a></i></r>'
    with pytest.raises(MappingError, match=r'/r/i finds nothing in t\.xml, whose elements are of <http://d/>.*"d"'):
        lines(tree(tmp_path, content, "a"))
    assert lines(tree(tmp_path, "<r/>", "a")) == []


# --- blanks ----------------------------------------------------------------------------------------------------------


def test_blanks_that_go_into_an_iri_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n 2 ,y\n3\u00a0,z\na b,c\n")
    path = one_map(tmp_path, file_source(*CSV), "http://e/{i}", ["a"])
    result = CliRunner().invoke(kg, ["map", str(path)])
    assert "<http://e/%202%20>" in result.stdout
    (warning,) = [line for line in result.stderr.splitlines() if line.startswith("warning")]
    assert "t.csv:3: ' 2 ' goes into an IRI with the blanks around it" in warning
    assert "1 more like it" in warning
    trimming = one_map(tmp_path, file_source(*CSV, None, "; csvw:dialect [ csvw:trim true ]"), "http://e/{i}", ["a"])
    assert "warning" not in CliRunner().invoke(kg, ["map", str(trimming)]).stderr


def test_blanks_are_told_of_rows_beside_faulty_ones(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\0\n 2 ,y\n")
    path = one_map(tmp_path, file_source(*CSV), "http://e/{i}", ["a"])
    with pytest.raises(KgError):
        lines(path)
    result = CliRunner().invoke(kg, ["map", str(path), "--on-error", "skip"])
    assert result.stderr.count("goes into an IRI") == 1
