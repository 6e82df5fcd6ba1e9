"""A term as a picture: where each box and each line of it stands, in units of the picture.

A class is drawn with its properties and the classes of their values, a property between its domain and its range. The
page says the same in words beside it. In Arabic the picture runs from right to left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from kg.terms import compress
from server.lookup import Label
from server.pages.addresses import local_name
from server.pages.vocabulary.terms import Entry

WIDTH: Final = 400
"""Of every picture: what a telephone shows at its own size."""
_ROW: Final = 30
_BOX: Final = 24
_SIDE: Final = 150
_GAP: Final = 20
_OWN: Final = 230
_SPINE: Final = 12
_STUB: Final = 10
_PAD: Final = 4
_PROPERTY_END: Final = 205
_MOST: Final = 14
"""Properties that are drawn; the page lists the others."""
_LETTER: Final = 7
"""The width of a letter: a text that would not fit its box is shortened, and told whole by the name of its link."""


class Property(Protocol):
    """A property of a class, as far as it is drawn."""

    @property
    def iri(self) -> str:
        """Its IRI."""

    @property
    def ranges(self) -> tuple[str, ...]:
        """The classes of its values."""


@dataclass(frozen=True, slots=True)
class Box:
    """A term in its frame; `x` and `y` are the upper left corner."""

    iri: str
    text: str
    """What fits."""
    whole: str
    language: str
    x: int
    y: int
    width: int
    kind: str
    """`self`, `above`, `property` or `value`: how it is drawn."""

    @property
    def middle(self) -> tuple[int, int]:
        """Where its text is centred."""
        return self.x + self.width // 2, self.y + _BOX // 2

    def begin(self, *, mirrored: bool) -> int:
        """Where its text begins, or ends in a mirrored picture."""
        return self.x + self.width - _PAD if mirrored else self.x + _PAD


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line with a head at its end."""

    x1: int
    y1: int
    x2: int
    y2: int
    kind: str
    """`above` for what a class stands below, `value` for what a property leads to."""

    @property
    def head(self) -> str:
        """The corners of the head."""
        if self.kind == "above":
            return f"{self.x2},{self.y2} {self.x2 - 5},{self.y2 + 8} {self.x2 + 5},{self.y2 + 8}"
        back = -7 if self.x2 > self.x1 else 7
        return f"{self.x2},{self.y2} {self.x2 + back},{self.y2 - 4} {self.x2 + back},{self.y2 + 4}"


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture; `left_out` is the number of properties that are not drawn."""

    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: int
    spine: tuple[int, int, int] | None
    """The line that properties hang on: its `x`, and the `y` of its ends."""
    stubs: tuple[int, ...]
    """Where the line has a branch."""
    mirrored: bool
    width: int = WIDTH
    box: int = _BOX


def draw(
    entry: Entry, used: Sequence[Property], names: Mapping[str, Label], order: Iterable[str], *, mirrored: bool
) -> Diagram | None:
    """The picture of a term; None where it has nothing that could be drawn beside it."""
    pen = _Pen(names, entry.label(tuple(order)), entry.iri, mirrored=mirrored)
    if entry.is_class:
        if not used and not entry.above:
            return None
        pen.of_class(entry, used[:_MOST])
    elif entry.domains or entry.ranges:
        pen.of_property(entry)
    else:
        return None
    left_out = max(len(used) - _MOST, 0)
    return Diagram(
        pen.bottom, tuple(pen.boxes), tuple(pen.arrows), left_out, pen.spine, tuple(pen.stubs), mirrored=mirrored
    )


class _Pen:
    """Puts boxes and arrows in their places."""

    def __init__(self, names: Mapping[str, Label], own: Label, iri: str, *, mirrored: bool) -> None:
        self._names, self._own, self._iri, self._mirrored = names, own, iri, mirrored
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.stubs: list[int] = []
        self.spine: tuple[int, int, int] | None = None
        self.bottom = 0

    def of_class(self, entry: Entry, used: Sequence[Property]) -> None:
        """What it stands below on top, itself, and its properties in rows."""
        top = 2
        if entry.above:
            self._box(entry.above[0], 2, top, _OWN, "above")
            top += _BOX + _GAP
            self._arrow(_OWN // 2, top, _OWN // 2, top - _GAP, "above")
        self._box(entry.iri, 2, top, _OWN, "self")
        bottom = top + _BOX + 8
        for it in used:
            self._row(it.iri, it.ranges[:1], bottom)
            self.stubs.append(bottom + _BOX // 2)
            bottom += _ROW
        if used:
            self.spine = (WIDTH - _SPINE if self._mirrored else _SPINE, top + _BOX, self.stubs[-1])
        self.bottom = bottom

    def of_property(self, entry: Entry) -> None:
        """From its domain, down to itself, and on to its range."""
        domains, ranges = entry.domains[:_MOST], entry.ranges[:_MOST]
        rows = max(len(domains), len(ranges), 1)
        own = 4 + (rows - 1) * _ROW // 2
        side, middle = 118, 116
        for place, iri in enumerate(domains):
            y = own + (2 * place - len(domains) + 1) * _ROW // 2
            self._box(iri, 2, y, side, "value")
            self._arrow(2 + side, y + _BOX // 2, 142, own + _BOX // 2, "value")
        self._box(entry.iri, 142, own, middle, "self")
        for place, iri in enumerate(ranges):
            y = own + (2 * place - len(ranges) + 1) * _ROW // 2
            self._box(iri, WIDTH - 2 - side, y, side, "value")
            self._arrow(142 + middle, own + _BOX // 2, WIDTH - 2 - side, y + _BOX // 2, "value")
        self.bottom = rows * _ROW + 8

    def _row(self, iri: str, ranges: Sequence[str], top: int) -> None:
        self._box(iri, _SPINE + _STUB - 2, top, 190 - _SPINE, "property")
        for value in ranges:
            self._box(value, WIDTH - 2 - _SIDE, top, _SIDE, "value")
            self._arrow(_PROPERTY_END, top + _BOX // 2, WIDTH - 2 - _SIDE, top + _BOX // 2, "value")

    def _box(self, iri: str, x: int, y: int, width: int, kind: str) -> None:
        label = self._own if iri == self._iri else self._names.get(iri) or Label(_short(iri))
        text, room = label.text, width // _LETTER
        shown = text if len(text) <= room else text[: room - 1].rstrip() + "…"
        left = WIDTH - x - width if self._mirrored else x
        self.boxes.append(Box(iri, shown, text, label.language, left, y, width, kind))

    def _arrow(self, x1: int, y1: int, x2: int, y2: int, kind: str) -> None:
        if self._mirrored:
            x1, x2 = WIDTH - x1, WIDTH - x2
        self.arrows.append(Arrow(x1, y1, x2, y2, kind))


def _short(iri: str) -> str:
    short = compress(iri)
    return short if short != iri else local_name(iri)
