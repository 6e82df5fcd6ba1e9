"""Every way in which an endpoint can fail, and what the person who asked is told."""

from __future__ import annotations

import pytest
from sparql.federated_queries import asking, labels, organisations, solutions
from wikidata_stand_in import Fault, VirtualClock

from kg.errors import Cause, DeadlineExceeded, RemoteFailed
from kg.sparql.federation import federate

BELIEVED = {Fault.BAD_TAG}
PERSISTENT = {
    Fault.TIMED_OUT: Cause.TIMED_OUT, Fault.CUT: Cause.TRUNCATED, Fault.SHORT: Cause.TRUNCATED,
    Fault.TRACE_AFTER: Cause.TIMED_OUT, Fault.TRACE_500: Cause.TIMED_OUT, Fault.HTML: Cause.CONTENT_TYPE,
    Fault.HTML_AS_JSON: Cause.NO_RESULTS, Fault.WRONG_TYPE: Cause.CONTENT_TYPE,
    Fault.WRONG_VARIABLES: Cause.VARIABLES, Fault.WRONG_SHAPE: Cause.NO_RESULTS, Fault.THROTTLED: Cause.THROTTLED,
    Fault.UNAVAILABLE: Cause.UNAVAILABLE, Fault.BANNED: Cause.BANNED, Fault.TOO_LONG: Cause.REQUEST_SIZE,
    Fault.TOO_LARGE: Cause.REQUEST_SIZE, Fault.BROKEN: Cause.STATUS, Fault.HUGE: Cause.ANSWER_SIZE,
    Fault.REDIRECT: Cause.REDIRECT, Fault.DRIP: Cause.TIMED_OUT, Fault.SILENT: Cause.TIMED_OUT,
}  # fmt: skip


def limits(fault):
    """Only who waits for what does not end is to be done with it soon."""
    seconds = {"total_seconds": 1, "read_seconds": 1} if fault in {Fault.DRIP, Fault.SILENT} else {}
    return {"answer_bytes": 2_000_000, **seconds}


def test_the_table_of_faults_is_complete():
    assert PERSISTENT.keys() | BELIEVED == set(Fault)


@pytest.mark.parametrize("fault", PERSISTENT, ids=lambda fault: fault.name)
def test_a_fault_is_an_error_that_names_host_batch_and_cause(fault, wikidata, client):
    wikidata.fail(fault)
    local = organisations(2)
    with pytest.raises(RemoteFailed) as caught:
        federate(labels(wikidata.url), ask=asking(local), client=client(wikidata.url, **limits(fault)))
    error = caught.value
    assert error.cause is PERSISTENT[fault]
    assert error.host in wikidata.url
    assert f"SERVICE <{wikidata.url}> in line 3, bindings 1 to " in str(error)


@pytest.mark.parametrize("fault", PERSISTENT, ids=lambda fault: fault.name)
def test_silent_covers_every_fault(fault, wikidata, client):
    wikidata.fail(fault)
    local = organisations(2)
    done = federate(labels(wikidata.url, "SILENT"), ask=asking(local), client=client(wikidata.url, **limits(fault)))
    found = solutions(local, done.query.text)
    assert sorted(row[1] for row in found) == [("o", "<http://e/o0>"), ("o", "<http://e/o1>")]
    assert {row[0] for row in found} == {("label", "None")}
    assert len(done.receipt.costs[0].silenced) == 1


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_tag_that_is_none_costs_no_row(silent, wikidata, client):
    wikidata.fail(Fault.BAD_TAG)
    local = organisations(2)
    done = federate(labels(wikidata.url, silent), ask=asking(local), client=client(wikidata.url))
    assert {row["label"].language for row in local.query(done.query.text)} == {"lzh"}
    assert done.receipt.costs[0].repaired == 2
    assert done.receipt.costs[0].silenced == ()


@pytest.mark.parametrize("fault", [Fault.TIMED_OUT, Fault.CUT, Fault.TOO_LONG, Fault.TOO_LARGE, Fault.TRACE_500])
def test_a_batch_that_is_too_large_is_halved(fault, wikidata, client):
    wikidata.fail(fault, when=lambda query: query.count("wikidata.org/entity") > 30)
    local = organisations(100)
    done = federate(labels(wikidata.url), ask=asking(local), client=client(wikidata.url))
    assert len([*local.query(done.query.text)]) == 100
    sizes = [received.query.count("wikidata.org/entity") for received in wikidata.log]
    assert sizes == [100, 50, 25, 25, 25, 25]


def test_an_endpoint_that_is_slow_with_every_batch_is_given_up_soon(wikidata, client):
    wikidata.fail(Fault.TIMED_OUT)
    with pytest.raises(RemoteFailed):
        federate(labels(wikidata.url), ask=asking(organisations(100)), client=client(wikidata.url))
    assert len(wikidata.log) == 5


def test_a_failure_in_the_second_batch_silences_the_whole_clause(wikidata, client):
    wikidata.fail(Fault.BROKEN, when=lambda _: len(wikidata.log) >= 1)
    local = organisations(150)
    done = federate(labels(wikidata.url, "SILENT"), ask=asking(local), client=client(wikidata.url))
    assert {row["label"] for row in local.query(done.query.text)} == {None}


def test_all_requests_together_have_a_time_and_a_number(wikidata, client):
    clock = VirtualClock()
    wikidata._answer = lambda query, kind, inner=wikidata._answer: (clock.spend(40), inner(query, kind))[1]
    asks = client(wikidata.url, clock=clock, seconds=100)
    with pytest.raises((DeadlineExceeded, RemoteFailed)):
        federate(labels(wikidata.url), ask=asking(organisations(400)), client=asks)
    assert len(wikidata.log) == 3
    with pytest.raises(RemoteFailed, match="caused 2 requests"):
        federate(labels(wikidata.url), ask=asking(organisations(400)), client=client(wikidata.url, requests=2))


def test_more_rows_than_may_come_back_are_an_error(wikidata, client):
    with pytest.raises(RemoteFailed, match="more than 150 rows"):
        federate(labels(wikidata.url), ask=asking(organisations(200)), client=client(wikidata.url, rows=150))
