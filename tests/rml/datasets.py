"""Datasets made comparable: literals as the store keeps them, blank nodes by RDFC-1.0."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node
from rml.oracle.interpreter import Quad

LINE = re.compile(
    r"\s*(<[^>]*>|_:\S+)\s+<([^>]*)>\s+"
    r"(<[^>]*>|_:\S+|\"(?:[^\"\\]|\\.)*\"(?:@[\w-]+|\^\^<[^>]*>)?)\s*(<[^>]*>|_:\S+)?\s*\.\s*"
)
FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


def lenient_nquads(text: str) -> list[ox.Quad]:
    """Quads of N-Quads whose IRIs may hold anything but `>`, as `rml:UnsafeIRI` makes them."""
    quads = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            found = LINE.fullmatch(line)
            assert found, line
            parts = [found[1], f"<{found[2]}>", found[3], *([found[4]] if found[4] else [])]
            safe = " ".join(re.sub(r"^<.*>$", lambda m: f"<{_mangled(m[0][1:-1])}>", part) for part in parts)
            quads += ox.parse(f"{safe} .", ox.RdfFormat.N_QUADS)
    return quads


def _mangled(iri: str) -> str:
    return FORBIDDEN.sub(lambda found: f"--x{ord(found[0]):02x}--", iri)


def _ox(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(term, URIRef):
        return ox.NamedNode(_mangled(str(term)))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
    raise TypeError(term)


def from_oracle(quads: Iterable[Quad]) -> list[ox.Quad]:
    """The oracle's quads as the engine's library has them."""
    return [
        ox.Quad(_ox(s), _ox(p), _ox(o), ox.DefaultGraph() if g is None else _ox(g))  # type: ignore[arg-type]
        for s, p, o, g in quads
    ]


def canonical(quads: Iterable[ox.Quad]) -> list[str]:
    """The sorted lines of a dataset: equal for datasets that are equal but for names of blank nodes."""
    store = ox.Store()
    store.extend(quads)
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)
