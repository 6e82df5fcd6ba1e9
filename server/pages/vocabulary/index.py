"""The index of a vocabulary: its terms by kinds, as trees, so many on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.lookup import Label, labels
from server.pages.addresses import local_name
from server.pages.language import order
from server.pages.vocabulary.hierarchy import Line, stepped
from server.pages.vocabulary.keeping import Kept, Lines
from server.pages.vocabulary.terms import Header, best
from server.pages.vocabulary.uses import Figures
from server.pages.vocabulary.versions import Other, others
from server.releases import Release

PAGE: Final = 240
"""Terms on a page: so many stay below 60 kB."""
_HEADERS: Final = 5
"""Vocabularies that tell of themselves at the head of the index."""
_SCHEMES: Final = 60
_INDENTED: Final = 100
"""Levels of a tree that a page shows; no browser likes deeper ones."""


@dataclass(frozen=True, slots=True)
class Section:
    """The terms of one kind, those of this page."""

    kind: str
    total: int
    lines: tuple[Line, ...]
    page: int
    """Where the kind begins."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a vocabulary says of itself, in the language of the page."""

    header: Header
    title: Label | None
    description: Label | None


@dataclass(frozen=True, slots=True)
class IndexView:
    """A page of the index."""

    headers: tuple[Told, ...]
    sections: tuple[Section, ...]
    anchors: Mapping[str, str]
    schemes: tuple[tuple[str, Label], ...]
    others: tuple[Other, ...]
    figures: Figures | None
    number: int
    more: bool
    labels: Mapping[str, Label]


def read_index(kept: Kept, release: Release, language: str, number: int) -> IndexView | None:
    """A page of the index; None where the release describes no term, and beyond the last page."""
    vocabulary, wanted = kept.vocabulary(release), order(language)
    lines = kept.lines(release, language)
    total = sum(len(kind) for _, kind in lines)
    if not total or number * PAGE >= total:
        return None
    is_last = (number + 1) * PAGE >= total
    named = ((iri, best(texts, wanted) or Label(local_name(iri))) for iri, texts in vocabulary.schemes[:_SCHEMES])
    headers = tuple(_told(header, wanted) for header in vocabulary.headers[:_HEADERS])
    shown = {iri for told in headers for iri in (told.header.iri, *told.header.prior)}
    return IndexView(
        headers,
        tuple(_sections(lines, number)),
        vocabulary.anchors,
        tuple(sorted(named, key=lambda row: row[1].text.casefold())) if is_last else (),
        others(release) if is_last else (),
        kept.figures(release),
        number,
        not is_last,
        labels(release.engine, release.base, shown, wanted),
    )


def _sections(lines: Lines, number: int) -> list[Section]:
    """The kinds with their lines on a page, each of which goes on where the last one ends."""
    found, place = [], 0
    first, last = number * PAGE, (number + 1) * PAGE
    for kind, rows in lines:
        here = rows[max(first - place, 0) : max(last - place, 0)]
        found.append(Section(kind, len(rows), _flattened(here), place // PAGE))
        place += len(rows)
    return found


def _flattened(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if all(line.depth < _INDENTED for line in lines):
        return stepped(lines)
    return stepped(Line(row.iri, row.label, min(row.depth, _INDENTED), 0, row.deprecated) for row in lines)


def _told(header: Header, wanted: tuple[str, ...]) -> Told:
    return Told(header, best(header.titles, wanted), best(header.descriptions, wanted))


def page_of(lines: Lines, iri: str) -> int:
    """The page of the index on which a term stands; 0 for one that is on none."""
    every = (row.iri for _, rows in lines for row in rows)
    return next((place // PAGE for place, name in enumerate(every) if name == iri), 0)
