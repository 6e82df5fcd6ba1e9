"""The kept lists: prefixes that people know, and names that mean something to other products alone."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import NamedNode

from kg.sparql.messages import may_be_foreign, wording
from kg.sparql.messages.prefixes import fill, known
from kg.sparql.messages.products import Name, names
from kg.sparql.messages.told import ForeignName, refuse_foreign
from kg.terms import PREFIXES


def nowhere(_: str) -> bool:
    return False


def everywhere(_: str) -> bool:
    return True


def test_the_prefixes_of_the_project_come_first_and_hold() -> None:
    assert tuple(known().items())[: len(PREFIXES)] == tuple(PREFIXES.items())
    assert len(known()) >= 130


@pytest.mark.parametrize("prefix", sorted(known()))
def test_a_prefix_stands_for_an_absolute_iri_to_which_a_name_is_added(prefix: str) -> None:
    assert re.fullmatch("[A-Za-z][A-Za-z0-9]*", prefix)
    NamedNode(known()[prefix])
    assert known()[prefix][-1] in "#/_:"


@pytest.mark.parametrize(
    ("query", "prefixes"),
    [
        ("SELECT * { ?x foaf:name ?n ; dct:title ?t . ?y foaf:knows ?x }", ["foaf", "dct"]),
        ("PREFIX foaf: <http://e/> SELECT * { ?x foaf:name ?n }", []),
        ("SELECT * { ?x my:name ?n ; <foaf:b> 'foaf:a' } # foaf:c", []),
        ("SELECT * { ?x my:name ?n ; skos:prefLabel ?l }", ["skos"]),
        ("BASE <http://e/> SELECT * { ?x a owl:Class }", ["owl"]),
        ("SELECT * { ?x :p ?n ; _:b ?c }", []),
    ],
)
def test_well_known_prefixes_are_declared_and_no_others(query: str, prefixes: list[str]) -> None:
    text, filled = fill(query)
    assert [prefix for prefix, _ in filled] == prefixes
    assert text.endswith(query)
    assert text.count("\n") == bool(prefixes)
    assert all(f"PREFIX {prefix}: <{known()[prefix]}>" in text for prefix in prefixes)


def example(name: Name) -> str:
    iri = f"<{name.iri}{'a' if name.is_beginning else ''}>"
    return {
        "predicate": f"SELECT * {{ ?x ?y ?z . ?x {iri} ?w }}",
        "service": f"SELECT * {{ SERVICE {iri} {{ ?x ?y ?z }} }}",
        "graph": f"SELECT * FROM {iri} {{ ?x ?y ?z }}",
    }[name.role]


@pytest.mark.parametrize("name", names(), ids=lambda name: f"{name.shown} {name.role}")
def test_a_name_of_another_product_is_an_error_by_name_with_what_to_do(name: Name) -> None:
    query = example(name)
    assert may_be_foreign(query)
    assert wording.cure(f"foreign-{name.advice}", {})
    if name.role == "service":
        return  # the guard refuses it, or another endpoint answers
    with pytest.raises(ForeignName, match=f"belongs to {name.product}; here it would find nothing"):
        refuse_foreign(query, None, nowhere)
    refuse_foreign(query, None, everywhere)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x <bif:xcontains> 'a' }",
        "SELECT * { ?x ?p ?y . ?y <bif:\\u0078contains> 'a' }",
        "PREFIX b: <bif:> SELECT * { ?x b:xcontains 'a' }",
        "SELECT * { OPTIONAL { GRAPH ?g { ?x ^<bif:xcontains> 'a' } } }",
        "SELECT * { ?x <http://e/p>/<bif:xcontains> 'a' }",
        "SELECT * { ?x ?y ?z FILTER EXISTS { ?x <bif:xcontains> 'a' } }",
        "CONSTRUCT { ?x ?y ?z } WHERE { { SELECT * { ?x ?y ?z ; <bif:xcontains> 'a' } } }",
        "PREFIX apf: <http://jena.apache.org/ARQ/property#> SELECT * { ?x apf:splitIRI (?a ?b) }",
    ],
)
def test_it_is_found_wherever_it_stands_and_however_it_is_written(query: str) -> None:
    with pytest.raises(ForeignName, match="here it would find nothing"):
        refuse_foreign(query, None, nowhere)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x ?y 'bif:xcontains' }",
        "SELECT * { ?x <http://e/bif:xcontains> ?y } # <bif:xcontains>",
        "SELECT * { SERVICE <http://e/> { ?x <bif:xcontains> 'a' } }",
        "PREFIX wikibase: <http://wikiba.se/ontology#> SELECT * { ?x wikibase:rank wikibase:BestRank }",
        "SELECT * { ?x <http://wikiba.se/ontology#label> ?y }",
        "this is <bif:xcontains> no query",
    ],
)
def test_what_only_looks_like_it_passes(query: str) -> None:
    refuse_foreign(query, None, nowhere)
