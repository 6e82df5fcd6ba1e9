"""What it costs to read a query into its tree and to write it again, beside the steps that every query pays.

    python bench/language.py [--rounds N]

The queries are those of the W3C's suites (`KG_SHARED`) that can be read, and the longest of them by itself. Printed are
CPU microseconds for one query, the least of some rounds: the guard, the tokens, the tree, the text out of the tree, the
columns of `SELECT *`, and what federation needs to know; then what loading all of it costs a process once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kg.errors import QueryError
from kg.sparql.columns import in_order
from kg.sparql.federation.reading import structure_of
from kg.sparql.guard import check, draft
from kg.sparql.language import parse, write
from kg.sparql.language.tokens import resolve_escapes, tokenize

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
BASE = "http://suite.example/"


def readable() -> list[str]:
    """The queries of the suites that the language has and the guard lets pass."""
    found = []
    for path in sorted((SHARED / "suites").glob("sparql1*/**/*.rq")):
        text = path.read_bytes().decode()
        try:
            parse(text, BASE)
            check(text)
        except QueryError:
            continue
        found.append(text)
    return found


def least(work: Callable[[str], object], texts: Sequence[str], rounds: int) -> float:
    """CPU microseconds for one text."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, (time.process_time() - start) / len(texts))
    return best * 1e6


def measure(name: str, texts: Sequence[str], rounds: int) -> None:
    """Print a line for each step."""
    trees = {text: parse(text, BASE) for text in texts}
    drafts = {text: draft(text) for text in texts}
    steps: dict[str, Callable[[str], object]] = {
        "guard": check,
        "tokens": lambda text: [*tokenize(resolve_escapes(text).text)],
        "tree": lambda text: parse(text, BASE),
        "text again": lambda text: write(trees[text]),
        "columns of SELECT *": in_order,
        "what federation needs": lambda text: structure_of(drafts[text].source, drafts[text].tokens, BASE),
    }
    print(f"{name}: {sum(map(len, texts)) / len(texts):.0f} characters on average")
    for step, work in steps.items():
        print(f"  {step:22} {least(work, texts, rounds):7.1f} us")


def loading() -> float:
    """CPU milliseconds that a process pays once, beyond what the guard loads, for its first tree."""
    script = (
        "import time, kg.sparql.guard; start = time.process_time(); from kg.sparql.language import parse, write;"
        "write(parse('ASK {}')); print(time.process_time() - start)"
    )
    runs = [
        float(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout)
        for _ in range(5)
    ]
    return min(runs) * 1e3


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--rounds", type=int, default=7)
    rounds = arguments.parse_args().rounds
    texts = readable()
    measure(f"{len(texts)} queries of the suites", texts, rounds)
    measure("the longest of them", [max(texts, key=len)] * 20, rounds)
    print(f"loading what reads and writes: {loading():.0f} ms")


if __name__ == "__main__":
    main()
