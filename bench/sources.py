"""What each kind of source costs the mapper: CPU for a thousand rows, and whether memory grows with the file.

    python bench/sources.py [--rows 100000] [--kinds csv,gzip,jsonl,xml,...] [--longest]

The same table is written in every kind, with ROWS rows and with ten times as many, and mapped to N-Quads by `kg map`.
CPU is user and system time of the process, memory the most that it held (`ru_maxrss`). `--longest` measures what a
line of 1 GB without an end costs before it is refused.

Kinds whose extra is not installed are left out with one line.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import lzma
import multiprocessing
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from mapper import measure  # noqa: E402

Row = tuple[int, str, float, str]
NAMES = ("id", "label", "size", "day")
HEAD = "@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://e/> ."
SOURCE = 'rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{}" ]'


def table(count: int) -> Iterator[Row]:
    """The rows: a number, a label in one of three scripts, a number with a fraction, a day."""
    words = ("سد الوادي", "Barrage de la Vallée", 'North "old" dam')
    for number in range(count):
        yield (
            number,
            f"{words[number % 3]} {number}",
            number % 997 / 4,
            f"2030-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        )


def csv_lines(count: int) -> Iterator[str]:
    yield ",".join(NAMES) + "\n"
    for number, label, size, day in table(count):
        quoted = label.replace('"', '""')
        yield f'{number},"{quoted}",{size},{day}\n'


def write_text(path: Path, lines: Iterator[str], opened: Callable[..., object] = open) -> None:
    with opened(path, "wt", encoding="utf-8") as file:
        file.writelines(lines)


def write_jsonl(path: Path, count: int) -> None:
    write_text(
        path, (json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) + "\n" for row in table(count))
    )


def write_json(path: Path, count: int) -> None:
    path.write_text(json.dumps([dict(zip(NAMES, row, strict=True)) for row in table(count)]), encoding="utf-8")


def xml_lines(count: int) -> Iterator[str]:
    yield "<table>\n"
    for number, label, size, day in table(count):
        yield f'<row id="{number}"><label>{label}</label><size>{size}</size><day>{day}</day></row>\n'
    yield "</table>\n"


def write_sqlite(path: Path, count: int) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE t ({', '.join(NAMES)})")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", table(count))
    connection.close()


def write_duckdb(path: Path, count: int) -> None:
    import duckdb

    rows = path.with_suffix(".rows.csv")
    write_text(rows, csv_lines(count))
    read = f"read_csv('{rows}', types = {{'day': 'DATE'}})"
    if path.suffix == ".parquet":
        duckdb.sql(f"COPY (SELECT * FROM {read}) TO '{path}' (FORMAT parquet)")
    else:
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"CREATE TABLE t AS SELECT * FROM {read}")
    rows.unlink()


def write_xlsx(path: Path, count: int) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("t")
    sheet.append(NAMES)
    for row in table(count):
        sheet.append(row)
    book.save(path)


@dataclass(frozen=True)
class Kind:
    """A way to keep a table."""

    file: str
    write: Callable[[Path, int], None]
    formulation: str
    reference: str = "{}"
    most: int = 10**9


CSV, TABLE = "rml:CSV", "rml:SQL2008Table"
KINDS = {
    "csv": Kind("t.csv", lambda path, count: write_text(path, csv_lines(count)), CSV),
    "gzip": Kind("t.csv.gz", lambda path, count: write_text(path, csv_lines(count), gzip.open), CSV),
    "bzip2": Kind("t.csv.bz2", lambda path, count: write_text(path, csv_lines(count), bz2.open), CSV),
    "xz": Kind("t.csv.xz", lambda path, count: write_text(path, csv_lines(count), lzma.open), CSV),
    "jsonl": Kind("t.jsonl", write_jsonl, 'rml:JSONPath ; rml:iterator "$"', "$.{}"),
    "json": Kind("t.json", write_json, 'rml:JSONPath ; rml:iterator "$[*]"', "$.{}"),
    "xml": Kind(
        "t.xml", lambda path, count: write_text(path, xml_lines(count)), 'rml:XPath ; rml:iterator "/table/row"'
    ),
    "xml-whole": Kind(
        "t.xml", lambda path, count: write_text(path, xml_lines(count)), 'rml:XPath ; rml:iterator "//row"'
    ),
    "sqlite": Kind("t.sqlite", write_sqlite, f'{TABLE} ; rml:iterator "t"'),
    "duckdb": Kind("t.duckdb", write_duckdb, f'{TABLE} ; rml:iterator "t"'),
    "parquet": Kind("t.parquet", write_duckdb, TABLE),
    "xlsx": Kind("t.xlsx", write_xlsx, TABLE, most=1_000_000),
}


def mapping(kind: Kind) -> str:
    """Three triples of a row."""
    names = [kind.reference.format(name) for name in NAMES]
    if "XPath" in kind.formulation:
        names[0] = "@id"
    pairs = "".join(
        f' ; rml:predicateObjectMap [ rml:predicate ex:p{n} ; rml:objectMap [ rml:reference "{name}" ] ]'
        for n, name in enumerate(names[1:])
    )
    source = f"rml:logicalSource [ rml:referenceFormulation {kind.formulation} ; {SOURCE.format(kind.file)} ]"
    return f'{HEAD}\nex:m {source} ; rml:subjectMap [ rml:template "http://e/{{{names[0]}}}" ]{pairs} .\n'


def run(folder: Path, kind: Kind, count: int) -> tuple[float, float]:
    """CPU seconds and megabytes of one mapping of so many rows."""
    # In a process of its own: what it took would be counted as the mapper's, which begins as a copy of this one.
    writer = multiprocessing.get_context("fork").Process(target=kind.write, args=(folder / kind.file, count))
    writer.start()
    writer.join()
    if writer.exitcode:
        raise ImportError(f"{kind.file} cannot be written: pip install 'zellige[tables]'")
    (folder / "m.ttl").write_text(mapping(kind), encoding="utf-8")
    out = folder / "out.nq"
    command = [sys.executable, "-m", "kg", "map", str(folder / "m.ttl"), "-q", "-o", str(out)]
    cost = measure(command, folder / "errors")
    with out.open("rb") as file:
        triples = sum(1 for _ in file)
    if triples != 3 * count:
        raise SystemExit(f"{kind.file}: {triples} triples instead of {3 * count}")
    for made in (out, folder / kind.file):
        made.unlink()
    return cost.cpu, cost.megabytes


def longest(folder: Path) -> None:
    """Map a line of 1 GB; it must be refused."""
    import resource
    import subprocess
    import time

    path = folder / KINDS["csv"].file
    with path.open("wb") as file:
        file.write(",".join(NAMES).encode() + b"\n1,")
        for _ in range(1024):
            file.write(b"x" * (1 << 20))
    (folder / "m.ttl").write_text(mapping(KINDS["csv"]), encoding="utf-8")
    started = time.perf_counter()
    command = [sys.executable, "-m", "kg", "map", str(folder / "m.ttl"), "-o", str(folder / "out.nq")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={"PYTHONPATH": str(ROOT)}
    )
    wall = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"1 GB in one line: exit {done.returncode}, {wall:.1f} s, {peak:.0f} MB: {done.stderr.strip()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--longest", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.longest:
            longest(folder)
            return
        print(f"{'kind':12} {'rows':>10} {'CPU s':>8} {'rows / CPU s':>13} {'peak MB':>8}")
        for label in options.kinds.split(","):
            kind = KINDS[label.strip()]
            for count in (options.rows, 10 * options.rows):
                try:
                    cpu, megabytes = run(folder, kind, min(count, kind.most))
                except ImportError as error:
                    print(f"{label:12} left out: {error}")
                    break
                rows = min(count, kind.most)
                print(f"{label:12} {rows:10,} {cpu:8.2f} {rows / cpu:13,.0f} {megabytes:8.0f}", flush=True)


if __name__ == "__main__":
    main()
