"""Classes as boxes in columns, in units of the picture: in each its properties, and behind them lines to other boxes.

What a property leads to is said in words in its row, so that no line has to be followed to be understood. Classes with
many ties stand near one another. In Arabic the columns begin at the right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.lookup import Label
from server.pages.classes.reading import Tie
from server.pages.drawing.layout.lines import cut

BOX: Final = 224
_GAP: Final = 64
"""Between two columns: for lines."""
_BETWEEN: Final = 26
_HEAD: Final = 26
_ROW: Final = 19
_PAD: Final = 8
_MARGIN: Final = 12
_ROOM: Final = 31
"""Characters of a row: a property, an arrow, and what it leads to."""
_HEAD_ROOM: Final = 23
_COLUMNS: Final = 4
_FEW: Final = 6
"""So many classes stand in two columns."""
ROWS: Final = 7
"""Properties of a class that are drawn."""
LINES: Final = 70
"""Lines in a picture."""
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A property of a class in its row: to which classes it leads, the most frequent first."""

    property: str
    objects: tuple[str, ...]
    word: Label
    """What fits of its name."""
    value: Label
    """What fits of the name of the first class, and how many others there are."""
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """A class: `x` and `y` are the upper left corner, `begin` and `end` where texts begin and end."""

    iri: str
    word: Label
    whole: str
    number: int
    x: int
    y: int
    height: int
    begin: int
    end: int
    entries: tuple[Entry, ...]
    left_out: int
    """How many properties are not drawn."""
    width: int = BOX
    head: int = _HEAD


@dataclass(frozen=True, slots=True)
class Line:
    """A line from a row to a box, with its head."""

    path: str
    tip: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int
    """How many lines are not drawn; the rows say them."""
    mirrored: bool


def draw(
    classes: Sequence[tuple[str, int]], ties: Sequence[Tie], names: Mapping[str, Label], *, mirrored: bool
) -> Picture:
    """The picture of some classes and of the ties between them.

    >>> it = draw([("a", 3), ("b", 1)], [Tie("a", "p", "b", 2), Tie("b", "q", "b", 1)], {}, mirrored=False)
    >>> [(box.iri, box.number, [(row.property, row.objects) for row in box.entries]) for box in it.boxes]
    [('a', 3, [('p', ('b',))]), ('b', 1, [('q', ('b',))])]
    >>> len(it.lines), it.left_out
    (2, 0)
    """
    numbers = dict(classes)
    rows = {iri: _rows(iri, ties) for iri in numbers}
    columns = _placed(_ordered(list(numbers), ties), rows)
    width = 2 * _MARGIN + len(columns) * (BOX + _GAP) - (_GAP if len(columns) > 1 else 0)
    boxes: dict[str, Box] = {}
    for number, column in enumerate(columns):
        left, top = _MARGIN + number * (BOX + _GAP), _MARGIN
        for iri in column:
            corner = (width - left - BOX if mirrored else left, top)
            box = _box((iri, numbers[iri]), rows[iri], names, corner, mirrored=mirrored)
            boxes[iri], top = box, top + box.height + _BETWEEN
    height = max(box.y + box.height for box in boxes.values()) + _MARGIN
    lines = list(_lines(boxes, ties, width))
    return Picture(width, height, tuple(boxes.values()), tuple(lines[:LINES]), max(len(lines) - LINES, 0), mirrored)


def _rows(iri: str, ties: Sequence[Tie]) -> list[tuple[str, tuple[str, ...]]]:
    """The properties of a class with what they lead to, the most frequent first."""
    found: dict[str, list[str]] = {}
    for tie in ties:
        if tie.subject == iri:
            found.setdefault(tie.property, []).append(tie.object)
    return [(link, tuple(objects)) for link, objects in found.items()]


def _ordered(classes: Sequence[str], ties: Sequence[Tie]) -> list[str]:
    """The class with the most ties first, then always the one with the most ties to those before it."""
    between: Counter[tuple[str, str]] = Counter()
    for tie in ties:
        if tie.subject != tie.object:
            between[tie.subject, tie.object] += 1
            between[tie.object, tie.subject] += 1
    total = Counter(subject for subject, _ in between)
    near = dict.fromkeys(classes, 0)
    ordered: list[str] = []
    while near:
        place = {iri: number for number, iri in enumerate(classes)}
        best = max(near, key=lambda iri: (near[iri], total[iri], -place[iri]))
        del near[best]
        ordered.append(best)
        for other in near:
            near[other] += between[best, other]
    return ordered


def _placed(ordered: Sequence[str], rows: Mapping[str, Sequence[object]]) -> list[list[str]]:
    """The classes in columns, each below those of the column that is the shortest."""
    columns: list[list[str]] = [[] for _ in range(min(len(ordered), 2 if len(ordered) <= _FEW else _COLUMNS))]
    heights = [0] * len(columns)
    for iri in ordered:
        shortest = heights.index(min(heights))
        columns[shortest].append(iri)
        heights[shortest] += _height(len(rows[iri])) + _BETWEEN
    return columns


def _height(rows: int) -> int:
    shown = min(rows, ROWS) + (rows > ROWS)
    return _HEAD + (shown * _ROW + _PAD if shown else 0)


def _box(
    counted: tuple[str, int],
    rows: Sequence[tuple[str, tuple[str, ...]]],
    names: Mapping[str, Label],
    corner: tuple[int, int],
    *,
    mirrored: bool,
) -> Box:
    (iri, number), (x, y) = counted, corner
    entries = []
    for place, (link, objects) in enumerate(rows[:ROWS]):
        word, value = _called(link, names), _called(objects[0], names)
        more = f" +{len(objects) - 1}" if len(objects) > 1 else ""
        room = _ROOM - len(more) - min(len(word.text), _ROOM // 2)
        shown = Label(f"{cut(value.text, room)}{more}", value.language)
        told = Label(cut(word.text, _ROOM - len(shown.text)), word.language)
        entries.append(Entry(link, objects, told, shown, y + _HEAD + 15 + place * _ROW))
    label = _called(iri, names)
    begin, end = (x + BOX - _PAD, x + _PAD) if mirrored else (x + _PAD, x + BOX - _PAD)
    shown = Label(cut(label.text, _HEAD_ROOM), label.language)
    left_out = max(len(rows) - ROWS, 0)
    whole = cut(label.text, _LONGEST)
    return Box(iri, shown, whole, number, x, y, _height(len(rows)), begin, end, tuple(entries), left_out)


def _called(iri: str, names: Mapping[str, Label]) -> Label:
    return names.get(iri) or Label(iri)


def _lines(boxes: Mapping[str, Box], ties: Sequence[Tie], width: int) -> Iterator[Line]:
    """From the row of each property to the heads of the boxes that it leads to, the most frequent first."""
    places = {(box.iri, entry.property): entry.y - 5 for box in boxes.values() for entry in box.entries}
    for tie in ties:
        y = places.get((tie.subject, tie.property))
        if y is not None:
            yield _line(boxes[tie.subject], y, boxes[tie.object], width)


def _line(box: Box, y: int, other: Box, width: int) -> Line:
    """A curve from the side of one box to the side of another, through the room between the columns."""
    target = other.y + _HEAD // 2
    left, right = box.x, box.x + BOX
    if other.x == box.x:
        # In one column, or to itself: around, on the side where there is room.
        side, way = (right, 1) if right + _GAP // 2 < width else (left, -1)
        bend = side + 34 * way
        path = f"M{side} {y}C{bend} {y} {bend} {target} {side + 7 * way} {target}"
        return Line(path, _tip(side, target, way))
    begin, end, way = (right, other.x, 1) if other.x > box.x else (left, other.x + BOX, -1)
    bend = _GAP // 2 * way
    path = f"M{begin} {y}C{begin + bend} {y} {end - bend} {target} {end - 7 * way} {target}"
    return Line(path, _tip(end, target, -way))


def _tip(x: int, y: int, way: int) -> str:
    """The head of an arrow that comes from the left (-1) or from the right (1)."""
    return f"M{x + 8 * way} {y - 4}L{x} {y}L{x + 8 * way} {y + 4}z"
