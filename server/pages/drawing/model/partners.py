"""Who takes part in what: agreements and their parties, projects and their partners, as claims tell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.pages.drawing.model.properties import partner_properties
from server.pages.drawing.model.sourcing import Source, Sourcing, listed
from server.releases import Release


@dataclass(frozen=True, slots=True)
class Part:
    """One who takes part in something, how, and who says so."""

    thing: str
    """The IRI of the agreement; likewise the others."""
    property: str
    partner: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Partners:
    """All parts, those in the same thing together; `cut` tells that there are more than were read."""

    parts: tuple[Part, ...]
    cut: bool


def read_partners(release: Release) -> Partners:
    """Who takes part in what, in a release."""
    sourcing = Sourcing(release)
    found: dict[tuple[str, str, str], set[Source]] = defaultdict(set)
    for it in sourcing.statements(partner_properties(release)):
        if isinstance(it.value, NamedNode):
            found[it.subject, it.property, it.value.value].add(it.source)
    parts = (Part(*key, listed(sources)) for key, sources in sorted(found.items()))
    return Partners(tuple(parts), sourcing.cut)
