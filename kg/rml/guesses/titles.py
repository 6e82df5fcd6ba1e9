"""Which rows of a table are none: titles above the names of its columns, sums of its rows, notes below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Final

from kg.rml.functions.numbers import to_number
from kg.rml.guesses.cells import locale_of, nothings

_LOOKED_AT: Final = 20
_FOLLOWING: Final = 50
_NARROW: Final = 2
_SUMS: Final = frozenset({"total", "totaux", "total général", "ensemble", "sum", "all", "المجموع", "الإجمالي", "مجموع"})


@dataclass(frozen=True, slots=True)
class Sum:
    """A row that holds the sum of the others."""

    row: int
    column: int
    """The column whose cell says so."""
    word: str
    """That cell."""
    of: int
    """The first column that it sums up."""


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


def is_called_sum(cell: str) -> bool:
    """Whether a cell has a word for a sum.

    >>> is_called_sum("TOTAL :"), is_called_sum("المجموع"), is_called_sum("Total Energies")
    (True, True, False)
    """
    return cell.strip(" :").casefold() in _SUMS


def sum_of(rows: Sequence[Sequence[str]]) -> Sum | None:
    """The row that is called a sum and holds the sum of the others in some column; every other is called something.

    >>> sum_of([["a", "1,5"], ["b", "2"], ["Total", "3,5"]])
    Sum(row=2, column=0, word='Total', of=1)
    >>> sum_of([["a", "1"], ["b", "2"], ["Total", "4"]]), sum_of([["a", "1"], ["", "2"], ["Total", "3"]])
    (None, None)
    """
    called = [(at, number) for at, row in enumerate(rows) for number, cell in enumerate(row) if is_called_sum(cell)]
    if len(called) != 1 or len(rows) <= _NARROW:
        return None
    (at, number), others = called[0], [row for row in rows if row is not rows[called[0][0]]]
    if not all(row[number].strip() for row in others):
        return None
    summed = (of for of in range(len(rows[at])) if of != number and _is_sum(rows[at][of], [row[of] for row in others]))
    of = next(summed, None)
    return None if of is None else Sum(at, number, rows[at][number], of)


def _is_sum(cell: str, others: Sequence[str]) -> bool:
    """Whether a cell is the sum of others; of fractions, up to half of the last digit of each."""
    empty = nothings([one.strip() for one in others if one.strip()])
    values = [one.strip() for one in others if one.strip() and one.strip() not in empty]
    if len(values) < _NARROW or (locale := locale_of([*values, cell.strip()])) is None:
        return False
    numbers = [to_number(one, locale) for one in (*values, cell.strip())]
    last = min(int(one.as_tuple().exponent) for one in numbers)
    off = abs(sum(numbers[:-1], Decimal()) - numbers[-1])
    return not off if last >= 0 else off * 2 <= len(values) * Decimal(10) ** last
