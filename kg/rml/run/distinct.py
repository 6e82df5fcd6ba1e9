"""Lines sorted and given once, in little memory: sorted runs on disk, merged block by block."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO, Final

RUN: Final = 24 << 20
"""Bytes that are sorted in memory at a time."""
_FAN: Final = 64
"""Runs that are merged at a time: so many files are open."""
_MERGED: Final = 4 << 20
"""Bytes of all runs that are held in memory while they are merged."""
_LEAST: Final = 1 << 16
"""Bytes of a run that are read at once, however many runs there are."""


class Sorter(io.RawIOBase):
    """Takes whole lines as a file does, and gives them back sorted by bytes, every one once.

    Nothing is written as long as all lines are few; a folder that is given as a function is asked for when one is
    needed.
    """

    def __init__(self, folder: Path | Callable[[], Path], run: int | None = None) -> None:
        self._folder, self._run = folder, run or RUN
        self._held: list[bytes] = []
        self._size = 0
        self._made = 0
        self._runs: list[Path] = []

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take some lines.

        :raises OSError: if a run cannot be written
        """
        self._held.append(content)
        self._size += len(content)
        if self._size >= self._run:
            self._spill()
        return len(content)

    def taken(self) -> Iterator[bytes]:
        """What was taken so far, whole lines in no order; nothing may be written meanwhile."""
        for path in self._runs:
            with path.open("rb") as file:
                while lines := file.readlines(1 << 20):
                    yield b"".join(lines)
        yield from self._held

    def _spill(self) -> None:
        lines = self._sorted()
        if lines:
            self._runs.append(self._written([lines]))

    def _sorted(self) -> list[bytes]:
        joined = b"".join(self._held)
        self._held, self._size = [], 0
        lines = joined.splitlines(keepends=True)
        del joined
        lines.sort()
        return _once(lines)

    def _written(self, blocks: Iterable[list[bytes]]) -> Path:
        folder = self._folder if isinstance(self._folder, Path) else self._folder()
        path = folder / f"run-{self._made}"
        self._made += 1
        with path.open("wb") as file:
            for lines in blocks:
                file.write(b"".join(lines))
        return path

    def blocks(self) -> Iterator[list[bytes]]:
        """Everything that was taken, as lists of sorted lines that follow one another.

        :raises OSError: if a run cannot be written or read
        """
        if not self._runs:
            if lines := self._sorted():
                self._held = [b"".join(lines)]
                self._size = len(self._held[0])
                yield lines
            return
        self._spill()
        while len(self._runs) > _FAN:
            some, self._runs = self._runs[:_FAN], self._runs[_FAN:]
            self._runs.append(self._written(_merged(some)))
            for path in some:
                path.unlink()
        yield from _merged(self._runs)

    def drain(self, output: IO[bytes]) -> int:
        """Write everything that was taken; the number of lines."""
        count = 0
        for lines in self.blocks():
            output.write(b"".join(lines))
            count += len(lines)
        return count

    def clear(self) -> None:
        """Forget everything."""
        for path in self._runs:
            path.unlink(missing_ok=True)
        self._held, self._size, self._runs = [], 0, []


class _Run:
    """A sorted file, some lines of it in memory."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size = file, size
        self.lines: list[bytes] = []
        self.fill()

    def fill(self) -> bool:
        """Read on where nothing is left; whether there are lines."""
        if not self.lines:
            self.lines = self._file.readlines(self._size)
        return bool(self.lines)

    def until(self, last: bytes) -> list[bytes]:
        """Take the lines up to a line, itself included."""
        end = bisect_right(self.lines, last)
        found, self.lines = self.lines[:end], self.lines[end:]
        return found


def _merged(paths: Iterable[Path]) -> Iterator[list[bytes]]:
    """The lines of sorted files: all that are in memory, up to the smallest line that a file was read to."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        runs = [_Run(file, max(_MERGED // len(files), _LEAST)) for file in files]
        while runs := [run for run in runs if run.fill()]:
            last = min(run.lines[-1] for run in runs)
            lines = [line for run in runs for line in run.until(last)]
            lines.sort()
            yield _once(lines)


def _once(lines: list[bytes]) -> list[bytes]:
    """Sorted lines, each once; to compare neighbours takes a third of the time of a dictionary."""
    return [line for line, _ in groupby(lines)]
