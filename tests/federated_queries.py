"""Random queries with SERVICE over random data, and what they mean when every remote pattern is fetched whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
)

from kg.config import Federation
from kg.errors import Cause, RemoteFailed
from kg.sparql.guard import Query
from kg.sparql.receipt import Meter
from kg.sparql.solutions import JSON_TYPE, Table, read_table

E = "http://e/"
ENDPOINTS = ("http://one.example/sparql", "http://two.example/sparql")
DEAD = "http://dead.example/sparql"
_VARIABLES = ("x", "y", "z", "w")
_PREDICATES = ("p", "q")
_THINGS = tuple(NamedNode(E + name) for name in "abcd")
_TEXTS = (
    Literal("plain"), Literal("mot", language="fr"), Literal('a "quote" \\u0041 \\ and\nmore'), Literal(3), Literal(5),
    Literal("SERVICE <http://e/> { }"),
)  # fmt: skip


QuerySolutionsOrTruth = Counter[tuple[Any, ...]] | bool


class Remotes:
    """Endpoints without a network, for the planner to ask."""

    def __init__(self, stores: dict[str, Store], **limits: Any) -> None:
        self.stores = stores
        self.settings = Federation(endpoints=(*ENDPOINTS, DEAD), contact="a@b.org", **limits)
        self.asked: list[tuple[str, str]] = []

    def clock(self) -> float:
        return 0.0

    def select(self, endpoint: str, query: str, variables: Sequence[str], meter: Meter, *, until: float) -> Table:  # noqa: ARG002
        self.asked.append((endpoint, query))
        meter.requests += 1
        if endpoint == DEAD:
            raise RemoteFailed("it is dead", host=endpoint, cause=Cause.UNREACHABLE)
        results = self.stores[endpoint].query(query)
        assert isinstance(results, QuerySolutions)
        table = read_table(results.serialize(format=QueryResultsFormat.JSON), JSON_TYPE, variables)
        meter.rows += len(table.rows)
        return table


def asking(store: Store):
    """What evaluates a query of the planner over a store."""

    def ask(query: Query) -> bytes:
        results = store.query(query.text, base_iri=query.base)
        assert isinstance(results, QuerySolutions)
        return results.serialize(format=QueryResultsFormat.JSON)

    return ask


def solutions(store: Store, text: str) -> QuerySolutionsOrTruth:
    """The multiset of solutions, whatever the order of columns."""
    results = store.query(text)
    if isinstance(results, QueryBoolean):
        return bool(results)
    assert isinstance(results, QuerySolutions)
    names = sorted(variable.value for variable in results.variables)
    return Counter(tuple((name, str(row[name])) for name in names) for row in results)


def random_store(chance: random.Random, *, named: bool = False, blank: bool = False) -> Store:
    """Some twenty triples with a few subjects and values, so that joins meet."""
    store = Store()
    things = [*_THINGS, BlankNode("b")] if blank else [*_THINGS]
    for _ in range(chance.randint(6, 24)):
        graph = [NamedNode(E + chance.choice(("g1", "g2")))] if named and chance.random() < 0.4 else []
        value = chance.choice(_TEXTS) if chance.random() < 0.3 else chance.choice(things)
        store.add(Quad(chance.choice(things), NamedNode(E + chance.choice(_PREDICATES)), value, *graph))
    return store


class Writer:
    """Writes one random query twice: with SERVICE, and with everything inlined."""

    def __init__(self, chance: random.Random, remotes: dict[str, Store], *, dead: bool = True) -> None:
        self._chance, self._remotes, self._dead = chance, remotes, dead
        self._made = 0
        self.features: Counter[str] = Counter()

    def query(self) -> tuple[str, str]:
        """The query with SERVICE, and the same without."""
        while not self.features["SERVICE"]:
            where = self._group(3, remote=False)
        chance, head, tail = self._chance, "SELECT *", ""
        kind = chance.random()
        if kind < 0.1:
            head = "ASK"
        elif kind < 0.3:
            head = "SELECT DISTINCT ?x ?y"
        elif kind < 0.5:
            head = "SELECT ?x ?z"
        elif kind < 0.6:
            head, tail = "SELECT ?x (COUNT(*) AS ?n) (COUNT(DISTINCT ?y) AS ?m)", " GROUP BY ?x"
        if chance.random() < 0.15:
            tail += f" {self._values()}"
        prologue = f"PREFIX : <{E}> BASE <{E}> "
        return tuple(f"{prologue}{head} WHERE {side}{tail}" for side in where)  # type: ignore[return-value]

    def _same(self, text: str) -> tuple[str, str]:
        return text, text

    def _fresh(self) -> str:
        self._made += 1
        return f"?b{self._made}"

    def _term(self) -> str:
        return (
            f"?{self._chance.choice(_VARIABLES)}" if self._chance.random() < 0.8 else f":{self._chance.choice('abc')}"
        )

    def _triple(self) -> str:
        path = "" if self._chance.random() < 0.9 else self._chance.choice(("*", "?", "+"))
        return f"{self._term()} :{self._chance.choice(_PREDICATES)}{path} {self._term()} ."

    def _values(self) -> str:
        chance = self._chance
        names = chance.sample(_VARIABLES, chance.choice((1, 1, 2)))

        def cell() -> str:
            return "UNDEF" if chance.random() < 0.15 else f":{chance.choice('abcd')}"

        rows = " ".join("(" + " ".join(cell() for _ in names) + ")" for _ in range(chance.randint(1, 4)))
        return f"VALUES ({' '.join('?' + name for name in names)}) {{ {rows} }}"

    def _condition(self, depth: int, *, remote: bool) -> tuple[str, str]:
        chance = self._chance
        first, second = (f"?{chance.choice(_VARIABLES)}" for _ in range(2))
        if depth > 0 and chance.random() < 0.35:
            self.features["EXISTS"] += 1
            word = chance.choice(("EXISTS", "NOT EXISTS"))
            left, right = self._group(depth - 1, remote=remote)
            return f"{word} {left}", f"{word} {right}"
        return self._same(
            chance.choice(
                (
                    f"({first} != {second})", f"(!BOUND({first}) || {first} = :a)", f"(BOUND({first}))",
                    f"({first} = {second} || {second} = :b)", f'(LANG({first}) = "fr" || LANG({second}) IN ("", "fr"))',
                    f'(LANG({first}) != "fr")', f'(CONTAINS(STR({first}), "e") && !STRSTARTS(STR({second}), "p"))',
                    f'LANGMATCHES(LANG({first}), "*")', f"({first} IN (:a, :b, :c, 3))", f"(isLiteral({first}))",
                )
            )
        )  # fmt: skip

    def _service(self, depth: int) -> tuple[str, str]:
        chance = self._chance
        self.features["SERVICE"] += 1
        body, _ = self._group(min(depth - 1, 1), remote=True)
        if self._dead and chance.random() < 0.1:
            self.features["dead"] += 1
            return f"SERVICE SILENT <{DEAD}> {body}", self._whole(None, body)
        endpoint = chance.choice(ENDPOINTS)
        silent = " SILENT" if chance.random() < 0.2 else ""
        return f"SERVICE{silent} <{endpoint}> {body}", self._whole(endpoint, body)

    def _whole(self, endpoint: str | None, body: str) -> str:
        """Everything that a clause gives, as inline data; of no endpoint, the solution of a silent failure."""
        store = self._remotes[endpoint] if endpoint else Store()
        results = store.query(f"PREFIX : <{E}> SELECT * WHERE {body}")
        assert isinstance(results, QuerySolutions)
        names = [variable.value for variable in results.variables]
        rows = [
            "(" + " ".join("UNDEF" if row[name] is None else str(row[name]) for name in names) + ")" for row in results
        ]
        if endpoint is None:
            rows = ["(" + " ".join("UNDEF" for _ in names) + ")"]
        return f"VALUES ({' '.join('?' + name for name in names)}) {{ {' '.join(rows)} }}"

    def _element(self, depth: int, *, remote: bool) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912
        chance = self._chance
        kinds = ["triple"] * 5 + ["values"]
        if depth > 0:
            kinds += ["optional"] * 2 + ["minus", "union", "union", "nested", "filter", "filter", "bind", "select"]
            if not remote:
                kinds += ["service"] * 4 + ["graph"]
        kind = chance.choice(kinds)
        self.features[kind] += 1
        match kind:
            case "triple":
                return self._same(self._triple())
            case "values":
                return self._same(self._values())
            case "filter":
                left, right = self._condition(depth, remote=remote)
                return f"FILTER {left}", f"FILTER {right}"
            case "bind":
                made = self._fresh()
                name = f"?{chance.choice(_VARIABLES)}"
                expression = chance.choice((f"IF(BOUND({name}), {name}, :a)", f"STR({name})", f"{name} = :a"))
                return self._same(f"BIND({expression} AS {made})")
            case "service":
                return self._service(depth)
        left, right = self._group(depth - 1, remote=remote)
        match kind:
            case "nested":
                return left, right
            case "optional" | "minus":
                return f"{kind.upper()} {left}", f"{kind.upper()} {right}"
            case "graph":
                name = chance.choice((":g1", ":g2", "?g", "?x"))
                return f"GRAPH {name} {left}", f"GRAPH {name} {right}"
            case "union":
                left2, right2 = self._group(depth - 1, remote=remote)
                return f"{left} UNION {left2}", f"{right} UNION {right2}"
            case "select":
                head, tail = chance.choice(
                    (
                        ("DISTINCT ?x", ""), ("?x ?y", ""), ("*", ""), ("?x (COUNT(*) AS ?count)", "GROUP BY ?x"),
                        ("(COUNT(?y) AS ?count)", ""), ("DISTINCT ?y ?z", "LIMIT 100000"),
                    )
                )  # fmt: skip
                if "count" in head:
                    head = head.replace("?count", self._fresh())
                return tuple(f"{{ SELECT {head} WHERE {side} {tail} }}" for side in (left, right))  # type: ignore[return-value]
        raise ValueError(kind)

    def _group(self, depth: int, *, remote: bool) -> tuple[str, str]:
        parts = [self._element(depth, remote=remote) for _ in range(self._chance.randint(1, 3 if depth else 2))]
        return "{ " + " ".join(one for one, _ in parts) + " }", "{ " + " ".join(two for _, two in parts) + " }"
