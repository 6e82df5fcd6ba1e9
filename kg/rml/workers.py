"""Scans shared among processes; what they write is put together in the order of one process."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from mmap import mmap
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import IO, Any, Final

from kg.errors import KgError, OperationError, StorageError
from kg.rml.compiler import JoinKey
from kg.rml.engine import Engine
from kg.rml.execution import Tally
from kg.rml.joins import Index
from kg.rml.scans import Lines, Scan, finish
from kg.rml.shards import Reading
from kg.rml.turns import Task, Turns

_HELD: Final = 16 << 20
"""Bytes that a process holds back until it is its turn to write."""
_GROWN: Final = 4 << 20
"""Bytes of an index that a process keeps of a source that is not cut."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a process has of its task for the one that all began in."""

    index: int
    entries: Mapping[JoinKey, dict[str, str] | set[str]] = field(default_factory=dict)
    """What the indexes of joins take."""
    tallies: Mapping[int, Tally] = field(default_factory=dict)
    """What became of its rows, by triples map."""
    error: KgError | None = None
    is_last: bool = True


def can_fork() -> bool:
    """Whether this system has processes that begin as copies."""
    return "fork" in multiprocessing.get_all_start_methods()


def share(engine: Engine, scans: Sequence[Scan], workers: int, output: IO[bytes]) -> list[Tally]:
    """Write the lines of scans with several processes.

    Processes see the indexes that were complete when they began: where a scan needs another one, new ones begin.

    :param output: an open file of the system: the processes write to it in turn
    :raises DataError: as one process would
    :raises OperationError: if a process is killed
    """
    output.flush()
    tallies = [Tally(one.name, told=engine.told) for one in engine.plan.maps]
    done = 0
    while done < len(scans):
        fed: set[JoinKey] = set()
        end = done
        while end < len(scans) and not scans[end].needs & fed:
            fed.update(scans[end].feeds)
            end += 1
        _Crew(engine, scans[done:end], workers, output).run(tallies)
        for place in range(done, end):
            finish(engine, scans[place], scans[place + 1 :])
        done = end
    return tallies


class _Crew:
    """Processes that take tasks in turn; a task that fails is the last that is begun."""

    def __init__(self, engine: Engine, scans: Sequence[Scan], workers: int, output: IO[bytes]) -> None:
        self._engine, self._scans = engine, scans
        context = multiprocessing.get_context("fork")
        turns, lines = Turns(context, scans), [Lines(engine, scan) for scan in scans]
        self._running: dict[Connection, ForkProcess] = {}
        for _ in range(min(workers, turns.expected())):
            here, there = context.Pipe(duplex=False)
            work = _Worker(engine, scans, lines, turns, there, output.fileno()).run
            process = context.Process(target=work, daemon=True)
            process.start()
            there.close()
            self._running[here] = process

    def run(self, tallies: list[Tally]) -> None:
        """Take what the processes make, in the order of the tasks, until nothing is left.

        :raises KgError: the failure that one process would have met first
        """
        waiting: dict[int, Share] = {}
        taken = 0
        try:
            for share in self._shares():
                if not share.is_last:  # of a scan that is one task: nothing comes before it
                    self._take(share, tallies)
                    continue
                waiting[share.index] = share
                while taken in waiting:
                    self._take(waiting.pop(taken), tallies)
                    taken += 1
        finally:
            self._end()
        if waiting:
            raise OperationError("a worker left a part undone")

    def _take(self, share: Share, tallies: list[Tally]) -> None:
        if share.error is not None:
            raise share.error
        for key, entries in share.entries.items():
            index: Index[Any] = self._engine.indexes[key]
            index.merge(entries)
        for number, tally in share.tallies.items():
            tallies[number].add(tally)

    def _shares(self) -> Iterator[Share]:
        open_ends = list(self._running)
        while open_ends:
            for end in wait(open_ends):
                assert isinstance(end, Connection)
                try:
                    yield end.recv()
                except EOFError:
                    open_ends.remove(end)
                    process = self._running[end]
                    process.join()
                    if process.exitcode:
                        hint = "perhaps the machine is out of memory: try fewer workers"
                        raise OperationError(f"a worker ended with {process.exitcode}", hint=hint) from None

    def _end(self) -> None:
        for end, process in self._running.items():
            if process.is_alive():
                process.terminate()
            process.join()
            end.close()


@dataclass(frozen=True, slots=True)
class _Worker:
    """What a process does."""

    engine: Engine
    scans: Sequence[Scan]
    lines: Sequence[Lines]
    turns: Turns
    end: Connection
    output: int

    def run(self) -> None:
        gc.disable()  # rows make no cycles
        output = _Output(self.turns, self.output)
        while (task := self.turns.take()) is not None:
            try:
                share = self._share(task, output)
            except OSError as error:
                share = Share(task.index, error=StorageError(f"cannot write: {error.strerror}"))
            except KgError as error:
                share = Share(task.index, error=error)
            if share is None:
                return
            if share.error is not None:
                if not self.turns.wait(task.index):
                    return
                if not self.turns.is_void(task.index):
                    self.turns.fail()
                    self.end.send(share)
                    return
                share = Share(task.index)
            self.turns.done(task.index)
            self.end.send(share)

    def _share(self, task: Task, output: _Output) -> Share | None:
        """Do a task, and write its lines when it is its turn; nothing if it never will be."""
        if task.error is not None:
            raise task.error
        output.begin(task.index)
        lines = self.lines[task.scan]
        reading = Reading(self.scans[task.scan].source, task.part)
        indexes = {key: self.engine.indexes[key].fresh() for key in self.scans[task.scan].feeds}
        tallies = lines.tallies()
        for content in lines.of(reading, tallies, indexes):
            if not output.write(content):
                break
            if task.part is None and sum(index.size for index in indexes.values()) > _GROWN:
                self.end.send(Share(task.index, _drained(indexes), is_last=False))
        if not output.flush():
            return None
        if self.turns.is_void(task.index):
            return Share(task.index)
        if task.part is not None and reading.end != task.part[1]:
            self.turns.correct(task, reading.end)
        return Share(task.index, _drained(indexes), tallies)


def _drained(indexes: Mapping[JoinKey, Index[Any]]) -> dict[JoinKey, Any]:
    return {key: index.drain() for key, index in indexes.items()}


class _Output:
    """Writes the lines of tasks when it is their turn; until then they lie in one place, which is used again and again.

    New memory for what is held costs a fifth of the time, as each page of it is given and taken by the system.
    """

    def __init__(self, turns: Turns, output: int) -> None:
        self._turns, self._output = turns, output
        self._held = memoryview(mmap(-1, _HELD))
        self._index = self._size = 0

    def begin(self, index: int) -> None:
        """Take the lines of a task from now on; what is left of another is dropped."""
        self._index, self._size = index, 0

    def write(self, content: bytes) -> bool:
        """Take lines; false if they never will be written."""
        if not self._turns.is_mine(self._index):
            end = self._size + len(content)
            if end <= _HELD:
                self._held[self._size : end] = content
                self._size = end
                return True
        return self.flush(content)

    def flush(self, content: bytes = b"") -> bool:
        """Write what is held, and more; false if it never will be."""
        if not self._turns.wait(self._index):
            return False
        if not self._turns.is_void(self._index):
            _put(self._output, self._held[: self._size])
            _put(self._output, memoryview(content))
        self._size = 0
        return True


def _put(output: int, left: memoryview) -> None:
    while left:
        left = left[os.write(output, left) :]
