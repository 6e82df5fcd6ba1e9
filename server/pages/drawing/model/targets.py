"""Targets and their baselines: each value that claims give, by whom, with its bounds and how exact it is said to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.terms import expand
from server.pages.drawing.model.properties import below, target_properties
from server.pages.drawing.model.sourcing import Source, Sourcing, Statement
from server.pages.phrases.said import Part, parts_at
from server.releases import Release

_BASELINE: Final = expand("zel:baseline")
_AMOUNT: Final = expand("zel:quantity")
_INDICATOR: Final = expand("zel:measuredBy")
_OF_INDICATOR: Final = expand("zel:ofIndicator")
_DEADLINE: Final = expand("zel:deadline")
_PERIOD: Final = expand("zel:period")


@dataclass(frozen=True, slots=True)
class Value:
    """A quantity as one claim gives it."""

    node: str
    """The IRI of the quantity."""
    parts: tuple[Part, ...]
    """What all claims say of it."""
    source: Source
    indicator: str = ""
    """What the claim measures by it; empty where it does not say."""
    period: str = ""
    """Of a baseline."""
    is_baseline: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A target with every value that is said of it; a deadline is a date and those who give it."""

    iri: str
    values: tuple[Value, ...]
    deadlines: tuple[tuple[str, tuple[Source, ...]], ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """All of them, those of which most is said first; `cut` tells that there are more than were read."""

    targets: tuple[Target, ...]
    cut: bool


def read_targets(release: Release) -> Targets:
    """The targets of a release that have a quantity."""
    return _Reading(release).targets()


class _Reading:
    """What is said about targets, set by set."""

    def __init__(self, release: Release) -> None:
        self._release, self._sourcing = release, Sourcing(release)
        self._quantities = self._stated(target_properties(release))
        self._baselines = self._said(_BASELINE)
        self._amounts = self._said(_AMOUNT)
        self._indicators = self._said(_INDICATOR, _OF_INDICATOR)
        self._deadlines = self._said(_DEADLINE)
        self._periods = self._said(_PERIOD)

    def targets(self) -> Targets:
        """All of them."""
        found = (
            Target(iri, (*self._values(iri), *self._bases(iri)), self._until(iri)) for iri in sorted(self._quantities)
        )
        told = sorted((it for it in found if it.values), key=lambda it: (-len(it.values), it.iri))
        return Targets(tuple(told), self._sourcing.cut)

    def _said(self, *roots: str) -> dict[str, list[Statement]]:
        return self._stated(below(self._release, roots))

    def _stated(self, properties: Iterable[str]) -> dict[str, list[Statement]]:
        found: dict[str, list[Statement]] = defaultdict(list)
        for it in self._sourcing.statements(properties):
            found[it.subject].append(it)
        return found

    def _values(self, target: str) -> Iterator[Value]:
        for it in self._quantities[target]:
            if isinstance(it.value, NamedNode) and (parts := parts_at(self._release, it.value.value)):
                claim = it.source.claim
                yield Value(it.value.value, parts, it.source, _first(self._indicators.get(target, ()), claim))

    def _bases(self, target: str) -> Iterator[Value]:
        """What the claims of a baseline say of it: those that give its amount."""
        named = {it.value.value for it in self._baselines.get(target, ()) if isinstance(it.value, NamedNode)}
        for value in sorted(named):
            for it in self._amounts.get(value, ()):
                if isinstance(it.value, NamedNode) and (parts := parts_at(self._release, it.value.value)):
                    claim = it.source.claim
                    indicator = _first(self._indicators.get(value, ()), claim)
                    period = _first(self._periods.get(value, ()), claim)
                    yield Value(it.value.value, parts, it.source, indicator, period, is_baseline=True)

    def _until(self, target: str) -> tuple[tuple[str, tuple[Source, ...]], ...]:
        found: dict[str, list[Source]] = defaultdict(list)
        for it in self._deadlines.get(target, ()):
            if isinstance(it.value, Literal):
                found[it.value.value].append(it.source)
        return tuple((date, tuple(sources)) for date, sources in sorted(found.items()))


def _first(statements: Iterable[Statement], claim: str) -> str:
    """What one claim says, if it says one thing."""
    values = {it.value.value for it in statements if it.source.claim == claim}
    return values.pop() if len(values) == 1 else ""
