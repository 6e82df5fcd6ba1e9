"""What a federated query cost, for each endpoint: kept while it runs, told when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final
from urllib.parse import quote

_PRINTABLE: Final = "!#$%&'()*+,/:;=?@[]^`{|}~ <>"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one endpoint was asked, and what it gave."""

    endpoint: str
    """Its address; of values of a variable that are no endpoint and were passed over, the variable with its mark."""
    requests: int = 0
    """HTTP requests sent, those that were tried again among them."""
    retries: int = 0
    cache_hits: int = 0
    bindings: int = 0
    """Distinct bindings sent."""
    rows: int = 0
    """Rows that came back, those out of the cache among them."""
    bytes_sent: int = 0
    bytes_received: int = 0
    """Bytes of the bodies of answers, as they came over the wire."""
    milliseconds: int = 0
    """Time spent in requests."""
    waited_milliseconds: int = 0
    """Time spent on waiting for the host's budget."""
    unbound: int = 0
    """SERVICE clauses that were sent without bindings."""
    repaired: int = 0
    """Terms that RDF does not know, such as the language tag zh-classical, and that were repaired."""
    blank_nodes: int = 0
    """Blank nodes that came back and stand in the answer as Skolem IRIs."""
    silenced: tuple[str, ...] = ()
    """Failures that SERVICE SILENT kept quiet, in words."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a query cost, endpoint by endpoint, in the order in which they were asked first."""

    costs: tuple[Cost, ...] = ()
    notes: tuple[str, ...] = ()
    """What the planner decided that a person may want to know."""

    def to_json(self) -> dict[str, object]:
        """The receipt as one JSON object.

        >>> Receipt((Cost("http://e/", requests=3),)).to_json()["endpoints"][0]["requests"]
        3
        """
        return {"endpoints": [asdict(cost) for cost in self.costs], "notes": list(self.notes)}

    def to_header(self) -> str:
        """The receipt in one line of ASCII, as parameters of each endpoint in a structured field (RFC 8941).

        Other characters of an address are percent-encoded, as in a URI.

        >>> Receipt((Cost("http://e/", requests=3),)).to_header()
        '"http://e/";requests=3;retries=0;cached=0;rows=0;sent=0;received=0;ms=0;silenced=0'
        """
        return ", ".join(
            f'"{quote(cost.endpoint, safe=_PRINTABLE)}";requests={cost.requests};retries={cost.retries}'
            f";cached={cost.cache_hits};rows={cost.rows};sent={cost.bytes_sent};received={cost.bytes_received};ms={cost.milliseconds}"
            f";silenced={len(cost.silenced)}"
            for cost in self.costs
        )


@dataclass(slots=True)
class Meter:
    """Adds up what one query does at one endpoint; used by the thread of that query alone."""

    endpoint: str
    requests: int = 0
    retries: int = 0
    cache_hits: int = 0
    bindings: int = 0
    rows: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    unbound: int = 0
    repaired: int = 0
    blank_nodes: int = 0
    silenced: list[str] = field(default_factory=list)

    def cost(self) -> Cost:
        """What was added up so far."""
        return Cost(
            self.endpoint,
            self.requests,
            self.retries,
            self.cache_hits,
            self.bindings,
            self.rows,
            self.bytes_sent,
            self.bytes_received,
            round(self.seconds * 1000),
            round(self.waited * 1000),
            self.unbound,
            self.repaired,
            self.blank_nodes,
            tuple(self.silenced),
        )


def receipt_of(meters: Mapping[str, Meter], notes: list[str]) -> Receipt:
    """The receipt of all meters."""
    return Receipt(tuple(meter.cost() for meter in meters.values()), tuple(notes))
