"""How much memory the mapper takes, for a million rows and for ten, without a join.

    python bench/mapper_memory.py [--rows 1000000] [--times 10] [--workers 1]

The tables are those of bench/mapper.py, then the same rows so many times over; the mapping is the same without its one
join. The lines go to /dev/null. Memory is the largest sum of proportional set sizes of the process tree, seen every
50 ms, and of one process also what the system remembers. The run ends with 1 if it takes more than 100 MB, or if more
rows take more than a tenth more.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from mapper import Cost, mapping, measure  # noqa: E402
from mappers import tables  # noqa: E402

MOST = 100
"""Megabytes."""
SOURCE = '[ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{table}.csv" ]'


def without_join(folder: Path) -> Path:
    """The mapping of the bench, without the triples map that has the join: it is the last."""
    path = mapping(folder, "mapping.rml.ttl", SOURCE)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("map:work a ")], encoding="utf-8")
    return path


def repeat(folder: Path, times: int) -> None:
    """Every table with its rows so many times; in little memory, since a process that is started inherits the peak."""
    for table in tables.SHARES:
        path, whole = folder / f"{table}.csv", folder / "whole.csv"
        with path.open("rb") as rows, whole.open("wb") as file:
            file.write(rows.readline())
            start = rows.tell()
            for _ in range(times):
                rows.seek(start)
                shutil.copyfileobj(rows, file, 1 << 20)
        whole.replace(path)


def run(folder: Path, options: argparse.Namespace) -> list[Cost]:
    """Measure the one size and the other."""
    tables.write(folder, options.rows)
    command = [sys.executable, "-m", "kg", "map", str(without_join(folder)), "-o", "/dev/null"]
    command += ["--workers", str(options.workers)]
    costs = []
    for times in (1, options.times):
        if times > 1:
            repeat(folder, times)
        costs.append(measure(command, folder / "errors.txt"))
        told = (folder / "errors.txt").read_text(encoding="utf-8").strip()
        print(f"{told}: {costs[-1].megabytes:.0f} MB, {costs[-1].cpu:.1f} CPU s", flush=True)
    return costs


def main() -> None:
    """Read the options and measure in a temporary folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of all tables together")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, many = run(Path(folder), options)
    raise SystemExit(int(many.megabytes > MOST or many.megabytes > 1.1 * few.megabytes))


if __name__ == "__main__":
    main()
