"""Sheets as they are laid out: rows and columns that are none of the table, and merged cells (ECMA-376, 18.3.1.55)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.rml.mapping.model import Dialect

Numbered = Iterator[tuple[int, list[Any]]]
_RANGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_TAIL: Final = 200
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one; columns count from 0, rows from 1."""

    top: int
    left: int
    bottom: int
    right: int


def merged_ranges(path: Path, part: str) -> tuple[Merged, ...]:
    """The merged cells of a sheet, from the top; what stands after the first hundred thousand is left as it is."""
    found: dict[Merged, None] = {}
    with zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as file:
        tail = b""
        while (block := file.read(1 << 20)) and len(found) < _MOST:
            for left, top, right, bottom in _RANGE.findall(tail + block):
                found[Merged(int(top), _number(left), int(bottom), _number(right))] = None
            tail = block[-_TAIL:]
    return tuple(sorted(found, key=lambda one: (one.top, one.left)))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def laid_out(rows: Numbered, dialect: Dialect, merged: Callable[[], tuple[Merged, ...]]) -> Numbered:
    """The rows of the table that have cells.

    >>> rows = iter([(1, ["Title", None]), (2, ["of", 9]), (3, ["a", "b"]), (4, ["x", 1]), (5, [None, 2])])
    >>> list(laid_out(rows, Dialect(skip_rows=2, fills_merged=True), lambda: (Merged(4, 0, 5, 0),)))
    [(3, ['a', 'b']), (4, ['x', 1]), (5, ['x', 2])]
    >>> list(laid_out(iter([(1, ["x", 7])]), Dialect(fills_merged=True), lambda: (Merged(1, 0, 1, 1),)))
    [(1, ['x', 7])]
    """
    if dialect.fills_merged:
        rows = _filled(rows, merged())
    for number, cells in rows:
        own = cells[dialect.skip_columns :]
        if number > dialect.skip_rows and any(cell is not None for cell in own):
            yield number, own


def _filled(rows: Numbered, merged: tuple[Merged, ...]) -> Numbered:
    waiting, at = list(merged), 0
    open_ones: list[tuple[Merged, Any]] = []
    for number, cells in rows:
        while at < len(waiting) and waiting[at].top <= number:
            one = waiting[at]
            at += 1
            if one.top == number:
                open_ones.append((one, cells[one.left] if one.left < len(cells) else None))
        open_ones = [(one, value) for one, value in open_ones if one.bottom >= number]
        for one, value in open_ones:
            cells.extend([None] * (one.right + 1 - len(cells)))
            for column in range(one.left, one.right + 1):
                cells[column] = value if cells[column] is None else cells[column]
        yield number, cells
