"""Who does what, and who writes: tasks are cut when they are taken, and written in their order, whoever did them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from mmap import mmap
from multiprocessing.context import ForkContext
from typing import Final

from kg.errors import KgError
from kg.rml.run.scans import Scan
from kg.rml.run.shards import BLOCK, Cutter, beginning, size_of
from kg.rml.sources.csv import Range

_NOWHERE: Final = -1
_BEGUN, _SCAN, _AT, _COUNTS, _WRITING, _VALID, _FAILED = range(7)
"""Where each number stands that the processes share."""


@dataclass(frozen=True, slots=True)
class Task:
    """Some rows of a scan."""

    index: int
    scan: int
    part: Range | None
    error: KgError | None = None
    """Why its rows could not be found."""


class Turns:
    """Which rows come next, and which may be written, known to all processes.

    Should a part end within a cell, its reader says so in its turn (`correct`): what others took after it is void
    then, and cut again.
    """

    def __init__(self, context: ForkContext, scans: Sequence[Scan]) -> None:
        self._scans = scans
        self._cutter = Cutter()
        self._condition = context.Condition()
        # `multiprocessing.Value` would do the same, and import ctypes.
        self._shared = memoryview(mmap(-1, 8 * 8)).cast("q")
        self._shared[_AT] = _NOWHERE

    def expected(self) -> int:
        """How many tasks there are, about."""
        return sum(1 if _start(scan) is None else size_of(scan.source) // BLOCK + 1 for scan in self._scans)

    def take(self) -> Task | None:
        """The next task; after a failure, there is none."""
        with self._condition:
            if self._shared[_FAILED] or self._shared[_SCAN] == len(self._scans):
                return None
            index, scan = self._shared[_BEGUN], self._shared[_SCAN]
            self._shared[_BEGUN] += 1
            try:
                return Task(index, scan, self._next(self._scans[scan]))
            except KgError as error:
                return Task(index, scan, None, error)

    def _next(self, scan: Scan) -> Range | None:
        at = self._shared[_AT]
        start = _start(scan) if at == _NOWHERE else at
        if start is None:
            self._go_on(None, scan)
            return None
        part = self._cutter.part(scan.source, start, counts=bool(self._shared[_COUNTS]))
        self._go_on(part[1], scan)
        return part

    def _go_on(self, at: int | None, scan: Scan) -> None:
        if at is None or at >= size_of(scan.source):
            self._shared[_SCAN] += 1
            self._shared[_AT], self._shared[_COUNTS] = _NOWHERE, 0
        else:
            self._shared[_AT] = at

    def correct(self, task: Task, end: int) -> None:
        """Let the rows after a task begin elsewhere than was thought; it is that task's turn."""
        with self._condition:
            self._shared[_VALID] = self._shared[_BEGUN]
            self._shared[_SCAN], self._shared[_COUNTS] = task.scan, 1
            self._go_on(end, self._scans[task.scan])

    def is_void(self, index: int) -> bool:
        """Whether the rows of a task, whose turn it is, do not begin where a row does."""
        return index < self._shared[_VALID]

    def is_mine(self, index: int) -> bool:
        """Whether it is the turn of a task."""
        return self._shared[_WRITING] == index

    def wait(self, index: int) -> bool:
        """Wait for the turn of a task; false if one before it has failed."""
        with self._condition:
            self._condition.wait_for(lambda: self.is_mine(index) or self._shared[_FAILED] != 0)
            return self.is_mine(index)

    def done(self, index: int) -> None:
        """Let the next task have its turn."""
        with self._condition:
            self._shared[_WRITING] = index + 1
            self._condition.notify_all()

    def fail(self) -> None:
        """Stop what comes after the task whose turn it is."""
        with self._condition:
            self._shared[_FAILED] = 1
            self._condition.notify_all()


def _start(scan: Scan) -> int | None:
    return None if scan.is_whole else beginning(scan.source)
