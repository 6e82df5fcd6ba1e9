"""Those who say what is drawn, as a page names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from server.lookup import Label
from server.pages.drawing.model.sourcing import Source
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.names import shortened
from server.pages.phrases.naming import Naming

SHOWN: Final = 6
"""Who says the same thing: so many are named, and how many more there are is told."""
_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Showing:
    """For whom a drawing is: what names its things, in which language, and whether it runs from right to left."""

    naming: Naming
    language: str
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """A claim, named by the publisher of its document."""

    claim: str
    """Its IRI: its page has the words."""
    publisher: Label
    date: str
    """Of the document, in words; empty where it has none."""
    reviewed: bool
    disputed: bool
    """Whether it contradicts another claim that stands beside it."""
    speaker: Label | None = None
    """Whose voice it is, if not the document's own."""
    quote: Label | None = None
    """The words of the document."""


@dataclass(frozen=True, slots=True)
class Sayings:
    """Those who say the same, the first of them, and how many more there are."""

    shown: tuple[Saying, ...]
    more: int
    reviewed: bool
    """Whether any of them was reviewed."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a drawing a page has; `first` and `last` count from 1, and so do people."""

    number: int
    first: int
    last: int
    total: int
    more: bool


def sayings(sources: Sequence[Source], to: Showing, beside: Iterable[Source] = ()) -> Sayings:
    """Those who say the same, as a page names them; none for what the release says by itself.

    Who contradicts one of those `beside` is marked.
    """
    others = frozenset(it.claim for it in beside)
    claims = [it for it in sources if it.claim]
    shown = tuple(_saying(it, to, disputed=bool(it.against & others)) for it in claims[:SHOWN])
    return Sayings(shown, len(claims) - len(shown), any(it.reviewed for it in sources))


def _saying(it: Source, to: Showing, *, disputed: bool) -> Saying:
    speaker = to.naming.name(it.speaker) if it.speaker and it.speaker != it.document else None
    quote = Label(shortened(it.quote), it.language) if it.quote else None
    date = dated(it.published, to.language)
    return Saying(it.claim, publisher(it, to.naming), date, it.reviewed, disputed, speaker, quote)


def publisher(it: Source, naming: Naming) -> Label:
    """What the document of a claim is called in short: by its publisher, else by its title."""
    if it.publisher:
        return Label(it.publisher)
    named = naming.label(it.document) if it.document else None
    return Label(shortened(named.text), named.language) if named else Label(it.claim.rpartition("/")[2])


def dated(text: str, language: str) -> str:
    """A date in words, one with a time of day too; as it is written, if it cannot be read."""
    day, _, time = text.partition("T")
    said = date_in_words(day, language) or day
    return f"{said} {time[:5]}" if time else said


def paged(things: Iterable[_Thing], number: int, room: int, size: Callable[[_Thing], int]) -> tuple[list[_Thing], Page]:
    """The things on one page, of as many as it has room for; each page has one at least.

    >>> found, page = paged("abcde", 1, 2, lambda _: 1)
    >>> found, (page.first, page.last, page.total, page.more)
    (['c', 'd'], (3, 4, 5, True))
    """
    listed = list(things)
    begin, used, current = 0, 0, 0
    for place, thing in enumerate(listed):
        if used and used + size(thing) > room:
            if current == number:
                return listed[begin:place], Page(number, begin + 1, place, len(listed), more=True)
            begin, used, current = place, 0, current + 1
        used += size(thing)
    if current != number:
        return [], Page(number, 0, 0, len(listed), more=False)
    return listed[begin:], Page(number, begin + 1, len(listed), len(listed), more=False)
