"""What a build costs: of the first graph, and of 1,000, 10,000 and 100,000 reviewed rows and written claims.

    python bench/build.py [--rounds N] [--rows N ...] [--claims N ...] [--no-first] [--stages N ...]

Every build is a process of its own; printed are CPU seconds (user and system, its children included), wall seconds and
peak memory. Of each project: a cold build, and one with nothing changed. With several rounds the builds are
interleaved, and medians printed. At the end `ratio` says how many times the CPU of a size is that of the size before.
First stand the first graph and `kg --help`, beside peers that are measured in the same run: rdflib alone reading the
release, and `python -c pass`.

`--stages` builds projects of so many rows once, and prints what had been taken whenever the build tells what it does:
CPU seconds, the memory that the process has, and the most that it had.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import growth

ROOT = Path(__file__).resolve().parent.parent
TELLING = """
import resource
from pathlib import Path
from kg import config, pipeline

def tell(what):
    used, page = resource.getrusage(resource.RUSAGE_SELF), resource.getpagesize()
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(of.ru_utime + of.ru_stime for of in (used, below))
    held = int(Path("/proc/self/statm").read_text().split()[1]) * page / 2**20
    print(f"{cpu:9.2f} s CPU {held:7.0f} MB, at most {used.ru_maxrss / 1024:7.0f} MB  {what}", flush=True)

tell(f"release {pipeline.build(config.read_config(Path.cwd()), tell).id}")
"""
"""What builds the project of the folder and tells of its memory."""
KINDS = {"rows": growth.tabular, "claims": growth.written}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    wall: float
    cpu: float
    peak: float
    """Megabytes."""


def measure(command: list[str], folder: Path = ROOT) -> Cost:
    """Run a command to its end.

    :raises RuntimeError: if it fails
    """
    started = time.perf_counter()
    environ = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")}
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ)
    # Of this child alone: `RUSAGE_CHILDREN` has the peak of all that ever ran.
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode} in {folder}")
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(costs: list[Cost]) -> Cost:
    """Of each figure by itself."""
    return Cost(
        *(statistics.median(figures) for figures in zip(*((c.wall, c.cpu, c.peak) for c in costs), strict=True))
    )


def told(name: str, cost: Cost, more: str = "") -> None:
    """Print a line of figures."""
    print(f"{name:34} {cost.cpu:9.2f} s CPU {cost.wall:9.2f} s wall {cost.peak:7.0f} MB {more}", flush=True)


def first_graph(rounds: int) -> None:
    """The graph that comes with zellige."""
    python = sys.executable
    taken: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            text = f"gzip.open({f'{folder}/current/graph.nq.gz'!r}, 'rt').read()"
            read = f"import gzip, rdflib; rdflib.Dataset().parse(data={text}, format='nquads')"
            for name, command in (
                ("kg build of the first graph", [python, "-m", "kg", "build", "-q", "--out", folder]),
                ("rdflib reads the release", [python, "-W", "ignore", "-c", read]),
                ("kg --help", [python, "-m", "kg", "--help"]),
                ("python -c pass", [python, "-c", "pass"]),
            ):
                taken.setdefault(name, []).append(measure(command))
    found = {name: median(costs) for name, costs in taken.items()}
    for name, cost in found.items():
        told(name, cost)
    for ours, peer in (("kg build of the first graph", "rdflib reads the release"), ("kg --help", "python -c pass")):
        print(f"{ours} / {peer}: {found[ours].cpu / found[peer].cpu:.1f}x CPU")


def projects(kind: str, sizes: list[int], rounds: int) -> None:
    """Projects of one kind, made by `bench/growth.py`: cold, and again."""
    command = [sys.executable, "-m", "kg", "build", "-q"]
    with tempfile.TemporaryDirectory() as name:
        folders = {n: KINDS[kind](Path(name) / str(n), n) for n in sizes}
        cold: dict[int, list[Cost]] = {n: [] for n in sizes}
        again: dict[int, list[Cost]] = {n: [] for n in sizes}
        for _ in range(rounds):
            for n, folder in folders.items():
                shutil.rmtree(folder / "releases", ignore_errors=True)
                cold[n].append(measure(command, folder))
                again[n].append(measure(command, folder))
        for title, costs in (("cold", cold), ("unchanged", again)):
            before = None
            for n in sizes:
                cost = median(costs[n])
                ratio = f"ratio {cost.cpu / before:5.1f}" if before else ""
                size = f"store {_size(folders[n] / 'releases/current/store'):.0f} MB" if title == "cold" else ""
                told(f"{n:,} reviewed {kind}, {title}", cost, f"{size} {ratio}".strip())
                before = cost.cpu


def stages(sizes: list[int]) -> None:
    """Cold builds of projects of so many rows, step by step."""
    environ = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")}
    with tempfile.TemporaryDirectory() as name:
        for n in sizes:
            folder = growth.tabular(Path(name) / str(n), n)
            print(f"{n:,} reviewed rows, cold", flush=True)
            subprocess.run([sys.executable, "-c", TELLING], cwd=folder, check=True, env=environ)
            print(f"store {_size(folder / 'releases/current/store'):.0f} MB", flush=True)
            shutil.rmtree(folder)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--claims", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--no-first", action="store_true", help="leave the first graph out")
    parser.add_argument("--stages", type=int, nargs="+", metavar="N", help="rows; nothing else is measured")
    given = parser.parse_args()
    if given.stages:
        stages(given.stages)
        return
    if not given.no_first:
        first_graph(given.rounds)
    for kind in KINDS:
        projects(kind, getattr(given, kind), given.rounds)


if __name__ == "__main__":
    main()
