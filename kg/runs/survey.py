"""What the derived graphs need to know of all lines before the sorted ones pass: a reading of all that was taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.rdf.rows import ROW, Property
from kg.runs.default import Admission
from kg.terms import ZEL

TOPIC: Final = f"<{ZEL}topic>".encode()
_ABOUT: Final = Property(f"<{ZEL}about>".encode())


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found."""

    mentioned: frozenset[bytes]
    """The things of the register that facts speak of."""
    marked: frozenset[bytes]
    """Those that claims are about which contradict another, or are contradicted."""
    facts: tuple[bytes, ...]
    """Dates, places and topics that facts lead to, as the beginnings of lines: subject, predicate and value."""
    stated: tuple[bytes, ...]
    """Likewise those that any claim leads to that is not rejected."""

    def lines(self, graph: bytes) -> Iterator[bytes]:
        """Both as lines: facts of the default graph, and what is stated in a `graph`."""
        if self.facts:
            yield b"".join([b"%s .\n" % triple for triple in self.facts])
        if self.stated:
            yield b"".join([b"%s %s .\n" % (triple, graph) for triple in self.stated])


def survey(admission: Admission, blocks: Callable[[], Iterable[bytes]]) -> Survey:
    """Read all lines, in any order; nothing is read where there is nothing to find."""
    seeker = _Seeker(admission)
    for block in blocks() if seeker.seeks else ():
        seeker.take(block)
    return seeker.found()


class _Seeker:
    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        facts = admission.whole | admission.plans
        # What the names of all these graphs begin with: most lines are of other graphs.
        self._needle = b" " + _common(facts) if facts and admission.entities else b""
        self._is_tied = bool(admission.tied and admission.entities)
        self._paths = [Property(name) for name in admission.paths]
        self.seeks = bool(self._needle or self._is_tied or self._paths)
        self._mentioned: set[bytes] = set()
        self._marked: set[bytes] = set()
        self._facts: dict[bytes, None] = {}
        self._stated: dict[bytes, None] = {}
        self._events = {event for _, event, _ in admission.occasions}
        self._of_events: dict[bytes, list[tuple[bytes, bytes, bool, bool]]] = defaultdict(list)
        """Dates and places of events at which something was signed or announced: whether facts, whether stated."""

    def take(self, block: bytes) -> None:
        """Look through some whole lines."""
        if self._needle:
            needle = self._needle
            lines = b"".join(line for line in block.splitlines(keepends=True) if needle in line)
            for subject, _, value, graph in ROW.findall(lines):
                if self._admission.is_fact(subject, value, graph):
                    self._mentioned.update((subject, value))
        if self._is_tied:
            self._marked.update(row[2] for row in _ABOUT.rows(block) if row[0] in self._admission.tied)
        for of in self._paths:
            for subject, name, value, graph in of.rows(block):
                self._lead(subject, self._admission.paths[name], value, graph)

    def _lead(self, subject: bytes, paths: tuple[bytes, ...], value: bytes, graph: bytes) -> None:
        is_fact, is_stated = self._admission.is_fact(subject, value, graph), graph in self._admission.stated
        if is_fact or is_stated:
            for path in paths:
                self._add(b"%s %s %s" % (subject, path, value), is_fact=is_fact, is_stated=is_stated)
                if subject in self._events and path != TOPIC:
                    self._of_events[subject].append((path, value, is_fact, is_stated))

    def _add(self, triple: bytes, *, is_fact: bool, is_stated: bool) -> None:
        if is_fact:
            self._facts[triple] = None
        if is_stated:
            self._stated[triple] = None

    def found(self) -> Survey:
        """What all lines gave."""
        for thing, event, graph in self._admission.occasions:
            is_fact, is_stated = self._admission.is_fact(thing, event, graph), graph in self._admission.stated
            for path, value, fact, stated in self._of_events.get(event, ()):
                triple = b"%s %s %s" % (thing, path, value)
                self._add(triple, is_fact=is_fact and fact, is_stated=is_stated and stated)
        entities = self._admission.entities
        return Survey(entities & self._mentioned, entities & self._marked, tuple(self._facts), tuple(self._stated))


def _common(names: frozenset[bytes]) -> bytes:
    """What all names begin with.

    >>> _common(frozenset({b"abc", b"abd", b"ac"}))
    b'a'
    """
    first, last = min(names), max(names)
    end = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:end]
