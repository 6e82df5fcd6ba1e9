"""The first screens of the home page as a frozen view, which is read once for each release and language."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import Triple

from kg.errors import KgError
from server.discovery.dataset import ShownExample, read_examples
from server.lookup import Label, Row
from server.pages.language import order
from server.pages.opening.disputes import Dispute, all_disputes, read_disputes
from server.pages.opening.news import News, read_news
from server.pages.opening.questions import Answered, Rows, ask_all, chosen, in_words, own_examples
from server.pages.opening.wording import worded, words_of
from server.releases import Release

OPENINGS: Final = "zellige-openings"
_AGAIN: Final = 60.0
"""After so many seconds questions that were not answered in time are asked again."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a home page begins with."""

    questions: tuple[Answered, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    all_disputes: str = ""
    """The query for all of them; empty where there is none."""
    news: News | None = None
    labels: Mapping[str, Label] = field(default_factory=dict)
    """Words for everything that it names."""
    quotes: Mapping[str, Label] = field(default_factory=dict)
    """The words of the sources, by the claims of the disputes that have any."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What does not depend on the language."""

    release: Release
    rows: Mapping[str, Rows]
    disputes: tuple[Dispute, ...]
    news: News | None
    until: float
    """When it is read again, of the monotonic clock."""
    views: Mapping[str, Opening] = field(default_factory=dict)
    """By language."""


class Openings:
    """Reads the opening of the home page of a release once, for it never changes. Safe to be called by many threads.

    Questions run as strangers' queries do, within limits; one thread asks them at a time, and the others do not wait:
    their pages have none.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._read: _Read | None = None

    def of(self, release: Release, language: str, described: Callable[[], Iterable[Triple]]) -> Opening:
        """The opening in one language; an empty one while another thread reads it.

        `described` gives the description of the release, which holds its examples; it is asked when they are needed.
        """
        if (ready := self._ready(release)) is not None and language in ready.views:
            return ready.views[language]
        if not self._lock.acquire(blocking=False):
            return Opening()
        try:
            examples = own_examples(read_examples(described(), order(language)), release.base)
            read = self._ready(release) or self._begin(release, examples)
            view = _view(read, examples, language)
            self._read = replace(read, views=MappingProxyType({**read.views, language: view}))
        except KgError as error:
            _LOG.warning("the home page of the release %s has no opening: %s", release.id, error)
            return Opening()
        else:
            return view
        finally:
            self._lock.release()

    def _ready(self, release: Release) -> _Read | None:
        read = self._read
        return read if read is not None and read.release is release and self._clock() < read.until else None

    def _begin(self, release: Release, examples: Iterable[ShownExample]) -> _Read:
        rows = ask_all(release, examples)
        late = any(found.columns is None for found in rows.values())
        until = self._clock() + _AGAIN if late else math.inf
        disputes = read_disputes(release) if release.has_claims else ()
        return _Read(release, MappingProxyType(rows), disputes, read_news(release), until)


def _view(read: _Read, examples: Iterable[ShownExample], language: str) -> Opening:
    shown = [(it, read.rows.get(it.text, Rows(None))) for it in examples]
    picked: list[tuple[ShownExample, Rows, list[Row]]] = [(it, rows, chosen(rows, language)) for it, rows in shown]
    named = {term.name for _, _, rows in picked for row in rows for term in row.values() if term.kind != "literal"}
    named.update(name for dispute in read.disputes for side in dispute.sides for name in side.named)
    named.update(read.news.first if read.news else ())
    said = worded(read.release, named, order(language))
    claims = {side.claim for dispute in read.disputes for side in dispute.sides}
    quotes = {claim: words_of(read.release, claim, order(language)) for claim in claims}
    return Opening(
        tuple(_answered(it, rows, best, said) for it, rows, best in picked),
        read.disputes,
        all_disputes(read.release) if read.disputes else "",
        read.news,
        said,
        MappingProxyType({claim: quote for claim, quote in quotes.items() if quote}),
    )


def _answered(example: ShownExample, found: Rows, best: Iterable[Row], said: Mapping[str, Label]) -> Answered:
    answers = tuple(in_words(row, found.columns or (), said) for row in best)
    return Answered(example.question, example.text, answers, found.verdict, found.columns is None)
