"""An answer as a map: each row that has a place, by its name, and how many have none for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from server.lookup import Label, Row, Term
from server.pages.drawing.layout import map as layout
from server.pages.drawing.layout.map import Line, Map, Mark, Place
from server.pages.language import words
from server.pages.phrases.numbers import digits
from server.pages.querying.drawn.places import WHYS, Degrees, Located, places_of

MOST: Final = 200
"""Rows in a map: with their links and names they are some 40 kB."""
_TOLD: Final = 12
"""Names that one mark tells."""
_PLACES: Final = Decimal("0.0001")
"""Some ten metres: what a map of names needs."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark with what it says, and the thing that it leads to, where it marks one."""

    mark: Mark
    told: str
    name: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The map, and what of the rows it has."""

    picture: Map
    marks: tuple[Marked, ...]
    meridians: tuple[tuple[Line, str], ...]
    parallels: tuple[tuple[Line, str], ...]
    drawn: int
    """How many rows were looked at, from the first."""
    absent: tuple[tuple[str, int], ...]
    """Why rows have no place on it, and how many."""
    unnamed: int
    """How many marks have no room for their names."""


def mapped(
    rows: Sequence[Row], columns: Located, names: Callable[[Iterable[str]], Mapping[str, Label]], language: str
) -> Mapped | None:
    """The map of some rows; None where none of them has a place."""
    found = list(places_of(rows[:MOST], columns))
    placed = [(term, place) for term, place in found if isinstance(place, tuple)]
    if not placed:
        return None
    whys = Counter(place for _, place in found if isinstance(place, str))
    known = names({term.name for term, _ in placed if term is not None and term.kind in {"iri", "blank"}})
    labels = [_label(term, known) for term, _ in placed]
    places = [Place(float(south), float(east), row) for row, (_, (south, east)) in enumerate(placed)]
    picture = layout.draw(places, labels)
    return Mapped(
        picture,
        tuple(_marked(mark, placed, labels, language) for mark in picture.marks),
        tuple((line, _said(line.degrees, ("east", "west"), language)) for line in picture.meridians),
        tuple((line, _said(line.degrees, ("north", "south"), language)) for line in picture.parallels),
        min(len(rows), MOST),
        tuple((why, whys[why]) for why in WHYS if whys[why]),
        sum(mark.word is None for mark in picture.marks),
    )


def _label(term: Term | None, known: Mapping[str, Label]) -> Label:
    if term is None:
        return Label("")
    return known.get(term.name) or Label(term.value, term.language)


def _marked(
    mark: Mark, placed: Sequence[tuple[Term | None, Degrees]], labels: Sequence[Label], language: str
) -> Marked:
    lines = [f"{labels[row].text} ({position(placed[row][1], language)})".strip() for row in mark.rows[:_TOLD]]
    if len(mark.rows) > _TOLD:
        lines.append(f"+{len(mark.rows) - _TOLD}")
    terms = {placed[row][0] for row in mark.rows}
    one = terms.pop() if len(terms) == 1 else None
    return Marked(mark, "\n".join(lines), one.name if one is not None and one.kind in {"iri", "blank"} else "")


def position(place: Degrees, language: str) -> str:
    """A place in words.

    >>> position((Decimal("34.02"), Decimal("-6.841234")), "en")
    '34.02° N, 6.8412° W'
    """
    said = words(language)["comma"]
    return said.join(_said(it, sides, language) for it, sides in zip(place, _SIDES, strict=True))


_OPPOSITE: Final = 180
_SIDES: Final = (("north", "south"), ("east", "west"))


def _said(degrees: Decimal, sides: tuple[str, str], language: str) -> str:
    said = words(language, "query")
    number = digits(abs(degrees).quantize(_PLACES).normalize(), language)
    # Neither the equator nor the meridians of 0 and 180 degrees are on a side.
    is_between = degrees == 0 or abs(degrees) == _OPPOSITE
    return said["map-between" if is_between else f"map-{sides[degrees < 0]}"].format(number=number)
