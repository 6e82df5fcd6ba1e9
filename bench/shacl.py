"""SHACL engines on one graph: CPU, memory, and whether they find what is wrong with it.

    python bench/shacl.py --setup
    python bench/shacl.py [--sizes N N ...] [--rounds N] [--engines NAME ...]
    python bench/shacl.py --growth [--sizes SMALL LARGE]

Data are generated (`bench/proof/world.py`) and their faults counted, so there is a truth that no engine tells. Each
engine runs in a process of its own, from the files of data and shapes to results, the rounds interleaved. Printed are
medians of CPU seconds, those of the whole process and those of loading and validating alone, and the largest memory.
Whoever finds more or less than the truth is told, and if it is ours the script ends with 1. With `--growth` every shape
runs alone on data of two sizes: below twelve for ten times the data.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proof import peers
from proof.engines import STARTED, component
from proof.world import LABEL, ONT, Violation, write_world
from rig.figures import table
from rig.procfs import machine

ROOT: Final = Path(__file__).resolve().parent.parent
SHAPES: Final = ROOT / "bench" / "proof" / "shapes.ttl"
SCRIPT: Final = ROOT / "bench" / "proof" / "engines.py"
COMMAND: Final = "kg validate"
OURS: Final = ("zellige", COMMAND)
LARGEST: Final = {"pyshacl": 100_000, "pyshacl-turbo": 100_000}
"""Triples beyond which an engine is not asked: it would take many minutes."""
NEAR: Final = 1.05
LIMIT: Final = 12.0
PATHS: Final = {
    "https://bench.example/shape/programme-targets": f"^<{ONT}targetOf>",
    "https://bench.example/shape/target-measure": f"<{ONT}measuredBy>/<{LABEL}>",
}
"""The paths of shapes that are more than a predicate."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    cpu: float
    started: float
    """CPU seconds of it until data began to be read: the interpreter and its imports."""
    megabytes: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts of a measurement are."""

    folder: Path
    peers: Path

    def python(self, engine: str) -> str | None:
        """The interpreter of an engine, if it is there."""
        return sys.executable if engine in OURS else peers.python(self.peers)


def run(engine: str, data: Path, place: Place) -> tuple[Cost, Counter[Violation]]:
    """One engine on one file, from files to results.

    :raises SystemExit: if it fails
    """
    out, said, errors = (place.folder / name for name in ("results.tsv", "report.json", "errors.txt"))
    command = [place.python(engine) or "", str(SCRIPT), engine, str(data), str(SHAPES), str(out)]
    if engine == COMMAND:
        command[1:] = ["-m", "kg", "validate", "--quiet", "--format", "json", "--shapes", str(SHAPES), str(data)]
    environ = {"PATH": "", "PYTHONPATH": str(ROOT) if engine in OURS else "", "PYTHONHASHSEED": "0"}
    with errors.open("wb") as complaints, said.open("wb") as report:
        process = subprocess.Popen(command, stdout=report, stderr=complaints, env=environ, cwd=place.folder)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ({0, 1} if engine == COMMAND else {0}):
        raise SystemExit(f"{engine} ended with {process.returncode}:\n{errors.read_text(encoding='utf-8')[-2000:]}")
    if engine == COMMAND:
        told = json.loads(said.read_bytes())["results"]
        rows = [[found["focus"], found["path"] or "", component(found["component"])] for found in told]
    else:
        rows = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]
    said_of_start = [line for line in errors.read_text(encoding="utf-8").splitlines() if line.startswith(STARTED)]
    started = float(said_of_start[0].removeprefix(STARTED)) if said_of_start else 0.0
    return Cost(usage.ru_utime + usage.ru_stime, started, usage.ru_maxrss / 1024), results(rows)


def results(rows: Iterable[Sequence[str]]) -> Counter[Violation]:
    """What an engine found, paths as they stand in the truth."""
    return Counter((focus, PATHS.get(path, path), component) for focus, path, component in rows)


def verdict(found: Counter[Violation], truth: frozenset[Violation]) -> str:
    """How results agree with the truth.

    >>> verdict(Counter({("a", "b", "In"): 1}), frozenset({("a", "b", "In")}))
    'exact'
    """
    missed, more = truth - found.keys(), (found - Counter(truth)).total()
    return "exact" if not missed and not more else f"{len(missed)} missed, {more} false"


def compare(sizes: list[int], engines: list[str], rounds: int, place: Place) -> bool:
    """Measure all engines at all sizes, and print; whether ours are exact."""
    rows, is_exact, medians = [], True, {}
    for size in sizes:
        data = place.folder / f"{size}.nt"
        count, truth = write_world(size, data)
        chosen = [name for name in engines if size <= LARGEST.get(name, size)]
        costs: dict[str, list[Cost]] = {name: [] for name in chosen}
        verdicts: dict[str, str] = {}
        for number in range(rounds):
            for name in chosen[number % len(chosen) :] + chosen[: number % len(chosen)]:
                cost, found = run(name, data, place)
                costs[name].append(cost)
                verdicts[name] = verdict(found, truth)
            print(f"{count:,} triples: round {number + 1} of {rounds}", file=sys.stderr)
        for name in chosen:
            cpu = statistics.median(cost.cpu for cost in costs[name])
            work = statistics.median(cost.cpu - cost.started for cost in costs[name])
            megabytes = max(cost.megabytes for cost in costs[name])
            medians[size, name] = cpu, work
            shown = (f"{cpu:.2f}", f"{work:.2f}" if name != COMMAND else "", f"{megabytes:.0f}", f"{len(truth):,}")
            rows.append((name, f"{count:,}", *shown, verdicts[name]))
            is_exact &= name not in OURS or verdicts[name] == "exact"
    print(table(("engine", "triples", "CPU s", "load and validate", "MB", "violations", "found"), rows))
    for (size, name), (cpu, work) in medians.items():
        if name not in OURS and (size, OURS[0]) in medians:
            ours = medians[size, OURS[0]]
            print(f"{size:,}: {name} / {OURS[0]}: {work / ours[1]:.1f}x, with their starts {cpu / ours[0]:.1f}x CPU")
    return is_exact


def growth(sizes: list[int], place: Place) -> bool:
    """Every shape alone at two sizes, and print; whether none grows by more than `LIMIT` for ten times the data."""
    from proof.single import measured

    taken, counts = [], []
    for size in sizes:
        data = place.folder / f"{size}.nt"
        counts.append(write_world(size, data)[0])
        taken.append(measured(data, SHAPES))
        print(f"{counts[-1]:,} triples: {len(taken[-1])} shapes", file=sys.stderr)
    small, large = taken
    limit = LIMIT * counts[1] / counts[0] / 10
    ratios = {name: large[name] / small[name] for name in large}
    head = ("shape", *(f"{count:,} triples, ms" for count in counts), "times")
    ordered = sorted(ratios, key=lambda name: -ratios[name])
    print(table(head, [
        (name.rpartition("/")[2], f"{small[name] * 1000:.2f}", f"{large[name] * 1000:.2f}", f"{ratios[name]:.1f}")
        for name in ordered
    ]))  # fmt: skip
    print(f"the steepest: {max(ratios.values()):.1f} times, the limit is {limit:.1f}")
    return max(ratios.values()) < limit * NEAR


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", help="triples, about")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="*", default=[*OURS, "shacl-rust", "pyshacl", "pyshacl-turbo"])
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "bench-shacl", help="their folder")
    parser.add_argument("--setup", action="store_true", help="install the other engines, and end")
    parser.add_argument("--growth", action="store_true", help="every shape alone, at two sizes")
    given = parser.parse_args()
    if given.setup:
        peers.set_up(given.peers.resolve())
        return
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), given.peers.resolve())
        for line in machine():
            print(line)
        if given.growth:
            is_well = growth(given.sizes or [100_000, 1_000_000], place)
        else:
            engines = [engine for engine in given.engines if place.python(engine)]
            for engine in set(given.engines) - set(engines):
                print(f"{engine} is absent: run with --setup", file=sys.stderr)
            is_well = compare(given.sizes or [10_000, 100_000, 1_000_000], engines, given.rounds, place)
    if not is_well:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
