"""How a date or an amount is drawn on its scale: a point, a band, or a band that fades out where nothing ends it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from server.pages.drawing.layout.axis import Axis
from server.pages.drawing.model.spans import Span

_LEAST: Final = 1.5
"""The width of the narrowest band, in hundredths: what is narrower is a point, so that it can be seen."""
_WHOLE: Final = 100.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A date or an amount as it is drawn; places are in hundredths of the width."""

    band: tuple[float, float] | None = None
    """Where a band begins from the left, and its width."""
    point: float | None = None
    shape: str = "day"
    """Of the point: `day`, `month` for what is longer and has no room for a band, or `amount`."""
    fades: str = ""
    """`left` or `right`, where a band has no end."""
    vague: bool = False
    """Whether its edges are only about where they are drawn."""

    @property
    def middle(self) -> float:
        """Where a sign for it stands."""
        if self.point is not None:
            return self.point
        return round(self.band[0] + self.band[1] / 2, 2) if self.band else 0.0


def date_mark(span: Span, axis: Axis) -> Mark:
    """A date: a day or a month as a point, what is longer as a band over all that it covers.

    >>> axis = Axis(2020.0, 2030.0, (), mirrored=False)
    >>> date_mark(Span(2025.0, 2026.0, "year", "~"), axis)
    Mark(band=(50.0, 10.0), point=None, shape='day', fades='', vague=True)
    >>> date_mark(Span(2025.0, 2025.0, "interval", ends_open=True), axis).fades
    'right'
    >>> date_mark(Span(2025.0, 2025.0027, "day"), axis).point
    50.01
    """
    begin = axis.low if span.begins_open else span.begin
    end = axis.high if span.ends_open else span.end
    vague = bool(span.reserve)
    left, width = _band(axis, begin, end)
    if span.begins_open or span.ends_open:
        return Mark((left, width), fades=_side(axis, upwards=span.ends_open), vague=vague)
    if span.precision in {"day", "month"} or width < _LEAST:
        return Mark(point=axis.at((begin + end) / 2), shape="month" if span.precision != "day" else "day", vague=vague)
    return Mark((left, width), vague=vague)


def amount_mark(
    number: Decimal | None, lower: Decimal | None, upper: Decimal | None, exactness: str, axis: Axis
) -> Mark | None:
    """An amount: its number as a point, its bounds as a band; None for one without either.

    "At least" and "more than" have no upper end, so their band fades out there, and likewise downwards; `exactness` is
    the last name of a concept of the scheme.

    >>> axis = Axis(0.0, 100.0, (), mirrored=False)
    >>> amount_mark(None, None, Decimal(20), "at-most", axis)
    Mark(band=(0.0, 20.0), point=None, shape='amount', fades='left', vague=False)
    >>> amount_mark(Decimal(60), None, None, "about", axis)
    Mark(band=None, point=60.0, shape='amount', fades='', vague=True)
    """
    if lower is None and exactness == "at-least":
        lower = number
    if upper is None and exactness == "at-most":
        upper = number
    point = None if number is None else axis.at(float(number))
    vague = exactness == "about"
    if lower is None and upper is None:
        return None if point is None else Mark(point=point, shape="amount", vague=vague)
    begin = axis.low if lower is None else float(lower)
    end = axis.high if upper is None else float(upper)
    fades = "" if lower is not None and upper is not None else _side(axis, upwards=upper is None)
    return Mark(_band(axis, begin, end), point, "amount", fades, vague)


def _band(axis: Axis, begin: float, end: float) -> tuple[float, float]:
    left, right = sorted((axis.at(begin), axis.at(end)))
    return left, round(min(right, _WHOLE) - left, 2)


def _side(axis: Axis, *, upwards: bool) -> str:
    return "right" if upwards != axis.mirrored else "left"
