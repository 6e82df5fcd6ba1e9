"""Things that have no item yet, and the items that they may be."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.config import Federation
from kg.terms import in_order


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing without an item."""

    iri: str
    labels: Mapping[str, str]
    """By language."""
    excluded: frozenset[str] = frozenset()
    """QIDs that were rejected for it."""

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """The languages in which it has each name: one name may serve several.

        >>> Wanted("http://e/", {"fr": "Mistral AI", "en": "Mistral AI", "ar": "ميسترال"}).names
        {'ميسترال': ('ar',), 'Mistral AI': ('fr', 'en')}
        """
        found: dict[str, tuple[str, ...]] = {}
        for language in in_order(self.labels):
            name = self.labels[language]
            found[name] = (*found.get(name, ()), language)
        return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a thing may be, as a service proposed it."""

    subject: str
    """IRI of the thing."""
    qid: str
    label: str
    """Of the item, as the service gave it; empty if it gave none."""
    confidence: float
    """From 0 to 1."""
    evidence: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who proposes, and when."""

    author: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Threshold:
    """Which candidates of a thing are worth a look."""

    limit: int = 3
    """How many at most."""
    minimum: float = 0.5
    """Least confidence."""


def best(candidates: Iterable[Candidate], threshold: Threshold) -> list[Candidate]:
    """The candidates of one thing that are worth a look: the most confident first, then by QID."""
    worthy = [candidate for candidate in candidates if candidate.confidence >= threshold.minimum]
    return sorted(worthy, key=lambda candidate: (-candidate.confidence, int(candidate.qid[1:])))[: threshold.limit]


def permitted(settings: Federation, address: str) -> Federation:
    """The settings with which the address that the user named may be asked, wherever it lives, and no other."""
    return dataclasses.replace(settings, endpoints=(address,), private_endpoints=(address,))
