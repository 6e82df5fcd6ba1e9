"""The rows of a mapping shared among processes; what they write is put together in the order of one process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, ForkProcess
from typing import IO, Final

from kg.errors import KgError, OperationError, StorageError
from kg.rml.compiler import joins_of
from kg.rml.engine import Engine
from kg.rml.execution import Tally
from kg.rml.shards import cut
from kg.rml.sources.csv import Range

_FEW: Final = 1 << 18
"""Bytes that are written at a time."""
_HELD: Final = 16 << 20
"""Bytes that a process holds back until it is its turn to write."""


@dataclass(frozen=True, slots=True)
class Task:
    """Some rows of a triples map."""

    number: int
    part: Range | None


class Turns:
    """Who writes: tasks are written in their order, whoever made them."""

    def __init__(self, context: ForkContext) -> None:
        self._condition = context.Condition()
        self._taken = context.Value("i", 0, lock=False)
        self._writing = context.Value("i", 0, lock=False)
        self._failed = context.Value("i", -1, lock=False)

    def take(self) -> int:
        """The next task; after a failure, there is none."""
        with self._condition:
            index = self._taken.value
            self._taken.value += 1
            return index if self._failed.value < 0 else sys.maxsize

    def is_mine(self, index: int) -> bool:
        """Whether a task may write now."""
        return bool(self._writing.value == index)

    def wait(self, index: int) -> bool:
        """Wait until a task may write; false if one before it has failed."""
        with self._condition:
            self._condition.wait_for(lambda: self._writing.value == index or 0 <= self._failed.value < index)
            return bool(self._writing.value == index)

    def done(self, index: int) -> None:
        """Let the next task write."""
        with self._condition:
            self._writing.value = index + 1
            self._condition.notify_all()

    def fail(self, index: int) -> None:
        """Stop what comes after a task."""
        with self._condition:
            if self._failed.value < 0 or index < self._failed.value:
                self._failed.value = index
            self._condition.notify_all()


def can_fork() -> bool:
    """Whether this system has processes that begin as copies."""
    return "fork" in multiprocessing.get_all_start_methods()


def share(engine: Engine, workers: int, output: IO[bytes]) -> list[Tally]:
    """Run a mapping with several processes; joins are built here while the rows before them are mapped there.

    :param output: an open file of the system: the processes write to it in turn
    :raises DataError: as one process would
    :raises OperationError: if a process is killed
    """
    output.flush()
    maps = engine.plan.maps
    tallies = [Tally(one.name, told=engine.told) for one in maps]
    joined = [number for number, one in enumerate(maps) if joins_of(one)]
    border = joined[0] if joined else len(maps)
    parts = cache(cut)
    tasks = [
        Task(number, part)
        for number, one in enumerate(maps)
        for part in ([None] if engine.counts_rows(number) else parts(one.source))
    ]
    crew = _Crew(engine, [task for task in tasks if task.number < border], workers, output)
    try:
        for number in joined:
            engine.prepare(number, keep=True)
        crew.finish(tallies)
    finally:
        crew.end()
    crew = _Crew(engine, [task for task in tasks if task.number >= border], workers, output)
    try:
        crew.finish(tallies)
    finally:
        crew.end()
    return tallies


class _Crew:
    """Processes that take tasks in turn; a task that fails is the last that is begun."""

    def __init__(self, engine: Engine, tasks: list[Task], workers: int, output: IO[bytes]) -> None:
        context = multiprocessing.get_context("fork")
        self._tasks = tasks
        turns = Turns(context)
        self._running: dict[Connection, ForkProcess] = {}
        for _ in range(min(workers, len(tasks))):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(engine, tasks, turns, there, output.fileno()), daemon=True)
            process.start()
            there.close()
            self._running[here] = process

    def finish(self, tallies: list[Tally]) -> None:
        """Wait for all tasks, and count what they did.

        :raises KgError: the failure that one process would have met first
        """
        outcomes: dict[int, Tally | KgError] = {}
        open_ends = list(self._running)
        while open_ends:
            for end in wait(open_ends):
                assert isinstance(end, Connection)
                try:
                    index, outcome = end.recv()
                except EOFError:
                    open_ends.remove(end)
                    process = self._running[end]
                    process.join()
                    if process.exitcode:
                        hint = "perhaps the machine is out of memory: try fewer workers"
                        raise OperationError(f"a worker ended with {process.exitcode}", hint=hint) from None
                else:
                    outcomes[index] = outcome
        for index, task in enumerate(self._tasks):
            match outcomes.get(index):
                case Tally() as tally:
                    tallies[task.number].add(tally)
                case KgError() as error:
                    raise error
                case None:
                    raise OperationError("a worker left a part undone")

    def end(self) -> None:
        """Leave no process behind."""
        for end, process in self._running.items():
            if process.is_alive():
                process.terminate()
            process.join()
            end.close()


def _work(engine: Engine, tasks: list[Task], turns: Turns, end: Connection, output: int) -> None:
    gc.disable()  # rows make no cycles
    while (index := turns.take()) < len(tasks):
        task = tasks[index]
        tally = Tally(engine.plan.maps[task.number].name, told=engine.told)
        try:
            if not _write(engine.contents(task.number, tally, task.part), index, turns, output):
                return
        except OSError as error:
            turns.fail(index)
            end.send((index, StorageError(f"cannot write: {error.strerror}")))
            return
        except KgError as error:
            turns.fail(index)
            end.send((index, error))
            return
        turns.done(index)
        end.send((index, tally))


def _write(contents: Iterator[bytes], index: int, turns: Turns, output: int) -> bool:
    """Write the lines of a task when it is its turn; false if it never will be."""
    held: list[bytes] = []
    size = 0
    for content in contents:
        held.append(content)
        size += len(content)
        if size >= _FEW and (turns.is_mine(index) or (size >= _HELD and turns.wait(index))):
            _put(output, held)
            held, size = [], 0
        elif size >= _HELD:
            return False
    if not turns.wait(index):
        return False
    _put(output, held)
    return True


def _put(output: int, contents: list[bytes]) -> None:
    left = memoryview(b"".join(contents))
    while left:
        left = left[os.write(output, left) :]
