"""What the tables of a release ask of it, looked up in its store, so that no more than a thing at a time is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from kg.release import Release
from kg.store import read
from kg.terms import Minter, choose_language, expand

Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple
Values = Mapping[str, list[Term]]
"""The objects by predicate, of one subject, in the order of their N-Triples form."""
LABEL: Final = expand("rdfs:label")
_LABELS: Final = (LABEL, expand("skos:prefLabel"))
_LABEL_ORDER: Final = ("en", "fr", "ar")
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_KNOWN: Final = 50_000
"""Things whose labels are remembered."""


class Lookups:
    """A release that is asked about one thing after another.

    :raises ReleaseError: if the store of the release does not open
    """

    def __init__(self, release: Release) -> None:
        mint = Minter(release.base)
        self._store = read(release.store_path)
        self._claim = mint.claim("")
        self._register, self._metadata = (ox.NamedNode(mint.graph(name)) for name in ("entities", "claims"))
        self._apart = (self._metadata, ox.NamedNode(mint.graph("ontology")))
        self.labels = lru_cache(_KNOWN)(self._labels)

    def classes(self) -> list[str]:
        """The classes that things of the default graph or of the editors' register have, sorted."""
        typed = self._typed(None)
        return sorted({_value(quad.object) for quad in typed})

    def members(self, kind: str) -> list[str]:
        """The things of a class, sorted."""
        return sorted({_value(quad.subject) for quad in self._typed(ox.NamedNode(kind))})

    def _typed(self, kind: ox.NamedNode | None) -> Iterator[ox.Quad]:
        """Classes of things: what the default graph has of the vocabulary and of claims is left out."""
        for graph in (ox.DefaultGraph(), self._register):
            for quad in self._store.quads_for_pattern(None, _TYPE, kind, graph):
                copied = (ox.Quad(quad.subject, quad.predicate, quad.object, name) for name in self._apart)
                if not any(one in self._store for one in copied):
                    yield quad

    def claims(self) -> list[str]:
        """The claims, sorted."""
        said = self._store.quads_for_pattern(None, None, None, self._metadata)
        found = {_value(quad.subject) for quad in said}
        return sorted(iri for iri in found if iri.startswith(self._claim) and "#" not in iri)

    def facts(self, subject: str) -> Values:
        """What the default graph says of a thing, else what the register says: of some it has no more than names."""
        said = self._values(subject, ox.DefaultGraph())
        return said if said.keys() - {LABEL} else self._values(subject, self._register)

    def metadata(self, subject: str) -> Values:
        """What is said of a claim, of its evidence, or of a document."""
        return self._values(subject, self._metadata)

    def _values(self, subject: str, graph: ox.NamedNode | ox.DefaultGraph) -> Values:
        found: dict[str, list[Term]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(subject), None, None, graph):
            found.setdefault(quad.predicate.value, []).append(quad.object)
        for values in found.values():
            values.sort(key=str)
        return found

    def _labels(self, iri: str) -> Mapping[str, str]:
        """The labels of a thing by language, of what no claim says by itself; the first one of each."""
        found: dict[str, str] = {}
        for literal in self._labelled(iri):
            found.setdefault(literal.language or "", literal.value)
        return found

    def _labelled(self, iri: str) -> Iterator[ox.Literal]:
        for predicate in _LABELS:
            quads = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, None)
            said = sorted(quads, key=lambda quad: (str(quad.object), str(quad.graph_name)))
            for quad in said:
                in_claim = isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(self._claim)
                if isinstance(quad.object, ox.Literal) and not in_claim:
                    yield quad.object

    def label(self, iri: str) -> str:
        """The English label, or else the French, or else the Arabic one."""
        known = self.labels(iri)
        language = choose_language(known, _LABEL_ORDER)
        return known[language] if language is not None else ""


def _value(term: object) -> str:
    return str(term)[1:-1]
