"""Several values of a row as one text, with a mark between them, in whose place a line puts what it repeats.

What is written of a row with several objects differs in the objects alone. So they need not be texts of their own: all
values of a batch are escaped at once, and a row is split nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.errors import Position
from kg.rml.compile.columns import NUL, Encoders, Values, bytewise, escape

MARK: Final = "\0"
"""Between the values of a row: no literal holds it."""
_BETWEEN: Final = "\x1e"
"""Between rows, where no value holds it."""


class Marked:
    """Escapes lists of values as `Encoders.escaped` does values, and makes a text of each; of an empty one, `None`."""

    def __init__(self, position: Position) -> None:
        """For one place in the mapping."""
        self._encoders = Encoders(position)

    def __call__(self, column: Sequence[Values]) -> Sequence[str | None]:
        rows = list(map(MARK.join, column))
        is_full = all(column)
        joined = _BETWEEN.join(rows)
        present = len(rows) if is_full else sum(map(bool, column))
        if joined.count(MARK) != sum(map(len, column)) - present:
            raise self._encoders.fault(NUL)
        if joined.count(_BETWEEN) != max(len(rows) - 1, 0):
            rows = [bytewise(escape(row)) for row in rows]
        elif (written := bytewise(escape(joined))) != joined:
            rows = written.split(_BETWEEN)
        return rows if is_full else [row if values else None for row, values in zip(rows, column, strict=True)]
