"""The default graph, derived from lines as they pass: what `ontology/default-graph.rq` says, without a store.

The published rule stays the truth. This is run only where the rule is the one that it was written after, which its hash
tells (`RULE`); a test holds the two together. `Scan` learns from all lines, in any order, which claims are admitted and
what is pending; `Derivation` then gives the triples of the default graph while sorted lines pass.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.rdf.rows import ROW, Row
from kg.terms import SCHEME, ZEL, Minter, expand

RULE: Final = "349bbc3c9e1a184f2ce7c99c247740aada81fd64530796fd1fc83e62d5af8369"
"""The SHA-256 of the rule that this module does."""
_TYPE: Final = f"<{expand('rdf:type')}>".encode()
_LABELS: Final = frozenset(
    f"<{expand(name)}>".encode()
    for name in ("rdf:type", "rdfs:label", "owl:sameAs", "skos:exactMatch", "skos:closeMatch")
)
_PENDING_KINDS: Final = frozenset(f"<{ZEL}{name}>".encode() for name in ("Target", "Goal", "Measure", "Announcement"))
_FINAL: Final = frozenset(f"<{SCHEME}status/{name}>".encode() for name in ("done", "active", "in-force"))
_WHOLE: Final = frozenset(f"<{SCHEME}modality/{name}>".encode() for name in ("done", "allocated"))
_PLANS: Final = frozenset(f"<{SCHEME}modality/{name}>".encode() for name in ("announced", "planned", "target"))
_CLAIMED: Final = f"<{SCHEME}modality/claimed>".encode()
_REVIEWED: Final = f"<{SCHEME}review/reviewed>".encode()
_CLAIM: Final = f"<{ZEL}Claim>".encode()
_WATCHED: Final = ("reviewStatus", "modality", "contradicts", "lifecycleStatus", "targetQuantity")
_LEARNT: Final = re.compile(
    rb"(?m)^(<[^>]*+>|_:\S++) (<(?:"
    + re.escape(ZEL).encode()
    + rb"(?:" + "|".join(_WATCHED).encode() + rb")|" + re.escape(expand("rdf:type")).encode() + rb")>) "
    rb'(<[^>]*+>|_:\S++|"(?:[^"\\]++|\\.)*+"(?:@[A-Za-z0-9-]++|\^\^<[^>]*+>)?+)(?: (<[^>]*+>|_:\S++))?+ \.$'
)  # fmt: skip
_TO_THE_LAST_SLASH: Final = re.compile("^.*/")


_CONTRADICTS: Final = f"<{ZEL}contradicts>".encode()
_QUANTITY: Final = f"<{ZEL}targetQuantity>".encode()
_STATUS: Final = f"<{ZEL}lifecycleStatus>".encode()
_REVIEW: Final = f"<{ZEL}reviewStatus>".encode()
_MODALITY: Final = f"<{ZEL}modality>".encode()
_State = frozenset[tuple[bytes, bytes]]
"""What is told of a claim: predicates and values."""


class Scan:
    """Learns from the lines of claims what decides about the default graph; very many claims say the same."""

    def __init__(self, base: str) -> None:
        self._metadata = f"<{Minter(base).graph('claims')}>".encode()
        self._register = f"<{Minter(base).graph('entities')}>".encode()
        self._told: dict[bytes, _State] = {}
        self._next: dict[tuple[_State, tuple[bytes, bytes]], _State] = {}
        self._against: list[tuple[bytes, bytes]] = []
        self._pending: set[bytes] = set()
        self._unfinished: list[tuple[bytes, bytes]] = []
        self._entities: set[bytes] = set()

    def __call__(self, block: bytes) -> None:
        """Take some whole lines."""
        for subject, predicate, value, graph in _LEARNT.findall(block):
            if graph == self._metadata:
                self._tell(subject, predicate, value)
            if graph and predicate == _TYPE and value in _PENDING_KINDS:
                self._pending.add(subject)
            elif graph and predicate == _QUANTITY:
                self._pending.add(value)
            elif graph and predicate == _STATUS and value not in _FINAL:
                self._unfinished.append((graph, subject))
        ending = b" " + self._register + b" .\n"
        if ending in block:
            lines = (line for line in block.splitlines(keepends=True) if line.endswith(ending))
            self._entities.update(line[: line.index(b" ")] for line in lines)

    def _tell(self, claim: bytes, predicate: bytes, value: bytes) -> None:
        if predicate == _CONTRADICTS:
            self._against.append((claim, value))
        elif predicate in (_REVIEW, _MODALITY) or (predicate, value) == (_TYPE, _CLAIM):
            before = self._told.get(claim, frozenset())
            step = (before, (predicate, value))
            after = self._next.get(step)
            if after is None:
                after = self._next[step] = before | {step[1]}
            self._told[claim] = after

    def close(self) -> Admission:
        """What follows from all lines, which is what the steps `admitted` and `pending` find."""
        reviewed = {claim for claim, told in self._told.items() if (_REVIEW, _REVIEWED) in told}
        ties = [(one, other) for one, other in self._against if one != other]
        opposed = {one for one, other in ties if other in reviewed} | {other for one, other in ties if one in reviewed}
        ways: dict[bytes, _State] = {
            claim: self._told[claim] for claim in reviewed if claim not in opposed and _modalities(self._told[claim])
        }
        own = {claim for claim, told in ways.items() if _modalities(told) - {_CLAIMED}}
        pending = self._pending.union(thing for graph, thing in self._unfinished if graph in own)
        withheld = {
            claim: reason
            for claim, told in self._told.items()
            if (reason := _reason(told, is_admitted=claim in ways)) is not None
        }
        return Admission(
            whole=frozenset(claim for claim, told in ways.items() if _modalities(told) & _WHOLE),
            plans=frozenset(claim for claim, told in ways.items() if _modalities(told) & _PLANS),
            pending=frozenset(pending),
            entities=frozenset(self._entities),
            register=self._register,
            withheld=withheld,
        )


def _modalities(told: _State) -> frozenset[bytes]:
    return frozenset(value for predicate, value in told if predicate == _MODALITY)


def _reason(told: _State, *, is_admitted: bool) -> str | None:
    """Why a claim is withheld, plans apart; the first reason in the order of the alphabet, as the rule has it."""
    if is_admitted:
        return "claimed" if (_MODALITY, _CLAIMED) in told else None
    if (_TYPE, _CLAIM) not in told:
        return None
    statuses = [value for predicate, value in told if predicate == _REVIEW]
    if _REVIEWED in statuses:
        return "contradicted" if _modalities(told) else None
    return min((_last_part(value) for value in statuses), default="no-review-status")


def _last_part(status: bytes) -> str:
    (triple,) = ox.parse(b"<urn:s> <urn:p> " + status + b" .", ox.RdfFormat.N_TRIPLES)
    if isinstance(triple.object, ox.NamedNode | ox.Literal):
        return _TO_THE_LAST_SLASH.sub("", triple.object.value)
    return "no-review-status"


@dataclass(frozen=True, slots=True)
class Admission:
    """Which claims enter the default graph, whole or as plans, and what is pending; terms as N-Quads writes them."""

    whole: frozenset[bytes]
    plans: frozenset[bytes]
    pending: frozenset[bytes]
    entities: frozenset[bytes]
    """What the editors' register speaks of."""
    register: bytes
    withheld: Mapping[bytes, str]
    """The reason by claim; plans of which nothing enters come to it."""

    def is_fact(self, subject: bytes, value: bytes, graph: bytes) -> bool:
        """Whether a statement of a graph enters."""
        return graph in self.whole or (graph in self.plans and (subject in self.pending or value in self.pending))

    def mentioned(self, blocks: Callable[[], Iterable[bytes]]) -> frozenset[bytes]:
        """The entities of the register that facts mention; nothing is read where there are none."""
        if not self.entities or not (self.whole or self.plans):
            return frozenset()
        # What the names of all these graphs begin with: most lines are of other graphs.
        needle = b" " + _common(self.whole | self.plans)
        found: set[bytes] = set()
        for block in blocks():
            lines = b"".join(line for line in block.splitlines(keepends=True) if needle in line)
            for subject, _, value, graph in ROW.findall(lines):
                if self.is_fact(subject, value, graph):
                    found.update((subject, value))
        return self.entities & found


def _common(names: frozenset[bytes]) -> bytes:
    """What all names begin with.

    >>> _common(frozenset({b"abc", b"abd", b"ac"}))
    b'a'
    """
    first, last = min(names), max(names)
    end = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:end]


class Derivation:
    """Adds the triples of the default graph to the sorted lines that pass: each stands before those it follows from.

    A statement `s p o <graph> .` comes right after `s p o .` in the order of bytes, so nothing is sorted again.
    """

    def __init__(self, admission: Admission, mentioned: frozenset[bytes]) -> None:
        self._admission, self._mentioned = admission, mentioned
        self._graphs = admission.whole | admission.plans
        if mentioned:
            self._graphs |= {admission.register}
        self._entered: set[bytes] = set()
        self.triples = 0

    def __call__(self, blocks: Iterable[list[bytes]]) -> Iterator[tuple[list[bytes], list[Row]]]:
        """The lines with those of the default graph, and the same as rows."""
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

    def _derived(self, lines: list[bytes], rows: list[Row]) -> tuple[list[bytes], list[Row]]:
        graphs = self._graphs
        entering = dict.fromkeys(
            _first_of(rows, at) for at, row in enumerate(rows) if row[3] in graphs and self._enters(row)
        )
        if not entering:
            return lines, rows
        all_lines: list[bytes] = []
        all_rows: list[Row] = []
        start = 0
        for at in entering:
            subject, predicate, value, graph = rows[at]
            all_lines += lines[start:at]
            all_rows += rows[start:at]
            if graph:
                all_lines.append(b"%s %s %s .\n" % (subject, predicate, value))
                all_rows.append((subject, predicate, value, b""))
                self.triples += 1
            start = at
        all_lines += lines[start:]
        all_rows += rows[start:]
        return all_lines, all_rows

    def _enters(self, row: Row) -> bool:
        subject, predicate, value, graph = row
        if graph == self._admission.register:
            return predicate in _LABELS and subject in self._mentioned
        if not self._admission.is_fact(subject, value, graph):
            return False
        if graph in self._admission.plans and (subject in self._admission.pending or value in self._admission.pending):
            self._entered.add(graph)
        return True

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


def _last_statement(rows: list[Row]) -> int:
    """Where the lines of the last statement begin: more of its graphs may follow."""
    return _first_of(rows, len(rows) - 1)


def _first_of(rows: list[Row], at: int) -> int:
    """Where the lines of a statement begin: one for each of its graphs."""
    subject, predicate, value, _ = rows[at]
    while at and rows[at - 1][:3] == (subject, predicate, value):
        at -= 1
    return at
