"""Pieces of sources: files, or ranges of their rows, that a task reads with the readers of a local run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.errors import DataError, StorageError
from kg.rml.checks import check_header
from kg.rml.model import Batch, Formulation, Plan, Source
from kg.rml.rows import batches_of, is_plain
from kg.rml.shards import cut
from kg.rml.sources.csv import Range

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
        """A source that is read from this file."""
        return replace(source, path=Path(self.path), name=self.name)


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
    own = whole.of(source)
    try:
        size = own.path.stat().st_size
        # Smaller than what a task reads: a cut that falls into a cell is left out.
        block = max(block_for(size, parallelism) // 8, _SMALLEST)
        parts: Iterable[Range | None] = [None]
        if is_plain(own) and own.formulation is Formulation.CSV:
            check_header(plan, source, own)
            parts = cut(own, block)
        elif is_plain(own) and is_lines(source, whole.path):
            parts = _ranges(own.path, block)
        return [replace(whole, part=part, size=size if part is None else part[1] - part[0]) for part in parts]
    except OSError as error:
        hint = "every executor must see the file under that path: use a shared folder, or hdfs:, s3a: and the like"
        raise StorageError(f"cannot read {whole.name}: {error.strerror}", hint=hint) from None


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
    start, _, lines = one.part
    return replace(one, part=(start, other.part[1], lines), size=one.size + other.size)


def _ranges(path: Path, block: int) -> Iterator[Range]:
    """Ranges of whole lines."""
    start = lines = 0
    with path.open("rb") as file:
        while content := file.read(block) + file.readline():
            yield start, start + len(content), lines
            start += len(content)
            lines += content.count(b"\n")


def batches_in(source: Source, piece: Piece, references: tuple[str, ...]) -> Iterator[Batch]:
    """The rows of a piece.

    :raises DataError: with file and line, where it is not what it should be
    """
    if not is_lines(source, piece.path):
        yield from batches_of(piece.of(source), references, piece.part)
        return
    with tempfile.TemporaryDirectory(prefix="kg-map-") as folder:
        path = Path(folder, f"lines{_LINES[0]}")
        if piece.part is None:
            suffix = "" if is_plain(piece.of(source)) else Path(piece.path).suffix
            path = path.with_name(path.name + suffix)
            path.symlink_to(Path(piece.path).absolute())
            yield from batches_of(replace(piece, path=str(path)).of(source), references)
            return
        start, end, before = piece.part
        _copy(piece, path, start, end)
        yield from _shifted(batches_of(replace(piece, path=str(path)).of(source), references), before)


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
    before: int

    def __call__(self, index: int) -> int:
        return self.lines(index) + self.before


def _shifted(batches: Iterator[Batch], before: int) -> Iterator[Batch]:
    """Batches of a file that begins after some lines of another: places are those of the other."""
    try:
        for batch in batches:
            yield replace(batch, lines=batch.lines and _Further(batch.lines, before))
    except DataError as error:
        problems = [
            replace(p, position=p.position and replace(p.position, line=p.position.line + before))
            for p in error.problems
        ]
        raise DataError(problems=problems) from None
