"""Mappings of other tools, run here: how many give what those tools expect, and why the others do not.

    python bench/older_suites.py --morph-kgc FOLDER --yarrrml-parser FOLDER [--only PART] [--all]

FOLDER is the folder `test` of a source distribution of morph-kgc (`pip download --no-deps --no-binary :all:
morph-kgc`), and that of the npm package of yarrrml-parser (`npm pack @rmlio/yarrrml-parser`). Nothing of them is kept.

The cases of morph-kgc are R2RML, RML of several ages and YARRRML, with the dataset that should come of each. Those of
R2RML run on SQLite, on PostgreSQL and on MariaDB, which are started here; where one is absent, its cases are left out
with a line. yarrrml-parser brings documents with the RML or R2RML that it makes of them: both are run on the same
data, which are made here where there are none, and must give the same dataset and the same files.

Datasets are compared by RDFC-1.0. A case that differs in datatypes only which the natural mapping of its source gives
(a number of JSON or of SQL, against a plain text) is counted apart, as is one whose expected dataset is that of the
rows without faults, which `--on-error skip` maps. All others are named, with what was said.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

from suites import databases, morph, yarrrml  # noqa: E402
from suites.outcomes import Outcome, Status  # noqa: E402


def outcomes_of_morph(root: Path, only: str) -> Iterable[tuple[str, str, Outcome]]:
    """The name, the group and the outcome of each case of morph-kgc."""
    with ExitStack() as stack:
        fills: dict[str, databases.Fill] = {"sqlite": databases.sqlite}
        if "r2rml".startswith(only[:5]):
            for name, server in (("postgresql", databases.on_postgresql), ("mysql", databases.on_mariadb)):
                with databases.left_out(name):
                    fills[name] = stack.enter_context(server())
        for case in morph.cases(root):
            if only in case.name and (case.engine is None or case.engine in fills):
                with tempfile.TemporaryDirectory() as place:
                    yield case.called, case.group, morph.outcome(case, Path(place) / "case", fills)


def outcomes_of_yarrrml(root: Path, only: str) -> Iterable[tuple[str, str, Outcome]]:
    """The name, the group and the outcome of each document of yarrrml-parser."""
    for case in yarrrml.cases(root):
        if only in case.name:
            with tempfile.TemporaryDirectory() as place:
                yield case.name, "yarrrml-parser", yarrrml.outcome(case, Path(place) / "case")


def report(found: Iterable[tuple[str, str, Outcome]], *, tells_all: bool) -> None:
    """Name what is not as expected, and count."""
    counts: Mapping[str, Counter[Status]] = defaultdict(Counter)
    for name, group, outcome in found:
        counts[group][outcome.status] += 1
        if tells_all or outcome.status is not Status.PASSED:
            note = f": {outcome.note.splitlines()[0]}" if outcome.note else ""
            print(f"{name}: {outcome.status.value}{note}", flush=True)
    print()
    total: Counter[Status] = Counter()
    for group, counted in counts.items():
        print(f"{group}: {_told(counted)}")
        total += counted
    print(f"all: {_told(total)}")


def _told(counted: Counter[Status]) -> str:
    some = ", ".join(f"{counted[status]} {status.value}" for status in Status if counted[status])
    return f"{counted.total()} cases: {some}"


def main() -> None:
    """Read the options, and run what they name."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--morph-kgc", type=Path, metavar="FOLDER", help="the folder test of its source distribution")
    parser.add_argument("--yarrrml-parser", type=Path, metavar="FOLDER", help="the folder test of its npm package")
    parser.add_argument("--only", default="", metavar="PART", help="cases whose name holds this")
    parser.add_argument("--all", action="store_true", help="name those that are as expected, too")
    options = parser.parse_args()
    os.environ[databases.VARIABLE] = "secret"
    for folder, outcomes in ((options.morph_kgc, outcomes_of_morph), (options.yarrrml_parser, outcomes_of_yarrrml)):
        if folder is not None:
            if not folder.is_dir():
                sys.exit(f"there is no folder {folder}")
            report(outcomes(folder, options.only), tells_all=options.all)


if __name__ == "__main__":
    main()
