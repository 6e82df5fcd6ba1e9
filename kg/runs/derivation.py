"""The derived graphs, added to the sorted lines that pass: the default graph, what is stated, and what is left.

Every statement of a release stands in exactly one of three graphs, so that views are joined of them and no engine has
to tell twice the same: what is known of claims, what is stated, and all else (`kg.sparql.dataset`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

from kg.rdf.rows import ROW, Row
from kg.runs.default import Admission
from kg.runs.survey import Survey
from kg.terms import SCHEME, Minter, expand


def _terms(*names: str) -> frozenset[bytes]:
    return frozenset(f"<{expand(name)}>".encode() for name in names)


NAMES: Final = _terms("rdf:type", "rdfs:label", "owl:sameAs", "skos:exactMatch", "skos:closeMatch")
"""What the register adds of things."""
TERMS: Final = _terms(
    "rdf:type", "rdfs:label", "rdfs:subClassOf", "rdfs:subPropertyOf", "skos:prefLabel", "skos:altLabel",
    "skos:inScheme", "skos:broader", "skos:narrower",
)  # fmt: skip
"""What the vocabulary adds of classes, properties and concepts."""
MARKS: Final = _terms(
    "rdf:type", "zel:contradicts", "zel:reviewStatus", "zel:modality", "zel:about", "zel:quote", "zel:gloss",
    "zel:publisher", "zel:address", "zel:published",
)  # fmt: skip
"""What is added of claims that contradict another."""
_MATCHES: Final = _terms("skos:exactMatch", "skos:closeMatch")
_CONCEPT: Final = re.compile(rf'[<"]{re.escape(SCHEME)}'.encode())
"""What a concept of the schemes begins with; STR of the rule takes texts as well."""
_LABEL: Final = f"<{expand('rdfs:label')}>".encode()
_GRAPH: Final = itemgetter(3)
_Group = tuple[list[bytes], list[Row]]


class Derivation:
    """Adds the statements of the derived graphs: each beside those that it follows from.

    Statements `s p o <graph> .` follow one another, after `s p o .`, so only the lines of each are sorted again.
    """

    def __init__(self, admission: Admission, seen: Survey, base: str) -> None:
        self._admission, self._seen = admission, seen
        self._stated = f"<{Minter(base).graph('stated')}>".encode()
        self._other = f"<{Minter(base).graph('other')}>".encode()
        self._entered: set[bytes] = set()
        self._claims = admission.whole | admission.plans
        self.facts = 0
        """The triples of the default graph that claims state."""

    def __call__(self, blocks: Iterable[list[bytes]]) -> Iterator[_Group]:
        """The lines with those of the derived graphs, and the same as rows."""
        held: list[bytes] = []
        for block in blocks:
            lines = [*held, *block] if held else block
            rows: list[Row] = ROW.findall(b"".join(lines))
            end = _last_statement(rows)
            held = lines[end:]
            if end:
                yield self._derived(lines[:end], rows[:end])
        if held:
            yield self._derived(held, ROW.findall(b"".join(held)))

    def _derived(self, lines: list[bytes], rows: list[Row]) -> _Group:
        metadata, tied = self._admission.metadata, self._admission.tied
        places = [
            at for at, row in enumerate(rows) if row[3] != metadata or (tied and row[1] in MARKS and row[0] in tied)
        ]
        all_lines: list[bytes] = []
        all_rows: list[Row] = []
        start = 0
        for place in places:
            if place < start:  # it is of the statement before
                continue
            at, end = _first_of(rows, place), _after(rows, place)
            found = self._with_graphs(rows[at:end])
            if len(found) > end - at:
                all_lines += lines[start:at]
                all_rows += rows[start:at]
                all_lines += map(_line, found)
                all_rows += found
            else:
                all_lines += lines[start:end]
                all_rows += rows[start:end]
            start = end
        all_lines += lines[start:]
        all_rows += rows[start:]
        return all_lines, all_rows

    def _with_graphs(self, rows: list[Row]) -> list[Row]:
        """The rows of one statement, with those of the derived graphs, in the order of their lines."""
        subject, predicate, value, first = rows[0]
        graphs = {row[3] for row in rows}
        added: list[bytes] = []
        if first and self._is_default(rows):
            added.append(b"")
        if self._admission.metadata not in graphs and self._stated not in graphs:
            added.append(self._stated if any(map(self._is_stated, rows)) else self._other)
        if not added:
            return rows
        found = [*rows, *((subject, predicate, value, graph) for graph in added)]
        found.sort(key=_GRAPH)  # as their lines are sorted: no name of a graph begins with another, and none is first
        return found

    def _is_default(self, rows: list[Row]) -> bool:
        entering = [row for row in rows if self._enters(row)]  # each is asked: a plan is noted where it enters
        self.facts += any(row[3] in self._claims for row in entering)
        return bool(entering)

    def _enters(self, row: Row) -> bool:
        subject, predicate, value, graph = row
        admission = self._admission
        if graph == admission.register:
            is_mentioned = predicate in NAMES and subject in self._seen.mentioned
            return is_mentioned or (predicate == _LABEL and subject in self._seen.marked)
        if graph == admission.ontology:
            return _is_named(predicate, value)
        if graph == admission.metadata:
            return predicate in MARKS and subject in admission.tied
        if not admission.is_fact(subject, value, graph):
            return False
        if graph in admission.plans and (subject in admission.pending or value in admission.pending):
            self._entered.add(graph)
        return True

    def _is_stated(self, row: Row) -> bool:
        if row[3] == self._admission.register:
            return row[1] in NAMES
        if row[3] == self._admission.ontology:
            return _is_named(row[1], row[2])
        return row[3] in self._admission.stated

    def withheld(self) -> dict[bytes, str]:
        """Why each other claim stayed out of the default graph, once all lines have passed."""
        idle = "plan-without-pending-thing"
        found = dict(self._admission.withheld)
        for claim in self._admission.plans - self._entered:
            found[claim] = min(found.get(claim, idle), idle)
        return found

    def reasons(self) -> dict[str, int]:
        """How many claims each reason kept out."""
        return dict(sorted(Counter(self.withheld().values()).items()))


def _is_named(predicate: bytes, value: bytes) -> bool:
    """Whether a statement of the vocabulary names a term, places it, or ties two concepts."""
    return predicate in TERMS or (predicate in _MATCHES and _CONCEPT.match(value) is not None)


def _line(row: Row) -> bytes:
    return b"%s %s %s %s .\n" % row if row[3] else b"%s %s %s .\n" % row[:3]


def _last_statement(rows: list[Row]) -> int:
    """Where the lines of the last statement begin: more of its graphs may follow."""
    return _first_of(rows, len(rows) - 1)


def _first_of(rows: list[Row], at: int) -> int:
    """Where the lines of a statement begin: one for each of its graphs."""
    while at and _are_one(rows[at - 1], rows[at]):
        at -= 1
    return at


def _after(rows: list[Row], at: int) -> int:
    """Where the lines of a statement have ended, of which one is at a place."""
    end = at + 1
    while end < len(rows) and _are_one(rows[end], rows[at]):
        end += 1
    return end


def _are_one(row: Row, other: Row) -> bool:
    """Whether two rows are of one statement; mostly their values tell them apart."""
    return row[2] == other[2] and row[0] == other[0] and row[1] == other[1]
