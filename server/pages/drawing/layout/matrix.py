"""Documents against documents, in units of the picture: a sign in the cell of each pair that is tied.

Each pair stands once: in the row of the one that comes later, below the one that comes earlier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.lookup import Label
from server.pages.drawing.layout.lines import cut
from server.pages.drawing.model.sources import Pair

CELL: Final = 22
_NAMES: Final = 300
"""The width of the names of the rows."""
_HEAD: Final = 150
"""The height of the names of the columns."""
_ROOM: Final = 42
_HEAD_ROOM: Final = 24
_LONGEST: Final = 200
"""Characters of a name that is shown whole beside its head."""
_PAD: Final = 6
_LEAN: Final = 40
"""How far the name of the last column leans over its end."""


@dataclass(frozen=True, slots=True)
class Head:
    """A document as the head of a row or a column; `x` and `y` are where its text begins, or turns."""

    document: str
    text: str
    whole: str
    language: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A tie of two documents; `x` and `y` are the middle of its sign."""

    kind: str
    claim: str
    """The first claim of the document in the row."""
    x: int
    y: int
    first: str
    """The document of its column."""
    second: str
    """The document of its row."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole drawing."""

    width: int
    height: int
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    signs: tuple[Sign, ...]
    box: tuple[int, int, int, int]
    """Of the cells: the left, the top, the width and the height."""
    mirrored: bool
    cell: int = CELL


def draw(pairs: Sequence[Pair], order: Sequence[str], names: Mapping[str, Label], *, mirrored: bool) -> Matrix:
    """The drawing of some pairs, whose documents stand in this order."""
    place = {document: number for number, document in enumerate(order)}
    rows = sorted({pair.second for pair in pairs}, key=place.__getitem__)
    columns = sorted({pair.first for pair in pairs}, key=place.__getitem__)
    width, height = len(columns) * CELL, len(rows) * CELL
    left = _LEAN + _HEAD // 2 if mirrored else _NAMES
    whole = left + width + (_NAMES if mirrored else _LEAN + _HEAD // 2)

    def column_x(document: str) -> int:
        number = columns.index(document)
        return left + (len(columns) - 1 - number if mirrored else number) * CELL + CELL // 2

    def row_y(document: str) -> int:
        return _HEAD + rows.index(document) * CELL + CELL // 2

    edge = whole - _NAMES + _PAD if mirrored else _NAMES - _PAD
    heads = tuple(_head(it, names, edge, row_y(it), _ROOM) for it in rows)
    tops = tuple(_head(it, names, column_x(it), _HEAD - _PAD, _HEAD_ROOM) for it in columns)
    signs = tuple(
        Sign(kind, claims[0][1], column_x(pair.first) + shift, row_y(pair.second), pair.first, pair.second)
        for pair in pairs
        for (kind, claims), shift in zip(pair.ties, _shifts(len(pair.ties)), strict=True)
    )
    return Matrix(whole, _HEAD + height + 2, heads, tops, signs, (left, _HEAD, width, height), mirrored)


def _shifts(number: int) -> tuple[int, ...]:
    """Where several signs stand in one cell, from its middle."""
    return {1: (0,), 2: (-5, 5), 3: (-7, 0, 7)}[number]


def _head(document: str, names: Mapping[str, Label], x: int, y: int, room: int) -> Head:
    label = names.get(document) or Label(document.rpartition("/")[2])
    return Head(document, cut(label.text, room), cut(label.text, _LONGEST), label.language, x, y)
