"""The graph of a release: its sorted lines, packed as they pass, with their hash and figures."""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final

from kg.description import Counts
from kg.errors import DataError
from kg.rdf import whole_lines
from kg.rdf.rows import ROW, Row
from kg.runs.figures import Figures
from kg.runs.kinds import Kinds
from kg.store import canonical_lines, parse_lines

_IN_MEMORY: Final = 8 << 20
"""Packed bytes that need no file."""
_CHECKED: Final = 50_000
_LEVEL: Final = 6
"""Of zlib: 9 takes four times as long for files that are 2 % to 14 % smaller."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The lines of a release, packed."""

    sha256: str
    """Of the lines with their ends, in hexadecimal."""
    size: int
    """Bytes of the lines with their ends."""
    counts: Counts
    packed: bytes | Path
    """`graph.nq.gz`, or the file that holds it as long as its maker is at work."""
    kinds: Mapping[str, list[str]] = field(default_factory=dict)
    """The kinds of the values of each property, in all graphs."""

    def with_facts(self, number: int) -> Graph:
        """The same, with the number of triples of its default graph that claims state."""
        return replace(self, counts=replace(self.counts, facts=number))

    @property
    def packed_size(self) -> int:
        return len(self.packed) if isinstance(self.packed, bytes) else self.packed.stat().st_size

    def packed_sha256(self) -> str:
        """The hash of the packed bytes, in hexadecimal.

        :raises OSError: if they cannot be read
        """
        with self.open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def open(self) -> io.BytesIO | io.BufferedReader:
        """The packed bytes.

        :raises OSError: if they cannot be read
        """
        return io.BytesIO(self.packed) if isinstance(self.packed, bytes) else self.packed.open("rb")

    def __iter__(self) -> Iterator[str]:
        """Its lines, as often as they are asked for."""
        return self.lines()

    def lines(self) -> Iterator[str]:
        """The statements as sorted N-Quads lines without line ends.

        :raises OSError: if they cannot be read
        """
        with self.open() as packed, gzip.open(packed, "rt", encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.removesuffix("\n")

    def blocks(self) -> Iterator[bytes]:
        """The same with their ends, many lines at once.

        :raises OSError: if they cannot be read
        """
        with self.open() as packed, gzip.open(packed) as file:
            yield from whole_lines(file, "the graph")

    def write(self, path: Path) -> None:
        """Write the packed bytes to a file.

        :raises OSError: if it cannot be written
        """
        if isinstance(self.packed, bytes):
            path.write_bytes(self.packed)
        else:
            try:
                path.hardlink_to(self.packed)
            except OSError:
                shutil.copyfile(self.packed, path)


class _Packed(io.RawIOBase):
    """Holds what is written to it, in a file of a folder when it is much."""

    def __init__(self, folder: Callable[[], Path] | None) -> None:
        self._folder = folder
        self._held = io.BytesIO()
        self._path: Path | None = None
        self._file: IO[bytes] | None = None

    def writable(self) -> bool:
        return True

    def write(self, packed: bytes) -> int:  # type: ignore[override]
        if self._file is not None:
            return self._file.write(packed)
        self._held.write(packed)
        if self._folder is not None and self._held.tell() > _IN_MEMORY:
            self._path = self._folder() / "graph.nq.gz"
            self._file = self._path.open("wb")
            self._file.write(self._held.getbuffer())
            self._held = io.BytesIO()
        return len(packed)

    def end(self) -> bytes | Path:
        """What was written, or where it lies."""
        if self._file is not None and self._path is not None:
            self._file.close()
            return self._path
        return self._held.getvalue()


TakeRows = Callable[[bytes, list[Row]], object]
"""Takes whole lines, and the same as rows."""


def pass_over(_: bytes, __: list[Row]) -> None:
    """Take nothing."""


def pack(
    blocks: Iterable[tuple[list[bytes], list[Row]]],
    base: str,
    number: Callable[[bytes], int],
    folder: Callable[[], Path] | None = None,
    take: TakeRows = pass_over,
) -> Graph:
    """One pass over the sorted lines of a release: they are hashed, packed and counted.

    :param number: tells terms apart, as `Figures` needs it
    :param folder: gives the folder of the packed file, which is made when it is large; without one it is in memory
    :param take: takes them as well, in whole lines, and the same as rows
    :raises OSError: if it cannot be written
    :raises DataError: if a line is none of canonical N-Quads
    """
    figures, total, size = Figures(base, number), hashlib.sha256(), 0
    kinds = Kinds()
    packed = _Packed(folder)
    try:
        # Without a name or a time in the header, so that the same data give the same file.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=packed, mtime=0) as file:
            for lines, rows in blocks:
                if len(lines) != len(rows):
                    raise _not_canonical()
                content = b"".join(lines)
                total.update(content)
                size += len(content)
                file.write(content)
                take(content, rows)
                figures.take(rows)
                kinds.take(rows)
    finally:
        found = packed.end()
    return Graph(total.hexdigest(), size, figures.counts(), found, kinds.of_properties())


def with_rows(blocks: Iterable[list[bytes]]) -> Iterator[tuple[list[bytes], list[Row]]]:
    """Blocks of lines with the same as rows."""
    return ((lines, ROW.findall(b"".join(lines))) for lines in blocks)


def graph_of(lines: Iterable[str], base: str) -> Graph:
    """The graph of lines that are sorted and canonical already, as `kg.store.canonical_lines` gives them.

    :raises DataError: if they are not

    >>> graph_of(['<urn:s> <urn:p> "a" .'], "https://w3id.org/zellige/").counts.quads
    1
    """
    numbers: dict[bytes, int] = {}
    return pack(with_rows(_checked(lines)), base, lambda term: numbers.setdefault(term, len(numbers)))


def _checked(lines: Iterable[str]) -> Iterator[list[bytes]]:
    last = ""
    given = iter(lines)
    while block := [line for _, line in zip(range(_CHECKED), given, strict=False)]:
        if block[0] <= last or canonical_lines(parse_lines(block)) != block:
            raise _not_canonical()
        last = block[-1]
        yield [f"{line}\n".encode() for line in block]


def _not_canonical() -> DataError:
    return DataError("the statements are not canonical N-Quads", hint="pass them through canonical_lines")
