"""The terms of a vocabulary as values: classes and properties with what is said of them, read once for a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.terms import ONTOLOGY, ZEL, choose_language, expand
from server.lookup import Label
from server.pages.addresses import local_name
from server.pages.vocabulary.kinds import MAKES, TYPE, graph_of
from server.releases import Release

MOST: Final = 20_000
"""How many terms are read; the pages of a larger vocabulary show these."""
_LONGEST: Final = 100
"""Members of a union (OWL 2, section 8.1.2) that are read."""

_ABOVE: Final = frozenset(map(expand, ("rdfs:subClassOf", "rdfs:subPropertyOf")))
_DOMAIN: Final = frozenset((expand("rdfs:domain"), expand("schema:domainIncludes"), "http://schema.org/domainIncludes"))
_RANGE: Final = frozenset((expand("rdfs:range"), expand("schema:rangeIncludes"), "http://schema.org/rangeIncludes"))
_LABELS: Final = tuple(map(expand, ("rdfs:label", "skos:prefLabel")))
_DEFINITIONS: Final = tuple(map(expand, ("skos:definition", "rdfs:comment", "dct:description", "skos:scopeNote")))
"""What defines a term, the best first."""
_DEPRECATED: Final = frozenset(map(expand, ("owl:DeprecatedClass", "owl:DeprecatedProperty")))
_TITLES: Final = (expand("dct:title"), "http://purl.org/dc/elements/1.1/title", *_LABELS)
_ONTOLOGY: Final = NamedNode(expand("owl:Ontology"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A term."""

    iri: str
    kind: str
    """One of `KINDS`."""
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...]
    above: tuple[str, ...]
    """Its superclasses or superproperties that have a name."""
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    deprecated: bool = False

    @property
    def is_class(self) -> bool:
        """Whether it is a class; else it is a property."""
        return self.kind == "class"

    def label(self, order: Iterable[str]) -> Label:
        """What it is called, in the first of these languages that has a word; without one, by its local name."""
        return best(self.labels, order) or Label(local_name(self.iri))


@dataclass(frozen=True, slots=True)
class Header:
    """What a vocabulary says of itself."""

    iri: str
    titles: tuple[Label, ...]
    descriptions: tuple[Label, ...]
    version: str
    version_iri: str
    prior: tuple[str, ...]
    """Its earlier versions, where it names them (`owl:priorVersion`, `dct:replaces`)."""


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a release, by their IRIs in order."""

    base: str
    entries: Mapping[str, Entry]
    headers: tuple[Header, ...]
    schemes: tuple[tuple[str, tuple[Label, ...]], ...] = ()
    """The concept schemes that are described beside the terms."""

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """The terms that stand directly below each, by IRI."""
        return _inverted((above, entry.iri) for entry in self.entries.values() for above in entry.above)

    @cached_property
    def with_domain(self) -> Mapping[str, tuple[str, ...]]:
        """The properties of each class."""
        return _inverted((iri, entry.iri) for entry in self.entries.values() for iri in entry.domains)

    @cached_property
    def with_range(self) -> Mapping[str, tuple[str, ...]]:
        """The properties whose values are of each class."""
        return _inverted((iri, entry.iri) for entry in self.entries.values() for iri in entry.ranges)

    @cached_property
    def anchors(self) -> Mapping[str, str]:
        """The place of each term in the index: the fragment of an IRI of ours, else its local name if that is free."""
        found = {iri: iri.rpartition("#")[2] for iri in self.entries if is_own(iri, self.base)}
        taken = set(found.values())
        for iri in self.entries:
            if iri not in found:
                name = local_name(iri)
                found[iri] = iri if name in taken or not name else name
                taken.add(found[iri])
        return MappingProxyType(found)

    def ancestors(self, iri: str) -> tuple[str, ...]:
        """All that stands above a term, the nearest first; in a circle each once."""
        found: dict[str, None] = {}
        waiting = list(self.entries[iri].above) if iri in self.entries else []
        while waiting:
            above = waiting.pop(0)
            if above not in found and above != iri:
                found[above] = None
                waiting += self.entries[above].above if above in self.entries else ()
        return tuple(found)


def is_own(iri: str, base: str) -> bool:
    """Whether an IRI leads to an anchor of `/ont`: that of the shipped vocabulary, or below a base of its own."""
    return iri.startswith((ZEL, f"{base}ont#"))


def best(labels: Iterable[Label], order: Iterable[str]) -> Label | None:
    """The label in the first of these languages, else one without a language, else any."""
    texts: dict[str, str] = {}
    for label in labels:
        texts.setdefault(label.language, label.text)
    first, *others = order
    language = choose_language(texts, (first, "", *others)) if texts else None
    return None if language is None else Label(texts[language], language)


def _inverted(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return MappingProxyType({key: tuple(values) for key, values in found.items()})


def read_terms(release: Release) -> Vocabulary:
    """The vocabulary of a release."""
    graph = graph_of(release)
    kinds: dict[str, str] = {}
    for name, kind in MAKES.items():
        for quad in release.engine.quads(None, TYPE, NamedNode(name), graph):
            if isinstance(quad.subject, NamedNode) and len(kinds) < MOST:
                kinds.setdefault(quad.subject.value, kind)
    entries = {iri: _entry(release, iri, kinds[iri]) for iri in sorted(kinds)}
    named = sorted({q.subject.value for q in _of_type(release, _ONTOLOGY) if isinstance(q.subject, NamedNode)})
    # The shipped vocabulary is a part of what a project with one of its own says; its own comes first.
    named.sort(key=lambda iri: iri == ONTOLOGY)
    headers = tuple(_header(release, iri) for iri in named)
    return Vocabulary(release.base, MappingProxyType(entries), headers, _schemes(release))


def _of_type(release: Release, kind: NamedNode) -> Iterator[Quad]:
    return release.engine.quads(None, TYPE, kind, graph_of(release))


def _said(release: Release, iri: str) -> Mapping[str, list[Quad]]:
    """The statements about a node by their properties, in the order of their lines."""
    found: dict[str, list[Quad]] = {}
    for quad in sorted(release.engine.quads(NamedNode(iri), None, None, graph_of(release)), key=str):
        found.setdefault(quad.predicate.value, []).append(quad)
    return found


def _entry(release: Release, iri: str, kind: str) -> Entry:
    said = _said(release, iri)
    types = {quad.object.value for quad in said[TYPE.value] if isinstance(quad.object, NamedNode)}
    flags = {quad.object.value for quad in said.get(expand("owl:deprecated"), ()) if isinstance(quad.object, Literal)}
    return Entry(
        iri,
        kind,
        texts(said, _LABELS),
        texts(said, _DEFINITIONS),
        tuple(name for name in _named(release, said, _ABOVE) if not name.startswith(expand("owl:"))),
        _named(release, said, _DOMAIN),
        _named(release, said, _RANGE),
        bool(types & _DEPRECATED) or "true" in flags,
    )


def texts(said: Mapping[str, list[Quad]], properties: Iterable[str]) -> tuple[Label, ...]:
    """The texts in each language by the best of some properties."""
    found: dict[str, list[Label]] = {}
    for name in properties:
        here: dict[str, list[Label]] = {}
        for quad in said.get(name, ()):
            if isinstance(quad.object, Literal):
                language = quad.object.language or ""
                here.setdefault(language, []).append(Label(quad.object.value, language))
        found = {**here, **found}
    return tuple(label for language in sorted(found) for label in dict.fromkeys(found[language]))


def _named(release: Release, said: Mapping[str, list[Quad]], properties: Iterable[str]) -> tuple[str, ...]:
    """The IRIs that some properties lead to, through unions of classes too."""
    found: dict[str, None] = {}
    for name in sorted(properties):
        for quad in said.get(name, ()):
            if isinstance(quad.object, NamedNode):
                found[quad.object.value] = None
            elif isinstance(quad.object, BlankNode):
                found.update(dict.fromkeys(_members(release, quad.object)))
    return tuple(found)


def _members(release: Release, node: BlankNode) -> Iterator[str]:
    engine, cell = release.engine, _first(release, node, expand("owl:unionOf"))
    for _ in range(_LONGEST):
        if not isinstance(cell, BlankNode):
            return
        for quad in engine.quads(cell, NamedNode(expand("rdf:first")), None, None):
            if isinstance(quad.object, NamedNode):
                yield quad.object.value
        cell = _first(release, cell, expand("rdf:rest"))


def _first(release: Release, node: BlankNode, link: str) -> object:
    return next((quad.object for quad in release.engine.quads(node, NamedNode(link), None, None)), None)


def _header(release: Release, iri: str) -> Header:
    said = _said(release, iri)

    def values(*names: str) -> tuple[str, ...]:
        quads = (quad for name in names for quad in said.get(expand(name), ()))
        return tuple(dict.fromkeys(q.object.value for q in quads if isinstance(q.object, NamedNode | Literal)))

    return Header(
        iri,
        texts(said, _TITLES),
        texts(said, _DEFINITIONS),
        next(iter(values("owl:versionInfo")), ""),
        next(iter(values("owl:versionIRI")), ""),
        values("owl:priorVersion", "dct:replaces"),
    )


def _schemes(release: Release) -> tuple[tuple[str, tuple[Label, ...]], ...]:
    quads = _of_type(release, NamedNode(expand("skos:ConceptScheme")))
    named = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)})
    wanted = (expand("skos:prefLabel"), *_TITLES)
    return tuple((iri, texts(_said(release, iri), wanted)) for iri in named[:MOST])
