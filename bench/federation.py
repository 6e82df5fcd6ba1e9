"""What a join with an endpoint costs: bindings in batches, beside the engine that fetches everything by itself.

    python bench/federation.py [LOCAL] [ITEMS] [ROUNDS]

The endpoint is the stand-in of the tests on loopback, with ITEMS synthetic items of six triples; here are LOCAL
organisations that name every second of them. Prints requests, bytes and medians of wall seconds; both must give the
same answer. With more than 50,000 items the engine's own SERVICE is left out, for it would fetch them all.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryResultsFormat, Store

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tests")]

from wikidata_stand_in import StandIn, synthetic_items  # noqa: E402
from wikidata_stand_in.data import item  # noqa: E402

from kg.config import Federation  # noqa: E402
from kg.sparql.federation import federate  # noqa: E402
from kg.sparql.remote import RemoteClient  # noqa: E402

NAIVE_ITEMS = 50_000
FIRST = 900_000_000


def query(endpoint: str) -> str:
    """The English labels of what the organisations are called elsewhere."""
    return f"""PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?organisation ?label {{ ?organisation owl:sameAs ?item .
        SERVICE <{endpoint}> {{ ?item rdfs:label ?label FILTER(LANG(?label) = "en") }} }}"""


def settings(endpoint: str) -> Federation:
    """Nothing is taken from a cache."""
    return Federation(
        endpoints=(endpoint,), private_endpoints=(endpoint,), contact="bench@example.org", cache_seconds=0
    )


def bound(local: Store, endpoint: str, client: RemoteClient) -> Counter[str]:
    """Our own evaluation."""
    done = federate(
        query(endpoint),
        ask=lambda asked: local.query(asked.text).serialize(format=QueryResultsFormat.JSON),
        client=client,
    )
    return Counter(map(str, local.query(done.query.text)))


def naive(local: Store, endpoint: str, client: RemoteClient) -> Counter[str]:
    """The engine's own evaluation."""
    del client
    return Counter(map(str, local.query(query(endpoint))))


def main() -> None:
    """Measure, interleaved, and print."""
    given = [*map(int, sys.argv[1:4])]
    count, items, rounds = [*given, *(300, 20_000, 3)[len(given) :]]
    local = Store()
    same_as = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
    local.extend(Quad(NamedNode(f"http://e/o{n}"), same_as, item(FIRST + n * 2 % items)) for n in range(count))
    ways: dict[str, Callable[[Store, str, RemoteClient], Counter[str]]] = {"bindings in batches": bound}
    if items <= NAIVE_ITEMS:
        ways["pyoxigraph's SERVICE"] = naive
    taken: dict[str, list[float]] = {name: [] for name in ways}
    answers: list[Counter[str]] = []
    with StandIn().add(synthetic_items(items)) as remote, RemoteClient(settings(remote.url)) as client:
        print(f"{count} organisations here, {len(remote.store)} triples there")
        for _ in range(rounds):
            for name, way in ways.items():
                remote.log.clear()
                started = time.perf_counter()
                answers.append(way(local, remote.url, client))
                taken[name].append(time.perf_counter() - started)
                sent, received = sum(len(r.body) for r in remote.log), sum(r.answer_bytes for r in remote.log)
                print(f"{name:22} {len(remote.log):5} requests {sent:9} B sent {received:9} B received")
    assert all(answer == answers[0] for answer in answers), "the answers differ"
    print(f"{answers[0].total()} rows each time")
    for name, seconds in taken.items():
        print(f"{name:22} {statistics.median(seconds):8.3f} s")


if __name__ == "__main__":
    main()
