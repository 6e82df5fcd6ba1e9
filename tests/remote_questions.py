"""A client of the stand-in, for the tests that need one."""

from __future__ import annotations

from typing import Any

import pytest
from wikidata_stand_in import VirtualClock

from kg.config import Federation
from kg.errors import RemoteFailed
from kg.sparql.receipt import Meter
from kg.sparql.remote import RemoteClient
from kg.sparql.solutions import Table

CONTACT = "graph@example.org"
LABELS = "SELECT ?item ?label WHERE { ?item <http://www.w3.org/2000/01/rdf-schema#label> ?label }"


def settings(*endpoints: str, **changes: Any) -> Federation:
    """Federation with endpoints on loopback."""
    known: dict[str, Any] = {
        "endpoints": endpoints,
        "private_endpoints": endpoints,
        "contact": CONTACT,
        "connect_seconds": 60,
        "read_seconds": 60,
        "total_seconds": 600,
    }
    return Federation(**{**known, **changes})


class Clients:
    """Makes clients and closes them all."""

    def __init__(self) -> None:
        self._made: list[RemoteClient] = []

    def __call__(
        self, *endpoints: str, clock: VirtualClock | None = None, budget: Any = None, **changes: Any
    ) -> RemoteClient:
        """A client that waits in virtual time."""
        clock = clock or VirtualClock()
        return self.real(settings(*endpoints, **changes), clock=clock, sleep=clock.sleep, budget=budget)

    def real(self, chosen: Federation, **given: Any) -> RemoteClient:
        """A client that waits in real time."""
        self._made.append(RemoteClient(chosen, **given))
        return self._made[-1]

    def close(self) -> None:
        for made in self._made:
            made.close()


def ask(asking: RemoteClient, endpoint: str, query: str = LABELS, **given: Any) -> tuple[Table, Meter]:
    """What a query brings, and what it cost."""
    meter = given.get("meter") or Meter(endpoint)
    variables = given.get("variables", ("item", "label"))
    return asking.select(endpoint, query, variables, meter, until=asking.clock() + 1000), meter


def failure(asking, endpoint, query=LABELS, **given) -> RemoteFailed:
    with pytest.raises(RemoteFailed) as caught:
        ask(asking, endpoint, query, **given)
    return caught.value
