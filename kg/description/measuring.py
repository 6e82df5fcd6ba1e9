"""The figures of data that no build has counted: the engine is asked for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kg.description.counts import Counts, Part

Ask = Callable[[str], Iterable[tuple[str, ...]]]
"""From a query to its rows, each value as text; what is unbound is empty."""

_CLASSES: Final = "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c FILTER (ISIRI(?c)) } GROUP BY ?c ORDER BY ?c"
_PROPERTIES: Final = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
_PARTS: Final = "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o FILTER (ISIRI(?c)) } GROUP BY ?c ?p ORDER BY ?c ?p"
_TARGETS: Final = """SELECT ?c ?p ?t (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . ?o a ?t FILTER (ISIRI(?c) && ISIRI(?t)) }
GROUP BY ?c ?p ?t ORDER BY ?c ?p ?t"""
_DATATYPES: Final = """SELECT ?c ?p ?t (COUNT(*) AS ?n) {
  ?s a ?c ; ?p ?o FILTER (ISIRI(?c) && ISLITERAL(?o)) BIND (DATATYPE(?o) AS ?t)
} GROUP BY ?c ?p ?t ORDER BY ?c ?p ?t"""
_TOTALS: Final = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) (COUNT(DISTINCT ?o) AS ?k) { ?s ?p ?o }"


def measure(ask: Ask, quads: int) -> Counts:
    """The figures of the data that answer `ask`, which hold so many `quads`; of claims and documents they have none."""
    ((triples, subjects, objects),) = ask(_TOTALS)
    classes = {kind: int(n) for kind, n in ask(_CLASSES)}
    targets, datatypes = _by_part(ask(_TARGETS)), _by_part(ask(_DATATYPES))
    parts: dict[str, dict[str, Part]] = {}
    for kind, name, n in ask(_PARTS):
        key = (kind, name)
        parts.setdefault(kind, {})[name] = Part(int(n), targets.get(key, {}), datatypes.get(key, {}))
    return Counts(
        quads=quads,
        default_triples=int(triples),
        claims=0,
        documents=0,
        entities=0,
        subjects=int(subjects),
        objects=int(objects),
        by_modality={},
        by_review={},
        classes=classes,
        properties={name: int(n) for name, n in ask(_PROPERTIES)},
        partitions=parts,
    )


def _by_part(rows: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for kind, name, value, n in rows:
        if value:
            found.setdefault((kind, name), {})[value] = int(n)
    return found
