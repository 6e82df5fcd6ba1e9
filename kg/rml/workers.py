"""The rows of a mapping shared among processes; what they write is put together in the order of one process."""

from __future__ import annotations

import gc
import multiprocessing
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, ForkProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import IO, Final

from kg.errors import KgError, OperationError
from kg.rml.compiler import joins_of
from kg.rml.engine import Engine, Tally
from kg.rml.shards import cut
from kg.rml.sources.csv import Range

_PARTS: Final = 8
"""Parts of a table for each process: small enough that none waits long for another."""


@dataclass(frozen=True, slots=True)
class Task:
    """Some rows of a triples map."""

    number: int
    part: Range | None
    path: Path
    """Where its lines are put."""


def can_fork() -> bool:
    """Whether this system has processes that begin as copies."""
    return "fork" in multiprocessing.get_all_start_methods()


def tasks_of(engine: Engine, workers: int, folder: Path) -> list[Task]:
    """All rows of a mapping, in order, in parts."""
    found: list[Task] = []
    for number, triples_map in enumerate(engine.plan.maps):
        for part in cut(triples_map.source, workers * _PARTS):
            found.append(Task(number, part, folder / f"part-{len(found)}"))
    return found


def share(engine: Engine, workers: int, folder: Path, output: IO[bytes]) -> list[Tally]:
    """Run a mapping with several processes; the joins are built here while rows without joins are mapped there.

    :raises DataError: as one process would
    :raises OperationError: if a process is killed
    """
    tasks = tasks_of(engine, workers, folder)
    joined = {number for number, one in enumerate(engine.plan.maps) if joins_of(one)}
    first = [task for task in tasks if task.number not in joined]
    second = [task for task in tasks if task.number in joined]
    gathering = _Gathering(tasks, output, [Tally(one.name) for one in engine.plan.maps])
    crew = _Crew(engine, first, workers)
    try:
        for number in sorted(joined):
            engine.prepare(number, keep=True)
        for task, result in crew.results():
            gathering.take(task, result)
    finally:
        crew.end()
    gathering.check()
    crew = _Crew(engine, second, workers)
    try:
        for task, result in crew.results():
            gathering.take(task, result)
    finally:
        crew.end()
    gathering.check()
    return gathering.tallies


class _Gathering:
    """Puts the parts together as they come, in their order."""

    def __init__(self, tasks: Sequence[Task], output: IO[bytes], tallies: list[Tally]) -> None:
        self._tasks, self._output, self.tallies = tasks, output, tallies
        self._waiting: dict[Path, Tally] = {}
        self._failed: dict[Path, KgError] = {}
        self._next = 0

    def take(self, task: Task, result: Tally | KgError) -> None:
        """Take the outcome of a task."""
        if isinstance(result, KgError):
            self._failed[task.path] = result
            return
        self._waiting[task.path] = result
        while self._next < len(self._tasks) and self._tasks[self._next].path in self._waiting:
            ready = self._tasks[self._next]
            self.tallies[ready.number].add(self._waiting.pop(ready.path))
            with ready.path.open("rb") as file:
                shutil.copyfileobj(file, self._output, 1 << 20)
            ready.path.unlink()
            self._next += 1

    def check(self) -> None:
        """Raise the error that one process would have met first."""
        for task in self._tasks:
            if task.path in self._failed:
                raise self._failed[task.path]


class _Crew:
    """Processes that take tasks in turn; a task that fails is the last that is begun."""

    def __init__(self, engine: Engine, tasks: list[Task], workers: int) -> None:
        context: ForkContext = multiprocessing.get_context("fork")
        self._tasks = tasks
        self._taken = context.Value("i", 0)
        self._ends: list[Connection] = []
        self._processes: list[ForkProcess] = []
        for _ in range(min(workers, len(tasks))):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(engine, tasks, self._taken, there), daemon=True)
            process.start()
            there.close()
            self._ends.append(here)
            self._processes.append(process)

    def results(self) -> Iterator[tuple[Task, Tally | KgError]]:
        """The outcomes, as they come."""
        open_ends = list(self._ends)
        while open_ends:
            for end in wait(open_ends):
                assert isinstance(end, Connection)
                try:
                    index, result = end.recv()
                except EOFError:
                    open_ends.remove(end)
                    continue
                yield self._tasks[index], result
        for process in self._processes:
            process.join()
            if process.exitcode:
                hint = "perhaps the machine is out of memory: try fewer workers"
                raise OperationError(f"a worker ended with {process.exitcode}", hint=hint)

    def end(self) -> None:
        """Leave no process behind."""
        for process in self._processes:
            if process.is_alive():
                process.terminate()
            process.join()
        for end in self._ends:
            end.close()


def _work(engine: Engine, tasks: list[Task], taken: Synchronized[int], end: Connection) -> None:
    gc.disable()  # rows make no cycles
    while True:
        with taken.get_lock():
            index = taken.value
            taken.value += 1
        if index >= len(tasks):
            return
        task = tasks[index]
        tally = Tally(engine.plan.maps[task.number].name)
        try:
            with task.path.open("wb") as file:
                file.writelines(engine.contents(task.number, tally, task.part))
        except KgError as error:
            with taken.get_lock():
                taken.value = len(tasks)
            end.send((index, error))
            return
        end.send((index, tally))
