"""Things and the ties between them, in units of the picture: in columns from where the arrows begin to where they end.

Each tie ends in a place of its own at the side of a name, and its word stands there, so that no two words meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from server.lookup import Label
from server.pages.drawing.layout.lines import broken, cut

_NAME: Final = 190
"""The width of a column of names."""
_GUTTER: Final = 200
"""The width between two of them: for curves, and the words of ties before the names that they lead to."""
_WORDS: Final = 118
"""How much of it the words have."""
_LINE: Final = 17
_PLACE: Final = 18
"""Between the ends of two ties."""
_BETWEEN: Final = 16
_MARGIN: Final = 10
_LOOP: Final = 26
_WAY: Final = 12
"""Between two ties that lead back."""
_ROOM: Final = 25
_WORD_ROOM: Final = 17
_LINES: Final = 2
_LONGEST: Final = 200
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """A tie from one thing to another; the word of its property, or empty."""

    subject: str
    property: str
    object: str


@dataclass(frozen=True, slots=True)
class Node:
    """A name in its place: `x` is the edge of its text on the `side`, `y` the base of its first line."""

    name: str
    lines: tuple[str, ...]
    whole: str
    language: str
    x: int
    y: int
    box: tuple[int, int, int, int]
    """The left, the top, the width and the height of what stands behind it."""
    step: int = _LINE


@dataclass(frozen=True, slots=True)
class Line:
    """A tie as it is drawn; `x` and `y` are where its word ends."""

    property: str
    path: str
    word: str
    whole: str
    language: str
    x: int
    y: int
    tip: str
    """The head of its arrow."""


@dataclass(frozen=True, slots=True)
class Network:
    """The whole drawing."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    mirrored: bool


@dataclass(frozen=True, slots=True)
class _Box:
    column: int
    top: int
    height: int
    lines: tuple[str, ...]

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


def draw(edges: Sequence[Edge], names: Mapping[str, Label], *, mirrored: bool) -> Network:
    """The drawing of some ties; the same ones in the same order give the same drawing.

    >>> it = draw([Edge("a", "p", "b"), Edge("b", "p", "c"), Edge("c", "p", "a")], {}, mirrored=False)
    >>> [node.name for node in it.nodes], [node.x for node in it.nodes]
    (['a', 'b', 'c'], [190, 580, 970])
    """
    columns = _columns(edges)
    boxes, height = _boxes(columns, edges, names)
    # What leads back turns around outside of the first and the last column, below all names on ways of its own.
    back = [edge for edge in edges if boxes[edge.subject].column >= boxes[edge.object].column]
    ways = {edge: height + number * _WAY for number, edge in enumerate(back)}
    before = _GUTTER - _LOOP if any(boxes[edge.object].column == 0 for edge in back) else 0
    after = 2 * _LOOP if any(boxes[edge.subject].column == len(columns) - 1 for edge in back) else 0
    width = before + len(columns) * (_NAME + _GUTTER) - _GUTTER + after + 2 * _MARGIN
    place = _Place(width, _MARGIN + before, mirrored)
    nodes = tuple(_node(name, box, names, place) for name, box in boxes.items())
    height += len(back) * _WAY
    return Network(width, height, nodes, tuple(_lines(boxes, ways, edges, names, place)), mirrored)


@dataclass(frozen=True, slots=True)
class _Place:
    """From places that count from where arrows begin to places from the left."""

    width: int
    shift: int
    mirrored: bool

    def begin(self, column: int) -> int:
        return self.shift + column * (_NAME + _GUTTER)

    def at(self, x: int) -> int:
        return self.width - x if self.mirrored else x


def _columns(edges: Sequence[Edge]) -> list[list[str]]:
    """The names by columns: each behind those that lead to it, but for ties that would lead back."""
    onwards = _without_cycles(edges)
    names = list(dict.fromkeys(name for edge in edges for name in (edge.subject, edge.object)))
    depth = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for edge in onwards:
            if depth[edge.object] <= depth[edge.subject]:
                depth[edge.object], moved = depth[edge.subject] + 1, True
        if not moved:
            break
    # What nothing leads to stands beside the nearest that it leads to.
    led_to = {edge.object for edge in onwards}
    for name in names:
        after = [depth[edge.object] for edge in onwards if edge.subject == name]
        if name not in led_to and after:
            depth[name] = min(after) - 1
    columns = [[name for name in names if depth[name] == column] for column in range(max(depth.values()) + 1)]
    return _ordered([column for column in columns if column], edges)


def _without_cycles(edges: Sequence[Edge]) -> list[Edge]:
    """The ties without those that would close a ring, taken in their order."""
    after: dict[str, set[str]] = {}
    kept = []
    for edge in edges:
        if edge.subject != edge.object and not _leads(after, edge.object, edge.subject):
            after.setdefault(edge.subject, set()).add(edge.object)
            kept.append(edge)
    return kept


def _leads(after: Mapping[str, set[str]], begin: str, end: str) -> bool:
    seen, open_ = {begin}, [begin]
    while open_:
        for name in after.get(open_.pop(), ()):
            if name not in seen:
                seen.add(name)
                open_.append(name)
    return end in seen


def _ordered(columns: list[list[str]], edges: Sequence[Edge]) -> list[list[str]]:
    """Each column by the middles of what its names are tied to, so that few lines cross."""
    tied: dict[str, list[str]] = {}
    for edge in edges:
        tied.setdefault(edge.subject, []).append(edge.object)
        tied.setdefault(edge.object, []).append(edge.subject)
    for _ in range(_ROUNDS):
        for number, column in enumerate(columns):
            places = {name: n / len(other) for other in columns if other is not column for n, name in enumerate(other)}
            middles = {name: [places[it] for it in tied[name] if it in places] for name in column}
            known = {name: sum(found) / len(found) for name, found in middles.items() if found}
            columns[number] = sorted(column, key=lambda name: known.get(name, 1.0))
    return columns


def _boxes(
    columns: Sequence[Sequence[str]], edges: Sequence[Edge], names: Mapping[str, Label]
) -> tuple[dict[str, _Box], int]:
    """Where each name stands, high enough for the ties that end there, and how high all is."""
    ends = Counter(edge.object for edge in edges)

    def sized(name: str) -> _Box:
        lines = broken(_called(name, names).text, _ROOM, _LINES)
        return _Box(0, 0, max(len(lines) * _LINE + 8, ends[name] * _PLACE), lines)

    made = [[(name, sized(name)) for name in column] for column in columns]
    taken = [sum(box.height + _BETWEEN for _, box in column) for column in made]
    boxes = {}
    for number, column in enumerate(made):
        # A short column is spread over the height of the highest.
        share, top = (max(taken) - taken[number]) / len(column), _BETWEEN
        for place, (name, box) in enumerate(column):
            boxes[name] = replace(box, column=number, top=top + round(share * (place + 0.5)))
            top += box.height + _BETWEEN
    return boxes, max(taken) + _BETWEEN


def _called(name: str, names: Mapping[str, Label]) -> Label:
    return names.get(name) or Label(name)


def _node(name: str, box: _Box, names: Mapping[str, Label], place: _Place) -> Node:
    label, begin = _called(name, names), place.begin(box.column)
    left = min(place.at(begin), place.at(begin + _NAME))
    base = box.middle - len(box.lines) * _LINE // 2 + 13
    behind = (left, box.top, _NAME, box.height)
    return Node(name, box.lines, cut(label.text, _LONGEST), label.language, place.at(begin + 6), base, behind)


def _lines(
    boxes: Mapping[str, _Box],
    ways: Mapping[Edge, int],
    edges: Sequence[Edge],
    names: Mapping[str, Label],
    place: _Place,
) -> Iterator[Line]:
    """Each tie to its place at the name that it leads to: those from above end above those from below."""
    for name, box in boxes.items():
        ending = [edge for edge in edges if edge.object == name]
        ending.sort(key=lambda edge: (ways.get(edge, 0), boxes[edge.subject].middle))
        top = box.middle - len(ending) * _PLACE // 2 + _PLACE // 2
        for number, edge in enumerate(ending):
            y, end = top + number * _PLACE, place.begin(box.column)
            label = _called(edge.property, names) if edge.property else Label("")
            begin = boxes[edge.subject]
            at = end - (_WORDS if edge.property else 0) - 10
            path = _path(place, (place.begin(begin.column) + _NAME, begin.middle), (at, y), ways.get(edge))
            path += f"L{place.at(end - 8)} {y}"
            tip = f"M{place.at(end - 9)} {y - 4}L{place.at(end - 1)} {y}L{place.at(end - 9)} {y + 4}z"
            word, whole = cut(label.text, _WORD_ROOM), cut(label.text, _LONGEST)
            x = place.at(end - 13)
            yield Line(edge.property, path, word, whole, label.language, x, y - 4, tip if edge.property else "")


def _path(place: _Place, begin: tuple[int, int], end: tuple[int, int], way: int | None) -> str:
    """A curve from one place to another; on a way below all names, where there is one."""

    def at(*points: tuple[int, int]) -> str:
        return " ".join(f"{place.at(across)} {down}" for across, down in points)

    (x1, y1), (x2, y2) = begin, end
    if way is None:
        bend = (x2 - x1) // 2
        return f"M{at(begin)}C{at((x1 + bend, y1), (x2 - bend, y2), end)}"
    down, up = at((x1 + _LOOP, y1), (x1 + _LOOP, way), (x1, way)), at((x2 - _LOOP, way), (x2 - _LOOP, y2), end)
    return f"M{at(begin)}C{down}L{at((x2, way))}C{up}"
