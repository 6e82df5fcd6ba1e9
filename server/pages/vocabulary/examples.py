"""How a term is used: a few statements of a release, with the words that carry them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.terms import expand
from server.lookup import Term
from server.pages.evidence import ClaimView, Statement, is_small, read_views, statement_of
from server.pages.statements import SUPPORTED_BY
from server.pages.vocabulary.kinds import TYPE, graph_of
from server.releases import Memory, Release

SHOWN: Final = 3
"""Examples of a term."""
_KEPT: Final = 300
"""Terms whose examples are remembered: a page in each language has the same."""
_READ: Final = 300
"""Statements among which examples are chosen."""
_THINGS: Final = 12
_EACH: Final = 40
"""Things of a class of which examples tell, and statements of each that are looked at."""
_CANDIDATES: Final = 10
"""Claims that are read to choose those with words."""
_REVIEWED: Final = expand("zel:reviewStatus")
_STATUS: Final = {"reviewed": 0, "located": 1, "unreviewed": 2, "contested": 3}
"""Which claims make the better examples, by the last part of the IRI of their status."""


@dataclass(frozen=True, slots=True)
class Example:
    """Statements that use a term, and the claim that makes them, where one does."""

    statements: tuple[Statement, ...]
    claim: ClaimView | None


def examples(release: Release, iri: str, *, is_class: bool) -> tuple[Example, ...]:
    """Some statements with a property, or about things of a class; first the reviewed ones that have words.

    What no claim states comes last: that the editors give a thing a class, say.

    :raises ValueError: if `iri` is no absolute IRI
    """
    known: Memory[tuple[str, bool], tuple[Example, ...]] = release.memory("examples of terms", _KEPT)
    return known.of((iri, is_class), lambda _: _found(release, iri, is_class=is_class), _are_small)


def _are_small(found: Iterable[Example]) -> bool:
    return all(one.claim is None or is_small(one.claim) for one in found)


def _found(release: Release, iri: str, *, is_class: bool) -> tuple[Example, ...]:
    node, told = NamedNode(iri), graph_of(release)
    pattern = (None, TYPE, node, None) if is_class else (None, node, None, None)
    quads = [quad for quad in islice(release.engine.quads(*pattern), _READ) if quad.graph_name != told]
    found = _of_claims(release, _by_claim(release, _about(release, quads) if is_class else quads))
    if len(found) >= SHOWN:
        return found[:SHOWN]
    known = {statement.subject for example in found for statement in example.statements}
    plain = sorted({quad.triple for quad in quads if not isinstance(quad.subject, BlankNode)}, key=str)
    alone = [Example((row,), None) for row in map(statement_of, (Quad(*triple) for triple in plain))]
    return (*found, *(example for example in alone if example.statements[0].subject not in known))[:SHOWN]


def _about(release: Release, members: Iterable[Quad]) -> Iterator[Quad]:
    """What is said of the first things of a class, apart from what they are."""
    for node in sorted({quad.subject for quad in members if isinstance(quad.subject, NamedNode)}, key=str)[:_THINGS]:
        quads = release.engine.quads(node, None, None, None)
        yield from (quad for quad in islice(quads, _EACH) if quad.predicate != TYPE)


def _by_claim(release: Release, quads: Iterable[Quad]) -> Mapping[str, list[Quad]]:
    home = release.minter.claim("")
    found: dict[str, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(home):
            found.setdefault(quad.graph_name.value, []).append(quad)
    return found


def _of_claims(release: Release, stated: Mapping[str, list[Quad]]) -> tuple[Example, ...]:
    """The best of the claims: with words, of one thing each, reviewed."""
    turn = _turns(stated)
    bare = {claim: not release.engine.values(claim, SUPPORTED_BY.value) for claim in turn}
    chosen = sorted(turn, key=lambda claim: (bare[claim], turn[claim], claim))[:_CANDIDATES]
    views = read_views(release, chosen).values()
    ranked = sorted(views, key=lambda view: (not _words(view), turn[view.iri], _rank(view), view.iri))
    return tuple(
        Example(tuple(map(statement_of, sorted(stated[view.iri], key=str)[:SHOWN])), view) for view in ranked[:SHOWN]
    )


def _turns(stated: Mapping[str, list[Quad]]) -> Mapping[str, int]:
    """How many claims before each, in their order, tell of the same thing."""
    told: Counter[str] = Counter()
    found = {}
    for claim in sorted(stated)[:_READ]:
        subject = str(min(stated[claim], key=str).subject)
        found[claim] = told[subject]
        told[subject] += 1
    return found


def _words(view: ClaimView) -> bool:
    return any(quote.text for quote in view.quotes)


def _rank(view: ClaimView) -> int:
    statuses: tuple[Term, ...] = view.metadata.get(_REVIEWED, ())
    return min((_STATUS.get(term.value.rpartition("/")[2], len(_STATUS)) for term in statuses), default=len(_STATUS))
