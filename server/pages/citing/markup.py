"""What a page is about in schema.org, for the programs that read it in the page.

Only what is stated is said. A class is that of schema.org which the vocabulary states as its match, or that of the
nearest class above it; without one a thing is a `Thing`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.terms import expand
from server.lookup import Label
from server.releases import Release

_SCHEMA: Final = ("https://schema.org/", "http://schema.org/")
_MATCHES: Final = tuple(map(expand, ("owl:equivalentClass", "skos:exactMatch", "skos:closeMatch")))
_ABOVE: Final = expand("rdfs:subClassOf")
_FARTHEST: Final = 20
"""How many classes are looked at for a match."""


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about."""

    iri: str
    name: Label | None = None
    kinds: Collection[str] = ()
    """Its classes."""
    description: str = ""
    same: Sequence[str] = ()
    """What it is elsewhere."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else schema.org says of it."""


def thing_markup(release: Release, about: About, address: str) -> str:
    """A thing as JSON-LD, whose page is at `address`. The text can stand in a `script` element: it holds no `<`."""
    told: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": types_of(release, about.kinds) or "Thing",
        "@id": about.iri,
        "url": address,
        "name": _text(about.name),
        "description": about.description,
        "sameAs": list(about.same),
        "subjectOf": {"@type": "Dataset", "@id": f"{release.base}dataset", "version": release.id},
        **about.more,
    }
    said = {key: value for key, value in told.items() if value}
    return json.dumps(said, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _text(label: Label | None) -> Any:
    if label is None:
        return ""
    return {"@value": label.text, "@language": label.language} if label.language else label.text


def types_of(release: Release, kinds: Iterable[str]) -> list[str]:
    """The classes of schema.org for those of a thing, the nearest ones."""
    waiting, seen = sorted(kinds), set[str]()
    while waiting and len(seen) < _FARTHEST:
        found = sorted({name for kind in waiting for name in _matches(release, kind)})
        if found:
            return found
        seen.update(waiting)
        above = {
            q.object.value for k in waiting for q in release.engine.values(k, _ABOVE) if isinstance(q.object, NamedNode)
        }
        waiting = sorted(above - seen)
    return []


def _matches(release: Release, kind: str) -> Iterable[str]:
    nodes = [kind]
    for link in _MATCHES:
        nodes += [q.object.value for q in release.engine.values(kind, link) if isinstance(q.object, NamedNode)]
    for node in nodes:
        for start in _SCHEMA:
            if node.startswith(start):
                yield node.removeprefix(start)
