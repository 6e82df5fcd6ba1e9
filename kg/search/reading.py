"""A text index that is read: by any number of threads, within a time, and never written."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

from kg.errors import DeadlineExceeded, ReleaseError
from kg.search.index import noted
from kg.search.questions import Question
from kg.search.words import skeleton
from kg.sparql.texts.model import Match

WEIGHTS: Final = (10.0, 4.0, 2.0, 1.0, 0.0)
"""What a word counts in a name, as a stem of one, in another text, and as a stem there; facets count nothing."""
SECONDS: Final = 2.0
"""How long one question may take."""
_STEPS: Final = 20_000
"""Steps of SQLite between two looks at the clock: about a millisecond."""
_RANKED: Final = "SELECT words.rowid AS id, bm25(words, {}) AS rank FROM words {} ORDER BY rank, id LIMIT ?"
_HITS: Final = (
    "SELECT thing.iri, link.iri, text.value, text.language, text.graphs, text.name, thing.types, found.rank FROM ({})"
    " AS found JOIN text ON text.id = found.id JOIN thing ON thing.id = text.thing"
    " JOIN term AS link ON link.id = text.link ORDER BY found.rank, found.id"
)
_COUNTED: Final = ", ".join(map(str, WEIGHTS))
_ANYWHERE: Final = _HITS.format(_RANKED.format(_COUNTED, "WHERE words MATCH ?"))
_IN_GRAPH: Final = _HITS.format(
    _RANKED.format(_COUNTED, "JOIN text ON text.id = words.rowid WHERE words MATCH ? AND instr(text.graphs, ?) > 0")
)
_TERM: Final = "SELECT iri FROM term WHERE id = ?"
_LINKS: Final = "SELECT iri, id FROM term WHERE link"
_SPELT: Final = "SELECT form, texts FROM spelling WHERE skeleton = ? ORDER BY texts DESC, form LIMIT 50"


@dataclass(frozen=True, slots=True)
class Hit(Match):
    """A text that was found, with what it is for its thing."""

    is_name: bool
    types: tuple[str, ...]
    """The classes of the thing."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits in their order, and whether there are more."""

    hits: tuple[Hit, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What hits must be beside what they say; nothing given leaves all."""

    links: tuple[str, ...] = ()
    """Properties, one of which states the text."""
    languages: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Classes, and with them those below."""
    graph: str | None = None
    """The one graph that states it; the default graph is the empty one."""
    names: bool = False
    """Whether only names count."""


ANY: Final = Narrowed()


class Index:
    """Answers questions from the index of a release."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        """:raises ReleaseError: if there is no index at `path`, or one that cannot be read"""
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._seconds = seconds
        self._own = threading.local()
        self.made_of: Mapping[str, str] = noted(path)
        """What it was made of, see `kg.search.index.made_of`."""
        if not self.made_of:
            raise ReleaseError("the release has no text index", hint="run kg build: it adds what is missing")
        self._links: Mapping[str, int] = dict(self._rows(_LINKS))

    def find(self, question: Question, limit: int, narrowed: Narrowed = ANY) -> Found:
        """The `limit` best hits, the best first; of equal ones, in the order of the lines of the release.

        :raises DeadlineExceeded: if it takes too long
        :raises ReleaseError: if the index cannot be read
        """
        facets = self._facets(narrowed)
        if facets is None:
            return Found((), more=False)
        matched = " AND ".join((f"({question.matched()})", *facets))
        if narrowed.graph is None:
            rows = self._rows(_ANYWHERE, matched, limit + 1)
        else:
            rows = self._rows(_IN_GRAPH, matched, f" {narrowed.graph} ", limit + 1)
        numbers = {number for row in rows for number in row[6].split()}
        types = {number: iri for number in numbers for (iri,) in self._rows(_TERM, int(number))}
        return Found(tuple(_hit(row, types) for row in rows[:limit]), len(rows) > limit)

    def states(self, link: str) -> bool:
        """Whether any text is stated by a property."""
        return link in self._links

    def respelt(self, question: Question) -> str:
        """The words of a question, those that no text has as the texts spell them; empty if there is none like them.

        :raises ReleaseError: if the index cannot be read
        """
        known = [dict(self._rows(_SPELT, skeleton(word.form))) for word in question.words]
        words = [
            word.form if not forms or word.form in forms else _nearest(word.form, forms)
            for word, forms in zip(question.words, known, strict=True)
        ]
        return "" if words == [word.form for word in question.words] else " ".join(words)

    def _facets(self, narrowed: Narrowed) -> list[str] | None:
        """What narrows a search, as FTS5 matches it; None if nothing can be found."""
        links = [f"p{self._links[iri]}" for iri in narrowed.links if iri in self._links]
        types = [f"k{number}" for number in self._below(narrowed.types)]
        tongues = [f"l{tag.lower().split('-', 1)[0]}" for tag in narrowed.languages]
        languages = [facet for facet in tongues if facet.isascii() and facet.isalnum()]
        asked = ((narrowed.links, links), (narrowed.types, types), (narrowed.languages, languages))
        if any(given and not known for given, known in asked):
            return None
        facets = [f"facet : ({' OR '.join(known)})" for _, known in asked if known]
        return [*facets, "facet : n"] if narrowed.names else facets

    def _below(self, classes: Iterable[str]) -> list[int]:
        """The numbers of classes and of those below them."""
        todo = [number for iri in classes for (number,) in self._rows("SELECT id FROM term WHERE iri = ?", iri)]
        found: dict[int, None] = {}
        while todo:
            number = todo.pop()
            if number not in found:
                found[number] = None
                todo += [below for (below,) in self._rows("SELECT class FROM above WHERE super = ?", number)]
        return list(found)

    def _rows(self, statement: str, *given: str | int) -> list[Any]:
        try:
            with self._opened() as file:
                return file.execute(statement, given).fetchall()
        except sqlite3.Error as error:
            if "interrupted" in str(error):
                message = f"the search took longer than {self._seconds:g} s"
                raise DeadlineExceeded(message, hint="look for more words, or rarer ones") from None
            raise ReleaseError(f"the text index cannot be read: {error}", hint="build the release again") from None

    def connect(self) -> sqlite3.Connection:
        """A connection of one's own, which cannot write."""
        return sqlite3.connect(self._address, uri=True, isolation_level=None)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread, with the clock running."""
        file: sqlite3.Connection | None = getattr(self._own, "file", None)
        if file is None:
            file = self._own.file = self.connect()
        until = time.monotonic() + self._seconds
        file.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield file
        finally:
            file.set_progress_handler(None, 0)


def _nearest(asked: str, forms: Mapping[str, int]) -> str:
    """The form that is most like the one asked for; of equals, the one that most texts have."""
    return max(forms, key=lambda form: (SequenceMatcher(None, form, asked).ratio(), forms[form]))


def _hit(row: Sequence[Any], types: Mapping[str, str]) -> Hit:
    thing, link, text, language, graphs, name, kinds, rank = row
    stated, known = tuple(graphs[1:-1].split(" ")), tuple(types[number] for number in kinds.split())
    return Hit(thing, link, text, language, float(f"{-rank:.6g}"), stated, bool(name), known)
