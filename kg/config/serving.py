"""What `kg serve` and queries with SERVICE may do: the sections `[server]` and `[federation]` of `kg.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

from kg.config.addresses import is_endpoint, is_public_url
from kg.errors import nearest

FILLING: Final = ("page", "everywhere", "nowhere")
"""Where prefixes may be declared for a query: on the query page, for the endpoint too, or nowhere."""
PUBLIC_URL_HINT: Final = "as in https://data.example.org: the site is at the root of its host"
_CONTACT: Final = re.compile(r"[!-~]+@[!-~]+\.[!-~]+|https?://[!-~]+", re.ASCII)

Fault = tuple[str, str, str | None]
"""What is wrong, with which key, and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where `kg serve` listens."""

    host: str = "127.0.0.1"
    """Address to bind."""
    port: int = 8000
    """Port."""
    public_url: str = ""
    """Where clients reach the server, as in `https://data.example.org`; without it, a loopback Host, else `base`."""
    threads: int = 4
    """Pages made at once."""
    workers: int = 0
    """Engine processes; 0 means one for each core, and two at least."""
    deadline: int = 10
    """Wall time of one query, in seconds."""
    memory_mib: int = 1024
    """Address space of one engine process, in MiB."""
    answer_mib: int = 128
    """Size of the largest answer, in MiB as it is sent."""
    queue: int = 64
    """Queries that may wait for an engine process."""
    cache_mib: int = 64
    """Memory for answers that are kept, in MiB; 0 keeps none."""
    client_seconds: int = 60
    """Engine time that one client may take in a minute, in seconds; 0 sets no limit."""
    trusted_proxies: str = ""
    """Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, with commas between them."""
    access_log: str = ""
    """Where the access log goes: a file, `-` for standard error, nothing for nowhere."""
    log_queries: bool = False
    """Whether the access log holds queries, and not only their hashes."""
    fill_prefixes: str = "page"
    """Where well-known prefixes are declared for a query that lacks them: `page`, `everywhere` or `nowhere`."""
    skip_unbound: bool = True
    """Whether aggregates pass over unbound variables of their operand (docs/endpoint.md#answers-by-the-standard)."""


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


def faults_of_server(server: Server) -> Iterator[Fault]:
    """What is wrong with the section `[server]`."""
    if server.fill_prefixes not in FILLING:
        what = f"[server] fill_prefixes must be one of {', '.join(FILLING)}, not {server.fill_prefixes!r}"
        yield what, "fill_prefixes", nearest(server.fill_prefixes, FILLING)
    if server.public_url and not is_public_url(server.public_url):
        what = f"[server] public_url must be the http(s) address of a host, not {server.public_url!r}"
        yield what, "public_url", PUBLIC_URL_HINT


def faults_of_federation(federation: Federation) -> Iterator[Fault]:
    """What is wrong with the section `[federation]`."""
    for endpoint in federation.endpoints:
        if not is_endpoint(endpoint):
            what = "must be the http(s) address of an endpoint, without name, password and fragment"
            yield f"[federation] {endpoint!r} {what}", "endpoints", None
    for endpoint in sorted(set(federation.private_endpoints) - set(federation.endpoints)):
        yield f"[federation] {endpoint!r} is private but not among the endpoints", "private_endpoints", None
    if federation.endpoints and not _CONTACT.fullmatch(federation.contact):
        hint = "give an e-mail address or a page where the operators of the endpoints reach you"
        yield "[federation] contact is missing", "federation", hint
    for setting in fields(federation):
        value = getattr(federation, setting.name)
        if setting.name not in {"unbound_rows", "cache_seconds", "cache_bytes"} and value == 0:
            yield f"[federation] {setting.name} must be 1 at least", setting.name, None
