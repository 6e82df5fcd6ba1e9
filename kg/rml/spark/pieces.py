"""Pieces of sources: files, or ranges of their rows, that a task reads with the readers of a local run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.errors import DataError, StorageError
from kg.rml.compile.reading.checks import check_file
from kg.rml.joins.unlinked import Unlinked
from kg.rml.mapping.model import PACKED, Batch, Compression, Formulation, Plan, Source
from kg.rml.run.shards import cut
from kg.rml.sources.csv import Range
from kg.rml.sources.rows import batches_of
from kg.rml.sources.stream import LineCounter, too_long
from kg.rml.views.opened import OpenView

_LINES: Final = (".jsonl", ".ndjson")
_STEP: Final = 1 << 20
_SMALLEST: Final = 1 << 19
_LARGEST: Final = 32 << 20
"""Bytes that a task reads at most, if files can be cut."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that a task can open, or some of its rows."""

    path: str
    name: str
    """What errors call it."""
    part: Range | None = None
    size: int = 0
    """In bytes."""

    def of(self, source: Source) -> Source:
        """A source that is read from this file; its name says whether it is packed, as that of any source does."""
        path, compression = Path(self.path), source.compression
        if path != source.path:
            compression = _packed(path) or (Compression.NONE if _packed(source.path) else compression)
        return replace(source, path=path, name=self.name, compression=compression)


def _packed(path: Path) -> Compression | None:
    return next((kind for suffix, kind in PACKED.items() if path.name.lower().endswith(suffix)), None)


def is_lines(source: Source, path: str) -> bool:
    """Whether a file holds a tree in each line: its own name says so, or that which the mapping has for it."""
    suffixes = {suffix.lower() for name in (source.path, Path(path)) for suffix in name.suffixes}
    return source.formulation is Formulation.JSON_PATH and not suffixes.isdisjoint(_LINES)


def block_for(size: int, parallelism: int) -> int:
    """How many bytes a task reads of so many."""
    return min(max(size // (2 * parallelism), _SMALLEST), _LARGEST)


def pieces_of(plan: Plan, source: Source, whole: Piece, parallelism: int) -> list[Piece]:
    """A file as pieces for so many tasks at a time, cut between rows; one piece where it cannot be cut.

    :raises MappingError: if it lacks columns that the plan names
    :raises DataError: if it is not what it should be
    :raises StorageError: if it cannot be read here
    """
    if source.view is not None:
        return [whole]  # its rows are made in one task: a view may join others, and its records have positions
    own = whole.of(source)
    try:
        size = own.path.stat().st_size
    except OSError as error:
        hint = "every executor must see the file under that path: use a shared folder, or hdfs:, s3a: and the like"
        raise StorageError(f"cannot read {whole.name}: {error.strerror}", hint=hint) from None
    # Smaller than what a task reads: a cut that falls into a cell is left out.
    block = max(block_for(size, parallelism) // 8, _SMALLEST)
    if own.path != source.path:
        check_piece(plan, source, whole)
    parts: Iterable[Range | None] = [None]
    if own.formulation is Formulation.CSV:
        parts = cut(own, block)
    elif is_lines(source, whole.path) and own.compression is Compression.NONE:
        parts = _ranges(own, block)
    return [replace(whole, part=part, size=size if part is None else part[1] - part[0]) for part in parts]


def packed_in(pieces: Iterable[Piece], parallelism: int) -> list[list[Piece]]:
    """Pieces, in their order, for one task after the other."""
    listed = list(pieces)
    block = block_for(sum(piece.size for piece in listed), parallelism)
    tasks: list[list[Piece]] = []
    room = 0
    for piece in listed:
        if not tasks or piece.size > room:
            tasks.append([])
            room = max(block, piece.size)
        room -= piece.size
        if tasks[-1] and (whole := _together(tasks[-1][-1], piece)):
            tasks[-1][-1] = whole
        else:
            tasks[-1].append(piece)
    return tasks


def _together(one: Piece, other: Piece) -> Piece | None:
    """Two pieces as one, if the second goes on where the first ends."""
    if one.path != other.path or one.part is None or other.part is None or one.part[1] != other.part[0]:
        return None
    return replace(one, part=(one.part[0], other.part[1]), size=one.size + other.size)


def _ranges(source: Source, block: int) -> Iterator[Range]:
    """Ranges of whole lines."""
    start = 0
    longest = source.limits.record
    with source.path.open("rb") as file:
        while content := file.read(block) + (end := file.readline(longest + 1)):
            if len(end) > longest:
                raise too_long(source, start)
            yield start, start + len(content)
            start += len(content)


def check_piece(plan: Plan, source: Source, piece: Piece) -> None:
    """There is something in a file that is read for a source, and every column that a plan names.

    :raises KgError: as `check_file` does
    """
    with _named(source, piece) as own:
        check_file(plan, source, own)


def batches_in(
    source: Source, piece: Piece, references: tuple[str, ...], unlinked: Unlinked | None = None
) -> Iterator[Batch]:
    """The rows of a piece.

    :param unlinked: what takes rows that a view joins and whose key cannot be made; without it, they are an error
    :raises DataError: with file and line, where it is not what it should be
    """
    if source.view is not None:
        with closing(OpenView(source, references, unlinked=unlinked)) as view:
            yield from view.batches()
        return
    if piece.part is None or source.formulation is Formulation.CSV:
        with _named(source, piece) as own:
            yield from batches_of(own, references, piece.part)
        return
    start, end = piece.part
    with tempfile.TemporaryDirectory(prefix="kg-map-") as folder:
        path = Path(folder, f"lines{_LINES[0]}")
        _copy(piece, path, start, end)
        yield from _shifted(batches_of(replace(piece.of(source), path=path), references), piece.of(source), start)


@contextmanager
def _named(source: Source, piece: Piece) -> Iterator[Source]:
    """A source that is read from a file; where a reader goes by the file's name, that is what the mapping has."""
    own = piece.of(source)
    name = own.path.name
    if is_lines(source, piece.path):
        packed = next((suffix for suffix, kind in PACKED.items() if kind is own.compression), "")
        name = f"lines{_LINES[0]}{packed}"
    elif own.formulation is Formulation.SQL_QUERY:
        name = source.path.name
    if name == own.path.name:
        yield own
        return
    with tempfile.TemporaryDirectory(prefix="kg-map-") as folder:
        path = Path(folder, name)
        path.symlink_to(own.path.absolute())
        yield replace(own, path=path)


def _copy(piece: Piece, target: Path, start: int, end: int) -> None:
    try:
        with Path(piece.path).open("rb") as file, target.open("wb") as part:
            file.seek(start)
            left = end - start
            while left and (content := file.read(min(left, _STEP))):
                part.write(content)
                left -= len(content)
    except OSError as error:
        raise StorageError(f"cannot read {piece.name}: {error.strerror}") from None


@dataclass(frozen=True, slots=True)
class _Further:
    lines: Callable[[int], int]
    counter: LineCounter
    start: int

    def __call__(self, index: int) -> int:
        return self.lines(index) + self.counter.before(self.start)


def _shifted(batches: Iterator[Batch], source: Source, start: int) -> Iterator[Batch]:
    """Batches of a file that is a part of another, from a byte on: places are those of the other."""
    counter = LineCounter(source)
    try:
        for batch in batches:
            yield replace(batch, lines=batch.lines and _Further(batch.lines, counter, start))
    except DataError as error:
        before = counter.before(start)
        problems = [
            replace(p, position=p.position and replace(p.position, line=p.position.line + before))
            for p in error.problems
        ]
        raise DataError(problems=problems) from None
