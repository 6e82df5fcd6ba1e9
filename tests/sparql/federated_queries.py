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
from wikidata_stand_in.data import item

from kg.config import Federation
from kg.errors import Cause, RemoteFailed
from kg.sparql.guard import Query
from kg.sparql.receipt import Meter
from kg.sparql.solutions import JSON_TYPE, Table, read_table

E = "http://e/"
ENDPOINTS = ("http://one.example/sparql", "http://two.example/sparql")
DEAD = "http://dead.example/sparql"
EVIL = "http://evil.example/sparql"
"""On no list."""
NAMING = "e"
"""The variable of clauses without SILENT: in all data, `:at` leads to endpoints of the list that answer."""
SILENTLY_NAMING = "f"
"""The variable of clauses with SILENT: `:near` leads anywhere."""
_VARIABLES = ("x", "y", "z", "w")
_PREDICATES = ("p", "q")
_THINGS = tuple(NamedNode(E + name) for name in "abcd")
_TEXTS = (
    Literal("plain"), Literal("mot", language="fr"), Literal('a "quote" \\u0041 \\ and\nmore'), Literal(3), Literal(5),
    Literal("SERVICE <http://e/> { }"),
)  # fmt: skip


_NEAR = (*(NamedNode(address) for address in (*ENDPOINTS, DEAD, EVIL)), Literal("no address"), Literal(3))

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


def random_store(chance: random.Random, *, named: bool = False, blank: bool = False, dead: bool = True) -> Store:
    """Some twenty triples with a few subjects and values, so that joins meet; with `dead`, some name that endpoint."""
    near = [term for term in _NEAR if dead or term != NamedNode(DEAD)]
    store = Store()
    things = [*_THINGS, BlankNode("b")] if blank else [*_THINGS]
    for _ in range(chance.randint(6, 24)):
        graph = [NamedNode(E + chance.choice(("g1", "g2")))] if named and chance.random() < 0.4 else []
        value = chance.choice(_TEXTS) if chance.random() < 0.3 else chance.choice(things)
        store.add(Quad(chance.choice(things), NamedNode(E + chance.choice(_PREDICATES)), value, *graph))
    for _ in range(chance.randint(1, 4)):
        graph = [NamedNode(f"{E}g1")] if named and chance.random() < 0.3 else []
        store.add(Quad(chance.choice(things), NamedNode(f"{E}at"), NamedNode(chance.choice(ENDPOINTS)), *graph))
        store.add(Quad(chance.choice(things), NamedNode(f"{E}near"), chance.choice(near), *graph))
    return store


class Writer:
    """Writes one random query twice: with SERVICE, and with everything inlined.

    Without `dead`, no clause asks the endpoint that is dead: where only blank nodes could be sent, none is asked, and
    what is not asked cannot fail.
    """

    def __init__(self, chance: random.Random, remotes: dict[str, Store], *, dead: bool = True, depth: int = 3) -> None:
        self._chance, self._remotes, self._dead, self._depth = chance, remotes, dead, depth
        self._made = 0
        self._around: list[str] = []
        self.features: Counter[str] = Counter()

    def query(self) -> tuple[str, str]:
        """The query with SERVICE, and the same without."""
        while not self.features["SERVICE"]:
            where = self._group(self._depth, remote=False)
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
        if self._chance.random() < 0.06:
            return self._naming_triple(self._chance.choice((NAMING, SILENTLY_NAMING)))
        path = "" if self._chance.random() < 0.9 else self._chance.choice(("*", "?", "+"))
        return f"{self._term()} :{self._chance.choice(_PREDICATES)}{path} {self._term()} ."

    def _naming_triple(self, variable: str) -> str:
        near = variable == SILENTLY_NAMING and self._chance.random() < 0.6
        return f"{self._term()} :{'near' if near else 'at'} ?{variable} ."

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
            self._around.append("EXISTS")
            left, right = self._group(depth - 1, remote=remote)
            self._around.pop()
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
        self.features.update(f"SERVICE in {kind}" for kind in self._around)
        body, _ = self._group(min(depth - 1, 1), remote=True)
        if self._dead and chance.random() < 0.1:
            self.features["dead"] += 1
            return f"SERVICE SILENT <{DEAD}> {body}", self._whole((DEAD,), body)
        endpoint = chance.choice(ENDPOINTS)
        silent = " SILENT" if chance.random() < 0.2 else ""
        return f"SERVICE{silent} <{endpoint}> {body}", self._whole((endpoint,), body)

    def _service_of_variable(self, depth: int) -> tuple[str, str]:
        """A clause whose endpoint is a variable, and what binds that: mostly beside it, at times at a distance."""
        chance = self._chance
        self.features["SERVICE"] += 1
        self.features.update(f"SERVICE ?e in {kind}" for kind in self._around)
        silent = chance.random() < 0.4
        name = SILENTLY_NAMING if silent else NAMING
        body, _ = self._group(min(depth - 1, 1), remote=True)
        if chance.random() < 0.15:
            body = f"{{ {self._naming_triple(name)} {body[1:]}"
        nowhere = (DEAD, EVIL) if self._dead else (EVIL,)
        everywhere = (*ENDPOINTS, *(nowhere if silent else ()))
        clause = f"SERVICE {'SILENT ' if silent else ''}?{name} {body}", self._whole(everywhere, body, name)
        if chance.random() < 0.2:
            around = chance.choice(
                ("{}", "OPTIONAL {}", "MINUS {}", "{{ SELECT ?x ?%s WHERE {} }}", "FILTER EXISTS {}")
            )
            around = around.replace("%s", name).replace("{{", "{").replace("}}", "}")
            self.features["SERVICE ?e in another group than its binding"] += 1
            clause = (around.replace("{}", f"{{ {clause[0]} }}"), around.replace("{}", f"{{ {clause[1]} }}"))
        binding = self._binding_of(name)
        if chance.random() < 0.3:
            return f"{clause[0]} {binding[0]}", f"{clause[1]} {binding[1]}"
        return f"{binding[0]} {clause[0]}", f"{binding[1]} {clause[1]}"

    def _binding_of(self, name: str) -> tuple[str, str]:
        chance = self._chance
        kind = chance.random()
        if kind < 0.45:
            return self._same(self._naming_triple(name))
        if kind < 0.7:
            listed = " ".join(f"<{endpoint}>" for endpoint in chance.sample(ENDPOINTS, chance.randint(1, 2)))
            if name == SILENTLY_NAMING:
                listed += chance.choice((f" <{DEAD if self._dead else EVIL}>", f" <{EVIL}>", ' "no address"', " 3", ""))
            return self._same(f"VALUES ?{name} {{ {listed} }}")
        if kind < 0.85:
            # A directory elsewhere tells the endpoints.
            self.features["directory"] += 1
            directory, body = chance.choice(ENDPOINTS), f"{{ {self._naming_triple(name)} }}"
            return f"SERVICE <{directory}> {body}", self._whole((directory,), body)
        if kind < 0.97:
            return self._same(
                f"{{ {self._naming_triple(name)} }} UNION {{ {self._triple()} {self._naming_triple(name)} }}"
            )
        return self._same(f"OPTIONAL {{ {self._naming_triple(name)} }}")

    def _whole(self, endpoints: Sequence[str], body: str, variable: str | None = None) -> str:
        """Everything that a clause gives, as inline data; of a variable, the union over the endpoints that it names.

        Of an endpoint that does not answer, the solution of a silent failure. A silent clause gives that for whatever
        the variable may be bound to; what else is in the data stands here by hand.
        """
        names: list[str] = []
        found: list[dict[str, str]] = []
        for endpoint in endpoints:
            results = self._remotes.get(endpoint, Store()).query(f"PREFIX : <{E}> SELECT * WHERE {body}")
            assert isinstance(results, QuerySolutions)
            names = [each.value for each in results.variables]
            rows = [{name: str(row[name]) for name in names if row[name] is not None} for row in results]
            for row in rows if endpoint in self._remotes else [{}]:
                if variable is None:
                    found.append(row)
                elif row.get(variable, f"<{endpoint}>") == f"<{endpoint}>":
                    found.append({**row, variable: f"<{endpoint}>"})
        if variable is not None:
            names = [*(name for name in names if name != variable), variable]
            if EVIL in endpoints:
                found += [{variable: str(term)} for term in _NEAR if isinstance(term, Literal)]
        rows = ["(" + " ".join(row.get(name, "UNDEF") for name in names) + ")" for row in found]
        return f"VALUES ({' '.join('?' + name for name in names)}) {{ {' '.join(rows)} }}"

    def _element(self, depth: int, *, remote: bool) -> tuple[str, str]:  # noqa: PLR0911 -- one for each kind
        chance = self._chance
        kinds = ["triple"] * 5 + ["values"]
        if depth > 0:
            kinds += ["optional"] * 2 + ["minus", "union", "union", "nested", "filter", "filter", "bind", "select"]
            if not remote:
                kinds += ["service"] * 4 + ["variable"] * 2 + ["graph"] * 2
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
            case "variable":
                return self._service_of_variable(depth)
        self._around.append(kind)
        found = self._with_groups(kind, depth, remote=remote)
        self._around.pop()
        return found

    def _with_groups(self, kind: str, depth: int, *, remote: bool) -> tuple[str, str]:
        chance = self._chance
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


ONE, TWO = ENDPOINTS
SAME_AS = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
PROLOGUE = """PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wdt: <http://www.wikidata.org/prop/direct/> PREFIX e: <http://e/> """


def organisations(count: int, first: int = 900_000_000) -> Store:
    store = Store()
    for number in range(count):
        store.add(Quad(NamedNode(f"http://e/o{number}"), SAME_AS, item(first + number)))
    return store


def labels(endpoint: str, silent: str = "") -> str:
    return f"""{PROLOGUE} SELECT ?o ?label {{ ?o owl:sameAs ?i .
        SERVICE {silent} <{endpoint}> {{ ?i rdfs:label ?label FILTER(LANG(?label) = "en") }} }}"""
