"""`kg validate` as a person uses it: what was checked, what was not, and what is wrong with the shapes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import kg

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
:S a sh:NodeShape ; sh:targetClass :C ; sh:property :P .
:P sh:path :p ; sh:minCount 1 ; sh:message "Give it a p."@en .
"""
GOOD, BAD = "<http://e/x> a <http://e/C> ; <http://e/p> 1 .", "<http://e/x> a <http://e/C> ."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"s.ttl": SHAPES, "good.ttl": GOOD, "bad.ttl": BAD}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_verdict_and_its_exit_code(folder: Path) -> None:
    good = kg("validate", "good.ttl", "--shapes", "s.ttl", cwd=folder)
    assert (good.returncode, good.stdout, good.stderr) == (0, "conforms\n", "")
    bad = kg("validate", "bad.ttl", "--shapes", "s.ttl", cwd=folder)
    assert bad.returncode == 1
    assert bad.stdout == (
        "bad.ttl:1: violation: Give it a p. [http://e/x http://e/p] (shape http://e/P)\ndoes not conform: 1 result\n"
    )


def test_data_that_do_not_parse_are_told_with_their_line(folder: Path) -> None:
    (folder / "broken.ttl").write_text("<urn:x> a\n<urn:C> ; .\n]")
    broken = kg("validate", "broken.ttl", "--shapes", "s.ttl", cwd=folder)
    assert broken.returncode == 1
    assert "broken.ttl:3: " in broken.stderr


def test_nothing_checked_is_said_and_can_be_an_error(folder: Path) -> None:
    (folder / "other.ttl").write_text("<http://e/x> a <http://e/D> .")
    told = kg("validate", "other.ttl", "--shapes", "s.ttl", cwd=folder)
    assert (told.returncode, told.stdout) == (0, "0 focus nodes: nothing was checked\n")
    assert "no node of the data is a target of a shape; classes of the data may need --ontology" in told.stderr
    assert kg("validate", "other.ttl", "--shapes", "s.ttl", "--require-targets", cwd=folder).returncode == 1
    assert kg("validate", "good.ttl", "--shapes", "s.ttl", "--require-targets", cwd=folder).returncode == 0
    # A class hierarchy in another file is what was missing.
    (folder / "classes.ttl").write_text("<http://e/D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/C> .")
    found = kg("validate", "other.ttl", "--shapes", "s.ttl", "--ontology", "classes.ttl", cwd=folder)
    assert found.returncode == 1
    assert "Give it a p." in found.stdout


def test_shapes_without_a_target_are_told(folder: Path) -> None:
    (folder / "s.ttl").write_text(SHAPES.replace("sh:targetClass :C ; ", ""))
    told = kg("validate", "bad.ttl", "--shapes", "s.ttl", cwd=folder)
    assert "0 focus nodes: nothing was checked (no shape has a target" in told.stderr
    assert told.stdout == "0 focus nodes: nothing was checked\n"
    (folder / "s.ttl").write_text(BAD)
    told = kg("validate", "bad.ttl", "--shapes", "s.ttl", cwd=folder)
    assert told.stdout == "0 focus nodes: nothing was checked\n"
    assert "there is no shape in what --shapes names" in told.stderr
    (folder / "s.ttl").write_text(SHAPES + ":N a sh:NodeShape ; sh:targetClass :None .")
    told = kg("validate", "good.ttl", "--shapes", "s.ttl", cwd=folder)
    assert "warning: shapes without a focus node: http://e/N" in told.stderr


@pytest.mark.parametrize("engine", ["native", "pyshacl", "both"])
def test_required_targets_are_required_of_every_engine(folder: Path, engine: str) -> None:
    (folder / "other.ttl").write_text("<http://e/x> a <http://e/D> .")
    arguments = ["validate", "other.ttl", "--shapes", "s.ttl", "--engine", engine, "--require-targets"]
    refused = kg(*arguments, cwd=folder)
    assert (refused.returncode, refused.stdout) == (1, "0 focus nodes: nothing was checked\n")
    assert "error: 0 focus nodes: nothing was checked (no node of the data is a target of a shape" in refused.stderr
    answer = json.loads(kg(*arguments, "--json", cwd=folder).stdout)
    assert (answer["ok"], answer["errors"][0]["code"]) == (False, "nothing-checked")


@pytest.mark.parametrize("kind", ["file", "folder", "gzip", "stdin", "stdin-gzip", "several"])
def test_data_come_as_people_have_them(folder: Path, kind: str) -> None:
    (folder / "many" / "below").mkdir(parents=True)
    (folder / "many" / "below" / "bad.ttl").write_text(BAD)
    (folder / "many" / "README.md").write_text("no RDF")
    (folder / "bad.nt.gz").write_bytes(
        gzip.compress(b"<http://e/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .\n")
    )
    arguments = {
        "file": ["bad.ttl"],
        "folder": ["many"],
        "gzip": ["bad.nt.gz"],
        "stdin": ["-"],
        "stdin-gzip": ["-"],
        "several": ["bad.ttl", "good.ttl"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "kg", "validate", *arguments[kind], "--shapes", str(folder / "s.ttl"), "--json"],
        cwd=folder,
        input=gzip.compress(BAD.encode()) if kind == "stdin-gzip" else BAD.encode(),
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    # Two files speak of one thing, and one of them gives it its p.
    assert done.returncode == (0 if kind == "several" else 1), done.stderr
    assert json.loads(done.stdout)["ok"] == (kind == "several")


def test_blank_nodes_of_two_files_are_two(folder: Path) -> None:
    (folder / "a.ttl").write_text("_:x a <http://e/C> .")
    (folder / "b.ttl").write_text("_:x <http://e/p> 1 .")
    assert kg("validate", "a.ttl", "b.ttl", "--shapes", "s.ttl", cwd=folder).returncode == 1


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (":S a sh:NodeShape ; sh:closed 'yes' .", "s.ttl:2: sh:closed is no xsd:boolean (http://e/S)"),
        (":S a sh:NodeShape ;\n sh:property :Missing .", "s.ttl:3: sh:property names http://e/Missing, which has no sh:path"),
        (":U sh:path :p ;\n sh:minCount '1' .", "s.ttl:3: sh:minCount is no xsd:integer (http://e/U)"),
        (":U a sh:PropertyShape .", "s.ttl:2: a property shape without sh:path (http://e/U)"),
        (":U a sh:NodeShape ; sh:minCuont 1 .", "s.ttl:2: SHACL has no term sh:minCuont (http://e/U) (did you mean 'minCount'?)"),
        (":U a sh:NodeShape ; sh:or ( :V", "s.ttl:3: Turtle syntax: "),
        (":U sh:path :p ; sh:pattern '(' .", "s.ttl:2: sh:pattern: not a regular expression of XPath: '('"),
        (":U sh:path ( :p ) ; sh:minCount 1 .", "s.ttl:2: sh:path is a path of fewer than two steps"),
        (":U sh:path :p ; sh:qualifiedValueShape :V .", "sh:qualifiedValueShape without sh:qualifiedMinCount"),
        (":U a sh:NodeShape ; sh:rule [] .", "s.ttl:2: sh:rule is not supported (SHACL-AF rules) (http://e/U)"),
        (":U a sh:NodeShape ; sh:singleLine true .", "s.ttl:2: sh:singleLine is not supported (SHACL 1.2)"),
    ],
)  # fmt: skip
def test_shapes_are_checked_whole_before_any_data(folder: Path, shapes: str, said: str) -> None:
    """None of these shapes is reached by a target, and the data would pass."""
    (folder / "s.ttl").write_text(f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .\n{shapes}\n")
    done = kg("validate", "good.ttl", "--shapes", "s.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_imports_beside_the_file_act_and_others_are_named(folder: Path) -> None:
    imports = "<> <http://www.w3.org/2002/07/owl#imports> <{}> .\n"
    (folder / "main.ttl").write_text(imports.format("s.ttl"))
    assert kg("validate", "bad.ttl", "--shapes", "main.ttl", cwd=folder).returncode == 1
    (folder / "main.ttl").write_text(SHAPES + imports.format("https://example.org/shapes"))
    told = kg("validate", "good.ttl", "--shapes", "main.ttl", cwd=folder)
    assert told.returncode == 0
    assert "owl:imports <https://example.org/shapes> is not read: what it demands is not checked" in told.stderr
    # An ontology that another file of the run declares is read, whatever its address.
    (folder / "far.ttl").write_text(
        "<https://example.org/shapes> a <http://www.w3.org/2002/07/owl#Ontology> .\n" + SHAPES.replace(":P", ":Q")
    )
    told = kg("validate", "good.ttl", "--shapes", "main.ttl", "--shapes", "far.ttl", cwd=folder)
    assert "not read" not in told.stderr


@pytest.mark.parametrize(
    ("imported", "code"), [("more.ttl", 1), ("below/more.ttl", 1), ("more.nt", 1), ("https://example.org/more", 0)]
)
def test_an_import_acts_or_is_named(folder: Path, imported: str, code: int) -> None:
    """An imported file adds a constraint to a shape of the file that imports it."""
    (folder / "main.ttl").write_text(
        f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
        <> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://www.w3.org/2002/07/owl#imports> <{imported}> .
        :S a sh:NodeShape ; sh:targetClass :C ."""
    )
    (folder / "below").mkdir()
    shape = "<http://e/S> <http://www.w3.org/ns/shacl#nodeKind> <http://www.w3.org/ns/shacl#Literal> ."
    for name in ("more.ttl", "below/more.ttl", "more.nt"):
        (folder / name).write_text(shape)
    done = kg("validate", "good.ttl", "--shapes", "main.ttl", cwd=folder)
    assert done.returncode == code
    assert (f"owl:imports <{imported}> is not read" in done.stderr) == (code == 0)


def test_what_data_and_ontology_refer_to_and_is_not_read_is_named(folder: Path) -> None:
    (folder / "classes.ttl").write_text(
        "<> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://www.w3.org/2002/07/owl#imports> "
        "<top.ttl> , <https://example.org/core> , <s.ttl> ."
    )
    (folder / "good.ttl").write_text(GOOD + "<> <http://www.w3.org/ns/shacl#shapesGraph> <http://e/shapes> .")
    told = kg("validate", "good.ttl", "--shapes", "s.ttl", "--ontology", "classes.ttl", cwd=folder)
    assert told.returncode == 0
    warnings = [line for line in told.stderr.splitlines() if "is not read" in line]
    assert warnings == [
        f"warning: owl:imports <{(folder / 'top.ttl').as_uri()}> of the data is not read (name it with --ontology or --import)",
        "warning: owl:imports <https://example.org/core> of the data is not read (name it with --ontology or --import)",
        "warning: sh:shapesGraph <http://e/shapes> of the data is not read (name it with --shapes or --import)",
    ]
    (folder / "top.ttl").write_text("<https://example.org/core> a <http://www.w3.org/2002/07/owl#Ontology> .")
    told = kg(
        "validate", "good.ttl", "--shapes", "s.ttl", "--ontology", "classes.ttl", "--ontology", "top.ttl", "--json",
        cwd=folder,
    )  # fmt: skip
    assert [text.split()[0] for text in json.loads(told.stdout)["data"]["warnings"]] == ["sh:shapesGraph"]


def test_what_lies_in_a_folder_of_shapes_and_is_not_read_is_named(folder: Path) -> None:
    (folder / "shapes" / "below").mkdir(parents=True)
    for name in ("a.ttl", "b.rdf", "c.ttl.bak", "README.md", "table.csv", "below/d.ttl"):
        (folder / "shapes" / name).write_text(SHAPES if name == "a.ttl" else "")
    told = kg("validate", "good.ttl", "--shapes", "shapes", cwd=folder)
    named = [line.split()[1] for line in told.stderr.splitlines() if "is not read" in line]
    assert (told.returncode, named) == (0, ["shapes/b.rdf", "shapes/below/d.ttl", "shapes/c.ttl.bak"])


@pytest.mark.parametrize("called", ["sh:node :Nmae", "sh:or ( :Nmae )", "sh:not :Nmae"])
def test_a_shape_of_which_nothing_is_said_is_told(folder: Path, called: str) -> None:
    (folder / "s.ttl").write_text(SHAPES + f":S {called} . :Name sh:class :C .\n")
    told = kg("validate", "good.ttl", "--shapes", "s.ttl", cwd=folder)
    property_name = called.split(maxsplit=1)[0]
    assert f"warning: s.ttl:4: {property_name} names http://e/Nmae, of which nothing is said" in told.stderr
    assert "it accepts everything (did you mean 'Name'?)" in told.stderr


@pytest.mark.parametrize("cut", [slice(0, 30), slice(12, None)], ids=["end", "middle"])
def test_damaged_gzip_is_told_by_name(folder: Path, cut: slice) -> None:
    packed = gzip.compress(GOOD.encode() * 50)
    (folder / "bad.ttl.gz").write_bytes(packed[:10] + packed[cut])
    for data, shapes, code in (("bad.ttl.gz", "s.ttl", 1), ("good.ttl", "bad.ttl.gz", 2)):
        done = kg("validate", data, "--shapes", shapes, cwd=folder)
        assert done.returncode == code
        assert "error: bad.ttl.gz is no whole gzip file: " in done.stderr


def test_imports_do_not_leave_the_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "x.ttl"
    elsewhere.write_text("not Turtle, and not to be read")
    (folder / "main.ttl").write_text(f"{SHAPES}<> <http://www.w3.org/2002/07/owl#imports> <{elsewhere.as_uri()}> .\n")
    told = kg("validate", "good.ttl", "--shapes", "main.ttl", cwd=folder)
    assert (told.returncode, told.stdout) == (0, "conforms\n")
    assert "is not read" in told.stderr


def test_two_engines_can_be_asked_at_once(folder: Path) -> None:
    assert kg("validate", "bad.ttl", "--shapes", "s.ttl", "--engine", "both", cwd=folder).returncode == 1
    # pySHACL does not turn the steps of an inverse sequence around.
    (folder / "s.ttl").write_text(
        SHAPES.replace(":P sh:path :p ; sh:minCount 1", ":P sh:path [ sh:inversePath ( :p :q ) ] ; sh:maxCount 0")
    )
    (folder / "bad.ttl").write_text("@prefix : <http://e/> . :x a :C . :y :p :a . :a :q :x .")
    disagreed = kg("validate", "bad.ttl", "--shapes", "s.ttl", "--engine", "both", cwd=folder)
    assert disagreed.returncode == 3
    said = disagreed.stderr.splitlines()
    assert said[0] == "error: the engines disagree: they share 0 results, and not 1"
    assert said[1].startswith("error: http://e/x: native says, and pySHACL does not: MaxCount, violation: Give it a p.")


def test_a_regular_expression_cannot_hang_a_run(folder: Path) -> None:
    (folder / "s.ttl").write_text(SHAPES.replace("sh:minCount 1", 'sh:pattern "^(a+)+$"'))
    (folder / "bad.ttl").write_text(f'<http://e/x> a <http://e/C> ; <http://e/p> "{"a" * 60}!" .')
    assert kg("validate", "bad.ttl", "--shapes", "s.ttl", cwd=folder).returncode == 1
