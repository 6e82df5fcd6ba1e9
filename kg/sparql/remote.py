"""The polite client: asks endpoints elsewhere, never more than they bear, and trusts no answer that it cannot read.

One client serves all requests of a process: it holds what is known of each host, and the cache that all users share.
"""

from __future__ import annotations

import importlib.metadata
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlencode, urljoin, urlsplit

from kg.config import Federation
from kg.errors import Cause, ConfigError, RemoteFailed
from kg.sparql.politeness import Budget, Clock, Host, seconds_of
from kg.sparql.receipt import Meter
from kg.sparql.solutions import JSON_TYPE, XML_TYPE, Table, read_table
from kg.sparql.transport import Reply, Resolver, Transport, resolve
from kg.sparql.unusable import UnusableAnswer, trace_in

_TRIES: Final = 4
_TRIED_AGAIN: Final = frozenset({Cause.THROTTLED, Cause.UNAVAILABLE, Cause.UNREACHABLE})
_OK: Final = 200
_REJECTIONS: Final = range(400, 500)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CAUSES: Final[Mapping[int, Cause]] = {
    403: Cause.BANNED, 408: Cause.TIMED_OUT, 413: Cause.REQUEST_SIZE, 414: Cause.REQUEST_SIZE, 429: Cause.THROTTLED,
    502: Cause.UNAVAILABLE, 503: Cause.UNAVAILABLE, 504: Cause.TIMED_OUT,
}  # fmt: skip


def user_agent(contact: str) -> str:
    """Who asks, and whom to tell if it hurts (Wikimedia's User-Agent policy).

    :raises ConfigError: without a contact
    """
    if not contact.strip():
        hint = "set contact in [federation] to an e-mail address or a page"
        raise ConfigError("no endpoint is asked without a contact in the User-Agent", hint=hint)
    return f"zellige/{importlib.metadata.version('zellige')} ({contact.strip()}) SPARQL federation"


class RemoteClient:
    """Asks the endpoints of the settings; shared by all threads.

    :raises ConfigError: if the settings name no contact
    """

    def __init__(
        self,
        settings: Federation,
        *,
        budget: Budget | None = None,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolver: Resolver = resolve,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._sleep = sleep
        self._budget = budget or Budget()
        self._headers: Mapping[bytes | str, bytes | str] = {
            "User-Agent": user_agent(settings.contact),
            "Accept": f"{JSON_TYPE}, {XML_TYPE};q=0.5",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        # A virtual clock is for what is waited for; sockets live in the time of the machine.
        self._transport = Transport(settings, time.monotonic, resolver)
        self._cache = Cache(settings.cache_seconds, settings.cache_bytes, clock)
        self._hosts: dict[str, Host] = {}
        self._hosts_lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection, and make no more."""
        self._closed = True
        self._transport.close()

    def select(self, endpoint: str, query: str, variables: Sequence[str], meter: Meter, *, until: float) -> Table:
        """The solutions of a SELECT query at an endpoint, with these variables; `until` is a time of `clock`.

        :raises RemoteFailed: if there is no answer that can be used, or not in time
        """
        asked = _Question(query, tuple(variables), meter, until)
        outcome = self._turn(endpoint, asked)
        if isinstance(outcome, str):
            outcome = self._turn(self._followed(endpoint, outcome), asked)
        if isinstance(outcome, str):
            raise RemoteFailed("it redirects in circles", host=_host_of(endpoint), cause=Cause.REDIRECT)
        meter.rows += len(outcome.rows)
        meter.repaired += outcome.repaired
        return outcome

    def _followed(self, endpoint: str, location: str) -> str:
        target = urljoin(endpoint, location)
        if target not in self.settings.endpoints:
            message = f"it redirects to {target[:200]}, which is not on the list of endpoints"
            raise RemoteFailed(message, host=_host_of(endpoint), cause=Cause.REDIRECT)
        return target

    def _turn(self, endpoint: str, asked: _Question) -> Table | str:
        """The table, or the address that the endpoint redirects to."""
        key = (endpoint, asked.query, asked.variables)
        found = self._cache.get(key)
        if found is None:
            host = self._host(endpoint)
            with host.turn(min(self.settings.wait_seconds, asked.until - self.clock())):
                # Somebody may have asked the same while this thread waited for its turn.
                found = self._cache.get(key)
                if found is None:
                    outcome = self._tried(host, endpoint, asked)
                    if not isinstance(outcome, str):
                        table, size = outcome
                        self._cache.put(key, table, size)
                        return table
                    return outcome
        asked.meter.cache_hits += 1
        return found

    def _tried(self, host: Host, endpoint: str, asked: _Question) -> tuple[Table, int] | str:
        for tries_left in reversed(range(_TRIES)):
            self._wait(host, asked)
            started = self.clock()
            pause: float | None = None
            try:
                reply = self._posted(endpoint, asked)
                pause = seconds_of(reply.retry_after)
                outcome = _read(reply, host.name, asked.variables)
            except RemoteFailed as error:
                host.failed(self.clock() - started, error.cause, pause)
                if error.cause not in _TRIED_AGAIN or not tries_left:
                    raise
                asked.meter.retries += 1
            else:
                host.answered(self.clock() - started)
                return outcome if isinstance(outcome, str) else (outcome, len(reply.body))
        raise ValueError(_TRIES)

    def _wait(self, host: Host, asked: _Question) -> None:
        seconds = host.wait()
        if seconds <= 0:
            return
        if seconds > min(self.settings.wait_seconds, asked.until - self.clock()):
            message = f"its budget is used up for another {seconds:.0f} s"
            raise RemoteFailed(message, host=host.name, cause=Cause.BUDGET, hint="try again later")
        asked.meter.waited += seconds
        self._sleep(seconds)

    def _posted(self, endpoint: str, asked: _Question) -> Reply:
        if self._closed:
            raise RemoteFailed("nothing is asked any more", host=_host_of(endpoint), cause=Cause.UNREACHABLE)
        content = urlencode({"query": asked.query}).encode()
        asked.meter.requests += 1
        asked.meter.bytes_sent += len(content)
        started = self.clock()
        try:
            seconds = min(self.settings.total_seconds, asked.until - started)
            reply = self._transport.post(endpoint, content, self._headers, seconds=seconds)
        finally:
            asked.meter.seconds += self.clock() - started
        asked.meter.bytes_received += reply.received
        return reply

    def _host(self, endpoint: str) -> Host:
        name = _host_of(endpoint)
        with self._hosts_lock:
            if name not in self._hosts:
                self._hosts[name] = Host(name, self._budget, self.clock)
            return self._hosts[name]


@dataclass(frozen=True, slots=True)
class _Question:
    query: str
    variables: tuple[str, ...]
    meter: Meter
    until: float


def _host_of(endpoint: str) -> str:
    return urlsplit(endpoint).netloc


def _read(reply: Reply, host: str, variables: Sequence[str]) -> Table | str:
    """What a reply says: a table, or the address that it redirects to.

    :raises RemoteFailed: if it says neither
    """
    if reply.status == _OK:
        return _read_table(reply, host, variables)
    if reply.status in _REDIRECTS and reply.location:
        return reply.location
    other = Cause.REJECTED if reply.status in _REJECTIONS else Cause.STATUS
    cause = trace_in(reply.body) or _CAUSES.get(reply.status, other)
    said = " ".join(reply.body[:300].decode("utf-8", "replace").split())
    shown = "".join(character for character in said if character.isprintable())[:120]
    raise RemoteFailed(f"status {reply.status}: {shown}", host=host, cause=cause)


def _read_table(reply: Reply, host: str, variables: Sequence[str]) -> Table:
    if reply.media_type not in {JSON_TYPE, XML_TYPE}:
        cause = trace_in(reply.body) or Cause.CONTENT_TYPE
        message = f"the answer has the type {reply.media_type[:60] or 'unknown'}, which is no SPARQL result"
        raise RemoteFailed(message, host=host, cause=cause)
    try:
        return read_table(reply.body, reply.media_type, variables)
    except UnusableAnswer as error:
        raise RemoteFailed(str(error), host=host, cause=error.cause) from None


class Cache:
    """Answers by question, for a few minutes, up to a size; the answer used longest ago goes first."""

    def __init__(self, seconds: float, limit: int, clock: Clock) -> None:
        self._seconds, self._limit, self._clock = seconds, limit, clock
        self._lock = threading.Lock()
        self._size = 0
        self._kept: OrderedDict[object, tuple[float, int, Table]] = OrderedDict()

    def get(self, key: object) -> Table | None:
        """The answer, if it is still fresh."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            if found[0] <= self._clock():
                self._drop(key)
                return None
            self._kept.move_to_end(key)
            return found[2]

    def put(self, key: object, table: Table, size: int) -> None:
        """Keep an answer that is `size` bytes long."""
        size += 1000  # what a question and its entry take beside the answer
        with self._lock:
            if key in self._kept:
                self._drop(key)
            if size > self._limit or self._seconds <= 0:
                return
            self._kept[key] = (self._clock() + self._seconds, size, table)
            self._size += size
            while self._size > self._limit:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: object) -> None:
        self._size -= self._kept.pop(key)[1]
