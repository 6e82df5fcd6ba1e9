"""Lines sorted and written once, in little memory: sorted runs on disk, merged."""

from __future__ import annotations

import heapq
import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

RUN: Final = 16 << 20
"""Bytes that are sorted in memory at a time."""
_FAN: Final = 64
"""Runs that are merged at a time: so many files are open."""


class Sorter(io.RawIOBase):
    """Takes whole lines as a file does, and gives them back sorted by bytes, every one once."""

    def __init__(self, folder: Path, run: int | None = None) -> None:
        self._folder, self._run = folder, run or RUN
        self._held: list[bytes] = []
        self._size = 0
        self._made = 0
        self._runs: list[Path] = []

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take some lines."""
        self._held.append(content)
        self._size += len(content)
        if self._size >= self._run:
            self._spill()
        return len(content)

    def _spill(self) -> None:
        lines = self._sorted()
        if lines:
            self._runs.append(self._written(lines))

    def _sorted(self) -> list[bytes]:
        lines = sorted(set(b"".join(self._held).splitlines(keepends=True)))
        self._held, self._size = [], 0
        return lines

    def _written(self, lines: Iterable[bytes]) -> Path:
        path = self._folder / f"run-{self._made}"
        self._made += 1
        with path.open("wb") as file:
            file.writelines(lines)
        return path

    def drain(self, output: IO[bytes]) -> int:
        """Write everything that was taken; the number of lines."""
        if self._runs:
            self._spill()
        while len(self._runs) > _FAN:
            some, self._runs = self._runs[:_FAN], self._runs[_FAN:]
            with ExitStack() as stack:
                self._runs.append(self._written(_merged(some, stack)))
            for path in some:
                path.unlink()
        count = 0
        with ExitStack() as stack:
            for line in _merged(self._runs, stack) if self._runs else self._sorted():
                output.write(line)
                count += 1
        return count


def _merged(runs: Iterable[Path], stack: ExitStack) -> Iterator[bytes]:
    files = [stack.enter_context(path.open("rb", buffering=1 << 16)) for path in runs]
    last = b""
    for line in heapq.merge(*files):
        if line != last:
            yield line
            last = line
