"""The pages, behind the front: who reads them is held to the same quota as who asks `/sparql` for data.

A page of answers costs what the answers cost. So what each page takes is charged to its client, and the pages that
answer what a person has written refuse it when nothing is left; all others are read on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

from server.engine.account import Account, opened, spend
from server.front.request import Headers, Receive, Scope, Send
from server.http.quota import Quota


class Pages:
    """A Flask application as one of ASGI, whose clients have a quota."""

    def __init__(self, pages: Flask, quota: Quota) -> None:
        self._flask, self._quota = pages, quota
        self._application = WSGIMiddleware(self._timed, workers=pages.config["THREADS"])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and charge it."""
        headers = Headers.of(scope)
        peer = (scope.get("client") or ("",))[0]
        client = self._quota.client(peer, headers.forwarded, passed_on=headers.passed_on)
        account = Account(self._quota.wait(client, time.monotonic()))
        try:
            with opened(account):
                await self._application(scope, receive, send)  # type: ignore[arg-type]
        finally:
            self._quota.take(client, account.seconds, time.monotonic(), is_refused=account.is_refused)

    def _timed(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.thread_time()
        try:
            return self._flask(environ, start_response)
        finally:
            spend(time.thread_time() - began)
