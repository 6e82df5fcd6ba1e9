"""Places on a map, in units of the picture: north is above in every language, and nothing stands nearer than it is.

Degrees of latitude and longitude have one scale each, true to one another in the middle of the map (the equirectangular
projection; Snyder, Map Projections, section 12). Places that would cover each other are one mark with their number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from server.lookup import Label
from server.pages.drawing.layout.land import Frame, land
from server.pages.drawing.layout.lines import cut

WIDTH: Final = 720
_LOWEST, _HIGHEST = 260, 620
_MARGIN: Final = 0.12
"""Of what the places span, around them."""
_HALF, _AROUND = 180.0, 360.0
_LEAST: Final = 0.4
"""Degrees that a map spans, where its places stand together."""
_FLATTEST: Final = 0.2
"""Of the cosine of the middle: near a pole a map is as wide as is still to be read."""
_STEPS: Final = tuple(map(Decimal, ("0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "15", "30", "45", "90")))
_LINES: Final = 7
"""Lines of the graticule in one direction, at most."""
_ROUGH: Final = 2.0
"""Degrees: of what spans less, the coast of such a scale would be no help."""
_TOUCHING: Final = 9
"""Units between two places that can be told apart."""
_ROOM: Final = 26
"""Characters of a name."""
_SIZES: Final = ((13.0, 18), (7.0, 15))
"""The width of a letter and the height of a line: on a telephone, where names are as large in a smaller picture; on a
screen."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, in degrees, and which row says it."""

    latitude: float
    longitude: float
    row: int


@dataclass(frozen=True, slots=True)
class Word:
    """A name beside its mark: `x` is the edge of the text on the side of the mark, `y` its base."""

    text: str
    language: str
    x: float
    y: float
    is_right: bool
    """Whether it stands at the right of its mark."""
    on_telephone: bool
    """Whether there is room for it on a telephone too."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place, or several that cannot be told apart at this scale."""

    x: float
    y: float
    rows: tuple[int, ...]
    """The rows whose places it marks, in their order."""
    word: Word | None
    """Its name, where there is room."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the graticule: where it is, across or down."""

    at: float
    degrees: Decimal


@dataclass(frozen=True, slots=True)
class Map:
    """The whole map."""

    height: int
    marks: tuple[Mark, ...]
    meridians: tuple[Line, ...]
    parallels: tuple[Line, ...]
    land: str
    """The land as a path; empty where there is none, or where the map has too small a part of the earth for it."""
    is_rough: bool
    """Whether the map has too small a part of the earth for a coast of this scale."""
    width: int = WIDTH


def draw(places: Sequence[Place], names: Sequence[Label]) -> Map:
    """The map of some places, one at least; `names` are those of the rows, by their numbers.

    >>> it = draw([Place(34.02, -6.84, 0), Place(33.57, -7.59, 1)], [Label("Rabat", "fr"), Label("Casablanca", "fr")])
    >>> [(mark.rows, mark.word.text) for mark in it.marks], [str(line.degrees) for line in it.parallels]
    ([((0,), 'Rabat'), ((1,), 'Casablanca')], ['33.6', '33.7', '33.8', '33.9', '34.0'])
    """
    frame, west = _frame(places)
    at = _Scale(frame)
    found = [(at.across(_from(place.longitude, west)), at.down(place.latitude), place.row) for place in places]
    is_rough = frame.north - frame.south < _ROUGH and frame.east - frame.west < _ROUGH
    return Map(
        at.height,
        tuple(_marks(found, names, at.height)),
        tuple(Line(at.across(float(it)), _turned(it)) for it in _degrees(frame.west, frame.east)),
        tuple(Line(at.down(float(it)), it) for it in _degrees(frame.south, frame.north)),
        "" if is_rough else _path(at, frame),
        is_rough,
    )


class _Scale:
    """From degrees to units of the picture."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._across = WIDTH / (frame.east - frame.west)
        self._down = self._across / _flattened(frame.south, frame.north)
        self.height = round((frame.north - frame.south) * self._down)

    def across(self, longitude: float) -> float:
        return round((longitude - self._frame.west) * self._across, 1)

    def down(self, latitude: float) -> float:
        return round((self._frame.north - latitude) * self._down, 1)


def _flattened(south: float, north: float) -> float:
    """How long a degree of longitude is beside one of latitude, in the middle."""
    return max(math.cos(math.radians((south + north) / 2)), _FLATTEST)


def _from(longitude: float, west: float) -> float:
    """A longitude counted eastwards from a meridian."""
    return west + (longitude - west) % 360


def _frame(places: Sequence[Place]) -> tuple[Frame, float]:
    """What the map has, and the meridian at which the earth is cut: in the widest gap between the places."""
    around = sorted({place.longitude for place in places})
    gaps = ((after - before, after) for before, after in pairwise((*around, around[0] + _AROUND)))
    west = max(gaps)[1]
    west = around[0] if west > _HALF else west
    east = max(_from(place.longitude, west) for place in places)
    south, north = (pick(place.latitude for place in places) for pick in (min, max))
    wide, high = max(east - west, _LEAST), max(north - south, _LEAST)
    left, right = _widened(west, east, wide * (1 + 2 * _MARGIN))
    low, top = _widened(south, north, high * (1 + 2 * _MARGIN))
    # The picture is neither a strip nor a tower.
    units = WIDTH / (right - left) / _flattened(low, top)
    if (top - low) * units < _LOWEST:
        low, top = _widened(low, top, _LOWEST / units)
    if (top - low) * units > _HIGHEST:
        left, right = _widened(left, right, (right - left) * (top - low) * units / _HIGHEST)
    if right - left > _AROUND:
        left, right = _widened(left, right, _AROUND)
    return Frame(left, max(low, -90.0), right, min(top, 90.0)), left


def _widened(low: float, high: float, span: float) -> tuple[float, float]:
    middle = (low + high) / 2
    return middle - span / 2, middle + span / 2


def _degrees(low: float, high: float) -> tuple[Decimal, ...]:
    """The round degrees between two: with the smallest step that needs no more lines than `_LINES`."""
    for step in _STEPS:
        first, last = math.ceil(low / float(step)), math.floor(high / float(step))
        if last - first < _LINES:
            return tuple(step * number for number in range(first, last + 1))
    return ()


def _turned(longitude: Decimal) -> Decimal:
    """A longitude from -180 to 180."""
    turned = (longitude + 180) % 360
    return (turned + 360 if turned < 0 else turned) - 180


def _path(at: _Scale, frame: Frame) -> str:
    """The land in whole units, each point as far from the one before as can be seen."""
    found = []
    for ring in land(frame):
        points = [(round(at.across(x)), round(at.down(y))) for x, y in ring]
        kept = [points[0], *(here for before, here in pairwise(points) if here != before)]
        if len(kept) > 2:  # noqa: PLR2004 -- fewer points bound no land
            (x, y), *rest = kept
            steps = (f"{a - c} {b - d}" for (a, b), (c, d) in zip(rest, kept, strict=False))
            found.append(f"M{x} {y}l{' '.join(steps)}z")
    return "".join(found).replace(" -", "-")


def _marks(found: Iterable[tuple[float, float, int]], names: Sequence[Label], height: int) -> Iterator[Mark]:
    """The marks, those that touch as one, with their names where these cover nothing."""
    groups: list[tuple[float, float, list[int]]] = []
    for x, y, row in found:
        near = next((it for it in groups if math.hypot(it[0] - x, it[1] - y) < _TOUCHING), None)
        if near is None:
            groups.append((x, y, [row]))
        else:
            near[2].append(row)
    words = _Words([(x, y) for x, y, _ in groups], height)
    placed: dict[int, Word] = {}
    for size, (letter, line) in enumerate(_SIZES):
        for number, (x, y, rows) in enumerate(groups):
            if number not in placed:
                label = names[rows[0]]
                text = cut(label.text, _ROOM) + (f" +{len(rows) - 1}" if len(rows) > 1 else "")
                word = words.place(Label(text, label.language), (x, y), (letter, line), on_telephone=size == 0)
                if word is not None:
                    placed[number] = word
    for number, (x, y, rows) in enumerate(groups):
        yield Mark(x, y, tuple(rows), placed.get(number))


class _Words:
    """Places names so that none covers another, or a mark."""

    def __init__(self, marks: Sequence[tuple[float, float]], height: int) -> None:
        self._height = height
        self._taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in marks]

    def place(
        self, label: Label, mark: tuple[float, float], size: tuple[float, int], *, on_telephone: bool
    ) -> Word | None:
        """The name at the right of its mark, or at the left; None where there is no room."""
        (x, y), (letter, line) = mark, size
        width = len(label.text) * letter
        for is_right in (True, False):
            left = x + 8 if is_right else x - 8 - width
            box = (left, y - line / 2, left + width, y + line / 2)
            if left >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= self._height and self._is_free(box):
                self._taken.append(box)
                edge = x + 8 if is_right else x - 8
                return Word(label.text, label.language, edge, y + 4, is_right, on_telephone)
        return None

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        return not any(left < it[2] and it[0] < right and top < it[3] and it[1] < bottom for it in self._taken)
