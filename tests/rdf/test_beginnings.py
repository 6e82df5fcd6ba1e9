"""Files of RDF as editors and people save them: with a byte order mark, in UTF-16, under the name of another syntax."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from patience import PATIENCE

from kg.cli.main import kg

TURTLE = '# Sites\n@prefix ex: <http://e/> .\nex:a ex:p "é" .\n'
LINES = '<http://e/a> <http://e/p> "é" .\n'
XML = (
    '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://e/">'
    '<rdf:Description rdf:about="http://e/a"><ex:p>é</ex:p></rdf:Description></rdf:RDF>'
)
JSON = '{"@id": "http://e/a", "http://e/p": "é"}'
FILES = {"a.ttl": TURTLE, "a.trig": TURTLE, "a.nt": LINES, "a.nq": LINES, "a.rdf": XML, "a.owl": XML, "a.jsonld": JSON}


def exported(path: Path, given: bytes | None = None) -> tuple[int, str]:
    """What `kg export` says of a file."""
    done = CliRunner().invoke(kg, ["export", "ntriples", path.as_posix()], input=given)
    return done.exit_code, done.output


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_byte_order_mark_before_utf_8_is_no_part_of_the_data(tmp_path: Path, name: str, is_packed: bool) -> None:
    content = FILES[name].encode("utf-8-sig")
    path = tmp_path / (f"{name}.gz" if is_packed else name)
    path.write_bytes(gzip.compress(content) if is_packed else content)
    assert exported(path) == (0, LINES)


def test_lines_are_counted_as_without_a_mark(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(f"{TURTLE}ex:b ex:p .\n", encoding="utf-8-sig")
    code, said = exported(tmp_path / "a.ttl")
    assert code == 1
    assert "a.ttl:4: not Turtle" in said


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_with_what_to_do(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(f"\ufeff{FILES[name]}".encode(encoding))
    code, said = exported(tmp_path / name)
    assert code == 1
    told = f"{name}:1: the text is UTF-16, and RDF is UTF-8 (save it as UTF-8; it reads as UTF-16: iconv -f UTF-16 "
    assert f"{told}-t UTF-8 {tmp_path / name} > NEW)" in said


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.rdf", TURTLE, "not RDF/XML: it begins as Turtle does (name it .ttl, or convert it)"),
        ("a.owl", TURTLE, "not RDF/XML: it begins as Turtle does (name it .ttl, or convert it)"),
        ("a.rdf", JSON, "not RDF/XML: it begins as JSON-LD does (name it .jsonld, or convert it)"),
        ("a.ttl", XML, "not Turtle: it begins as RDF/XML does (name it .rdf, or convert it)"),
        ("a.ttl", f"\n  {XML}", "not Turtle: it begins as RDF/XML does (name it .rdf, or convert it)"),
        ("a.jsonld", XML, "not JSON-LD: it begins as RDF/XML does (name it .rdf, or convert it)"),
        ("a.jsonld", TURTLE, "not JSON-LD: it begins as Turtle does (name it .ttl, or convert it)"),
        ("a.nt", f"# remark\n\nPREFIX ex: <http://e/>\n{LINES}", "not N-Triples: it begins as Turtle does"),
        ("a.nq", JSON, "not N-Quads: it begins as JSON-LD does"),
    ],
)
def test_a_file_under_the_name_of_another_syntax_is_told_what_it_is(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    code, said = exported(tmp_path / name)
    assert code == 1
    assert f"{name}:1: {told}" in said


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.trig", '{ <http://e/a> <http://e/p> "é" . }'),
        ("a.ttl", '[] <http://e/p> "é" .'),
        ("a.ttl", '<rdf:RDF> <http://e/p> "é" .'),
        ("a.nt", f"# @prefix a remark\n{LINES}"),
        ("a.ttl", ""),
        ("a.nt", "\n\n"),
    ],
)
def test_near_beginnings_are_read_as_they_are_called(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert exported(tmp_path / name)[0] == 0


def test_a_pipe_has_no_beginning_to_go_back_to(tmp_path: Path) -> None:
    """What was looked at is there all the same."""
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "[] a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ; sh:property [ sh:path <http://e/p> ; sh:minCount 2 ] .\n"
    )
    command = [sys.executable, "-m", "kg", "validate", "-", "--data-format", "ttl", "--shapes", "shapes.ttl"]
    done = subprocess.run(
        command, input=TURTLE.encode("utf-8-sig"), cwd=tmp_path, capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1
    assert b"http://e/a" in done.stdout + done.stderr
