"""In which line of its file each statement is written, beside a release: pages tell it.

Lines are no part of the graph: one more line at the head of a file would else change everything that is said of it.
They follow from the files and have no part in the id of a release, which has the hashes of the files.

`claims.json` gives the file of each claim, `properties.txt` the properties that `statements.tsv` calls by their
numbers, from 0. That has a line for each thing of each claim, sorted by bytes: the id of the claim, the IRI of the
thing, and for each property its number and the first of its lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kg.files import replaced
from kg.rml.run.distinct import Sorter

FOLDER: Final = "lines"
"""What the folder of a release calls that of the lines."""
CLAIMS: Final = "claims.json"
PROPERTIES: Final = "properties.txt"
STATEMENTS: Final = "statements.tsv"
_HELD: Final = 1 << 14


def write_lines(folder: Path, placed: Iterable[tuple[str, str, str, int]], claims: Mapping[str, str]) -> None:
    """Write the lines of statements into a folder.

    :param placed: of each statement the id of its claim, its subject, its property and its line
    :param claims: the file of each claim, as the project calls it
    :raises OSError: if the disk is full, read-only or not permitted
    """
    folder.mkdir(exist_ok=True)
    numbers: dict[str, int] = {}
    with TemporaryDirectory(prefix="sorting-", dir=folder) as aside:
        sorter = Sorter(Path(aside))
        held: list[str] = []
        for claim, subject, predicate, line in placed:
            number = numbers.setdefault(predicate, len(numbers))
            held.append(f"{claim}\t{subject}\t{number:06}\t{line:012}\n")
            if len(held) >= _HELD:
                sorter.write("".join(held).encode())
                held = []
        sorter.write("".join(held).encode())
        with replaced(folder / STATEMENTS) as file:
            file.writelines(_things(line for lines in sorter.blocks() for line in lines))
    with replaced(folder / PROPERTIES) as file:
        file.write("".join(f"{name}\n" for name in numbers).encode())
    with replaced(folder / CLAIMS) as file:
        file.write(json.dumps(dict(sorted(claims.items())), ensure_ascii=False, indent=1).encode() + b"\n")


def _things(lines: Iterable[bytes]) -> Iterator[bytes]:
    """A line for each thing of each claim."""
    parted = (line[:-1].split(b"\t") for line in lines)
    for (claim, subject), rows in groupby(parted, key=lambda row: (row[0], row[1])):
        first: dict[bytes, bytes] = {}
        for _, _, number, line in rows:
            first.setdefault(number, line)
        told = b"\t".join(b"%d:%d" % (int(number), int(line)) for number, line in first.items())
        yield b"%s\t%s\t%s\n" % (claim, subject, told)
