"""What refers to a document, read in one pass: claims that are stated in it, evidence, claims that speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.terms import expand
from server.pages import describe
from server.pages.evidence import Statement, statement_of
from server.pages.statements import CLAIM, TYPE
from server.releases import Memory, Release

READ: Final = 5_000
"""How many statements about a document are read for a page."""
KEPT: Final = 10
"""Documents and tables that are remembered, each with all that is read of it: whoever reads one turns its pages."""


def _term(name: str) -> NamedNode:
    return NamedNode(expand(name))


ASSERTED_BY: Final = _term("zel:assertedBy")
STATED_IN: Final = _term("zel:statedIn")
SOURCE: Final = _term("oa:hasSource")
_DERIVED: Final = frozenset(map(_term, describe.DERIVED))
_TOLD: Final = frozenset({ASSERTED_BY, STATED_IN, SOURCE})
"""What the list of its claims says."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What refers to a document."""

    references: tuple[Statement, ...]
    """Beside its claims and their evidence."""
    linked: Mapping[NamedNode, tuple[NamedNode, ...]]
    """What of the claims' register leads to it by each of the three properties, in the order of the store."""
    mentioning: tuple[str, ...]
    """The claims in whose own statements it stands, by name."""
    is_cut: bool
    """Whether more refers to it than was read."""


def read_standing(release: Release, iri: str) -> Standing:
    """What refers to a document: the first `READ` statements, in the order of the store.

    :raises ValueError: if `iri` is no absolute IRI
    """
    known: Memory[str, Standing] = release.memory("standings of documents", KEPT)
    return known.of(iri, lambda _: _read(release, iri))


def _read(release: Release, iri: str) -> Standing:
    it = NamedNode(iri)
    found = list(islice(release.engine.quads(None, None, it, None), READ + 1))
    own = islice(release.engine.quads(it, None, None, None), READ)
    claims = NamedNode(release.minter.graph("claims"))
    registers = {DefaultGraph(), claims, NamedNode(release.minter.graph("ontology"))}
    references, linked = [], {link: dict[NamedNode, None]() for link in _TOLD}
    for quad in found[:READ]:
        if quad.graph_name == claims and quad.predicate in _TOLD:
            if isinstance(quad.subject, NamedNode):
                linked[quad.predicate][quad.subject] = None
        elif quad.graph_name in registers and quad.predicate not in _DERIVED:
            references.append(statement_of(quad))
    rows = sorted(set(references), key=lambda row: (row.property.value, row.subject.name))
    nodes = {link: tuple(those) for link, those in linked.items()}
    return Standing(tuple(rows), nodes, _mentioning(release, [*found[:READ], *own], claims), len(found) > READ)


def _mentioning(release: Release, quads: list[Quad], claims: NamedNode) -> tuple[str, ...]:
    graphs = {quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode)}
    register = release.minter.graph("")
    asked = sorted(graph.value for graph in graphs if not graph.value.startswith(register))
    known = (iri for iri in asked if any(release.engine.quads(NamedNode(iri), TYPE, CLAIM, claims)))
    return tuple(known)
