"""What we owe a host: one request at a time, a budget, patience when it asks for it, and peace when it fails.

The numbers are those by which the Wikidata Query Service judges a client: 60 seconds of query time a minute with a
burst of 120, and 30 errors a minute with a burst of 60. A client that goes on after status 429 is banned for a day;
the circuit opens long before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from kg.errors import Cause, RemoteFailed

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Budget:
    """What a host grants to one client; times in seconds."""

    seconds_a_minute: float = 60
    seconds_at_once: float = 120
    errors_a_minute: float = 30
    errors_at_once: float = 60
    failures: int = 8
    """Failures in a row that open the circuit; those that the question is to blame for do not count."""
    rest: float = 60
    """How long it stays open the first time; it doubles each time after."""
    longest_rest: float = 3600


class TokenBucket:
    """Tokens that come back steadily; what was taken may exceed them, and is then waited for.

    >>> bucket = TokenBucket(rate=1, capacity=2, now=0)
    >>> bucket.take(5, now=0)
    >>> bucket.wait(now=0), bucket.wait(now=10)
    (3.0, 0.0)
    """

    def __init__(self, *, rate: float, capacity: float, now: float) -> None:
        self._rate, self._capacity, self._level, self._at = rate, capacity, capacity, now

    def take(self, amount: float, now: float) -> None:
        """Take tokens, below zero if need be."""
        self._level = self._filled(now) - amount
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until there is more than nothing."""
        return max(0.0, -self._filled(now) / self._rate)

    def _filled(self, now: float) -> float:
        return min(self._capacity, self._level + (now - self._at) * self._rate)


class Host:
    """One host and all that is known of its patience; every method but `turn` is called within a turn."""

    def __init__(self, name: str, budget: Budget, clock: Clock) -> None:
        now = clock()
        self.name = name
        self._budget, self._clock = budget, clock
        self._lock = threading.Lock()
        self._work = TokenBucket(rate=budget.seconds_a_minute / 60, capacity=budget.seconds_at_once, now=now)
        self._errors = TokenBucket(rate=budget.errors_a_minute / 60, capacity=budget.errors_at_once, now=now)
        self._not_before = now
        self._closed_again = now
        self._failures = 0
        self._rest = budget.rest

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """The right to ask this host, which one request at a time has.

        :raises RemoteFailed: if it does not come within `seconds`
        """
        if not self._lock.acquire(timeout=max(0.0, seconds)):
            raise RemoteFailed("other queries keep it busy", host=self.name, cause=Cause.BUDGET, hint="try again later")
        try:
            yield
        finally:
            self._lock.release()

    def wait(self) -> float:
        """Seconds until the next request may be sent.

        :raises RemoteFailed: if the circuit is open
        """
        now = self._clock()
        if now < self._closed_again:
            message = f"it failed too often and is left alone for {self._closed_again - now:.0f} s"
            raise RemoteFailed(message, host=self.name, cause=Cause.CIRCUIT_OPEN)
        return max(self._not_before - now, self._work.wait(now), self._errors.wait(now))

    def answered(self, seconds: float) -> None:
        """Account an answer that could be used, and the time that it took."""
        self._work.take(seconds, self._clock())
        self._failures = 0
        self._rest = self._budget.rest

    def failed(self, seconds: float, cause: Cause, pause: float | None) -> None:
        """Account a failure; `pause` is what the host asked for, in seconds."""
        now = self._clock()
        self._work.take(seconds, now)
        self._errors.take(1, now)
        if cause in _BLAMED_ON_QUESTION:
            return
        self._failures += 1
        if pause is not None:
            self._not_before = now + pause
        elif cause in _PAUSED:
            self._not_before = now + min(2.0 ** (self._failures - 1), self._budget.rest)
        if cause is Cause.BANNED:
            self._closed_again = now + self._budget.longest_rest
        elif self._failures >= self._budget.failures:
            # One more failure after the rest opens it again, for longer.
            self._closed_again = max(now + self._rest, self._not_before)
            self._rest = min(self._rest * 2, self._budget.longest_rest)


_BLAMED_ON_QUESTION: Final = frozenset(
    {Cause.REJECTED, Cause.REQUEST_SIZE, Cause.ANSWER_SIZE, Cause.TERM, Cause.VARIABLES}
)
_PAUSED: Final = frozenset({Cause.THROTTLED, Cause.UNAVAILABLE, Cause.UNREACHABLE})


def seconds_of(retry_after: str | None, today: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, section 10.2.3), or None.

    >>> seconds_of("7"), seconds_of("soon"), seconds_of(None)
    (7.0, None, None)
    """
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - today()).total_seconds())
    except (ValueError, TypeError):
        return None
