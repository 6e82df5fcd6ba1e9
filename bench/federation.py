"""What a join with an endpoint costs: bindings in batches, beside the engine that fetches everything by itself.

    python bench/federation.py [LOCAL] [ITEMS] [ROUNDS]
    python bench/federation.py --series

The endpoint is the stand-in of the tests on loopback, with ITEMS synthetic items of six triples; here are LOCAL
organisations that name every second of them. Prints requests, bytes and medians of wall seconds; both must give the
same answer. With more than 50,000 items the engine's own SERVICE is left out, for it would fetch them all.

`--series` joins 1,250 to 20,000 organisations with 1,000,000 triples, and as many again that name each item twice.
Prints requests and CPU time, of the client and the stand-in together, which is not that of other programs. Ends with
1 if the requests are not the distinct items divided by 100, rounded up, or the time for one item grows by more than
half over the series.
"""

from __future__ import annotations

import argparse
import math
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
LARGE = 166_667
"""Items of a million triples."""
SIZES = (1_250, 2_500, 5_000, 10_000, 20_000)
ROUNDS = 3
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


def organisations(count: int, items: int, *, each: int = 1) -> Store:
    """`count` organisations; every second item is named by `each` of them."""
    made = Store()
    same_as = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
    made.extend(Quad(NamedNode(f"http://e/o{n}"), same_as, item(FIRST + n // each * 2 % items)) for n in range(count))
    return made


def compare(count: int, items: int, rounds: int) -> None:
    """Measure both ways, interleaved, and print."""
    local = organisations(count, items)
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


def series() -> bool:
    """Measure joins of growing size with one endpoint; whether they are linear and ask no more than they must."""
    fine = True
    with StandIn().add(synthetic_items(LARGE)) as remote, RemoteClient(settings(remote.url)) as client:
        print(f"{len(remote.store)} triples there; medians of {ROUNDS} rounds")
        print("   rows  distinct  requests    received B     CPU s  CPU ms an item")
        for each in (1, 2):
            costs = []
            for distinct in SIZES:
                local = organisations(distinct * each, LARGE, each=each)
                seconds = []
                for _ in range(ROUNDS):
                    remote.log.clear()
                    started = time.process_time()
                    rows = bound(local, remote.url, client).total()
                    seconds.append(time.process_time() - started)
                    fine = fine and (rows, len(remote.log)) == (distinct * each, math.ceil(distinct / 100))
                costs.append(statistics.median(seconds) / distinct)
                received = sum(r.answer_bytes for r in remote.log)
                print(
                    f"{rows:7} {distinct:9} {len(remote.log):9} {received:13} {costs[-1] * distinct:9.3f}"
                    f" {costs[-1] * 1000:15.3f}"
                )
            fine = fine and costs[-1] <= 1.5 * costs[0]
    return fine


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description="What a join with an endpoint costs.")
    parser.add_argument("numbers", nargs="*", type=int, metavar="LOCAL ITEMS ROUNDS")
    parser.add_argument("--series", action="store_true")
    given = parser.parse_args()
    if not given.series:
        compare(*[*given.numbers, *(300, 20_000, 3)[len(given.numbers) :]][:3])
    elif not series():
        sys.exit("not linear, or not the requests that it takes")


if __name__ == "__main__":
    main()
