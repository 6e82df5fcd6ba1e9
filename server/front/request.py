"""One request to `/sparql` as the front reads it, and the negotiation that it asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from server.http import headers

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
WHOLE: Final = "zellige.whole"
"""The key of a scope under which our own server takes a complete response: `(status, headers, body) -> taken`."""
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class BodyTooLarge(Exception):
    """A request whose body is larger than is accepted."""


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers that an answer may depend on; a header that came several times is joined."""

    accept: str | None = None
    accept_encoding: str = ""
    content_type: str = ""
    content_length: str = ""
    if_none_match: str = ""
    forwarded: str = ""
    content_encoding: str = ""
    passed_on: bool = False
    """Whether a proxy has passed the request on."""

    @classmethod
    def of(cls, scope: Scope) -> Headers:
        """The headers of an ASGI connection scope."""
        found: dict[str, str] = {}
        passed_on = False
        for raw, value in scope["headers"]:
            passed_on = passed_on or raw in PASSED_ON
            name = _NAMES.get(raw)
            if name is not None:
                text = value.decode("latin-1")
                found[name] = f"{found[name]}, {text}" if name in found else text
        return cls(**found, passed_on=passed_on)


_NAMES = {
    b"accept": "accept",
    b"accept-encoding": "accept_encoding",
    b"content-type": "content_type",
    b"content-length": "content_length",
    b"if-none-match": "if_none_match",
    b"x-forwarded-for": "forwarded",
    b"content-encoding": "content_encoding",
}
PASSED_ON: Final = frozenset(name.lower().encode() for name in headers.PASSED_ON)
"""What proxies add, as ASGI has it."""


def raw_of(query_string: bytes, accept: bytes, accept_encoding: bytes) -> bytes:
    """The bytes of a request that its answer depends on, in one piece."""
    return b"\n".join((query_string, accept, accept_encoding))


def matches(if_none_match: str, etag: str, *, known: bool) -> bool:
    """Whether a client already has the representation (RFC 9110, section 13.1.2, weak comparison).

    `*` stands for any representation that there is: one is `known` when it was made once, for until then nobody can
    tell whether the query has an answer at all.

    >>> matches('W/"a", "b"', '"a"', known=False), matches("*", '"a"', known=True), matches('"c"', '"a"', known=True)
    (True, True, False)
    """
    if if_none_match.strip() == "*":
        return known
    return etag in [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]


async def read_body(receive: Receive, limit: int, stated: str) -> bytes:
    """The whole body of a request.

    :raises BodyTooLarge: if it has, or is said to have, more than `limit` bytes
    :raises ConnectionError: if the client leaves before its end
    """
    if stated.isdecimal() and int(stated) > limit:
        raise BodyTooLarge
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise BodyTooLarge
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body once more, for an application that has not seen it."""
    pending = [body]

    async def again() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return again
