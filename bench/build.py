"""How long a cold build of the first graph and `kg --help` take, beside peers measured in the same run.

    python bench/build.py [ROUNDS]

Prints medians of wall and CPU seconds, and ratios: `kg --help` against `python -c pass`, the build against rdflib
alone reading the release that the build made.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def measure(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one run of a command and its children."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, interleaved, and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    python = sys.executable
    taken: dict[str, list[tuple[float, float]]] = {}
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            release = f"{folder}/current/graph.nq.gz"
            text = f"gzip.open({release!r}, 'rt').read()"
            read = f"import gzip, rdflib; rdflib.Dataset().parse(data={text}, format='nquads')"
            for name, command in (
                ("kg build", [python, "-m", "kg", "build", "-q", "--out", folder]),
                ("rdflib reads the release", [python, "-W", "ignore", "-c", read]),
                ("kg --help", [python, "-m", "kg", "--help"]),
                ("python -c pass", [python, "-c", "pass"]),
            ):
                taken.setdefault(name, []).append(measure(command))
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    median = {
        name: tuple(statistics.median(column) for column in zip(*runs, strict=True)) for name, runs in taken.items()
    }
    for name, (wall, cpu) in median.items():
        print(f"{name:26} {wall:7.2f} s wall {cpu:7.2f} s CPU")
    for ours, peer in (("kg build", "rdflib reads the release"), ("kg --help", "python -c pass")):
        print(f"{ours} / {peer}: {median[ours][1] / median[peer][1]:.1f}x CPU")


if __name__ == "__main__":
    main()
