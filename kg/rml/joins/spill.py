"""Where an index lies when it would not fit into memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from kg.errors import StorageError


class Disk:
    """Terms by key in a SQLite database of its own; processes that are forked later read it through their own eyes."""

    def __init__(self, folder: Path | None) -> None:
        handle, name = mkstemp(prefix="kg-join-", suffix=".sqlite", dir=folder)
        os.close(handle)
        self._path = Path(name)
        self._connect()
        self._connection.execute("CREATE TABLE term (key BLOB NOT NULL, value TEXT NOT NULL)")

    def _connect(self) -> None:
        self._owner = os.getpid()
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"):
            self._connection.execute(f"PRAGMA {setting}")

    def put(self, terms: Iterable[tuple[str, str]]) -> None:
        """Add terms to keys."""
        try:
            self._connection.execute("BEGIN")
            pairs = ((_bytes(key), term) for key, term in terms)
            self._connection.executemany("INSERT INTO term VALUES (?, ?)", pairs)
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
        wanted = {_bytes(key): key for key in keys if key is not None}
        in_order = sorted(wanted)
        found: dict[str, str] = {}
        for start in range(0, len(in_order), 500):
            some = in_order[start : start + 500]
            marks = ", ".join("?" * len(some))
            query = f"SELECT key, value FROM term WHERE key IN ({marks}) ORDER BY rowid"  # noqa: S608 -- marks only
            for written, value in self._connection.execute(query, some):
                key = wanted[written]
                found[key] = f"{found[key]}\n{value}" if key in found else value
        return found

    def close(self) -> None:
        """Remove the database."""
        self._connection.close()
        self._path.unlink(missing_ok=True)


def _bytes(key: str) -> bytes:
    """A key as it lies there: as text, half a character could not."""
    return key.encode("utf-8", "surrogatepass")
