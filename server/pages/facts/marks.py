"""How claims about one fact stand to one another: what is recorded of them, and which of them say the very same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.pages.facts.reading import CONTESTED, REJECTED, REVIEWED, Said, Standing


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign with its word, and the claims that it speaks of."""

    kind: str
    """The key of its word; the template has its sign."""
    claims: tuple[str, ...] = ()


_RANK: Final = ("contradicts", "agreesWith", "compatibleWith", "same", "uncompared", "alone")
"""The kinds, in the order in which rows with them stand below the first one."""
Key = tuple[str, ...]
"""What two claims have in common that give one property the same values."""


def marks_of(
    said: Said,
    fact: Sequence[Said],
    keys: Mapping[str, Key],
    standings: Mapping[str, Standing],
    shared: Mapping[str, frozenset[str]],
) -> tuple[Mark, ...]:
    """What stands beside the values of a claim.

    `keys` tells by claim what it says here, `shared` by claim which other claims speak of any property that it speaks
    of. A contradiction is one of whole claims: it is not shown where both say the same, nor at one property while the
    other claim speaks of another one only.
    """
    here = {other.claim for other in fact} - {said.claim}
    same = {other for other in here if keys[other] == keys[said.claim]}
    found = []
    for kind, others in standings[said.claim].relations.items():
        told = (others & here) - (same if kind == "contradicts" else set())
        told |= others - shared.get(said.claim, frozenset())
        if told:
            found.append(Mark(kind, tuple(sorted(told))))
    rest = same - {other for mark in found for other in mark.claims}
    if rest:
        found.append(Mark("same", tuple(sorted(rest))))
    return tuple(found) or (Mark("uncompared" if here else "alone"),)


def is_contested(marks: Sequence[Mark], standing: Standing) -> bool:
    """Whether a claim is contested by another one, or by the editors."""
    return standing.review == CONTESTED or any(mark.kind == "contradicts" for mark in marks)


def rank(marks: Sequence[Mark], standing: Standing) -> tuple[bool, bool, int]:
    """The place of a row: reviewed claims first, then those that contradict, agree, say the same; rejected last."""
    kinds = {mark.kind for mark in marks}
    first = next(place for place, kind in enumerate(_RANK) if kind in kinds)
    return standing.review == REJECTED, standing.review != REVIEWED, first
