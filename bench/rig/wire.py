"""A light HTTP/1.1 client: keep-alive, Content-Length and chunked bodies, and a loop over many connections.

It does no more than a benchmark needs, so that the client's own work disturbs the machine little (RFC 9112).
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

_CHUNK: Final = 1 << 18
_PATIENCE: Final = 120.0
_BODILESS: Final = (204, 304)


class Broken(OSError):
    """The connection ended, or what came is no HTTP, before an answer was complete."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete answer."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes


def get(target: str, accept: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a GET request."""
    lines = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def post(target: str, accept: str, body: bytes, media_type: str) -> bytes:
    """The bytes of a POST request."""
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


@dataclass(slots=True)
class Reader:
    """Puts an answer together from the pieces that arrive."""

    _status: int = 0
    _headers: dict[str, str] = field(default_factory=dict)
    _body: bytearray = field(default_factory=bytearray)
    _raw: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Answer | None:
        """Take a piece, and give the answer if that completes it; b"" is the end of the connection.

        >>> Reader().feed(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi").body
        b'hi'

        :raises Broken: if the connection ended too early, or that is no HTTP
        """
        self._raw += data
        if not self._status and not self._begin():
            if not data:
                raise Broken("the connection ended before an answer")
            return None
        complete = self._whole()
        if complete or (not data and self._until_end):
            answer = Answer(self._status, self._headers, bytes(self._body))
            self._status, self._headers, self._body = 0, {}, bytearray()
            return answer
        if not data:
            raise Broken(f"the connection ended after {len(self._body)} bytes of a body")
        return None

    @property
    def _chunked(self) -> bool:
        return self._headers.get("transfer-encoding", "").lower() == "chunked"

    @property
    def _until_end(self) -> bool:
        return not self._chunked and "content-length" not in self._headers

    def _begin(self) -> bool:
        end = self._raw.find(b"\r\n\r\n")
        if end < 0:
            return False
        first, *lines = bytes(self._raw[:end]).decode("latin-1").split("\r\n")
        del self._raw[: end + 4]
        version, _, rest = first.partition(" ")
        if not version.startswith("HTTP/1.") or not rest[:3].isdigit():
            raise Broken(f"no HTTP: {first[:80]!r}")
        self._status = int(rest[:3])
        self._headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
        }
        return True

    def _whole(self) -> bool:
        if self._status in _BODILESS:
            return True
        if self._chunked:
            return self._unchunk()
        self._body += self._raw
        self._raw.clear()
        return not self._until_end and len(self._body) >= int(self._headers["content-length"])

    def _unchunk(self) -> bool:
        position = 0
        try:
            while True:
                end = self._raw.find(b"\r\n", position)
                if end < 0:
                    return False
                size = int(self._raw[position:end].split(b";")[0], 16)
                start = end + 2
                if len(self._raw) < start + size + 2:
                    return False
                self._body += self._raw[start : start + size]
                position = start + size + 2
                if size == 0:
                    return True
        except ValueError:
            raise Broken(f"no length of a chunk: {bytes(self._raw[position : position + 20])!r}") from None
        finally:
            del self._raw[:position]


class Connection:
    """A connection that is used again and again, and opened anew when the server has closed it."""

    def __init__(self, port: int, patience: float = _PATIENCE) -> None:
        self._port, self._patience = port, patience
        self.socket: socket.socket | None = None
        self.reader = Reader()

    def send(self, request: bytes) -> socket.socket:
        """Send a request, over a new connection if there is none; gives the socket."""
        if self.socket is None:
            self.reader = Reader()
            self.socket = socket.create_connection(("127.0.0.1", self._port), timeout=self._patience)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        return self.socket

    def receive(self) -> Answer | None:
        """Read once; gives an answer if it is complete.

        :raises Broken: if the server has ended the connection in the middle
        :raises TimeoutError: if nothing came within the patience
        """
        assert self.socket is not None
        try:
            data = self.socket.recv(_CHUNK)
        except ConnectionError as error:
            raise Broken(str(error)) from error
        answer = self.reader.feed(data)
        if not data or (answer is not None and answer.headers.get("connection", "").lower() == "close"):
            self.close()
        return answer

    def ask(self, request: bytes) -> Answer:
        """Send a request and wait for its answer, which may come before the whole request is sent.

        :raises OSError: if there is none
        """
        try:
            try:
                self.send(request)
            except (BrokenPipeError, ConnectionResetError):
                if self.socket is None:
                    raise
            while True:
                answer = self.receive()
                if answer is not None:
                    return answer
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, in the middle of an answer too."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


@dataclass(frozen=True, slots=True)
class Block:
    """What a block of requests was answered with."""

    requests: int
    wall: float
    """Seconds from the first request to the last answer."""
    bad: int
    """Answers whose status is not 200."""


class Load:
    """Keeps some connections busy with requests, in one thread."""

    def __init__(self, port: int, requests: Iterator[bytes], connections: int, at_most: int | None = None) -> None:
        self._requests, self._at_most = requests, at_most
        self._poll = select.epoll()
        self._idle = [Connection(port) for _ in range(connections)]
        self._busy: dict[int, Connection] = {}
        self._sent = 0

    def run(self, seconds: float) -> Block:
        """Send for some seconds, two requests over each connection at least, then wait for the answers still out.

        :raises OSError: if a connection breaks off, or the server is silent for two minutes
        """
        started = time.perf_counter()
        least = 2 * len(self._idle)
        done = bad = 0
        try:
            for connection in self._idle:
                if not self._spent:
                    self._start(connection)
            while done < self._sent:
                for answer, connection in self._answers():
                    done += 1
                    bad += answer.status != HTTPStatus.OK
                    if not self._spent and (self._sent < least or time.perf_counter() < started + seconds):
                        self._start(connection)
            return Block(done, time.perf_counter() - started, bad)
        finally:
            self._poll.close()
            for connection in self._idle:
                connection.close()

    @property
    def _spent(self) -> bool:
        return self._at_most is not None and self._sent >= self._at_most

    def _start(self, connection: Connection) -> None:
        descriptor = connection.send(next(self._requests)).fileno()
        self._sent += 1
        self._busy[descriptor] = connection
        self._poll.register(descriptor, select.EPOLLIN)

    def _answers(self) -> Iterator[tuple[Answer, Connection]]:
        events = self._poll.poll(_PATIENCE)
        if not events:
            raise TimeoutError(f"no answer for {_PATIENCE:.0f} seconds")
        for descriptor, _ in events:
            connection = self._busy[descriptor]
            answer = connection.receive()
            if answer is not None:
                if connection.socket is not None:
                    self._poll.unregister(descriptor)
                yield answer, connection


def drive(port: int, requests: Iterator[bytes], seconds: float, connections: int, at_most: int | None = None) -> Block:
    """Keep `connections` busy for some seconds, or until `at_most` requests are sent.

    :raises OSError: if a connection breaks off, or the server is silent for two minutes
    """
    return Load(port, requests, connections, at_most).run(seconds)
