"""What is refused before anybody is asked, in every spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store
from services import DECEPTIVE, SPELLINGS
from sparql.federated_queries import ONE, Remotes, asking

from kg.errors import QueryError, QueryRefused
from kg.sparql.federation import federate
from kg.sparql.guard import check
from kg.sparql.solutions import Table


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


@pytest.mark.parametrize(
    ("unit", "most", "what"),
    [
        (f"SERVICE <{ONE}> {{ ?s ?p ?o }}\n", 100, "SERVICE clauses"),
        ("SERVICE ?s { ?s ?p ?o }\n", 100, "SERVICE clauses"),
        (f"{{ SELECT * {{ SERVICE <{ONE}> {{ ?s ?p ?o }} }} }}\n", 100, "SERVICE clauses"),
        ("OPTIONAL { ?s ?p ?o }\n", 500, "groups in braces"),
        ("{ ?s ?p ?o } UNION { ?s ?p ?o }\n", 500, "groups in braces"),
    ],
    ids=["clauses", "names", "queries within", "optional", "either"],
)
def test_a_query_that_nobody_could_plan_soon_is_refused_with_the_place_from_which_on_it_is_too_much(unit, most, what):
    query = f"SELECT * {{ SERVICE <{ONE}> {{ ?s ?p ?o }}\n{unit * most} }}"
    assert codes(query) == ["service-unplanned"]
    with pytest.raises(QueryRefused, match=f"{what}, and at most {most} are planned .ask one endpoint") as caught:
        federate(query, ask=asking(Store()), client=Remotes({ONE: Store()}))
    place = caught.value.problems[0].position
    assert place is not None
    assert 1 < place.line <= most + 1


def test_as_many_as_may_be_are_planned():
    services = f"SERVICE <{ONE}> {{ ?s ?p ?o }} " * 99
    remote = Remotes({ONE: Store()})
    federate(f"SELECT * {{ ?s ?p ?o {services} }}", ask=asking(Store()), client=remote)


def test_of_very_many_strangers_the_first_are_told():
    strangers = "".join(f"SERVICE <http://evil{n}.example/> {{ ?s ?p ?o }} " for n in range(50))
    assert codes(f"SELECT * {{ {strangers} }}") == ["service-not-allowed"] * 10


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
