"""One worker process as the event loop sees it: started, asked, and killed when there is no other way."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from kg.errors import (
    AnswerTooLarge,
    DeadlineExceeded,
    EngineFailed,
    FunctionUnknown,
    KgError,
    OperationError,
    QueryError,
    ReleaseError,
)
from server.engine.answer import Answer
from server.engine.evaluation import Request
from server.engine.failures import why_ended
from server.engine.inprocess import graph_error, syntax_error
from server.engine.limits import Limits
from server.engine.told.warnings import load
from server.engine.worker import (
    CODING,
    END,
    FAILURE,
    GRAPH,
    HEADER,
    HOLD,
    PIECE,
    PROBLEMS,
    READY,
    SYNTAX,
    UNKNOWN,
    WARNINGS,
)

_START: Final = 30.0
"""How long a worker may take to open its store, in seconds."""
_PYTHON_FAILED: Final = 1
"""The exit code of an interpreter that an exception has ended; a signal gives a negative one."""
_ROOT: Final = Path(__file__).resolve().parents[2]
_MEMORY: Final = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Large pages, where the kernel has some to give (`madvise`): a query looks all over the store's memory."""
_LAST_WORDS: Final = 1 << 16
"""The most that is read of what a process wrote before it ended, in bytes: what a pipe holds."""


class Worker(asyncio.Protocol):
    """A process that answers one query at a time over a pair of sockets.

    All methods belong to the thread of the event loop, except `kill`, which any thread may call.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, folder: str, limits: Limits) -> None:
        """Start the process; `opened` waits until it can be asked.

        :raises OperationError: if no process can be started
        """
        self.folder = folder
        self._buffer = bytearray()
        # Asking for the running loop is a system call each time (CPython 3.11): it is handed on instead.
        self._loop = loop
        self._ready: asyncio.Future[None] = loop.create_future()
        self._answer: Answer | None = None
        self._done: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._transport: asyncio.Transport | None = None
        self.lost = False
        """Whether the process has ended, or is about to."""
        self._ours, theirs = socket.socketpair()
        try:
            self._process = _started(folder, limits, theirs)
        except OSError as error:
            self._ours.close()
            raise OperationError(f"no worker process could be started: {error}") from None
        finally:
            theirs.close()

    async def opened(self) -> None:
        """Wait until the store is open.

        :raises ReleaseError: if it cannot be opened
        :raises EngineFailed: if the process ended otherwise, or takes too long
        """
        await self._loop.create_connection(lambda: self, sock=self._ours)
        try:
            async with asyncio.timeout(_START):
                await self._ready
        except (TimeoutError, ConnectionError):
            self.kill()
            code = await self._loop.run_in_executor(None, self._process.wait)
            if code == _PYTHON_FAILED:
                raise ReleaseError(f"the store {self.folder} cannot be opened by a worker") from None
            message = f"a worker did not start (exit code {code})"
            raise EngineFailed(message, hint="send the query again") from None
        except BaseException:
            self.kill()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process lives; its end may not have reached the line yet."""
        return not self.lost and self._process.poll() is None

    def kill(self) -> None:
        """End the process at once; may be called twice."""
        self.lost = True
        self._process.kill()

    def reap(self) -> None:
        """Wait for the end of a killed process, which frees its memory first: not in the event loop."""
        self._process.wait()
        if self._transport is None and self._process.stderr is not None:
            self._process.stderr.close()  # else the end of the line does that

    def close(self) -> None:
        """Close our end of the line to a process that has been killed."""
        if self._transport is not None:
            self._transport.abort()

    def ask(self, request: Request, answer: Answer, deadline: float, done: Callable[[], None]) -> None:
        """Let the worker fill `answer` until `deadline`, a time of the loop; `done` is called when it has ended."""
        self._answer, self._done, self._began = answer, done, self._loop.time()
        self._timer = self._loop.call_at(deadline, self._too_late)
        assert self._transport is not None
        if self.lost:
            # It ended between its first word and this question: no end of the line will be heard any more.
            self.abandon(EngineFailed("the engine's process ended before it was asked", hint="send the query again"))
            return
        self._transport.write(request.to_json() + b"\n")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods only

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.lost = True
        if not self._ready.done():
            self._ready.set_exception(ConnectionError())
        if self._answer is not None:
            message, hint = why_ended(self._last_words())
            self._end(EngineFailed(message, hint=hint))
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _last_words(self) -> str:
        """What the process has written to standard error; nobody reads it while the process lives."""
        assert self._process.stderr is not None
        os.set_blocking(self._process.stderr.fileno(), False)
        return (self._process.stderr.read(_LAST_WORDS) or b"").decode("utf-8", "replace")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        start, size = 0, len(self._buffer)
        while size - start >= HEADER.size:
            kind, length = HEADER.unpack_from(self._buffer, start)
            stop = start + HEADER.size + length
            if stop > size:
                break
            payload = bytes(self._buffer[start + HEADER.size : stop])
            start = stop
            self._take(kind, payload)
        del self._buffer[:start]

    def abandon(self, error: KgError) -> None:
        """End the query that is being answered, and the process with it."""
        self.kill()
        self._end(error)

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == READY:
            self._ready.set_result(None)
        elif self._answer is None:
            return  # of a query that has been given up
        elif kind == PIECE:
            self._add(self._answer, payload)
        elif kind == CODING:
            self._answer.encoding = payload.decode()
        elif kind == WARNINGS:
            self._answer.warnings = load(payload)
        elif kind == HOLD:
            self._answer.waits = True
        elif kind == END:
            self._end(None)
        else:
            self._end(_error(kind, payload.decode("utf-8", "replace")))

    def _add(self, answer: Answer, payload: bytes) -> None:
        try:
            answer.add(payload)
        except AnswerTooLarge as error:
            self.abandon(error)
        except OSError as error:
            self.abandon(EngineFailed(f"there is no room for the answer: {error.strerror}"))

    def _too_late(self) -> None:
        self.abandon(DeadlineExceeded("the query took longer than it may", hint="ask for less, or add a LIMIT"))

    def _end(self, error: KgError | None) -> None:
        answer, done = self._answer, self._done
        self._answer = self._done = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if answer is None or done is None:
            return
        answer.seconds = self._loop.time() - self._began
        done()
        if error is None:
            answer.end()
        else:
            answer.fail(error)


def _started(folder: str, limits: Limits, line: socket.socket) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "server.engine.worker", folder, str(limits.memory_bytes)]
    search = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    # Each arena of the allocator reserves address space, which is what is limited. A trace of the engine's calls tells
    # nobody anything, and might fill the pipe.
    return subprocess.Popen(  # noqa: S603 -- our own interpreter, our own module
        [*command, str(int(limits.deadline) + 5)],
        stdin=line.fileno(),
        stdout=line.fileno(),
        stderr=subprocess.PIPE,
        bufsize=0,
        env={**_MEMORY, **os.environ, "PYTHONPATH": search, "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"},
        start_new_session=True,  # an interrupt from the terminal is the front's to handle
    )


def _error(kind: bytes, text: str) -> KgError:
    if kind == SYNTAX:
        return syntax_error(text)
    if kind == PROBLEMS:
        return QueryError(problems=load(text.encode()))
    if kind == GRAPH:
        return graph_error(text)
    if kind == UNKNOWN:
        return FunctionUnknown(text)
    if kind == FAILURE:
        return EngineFailed(f"the query could not be answered: {text}")
    return EngineFailed(f"the engine sent an unknown frame {kind!r}")
