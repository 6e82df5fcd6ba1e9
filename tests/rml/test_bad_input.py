"""Bad input through the command line: a named error, the documented exit code, and no part of an output in place."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.mappings import file_source, one_map

from kg.cli.main import kg


@dataclass(frozen=True)
class Outcome:
    """What `kg map --json -o out.nq` did."""

    code: int
    errors: list[dict[str, object]]

    @property
    def said(self) -> str:
        return "\n".join(f"{error['message']} ({error['hint']})" for error in self.errors)

    @property
    def places(self) -> list[str]:
        return [f"{e['where']['file']}:{e['where']['line']}" for e in self.errors if e["where"]]


def run(mapping: Path, *arguments: str) -> Outcome:
    """Run the command over a file that was there before; after a failure it must be there as it was."""
    folder = mapping.parent
    out = folder / "out.nq"
    out.write_text("before")
    there = sorted(folder.rglob("*"))
    done = CliRunner().invoke(kg, ["map", str(mapping), "-o", str(out), "--json", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    if done.exit_code:
        assert out.read_text() == "before"
        assert sorted(folder.rglob("*")) == there
    else:
        assert out.read_text() != "before"
    assert done.stderr == ""
    return Outcome(done.exit_code, json.loads(done.stdout)["errors"])


@dataclass(frozen=True)
class Bad:
    """A source that cannot be mapped, and what is said about it."""

    name: str
    content: bytes | Callable[[], bytes]
    said: str
    line: int = 1
    code: int = 1
    arguments: tuple[str, ...] = field(default=())


def workbook_bomb() -> bytes:
    """A sheet of 70 MB that is packed into 70 KB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for _ in range(70):
                sheet.write(b"<row/>" * (1_000_000 // 6))
    return file.getvalue()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">\n' for n in range(1, 10))
    return f'<!DOCTYPE r [\n<!ENTITY l0 "lol">\n{entities}]>\n<r><x>&l9;</x></r>'.encode()


CUT = gzip.compress(b"i,a\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(20_000)))[:30_000]
BAD = [
    Bad("t.csv", "i,a\n1,é\n".encode("latin-1"), "not utf-8: byte 0xe9 (save the file as UTF-8", 2),
    Bad("t.csv", "i,a\n1,é\n".encode("utf-16"), "it begins like UTF-16: write rml:encoding rml:UTF-16", 1),
    Bad("t.csv", b"i,a\n1,x\n2\n", "the row has 1 cells, the header 2", 3),
    Bad("t.csv", b"i,a\n1,x\n2,y,z\n", "the row has 3 cells, the header 2", 3),
    Bad("t.csv", b'i,a\n1,"x\n2,y\n', "not CSV: unexpected end of data (a cell with quotes", 3),
    Bad("t.csv", b'i,a\n1,"x"y\n', "not CSV: ',' expected after '\"'", 2),
    Bad("t.csv", b"i,a,a\n1,2,3\n", "two columns are named 'a'"),
    Bad("t.csv", b"", "the table is empty"),
    Bad("t.csv", b"\n\r\n\n", "the table is empty"),
    Bad("t.csv", b"i,a\n1,x\0y\n", "the value holds U+0000", 2),
    Bad("t.csv", b"i,a\n\0,x\n", "the value holds U+0000", 2),
    Bad("t.csv", b"i,a\n1,x\n2," + b"x" * 70_000, "the line is longer than 64K", 3, 1, ("--limit", "record=64K")),
    Bad("t.csv", b"x" * 70_000, "the line is longer than 64K", 1, 1, ("--limit", "record=64K")),
    Bad("t.csv", b"x" * (2 << 20), "longer than 1M", 1, 1, ("--limit", "record=1M", "--workers", "2")),
    Bad("t.csv", b'i,a\n1,"' + b"x\n" * 90_000, "is a quote not closed?", 32770, 1, ("--limit", "record=64K")),
    Bad("t.csv.gz", CUT, "the packed file is damaged: Compressed file ended", 1),
    Bad("t.csv.gz", gzip.compress(b"i,a\n" + (b"1," + b"x" * 100_000 + b"\n") * 700), "perhaps a decompression bomb"),
    Bad("t.json", b'[{"i": 1,\n "a": ]', "not JSON: Expecting value", 2),
    Bad("t.json", b"[" * 200_000, "the JSON is nested too deeply"),
    Bad("t.json", b'[{"i": 1, "a": "\\ud800"}]', "half a character, U+D800"),
    Bad("t.json", b'[{"i": "\\udfff", "a": 1}]', "half a character, U+DFFF"),
    Bad("t.json", b'[{"i": 1, "a": "x\\u0000"}]', "the value holds U+0000"),
    Bad("t.json", b'[{"i": 1, "a": 1' + b"0" * 5000 + b"}]", "not JSON: Exceeds the limit (4300 digits)"),
    Bad("t.json", b"  \n", "the document is empty"),
    Bad("t.json", b"[" + b" " * 70_000 + b"]", "larger than 64K", 1, 1, ("--limit", "document=64K")),
    Bad("t.jsonl", b'{"i": 1, "a": 1}\n{"i": 2, "a"}\n', "not JSON", 2),
    Bad("t.jsonl", b'{"i": 1}\n{"i": "' + b"x" * 70_000, "longer than 64K", 2, 1, ("--limit", "record=64K")),
    Bad("t.jsonl", b"\n\n", "the file is empty"),
    Bad("t.jsonl", b'{"i": 1}\n{"i": "\xe9"}\n', "not utf-8: byte 0xe9", 2),
    Bad("t.xml", laughs, "the entities of the document grow without bound"),
    Bad("t.xml", b"<r>\n" + b"<a>" * 100_000, "the XML is nested too deeply", 2),
    Bad("t.xml", b"<r>\n<x i='1'>\n</r>", "not XML: Opening and ending tag mismatch", 3),
    Bad("t.xml", b"", "the document is empty"),
    Bad("t.xlsx", workbook_bomb, "perhaps a decompression bomb"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad.name}: {bad.said[:30]}")
def test_a_source_that_cannot_be_mapped(tmp_path: Path, bad: Bad) -> None:
    if bad.name.endswith(".xlsx"):
        pytest.importorskip("openpyxl", reason="the extra zellige[tables] is not installed")
    content = bad.content() if callable(bad.content) else bad.content
    (tmp_path / bad.name).write_bytes(content)
    kind = bad.name.split(".")[1]
    source, subject, reference = {
        "csv": (file_source(bad.name, "rml:CSV"), "http://e/{i}", "a"),
        "json": (file_source(bad.name, "rml:JSONPath", "$[*]"), "http://e/{$.i}", "$.a"),
        "jsonl": (file_source(bad.name, "rml:JSONPath", "$"), "http://e/{$.i}", "$.a"),
        "xml": (file_source(bad.name, "rml:XPath", "/r/x"), "http://e/{@i}", "@a"),
        "xlsx": (file_source(bad.name, "rml:SQL2008Table"), "http://e/{i}", "a"),
    }[kind]
    headless = b"," not in content[:70_000] and kind == "csv"
    outcome = run(one_map(tmp_path, source, subject, [] if headless else [reference]), *bad.arguments)
    assert outcome.code == bad.code
    assert bad.said in outcome.said
    assert outcome.places == [f"{bad.name}:{bad.line}"]


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("\ufeffi,a\n1,x\n".encode())
    assert run(one_map(tmp_path, file_source("t.csv", "rml:CSV"), "http://e/{i}", ["a"])).code == 0
    (tmp_path / "t.json").write_bytes('\ufeff[{"i": 1}]'.encode())
    assert run(one_map(tmp_path, file_source("t.json", "rml:JSONPath", "$[*]"), "http://e/{$.i}", ["$.i"])).code == 0


def test_a_line_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A file with a hole of 8 GB: whoever read it whole would not come back."""
    with (tmp_path / "t.csv").open("wb") as file:
        file.write(b"i,a\n1,")
        file.truncate(8 << 30)
    outcome = run(one_map(tmp_path, file_source("t.csv", "rml:CSV"), "http://e/{i}", ["a"]))
    assert outcome.code == 1
    assert outcome.places == ["t.csv:2"]
    assert "the line is longer than 16M" in outcome.said
    assert "--limit record=32M" in outcome.said
    (tmp_path / "t.csv").rename(tmp_path / "t.json")
    outcome = run(one_map(tmp_path, file_source("t.json", "rml:JSONPath", "$[*]"), "http://e/{$.i}", ["$.i"]))
    assert "the document is larger than 256M" in outcome.said


@pytest.mark.parametrize("reaching", ["../../etc/passwd", "a/../../../etc", "/etc/passwd", "..%2f..", "\\..\\.."])
def test_a_value_does_not_reach_out_of_its_place_in_an_iri(tmp_path: Path, reaching: str) -> None:
    (tmp_path / "t.csv").write_text(f'i,a\n"{reaching}",x\n')
    assert run(one_map(tmp_path, file_source("t.csv", "rml:CSV"), "http://e/data/{i}/end", ["a"])).code == 0
    (line,) = (tmp_path / "out.nq").read_text().splitlines()
    iri = line[1 : line.index(">")]
    assert iri.startswith("http://e/data/")
    assert iri.count("/") == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.ttl", "out.nq", "t.csv"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../secret.csv", "leads out of the folder"),
        ("/etc/passwd", "leads out of the folder"),
        ("link.csv", "leads out of the folder"),
        ("folder-link/secret.csv", "leads out of the folder"),
        ("inner/../../secret.csv", "leads out of the folder"),
        ("http://127.0.0.1:9/t.csv", "is no path of a file (sources are not fetched"),
        ("file:///etc/passwd", "is no path of a file"),
        ("", "is no path of a file"),
        ("a\0b", "is no path of a file"),
        ("inner", "'inner' is a folder"),
        ("pipe", "'pipe' is no file, but a pipe or a device"),
        ("absent.csv", "there is no file 'absent.csv'"),
        ("nside.csv", "did you mean 'inside.csv'?"),
    ],
)
def test_a_source_is_a_file_below_the_mapping(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "secret.csv").write_text("i,a\n1,x\n")
    folder = tmp_path / "project"
    (folder / "inner").mkdir(parents=True)
    (folder / "inside.csv").write_text("i,a\n1,x\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "folder-link").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    outcome = run(one_map(folder, file_source(name, "rml:CSV"), "http://e/{i}", ["a"]))
    assert outcome.code == 2
    assert said in outcome.said
    (error,) = outcome.errors
    assert error["where"]["file"] == str(folder / "m.ttl")


def test_a_file_without_rights_is_told(tmp_path: Path) -> None:
    """As somebody who is not root: root may read everything."""
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    mapping = one_map(tmp_path, file_source("t.csv", "rml:CSV"), "http://e/{i}", ["a"])
    (tmp_path / "t.csv").chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(0o755)
    code = (
        "import os, sys, kg.rml, kg.rml.mapping.turtle, kg.cli.map, kg.cli.main as m, encodings.idna, locale\n"
        "os.getuid() or (os.setgroups([]), os.setgid(65534), os.setuid(65534))\n"
        f"sys.argv = ['kg', 'map', {str(mapping)!r}, '--json', '-o', '/dev/null']\nm.run()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    (error,) = json.loads(done.stdout)["errors"]
    assert error["message"] == "cannot read t.csv: Permission denied"


def test_limits_are_checked_before_anything_else(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i,a\n1,x\n")
    mapping = one_map(tmp_path, file_source("t.csv", "rml:CSV"), "http://e/{i}", ["a"])
    for text, said in (
        ("recrod=1M", "there is no limit 'recrod' (did you mean 'record'?)"),
        ("record=much", "'much' is no size"),
        ("record", "'' is no size"),
    ):
        outcome = run(mapping, "--limit", text)
        assert (outcome.code, said in outcome.said) == (2, True)
