"""Shapes shared among processes: each takes the next one that has targets, and the report is that of one process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from kg.errors import KgError, OperationError, UsageError
from kg.shacl.engine import Engine
from kg.shacl.graph.columns import Columns
from kg.shacl.native import Watch, engine_for, results
from kg.shacl.report import Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.sparql.process import SECONDS

Told = tuple[list[Result], int] | KgError
"""What a process found for one shape, and how many focus nodes it had; or why it could not."""


def validate(
    data: Columns, shapes: ShapesGraph, jobs: int, watch: Watch = lambda *_: None, query_seconds: float = SECONDS
) -> Report:
    """Validate a data graph in several processes, which share its memory; results have their details.

    :raises ShapesError: as one process would
    :raises OperationError: if a process is killed
    :raises UsageError: if processes cannot begin as copies here
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise UsageError("--jobs needs a system whose processes begin as copies of another one")
    with engine_for(data, shapes, query_seconds=query_seconds) as engine:
        names = list(engine.targeted())
        gc.collect()
        gc.freeze()  # or the collector writes to every page that the processes share
        crew = _Crew(engine, names, jobs)
        try:
            told = crew.run(watch)
        finally:
            crew.end()
            gc.unfreeze()
    found: list[Result] = []
    counts: dict[str, int] = {}
    for index, name in enumerate(names):
        made = told[index]
        if isinstance(made, KgError):
            raise made
        found += made[0]
        counts[name] = made[1]
    return make_report(found, counts, engine.disallowed)


class _Crew:
    """Processes that are given a shape whenever they have done one."""

    def __init__(self, engine: Engine, names: Sequence[str], jobs: int) -> None:
        self._names = names
        self._running: dict[Connection, ForkProcess] = {}
        context = multiprocessing.get_context("fork")
        for _ in range(min(jobs, len(names))):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(engine, names, there), daemon=True)
            process.start()
            there.close()
            self._running[here] = process

    def run(self, watch: Watch) -> dict[int, Told]:
        """What became of each shape; after a failure, only of those before it for sure."""
        told: dict[int, Told] = {}
        waiting: Iterator[int] = iter(range(len(self._names)))
        busy = [end for end in self._running if _given(end, waiting)]
        while busy:
            for end in wait(busy):
                assert isinstance(end, Connection)
                try:
                    index, made = end.recv()
                except EOFError:
                    self._running[end].join()
                    hint = "perhaps the machine is out of memory: try fewer --jobs"
                    raise OperationError(f"a worker ended with {self._running[end].exitcode}", hint=hint) from None
                told[index] = made
                watch(self._names[index], len(told), len(self._names))
                if isinstance(made, KgError):
                    waiting = iter(())
                if not _given(end, waiting):
                    busy.remove(end)
        return told

    def end(self) -> None:
        """Leave no process behind."""
        for end, process in self._running.items():
            process.terminate()
            process.join()
            end.close()


def _given(end: Connection, waiting: Iterator[int]) -> bool:
    index = next(waiting, None)
    if index is not None:
        end.send(index)
    return index is not None


def _work(engine: Engine, names: Sequence[str], pipe: Connection) -> None:
    """What each process does; it lives no longer than the one that began it, however that one ends."""
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    while True:
        index = pipe.recv()
        made: Told
        try:
            made = results(engine, names[index], details=True), engine.focus_nodes[names[index]]
        except KgError as error:
            made = error
        except MemoryError:
            made = OperationError("not enough memory", hint="try fewer --jobs, or split the input")
        pipe.send((index, made))


def _end_with(parent: multiprocessing.process.BaseProcess | None) -> None:
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
