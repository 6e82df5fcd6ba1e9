"""Stores that are loaded in parts and merged say what a store in memory says, and whatever goes wrong is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patience import trials
from release_samples import dumped
from unit.disks import mounted

from kg import store
from kg.errors import ReleaseError, StorageError
from kg.runs.sealing import Seal, store_digest

rocksdict = pytest.importorskip("rocksdict", reason="there is no rocksdict for this machine")

XSD = "http://www.w3.org/2001/XMLSchema#"
NODES = st.sampled_from([ox.NamedNode(f"http://e/{name}") for name in ("a", "b", "c" * 40, "é", "s", "q?x=1#y")])
TEXTS = st.sampled_from(["", "a", "short", "sixteen bytes ok", "seventeen bytes..", "long " * 400, "سطر", 'a\nb\t"c\\'])
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(ox.Literal, TEXTS, language=st.sampled_from(["fr", "ar", "en-gb", "x-" + "long-" * 3 + "tag"])),
    st.integers(-(10**20), 10**20).map(lambda n: ox.Literal(str(n), datatype=ox.NamedNode(f"{XSD}integer"))),
    st.builds(
        ox.Literal,
        TEXTS,
        datatype=st.sampled_from([ox.NamedNode("http://e/type"), ox.NamedNode("http://e/" + "t" * 30)]),
    ),
)
QUADS = st.builds(ox.Quad, NODES, NODES, st.one_of(NODES, LITERALS), st.one_of(st.just(ox.DefaultGraph()), NODES))


def lines_of(number: int, text: str = "") -> list[str]:
    return [f'<http://e/{n}> <http://e/p> "{n * 7919} {text}" <http://e/g{n % 7}> .' for n in range(number)]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@settings(max_examples=trials(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quads=st.lists(QUADS, max_size=40), size=st.integers(1, 20), again=st.booleans())
def test_a_merged_store_says_what_was_loaded(tmp_path_factory, quads, size, again):
    """The oracle is a store in memory; the same statements, words and graphs come in several parts."""
    folder = tmp_path_factory.mktemp("merged")
    given_quads = [*quads, *quads] if again else quads
    oracle = ox.Store()
    oracle.extend(quads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_CHUNK", size)
        store.load(given_quads, folder / "s", len(oracle))
    expected = sorted(f"{quad} ." for quad in oracle)
    assert dumped(folder / "s") == expected
    assert store_digest(folder / "s") == store.digest(expected)
    found = store.read(folder / "s")
    assert set(found.named_graphs()) == set(oracle.named_graphs())
    for quad in quads:  # each order of statements, and what is asked for by its words
        for pattern in ((quad.subject, None, None), (None, quad.predicate, None), (None, None, quad.object)):
            for graph in (None, quad.graph_name):
                assert set(found.quads_for_pattern(*pattern, graph)) == set(oracle.quads_for_pattern(*pattern, graph))
    assert left(folder) == ["s"]


@pytest.mark.parametrize("size", [10, 999, 1000, 5000])
def test_nothing_is_left_but_a_store(tmp_path, monkeypatch, size):
    monkeypatch.setattr(store, "_CHUNK", size)
    monkeypatch.setattr(store, "_MANY", 3)
    lines = lines_of(1000)
    store.load(lines, tmp_path / "s", 1000)
    assert dumped(tmp_path / "s") == sorted(lines)
    assert left(tmp_path) == ["s"]
    kinds = {path.name.split("-")[0] for path in (tmp_path / "s").iterdir() if path.suffix not in {".sst", ".log"}}
    assert kinds == {"CURRENT", "IDENTITY", "LOCK", "LOG", "MANIFEST", "OPTIONS"}
    # Each order is in one file, or in such as have no keys between those of another.
    assert len(list((tmp_path / "s").glob("*.sst"))) <= 20
    Seal(tmp_path / "s", "graph", "builder").write()
    store.read(tmp_path / "s").query("SELECT * { ?s ?p ?o }")
    assert Seal.of(tmp_path / "s").holds("graph")


def test_a_merged_store_can_be_copied_and_written_to(tmp_path, monkeypatch):
    """So the description is put beside the data."""
    monkeypatch.setattr(store, "_CHUNK", 300)
    lines = lines_of(1000)
    store.load(lines, tmp_path / "s", 1000)
    store.read(tmp_path / "s").backup(str(tmp_path / "copy"))
    more = ox.Quad(ox.NamedNode("http://e/new"), ox.NamedNode("http://e/p"), ox.Literal("new"))
    copy = ox.Store(tmp_path / "copy")
    copy.bulk_extend([more])
    copy.optimize()
    del copy
    assert dumped(tmp_path / "copy") == sorted([*lines, f"{more} ."])
    assert dumped(tmp_path / "s") == sorted(lines)


def test_a_merged_store_is_packed_and_one_that_is_not_merged_is_larger(tmp_path, monkeypatch):
    lines = lines_of(30_000, "the same words in every statement")

    def size(name: str) -> int:
        store.load(lines, tmp_path / name, len(lines))
        return sum(path.stat().st_size for path in (tmp_path / name).glob("*.sst"))

    for name in ("_CHUNK", "_LARGE"):
        monkeypatch.setattr(store, name, 5000)
    merged = size("merged")
    monkeypatch.setitem(sys.modules, "rocksdict", None)
    assert merged < 0.7 * size("together")


@pytest.mark.parametrize("size", [1, 400, 5000])
def test_without_rocksdict_a_store_says_the_same(tmp_path, monkeypatch, size):
    for name in ("_CHUNK", "_LARGE"):
        monkeypatch.setattr(store, name, size)
    monkeypatch.setitem(sys.modules, "rocksdict", None)
    lines = lines_of(1000 if size > 1 else 5)
    for number in (None, len(lines)):
        store.load(lines, tmp_path / f"s{number}", number)
        assert dumped(tmp_path / f"s{number}") == sorted(lines)


@pytest.mark.parametrize("size", [300, 5000])
def test_a_store_of_a_later_oxigraph_is_merged_by_oxigraph(tmp_path, monkeypatch, size):
    """What rocksdict cannot open is no reason to build nothing."""
    asked = []

    def refusing(*given, **named):
        asked.append(given[0])
        raise Exception("Corruption: Unknown Footer version")

    monkeypatch.setattr(store, "_CHUNK", size)
    monkeypatch.setattr(
        rocksdict, "Rdict", type("Rdict", (), {"list_cf": rocksdict.Rdict.list_cf, "__new__": refusing})
    )
    lines = lines_of(1000)
    store.load(lines, tmp_path / "s", len(lines))
    assert dumped(tmp_path / "s") == sorted(lines)
    assert len(asked) == (1 if size < len(lines) else 0)
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("is_there", [True, False])
def test_statements_that_are_missing_are_told(tmp_path, monkeypatch, is_there):
    if not is_there:
        monkeypatch.setitem(sys.modules, "rocksdict", None)
    for name in ("_CHUNK", "_LARGE"):
        monkeypatch.setattr(store, name, 4)
    lines = lines_of(10)
    with pytest.raises(ReleaseError, match=r"has 9 statements of 10"):
        store.load([*lines[:9], lines[3]], tmp_path / "s", 10)
    with pytest.raises(ReleaseError, match=r"has 10 statements of 9"):
        store.load(lines, tmp_path / "t", 9)


def damaging(monkeypatch: pytest.MonkeyPatch, damage) -> None:
    """Do something to the stores that lie aside when the last of four parts is read."""
    monkeypatch.setattr(store, "_CHUNK", 5000)

    def blocks(folder: Path):
        lines = lines_of(20_000)
        for at in range(0, 20_000, 5000):
            if at == 15_000:
                damage(next(folder.glob(".s.*")) / "0")
            yield "".join(f"{line}\n" for line in lines[at : at + 5000]).encode()

    monkeypatch.setattr(store, "damaged", blocks, raising=False)


def test_a_part_that_is_damaged_is_told(tmp_path, monkeypatch):
    def damage(part: Path) -> None:
        for path in part.glob("*.sst"):
            data = bytearray(path.read_bytes())
            if len(data) > 10_000:  # its index stays whole
                data[1000:2000] = bytes(1000)
                path.write_bytes(data)

    damaging(monkeypatch, damage)
    with pytest.raises(StorageError, match=r"cannot be merged.*(orruption|checksum)"):
        store.load(store.damaged(tmp_path), tmp_path / "s", 20_000)
    assert left(tmp_path) == ["s"]


@pytest.mark.parametrize("gone", ["CURRENT", "*.sst"])
def test_a_part_that_is_incomplete_is_told(tmp_path, monkeypatch, gone):
    def damage(part: Path) -> None:
        for path in part.glob(gone):
            path.unlink()

    damaging(monkeypatch, damage)
    with pytest.raises(StorageError, match=r"cannot be merged"):
        store.load(store.damaged(tmp_path), tmp_path / "s", 20_000)
    assert left(tmp_path) == ["s"]


@pytest.mark.parametrize("kilobytes", [100, 300, 600, 900, 1200])
def test_a_disk_that_fills_while_parts_are_loaded_and_merged_is_told(tmp_path, monkeypatch, kilobytes):
    monkeypatch.setattr(store, "_CHUNK", 5000)
    lines = lines_of(20_000, "the same words in every statement")
    with mounted(tmp_path / "disk", 12) as disk:

        def blocks():
            for at in range(0, 20_000, 5000):
                yield "".join(f"{line}\n" for line in lines[at : at + 5000]).encode()
            free = os.statvfs(disk)
            (disk / "filler").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - kilobytes * 1024)))

        with pytest.raises(StorageError, match=r"the disk is full"):
            store.load(blocks(), disk / "s", 20_000)
        assert left(disk) == ["filler", "s"]
