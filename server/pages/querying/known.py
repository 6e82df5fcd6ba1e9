"""Answers that were given are kept for a while: who turns a page, sorts or counts asks the same query again.

A release never changes, so neither does its answer, unless the query asks for what is another each time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

from kg.errors import Problem
from server.engine.evaluation import Request
from server.http.keeping import keeps
from server.pages.querying.arranging import Table
from server.pages.querying.drawn.columns import NOTHING_SUITS, Suited
from server.releases import Release

ANSWERS: Final = "zellige-answers"
_ALL: Final = 4_000_000
"""Bytes of answers that are kept, with their queries; what was made of them is some ten times as large."""
_LARGEST: Final = 400_000
"""Bytes of one of them."""

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Told:
    """What an engine told, before a page arranges it."""

    warnings: tuple[Problem, ...]
    milliseconds: int
    """The time from the question to the answer."""
    verdict: bool | None = None
    """Of an ASK query."""
    table: Table | None = None
    """Of all others."""
    suited: Suited = NOTHING_SUITS
    """What its columns can be drawn as."""
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The parts of the dates of its columns."""


class AnswersKept:
    """What was told of the release that is served; emptied when it is full. Safe to be used by many threads."""

    def __init__(self, most: int = _ALL, largest: int = _LARGEST) -> None:
        self._lock = threading.Lock()
        self._most, self._largest = most, largest
        self._release: Release | None = None
        self._known: dict[tuple[str, Request], object] = {}
        self._size = 0

    def of(self, release: Release, kind: str, asked: Request, tell: Callable[[], tuple[V, int]]) -> V:
        """What a query is answered with; `tell` gives it, and the bytes that it came in. Errors are not kept.

        `kind` tells apart what is made of the same answer. Two threads that ask the same at once may both be told.
        """
        if not keeps(asked.text):
            return tell()[0]
        key = (kind, asked)
        with self._lock:
            if release is not self._release:
                self._release, self._known, self._size = release, {}, 0
            elif key in self._known:
                return cast("V", self._known[key])
        found, size = tell()
        size += len(asked.text)
        if size <= self._largest:
            self._keep(release, key, found, size)
        return found

    def _keep(self, release: Release, key: tuple[str, Request], found: object, size: int) -> None:
        with self._lock:
            if release is not self._release or key in self._known:
                return
            if self._size + size > self._most:
                self._known, self._size = {}, 0
            self._known[key] = found
            self._size += size
