"""Scans shared among processes; what they write is put together in the order of one process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import IO

from kg.errors import KgError, OperationError
from kg.rml.compile.needs import JoinKey
from kg.rml.run.engine import Engine
from kg.rml.run.execution import Tally
from kg.rml.run.scans import Lines, Scan, finish
from kg.rml.run.turns import Turns
from kg.rml.run.worker import Share, Worker


def can_fork() -> bool:
    """Whether this system has processes that begin as copies."""
    return "fork" in multiprocessing.get_all_start_methods()


def share(engine: Engine, scans: Sequence[Scan], workers: int, output: IO[bytes]) -> list[Tally]:
    """Write the lines of scans with several processes.

    They are begun by one of their own, which keeps the indexes of joins and ends with all its memory at once: to let
    go of keys one by one takes Python as long as to look into them.

    :param output: an open file of the system: the processes write to it in turn
    :raises DataError: as one process would
    :raises OperationError: if a process is killed
    """
    output.flush()
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    leader = context.Process(target=_lead, args=(engine, scans, workers, output, there))
    leader.start()
    there.close()
    made: list[Tally] | KgError | None = None
    try:
        made = here.recv()
    except EOFError:
        leader.join()  # or its exit code would be that of being told to end
        raise _killed(leader) from None
    finally:
        here.close()
        if made is None:
            leader.terminate()
        if not isinstance(made, list):
            leader.join()
    if isinstance(made, KgError):
        raise made
    return made


def _lead(engine: Engine, scans: Sequence[Scan], workers: int, output: IO[bytes], pipe: Connection) -> None:
    """What the process does that begins the others, until it has told what became of all rows.

    Others see the indexes that were complete when they began: where a scan needs another one, new ones begin.
    """
    _end_when_told(lambda *_: sys.exit(1))  # so that those that it has begun are ended first
    tallies = [Tally(one.name, told=engine.told) for one in engine.plan.maps]
    crews: list[_Crew] = []
    begin = end = 0
    try:
        while end < len(scans):
            for place in range(begin, end):
                finish(engine, scans[place], scans[place + 1 :])
            begin, end = end, _ready(scans, end)
            crews.append(_Crew(engine, scans[begin:end], workers, output, tallies))
            crews[-1].run()
        pipe.send(tallies)
    except KgError as error:
        pipe.send(error)
    finally:
        for crew in crews:
            crew.end()
    os._exit(0)


def _ready(scans: Sequence[Scan], begin: int) -> int:
    """The first scan, from one on, that needs an index that is made by those between."""
    fed: set[JoinKey] = set()
    for number, scan in enumerate(scans[begin:], begin):
        if scan.needs & fed:
            return number
        fed.update(scan.feeds)
    return len(scans)


class _Crew:
    """Processes that take tasks in turn; a task that fails is the last that is begun."""

    def __init__(
        self, engine: Engine, scans: Sequence[Scan], workers: int, output: IO[bytes], tallies: list[Tally]
    ) -> None:
        self._engine, self._tallies = engine, tallies
        context = multiprocessing.get_context("fork")
        turns, lines = Turns(context, scans), [Lines(engine, scan) for scan in scans]
        for one in lines:
            one.prepare(tallies)
        self._running: dict[Connection, ForkProcess] = {}
        for _ in range(min(workers, turns.expected())):
            here, there = context.Pipe(duplex=False)
            worker = Worker(engine, scans, lines, turns, there, output.fileno())
            process = context.Process(target=_work, args=(worker,), daemon=True)
            process.start()
            there.close()
            self._running[here] = process

    def run(self) -> None:
        """Take what the processes make, in the order of the tasks, until nothing is left.

        :raises KgError: the failure that one process would have met first
        """
        waiting: dict[int, Share] = {}
        taken = 0
        for share in self._shares():
            if not share.is_last:  # of a scan that is one task: nothing comes before it
                self._take(share)
                continue
            waiting[share.index] = share
            while taken in waiting:
                self._take(waiting.pop(taken))
                taken += 1
        if waiting:
            raise OperationError("a worker left a part undone")

    def _take(self, share: Share) -> None:
        if share.error is not None:
            raise share.error
        for key, entries in share.entries.items():
            self._engine.indexes[key].take(entries)
        for number, tally in share.tallies.items():
            self._tallies[number].add(tally)

    def _shares(self) -> Iterator[Share]:
        open_ends = list(self._running)
        while open_ends:
            for end in wait([*open_ends, _began()]):
                if not isinstance(end, Connection):
                    os._exit(1)  # nobody asks for it any more; those that this one has begun end as well
                try:
                    shares = end.recv()
                except EOFError:
                    self._running[end].join()
                    raise _killed(self._running[end]) from None
                if shares is None:
                    open_ends.remove(end)
                else:
                    yield from shares

    def end(self) -> None:
        """Leave no process behind; those that have nothing left to do need not give back their memory first."""
        for end, process in self._running.items():
            process.terminate()
            process.join()
            end.close()


def _work(worker: Worker) -> None:
    """What each process does; it lives no longer than the one that began it, however that one ends."""
    _end_when_told(signal.SIG_DFL)
    threading.Thread(target=_outlived, daemon=True).start()
    worker.run()


def _outlived() -> None:
    """End when the process that began this one is gone: nobody takes what is made here then."""
    wait([_began()])
    os._exit(1)


def _began() -> int:
    """What is ready to be read when the process that began this one is gone."""
    process = multiprocessing.parent_process()
    assert process is not None
    return process.sentinel


def _end_when_told(how: Callable[..., object] | signal.Handlers) -> None:
    """Leave Ctrl-C, which reaches all processes of a terminal, to the first one: it tells the others to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, how)


def _killed(process: ForkProcess) -> OperationError:
    hint = "perhaps the machine is out of memory: try fewer workers"
    return OperationError(f"a worker ended with {process.exitcode}", hint=hint)
