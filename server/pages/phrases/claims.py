"""A claim with its amounts: each one a phrase where the claim uses it, its parts folded away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.terms import expand
from server.lookup import Label
from server.pages.evidence import ClaimView, Statement
from server.pages.phrases.names import Name
from server.pages.phrases.naming import Naming
from server.pages.phrases.said import PARTS

_FOLDED = frozenset({*PARTS, expand("rdf:type")})


@dataclass(frozen=True, slots=True)
class Worded:
    """What a claim says, as a person reads it."""

    statements: tuple[Statement, ...]
    parts: tuple[Statement, ...] = ()
    """Of amounts that a statement uses and that its phrase tells."""
    amounts: Mapping[str, Label] = field(default_factory=dict)
    """The phrases by the IRIs of the amounts."""


def worded(claim: ClaimView, naming: Naming) -> Worded:
    """The statements of a claim with the phrases of their amounts, which name other claims where those say a part."""
    nodes = dict.fromkeys(
        term.value for one in claim.statements for term in (one.subject, one.value) if term.kind == "iri"
    )
    told = ((node, naming.phrase(node, claim.iri)) for node in nodes if naming.label(node) is None)
    amounts = {node: phrase for node, phrase in told if phrase is not None}
    used = {one.value.value for one in claim.statements if one.value.kind == "iri"} & set(amounts)
    parts = tuple(one for one in claim.statements if one.subject.value in used and one.property.value in _FOLDED)
    kept = tuple(one for one in claim.statements if one not in set(parts))
    return Worded(kept, parts, MappingProxyType(amounts))


def claims_named(said: Iterable[Worded]) -> frozenset[str]:
    """The claims that the phrases of amounts name."""
    phrases = (phrase for one in said for phrase in one.amounts.values())
    return frozenset(claim for phrase in phrases if isinstance(phrase, Name) for claim in phrase.claims)
