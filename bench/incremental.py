"""What it costs to prove a project again after one of its claims has changed.

    python bench/incremental.py [--claims N] [--rounds N]

A project of reviewed rows is made (that of `bench/rebuild.py`): each row is a claim with its evidence. Its lines are
proved whole and their columns are kept. Then, round after round, one claim changes: a name in its graph and in
the default graph; or it comes, or goes, with all that is said of it. Told are CPU seconds, medians: of the whole proof;
of writing and opening what is kept; of the difference of the lines; and of finding what a change can reach and proving
it. Each time the report is held against that of the whole; a difference ends with 1.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from rebuild import make

from kg import pipeline, shacl
from kg.config import read_config
from kg.runs import Workshop
from kg.shacl.gate import gate_columns, judged
from kg.shacl.incremental import State, revalidate
from kg.shacl.incremental.lines import blocks_of, difference
from kg.shacl.incremental.packing import Packed, pack
from kg.shacl.report import Report
from kg.terms import Minter

_T = TypeVar("_T")
CLAIM = "https://example.org/measured/claim/T0-{}"
TABLES = 10


def timed(work: Callable[[], _T]) -> tuple[float, _T]:
    """CPU seconds of a piece of work, and what it gave."""
    started = time.process_time()
    done = work()
    return time.process_time() - started, done


def gathered(folder: Path, claims: int) -> tuple[list[str], str, tuple[shacl.ShapesGraph, ...]]:
    """The lines of a made project, its ontology and its shapes."""
    make(folder, range(TABLES), claims // TABLES)
    config = read_config(folder.resolve(), {})
    with Workshop(config.releases) as workshop:
        prepared = pipeline.prepare(config, lambda _: None)
        stated = pipeline.gather(config, lambda _: None, None, workshop, prepared)
        graph = pipeline.compose(config, lambda _: None, stated, is_whole=False).graph
        lines = list(graph)
    return lines, Minter(config.project.base).graph("ontology"), tuple(prepared.levels)


def changes(lines: list[str], rounds: int) -> Iterator[tuple[str, list[str], list[str]]]:
    """One claim's change after another: what it is, the lines that go, and those that come."""
    for number in range(rounds):
        subject = f"<https://example.org/measured/id/t0-{number + 7}>"
        gone = [line for line in lines if line.startswith(subject) and "Barrage" in line]
        yield "says", gone, [line.replace("Barrage", "Grand barrage") for line in gone]
        claim = CLAIM.format(number + 3)
        whole = [line for line in lines if f"{claim}>" in line or f"{claim}#" in line]
        yield "goes", whole, []
        yield "comes", [], [line.replace(claim, f"{claim}999999") for line in whole]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines, ontology, levels = gathered(folder, given.claims)
        whole, found = timed(lambda: judged(gate_columns(lines, ontology), levels))
        kept = folder / "columns.bin"
        with kept.open("wb") as file:
            writing, _ = timed(lambda: pack(found.columns, file))
        content = kept.read_bytes()
        opening, state = timed(lambda: State.opened(Packed(memoryview(content)), found.verdicts))
        again, nothing = timed(lambda: revalidate(state, [], [], ontology, levels))
        print(f"{given.claims:,} claims, {len(lines):,} lines; CPU seconds")
        print(f"everything proved {whole:.2f}   kept: {len(content) / 1e6:.0f} MB, written {writing:.2f}, ", end="")
        print(f"opened {opening:.3f}   unchanged {again:.4f} ({nothing.proved} pairs proved)")
        return measure(state, lines, ontology, levels, given.rounds)


def measure(state: State, lines: list[str], ontology: str, levels: tuple[shacl.ShapesGraph, ...], rounds: int) -> int:
    """Change one claim after another, and compare with the whole proof."""
    taken: dict[str, list[tuple[float, float, int]]] = {}
    for kind, gone, new in changes(lines, rounds):
        after = sorted(set(lines).difference(gone).union(new))
        compared, (removed, added) = timed(lambda: difference(blocks_of(lines), blocks_of(after), 10_000))  # noqa: B023
        proving, found = timed(lambda: revalidate(state, removed, added, ontology, levels))  # noqa: B023
        taken.setdefault(kind, []).append((compared, proving, found.proved))
        if len(taken[kind]) == 1 and not same(found.report, judged(gate_columns(after, ontology), levels).report):
            print(f"another report than that of the whole, after a claim {kind}", file=sys.stderr)
            return 1
    for kind, figures in taken.items():
        compared, proving, pairs = (statistics.median(column) for column in zip(*figures, strict=True))
        worst = max(figure for _, figure, _ in figures)
        print(f"a claim: {kind:6} difference of the lines {compared:.2f}   ", end="")
        print(f"found and proved {proving * 1000:.1f} ms (at most {worst * 1000:.1f}), {pairs:.0f} pairs")
    return 0


def same(one: Report, other: Report) -> bool:
    """Whether two reports are one, their counts included."""
    return one == other and one.coverage == other.coverage


if __name__ == "__main__":
    sys.exit(main())
