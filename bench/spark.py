"""A mapping under Spark beside the same mapping without: the same triples, and what each costs.

    python bench/spark.py [--rows 1000000] [--rounds 3] [--master 'local[2]'] [--keep FOLDER]

Five generated tables with a join (those of bench/mapper.py) become N-Quads: by `kg map`, by `kg map --workers 2` and by
`kg map --spark`. The outputs are compared as sorted sets of lines by SHA-256; the run ends with 1 if they differ.

Interleaved; medians. CPU seconds are user and system time of all processes: Spark's Java and its Python workers too,
with their start. Memory is the largest sum of proportional set sizes, seen every 50 ms. Linux only.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from mapper import Cost, mapping, resident  # noqa: E402
from mappers import tables  # noqa: E402

SUBREAPER = 36
"""`PR_SET_CHILD_SUBREAPER`: processes that lose their parent become children of this one, and are counted."""
SOURCE = '[ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{table}.csv" ]'


@dataclass(frozen=True)
class Way:
    """A command, and the file or folder that it writes."""

    name: str
    command: list[str]
    output: Path


def adopt() -> None:
    """Take over what a run leaves behind."""
    if ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1, 0, 0, 0):
        raise SystemExit("this system cannot count the processes that Spark starts: Linux can")


def measure(way: Way, errors: Path) -> Cost:
    """Run a command, and wait for all that it started."""
    shutil.rmtree(way.output, ignore_errors=True)
    way.output.unlink(missing_ok=True)
    started, peak, over = time.perf_counter(), [0], threading.Event()
    with errors.open("wb") as complaints:
        process = subprocess.Popen(way.command, stderr=complaints, env={**os.environ, "PYTHONPATH": str(ROOT)})

    def watch() -> None:
        while not over.wait(0.05):
            peak[0] = max(peak[0], resident(os.getpid()) - resident_here())

    watcher = threading.Thread(target=watch)
    watcher.start()
    cpu, wall, status = 0.0, 0.0, 0
    try:
        while True:
            try:
                pid, ended, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            cpu += usage.ru_utime + usage.ru_stime
            if pid == process.pid:
                status = process.returncode = os.waitstatus_to_exitcode(ended)
                wall = time.perf_counter() - started
    finally:
        over.set()
        watcher.join()
    if status:
        raise SystemExit(f"{way.name} ended with {status}:\n{errors.read_text(errors='replace')[-2000:]}")
    return Cost(wall, cpu, peak[0] / 1024)


def resident_here() -> int:
    """Kilobytes of this process alone."""
    text = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def digest(output: Path) -> tuple[int, str]:
    """Distinct lines, and a hash of their sorted set."""
    paths = sorted(output.glob("part-*")) if output.is_dir() else [output]
    lines, made = 0, hashlib.sha256()
    command = ["sort", "-u", "-S", "1G", *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"}) as sorting:
        assert sorting.stdout
        for line in sorting.stdout:
            lines += 1
            made.update(line)
    return lines, made.hexdigest()


def run(folder: Path, options: argparse.Namespace) -> bool:
    """Generate, measure, compare, print; whether all made the same."""
    sizes = tables.write(folder, options.rows)
    kg = [sys.executable, "-m", "kg", "map", str(mapping(folder, "mapping.rml.ttl", SOURCE))]
    ways = [
        Way("kg map", [*kg, "-o", str(folder / "one.nq")], folder / "one.nq"),
        Way("kg map --workers 2", [*kg, "--workers", "2", "-o", str(folder / "two.nq")], folder / "two.nq"),
        Way(
            f"kg map --spark {options.master}",
            [*kg, "--spark", options.master, "-o", str(folder / "spark")],
            folder / "spark",
        ),
    ]
    costs: dict[str, list[Cost]] = {way.name: [] for way in ways}
    for number in range(options.rounds):
        for way in ways:
            costs[way.name].append(measure(way, folder / "errors.txt"))
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    found = {way.name: digest(way.output) for way in ways}
    print(f"{sum(sizes.values()):,} rows in {len(sizes)} tables")
    print(f"{'':26} {'wall s':>8} {'CPU s':>8} {'MB':>6} {'triples':>9}  sorted sha256")
    median = {}
    for name, runs in costs.items():
        parts = (statistics.median(getattr(cost, part) for cost in runs) for part in ("wall", "cpu", "megabytes"))
        median[name] = cost = Cost(*parts)
        lines, sha256 = found[name]
        print(f"{name:26} {cost.wall:8.2f} {cost.cpu:8.2f} {cost.megabytes:6.0f} {lines:9}  {sha256[:16]}")
    spark = median[ways[2].name]
    for name in ("kg map", "kg map --workers 2"):
        other = median[name]
        print(f"Spark / {name}: {spark.cpu / other.cpu:.2f}x CPU, {spark.wall / other.wall:.2f}x wall time")
    is_same = len(set(found.values())) == 1
    print("the same triples" if is_same else "OTHER triples")
    return is_same


def main() -> None:
    """Read the options and measure in a temporary folder, or in one that is kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of all tables together")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--master", default="local[2]", help="as Spark writes it; executors must see the folder")
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    options = parser.parse_args()
    adopt()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        is_same = run(options.keep.resolve(), options)
    else:
        with tempfile.TemporaryDirectory() as folder:
            is_same = run(Path(folder), options)
    raise SystemExit(0 if is_same else 1)


if __name__ == "__main__":
    main()
