"""Which SERVICE clause is asked first, for what, and how a person is told which one is meant."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from sparql.federated_queries import ENDPOINTS, Remotes, asking

from kg.errors import QueryRefused
from kg.sparql.federation import federate

ONE, TWO = ENDPOINTS
PROLOGUE = "PREFIX e: <http://e/> "


def store(*triples: tuple[str, str, str]) -> Store:
    made = Store()
    made.extend(Quad(*(NamedNode(f"http://e/{name}") for name in triple)) for triple in triples)
    return made


def terms(predicate: str, *values: NamedNode | Literal) -> Store:
    made = Store()
    made.extend(Quad(NamedNode("http://e/s"), NamedNode(f"http://e/{predicate}"), value) for value in values)
    return made


def remotes(**limits: int) -> Remotes:
    return Remotes({ONE: store(("a", "p", "b"), ("b", "p", "c")), TWO: store(("a", "q", "b"))}, **limits)


def asked(query: str, local: Store | None = None, **limits: int) -> list[tuple[str, str]]:
    remote = remotes(**limits)
    federate(PROLOGUE + query, ask=asking(local or Store()), client=remote)
    return remote.asked


@pytest.mark.parametrize("first", [ONE, TWO])
def test_of_two_that_nothing_narrows_the_one_with_more_constants_is_asked_first(first):
    second = TWO if first == ONE else ONE
    closed = f"SERVICE <{first}> {{ ?a e:p e:b }}"
    opened = f"SERVICE <{second}> {{ ?x ?y ?z }}"
    for query in (f"SELECT * {{ {closed} {opened} }}", f"SELECT * {{ {opened} {closed} }}"):
        assert [endpoint for endpoint, _ in asked(query, unbound_rows=9)] == [first, second]


@pytest.mark.parametrize("body", ["?a ?b e:b", '?a ?b "text"', "?a ?b 5", "?a ?b <http://e/b>"])
def test_every_kind_of_constant_narrows(body):
    query = f"SELECT * {{ SERVICE <{ONE}> {{ ?x ?y ?z }} SERVICE <{TWO}> {{ {body} }} }}"
    assert [endpoint for endpoint, _ in asked(query, unbound_rows=9)] == [TWO, ONE]


def test_of_two_alike_the_first_in_the_text_is_asked_first():
    for first, second in ((ONE, TWO), (TWO, ONE)):
        query = f"SELECT * {{ SERVICE <{first}> {{ ?a ?b ?c }} SERVICE <{second}> {{ ?x ?y ?z }} }}"
        assert [endpoint for endpoint, _ in asked(query, unbound_rows=9)] == [first, second]


@pytest.mark.parametrize("turned", [False, True])
def test_the_one_with_fewer_bindings_is_asked_first(turned):
    local = store(("s", "one", "a"), ("s", "two", "a"), ("s", "two", "b"), ("s", "two", "c"))
    clauses = [f"SERVICE <{ONE}> {{ ?few e:p ?x }}", f"SERVICE <{TWO}> {{ ?many e:q ?y }}"]
    query = f"SELECT * {{ ?s e:one ?few . ?s e:two ?many . {' '.join(clauses[::-1] if turned else clauses)} }}"
    assert [endpoint for endpoint, _ in asked(query, local)] == [ONE, TWO]


def test_an_answer_narrows_what_is_asked_next():
    local = store(("s", "one", "a"))
    query = f"SELECT * {{ ?s e:one ?x . SERVICE <{TWO}> {{ ?y e:q ?z }} SERVICE <{ONE}> {{ ?x e:p ?y }} }}"
    (first, _), (second, text) = asked(query, local)
    assert (first, second) == (ONE, TWO)
    assert "<http://e/b>" in text
    assert "<http://e/c>" not in text


@pytest.mark.parametrize("head", ["SELECT *", "SELECT DISTINCT *", "SELECT REDUCED *", "select distinct *"])
def test_a_star_needs_every_variable_of_a_clause(head):
    ((_, text),) = asked(f"{head} {{ SERVICE <{ONE}> {{ ?x e:p ?y }} }}", unbound_rows=9)
    assert text.split("{")[0].replace("DISTINCT", "").split()[-3:] in (["?x", "?y", "WHERE"], ["SELECT", "?x", "?y"])


def test_describe_star_needs_every_variable_too():
    ((_, text),) = asked(f"DESCRIBE * {{ SERVICE <{ONE}> {{ ?x e:p ?y }} }}", unbound_rows=9)
    assert {"?x", "?y"} <= {*text.split("{")[0].split()}


def test_a_count_of_everything_is_no_star():
    ((_, text),) = asked(f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{ONE}> {{ ?x e:p ?y }} }}", unbound_rows=9)
    assert not {"?x", "?y"} & {*text.split("{")[0].split()}


@pytest.mark.parametrize(
    ("query", "where"),
    [
        (f"SELECT *\n{{\n SERVICE <{ONE}> {{ ?x ?y ?z }}\n\n\n}}", f"SERVICE <{ONE}> in line 3"),
        (f"SELECT * {{ SERVICE <{ONE}>\n {{ ?x ?y ?z }} }}\n", f"SERVICE <{ONE}> in line 1"),
        ("SELECT *\n{ SERVICE ?e { ?x ?y ?z }\n}\n", "SERVICE ?e in line 2"),
    ],
)
def test_a_clause_is_named_with_its_line(query, where):
    remote = remotes(unbound_rows=0)
    with pytest.raises(QueryRefused) as caught:
        federate(PROLOGUE + query, ask=asking(Store()), client=remote)
    assert where in str(caught.value)
    assert remote.asked == []


def test_a_clause_with_a_variable_is_named_with_both_where_it_is_asked():
    local = terms("at", NamedNode(ONE))
    query = "SELECT * {\n ?s e:at ?e .\n SERVICE ?e { ?x ?y ?z }\n\n}"
    with pytest.raises(QueryRefused, match=rf"SERVICE \?e = <{ONE}> in line 3"):
        asked(query, local, unbound_rows=0)


@pytest.mark.parametrize(("bindings", "sent"), [(3, True), (2, False)])
def test_a_list_is_sent_if_it_is_no_longer_than_it_may_be(bindings, sent):
    local = store(("s", "one", "a"), ("s", "one", "b"), ("s", "one", "c"))
    query = f"SELECT * {{ ?s e:one ?x . SERVICE <{ONE}> {{ ?x e:p ?y }} }}"
    ((_, text),) = asked(query, local, bindings=bindings, unbound_rows=9)
    assert ("VALUES" in text) is sent


@pytest.mark.parametrize("bindings", [1, 2])
def test_a_variable_names_no_more_endpoints_than_bindings_may_be_sent(bindings):
    local = terms("at", NamedNode(ONE), NamedNode(TWO))
    query = "SELECT * { ?s e:at ?e . SERVICE ?e { ?x e:p ?y } }"
    if bindings == 2:
        assert {endpoint for endpoint, _ in asked(query, local, bindings=2, unbound_rows=9)} == {ONE, TWO}
        return
    with pytest.raises(QueryRefused, match=r"the rest of the query binds \?e to more than 1 values"):
        asked(query, local, bindings=1, unbound_rows=9)


def test_what_binds_a_variable_in_every_row_is_sent_and_what_does_not_is_not():
    local = store(("s", "one", "a"), ("t", "one", "b"), ("s", "two", "b"))
    query = f"SELECT * {{ ?s e:one ?x OPTIONAL {{ ?s e:two ?y }} SERVICE <{ONE}> {{ ?x e:p ?y }} }}"
    ((_, text),) = asked(query, local)
    assert "VALUES" in text
    assert "?y" not in text[text.index("VALUES") :].split("{")[0]


def test_bindings_go_out_in_one_order():
    local = terms("one", Literal("b"), NamedNode("http://e/z"), Literal("a"), NamedNode("http://e/a"))
    query = f"SELECT * {{ ?s e:one ?x . SERVICE <{ONE}> {{ ?y e:p ?x }} }}"
    ((_, text),) = asked(query, local)
    places = [text.index(term) for term in ('"a"', '"b"', "<http://e/a>", "<http://e/z>")]
    assert places == sorted(places)
