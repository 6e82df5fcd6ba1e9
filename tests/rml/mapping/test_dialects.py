"""Dialects of CSVW: what they change, and what is refused by name instead of being read over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rml.mappings import file_source, lines, objects, one_map

from kg.errors import DataError, MappingError
from kg.rml import map_to


def table(folder: Path, content: str, dialect: str, references: list[str], name: str = "t.csv") -> Path:
    (folder / name).write_bytes(content.encode())
    more = f"; csvw:dialect [ {dialect} ]" if dialect else ""
    return one_map(folder, file_source(name, "rml:CSV", None, more), "http://e/1", references)


@pytest.mark.parametrize(
    ("content", "dialect", "values"),
    [
        ("a;b\nx;'y;z'\n", 'csvw:delimiter ";" ; csvw:quoteChar "\'"', ["x", "y;z"]),
        ('a\tb\nx"\t"y\n', 'csvw:delimiter "\\t" ; csvw:quoteChar ""', ['x"', '"y']),
        ('a,b\n"x\\"y",z\n', "csvw:doubleQuote false", ['x"y', "z"]),
        ("\n\nnot this\na,b\nx,y\n", 'csvw:skipRows "3"', ["x", "y"]),
        ("n,a,b\n1,x,y\n", 'csvw:skipColumns "1"', ["x", "y"]),
        ('a, b\nx, "y, z"\n', "csvw:skipInitialSpace true", ["x", "y, z"]),
        (" a ,b\n x ,  y \n", "csvw:trim true", ["x", "y"]),
        (" a,b\n x ,  y \n", 'csvw:trim "start"', ["x ", "y "]),
        ("a ,b\n x ,y \n", 'csvw:trim "end"', [" x", "y"]),
        ('# "a\n a,b\n#x,y\n"x\n#1",y\n# end', 'csvw:commentPrefix "#" ; csvw:trim true', ["x\n#1", "y"]),
        ("a,b\nx,y\n", 'csvw:header true ; csvw:skipBlankRows true ; csvw:lineTerminators "\\n"', ["x", "y"]),
    ],
)
def test_what_a_dialect_says_is_done(tmp_path: Path, content: str, dialect: str, values: list[str]) -> None:
    made = objects(table(tmp_path, content, dialect, ["a", "b"]))
    assert [line.partition(" ")[2] for line in made] == [
        f"<p{n}> " + '"' + value.replace('"', '\\"').replace("\n", "\\n") + '"' for n, value in enumerate(values)
    ]


@pytest.mark.parametrize("dialect", ["csvw:header false", 'csvw:headerRowCount "0"'])
def test_without_a_header_columns_are_numbered(tmp_path: Path, dialect: str) -> None:
    path = table(tmp_path, "x,y\nz,w\n", dialect, ["_col.2"])
    assert objects(path) == ['<1> <p0> "y"', '<1> <p0> "w"']


@pytest.mark.parametrize("name", ["t.tsv", "t.TAB"])
def test_a_file_of_tabs_needs_no_dialect(tmp_path: Path, name: str) -> None:
    assert objects(table(tmp_path, "a\tb\nx\ty,z\n", "", ["b"], name)) == ['<1> <p0> "y,z"']
    path = table(tmp_path, "a,b\nx,y\n", 'csvw:delimiter ","', ["b"], name)
    assert objects(path) == ['<1> <p0> "y"']


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("csvw:skipBlankRows false", "csvw:skipBlankRows false is not supported"),
        ('csvw:lineTerminators "|"', "other csvw:lineTerminators are not supported"),
        ('csvw:headerRowCount "10"', "csvw:headerRowCount is a number from 0 to 9"),
        ('csvw:skipRows "-1"', "csvw:skipRows is a number"),
        ('csvw:header "maybe"', "csvw:header is true or false"),
        ('csvw:trim "left"', "csvw:trim is one of"),
        ('csvw:delimiter ";;"', "csvw:delimiter is one character"),
        ('csvw:delimeter ";"', "no property delimeter (did you mean 'delimiter'?)"),
        ('csvw:encoding "latin-99"', "unknown encoding 'latin-99'"),
        ('ex:delimiter ";"', "a dialect has no property"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(tmp_path: Path, dialect: str, said: str) -> None:
    path = table(tmp_path, "a,b\nx,y\n", dialect, ["a"])
    with pytest.raises(MappingError) as caught:
        lines(path)
    assert said in str(caught.value)


def test_lines_are_counted_from_the_top_of_the_file(tmp_path: Path) -> None:
    content = "one\ntwo\n# c\na,b\n# c\nx,y\nz\n"
    path = table(tmp_path, content, 'csvw:skipRows "2" ; csvw:commentPrefix "#"', ["a"])
    with pytest.raises(DataError, match=r"t\.csv:7: the row has 1 cells, the header 2"):
        lines(path)


def test_encodings_and_byte_order_marks(tmp_path: Path) -> None:
    for encoding, more in (
        ("utf-16", "; rml:encoding rml:UTF-16"),
        ("utf-16-le", '; csvw:dialect [ csvw:encoding "utf-16-le" ]'),
        ("cp1256", '; csvw:dialect [ csvw:encoding "windows-1256" ]'),
        ("utf-8-sig", ""),
    ):
        mark = "\ufeff" if encoding == "utf-16-le" else ""
        (tmp_path / "t.csv").write_bytes(f"{mark}a,b\nسد,é\n".encode(encoding))
        path = one_map(tmp_path, file_source("t.csv", "rml:CSV", None, more), "http://e/1", ["a"])
        assert objects(path) == ['<1> <p0> "سد"'], encoding
    (tmp_path / "t.csv").write_bytes("a,b\nسد,y\n".encode("utf-16"))
    with pytest.raises(DataError, match=r"not utf-8.*it begins like UTF-16: write rml:encoding rml:UTF-16"):
        lines(one_map(tmp_path, file_source("t.csv", "rml:CSV"), "http://e/1", ["a"]))


def test_lines_of_json_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_bytes('{"a": "سد"}\n{"a": "ਊ"}\n'.encode("utf-16"))
    source = file_source("t.jsonl", "rml:JSONPath", "$", "; rml:encoding rml:UTF-16")
    assert objects(one_map(tmp_path, source, "http://e/1", ["$.a"])) == ['<1> <p0> "سد"', '<1> <p0> "ਊ"']


def test_a_table_with_a_dialect_is_whole_with_workers_too(tmp_path: Path) -> None:
    rows = "".join(f"{i};'a;\n{i}'\n# comment '\n" for i in range(60_000))
    dialect = 'csvw:delimiter ";" ; csvw:quoteChar "\'" ; csvw:commentPrefix "#"'
    path = table(tmp_path, f"a;b\n{rows}", dialect, ["a", "b"])
    alone, shared = io.BytesIO(), io.BytesIO()
    map_to(path, alone)
    map_to(path, shared, workers=2)
    assert alone.getvalue() == shared.getvalue()
    assert alone.getvalue().count(b"\n") == 120_000


def test_a_table_of_csvw_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\nx\n\nNA\n")
    source = file_source("t.csv", "rml:CSV", None, '; csvw:null "NA"').replace("rml:RelativePathSource", "csvw:Table")
    assert objects(one_map(tmp_path, source.replace("rml:path", "csvw:url"), "http://e/1", ["a"])) == ['<1> <p0> "x"']


def test_rows_of_a_table_need_no_iterator(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\nx\n")
    with pytest.raises(MappingError, match="a table in CSV has no rml:iterator"):
        lines(one_map(tmp_path, file_source("t.csv", "rml:CSV", "row"), "http://e/1", ["a"]))


@pytest.mark.parametrize(
    ("content", "dialect", "hint"),
    [
        (
            "i;a\n1;x\n",
            "",
            'its columns stand between semicolons: write csvw:dialect [ a csvw:Dialect ; csvw:delimiter ";" ]',
        ),
        ("i\ta\n1\tx\n", "", r'between tabs: write csvw:dialect [ a csvw:Dialect ; csvw:delimiter "\t" ]'),
        (
            "i,a\n1,x\n",
            'csvw:delimiter ";"',
            'between commas: write csvw:dialect [ a csvw:Dialect ; csvw:delimiter "," ]',
        ),
        ("i;b\n1;x\n", "", "columns: i;b"),
    ],
)
def test_another_delimiter_is_told_by_the_columns_that_it_would_give(
    tmp_path: Path, content: str, dialect: str, hint: str
) -> None:
    with pytest.raises(MappingError) as caught:
        lines(table(tmp_path, content, dialect, ["i", "a"]))
    assert hint in str(caught.value.problems[0].hint)


def test_another_delimiter_is_told_by_cells_in_quotes(tmp_path: Path) -> None:
    path = table(tmp_path, '\ufeff"i";"a"\n"1";"x"\n', "", ["i", "a"])
    with pytest.raises(DataError, match=r't.csv:1: not CSV.*between semicolons: csvw:delimiter ";" of its dialect'):
        lines(path)
    with pytest.raises(DataError, match="a cell with quotes begins and ends with one"):
        lines(table(tmp_path, '"i","a"\n"1"x,"y"\n', "", ["i", "a"]))


def test_another_delimiter_is_told_in_the_words_of_yarrrml(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i;a\n1;x\n")
    (tmp_path / "m.yml").write_text(
        "mappings: {m: {sources: [[t.csv~csv]], s: http://e/$(i), po: [[http://e/p, $(a)]]}}\n"
    )
    with pytest.raises(MappingError) as caught:
        lines(tmp_path / "m.yml")
    (first, _) = caught.value.problems
    given = str(first.hint).partition("write ")[2].removesuffix(" in the source")
    (tmp_path / "m.yml").write_text(
        f"mappings: {{m: {{sources: [{given}], s: http://e/$(i), po: [[http://e/p, $(a)]]}}}}\n"
    )
    assert len(lines(tmp_path / "m.yml")) == 1
