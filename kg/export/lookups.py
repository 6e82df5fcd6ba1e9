"""What the tables of a release ask of it, looked up in its store, so that no more than a thing at a time is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from kg.release import Release
from kg.store import read
from kg.terms import LANGUAGES, SCHEME, Minter, choose_language, expand

Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple
Values = Mapping[str, list[Term]]
"""The objects by predicate, of one subject, in the order of their N-Triples form."""
LABEL: Final = expand("rdfs:label")
_LABELS: Final = (LABEL, expand("skos:prefLabel"))
_LABEL_ORDER: Final = ("en", "fr", "ar")
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_CLAIM: Final = ox.NamedNode(expand("zel:Claim"))
_REVIEW: Final = ox.NamedNode(expand("zel:reviewStatus"))
_REJECTED: Final = ox.NamedNode(SCHEME + "review/rejected")
_KNOWN: Final = 50_000
"""Things whose labels are remembered."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a thing, by property."""

    values: Values
    not_reviewed: frozenset[str]
    """The properties whose values are those of claims alone that are no part of the default graph."""


def languages_of(release: Release) -> tuple[str, ...]:
    """The languages in which the things of a release have labels, as its project names them.

    :raises ReleaseError: if the manifest cannot be read
    """
    return tuple(release.manifest.get("languages", LANGUAGES))


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
        self.is_rejected = lru_cache(_KNOWN)(self._is_rejected)

    def classes(self) -> list[str]:
        """The classes that the things have which the facts are about, sorted."""
        return sorted({_value(quad.object) for quad in self._typed(None)})

    def members(self, kind: str) -> list[str]:
        """The things of a class, sorted."""
        return sorted({_value(quad.subject) for quad in self._typed(ox.NamedNode(kind))})

    def _typed(self, kind: ox.NamedNode | None) -> Iterator[ox.Quad]:
        """The statements of class of the things that facts are about, not of the vocabulary nor of claims.

        Those of the default graph, of the register, and of claims that are not rejected.
        """
        sure = (ox.DefaultGraph(), self._register)
        for quad in self._store.quads_for_pattern(None, _TYPE, kind, None):
            if quad.graph_name in sure:
                copied = (ox.Quad(quad.subject, quad.predicate, quad.object, name) for name in self._apart)
                if not any(one in self._store for one in copied):
                    yield quad
            elif (claim := _value(quad.graph_name)).startswith(self._claim) and not self.is_rejected(claim):
                yield quad

    def claims(self) -> list[str]:
        """The claims, sorted."""
        typed = self._store.quads_for_pattern(None, _TYPE, _CLAIM, self._metadata)
        return sorted(_value(quad.subject) for quad in typed)

    def statements(self, claim: str) -> list[ox.Quad]:
        """What a claim says, in the order of the N-Triples form."""
        return sorted(self._store.quads_for_pattern(None, None, None, ox.NamedNode(claim)), key=str)

    def stated(self, subject: str) -> Iterator[tuple[str, str, Term]]:
        """What the claims that are not rejected say of a thing: claim, predicate and object, sorted."""
        quads = sorted(self._store.quads_for_pattern(ox.NamedNode(subject), None, None, None), key=str)
        for quad in quads:
            claim = _value(quad.graph_name)
            if claim.startswith(self._claim) and not self.is_rejected(claim):
                yield claim, quad.predicate.value, quad.object

    def _is_rejected(self, claim: str) -> bool:
        quad = ox.Quad(ox.NamedNode(claim), _REVIEW, _REJECTED, self._metadata)
        return quad in self._store

    def facts(self, subject: str) -> Facts:
        """What is said of a thing.

        Of each property the values of the default graph, else those of the register, else those of the claims that
        are not rejected.
        """
        sure = {**self._values(subject, self._register), **self._values(subject, ox.DefaultGraph())}
        stated: dict[str, list[Term]] = {}
        for _, predicate, value in self.stated(subject):
            if predicate not in sure and value not in stated.setdefault(predicate, []):
                stated[predicate].append(value)
        return Facts({**sure, **stated}, frozenset(stated))

    def metadata(self, subject: str) -> Values:
        """What is said of a claim, of its evidence, or of a document."""
        return self._values(subject, self._metadata)

    def _values(self, subject: str, graph: ox.NamedNode | ox.DefaultGraph) -> Values:
        found: dict[str, list[Term]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(subject), None, None, graph):
            found.setdefault(quad.predicate.value, []).append(quad.object)
        for values in found.values():
            if len(values) > 1:
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
