"""Two columns of names with lines between them, in units of the picture: who takes part in what.

The order of each column is that of the middles of what it is tied to, so that few lines cross.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.lookup import Label
from server.pages.drawing.layout.lines import broken, cut

WIDTH: Final = 760
_COLUMN: Final = 270
"""Where the names of the first column end; the second begins as far from the other side."""
_LINE: Final = 17
_BETWEEN: Final = 12
_ROOM: Final = 38
"""Characters of a line."""
_LINES: Final = 2
_LONGEST: Final = 200
"""Characters of a name that is shown whole beside its lines."""
_GAP: Final = 8
"""Between a name and the end of its lines."""
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its column; `x` is its inner edge, `y` the base of its first line."""

    iri: str
    lines: tuple[str, ...]
    whole: str
    language: str
    x: int
    y: int
    side: str
    """`left` or `right`: the edge of the text that `x` is."""
    middle: int
    step: int = _LINE


@dataclass(frozen=True, slots=True)
class Tie:
    """A line between two names."""

    path: str
    number: int
    """Which of the ties it is, as they were given."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing."""

    height: int
    names: tuple[Name, ...]
    ties: tuple[Tie, ...]
    width: int = WIDTH


def draw(ties: Sequence[tuple[str, str]], names: Mapping[str, Label], *, mirrored: bool) -> Picture:
    """The drawing of ties from a thing of the first column to one of the second; mirrored, the first is on the right.

    >>> names = {"a": Label("an agreement", "en"), "b": Label("a party", "en")}
    >>> picture = draw([("a", "b")], names, mirrored=False)
    >>> [(name.lines, name.side) for name in picture.names], picture.ties[0].path
    ([(('an agreement',), 'right'), (('a party',), 'left')], 'M278 20C352 20 408 20 482 20')
    """
    first, second = _ordered(ties)
    columns = [_stacked(column, names) for column in (first, second)]
    height = max(bottom for _, bottom in columns)
    placed: list[Name] = []
    middles: dict[tuple[int, str], int] = {}
    for number, (column, bottom) in enumerate(columns):
        is_left = (number == 0) != mirrored
        x = _COLUMN if is_left else WIDTH - _COLUMN
        # A short column is spread over the height of the other, half a share of the room above its first name.
        share = (height - bottom) / len(column)
        for place, (iri, lines, label, upper) in enumerate(column):
            top = upper + round(share * (place + 0.5))
            middle = top + len(lines) * _LINE // 2
            middles[number, iri] = middle
            side = "right" if is_left else "left"
            placed.append(Name(iri, lines, cut(label.text, _LONGEST), label.language, x, top + 13, side, middle))
    begin, end = (_COLUMN + _GAP, WIDTH - _COLUMN - _GAP)
    if mirrored:
        begin, end = end, begin
    drawn = (_curve(begin, middles[0, one], end, middles[1, other]) for one, other in ties)
    return Picture(height, tuple(placed), tuple(Tie(path, number) for number, path in enumerate(drawn)))


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    bend = (x2 - x1) * 3 // 8 - (2 if x2 > x1 else -2)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def _stacked(
    column: Sequence[str], names: Mapping[str, Label]
) -> tuple[list[tuple[str, tuple[str, ...], Label, int]], int]:
    """Each name in its lines with its upper edge, and where the column ends."""
    found, top = [], _BETWEEN
    for iri in column:
        label = names.get(iri) or Label(iri)
        lines = broken(label.text, _ROOM, _LINES)
        found.append((iri, lines, label, top))
        top += len(lines) * _LINE + _BETWEEN
    return found, top


def _ordered(ties: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Both columns, in turn by the middle of what each name is tied to."""
    first = list(dict.fromkeys(one for one, _ in ties))
    second = list(dict.fromkeys(other for _, other in ties))
    turned = [(other, one) for one, other in ties]
    for _ in range(_ROUNDS):
        second = _by_middles(second, turned, first)
        first = _by_middles(first, ties, second)
    return first, second


def _by_middles(column: Sequence[str], ties: Sequence[tuple[str, str]], others: Sequence[str]) -> list[str]:
    places = {name: place / len(others) for place, name in enumerate(others)}
    tied: dict[str, list[float]] = {name: [] for name in column}
    for one, other in ties:
        tied[one].append(places[other])
    return sorted(column, key=lambda name: (sum(tied[name]) / len(tied[name]), name))
