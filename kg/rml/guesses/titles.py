"""Which row of a table names its columns: often not the first."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

_LOOKED_AT: Final = 20
_FOLLOWING: Final = 50
_NARROW: Final = 2


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


def header_rows(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The first of the rows that name the columns, and how many they are: two if groups stand above what they hold.

    >>> header_rows([["R", "", ""], ["", "Population", ""], ["City", "2019", "2024"], ["Rabat", "1", "2"]])
    (2, 1)
    >>> header_rows([["", "Men", "", "Women", ""], ["City", "a", "b", "a", "b"], ["Rabat", "1", "2", "3", "4"]])
    (0, 2)
    """
    at = header_index(rows)
    own = [cell.strip() for cell in rows[at]]
    if not at:
        return at, 1
    above = [cell.strip() for cell in rows[at - 1]]
    filled = sum(map(bool, above))
    named = [name for name in own if name]
    fills = any(upper and not lower for upper, lower in zip(above, own, strict=False))
    is_group = filled > 1 and len(above) == len(own) and (len(set(named)) < len(named) or fills)
    return (at - 1, 2) if is_group else (at, 1)


def notes_below(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the end are notes: one cell and no more, where rows have three or more.

    >>> notes_below([["a", "1", "2"], ["b", "1", "2"], ["Source: HCP", "", ""]]), notes_below([["a", ""], ["b", ""]])
    (1, 0)
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    notes = next((number for number, count in enumerate(reversed(filled)) if count > 1), len(rows))
    above = filled[: len(rows) - notes]
    return notes if above and any(filled[len(above) :]) and median(above) > _NARROW else 0
