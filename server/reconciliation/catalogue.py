"""What a release names: its things with their names, types and properties, read once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.sparql.guard import Form, Query
from kg.terms import PREFIXES, choose_language, compress, expand
from server.engine import Dataset, Engine
from server.http.results import TSV
from server.lookup import Label, iri_ref
from server.releases import Release

_PREFERRED: Final = tuple(map(expand, ("rdfs:label", "skos:prefLabel", "dct:title", "foaf:name")))
_ALTERNATIVE: Final = tuple(
    map(
        expand,
        ("zel:name", "zel:acronym", "skos:altLabel", "skos:hiddenLabel", "schema:name", "schema:alternateName"),
    )
)
_TYPE: Final = expand("rdf:type")
_SUBCLASS: Final = expand("rdfs:subClassOf")
_RANGE: Final = expand("rdfs:range")
_TERMS: Final = (
    *("owl:Class", "rdfs:Class", "rdf:Property"),
    *("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty"),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be meant by a name."""

    iri: str
    labels: tuple[Label, ...]
    """The names to show."""
    others: tuple[Label, ...]
    """Further names that it is found by."""
    types: tuple[str, ...]
    """The IRIs of its classes."""


@dataclass(frozen=True, slots=True)
class Vocable:
    """A class or a property: its labels, the classes right above it, the classes of its values."""

    iri: str
    labels: tuple[Label, ...] = ()
    broader: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()

    @property
    def identifier(self) -> str:
        """Its prefixed name where it has one.

        >>> Vocable("http://www.w3.org/ns/org#Organization").identifier
        'org:Organization'
        """
        return compress(self.iri)


def best_label(labels: Iterable[Label], languages: Iterable[str], otherwise: str) -> Label:
    """The label in the first of the wanted languages that there is one in.

    >>> best_label([Label("Maroc", "fr"), Label("المغرب", "ar")], ["en", "ar"], "x").text
    'المغرب'
    """
    by_language = {label.language: label for label in reversed(tuple(labels))}
    chosen = choose_language(by_language, languages)
    return Label(otherwise) if chosen is None else by_language[chosen]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that a release names. Things are in the order of their IRIs, and their place is their number."""

    base: str
    things: tuple[Thing, ...]
    numbers: Mapping[str, int]
    """The number of each thing by its IRI."""
    types: Mapping[str, Vocable]
    """The classes that things have, those with most things first."""
    properties: Mapping[str, Vocable]
    """The properties that things have, by their IRIs."""
    proposals: Mapping[str, tuple[str, ...]]
    """The properties that the things of each class have, those that most things have first."""
    lineage: Mapping[str, frozenset[str]]
    """Every class with those above it, itself among them."""
    vocables: Mapping[str, Vocable]
    """All classes and properties that are described."""

    def identifier(self, iri: str) -> str:
        """What the service calls a thing: its IRI without the base."""
        return iri.removeprefix(self.base) or iri

    def find(self, identifier: str) -> int | None:
        """The number of the thing that an identifier or an IRI names."""
        found = self.numbers.get(self.base + identifier)
        return self.numbers.get(identifier) if found is None else found

    def kinds(self, number: int) -> frozenset[str]:
        """The classes of a thing, with all those above them."""
        return frozenset().union(*(self.lineage.get(kind, frozenset((kind,))) for kind in self.things[number].types))

    def names(self) -> Iterator[tuple[int, Label]]:
        """Every name with the number of its thing, no text twice for one thing."""
        for number, thing in enumerate(self.things):
            by_text: dict[str, Label] = {}
            for label in (*thing.labels, *thing.others):
                by_text.setdefault(label.text, label)
            for label in by_text.values():
                yield number, label


def vocable_iri(identifier: str) -> str:
    """The IRI of a class or a property from its prefixed name or its IRI.

    >>> vocable_iri("org:Organization"), vocable_iri("https://schema.org/Place")
    ('http://www.w3.org/ns/org#Organization', 'https://schema.org/Place')
    """
    prefix, colon, local = identifier.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else identifier


def read_catalogue(release: Release) -> Catalogue:
    """Read the catalogue of a release.

    A thing is what the editors' register, the default graph, the concept schemes or the documents give a name to.

    :raises OperationError: if the engine fails
    """
    engine, base = release.engine, release.base
    places = _places(base)
    labels = _named(engine, places, _PREFERRED)
    others = _named(engine, places, _ALTERNATIVE)
    kinds: dict[str, dict[str, None]] = {}
    for subject, kind in _pairs(engine, places, (_TYPE,)):
        if isinstance(subject, NamedNode) and isinstance(kind, NamedNode):
            kinds.setdefault(subject.value, {})[sys.intern(kind.value)] = None
    things = tuple(
        Thing(
            iri,
            _labels(labels.get(iri)),
            _labels(others.get(iri, set()) - labels.get(iri, set())),
            tuple(sorted(kinds.get(iri, ()))),
        )
        for iri in sorted(labels.keys() | others.keys())
    )
    vocables = _vocables(engine, base)
    frequent = Counter(kind for thing in things for kind in thing.types)
    used, proposals = _usage(engine, base)
    return Catalogue(
        base,
        things,
        MappingProxyType({thing.iri: number for number, thing in enumerate(things)}),
        MappingProxyType({iri: vocables.get(iri, Vocable(iri)) for iri, _ in _by_number(frequent)}),
        MappingProxyType({iri: vocables.get(iri, Vocable(iri)) for iri in sorted(used)}),
        MappingProxyType(proposals),
        MappingProxyType({iri: _above(iri, vocables) for iri in {*vocables, *frequent}}),
        MappingProxyType(vocables),
    )


def _by_number(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _places(base: str) -> str:
    """Where names and types of things stand; `?s`, `?p` and `?o` are the triple."""
    concept, document = iri_ref(expand("skos:Concept")), iri_ref(expand("zel:SourceDocument"))
    return (
        f"{{ {{ ?s ?p ?o {_own(base)} }} UNION {{ GRAPH <{base}graph/entities> {{ ?s ?p ?o }} }}"
        f" UNION {{ GRAPH <{base}graph/ontology> {{ ?s a {concept} ; ?p ?o }} }}"
        f" UNION {{ GRAPH <{base}graph/claims> {{ ?s a {document} ; ?p ?o }} }} }}"
    )


def _own(base: str, triple: str = "?s ?p ?o") -> str:
    """What keeps out of the default graph what it has of the vocabulary, and of claims."""
    copied = " UNION ".join(f"{{ GRAPH <{base}graph/{name}> {{ {triple} }} }}" for name in ("ontology", "claims"))
    return f"FILTER NOT EXISTS {{ {copied} }}"


def _solutions(engine: Engine, query: str) -> QuerySolutions:
    answer = engine.evaluate(Query(Form.SELECT, query), Dataset(), TSV.media_type)
    found = parse_query_results(answer, format=QueryResultsFormat.TSV)
    assert isinstance(found, QuerySolutions)
    return found


def _pairs(engine: Engine, places: str, properties: Iterable[str]) -> Iterator[tuple[object, object]]:
    values = " ".join(map(iri_ref, properties))
    for row in _solutions(engine, f"SELECT ?s ?o WHERE {{ VALUES ?p {{ {values} }} {places} }}"):
        yield row["s"], row["o"]


def _named(engine: Engine, places: str, properties: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    named: dict[str, set[tuple[str, str]]] = {}
    for subject, text in _pairs(engine, places, properties):
        if isinstance(subject, NamedNode) and isinstance(text, Literal) and text.value.strip():
            named.setdefault(subject.value, set()).add((sys.intern(text.language or ""), text.value))
    return named


def _labels(found: Iterable[tuple[str, str]] | None) -> tuple[Label, ...]:
    return tuple(Label(text, language) for language, text in sorted(found or ()))


def _vocables(engine: Engine, base: str) -> dict[str, Vocable]:
    """The classes and properties that the ontology describes, or the default graph."""
    kinds = " ".join(iri_ref(expand(name)) for name in _TERMS)
    told = " ".join(map(iri_ref, (expand("rdfs:label"), _SUBCLASS, _RANGE)))
    rows = _solutions(
        engine,
        f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?k {{ {kinds} }} VALUES ?p {{ {told} }}"
        f" {{ ?s a ?k ; ?p ?o }} UNION {{ GRAPH <{base}graph/ontology> {{ ?s a ?k ; ?p ?o }} }} }}",
    )
    labels: dict[str, set[tuple[str, str]]] = {}
    links: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        subject, link, value = row["s"], row["p"], row["o"]
        if isinstance(subject, NamedNode) and isinstance(link, NamedNode):
            labels.setdefault(subject.value, set())
            if isinstance(value, Literal):
                labels[subject.value].add((value.language or "", value.value))
            elif isinstance(value, NamedNode):
                links.setdefault((subject.value, link.value), set()).add(value.value)
    return {
        iri: Vocable(
            iri,
            _labels(found),
            tuple(sorted(links.get((iri, _SUBCLASS), ()))),
            tuple(sorted(links.get((iri, _RANGE), ()))),
        )
        for iri, found in labels.items()
    }


def _above(iri: str, vocables: Mapping[str, Vocable]) -> frozenset[str]:
    found: set[str] = set()
    todo = [iri]
    while todo:
        kind = todo.pop()
        if kind not in found:
            found.add(kind)
            todo.extend(vocables[kind].broader if kind in vocables else ())
    return frozenset(found)


def _usage(engine: Engine, base: str) -> tuple[set[str], dict[str, tuple[str, ...]]]:
    """The properties in use, and those of each class by how many of its things have them."""
    entities = f"GRAPH <{base}graph/entities>"
    typed = f"{{ ?s a ?k {_own(base, '?s a ?k')} }}"
    rows = _solutions(
        engine,
        f"SELECT ?k ?p (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {{ {typed} UNION {{ {entities} {{ ?s a ?k }} }} }}"
        f" {{ {{ ?s ?p ?o }} UNION {{ {entities} {{ ?s ?p ?o }} }} }} }} GROUP BY ?k ?p",
    )
    counted: dict[str, Counter[str]] = {}
    for row in rows:
        kind, link, number = row["k"], row["p"], row["n"]
        if isinstance(kind, NamedNode) and isinstance(link, NamedNode) and isinstance(number, Literal):
            counted.setdefault(kind.value, Counter())[link.value] = int(number.value)
    proposals = {kind: tuple(iri for iri, _ in _by_number(found)) for kind, found in counted.items()}
    return {iri for found in proposals.values() for iri in found}, proposals
