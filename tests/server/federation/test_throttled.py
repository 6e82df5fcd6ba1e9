"""500 federated queries against a service with the buckets of WDQS: none is lost, and nobody is banned.

What the endpoint does with a query is done here in threads, as there; only the clock is another one, which the client
and the stand-in share and which goes on when somebody waits.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import NamedNode, Quad, QueryResultsFormat, Store
from remote_questions import settings
from wikidata_stand_in import Fault, StandIn, Throttle, VirtualClock, synthetic_items
from wikidata_stand_in.data import item

from kg.sparql.guard import Query
from kg.sparql.receipt import Cost
from server.federating import Federator

QUERIES = 500
FIRST = 900_000_000
SAME_AS = NamedNode("http://www.w3.org/2002/07/owl#sameAs")


@pytest.fixture(scope="module")
def here() -> Store:
    store = Store()
    store.extend(Quad(NamedNode(f"http://e/o{n}"), SAME_AS, item(FIRST + n)) for n in range(QUERIES + 1))
    return store


def ask(federator: Federator, here: Store, endpoint: str, number: int) -> tuple[int, Cost]:
    """The rows of a join of two things, and what it cost."""

    def evaluate(query: Query, seconds: float) -> bytes:
        assert seconds > 0
        return here.query(query.text).serialize(format=QueryResultsFormat.JSON)  # type: ignore[union-attr,return-value]

    text = f"""PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT * {{
        VALUES ?o {{ <http://e/o{number}> <http://e/o{number + 1}> }} ?o <{SAME_AS.value}> ?item
        SERVICE <{endpoint}> {{ ?item rdfs:label ?label FILTER(LANG(?label) = "ar") }} }}"""
    done = federator.inquiry().answered(text, "http://e/", evaluate)
    (cost,) = done.receipt.costs
    return len([*here.query(done.query.text)]), cost


def test_none_is_lost_and_nobody_is_banned(here):
    clock = VirtualClock()
    started = clock()
    # Others use as much of the shared budget as we do, so it is used up all the time.
    throttle = Throttle(clock, cost=0.9, others=0.9)
    with StandIn(throttle=throttle).add(synthetic_items(QUERIES + 1, FIRST)) as wikidata:
        federator = Federator(settings(wikidata.url, cache_seconds=0), clock=clock, sleep=clock.sleep)
        for number in range(0, QUERIES, 50):
            wikidata.fail(Fault.UNAVAILABLE, times=1, when=lambda query, n=number: f"Q{FIRST + n}>" in query)
            wikidata.fail(Fault.TIMED_OUT, times=1, when=lambda query, n=number + 25: f"Q{FIRST + n}>" in query)
        with ThreadPoolExecutor(4) as threads:
            answers = [*threads.map(lambda number: ask(federator, here, wikidata.url, number), range(QUERIES))]
        federator.close()
    assert [rows for rows, _ in answers] == [2] * QUERIES
    costs = [cost for _, cost in answers]
    log = wikidata.log
    assert sum(cost.requests for cost in costs) == len(log)
    assert sum(cost.bytes_sent for cost in costs) == sum(len(each.body) for each in log)
    assert sum(cost.bytes_received for cost in costs) == sum(each.answer_bytes for each in log)
    assert sum(cost.retries for cost in costs) == sum(each.status in {429, 503} for each in log)
    assert {each.in_flight for each in log} == {1}
    assert {each.status for each in log} == {200, 429, 503}
    # The budget of 60 s a minute ran out again and again, and each time one request was told so.
    assert 10 <= throttle.throttled == sum(each.status == 429 for each in log) <= 30
    assert clock() - started > (QUERIES * 1.8 - 120)
