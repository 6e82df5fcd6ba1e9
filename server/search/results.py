"""What a search finds, by things: each with the texts that it was found by, the best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.folding import key
from kg.search import Hit, Index, Narrowed, Question, Sought, excerpt, marked
from kg.terms import ZEL, expand
from server.search import MOST

TEXTS: Final = 3
"""Texts of a thing that are shown."""
_CLAIM: Final = ZEL + "Claim"
_WORDS: Final = expand("oa:TextQuoteSelector")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that a thing was found by; each part of it with whether it was looked for."""

    link: str
    parts: tuple[tuple[str, bool], ...]
    language: str
    graphs: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """A thing that was found."""

    iri: str
    """Its IRI, or `_:` and the identifier of a blank node; of the words of a source, that of their claim."""
    types: tuple[str, ...]
    score: float
    texts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found."""

    results: tuple[Result, ...]
    total: int
    """How many things were found in all, among the texts that were looked at."""
    cut: bool
    """Whether more texts fit than are looked at."""
    types: tuple[tuple[str, int], ...]
    """The classes of all that was found, with the number of their things, the largest first."""
    languages: tuple[tuple[str, int], ...] = ()
    """The languages of the texts, with the number of things found by them, the largest first; "" for none."""
    instead: str = ""
    """Where nothing was found: other words that the release has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: what for, where, and which page of it."""

    question: Question
    text: str
    limit: int
    offset: int = 0
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def search(index: Index, asked: Asked, languages: Sequence[str]) -> Results:
    """Things whose texts have all the words, the best first; `languages` are those of the reader, the best first.

    A name that is the very thing looked for comes before all others.

    :raises DeadlineExceeded: if it takes too long
    :raises ReleaseError: if the index cannot be read
    """
    # The words of a source belong to their claim, which a type asks for.
    types = (*asked.types, _WORDS) if _CLAIM in asked.types else asked.types
    found = index.find(asked.question, MOST, Narrowed(types=types, languages=asked.languages))
    things = _by_thing(found.hits)
    whole = key(asked.text)
    ranked = sorted(things, key=lambda iri: not any(h.is_name and key(h.text) == whole for h in things[iri]))
    counted = Counter(kind for hits in things.values() for kind in _types(hits[0]))
    spoken = Counter(tag for hits in things.values() for tag in {hit.language for hit in hits})
    sought = Sought.of(asked.question)
    return Results(
        tuple(
            _result(iri, things[iri], sought, languages) for iri in ranked[asked.offset : asked.offset + asked.limit]
        ),
        len(things),
        found.more,
        _largest_first(counted),
        _largest_first(spoken),
        "" if found.hits else index.respelt(asked.question),
    )


def _largest_first(counted: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _by_thing(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    things: dict[str, list[Hit]] = {}
    for hit in hits:
        things.setdefault(hit.thing.partition("#")[0] if _WORDS in hit.types else hit.thing, []).append(hit)
    return things


def _types(hit: Hit) -> tuple[str, ...]:
    return (_CLAIM,) if _WORDS in hit.types else hit.types


def _result(iri: str, hits: Sequence[Hit], sought: Sought, languages: Sequence[str]) -> Result:
    """A thing, with each text once, those in the reader's language first among texts of one kind."""
    order = {language: place for place, language in enumerate(languages)}
    by_text = {hit.text: hit for hit in reversed(hits)}
    chosen = sorted(by_text.values(), key=lambda h: (not h.is_name, order.get(h.language, len(order)), -h.score))
    shown = tuple(
        Shown(hit.link, excerpt(marked(hit.text, sought, hit.language)), hit.language, hit.graphs, hit.text)
        for hit in chosen[:TEXTS]
    )
    return Result(iri, _types(hits[0]), hits[0].score, shown)
