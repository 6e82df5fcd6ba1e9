"""SERVICE as a query with it behaves: what is sent, what comes back, what is refused, what it cost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from remote_questions import settings as settings_of
from sparql.federated_queries import ONE, PROLOGUE, SAME_AS, TWO, Remotes, asking, labels, organisations
from wikidata_stand_in import StandIn, hand_made, real_items
from wikidata_stand_in.data import RDFS_LABEL, item

from kg.errors import QueryRefused
from kg.sparql.federation import SKOLEM, federate

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
