"""A slow, obvious interpreter of RML-Core, to judge a fast one.

Written from the specifications (RML-Core, section "The Output Dataset" and those on expressions, term maps, joins and
graphs; the RML-IO registry on CSV and JSONPath), with rdflib terms, dictionaries and nested loops. It knows CSV,
JSON and XML, of JSONPath only names, indexes and wildcards, and of XPath little more. It shares no code with `kg.rml`.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from rdflib import XSD, BNode, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node
from rml.oracle.data import iterations, lexical, values_of
from rml.oracle.functions import holds
from rml.oracle.mapping import read_mapping
from rml.oracle.terms import IRI, RML, Fault, Quad, check_language, check_lexical


class Interpreter:
    """One run: blank nodes are the same for the same value."""

    def __init__(self, path: Path, base: str) -> None:
        self.folder, self.base = path.parent, base
        self.maps = read_mapping(path)
        self.blanks: dict[str, BNode] = {}
        self.quads: set[Quad] = set()

    def run(self) -> set[Quad]:
        for triples_map in self.maps.values():
            for row in iterations(triples_map["source"], self.folder):
                self.row(triples_map, row)
        return self.quads

    def iri(self, text: str, kind: Node, base: str) -> URIRef:
        if kind == RML.UnsafeIRI:
            absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)
            return URIRef(text if absolute else base + text)
        for candidate in (text, base + text):
            if IRI.fullmatch(candidate) and (kind != RML.URI or candidate.isascii()):
                return URIRef(candidate)
        raise Fault(f"not an IRI: {text!r}")

    def terms(self, item: dict, row: dict, base: str) -> list[Node]:
        """The terms that a term map makes of a row."""
        if not holds(item.get("conditions", []), row, values_of, lexical):
            return []
        if "constant" in item:
            return [item["constant"]]
        kind = item["termType"]
        if kind == RML.BlankNode:
            if not {"reference", "template", "call"} & set(item):
                return [BNode()]
            return [self.blanks.setdefault(lexical(value), BNode()) for value in values_of(item, row)]
        if kind == RML.Literal:
            return self.literals(item, row, base)
        encode = {RML.IRI: "IRI", RML.URI: "URI"}.get(kind)
        return [self.iri(lexical(value), kind, base) for value in values_of(item, row, encode)]

    def literals(self, item: dict, row: dict, base: str) -> list[Node]:
        made: list[Node] = []
        for value in values_of(item, row):
            text = lexical(value)
            if item["languages"]:
                for language in values_of(item["languages"][0], row):
                    check_language(lexical(language))
                    made.append(Literal(text, lang=lexical(language)))
            elif item["datatypes"]:
                for datatype in self.terms(item["datatypes"][0], row, base):
                    check_lexical(text, str(datatype))
                    made.append(Literal(text, datatype=URIRef(str(datatype)), normalize=False))
            elif isinstance(value, bool):
                made.append(Literal(text, datatype=XSD.boolean))
            elif isinstance(value, int | float):
                datatype = XSD.integer if isinstance(value, int) else XSD.double
                made.append(Literal(text, datatype=datatype, normalize=False))
            else:
                made.append(Literal(text))
        return made

    def row(self, triples_map: dict, row: dict) -> None:
        base = str(triples_map["base"] or self.base)
        if not holds(triples_map["conditions"], row, values_of, lexical):
            return
        subjects = self.terms(triples_map["subject"], row, base)
        own = {g for item in triples_map["graphs"] for g in self.terms(item, row, base)}
        for subject, name in itertools.product(subjects, triples_map["classes"]):
            self.add(subject, RDF.type, name, own if triples_map["graphs"] else {RML.defaultGraph})
        for pair in triples_map["pairs"]:
            if not holds(pair["conditions"], row, values_of, lexical):
                continue
            predicates = [p for item in pair["predicates"] for p in self.terms(item, row, base)]
            objects = [o for item in pair["objects"] for o in self.terms(item, row, base)]
            objects += [o for link in pair["links"] for o in self.linked(link, row)]
            graphs = own | {g for item in pair["graphs"] for g in self.terms(item, row, base)}
            if not triples_map["graphs"] and not pair["graphs"]:
                graphs = {RML.defaultGraph}
            for subject, predicate, value in itertools.product(subjects, predicates, objects):
                self.add(subject, predicate, value, graphs)

    def linked(self, link: dict, row: dict) -> list[Node]:
        """The subjects that the parent makes of its rows that join with this one."""
        parent = self.maps[link["parent"]]
        base = str(parent["base"] or self.base)
        others = iterations(parent["source"], self.folder) if link["joins"] else [row]
        made: list[Node] = []
        for other in others:
            equal = True
            for join in link["joins"]:
                child = {lexical(value) for value in values_of(join["child"], row)}
                equal = equal and bool(child & {lexical(value) for value in values_of(join["parent"], other)})
            if equal and holds(parent["conditions"], other, values_of, lexical):
                made += self.terms(parent["subject"], other, base)
        return made

    def add(self, subject: Node, predicate: Node, value: Node, graphs: set[Node]) -> None:
        for graph in graphs:
            self.quads.add((subject, predicate, value, None if graph == RML.defaultGraph else graph))


def interpret(path: Path, base: str = "http://example.com/") -> set[Quad]:
    """The quads that a mapping in Turtle makes of the files beside it; the default graph is `None`.

    :raises Fault: if the mapping or the data are not allowed
    """
    return Interpreter(path, base).run()
