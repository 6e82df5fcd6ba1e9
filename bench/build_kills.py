"""Builds that are killed at random moments, and builds that find the disk full: `current` answers, nothing is half.

    python bench/build_kills.py [--kills 40] [--rows 2000] [--run BYTES] [--seed N] [--no-disk]

A project of reviewed rows is built again and again, each time with another release to make, every second time with
nothing mapped before, and killed (SIGKILL) at a random moment of the time that a whole build takes. After each kill the
current release is opened and verified, statement by statement where its files are not those that were sealed, and asked
something; it must be the one from before, or the new one and whole. Then, on a file system of its own (this needs the
right to mount one), builds find less and less room: each must say so, end with 3, and leave no file behind. At last
a build must end well, and no folder or file of a killed one may be left. `--run` makes sorted runs smaller, so that a
small build has many of them. Any fault ends with 1.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import growth

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SCRIPT = """
import sys
import kg.rml.run.distinct, kg.runs.graph
kg.rml.run.distinct.RUN, kg.runs.graph._IN_MEMORY = int(sys.argv[1]), int(sys.argv[1]) // 8
from kg.cli.main import run
sys.argv = ["kg", "build", "-q", "--out", sys.argv[2]]
run()
"""
_PAGE = 1 << 16
LEFT = (".runs-*", ".building-*", ".current-*", ".parts/.*.????????")
DISK_FULL = 3
SHARES = (0.02, 0.05, 0.15, 0.25, 0.4)
"""How much of the room that a first build needs they find: the first one has to map its rows, too."""


def start(project: Path, releases: Path, run: int) -> subprocess.Popen[str]:
    """A build that goes on by itself."""
    environ = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, "-c", SCRIPT, str(run), str(releases)]
    return subprocess.Popen(
        command, cwd=project, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def another(project: Path, number: int) -> None:
    """Let the next build make another release."""
    (project / "kg.toml").write_text(f"{growth.TOML}# {number}\n", encoding="utf-8")


def faults_of(releases: Path) -> tuple[str, list[str]]:
    """The id of the current release, and what is wrong with it."""
    from kg import store
    from kg.errors import KgError
    from kg.release import open_release, verify

    try:
        found = open_release(releases)
        verify(found)
        opened = store.read(found.store_path)
        if len(opened) != found.manifest["counts"]["quads"] or not opened.query("ASK { ?s ?p ?o }"):
            return found.id, ["the store has another number of statements"]
    except KgError as error:
        return "", [str(error)]
    return found.id, []


def left(releases: Path) -> list[str]:
    """What killed or failed builds left behind."""
    return [path.name for pattern in LEFT for path in releases.glob(pattern)]


def kills(project: Path, given: argparse.Namespace) -> Counter[str]:
    """Kill builds, and look at what they leave."""
    chance, faults = random.Random(given.seed), Counter[str]()
    releases = project / "releases"
    started = time.monotonic()
    if start(project, releases, given.run).wait():
        raise RuntimeError("the project does not build")
    whole = time.monotonic() - started
    before, _ = faults_of(releases)
    moments: Counter[str] = Counter()
    for number in range(given.kills):
        another(project, number)
        if number % 2:
            shutil.rmtree(releases / ".parts", ignore_errors=True)
        child = start(project, releases, given.run)
        try:
            child.wait(chance.uniform(0.05, 1.0) * whole)
        except subprocess.TimeoutExpired:
            child.kill()
        is_killed = child.wait() != 0
        now, found = faults_of(releases)
        faults.update(found)
        if now != before and not is_killed:
            before = now
        elif now != before:
            # Killed when the link stood already: the release is new, and it was whole above.
            before, moments["killed after its release was current"] = now, 1
        moments["killed" if is_killed else "ended before"] += 1
        moments["had something on disk"] += any(releases.glob(".runs-*")) or any(releases.glob(".building-*"))
        print(f"{number + 1} of {given.kills}: {dict(moments)}, faults {dict(faults)}", file=sys.stderr)
    another(project, given.kills)
    if start(project, releases, given.run).wait():
        faults["the build after all kills fails"] += 1
    faults.update(f"left behind: {name}" for name in left(releases))
    print(f"kills: {dict(moments)}")
    return faults


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path]:
    """A file system of some bytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size // 1024}k", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def full_disks(project: Path, folder: Path, given: argparse.Namespace) -> Counter[str]:
    """Builds that find less room than they need."""
    faults: Counter[str] = Counter()
    with mounted(folder, 256 << 20) as disk:
        releases = disk / "releases"
        another(project, -1)
        start(project, releases, given.run).wait()
        needed = sum(path.stat().st_size for path in releases.rglob("*") if path.is_file())
        before, _ = faults_of(releases)
        for number, share in enumerate(SHARES):
            another(project, -2 - number)
            if number == 0:
                shutil.rmtree(releases / ".parts", ignore_errors=True)
            room = os.statvfs(disk)
            filler = disk / "filler"
            with filler.open("wb") as file:
                for _ in range(int((room.f_bavail * room.f_frsize - share * needed) / _PAGE)):
                    file.write(bytes(_PAGE))
            child = start(project, releases, given.run)
            _, said = child.communicate()
            filler.unlink()
            now, found = faults_of(releases)
            faults.update(found)
            faults.update(f"left behind at {share:.0%}: {name}" for name in left(releases))
            if child.returncode != DISK_FULL or ("disk is full" not in said and "No space left" not in said):
                faults[f"at {share:.0%} it ends with {child.returncode}: {said.strip()}"] += 1
            if now != before:
                faults[f"at {share:.0%} another release is current"] += 1
            if number == 0:
                # What was mapped is there again: the next ones find the disk full later.
                start(project, releases, given.run).wait()
                before, _ = faults_of(releases)
            print(f"disk full at {share:.0%} of {needed / 1e6:.0f} MB: {said.strip()}")
        if start(project, releases, given.run).wait():
            faults["the build after full disks fails"] += 1
    return faults


def main() -> int:
    """Kill, fill, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--run", type=int, default=1 << 20, help="bytes of a sorted run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-disk", action="store_true", help="leave full disks out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        project = growth.tabular(Path(name) / "project", given.rows)
        faults = kills(project, given)
        if not given.no_disk:
            faults += full_disks(project, Path(name) / "disk", given)
    for what, times in faults.items():
        print(f"FAULT: {what} ({times})")
    print("no faults" if not faults else f"{faults.total()} faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
