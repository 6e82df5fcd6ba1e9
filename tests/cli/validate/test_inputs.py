"""What `kg validate` reads: files as people have them, packed, piped, broken, empty or wrong by name."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import PATIENCE

from cli.validate.validating import GOOD, LINE, SHAPES, Done, validated

ROOT = Path(__file__).resolve().parents[3]
PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def piped(content: bytes, *arguments: str) -> Done:
    command = [sys.executable, "-m", "kg", "validate", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=content, capture_output=True, check=False, env=environ, timeout=PATIENCE)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_data_shapes_and_ontology_are_unpacked(folder: Path, suffix: str) -> None:
    (folder / f"d.nt.{suffix}").write_bytes(PACKERS[suffix](LINE.replace("/C>", "/D>").encode()))
    (folder / f"s.ttl.{suffix}").write_bytes(PACKERS[suffix](SHAPES.encode()))
    classes = b"<http://e/D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/C> ."
    (folder / f"c.ttl.{suffix}").write_bytes(PACKERS[suffix](classes))
    done = validated(f"d.nt.{suffix}", "--shapes", f"s.ttl.{suffix}", "--ontology", f"c.ttl.{suffix}")
    assert (done.code, done.err) == (1, "")
    assert "Give it a p." in done.out


def test_data_packed_with_zstd_are_read_where_something_unpacks_them(folder: Path) -> None:
    zstd = pytest.importorskip("backports.zstd")
    (folder / "d.nt.zst").write_bytes(zstd.compress(LINE.encode()))
    assert validated("d.nt.zst", "--shapes", "s.ttl").code == 1
    (folder / "d.nt.zst").write_bytes(zstd.compress(LINE.encode() * 99)[:-9])
    cut = validated("d.nt.zst", "--shapes", "s.ttl")
    assert (cut.code, "d.nt.zst is no whole zstd file" in cut.err) == (1, True)


def test_zstd_without_a_library_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compression", "compression.zstd", "backports", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    (folder / "d.nt.zst").write_bytes(b"\x28\xb5\x2f\xfd and more")
    done = validated("d.nt.zst", "--shapes", "s.ttl")
    assert done.code == 2
    assert "d.nt.zst is packed with zstd, which needs an extra (pip install 'zellige[tables]'" in done.err


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_files_that_are_cut_altered_or_none_are_told_by_name(folder: Path, suffix: str) -> None:
    packed = PACKERS[suffix](os.urandom(4000).hex().encode())
    for content in (packed[:-20], packed[:900] + bytes(99) + packed[999:], LINE.encode(), b""):
        (folder / f"d.nt.{suffix}").write_bytes(content)
        for code, arguments in ((1, (f"d.nt.{suffix}", "s.ttl")), (2, ("good.ttl", f"d.nt.{suffix}"))):
            done = validated(arguments[0], "--shapes", arguments[1])
            assert done.code == code
            assert f"error: d.nt.{suffix} is no whole " in done.err


def test_what_is_packed_in_another_way_than_its_name_says_is_told(folder: Path) -> None:
    (folder / "d.nt.bz2").write_bytes(gzip.compress(LINE.encode()))
    done = validated("d.nt.bz2", "--shapes", "s.ttl")
    assert (done.code, "d.nt.bz2 is no whole bzip2 file: but one of gzip" in done.err) == (1, True)


@pytest.mark.parametrize("packed", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_standard_input_is_data_shapes_or_ontology(folder: Path, packed: Callable[[bytes], bytes]) -> None:
    assert piped(packed(LINE.encode()), "-", "--data-format", "nt", "--shapes", "s.ttl").code == 1
    shapes = piped(packed(SHAPES.encode()), "bad.ttl", "--shapes", "-")
    assert (shapes.code, "Give it a p." in shapes.out) == (1, True)


def test_standard_input_is_read_once(folder: Path) -> None:
    for arguments in (
        ("-", "--shapes", "-"),
        ("-", "-", "--shapes", "s.ttl"),
        ("-", "--shapes", "s.ttl", "--ontology", "-"),
    ):
        done = validated(*arguments)
        assert (done.code, "error: standard input can be read once" in done.err) == (2, True)
    broken = piped(b"<urn:a> <urn:b>\n<urn:c> <urn:d> .", "-", "--shapes", "s.ttl")
    assert (broken.code, "error: standard input:2: not Turtle" in broken.err) == (1, True)


def test_files_without_a_name_of_rdf_need_their_syntax(folder: Path) -> None:
    (folder / "dump.txt").write_text(LINE)
    done = validated("dump.txt", "--shapes", "s.ttl")
    assert (done.code, "dump.txt is no RDF file by its name" in done.err, "--data-format" in done.err) == (
        2,
        True,
        True,
    )
    assert validated("dump.txt", "--shapes", "s.ttl", "--data-format", "nt").code == 1
    assert validated("dump.txt", "bad.ttl", "--shapes", "s.ttl", "--data-format", "nt").code == 1


def test_a_folder_is_read_whole_and_only_what_is_rdf_by_its_name(folder: Path) -> None:
    (folder / "many" / "below").mkdir(parents=True)
    for name in ("notes.txt", "package.json", "table.csv", "README"):
        (folder / "many" / name).write_text("no RDF")
    none = validated("many", "--shapes", "s.ttl")
    assert (none.code, "error: no RDF files in the folder many" in none.err) == (2, True)
    for name in ("a.ttl", "b.turtle", "c.NT", "below/d.nq.gz", "e.jsonld", "f.owl"):
        content = LINE.replace("/x>", f"/{Path(name).name}>").encode()
        if name.endswith((".jsonld", ".owl")):
            content = b"{}" if name[0] == "e" else b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
        (folder / "many" / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    done = validated("many", "many/a.ttl", "--shapes", "s.ttl")
    assert done.code == 1
    assert "does not conform: 4 results" in done.out
    assert done.warnings == ["many/e.jsonld states nothing", "many/f.owl states nothing"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_what_may_not_be_read_is_told(folder: Path) -> None:
    (folder / "many" / "below").mkdir(parents=True)
    (folder / "many" / "a.ttl").write_text(GOOD)
    (folder / "many" / "below").chmod(0)
    try:
        done = validated("many", "--shapes", "s.ttl")
    finally:
        (folder / "many" / "below").chmod(0o700)
    assert (done.code, "cannot read the folder many/below" in done.err) == (3, True)
    (folder / "bad.ttl").chmod(0)
    assert validated("bad.ttl", "--shapes", "s.ttl").code == 3
    assert validated("good.ttl", "--shapes", "bad.ttl").code == 3


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("nosuch.ttl", None, 2, "error: no such file: nosuch.ttl"),
        ("empty.nt", b"", 0, "warning: empty.nt states nothing"),
        ("empty.jsonld", b"", 1, "error: empty.jsonld:1: not JSON-LD: "),
        ("noise.nt", b"\x00\xff\xfe\n", 1, "error: noise.nt:1: not N-Triples: "),
        ("noise.ttl", b"\x00\xff\xfe\n", 1, "error: noise.ttl:1: not Turtle: "),
        ("late.nt", LINE.encode() * 3 + b"<a> <b> <c> .\n", 1, "error: late.nt:4: not N-Triples: "),
        (
            "remote.jsonld",
            b'{"@context": "http://e/c", "@id": "http://e/x"}',
            1,
            "error: remote.jsonld:1: not JSON-LD: ",
        ),
    ],
)
def test_broken_and_empty_files_are_told(folder: Path, name: str, content: bytes | None, code: int, said: str) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    done = validated(name, "--shapes", "s.ttl")
    assert (done.code, said in done.err) == (code, True), done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("suffix", ["nt", "ttl"])
def test_blank_nodes_of_files_are_apart_in_every_syntax(folder: Path, suffix: str) -> None:
    (folder / f"a.{suffix}").write_text(LINE.replace("<http://e/x>", "_:x"))
    (folder / f"b.{suffix}").write_text("_:x <http://e/p> _:x .\n")
    (folder / "both.nt").write_text(LINE.replace("<http://e/x>", "_:x") + "_:x <http://e/p> _:x .\n")
    assert validated(f"a.{suffix}", f"b.{suffix}", "--shapes", "s.ttl").code == 1
    assert validated("both.nt", "--shapes", "s.ttl").code == 0


def test_one_line_is_one_statement_whatever_its_spelling(folder: Path) -> None:
    """Two spellings of one literal are one value, by the fast way and by the parser's."""
    (folder / "s.ttl").write_text(SHAPES.replace("sh:minCount", "sh:maxCount"))
    p = "<http://e/x> <http://e/p> {} .\n"
    spelled = (
        ('"é"@fr-FR', '"\\u00E9"@fr-fr'),
        ('"a"', '"a"^^<http://www.w3.org/2001/XMLSchema#string>'),
        ('"\t"', '"\\t"'),
    )
    for one, other in spelled:
        (folder / "d.nt").write_text(LINE + p.format(one) + p.format(other))
        assert validated("d.nt", "--shapes", "s.ttl").out == "conforms\n"
        (folder / "d.nt").write_text(LINE + p.format(one) + p.format('"b"'))
        assert validated("d.nt", "--shapes", "s.ttl").code == 1


def test_the_number_of_statements_is_told_when_asked(folder: Path) -> None:
    (folder / "d.nt").write_text("".join(LINE.replace("/x>", f"/{n}>") for n in range(3)))
    assert "d.nt: 3 statements\n" in validated("d.nt", "bad.ttl", "--shapes", "s.ttl", "-v").err
