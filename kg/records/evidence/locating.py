"""Where the quotes of claims stand: in the texts at hand, else as the lock file has it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from kg.errors import Position, Problem
from kg.positions import Faults
from kg.records.lock import Lock, LockedText, Wanted
from kg.records.model import Document
from kg.records.texts import Text, read_text

_TOLD: Final = 5
"""Places of one quote that an error shows."""
_COUNTED: Final = 1000
"""Places that are looked at; a quote that stands more often is no quote."""
_AROUND: Final = 24
"""Characters of the text that are shown on either side of a place."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the text of one document."""

    text: Text | None
    """The text at hand, if it is the one that the document describes."""
    locked: LockedText | None
    is_told: bool
    """Whether a fault says already why nothing can be located in it."""
    found: dict[Wanted, int] = field(default_factory=dict)

    def sha256(self) -> str:
        """The hash of the text that the places found are places of."""
        if self.text is not None:
            return hashlib.sha256(self.text.characters.encode()).hexdigest()
        return self.locked.sha256 if self.locked is not None else ""


@dataclass(frozen=True, slots=True)
class _Claim:
    """Whose quote it is, and where that is written."""

    id: str
    document: Document
    position: Position


class Locator:
    """Finds the place of each quote that a claim gives without offsets; `name` is what errors call the lock file."""

    def __init__(self, lock: Lock, name: str, folder: Path | None, faults: Faults) -> None:
        self._lock, self._name, self._folder, self._faults = lock, name, folder, faults
        self._known: dict[str, _Known] = {}

    def locate(self, document: Document, wanted: Wanted, claim_id: str, position: Position) -> int | None:
        """The code points of the text before the quote; None if it has no one place: a fault.

        :raises StorageError: if a text is there and cannot be read
        """
        if document.slug not in self._known:
            self._known[document.slug] = self._open(document)
        known, claim = self._known[document.slug], _Claim(claim_id, document, position)
        if wanted in known.found:
            return known.found[wanted]
        if known.text is not None:
            start = self._in_text(known.text, wanted, claim)
        elif known.is_told:
            return None
        else:
            start = self._in_lock(known.locked, wanted, claim)
        if start is not None:
            known.found[wanted] = start
        return start

    def lock(self) -> Lock:
        """The places that were found, as the lock file should have them."""
        texts = {slug: known for slug, known in self._known.items() if known.found}
        return Lock({slug: LockedText(known.sha256(), dict(known.found)) for slug, known in texts.items()})

    def _open(self, document: Document) -> _Known:
        problems: list[Problem] = []
        text = read_text(document, self._folder, problems) if self._folder is not None else None
        locked = self._lock.documents.get(document.slug)
        if text is not None and text.is_described:
            return _Known(text, None, is_told=False)
        if locked is not None and document.sha256 in {None, locked.sha256}:
            return _Known(None, locked, is_told=False)  # of another text at hand a comparison of the quotes will tell
        for problem in problems:
            self._faults.add(problem.code, problem.message, document.position, problem.hint)
        return _Known(None, locked, is_told=bool(problems))

    def _in_lock(self, locked: LockedText | None, wanted: Wanted, claim: _Claim) -> int | None:
        document, place = claim.document, claim.position
        absent = f"the text of '{document.slug}' is not at hand"
        cure = "build where the text is (kg build --sources FOLDER), or write sentence, start and end"
        if document.text_file is None:
            cure = f"name the text of '{document.slug}' in sources.yaml ('text:'), or write sentence, start and end"
        if locked is not None and document.sha256 not in {None, locked.sha256}:
            message = f"the text of '{document.slug}' is another one than that in which {self._name} has the quote"
            self._faults.add("stale-lock", f"claim '{claim.id}': {message}, and {absent}", place, cure)
        elif locked is not None and wanted in locked.starts:
            return locked.starts[wanted]
        else:
            message = f"claim '{claim.id}': where its quote stands is not in {self._name}, and {absent}"
            self._faults.add("unlocated", message, place, cure)
        return None

    def _in_text(self, text: Text, wanted: Wanted, claim: _Claim) -> int | None:
        everywhere = list(islice(_places(text.characters, wanted.exact), _COUNTED))
        if not everywhere:
            message = f"claim '{claim.id}': the text of '{claim.document.slug}' has no words {wanted.exact!r}"
            hint = text.whereabouts(wanted.exact, 0) or _unlike(text, wanted.exact)
            self._faults.add("quote", message, claim.position, hint)
            return None
        places = [at for at in everywhere if _fits(text.characters, at, wanted, claim.document.sentences)]
        if not places:
            where = _told(text.characters, everywhere, wanted.exact)
            message = f"claim '{claim.id}': its quote does not stand where its evidence says; it stands {where}"
            self._faults.add("quote", message, claim.position, "correct the sentence or the prefix")
            return None
        return self._chosen(text.characters, places, wanted, claim)

    def _chosen(self, characters: str, places: Sequence[int], wanted: Wanted, claim: _Claim) -> int | None:
        number = wanted.occurrence
        if number is None and len(places) == 1:
            return places[0]
        if number is not None and 1 <= number <= len(places):
            return places[number - 1]
        where = _told(characters, places, wanted.exact)
        if number is None:
            message = f"claim '{claim.id}': its quote stands {len(places)} times in '{claim.document.slug}': {where}"
            hint = "write 'occurrence: 1' or another number, or 'prefix:' and the words before it"
        else:
            message = f"claim '{claim.id}': there is no occurrence {number} of its quote; it stands {where}"
            hint = f"write a number from 1 to {len(places)}"
        self._faults.add("ambiguous-quote", message, claim.position, hint)
        return None


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _fits(text: str, at: int, wanted: Wanted, sentences: Sequence[tuple[int, int]]) -> bool:
    """Whether a place is in the sentence that is named, and after the words that should stand before it."""
    if wanted.prefix is not None and not text[:at].rstrip().endswith(wanted.prefix.rstrip()):
        return False
    if wanted.sentence is None or not 1 <= wanted.sentence <= len(sentences):
        return True
    first, last = sentences[wanted.sentence - 1]
    return first <= at and at + len(wanted.exact) <= last


def _told(text: str, places: Sequence[int], words: str) -> str:
    shown = ", ".join(f"at {at} ({_context(text, at, at + len(words))})" for at in places[:_TOLD])
    more = len(places) - _TOLD
    return f"{shown} and {more} more" if more > 0 else shown


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(start - _AROUND, 0) : start], text[end : end + _AROUND]
    return " ".join(f"…{before}[{text[start:end]}]{after}…".split())


def _unlike(text: Text, exact: str) -> str:
    """What is to be done about words that the text does not have in any spelling."""
    inner = exact.strip("\"'“”„«»‘’ \u00a0")
    if inner and inner != exact and inner in text.characters:
        return "the text has them without the quotation marks around: leave those out"
    nearest = text.nearest(exact)
    return "no such words in the text: copy them from it" if nearest is None else str(nearest)
