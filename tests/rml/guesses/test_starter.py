"""A first mapping of a table: what is sniffed, what is written, and tables that are refused."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rml.datasets import canonical, from_oracle
from rml.oracle.interpreter import interpret

from kg.errors import DataError, KgError, UsageError
from kg.rml import map_to
from kg.rml.starter import starter_mapping

TRILINGUAL = '''\
code;name_ar;name_fr;name_en;population;area_km2;founded;updated;member;site;wikidata;zip;motto
MA;المغرب;Maroc;Morocco;37000000;446550.5;1956;2030-01-31;true;https://example.com/ma;Q1028;01000;"الله, الوطن; الملك"
FR;فرنسا;France;;68000000;551695;0843;2030-02-01;true;https://example.com/fr;Q142;75001;"« Liberté »
Égalité ""Fraternité"""
GB;بريطانيا;Royaume-Uni;United Kingdom;;;1707;;false;;Q145;;
'''


def made(folder: Path, content: str | bytes, name: str = "table.csv") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return starter_mapping(path)


def mapped(folder: Path, content: str | bytes, name: str = "table.csv") -> set[str]:
    """The triples of the starter mapping, by the oracle, with short names."""
    text = made(folder, content, name)
    (folder / "m.rml.ttl").write_text(text, encoding="utf-8")
    short = {"https://example.org/terms#": "ex:", "http://www.w3.org/2001/XMLSchema#": "xsd:"}
    lines = "\n".join(canonical(from_oracle(interpret(folder / "m.rml.ttl"))))
    for long, prefix in short.items():
        lines = re.sub(f"<{re.escape(long)}([^>]*)>", rf"{prefix}\1", lines)
    return {line.removesuffix(" .") for line in lines.split("\n")}


def test_a_table_in_three_languages(tmp_path: Path) -> None:
    lines = mapped(tmp_path, TRILINGUAL, "Pays du monde.csv")
    here = "<https://example.org/pays-du-monde/MA>"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert {line.removeprefix(f"{here} ") for line in lines if line.startswith(here)} == {
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ex:PaysDuMonde",
        'ex:code "MA"',
        f'{label} "المغرب"@ar',
        f'{label} "Maroc"@fr',
        f'{label} "Morocco"@en',
        'ex:population "37000000"^^xsd:integer',
        'ex:areaKm2 "446550.5"^^xsd:decimal',
        'ex:founded "1956"',
        'ex:updated "2030-01-31"^^xsd:date',
        'ex:member "true"^^xsd:boolean',
        "ex:site <https://example.com/ma>",
        "ex:wikidata <http://www.wikidata.org/entity/Q1028>",
        'ex:zip "01000"',
        'ex:motto "الله, الوطن; الملك"',
    }
    assert '<https://example.org/pays-du-monde/FR> ex:motto "« Liberté »\\nÉgalité \\"Fraternité\\""' in lines
    assert not [line for line in lines if line.startswith("<https://example.org/pays-du-monde/GB> ex:population")]


def test_every_choice_is_told(tmp_path: Path) -> None:
    text = made(tmp_path, TRILINGUAL)
    for said in (
        '# A first mapping of "table.csv", to be edited; keep it beside the table.',
        "# Looked at: 3 rows, 13 columns, UTF-8, separated by semicolons.",
        '# "code" has a value in every row and none twice: it names the thing.',
        '# "population": whole numbers, for example "37000000"; empty in 1 of 3',
        '# "name_ar": text, for example "المغرب"',
        "# Digits with a zero in front are taken for a code, not for a number.",
    ):
        assert said in text


def test_the_same_table_gives_the_same_text_and_turtle(tmp_path: Path) -> None:
    text = made(tmp_path, TRILINGUAL)
    assert made(tmp_path, TRILINGUAL) == text
    assert len(list(ox.parse(text, ox.RdfFormat.TURTLE))) > 60


@pytest.mark.parametrize(
    ("header", "values", "written"),
    [
        ("n", ["1", "-2", "", "+3"], "rml:datatype xsd:integer"),
        ("n", ["1.5", "2"], "rml:datatype xsd:decimal"),
        ("n", ["1.5E3", "2"], "rml:datatype xsd:double"),
        ("d", ["2030-01-31", ""], "rml:datatype xsd:date"),
        ("d", ["2030-01-31T10:00:00Z"], "rml:datatype xsd:dateTime"),
        ("b", ["true", "false"], "rml:datatype xsd:boolean"),
        ("year", ["1999", "2030"], "rml:datatype xsd:gYear"),
        ("Année", ["1999"], "rml:datatype xsd:gYear"),
        ("سنة", ["1999"], "rml:datatype xsd:gYear"),
        ("n", ["1999"], "rml:datatype xsd:integer"),
        ("year", ["1999", "12"], "rml:datatype xsd:integer"),
        ("u", ["https://e.org/é", "urn:x:y"], "rml:termType rml:IRI"),
        ("u", ["https://e.org/a b"], None),
        ("q", ["Q1", "Q22"], "http://www.wikidata.org/entity/{q}"),
        ("n", ["007", "8"], None),
        ("n", ["1", "x"], None),
        ("n", ["9223372036854775807"], "rml:datatype xsd:integer"),
        ("n", ["9223372036854775808", "1"], None),
        ("n", ["0.123456789012345678"], "rml:datatype xsd:decimal"),
        ("n", ["0.1234567890123456789"], None),
        ("n", ["1 234 567 890 123 456 789 012,5"], None),
        ("n", [" 1"], "rml:datatype xsd:integer"),
        ("d", ["2030-02-30"], None),
        ("d", ["31/01/2030"], "fn:toDate"),
        ("d", ["31/02/2030"], None),
        ("n", ["12,5"], "fn:toNumber"),
        ("n", ["12,500"], None),
        ("b", ["TRUE"], None),
        ("n", ["٣"], "fn:toInteger"),
        ("n", ["", ""], None),
    ],
)
def test_datatypes(header: str, values: list[str], written: str | None, tmp_path: Path) -> None:
    rows = "".join(f'k{number},"{value}"\n' for number, value in enumerate(values))
    text = made(tmp_path, f"id,{header}\n{rows}")
    block = re.sub("# .*", "", text[text.index(f'# "{header}"') :])
    assert written in block if written else "xsd:" not in block and "termType" not in block


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("label_ar", "ar"),
        ("label@fr", "fr"),
        ("label.en", "en"),
        ("label-zh-Hant", "zh-Hant"),
        ("label (fr)", "fr"),
        ("label[pt_BR]", "pt-BR"),
        ("الوصف_zgh", "zgh"),
        ("user_id", None),
        ("answer_no", None),
        ("label", None),
        ("ar", None),
    ],
)
def test_language_columns(header: str, language: str | None, tmp_path: Path) -> None:
    block = made(tmp_path, f"code,{header}\na,x\n").partition(f'# "{header}"')[2]
    assert re.findall(r'rml:language "([^"]*)"', block) == ([language] if language else [])


def test_a_number_in_a_column_that_ends_like_a_language_is_a_number(tmp_path: Path) -> None:
    assert "xsd:integer" in made(tmp_path, "code,price_fr\na,7\n").partition('"price_fr"')[2]


@pytest.mark.parametrize(
    ("table", "subject"),
    [
        ("a,country_code\nx,MA\ny,FR\n", "{country_code}"),
        ("name,age\nx,1\ny,2\n", "{name}"),
        ("n,code\n1,x\n2,x\n", "{n}"),
        ("a,b,c\n1,1,p\n1,2,q\n2,1,r\n", "{c}"),
        ("a,b\n1,1\n1,2\n2,1\n", "{a}/{b}"),
        ("a,b\n1,1\n1,1\n", "{a}"),
        ("seen,kind,n\n25/12/2024,a,1\n26/12/2024,b,1\n", "{kind}"),
        ("a,b,c,d\n1,1,z,1\n1,1,z,2\n1,2,z,1\n2,1,z,1\n", "{a}/{b}/{d}"),
        ("a,b\n", "{a}"),
    ],
)
def test_the_key(table: str, subject: str, tmp_path: Path) -> None:
    assert f'rml:template "https://example.org/table/{subject}"' in made(tmp_path, table)


def test_keys_that_are_iris(tmp_path: Path) -> None:
    subject = made(tmp_path, "url,n\nhttps://e.org/a,1\nhttps://e.org/b,1\n").partition("subjectMap")[2]
    assert subject.lstrip(" [\n").startswith('rml:reference "url"')
    text = made(tmp_path, "qid,n\nQ1,1\nQ2,1\n")
    assert '"http://www.wikidata.org/entity/{qid}" ;' in text
    assert "ex:qid" not in text, "no thing is its own value"


def test_a_table_without_a_key_says_so(tmp_path: Path) -> None:
    assert "NO COLUMN NAMES A ROW" in made(tmp_path, "a,b\n1,1\n1,1\n")


def test_odd_headers_are_named_exactly_and_made_into_names(tmp_path: Path) -> None:
    header = '"a{b}",back\\slash, spaced ,"say ""x""",%,Prix (MAD),سعر الوحدة,a b,a-b,"two\nlines",2030'
    lines = mapped(tmp_path, header + "\n" + ",".join("abcdefghijk") + "\n")
    assert {line.partition(" ")[2] for line in lines if " ex:" in line and "#type" not in line} == {
        'ex:aB "a"',
        'ex:backSlash "b"',
        'ex:spaced "c"',
        'ex:sayX "d"',
        'ex:column5 "e"',
        'ex:prixMad "f"',
        'ex:سعر_الوحدة "g"',
        'ex:aB-2 "h"',
        'ex:aB-3 "i"',
        'ex:twoLines "j"',
        'ex:2030 "k"',
    }
    assert {line.partition(" ")[0] for line in lines} == {"<https://example.org/table/a>"}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("\ufeffcode,n\nx,1\n".encode(), "UTF-8 with a byte order mark, separated by commas"),
        ("code,n\nx,1\n".encode("utf-16"), "UTF-16, separated by commas"),
        (b"\xfe\xff" + "code\tn\nx\t1\n".encode("utf-16-be"), "UTF-16, separated by tabs"),
        (b"code|n\r\nx|1\r\n", "UTF-8, separated by bars"),
    ],
)
def test_encodings_and_delimiters(content: bytes, encoding: str, tmp_path: Path) -> None:
    text = made(tmp_path, content)
    assert encoding in text
    assert 'rml:reference "code"' in text
    assert ("rml:encoding rml:UTF-16" in text) == encoding.startswith("UTF-16")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", r"table\.csv:1: the table is empty"),
        (b"\n\n", r"the table is empty"),
        (b", ,\n", r"table\.csv:1: no column has a name"),
        (b"a,b,a\n1,2,3\n", r"columns 1 and 3 are both named 'a'"),
        (b"a,b\n1,2\n1,2,3\n", r"table\.csv:3: 3 cells where the header has 2"),
        (b"a,b\n1,2\n\n1\n", r"table\.csv:4: 1 cells where the header has 2"),
        (b'a,b\n1,"x"y\n', r"table\.csv:2: not CSV"),
        (b'a,b\n1,"x\n', r"table\.csv:2: not CSV"),
        (b"a,b\n1,2\n\xf7\xd7,3\n", r"table\.csv:3: not UTF-8: byte 0xf7"),
        (b"a,b\n1,\0\n", r"table\.csv:2: a NUL character"),
        (b"PK\x03\x04rest", r"a spreadsheet or zip archive, not CSV"),
        (b"\x1f\x8b\x08", r"a gzip file, not CSV"),
        (b"a" * 5_000_000, r"a cell is longer than 131,072 characters"),
        (b"ab," * 2_000_000, r"no row ends within 4,000,000 bytes"),
    ],
)
def test_what_is_no_table_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=said):
        made(tmp_path, content)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("shapes.ttl", r"shapes\.ttl is RDF by its name, no table of delimited text \(it needs no mapping: kg serve"),
        ("MAP.TTL", r"is RDF by its name.*kg map runs it without --init"),
        ("a.nt", "is RDF"),
        ("a.owl", "is RDF"),
        ("a.jsonld", "is RDF"),
        ("a.kml", r"a\.kml is XML by its name.*written by hand: rml:referenceFormulation rml:XPath"),
        ("m.yarrrml.yml", "is YAML by its name.*YARRRML"),
        ("a.fods", "is a workbook by its name.*save the sheet as CSV in UTF-8"),
        ("a.parquet", "is a Parquet file"),
        ("a.sqlite3", "is a database"),
        ("a.html", "is HTML"),
        ("a.pdf", "is a document"),
        ("a.rq", "is a query.*kg query runs it"),
        ("a.csv.gz", "is packed by its name.*unpack it"),
    ],
)
def test_a_file_of_another_format_is_refused_by_its_name(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        made(tmp_path, "a,b\n1,2\n", name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("@prefix a: <http://e/> .\na:b a a:c .\n", "is RDF, not CSV"),
        ("\n  PREFIX a: <http://e/>\n", "is RDF"),
        ("<http://e/a> <http://e/b> <http://e/c> .\n", "is RDF"),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "is RDF"),
        ('<?xml version="1.0"?>\n<a/>\n', "is XML.*rml:XPath"),
        ("<!DOCTYPE html>\n<table/>", "is HTML"),
        ('[\n {"a": 1}\n]', "is JSON.*rml:JSONPath"),
        ('\ufeff{"a": 1}', "is JSON"),
        (b"PAR1\x15\x04", "is a Parquet file"),
        (b"SQLite format 3\x00", "is a database"),
        (b"%PDF-1.7", "is a document"),
        (b"\x28\xb5\x2f\xfd", "is a zstd file"),
    ],
)
def test_what_calls_itself_a_table_and_is_none_is_told(content: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=said):
        made(tmp_path, content)


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.tab", "t.txt", "t.dat", "t.psv", "t", "t.2030"])
@pytest.mark.parametrize("header", ["a,b", "[a],[b]", "<a>,<b>", '"{a}",b', "prefix,base", "xml,json"])
def test_what_may_be_a_table_is_read(name: str, header: str, tmp_path: Path) -> None:
    assert "2 columns" in made(tmp_path, f"{header}\n1,2\n", name)


def test_all_faults_of_a_header_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        made(tmp_path, "a,,b,a,\n")
    assert [problem.message for problem in caught.value.problems] == ["columns 1 and 4 are both named 'a'"]


def test_an_absent_table_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        starter_mapping(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="is a folder, and a table is wanted"):
        starter_mapping(tmp_path)


def test_a_long_table_is_sampled(tmp_path: Path) -> None:
    text = made(tmp_path, "code,name_ar\n" + "".join(f"{n},اسم طويل {n}\n" for n in range(300_000)))
    assert "# Looked at: 10000 rows at the start, 2 columns" in text
    text = made(tmp_path, "code,text\n" + "".join(f"{n},{'é' * 100_000}\n" for n in range(30)))
    assert re.search(r"Looked at: 19 rows at the start", text)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=4), st.lists(CELLS, min_size=3, max_size=3))
def test_any_table_gives_a_mapping_or_an_error_with_a_name(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], header: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (header, *rows)]
    try:
        text = made(folder, "\n".join(lines))
    except KgError:
        assert not all(title.strip() for title in header) or len(set(header)) < 3
        return
    (folder / "m.rml.ttl").write_text(text, encoding="utf-8")
    assert {
        q.object.value for q in ox.parse(text, ox.RdfFormat.TURTLE) if q.predicate.value.endswith("/reference")
    } <= {cell for row in (header, *rows) for cell in row}
    map_to(folder / "m.rml.ttl", io.BytesIO())
