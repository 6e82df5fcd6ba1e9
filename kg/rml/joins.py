"""The parent side of a join: its subjects by the values that are compared, in memory or on disk."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from kg.rml.spill import Disk

BUDGET: Final = 64 * 1024 * 1024
"""Bytes that an index may take in memory before it goes to disk."""
_ENTRY: Final = 50
"""Bytes of an entry of a dictionary beside its texts, as measured for 300 000 of them."""
_TEXT: Final = sys.getsizeof("")
Held = TypeVar("Held", dict[str, str], set[str])
"""What an index keeps in memory."""


class Lookup(Protocol):
    """Where a program finds the subjects of a parent: one sequence of them for each row."""

    def find(self, column: Sequence[Any]) -> Sequence[Sequence[str]]:
        """The subjects for a column of keys of one condition."""

    def find_texts(self, column: Sequence[str]) -> Sequence[Sequence[str]]:
        """The same for cells of a table, of which the empty one is no key."""

    def find_all(self, *columns: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """The subjects for columns of lists of keys."""


def joined_keys(row: Iterable[Iterable[str]]) -> list[str]:
    r"""The keys of a row: one value of each condition, joined.

    >>> joined_keys((["a", "b"], ["1"]))
    ['a\x001', 'b\x001']
    """
    return ["\0".join(parts) for parts in product(*row)]


def entries(columns: Sequence[Sequence[Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """Keys with the subjects that have them, of columns of lists of keys, then one of lists of subjects.

    Subjects of one key are joined by line ends, which no term holds.
    """
    for *keys, subjects in zip(*columns, strict=True):
        if subjects:
            for key in joined_keys(dict.fromkeys(values) for values in keys):
                yield key, "\n".join(subjects)


def entries_alone(keys: Sequence[str], subjects: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The same of rows that have a key and a subject, or the empty text for none."""
    return ((key, subject) for key, subject in zip(keys, subjects, strict=True) if key and subject)


class Index(ABC, Generic[Held]):
    """What the rows of a parent give to a join: in memory, and on disk when it would not fit."""

    def __init__(self, folder: Path | None = None, budget: int = BUDGET) -> None:
        self._folder, self._budget, self._size = folder, budget, 0
        self._held: Held = self._nothing()
        self._disk: Disk | None = None

    def fresh(self) -> Self:
        """An empty index of the same kind, in memory only, for some of the rows."""
        return type(self)(None, sys.maxsize)

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about."""
        return self._size

    def drain(self) -> Held:
        """What is in memory, for another index to take (`merge`); there is nothing in this one then."""
        held: Held = self._held
        self._held, self._size = self._nothing(), 0
        return held

    def merge(self, held: Held) -> None:
        """Take what another index had of the rows that come next."""
        self._merge(held)
        self._settle()

    @abstractmethod
    def add(self, columns: Sequence[Sequence[Sequence[str]]]) -> None:
        """Take a batch: columns of lists of keys, then one of lists of subjects."""

    @abstractmethod
    def add_alone(self, keys: Sequence[str], subjects: Sequence[str]) -> None:
        """Take a batch of which every row has a key and a subject, or the empty text for none."""

    def freeze(self) -> None:
        """Say that nothing more comes."""
        if self._disk is not None:
            self._disk.put(self._pairs(self.drain()))
            self._disk.freeze()

    def close(self) -> None:
        """Let go of everything."""
        self.drain()
        if self._disk is not None:
            self._disk.close()

    def _settle(self) -> None:
        """Go to disk when memory is used up."""
        if self._disk is None and self._size > self._budget:
            from kg.rml.spill import Disk

            self._disk = Disk(self._folder)
            self._disk.put(self._pairs(self.drain()))
        elif self._disk is not None and self._size > self._budget // 4:
            self._disk.put(self._pairs(self.drain()))

    @staticmethod
    @abstractmethod
    def _nothing() -> Held:
        """What is in memory at first."""

    @staticmethod
    @abstractmethod
    def _pairs(held: Held) -> Iterable[tuple[str, str]]:
        """Keys and terms, as they lie on disk."""

    @abstractmethod
    def _merge(self, held: Held) -> None:
        """Take what another index had, in memory."""


class JoinIndex(Index[dict[str, str]]):
    """Subjects by key; a key is the values of all conditions, joined. Terms of one key are joined by line ends."""

    def add(self, columns: Sequence[Sequence[Sequence[str]]]) -> None:
        for key, subjects in entries(columns):
            self._put(key, subjects)
        self._settle()

    def add_alone(self, keys: Sequence[str], subjects: Sequence[str]) -> None:
        new = dict(zip(keys, subjects, strict=True))
        if len(new) == len(keys) and "" not in new and "" not in subjects:
            self._merge(new)
        else:
            for key, subject in entries_alone(keys, subjects):
                self._put(key, subject)
        self._settle()

    @staticmethod
    def _nothing() -> dict[str, str]:
        return {}

    @staticmethod
    def _pairs(held: dict[str, str]) -> Iterable[tuple[str, str]]:
        return held.items()

    def _merge(self, held: dict[str, str]) -> None:
        if self._held.keys().isdisjoint(held):
            self._held.update(held)
            self._size += len(held) * (_ENTRY + 2 * _TEXT) + len("".join(held)) + len("".join(held.values()))
        else:
            for key, found in held.items():
                self._put(key, found)

    def _put(self, key: str, term: str) -> None:
        known = self._held.get(key)
        if known is None:
            self._held[key] = term
            self._size += sys.getsizeof(key) + sys.getsizeof(term) + _ENTRY
        else:
            self._held[key] = f"{known}\n{term}"
            self._size += len(term) + 1

    def find(self, column: Sequence[Any]) -> list[Sequence[str]]:
        """The subjects for a column of keys of one condition."""
        get = self._known(column).get
        return [() if found is None else _terms(found) for found in map(get, column)]

    def find_texts(self, column: Sequence[str]) -> list[Sequence[str]]:
        """The same for cells of a table, of which the empty one is no key."""
        get = self._known(column).get
        # Most keys lead to one subject, for which nothing is called.
        return [
            () if not key or (found := get(key)) is None else (found,) if "\n" not in found else _terms(found)
            for key in column
        ]

    def find_all(self, *columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """The subjects for columns of lists of keys; a subject that agrees twice is taken once."""
        keys = [joined_keys(values) for values in zip(*columns, strict=True)]
        known = self._known([key for row in keys for key in row])
        made: list[Sequence[str]] = []
        for row in keys:
            terms = (term for key in row if key in known for term in known[key].split("\n"))
            made.append(list(dict.fromkeys(terms)))
        return made

    def _known(self, keys: Sequence[Any]) -> dict[str, str]:
        return self._held if self._disk is None else self._disk.get(keys)


class KeyIndex(Index[set[str]]):
    """The keys of parents whose subjects follow from them: programs make such a subject of the key."""

    def add(self, columns: Sequence[Sequence[Sequence[str]]]) -> None:
        self.merge({key for key, _ in entries(columns)})

    def add_alone(self, keys: Sequence[str], subjects: Sequence[str]) -> None:
        if "" in keys or "" in subjects:
            self.merge({key for key, _ in entries_alone(keys, subjects)})
        else:
            self.merge(set(keys))

    @staticmethod
    def _nothing() -> set[str]:
        return set()

    @staticmethod
    def _pairs(held: set[str]) -> Iterable[tuple[str, str]]:
        return ((key, "") for key in held)

    def _merge(self, held: set[str]) -> None:
        before = len(self._held)
        self._held |= held
        self._size += (len(self._held) - before) * (_ENTRY + _TEXT) + len("".join(held))

    def known(self, column: Sequence[str | None]) -> list[str | None]:
        """A column of keys without those that no parent has."""
        known = self._known(column)
        return [key if key in known else None for key in column]

    def known_texts(self, column: Sequence[str]) -> list[str]:
        """The same for cells of a table, of which the empty one is no key."""
        known = self._known(column)
        return [key if key in known else "" for key in column]

    def known_lists(self, column: Sequence[Sequence[str]]) -> list[list[str]]:
        """The same for a column of lists; a key is taken once."""
        known = self._known([key for keys in column for key in keys])
        return [[key for key in dict.fromkeys(keys) if key in known] for keys in column]

    def _known(self, keys: Sequence[Any]) -> Container[str]:
        return self._held if self._disk is None else self._disk.get(keys)


def _terms(joined: str) -> Sequence[str]:
    return joined.split("\n")
