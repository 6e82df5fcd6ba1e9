"""The settings of `SERVICE`: whom a query may ask, and for how much."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Federation:
    """Which endpoints a query may ask by SERVICE, and how much of them; without `endpoints` it is off."""

    endpoints: tuple[str, ...] = ()
    """List of addresses that `SERVICE` may name, letter for letter."""
    private_endpoints: tuple[str, ...] = ()
    """Those of them that may live at a loopback or private address."""
    contact: str = ""
    """E-mail address or page, told to every endpoint; required with `endpoints`."""
    batch: int = 100
    """Rows of bindings in one request."""
    bindings: int = 20_000
    """Distinct bindings that one clause may send."""
    rows: int = 200_000
    """Rows that one clause may bring back."""
    unbound_rows: int = 10_000
    """The same where nothing narrows the question; 0 refuses such clauses."""
    requests: int = 500
    """Requests that one query may cause."""
    seconds: int = 300
    """Wall time of all requests of one query, in seconds."""
    connect_seconds: int = 10
    """Wait for a connection, in seconds."""
    read_seconds: int = 65
    """Silence endured in an answer, in seconds."""
    total_seconds: int = 75
    """Wall time of one request, in seconds."""
    wait_seconds: int = 120
    """Wait for a turn and for the budget of a host, in seconds."""
    answer_bytes: int = 16_000_000
    """Size of one answer, in bytes."""
    cache_seconds: int = 300
    """How long an answer is kept, in seconds."""
    cache_bytes: int = 64_000_000
    """Size of all answers kept, in bytes."""
    queries: int = 16
    """Queries with `SERVICE` that a server answers at once; one more is refused."""
