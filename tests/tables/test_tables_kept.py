"""What was mapped once is not mapped again: parts are counted, spoilt, taken away, and made by several at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import PATIENCE
from small_project import ROOT, kg
from small_tables import HEAD, make, make_many, mapping

from kg import pipeline
from kg.config import read_config
from kg.errors import DataError, StorageError
from kg.release import Release
from kg.rml import map_parts, map_to
from kg.rml.run.folder import INDEX, SUFFIX
from kg.runs import Workshop

FOUR = ("ids", "rows", "dam", "height")
"""The parts of a table of dams."""


def build(folder: Path) -> tuple[Release, list[str]]:
    """A build, and the parts that it mapped."""
    told: list[str] = []
    release = pipeline.build(read_config(folder, {}), told.append)
    return release, mapped_of(told)


def gather(folder: Path) -> tuple[frozenset[bytes], list[str]]:
    """What a build proves and publishes, and the parts that were mapped for it."""
    told: list[str] = []
    config = read_config(folder, {})
    with Workshop(config.releases) as workshop:
        stated = pipeline.gather(config, told.append, None, workshop, pipeline.prepare(config, told.append))
        lines = frozenset(line for block in stated.drawing.blocks() for line in block)
    return lines, mapped_of(told)


def mapped_of(told: list[str]) -> list[str]:
    return [line.removeprefix("mapping ") for line in told if line.startswith("mapping ")]


def of_table(number: int) -> list[str]:
    name = f"dams-{number}"
    return sorted(
        [f"{name}/ids", f"{name}/rows", f"data/tables/{name}.rml.ttl#dam", f"data/tables/{name}.rml.ttl#height"]
    )


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "releases" / pipeline.PARTS).glob(f"*{SUFFIX}"))


def bytes_of(release: Release) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in release.path.iterdir() if path.is_file()}


def change(folder: Path, number: int) -> None:
    path = folder / "data" / "tables" / f"dams-{number}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Barrage 1", "Barrage 1 bis"), encoding="utf-8")


def test_after_one_of_ten_tables_changed_that_one_alone_is_mapped(tmp_path: Path) -> None:
    folder = make_many(tmp_path / "kept", 10)
    _, mapped = build(folder)
    assert sorted(mapped) == sorted(name for number in range(10) for name in of_table(number))
    assert build(folder)[1] == []
    change(folder, 7)
    release, mapped = build(folder)
    assert sorted(mapped) == of_table(7)
    # Byte for byte what a build makes that has nothing to take.
    other = tmp_path / "anew"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("releases"))
    anew, mapped = build(other)
    assert len(mapped) == 10 * len(FOUR)
    assert anew.id == release.id
    assert bytes_of(anew) == bytes_of(release)


def test_what_decides_about_a_part_is_what_makes_it_anew(tmp_path: Path) -> None:
    folder = make(tmp_path)
    place = folder / "data" / "tables"
    gather(folder)
    (place / "dams.rml.ttl").write_text(
        mapping().replace('rml:language "fr"', 'rml:language "fr-MA"'), encoding="utf-8"
    )
    assert gather(folder)[1] == ["data/tables/dams.rml.ttl#dam"]
    (place / "dams.rml.ttl").write_text("# a remark\n" + (place / "dams.rml.ttl").read_text(), encoding="utf-8")
    assert gather(folder)[1] == []
    register = (place / "tables.yaml").read_text(encoding="utf-8")
    (place / "tables.yaml").write_text(register.replace("modality: done", "modality: announced"), encoding="utf-8")
    assert gather(folder)[1] == ["dams/rows"]
    (place / "tables.yaml").write_text(register.replace("en: Dams", "en: All dams"), encoding="utf-8")
    assert gather(folder)[1] == ["dams/rows"]
    (place / "tables.yaml").write_text(register.replace("id: $(code)", "id: X-$(code)"), encoding="utf-8")
    assert sorted(gather(folder)[1]) == sorted(
        ["dams/ids", "dams/rows", "data/tables/dams.rml.ttl#dam", "data/tables/dams.rml.ttl#height"]
    )
    claims = folder / "data" / "claims" / "note.yaml"
    claims.write_text(claims.read_text().replace("The laboratory will open.", "It will open."), encoding="utf-8")
    assert gather(folder)[1] == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def tamper(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Barrage", b"Garbage") if b"Barrage" in content else content + b"\n")


@pytest.mark.parametrize(
    "spoil",
    [
        cut,
        tamper,
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff" * 100),
        lambda path: path.write_text("nonsense"),
    ],
    ids=["cut", "tampered", "removed", "empty", "noise", "nonsense"],
)
def test_a_spoilt_part_is_noticed_and_made_again(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    folder = make(tmp_path)
    first, _ = gather(folder)
    before = {path: path.read_bytes() for path in parts(folder)}
    assert len(before) == len(FOUR)
    for path, content in before.items():
        spoil(path)
        again, mapped = gather(folder)
        assert len(mapped) == 1
        assert again == first
        assert path.read_bytes() == content


@pytest.mark.parametrize("text", ["", "{", "[]", '{"dams/ids": 1}', '{"dams/ids": {"figures": {}}}', "\0"])
def test_a_spoilt_index_costs_time_and_nothing_else(tmp_path: Path, text: str) -> None:
    folder = make(tmp_path)
    first, _ = gather(folder)
    (folder / "releases" / pipeline.PARTS / INDEX).write_text(text, encoding="utf-8")
    again, mapped = gather(folder)
    assert (again, len(mapped)) == (first, len(FOUR))
    assert gather(folder)[1] == []


def test_parts_that_nobody_needs_and_files_of_killed_builds_go(tmp_path: Path) -> None:
    folder = make_many(tmp_path, 2)
    gather(folder)
    assert len(parts(folder)) == 2 * len(FOUR)
    place = folder / "data" / "tables"
    text = (place / "tables.yaml").read_text(encoding="utf-8")
    (place / "tables.yaml").write_text(text[: text.index("  dams-1:")], encoding="utf-8")
    (place / "dams-1.rml.ttl").unlink()
    half = folder / "releases" / pipeline.PARTS / f".{parts(folder)[0].name}.0badcafe"
    half.write_bytes(b"half")
    kept = folder / "releases" / pipeline.PARTS / "notes.txt"
    kept.write_text("mine")
    gather(folder)
    assert len(parts(folder)) == len(FOUR)
    assert not half.exists()
    assert kept.exists()
    shutil.rmtree(place)
    gather(folder)
    assert parts(folder) == []


def test_a_failed_build_keeps_what_was_mapped_and_no_part_with_faults(tmp_path: Path) -> None:
    folder = make_many(tmp_path, 3)
    path = folder / "data" / "tables" / "dams-1.csv"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(",2,note", ",two,note"), encoding="utf-8")
    with pytest.raises(DataError, match=r"dams-1\.csv:3: 'two' is no xsd:decimal"):
        gather(folder)
    with pytest.raises(DataError, match=r"dams-1\.csv:3: 'two' is no xsd:decimal"):
        gather(folder)
    path.write_text(whole, encoding="utf-8")
    assert sorted(gather(folder)[1]) == of_table(1)


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("mapping dams/rows", "data/tables/dams.csv"),
        ("mapping data/tables/dams.rml.ttl#height", "data/tables/dams.csv"),
        ("reading the claims", "data/tables/tables.yaml"),
        ("3 rows of 1 tables", "data/claims/note.yaml"),
    ],
)
def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path, moment: str, name: str) -> None:
    folder = make(tmp_path)

    def tell(said: str) -> None:
        if said.startswith(moment):
            path = folder / name
            path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(StorageError, match="changed while"):
        pipeline.build(read_config(folder, {}), tell)
    assert not (folder / "releases" / "current").exists()
    build(folder)


def test_builds_at_once_give_the_same_release_and_whole_parts(tmp_path: Path) -> None:
    folder = make_many(tmp_path, 4)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "kg", "build", "-q"],
            cwd=folder,
            env={**environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = {child.communicate(timeout=PATIENCE)[0] for child in running}
    assert [child.returncode for child in running] == [0, 0, 0]
    assert len(said) == 1
    release, mapped = build(folder)
    assert mapped == []
    assert said == {f"{release.path}\n"}


def test_the_command_writes_a_file_for_each_triples_map_and_leaves_what_is_the_same(tmp_path: Path) -> None:
    folder = make(tmp_path)
    command = ("map", "data/tables/dams.rml.ttl", "--base", "http://e/", "--parts", "out")
    done = kg(*command, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["data"]["maps"]
    assert [(one["rows"], one["triples"], one["mapped"]) for one in told] == [(3, 9, True), (3, 6, True)]
    files = [folder / one["file"] for one in told]
    with (folder / "whole.nq").open("w+b") as whole:
        map_to(folder / "data" / "tables" / "dams.rml.ttl", whole, base="http://e/")
        whole.seek(0)
        assert b"".join(path.read_bytes() for path in files) == whole.read()
    stamps = [path.stat().st_mtime_ns for path in files]
    done = kg(*command, cwd=folder)
    assert done.stdout.split() == [one["file"] for one in told]
    assert "2 parts in out: 0 mapped, 2 as they were" in done.stderr
    assert [path.stat().st_mtime_ns for path in files] == stamps
    path = folder / "data" / "tables" / "dams.rml.ttl"
    path.write_text(path.read_text(encoding="utf-8").split("<#height>")[0], encoding="utf-8")
    assert "1 parts in out: 0 mapped, 1 as they were" in kg(*command, cwd=folder).stderr
    assert sorted((folder / "out").glob(f"*{SUFFIX}")) == files[:1]


@pytest.mark.parametrize("more", [("-o", "x.nq"), ("--distinct",), ("--workers", "2")])
def test_a_folder_of_parts_goes_alone(tmp_path: Path, more: tuple[str, ...]) -> None:
    make(tmp_path)
    done = kg("map", "data/tables/dams.rml.ttl", "--parts", "out", *more, cwd=tmp_path)
    assert done.returncode == 2
    assert "--parts" in done.stderr
    assert not (tmp_path / "out").exists()


def test_nameless_triples_maps_are_found_again(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("i\n1\n", encoding="utf-8")
    source = '[ rml:referenceFormulation rml:CSV ; rml:source [ rml:root rml:MappingDirectory ; rml:path "t.csv" ] ]'
    one = f'[] a rml:TriplesMap ; rml:logicalSource {source} ; rml:subjectMap [ rml:template "http://e/%s{{i}}" ; rml:class zel:Table ] .\n'
    path = tmp_path / "m.ttl"
    path.write_text(HEAD + one % "a" + one % "b", encoding="utf-8")
    assert [part.was_mapped for part in map_parts(path, tmp_path / "out")] == [True, True]
    assert [part.was_mapped for part in map_parts(path, tmp_path / "out")] == [False, False]
