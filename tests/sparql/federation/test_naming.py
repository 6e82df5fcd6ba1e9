"""SERVICE with a variable (SPARQL 1.1 Federated Query, section 4): whom it asks, with what, and whom it never does."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from sparql.federated_queries import DEAD, ENDPOINTS, EVIL, Remotes, asking, solutions

from kg.errors import Cause, QueryRefused, RemoteFailed
from kg.sparql.federation import federate

ONE, TWO = ENDPOINTS
PROLOGUE = "PREFIX e: <http://e/> "


def e(name: str) -> NamedNode:
    return NamedNode(f"http://e/{name}")


def store(*triples: tuple[str, str, NamedNode | Literal | BlankNode]) -> Store:
    made = Store()
    made.extend(Quad(e(subject), e(predicate), value) for subject, predicate, value in triples)
    return made


def organisations(told: dict[str, Iterable[int]]) -> Store:
    """Organisations, each with the endpoint that knows it."""
    return store(*((f"o{n}", "at", NamedNode(endpoint)) for endpoint, numbers in told.items() for n in numbers))


def names(who: str, numbers: Iterable[int]) -> Store:
    return store(*((f"o{n}", "name", Literal(f"{who} {n}")) for n in numbers))


def rows(local: Store, query: str, remote: Remotes) -> list[tuple[str | None, ...]]:
    """The rows of a query, sorted; plain values."""
    done = federate(PROLOGUE + query, ask=asking(local), client=remote)
    found = [tuple(None if term is None else term.value for term in row) for row in local.query(done.query.text)]
    return sorted(found, key=str)


def refused(local: Store, query: str, remote: Remotes) -> list[tuple[str, str]]:
    with pytest.raises(QueryRefused) as caught:
        federate(PROLOGUE + query, ask=asking(local), client=remote)
    return [(problem.code, str(problem)) for problem in caught.value.problems]


KNOWN = "SELECT ?o ?n { ?o e:at ?e . SERVICE ?e { ?o e:name ?n } }"


# --- whom it asks, and with what


def test_each_endpoint_is_asked_with_the_bindings_that_go_with_it():
    local = organisations({ONE: range(3), TWO: range(2, 4)})
    remote = Remotes({ONE: names("one", range(9)), TWO: names("two", range(9))})
    told = [("0", "one"), ("1", "one"), ("2", "one"), ("2", "two"), ("3", "two")]
    assert rows(local, KNOWN, remote) == [(f"http://e/o{n}", f"{who} {n}") for n, who in told]
    assert [(endpoint, [n for n in range(9) if f"e/o{n}>" in sent]) for endpoint, sent in remote.asked] == [
        (ONE, [0, 1, 2]),
        (TWO, [2, 3]),
    ]


def test_bindings_go_out_in_batches_for_each_endpoint():
    local = organisations({ONE: range(250), TWO: range(200, 350)})
    remote = Remotes({ONE: names("one", range(350)), TWO: names("two", range(350))})
    done = federate(PROLOGUE + KNOWN, ask=asking(local), client=remote)
    assert [endpoint for endpoint, _ in remote.asked] == [ONE] * 3 + [TWO] * 2
    assert {cost.endpoint: (cost.requests, cost.bindings, cost.rows) for cost in done.receipt.costs} == {
        ONE: (3, 250, 250),
        TWO: (2, 150, 150),
    }


def test_an_answer_counts_for_its_endpoint_only():
    """Both know everything, and each is believed about those only that name it."""
    local = organisations({ONE: [1], TWO: [2]})
    remote = Remotes({ONE: names("one", [1, 2]), TWO: names("two", [1, 2])})
    everything = "SELECT ?o ?p ?n { ?o e:at ?e . SERVICE ?e { ?p e:name ?n } }"
    assert [(row[0][-1], row[2]) for row in rows(local, everything, remote)] == [
        ("1", "one 1"),
        ("1", "one 2"),
        ("2", "two 1"),
        ("2", "two 2"),
    ]


def test_the_variable_is_one_of_the_answer_whoever_uses_it():
    local = organisations({ONE: [1], TWO: [2]})
    remote = Remotes({ONE: names("one", [1, 2]), TWO: names("two", [1, 2])})
    counted = "SELECT ?e (COUNT(?n) AS ?c) { ?o e:at ?e . SERVICE ?e { ?o e:name ?n } } GROUP BY ?e"
    assert rows(local, counted, remote) == [(ONE, "1"), (TWO, "1")]


def test_a_clause_that_speaks_of_its_own_endpoint():
    local = organisations({ONE: [1], TWO: [2]})
    described = Store()
    for endpoint in ENDPOINTS:
        described.add(Quad(NamedNode(endpoint), e("title"), Literal(f"about {endpoint}")))
    remote = Remotes({ONE: described, TWO: described})
    query = "SELECT ?o ?t { ?o e:at ?e . SERVICE ?e { ?e e:title ?t } }"
    assert [row[1] for row in rows(local, query, remote)] == [f"about {ONE}", f"about {TWO}"]
    unnarrowed = "SELECT ?o ?t { ?o e:at ?e . SERVICE ?e { OPTIONAL { ?e e:title ?t } } }"
    assert [row[1] for row in rows(local, unnarrowed, remote)] == [f"about {ONE}", f"about {TWO}"]


@pytest.mark.parametrize(
    "binding",
    [
        f"VALUES ?e {{ <{ONE}> <{TWO}> }}",
        f"{{ VALUES ?e {{ <{ONE}> }} }} UNION {{ VALUES ?e {{ <{TWO}> }} }}",
        "?any e:at ?e",
        "GRAPH e:g { ?any e:at ?e }",
        f"{{ VALUES ?which {{ 1 2 }} BIND(IF(?which = 1, <{ONE}>, <{TWO}>) AS ?e) }}",
        "{ SELECT DISTINCT ?e { ?any e:at ?e } }",
        f"SERVICE <{ONE}> {{ ?directory e:lists ?e }}",
        f"VALUES ?d {{ <{TWO}> }} SERVICE ?d {{ ?directory e:lists ?e }}",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_whatever_binds_the_variable_and_wherever_it_stands(binding, first):
    local = organisations({ONE: [1], TWO: [2]})
    local.extend([Quad(e(f"o{n}"), e("at"), NamedNode(endpoint), e("g")) for n, endpoint in ((1, ONE), (2, TWO))])
    stores = {ONE: names("one", [1, 2]), TWO: names("two", [1, 2])}
    for each in stores.values():
        each.extend(Quad(e("d"), e("lists"), NamedNode(endpoint)) for endpoint in ENDPOINTS)
    clause = "SERVICE ?e { ?o e:name ?n }"
    body = f"{binding} {clause}" if first else f"{clause} {binding}"
    assert [row[0] for row in rows(local, f"SELECT DISTINCT ?n {{ {body} }}", Remotes(stores))] == [
        "one 1", "one 2", "two 1", "two 2",
    ]  # fmt: skip


def test_a_value_that_another_clause_rules_out_refuses_nothing():
    local = store(("o1", "at", NamedNode(ONE)), ("o2", "at", NamedNode(EVIL)))
    remote = Remotes({ONE: names("one", [1, 2]), TWO: store(("o1", "trusted", Literal(1)))})
    query = f"SELECT ?n {{ ?o e:at ?e . SERVICE ?e {{ ?o e:name ?n }} SERVICE <{TWO}> {{ ?o e:trusted ?t }} }}"
    assert rows(local, query, remote) == [("one 1",)]
    assert [endpoint for endpoint, _ in remote.asked] == [TWO, ONE]


@pytest.mark.parametrize("nobody", ["?o e:none ?e .", "VALUES ?e { }", "?o e:at ?e FILTER(?e = e:nobody)"])
def test_where_no_solution_names_an_endpoint_nobody_is_asked(nobody):
    remote = Remotes({ONE: names("one", [1])})
    local = organisations({ONE: [1]})
    assert rows(local, f"SELECT * {{ {nobody} SERVICE ?e {{ ?o e:name ?n }} }}", remote) == []
    assert remote.asked == []


def test_a_clause_that_nothing_narrows_is_asked_whole_at_each_endpoint_or_refused():
    local = organisations({ONE: [1], TWO: [2]})
    stores = {ONE: names("one", range(3)), TWO: names("two", range(4))}
    query = "SELECT ?n { ?o e:at ?e . SERVICE ?e { ?other e:name ?n } }"
    done = federate(PROLOGUE + query, ask=asking(local), client=Remotes(stores))
    assert [cost.unbound for cost in done.receipt.costs] == [1, 1]
    assert [note.split(" was asked")[0] for note in done.receipt.notes] == [
        f"SERVICE ?e = <{ONE}> in line 1",
        f"SERVICE ?e = <{TWO}> in line 1",
    ]
    assert len([*local.query(done.query.text)]) == 7
    for limit in (0, 3):
        ((code, said),) = refused(local, query, Remotes(stores, unbound_rows=limit))
        assert code == "service-unbound"
        assert f"<{ONE if limit == 0 else TWO}>" in said


# --- where it may stand


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?o ?n { ?o e:at ?e OPTIONAL { SERVICE ?e { ?o e:name ?n } } }", [("o1", "one 1"), ("o2", None)]),
        ("SELECT ?o { ?o e:at ?e MINUS { SERVICE ?e { ?o e:name ?n } } }", [("o2",)]),
        ("SELECT ?o { ?o e:at ?e FILTER EXISTS { SERVICE ?e { ?o e:name ?n } } }", [("o1",)]),
        ("SELECT ?o { ?o e:at ?e FILTER NOT EXISTS { SERVICE ?e { ?o e:name ?n } } }", [("o2",)]),
        (
            "SELECT ?o ?n { { ?o e:at ?e SERVICE ?e { ?o e:name ?n } } UNION { ?o e:at ?e } }",
            [("o1", None), ("o1", "one 1"), ("o2", None)],
        ),
        ("SELECT ?o ?n { ?o e:at ?e { { SERVICE ?e { ?o e:name ?n } } } }", [("o1", "one 1")]),
        ("SELECT ?o ?n { ?o e:at ?e { SELECT ?e ?o ?n { SERVICE ?e { ?o e:name ?n } } } }", [("o1", "one 1")]),
        ("SELECT ?o ?n { { SELECT ?o ?n { ?o e:at ?e SERVICE ?e { ?o e:name ?n } } } }", [("o1", "one 1")]),
        ("SELECT ?o ?n { GRAPH ?g { ?o e:in ?e SERVICE ?e { ?o e:name ?n } } }", [("o1", "one 1")]),
        ("SELECT ?o ?n { GRAPH ?e { ?o e:here 1 SERVICE ?e { ?o e:name ?n } } }", [("o1", "one 1")]),
        (
            "SELECT ?o ?n ?m { ?o e:at ?e SERVICE ?e { ?o e:name ?n } SERVICE ?e { ?o e:name ?m } }",
            [("o1", "one 1", "one 1")],
        ),
        (f"SELECT ?o ?n {{ ?o e:at ?e SERVICE ?e {{ ?o e:name ?n }} VALUES ?e {{ <{ONE}> }} }}", [("o1", "one 1")]),
    ],
)
def test_places(query, expected):
    local = organisations({ONE: [1], TWO: [2]})
    local.add(Quad(e("o1"), e("in"), NamedNode(ONE), e("g")))
    local.add(Quad(e("o1"), e("here"), Literal(1), NamedNode(ONE)))
    remote = Remotes({ONE: names("one", [1, 2]), TWO: names("two", [1])})
    found = rows(local, query, remote)
    found = [((row[0] or "").removeprefix("http://e/"), *row[1:]) for row in found]
    assert sorted(found, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("form", ["ASK", "CONSTRUCT { ?o e:name ?n }", "DESCRIBE ?o"])
def test_other_forms(form):
    local = organisations({ONE: [1]})
    remote = Remotes({ONE: names("one", [1])})
    where = KNOWN[KNOWN.index("{") :]
    done = federate(f"{PROLOGUE}{form} WHERE {where}", ask=asking(local), client=remote)
    found = local.query(done.query.text)
    assert bool(found) is True if form == "ASK" else len([*found]) == 1


# --- whom it never asks


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (NamedNode(EVIL), "service-not-allowed", f"<{EVIL}> is not on the list"),
        (NamedNode(ONE.replace("http:", "HTTP:")), "service-not-allowed", "is not on the list"),
        (NamedNode(f"{ONE}#x"), "service-not-allowed", "is not on the list"),
        (NamedNode(f"{ONE}?"), "service-not-allowed", "is not on the list"),
        (NamedNode(f"{ONE}/"), "service-not-allowed", "is not on the list"),
        (NamedNode(ONE.replace("one.", "ONE.")), "service-not-allowed", "is not on the list"),
        (NamedNode(ONE.replace("sparql", "%73parql")), "service-not-allowed", "is not on the list"),
        (NamedNode("file:///etc/passwd"), "service-not-allowed", "is not on the list"),
        (Literal(ONE), "service-variable", "is no IRI"),
        (Literal(f"<{ONE}>"), "service-variable", "is no IRI"),
        (BlankNode("b"), "service-variable", "is a blank node"),
    ],
)
def test_a_value_that_is_no_endpoint_of_the_list_refuses_the_query(value, code, said):
    local = store(("o1", "at", value), ("o2", "at", NamedNode(ONE)))
    remote = Remotes({ONE: names("one", [1, 2])})
    ((found, words),) = refused(local, KNOWN, remote)
    assert found == code
    assert said in words
    assert remote.asked == []


def test_every_value_is_told_up_to_some():
    local = store(*((f"o{n}", "at", NamedNode(f"{EVIL}/{n}")) for n in range(9)))
    problems = refused(local, KNOWN, Remotes({ONE: Store()}))
    assert [code for code, _ in problems] == ["service-not-allowed"] * 6
    assert f"<{EVIL}/0>" in problems[0][1]
    assert "4 more values" in problems[-1][1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { SERVICE ?e { ?s ?p ?o } }", "nothing in the rest of the query is certain to bind ?e"),
        ("SELECT * { ?o e:at ?x SERVICE ?e { ?o e:name ?n } }", "nothing in the rest"),
        # What an OPTIONAL is joined with counts from its left side only.
        (
            "SELECT * { { VALUES ?o { e:o1 } OPTIONAL { SERVICE ?e { ?o e:name ?n } } } ?o e:at ?e }",
            "nothing in the rest",
        ),
        # The variable of the sub-select is another one than that outside.
        ("SELECT * { ?o e:at ?e { SELECT ?o ?n { SERVICE ?e { ?o e:name ?n } } } }", "nothing in the rest"),
        ("SELECT * { ?o e:at ?e { SELECT * { SERVICE ?e { ?o e:name ?n } } LIMIT 1 } }", "nothing in the rest"),
        ("SELECT * { ?o e:kind 1 OPTIONAL { ?o e:at ?e } SERVICE ?e { ?o e:name ?n } }", "?e is unbound in a solution"),
        (f"SELECT * {{ VALUES ?e {{ <{ONE}> UNDEF }} SERVICE ?e {{ ?o e:name ?n }} }}", "?e is unbound in a solution"),
        ("SELECT * { ?o e:at ?e SERVICE ?e { ?o e:at ?f SERVICE ?f { ?o e:name ?n } } }", "inside another SERVICE"),
    ],
)
@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_without_a_value_the_query_is_refused(query, said, silent):
    """Under SILENT too: what is asked is open, which is another thing than a failure."""
    local = organisations({ONE: [1]})
    local.add(Quad(e("o2"), e("kind"), Literal(1)))
    remote = Remotes({ONE: names("one", [1, 2])})
    ((code, words),) = refused(local, query.replace("SERVICE ?", f"SERVICE {silent}?"), remote)
    assert code == "service-variable"
    assert said in words
    assert remote.asked == []


def test_more_values_than_bindings_may_be_sent_are_refused():
    local = organisations({f"http://e{n}.example/": [n] for n in range(5)})
    ((code, words),) = refused(local, KNOWN, Remotes({ONE: Store()}, bindings=4))
    assert code == "service-variable"
    assert "more than 4 values" in words


def test_an_endpoint_may_not_name_one_that_is_not_on_the_list():
    remote = Remotes({ONE: store(("d", "lists", NamedNode(EVIL))), TWO: Store()})
    query = f"SELECT * {{ SERVICE <{ONE}> {{ ?d e:lists ?e }} SERVICE ?e {{ ?s ?p ?o }} }}"
    assert [code for code, _ in refused(Store(), query, remote)] == ["service-not-allowed"]
    assert [endpoint for endpoint, _ in remote.asked] == [ONE]


def test_a_narrower_list_holds_for_values_too():
    local = organisations({ONE: [1], TWO: [2]})
    remote = Remotes({ONE: names("one", [1]), TWO: names("two", [2])})
    with pytest.raises(QueryRefused, match="not on the list"):
        federate(PROLOGUE + KNOWN, ask=asking(local), client=remote, allowed=[ONE])
    assert remote.asked == []


# --- failures


def test_a_failure_names_the_variable_and_its_endpoint():
    local = organisations({DEAD: [1]})
    with pytest.raises(RemoteFailed) as caught:
        federate(PROLOGUE + KNOWN, ask=asking(local), client=Remotes({}))
    assert caught.value.cause is Cause.UNREACHABLE
    assert f"SERVICE ?e = <{DEAD}> in line 1, bindings 1 to 1 of 1" in str(caught.value)


def test_silent_keeps_the_rows_of_an_endpoint_that_fails_and_the_answers_of_the_others():
    local = organisations({DEAD: [1, 2], ONE: [2, 3]})
    remote = Remotes({ONE: names("one", [2])})
    query = KNOWN.replace("SERVICE", "SERVICE SILENT").replace("?o ?n {", "?e ?o ?n {")
    done = federate(PROLOGUE + query, ask=asking(local), client=remote)
    assert sorted(
        (row["e"].value, row["o"].value[-2:], row["n"] and row["n"].value) for row in local.query(done.query.text)
    ) == [
        (DEAD, "o1", None),
        (DEAD, "o2", None),
        (ONE, "o2", "one 2"),
    ]
    assert {cost.endpoint: len(cost.silenced) for cost in done.receipt.costs} == {DEAD: 1, ONE: 0}


def test_silent_passes_over_what_is_no_endpoint_and_says_so():
    local = store(("o1", "at", NamedNode(EVIL)), ("o2", "at", NamedNode(ONE)), ("o3", "at", Literal("é")))
    remote = Remotes({ONE: names("one", [1, 2, 3])})
    query = KNOWN.replace("SERVICE", "SERVICE SILENT")
    assert rows(local, query, remote) == [("http://e/o1", None), ("http://e/o2", "one 2"), ("http://e/o3", None)]
    assert [endpoint for endpoint, _ in remote.asked] == [ONE]
    receipt = federate(PROLOGUE + query, ask=asking(local), client=remote).receipt
    told = {cost.endpoint: cost.silenced for cost in receipt.costs}
    assert told == {
        ONE: (),
        "?e": (
            'SERVICE ?e in line 1 asked nobody: "é" is no IRI',
            f"SERVICE ?e in line 1 asked nobody: <{EVIL}> is not on the list",
        ),
    }
    assert '"?e";requests=0;retries=0;cached=0;rows=0;sent=0;received=0;ms=0;silenced=2' in receipt.to_header()


def test_a_receipt_is_one_line_of_ascii_whatever_the_variable_is_called():
    local = store(("o1", "at", NamedNode(EVIL)))
    query = "SELECT * { ?o e:at ?نقطة SERVICE SILENT ?نقطة { ?o e:name ?n } }"
    receipt = federate(PROLOGUE + query, ask=asking(local), client=Remotes({})).receipt
    assert receipt.costs[0].endpoint == "?نقطة"
    assert receipt.to_header().isascii()
    assert receipt.to_header().startswith('"?%D9%86')


def test_all_endpoints_of_a_clause_together_bring_no_more_rows_than_may_come():
    local = organisations({ONE: range(6), TWO: range(6)})
    remote = {ONE: names("one", range(6)), TWO: names("two", range(6))}
    with pytest.raises(RemoteFailed, match="more than 10 rows") as caught:
        federate(PROLOGUE + KNOWN, ask=asking(local), client=Remotes(remote, rows=10))
    assert caught.value.cause is Cause.ANSWER_SIZE
    assert len(rows(local, KNOWN, Remotes(remote, rows=12))) == 12


def test_the_answer_is_that_of_the_union_written_out():
    local = organisations({ONE: [1, 2], TWO: [2, 3]})
    remote = Remotes({ONE: names("one", range(5)), TWO: names("two", range(5))})
    out = " UNION ".join(
        f"{{ VALUES ?e {{ <{endpoint}> }} SERVICE <{endpoint}> {{ ?o e:name ?n }} }}" for endpoint in ENDPOINTS
    )
    written = f"{PROLOGUE}SELECT ?o ?n {{ ?o e:at ?e . {out} }}"
    both = [federate(text, ask=asking(local), client=remote).query.text for text in (PROLOGUE + KNOWN, written)]
    assert solutions(local, both[0]) == solutions(local, both[1])
