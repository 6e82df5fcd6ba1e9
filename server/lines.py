"""In which line of its file a statement is written: what lies beside a release that was built of files of RDF.

`kg.rdfdata.lines` tells how it is written. Nothing of it is held in memory but the names of files and properties.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

FOLDER: Final = "lines"


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of the statements of a release; none where it has no such files."""

    files: Mapping[str, str]
    """By the ids of claims."""
    properties: Mapping[str, int]
    content: mmap.mmap | bytes

    @classmethod
    def of(cls, release: Path) -> Lines:
        """Those beside a release."""
        folder = release / FOLDER
        try:
            files = json.loads((folder / "claims.json").read_bytes())
            names = (folder / "properties.txt").read_text(encoding="utf-8").splitlines()
            with (folder / "statements.tsv").open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return cls({}, {}, b"")
        return cls(files, {name: number for number, name in enumerate(names)}, content)

    def place(self, claim: str, subject: str, predicate: str | None = None) -> str:
        """The file and the line of what a claim says of a thing, as in `data/rdf/a.ttl:12`; empty if nobody knows.

        :param claim: its id
        :param predicate: the property of which the line is asked; without one the first line about the thing
        """
        if claim not in self.files:
            return ""
        key = f"{claim}\t{subject}\t".encode()
        line = self._line_at(self._begin(key))
        return self._told(claim, line, predicate) if line.startswith(key) else ""

    def things(self, claim: str, first: int, most: int) -> tuple[tuple[str, str], ...]:
        """Some of the things that a claim speaks of, in the order of their IRIs, each with its place."""
        key = f"{claim}\t".encode()
        lines = self._from(self._begin(key), key) if claim in self.files else iter(())
        shown = islice(lines, first, first + most)
        return tuple((line.split(b"\t")[1].decode(), self._told(claim, line, None)) for line in shown)

    def _told(self, claim: str, line: bytes, predicate: str | None) -> str:
        known = dict(pair.split(b":") for pair in line.split(b"\t")[2:])
        number = self.properties.get(predicate, -1) if predicate is not None else -1
        found = known.get(b"%d" % number) or min(known.values(), key=int)
        return f"{self.files[claim]}:{int(found)}"

    def _begin(self, key: bytes) -> int:
        """Where the first line begins that is not less than a key."""
        low, high = 0, len(self.content)
        while low < high:
            start = self.content.rfind(b"\n", 0, (low + high) // 2) + 1
            start = max(start, low)
            end = self.content.find(b"\n", start) + 1
            if self.content[start : end - 1] < key:
                low = end
            else:
                high = start
        return low

    def _line_at(self, start: int) -> bytes:
        return self.content[start : self.content.find(b"\n", start)] if start < len(self.content) else b""

    def _from(self, start: int, key: bytes) -> Iterator[bytes]:
        while (line := self._line_at(start)).startswith(key):
            yield line
            start += len(line) + 1
