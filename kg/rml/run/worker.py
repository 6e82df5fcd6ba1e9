"""One of several processes: it takes tasks, does them, and writes what it made of each when its turn comes."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Final

from kg.errors import KgError, StorageError
from kg.rml.compile.needs import JoinKey
from kg.rml.joins.index import Index, Packed
from kg.rml.run.engine import Engine
from kg.rml.run.execution import Tally
from kg.rml.run.scans import Lines, Scan
from kg.rml.run.shards import Reading
from kg.rml.run.turns import Task, Turns

_HELD: Final = 16 << 20
"""Bytes that a process holds back until it is its turn to write."""
_AHEAD: Final = 32
"""Tasks that a process does while others have their turn: they hold entries of indexes, too."""
_GROWN: Final = 1 << 20
"""Bytes of indexes that a process keeps before it hands them over; for what it has in the end, others wait."""
_TOLD: Final = 32
"""Tasks of which a process tells at once: whoever listens takes time from those that work."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a process has of its task for the one that all began in."""

    index: int
    entries: Mapping[JoinKey, Packed] = field(default_factory=dict)
    """What the indexes of joins take."""
    tallies: Mapping[int, Tally] = field(default_factory=dict)
    """What became of its rows, by triples map."""
    error: KgError | None = None
    is_last: bool = True

    @property
    def size(self) -> int:
        """Bytes that its entries take in indexes."""
        return sum(entries.size for entries in self.entries.values())


class _Stopped(Exception):
    """A task before has failed: nothing is written any more."""


@dataclass(slots=True)
class _Doing:
    """A task that was taken and not yet settled."""

    task: Task
    held: list[bytes] = field(default_factory=list)
    """Its lines that are not yet written."""
    end: int = 0
    """The byte after its last row."""
    share: Share | None = None
    """What became of it, once it is done."""


class Worker:
    """A process that takes tasks until there are none.

    It does not wait for its turn to write, but goes on with the next task and looks after each batch whether its turn
    has come.
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- what it shares with the others
        self,
        engine: Engine,
        scans: Sequence[Scan],
        lines: Sequence[Lines],
        turns: Turns,
        pipe: Connection,
        output: int,
    ) -> None:
        self._engine, self._scans, self._lines = engine, scans, lines
        self._turns, self._pipe, self._output = turns, pipe, output
        self._waiting: deque[_Doing] = deque()
        self._shares: list[Share] = []
        self._held = 0

    def run(self) -> None:
        """Work until nothing is left, or something has failed; to be run in `bulk_work`."""
        try:
            while True:
                task = self._turns.take()
                if task is not None:
                    self._take(task)
                elif self._waiting:
                    self._settle(waits=True)  # more may be left then: a task may have to be done again
                else:
                    break
        except _Stopped:
            pass
        self._tell()
        self._pipe.send(None)  # that it ends as it should: what took memory is given back meanwhile

    def _take(self, task: Task) -> None:
        doing = _Doing(task)
        self._waiting.append(doing)
        try:
            doing.share = self._do(doing)
        except KgError as error:
            doing.share = Share(task.index, error=error)
        self._settle(waits=len(self._waiting) > _AHEAD)

    def _do(self, doing: _Doing) -> Share:
        task = doing.task
        if task.error is not None:
            raise task.error
        scan, lines = self._scans[task.scan], self._lines[task.scan]
        reading = Reading(scan.source, task.part)
        indexes = {key: self._engine.indexes[key].fresh() for key in scan.feeds}
        tallies = lines.tallies()
        for content in lines.of(reading, tallies, indexes):
            self._write(doing, content)
            if task.part is None and sum(index.size for index in indexes.values()) > _GROWN:
                self._hand_over(doing, indexes)
        doing.end = reading.end
        return Share(task.index, _packed(indexes), tallies)

    def _hand_over(self, doing: _Doing, indexes: Mapping[JoinKey, Index[Any]]) -> None:
        """Send what the indexes have so far, in the turn of the task: only then is it known that its rows count."""
        self._settle(waits=True)
        self._wait(doing)
        share = Share(doing.task.index, _packed(indexes), is_last=False)
        if not self._turns.is_void(doing.task.index):
            self._shares.append(share)
            self._tell()

    def _write(self, doing: _Doing, content: bytes) -> None:
        """Write lines of the last task that was taken, or hold them until its turn comes."""
        if len(self._waiting) > 1:
            self._settle()
        doing.held.append(content)
        self._held += len(content)
        if self._held > _HELD:
            self._settle(waits=True)
            self._wait(doing)
        elif len(self._waiting) > 1 or not self._turns.is_mine(doing.task.index):
            return
        self._put(doing)

    def _settle(self, *, waits: bool = False) -> None:
        """Write what was made of the tasks that are done, those whose turn it is, or all of them."""
        while self._waiting and (share := self._waiting[0].share) is not None:
            doing = self._waiting[0]
            if waits:
                self._wait(doing)
            elif not self._turns.is_mine(doing.task.index):
                return
            self._waiting.popleft()
            self._close(doing, share)

    def _wait(self, doing: _Doing) -> None:
        if not self._turns.wait(doing.task.index):
            raise _Stopped

    def _close(self, doing: _Doing, share: Share) -> None:
        """End a task in its turn."""
        task = doing.task
        is_void = self._turns.is_void(task.index)
        if is_void:
            share = Share(task.index)
        if share.error is None:
            try:
                self._put(doing)
            except StorageError as error:
                share = Share(task.index, error=error)
        self._shares.append(share)
        if share.error is not None:
            self._turns.fail()
            raise _Stopped
        if not is_void and task.part is not None and doing.end != task.part[1]:
            self._turns.correct(task, doing.end)
        self._turns.done(task.index)
        if len(self._shares) >= _TOLD or sum(one.size for one in self._shares) > _GROWN:
            self._tell()

    def _tell(self) -> None:
        if self._shares:
            self._pipe.send(self._shares)
            self._shares = []

    def _put(self, doing: _Doing) -> None:
        """Write what is held of a task, in its turn."""
        if not self._turns.is_void(doing.task.index):
            for content in doing.held:
                left = memoryview(content)
                while left:
                    try:
                        left = left[os.write(self._output, left) :]
                    except OSError as error:
                        raise StorageError(f"cannot write: {error.strerror}") from None
        self._held -= sum(map(len, doing.held))
        doing.held.clear()


def _packed(indexes: Mapping[JoinKey, Index[Any]]) -> dict[JoinKey, Packed]:
    return {key: index.pack() for key, index in indexes.items()}
