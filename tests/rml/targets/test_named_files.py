"""Files whose names follow from rows: which triples are in which, and which names there may be."""

from __future__ import annotations

import io
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rml.by_hand import csv_source, json_source
from rml.running import mapping

from kg.cli.main import kg
from kg.errors import DataError, KgError, MappingError
from kg.rml import Access, OnError, map_parts, map_to
from kg.rml.spark import map_with_spark
from kg.rml.targets import places

FORMATS = "@prefix formats: <http://www.w3.org/ns/formats/> .\n"


def target(name: str, made: str, more: str = "") -> str:
    return f"ex:{name} a rml:LogicalTarget ; rml:target [ a rml:FilePath ; rml:path [ {made} ] ] {more} .\n"


def rules(folder: Path, described: str, *aims: str, source: str = "", subject: str = "i") -> Path:
    """A triples map over `t.csv` with a property `v`, whose terms have targets: subject, predicate, object."""
    own, verb, made = (f"; rml:logicalTarget {aim}" if aim else "" for aim in (*aims, "", "", "")[:3])
    pair = f'rml:predicateMap [ rml:constant ex:p {verb} ] ; rml:objectMap [ rml:reference "{subject[:-1]}v" {made} ]'
    about = f'rml:subjectMap [ rml:template "http://e/{{{subject}}}" {own} ]'
    text = f"{FORMATS}ex:m {source or csv_source('t.csv')} ; {about} ; rml:predicateObjectMap [ {pair} ] .\n"
    return mapping(folder, text + described)


def table(folder: Path, *rows: tuple[object, ...]) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (("i", "n", "v"), *rows)]
    (folder / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def written(path: Path, folder: Path, **options: object) -> tuple[str, dict[str, bytes]]:
    output = io.BytesIO()
    summary = map_to(path, output, access=Access(targets=folder), **options)
    there = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert {str(file.path.relative_to(folder)) for file in summary.files} <= there.keys()
    return output.getvalue().decode(), there


def line(subject: object, value: object) -> str:
    return f'<http://e/{subject}> <http://e/p> "{value}" .\n'


NAMES = st.sampled_from(["", "a", "b c", "سد", "A", "%41", "x.nq", "~", "e\u0301", "'", "日本"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "u", "w"])), min_size=1, max_size=30))
def test_every_line_is_in_the_files_that_its_row_names(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """Against a slow look at each row: the same bytes of one process and of two."""
    folder = tmp_path_factory.mktemp("rows")
    table(folder, *((number, name, value) for number, (name, value) in enumerate(rows)))
    described = target("a", 'rml:template "in/{n}-s"') + target("b", 'rml:reference "v"')
    path = rules(folder, described, "ex:a", "", "ex:b")
    expected: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(rows):
        for file in (f"in/{name}-s", value):
            if value and not (file.startswith("in/") and not name):
                expected.setdefault(file, []).append(line(number, value))
    for workers in (1, 2):
        output, made = written(path, folder / f"out{workers}", workers=workers)
        assert not output
        assert {name: content.decode() for name, content in made.items()} == {
            name: "".join(lines) for name, lines in expected.items()
        }


def test_a_row_that_names_no_file_goes_to_the_output_or_to_its_other_targets(tmp_path: Path) -> None:
    table(tmp_path, (1, "a", "x"), (2, "", "y"))
    output, made = written(rules(tmp_path, target("a", 'rml:template "{n}.nq"'), "ex:a"), tmp_path / "out")
    assert (output, made) == (line(2, "y"), {"a.nq": line(1, "x").encode()})
    both = target("a", 'rml:template "{n}.nq"') + (
        'ex:b a rml:LogicalTarget ; rml:target [ a rml:FilePath ; rml:path "all.nq" ] .\n'
    )
    output, made = written(rules(tmp_path, both, "ex:a, ex:b"), tmp_path / "both")
    assert not output
    assert made == {"a.nq": line(1, "x").encode(), "all.nq": (line(1, "x") + line(2, "y")).encode()}


def test_a_row_of_several_names_is_in_several_files(tmp_path: Path) -> None:
    rows = [{"i": 1, "n": ["a", "b", "a"], "v": "x"}, {"i": 2, "n": ["b"], "v": "y"}, {"i": 3, "v": "z"}]
    (tmp_path / "t.json").write_text(json.dumps(rows))
    described = target("a", 'rml:template "{$.n[*]}.nq"')
    path = rules(tmp_path, described, "ex:a", source=json_source("t.json"), subject="$.i")
    output, made = written(path, tmp_path / "out")
    assert output == line(3, "z")
    assert made == {"a.nq": line(1, "x").encode(), "b.nq": (line(1, "x") + line(2, "y")).encode()}


def test_syntax_packing_prefixes_and_order_are_those_of_any_target(tmp_path: Path) -> None:
    table(tmp_path, (2, "a", "x"), (1, "a", "x"), (1, "a", "x"), (1, "b", "y"))
    described = target("a", 'rml:template "{n}.ttl"', "; rml:serialization formats:Turtle")
    path = rules(tmp_path, described, "ex:a")
    made = written(path, tmp_path / "out")[1]
    assert made["a.ttl"].decode() == '@prefix ex: <http://e/> .\nex:1 ex:p "x" .\nex:2 ex:p "x" .\n'
    plain = rules(tmp_path, target("a", 'rml:template "{n}.nq"'), "ex:a")
    assert written(plain, tmp_path / "plain")[1]["a.nq"].decode() == line(2, "x") + 2 * line(1, "x")
    assert written(plain, tmp_path / "once", distinct=True)[1]["a.nq"].decode() == line(1, "x") + line(2, "x")


def test_a_function_may_make_a_name_of_any_text(tmp_path: Path) -> None:
    table(tmp_path, (1, "../A b", "x"))
    slug = "<https://w3id.org/zellige/fn#slug>"
    inner = 'rml:input [ rml:parameter <https://w3id.org/zellige/fn#text> ; rml:inputValueMap [ rml:reference "n" ] ]'
    described = target("a", f"rml:functionExecution [ rml:function {slug} ; {inner} ]")
    assert written(rules(tmp_path, described, "ex:a"), tmp_path / "out")[1] == {"a-b": line(1, "x").encode()}


@contextmanager
def few_files(most: int) -> Iterator[None]:
    """So many beside those that this process has open already, from other tests."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    last = max(int(file.name) for file in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (last + most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_files_are_written_one_at_a_time_and_appear_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(tmp_path, *((number, f"f{number % 300}", "x") for number in range(600)))
    path = rules(tmp_path, target("a", 'rml:template "{n}.nq"'), "ex:a")
    with few_files(100):
        assert len(written(path, tmp_path / "out")[1]) == 300
    monkeypatch.setattr(places, "MOST_NAMED", 299)
    with pytest.raises(DataError, match=r"m\.ttl:5: rows name more than 299 files"):
        written(path, tmp_path / "none")
    assert not [file for file in (tmp_path / "none").rglob("*") if file.is_file()]


HOSTILE = [
    ("../up", "makes no folders"),
    ("a/b", "makes no folders"),
    ("/etc/x", "makes no folders"),
    ("a\\b", "makes no folders"),
    ("..", "leads upwards"),
    (".hidden", "hidden"),
    ("a\tb", "control character"),
    ("a\x1fb", "control character"),
    ("a\x7f", "control character"),
    ("x" * 201, "longer than 200 bytes"),
    ("س" * 101, "longer than 200 bytes"),
    ("a.gz", "suffix of gzip"),
]


@pytest.mark.parametrize(("name", "said"), HOSTILE)
def test_a_value_that_is_no_name_is_a_fault_of_its_row(name: str, said: str, tmp_path: Path) -> None:
    table(tmp_path, (1, "fine", "x"), (2, name, "y"))
    path = rules(tmp_path, target("a", 'rml:reference "n"'), "ex:a")
    with pytest.raises(DataError, match=rf"t\.csv:3: .* is no name of a file: .*{said}.*\[.*m\.ttl:5\]"):
        written(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    output, made = written(path, tmp_path / "out", on_error=OnError.SKIP)
    assert (output, list(made)) == ("", ["fine"])


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ('rml:template "../{n}"', "leads upwards"),
        ('rml:template "/etc/{n}"', "lies outside of"),
        ('rml:template ".git/{n}"', "is hidden"),
        ('rml:template "away/{n}"', "leads through a symbolic link"),
        ('rml:template "{nn}"', "has no column 'nn'"),
        ('rml:template "{n"', "not a template"),
        ("rml:termType rml:IRI", "the rml:path says nothing"),
    ],
)
def test_what_no_row_could_mend_is_told_before_a_row_is_read(made: str, said: str, tmp_path: Path) -> None:
    table(tmp_path, (1, "a", "x"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/away").symlink_to(tmp_path)
    with pytest.raises(MappingError, match=rf"m\.ttl:5: .*{said}"):
        written(rules(tmp_path, target("a", made), "ex:a"), tmp_path / "out")


@pytest.mark.parametrize(
    ("names", "others", "said"),
    [
        (("t.csv",), "", "'t.csv' would take the place of another file"),
        (("kg.toml",), "", "'kg.toml' would take the place of another file"),
        (("linked",), "", "'linked' leads through a symbolic link"),
        (("folder",), "", "there is something at 'folder' that is no file"),
        (("a",), 'rml:template "{n}"', "two targets write 'a'"),
        (("a",), 'rml:template "a/{i}"', "is a file for one row and a folder for another"),
    ],
)
def test_files_that_are_not_to_be_written_are_told_with_the_line_of_the_mapping(
    names: tuple[str, ...], others: str, said: str, tmp_path: Path
) -> None:
    table(tmp_path, *((number, name, "x") for number, name in enumerate(names)))
    (tmp_path / "folder").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "t.csv")
    before = (tmp_path / "t.csv").read_bytes()
    described = target("a", 'rml:reference "n"') + (target("b", others) if others else "")
    path = rules(tmp_path, described, "ex:a, ex:b" if others else "ex:a")
    with pytest.raises(DataError, match=rf"m\.ttl:[56]: .*{said}"):
        written(path, tmp_path)
    assert (tmp_path / "t.csv").read_bytes() == before
    assert not (tmp_path / "a").is_file()


def test_parts_spark_and_collections_are_refused_by_name(tmp_path: Path) -> None:
    table(tmp_path, (1, "a", "x"))
    path = rules(tmp_path, target("a", 'rml:template "{n}"'), "ex:a")
    for run in (lambda: map_parts(path, tmp_path / "parts"), lambda: map_with_spark(Mock(), path, "x")):
        with pytest.raises(MappingError, match=r"m\.ttl:5: '\{n\}' is not written"):
            run()
    gathered = path.read_text(encoding="utf-8").replace(
        'rml:reference "v"', 'rml:gather ( [ rml:reference "v" ] ) ; rml:gatherAs rdf:List'
    )
    path.write_text("@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n" + gathered, encoding="utf-8")
    with pytest.raises(MappingError, match=r"m\.ttl:6: '\{n\}' follows from the row, and the mapping gathers"):
        written(path, tmp_path / "out")


YARRRML = """\
prefixes: {ex: "http://e/"}
sources: {d: [t.csv~csv]}
targets: {t: {source: d, id: "said_$(n)", access: "$(n).nq", type: void}}
mappings:
  m:
    sources: d
    s: {value: "ex:$(i)", targets: %s}
    po: [[ex:p, $(v)]]
"""
OLDER = """\
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix rmlt: <http://semweb.mmlab.be/ns/rml-target#> .
@prefix rmle: <https://w3id.org/imec/rml/ns/extensions#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix : <http://e/> .
:d rml:source "t.csv" ; rml:referenceFormulation ql:CSV .
:m a rr:TriplesMap ; rml:logicalSource :d ;
  rr:subjectMap [ rr:template "http://e/{i}" ; rmle:logicalTargetMap [ rr:template "l{n}" ] ] ;
  rr:predicateObjectMap [ rr:predicate :p ; rr:objectMap [ rml:reference "v" ] ] .
:l a rr:TriplesMap ; rml:logicalSource :d ;
  rr:subjectMap [ rr:template "l{n}" ; rr:class rmlt:LogicalTarget ; rml:logicalTarget rmle:ThisMapping ] ;
  rr:predicateObjectMap [ rr:predicate rmlt:target ; rr:objectMap [ rr:template "t{n}" ; rr:termType rr:IRI ] ] .
:f a rr:TriplesMap ; rml:logicalSource :d ;
  rr:subjectMap [ rr:template "t{n}" ; rr:class rmlt:Target ; rml:logicalTarget rmle:ThisMapping ] ;
  rr:predicateObjectMap [ rr:predicateMap [ rr:constant void:dataDump ] ;
    rr:objectMap [ rr:template "file://{n}.nq" ; rr:termType rr:Literal ] ] .
"""


def test_what_yarrrml_and_its_parser_write_means_the_same(tmp_path: Path) -> None:
    table(tmp_path, (1, "a", "x"), (2, "b", "y"))
    expected = {"a.nq": line(1, "x").encode(), "b.nq": line(2, "y").encode()}
    for number, aim in enumerate(("t", "'said_$(n)'", "[['$(n).nq~void', nquads]]")):
        (tmp_path / "m.yml").write_text(YARRRML % aim, encoding="utf-8")
        assert written(tmp_path / "m.yml", tmp_path / f"out{number}") == ("", expected)
    old = tmp_path / "old.ttl"
    old.write_text(OLDER, encoding="utf-8")
    assert written(old, tmp_path / "old") == ("", expected)
    for had, has, said in (
        ("void:dataDump", ":htv", "nothing is sent over the network"),
        ('"l{n}" ] ]', '"q{n}" ] ]', "nothing says what the target of a row is"),
    ):
        old.write_text(OLDER.replace(had, has), encoding="utf-8")
        with pytest.raises(MappingError, match=rf"old\.ttl:10: .*{said}"):
            written(old, tmp_path / "none")


def test_a_column_that_only_a_name_uses_is_read_of_a_view_too(tmp_path: Path) -> None:
    table(tmp_path, (1, "a", "x"))
    fields = " ; ".join(f'rml:field [ rml:fieldName "{name}" ; rml:reference "{name}" ]' for name in "inv")
    on = csv_source("t.csv").replace("rml:logicalSource", "rml:viewOn")
    path = rules(tmp_path, target("a", 'rml:template "{n}"'), "ex:a", source="rml:logicalSource ex:v")
    path.write_text(path.read_text(encoding="utf-8") + f"ex:v a rml:LogicalView ; {on} ; {fields} .\n")
    assert written(path, tmp_path / "out")[1] == {"a": line(1, "x").encode()}


def test_the_command_names_some_of_many_files(tmp_path: Path) -> None:
    table(tmp_path, *((number, f"f{number:02}", "x") for number in range(60)))
    path = rules(tmp_path, target("a", 'rml:template "{n}.nq"'), "ex:a")
    told = CliRunner().invoke(kg, ["map", str(path), "--targets", str(tmp_path / "out")])
    assert told.exit_code == 0
    assert "60 triples, all in 60 files of the mapping, of 60 rows\n" in told.stderr
    assert f"{tmp_path}/out/f49.nq: 1 triples, N-Quads\nand 10 files more: --json lists them" in told.stderr
    listed = CliRunner().invoke(kg, ["map", str(path), "--targets", str(tmp_path / "out"), "--json", "-o", "/dev/null"])
    assert len(json.loads(listed.stdout)["data"]["targets"]) == 60
    with pytest.raises(KgError, match="nobody said where files may lie"):
        map_to(path, io.BytesIO())
