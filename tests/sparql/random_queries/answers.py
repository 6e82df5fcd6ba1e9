"""What the engine answers, and whether it is what the oracle says may come."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pyoxigraph as ox
from sparql.oracle.patterns import Data
from sparql.oracle.queries import Table
from sparql.oracle.terms import LANG_STRING, STRING, XSD, BlankNode, Iri, Literal, Row, Term, Triple, TripleTerm
from sparql.random_queries.queries import Case

from kg.sparql.guard import check
from kg.sparql.language import write
from kg.sparql.language.syntax import Ask, Construct
from server.engine import Dataset
from server.engine.inprocess import InProcessEngine, request_of

JSON = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
MADE = "made by the query"
"""What stands for a blank node that a query has made: its label says nothing."""
Given = list[Row] | bool | set[Triple]


def to_engine(term: Term) -> Any:
    match term:
        case Iri():
            return ox.NamedNode(term.value)
        case BlankNode():
            return ox.BlankNode(term.label)
        case Literal(language=None):
            return ox.Literal(term.lexical, datatype=ox.NamedNode(term.datatype))
        case Literal():
            return ox.Literal(term.lexical, language=term.language)
    raise TypeError(term)


def from_engine(term: Any) -> Term:
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.BlankNode():
            return BlankNode(term.value)
        case ox.Literal():
            return Literal(term.value, term.datatype.value, term.language)
    raise TypeError(term)


def from_json(cell: dict[str, str]) -> Term:
    match cell["type"]:
        case "uri":
            return Iri(cell["value"])
        case "bnode":
            return BlankNode(cell["value"])
        case "literal":
            language = cell.get("xml:lang")
            return Literal(cell["value"], cell.get("datatype", LANG_STRING if language else STRING), language)
    raise TypeError(cell)


def store_of(data: Data) -> ox.Store:
    store = ox.Store()
    graphs: list[tuple[Any, frozenset[Triple]]] = [(ox.DefaultGraph(), data.default)]
    graphs += [(ox.NamedNode(name.value), triples) for name, triples in data.named.items()]
    store.extend(ox.Quad(*map(to_engine, triple), graph) for graph, triples in graphs for triple in triples)
    return store


@dataclass(frozen=True)
class Answer:
    """What came, and what the server says may be wrong in it."""

    given: Given
    warnings: tuple[str, ...] = ()


def ask(case: Case) -> Answer:
    """What the server's engine answers to a case, as it does to a client.

    :raises KgError: if it does not
    """
    engine = InProcessEngine(store_of(case.data))
    is_graph = isinstance(case.query.body, Construct)
    request = request_of(check(write(case.query)), Dataset(), N_TRIPLES if is_graph else JSON)
    content, told = engine.told(request)
    return Answer(read(case, content), tuple(str(problem) for problem in told))


def read(case: Case, content: bytes) -> Given:
    if isinstance(case.query.body, Construct):
        quads = ox.parse(content, ox.RdfFormat.N_TRIPLES)
        return {tuple(map(from_engine, (one.subject, one.predicate, one.object))) for one in quads}  # type: ignore[misc]
    answer = json.loads(content)
    if isinstance(case.query.body, Ask):
        return bool(answer["boolean"])
    return [{name: from_json(cell) for name, cell in row.items()} for row in answer["results"]["bindings"]]


def agrees(expected: Table | bool | set[Triple], given: Given, data: Data, *, labels: bool = True) -> bool:
    """Whether an answer is one of those that the standard allows; `labels` says that it keeps those of the data."""
    everything = (data.default, *data.named.values()) if labels else ()
    known = {term for triples in everything for triple in triples for term in triple}
    if isinstance(expected, Table):
        assert isinstance(given, list)
        return same_table(expected, given, known)
    if isinstance(expected, bool):
        return expected == given
    assert isinstance(given, set)
    there, here = ([dict(enumerate(triple)) for triple in triples] for triples in (expected, given))
    return same_rows(comparable(there, known), comparable(here, known))


def same_table(expected: Table, given: list[Row], known: set[Term]) -> bool:
    """The rows of each run are those of the answer at its place; of a run that is cut off, any of its rows."""
    total = sum(len(run.rows) for run in expected.runs)
    end = total if expected.end is None else min(expected.end, total)
    if len(given) != max(end - expected.start, 0):
        return False
    rows = comparable(given, known)
    place = 0
    for run in expected.runs:
        first, last = max(place, expected.start), min(place + len(run.rows), end)
        place += len(run.rows)
        if first >= last:
            continue
        here = rows[first - expected.start : last - expected.start]
        there = comparable(list(run.rows), known)
        whole = len(here) == len(there)
        if not (same_rows(there, here) if whole else Counter(here) <= Counter(there)):
            return False
    return True


def same_rows(left: list[frozenset[Any]], right: list[frozenset[Any]]) -> bool:
    return Counter(left) == Counter(right)


def comparable(rows: list[dict[Any, Term]], known: set[Term]) -> list[frozenset[Any]]:
    """Rows by what their terms mean; a blank node that the query made by where else it stands in the same rows."""
    places: dict[Term, Counter[Any]] = {}
    plain = [{name: meaning(term, known) for name, term in row.items()} for row in rows]
    for row, simple in zip(rows, plain, strict=True):
        whole = frozenset(simple.items())
        for name, term in row.items():
            if simple[name] == MADE:
                places.setdefault(term, Counter())[name, whole] += 1
    found = []
    for row, simple in zip(rows, plain, strict=True):
        cells = [(n, frozenset(places[row[n]].items()) if one == MADE else one) for n, one in simple.items()]
        found.append(frozenset(cells))
    return found


def meaning(term: Term, known: set[Term]) -> object:
    """Numbers by type and value as far as all engines reckon, lists of GROUP_CONCAT in any order."""
    if isinstance(term, BlankNode):
        return term if term in known else MADE
    if isinstance(term, TripleTerm):
        return tuple(meaning(part, known) for part in (term.subject, term.predicate, term.object))  # type: ignore[arg-type]
    if not isinstance(term, Literal):
        return term
    if term.datatype in NUMBERS:
        return term.datatype, reckoned(term)
    if term.datatype == STRING and "|" in term.lexical:
        return "list", tuple(sorted(term.lexical.split("|")))
    return Literal(re.sub(r"[+-]00:00$", "Z", term.lexical), term.datatype, term.language and term.language.lower())


def reckoned(term: Literal) -> object:
    """A number: an integer as it is, any other to as many digits as are kept when it is computed."""
    digits = {"integer": None, "decimal": 14, "double": 12, "float": 5}[term.datatype.removeprefix(XSD)]
    try:
        value = Decimal(term.lexical)
    except InvalidOperation:
        return term.lexical
    if value.is_nan() or digits is None or value == 0:
        return "NaN" if value.is_nan() else value
    return f"{value:.{digits}e}"


def shown(found: object) -> str:
    """Terms, rows and triples for the reader."""
    match found:
        case bool():
            return str(found).lower()
        case list():
            rows = ["  ".join(f"?{name} = {shown((term,))}" for name, term in sorted(row.items())) for row in found]
            return "\n".join(row or "(a row without values)" for row in rows) or "(no rows)"
        case set():
            return "\n".join(sorted(map(shown, found))) or "(no triples)"
        case tuple():
            return " ".join(str(to_engine(term)) for term in found)
    raise TypeError(found)
