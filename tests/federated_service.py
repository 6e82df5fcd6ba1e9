"""300 organisations here, 20,000 items there, and a server that joins them: what the tests of HTTP federation share."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from patience import PATIENCE
from serving import running
from tiny import write_release
from wikidata_stand_in import StandIn, synthetic_items

FIRST = 900_000_000
ITEM = "http://www.wikidata.org/entity/Q"
ORGANISATIONS = 300
FACTS = "".join(
    f'd:o{n} a zel:Agreement ; rdfs:label "منظمة رقم {n}"@ar ; owl:sameAs <{ITEM}{FIRST + n}> .\n'
    for n in range(ORGANISATIONS)
)
PREFIXES = (
    "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "PREFIX zel: <https://w3id.org/zellige/ont#>\n"
)
CONTACT = "graph@example.org"


def question(endpoint: str, *, silent: str = "", filtered: str = "") -> str:
    """The Arabic name that each organisation has there."""
    return (
        f"{PREFIXES}SELECT ?org ?label {{ ?org a zel:Agreement ; owl:sameAs ?item . {filtered} "
        f'SERVICE {silent} <{endpoint}> {{ ?item rdfs:label ?label FILTER(LANG(?label) = "ar") }} }} ORDER BY ?org'
    )


def expected() -> list[list[str]]:
    """The rows of `question`, as CSV has them."""
    rows = [[f"https://w3id.org/zellige/id/o{n}", f"item {FIRST + n} ar"] for n in range(ORGANISATIONS)]
    return sorted(rows)


def federation(*endpoints: str, **more: Any) -> dict[str, Any]:
    """The settings that let a server on this machine ask these endpoints on this machine."""
    return {
        "endpoints": list(endpoints), "private_endpoints": list(endpoints), "contact": CONTACT, "connect_seconds": 5,
        "cache_seconds": 0, **more,
    }  # fmt: skip


@contextmanager
def joined(root: Path, work: Path, remote: StandIn, *, facts: str = FACTS, **settings: Any) -> Iterator[str]:
    """The address of `/sparql` of a server over the organisations, which may ask `remote`."""
    write_release(work / "releases", facts=facts)
    settings.setdefault("federation", federation(remote.url))
    settings.setdefault("deadline", PATIENCE)
    with running(work / "releases", root, work, **settings) as (url, _):
        yield f"{url}/sparql"


def stand_in(items: int = 20_000) -> StandIn:
    """A stand-in with that many items."""
    return StandIn().add(synthetic_items(items, FIRST))


class Reply:
    """A complete response."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()


def ask(url: str, query: str, **given: str) -> Reply:
    """POST a query as a form; what is `given` are further parameters, and headers where they begin with a capital."""
    headers = {name.replace("_", "-"): value for name, value in given.items() if name[0].isupper()}
    form = {name: value for name, value in given.items() if not name[0].isupper()}
    content = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/csv", **headers}
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("POST", urlsplit(url).path, urlencode({"query": query, **form}), content)
        return Reply(line.getresponse())
