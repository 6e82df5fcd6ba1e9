"""Queries with SERVICE, as a server answers them: one polite client for all, and an end for each query."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from kg.config import Federation
from kg.errors import DeadlineExceeded, EngineBusy, EngineFailed
from kg.sparql.federation import Federated, federate
from kg.sparql.guard import Draft, Query, draft
from kg.sparql.politeness import Clock
from kg.sparql.receipt import Meter, Receipt, receipt_of
from kg.sparql.remote import RemoteClient
from kg.sparql.solutions import Table

Evaluate = Callable[[Query, float], bytes]
"""Evaluates a query here, in so many seconds at most, and gives SPARQL results in JSON."""


def service_in(text: str) -> Draft | None:
    """The draft of a query that holds SERVICE; None for every other, which `kg.sparql.guard.check` judges.

    :raises QueryRefused: see `kg.sparql.guard.draft`
    :raises QueryError: likewise

    >>> service_in("ASK { SERVICE <http://example.org/> {} }").form
    <Form.ASK: 'ASK'>
    >>> service_in("ASK { ?service ?p 1 }") is None
    True
    """
    if "\\" not in text and "service" not in text.casefold():
        return None
    written = draft(text)
    return written if written.has_service else None


class Federator:
    """Asks elsewhere for all queries of one server; safe to be used by many threads."""

    def __init__(
        self, settings: Federation, *, clock: Clock = time.monotonic, sleep: Callable[[float], None] | None = None
    ) -> None:
        """:raises ConfigError: if the settings name no contact"""
        self._ended = threading.Event()
        self._places = threading.BoundedSemaphore(settings.queries)
        self._client = RemoteClient(settings, clock=clock, sleep=sleep or self._sleep)

    def close(self) -> None:
        """End every query that is under way, and close every connection."""
        self._ended.set()
        self._client.close()

    def inquiry(self, timeout: float | None = None) -> Inquiry:
        """A place for one query, which its `answered` gives back; `timeout`, in seconds, may only lower the limit.

        :raises EngineBusy: if as many queries as may be are under way
        """
        if not self._places.acquire(blocking=False):
            raise EngineBusy("too many queries with SERVICE are being answered", hint="send the query again later")
        return Inquiry(self._client, self._ended, self._places.release, timeout)

    def _sleep(self, seconds: float) -> None:
        # A server that ends does not wait for the budget of a host.
        self._ended.wait(seconds)


class Inquiry:
    """One query that asks elsewhere, in a thread of its own; it stops asking as soon as nobody waits for it."""

    def __init__(
        self, client: RemoteClient, ended: threading.Event, on_close: Callable[[], None], timeout: float | None
    ) -> None:
        limit = client.settings.seconds
        seconds = limit if timeout is None else min(limit, math.ceil(timeout))
        self.settings: Federation = replace(client.settings, seconds=seconds)
        self._client, self._ended, self._on_close = client, ended, on_close
        self._given_up = threading.Event()
        self._meters: dict[str, Meter] = {}

    def clock(self) -> float:
        """The present time, in seconds."""
        return self._client.clock()

    @property
    def seconds(self) -> float:
        """The time that was spent in requests so far."""
        return sum(meter.seconds for meter in tuple(self._meters.values()))

    @property
    def receipt(self) -> Receipt:
        """What it has cost so far, which is also known of a query that failed."""
        return receipt_of(dict(self._meters), [])

    def give_up(self) -> None:
        """Ask no more: nobody waits for the answer."""
        self._given_up.set()

    def answered(self, text: str, base: str, evaluate: Evaluate) -> Federated:
        """The query with its SERVICE clauses answered; `evaluate` answers what is asked here for that.

        To be called once: it gives the place of the query to the next one.

        :raises KgError: see `kg.sparql.federation.federate`
        """
        try:
            return self._answered(text, base, evaluate)
        finally:
            self._on_close()

    def _answered(self, text: str, base: str, evaluate: Evaluate) -> Federated:
        until = self.clock() + self.settings.seconds

        def ask(query: Query) -> bytes:
            left = until - self.clock()
            self._go_on()
            if left <= 0:
                raise DeadlineExceeded(f"the query has taken {self.settings.seconds} s", hint="ask for less")
            return evaluate(query, left)

        return federate(text, ask=ask, client=self, base=base)

    def select(self, endpoint: str, query: str, variables: Sequence[str], meter: Meter, *, until: float) -> Table:
        """The solutions of a query at an endpoint; see `kg.sparql.remote.RemoteClient.select`."""
        self._go_on()
        self._meters[endpoint] = meter
        return self._client.select(endpoint, query, variables, meter, until=until)

    def _go_on(self) -> None:
        if self._given_up.is_set() or self._ended.is_set():
            raise EngineFailed("nobody waits for the answer")
