"""Terms as a tree in lines: what stands below a term follows it, one step further in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from server.lookup import Label
from server.pages.vocabulary.terms import Entry, Vocabulary

_LONGEST: Final = 120
"""Characters of a label that a line has."""


@dataclass(frozen=True, slots=True)
class Line:
    """A term in a tree."""

    iri: str
    label: Label
    depth: int
    step: int
    """How much further in the next line stands; of the last line, how far out the tree ends."""
    deprecated: bool = False


def tree(vocabulary: Vocabulary, kinds: Iterable[str], order: Sequence[str]) -> tuple[Line, ...]:
    """All terms of some kinds, each once, below the first of its superterms and by the names in the first language."""
    wanted = frozenset(kinds)
    entries = {iri: entry for iri, entry in vocabulary.entries.items() if entry.kind in wanted}
    labels = {iri: _short(entry.label(order)) for iri, entry in entries.items()}
    parents = {iri: _parent(entry, entries) for iri, entry in entries.items()}
    below: dict[str | None, list[str]] = {}
    for iri in sorted(entries, key=lambda iri: (labels[iri].text.casefold(), iri)):
        below.setdefault(parents[iri], []).append(iri)
    found = dict(_walk(below, below.get(None, ())))
    for iri in entries:  # of a circle, which has no top, any is the first
        if iri not in found:
            found.update(_walk(below, (iri,), frozenset(found)))
    return stepped(Line(iri, labels[iri], depth, 0, entries[iri].deprecated) for iri, depth in found.items())


def _short(label: Label) -> Label:
    """A label that a line can hold; the page of the term has it whole."""
    return label if len(label.text) <= _LONGEST else Label(f"{label.text[:_LONGEST]}…", label.language)


def _parent(entry: Entry, entries: Mapping[str, Entry]) -> str | None:
    return next((iri for iri in entry.above if iri in entries and iri != entry.iri), None)


def _walk(
    below: Mapping[str | None, Sequence[str]], tops: Iterable[str], known: frozenset[str] = frozenset()
) -> Iterator[tuple[str, int]]:
    seen = set(known)
    waiting = [(iri, 0) for iri in reversed(tuple(tops))]
    while waiting:
        iri, depth = waiting.pop()
        if iri not in seen:
            seen.add(iri)
            yield iri, depth
            waiting += ((child, depth + 1) for child in reversed(below.get(iri, ())))


def stepped(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines that follow each other on a page, which may begin in the middle of a tree.

    >>> a, b = Line("urn:a", Label("a"), 3, 0), Line("urn:b", Label("b"), 5, 0)
    >>> [(line.depth, line.step) for line in stepped([a, b])]
    [(0, 1), (1, -1)]
    """
    depths: list[int] = []
    kept = tuple(lines)
    for line in kept:
        depths.append(min(line.depth, depths[-1] + 1) if depths else 0)
    steps = [after - here for here, after in zip(depths, [*depths[1:], 0], strict=True)] if depths else []
    return tuple(replace(line, depth=depth, step=step) for line, depth, step in zip(kept, depths, steps, strict=True))
