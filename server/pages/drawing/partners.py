"""Who takes part in what, as a page shows it: two columns with lines between them, and the same as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from server.lookup import Label
from server.pages.drawing.layout.links import Picture, draw
from server.pages.drawing.model.partners import Part, Partners
from server.pages.drawing.sayings import Page, Sayings, Showing, paged, sayings

_ROOM: Final = 36
"""Lines on a page."""


@dataclass(frozen=True, slots=True)
class Tied:
    """One who takes part."""

    partner: str
    property: str
    said: Sayings
    kind: int
    """The number of the property among those of the page: how its line is drawn."""


@dataclass(frozen=True, slots=True)
class PartnersView:
    """A page of partners."""

    picture: Picture | None
    """None for none."""
    ties: tuple[Tied, ...]
    """In the order of the lines of the picture."""
    rows: tuple[tuple[str, tuple[Tied, ...]], ...]
    """Each thing, with those who take part in it."""
    kinds: tuple[str, ...]
    """The properties, the most frequent first."""
    labels: Mapping[str, Label]
    page: Page
    cut: bool


def show(model: Partners, to: Showing, number: int) -> PartnersView:
    """A page of partners."""
    shown, page = paged(model.parts, number, _ROOM, lambda _: 1)
    counted = Counter(it.property for it in model.parts)
    kinds = tuple(sorted({it.property for it in shown}, key=lambda it: (-counted[it], it)))
    names = to.naming.names({iri for it in shown for iri in (it.thing, it.property, it.partner)})
    ties = tuple(_tied(it, kinds, to) for it in shown)
    picture = draw([(it.thing, it.partner) for it in shown], names, mirrored=to.mirrored) if shown else None
    both = zip(shown, ties, strict=True)
    rows = tuple((thing, tuple(tie for _, tie in group)) for thing, group in groupby(both, key=lambda it: it[0].thing))
    return PartnersView(picture, ties, rows, kinds, names, page, model.cut)


def _tied(it: Part, kinds: tuple[str, ...], to: Showing) -> Tied:
    return Tied(it.partner, it.property, sayings(it.sources, to), kinds.index(it.property))
