"""Which columns name the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from kg.rml.guesses.columns import Column
from kg.rml.guesses.names import is_key_by_name
from kg.terms import is_claim_id

_LOOKED_AT: Final = 10
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Key:
    """The columns that name a row, and whether no two rows have the same."""

    columns: tuple[Column, ...]
    is_unique: bool
    together: int = 0
    """Rows that share their name with another one."""

    @property
    def is_address(self) -> bool:
        """Whether a cell is itself what names the thing."""
        return len(self.columns) == 1 and self.columns[0].datatype in {"iri", "item"}

    def makes_claim_ids(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> bool:
        """Whether the cells that name each of some rows are letters, digits and hyphens, as names of claims are."""
        at = [columns.index(one) for one in self.columns]
        return all(is_claim_id("-".join(row[index] for index in at)) for row in rows)


def key_of(columns: Sequence[Column], rows: Sequence[Sequence[str]], apart: Sequence[Column] = ()) -> Key:
    """The columns that name a row: one whose name or place says so, or the fewest that do together.

    If no columns do, it is one that has a value everywhere, or at all: rows with the same become one thing.

    :param columns: those of the rows
    :param apart: columns that hold what is measured, such as those of years
    """
    usable = [one for one in columns if one not in apart and _may_name(one)] or list(columns[:1])
    unique = [one for one in usable if one.is_key]
    first = min(unique, key=lambda one: _order(one, columns), default=None)
    if first is not None and not _may_measure(first):
        return Key((first,), is_unique=True)
    full = [one for one in usable if one.filled == len(rows)]
    if first is not None:
        # Few counts differ by chance: what stands before them may name the row.
        few = [one for one in full[:_LOOKED_AT] if columns.index(one) < columns.index(first)]
        chosen = _named_by(tuple(combinations(few, 2)), columns, rows)
        return Key(chosen or (first,), is_unique=True)
    if (chosen := _named_by(_together(full), columns, rows)) is not None:
        return Key(chosen, is_unique=True)
    one = _nearest(full or [one for one in usable if one.filled] or columns[:1], columns, rows)
    return Key((one,), is_unique=not rows, together=one.filled - _distinct(one, columns, rows))


def _may_measure(column: Column) -> bool:
    """Whether what differs in every row may be counts: whole numbers that are not called as keys are."""
    return column.datatype == "integer" and not is_key_by_name(column.names[-1])


def _named_by(
    choices: Iterable[tuple[Column, ...]], columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> tuple[Column, ...] | None:
    """The first columns that together are others in every row."""
    for chosen in choices:
        at = [columns.index(one) for one in chosen]
        if _all_differ(tuple(row[index] for index in at) for row in rows):
            return chosen
    return None


def _order(column: Column, columns: Sequence[Column]) -> tuple[bool, bool, int]:
    """How early a column is taken for a key: what names a thing within a row hardly names the row."""
    return column.is_inner, not is_key_by_name(column.names[-1]), columns.index(column)


def _all_differ(names: Iterable[tuple[str, ...]]) -> bool:
    """Whether no name comes twice; mostly one does soon."""
    seen: set[tuple[str, ...]] = set()
    for name in names:
        if name in seen:
            return False
        seen.add(name)
    return True


def _nearest(full: Sequence[Column], columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Column:
    """The first column, if half of the rows have a value of their own there; else the one by which most differ."""
    if _distinct(full[0], columns, rows) * 2 >= len(rows):
        return full[0]
    return max(full, key=lambda one: _distinct(one, columns, rows))


def _distinct(column: Column, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    at = columns.index(column)
    return len({row[at] for row in rows if row[at]})


def _may_name(column: Column) -> bool:
    """Whether a column holds names rather than measures, dates and places."""
    is_measure = column.datatype in {"decimal", "double", "boolean"} or column.locale is not None
    return not is_measure and column.form is None and not column.is_place and column.unless is None


def _together(full: Sequence[Column]) -> list[tuple[Column, ...]]:
    """Columns that may name a row together, the fewest and the first of them before others."""
    found: list[tuple[Column, ...]] = []
    for count in range(2, min(_MOST, len(full)) + 1):
        found += combinations(full[:_LOOKED_AT], count)
    return [*found, *(tuple(full[:count]) for count in range(_MOST + 1, len(full) + 1))]
