"""Requests that carry a query to an endpoint in every way there is, some of them a little wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_from_bytes

from rig.fragments import BROKEN

_ACCEPTED: Final = (
    "application/sparql-results+json, text/turtle;q=0.9, application/problem+json, */*;q=0.01",
    "application/sparql-results+json, application/n-triples, application/problem+json",
    "*/*",
    "application/json",
    "application/sparql-results+xml, application/rdf+xml, application/problem+json;q=0.1, */*;q=0.01",
    "text/csv, application/n-triples, application/problem+json;q=0.1, */*;q=0.01",
    "text/tab-separated-values, application/ld+json, application/problem+json;q=0.1, */*;q=0.01",
    "text/html",
    "text/plain",
    "image/png",
    ";;q=,*/x;q=2, text/*;q=0.00001",
)
_EXTRA: Final = tuple(
    """
format=json
format=csv
format=tsv
format=xml
format=turtle
format=ttl&format=nt
format=%00
timeout=0.2
timeout=1e-9
timeout=-1
timeout=9999999999
timeout=nan
queryId=a-b
receipt=true
receipt=x
default-graph-uri=urn:none
named-graph-uri=https://w3id.org/zellige/graph/claims
default-graph-uri=a%20b
named-graph-uri=
default-graph-uri=http://[
%=1
=
&&
query=ASK%7B%7D
update=CLEAR%20ALL
lang=xx
callback=x
a=%C3%28
a=%ED%A0%80
using-graph-uri=urn:x
\u00ff=1
""".strip()
    .encode("latin-1")
    .splitlines()
)
_TYPES: Final = (
    "application/sparql-query", "application/sparql-query; charset=utf-8", "application/sparql-query; charset=UTF-16",
    "APPLICATION/SPARQL-QUERY;;", "application/sparql-update", "text/plain", "", "application/sparql-query; charset",
)  # fmt: skip
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST: Final = 60_000
"""The longest target of a GET; a longer query is posted."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, in the bytes that are sent."""

    raw: bytes
    way: str
    """How the query is carried: `get`, `form` or `direct`."""
    accept: str


def carrying(query: bytes, path: str, trap: str, chance: random.Random) -> Request:
    """A request that carries a query; now and then with parameters, types or escapes that nobody should send."""
    accept = _ACCEPTED[0] if chance.randrange(3) else chance.choice(_ACCEPTED)
    extra = b"".join(b"&" + _parameter(trap, chance) for _ in range(chance.choice((0, 0, 0, 0, 0, 0, 1, 2))))
    pair = b"query=" + _escaped(query, chance) + extra
    way = chance.choice(("get", "form", "direct"))
    if way == "get" and len(pair) <= _LONGEST:
        return Request(_head(f"GET {path}?", pair, accept, {}), way, accept)
    if way == "direct":
        media_type = _TYPES[0] if chance.randrange(10) else chance.choice(_TYPES)
        headers = {"Content-Type": media_type, "Content-Length": str(len(query))}
        return Request(_head(f"POST {path}", b"?" + extra[1:] if extra else b"", accept, headers) + query, way, accept)
    headers = {"Content-Type": _FORM, "Content-Length": str(len(pair))}
    return Request(_head(f"POST {path}", b"", accept, headers) + pair, "form", accept)


def _head(first: str, rest: bytes, accept: str, headers: dict[str, str]) -> bytes:
    lines = [f"{name}: {value}" for name, value in {"Host": "127.0.0.1", "Accept": accept, **headers}.items()]
    return first.encode() + rest + b" HTTP/1.1\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n"


def _parameter(trap: str, chance: random.Random) -> bytes:
    if chance.randrange(4):
        return chance.choice(_EXTRA)
    name = chance.choice(("default-graph-uri", "named-graph-uri", "query", "using-graph-uri", "url"))
    return f"{name}={trap}".encode()


def _escaped(query: bytes, chance: random.Random) -> bytes:
    """The query as the value of a parameter, now and then with an escape that is none."""
    text = quote_from_bytes(query, safe="/:?=<>{}*().,;'$@!" if chance.randrange(2) else "").encode()
    text = text.replace(b"%20", b"+") if chance.randrange(2) else text
    if chance.randrange(25):
        return text
    place = chance.randint(0, len(text))
    put = chance.choice((b"%", b"%z", b"%2", b"%%", b"%u0041", b"+", b"%00", b"%0D%0A", b"#", b"%C0%80", *BROKEN[:6]))
    return text[:place] + put + text[place:]
