"""What changed between two releases, claims first, then statements; and between two files of RDF."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError, Problem
from kg.rdf import RdfFile, syntax_of
from kg.rdfdata.reading import Reading
from kg.release import Release
from kg.rml.run.distinct import Sorter
from kg.store import parse_lines
from kg.terms import ZEL, Minter, expand

PARTS: Final = ("statements", "metadata", "evidence", "row")
"""What can change in a claim: its own graph, what is said of it, the words that support it, its place in a table."""
RELATIVE: Final = "file:///"
"""What relative IRIs of files are resolved against that are compared."""
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
    """Compare two releases: both are read once, side by side, and what they have in common is not held.

    :raises ReleaseError: if one of them cannot be read
    """
    removed: list[bytes] = []
    added: list[bytes] = []
    for only_a, only_b in _compared(a.blocks(), b.blocks()):
        removed += only_a
        added += only_b
    parts_a, parts_b = _touched(removed, a.base), _touched(added, b.base)
    touched = parts_a.keys() | parts_b.keys()
    claims_a, claims_b = _declared(a, touched), _declared(b, touched)
    return Difference(
        a=a.id,
        b=b.id,
        claims_added=tuple(sorted(claims_b - claims_a)),
        claims_removed=tuple(sorted(claims_a - claims_b)),
        claims_changed={
            iri: tuple(part for part in PARTS if part in parts_a[iri] | parts_b[iri])
            for iri in sorted(claims_a & claims_b)
        },
        added=tuple(line[:-1].decode() for line in added),
        removed=tuple(line[:-1].decode() for line in removed),
    )


@dataclass(frozen=True, slots=True)
class FileDifference:
    """How to get from one file of RDF to another; both tuples are sorted lines of N-Quads.

    Blank nodes are labelled by their neighbourhoods (`kg.rdfdata.neighbourhoods`): those that are the same in both
    files have one label in both, whatever the files call them.
    """

    a: str
    b: str
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def to_json(self) -> dict[str, object]:
        """The difference as JSON values."""
        return {"from": self.a, "to": self.b, "statements": {"added": list(self.added), "removed": list(self.removed)}}

    def to_text(self) -> str:
        """The difference for a person: `+` added, `-` removed."""
        lines = [
            f"{self.a} -> {self.b}",
            f"statements: {len(self.added)} added, {len(self.removed)} removed",
            *(f"+ {line}" for line in self.added),
            *(f"- {line}" for line in self.removed),
        ]
        return "\n".join(lines) + "\n"


def diff_files(a: Path, b: Path) -> FileDifference:
    """Compare two files of RDF of any syntax: what they have in common is not held.

    :raises UsageError: if one is absent, or its name tells no syntax
    :raises DataError: with everything that is wrong with them
    :raises StorageError: if one cannot be read
    """
    removed: list[bytes] = []
    added: list[bytes] = []
    with tempfile.TemporaryDirectory(prefix="kg-diff-") as folder:
        read = [_sorted_lines(path, Path(folder) / name) for path, name in ((a, "a"), (b, "b"))]
        problems = [problem for _, found in read for problem in found]
        if problems:
            raise DataError(problems=problems)
        for only_a, only_b in _compared(read[0][0].blocks(), read[1][0].blocks()):
            removed += only_a
            added += only_b
    told = [tuple(line[:-1].decode() for line in lines) for lines in (added, removed)]
    return FileDifference(a.as_posix(), b.as_posix(), *told)


def _sorted_lines(path: Path, folder: Path) -> tuple[Sorter, list[Problem]]:
    """The lines of a file, and what is wrong with it."""
    folder.mkdir()
    (folder / "lines").mkdir()
    sorter = Sorter(folder / "lines")
    file = RdfFile(path, syntax_of(path))
    # Relative IRIs are the same in both files, wherever these lie.
    reading = Reading(replace(file, base=RELATIVE), file.shown, None, "", lambda: folder)
    reading.read(sorter.write)
    return sorter, reading.problems


_Blocks = Iterator[list[bytes]]


def _compared(a: _Blocks, b: _Blocks) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """The lines that only one of two sorted files has, block by block."""
    here, there = next(a, []), next(b, [])
    while here and there:
        last = min(here[-1], there[-1])
        end_a, end_b = bisect_right(here, last), bisect_right(there, last)
        some_a, some_b = here[:end_a], there[:end_b]
        if some_a != some_b:
            set_a, set_b = set(some_a), set(some_b)
            yield [line for line in some_a if line not in set_b], [line for line in some_b if line not in set_a]
        here, there = here[end_a:] or next(a, []), there[end_b:] or next(b, [])
    for rest, blocks, is_first in ((here, a, True), (there, b, False)):
        for lines in chain([rest] if rest else [], blocks):
            yield (lines, []) if is_first else ([], lines)


def _touched(lines: Iterable[bytes], base: str) -> dict[str, set[str]]:
    """The parts of claims that lines speak of, by its IRI; other graphs may be among them."""
    metadata = ox.NamedNode(Minter(base).graph("claims"))
    parts: dict[str, set[str]] = defaultdict(set)
    for quad in parse_lines(line.decode() for line in lines):
        if quad.graph_name == metadata and isinstance(quad.subject, ox.NamedNode):
            iri, hash_sign, _ = quad.subject.value.partition("#")
            parts[iri].add("row" if quad.predicate == _ROW else "evidence" if hash_sign else "metadata")
        elif isinstance(quad.graph_name, ox.NamedNode):
            parts[quad.graph_name.value].add("statements")
    return parts


def _declared(release: Release, wanted: Collection[str]) -> set[str]:
    """Those of some IRIs that the metadata graph of a release declares to be claims."""
    graph = Minter(release.base).graph("claims")
    ending = f" <{expand('rdf:type')}> <{ZEL}Claim> <{graph}> .\n".encode()
    found: set[str] = set()
    for lines in release.blocks() if wanted else ():
        declared = (line[1 : line.index(b">")].decode() for line in lines if line.endswith(ending))
        found.update(iri for name in declared if (iri := name.partition("#")[0]) in wanted)
    return found
