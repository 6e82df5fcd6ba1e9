"""Builds that are killed, fail, meet a full or read-only disk, or run side by side."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest
from patience import PATIENCE, trials
from release_samples import sample_contents
from unit.disks import mounted

from kg.errors import StorageError
from kg.release import open_release, publish, verify

EXTRA = 'c:F9 { id:lab rdfs:label "extra"@en . }'
ROOT = Path(__file__).resolve().parents[2]
ENDLESS = """
import itertools, sys
from dataclasses import replace
from pathlib import Path
from release_samples import sample_contents
from kg import store
from kg.release import publish
contents = sample_contents()
store._CHUNK = contents.graph.counts.quads // int(sys.argv[3]) + 1
for n in itertools.count():
    publish(replace(contents, versions={"zellige": f"{sys.argv[2]}.{n}"}), Path(sys.argv[1]))
    print(n, flush=True)
"""
"""Publishes one new release after the other, its store loaded in so many parts, until it is killed."""


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    environ = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)


def left_aside(releases: Path) -> list[str]:
    return [path.name for path in releases.iterdir() if path.name.startswith((".building-", ".current-"))]


def answers(releases: Path) -> None:
    """The current release opens, is whole, and answers a query."""
    release = open_release(releases)
    verify(release)
    store = ox.Store.read_only(str(release.store_path))
    assert len(store) == release.manifest["counts"]["quads"]
    assert bool(store.query("ASK { ?s ?p ?o }"))


def test_kill_at_any_moment_leaves_a_current_release(tmp_path):
    chance = random.Random(20)
    publish(sample_contents(), tmp_path, {})
    for number in range(trials(10)):
        with python(ENDLESS, str(tmp_path), str(number), str(number % 3 + 1)) as child:
            try:
                assert child.stdout is not None
                child.stdout.readline()
                # Not a wait for something: the moment of the kill is what varies.
                threading.Event().wait(chance.uniform(0, 0.15))
            finally:
                child.kill()
        answers(tmp_path)
    publish(sample_contents(EXTRA), tmp_path, {})
    assert left_aside(tmp_path) == []


class Interrupted(BaseException):
    """Stands for Ctrl-C, which is no Exception."""


CALLS = [
    (os, "fsync"),
    (Path, "mkdir"),
    (Path, "write_bytes"),
    (Path, "rename"),
    (Path, "replace"),
    (Path, "symlink_to"),
]


@pytest.mark.parametrize(("owner", "name"), CALLS, ids=[name for _, name in CALLS])
@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), Interrupted()], ids=["full", "stop"]
)
def test_a_failure_of_any_call_leaves_everything_as_it_was(tmp_path, monkeypatch, owner, name, error):
    before = publish(sample_contents(), tmp_path, {})
    contents = sample_contents(EXTRA)
    real, calls = getattr(owner, name), 0
    expected = StorageError if isinstance(error, OSError) else Interrupted
    for failing in range(1000):
        calls = 0

        def fails(*arguments, **options):
            nonlocal calls
            calls += 1
            if calls - 1 == failing:  # noqa: B023 - the value of this round is wanted
                raise error
            return real(*arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fails)
            try:
                publish(contents, tmp_path, {})
                finished = True
            except expected:
                finished = False
        assert left_aside(tmp_path) == []
        answers(tmp_path)
        if finished and calls <= failing:
            break
        # The last call may fail when the new link already stands: then the new release is current, and whole.
        assert open_release(tmp_path) == before or (owner is os and not finished)
    assert failing >= 1
    assert open_release(tmp_path) != before


def test_a_full_disk_leaves_the_current_release(tmp_path):
    with mounted(tmp_path / "disk", 4) as disk:
        before = publish(sample_contents(), disk, {})
        filler = disk / "filler"
        refusals: list[StorageError] = []
        for kilobytes in (1, 4, 16, 64, 100, 200, 300, 400, 500, 600):
            with filler.open("wb") as file:
                free = os.statvfs(disk)
                file.write(bytes(max(0, free.f_bavail * free.f_frsize - kilobytes * 1024)))
            contents = sample_contents(versions={"zellige": str(kilobytes)})
            try:
                before = publish(contents, disk, {})
            except StorageError as error:
                refusals.append(error)
            assert open_release(disk) == before
            filler.unlink()
            assert left_aside(disk) == []
            answers(disk)
        assert len(refusals) >= 3
        assert {error.exit_code for error in refusals} == {3}
        assert all("the disk is full" in str(error) and str(disk) in str(error) for error in refusals)
        publish(sample_contents(EXTRA), disk, {})


def test_a_read_only_disk_is_named(tmp_path):
    with mounted(tmp_path / "disk", 8) as disk:
        before = publish(sample_contents(), disk, {})
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        answers(disk)
        with pytest.raises(StorageError, match="read-only") as caught:
            publish(sample_contents(EXTRA), disk, {})
        assert str(disk) in str(caught.value)
        assert open_release(disk) == before
        with pytest.raises(StorageError, match="read-only"):
            publish(sample_contents(EXTRA), disk / "new", {})


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "releases").write_text("in the way")
    with pytest.raises(StorageError, match="releases"):
        publish(sample_contents(), tmp_path / "releases", {})


def test_a_folder_where_the_link_should_be(tmp_path):
    (tmp_path / "current").mkdir()
    with pytest.raises(StorageError, match="current"):
        publish(sample_contents(), tmp_path, {})
    assert left_aside(tmp_path) == []


ONCE = """
import sys
from pathlib import Path
from release_samples import sample_contents
from kg.release import publish
print("ready", flush=True)
sys.stdin.read()
for n in range(5):
    publish(sample_contents(versions={"zellige": str((n + int(sys.argv[2])) % 5)}), Path(sys.argv[1]))
"""


def test_builds_side_by_side_wait_for_one_another(tmp_path):
    environ = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", ONCE, str(tmp_path), str(n)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environ,
        )
        for n in range(3)
    ]
    try:
        for child in children:
            assert child.stdout.readline() == b"ready\n"
        for child in children:
            child.stdin.close()
        assert [child.wait(timeout=PATIENCE) for child in children] == [0, 0, 0]
    finally:
        for child in children:
            child.kill()
            child.wait()
            child.stdout.close()
    assert left_aside(tmp_path) == []
    assert len([path for path in tmp_path.iterdir() if len(path.name) == 16]) == 5
    answers(tmp_path)


def test_what_a_killed_build_left_is_removed(tmp_path):
    publish(sample_contents(), tmp_path, {})
    (tmp_path / ".building-1-aa" / "store").mkdir(parents=True)
    (tmp_path / ".building-1-aa" / "store" / "000001.sst").write_bytes(b"half")
    (tmp_path / ".current-1-aa").symlink_to("nowhere")
    publish(sample_contents(), tmp_path, {})
    assert left_aside(tmp_path) == []
