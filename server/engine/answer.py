"""One answer on its way: what a worker has sent and the client has not yet taken."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

from kg.errors import AnswerTooLarge, KgError, Problem

HELD_BACK: Final = 1 << 16
"""So many bytes are waited for, or the end, before an answer is begun: what fails until then is still an error."""
_IN_MEMORY: Final = 1 << 20
_CHUNK: Final = 1 << 18


class Spool:
    """Bytes in the order in which they came; what is more than a MiB waits in a file that has no name."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._limit = in_memory
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._file = -1
        self._read = self._written = 0
        self.size = 0
        """All bytes that ever came."""

    def write(self, data: bytes) -> None:
        """Take one piece.

        :raises OSError: if there is no room for the file
        """
        if not data:
            return  # an empty piece would read as the end
        self.size += len(data)
        # Once there is a file, order demands that everything goes through it.
        if self._file < 0 and self._held + len(data) <= self._limit:
            self._pieces.append(data)
            self._held += len(data)
            return
        if self._file < 0:
            self._file, path = tempfile.mkstemp(prefix="zellige-answer-")
            os.unlink(path)  # noqa: PTH108 -- nothing is left of it, whatever happens to this process
        view = memoryview(data)
        while view:
            done = os.pwrite(self._file, view, self._written)
            self._written += done
            view = view[done:]

    def read(self) -> bytes:
        """The next piece, empty if there is none now."""
        if self._pieces:
            data = self._pieces.popleft()
            self._held -= len(data)
            return data
        if self._read == self._written:
            return b""
        data = os.pread(self._file, _CHUNK, self._read)
        self._read += len(data)
        return data

    def close(self) -> None:
        """Forget everything; may be called twice."""
        self._pieces.clear()
        if self._file >= 0:
            os.close(self._file)
            self._file, self._read = -1, self._written


class Answer:
    """The answer to one query. A worker fills it, one client empties it; both in the thread of the event loop.

    The worker never waits for the client: a deadline measures the evaluation and not somebody's line.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int, on_leave: Callable[[], None]) -> None:
        """`limit` is the largest size in bytes; `on_leave` is called when the client gives the answer up."""
        self._loop, self._limit, self._on_leave = loop, limit, on_leave
        self._spool = Spool()
        self._waiter: asyncio.Future[None] | None = None
        self._error: KgError | None = None
        self.waits = False
        """Whether it is not to be begun before its end."""
        self.ended = False
        """Whether all of it has come."""
        self.encoding = ""
        """The content coding that the worker chose, empty for none."""
        self.warnings: tuple[Problem, ...] = ()
        """What may be wrong in it, as far as it is known; values that are errors are met until its end."""
        self.seconds = 0.0
        """How long the engine worked on it."""

    def add(self, data: bytes) -> None:
        """Take one piece from the worker.

        :raises AnswerTooLarge: if it is too much now
        :raises OSError: if there is no room for it
        """
        if self._spool.size + len(data) > self._limit:
            raise AnswerTooLarge(
                f"the answer is larger than {self._limit:,} bytes", hint="add a LIMIT, or ask in parts"
            )
        self._spool.write(data)
        if self._spool.size >= HELD_BACK:
            self._wake()

    def end(self) -> None:
        """All of it has come."""
        self.ended = True
        self._wake()

    def fail(self, error: KgError) -> None:
        """Nothing more will come."""
        self._error = error
        self._wake()

    def leave(self) -> None:
        """The client takes nothing more; a query that is still evaluated ends."""
        self._spool.close()
        if not self.ended and self._error is None:
            self._on_leave()

    @property
    def size(self) -> int:
        """The bytes that have come."""
        return self._spool.size

    async def begun(self) -> None:
        """Wait for the end or the first 64 KiB, until which a failure is an error like any other.

        :raises KgError: the failure
        """
        while not self.ended and self._error is None and (self.waits or self._spool.size < HELD_BACK):
            await self._news()
        if self._error is not None:
            raise self._error

    def whole(self) -> bytes:
        """All of an answer that has ended and that nothing was taken of."""
        pieces = []
        while data := self._spool.read():
            pieces.append(data)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The answer, piece by piece.

        :raises KgError: the failure of what was to come; what was given until then is no answer
        """
        while True:
            data = self._spool.read()
            if data:
                yield data
            elif self._error is not None:
                raise self._error
            elif self.ended:
                return
            else:
                await self._news()

    async def _news(self) -> None:
        self._waiter = self._loop.create_future()
        await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
