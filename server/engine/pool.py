"""The engine of strangers' queries: worker processes that are killed at the deadline and replaced.

Nothing in pyoxigraph can be cancelled from Python, so a query gets a process, and time and memory have an end there.
A worker that was left in the middle of an answer is killed, whatever the reason; a crash costs one query.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import (
    AnswerTooLarge,
    DeadlineExceeded,
    EngineBusy,
    EngineFailed,
    OperationError,
    ReleaseError,
)
from kg.sparql.guard import Query
from server.engine import Dataset
from server.engine.evaluation import Request
from server.engine.inprocess import graph_error, request_of, syntax_error
from server.engine.worker import END, FAILURE, GRAPH, HEADER, PIECE, READY, SYNTAX

_START: Final = 30.0
"""How long a worker may take to open its store, in seconds."""
_PYTHON_FAILED: Final = 1
"""The exit code of an interpreter that an exception has ended; a signal gives a negative one."""
_CHUNK: Final = 1 << 18
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may cost, and how many may wait."""

    workers: int = 0
    """Processes; 0 means one for each core, and two at least."""
    deadline: float = 10.0
    """Wall time of one query, in seconds."""
    memory_bytes: int = 1 << 30
    """Address space of one worker."""
    answer_bytes: int = 1 << 27
    """Size of one answer."""
    queue: int = 64
    """Queries that may wait for a worker; one more is refused."""

    @property
    def processes(self) -> int:
        return self.workers or max(2, os.cpu_count() or 1)


class Worker:
    """One worker process; `usable` is false from the start of a query until its answer has ended."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        command = [sys.executable, "-m", "server.engine.worker", str(folder), str(limits.memory_bytes)]
        search = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter, our own module
            [*command, str(int(limits.deadline) + 5)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Each arena of the allocator reserves address space, which is what is limited.
            env={**os.environ, "PYTHONPATH": search, "MALLOC_ARENA_MAX": "2"},
            start_new_session=True,  # an interrupt from the terminal is the front's to handle
            bufsize=0,
        )
        self._buffer = bytearray()
        self.usable = False
        try:
            self.usable = next(self._frames(time.monotonic() + _START))[0] == READY
        except EngineFailed as error:
            if self._ended() == _PYTHON_FAILED:
                raise ReleaseError(f"the store {folder} cannot be opened by a worker") from None
            code = self._process.returncode
            raise EngineFailed(f"a worker did not start (exit code {code})", hint="send the query again") from error
        finally:
            if not self.usable:
                self.kill()

    def _ended(self) -> int | None:
        """The exit code of a process that has closed its output; None if it lives on."""
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once, and leave nothing of it."""
        self.usable = False
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()

    def ask(self, request: Request, deadline: float) -> Iterator[bytes]:
        """The pieces of an answer, as they come.

        :raises QueryError: if the query does not parse, or a graph is named by no IRI
        :raises DeadlineExceeded: at `deadline`, a time of the monotonic clock
        :raises EngineFailed: if the evaluation fails or the process ends
        """
        self.usable = False
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(request.to_json() + b"\n")
        except OSError:
            raise EngineFailed("the engine's process had ended", hint="send the query again") from None
        for kind, payload in self._frames(deadline):
            if kind == PIECE:
                yield payload
                continue
            self.usable = True
            if kind == END:
                return
            text = payload.decode("utf-8", "replace")
            if kind == SYNTAX:
                raise syntax_error(text)
            if kind == GRAPH:
                raise graph_error(text)
            if kind == FAILURE:
                raise EngineFailed(f"the query could not be answered: {text}")
            raise EngineFailed(f"the engine sent an unknown frame {kind!r}")

    def _frames(self, deadline: float) -> Iterator[tuple[bytes, bytes]]:
        while True:
            self._fill(HEADER.size, deadline)
            kind, length = HEADER.unpack(self._buffer[: HEADER.size])
            self._fill(HEADER.size + length, deadline)
            payload = bytes(self._buffer[HEADER.size : HEADER.size + length])
            del self._buffer[: HEADER.size + length]
            yield kind, payload

    def _fill(self, size: int, deadline: float) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        poll = select.poll()
        poll.register(stdout, select.POLLIN | select.POLLHUP)
        while len(self._buffer) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise DeadlineExceeded("the query took longer than it may", hint="ask for less, or add a LIMIT")
            data = os.read(stdout.fileno(), _CHUNK)
            if not data:
                raise EngineFailed("the engine's process ended: out of memory, or a crash", hint="ask for less")
            self._buffer += data


class PoolEngine:
    """Evaluates each query in a worker process of its own pool."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits
        self._lock = threading.Lock()
        self._waiting = 0
        self._free = threading.Semaphore(limits.processes)
        self._idle: list[Worker] = []
        # When the last request to a release has ended, nobody holds its engine: its workers go with it.
        weakref.finalize(self, _end, self._idle)

    def evaluate(self, query: Query, dataset: Dataset, media_type: str, *, timeout: float | None = None) -> bytes:
        """The complete answer, serialised; `timeout`, in seconds, may only lower the deadline.

        :raises QueryError: if the query does not parse, or a graph is named by no IRI
        :raises OperationError: if a limit is reached, no worker is free in time, or the evaluation fails
        """
        allowed = self._limits.deadline if timeout is None else min(timeout, self._limits.deadline)
        deadline = time.monotonic() + allowed
        pieces: list[bytes] = []
        size = 0
        with self._worker(deadline) as worker:
            for piece in worker.ask(request_of(query, dataset, media_type), deadline):
                size += len(piece)
                if size > self._limits.answer_bytes:
                    limit = f"{self._limits.answer_bytes:,} bytes"
                    raise AnswerTooLarge(f"the answer is larger than {limit}", hint="add a LIMIT, or ask in parts")
                pieces.append(piece)
        return b"".join(pieces)

    @contextmanager
    def _worker(self, deadline: float) -> Iterator[Worker]:
        with self._lock:
            if self._waiting >= self._limits.queue:
                raise EngineBusy("too many queries wait already", hint="send the query again in a moment")
            self._waiting += 1
        try:
            free = self._free.acquire(timeout=max(0.0, deadline - time.monotonic()))
        finally:
            with self._lock:
                self._waiting -= 1
        if not free:
            raise EngineBusy("no engine was free in time", hint="send the query again in a moment")
        worker: Worker | None = None
        try:
            worker = self._take()
            yield worker
        finally:
            if worker is not None and worker.usable:
                with self._lock:
                    self._idle.append(worker)
            elif worker is not None:
                worker.kill()
            self._free.release()

    def _take(self) -> Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return self._started()
            if worker.alive:
                return worker
            worker.kill()

    def _started(self) -> Worker:
        try:
            return Worker(self._folder, self._limits)
        except OSError as error:
            raise OperationError(f"no worker process could be started: {error}") from None


def _end(workers: list[Worker]) -> None:
    for worker in workers:
        worker.kill()
