"""What a release says of an amount: its parts by claim, and which of them hold in the claim that a page shows.

A claim may say the number and another one the unit. What the claim itself says comes first; a part that it does not
say is taken from the others about the same node, if they all say the same of it. What a rejected claim says is told as
its own only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.terms import SCHEME, expand
from server.lookup import Label
from server.pages.phrases.amounts import Amount
from server.pages.phrases.units import Unit
from server.releases import Memory, Release

PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        expand(curie): part
        for curie, part in (
            ("zel:numericValue", "number"),
            ("zel:lowerBound", "lower"),
            ("zel:upperBound", "upper"),
            ("zel:unit", "unit"),
            ("zel:exactness", "exactness"),
            ("zel:outOf", "out of"),
            ("zel:asWorded", "worded"),
        )
    }
)
"""The properties of the parts of an amount."""
_QUANTITY: Final = NamedNode(expand("zel:Quantity"))
_TYPE: Final = NamedNode(expand("rdf:type"))
_REVIEW: Final = NamedNode(expand("zel:reviewStatus"))
_REJECTED: Final = NamedNode(SCHEME + "review/rejected")
LARGEST: Final = 1_000
"""The most statements that are read about one node to name it."""
_KEPT: Final = 5_000
"""Amounts whose parts are remembered, in some 1 kB each."""
_Value = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an amount, and the claim that says it; the claim is empty for what the graph says by itself."""

    name: str
    value: _Value
    claim: str
    is_rejected: bool = False
    """Whether the claim is."""


def parts_of(release: Release, quads: tuple[Quad, ...]) -> tuple[Part, ...]:
    """The parts of an amount, of all the quads about its node; none if it is no amount."""
    if not any(_says_amount(quad) for quad in quads):
        return ()
    claims = release.minter.claim("")
    found: dict[Part, None] = {}
    for quad in sorted(quads, key=str):
        name, graph = PARTS.get(quad.predicate.value), quad.graph_name
        if name is None or not isinstance(quad.object, NamedNode | Literal):
            continue
        if isinstance(graph, NamedNode) and graph.value.startswith(claims):
            found[Part(name, quad.object, graph.value, _is_rejected(release, graph))] = None
        elif isinstance(graph, DefaultGraph):
            found[Part(name, quad.object, "")] = None
    return tuple(found)


def parts_at(release: Release, node: str, about: tuple[Quad, ...] | None = None) -> tuple[Part, ...]:
    """The parts of the amount that a node is, read once for all pages.

    :param about: what is said of it, where that was read already
    """
    known: Memory[str, tuple[Part, ...]] = release.memory("parts of amounts", _KEPT)
    return known.of(node, lambda _: parts_of(release, release.engine.about(node, LARGEST) if about is None else about))


def _says_amount(quad: Quad) -> bool:
    return (quad.predicate.value in PARTS and PARTS[quad.predicate.value] in {"number", "lower", "upper"}) or (
        quad.predicate == _TYPE and quad.object == _QUANTITY
    )


def _is_rejected(release: Release, claim: NamedNode) -> bool:
    register = NamedNode(release.minter.graph("claims"))
    return any(True for _ in release.engine.quads(claim, _REVIEW, _REJECTED, register))


def amount_of(
    parts: tuple[Part, ...],
    label: Callable[[str], Label | None],
    unit_of: Callable[[str], Unit],
    claim: str = "",
) -> Amount:
    """The amount that parts make, as `claim` and those beside it say; without one, as all of them say.

    `label` gives the label of a concept, `unit_of` a unit by its IRI. Numbers on which the claims differ are all given;
    any other part then is not.
    """
    values: dict[str, tuple[_Value, ...]] = {}
    others: set[str] = set()
    for name in PARTS.values():
        told = [part for part in parts if part.name == name and (not part.is_rejected or part.claim == claim)]
        own = tuple(dict.fromkeys(part.value for part in told if part.claim == claim and claim))
        rest = tuple(dict.fromkeys(part.value for part in told))
        if own or name == "worded":
            values[name] = own or (rest if not claim else ())
        elif len(rest) == 1 or (name == "number" and not claim):
            values[name] = rest
            others |= {min(part.claim for part in told if part.claim)} if any(p.claim for p in told) else set()
    unit, exactness = (_iri(values.get(name, ())) for name in ("unit", "exactness"))
    return Amount(
        tuple(value.value for value in values.get("number", ())),
        _one(values.get("lower", ())),
        _one(values.get("upper", ())),
        unit_of(unit) if unit else None,
        exactness,
        label(exactness) if exactness else None,
        _one(values.get("out of", ())),
        tuple(Label(v.value, v.language or "") for v in values.get("worded", ()) if isinstance(v, Literal)),
        tuple(sorted(others)) if claim else (),
    )


def _one(values: tuple[_Value, ...]) -> str:
    return values[0].value if len(values) == 1 else ""


def _iri(values: tuple[_Value, ...]) -> str:
    return values[0].value if len(values) == 1 and isinstance(values[0], NamedNode) else ""
