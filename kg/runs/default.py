"""Which claims enter the derived graphs, learnt from lines as they pass: what `ontology/core/default-graph.rq` says.

The published rule stays the truth. This is run only where the rule is the one that it was written after, which the
hash of its pattern tells (`RULE`), with the lists that the rule has; a test holds the two together. `Scan` learns from
all lines, in any order, which claims are admitted and what is pending; `kg.runs.survey` then finds what they mention,
and `kg.runs.derivation` gives the triples of the derived graphs while sorted lines pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.rdf.rows import Row
from kg.terms import SCHEME, ZEL, Minter, expand
from kg.vocabulary import Pending

RULE: Final = "e4df15ffda3454992aa31dc47b833713d9451d050c2348d7519f4474ebcfca9b"
"""The SHA-256 of the pattern of the rule that this module does."""
_TYPE: Final = f"<{expand('rdf:type')}>".encode()
_FINAL: Final = frozenset(f"<{SCHEME}status/{name}>".encode() for name in ("done", "active", "in-force"))
_WHOLE: Final = frozenset(f"<{SCHEME}modality/{name}>".encode() for name in ("done", "allocated"))
_PLANS: Final = frozenset(f"<{SCHEME}modality/{name}>".encode() for name in ("announced", "planned", "target"))
_CLAIMED: Final = f"<{SCHEME}modality/claimed>".encode()
_REJECTED: Final = f"<{SCHEME}review/rejected>".encode()
_REVIEWED: Final = f"<{SCHEME}review/reviewed>".encode()
_CLAIM: Final = f"<{ZEL}Claim>".encode()
_PATHS: Final = frozenset(f"<{ZEL}{name}>".encode() for name in ("date", "place", "topic"))
_BELOW: Final = f"<{expand('rdfs:subPropertyOf')}>".encode()
_TO_THE_LAST_SLASH: Final = re.compile("^.*/")


_CONTRADICTS: Final = f"<{ZEL}contradicts>".encode()
_STATUS: Final = f"<{ZEL}lifecycleStatus>".encode()
_REVIEW: Final = f"<{ZEL}reviewStatus>".encode()
_MODALITY: Final = f"<{ZEL}modality>".encode()
_State = frozenset[tuple[bytes, bytes]]
"""What is told of a claim: predicates and values."""
Occasion = tuple[bytes, bytes, bytes]
"""A thing, the event at which it was signed or announced, and the graph that says so."""


class Scan:
    """Learns from the lines of claims what decides about the default graph; very many claims say the same."""

    def __init__(self, base: str, lists: Pending) -> None:
        self._kinds, self._leads, self._ats = (
            frozenset(f"<{iri}>".encode() for iri in some) for some in (lists.classes, lists.leads, lists.occasions)
        )
        # Very many lines name a type, and few of these decide anything.
        self._learnt = {_REVIEW, _MODALITY, _CONTRADICTS, _STATUS, _BELOW, *self._leads, *self._ats}
        self._types = self._kinds | {_CLAIM}
        self._metadata = f"<{Minter(base).graph('claims')}>".encode()
        self._register = f"<{Minter(base).graph('entities')}>".encode()
        self._ontology = f"<{Minter(base).graph('ontology')}>".encode()
        self._told: dict[bytes, _State] = {}
        self._next: dict[tuple[_State, tuple[bytes, bytes]], _State] = {}
        self._against: list[tuple[bytes, bytes]] = []
        self._pending: set[bytes] = set()
        self._unfinished: list[tuple[bytes, bytes]] = []
        self._entities: set[bytes] = set()
        self._paths: dict[bytes, set[bytes]] = {}
        self._occasions: list[Occasion] = []

    def __call__(self, rows: Sequence[Row]) -> None:
        """Take some rows."""
        learnt, types = self._learnt, self._types
        watched = [row for row in rows if row[1] in learnt or (row[1] == _TYPE and row[2] in types)]
        for subject, predicate, value, graph in watched:
            if graph == self._metadata:
                self._tell(subject, predicate, value)
            if graph and predicate == _TYPE and value in self._kinds:
                self._pending.add(subject)
            elif graph and predicate in self._leads and not value.startswith(b'"'):
                self._pending.add(value)
            elif graph and predicate == _STATUS and value not in _FINAL:
                self._unfinished.append((graph, subject))
            if graph and predicate in self._ats:
                self._occasions.append((subject, value, graph))
            elif predicate == _BELOW and value in _PATHS and graph == self._ontology:
                self._paths.setdefault(subject, set()).add(value)
        register = self._register
        self._entities.update([row[0] for row in rows if row[3] == register])

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
            stated=frozenset(claim for claim, told in self._told.items() if _is_stated(told)),
            tied=frozenset(claim for tie in ties for claim in tie),
            metadata=self._metadata,
            ontology=self._ontology,
            paths={name: tuple(sorted(paths)) for name, paths in self._paths.items()},
            occasions=tuple(self._occasions),
        )


def _is_stated(told: _State) -> bool:
    return (_TYPE, _CLAIM) in told and (_REVIEW, _REJECTED) not in told


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
    stated: frozenset[bytes]
    """All claims that are not rejected."""
    tied: frozenset[bytes]
    """Those that contradict another, and the others."""
    metadata: bytes
    """The graph of what is known of claims."""
    ontology: bytes
    paths: Mapping[bytes, tuple[bytes, ...]]
    """The one path to the date, the place or the topic of a thing, for each property that stands below it."""
    occasions: tuple[Occasion, ...] = ()

    def is_fact(self, subject: bytes, value: bytes, graph: bytes) -> bool:
        """Whether a statement of a graph enters."""
        return graph in self.whole or (graph in self.plans and (subject in self.pending or value in self.pending))
