"""What a YAML document holds, as values that know where they stand.

There are very many of them, and few are ever asked for their place. So a place is one whole number, and becomes a
`Position` when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import Position

Scalar = str | int | float | bool | None

_BITS: Final = 32
"""Of a place, those that tell the column; the others tell the line."""
_COLUMN: Final = (1 << _BITS) - 1


def pack(line: int, column: int | None = None) -> int:
    """A line and a column, both counted from 1, as one number; `position_of` is the way back.

    >>> position_of("t.yaml", pack(3, 7)) == Position("t.yaml", 3, 7)
    True
    >>> position_of("t.csv", pack(3)) == Position("t.csv", 3)
    True
    """
    return line << _BITS | (column or 0)


def position_of(name: str, place: int) -> Position:
    """The position in the file `name` that a number of `pack` means."""
    return Position(name, place >> _BITS, place & _COLUMN or None)


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar and where it stands; `text` is what the file says, before any typing."""

    value: Scalar
    text: str
    name: str
    """What errors call the file."""
    place: int

    @classmethod
    def at(cls, position: Position, value: Scalar, text: str) -> Value:
        """A value that was read elsewhere than in a document."""
        return cls(value, text, position.path, pack(position.line, position.column))

    @property
    def position(self) -> Position:
        """Where it starts."""
        return position_of(self.name, self.place)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list and where it starts."""

    items: tuple[Node, ...]
    name: str
    place: int

    @property
    def position(self) -> Position:
        """Where it starts."""
        return position_of(self.name, self.place)


@dataclass(frozen=True, slots=True)
class Keys(Mapping[str, Position]):
    """Where each key of a table stands."""

    name: str
    places: Mapping[str, int]

    def __getitem__(self, key: str) -> Position:
        return position_of(self.name, self.places[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping from text keys; `keys` tells where each key stands."""

    entries: Mapping[str, Node]
    places: Mapping[str, int]
    """Where each key stands, as `keys` tells in words."""
    name: str
    place: int
    in_braces: bool = False
    """Whether it is written `{a: 1, b: 2}`, where a comma ends a text."""

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.entries.items())

    def get(self, key: str) -> Node | None:
        return self.entries.get(key)

    def at(self, place: int) -> Table:
        """The same entries under another place, such as that of the key that the table belongs to."""
        return Table(self.entries, self.places, self.name, place)

    @property
    def keys(self) -> Keys:
        """Where each key stands."""
        return Keys(self.name, self.places)

    @property
    def position(self) -> Position:
        """Where it starts."""
        return position_of(self.name, self.place)


Node = Value | Sequence | Table
