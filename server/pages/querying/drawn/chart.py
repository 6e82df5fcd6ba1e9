"""An answer as a chart: bars beside names, or points and lines over time. What has no number has no mark.

Each column of numbers, and each unit in it, has a scale of its own: nobody said that they can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from server.lookup import Row, Term
from server.pages.drawing.layout.axis import ROOM, Axis, Worded, amounts
from server.pages.drawing.layout.plot import Dot, Plot, Value, plot
from server.pages.drawing.model.spans import span_of
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.numbers import number_of, say
from server.pages.querying.drawn.columns import NUMBERS, SERIES, Chart

_TOLD: Final = 12
"""Values that one dot tells."""
_BESIDE_OTHERS: Final = 76
"""How wide the scale of a column of bars is at least, where there are several: `.several` of the style sheet."""
_PLOT: Final = 290
"""How wide a plot is on a telephone."""
MOST: Final = 500
"""Rows in the drawing of numbers over time."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number and where its bar begins, and how wide it is; a term without a number has no bar."""

    term: Term | None
    band: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class BarLine:
    """A row of bars."""

    name: Term | None
    beside: tuple[Term, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows whose numbers are of one unit, with a scale for each column."""

    unit: Term | None
    scales: tuple[tuple[Worded, ...], ...]
    lines: tuple[BarLine, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One column of numbers of one unit, over time."""

    column: str
    unit: Term | None
    plot: Plot
    times: tuple[Worded, ...]
    numbers: tuple[tuple[float, str], ...]
    """Each line of the scale with its place and its words."""
    told: tuple[str, ...]
    """What each dot says, with those that stand in its place."""
    several: tuple[tuple[float, float, int], ...]
    """Where several values stand in one place, and how many."""


@dataclass(frozen=True, slots=True)
class Over:
    """Numbers over time."""

    panels: tuple[Panel, ...]
    series: tuple[Term, ...]
    """What the lines are told apart by; none where there is one, or where there are too many."""
    joined: bool
    drawn: int
    """How many rows were looked at, from the first."""
    missing: int
    """How many numbers of them have no place: nothing stands there, or no number, or a time that nothing ends."""


def bars(rows: Sequence[Row], chart: Chart, *, mirrored: bool, language: str) -> tuple[Bars, ...]:
    """The bars of some rows: one set for each unit, in the order of their first rows."""
    return tuple(
        _bars(unit, members, chart, mirrored=mirrored, language=language)
        for unit, members in _by_unit(rows, chart).items()
    )


def alike(rows: Sequence[Row], chart: Chart) -> Mapping[str, Term]:
    """What stands beside all of several rows, by its column: to be said once."""
    if len(rows) <= 1:
        return {}
    found = {column: {row.get(column) for row in rows} for column in chart.beside}
    return {column: term for column, (term, *others) in found.items() if term is not None and not others}


def _by_unit(rows: Sequence[Row], chart: Chart) -> dict[Term | None, list[Row]]:
    found: dict[Term | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get(chart.unit), []).append(row)
    return found


def _bars(unit: Term | None, rows: Sequence[Row], chart: Chart, *, mirrored: bool, language: str) -> Bars:
    axes = [
        amounts((n for row in rows if (n := _number(row.get(column))) is not None), Decimal(0), mirrored=mirrored)
        for column in chart.numbers
    ]
    room = ROOM if len(axes) == 1 else _BESIDE_OTHERS
    scales = tuple(axis.labelled(lambda value: say(value, language).text, room) if axis else () for axis in axes)
    lines = tuple(
        BarLine(
            row.get(chart.names),
            tuple(row[column] for column in chart.beside if column in row),
            tuple(_bar(row.get(column), axis) for column, axis in zip(chart.numbers, axes, strict=True)),
        )
        for row in rows
    )
    return Bars(unit, scales, lines)


def _bar(term: Term | None, axis: Axis | None) -> Bar:
    number = _number(term)
    if number is None or axis is None:
        return Bar(term, None)
    left, right = sorted((axis.at(0.0), axis.at(float(number))))
    return Bar(term, (left, round(right - left, 2)))


def _number(term: Term | None) -> Decimal | None:
    return number_of(term.value) if term is not None and term.datatype in NUMBERS else None


def over_time(rows: Sequence[Row], chart: Chart, *, mirrored: bool, language: str) -> Over:
    """The numbers of some rows over time, a drawing for each column and unit; more than `MOST` rows are not looked at.

    Where what the rows are of has more values than lines can be told apart, there are points and no lines.
    """
    shown = rows[:MOST]
    series = tuple(dict.fromkeys(row[chart.names] for row in shown if chart.names in row))
    joined = len(series) <= SERIES
    series = series if joined else ()
    panels, missing = [], 0
    for column in chart.numbers:
        for unit, members in _by_unit(shown, chart).items():
            values = [_value(place, row, column, chart, series) for place, row in enumerate(members)]
            found = plot(values, joined=joined, mirrored=mirrored)
            missing += len(values) if found is None else found.missing
            if found is not None:
                panels.append(_panel(column, unit, found, [row.get(chart.time) for row in members], language))
    return Over(tuple(panels), series, joined, len(shown), missing)


def _value(place: int, row: Row, column: str, chart: Chart, series: Sequence[Term]) -> Value:
    time, called = row.get(chart.time), row.get(chart.names)
    line = series.index(called) if called in series else len(series)
    return Value(place, line, None if time is None else span_of(time.value), _number(row.get(column)))


def _panel(column: str, unit: Term | None, found: Plot, times: Sequence[Term | None], language: str) -> Panel:
    def words(value: Decimal) -> str:
        return say(value, language).text

    def told(dot: Dot) -> str:
        time = times[dot.row]
        text = "" if time is None else time.value
        return f"{date_in_words(text, language) or text}: {words(dot.number)}"

    across = found.times.labelled(lambda text: date_in_words(text, language) or text, _PLOT)
    numbers = tuple((found.down(value), words(value)) for value in found.numbers.values)
    together: dict[tuple[float, float], list[Dot]] = {}
    for dot in found.dots:
        together.setdefault((dot.x, dot.y), []).append(dot)
    said = tuple("\n".join(map(told, together[dot.x, dot.y][:_TOLD])) for dot in found.dots)
    several = tuple((x, y, len(dots)) for (x, y), dots in together.items() if len(dots) > 1)
    return Panel(column, unit, found, across, numbers, said, several)
