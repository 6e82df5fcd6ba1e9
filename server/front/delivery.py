"""From a request to the bytes on the line: evaluated by a worker, sent as it comes, ended when the client leaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final, Self

from kg.errors import KgError
from server.engine.answer import Answer
from server.engine.coding import coded
from server.engine.evaluation import Request
from server.engine.inprocess import InProcessEngine
from server.engine.pool import PoolEngine
from server.engine.told.warnings import HEADER, header
from server.front.cache import LARGEST
from server.front.request import WHOLE, Receive, Scope, Send
from server.http import headers as standard
from server.http.results import content_type

_PATIENCE: Final = 0.05
"""After so many seconds without an answer it is watched whether the client is still there."""
_STALLED: Final = 30.0
"""How long a client may take nothing of an answer before it is given up, in seconds."""
_EVERY: Final = standard.encoded(standard.DATA)
_VARY: Final = (b"vary", standard.ANSWER_VARIES.encode())
_CHANGING: Final = (*_EVERY, _VARY, (b"cache-control", standard.NOT_KEPT.encode()))
_LASTING: Final = (*_EVERY, _VARY, (b"cache-control", standard.REVALIDATED.encode()))


class BrokenOff(Exception):
    """An answer failed after its beginning was sent: the connection is closed, so that the client sees it."""


def headers_of_answer(
    media_type: str, etag: str | None, coding: str, size: int | None
) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of an answer; without an `etag` it is not to be kept, `size` is known for one that is complete."""
    given = [(b"content-type", content_type(media_type).encode())]
    if etag is None:
        given += _CHANGING
    else:
        given += (*_LASTING, (b"etag", etag.encode()))
    if coding:
        given.append((b"content-encoding", coding.encode()))
    if size is not None:
        given.append((b"content-length", b"%d" % size))
    return tuple(given)


class Presence:
    """Ends the task of a request when its client leaves; a context that costs a timer where nothing happens."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive) -> None:
        self._loop, self._receive = loop, receive
        self._watch: asyncio.Task[None] | None = None
        self.left = False
        """Whether the client has gone."""

    def __enter__(self) -> Self:
        self._task = asyncio.current_task(self._loop)
        self._timer = self._loop.call_later(_PATIENCE, self._begin)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()

    def _begin(self) -> None:
        self._watch = self._loop.create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left = True
        if self._task is not None:
            self._task.cancel()


class Delivery:
    """Sends one answer."""

    def __init__(self, scope: Scope, send: Send, media_type: str, etag: str | None) -> None:
        """Without an `etag` the answer is not to be kept by anyone."""
        self._scope, self._send, self._media_type, self._etag = scope, send, media_type, etag
        self.seconds = 0.0
        """How long the engine has worked."""
        self.size = 0
        """The bytes of the body."""
        self.more: tuple[tuple[str, str], ...] = ()
        """Further headers."""
        self.first = b""
        """What takes the place of the first byte of the body, which must be in no content coding then."""
        self.coding = ""
        """The content coding of the body."""

    def headers(self, coding: str = "", size: int | None = None) -> tuple[tuple[bytes, bytes], ...]:
        """The headers of the answer; `size` is known for one that is complete."""
        return (*headers_of_answer(self._media_type, self._etag, coding, size), *standard.encoded(self.more))

    async def evaluated(self, engine: PoolEngine, request: Request, timeout: float | None) -> bytes | None:
        """Evaluate and send; the body, if it is of a size to be kept.

        :raises KgError: if it fails before anything is sent
        :raises BrokenOff: if it fails later
        """
        answer = await engine.begin(request, timeout)
        try:
            await answer.begun()
            if answer.warnings:
                self.more = (*self.more, (HEADER, header(answer.warnings)))
            if answer.ended and answer.size <= LARGEST:
                return await self._whole(answer)
            await self._streamed(answer)
            return None
        finally:
            answer.leave()
            self.seconds += answer.seconds

    async def looked_up(self, engine: InProcessEngine, request: Request) -> bytes | None:
        """Answer here and now, and send, if the query is a lookup; the body, or None for another query."""
        began = time.perf_counter()
        body = engine.look_up(request)
        self.seconds = time.perf_counter() - began
        if body is None:
            return None
        return await self._complete(*coded(body, request.codings))

    async def _whole(self, answer: Answer) -> bytes:
        return await self._complete(self._amended(answer.whole()), answer.encoding)

    async def _complete(self, body: bytes, coding: str) -> bytes:
        self.size = len(body)
        self.coding = coding
        await reply(self._scope, self._send, HTTPStatus.OK, self.headers(self.coding, self.size), body)
        return body

    async def _streamed(self, answer: Answer) -> None:
        size = answer.size + max(0, len(self.first) - 1)
        headers = self.headers(answer.encoding, size if answer.ended else None)
        await self._send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
        if self._scope["method"] == "HEAD":
            # The rest would be evaluated for nobody; whoever calls lets go of the answer.
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        try:
            async for given in answer.pieces():
                piece = given if self.size else self._amended(given)
                async with asyncio.timeout(_STALLED):
                    await self._send({"type": "http.response.body", "body": piece, "more_body": True})
                self.size += len(piece)
        except (KgError, TimeoutError, OSError) as error:
            raise BrokenOff(str(error)) from error
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _amended(self, beginning: bytes) -> bytes:
        return self.first + beginning[1:] if self.first else beginning


async def reply(scope: Scope, send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
    """Send a complete response, in one piece where the server can do that."""
    whole = scope.get(WHOLE)
    if whole is not None and whole(int(status), headers, body):
        return
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def refuse(
    scope: Scope, send: Send, status: int, told: tuple[bytes, str], more: Iterable[tuple[str, str]] = ()
) -> None:
    """Send an error: what `problems.render` has made of it."""
    body, media_type = told
    given = (
        ("Content-Type", media_type),
        ("Content-Length", str(len(body))),
        ("Cache-Control", standard.NOT_KEPT),
        ("Vary", "Accept"),
        *more,
    )
    await reply(scope, send, status, (*standard.encoded(given), *_EVERY), body)
