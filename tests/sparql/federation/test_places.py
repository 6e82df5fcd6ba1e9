"""Places where a SERVICE clause may stand: hand-made cases beside the random ones."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, Store
from sparql.federated_queries import ONE, PROLOGUE, SAME_AS, TWO, Remotes, asking, labels, organisations, solutions
from wikidata_stand_in.data import item

from kg.sparql.federation import federate


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
