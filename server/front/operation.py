"""What the front answers to whoever runs the server: that the process lives, and figures."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST

from kg.errors import Problem
from server.front.delivery import refuse, reply
from server.front.observation import Observer
from server.front.request import Headers, Scope, Send
from server.http.headers import EVERY, NOT_KEPT, encoded
from server.http.operation import ALIVE
from server.http.problems import render
from server.http.quota import Quota

_ALLOW: Final = ("Allow", "GET, HEAD, OPTIONS")


class Operation:
    """The addresses that are answered in the event loop, whatever else goes on."""

    def __init__(self, quota: Quota, observer: Observer) -> None:
        self._quota, self._observer = quota, observer

    async def alive(self, scope: Scope, send: Send) -> None:
        """The process answers; it is asked of nobody else."""
        given = (("Content-Type", "application/json"), ("Content-Length", str(len(ALIVE))), ("Cache-Control", NOT_KEPT))
        await reply(scope, send, HTTPStatus.OK, encoded((*given, *EVERY)), ALIVE)

    async def figures(self, scope: Scope, send: Send) -> None:
        """Figures for the operator, who is on this machine; strangers have no use for them."""
        headers = Headers.of(scope)
        peer = (scope.get("client") or ("",))[0]
        if scope["method"] == "OPTIONS":
            await reply(scope, send, HTTPStatus.OK, encoded((_ALLOW, *EVERY, ("Content-Length", "0"))), b"")
            return
        if scope["method"] not in {"GET", "HEAD"}:
            problem = Problem("method-not-allowed", "figures can only be read")
            told = render(HTTPStatus.METHOD_NOT_ALLOWED, (problem,), headers.accept)
            await refuse(scope, send, HTTPStatus.METHOD_NOT_ALLOWED, told, (_ALLOW,))
            return
        if self._quota.client(peer, headers.forwarded, passed_on=headers.passed_on):
            problem = Problem("forbidden", "figures are given on the server's own machine only")
            told = render(HTTPStatus.FORBIDDEN, (problem,), headers.accept)
            await refuse(scope, send, HTTPStatus.FORBIDDEN, told)
            return
        body = self._observer.exposition()
        given = (("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(body))), ("Cache-Control", NOT_KEPT))
        await reply(scope, send, HTTPStatus.OK, encoded((*given, *EVERY)), body)
