"""The polite client against the stand-in: what it sends, what it bears, what it refuses to believe."""

from __future__ import annotations

import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import Literal, Triple
from remote_questions import CONTACT, LABELS, ask, failure, settings
from wikidata_stand_in import Fault, StandIn, Throttle, VirtualClock
from wikidata_stand_in.data import RDFS_LABEL, item

from kg.config import Federation
from kg.errors import Cause, ConfigError
from kg.sparql.politeness import Budget
from kg.sparql.remote import RemoteClient, user_agent


def test_a_question_is_a_post_that_says_who_asks(remote, client):
    table, meter = ask(client(remote.url), remote.url)
    assert len(table.rows) == 15
    assert ("<http://www.wikidata.org/entity/Q900000000>", '"item 900000000 fr"@fr') in table.rows
    (received,) = remote.log
    assert received.method == "POST"
    assert received.query == LABELS
    assert CONTACT in received.headers["user-agent"]
    assert received.headers["user-agent"].startswith("zellige/")
    assert (meter.requests, meter.rows, meter.bytes_sent) == (1, 15, len(received.body))
    assert meter.bytes_received == received.answer_bytes


def test_without_a_contact_there_is_no_client(client):
    with pytest.raises(ConfigError):
        RemoteClient(Federation(endpoints=("https://query.wikidata.org/sparql",)))
    assert "(a@b.org)" in user_agent(" a@b.org ")


CELLS = {
    Fault.TIMED_OUT: Cause.TIMED_OUT,
    Fault.CUT: Cause.TRUNCATED,
    Fault.SHORT: Cause.TRUNCATED,
    Fault.TRACE_AFTER: Cause.TIMED_OUT,
    Fault.TRACE_500: Cause.TIMED_OUT,
    Fault.HTML: Cause.CONTENT_TYPE,
    Fault.HTML_AS_JSON: Cause.NO_RESULTS,
    Fault.WRONG_TYPE: Cause.CONTENT_TYPE,
    Fault.WRONG_VARIABLES: Cause.VARIABLES,
    Fault.WRONG_SHAPE: Cause.NO_RESULTS,
    Fault.THROTTLED: Cause.THROTTLED,
    Fault.UNAVAILABLE: Cause.UNAVAILABLE,
    Fault.BANNED: Cause.BANNED,
    Fault.TOO_LONG: Cause.REQUEST_SIZE,
    Fault.TOO_LARGE: Cause.REQUEST_SIZE,
    Fault.BROKEN: Cause.STATUS,
    Fault.HUGE: Cause.ANSWER_SIZE,
    Fault.REDIRECT: Cause.REDIRECT,
}


@pytest.mark.parametrize("fault", CELLS, ids=lambda fault: fault.name)
def test_no_bad_answer_is_believed(remote, fault, client):
    remote.fail(fault)
    error = failure(client(remote.url), remote.url)
    assert error.cause is CELLS[fault]
    assert error.host in remote.url
    assert error.host in str(error)


@pytest.mark.parametrize("fault", [Fault.DRIP, Fault.SILENT], ids=lambda fault: fault.name)
def test_a_body_that_does_not_end_is_given_up(remote, fault, client):
    remote.fail(fault)
    assert failure(client(remote.url, total_seconds=1, read_seconds=1), remote.url).cause is Cause.TIMED_OUT


def test_a_tag_that_is_none_is_repaired_and_counted(remote, client):
    remote.fail(Fault.BAD_TAG)
    table, meter = ask(client(remote.url), remote.url)
    assert {row[1].rpartition("@")[2] for row in table.rows if row[1]} == {"lzh"}
    assert meter.repaired == 15


def test_an_answer_may_be_xml(remote, client):
    remote.xml_only = True
    table, _ = ask(client(remote.url), remote.url)
    remote.xml_only = False
    again, _ = ask(client(remote.url), remote.url)
    assert sorted(table.rows) == sorted(again.rows)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.TIMED_OUT])
def test_cut_xml_is_no_answer(remote, fault, client):
    body = remote.store.query(LABELS).serialize(format=_xml())
    tail = b"" if fault is Fault.CUT else b"\njava.util.concurrent.TimeoutException\n\tat java.util.X(Y.java)\n"
    with StandIn(answer=lambda _q, _t: body[:-40] + tail) as cut:
        cut.xml_only = True
        assert failure(client(cut.url), cut.url).cause is CELLS[fault]


def _xml():
    from pyoxigraph import QueryResultsFormat

    return QueryResultsFormat.XML


def test_throttled_once_it_waits_as_long_as_it_is_told(remote, client):
    remote.fail(Fault.THROTTLED, times=1)
    clock = VirtualClock()
    table, meter = ask(client(remote.url, clock=clock), remote.url)
    assert len(table.rows) == 15
    assert clock.slept == [7]
    assert (meter.requests, meter.retries) == (2, 1)


def test_unavailable_it_backs_off_longer_each_time(remote, client):
    remote.fail(Fault.UNAVAILABLE, times=3)
    clock = VirtualClock()
    ask(client(remote.url, clock=clock), remote.url)
    assert clock.slept == [1, 2, 4]


def test_a_pause_longer_than_a_query_may_wait_is_an_error_at_once(remote, client):
    remote.fail(Fault.THROTTLED)
    clock = VirtualClock()
    assert failure(client(remote.url, clock=clock, wait_seconds=5), remote.url).cause is Cause.BUDGET
    assert len(remote.log) == 1
    assert clock.slept == []


def test_banned_it_asks_no_more(remote, client):
    remote.fail(Fault.BANNED, times=1)
    asking = client(remote.url)
    assert failure(asking, remote.url).cause is Cause.BANNED
    assert failure(asking, remote.url).cause is Cause.CIRCUIT_OPEN
    assert len(remote.log) == 1


def test_after_failures_in_a_row_the_circuit_opens_and_closes_again(remote, client):
    remote.fail(Fault.BROKEN)
    clock = VirtualClock()
    asking = client(remote.url, clock=clock, budget=Budget(failures=3, rest=60))
    causes = [failure(asking, remote.url).cause for _ in range(5)]
    assert causes == [Cause.STATUS] * 3 + [Cause.CIRCUIT_OPEN] * 2
    clock.spend(61)
    assert failure(asking, remote.url).cause is Cause.STATUS
    clock.spend(61)
    assert failure(asking, remote.url).cause is Cause.CIRCUIT_OPEN, "the second rest is twice as long"
    clock.spend(60)
    remote.recover()
    assert ask(asking, remote.url)[0].rows


def test_a_bad_question_of_one_user_closes_nothing_for_others(remote, client):
    asking = client(remote.url, budget=Budget(failures=2))
    assert [failure(asking, remote.url, f"SELEKT {n}").cause for n in range(4)] == [Cause.REJECTED] * 4
    assert ask(asking, remote.url)[0].rows


def test_errors_have_a_budget_of_their_own(remote, client):
    clock = VirtualClock()
    asking = client(remote.url, clock=clock, budget=Budget(errors_at_once=3, errors_a_minute=30))
    for number in range(6):
        failure(asking, remote.url, f"SELEKT {number}")
    assert sum(clock.slept) > 0


def test_query_time_has_a_budget(remote, client):
    clock = VirtualClock()
    with StandIn(remote.store, throttle=Throttle(clock, cost=10)) as slow:
        asking = client(slow.url, clock=clock, budget=Budget(seconds_a_minute=30, seconds_at_once=20))
        for number in range(8):
            ask(asking, slow.url, f"{LABELS} # {number}")
    assert sum(clock.slept) > 0


def test_one_request_at_a_time(remote, client):
    remote.delay = 0.02
    asking = client.real(settings(remote.url))
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda n: ask(asking, remote.url, f"{LABELS} # {n}"), range(6)))
    assert len(done) == 6
    assert {received.in_flight for received in remote.log} == {1}


def test_the_same_question_is_asked_once_for_all_users(remote, client):
    asking = client.real(settings(remote.url))
    remote.delay = 0.05
    with ThreadPoolExecutor(6) as pool:
        meters = [meter for _, meter in pool.map(lambda _: ask(asking, remote.url), range(6))]
    assert len(remote.log) == 1
    assert sorted((meter.requests, meter.cache_hits) for meter in meters) == [(0, 1)] * 5 + [(1, 0)]


def test_an_answer_is_kept_for_five_minutes(remote, client):
    clock = VirtualClock()
    asking = client(remote.url, clock=clock)
    for seconds in (0, 299, 2):
        clock.spend(seconds)
        ask(asking, remote.url)
    assert len(remote.log) == 2


def test_a_failure_is_not_kept(remote, client):
    remote.fail(Fault.CUT, times=1)
    asking = client(remote.url)
    failure(asking, remote.url)
    assert ask(asking, remote.url)[0].rows


def test_the_cache_is_bounded(remote, client):
    asking = client(remote.url, cache_bytes=8_000)
    for _ in range(2):
        for number in range(10):
            ask(asking, remote.url, f"{LABELS} # {number}")
    assert len(remote.log) == 20


def test_the_stand_in_itself_bans_who_does_not_listen():
    clock = VirtualClock()
    throttle = Throttle(clock)
    with StandIn(throttle=throttle).add([Triple(item(1), RDFS_LABEL, Literal("x"))]) as remote:
        throttle.drain()
        statuses = set()
        for _ in range(205):
            try:
                urllib.request.urlopen(remote.url + "?query=ASK%7B%7D")
            except urllib.error.HTTPError as error:
                statuses.add(error.code)
                error.close()
    assert statuses == {429, 403}
