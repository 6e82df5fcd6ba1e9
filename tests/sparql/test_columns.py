"""The columns of `SELECT *`: those that the engine finds, in the order in which the query brings them up."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store
from sparql.federated_queries import ENDPOINTS, Remotes, asking

from kg.sparql.columns import asked, in_order
from kg.sparql.federation import federate
from kg.sparql.language.tokens import Kind, tokenize

EMPTY = Store()
P = "PREFIX : <http://e/> "


def columns(text: str) -> list[str]:
    return [variable.value for variable in asked(EMPTY.query, text).variables]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?z :cat ?a . ?z :price ?m }", "z a m"),
        ("SELECT*{?z :cat ?a,?m;a ?b}", "z a m b"),
        ("select distinct * where { ?z :cat ?a }", "z a"),
        ("SELECT REDUCED* { ?z :cat ?a }", "z a"),
        ("SELECT # ?x * {\n DISTINCT # *\n * # ?y\n { ?z :cat ?a # ?k }\n }", "z a"),
        ("SELECT * FROM <http://e/> FROM NAMED :g { $z :cat ?a . ?a :cat $z }", "z a"),
        ("SELECT * { ?z :cat '?q }', \"\"\"{ ?r \" \"\"\", <http://e/?x=1> , ?a }", "z a"),
        ("SELECT * { FILTER(?a > 1 && EXISTS { ?x ?y ?w }) ?z :cat ?a FILTER NOT EXISTS { ?a :cat ?c } }", "z a"),
        ("SELECT * { ?z :cat ?y MINUS { ?z :cat ?c . ?d :cat ?y } ?y :cat ?a }", "z y a"),
        ("SELECT * { ?z :cat ?m BIND(?m * 2 * ?k AS ?b) BIND(STR(?b) AS ?a) }", "z m b a"),
        ("SELECT * { GRAPH ?g { ?z :cat ?a } GRAPH :f { ?c ?b ?a } }", "g z a c b"),
        ("SELECT * { { ?z :cat ?m } UNION { ?b :cat ?a } OPTIONAL { ?a :cat ?c } }", "z m b a c"),
        ("SELECT * { ?z (:a|^:b)*/!(:c|^:d)/:e?/:f+ ?a . ?a :p* _:x . [ :q ?d ; ^:r ?c ] :q (?b 1 -2) }", "z a d c b"),
        ("SELECT * { VALUES (?z ?b) { (1 UNDEF) (:a '?c') } VALUES ?a { 1 2.5e0 true } }", "z b a"),
        ("SELECT * { ?z :cat ?b } ORDER BY DESC(?q) LIMIT 2 OFFSET 1 VALUES ?a { 1 }", "z b a"),
        ("SELECT * { { SELECT ?z ?b { ?a :cat ?b , ?z } } ?b :cat ?a }", "z b a"),
        ("SELECT * { ?z :p ?m { SELECT (COUNT(*) AS ?n) (SUM(?a * ?b) AS ?c) ?k { ?a ?k ?b } GROUP BY ?k } }", "z m n c k"),
        ("SELECT * { { SELECT * { ?z :cat ?b { SELECT * { ?y :p ?x } LIMIT 1 } } ORDER BY ?q } ?a :cat ?z }", "z b y x a"),
        ("SELECT * { { SELECT ?b { ?b :cat ?c } VALUES ?c { 1 } } ?a :cat ?b }", "b a"),
        ("SELECT * { ?z :cat ?a } # ?k *", "z a"),
        ("BASE <http://e/> PREFIX star: <*> SELECT * { <z*> star:a ?b . ?b :c\\* ?a }", "b a"),
        ("SELECT * { << ?z :p ?b >> :q ?a }", "z b a"),
        ("SELECT * { ?z :p ?m {| :q ?b |} . ?a :p ?z }", "z m b a"),
        ("SELECT * { ?المدينة :cat ?ville . ?été :cat ?a }", "المدينة ville été a"),
    ],
)  # fmt: skip
def test_columns_stand_in_the_order_of_appearance(query: str, expected: str) -> None:
    assert columns(P + query) == expected.split()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?b ?a { ?a :p ?b }",
        "SELECT (COUNT(*) AS ?n) (2 * 3 AS ?a) { ?s :p*/:q ?o }",
        "ASK { ?b :p ?a { SELECT * { ?d :p ?c } } }",
        "SELECT ?x { ?x :p ?b { SELECT * { ?d :p ?c } } }",
        "CONSTRUCT { ?b :p ?a } { SELECT * { ?b :p ?a } }",
        "DESCRIBE * { ?b :p ?a }",
        "SELECT * {}",
        "SELECT * { FILTER(?b) }",
        "SELECT '*' { ?b :p ?a }",
    ],
)
def test_what_has_no_star_is_left_as_it_is(query: str) -> None:
    assert in_order(P + query) is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?b :p }",
        "SELECT * { ?b :p ?a } GROUP BY ?b",
        "SELECT (*) { ?b :p ?a }",
        "SELECT * ?b { ?b :p ?a }",
        "SELECT * { ?b :p ?a\n BIND(1 AS ?b) }",
        "SELECT * { ?b :p ?a ",
        "SELECT * { ?b :p ?a } }",
        "SELECT",
        "SELECT *",
        "PREFIX SELECT * {",
        "SELECT * { ?b :p ?a FILTER }",
        "SELECT * { ?b :p ?a . ( ",
    ],
)
def test_an_error_is_told_as_of_the_query_that_was_written(query: str) -> None:
    with pytest.raises(SyntaxError) as alone:
        EMPTY.query(P + query)
    with pytest.raises(SyntaxError) as told:
        asked(EMPTY.query, P + query)
    assert str(told.value) == str(alone.value)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?b :p ?a FILTER(?a<?b).?c:p?d.FILTER(?d>1) }",
        "PREFIX FILTER: <http://e/> SELECT * { ?b :p ?a FILTER:f(?c) }",
        "PREFIX x: <http://e/> SELECT * { ?b x:p ?a FILTER(?b<x:a&&?a>1) . ?d x:q ?c }",
        "SELECT * { LATERAL { ?b :p ?a } }",
        "SELECT * " + 100 * "{" + "?b :p ?a" + 100 * "}",
    ],
)
def test_no_column_is_lost_where_readers_differ(query: str) -> None:
    """The engine reads some spellings in its own way: then its order stays."""
    try:
        whole = EMPTY.query(P + query).variables
    except (SyntaxError, RuntimeError):
        whole = []
    if whole:
        assert sorted(columns(P + query)) == sorted(variable.value for variable in whole)


# --- an oracle that asks the engine which places count


def engine_columns(text: str) -> list[str] | None:
    try:
        found = EMPTY.query(text)
    except (SyntaxError, RuntimeError):
        return None
    return [variable.value for variable in found.variables] if isinstance(found, QuerySolutions) else None


def first_places(text: str, names: list[str]) -> dict[str, int] | None:
    """Where each column is brought up: the first place at which another name in its stead would be a column, too."""
    places: dict[str, int] = {}
    for token in tokenize(text):
        name = token.text[1:]
        if token.kind is not Kind.VARIABLE or name not in names or name in places:
            continue
        renamed = engine_columns(f"{text[: token.start]}?instead{text[token.end :]}")
        if renamed is None:
            return None  # nobody can tell
        if "instead" in renamed:
            places[name] = token.start
    return places


def check(text: str) -> bool:
    """Compare with the engine, and with the oracle where it can tell; whether it could."""
    names = engine_columns(text)
    assert names is not None
    found = columns(text)
    assert sorted(found) == sorted(names)
    places = first_places(text, names)
    if places is None:
        return False
    assert found == sorted(names, key=places.__getitem__)
    return True


def starred(text: str) -> str | None:
    """A query of the suites with a star in the place of what it selects."""
    depth, begun = 0, None
    for token in tokenize(text):
        if begun is None and token.is_word("SELECT"):
            begun = token.end
        elif begun is not None:
            depth += token.is_mark("(") - token.is_mark(")")
            if not depth and (token.is_word("WHERE", "FROM") or token.is_mark("{")):
                return f"{text[:begun]} * {text[token.start :]}"
    return None


def test_the_queries_of_the_suites(shared: Path) -> None:
    asked_for = told = 0
    for path in sorted((shared / "suites" / "sparql11").rglob("*.rq")):
        text = path.read_text(encoding="utf-8")
        base = f"BASE <http://e/>\n{text}"
        if re.search(r"\bSERVICE\b", text):
            continue
        try:
            query = starred(base)
        except Exception:  # noqa: BLE001 -- a query that is none
            continue
        if query is None or engine_columns(query) is None:
            continue
        asked_for += 1
        told += check(query)
    assert asked_for > 150
    assert told > 100


VARIABLES = "fedcba"


class Maker:
    """Random queries, in all spellings."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def variable(self) -> str:
        return self.chance.choice("?$") + self.chance.choice(VARIABLES)

    def term(self) -> str:
        return self.chance.choice([self.variable(), self.variable(), ":t", "'?a { # }'", "7", "<http://e/?a=*>", "_:b"])

    def triple(self) -> str:
        subject = self.chance.choice([self.variable(), ":s", f"[ :p {self.term()} ]", f"({self.term()} {self.term()})"])
        path = self.chance.choice([":p", "a", ":p*/^:q", "!(:p|^:q)+", self.variable()])
        return (
            f"{subject} {path} {self.term()}{self.chance.choice(['', f' , {self.term()}', f' ; :r {self.term()}'])} ."
        )

    def expression(self) -> str:
        return self.chance.choice(
            [
                f"{self.variable()} * 2",
                f"BOUND({self.variable()})",
                f"EXISTS {self.group(1)}",
                f"?a < {self.variable()}",
            ]
        )

    def select(self, depth: int) -> str:
        kind = self.chance.choice(
            ["* ", "DISTINCT *", f"{self.variable()} ", f"(COUNT(*) AS ?{self.chance.choice('gh')}) "]
        )
        tail = self.chance.choice(["", " LIMIT 3", " ORDER BY ?a", f" VALUES {self.variable()} {{ 1 :t UNDEF }}"])
        return f"{{ SELECT {kind}{self.group(depth)}{tail} }}"

    def element(self, depth: int) -> str:
        makers: list[Callable[[], str]] = [
            self.triple,
            self.triple,
            lambda: f"FILTER({self.expression()})",
            lambda: f"FILTER NOT EXISTS {self.group(0)}",
            lambda: f"BIND({self.expression()} AS ?{self.chance.choice('ghij')})",
            lambda: f"VALUES ({self.variable()} ?{self.chance.choice('kl')}) {{ (1 '}}') (UNDEF <http://e/>) }}",
            lambda: "# ?m { *\n",
        ]
        if depth:
            makers += [
                lambda: f"OPTIONAL {self.group(depth - 1)}",
                lambda: f"MINUS {self.group(depth - 1)}",
                lambda: f"GRAPH {self.variable()} {self.group(depth - 1)}",
                lambda: f"{self.group(depth - 1)} UNION {self.group(depth - 1)}",
                lambda: self.select(depth - 1),
            ]
        return self.chance.choice(makers)()

    def group(self, depth: int) -> str:
        return f"{{ {' '.join(self.element(depth) for _ in range(self.chance.randrange(4)))} }}"

    def query(self) -> str:
        kind = self.chance.choice(["*", " *\n", " DISTINCT *", " reduced # *\n *"])
        tail = self.chance.choice(["", " LIMIT 3", " VALUES ?n { 1 }", " ORDER BY (?a * ?b) DESC(?c)"])
        return f"{P}SELECT{kind}{self.group(3)}{tail}"


@settings(max_examples=400)
@given(st.randoms(use_true_random=False))
def test_generated_queries(chance: random.Random) -> None:
    text = Maker(chance).query()
    if engine_columns(text) is not None:
        check(text)


# --- federated queries


def test_a_column_of_an_answered_clause_stands_where_the_clause_stood() -> None:
    query = f"SELECT * {{ VALUES ?z {{ 1 2 }} SERVICE <{ENDPOINTS[0]}> {{ ?y ?x ?a }} BIND(?a AS ?b) }}"
    remotes = Remotes({ENDPOINTS[0]: Store()})
    done = federate(query, ask=asking(EMPTY), client=remotes)
    assert columns(done.query.text) == ["z", "y", "x", "a", "b"]
