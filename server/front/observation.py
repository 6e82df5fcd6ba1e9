"""What the operator sees of the requests: figures for `/metrics`, and one line of JSON for each in the access log."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.errors import OperationError
from server.engine.pool import Pool
from server.front.cache import AnswerCache
from server.front.request import Scope
from server.http.quota import Quota

_LONGEST_NAME: Final = 300
_UNSEEN: Final = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What JSON leaves as it is, and a terminal obeys or hides: a line of the log is to look like what it says."""
_SECONDS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Served:
    """One request, as it is told afterwards."""

    scope: Scope
    client: str
    query: str = ""
    began: float = field(default_factory=time.perf_counter)


class Figures(Collector):
    """What is counted elsewhere, read when somebody asks."""

    def __init__(self, pool: Pool | None, cache: AnswerCache, quota: Quota) -> None:
        self._pool, self._cache, self._quota = pool, cache, quota

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        cache = self._cache
        yield _counter("zellige_cache_hits", "Answers given from the cache", cache.hits)
        yield _counter("zellige_cache_misses", "Answers that were not in the cache", cache.misses)
        yield _gauge("zellige_cache_bytes", "Memory of the cache, about", cache.size)
        yield _counter("zellige_quota_refusals", "Requests over the quota of a client", self._quota.refused)
        if self._pool is not None:
            counts = self._pool.counts
            yield _gauge("zellige_queue_length", "Queries that wait for a worker", self._pool.waiting)
            yield _gauge("zellige_workers_busy", "Workers that are answering", self._pool.busy)
            yield _counter("zellige_workers_started", "Workers started", counts.started)
            yield _counter("zellige_workers_lost", "Workers killed or crashed while they answered", counts.lost)
            yield _counter("zellige_queue_refusals", "Queries that found no worker in time", counts.refused)


class Observer:
    """Counts and logs requests; for the thread of the event loop."""

    def __init__(self, log: str = "", *, queries: bool = False) -> None:
        """`log` is where the access log goes: a file, `-` for standard error, empty for nowhere.

        With `queries` it holds the text of queries and not only its hash.

        :raises OperationError: if it cannot be opened
        """
        self._log: IO[str] | None = None
        self.reopen(log, queries=queries)
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "zellige_query_seconds",
            "Time of a query until its answer was sent, by outcome",
            ["outcome"],
            buckets=_SECONDS,
            registry=self.registry,
        )

        self._outcomes: dict[str, Histogram] = {}

    @property
    def logs(self) -> bool:
        """Whether there is an access log."""
        return self._log is not None

    def reopen(self, log: str, *, queries: bool) -> None:
        """Go on with another log, or with a new file of the same name where the old one was moved away.

        :raises OperationError: if it cannot be opened; the old one is kept then
        """
        opened, before = _opened(log), self._log
        self._log, self._queries = opened, queries
        if before is not None and before is not sys.stderr:
            before.close()

    def count(self, outcome: str, seconds: float) -> None:
        """One request has ended, where there is no log to tell of it."""
        observed = self._outcomes.get(outcome)
        if observed is None:
            observed = self._outcomes[outcome] = self._seconds.labels(outcome)
        observed.observe(seconds)

    def done(self, served: Served, status: int, outcome: str, size: int = 0) -> None:
        """One request has ended: `outcome` is one word, `size` the bytes of the body."""
        seconds = time.perf_counter() - served.began
        self.count(outcome, seconds)
        if self._log is None:
            return
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "client": served.client,
            "method": served.scope["method"],
            "path": served.scope["path"],
            "status": int(status),
            "outcome": outcome,
            "bytes": size,
            "ms": round(seconds * 1000, 2),
            "user_agent": _user_agent(served.scope),
        }
        if served.query:
            line["query_sha256"] = hashlib.sha256(served.query.encode()).hexdigest()[:16]
            if self._queries:
                line["query"] = served.query
        self._log.write(_UNSEEN.sub(_escaped, json.dumps(line, ensure_ascii=False)) + "\n")
        self._log.flush()

    def exposition(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self.registry)


def _opened(log: str) -> IO[str] | None:
    if not log:
        return None
    if log == "-":
        return sys.stderr
    try:
        return Path(log).open("a", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise OperationError(f"the access log {log} cannot be opened: {error.strerror}") from None


def _user_agent(scope: Scope) -> str:
    """What the client calls itself, as far as it fits; it may be anything."""
    values = [value for name, value in scope["headers"] if name == b"user-agent"]
    return b", ".join(values).decode("utf-8", "backslashreplace")[:_LONGEST_NAME]


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _counter(name: str, text: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(name, text, value=value)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
