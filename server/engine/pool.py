"""The engine of strangers' queries: worker processes that are killed at the deadline and replaced.

Nothing in pyoxigraph can be cancelled from Python, so a query gets a process, and time and memory have an end there.
A worker that was left in the middle of an answer is killed, whatever the reason; a crash costs one query.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import DeadlineExceeded, EngineBusy, EngineFailed, OperationError, Problem
from kg.sparql.described import Described
from kg.sparql.guard import Query
from server.engine import Dataset
from server.engine.account import spend
from server.engine.answer import Answer
from server.engine.evaluation import Request
from server.engine.inprocess import asks_about_the_dataset, request_of
from server.engine.limits import Limits
from server.engine.process import Worker


@dataclass(slots=True)
class Counts:
    """What a pool has done since it was made."""

    started: int = 0
    """Workers started."""
    lost: int = 0
    """Workers that were killed or crashed while they answered."""
    refused: int = 0
    """Queries that found no worker in time."""


class Pool:
    """At most so many workers, over any number of stores; each answers one query at a time.

    Everything happens in one event loop: that of the server if it attaches one, else one in a thread of its own.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.counts = Counts()
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._waiting: deque[asyncio.Future[bool]] = deque()
        self._free = limits.processes
        self._newest: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._rolling: set[asyncio.Task[None]] = set()
        self._starting: set[asyncio.Task[Worker]] = set()

    @property
    def waiting(self) -> int:
        """The queries that wait for a worker."""
        return len(self._waiting)

    @property
    def busy(self) -> int:
        """The workers that are answering, or being started for a query."""
        return self.limits.processes - self._free

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Use a server's own loop; before the first query."""
        self._loop = loop

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that everything happens in."""
        if self._loop is not None:
            return self._loop
        with self._lock:
            if self._loop is None:
                self._loop = loop = asyncio.new_event_loop()
                thread = threading.Thread(target=_run, args=(loop,), name="engine", daemon=True)
                thread.start()
                weakref.finalize(self, _end, self._workers, loop, thread)
            return self._loop

    def close(self) -> None:
        """End every worker; in the thread of the loop."""
        for worker in tuple(self._workers):
            self._discard(worker)

    def prefer(self, folder: str) -> None:
        """A new store: workers of others are replaced one at a time, those that answer when they have answered."""
        self._newest = folder
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._roll, folder)

    async def answer(self, request: Request, folder: str, deadline: float) -> Answer:
        """Begin to answer a request from the store in `folder`; `deadline` is a time of the loop.

        :raises EngineBusy: if no worker is free in time, or too many queries wait
        :raises DeadlineExceeded: if a worker is not started in time
        :raises OperationError: if no worker can be started
        """
        await self._slot(deadline)
        worker = self._ready(folder)
        if worker is None:
            worker = await self._in_time(self.loop.create_task(self._started(folder)), deadline)
        answer = Answer(self.loop, self.limits.answer_bytes, lambda: worker.abandon(EngineFailed("the client left")))
        worker.ask(request, answer, deadline, lambda: self._returned(worker))
        return answer

    async def _slot(self, deadline: float) -> None:
        if self._free > 0:
            self._free -= 1
            return
        if len(self._waiting) >= self.limits.queue:
            self.counts.refused += 1
            raise EngineBusy("too many queries wait already", hint="send the query again in a moment")
        turn: asyncio.Future[bool] = self.loop.create_future()
        self._waiting.append(turn)
        timer = self.loop.call_at(deadline, self._expire, turn)
        try:
            granted = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self._give()
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise
        finally:
            timer.cancel()
        if not granted:
            self.counts.refused += 1
            raise EngineBusy("no engine was free in time", hint="send the query again in a moment")

    def _expire(self, turn: asyncio.Future[bool]) -> None:
        if not turn.done():
            self._waiting.remove(turn)
            turn.set_result(False)

    def _give(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1

    def _ready(self, folder: str) -> Worker | None:
        """An idle worker of a store; else there is room for a new one."""
        for worker in tuple(reversed(self._idle)):
            if worker.folder == folder:
                self._idle.remove(worker)
                if worker.alive:
                    return worker
                self._discard(worker)
        if self._idle and len(self._workers) >= self.limits.processes:
            self._discard(self._idle.pop(0))
        return None

    async def _in_time(self, start: asyncio.Task[Worker], deadline: float) -> Worker:
        """A worker that is being started, if it is there by `deadline`.

        A start is no part of a query: one that takes longer goes on for those who come after, with the slot of the
        query that needed it. Else queries that may take less than a start would never be answered.
        """
        self._starting.add(start)
        start.add_done_callback(self._starting.discard)
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.shield(start)
        except TimeoutError:
            start.add_done_callback(self._kept)
            message = "no engine was started within the time that the query may take"
            raise DeadlineExceeded(message, hint="send the query again") from None
        except asyncio.CancelledError:
            start.add_done_callback(self._kept)
            raise
        except BaseException:
            self._give()
            raise

    def _kept(self, start: asyncio.Task[Worker]) -> None:
        """A worker is there whose query is not; whoever asks next is told why, if there is none."""
        if start.cancelled() or start.exception() is not None:
            self._give()
        else:
            self._returned(start.result())

    async def _started(self, folder: str) -> Worker:
        worker = Worker(self.loop, folder, self.limits)
        self.counts.started += 1
        self._workers.add(worker)
        try:
            await worker.opened()
        except BaseException:
            self._discard(worker)
            raise
        return worker

    def _returned(self, worker: Worker) -> None:
        if worker.lost:
            self.counts.lost += 1
            self._discard(worker)
        elif self._newest is not None and worker.folder != self._newest:
            self._discard(worker)
        else:
            self._idle.append(worker)
        self._give()

    def _discard(self, worker: Worker) -> None:
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        worker.kill()
        self.loop.run_in_executor(None, worker.reap)

    def _roll(self, folder: str) -> None:
        task = self.loop.create_task(self._rolled(folder))
        self._rolling.add(task)
        task.add_done_callback(self._rolling.discard)

    async def _rolled(self, folder: str) -> None:
        """Open the store in as many workers as there may be, each time in the place of one of another store."""
        for _ in range(self.limits.processes):
            if self._free == 0 or self._newest != folder:
                return  # a worker that answers is replaced when it has answered
            fresh = sum(worker.folder == folder for worker in self._workers)
            if fresh >= self.limits.processes:
                return
            self._free -= 1
            try:
                old = next((worker for worker in self._idle if worker.folder != folder), None)
                if old is not None:
                    self._discard(old)
                self._idle.append(await self._started(folder))
            except OperationError:
                return  # the query that needs it will be told
            finally:
                self._give()


class PoolEngine:
    """Evaluates queries over one store in a pool of workers."""

    def __init__(self, folder: Path, limits: Limits, pool: Pool | None = None) -> None:
        """Without a `pool` the engine has one of its own, within `limits`."""
        self.folder = str(folder)
        self._described = Described.beside(folder)
        self.pool = pool or Pool(limits)
        self.pool.prefer(self.folder)

    def evaluate(self, query: Query, dataset: Dataset, media_type: str, *, timeout: float | None = None) -> bytes:
        """The complete answer, serialised; `timeout`, in seconds, may only lower the deadline.

        For the threads of a web framework; never to be called in the thread of the pool's loop.

        :raises QueryError: if the query does not parse, or a graph is named by no IRI
        :raises OperationError: if a limit is reached, no worker is free in time, or the evaluation fails
        """
        return self.answer(request_of(query, dataset, media_type), timeout=timeout)

    def answer(self, request: Request, *, timeout: float | None = None) -> bytes:
        """The complete answer; see `evaluate`, also for who may call it and what it raises."""
        return self.told(request, timeout=timeout)[0]

    def told(self, request: Request, *, timeout: float | None = None) -> tuple[bytes, tuple[Problem, ...]]:
        """The complete answer, and what may be wrong in it; as `answer`."""
        # The context goes with it: whose account it is.
        return asyncio.run_coroutine_threadsafe(self._whole(request, timeout), self.pool.loop).result()

    async def begin(self, request: Request, timeout: float | None = None) -> Answer:
        """The answer, as it comes.

        :raises OperationError: if no worker is free in time, or can be started
        """
        if asks_about_the_dataset(request, self._described):
            request = replace(request, described=True)
        limit = self.pool.limits.deadline
        allowed = limit if timeout is None else min(timeout, limit)
        return await self.pool.answer(request, self.folder, self.pool.loop.time() + allowed)

    async def _whole(self, request: Request, timeout: float | None) -> tuple[bytes, tuple[Problem, ...]]:
        answer = await self.begin(request, timeout)
        try:
            body = b"".join([piece async for piece in answer.pieces()])
            return body, answer.warnings
        finally:
            answer.leave()
            spend(answer.seconds)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def _end(workers: set[Worker], loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    for worker in workers:
        worker.kill()
        worker.reap()
    loop.call_soon_threadsafe(_stop, workers)
    if thread is not threading.current_thread():
        thread.join()


def _stop(workers: set[Worker]) -> None:
    for worker in workers:
        worker.close()
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.stop)
