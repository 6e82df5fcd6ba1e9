"""The mapper as a person meets it: faults with places, workers, sorted output, files that appear whole."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rml.by_hand import HEAD, csv_source, json_source

from kg.cli.main import kg
from kg.errors import DataError, KgError, MappingError, OperationError, StorageError
from kg.rml import OnError, explain, map_to, parts
from kg.rml.joins import JoinIndex
from kg.rml.worker import Worker

SUBJECT = 'rml:subjectMap [ rml:template "http://e/{i}" ]'


def mapping(folder: Path, text: str, name: str = "m.ttl") -> Path:
    path = folder / name
    path.write_text(HEAD + "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + text, encoding="utf-8")
    return path


def simple(folder: Path, objects: str, source: str | None = None) -> Path:
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {objects} ] ]"
    return mapping(folder, f"ex:m {source or csv_source('t.csv')} ;\n {SUBJECT} ;\n {pair} .")


def run(path: Path, **options: object) -> list[str]:
    output = io.BytesIO()
    map_to(path, output, **options)
    return output.getvalue().decode().removesuffix("\n").split("\n")


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


@pytest.mark.parametrize("term_type", ["IRI", "URI", "UnsafeIRI"])
def test_half_a_character_in_the_subject_of_a_parent(tmp_path: Path, term_type: str) -> None:
    """The row of the parent is the faulty one, also when it is met on behalf of a child."""
    (tmp_path / "t.csv").write_text("i,k\n1,a\n2,b\n")
    (tmp_path / "p.json").write_text('[{"k": "a", "j": "x\\ud800"}, {"k": "b", "j": "y"}]')
    join = 'rml:joinCondition [ rml:child "k" ; rml:parent "$.k" ]'
    path = mapping(
        tmp_path,
        f"ex:m {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:p ; "
        f"rml:objectMap [ rml:parentTriplesMap ex:n ; {join} ] ] .\n"
        f'ex:n {json_source("p.json")} ; rml:subjectMap [ rml:template "http://p/{{$.j}}" ; '
        f"rml:termType rml:{term_type} ; rml:class ex:C ] .\n",
    )
    with pytest.raises(DataError, match=r"p\.json:1: row 1: the value holds half a character, U\+D800"):
        run(path)
    made = run(path, on_error=OnError.SKIP)
    assert [line.split(" ")[::2] for line in made] == [
        ["<http://e/2>", "<http://p/y>"],
        ["<http://p/y>", "<http://e/C>"],
    ]


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


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A table of several parts, with line ends and quotes in cells, a join before the end, and nodes without names."""
    rows = "".join(f'{i},"text {i}\nof ""two"" lines",{i % 50}\r\n' for i in range(45_000))
    (tmp_path / "t.csv").write_text("\ufeffi,a,k\r\n" + rows, encoding="utf-8", newline="")
    (tmp_path / "p.csv").write_text("j,k\n" + "".join(f"{j},{j % 60}\n" for j in range(120)))
    link = (
        "rml:objectMap [ rml:parentTriplesMap ex:n ; "
        'rml:joinCondition [ rml:child "k" ; rml:parent "k" ] ; ] ; rml:objectMap [ rml:reference "a" ]'
    )
    blank = "rml:subjectMap [ rml:termType rml:BlankNode ]"
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ]'
    return mapping(
        tmp_path,
        f"ex:a {csv_source('t.csv')} ; {SUBJECT} ; {pair} .\n"
        f"ex:m {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:q ; {link} ] .\n"
        f'ex:n {csv_source("p.csv")} ; rml:subjectMap [ rml:template "http://p/{{j}}" ; rml:class ex:C ] .\n'
        f"ex:o {csv_source('t.csv')} ; {blank} ; {pair} .\n",
    )


def test_any_number_of_workers_writes_the_same_bytes(large: Path, tmp_path: Path) -> None:
    with (tmp_path / "one.nq").open("wb") as one:
        alone = map_to(large, one)
    with (tmp_path / "three.nq").open("wb") as three:
        shared = map_to(large, three, workers=3)
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "three.nq").read_bytes()
    assert alone == shared
    assert alone.triples == 45_000 * (1 + 1 + 2 + 1) + 120
    held = io.BytesIO()
    map_to(large, held, workers=2)
    assert held.getvalue() == (tmp_path / "one.nq").read_bytes()


def test_a_fault_in_a_part_is_told_as_one_process_tells_it(large: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    lines = table.read_bytes().replace(b"\n40000,", b"\n\0,", 1)
    table.write_bytes(lines)
    path = simple(tmp_path, 'rml:template "{i}" ; rml:termType rml:Literal')
    told = []
    for workers in (1, 2):
        with (tmp_path / "out.nq").open("wb") as output, pytest.raises(DataError) as caught:
            map_to(path, output, workers=workers)
        told.append(caught.value.problems)
    assert told[0] == told[1]
    assert told[0][0].position
    assert told[0][0].position.line == 2 + 2 * 40_000


def test_a_killed_worker_ends_the_run(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    do = Worker._do

    def killed(self: Worker, doing: Any) -> Any:
        if doing.task.index == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return do(self, doing)

    monkeypatch.setattr(Worker, "_do", killed)
    with (tmp_path / "out.nq").open("wb") as output, pytest.raises(OperationError, match="a worker ended with -9"):
        map_to(large, output, workers=3)
    assert not multiprocessing.active_children()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_told_by_a_worker(large: Path) -> None:
    with Path("/dev/full").open("wb") as output, pytest.raises(StorageError, match="No space left"):
        map_to(large, output, workers=3)
    assert not multiprocessing.active_children()


def test_parts_make_what_the_whole_makes(large: Path, tmp_path: Path) -> None:
    whole, single = io.BytesIO(), io.BytesIO()
    map_to(large, whole)
    made = parts(large)
    for part in made:
        part.write(single)
    assert sorted(single.getvalue().splitlines()) == sorted(whole.getvalue().splitlines())
    assert [path.name for path in made[1].sources] == ["t.csv", "p.csv"]
    large.write_text("# moved by a line\n" + large.read_text().replace("ex:q", "ex:r"))
    again = parts(large)
    assert [a.key == b.key for a, b in zip(made, again, strict=True)] == [True, False, True, True]


def test_distinct_lines_are_sorted_and_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.rml.distinct.RUN", 2000)
    (tmp_path / "t.csv").write_text("i,a\n" + "".join(f"{i % 997},x\n" for i in range(9_000)))
    path = simple(tmp_path, 'rml:reference "a"')
    output = io.BytesIO()
    summary = map_to(path, output, distinct=True)
    lines = output.getvalue().splitlines()
    assert lines == sorted(set(run_bytes(path)))
    assert summary.triples == len(lines) == 997


def run_bytes(path: Path) -> list[bytes]:
    return [line.encode() for line in run(path)]


def test_an_index_on_disk_finds_what_one_in_memory_finds(tmp_path: Path) -> None:
    small, large = JoinIndex(tmp_path, budget=1000), JoinIndex(tmp_path)
    for index in (small, large):
        for batch in range(20):
            keys = [f"k{n % 37}" for n in range(batch * 10, batch * 10 + 10)]
            index.add_alone(keys, [f"<t{batch}-{n}>" for n in range(10)])
        index.freeze()
    wanted = [f"k{n}" for n in range(40)] + [""]
    assert small.find_texts(wanted) == large.find_texts(wanted)
    assert list(tmp_path.glob("kg-join-*"))
    small.close()
    assert not list(tmp_path.glob("kg-join-*"))


def test_rows_that_were_read_in_vain_leave_nothing_in_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table whose last part is cut within a cell, and after it a parent that is handed over bit by bit."""
    monkeypatch.setattr("kg.rml.worker._GROWN", 1000)
    rows = [f'{i},"{i}\nof two"' for i in range(60_000)]
    rows[-2] = '59998,5" pipe'
    rows[-1] = '59999,"' + "many\n" * 120_000 + '"'
    path = wide(tmp_path, rows)
    (tmp_path / "p.json").write_text(json.dumps([{"j": j, "k": j % 5} for j in range(3000)]))
    (tmp_path / "c.csv").write_text("i,k\n" + "".join(f"{i},{i}\n" for i in range(7)))
    join = 'rml:joinCondition [ rml:child "k" ; rml:parent "$.k" ]'
    path.write_text(
        f"{path.read_text()}\n"
        f'ex:p {json_source("p.json")} ; rml:subjectMap [ rml:template "http://p/{{$.j}}" ; rml:class ex:C ] .\n'
        f"ex:c {csv_source('c.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:q ; "
        f"rml:objectMap [ rml:parentTriplesMap ex:p ; {join} ] ] .\n"
    )
    made = [run(path, workers=workers) for workers in (1, 2, 4)]
    assert sum("/q>" in line for line in made[0]) == 3000
    assert made[0] == made[1] == made[2]


def joined(folder: Path, child: str, parent: str, subject: str) -> Path:
    """Two triples maps; the subjects of the second are what the first one links to, by the key `k` of both."""

    def side(source: str, key: str) -> tuple[str, str]:
        (folder / f"{source}.csv").write_text("i,k\n" + "".join(f"{i},{k}\n" for i, k in rows), encoding="utf-8")
        (folder / f"{source}.json").write_text(json.dumps([{"i": i, "k": k} for i, k in rows]))
        return (csv_source if key == "csv" else json_source)(f"{source}.{key}"), "$." if key == "json" else ""

    rows = [(str(n), k) for n, k in enumerate(("a", "b c", "é/ü", "", "x", "absent"))]
    one, at = side("c", child)
    rows = [(str(n), k) for n, k in enumerate(("a", "a", "b c", "é/ü", "", "x"))]
    other, below = side("p", parent)
    return mapping(
        folder,
        f'ex:m {one} ; rml:subjectMap [ rml:template "http://e/{{{at}i}}" ] ;\n'
        "rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap ex:n ;\n"
        f'rml:joinCondition [ rml:child "{at}k" ; rml:parent "{below}k" ] ] ] .\n'
        f"ex:n {other} ; rml:subjectMap [ {subject.replace('KEY', below + 'k')} ; rml:class ex:C ] .\n",
    )


@pytest.mark.parametrize("child", ["csv", "json"])
@pytest.mark.parametrize("parent", ["csv", "json"])
@pytest.mark.parametrize("is_on_disk", [False, True])
@pytest.mark.parametrize(
    "subject",
    [
        'rml:template "http://p/{KEY}"',
        'rml:template "http://p/{KEY}/{KEY}" ; rml:termType rml:URI',
        'rml:template "http://p/{KEY}" ; rml:termType rml:UnsafeIRI',
        'rml:reference "KEY" ; rml:termType rml:BlankNode',
        'rml:template "{KEY}" ; rml:termType rml:BlankNode',
    ],
)
def test_a_subject_that_follows_from_the_key_is_the_one_that_its_own_map_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str, parent: str, subject: str, is_on_disk: bool
) -> None:
    if is_on_disk:
        monkeypatch.setattr("kg.rml.joins.Index.__init__.__defaults__", (None, 1))
    else:
        monkeypatch.delattr("kg.rml.spill.Disk.__init__")
    lines = run(joined(tmp_path, child, parent, subject))
    own = {line.split(" ")[0] for line in lines if "#type>" in line}
    linked = [(line.split(" ")[0], line.split(" ")[2]) for line in lines if "/p>" in line]
    # The empty text is a value in JSON, and none in a table.
    both = {"a", "b c", "é/ü", "x"} | ({""} if child == parent == "json" else set())
    assert len(own) == (5 if parent == "json" else 4)
    assert len(set(linked)) == len(both)
    assert {made for _, made in linked} <= own
    assert {made for made, _ in linked} == {f"<http://e/{n}>" for n in (0, 1, 2, 4, *([3] if "" in both else []))}


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


def test_of_two_maps_over_a_source_the_faults_of_the_first_batch_are_told(tmp_path: Path) -> None:
    """By any number of workers, and within a batch those of the map that is written first."""
    (tmp_path / "t.csv").write_text(
        "i,a,b\n" + "1,1,1\n" * 100_000 + "1,1,x\n1,y,1\n" + "1,1,1\n" * 100_000 + "1,z,1\n"
    )

    def whole(name: str, column: str) -> str:
        made = f'rml:objectMap [ rml:reference "{column}" ; rml:datatype xsd:integer ]'
        return f"ex:{name} {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:p ; {made} ] ."

    for names, line in ((("a", "b"), 100_003), (("b", "a"), 100_002)):
        path = mapping(tmp_path, "\n".join(whole(f"m{n}", name) for n, name in enumerate(names)))
        for workers in (1, 3):
            with pytest.raises(DataError) as caught:
                run(path, workers=workers)
            (problem,) = caught.value.problems
            assert problem.position
            assert problem.position.line == line


def wide(folder: Path, rows: list[str]) -> Path:
    """A mapping of a table of two columns, written as it is given, with two triples maps."""
    (folder / "t.csv").write_text("i,a\n" + "\n".join(rows) + "\n", newline="")
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p{} ; rml:objectMap [ rml:reference "a" ] ]'
    return mapping(
        folder, "\n".join(f"ex:m{n} {csv_source('t.csv')} ; {SUBJECT} ; {pair.format(n)} ." for n in range(2))
    )


@pytest.mark.parametrize(
    ("name", "odd", "value"),
    [
        ("a carriage return in a cell", '30000,"one\rtwo"', '"one\\rtwo"'),
        ("a quote in a cell without quotes", '30000,5" pipe', '"5\\" pipe"'),
        ("two cells with such quotes", '30000,5" pipe\n30000,6" pipe', '"6\\" pipe"'),
        ("a cell of many lines", '30000,"' + "x\n" * 300_000 + '"', '"' + "x\\n" * 300_000 + '"'),
    ],
)
@pytest.mark.parametrize("has_lines", [True, False])
def test_a_table_is_read_whole_wherever_it_is_cut(
    tmp_path: Path, name: str, odd: str, value: str, has_lines: bool
) -> None:
    """Rows of odd lengths, so that parts begin anywhere; in half of the runs each has a cell of two lines."""
    rows = [f'{i},"text {i}\nof {"x" * (i % 37)}"' if has_lines else f"{i},text {i}" for i in range(60_000)]
    rows[30_000] = odd
    path = wide(tmp_path, rows)
    made = [run(path, workers=workers) for workers in (1, 2, 3)]
    assert made[0] == made[1] == made[2], name
    assert len(made[0]) == 2 * (60_000 + odd.count("pipe\n"))
    assert f"<http://e/30000> <http://e/p0> {value} ." in made[0]
    (tmp_path / "t.csv").write_bytes((tmp_path / "t.csv").read_bytes() + b'x,"is\nopen')
    for workers in (1, 3):
        with pytest.raises(DataError, match="unexpected end of data") as caught:
            run(path, workers=workers)
        assert caught.value.problems[0].position
        assert (
            caught.value.problems[0].position.line == 2 + sum(row.count("\n") + row.count("\r") + 1 for row in rows) + 1
        )


def test_a_store_is_loaded_and_served(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n" + "".join(f"{i},قيمة {i}\n" for i in range(500)))
    path = simple(tmp_path, 'rml:reference "a" ; rml:language "ar"')
    store = tmp_path / "store"
    done = CliRunner().invoke(kg, ["map", str(path), "--store", str(store), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["data"]["triples"] == 500
    checked = CliRunner().invoke(kg, ["serve", str(store), "--check", "--port", "0"])
    assert checked.exit_code == 0, checked.output
    assert "500 statements" in checked.stderr
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
