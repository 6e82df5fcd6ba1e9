"""Items, statements and references as Wikidata has them, free of any format."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

DECADE: Final = 8
YEAR: Final = 9
MONTH: Final = 10
DAY: Final = 11
"""Precisions of a point in time (Wikibase data model, time)."""
_GREGORIAN: Final = 1583
"""The first whole year of the Gregorian calendar; before it the calendar of a bare date is not known."""
_EDTF: Final = re.compile(r"(\d{3})(?:X|(\d)(?:-(\d\d)(?:-(\d\d))?)?)", re.ASCII)


class Unsuited(Exception):
    """A value that Wikidata cannot hold as it is meant; the text says why."""


@dataclass(frozen=True, slots=True, order=True)
class Time:
    """A point in time of the proleptic Gregorian calendar, as precise as its source."""

    text: str
    """Year, month and day with 00 for what is not known: +2025-09-00T00:00:00Z."""
    precision: int

    @classmethod
    def of_edtf(cls, text: str) -> Time:
        """Read a day, a month, a year or a decade of the Extended Date/Time Format.

        :raises Unsuited: if it is uncertain, an interval, a century, or older than the Gregorian calendar

        >>> Time.of_edtf("2025-09"), Time.of_edtf("202X")
        (Time(text='+2025-09-00T00:00:00Z', precision=10), Time(text='+2020-00-00T00:00:00Z', precision=8))
        """
        found = _EDTF.fullmatch(text)
        if found is None:
            raise Unsuited("a date that is uncertain, an interval or a century")
        decade, year, month, day = found.groups()
        if int(decade + (year or "0")) < _GREGORIAN:
            raise Unsuited("a date whose calendar is not known")
        if month and day:
            try:
                dt.date(int(decade + year), int(month), int(day))
            except ValueError:
                raise Unsuited("a day that no calendar has") from None
        precision = DAY if day else MONTH if month else YEAR if year else DECADE
        return cls(f"+{decade}{year or '0'}-{month or '00'}-{day or '00'}T00:00:00Z", precision)

    @classmethod
    def of_day(cls, day: dt.date) -> Time:
        """A day.

        >>> Time.of_day(dt.date(2026, 11, 24)).text
        '+2026-11-24T00:00:00Z'
        """
        return cls(f"+{day.isoformat()}T00:00:00Z", DAY)


@dataclass(frozen=True, slots=True, order=True)
class ItemValue:
    """Another item."""

    qid: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, its bounds where they are known, and the item of its unit."""

    amount: Decimal
    lower: Decimal | None = None
    upper: Decimal | None = None
    """Both bounds or none."""
    unit: str | None = None
    """QID; None for a bare number."""


Value = ItemValue | Time | Quantity


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """Where a statement stands: reference URL (P854) and the day on which somebody read it there (P813)."""

    url: str
    retrieved: dt.date


@dataclass(frozen=True, slots=True)
class Statement:
    """A value of a property, with one reference at least."""

    property: str
    value: Value
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item to add to, or one to create."""

    iri: str
    """Of the thing, in this graph."""
    qid: str | None
    """None for an item to create."""
    statements: tuple[Statement, ...]
    labels: Mapping[str, str]
    """By language, like the next two; all three are empty for an item that exists."""
    descriptions: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]

    @property
    def duplicate_warning(self) -> str | None:
        """What to do before an item is created, or None if it exists."""
        if self.qid is not None:
            return None
        names = " / ".join(dict.fromkeys(self.labels.values()))
        return f"look for an item of this name first, a duplicate is worse than none: {names}"


@dataclass(frozen=True, slots=True, order=True)
class Withheld:
    """A fact that is not exported, and why."""

    reason: str
    subject: str
    predicate: str
    value: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What goes to Wikidata, and what does not."""

    items: tuple[Item, ...]
    withheld: tuple[Withheld, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many facts are withheld for which reason, the most frequent first."""
        found: dict[str, int] = {}
        for fact in self.withheld:
            found[fact.reason] = found.get(fact.reason, 0) + 1
        return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))
