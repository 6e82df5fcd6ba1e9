"""SERVICE as a query with it behaves: what is sent, what comes back, what is refused, what it cost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat, Store
from remote_questions import Clients
from remote_questions import settings as settings_of
from services import DECEPTIVE, SPELLINGS
from sparql.federated_queries import ENDPOINTS, Remotes, asking, solutions
from wikidata_stand_in import Fault, StandIn, VirtualClock, hand_made, real_items, synthetic_items
from wikidata_stand_in.data import RDFS_LABEL, item

from kg.errors import Cause, DeadlineExceeded, QueryError, QueryRefused, RemoteFailed
from kg.sparql.federation import SKOLEM, federate
from kg.sparql.guard import check
from kg.sparql.solutions import Table

ONE, TWO = ENDPOINTS
SAME_AS = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
PROLOGUE = """PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wdt: <http://www.wikidata.org/prop/direct/> PREFIX e: <http://e/> """


def organisations(count: int, first: int = 900_000_000) -> Store:
    store = Store()
    for number in range(count):
        store.add(Quad(NamedNode(f"http://e/o{number}"), SAME_AS, item(first + number)))
    return store


def labels(endpoint: str, silent: str = "") -> str:
    return f"""{PROLOGUE} SELECT ?o ?label {{ ?o owl:sameAs ?i .
        SERVICE {silent} <{endpoint}> {{ ?i rdfs:label ?label FILTER(LANG(?label) = "en") }} }}"""


@pytest.fixture
def client():
    clients = Clients()
    yield clients
    clients.close()


@pytest.fixture
def wikidata():
    with StandIn().add(synthetic_items(400)) as stand_in:
        yield stand_in


# --- what is sent


def test_distinct_bindings_go_out_in_batches_of_a_hundred(wikidata, client):
    local = organisations(300)
    for number in range(50):
        local.add(Quad(NamedNode(f"http://e/again{number}"), SAME_AS, item(900_000_000 + number)))
    done = federate(labels(wikidata.url), ask=asking(local), client=client(wikidata.url))
    assert len([*local.query(done.query.text)]) == 350
    assert [received.query.count("wikidata.org/entity") for received in wikidata.log] == [100, 100, 100]
    (cost,) = done.receipt.costs
    assert (cost.requests, cost.bindings, cost.rows, cost.unbound) == (3, 300, 300, 0)
    assert cost.bytes_sent == sum(len(received.body) for received in wikidata.log)
    assert cost.bytes_received == sum(received.answer_bytes for received in wikidata.log)


def test_what_nobody_needs_is_not_asked(wikidata, client):
    done = federate(labels(wikidata.url), ask=asking(Store()), client=client(wikidata.url))
    assert wikidata.log == []
    assert [*Store().query(done.query.text)] == []


def test_a_query_without_service_asks_nobody_and_is_left_alone():
    done = federate("SELECT ?service { ?service ?p 'SERVICE' }", ask=None, client=Remotes({}))
    assert done.query.text == "SELECT ?service { ?service ?p 'SERVICE' }"
    assert done.receipt.costs == ()


def test_filters_and_later_patterns_narrow_what_is_sent():
    local = organisations(5)
    local.add(Quad(NamedNode("http://e/o1"), NamedNode("http://e/kind"), NamedNode("http://e/Lab")))
    local.add(Quad(NamedNode("http://e/o2"), NamedNode("http://e/kind"), NamedNode("http://e/Lab")))
    remote = Remotes({ONE: Store()})
    query = f"""{PROLOGUE} SELECT * {{ ?o owl:sameAs ?i SERVICE <{ONE}> {{ ?i rdfs:label ?l }}
        ?o e:kind e:Lab FILTER(?o != e:o2) }}"""
    federate(query, ask=asking(local), client=remote)
    assert [text.count("wikidata.org/entity") for _, text in remote.asked] == [1]
    assert "Q900000001>" in remote.asked[0][1]


def test_only_the_variables_that_are_needed_are_asked_for():
    remote = Remotes({ONE: Store()})
    body = "{ ?i rdfs:label ?label ; wdt:P17 ?country . ?country rdfs:label ?unused }"
    for head, asked in (("?label", "SELECT ?i ?label WHERE"), ("*", "SELECT ?country ?i ?label ?unused WHERE")):
        federate(
            f"{PROLOGUE} SELECT {head} {{ ?o owl:sameAs ?i SERVICE <{ONE}> {body} }}",
            ask=asking(organisations(1)),
            client=remote,
        )
        assert asked in remote.asked[-1][1]


def test_only_used_prefixes_are_sent_and_every_iri_in_full():
    remote = Remotes({ONE: Store()})
    query = f"""BASE <http://base/dir/> PREFIX : <x#> PREFIX owl: <http://www.w3.org/2002/07/owl#> SELECT * {{
        ?o owl:sameAs ?i # a comment with }} in it
        SERVICE <{ONE}> {{ ?i :p <../y>, '#', "<z>" . # and SERVICE {{ here
        }} }}"""
    federate(query, ask=asking(organisations(1)), client=remote)
    ((_, text),) = remote.asked
    assert text.startswith("PREFIX : <http://base/dir/x#> SELECT ?i WHERE { VALUES ?i {")
    assert text.endswith("""?i :p <http://base/y>, '#', "<z>" . }""")


@pytest.mark.parametrize(
    ("condition", "sent"),
    [
        ('FILTER(LANG(?l) = "fr")', True),
        ('FILTER LANGMATCHES(LANG(?l), "fr")', True),
        ('FILTER(STR(?l) IN ("a", "b") && !CONTAINS(STR(?l), "c"))', True),
        ('FILTER(?l = "a")', False),
        ("FILTER(LANG(?l) = LANG(?other))", False),
        ('FILTER(LANG(?l) = "fr" || BOUND(?o))', False),
        ("FILTER(STRLEN(STR(?l)) < 3)", False),
        ('FILTER(LANG(?k) = "fr")', False),
    ],
)
def test_a_filter_on_tag_or_text_travels_with_its_clause(condition, sent):
    remote = Remotes({ONE: Store()})
    for place in (f"{condition} SERVICE", "SERVICE"):
        after = condition if place == "SERVICE" else ""
        federate(
            f"""{PROLOGUE} SELECT * {{ ?o owl:sameAs ?i
            {place} <{ONE}> {{ ?i rdfs:label ?l OPTIONAL {{ ?i rdfs:label ?k }} }} {after} }}""",
            ask=asking(organisations(1)),
            client=remote,
        )
        assert remote.asked[-1][1].endswith(f"}} {condition} }}") is sent


def test_a_blank_node_is_never_sent():
    local = organisations(1)
    local.add(Quad(NamedNode("http://e/o9"), SAME_AS, BlankNode("x")))
    remote = Remotes({ONE: organisations(0)})
    federate(labels(ONE), ask=asking(local), client=remote)
    ((_, text),) = remote.asked
    assert "_:" not in text
    assert text.count("<http://www.wikidata.org/entity/") == 1


def test_undef_is_never_sent():
    remote = Remotes({ONE: Store()})
    query = f"SELECT * {{ VALUES (?x ?y) {{ (1 UNDEF) (2 3) }} SERVICE <{ONE}> {{ ?a ?x ?y }} }}"
    federate(query, ask=asking(Store()), client=remote)
    ((_, text),) = remote.asked
    assert "UNDEF" not in text
    assert "VALUES ?x {" in text


def test_the_more_selective_clause_is_asked_first_and_narrows_the_other():
    local = organisations(200)
    remotes = {ONE: Store(), TWO: Store()}
    remotes[TWO].add(Quad(item(900_000_007), NamedNode("http://e/code"), Literal("seven")))
    remote = Remotes(remotes)
    query = f"""{PROLOGUE} SELECT * {{ ?o owl:sameAs ?i . SERVICE <{ONE}> {{ ?i rdfs:label ?l }}
        VALUES ?c {{ "six" "seven" }} SERVICE <{TWO}> {{ ?i e:code ?c }} }}"""
    federate(query, ask=asking(local), client=remote)
    assert [endpoint for endpoint, _ in remote.asked] == [TWO, ONE]
    assert remote.asked[1][1].count("wikidata.org/entity") == 1


def test_a_clause_without_anything_in_common_runs_unbound_and_says_so():
    store = organisations(3)
    query = f"SELECT * {{ SERVICE <{ONE}> {{ ?s ?p ?o }} }}"
    remote = Remotes({ONE: store})
    done = federate(query, ask=asking(Store()), client=remote)
    assert len([*Store().query(done.query.text)]) == 3
    assert done.receipt.costs[0].unbound == 1
    assert "without bindings" in done.receipt.notes[0]
    for limit in (2, 0):
        with pytest.raises(QueryRefused) as caught:
            federate(query, ask=asking(Store()), client=Remotes({ONE: store}, unbound_rows=limit))
        assert caught.value.problems[0].code == "service-unbound"


def test_too_many_pairs_of_bindings_become_few_single_ones():
    remote = Remotes({ONE: Store()}, bindings=20)
    query = f"SELECT * {{ VALUES ?x {{ 1 2 3 4 5 6 }} VALUES ?y {{ 1 2 3 4 5 }} SERVICE <{ONE}> {{ ?x ?y ?z }} }}"
    connected = query.replace("VALUES ?y", "{ VALUES ?x { 1 2 3 4 5 6 } VALUES ?y").replace("5 } S", "5 } } S")
    for text in (query, connected):
        remote.asked.clear()
        federate(text, ask=asking(Store()), client=remote)
        ((_, sent),) = remote.asked
        assert "VALUES ?y {" in sent


def test_a_list_of_bindings_that_was_cut_is_not_sent():
    store = Store()
    store.add(Quad(NamedNode("http://e/x3"), NamedNode("http://e/p"), Literal("found")))
    rows = "(e:x1 UNDEF) (e:x1 1) (e:x1 2) (e:x1 3) (e:x1 4) (e:x2 5) (e:x3 6)"
    query = f"{PROLOGUE} SELECT * {{ VALUES (?x ?y) {{ {rows} }} SERVICE <{ONE}> {{ ?x e:p ?z . OPTIONAL {{ ?x e:q ?y }} }} }}"
    for limit in (3, 5, 7):
        done = federate(query, ask=asking(Store()), client=Remotes({ONE: store}, bindings=limit))
        assert len([*Store().query(done.query.text)]) == 1
    both = query.replace("OPTIONAL { ?x e:q ?y }", "?x e:q ?y")
    store.add(Quad(NamedNode("http://e/x3"), NamedNode("http://e/q"), Literal(6)))
    for limit in (3, 5, 7):
        done = federate(both, ask=asking(Store()), client=Remotes({ONE: store}, bindings=limit))
        assert len([*Store().query(done.query.text)]) == 1


# --- faults

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


# --- what comes back


def blank_remote() -> Remotes:
    store = Store()
    for subject in ("o0", "o1"):
        store.add(Quad(NamedNode(f"http://e/{subject}"), NamedNode("http://e/p"), BlankNode("shared")))
    return Remotes({ONE: store, TWO: organisations(2)})


def test_a_blank_node_that_comes_back_is_one_node_and_matches_nothing_here():
    local = organisations(2)
    remote = blank_remote()
    query = f"{PROLOGUE} SELECT (COUNT(DISTINCT ?b) AS ?n) {{ ?o owl:sameAs ?i SERVICE <{ONE}> {{ ?o e:p ?b }} }}"
    done = federate(query, ask=asking(local), client=remote)
    assert [row["n"].value for row in local.query(done.query.text)] == ["1"]
    assert done.receipt.costs[0].blank_nodes == 2
    assert SKOLEM in done.query.text
    onward = f"""{PROLOGUE} SELECT * {{ ?o owl:sameAs ?i SERVICE <{ONE}> {{ ?o e:p ?b }}
        SERVICE <{TWO}> {{ ?x owl:sameAs ?b }} }}"""
    remote.asked.clear()
    done = federate(onward, ask=asking(local), client=remote)
    assert [*local.query(done.query.text)] == []
    assert [endpoint for endpoint, _ in remote.asked] == [ONE], "a blank node is not sent on"


def test_a_query_that_would_take_a_blank_node_for_an_iri_is_refused():
    query = f"{PROLOGUE} SELECT * {{ ?o owl:sameAs ?i SERVICE <{ONE}> {{ ?o e:p ?b }} FILTER(isIRI(?b)) }}"
    with pytest.raises(QueryRefused) as caught:
        federate(query, ask=asking(organisations(2)), client=blank_remote())
    assert caught.value.problems[0].code == "service-blank-node"


@pytest.mark.parametrize(
    ("head", "tail", "word"),
    [
        ("(COUNT(DISTINCT ?b) AS ?n)", "", "DISTINCT"),
        ("DISTINCT ?b", "", "DISTINCT"),
        ("?b (COUNT(*) AS ?n)", " GROUP BY ?b", "GROUP"),
        ("?o ?b", "", None),
    ],
)
def test_a_blank_node_that_may_have_become_two_is_not_counted(head, tail, word):
    """Both organisations have the same node; in one batch it is one, in two batches nobody can know."""
    local = organisations(2)
    query = f"{PROLOGUE} SELECT {head} {{ ?o owl:sameAs ?i SERVICE <{ONE}> {{ ?o e:p ?b }} }}{tail}"
    federate(query, ask=asking(local), client=blank_remote())
    apart = Remotes(blank_remote().stores, batch=1)
    if word is None:
        assert "in two batches" in federate(query, ask=asking(local), client=apart).receipt.notes[0]
        return
    with pytest.raises(QueryRefused, match=f"two batches, and {word}") as caught:
        federate(query, ask=asking(local), client=apart)
    assert caught.value.problems[0].code == "service-blank-node"


def test_real_items_with_their_bad_tag(shared, client):
    local = Store()
    local.add(Quad(NamedNode("http://e/peak"), SAME_AS, item(513)))
    local.add(Quad(NamedNode("http://e/country"), SAME_AS, item(1028)))
    with StandIn(real_items(shared)).add(hand_made()) as wikidata:
        query = f"{PROLOGUE} SELECT ?o ?l {{ ?o owl:sameAs ?i SERVICE <{wikidata.url}> {{ ?i rdfs:label ?l }} }}"
        done = federate(query, ask=asking(local), client=client(wikidata.url))
        found = {(row["o"].value, row["l"].language): row["l"].value for row in local.query(done.query.text)}
    assert found["http://e/country", "ar"] == "المغرب"
    assert found["http://e/peak", "lzh"] == "珠穆朗瑪峰"
    assert done.receipt.costs[0].repaired >= 1


@pytest.mark.parametrize(
    "text", ["C:\\users", "\\u0041", "it's", 'a "b"', "'''", '"""', "a\nb\r\tc", "\x00\x7f", "😀", "SERVICE <x> {}"]
)
def test_every_string_comes_back_as_it_is(text):
    store = Store()
    store.add(Quad(NamedNode("http://e/o0"), RDFS_LABEL, Literal(text)))
    query = f"{PROLOGUE} SELECT ?l {{ VALUES ?o {{ e:o0 }} SERVICE <{ONE}> {{ ?o rdfs:label ?l }} }}"
    done = federate(query, ask=asking(Store()), client=Remotes({ONE: store}))
    assert [row["l"].value for row in Store().query(done.query.text)] == [text]
    back = f"{PROLOGUE} SELECT ?o {{ SERVICE <{ONE}> {{ ?o rdfs:label ?l }} ?x rdfs:label ?l }}"
    done = federate(back, ask=asking(store), client=Remotes({ONE: store}))
    assert len([*store.query(done.query.text)]) == 1


def test_a_clause_of_which_no_variable_is_needed_counts_its_rows():
    remote = Remotes({ONE: organisations(3)})
    query = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{ONE}> {{ ?row ?p ?o }} }}"
    done = federate(query, ask=asking(Store()), client=remote)
    assert [row["n"].value for row in Store().query(done.query.text)] == ["3"]


@pytest.mark.parametrize(
    ("form", "count"),
    [("ASK", None), ("CONSTRUCT { ?o e:label ?l }", 2), ("DESCRIBE ?o", 2), ("SELECT ?l", 2), ("SELECT REDUCED *", 2)],
)
def test_every_form_of_query(form, count):
    store = Store()
    store.add(Quad(item(900_000_000), RDFS_LABEL, Literal("a")))
    store.add(Quad(item(900_000_001), RDFS_LABEL, Literal("b")))
    local = organisations(3)
    query = f"{PROLOGUE} {form} WHERE {{ ?o owl:sameAs ?i SERVICE <{ONE}> {{ ?i rdfs:label ?l }} }}"
    found = local.query(federate(query, ask=asking(local), client=Remotes({ONE: store})).query.text)
    assert bool(found) is True if count is None else len([*found]) == count


# --- what is refused


def codes(query: str, **given) -> list[str]:
    remote = Remotes({ONE: Store()})
    with pytest.raises(QueryRefused) as caught:
        federate(query, ask=asking(Store()), client=given.get("client", remote))
    assert remote.asked == []
    return [problem.code for problem in caught.value.problems]


def test_who_is_not_on_the_list_is_not_asked():
    query = f"SELECT * {{ SERVICE <http://evil.example/> {{ ?s ?p ?o }} SERVICE <{ONE}> {{ ?s ?p ?o }} SERVICE <{ONE}/> {{}} }}"
    assert codes(query) == ["service-not-allowed", "service-not-allowed"]


def test_nor_is_it_asked_by_way_of_another():
    assert codes(f"SELECT * {{ SERVICE <{ONE}> {{ SERVICE <http://evil.example/> {{ ?s ?p ?o }} }} }}") == [
        "service-not-allowed"
    ]
    assert codes(f"SELECT * {{ SERVICE <{ONE}> {{ SERVICE ?x {{ ?s ?p ?o }} }} }}") == ["service-variable"]


def test_without_a_client_every_service_is_refused():
    assert codes(f"SELECT * {{ SERVICE <{ONE}> {{ ?s ?p ?o }} }}", client=None) == ["no-service"]


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ ?s ?p ?o LATERAL {{ SERVICE <{ONE}> {{ ?s ?p ?o }} }} }}",
        f"SELECT * {{ SERVICE <{ONE}> {{ ?s ?p ?o ",
        f"SELECT * {{ SERVICE <{ONE}> {{ ?s ?p ?o }} }} }}",
        f"SELECT * {{ {'{' * 100} SERVICE <{ONE}> {{ ?s ?p ?o }} {'}' * 100} }}",
        f"SELECT * {{ FILTER({{ SERVICE <{ONE}> {{ ?s ?p ?o }} }}) }}",
        f"SELECT * {{ BIND(1 AS 2) SERVICE <{ONE}> {{ ?s ?p ?o }} }}",
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(query):
    assert codes(query) == ["service-unplanned"]


def test_an_undeclared_prefix_is_refused():
    with pytest.raises(QueryRefused, match="wdt:"):
        federate(f"SELECT * {{ SERVICE <{ONE}> {{ ?s wdt:P31 ?o }} }}", ask=asking(Store()), client=Remotes({}))


TRAP = "http://127.0.0.1:1/"


@pytest.mark.parametrize("allowed", [(), (TRAP,)])
@pytest.mark.parametrize("query", [*SPELLINGS, *DECEPTIVE])
def test_no_spelling_lets_the_engine_reach_out(query, allowed):
    """Whatever the planner makes of a query: what is left of it asks nobody."""
    remote = Remotes({ONE: Store()})
    remote.stores[TRAP] = Store()
    try:
        done = federate(query, ask=asking(Store()), client=remote, allowed=allowed)
    except QueryError:
        return
    assert allowed or not remote.asked
    assert check(done.query.text).text == done.query.text
    try:
        found = Store().query(done.query.text)
        [*found] if hasattr(found, "__iter__") else bool(found)
    except SyntaxError:
        return


def test_the_guard_still_sees_everything_else():
    for query, rule in ((f"LOAD <{ONE}>", "no-load"), (f"ASK {{ SERVICE <{ONE}> {{}} }} ; DROP ALL", "no-update")):
        assert codes(query) == [rule]


# --- places where a clause may stand: hand-made cases beside the random ones


def test_what_an_optional_may_not_borrow_from_later_patterns():
    """A row that only a later pattern contradicts still decides whether OPTIONAL matched."""
    store = Store()
    store.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), NamedNode("http://e/y1")))
    query = f"""{PROLOGUE} SELECT * {{ {{ VALUES ?x {{ e:a }} OPTIONAL {{ SERVICE <{ONE}> {{ ?x e:p ?y }} }} }}
        VALUES ?y {{ e:y2 }} }}"""
    done = federate(query, ask=asking(Store()), client=Remotes({ONE: store}))
    assert [*Store().query(done.query.text)] == []


def test_a_filter_of_an_optional_sees_what_is_outside():
    local, store = Store(), Store()
    e = lambda name: NamedNode(f"http://e/{name}")  # noqa: E731
    local.add(Quad(e("a"), e("v"), Literal(1)))
    local.add(Quad(e("a"), e("p"), e("b")))
    store.add(Quad(e("b"), e("w"), Literal(2)))
    query = f"""{PROLOGUE} SELECT * {{ ?x e:v ?v OPTIONAL {{ ?x e:p ?y FILTER(?v = 1 && !BOUND(?none))
        SERVICE <{ONE}> {{ ?y e:w ?w }} }} }}"""
    done = federate(query, ask=asking(local), client=Remotes({ONE: store}))
    assert [row["w"].value for row in local.query(done.query.text)] == ["2"]


def test_inside_exists_nothing_is_taken_from_what_depends_on_the_outside():
    local, store = Store(), Store()
    e = lambda name: NamedNode(f"http://e/{name}")  # noqa: E731
    local.add(Quad(e("a"), e("v"), e("c")))
    local.add(Quad(e("s"), e("q"), e("t")))
    store.add(Quad(e("d"), e("r"), e("s")))
    query = f"""{PROLOGUE} SELECT ?x {{ ?x e:v ?v FILTER EXISTS {{ ?s e:q ?t
        OPTIONAL {{ ?s e:q ?k FILTER(!BOUND(?v)) }} SERVICE <{ONE}> {{ ?k e:r ?s }} }} }}"""
    done = federate(query, ask=asking(local), client=Remotes({ONE: store}))
    naive = query.replace(f"SERVICE <{ONE}> {{ ?k e:r ?s }}", "VALUES (?k ?s) { (e:d e:s) }")
    assert solutions(local, done.query.text) == solutions(local, naive)


def test_the_dataset_of_the_query_is_that_of_its_bindings():
    local, remote = Store(), Remotes({ONE: Store()})
    graph = NamedNode("http://e/g")
    local.add(Quad(NamedNode("http://e/o1"), SAME_AS, item(1), graph))
    local.add(Quad(NamedNode("http://e/o2"), SAME_AS, item(2)))
    query = f"{PROLOGUE} SELECT * FROM e:g {{ ?o owl:sameAs ?i SERVICE <{ONE}> {{ ?i rdfs:label ?l }} }}"
    federate(query, ask=asking(local), client=remote)
    ((_, text),) = remote.asked
    assert "entity/Q1>" in text
    assert "entity/Q2>" not in text


def test_the_answer_may_be_serialised_in_every_format(wikidata, client):
    local = organisations(3)
    done = federate(labels(wikidata.url), ask=asking(local), client=client(wikidata.url))
    for form in (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV, QueryResultsFormat.TSV):
        assert b"item 900000002 en" in local.query(done.query.text).serialize(format=form)


def test_minus_in_a_group_does_not_see_what_stands_beside_the_group():
    local, store = Store(), Store()
    subject = NamedNode("http://e/a")
    local.add(Quad(subject, NamedNode("http://e/k"), NamedNode("http://e/m")))
    local.add(Quad(subject, NamedNode("http://e/v"), Literal(1)))
    store.add(Quad(subject, NamedNode("http://e/p"), NamedNode("http://e/z")))
    query = f"""{PROLOGUE} SELECT * {{ ?x e:k ?y
        {{ ?x e:v ?v MINUS {{ VALUES ?y {{ e:m }} }} SERVICE <{ONE}> {{ ?x e:p ?z }} }} }}"""
    done = federate(query, ask=asking(local), client=Remotes({ONE: store}))
    assert len([*local.query(done.query.text)]) == 1


def test_a_filter_beside_exists_in_an_optional_sees_what_is_outside():
    local, store = Store(), Store()
    local.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/v"), Literal(1)))
    local.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), NamedNode("http://e/b")))
    store.add(Quad(NamedNode("http://e/b"), NamedNode("http://e/w"), Literal(2)))
    query = f"""{PROLOGUE} SELECT * {{ ?x e:v ?v OPTIONAL {{ ?x e:p ?y FILTER(?v = 1)
        FILTER EXISTS {{ SERVICE <{ONE}> {{ ?y e:w ?w }} }} }} }}"""
    done = federate(query, ask=asking(local), client=Remotes({ONE: store}))
    assert [row["y"].value for row in local.query(done.query.text)] == ["http://e/b"]


def test_an_empty_branch_in_a_graph_narrows_nothing():
    """The engine binds the variable of a GRAPH in an empty group, and leaves it open where inline data stand."""
    local, one, two = Store(), Store(), Store()
    local.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/q"), Literal(1), NamedNode("http://e/g")))
    one.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), NamedNode("http://e/d")))
    query = f"""{PROLOGUE} SELECT ?x ?w {{ SERVICE <{ONE}> {{ ?a e:p ?x }}
        GRAPH ?x {{ {{ ?s e:q ?t {{ SELECT ?x {{ ?k e:q ?l }} }} }} UNION {{ SERVICE <{TWO}> {{ VALUES ?w {{ 1 }} }} }} }} }}"""
    done = federate(query, ask=asking(local), client=Remotes({ONE: one, TWO: two}))
    naive = query.replace(f"SERVICE <{ONE}> {{ ?a e:p ?x }}", "VALUES (?a ?x) { (e:a e:d) }")
    naive = naive.replace(f"SERVICE <{TWO}> {{ VALUES ?w {{ 1 }} }}", "VALUES ?w { 1 }")
    assert solutions(local, done.query.text) == solutions(local, naive)


PIECES = st.sampled_from(
    (
        "SERVICE", "SILENT", f"<{TRAP}>", "?e", "{", "}", "{?s ?p ?o}", ".", "_:a", "?x", "'", '"', "'''", "#", "\n", ">",
        "<", "(", ")", "FILTER", "FILTER(0<?o)", "true", "1", "@en", "VALUES ?x {", "VALUES (?x ?y) { (1 UNDEF) }",
        "OPTIONAL", "MINUS {?s ?p ?x}", "UNION", "GRAPH ?g", "BIND(1 AS ?e)", "SELECT *", "SELECT", "WHERE", "AS",
        "GROUP BY ?s", "LIMIT 1", "EXISTS", "*", "\\u0053", "<x>", "^^", "-", "PREFIX", "BASE", "ex:a", "FROM <x>", ";",
    )
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([*SPELLINGS, *DECEPTIVE]), st.lists(st.tuples(st.integers(0, 200), PIECES), max_size=4))
def test_any_mutant_is_answered_or_refused_in_words(query, changes):
    for place, piece in changes:
        query = query[:place] + piece + query[place:]
    remote = Remotes({TRAP: Store(), ONE: Store()})
    sent: list[str] = []

    def select(endpoint, text, variables, meter, *, until):
        sent.append(text)
        return Table(tuple(variables), ())

    remote.select = select
    try:
        done = federate(query, ask=asking(Store()), client=remote, allowed=(TRAP,))
    except (QueryError, SyntaxError):
        return
    assert check(done.query.text).text == done.query.text
    assert all("SELECT" in text for text in sent)


def test_threads_share_one_client(wikidata, client):
    """As a server does: many queries at once, one request at a time, every receipt its own."""
    asks = client.real(settings_of(wikidata.url, batch=20))
    wikidata.delay = 0.002

    def one(number: int):
        local = organisations(40, 900_000_000 + number * 3)
        done = federate(labels(wikidata.url), ask=asking(local), client=asks)
        return len([*local.query(done.query.text)]), done.receipt.costs[0]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, [*range(12), *range(12)]))
    assert {rows for rows, _ in found} == {40}
    assert {each.in_flight for each in wikidata.log} == {1}
    assert sum(cost.requests for _, cost in found) == len(wikidata.log) == 24
    assert sum(cost.cache_hits for _, cost in found) == 24
    assert sum(cost.bytes_received for _, cost in found) == sum(each.answer_bytes for each in wikidata.log)
