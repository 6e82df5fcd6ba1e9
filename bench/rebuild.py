"""What a build costs after one of ten tables has changed, beside mapping that one alone and mapping all ten.

    python bench/rebuild.py [--tables N] [--rows N] [--built N] [--rounds N]

A project of tables with five columns is made: three languages, a decimal number, some empty cells. Every table is a
document, and every row of it a reviewed claim whose evidence is the row. The rounds are interleaved, and medians of CPU
seconds are printed.

* kg map --parts: processes, for one mapping with a triples map for each table, without the CPU of a process that finds
  nothing to do.
* parts of a build: the CPU that `kg build` spends on taking or making parts: ids, provenance and triples maps.

At last `kg build` runs twice, cold and with nothing changed: its CPU, and its peak memory.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "code,name_ar,name_fr,name_en,height\n"
HEAD = """\
@prefix rml: <http://w3id.org/rml/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix zel: <https://w3id.org/zellige/ont#> .
@prefix schema: <https://schema.org/> .
"""
MAP = """\
<#t{n}> a rml:TriplesMap ;
    rml:logicalSource [ rml:referenceFormulation rml:CSV ;
        rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t{n}.csv" ] ] ;
    rml:subjectMap [ rml:template "id/t{n}-{{code}}" ; rml:class schema:Thing ] ;
    rml:predicateObjectMap [ rml:predicate zel:name ;
        rml:objectMap [ rml:reference "name_ar" ; rml:language "ar" ] ,
            [ rml:reference "name_fr" ; rml:language "fr" ] , [ rml:reference "name_en" ; rml:language "en" ] ] ;
    rml:predicateObjectMap [ rml:predicate schema:height ;
        rml:objectMap [ rml:reference "height" ; rml:datatype xsd:decimal ] ] .
"""
ENTRY = """\
  t{n}:
    document: d{n}
    id: T{n}-$(code)
    modality: done
    checkable: true
    reviewStatus: reviewed
"""
SOURCE = """\
  d{n}: {{title: {{en: Table {n}}}, language: fr, publisher: Example, licence: Made for a benchmark, sha256: {sha256}}}
"""
TOML = '[project]\nname = "measured"\nbase = "https://example.org/measured/"\n'


def make(folder: Path, tables: range, rows: int) -> None:
    """Write a project, and beside it one mapping of all its tables."""
    place = folder / "data" / "tables"
    place.mkdir(parents=True)
    (folder / "kg.toml").write_text(TOML, encoding="utf-8")
    (folder / "data" / "entities.yaml").write_text("entities: {}\n", encoding="utf-8")
    (place / "tables.yaml").write_text("tables:\n" + "".join(ENTRY.format(n=n) for n in tables), encoding="utf-8")
    for n in tables:
        (place / f"t{n}.rml.ttl").write_text(HEAD + MAP.format(n=n), encoding="utf-8")
        with (place / f"t{n}.csv").open("w", encoding="utf-8") as file:
            file.write(HEADER)
            file.writelines(
                f"{row},سد رقم {row},Barrage n° {row},{'' if row % 10 == 0 else f'Dam no. {row}'},{row}.25\n"
                for row in range(rows)
            )
    describe(folder)
    (place / "all.ttl").write_text(HEAD + "".join(MAP.format(n=n) for n in tables), encoding="utf-8")


def describe(folder: Path) -> None:
    """Write `sources.yaml`, which has the hash of every table."""
    tables = sorted((folder / "data" / "tables").glob("*.csv"))
    entries = (SOURCE.format(n=t.stem[1:], sha256=hashlib.sha256(t.read_bytes()).hexdigest()) for t in tables)
    (folder / "data" / "sources.yaml").write_text("documents:\n" + "".join(entries), encoding="utf-8")


def change(folder: Path, number: int, stamp: int) -> None:
    """Change one cell of one table."""
    path = folder / "data" / "tables" / f"t{number}.csv"
    text = path.read_text(encoding="utf-8").splitlines()
    text[1] = f"0,سد,Barrage {stamp},,{stamp}.5"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    describe(folder)


def cpu(command: list[str], folder: Path) -> float:
    """CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={"PYTHONPATH": str(ROOT), "PATH": ""})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


MAP_PARTS = [sys.executable, "-m", "kg", "map", "-q", "data/tables/all.ttl", "--base", "http://e/", "--parts", "out"]
TAKE_PARTS = [
    sys.executable,
    "-c",
    """
import time
from pathlib import Path
from kg import pipeline
from kg.config import read_config
from kg.rml.run.folder import PartFolder
from kg.runs import Workshop

take, spent = PartFolder.take, [0.0]

def timed(*given):
    started = time.process_time()
    try:
        return take(*given)
    finally:
        spent[0] += time.process_time() - started

PartFolder.take = timed
config = read_config(Path().resolve(), {})
with Workshop(config.releases) as workshop:
    pipeline.gather(config, lambda _: None, None, workshop, pipeline.prepare(config, lambda _: None))
print(spent[0])
""",
]


def printed(command: list[str], folder: Path) -> float:
    """The number that a command prints."""
    environ = {"PYTHONPATH": str(ROOT), "PATH": ""}
    return float(subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environ, text=True).stdout)


Tell = Callable[[str, str, float], None]


def measure(way: str, run: Callable[[Path], float], projects: tuple[Path, Path], stamp: int, tell: Tell) -> None:
    """Measure one way in each state: all tables new, none changed, one changed, and a project of that one alone.

    That one has changed as well: a file that replaces another costs the system more than one where none was.
    """
    many, one = projects
    for folder in projects:
        for kept in ("out", "releases"):
            shutil.rmtree(folder / kept, ignore_errors=True)
    tell(way, "all", run(many))
    tell(way, "nothing", run(many))
    change(many, 0, stamp)
    tell(way, "changed", run(many))
    run(one)
    tell(way, "alone, nothing", run(one))
    change(one, 0, stamp)
    tell(way, "alone", run(one))


def whole(folder: Path, rows: int) -> None:
    """Run `kg build` cold and again, and tell what it took."""
    shutil.rmtree(folder / "releases", ignore_errors=True)
    spent = [cpu([sys.executable, "-m", "kg", "build", "-q"], folder) for _ in range(2)]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"kg build of {rows:,} rows: cold {spent[0]:.1f} s CPU, again {spent[1]:.1f}; {peak:.0f} MB at most")


def two(folder: Path, tables: int, rows: int) -> tuple[Path, Path]:
    """A project of all tables, and one of the first alone."""
    make(folder / "many", range(tables), rows)
    make(folder / "one", range(1), rows)
    return folder / "many", folder / "one"


def main() -> None:
    """Measure, interleaved, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=10)
    parser.add_argument("--rows", type=int, default=50_000, help="of each table, for kg map")
    parser.add_argument("--built", type=int, default=100, help="of each table, for kg build")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    taken: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        mapped = two(Path(name) / "mapped", given.tables, given.rows)
        built = two(Path(name) / "built", given.tables, given.built)
        for number in range(given.rounds):
            tell = partial(keep, taken)
            measure("kg map --parts", lambda folder: cpu(MAP_PARTS, folder), mapped, number + 2, tell)
            measure("parts of a build", lambda folder: printed(TAKE_PARTS, folder), built, number + 2, tell)
            print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
        print(f"{given.tables} tables of {given.rows:,} rows for kg map, of {given.built:,} for kg build; CPU seconds")
        for way in dict.fromkeys(way for way, _ in taken):
            report(way, {state: values for (w, state), values in taken.items() if w == way})
        whole(built[0], given.tables * given.built)


def report(way: str, taken: dict[str, list[float]]) -> None:
    """Print the figures of one way, each without what a run with nothing to do costs in the same round."""

    def beyond(state: str, idle: str) -> float:
        return statistics.median(a - b for a, b in zip(taken[state], taken[idle], strict=True))

    full, changed = beyond("all", "nothing"), beyond("changed", "nothing")
    alone = beyond("alone", "alone, nothing")
    print(f"{way:17} all {full:.3f}   one changed {changed:.3f}   that one alone {alone:.3f}", end="")
    idle = statistics.median(taken["nothing"])
    print(f"   changed/alone {changed / alone:.2f}   changed/all {changed / full:.2f}   (idle {idle:.3f})")


def keep(taken: dict[tuple[str, str], list[float]], way: str, state: str, seconds: float) -> None:
    """Remember a figure."""
    taken.setdefault((way, state), []).append(seconds)


if __name__ == "__main__":
    main()
