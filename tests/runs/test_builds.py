"""Builds that have much on disk: the same release as in memory, and nothing half of it after a kill or a full disk."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from small_project import ROOT
from small_tables import make_many

from kg import pipeline, release
from kg.config import read_config
from kg.errors import ReleaseError
from kg.release import Release, open_release, verify
from kg.rml.run import distinct
from kg.runs import graph, sealing

BUILD = """
import sys
import kg.rml.run.distinct, kg.runs.graph
kg.rml.run.distinct.RUN, kg.runs.graph._IN_MEMORY = 4000, 1000
from kg.cli.main import run
sys.argv = ["kg", "build", "-q", *sys.argv[1:]]
run()
"""
"""A build for which a small project is a large one."""


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, *arguments],
        cwd=folder, env={**environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def another(folder: Path, number: int) -> None:
    """Let the next build make another release."""
    path = folder / "kg.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("# build")[0] + f"# build {number}\n", encoding="utf-8")


def left(releases: Path) -> list[str]:
    return [path.name for pattern in (".runs-*", ".building-*", ".current-*") for path in releases.glob(pattern)]


def built(folder: Path, told: list[str] | None = None, warned: list[str] | None = None) -> Release:
    said, warnings = [] if told is None else told, [] if warned is None else warned
    return pipeline.build(read_config(folder, {}), said.append, warn=warnings.append)


def test_a_build_with_everything_on_disk_makes_the_same_release(tmp_path: Path, monkeypatch) -> None:
    folder = make_many(tmp_path / "one", 3)
    other = shutil.copytree(folder, tmp_path / "two")
    first = built(folder)
    monkeypatch.setattr(distinct, "RUN", 3000)
    monkeypatch.setattr(graph, "_IN_MEMORY", 500)
    second = built(other)
    assert first.id == second.id
    files = [path.name for path in first.path.iterdir() if path.is_file()]
    assert all((first.path / name).read_bytes() == (second.path / name).read_bytes() for name in files)
    assert left(second.path.parent) == []


def test_a_kill_at_any_moment_leaves_the_current_release_whole(tmp_path: Path) -> None:
    folder = make_many(tmp_path, 2)
    first, chance = built(folder), random.Random(7)
    known = {first.id}
    for number in range(8):
        another(folder, number)
        child = start(folder)
        try:
            # Not a wait for something: the moment of the kill is what varies.
            with suppress(subprocess.TimeoutExpired):
                child.wait(chance.uniform(0.1, 3))
        finally:
            child.kill()
            child.communicate()
        current = open_release(folder / "releases")
        verify(current)
        known.add(current.id)
    another(folder, 99)
    last = built(folder)
    assert last.id not in known
    assert left(folder / "releases") == []


# --- nothing has changed


def test_an_unchanged_build_takes_the_release_and_proves_nothing_again(tmp_path: Path, monkeypatch) -> None:
    folder = make_many(tmp_path, 2)
    warned: list[str] = []
    first = built(folder, warned=warned)

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    for owner, name in ((pipeline, "_proved"), (pipeline, "gather"), (release, "store_digest")):
        monkeypatch.setattr(owner, name, never)
    told: list[str] = []
    again: list[str] = []
    assert built(folder, told, again) == first
    assert told[-1] == "nothing has changed: the release is there"
    assert again == warned
    parts = folder / "releases" / pipeline.PARTS
    assert len(list(parts.glob("*.part.nq"))) == 8
    shutil.rmtree(parts)
    assert built(folder) == first


def test_an_unchanged_build_points_back_to_its_release(tmp_path: Path) -> None:
    folder = make_many(tmp_path, 1)
    first = built(folder)
    another(folder, 1)
    second = built(folder)
    assert open_release(folder / "releases") == second != first
    (folder / "kg.toml").write_text((folder / "kg.toml").read_text().partition("# build")[0], encoding="utf-8")
    assert built(folder) == first == open_release(folder / "releases")


def test_another_program_proves_all_again_once(tmp_path: Path, monkeypatch) -> None:
    folder = make_many(tmp_path, 1)
    first = built(folder)
    monkeypatch.setattr(pipeline, "program_digest", lambda: "another")
    for is_known in (False, True):
        told: list[str] = []
        assert built(folder, told) == first
        assert ("nothing has changed: the release is there" in told) == is_known


def test_a_damaged_release_is_told_though_nothing_has_changed(tmp_path: Path) -> None:
    folder = make_many(tmp_path, 1)
    first = built(folder)
    table = max((first.store_path).glob("*.sst"), key=lambda path: path.stat().st_size)
    table.write_bytes(table.read_bytes()[:-100])
    with pytest.raises(ReleaseError, match=r"damaged|does not open"):
        built(folder)


@pytest.mark.parametrize("text", ["", "[]", '{"builder": 1}', '{"graph": "", "files": {}}'])
def test_a_store_without_a_seal_is_read_statement_by_statement(tmp_path: Path, text: str) -> None:
    folder = make_many(tmp_path, 1)
    first = built(folder)
    (first.store_path / sealing.SEAL).write_text(text, encoding="utf-8")
    verify(first)
    told: list[str] = []
    assert built(folder, told) == first
    assert told[-1] != "nothing has changed: the release is there"
    told.clear()
    assert built(folder, told) == first
    assert told[-1] == "nothing has changed: the release is there"
