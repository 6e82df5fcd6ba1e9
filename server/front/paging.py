"""The pages, behind the front: who reads them is held to the same quota as who asks `/sparql` for data.

A page of answers costs what the answers cost. So what each page takes is charged to its client, and the pages that
answer what a person has written refuse it when nothing is left; all others are read on.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

from server.engine.account import Account, opened, spend
from server.front.request import Headers, Message, Receive, Scope, Send
from server.http.quota import Quota


class Pages:
    """A Flask application as one of ASGI, whose clients have a quota."""

    def __init__(self, pages: Flask, quota: Quota) -> None:
        self._flask, self._quota = pages, quota
        self._application = WSGIMiddleware(self._timed, workers=pages.config["THREADS"])  # type: ignore[arg-type]
        self._running: Counter[str] = Counter()
        """How many pages of each client are being made."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and charge it."""
        headers = Headers.of(scope)
        peer = (scope.get("client") or ("",))[0]
        client = self._quota.client(peer, headers.forwarded, passed_on=headers.passed_on)
        account = Account(self._wait(client))
        self._running[client] += 1

        async def paid(message: Message) -> None:
            # Before anything is sent: who reads slowly is charged like all others.
            self._charge(client, account)
            if account.is_refused and message["type"] == "http.response.start":
                message = {**message, "headers": _later(message["headers"], account.wait)}
            await send(message)

        try:
            with opened(account):
                await self._application(scope, receive, paid)  # type: ignore[arg-type]
        finally:
            self._charge(client, account)
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            self._quota.refused += account.is_refused

    def _wait(self, client: str) -> float:
        """After how many seconds a client may have a query answered: at once are as many as of queries for data."""
        if client and self._quota.is_set and self._running[client] >= self._quota.at_once:
            return 1.0
        return self._quota.wait(client, time.monotonic())

    def _charge(self, client: str, account: Account) -> None:
        spent, account.seconds = account.seconds, 0.0
        self._quota.take(client, spent, time.monotonic())

    def _timed(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.thread_time()
        try:
            return self._flask(environ, start_response)
        finally:
            spend(time.thread_time() - began)


def _later(headers: Iterable[tuple[bytes, bytes]], wait: float) -> list[tuple[bytes, bytes]]:
    """Headers that say when to come again."""
    kept = [(name, value) for name, value in headers if name.lower() != b"retry-after"]
    return [*kept, (b"retry-after", f"{wait:.0f}".encode())]
