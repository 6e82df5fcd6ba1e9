"""The page of a thing, read into a frozen view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, Quad

from kg.terms import PREFIXES, expand
from server.lookup import Label, Term, term_of
from server.pages import describe
from server.pages.facts import queries
from server.pages.facts.incoming import Group, named, read_group, read_incoming
from server.pages.facts.matrix import Asked, Matrix, read_matrix
from server.pages.facts.order import Order, order_of
from server.pages.language import order as languages
from server.pages.phrases.naming import Naming
from server.pages.statements import TYPE, read_facts
from server.releases import Release

_DERIVED: Final = frozenset(map(expand, describe.DERIVED))
_SAME: Final = frozenset(map(expand, ("owl:sameAs", "skos:exactMatch")))
_WIKIDATA: Final = PREFIXES["wd"]


@dataclass(frozen=True, slots=True)
class Held:
    """What holds of a thing, as far as it stands under one heading."""

    heading: Label | None
    """None for what no shape puts under one."""
    rows: tuple[tuple[str, tuple[Term, ...]], ...]
    """The values of each property."""


@dataclass(frozen=True, slots=True)
class ThingView:
    """The page of a thing."""

    iri: str
    kinds: tuple[str, ...]
    """Its classes."""
    matrix: Matrix | None
    held: tuple[Held, ...]
    incoming: tuple[Group, ...]
    incoming_cut: bool
    items: tuple[str, ...]
    """The verified items of Wikidata, by their IRIs."""
    queries: Mapping[str, str]
    """The query of each block."""
    labels: Mapping[str, Label]


def read_thing(release: Release, iri: str, language: str, asked: Asked | None = None) -> ThingView | None:
    """A thing's page, or None if the release says nothing of it.

    :raises ValueError: if `iri` is no absolute IRI
    """
    asked = asked or Asked()
    naming = Naming(release, language)
    facts = [quad for quad in read_facts(release, iri) if quad.predicate.value not in _DERIVED]
    kinds = tuple(
        dict.fromkeys(q.object.value for q in facts if q.predicate == TYPE and isinstance(q.object, NamedNode))
    )
    order = order_of(release, kinds)
    if asked.of:
        return _only(release, iri, naming, kinds, asked)
    matrix = read_matrix(release, iri, naming, order, asked) if release.has_claims else None
    incoming, is_cut = read_incoming(release, iri, order)
    if not (facts or incoming or matrix):
        return None
    held = () if asked.number else _held(facts, order, languages(language))
    shown = {iri, *kinds, *named(incoming), *_named(held)} | (matrix.names if matrix else set())
    said = {"held": queries.what_holds(release, iri), "incoming": queries.what_refers(release, iri)}
    if release.has_claims:
        said["matrix"] = queries.who_says(release, iri)
    items = tuple(dict.fromkeys(q.object.value for q in facts if _is_item(q) and isinstance(q.object, NamedNode)))
    names = naming.names(shown)
    return ThingView(iri, kinds, matrix, held, incoming, is_cut, items, MappingProxyType(said), names)


def _only(release: Release, iri: str, naming: Naming, kinds: tuple[str, ...], asked: Asked) -> ThingView | None:
    """The page of what refers to a thing by one property."""
    group = read_group(release, iri, asked.of, asked.page)
    if group is None:
        return None
    said = MappingProxyType({"incoming": queries.what_refers(release, iri, asked.of)})
    names = naming.names({iri, *kinds, *named((group,))})
    return ThingView(iri, kinds, None, (), (group,), group.more_than, (), said, names)


def _held(facts: Iterable[Quad], order: Order, tags: Sequence[str]) -> tuple[Held, ...]:
    """What holds, in the order of the shapes, under their headings; of a text the reader's language first."""
    by_property: dict[str, dict[Term, None]] = {}
    for quad in facts:
        by_property.setdefault(quad.predicate.value, {})[term_of(quad.object)] = None
    paths = sorted(by_property, key=order.place)
    ranks = {tag: rank for rank, tag in enumerate(tags)}

    def values(path: str) -> tuple[Term, ...]:
        return tuple(sorted(by_property[path], key=lambda term: ranks.get(term.language, len(ranks))))

    return tuple(
        Held(order.label(group, tags), tuple((path, values(path)) for path in some))
        for group, some in groupby(paths, key=order.group)
    )


def _is_item(quad: Quad) -> bool:
    is_item = isinstance(quad.object, NamedNode) and quad.object.value.startswith(_WIKIDATA)
    return is_item and quad.predicate.value in _SAME


def _named(held: Iterable[Held]) -> Iterator[str]:
    for part in held:
        for path, values in part.rows:
            yield path
            yield from (term.name for term in values if term.kind in {"iri", "blank"})
