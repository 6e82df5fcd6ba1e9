"""One HTTP request to one endpoint: the address checked and pinned, every wait bounded, the answer capped.

httpcore speaks HTTP and TLS. What is added stands in its network backend: a name is resolved once, every address is
looked at, and the connection goes to an address that was looked at, so that a name which changes its mind between
the check and the connection gains nothing. The certificate is still that of the name.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import certifi
import httpcore

from kg.config import Federation
from kg.errors import Cause, RemoteFailed

Clock = Callable[[], float]
Resolver = Callable[[str, int], Iterable[str]]
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete HTTP answer."""

    status: int
    media_type: str
    body: bytes
    received: int
    """Bytes of the body as they came over the wire."""
    retry_after: str | None = None
    location: str | None = None


def is_public(address: str) -> bool:
    """Whether an address is one of the open net, also where it hides inside another one.

    >>> is_public("198.35.26.96"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if hidden is None and ip in _NAT64:
            hidden = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order in which the system would try them.

    :raises OSError: if it has none
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (UnicodeError, OverflowError) as error:
        raise OSError(f"{host}:{port} names no host and port: {error}") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Transport:
    """Sends requests; shared by all threads."""

    def __init__(self, settings: Federation, clock: Clock, resolver: Resolver = resolve) -> None:
        self._settings, self._clock = settings, clock
        self._deadline = _Deadline()
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        self._pools = {
            private: httpcore.ConnectionPool(
                ssl_context=context,
                max_connections=64,
                max_keepalive_connections=16,
                keepalive_expiry=15,
                network_backend=_PinnedBackend(resolver, self._deadline, clock, private=private),
            )
            for private in (False, True)
        }

    def close(self) -> None:
        """Close every connection that waits for the next request."""
        for pool in self._pools.values():
            pool.close()

    def post(self, url: str, content: bytes, headers: Mapping[bytes | str, bytes | str], *, seconds: float) -> Reply:
        """Send one POST and read the whole answer, within `seconds` of wall time.

        :raises RemoteFailed: if there is no complete answer, or it is larger than it may be
        """
        return self._sent("POST", url, content, headers, seconds)

    def get(self, url: str, headers: Mapping[bytes | str, bytes | str], *, seconds: float) -> Reply:
        """The same by GET, without a body.

        :raises RemoteFailed: if there is no complete answer, or it is larger than it may be
        """
        return self._sent("GET", url, None, headers, seconds)

    def _sent(
        self, method: str, url: str, content: bytes | None, headers: Mapping[bytes | str, bytes | str], seconds: float
    ) -> Reply:
        host = urlsplit(url).netloc
        pool = self._pools[url in self._settings.private_endpoints]
        self._deadline.at = self._clock() + seconds
        waits = {
            "connect": float(self._settings.connect_seconds),
            "read": float(self._settings.read_seconds),
            "write": float(self._settings.read_seconds),
            "pool": seconds,
        }
        begun = False
        try:
            with pool.stream(method, url, headers=headers, content=content, extensions={"timeout": waits}) as response:
                begun = True
                return self._read(response, host)
        except (httpcore.ConnectTimeout, httpcore.ConnectError, OSError) as error:
            raise RemoteFailed(f"no connection: {error}", host=host, cause=Cause.UNREACHABLE) from None
        except httpcore.TimeoutException:
            raise RemoteFailed("it took too long to answer", host=host, cause=Cause.TIMED_OUT) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            cause = Cause.TRUNCATED if begun else Cause.UNREACHABLE
            raise RemoteFailed(f"the connection broke: {error}", host=host, cause=cause) from None

    def _read(self, response: httpcore.Response, host: str) -> Reply:
        heads = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in response.headers}
        body = _Body(heads.get("content-encoding", "identity").lower(), self._settings.answer_bytes)
        for piece in response.iter_stream():
            if not body.take(piece):
                message = f"the answer is larger than {self._settings.answer_bytes} bytes"
                hint = "ask for less: fewer variables, a tighter pattern"
                raise RemoteFailed(message, host=host, cause=Cause.ANSWER_SIZE, hint=hint)
        if not body.complete:
            raise RemoteFailed("the answer is cut", host=host, cause=Cause.TRUNCATED)
        return Reply(
            response.status,
            heads.get("content-type", "").partition(";")[0].strip().lower(),
            body.content,
            body.received,
            heads.get("retry-after"),
            heads.get("location"),
        )


class _Body:
    """Gathers a body, unpacked on the way, up to its largest size."""

    def __init__(self, encoding: str, limit: int) -> None:
        self.received = 0
        self._limit, self._size = limit, 0
        self._pieces: list[bytes] = []
        self._unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding in {"gzip", "x-gzip"} else None

    def take(self, piece: bytes) -> bool:
        self.received += len(piece)
        if self._unpacker is not None:
            try:
                piece = self._unpacker.decompress(piece, self._limit - self._size + 1)
            except zlib.error as error:
                raise httpcore.RemoteProtocolError(f"it is no gzip: {error}") from None
        self._size += len(piece)
        self._pieces.append(piece)
        return self._size <= self._limit

    @property
    def complete(self) -> bool:
        return self._unpacker is None or self._unpacker.eof

    @property
    def content(self) -> bytes:
        return b"".join(self._pieces)


class _Deadline(threading.local):
    """When the request of this thread must be over."""

    at: float = 0.0


class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were looked at, and gives no socket more time than the request has."""

    def __init__(self, resolver: Resolver, deadline: _Deadline, clock: Clock, *, private: bool) -> None:
        self._resolve, self._deadline, self._clock, self._private = resolver, deadline, clock, private
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = [*self._resolve(host, port)]
        refused = [] if self._private else [address for address in addresses if not is_public(address)]
        if refused:
            message = f"its address {refused[0]} is not one of the open net"
            hint = "name the endpoint in private_endpoints if it is yours"
            raise RemoteFailed(message, host=host, cause=Cause.ADDRESS, hint=hint)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                left = _left(self._deadline, self._clock, timeout, httpcore.ConnectTimeout)
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
                return _BoundedStream(stream, self._deadline, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline, clock: Clock) -> None:
        self._stream, self._deadline, self._clock = stream, deadline, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, self._clock, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, self._clock, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, self._clock, timeout, httpcore.ConnectTimeout)
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: _Deadline, clock: Clock, timeout: float | None, late: type[Exception]) -> float:
    left = deadline.at - clock()
    if left <= 0:
        raise late("the time of the request is over")
    return left if timeout is None else min(left, timeout)
