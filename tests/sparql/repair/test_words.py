"""The tests by words: what a rule changes, its test finds, however the query is spelled."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_data import ABSENT, SHARED

from kg.errors import QueryError
from kg.sparql.language import parse
from kg.sparql.language.tokens import resolve_escapes
from kg.sparql.repair import RULES, matter
from kg.sparql.repair.context import Context, Fresh
from kg.sparql.repair.rewriting import ACTIONS
from kg.sparql.repair.words import is_plain

SUITES = SHARED / "suites"
PREFIX = "PREFIX : <http://e/#> "
PATTERNS = [
    "?s ?p ?o .",
    ":a :p * ?y .",
    ":a :p ? ?y .",
    "?y ( :p / :q ) * :b .",
    ":a ^ :select * ?y .",
    ":a ( :p ? ) ?y .",
    "GRAPH ?g { VALUES ?x { 1 } }",
    "GRAPH :g { OPTIONAL { ?s ?p ?o } }",
    "GRAPH <http://e/#g> { FILTER ( true ) }",
    "GRAPH ?g { ?s ?p ?o . FILTER ( ?g = 1 ) }",
    "GRAPH ?g { ?s ?p 'a } b' , \"graph ?g {\" . }",
    "GRAPH ?g { ?s ?p ?o . GRAPH ?h { } }",
    "GRAPH $g { { } UNION { ?s ?p ?o } }",
    "FILTER EXISTS { GRAPH ?g { BIND ( 1 AS ?one ) } }",
    "{ SELECT ( SUM ( ?n ) AS ?sum ) { OPTIONAL { ?x :n ?n } } }",
    "{ SELECT ( GROUP_CONCAT ( DISTINCT ?n ; SEPARATOR = ',' ) AS ?l ) { ?x :n ?n } }",
    "{ SELECT ( COUNT ( 1 / ?n ) AS ?c ) { ?x :n ?n } }",
    "{ SELECT ( COUNT ( * ) AS ?n ) { ?x :n ?n2 } HAVING ( ?n > 1 ) }",
]
HEADS = ["SELECT * {", "SELECT DISTINCT * {", "SELECT ( COUNT ( * ) AS ?all ) {", "ASK {", "DESCRIBE * {"]
EXAMPLES = [
    "SELECT ?x {} having ?x", "SELECT ?x {} GROUP BY (?x AS ?k)", "SELECT (COUNT(DISTINCT *) AS ?n) {}",
    "ASK { ?s :p|:q ?o }", "ASK { ?s !:p ?o }", "ASK FROM :a FROM :b {}", "ASK { ?s :p? ?o }", "ASK { ?s :p* ?o }",
    "ASK { ?s :p +7 }", "ASK { GRAPH ?g {{}} }", "SELECT (1 AS ?x) {}", "SELECT (SUM(?x) AS ?y) {}", "ASK { FILTER(1 IN ()) }",
    "ASK { FILTER(1 + 1 = 2) }", "ASK { FILTER(ABS(1)) }", "ASK { FILTER ?x }", "ASK { BIND(REPLACE('', '', '') AS ?x) }",
    "ASK { BIND(BNODE('') AS ?x) }", "SELECT ?x {} order by ?x", "\\u0041SK {}",
]  # fmt: skip
"""Each rule may matter to one at least."""
GAPS = [" ", "\n", "\t", "  ", " # select\n", "#(\n", " # GRAPH :g { <\n", "\r\n# }\n", " # \"'\n"]


def missed(text: str, base: str | None = None) -> list[str]:
    """The rules that change a query although their tests say that they do not matter to it."""
    context, query = Context(resolve_escapes(text), Fresh(text)), parse(text, base)
    spared = [rule for rule in RULES if is_plain(text) or not rule.may_matter(text)]
    return [rule.name for rule in spared if ACTIONS[rule.name](query, context)[0] != query]


def spelled(draw: random.Random, text: str) -> str:
    """The query in other gaps, cases and escapes; where the engine needs no gap, perhaps none."""
    pieces = []
    for token in text.split(" "):
        given = token
        if token.isupper() and draw.random() < 0.7:
            given = "".join(draw.choice((letter.lower(), letter)) for letter in token)
        if token.isupper() and draw.random() < 0.1:
            given = f"\\u{ord(token[0]):04X}{token[1:]}"
        closed = bool(re.fullmatch(r"[{}()*=,;.]", token)) and draw.random() < 0.5
        gap = "" if closed or not pieces else draw.choice(GAPS)
        pieces += [gap, given]
        if closed and draw.random() < 0.5:
            pieces.append(" ")
    return "".join(pieces)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3), st.sampled_from(HEADS), st.randoms())
def test_what_is_changed_was_found(patterns: list[str], head: str, draw: random.Random) -> None:
    text = spelled(draw, f"{PREFIX}{head} {' '.join(patterns)} }}")
    try:
        parse(text)
    except QueryError:
        return
    assert missed(text) == []


def queries_of_the_suites() -> Iterator[tuple[str, str]]:
    for path in sorted(SUITES.rglob("*.rq")):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        try:
            parse(text, "http://example.org/")
        except (QueryError, UnicodeError):
            continue
        yield str(path.relative_to(SUITES)), text


@pytest.mark.skipif(not SUITES.is_dir(), reason=ABSENT)
def test_in_the_suites_nothing_is_missed() -> None:
    count = 0
    for name, text in queries_of_the_suites():
        count += 1
        assert missed(text, "http://example.org/") == [], name
    assert count > 400


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?l { <http://e/a> <http://www.w3.org/2000/01/rdf-schema#label> ?l }",
        "SELECT * WHERE { ?s ?p ?o } LIMIT 10",
        "SELECT (COUNT(*) AS ?n) { ?s a <http://e/C> }",
        "SELECT (count ( distinct ?s ) AS ?n) { ?s a <http://e/C> }",
        "PREFIX min: <http://e/min#> SELECT ?x { ?x min:sum ?maximum ; min:count 1 }",
        "SELECT ?g { GRAPH ?g { ?s ?p ?o ; a <http://e/#C> , 'x' . } }",
        'SELECT ?x { GRAPH <http://e/graph#claims> { ?x ?y "a b"@fr } GRAPH ?g { ?x ?z 1 } }',
        "DESCRIBE <http://e/?x=1>",
        "SELECT DISTINCT * { ?s <http://e/#p> ?o }",
    ],
)
def test_plain_queries_are_not_even_read(text: str) -> None:
    early = ("having-alias", "zero-length-paths", "graph", "aggregates", "unbound-in-aggregates")
    assert [rule.name for rule in RULES if rule.name in early and rule.may_matter(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "ASK { :a :p*/:q ?x }",
        "ASK { ?x :p +7 }",
        "ASK { ?x :p+.5e1 }",
        "ASK { ?x (:p?) :a }",
        "ASK { ?x :p?/:q :a }",
        "ASK { ?x :p?|:q :a }",
        "ASK { :a :p# select\n* ?x }",
        "ASK { :a :select* ?x }",
        "SELECT*{ :a :p* ?x }",
        "ASK { :a :p*?x }",
        "SELECT(SUM(?x)AS?s){}",
        "SELECT(sUm#(\n(?x)AS?s){}",
        "SELECT (COUNT(?a+?b) AS ?c) {}",
        "SELECT (COUNT(DISTINCT(?a)) AS ?c) {}",
        "ASK {GRAPH?g{VALUES ?x{1}}}",
        "ASK {{}GRAPH:g{FILTER(true)}}",
        "ASK { ?s ?p 'graph :a { <' GRAPH ?g { VALUES ?x { '>}' } } }",
        "ASK { ?s ?p 'graph :a { ' . ?x ?y '} ' GRAPH ?g { BIND(1 AS ?z) } }",
        "ASK { GRAPH ?g { ?s ?p ?o # }\n FILTER(?g = 1) } }",
        "SELECT ?graph { { ?s ?p ?graph } GRAPH ?g { OPTIONAL { ?s ?p ?o } } }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }HAVING(?n>1)",
        "\\u0053ELECT (\\u0053UM(?x) AS ?y) {}",
    ],
)
def test_odd_spellings_are_found(text: str) -> None:
    assert matter(text)


def test_a_look_up_is_told_by_its_signs_alone_and_no_text_with_a_rule_is() -> None:
    assert is_plain("SELECT ?country { <http://e/a> <http://e/p> ?country ; <http://e/count#min> 'sum' } LIMIT 10")
    found = {rule.name for text in EXAMPLES for rule in RULES if rule.may_matter(text) and "\\" not in text}
    assert found == {rule.name for rule in RULES}
    assert [text for text in EXAMPLES if is_plain(text)] == []


def test_a_rule_that_is_switched_off_does_not_matter() -> None:
    assert not matter(
        "SELECT (SUM(?x) AS ?s) {}", ("aggregates", "unbound-in-aggregates", "sure-aggregates", "told-errors")
    )


def test_every_rule_does_something_and_says_what() -> None:
    assert {rule.name for rule in RULES} == {*ACTIONS}
    assert all(rule.sentence.endswith(".") and rule.section.startswith("SPARQL 1.1") for rule in RULES)
