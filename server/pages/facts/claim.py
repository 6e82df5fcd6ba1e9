"""The page of a claim: what it says, and what others say of the same, read into frozen views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from server.lookup import Label
from server.pages.evidence import ClaimView, Statement, statement_of, view_of
from server.pages.facts.matrix import Fact, read_others
from server.pages.facts.reading import owners
from server.pages.phrases.claims import Worded, claims_named, worded
from server.pages.phrases.naming import Naming
from server.pages.statements import TYPE, describe_claim
from server.pages.views import claim_iris, iris_of
from server.releases import Release

_FACTS: Final = 4
"""Facts of a claim of which its page shows what others say."""
_OTHERS: Final = 7
"""Rows of all of them."""


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim with its own page."""

    claim: ClaimView
    worded: Worded
    others: tuple[Fact, ...]
    """What all claims say of the facts that it states, itself first; only where others do."""
    origin: tuple[Statement, ...]
    """The run and the table that it comes from."""
    labels: Mapping[str, Label] = field(default_factory=dict)


def read_claim(release: Release, iri: str, language: str) -> ClaimPage | None:
    """A claim's page, or None for no claim.

    :raises ValueError: if `iri` is no absolute IRI
    """
    found = describe_claim(release, iri)
    if found is None:
        return None
    view, origin = view_of(found.records[0], release), tuple(dict.fromkeys(map(statement_of, found.origin)))
    naming = Naming(release, language)
    said = worded(view, naming)
    others, mentioned = read_others(release, _stated(release, view, naming), naming, iri, _OTHERS)
    names = naming.names({iri, *claim_iris(view), *iris_of(origin), *claims_named((said,)), *mentioned})
    return ClaimPage(view, said, others, origin, names)


def _stated(release: Release, claim: ClaimView, naming: Naming) -> Iterator[tuple[str, str]]:
    """The facts that a claim states, each a thing and a property; a part of an amount is one of what has the amount."""
    found: dict[tuple[str, str], None] = {}
    for one in claim.statements:
        if one.subject.kind != "iri" or one.property.value == TYPE.value:
            continue
        above = list(owners(release, naming, one.subject.value, (claim.iri,)))
        found.update(dict.fromkeys(above or [(one.subject.value, one.property.value)]))
    yield from list(found)[:_FACTS]
