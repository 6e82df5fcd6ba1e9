"""The parent side of a join: its subjects by the values that are compared, in memory or on disk."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from kg.rml.joins.spill import Disk

BUDGET: Final = 64 * 1024 * 1024
"""Bytes that an index may take in memory before it goes to disk."""
_ENTRY: Final = 50
"""Bytes of an entry of a dictionary beside its texts, as measured for 300 000 of them."""
_TEXT: Final = sys.getsizeof("")
_SEPARATOR: Final = "\x1f"
"""Between texts that are handed on as one: one that holds it is handed on as it is."""
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


@dataclass(frozen=True, slots=True)
class Packed:
    """What an index has of some rows, to be handed on: a few long texts, which are quick to send and to let go."""

    size: int
    """Bytes that it takes in an index."""
    columns: tuple[str | list[str], ...]
    """Columns of texts, each as one text where that is possible."""


class Index(ABC, Generic[Held]):
    """What the rows of a parent give to a join: in memory, and on disk when it would not fit."""

    _width: ClassVar[int]
    """Columns that are kept: keys alone, or their terms, too."""

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

    def pack(self) -> Packed:
        """What is in memory, for another index of the same kind; there is nothing in this one then."""
        size = self._size
        return Packed(size, tuple(map(as_one, self._columns(self._drain()))))

    def take(self, packed: Packed) -> None:
        """Take what another index had of the rows that come next."""
        self._put(*map(apart, packed.columns))

    def add(self, columns: Sequence[Sequence[Sequence[str]]]) -> None:
        """Take a batch: columns of lists of keys, then one of lists of subjects."""
        pairs = list(entries(columns))
        self._put([key for key, _ in pairs], [subjects for _, subjects in pairs])

    def add_alone(self, keys: Sequence[str], subjects: Sequence[str]) -> None:
        """Take a batch of which every row has a key and a subject, or the empty text for none."""
        if "" in keys or "" in subjects:
            pairs = list(entries_alone(keys, subjects))
            keys, subjects = [key for key, _ in pairs], [subject for _, subject in pairs]
        self._put(keys, subjects)

    def freeze(self) -> None:
        """Say that nothing more comes."""
        if self._disk is not None:
            self._spill(self._disk)
            self._disk.freeze()

    def close(self) -> None:
        """Let go of everything."""
        self._held, self._size = self._nothing(), 0
        if self._disk is not None:
            self._disk.close()

    def _settle(self) -> None:
        """Go to disk when memory is used up."""
        most = self._budget if self._disk is None else self._budget // 4
        if self._size <= most:
            return
        if self._disk is None:
            from kg.rml.joins.spill import Disk

            self._disk = Disk(self._folder)
        self._spill(self._disk)

    def _spill(self, disk: Disk) -> None:
        keys, *terms = self._columns(self._drain())
        disk.put(zip(keys, terms[0] if terms else repeat(""), strict=False))

    def _drain(self) -> Held:
        held: Held = self._held
        self._held, self._size = self._nothing(), 0
        return held

    def _put(self, *columns: Sequence[str]) -> None:
        keys, *terms = columns[: self._width]
        before = len(self._held)
        self._merge(keys, *terms)
        new = len(self._held) - before
        self._size += new * (_ENTRY + self._width * _TEXT) + sum(len("".join(column)) for column in terms)
        if new:
            self._size += len("".join(keys)) * new // len(keys)
        self._settle()

    @staticmethod
    @abstractmethod
    def _nothing() -> Held:
        """What is in memory at first."""

    @abstractmethod
    def _merge(self, *columns: Sequence[str]) -> None:
        """Take as many columns as the index has, in memory: keys, then the terms of each."""

    @staticmethod
    @abstractmethod
    def _columns(held: Held) -> tuple[Collection[str], ...]:
        """The columns of what is in memory."""


class JoinIndex(Index[dict[str, str]]):
    """Subjects by key; a key is the values of all conditions, joined. Terms of one key are joined by line ends."""

    _width = 2
    _has_several = False
    """Whether a key may have several terms."""

    def take(self, packed: Packed) -> None:
        self._has_several = True
        super().take(packed)

    def add(self, columns: Sequence[Sequence[Sequence[str]]]) -> None:
        self._has_several = True
        super().add(columns)

    @staticmethod
    def _nothing() -> dict[str, str]:
        return {}

    def _merge(self, *columns: Sequence[str]) -> None:
        keys, terms = columns
        held, before = self._held, len(self._held)
        deque(map(held.setdefault, keys, terms), maxlen=0)
        new = len(held) - before
        if new == len(keys):
            return
        self._has_several = True
        # A dictionary remembers their order: the last keys are new, and have the term of the first row with them. What
        # a key has is copied whenever something is added to it: all of these rows at once.
        first = set(islice(reversed(held), new))
        grouped: dict[str, list[str]] = {}
        for key, term in zip(keys, terms, strict=True):
            if key in first:
                first.remove(key)
            else:
                grouped.setdefault(key, []).append(term)
        for key, found in grouped.items():
            held[key] = "\n".join((held[key], *found))

    @staticmethod
    def _columns(held: dict[str, str]) -> tuple[Collection[str], ...]:
        return held.keys(), held.values()

    def find(self, column: Sequence[Any]) -> list[Sequence[str]]:
        """The subjects for a column of keys of one condition."""
        get = self._known(column).get
        return [() if found is None else (found,) if "\n" not in found else _terms(found) for found in map(get, column)]

    def find_alone(self, column: Sequence[Any]) -> list[str | None] | None:
        """The subject of each key, where none has several; else nothing."""
        found = list(map(self._known(column).get, column))
        if self._disk is None and not self._has_several:
            return found
        return None if "\n" in "".join(filter(None, found)) else found

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

    _width = 1

    @staticmethod
    def _nothing() -> set[str]:
        return set()

    def _merge(self, *columns: Sequence[str]) -> None:
        (keys,) = columns
        self._held.update(keys)

    @staticmethod
    def _columns(held: set[str]) -> tuple[Collection[str], ...]:
        return (held,)

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


def as_one(texts: Collection[str], separator: str = _SEPARATOR) -> str | list[str]:
    """Texts as a single one, which is quick to send and to let go, if none holds the separator."""
    joined = separator.join(texts)
    return joined if joined.count(separator) == len(texts) - 1 else list(texts)


def apart(packed: str | list[str], separator: str = _SEPARATOR) -> list[str]:
    """The texts again, of which there is one at least."""
    return packed.split(separator) if isinstance(packed, str) else packed
