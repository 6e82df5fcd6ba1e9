"""Things with dates, as the claims of a release give them: events, agreements, launches, deadlines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal

from server.pages.drawing.model.properties import period_properties
from server.pages.drawing.model.sourcing import Source, Sourcing, listed
from server.pages.drawing.model.spans import Span, span_of
from server.releases import Release


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A date, and who gives it."""

    text: str
    """As its literal is written."""
    span: Span | None
    """None for a date that cannot be placed."""
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A thing, and all dates that one property gives it."""

    thing: str
    link: str
    """The IRI of the property."""
    dates: tuple[SaidDate, ...]
    is_period: bool = False
    """Whether they are the time that a value covers, and not when something happens."""

    @property
    def place(self) -> tuple[float, float, str, str]:
        """Where it stands among others: by its earliest date, the last of all without one."""
        spans = [date.span for date in self.dates if date.span is not None]
        begin = min((it.end if it.begins_open else it.begin for it in spans), default=math.inf)
        return begin, min((it.end for it in spans), default=math.inf), self.thing, self.link


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of them in the order of time; `cut` tells that there are more than were read."""

    things: tuple[Dated, ...]
    cut: bool


def read_timeline(release: Release, properties: Iterable[str]) -> Timeline:
    """The things of a release to which any of the properties gives a date."""
    sourcing = Sourcing(release)
    found: dict[tuple[str, str], dict[str, set[Source]]] = defaultdict(lambda: defaultdict(set))
    for it in sourcing.statements(properties):
        if isinstance(it.value, Literal):
            found[it.subject, it.property][it.value.value].add(it.source)
    periods = period_properties(release)
    things = (Dated(thing, link, _dates(dates), link in periods) for (thing, link), dates in found.items())
    return Timeline(tuple(sorted(things, key=lambda it: it.place)), sourcing.cut)


def _dates(found: dict[str, set[Source]]) -> tuple[SaidDate, ...]:
    dates = [SaidDate(text, span_of(text), listed(sources)) for text, sources in found.items()]
    return tuple(sorted(dates, key=lambda it: (it.span.begin if it.span else math.inf, it.text)))
