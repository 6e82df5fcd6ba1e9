"""What changed between two releases: claims first, then statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.release import Release
from kg.store import parse_lines
from kg.terms import ZEL, Minter, expand

PARTS: Final = ("statements", "metadata", "evidence", "row")
"""What can change in a claim: its own graph, what is said of it, the words that support it, its place in a table."""
_ROW: Final = ox.NamedNode(expand("prov:wasDerivedFrom"))


@dataclass(frozen=True, slots=True)
class Difference:
    """How to get from release `a` to release `b`; every tuple is sorted."""

    a: str
    b: str
    claims_added: tuple[str, ...]
    claims_removed: tuple[str, ...]
    claims_changed: Mapping[str, tuple[str, ...]]
    """By claim IRI, those of `PARTS` that differ."""
    added: tuple[str, ...]
    """N-Quads lines that only `b` has, those of the derived default graph included."""
    removed: tuple[str, ...]
    """N-Quads lines that only `a` has."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def apply(self, lines: Iterable[str]) -> list[str]:
        """The lines of `b`, given those of `a`."""
        return sorted({*lines}.difference(self.removed).union(self.added))

    def to_json(self) -> dict[str, object]:
        """The difference as JSON values."""
        return {
            "from": self.a,
            "to": self.b,
            "claims": {
                "added": list(self.claims_added),
                "removed": list(self.claims_removed),
                "changed": {iri: list(parts) for iri, parts in self.claims_changed.items()},
            },
            "statements": {"added": list(self.added), "removed": list(self.removed)},
        }

    def to_text(self) -> str:
        """The difference for a person: `+` added, `-` removed, `~` changed."""
        claims = (len(self.claims_added), len(self.claims_removed), len(self.claims_changed))
        lines = [
            f"{self.a} -> {self.b}",
            "claims: {} added, {} removed, {} changed".format(*claims),
            *(f"+ {iri}" for iri in self.claims_added),
            *(f"- {iri}" for iri in self.claims_removed),
            *(f"~ {iri} ({', '.join(parts)})" for iri, parts in self.claims_changed.items()),
            f"statements: {len(self.added)} added, {len(self.removed)} removed",
            *(f"+ {line}" for line in self.added),
            *(f"- {line}" for line in self.removed),
        ]
        return "\n".join(lines) + "\n"


def diff(a: Release, b: Release) -> Difference:
    """Compare two releases.

    :raises ReleaseError: if one of them cannot be read
    """
    lines_a, lines_b = frozenset(a.lines()), frozenset(b.lines())
    claims_a, claims_b = _claims(lines_a, a.base), _claims(lines_b, b.base)
    changed = {
        iri: tuple(part for part in PARTS if claims_a[iri][part] != claims_b[iri][part])
        for iri in sorted(claims_a.keys() & claims_b.keys())
    }
    return Difference(
        a=a.id,
        b=b.id,
        claims_added=tuple(sorted(claims_b.keys() - claims_a.keys())),
        claims_removed=tuple(sorted(claims_a.keys() - claims_b.keys())),
        claims_changed={iri: parts for iri, parts in changed.items() if parts},
        added=tuple(sorted(lines_b - lines_a)),
        removed=tuple(sorted(lines_a - lines_b)),
    )


def _claims(lines: Iterable[str], base: str) -> dict[str, Mapping[str, frozenset[ox.Triple]]]:
    """The parts of every claim that the metadata graph declares."""
    metadata = ox.NamedNode(Minter(base).graph("claims"))
    is_claim = (ox.NamedNode(expand("rdf:type")), ox.NamedNode(ZEL + "Claim"))
    parts: dict[str, dict[str, set[ox.Triple]]] = defaultdict(lambda: {part: set() for part in PARTS})
    declared: set[str] = set()
    for quad in parse_lines(lines):
        if quad.graph_name == metadata and isinstance(quad.subject, ox.NamedNode):
            iri, hash_sign, _ = quad.subject.value.partition("#")
            part = "row" if quad.predicate == _ROW else "evidence" if hash_sign else "metadata"
            parts[iri][part].add(quad.triple)
            if (quad.predicate, quad.object) == is_claim:
                declared.add(iri)
        elif isinstance(quad.graph_name, ox.NamedNode):
            parts[quad.graph_name.value]["statements"].add(quad.triple)
    return {iri: {part: frozenset(found) for part, found in parts[iri].items()} for iri in declared}
