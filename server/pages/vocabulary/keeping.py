"""What is read of a release once, for it never changes: its terms, the trees of its index, and its figures."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from server.pages.language import order
from server.pages.survey import Survey
from server.pages.vocabulary.hierarchy import Line, tree
from server.pages.vocabulary.kinds import KINDS
from server.pages.vocabulary.terms import Vocabulary, read_terms
from server.pages.vocabulary.uses import Figures, count
from server.releases import Release

VOCABULARY: Final = "zellige-vocabulary"

Lines = tuple[tuple[str, tuple[Line, ...]], ...]
"""The trees of an index: each kind of terms that there are, with its lines."""


@dataclass
class _Shelf:
    """What is kept of one release."""

    release: Release
    vocabulary: Vocabulary | None = None
    lines: dict[str, Lines] = field(default_factory=dict)


class Kept:
    """Reads the vocabulary of the release that is served, once. Safe to be called by many threads.

    Terms are read under a lock: all that wait want the same. Uses are counted by one thread; the others do not wait.
    """

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._figures = Survey[Figures]("the uses of terms")
        self._shelf: _Shelf | None = None

    def vocabulary(self, release: Release) -> Vocabulary:
        """The terms of a release."""
        with self._reading:
            shelf = self._of(release)
            if shelf.vocabulary is None:
                shelf.vocabulary = read_terms(release)
            return shelf.vocabulary

    def lines(self, release: Release, language: str) -> Lines:
        """The trees of the index in a language."""
        vocabulary = self.vocabulary(release)
        with self._reading:
            shelf = self._of(release)
            if language not in shelf.lines:
                trees = ((kind, tree(vocabulary, (kind,), order(language))) for kind in KINDS)
                shelf.lines[language] = tuple((kind, lines) for kind, lines in trees if lines)
            return shelf.lines[language]

    def figures(self, release: Release) -> Figures | None:
        """How much the terms are used; None while another thread counts, and for a while after a failure."""
        return self._figures.of(release, lambda: count(release))

    def _of(self, release: Release) -> _Shelf:
        if self._shelf is None or self._shelf.release is not release:
            self._shelf = _Shelf(release)
        return self._shelf
