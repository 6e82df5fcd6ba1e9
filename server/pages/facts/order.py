"""In which order the properties of a thing are shown, and under which headings, as the shapes of its project say it.

The order of the columns of a table stands in the same file of a release.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.terms import expand
from server.lookup import Label
from server.releases import Release

FILE: Final = "display.json"
_ABOVE: Final = expand("rdfs:subClassOf")
_FARTHEST: Final = 20
"""How many classes above those of a thing are looked at."""
_LAST: Final = float("inf")
_NAMING: Final = frozenset(map(expand, ("rdf:type", "rdfs:label", "zel:name", "skos:prefLabel", "skos:altLabel")))
"""What the heading of a page has told already; it comes last where no shape gives it a place."""

Place = tuple[float, float, bool, str]
"""Of the group, within it, whether the heading tells it, and the IRI."""


@dataclass(frozen=True, slots=True)
class Order:
    """The order of the properties of one thing."""

    own: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    """The place and the group of a property by its classes; of one read backwards, by `^` and its IRI."""
    general: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    """Likewise of any thing."""
    groups: Mapping[str, tuple[float, Mapping[str, str]]] = field(default_factory=dict)
    """The place and the labels of a group."""

    def place(self, path: str) -> Place:
        """By which properties are sorted: those with a group first, then those with a place, then the others."""
        order, group = self._found(path)
        of_group = self.groups[group][0] if group in self.groups else _LAST
        return of_group, order, path in _NAMING, path

    def group(self, path: str) -> str:
        """The IRI of the group of a property; empty where it has none."""
        group = self._found(path)[1]
        return group if group in self.groups else ""

    def label(self, group: str, languages: Sequence[str]) -> Label | None:
        """The heading of a group, in the first language that it has."""
        labels = self.groups[group][1] if group in self.groups else {}
        tag = next((tag for tag in (*languages, "", *labels) if tag in labels), None)
        return None if tag is None else Label(labels[tag], tag)

    def _found(self, path: str) -> tuple[float, str]:
        return self.own.get(path) or self.general.get(path) or (_LAST, "")


def order_of(release: Release, kinds: Iterable[str]) -> Order:
    """The order for a thing of these classes: what the nearest class says goes before what those above it say."""
    stated = _stated(release.path)
    own: dict[str, tuple[float, str]] = {}
    for kind in _upwards(release, kinds):
        for path, place in stated.classes.get(kind, {}).items():
            own.setdefault(path, place)
    return Order(MappingProxyType(own), stated.general, stated.groups)


def columns_of(release: Release, table: str) -> Mapping[tuple[str, ...], int]:
    """The place of each column of a table in its file, by the properties that lead to its values."""
    return _stated(release.path).tables.get(table, MappingProxyType({}))


def _upwards(release: Release, kinds: Iterable[str]) -> Iterator[str]:
    """Classes and those above them, the nearest first."""
    waiting, seen = sorted(kinds), set[str]()
    while waiting and len(seen) < _FARTHEST:
        kind = waiting.pop(0)
        if kind in seen:
            continue
        seen.add(kind)
        yield kind
        above = (quad.object for quad in release.engine.values(kind, _ABOVE))
        waiting += sorted({node.value for node in above if isinstance(node, NamedNode)})


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the shapes of a release say, and the mappings of its tables."""

    classes: Mapping[str, Mapping[str, tuple[float, str]]]
    general: Mapping[str, tuple[float, str]]
    groups: Mapping[str, tuple[float, Mapping[str, str]]]
    tables: Mapping[str, Mapping[tuple[str, ...], int]]


@lru_cache(8)
def _stated(folder: Path) -> _Stated:
    """Of a release nothing ever changes; one of an earlier program, and RDF without a release, say nothing of it."""
    try:
        told: dict[str, Any] = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError:
        told = {"classes": {}, "properties": {}, "groups": {}}
    groups = {iri: (group["order"], MappingProxyType(group["labels"])) for iri, group in told["groups"].items()}
    return _Stated(
        MappingProxyType({kind: _places(places) for kind, places in told["classes"].items()}),
        _places(told["properties"]),
        MappingProxyType(groups),
        MappingProxyType({iri: _numbered(columns) for iri, columns in told.get("tables", {}).items()}),
    )


def _numbered(columns: Sequence[Sequence[str]]) -> Mapping[tuple[str, ...], int]:
    return MappingProxyType({tuple(path): number for number, path in enumerate(columns)})


def _places(places: Mapping[str, Sequence[Any]]) -> Mapping[str, tuple[float, str]]:
    return MappingProxyType({path: (place[0], place[1]) for path, place in places.items()})
