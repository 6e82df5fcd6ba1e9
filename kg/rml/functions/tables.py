"""Tables that functions look values up in: a file beside the mapping, read once, when the mapping is."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from kg.rml.mapping.functions import Refused

_LARGEST: Final = 64 << 20
"""Bytes of a table that values are looked up in: it is held in memory."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table in CSV, or in TSV if its name ends so; two of the same content are one."""

    name: str = field(compare=False)
    path: Path = field(compare=False)
    digest: str
    content: str = field(compare=False, repr=False)

    @property
    def separator(self) -> str:
        """What stands between two cells."""
        return "\t" if self.path.suffix.lower() in {".tsv", ".tab"} else ","


def read_table(name: str, path: Path) -> TableFile:
    """The table of a file.

    :raises ValueError: if it is too large, not UTF-8, or cannot be read
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"'{name}' has more than {_LARGEST >> 20} MiB: join it as a source of its own")
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"'{name}' is not UTF-8: byte {error.start}") from None
    except OSError as error:
        raise ValueError(f"'{name}' cannot be read: {error.strerror}") from None
    return TableFile(name, path, hashlib.sha256(content).hexdigest(), text)


def check(given: Mapping[str, Any]) -> None:
    """The table has the columns that are named, the same for every row.

    :raises Refused: if that is not so
    """
    for name in ("from_column", "to_column"):
        if name not in given:
            raise Refused(f"'{name}' is the same for every row")
        _place(given[name], _header(given["table"]), given["table"])


def look_up(key: str, table: TableFile, from_column: str, to_column: str, default: str | None = None) -> str | None:
    """The value of a column in the row of a table that has `key` in another; a column is named, or numbered from 0."""
    return _index(table, from_column, to_column).get(key, default)


@lru_cache(64)
def _index(table: TableFile, from_column: str, to_column: str) -> Mapping[str, str]:
    rows = _rows(table)
    header = next(rows, [])
    key, value = _place(from_column, header, table), _place(to_column, header, table)
    found: dict[str, str] = {}
    for row in rows:
        if len(row) > max(key, value) and row[value]:
            found.setdefault(row[key], row[value])
    return found


def _header(table: TableFile) -> list[str]:
    return next(_rows(table), [])


def _rows(table: TableFile) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(table.content, newline=""), delimiter=table.separator)


def _place(column: str, header: list[str], table: TableFile) -> int:
    if column in header:
        return header.index(column)
    if column.isascii() and column.isdecimal() and int(column) < len(header):
        return int(column)
    raise Refused(f"{table.name} has no column '{column}'", f"columns: {', '.join(header)}"[:300])
