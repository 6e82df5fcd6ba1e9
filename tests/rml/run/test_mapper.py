"""The mapper as a person meets it: faults with places, workers, sorted output, files that appear whole."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.by_hand import csv_source, json_source
from rml.running import SUBJECT, mapping, run, simple

from kg.cli.main import kg
from kg.errors import DataError, KgError, MappingError
from kg.rml import OnError, explain, map_to, parts


def test_every_fault_of_a_mapping_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,name\n1,x\n")
    path = mapping(
        tmp_path,
        f"ex:m {csv_source('t.csv')} ; {SUBJECT} ;\n"
        'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "nmae" ] ] ;\n'
        'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "nothing" ] ] .\n',
    )
    with pytest.raises(MappingError) as caught:
        run(path)
    first, second = sorted(caught.value.problems, key=lambda problem: problem.message)
    assert "no column 'nmae'" in first.message
    assert first.hint == "did you mean 'name'?"
    assert first.position
    assert first.position.line == 4
    assert "no column 'nothing'" in second.message


def test_everything_that_can_be_checked_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,name\n1,x\n")
    (tmp_path / "empty.csv").write_text("")
    path = mapping(
        tmp_path,
        f"ex:a {csv_source('t.csv')} ; {SUBJECT} ;\n"
        'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "nmae" ] ] ;\n'
        "rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [\n"
        '  rml:reference "name" ; rml:termType rml:Iri ] ] .\n'
        f"ex:b {csv_source('absent.csv')} ; {SUBJECT} .\n"
        f"ex:c {csv_source('empty.csv')} ; {SUBJECT} .\n"
        f"ex:d {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:p ;\n"
        "  rml:objectMap [ rml:parentTriplesMap ex:aa ] ] .\n",
    )
    done = CliRunner().invoke(kg, ["map", str(path), "-o", str(tmp_path / "out.nq"), "--json"])
    assert done.exit_code == 2
    told = [
        (e["where"]["file"], e["where"]["line"], e["message"], e["hint"]) for e in json.loads(done.stdout)["errors"]
    ]
    assert [(Path(file).name, line) for file, line, _, _ in told] == [
        ("m.ttl", 4),
        ("m.ttl", 6),
        ("m.ttl", 7),
        ("m.ttl", 10),
        ("empty.csv", 1),
    ]
    assert "no column 'nmae'" in told[0][2]
    assert "there is no term type Iri" in told[1][2]
    assert told[1][3] == "did you mean 'IRI'?"


def test_the_same_text_on_two_lines_is_told_with_the_right_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    (tmp_path / "u.csv").write_text("i,b\n1,x\n")
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ;\n rml:objectMap [ rml:reference "a" ] ]'
    text = "".join(f"ex:{name} {csv_source(f'{name}.csv')} ; {SUBJECT} ; {pair} .\n" for name in "tu")
    with pytest.raises(MappingError, match=r"u\.csv has no column 'a'") as caught:
        run(mapping(tmp_path, text))
    assert caught.value.problems[0].position
    assert caught.value.problems[0].position.line == 6


def test_an_unknown_property_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    with pytest.raises(MappingError, match=r"rml:refrence is not known \(did you mean 'reference'"):
        run(simple(tmp_path, 'rml:refrence "a"'))


def test_triples_about_triples_are_refused_by_their_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    with pytest.raises(MappingError, match=r"rml:quotedTriplesMap makes triples about triples \(RML-star\)"):
        run(simple(tmp_path, "rml:quotedTriplesMap ex:other"))


def test_a_faulty_row_is_told_with_both_places_and_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('i,a\n1,2030-01-01\n2,"never\never"\n3,soon\n4,2030-01-04\n')
    path = simple(tmp_path, 'rml:reference "a" ; rml:datatype xsd:date')
    with pytest.raises(DataError) as caught:
        run(path)
    assert [(p.position.path, p.position.line) for p in caught.value.problems if p.position] == [
        ("t.csv", 3),
        ("t.csv", 5),
    ]
    second = caught.value.problems[1]
    assert f"'soon' is no xsd:date [{path}:" in str(second)
    assert second.to_json()["mapping"] == {"file": str(path), "line": 5}
    assert second.to_json()["value"] == "soon"
    output = io.BytesIO()
    summary = map_to(path, output, on_error=OnError.SKIP)
    assert (summary.rows, summary.triples, summary.skipped) == (4, 2, 2)
    assert [line[:12] for line in output.getvalue().decode().splitlines()] == ["<http://e/1>", "<http://e/4>"]
    assert len(summary.problems) == 2


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        (b"", "the table is empty", 1),
        (b"i,a,a\n1,2,3\n", "two columns are named 'a'", 1),
        (b"i,a\n1,x\n2\n", "the row has 1 cells, the header 2", 3),
        (b"i,a\n1,\xe9\n", "not utf-8: byte 0xe9", 2),
        (b'i,a\n1,"x\n', "not CSV", 2),
        (b"i,a\n1,\0\n", "U+0000", 2),
    ],
)
def test_tables_that_are_none(tmp_path: Path, content: bytes, said: str, line: int) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(DataError) as caught:
        run(simple(tmp_path, 'rml:reference "a"'))
    problem = caught.value.problems[0]
    assert said in problem.message
    assert problem.position
    assert (problem.position.path, problem.position.line) == ("t.csv", line)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"i": 1,\n "a": }]', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"i": 1, "a": NaN}]', "NaN is no number"),
        ('[{"i": 1, "a": "\\ud800"}]', "half a character, U+D800"),
    ],
)
def test_trees_that_are_none(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "t.json").write_text(content)
    text = f'ex:m {json_source("t.json")} ; rml:subjectMap [ rml:template "http://e/{{$.i}}" ] ; '
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.a" ] ] .'
    with pytest.raises(DataError, match=said.replace("+", r"\+")):
        run(mapping(tmp_path, text + pair))


def test_lines_of_json_and_paths_with_filters(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"i": 1, "a": [{"k": 1, "v": "x"}, {"k": 2, "v": "y"}]}\n\n{"i": 2, "a": []}\n')
    text = f'ex:m {json_source("t.jsonl").replace("$[*]", "$")} ; rml:subjectMap [ rml:template "http://e/{{$.i}}" ] ; '
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.a[?@.k > 1].v" ] ] .'
    assert run(mapping(tmp_path, text + pair)) == ['<http://e/1> <http://e/p> "y" .']


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "link.csv", "a/../../secret.csv"])
def test_a_mapping_reads_below_its_own_folder_only(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_text("i,a\n1,x\n")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(MappingError, match="leads out of the folder"):
        run(simple(folder, 'rml:reference "a"', csv_source(name)))


def test_a_relative_iri_needs_a_base(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    path = simple(tmp_path, 'rml:reference "a" ; rml:termType rml:IRI')
    with pytest.raises(DataError, match=r"'x' is relative.*--base"):
        run(path)
    assert run(path, base="http://b/") == ["<http://e/1> <http://e/p> <http://b/x> ."]


def test_distinct_lines_are_sorted_and_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.rml.run.distinct.RUN", 2000)
    (tmp_path / "t.csv").write_text("i,a\n" + "".join(f"{i % 997},x\n" for i in range(9_000)))
    path = simple(tmp_path, 'rml:reference "a"')
    output = io.BytesIO()
    summary = map_to(path, output, distinct=True)
    lines = output.getvalue().splitlines()
    assert lines == sorted(set(run_bytes(path)))
    assert summary.triples == len(lines) == 997


def run_bytes(path: Path) -> list[bytes]:
    return [line.encode() for line in run(path)]


def test_the_programs_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    shown = explain(simple(tmp_path, 'rml:reference "a" ; rml:language "fr"'))
    assert "def program(batch):" in shown
    assert '"@fr' in shown


def test_text_of_a_mapping_is_never_code(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    odd = '\'{0}\\n\\"""{{__import__}}\u2028\x01'
    template = json.dumps("".join(f"\\{c}" if c in "\\{}" else c for c in odd) + "{a}")
    (line,) = run(simple(tmp_path, f"rml:template {template} ; rml:termType rml:Literal"))
    escaped = odd.replace("\\", "\\\\").replace('"', '\\"')
    assert line == f'<http://e/1> <http://e/p> "{escaped}x" .'


def test_the_command_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n" + "1,1\n" * 5000 + "1,one\n")
    path = simple(tmp_path, 'rml:reference "a" ; rml:datatype xsd:integer')
    out = tmp_path / "out.nq"
    out.write_text("before")
    done = CliRunner().invoke(kg, ["map", str(path), "-o", str(out), "--json"])
    assert done.exit_code == 1
    (error,) = json.loads(done.stdout)["errors"]
    assert (error["where"]["file"], error["where"]["line"]) == ("t.csv", 5002)
    assert out.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.ttl", "out.nq", "t.csv"]
    done = CliRunner().invoke(kg, ["map", str(path), "-o", str(out), "--json", "--on-error", "skip", "--distinct"])
    assert done.exit_code == 0
    data = json.loads(done.stdout)["data"]
    assert (data["triples"], data["rows"], data["skipped"]) == (1, 5001, 1)
    assert out.read_text().count("\n") == 1


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["none.ttl"], 2), (["m.ttl", "--init", "t.csv"], 2)])
def test_wrong_usage_is_told(tmp_path: Path, arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(kg, ["map", *arguments])
    assert done.exit_code == code
    assert "error:" in done.stderr


def test_a_first_mapping_runs(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,name_fr,height\n1,Un,3\n2,Deux,4\n")
    first = CliRunner().invoke(kg, ["map", "--init", str(tmp_path / "t.csv"), "-o", str(tmp_path / "t.rml.ttl")])
    assert first.exit_code == 0, first.output
    done = CliRunner().invoke(kg, ["map", str(tmp_path / "t.rml.ttl"), "-o", str(tmp_path / "t.nq")])
    assert done.exit_code == 0, done.output
    assert '"Un"@fr' in (tmp_path / "t.nq").read_text(encoding="utf-8")


def test_a_source_without_rows_is_no_fault_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n")
    done = CliRunner().invoke(kg, ["map", str(simple(tmp_path, 'rml:reference "a"')), "-o", str(tmp_path / "t.nq")])
    assert done.exit_code == 0
    assert "no rows for http://e/m: does the iterator of its source fit?" in done.stderr
    assert (tmp_path / "t.nq").read_bytes() == b""


def test_rows_that_are_left_out_are_all_told_to_a_program(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n" + "".join(f"{i},x\n" for i in range(1, 61)))
    path = simple(tmp_path, 'rml:reference "a" ; rml:datatype xsd:integer')
    arguments = ["map", str(path), "-o", str(tmp_path / "t.nq"), "--on-error", "skip"]
    done = CliRunner().invoke(kg, [*arguments, "--json"])
    data = json.loads(done.stdout)["data"]
    assert [problem["where"]["line"] for problem in data["left_out"]] == list(range(2, 62))
    assert {problem["value"] for problem in data["left_out"]} == {"x"}
    done = CliRunner().invoke(kg, arguments)
    assert done.stderr.count("left out: t.csv:") == 20
    assert "and 40 rows more" in done.stderr


def test_yarrrml_is_the_same_plan(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    text = "prefixes: {ex: http://e/}\nmappings:\n  m:\n    sources: t.csv~csv\n    s: http://e/$(i)\n    po: [[ex:p, $(a)]]\n"
    (tmp_path / "m.yml").write_text(text)
    assert run(tmp_path / "m.yml") == run(simple(tmp_path, 'rml:reference "a"'))


def test_errors_are_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "m.ttl").write_text("this is not Turtle")
    with pytest.raises(KgError) as caught:
        run(tmp_path / "m.ttl")
    assert caught.value.exit_code == 2


def test_one_scan_serves_the_maps_that_follow_one_another_over_a_source(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a,k\n" + "".join(f"{i},تجربة {i},{i % 7}\n" for i in range(1000)))
    again = (
        f"ex:b {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:q ; "
        'rml:objectMap [ rml:reference "k" ] ; '
        'rml:objectMap [ rml:parentTriplesMap ex:a ; rml:joinCondition [ rml:child "k" ; rml:parent "i" ] ] ] .\n'
    )
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ; rml:language "ar" ] ]'
    path = mapping(tmp_path, f"ex:a {csv_source('t.csv')} ; {SUBJECT} ; {pair} .\n{again}")
    single = io.BytesIO()
    for part in parts(path):
        part.write(single)
    assert sorted(run_bytes(path)) == sorted(single.getvalue().splitlines())
    assert single.getvalue().count("تجربة".encode()) == 1000
    assert len(run_bytes(path)) == 3000


def test_a_store_is_loaded_and_served(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n" + "".join(f"{i},قيمة {i}\n" for i in range(500)))
    path = simple(tmp_path, 'rml:reference "a" ; rml:language "ar"')
    store = tmp_path / "store"
    done = CliRunner().invoke(kg, ["map", str(path), "--store", str(store), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["data"]["triples"] == 500
    checked = CliRunner().invoke(kg, ["serve", str(store), "--check", "--port", "0"])
    assert checked.exit_code == 0, checked.output
    assert checked.stderr == f"the store {store}\n"  # which is not counted: a start takes as long for any size
    again = CliRunner().invoke(kg, ["map", str(path), "--store", str(store)])
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.ttl", "store", "t.csv"]


def test_a_faulty_row_leaves_no_store(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    path = simple(tmp_path, 'rml:reference "a" ; rml:datatype xsd:integer')
    done = CliRunner().invoke(kg, ["map", str(path), "--store", str(tmp_path / "store")])
    assert done.exit_code == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.ttl", "t.csv"]


def test_lines_go_to_one_place(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    path = str(simple(tmp_path, 'rml:reference "a"'))
    done = CliRunner().invoke(kg, ["map", path, "--store", "s", "-o", "o", "--parts", "p"])
    assert done.exit_code == 2
    assert "-o and --store and --parts cannot go together" in done.stderr
