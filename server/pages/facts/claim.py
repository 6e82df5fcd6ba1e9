"""The page of a claim: what it says, and what others say of the same, read into frozen views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Quad

from server.lookup import Label
from server.pages.evidence import ClaimView, Statement, statement_of, view_of
from server.pages.facts.matrix import Fact, read_others
from server.pages.facts.reading import owners
from server.pages.phrases.claims import Worded, claims_named, worded
from server.pages.phrases.naming import Naming
from server.pages.statements import FEW, TYPE, Description, describe_claim, read_records
from server.pages.views import claim_iris, iris_of
from server.releases import Release

THINGS: Final = 100
"""Things of a claim on a page, or statements, where it has more of these than a page shows."""
_SORTED: Final = 5_000
"""Statements of a claim that are sorted for a page."""
LAST_PAGE: Final = 1_000_000
"""The largest number of such a page."""
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
    things: tuple[tuple[str, str], ...] = ()
    """Where it is a whole file of RDF, too much for a page: some of its things, each with its place in the file."""
    number: int = 0
    """Which page of these it is, from 0."""
    more: bool = False
    is_beyond: bool = False
    """Whether there are fewer pages."""
    is_cut: bool = False
    """Whether it says more than any page of it shows."""


def read_claim(release: Release, iri: str, language: str, number: int = 0) -> ClaimPage | None:
    """A claim's page, or None for no claim; `number` is that of a page of its things, where they are many.

    :raises ValueError: if `iri` is no absolute IRI
    """
    found = describe_claim(release, iri, FEW + 1)
    if found is None:
        return None
    if len(found.records[0].statements) > FEW:
        return _long(release, found, language, number)
    view, origin = view_of(found.records[0], release), tuple(dict.fromkeys(map(statement_of, found.origin)))
    naming = Naming(release, language)
    said = worded(view, naming)
    others, mentioned = read_others(release, _stated(release, view, naming), naming, iri, _OTHERS)
    names = naming.names({iri, *claim_iris(view), *iris_of(origin), *claims_named((said,)), *mentioned})
    return ClaimPage(view, said, others, origin, names)


def _long(release: Release, found: Description, language: str, number: int) -> ClaimPage:
    """The page of a claim that states too much to be shown at once: what is known of it, and its things page by page;
    its statements where nobody wrote down in which lines they are, as of a row with hundreds of columns.
    """
    (record,) = found.records
    identifier, first = view_of(record, release).identifier, number * THINGS
    things = release.lines.things(identifier, first, THINGS + 1)
    kept: tuple[Quad, ...] = ()
    if things or release.lines.things(identifier, 0, 1):
        more, is_cut = len(things) > THINGS, False
    else:
        (whole,) = read_records(release, (record.iri,), _SORTED + 1)
        kept, more = whole.statements[first : first + THINGS], len(whole.statements) > first + THINGS
        is_cut = len(whole.statements) > _SORTED
    view, naming = view_of(replace(record, statements=kept), release), Naming(release, language)
    said, shown = worded(view, naming), things[:THINGS]
    names = naming.names({record.iri, *claim_iris(view), *claims_named((said,)), *(thing for thing, _ in shown)})
    is_beyond = number > 0 and not (shown or kept)
    return ClaimPage(view, said, (), (), names, shown, number, more, is_beyond, is_cut)


def _stated(release: Release, claim: ClaimView, naming: Naming) -> Iterator[tuple[str, str]]:
    """The facts that a claim states, each a thing and a property; a part of an amount is one of what has the amount."""
    found: dict[tuple[str, str], None] = {}
    for one in claim.statements:
        if one.subject.kind != "iri" or one.property.value == TYPE.value:
            continue
        above = list(owners(release, naming, one.subject.value, (claim.iri,)))
        found.update(dict.fromkeys(above or [(one.subject.value, one.property.value)]))
    yield from list(found)[:_FACTS]
