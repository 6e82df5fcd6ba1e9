"""The parent side of a join: its subjects by the values that are compared, in memory or on disk."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Final, Protocol

from kg.errors import StorageError

BUDGET: Final = 64 * 1024 * 1024
"""Bytes that an index may take in memory before it goes to disk."""
_ENTRY: Final = 50
"""Bytes of an entry of a dictionary beside its texts, as measured for 300 000 of them."""


_TEXTS: Final = 2 * sys.getsizeof("")


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


class JoinIndex:
    """Subjects by key; a key is the values of all conditions, joined. Terms of one key are joined by line ends."""

    def __init__(self, folder: Path | None = None, budget: int = BUDGET) -> None:
        self._folder, self._budget, self._size = folder, budget, 0
        self._terms: dict[str, str] = {}
        self._disk: _Disk | None = None

    def add(self, columns: Sequence[Sequence[Sequence[str]]]) -> None:
        """Take a batch: columns of lists of keys, then one of lists of subjects."""
        for key, subjects in entries(columns):
            self._put(key, subjects)
        self._settle()

    def add_alone(self, keys: Sequence[str], subjects: Sequence[str]) -> None:
        """Take a batch of which every row has a key and a subject, or the empty text for none."""
        new = dict(zip(keys, subjects, strict=True))
        if len(new) == len(keys) and "" not in new and "" not in subjects and self._terms.keys().isdisjoint(new):
            self._terms.update(new)
            self._size += len(keys) * (_ENTRY + _TEXTS) + len("".join(keys)) + len("".join(subjects))
            self._settle()
        else:
            for key, subject in entries_alone(keys, subjects):
                self._put(key, subject)
            self._settle()

    def _settle(self) -> None:
        """Go to disk when memory is used up."""
        if self._disk is None and self._size > self._budget:
            self._disk = _Disk(self._folder)
            self._disk.put(self._terms)
            self._terms, self._size = {}, 0
        elif self._disk is not None and self._size > self._budget // 4:
            self._disk.put(self._terms)
            self._terms, self._size = {}, 0

    def freeze(self) -> None:
        """Say that nothing more comes."""
        if self._disk is not None:
            self._disk.put(self._terms)
            self._terms = {}
            self._disk.freeze()

    def close(self) -> None:
        """Let go of everything."""
        self._terms = {}
        if self._disk is not None:
            self._disk.close()

    def _put(self, key: str, term: str) -> None:
        known = self._terms.get(key)
        if known is None:
            self._terms[key] = term
            self._size += sys.getsizeof(key) + sys.getsizeof(term) + _ENTRY
        else:
            self._terms[key] = f"{known}\n{term}"
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
        return self._terms if self._disk is None else self._disk.get(keys)


def _terms(joined: str) -> Sequence[str]:
    return joined.split("\n")


class _Disk:
    """The index in a SQLite database of its own; processes that are forked later read it through their own eyes."""

    def __init__(self, folder: Path | None) -> None:
        handle, name = mkstemp(prefix="kg-join-", suffix=".sqlite", dir=folder)
        os.close(handle)
        self._path = Path(name)
        self._connect()
        self._connection.execute("CREATE TABLE term (key TEXT NOT NULL, value TEXT NOT NULL)")

    def _connect(self) -> None:
        self._owner = os.getpid()
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"):
            self._connection.execute(f"PRAGMA {setting}")

    def put(self, terms: dict[str, str]) -> None:
        """Add terms to keys."""
        try:
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT INTO term VALUES (?, ?)", terms.items())
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise StorageError(f"cannot keep the index of a join on disk: {error}") from None

    def freeze(self) -> None:
        """Make it fast to read."""
        self._connection.execute("CREATE INDEX by_key ON term (key)")

    def get(self, keys: Iterable[Any]) -> dict[str, str]:
        """The terms of some keys, in the order of the rows that they came from."""
        if self._owner != os.getpid():
            self._connect()
        wanted = sorted({key for key in keys if key is not None})
        found: dict[str, str] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ", ".join("?" * len(some))
            query = f"SELECT key, value FROM term WHERE key IN ({marks}) ORDER BY rowid"  # noqa: S608 -- marks only
            for key, value in self._connection.execute(query, some):
                found[key] = f"{found[key]}\n{value}" if key in found else value
        return found

    def close(self) -> None:
        """Remove the database."""
        self._connection.close()
        self._path.unlink(missing_ok=True)
