"""Which findings of the shapes in what is sound of a project are true, whatever is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kg import shacl
from kg.errors import Problem
from kg.records import LeftOut
from kg.shacl.report import SH, Result
from kg.terms import SHAPE, Minter
from kg.vocabulary import Vocabulary


def _components(*names: str) -> frozenset[str]:
    return frozenset(f"{SH}{name}ConstraintComponent" for name in names)


_FAR: Final = _components("SPARQL", "Node", "Not", "And", "Or", "Xone", "QualifiedMinCount", "Property")
"""Constraints that may look at anything, however far from their focus node."""
_CLASS: Final = _components("Class")
_WANTING: Final = _components("MinCount", "HasValue", "Equals")
"""Constraints that more statements can satisfy."""
_MARK: Final = "it may follow from what is left out: mend the other faults first"
Origins = Callable[[Result], Collection[str]]


@dataclass(slots=True)
class Rest:
    """What was proved without what is left out.

    To leave statements out makes new findings: a label that is missing, a class that nobody tells, a status that would
    have kept a plan out of the default graph. A claim that is left out, or a file, can do so only if it names what the
    finding is about and, by its key, the kind of statement. Of claims themselves nothing is said but where they stand.
    """

    mint: Minter
    vocabulary: Vocabulary
    left: LeftOut
    without: Sequence[str]
    """What is left out beside claims, in words: of that, nobody knows what it names."""
    hidden: int = field(default=0, init=False)

    def told(self, report: shacl.Report, problems: Sequence[Problem], origins: Origins) -> list[Problem]:
        """The violations that are true, and those that may be, marked so; the others are counted.

        Of claims, the packaged shapes look at nothing but claims, and what carries them.
        """
        told: list[Problem] = []
        violations = set(map(id, report.violations))
        for result, problem in zip(report.results, problems, strict=True):
            if id(result) not in violations:
                continue
            if self._may_follow(result, origins):
                self.hidden += 1
            else:
                is_known = result.focus.startswith(self.mint.claim("")) and (result.shape or "").startswith(SHAPE)
                told.append(replace(problem, hint=_MARK) if _is_far(result) and not is_known else problem)
        return told

    def _may_follow(self, result: Result, origins: Origins) -> bool:
        """Whether what is left out may be the reason of a finding."""
        names = frozenset(self._names(result))
        if not self.left.things.isdisjoint(names):
            return True
        claims = {iri.removeprefix(self.mint.claim("")) for iri in origins(result)}
        if any("contradicts" in words and not claims.isdisjoint(words) for words in self.left.words):
            return True
        is_of_things = not result.focus.startswith(self.mint.claim(""))
        if self.without and is_of_things and (result.component in _CLASS | _WANTING or _is_far(result)):
            return True
        keys = self._keys(result, is_of_things=is_of_things)
        return any(
            not names.isdisjoint(words) and (keys is None or not keys.isdisjoint(words)) for words in self.left.words
        )

    def _keys(self, result: Result, *, is_of_things: bool) -> frozenset[str] | None:
        """By which keys a claim must speak of a thing to be the reason of a finding about it; None for any."""
        if result.component in _CLASS:
            return frozenset({"type"})
        if not is_of_things:
            return frozenset()
        if _is_far(result):
            return None
        if result.component not in _WANTING:
            return frozenset({"lifecycleStatus"})
        below = {term.parent for term in self.vocabulary.properties.values()}
        return None if result.path is None or result.path in below else frozenset({_local(result.path)})

    def _names(self, result: Result) -> Iterator[str]:
        """What a finding is about, by the names that the files of the project have for it."""
        value = result.value or ""
        yield _local(result.focus.partition("#")[0] if result.focus.startswith(self.mint.base) else result.focus)
        if value.startswith(self.mint.base):
            yield _local(value)

    def __str__(self) -> str:
        """What the shapes were proved without; nothing, where they saw all there is."""
        left = self.left
        parts = [f"{left.number} {'claim' if left.number == 1 else 'claims'}"] if left.number else []
        if left.files:
            parts.append(f"{len(left.files)} {'file' if len(left.files) == 1 else 'files'} that cannot be read")
        if left.things:
            parts.append(f"{len(left.things)} of the documents and things")
        parts += self.without
        if not parts:
            return ""
        what = f"the shapes were proved without {_listed(parts)}, of which something is wrong"
        if self.hidden:
            what += f"; {self.hidden} of their findings may follow from that alone, and {_are(self.hidden)} not told"
        return what


def _listed(parts: Sequence[str]) -> str:
    """Parts of a sentence.

    >>> _listed(["a"]), _listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _is_far(result: Result) -> bool:
    return result.component in _FAR or bool(result.details) or " " in (result.path or "")


def _local(iri: str) -> str:
    """The last part of an IRI.

    >>> _local("https://example.org/port/id/quay")
    'quay'
    """
    return re.split("[/#]", iri)[-1]
