"""Which documents agree or differ, as a page shows it: a matrix with a sign for each pair, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from server.lookup import Label
from server.pages.drawing.layout.matrix import Matrix, draw
from server.pages.drawing.model.sources import Documents, Pair
from server.pages.drawing.sayings import Page, Showing, dated, paged, publisher
from server.pages.language import words

_ROOM: Final = 46
"""Ties of claims on a page."""
_SAME: Final = "agrees"
_LONGEST: Final = 110
"""Characters of what a claim says."""
_CLAIMS: Final = 4
"""Claims of a pair that are named."""


@dataclass(frozen=True, slots=True)
class Named:
    """A claim by what it says."""

    claim: str
    """Its IRI."""
    text: Label


@dataclass(frozen=True, slots=True)
class PairView:
    """Two documents and what ties them."""

    other: str
    """The IRI of the one that is not in the row."""
    ties: tuple[tuple[str, tuple[tuple[Named, Named], ...], int], ...]
    """Each kind, with the claims of the document in the row and of the other, and how many more there are."""


@dataclass(frozen=True, slots=True)
class SourcesView:
    """A page of pairs of documents."""

    matrix: Matrix | None
    """None for none."""
    rows: tuple[tuple[str, tuple[PairView, ...]], ...]
    """Each document, with those that it is tied to."""
    titles: Mapping[str, Label]
    """What the documents of the rows are called."""
    short: Mapping[str, Label]
    """What any document is called in short."""
    page: Page
    cut: bool


def show(model: Documents, to: Showing, number: int) -> SourcesView:
    """A page of pairs."""
    shown, page = paged(model.pairs, number, _ROOM, _size)
    named = {document for pair in shown for document in (pair.first, pair.second)}
    short = {document: _short(model, document, to) for document in named}
    matrix = draw(shown, model.order, short, mirrored=to.mirrored) if shown else None
    rows = tuple(
        (document, tuple(_pair(pair, model, to) for pair in pairs))
        for document, pairs in groupby(shown, key=lambda it: it.second)
    )
    return SourcesView(matrix, rows, to.naming.names({document for document, _ in rows}), short, page, model.cut)


def _size(pair: Pair) -> int:
    return sum(min(len(claims), _CLAIMS) for _, claims in pair.ties)


def _short(model: Documents, document: str, to: Showing) -> Label:
    """The publisher and the date, apart from each other whatever their directions (UAX #9, section 2.4.2)."""
    it = model.sources[document]
    name = publisher(it, to.naming)
    if not it.published:
        return name
    comma = words(to.language)["comma"]
    text = f"\N{FIRST STRONG ISOLATE}{name.text}\N{POP DIRECTIONAL ISOLATE}{comma}{dated(it.published, to.language)}"
    return Label(text, to.language)


def _pair(pair: Pair, model: Documents, to: Showing) -> PairView:
    other = publisher(model.sources[pair.first], to.naming)
    ties = []
    for kind, claims in pair.ties:
        # What says the same is not said twice: its document stands for it.
        named = [
            (_named(second, to), Named(first, other) if kind == _SAME else _named(first, to))
            for first, second in claims[:_CLAIMS]
        ]
        ties.append((kind, tuple(named), max(len(claims) - _CLAIMS, 0)))
    return PairView(pair.first, tuple(ties))


def _named(claim: str, to: Showing) -> Named:
    """A claim by its words, in short."""
    name = to.naming.name(claim)
    return Named(claim, Label(claim.rpartition("/")[2]) if name is None else Label(_cut(name.text), name.language))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0] or text[:_LONGEST]}…"
