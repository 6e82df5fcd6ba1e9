"""Which row of a table names its columns: often not the first."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

_LOOKED_AT: Final = 20
_FOLLOWING: Final = 50


def header_index(rows: Sequence[Sequence[str]]) -> int:
    """The row that names the columns: the first that is as wide as those below it, if those above it are not.

    >>> header_index([["Report", "", ""], ["", "", ""], ["City", "All", ""], ["Rabat", "1", ""], ["Fès", "2", ""]])
    2
    >>> header_index([["a", "b"], ["1", ""], ["2", ""]]), header_index([["a", "b"]])
    (0, 0)
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[: _LOOKED_AT + _FOLLOWING]]
    for index, count in enumerate(filled[:_LOOKED_AT]):
        below = filled[index + 1 : index + 1 + _FOLLOWING]
        if below and count >= max(2, median(below)):
            return index if all(other * 2 <= count for other in filled[:index]) else 0
    return 0
