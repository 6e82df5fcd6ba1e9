"""Who does what, and who writes: tasks are cut when they are taken, and written in their order, whoever did them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkContext

from kg.errors import KgError
from kg.rml.scans import Scan
from kg.rml.shards import BLOCK, Cutter, beginning, size_of
from kg.rml.sources.csv import Range

_NOWHERE = -1


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
        self._begun = context.Value("i", 0, lock=False)
        self._scan = context.Value("i", 0, lock=False)
        self._at = context.Value("q", _NOWHERE, lock=False)
        self._counts = context.Value("b", 0, lock=False)
        self._writing = context.Value("i", 0, lock=False)
        self._valid = context.Value("i", 0, lock=False)
        self._failed = context.Value("b", 0, lock=False)

    def expected(self) -> int:
        """How many tasks there are, about."""
        return sum(1 if _start(scan) is None else size_of(scan.source) // BLOCK + 1 for scan in self._scans)

    def take(self) -> Task | None:
        """The next task; after a failure, there is none."""
        with self._condition:
            if self._failed.value or self._scan.value == len(self._scans):
                return None
            index, scan = self._begun.value, self._scan.value
            self._begun.value += 1
            try:
                return Task(index, scan, self._next(self._scans[scan]))
            except KgError as error:
                return Task(index, scan, None, error)

    def _next(self, scan: Scan) -> Range | None:
        at = self._at.value
        start = _start(scan) if at == _NOWHERE else at
        if start is None:
            self._go_on(None, scan)
            return None
        part = self._cutter.part(scan.source, start, counts=bool(self._counts.value))
        self._go_on(part[1], scan)
        return part

    def _go_on(self, at: int | None, scan: Scan) -> None:
        if at is None or at >= size_of(scan.source):
            self._scan.value += 1
            self._at.value, self._counts.value = _NOWHERE, 0
        else:
            self._at.value = at

    def correct(self, task: Task, end: int) -> None:
        """Let the rows after a task begin elsewhere than was thought; it is that task's turn."""
        with self._condition:
            self._valid.value = self._begun.value
            self._scan.value, self._counts.value = task.scan, 1
            self._go_on(end, self._scans[task.scan])

    def is_void(self, index: int) -> bool:
        """Whether the rows of a task, whose turn it is, do not begin where a row does."""
        return bool(index < self._valid.value)

    def is_mine(self, index: int) -> bool:
        """Whether it is the turn of a task."""
        return bool(self._writing.value == index)

    def wait(self, index: int) -> bool:
        """Wait for the turn of a task; false if one before it has failed."""
        with self._condition:
            self._condition.wait_for(lambda: self._writing.value == index or self._failed.value)
            return self.is_mine(index)

    def done(self, index: int) -> None:
        """Let the next task have its turn."""
        with self._condition:
            self._writing.value = index + 1
            self._condition.notify_all()

    def fail(self) -> None:
        """Stop what comes after the task whose turn it is."""
        with self._condition:
            self._failed.value = 1
            self._condition.notify_all()


def _start(scan: Scan) -> int | None:
    return None if scan.is_whole else beginning(scan.source)
