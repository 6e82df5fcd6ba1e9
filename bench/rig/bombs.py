"""Queries that no server should let run: more rows, memory, text or depth than anyone can pay for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rig.graph import EX
from rig.workload import GRAPH, TABLE

_PREFIXES: Final = f"PREFIX ex: <{EX}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
_TEN: Final = " ".join(map(str, range(10)))
_PRODUCT: Final = " ".join(f"VALUES ?v{number} {{ {_TEN} }}" for number in range(12))
_THREE: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_COUNT: Final = "SELECT (COUNT(*) AS ?n) WHERE"


@dataclass(frozen=True, slots=True)
class Bomb:
    """One such query."""

    name: str
    text: str
    accept: str = TABLE

    @property
    def body(self) -> bytes:
        """What is posted."""
        return (_PREFIXES + self.text).encode()


def _nested(inner: str, opening: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


def _doubled(steps: int) -> str:
    """A text that is joined with itself again and again: 2 to the power of `steps` characters."""
    binds = " ".join(f"BIND(CONCAT(?t{step}, ?t{step}) AS ?t{step + 1})" for step in range(steps))
    return f'SELECT (STRLEN(?t{steps}) AS ?n) WHERE {{ BIND("x" AS ?t0) {binds} }}'


def _long(size: int) -> str:
    """A query of `size` characters that asks for little."""
    values = " ".join(f"<{EX}person/{number}>" for number in range(size // (len(EX) + 15)))
    text = f"{_COUNT} {{ VALUES ?s {{ {values} }} ?s rdfs:label ?label }}"
    return text + " " * (size - len(text))


BOMBS: Final = (
    Bomb("VALUES product of 10^12 rows, counted", f"{_COUNT} {{ {_PRODUCT} }}"),
    Bomb("VALUES product of 10^12 rows, streamed", f"SELECT * WHERE {{ {_PRODUCT} }}"),
    Bomb("cross product of 3 patterns, ORDER BY", f"SELECT * WHERE {{ {_THREE} }} ORDER BY ?c ?f ?i"),
    Bomb("cross product of 3 patterns, streamed", f"SELECT * WHERE {{ {_THREE} }}"),
    Bomb("cross product of 3 patterns, DISTINCT, counted", f"SELECT (COUNT(DISTINCT *) AS ?n) WHERE {{ {_THREE} }}"),
    Bomb("(p|q)* over 400,000 edges", f"{_COUNT} {{ ?s (ex:knows|ex:worksFor)* ?o }}"),
    Bomb("((p*)*)* from everywhere", f"{_COUNT} {{ ?s ((ex:knows*)*)* ?o }}"),
    Bomb("!p* both ways", f"{_COUNT} {{ ?s (!ex:none|^!ex:none)* ?o }}"),
    Bomb("path of 30 steps", f"{_COUNT} {{ <{EX}person/1> {'/'.join(['ex:knows'] * 30)} ?o }}"),
    Bomb("query of 5 MB", _long(5_000_000)),
    Bomb("query of 0.9 MB", _long(900_000)),
    Bomb("10,000 nested parentheses", f"ASK {{ FILTER({_nested('1', '(', ')', 10_000)} = 1) }}"),
    Bomb("10,000 nested braces", f"ASK {_nested('?s ?p ?o', '{', '}', 10_000)}"),
    Bomb("10,000 negations", f"ASK {{ FILTER({'!' * 10_000}true) }}"),
    Bomb("1,000 nested subqueries", f"ASK {_nested('{ ?s ?p ?o }', '{ SELECT * WHERE ', '}', 1_000)}"),
    Bomb(
        "1,000 patterns in one group", f"ASK {{ {' . '.join(f'?a{n} ex:knows ?a{n * 7 % 999}' for n in range(1000))} }}"
    ),
    Bomb(
        "catastrophic regex, (a+)+$ and its like over labels",
        f'{_COUNT} {{ ?s rdfs:label ?label BIND(CONCAT(?label, "{"a" * 2000}!") AS ?text) '
        'FILTER(regex(?text, "^(([a-z])+.)+[A-Z]([a-z])+$") || regex(?text, "(a+)+$") || regex(?text, "(a|aa)+$")) }',
    ),
    Bomb(
        "regex of nested counts",
        f'{_COUNT} {{ ?s rdfs:label ?label FILTER regex(?label, "(((a{{1,99}}){{1,99}}){{1,99}}){{1,99}}") }}',
    ),
    Bomb(
        "regex new for every row",
        f'{_COUNT} {{ ?s rdfs:label ?l . ?t ex:mail ?m FILTER regex(?m, CONCAT("(", ?l, "|x{{0,900}})+$")) }}',
    ),
    Bomb("GROUP_CONCAT of a cross product", "SELECT (GROUP_CONCAT(STR(?c)) AS ?all) WHERE { ?a ?b ?c . ?d ?e ?f }"),
    Bomb("text doubled 40 times", _doubled(40)),
    Bomb("40 unions of two, joined", f"{_COUNT} {{ {'{ {} UNION {} } ' * 40} }}"),
    Bomb(
        "NOT EXISTS of a cross product",
        f"{_COUNT} {{ ?a ex:knows ?b FILTER NOT EXISTS {{ ?c ex:age ?x . ?d ex:age ?y FILTER(?x + ?y < ?a) }} }}",
    ),
    Bomb("CONSTRUCT of a cross product", "CONSTRUCT { ?a ?e ?f . ?d ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f }", GRAPH),
    Bomb("DESCRIBE of everything", "DESCRIBE * WHERE { ?a ?b ?c . ?d ?e ?f }", GRAPH),
)
