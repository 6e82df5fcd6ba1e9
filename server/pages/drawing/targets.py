"""Targets as a page shows them: each value in words and on the scale of its unit, with who says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kg.terms import SCHEME
from server.lookup import Label
from server.pages.drawing.layout.axis import Axis, Worded, amounts
from server.pages.drawing.layout.marks import Mark, amount_mark
from server.pages.drawing.model.sourcing import Source, listed
from server.pages.drawing.model.targets import Target, Targets, Value
from server.pages.drawing.sayings import Page, Sayings, Showing, dated, paged, sayings
from server.pages.phrases.amounts import Amount, phrase_of
from server.pages.phrases.names import Name
from server.pages.phrases.numbers import number_of
from server.pages.phrases.said import amount_of
from server.pages.phrases.units import Unit, measure

_ROOM: Final = 30
"""Values on a page, as claims give them."""
_RANK: Final = SCHEME + "unit/rank"
_EXACTNESS: Final = SCHEME + "exactness/"


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value, with all who say it."""

    phrase: Name | None
    """None for one of which neither a number nor words are known."""
    mark: Mark | None
    """None for one without a number."""
    said: Sayings
    indicator: str
    """The IRI of what is measured, where the values of the target are not all of one indicator."""
    period: str
    """Of a baseline, in words."""
    is_baseline: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Values of one unit on one scale."""

    unit: Label | None
    scale: tuple[Worded, ...]
    """Each line of the scale with its number in words; empty where no value has a number."""
    lines: tuple[ValueLine, ...]


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target."""

    iri: str
    deadlines: tuple[tuple[str, Sayings], ...]
    charts: tuple[Chart, ...]
    indicators: tuple[str, ...]
    """What it is measured by, where all its values are of one indicator."""


@dataclass(frozen=True, slots=True)
class TargetsView:
    """A page of targets."""

    targets: tuple[TargetView, ...]
    labels: Mapping[str, Label]
    page: Page
    cut: bool


@dataclass(frozen=True, slots=True)
class _Given:
    """A value that differs from the others."""

    value: Value
    plain: Amount
    """With the IRI of the unit in place of its label."""
    sources: tuple[Source, ...]

    @property
    def numbers(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Its number and its bounds."""
        one, lower, upper = next(iter(self.plain.numbers), ""), self.plain.lower, self.plain.upper
        number, least, most = (number_of(text) if text else None for text in (one, lower, upper))
        return number, least, most

    @property
    def endless(self) -> Decimal | None:
        """The bound above which there is none."""
        number, least, most = self.numbers
        if most is not None:
            return None
        return number if least is None and self.plain.exactness == f"{_EXACTNESS}at-least" else least


def show(model: Targets, to: Showing, number: int) -> TargetsView:
    """A page of targets."""
    shown, page = paged(model.targets, number, _ROOM, lambda it: len(it.values))
    views = tuple(_target(it, to) for it in shown)
    named = {iri for view in views for iri in (view.iri, *view.indicators)}
    named |= {line.indicator for view in views for chart in view.charts for line in chart.lines if line.indicator}
    return TargetsView(views, to.naming.names(named), page, model.cut)


def _target(target: Target, to: Showing) -> TargetView:
    merged = _merged(target.values)
    indicators = tuple(sorted({it.indicator for it, _ in merged if it.indicator}))
    by_unit: dict[str, list[_Given]] = defaultdict(list)
    for value, sources in merged:
        plain = _amount(value)
        unit = plain.unit.text if plain.unit else f"{value.node} without a unit"
        for one in plain.numbers or ("",):
            by_unit[unit].append(_Given(value, replace(plain, numbers=(one,) if one else ()), listed(sources)))
    every = [source for _, sources in merged for source in sources]
    charts = [
        _chart(unit, given, every, to) for unit, given in sorted(by_unit.items(), key=lambda it: (-len(it[1]), it[0]))
    ]
    if len(indicators) <= 1:
        charts = [replace(it, lines=tuple(replace(line, indicator="") for line in it.lines)) for it in charts]
    deadlines = tuple((dated(date, to.language), sayings(listed(who), to)) for date, who in target.deadlines)
    return TargetView(target.iri, deadlines, tuple(charts), indicators if len(indicators) == 1 else ())


def _amount(value: Value) -> Amount:
    """What its claim says, with the IRI of the unit in place of its label: two units may be called alike."""
    return amount_of(value.parts, Label, Unit, value.source.claim)


def _merged(values: Iterable[Value]) -> list[tuple[Value, list[Source]]]:
    """The values that differ, each with all who say it: baselines first, then by size."""
    found: dict[tuple[object, ...], tuple[Value, list[Source]]] = {}
    for value in values:
        amount = _amount(value)
        unit = amount.unit.text if amount.unit else value.node
        vague = amount.worded if not (amount.numbers or amount.lower or amount.upper) else ()
        told = (amount.numbers, amount.lower, amount.upper, unit, amount.exactness, amount.out_of, vague)
        key = (value.is_baseline, told, value.indicator, value.period)
        found.setdefault(key, (value, []))[1].append(value.source)
    return sorted(found.values(), key=lambda it: (not it[0].is_baseline, _size(_amount(it[0])), it[0].node))


def _size(amount: Amount) -> Decimal:
    given = (number_of(text) for text in (*amount.numbers, amount.lower, amount.upper) if text)
    return next((number for number in given if number is not None), Decimal(0))


def _chart(unit: str, given: Sequence[_Given], every: Sequence[Source], to: Showing) -> Chart:
    numbers = [number for it in given for number in it.numbers if number is not None]
    axis = amounts(
        numbers,
        Decimal(1 if unit == _RANK else 0),
        mirrored=to.mirrored,
        endless=filter(None, (it.endless for it in given)),
    )
    lines = tuple(_line(it, axis, every, to) for it in given)
    scale = axis.labelled(lambda number: measure(number, None, to.language)) if axis else ()
    label = (to.naming.name(unit) or Label(unit.rpartition("/")[2])) if any(it.plain.unit for it in given) else None
    return Chart(label, scale, lines)


def _line(it: _Given, axis: Axis | None, every: Sequence[Source], to: Showing) -> ValueLine:
    value = it.value
    told = amount_of(value.parts, to.naming.name, to.naming.unit, value.source.claim)
    mark = amount_mark(*it.numbers, it.plain.exactness.removeprefix(_EXACTNESS), axis) if axis else None
    return ValueLine(
        phrase_of(replace(told, numbers=it.plain.numbers), to.language),
        mark,
        sayings(it.sources, to, every),
        value.indicator,
        dated(value.period, to.language) if value.period else "",
        value.is_baseline,
    )
