"""Rows on their way from a source to a view: columns by name, and what is done to them step by step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, Final

ROWS: Final = 2000
"""Rows of a frame, about: a record with many values within becomes several frames."""
Column = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """Some rows."""

    size: int
    columns: Mapping[str, Column]

    def with_columns(self, columns: Mapping[str, Column]) -> Frame:
        """The same rows with more columns, or others in the place of some."""
        return Frame(self.size, {**self.columns, **columns})

    def taken(self, order: Sequence[int], kept: Iterable[str]) -> dict[str, Column]:
        """Some columns of rows in an order, in which a row may come often, or not at all."""
        return {name: list(map(self.columns[name].__getitem__, order)) for name in kept}


class Step(ABC):
    """Something that is done to frames; what it needs and makes decides whether it is done at all."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: frozenset[str] = frozenset()

    @property
    @abstractmethod
    def needs(self) -> frozenset[str]:
        """The columns that it takes."""

    @property
    @abstractmethod
    def makes(self) -> frozenset[str]:
        """The columns that it adds."""

    @property
    def changes_rows(self) -> bool:
        """Whether there may be more or fewer rows after it."""
        return False

    def keep(self, names: frozenset[str]) -> None:
        """Say which columns are used after it."""
        self._kept = names

    @abstractmethod
    def run(self, frame: Frame) -> Iterator[Frame]:
        """The frames that it makes of one."""


class Steps:
    """Steps one after the other, of which only those are done that lead to what is wanted."""

    def __init__(self, steps: Iterable[Step], wanted: Iterable[str]) -> None:
        live = frozenset(wanted)
        chosen: list[Step] = []
        for step in reversed([*steps]):
            if not step.changes_rows and not step.makes & live:
                continue
            step.keep(live)
            live = (live - step.makes) | step.needs
            chosen.append(step)
        self._steps = tuple(reversed(chosen))
        self.needs = live
        """The columns that must be there at first."""

    def run(self, frame: Frame) -> Iterator[Frame]:
        """What becomes of some rows."""
        return self._from(0, frame)

    def _from(self, number: int, frame: Frame) -> Iterator[Frame]:
        columns = dict(frame.columns)
        for place, step in enumerate(self._steps[number:], number):
            if isinstance(step, Derived):
                step.add(columns, frame.size)
                continue
            for made in step.run(Frame(frame.size, columns)):
                yield from self._from(place + 1, made)
            return
        yield Frame(frame.size, columns)


class Derived(Step):
    """Adds columns that are made of others, row by row."""

    def __init__(self, takes: Sequence[str], gives: Sequence[str], make: Callable[..., Sequence[Column]]) -> None:
        """With what makes the columns of the number of rows and the columns that it takes."""
        super().__init__()
        self._takes, self._gives, self._make = tuple(takes), tuple(gives), make

    @property
    def needs(self) -> frozenset[str]:
        return frozenset(self._takes)

    @property
    def makes(self) -> frozenset[str]:
        return frozenset(self._gives)

    def add(self, columns: dict[str, Column], size: int) -> None:
        """Add its columns to those of some rows."""
        columns.update(zip(self._gives, self._make(size, *map(columns.__getitem__, self._takes)), strict=True))

    def run(self, frame: Frame) -> Iterator[Frame]:
        columns = dict(frame.columns)
        self.add(columns, frame.size)
        yield Frame(frame.size, columns)


class Spread(Step):
    """A row for each value of lists, and for an empty one a row without value (RML-LV, section 4.3)."""

    def __init__(self, lists: str, value: str, index: str) -> None:
        super().__init__()
        self._lists, self._value, self._index = lists, value, index

    @property
    def needs(self) -> frozenset[str]:
        return frozenset({self._lists})

    @property
    def makes(self) -> frozenset[str]:
        return frozenset({self._value, self._index})

    @property
    def changes_rows(self) -> bool:
        return True

    def run(self, frame: Frame) -> Iterator[Frame]:
        lists = frame.columns[self._lists]
        kept = self._kept - self.makes
        if max(map(len, lists), default=0) <= 1:
            values = [found[0] if found else None for found in lists]
            yield frame.with_columns({self._value: values, self._index: [0 if found else None for found in lists]})
            return
        for order, places in _in_parts(lists):
            columns = frame.taken(order, kept)
            if self._value in self._kept:
                columns[self._value] = [
                    None if place is None else lists[row][place] for row, place in zip(order, places, strict=True)
                ]
            columns[self._index] = places
            yield Frame(len(order), columns)


def _in_parts(lists: Sequence[Sequence[Any]]) -> Iterator[tuple[list[int], list[int | None]]]:
    """Rows with the places in their lists, some of them at a time."""
    order: list[int] = []
    places: list[int | None] = []
    for row, found in enumerate(lists):
        if not found:
            order.append(row)
            places.append(None)
        for start in range(0, len(found), ROWS):
            end = min(start + ROWS, len(found))
            order.extend(repeat(row, end - start))
            places.extend(range(start, end))
            if len(order) >= ROWS:
                yield order, places
                order, places = [], []
        if len(order) >= ROWS:
            yield order, places
            order, places = [], []
    if order:
        yield order, places


def flattened(lists: Iterable[Sequence[Any]]) -> list[Any]:
    """All values of lists.

    >>> flattened([[1], [], [2, 3]])
    [1, 2, 3]
    """
    return list(chain.from_iterable(lists))
