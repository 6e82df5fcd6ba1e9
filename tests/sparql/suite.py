"""Data and results of the W3C's suites as the oracle's values."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from sparql.oracle.patterns import Data
from sparql.oracle.terms import DIR_LANG_STRING, LANG_STRING, BlankNode, Iri, Literal, Row, Term, Triple, TripleTerm

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES,
           ".trig": ox.RdfFormat.TRIG, ".nq": ox.RdfFormat.N_QUADS}  # fmt: skip
TABLES = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}


def term_of(term: Any, scope: str = "") -> Term:
    """A term of a parser; `scope` keeps the blank nodes of two files apart."""
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.BlankNode():
            return BlankNode(scope + term.value)
        case ox.Triple():
            return TripleTerm(*(term_of(part, scope) for part in (term.subject, term.predicate, term.object)))  # type: ignore[arg-type]
        case ox.Literal():
            direction = None if term.direction is None else str(term.direction)
            datatype = term.datatype.value
            assert (term.language is None) == (datatype not in {LANG_STRING, DIR_LANG_STRING})
            return Literal(term.value, datatype, term.language, direction)
    raise TypeError(term)


def read_quads(file: Path, base: str, scope: str) -> list[tuple[Triple, Iri | None]]:
    found = []
    for quad in ox.parse(path=str(file), format=FORMATS[file.suffix], base_iri=base):
        triple = tuple(term_of(one, scope) for one in (quad.subject, quad.predicate, quad.object))
        name = None if isinstance(quad.graph_name, ox.DefaultGraph) else term_of(quad.graph_name, scope)
        found.append((triple, name))
    return found  # type: ignore[return-value]


def read_data(folder: Path, base: str, default: tuple[str, ...], named: tuple[str, ...]) -> Data:
    """The dataset that files make: the default graph of some, and each of others as a graph of its own name."""
    graphs: dict[Iri | None, set[Triple]] = {None: set()}
    for number, file in enumerate(default):
        for triple, name in read_quads(folder / file, base + file, f"d{number}"):
            graphs.setdefault(name, set()).add(triple)
    for number, file in enumerate(named):
        graphs[Iri(base + file)] = {triple for triple, _ in read_quads(folder / file, base + file, f"n{number}")}
    only = frozenset(graphs.pop(None))
    return Data(only, {name: frozenset(triples) for name, triples in graphs.items() if name is not None})


def data_of(text: str) -> Data:
    """The dataset that a text of TriG describes."""
    graphs: dict[Iri | None, set[Triple]] = {}
    for quad in ox.parse(text.encode(), ox.RdfFormat.TRIG):
        triple = (term_of(quad.subject), term_of(quad.predicate), term_of(quad.object))
        name = None if isinstance(quad.graph_name, ox.DefaultGraph) else Iri(quad.graph_name.value)
        graphs.setdefault(name, set()).add(triple)
    default = frozenset(graphs.pop(None, set()))
    return Data(default, {name: frozenset(triples) for name, triples in graphs.items() if name is not None})


def read_result(file: Path, base: str) -> list[Row] | bool | set[Triple]:
    """What the suite says that comes."""
    if file.suffix in TABLES:
        found = ox.parse_query_results(path=str(file), format=TABLES[file.suffix])
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [{name: term_of(row[name]) for name in names if row[name] is not None} for row in found]
    triples = [triple for triple, _ in read_quads(file, base, "")]
    return result_set(triples) if any(o == Iri(RS + "ResultSet") for _, _, o in triples) else set(triples)


def result_set(triples: list[Triple]) -> list[Row] | bool:
    """A graph in the result set vocabulary of the Data Access Working Group."""

    def values(subject: Term, name: str) -> list[Term]:
        return [o for s, p, o in triples if (s, p) == (subject, Iri(RS + name))]

    (table,) = [s for s, _, o in triples if o == Iri(RS + "ResultSet")]
    for truth in values(table, "boolean"):
        assert isinstance(truth, Literal)
        return truth.lexical == "true"
    rows = []
    for solution in values(table, "solution"):
        row: Row = {}
        for binding in values(solution, "binding"):
            (name,), (value,) = values(binding, "variable"), values(binding, "value")
            assert isinstance(name, Literal)
            row[name.lexical] = value
        rows.append(row)
    return rows


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV, which knows no types."""
    head, *rows = csv.reader(io.StringIO(file.read_bytes().decode(), newline=""))
    return [dict(zip(head, row, strict=True)) for row in rows]
