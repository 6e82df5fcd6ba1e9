"""What `kg validate` reports, in which form, where to, and what makes it fail."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from small_project import kg

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> . @prefix schema: <https://schema.org/> .
:S a sh:NodeShape ; sh:targetClass :C ;
  sh:property [ sh:path schema:name ; sh:minCount 2 ] ,
    [ sh:path schema:age ; sh:datatype <http://www.w3.org/2001/XMLSchema#integer> ; sh:severity sh:Warning ] ,
    [ sh:path schema:address ; sh:node :Address ; sh:severity sh:Info ] .
:Address a sh:NodeShape ;
  sh:property [ sh:path schema:postalCode ; sh:minCount 1 ] .
:None a sh:NodeShape ; sh:targetClass :D .
"""
DATA = """\
@prefix : <http://e/> . @prefix schema: <https://schema.org/> .

:x a :C ;
  schema:name "one" ;
  schema:age 7 ,
    "old" ;
  schema:address [
    schema:street "x" ] .
"""
WARNING = DATA.replace('schema:name "one"', 'schema:name "one" , "two"')
INFO = WARNING.replace(',\n    "old"', "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"s.ttl": SHAPES, "d.ttl": DATA}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_results_say_where_they_are_written_and_why(folder: Path) -> None:
    done = kg("validate", "d.ttl", "--shapes", "s.ttl", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.replace(" [", "\n[").splitlines() == [
        "d.ttl:4: violation: fewer than 2 values of schema:name (it has 1)",
        "[http://e/x schema:name] (shape at s.ttl:3)",
        "d.ttl:6: warning: the value of schema:age is no xsd:integer (its datatype is xsd:string)",
        '[http://e/x schema:age "old"] (shape at s.ttl:4)',
        "d.ttl:7: info: the value of schema:address does not fit the shape http://e/Address",
        "[http://e/x schema:address _:node4] (shape at s.ttl:5)",
        "    because: d.ttl:8: fewer than 1 value of schema:postalCode (it has none)",
        "[_:node4 schema:postalCode] (shape at s.ttl:7)",
        "does not conform: 3 results",
    ]


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SYNTAXES = {
    "d.nt": ('<http://e/y> <http://e/p> "a" .\n# note\n\n<http://e/x> <http://e/p> _:b .\n', 4),
    "d.nq": ("<http://e/y> <http://e/p> <http://e/z> <http://e/g> .\n<http://e/x>\t<http://e/p> 1 .\n".replace(" 1 ", " \"1\" "), 2),
    "d.ttl": ("@prefix e: <http://e/> .\ne:y e:p e:z .\n\ne:x\n  e:p 'a'\n.\n", 5),
    "d.trig": ("@prefix e: <http://e/> .\ne:g {\n  e:y e:p e:z .\n  e:x e:p '''a\nb'''\n}\n", 4),
    "d.rdf": (f'<?xml version="1.0"?>\n<r:RDF xmlns:r="{RDF}" xmlns:e="http://e/">\n<r:Description r:about="http://e/x">\n<e:p>a</e:p>\n</r:Description></r:RDF>\n', 4),
    "d.jsonld": ('{"@id": "http://e/x", "http://e/p": "a"}\n', None),
}  # fmt: skip


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("name", SYNTAXES)
def test_a_place_in_every_syntax_that_has_lines(folder: Path, name: str, is_packed: bool) -> None:
    text, line = SYNTAXES[name]
    file = folder / (f"{name}.gz" if is_packed else name)
    file.write_bytes(gzip.compress(text.encode()) if is_packed else text.encode())
    (folder / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> sh:targetNode <http://e/x> ; sh:property [ sh:path <http://e/p> ; sh:maxCount 0 ] ."
    )
    done = kg("validate", file.name, "--shapes", "s.ttl", cwd=folder)
    place = f"{file.name}:{line}: " if line else ""
    assert done.stdout.startswith(f"{place}violation: more than 0 values of http://e/p (it has 1)"), done


def test_blank_nodes_of_several_files_have_their_places(folder: Path) -> None:
    (folder / "a.ttl").write_text("@prefix : <http://e/> .\n[] :q [] .\n_:x :q 1 .\n")
    (folder / "b.nt").write_text("<http://e/y> <http://e/q> <http://e/z> .\n_:x <http://e/p> <http://e/z> .\n")
    (folder / "c.ttl").write_text("@prefix : <http://e/> .\n[] :q 1 .\n\n[] :p 2 .\n")
    (folder / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> sh:targetSubjectsOf <http://e/p> ; sh:nodeKind sh:IRI ."
    )
    done = kg("validate", "a.ttl", "b.nt", "c.ttl", "--shapes", "s.ttl", cwd=folder)
    assert sorted(line.split(": ")[0] for line in done.stdout.splitlines()[:-1]) == ["b.nt:2", "c.ttl:4"]


def test_what_came_by_standard_input_has_no_place(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "validate", "-", "--shapes", "s.ttl"],
        cwd=folder, input=DATA, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[3])},
    )  # fmt: skip
    assert done.stdout.startswith("violation: fewer than 2 values of schema:name (it has 1) [http://e/x schema:name]")


@pytest.mark.parametrize(
    ("data", "fail_on", "code"),
    [
        (DATA, None, 1), (DATA, "violation", 1), (WARNING, "violation", 0), (WARNING, "warning", 1), (INFO, "warning", 0),
        (INFO, "info", 1), (INFO, None, 1),
    ],
)  # fmt: skip
def test_what_makes_it_fail(folder: Path, data: str, fail_on: str | None, code: int) -> None:
    (folder / "d.ttl").write_text(data)
    options = ["--fail-on", fail_on] if fail_on else []
    done = kg("validate", "d.ttl", "--shapes", "s.ttl", *options, cwd=folder)
    assert done.returncode == code
    assert "does not conform" in done.stdout  # the results are told, whatever comes of them
    answer = kg("validate", "d.ttl", "--shapes", "s.ttl", "--json", *options, cwd=folder)
    body = json.loads(answer.stdout)
    assert (answer.returncode, body["ok"]) == (code, code == 0)
    assert body["data"]["conforms"] is False


@pytest.mark.parametrize("name", ["r.html", "r.xml", "r.sarif", "r.json", "r.ttl", "r.txt"])
def test_a_report_goes_to_a_file_in_the_form_that_it_is_named_for(folder: Path, name: str) -> None:
    (folder / name).write_text("old")
    done = kg("validate", "d.ttl", "--shapes", "s.ttl", "-o", name, cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{name}: does not conform: 3 results" in done.stderr
    begins = {
        "r.html": "<!doctype html>",
        "r.xml": "<?xml",
        "r.sarif": "{",
        "r.json": "{",
        "r.ttl": "@prefix",
        "r.txt": "d.ttl:4",
    }
    text = (folder / name).read_text(encoding="utf-8")
    assert text.startswith(begins[name])
    assert {path.name for path in folder.iterdir()} == {"d.ttl", "s.ttl", name}
    # Another form than that of the name, and the object on standard output as well.
    again = kg("validate", "d.ttl", "--shapes", "s.ttl", "-o", name, "--format", "junit", "--json", cwd=folder)
    assert json.loads(again.stdout)["data"]["focus_nodes"] == 1
    assert ET.parse(folder / name).getroot().get("failures") == "3"


def test_a_file_that_cannot_be_written_is_told(folder: Path) -> None:
    refused = kg("validate", "d.ttl", "--shapes", "s.ttl", "-o", ".", cwd=folder)
    assert (refused.returncode, "is a folder" in refused.stderr) == (2, True)
    refused = kg("validate", "d.ttl", "--shapes", "s.ttl", "-o", "none/r.html", cwd=folder)
    assert (refused.returncode, "cannot write none/r.html" in refused.stderr) == (3, True)


@pytest.mark.parametrize("form", ["text", "json", "turtle", "junit", "sarif", "html"])
@pytest.mark.parametrize(
    ("language", "words"), [("ar", "عدد قيم"), ("fr", "moins de 2 valeurs"), ("en", "fewer than 2 values")]
)
def test_every_form_speaks_three_languages(folder: Path, form: str, language: str, words: str) -> None:
    done = kg("validate", "d.ttl", "--shapes", "s.ttl", "--format", form, "--language", language, cwd=folder)
    assert done.returncode == 1
    assert words in done.stdout


def test_the_focus_nodes_of_each_shape_are_told(folder: Path) -> None:
    (folder / "s.ttl").write_text(SHAPES + "[] sh:targetClass :C ; sh:nodeKind sh:IRI .\n")
    done = kg("validate", "d.ttl", "--shapes", "s.ttl", "-v", cwd=folder)
    told = done.stderr.splitlines()
    assert [line for line in told if line.startswith("  ")] == [
        "  0 of http://e/None",
        "  1 of http://e/S",
        "  1 of s.ttl:9",
    ]
    assert "warning: shapes without a focus node: http://e/None" in told
    body = json.loads(kg("validate", "d.ttl", "--shapes", "s.ttl", "--format", "json", cwd=folder).stdout)
    assert body["coverage"] == {"http://e/None": 0, "http://e/S": 1, "s.ttl:9": 1}
    assert body["results"][0]["where"] == {"file": "d.ttl", "line": 4}
    assert body["results"][0]["shape_where"] == {"file": "s.ttl", "line": 3}


@pytest.mark.parametrize(
    ("options", "variables", "is_shown"),
    [
        ((), {}, True),
        (("-q",), {}, False),
        (("--json",), {}, False),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"TERM": "dumb"}, False),
    ],
)
def test_a_terminal_sees_how_far_it_has_come(
    folder: Path, options: tuple[str, ...], variables: dict[str, str], is_shown: bool
) -> None:
    here, there = pty.openpty()
    environment = {"PYTHONPATH": str(Path(__file__).resolve().parents[3]), "TERM": "xterm", **variables}
    command = [sys.executable, "-m", "kg", "validate", "d.ttl", "--shapes", "s.ttl", *options]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=there, env=environment) as process:
        os.close(there)
        told = b""
        try:
            while piece := os.read(here, 4096):
                told += piece
        except OSError:  # the other end of a terminal is closed
            pass
        os.close(here)
    assert process.returncode == 1
    assert (b"\r0 of 2 shapes done: http://e/None" in told) == is_shown
    if is_shown:  # it is written over in the end
        assert b"\r" + b" " * 20 in told
