"""Amounts as a row can hold them: number, bounds, unit and wording, where the graph has a node with parts.

A claim may say the number and another one the unit. What the claim itself says comes first; a part that it does not
say is taken from the other claims about the same node, if they all say the same of it and none of them is rejected,
and those claims are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from kg.export.lookups import Lookups, Term
from kg.terms import expand

_PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        expand(curie): column
        for curie, column in (
            ("zel:numericValue", "number"),
            ("zel:lowerBound", "lower_bound"),
            ("zel:upperBound", "upper_bound"),
            ("zel:unit", "unit"),
            ("zel:exactness", "exactness"),
            ("zel:asWorded", "as_worded"),
        )
    }
)
NUMBERS: Final = ("number", "lower_bound", "upper_bound")
PARTS: Final = tuple(_PARTS.values())
_KNOWN: Final = 10_000
"""Nodes whose parts are remembered."""


@dataclass(frozen=True, slots=True)
class Said:
    """One part of an amount, as a claim says it."""

    part: str
    value: Term
    claim: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount: its parts by name, and the other claims that say some of them."""

    parts: Mapping[str, Term]
    others: tuple[str, ...]


class Amounts:
    """The amounts of a release."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self._said = lru_cache(_KNOWN)(self._of)

    def find(self, node: str, claim: str) -> Amount | None:
        """The amount that a node is, as a claim and those beside it say; None if no claim says a number of it."""
        said = self._said(node)
        parts = {one.part: one.value for one in said if one.claim == claim}
        others: set[str] = set()
        for part in PARTS:
            rest = [one for one in said if one.part == part]
            if part not in parts and len({one.value for one in rest}) == 1:
                parts[part] = rest[0].value
                others.add(rest[0].claim)
        return Amount(parts, tuple(sorted(others))) if any(name in parts for name in NUMBERS) else None

    def every(self, node: str) -> Mapping[str, tuple[Term, ...]]:
        """All that the claims which are not rejected say of an amount, by part; nothing if none says a number of it."""
        parts: dict[str, dict[Term, None]] = {}
        for one in self._said(node):
            parts.setdefault(one.part, {})[one.value] = None
        return {part: tuple(parts[part]) for part in PARTS if part in parts} if any(map(parts.get, NUMBERS)) else {}

    def _of(self, node: str) -> tuple[Said, ...]:
        return tuple(self._parts(node))

    def _parts(self, node: str) -> Iterator[Said]:
        for claim, predicate, value in self._lookups.stated(node):
            if predicate in _PARTS:
                yield Said(_PARTS[predicate], value, claim)
