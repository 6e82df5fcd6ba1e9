"""The front's place in uvicorn: kept answers go out from here, and a connection that only wastes time is closed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kg.errors import Problem
from server.front.lookup import Asked
from server.front.request import PASSED_ON, WHOLE
from server.http.codes import code_of
from server.http.headers import DATA, NOT_KEPT, encoded
from server.http.problems import render
from server.limits import HEAD_BYTES

if TYPE_CHECKING:
    from server.front.application import Front
    from server.front.cache import Entry

_PATH: Final = b"/sparql"
_URL_BYTES: Final = (1 << 16) - 1
_BACKLOG: Final = 1 << 16
"""With more than this unsent, an answer waits its turn like all others."""
_PREVENTS: Final = frozenset({b"if-none-match", b"connection", b"expect", b"upgrade", b"content-length"})
"""What a request must not have to be answered from here: each wants more thought than bytes alone."""


def _refusal(status: int, message: str) -> bytes:
    """A complete response to what is no request, or too large to be read as one: nobody knows what it accepts."""
    body, media_type = render(status, (Problem(code_of(status), message),), None)
    given = (("Content-Type", media_type), ("Content-Length", str(len(body))), ("Connection", "close"))
    lines = (b"%b: %b\r\n" % header for header in encoded((*given, ("Cache-Control", NOT_KEPT), *DATA)))
    return b"".join((STATUS_LINE[status], *lines, b"\r\n", body))


_TOO_LARGE: Final = _refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head of the request is too large")
_NO_HTTP: Final = _refusal(HTTPStatus.BAD_REQUEST, "this is no HTTP request")
_NO_HOST: Final = _refusal(HTTPStatus.BAD_REQUEST, "a request of HTTP/1.1 has one Host")


class Wire(HttpToolsProtocol):
    """One connection. A request whose bytes came before is answered before anything is made of it."""

    app: Front

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = False
        self._in_head = False
        self._head_bytes = self._arrived = 0
        self.since: float | None = time.monotonic()
        """Since when a request has been expected or incomplete; None while one is answered."""

    def data_received(self, data: bytes) -> None:
        inside = self._in_head
        super().data_received(data)
        # The parser keeps a header until it is complete, and tells nobody how much of it has come.
        if inside and self._in_head:
            self._arrived += len(data)
            self._limit(self._arrived)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._kept = False
        self._in_head = True
        self._head_bytes = self._arrived = 0
        self.since = time.monotonic()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._lacks_host():
            self._kept = True
            self._turn_away(_NO_HOST)
            return
        entry = self._at_once()
        if entry is None:
            self._read_head()
            # The task of the request has not begun yet: it finds this in its scope.
            self.cycle.scope[WHOLE] = partial(self._whole, self.cycle)  # type: ignore[typeddict-unknown-key]
            return
        self._kept = True
        self.transport.write(b"".join((STATUS_LINE[200], self._defaults(), *entry.wire)))

    def _lacks_host(self) -> bool:
        """Whether it is not said, or said twice, whom the request is for (RFC 9112, section 3.2)."""
        return [name for name, _ in self.headers].count(b"host") != 1 and self.parser.get_http_version() == "1.1"

    def _read_head(self) -> None:
        if len(self.url) <= _URL_BYTES:
            super().on_headers_complete()
            return
        # httptools splits no longer one, which the limit of the head allows.
        self.url, _, query = self.url.partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = query

    def on_body(self, body: bytes) -> None:
        if not self._kept:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self.since = None
        if not self._kept:
            super().on_message_complete()
            return
        if self.parser.should_keep_alive():
            self.on_response_complete()
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.since = None

    def _at_once(self) -> Entry | None:
        path, _, query_string = self.url.partition(b"?")
        if path != _PATH or not query_string or self.parser.get_method() != b"GET":
            return None
        if self.cycle is not None and not self.cycle.response_complete:
            return None  # an earlier request of a pipeline is still to be answered
        if self.transport.get_write_buffer_size() > _BACKLOG:
            return None
        accept, encoding, forwarded, passed_on = None, b"", b"", False
        for name, value in self.headers:
            if name == b"accept":
                accept = value if accept is None else accept + b", " + value
            elif name == b"accept-encoding":
                encoding = encoding + b", " + value if encoding else value
            elif name == b"x-forwarded-for":
                forwarded = forwarded + b", " + value if forwarded else value
            elif name in PASSED_ON:
                passed_on = True
            elif name in _PREVENTS and value != b"keep-alive":
                return None
        client = self.app.client(self.client[0] if self.client else "", forwarded, passed_on=passed_on)
        return self.app.at_once(Asked(query_string, accept, encoding, client))

    def _whole(
        self, cycle: RequestResponseCycle, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> bool:
        """Send a complete response in one write; whether it was possible."""
        if cycle.response_started or cycle.disconnected or self.flow.write_paused:
            return False
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        if not cycle.keep_alive:
            lines += b"connection: close\r\n"
        if cycle.scope["method"] == "HEAD":
            body = b""
        self.transport.write(b"".join((STATUS_LINE[status], self._defaults(), lines, b"\r\n", body)))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def _defaults(self) -> bytes:
        return b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)

    def _count(self, size: int) -> None:
        self._head_bytes += size
        self._limit(self._head_bytes)

    def _limit(self, size: int) -> None:
        if size > HEAD_BYTES and not self.transport.is_closing():
            self._turn_away(_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser does not take."""
        del msg
        self._turn_away(_NO_HTTP)

    def _turn_away(self, refusal: bytes) -> None:
        # The client would take the refusal for the answer to an earlier request, or for a part of it: that one is
        # broken off instead. Only the request that is arriving can be refused in so many words.
        cycle = self.cycle
        if cycle is not None and not _sent(cycle):
            arriving = cycle.more_body and not cycle.response_started and not self.pipeline
            if not arriving:
                self.transport.abort()
                return
        self.transport.write(refusal)
        self.transport.close()


def _sent(cycle: RequestResponseCycle) -> bool:
    """Whether the client has a whole response, though the application may not have said that it is one."""
    sized = cycle.response_started and cycle.chunked_encoding is False
    return cycle.response_complete or (sized and cycle.expected_content_length == 0)


async def sweep(connections: set[Any], patience: float) -> None:
    """Close, for ever, the connections that have been silent or incomplete for more than `patience` seconds."""
    while True:
        await asyncio.sleep(patience / 4)
        limit = time.monotonic() - patience
        for connection in tuple(connections):
            if isinstance(connection, Wire) and connection.since is not None and connection.since < limit:
                connection.transport.abort()
