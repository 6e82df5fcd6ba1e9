"""The timeline as a page shows it: each date in words, in its place on one scale, with who gives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from server.lookup import Label
from server.pages.drawing.layout.axis import Axis, Worded
from server.pages.drawing.layout.marks import Mark, date_mark
from server.pages.drawing.layout.times import calendar
from server.pages.drawing.model.timeline import Dated, SaidDate, Timeline
from server.pages.drawing.sayings import Page, Sayings, Showing, dated, paged, sayings

_ROOM: Final = 34
"""Dates on a page."""
_STEPS: Final = 3
"""Steps of months or days on its scale, at most: it stands in a column."""
_CHUNK: Final = 10
"""Dates of one thing that stand together; further ones stand below its name again."""


@dataclass(frozen=True, slots=True)
class Line:
    """A date."""

    words: str
    mark: Mark | None
    """None for one without a place on the scale."""
    said: Sayings


@dataclass(frozen=True, slots=True)
class Row:
    """A thing with the dates that one property gives it."""

    thing: str
    kind: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TimelineView:
    """A page of the timeline."""

    rows: tuple[Row, ...]
    scale: tuple[Worded, ...]
    """Each line of the scale with its year in words."""
    kinds: tuple[tuple[str, int], ...]
    """The properties that give dates, with the number of their things."""
    chosen: str
    """The property that the page is of; empty for all of those by which something happens."""
    has_periods: bool
    """Whether there are others, which say what time a value covers."""
    labels: Mapping[str, Label]
    page: Page
    cut: bool


def show(model: Timeline, to: Showing, number: int, chosen: str) -> TimelineView:
    """A page of the timeline; `chosen` is the property whose dates it shows, empty for all."""
    kinds = Counter(it.link for it in model.things)
    happening = {it.link for it in model.things if not it.is_period} or set(kinds)
    things = [it for it in model.things if it.link == chosen or (not chosen and it.link in happening)]
    spans = (date.span for it in things for date in it.dates if date.span is not None)
    times = calendar(spans, mirrored=to.mirrored, steps=_STEPS)
    axis = times.axis if times else None
    shown, page = paged(_chunks(things), number, _ROOM, lambda it: len(it.dates))
    rows = tuple(_row(it, axis, to) for it in shown)
    named = {iri for row in rows for iri in (row.thing, row.kind)} | set(kinds)
    scale = times.labelled(lambda text: dated(text, to.language)) if times else ()
    return TimelineView(
        rows,
        scale,
        tuple(sorted(kinds.items(), key=lambda it: (-it[1], it[0]))),
        chosen,
        len(happening) < len(kinds),
        to.naming.names(named),
        page,
        model.cut,
    )


def _chunks(things: Iterable[Dated]) -> Iterator[Dated]:
    for it in things:
        for begin in range(0, len(it.dates), _CHUNK):
            yield replace(it, dates=it.dates[begin : begin + _CHUNK])


def _row(it: Dated, axis: Axis | None, to: Showing) -> Row:
    return Row(it.thing, it.link, tuple(_line(date, it, axis, to) for date in it.dates))


def _line(date: SaidDate, of: Dated, axis: Axis | None, to: Showing) -> Line:
    mark = date_mark(date.span, axis) if date.span is not None and axis is not None else None
    beside = [source for other in of.dates if other is not date for source in other.sources]
    return Line(dated(date.text, to.language), mark, sayings(date.sources, to, beside))
