"""Columns of one table that name the things of another: foreign keys that nobody has declared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.folding import fold
from kg.rml.guesses.columns import Column
from kg.rml.guesses.keys import Key

_MOST: Final = 0.1
"""The part of a column's values that may be missing in the other table, where its name speaks of it."""
_FEW: Final = 2


@dataclass(frozen=True, slots=True)
class Keyed:
    """A table with what names its rows."""

    slug: str
    key: Key
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def values(self, column: Column) -> frozenset[str]:
        """The values of a column."""
        at = self.columns.index(column)
        return frozenset(row[at] for row in self.rows if row[at])


@dataclass(frozen=True, slots=True)
class Link:
    """A column, and the table whose keys its values are."""

    column: Column
    to: str
    key: str
    found: int
    values: int
    """Values of the column, of which so many are `found`."""
    lacking: str = ""
    """One that is not, where too many are not for the column to be taken for a key."""

    @property
    def reason(self) -> str:
        """Why it was taken for one, or why not."""
        if self.lacking:
            met = f"{self.found} of its {self.values} values are among the keys of {self.to}"
            return f'its name speaks of {self.to}, but only {met}, and "{self.lacking[:40]}" is not'
        if self.found == self.values:
            return f"all of its {self.values} values are among the keys of {self.to}"
        return f"{self.found} of its {self.values} values are among the keys of {self.to}, and its name speaks of it"


def links_of(table: Keyed, others: Sequence[Keyed]) -> tuple[Link, ...]:
    """The columns of a table whose values are keys of another one; the table itself counts, too (a parent's key).

    Columns that are called so and have too many other values are among them, with one that is `lacking`.
    """
    found = []
    for column in table.columns:
        if (
            column.unless is not None
            or column in table.key.columns
            or column.datatype in {"decimal", "double", "date", "dateTime", "boolean"}
        ):
            continue
        values = table.values(column)
        chosen = [one for other in others if (one := _link(column, values, other, is_own=other.slug == table.slug))]
        if chosen:
            found.append(max(chosen, key=lambda one: (not one.lacking, _speaks_of(column, one.to, one.key), one.found)))
    return tuple(found)


def _link(column: Column, values: frozenset[str], other: Keyed, *, is_own: bool) -> Link | None:
    key = other.key
    if len(key.columns) > 1 or not key.is_unique or key.is_address or not values:
        return None
    (named,) = key.columns
    met = len(values & other.values(named))
    speaks = _speaks_of(column, other.slug, named.names[-1])
    is_telling = len(values) >= _FEW and named.datatype == "text" and not is_own
    if met == len(values) and (speaks or is_telling):
        return Link(column, other.slug, named.name, met, len(values))
    if speaks and met and len(values) - met <= len(values) * _MOST:
        return Link(column, other.slug, named.name, met, len(values))
    if speaks and met and met * 2 >= len(values):
        return Link(column, other.slug, named.name, met, len(values), min(values - other.values(named)))
    return None


def _speaks_of(column: Column, slug: str, key: str) -> bool:
    """Whether the name of a column speaks of a table or of its key: `region_id` of `regions`, `code_pays` of both."""
    name, table = _words(column.names[-1]), _words(slug)
    own = _words(key)
    return bool(name & table) or (len(own) > 1 and own <= name) or (name == own and not own <= {"id", "code", "name"})


def _words(name: str) -> frozenset[str]:
    """The words of a name, compared without their plural."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return frozenset(map(_singular, fold(re.sub(r"[\W_]+", " ", plain)).split()))


def _singular(word: str) -> str:
    """A word without its plural, in English and French.

    >>> _singular("cities"), _singular("regions"), _singular("bureaux"), _singular("id")
    ('city', 'region', 'bureau', 'id')
    """
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > _FEW + 1 and word.endswith(("s", "x")) else word
