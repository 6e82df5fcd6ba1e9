"""The budget of a client of WDQS: seconds of work, errors, and the ban of those who do not listen.

The numbers are those of the service's own filter: 60 s of query time a minute with a burst of 120 s, 30 errors a
minute with a burst of 60, and a ban of 24 hours after 200 throttled requests in 20 minutes. Tokens come back in one
step at the end of each period.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field


class VirtualClock:
    """A clock that stands still until somebody sleeps; client and stand-in share one."""

    def __init__(self, start: float = 1_000_000.0) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds
            self.slept.append(seconds)

    def spend(self, seconds: float) -> None:
        """Let time pass that nobody waited for on purpose."""
        with self._lock:
            self._now += seconds


@dataclass
class _Tokens:
    capacity: float
    refill: float
    period: float
    tokens: float
    filled: float

    def level(self, now: float) -> float:
        periods = math.floor((now - self.filled) / self.period)
        if periods:
            self.tokens = min(self.capacity, self.tokens + periods * self.refill)
            self.filled += periods * self.period
        return self.tokens

    def wait(self, now: float) -> float:
        return self.filled + self.period - now


@dataclass
class Throttle:
    """What WDQS remembers of one client, that is of one address and User-Agent."""

    clock: VirtualClock
    cost: float = 1.0
    """Seconds of work that each query takes."""
    others: float = 0.0
    """Seconds of work that others behind the same address and User-Agent cause for each query."""
    throttled: int = 0
    banned_until: float = -math.inf
    _time: _Tokens = field(init=False)
    _errors: _Tokens = field(init=False)
    _patience: _Tokens = field(init=False)

    def __post_init__(self) -> None:
        now = self.clock()
        self._time = _Tokens(120, 60, 60, 120, now)
        self._errors = _Tokens(60, 30, 60, 60, now)
        self._patience = _Tokens(200, 200, 1200, 200, now)

    def drain(self) -> None:
        """Somebody else behind the same address used the budget up."""
        self._time.level(self.clock())
        self._time.tokens = 0

    def refusal(self) -> tuple[int, float] | None:
        """The status and the seconds to wait, if this request is refused."""
        now = self.clock()
        if now < self.banned_until:
            return 403, self.banned_until - now
        for bucket in (self._time, self._errors):
            if bucket.level(now) <= 0:
                self.throttled += 1
                self._patience.level(now)
                self._patience.tokens -= 1
                if self._patience.tokens <= 0:
                    self.banned_until = now + 86_400
                return 429, max(bucket.wait(now), 1)
        return None

    def account(self, status: int) -> None:
        """Charge the work of a request that was answered."""
        self.clock.spend(self.cost)
        self._time.level(self.clock())
        self._time.tokens = max(0, self._time.tokens - self.cost - self.others)
        if status >= 400:
            self._errors.level(self.clock())
            self._errors.tokens = max(0, self._errors.tokens - 1)
