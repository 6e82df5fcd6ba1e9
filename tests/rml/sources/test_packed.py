"""Packed sources: every kind gives what the file within gives; damaged ones and bombs are refused by name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from rml.mappings import file_source, lines, objects, one_map

from kg.errors import DataError, MappingError
from kg.rml import Access, Limits

TABLE = b"i,a\n" + b"".join(b"%d,text %d\n" % (i, i * 7919 % 1000) for i in range(5_000))
zstd = pytest.importorskip("backports.zstd", reason="the extra zellige[tables] is not installed")


def zipped(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def tarred(mode: str, *members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


KINDS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": (".gz", gzip.compress),
    "bzip2": (".bz2", bz2.compress),
    "xz": (".xz", lzma.compress),
    "zstd": (".zst", zstd.compress),
    "zip": (".zip", lambda content: zipped(("folder/", b""), ("folder/t.csv", content), ("__MACOSX/._t", b"x"))),
    "targz": (".tar.gz", lambda content: tarred("w:gz", ("folder/t.csv", content))),
    "tarxz": (".tar.xz", lambda content: tarred("w:xz", ("t.csv", content))),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_named", [True, False], ids=["by the mapping", "by its suffix"])
def test_a_packed_table_is_the_table(tmp_path: Path, kind: str, is_named: bool) -> None:
    suffix, pack = KINDS[kind]
    name = "t.bin" if is_named else f"t.csv{suffix}"
    (tmp_path / name).write_bytes(pack(TABLE))
    (tmp_path / "plain.csv").write_bytes(TABLE)
    more = f"; rml:compression rml:{kind}" if is_named else ""
    packed = lines(one_map(tmp_path, file_source(name, "rml:CSV", None, more), "http://e/{i}", ["a"]))
    assert len(packed) == 5_000
    assert packed == lines(one_map(tmp_path, file_source("plain.csv", "rml:CSV"), "http://e/{i}", ["a"]))


@pytest.mark.parametrize("kind", KINDS)
def test_trees_are_unpacked_too(tmp_path: Path, kind: str) -> None:
    suffix, pack = KINDS[kind]
    (tmp_path / f"t.json{suffix}").write_bytes(pack(b'[{"i": 1}, {"i": 2}]'))
    (tmp_path / f"t.xml{suffix}").write_bytes(pack(b"<r><x i='1'/><x i='2'/></r>"))
    for source, subject in (
        (file_source(f"t.json{suffix}", "rml:JSONPath", "$[*]"), "http://e/{$.i}"),
        (file_source(f"t.xml{suffix}", "rml:XPath", "/r/x"), "http://e/{@i}"),
    ):
        path = one_map(tmp_path, source, subject, [])
        path.write_text(path.read_text().replace('i}" ]', 'i}" ; rml:class ex:C ]'))
        assert [line[:13] for line in lines(path)] == ["<http://e/1> ", "<http://e/2> "]


def test_lines_of_json_are_known_by_the_name_within_the_archive(tmp_path: Path) -> None:
    (tmp_path / "t.zip").write_bytes(zipped(("t.jsonl", b'{"i": 1}\n{"i": 2}\n')))
    path = one_map(tmp_path, file_source("t.zip", "rml:JSONPath", "$"), "http://e/{$.i}", ["$.i"])
    assert [line[:4] for line in objects(path)] == ["<1> ", "<2> "]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", [0, 12, 0.5, -3])
def test_a_file_that_is_cut_is_damaged(tmp_path: Path, kind: str, keep: float) -> None:
    suffix, pack = KINDS[kind]
    content = pack(TABLE)
    kept = content[: int(len(content) * keep)] if isinstance(keep, float) else content[:keep]
    (tmp_path / f"t.csv{suffix}").write_bytes(kept)
    path = one_map(tmp_path, file_source(f"t.csv{suffix}", "rml:CSV"), "http://e/{i}", ["a"])
    with pytest.raises(DataError, match=r"packed file is damaged|the table is empty") as caught:
        lines(path)
    assert caught.value.problems[0].position
    assert caught.value.problems[0].position.path == f"t.csv{suffix}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_packed_is_damaged(tmp_path: Path, kind: str) -> None:
    (tmp_path / "t.csv").write_bytes(TABLE)
    source = file_source("t.csv", "rml:CSV", None, f"; rml:compression rml:{kind}")
    with pytest.raises(DataError, match="the packed file is damaged"):
        lines(one_map(tmp_path, source, "http://e/{i}", ["a"]))


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    content = bytearray(zipped(("t.csv", TABLE)))
    content[200] ^= 0xFF
    (tmp_path / "t.csv.zip").write_bytes(bytes(content))
    with pytest.raises(DataError):
        lines(one_map(tmp_path, file_source("t.csv.zip", "rml:CSV"), "http://e/{i}", ["a"]))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.zip", zipped(("a.csv", TABLE), ("b.csv", TABLE)), "more than one file, also 'b.csv'"),
        ("t.tar.gz", tarred("w:gz", ("a.csv", TABLE), ("b.csv", TABLE)), "more than one file, also 'b.csv'"),
        ("t.zip", zipped(), "it holds no file"),
        ("t.tar.gz", tarred("w:gz"), "it holds no file"),
    ],
    ids=["two in zip", "two in tar", "none in zip", "none in tar"],
)
def test_an_archive_holds_one_file(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=said):
        lines(one_map(tmp_path, file_source(name, "rml:CSV"), "http://e/{i}", ["a"]))


def bomb(size: int) -> bytes:
    return b"i,a\n" + b"1,1\n" * (size // 4)


@pytest.mark.parametrize("kind", ["gzip", "xz", "zip", "targz"])
def test_a_bomb_is_refused_and_a_table_that_repeats_itself_is_not(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.rml.sources.packed.FREE", 1 << 20)
    suffix, pack = KINDS[kind]
    (tmp_path / f"t.csv{suffix}").write_bytes(pack(bomb(4 << 20)))
    path = one_map(tmp_path, file_source(f"t.csv{suffix}", "rml:CSV"), "http://e/{i}", ["a"])
    with pytest.raises(DataError, match=r"more than 200 times as large as packed.*--limit ratio=1000"):
        lines(path)
    assert len(lines(path, access=Access(Limits().with_texts(["ratio=100000"])))) == 1 << 20
    (tmp_path / f"t.csv{suffix}").write_bytes(pack(bomb(1 << 19)))
    assert len(lines(path)) == 1 << 17


def test_a_document_is_bounded_when_it_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "t.json.gz").write_bytes(gzip.compress(b"[" + b" " * 100_000 + b"]"))
    path = one_map(tmp_path, file_source("t.json.gz", "rml:JSONPath", "$[*]"), "http://e/{$.i}", ["$.i"])
    with pytest.raises(DataError, match="the document is larger than 64K"):
        lines(path, access=Access(Limits(document=64 << 10)))


def test_an_unknown_compression_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(TABLE)
    source = file_source("t.csv", "rml:CSV", None, "; rml:compression rml:brotli")
    with pytest.raises(MappingError, match=r"unknown compression brotli \(known: .*rml:gzip"):
        lines(one_map(tmp_path, source, "http://e/{i}", ["a"]))


def test_a_suffix_can_be_overruled(tmp_path: Path) -> None:
    (tmp_path / "t.gz").write_bytes(TABLE)
    source = file_source("t.gz", "rml:CSV", None, "; rml:compression rml:none")
    assert len(lines(one_map(tmp_path, source, "http://e/{i}", ["a"]))) == 5_000
