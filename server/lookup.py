"""Answers for the pages: rows of terms, read through the engine like any other query."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from kg.errors import OperationError
from kg.sparql.guard import Form, Query
from kg.terms import PREFIXES, choose_language, expand
from server.engine import Dataset, Engine
from server.engine.inprocess import InProcessEngine, node_of
from server.http.results import JSON, N_TRIPLES

_LEGAL_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^<>\"{}|^`\\\x00-\x20]*")
_UNWRITTEN: Final = frozenset({expand("xsd:string"), expand("rdf:langString")})
"""Datatypes that no format writes out."""
_PROLOGUE: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Term:
    """An IRI, a literal or a blank node of an answer."""

    kind: str
    """`iri`, `literal`, `blank` or `triple`; the value of a triple is its text in N-Triples."""
    value: str
    language: str = ""
    datatype: str = ""
    direction: str = ""
    """The base direction that a literal itself states (RDF 1.2 Concepts, section 3.4): `ltr`, `rtl` or nothing."""

    @property
    def name(self) -> str:
        """How a node is named: its IRI, or `_:` and the identifier of a blank node.

        >>> Term("blank", "b0").name
        '_:b0'
        """
        return f"_:{self.value}" if self.kind == "blank" else self.value


Row = Mapping[str, Term]
_KINDS: Final = ("blank", "iri", "literal", "triple")
_NUMBERS: Final = frozenset(map(expand, ("xsd:integer", "xsd:decimal", "xsd:double", "xsd:float")))


@dataclass(frozen=True, slots=True)
class Label:
    """A text and its language; the language is empty where nobody stated it."""

    has_more: ClassVar[bool] = False
    """Whether something is shown beside it."""
    text: str
    language: str = ""


def iri_ref(iri: str) -> str:
    """An IRI as SPARQL writes it.

    :raises ValueError: if a character in it cannot stand in an IRI, or it is relative

    >>> iri_ref("http://example.org/a")
    '<http://example.org/a>'
    """
    if not _LEGAL_IRI.fullmatch(iri):
        raise ValueError(f"not an absolute IRI: {iri!r}")
    return f"<{iri}>"


def select(engine: Engine, pattern: str, *order: str, timeout: float | None = None) -> list[Row]:
    """The rows of a SELECT query that this program wrote, by the variables in `order`; our prefixes are declared.

    `timeout` is in seconds, for engines that can keep it.

    They are sorted here: ORDER BY of the engine over values of several types may end its process, which is ours.

    :raises OperationError: if the engine fails
    """
    answer = engine.evaluate(Query(Form.SELECT, _PROLOGUE + pattern), Dataset(), JSON.media_type, timeout=timeout)
    rows = parse_rows(answer)[1]
    return sorted(rows, key=lambda row: tuple(rank(row.get(name)) for name in order)) if order else rows


def rank(term: Term | None) -> tuple[int, bool, float, str, str, str]:
    """The place of a term among others: nothing, blank nodes, IRIs, numbers by their value, other literals, triples."""
    if term is None:
        return 0, False, 0.0, "", "", ""
    number = _number(term)
    kind = _KINDS.index(term.kind) + 1
    return kind, number is None, number or 0.0, term.value, term.language, term.datatype


def _number(term: Term) -> float | None:
    if term.datatype not in _NUMBERS:
        return None
    try:
        found = float(term.value)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(found) else found


def parse_rows(answer: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """The variables and the rows of a table in SPARQL 1.1 JSON."""
    table = json.loads(answer)
    rows = table["results"]["bindings"]
    return tuple(table["head"]["vars"]), [row_of(row) for row in rows]


def row_of(binding: Mapping[str, Any]) -> Row:
    """One row of a table in SPARQL 1.1 JSON.

    :raises OperationError: if a term in it is of an unknown type

    >>> row_of({"a": {"type": "uri", "value": "http://example.org/a"}})["a"].kind
    'iri'
    """
    return {name: term_told(value) for name, value in binding.items()}


def parse_boolean(answer: bytes) -> bool:
    """The answer to an ASK query in SPARQL 1.1 JSON."""
    return json.loads(answer)["boolean"] is True


def term_of(node: object) -> Term:
    """A node of a parsed graph as a term.

    :raises OperationError: if it is neither IRI, literal, blank node nor triple
    """
    match node:
        case NamedNode():
            return Term("iri", node.value)
        case Literal():
            stated = "" if node.direction is None else node.direction.value
            return Term("literal", node.value, node.language or "", node.datatype.value, stated)
        case BlankNode():
            return Term("blank", node.value)
        case Triple():
            return Term("triple", f"<<( {node} )>>")
    raise OperationError(f"an answer holds what no page can show: {node}")


def used_prefixes(triples: Iterable[Triple]) -> tuple[tuple[str, str], ...]:
    """Those of the project's prefixes that the triples have a use for.

    >>> used_prefixes([Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal(1))])
    (('xsd', 'http://www.w3.org/2001/XMLSchema#'),)
    """
    shown = set()
    for triple in triples:
        for node in (triple.subject, triple.predicate, triple.object):
            if isinstance(node, NamedNode):
                shown.add(node.value)
            elif isinstance(node, Literal) and node.datatype.value not in _UNWRITTEN:
                shown.add(node.datatype.value)
    return tuple((name, iri) for name, iri in PREFIXES.items() if any(value.startswith(iri) for value in shown))


def construct(engine: Engine, pattern: str) -> list[Triple]:
    """The graph of a CONSTRUCT query that this program wrote, in the order of its canonical lines.

    :raises OperationError: if the engine fails
    """
    answer = engine.evaluate(Query(Form.CONSTRUCT, _PROLOGUE + pattern), Dataset(), N_TRIPLES.media_type)
    lines = sorted(set(answer.splitlines()))
    return [quad.triple for quad in parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES)]


def term_told(value: Mapping[str, str]) -> Term:
    """A term of a table in SPARQL 1.1 JSON.

    :raises OperationError: if it is of an unknown type
    """
    match value["type"]:
        case "uri":
            return Term("iri", value["value"])
        case "literal" | "typed-literal":
            language, datatype = value.get("xml:lang", ""), value.get("datatype", "")
            return Term("literal", value["value"], language, datatype, value.get("its:dir", ""))
        case "bnode":
            return Term("blank", value["value"])
        case "triple":
            return Term("triple", _written(value))
    raise OperationError(f"an answer holds a term of the unknown type {value['type']!r}")


def _written(value: Mapping[str, Any]) -> str:
    """A term of SPARQL results in JSON as N-Triples write it."""
    match value["type"]:
        case "uri":
            return f"<{value['value']}>"
        case "bnode":
            return f"_:{value['value']}"
        case "triple":
            parts = (_written(value["value"][part]) for part in ("subject", "predicate", "object"))
            return f"<<( {' '.join(parts)} )>>"
    language, datatype = value.get("xml:lang", ""), value.get("datatype", "")
    return str(Literal(value["value"], language=language) if language else _typed(value["value"], datatype))


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(datatype)) if datatype else Literal(text)


_LABEL_PROPERTIES: Final = (
    *map(expand, ("rdfs:label", "skos:prefLabel", "dct:title", "foaf:name", "schema:name")),
    "http://schema.org/name",
    "http://purl.org/dc/elements/1.1/title",
    expand("zel:name"),
)
"""What names a thing, the best first."""
_NAMING: Final = tuple(map(NamedNode, _LABEL_PROPERTIES))
_REGISTERS: Final = ("entities", "ontology", "claims")
_SECOND: Final = 1
"""The rank of what stands in the graph of a claim, or in any other that is no register."""


def labels(engine: InProcessEngine, base: str, iris: Iterable[str], languages: Iterable[str]) -> Mapping[str, Label]:
    """The best label of each node that has one: in the first language, in none, in one of the other languages.

    Labels are read from the default graph and from the editors', the claims' and the ontology's graphs; of what has
    none there, from any other graph: what a claim that is no fact calls a thing is still better than an IRI. Blank
    nodes are named by `_:` and their identifiers. They are looked up one by one: the engine joins a list of IRIs with
    a list of properties by reading every triple of the store.
    """
    first, *others = languages
    order = (first, "", *others)
    registers = frozenset(f"{base}graph/{name}" for name in _REGISTERS)
    found = ((iri, _label(engine, registers, iri, order)) for iri in sorted(set(iris)))
    return MappingProxyType({iri: label for iri, label in found if label is not None})


def _label(engine: InProcessEngine, registers: frozenset[str], iri: str, order: tuple[str, ...]) -> Label | None:
    """The best by its graph, then by its language, then by its property, then by its text."""
    found: tuple[dict[str, str], dict[str, str]] = ({}, {})
    node = node_of(iri)
    if node is None:
        return None
    for link in _NAMING:
        for quad in sorted(engine.quads(node, link, None, None), key=str):
            if isinstance(quad.object, Literal):
                graph = quad.graph_name
                is_register = isinstance(graph, DefaultGraph) or graph.value in registers
                texts = found[0 if is_register else _SECOND]
                texts.setdefault(quad.object.language or "", quad.object.value)
        if order[0] in found[0]:
            break
    texts = found[0] or found[_SECOND]
    if not texts:
        return None
    language = choose_language(texts, order) or ""
    return Label(texts[language], language)
