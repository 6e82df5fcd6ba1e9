"""The queries, and the comparison of what servers answer to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from rig import wire
from rig.graph import COUNTRIES, EX, ORGANISATIONS, PEOPLE

TABLE: Final = "application/sparql-results+json"
GRAPH: Final = "text/turtle"
PREFIXES: Final = f"PREFIX ex: <{EX}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
_STRIDE: Final = 61_803
"""No factor in common with the number of people: each comes once before one comes again."""
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True, slots=True)
class Query:
    """A kind of query, each text of it different, so that no cache of answers by text knows it."""

    name: str
    text: Callable[[int], str]
    """The text for a number; all numbers cost about the same."""
    accept: str = TABLE
    engines_differ: bool = False
    """Whether the standard leaves the answer to the engine."""

    def target(self, path: str, number: int) -> str:
        """Path and query of the URL for a GET request."""
        return f"{path}?query={quote(PREFIXES + self.text(number), safe='')}"

    def request(self, path: str, number: int) -> bytes:
        """The GET request for a number."""
        return wire.get(self.target(path, number), self.accept)

    def fresh(self, path: str, first: int) -> Iterator[bytes]:
        """Requests of which each has another text."""
        number = first
        while True:
            yield self.request(path, number)
            number += 1

    def repeated(self, path: str, number: int) -> Iterator[bytes]:
        """One request again and again."""
        request = self.request(path, number)
        while True:
            yield request


def _person(number: int) -> str:
    return f"<{EX}person/{number * _STRIDE % PEOPLE}>"


def _aggregates(names: str, number: int) -> str:
    return " ".join(f"({name}(?x{number}) AS ?{name})" for name in names.split())


def _unstated(name: str, number: int) -> str:
    return f"VALUES ?property {{ ex:{name} }} ?p ?property ?x{number}"


# Where no constant can vary, a name or a LIMIT beyond the end does: each text is then another query.
QUERIES: Final = (
    Query("point lookup", lambda n: f"SELECT ?label WHERE {{ {_person(n)} rdfs:label ?label }} LIMIT {10 + n}"),
    Query("DESCRIBE", lambda n: f"DESCRIBE {_person(n)} # {n}", GRAPH, engines_differ=True),
    Query(
        "star, 100 rows",
        lambda n: (
            "SELECT ?person ?label ?age ?country WHERE { "
            f"?person ex:worksFor <{EX}organisation/{n % ORGANISATIONS}> ; rdfs:label ?label ; ex:age ?age ; "
            f"ex:country ?country }} LIMIT {1000 + n}"
        ),
    ),
    Query(
        "2-hop path",
        lambda n: (
            f"SELECT ?friend ?label WHERE {{ {_person(n)} ex:knows/ex:knows ?friend . ?friend rdfs:label ?label }}"
            f" LIMIT {1000 + n}"
        ),
    ),
    Query(
        "aggregate",
        lambda n: (
            f"SELECT ?age (COUNT(?p{n}) AS ?people) WHERE {{ "
            f"?p{n} ex:country <{EX}country/{n % COUNTRIES}> ; ex:age ?age }} GROUP BY ?age"
        ),
    ),
    Query(
        "SUM and AVG of 100,000 numbers", lambda n: f"SELECT {_aggregates('SUM AVG', n)} WHERE {{ ?p ex:age ?x{n} }}"
    ),
    Query("MIN and MAX, one kind stated", lambda n: f"SELECT {_aggregates('MIN MAX', n)} WHERE {{ ?p ex:age ?x{n} }}"),
    # Of a property that a variable stands for nothing is stated.
    Query(
        "MIN and MAX, nothing stated", lambda n: f"SELECT {_aggregates('MIN MAX', n)} WHERE {{ {_unstated('age', n)} }}"
    ),
    Query(
        "MAX of dates, nothing stated", lambda n: f"SELECT {_aggregates('MAX', n)} WHERE {{ {_unstated('since', n)} }}"
    ),
    Query(
        "regex over 100,000 labels",
        lambda n: f'SELECT (COUNT(*) AS ?n) WHERE {{ ?p{n} rdfs:label ?label FILTER regex(?label, "^A.*i [0-9]+7$") }}',
    ),
    # The same sort twice: what is known of the values of a property, and what is not where the property is a variable.
    Query(
        "ORDER BY, 100,000 texts, one kind",
        lambda n: f"SELECT ?label WHERE {{ ?person rdfs:label ?label }} ORDER BY ?label LIMIT {PEOPLE + n}",
    ),
    Query(
        "ORDER BY, 100,000 texts, unknown kinds",
        lambda n: (
            f"SELECT ?label WHERE {{ VALUES ?p {{ rdfs:label }} ?person ?p ?label }} ORDER BY ?label LIMIT {PEOPLE + n}"
        ),
    ),
    Query(
        "ORDER BY, 100,000 IRIs, one kind",
        lambda n: f"SELECT ?person WHERE {{ ?person ex:age ?age }} ORDER BY ?person LIMIT {PEOPLE + n}",
    ),
    Query(
        "ORDER BY, 100,000 IRIs, unknown kinds",
        lambda n: f"SELECT ?o WHERE {{ VALUES ?p {{ ex:country }} ?person ?p ?o }} ORDER BY ?o LIMIT {PEOPLE + n}",
    ),
    Query(
        "ORDER BY, 100,000 dates, one kind",
        lambda n: f"SELECT ?date WHERE {{ ?person ex:since ?date }} ORDER BY ?date LIMIT {PEOPLE + n}",
    ),
    Query(
        "ORDER BY, 100,000 numbers, one kind",
        lambda n: f"SELECT ?age WHERE {{ ?person ex:age ?age }} ORDER BY ?age LIMIT {PEOPLE + n}",
    ),
    Query(
        "ORDER BY, 100,000 numbers, unknown kinds",
        lambda n: f"SELECT ?age WHERE {{ VALUES ?p {{ ex:age }} ?person ?p ?age }} ORDER BY ?age LIMIT {PEOPLE + n}",
    ),
    Query("100,000 rows", lambda n: f"SELECT ?person ?label WHERE {{ ?person rdfs:label ?label }} LIMIT {PEOPLE + n}"),
)


def content(answer: wire.Answer, accept: str) -> tuple[str, ...]:
    """What an answer in the format `accept` says, whatever its order and spelling: sorted rows, or statements.

    :raises ValueError: if the status is not 200 or the body does not parse
    """
    if answer.status != HTTPStatus.OK:
        raise ValueError(f"status {answer.status}: {answer.body[:200]!r}")
    if accept == GRAPH:
        # rdflib-endpoint describes things in RDF/XML, whatever it was asked for.
        syntax = ox.RdfFormat.RDF_XML if answer.body.startswith(b"<?xml") else ox.RdfFormat.TURTLE
        try:
            return tuple(sorted(str(triple) for triple in ox.parse(answer.body, format=syntax)))
        except SyntaxError as error:
            raise ValueError(f"no {syntax.name}: {error}") from None
    document = json.loads(answer.body)
    if "boolean" in document:
        return (str(document["boolean"]),)
    return tuple(sorted(_row(row) for row in document["results"]["bindings"]))


def _row(row: dict[str, dict[str, str]]) -> str:
    terms = []
    for name, term in sorted(row.items()):
        kind = term["type"].removeprefix("typed-")
        datatype = term.get("datatype", _STRING) if kind == "literal" else ""
        terms.append((name, kind, term["value"], datatype, term.get("xml:lang", "")))
    return repr(terms)
