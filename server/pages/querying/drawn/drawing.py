"""What the page of queries draws of the rows of an answer, where it is asked to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import NamedNode

from server.direction import direction_of
from server.lookup import Label, Term
from server.pages.addresses import name_of
from server.pages.querying.arranging import Part, Table
from server.pages.querying.drawn import chart, network
from server.pages.querying.drawn.chart import Bars, Over, alike, bars, over_time
from server.pages.querying.drawn.columns import CHART, GRAPH, MAP, NOTHING_SUITS, SAMPLE, Suited, suited
from server.pages.querying.drawn.mapped import MOST, Mapped, mapped
from server.pages.querying.drawn.network import Drawn, drawn
from server.pages.site import release

Names = Callable[[Iterable[str]], Mapping[str, Label]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the rows suit, and what is drawn."""

    suited: Suited = NOTHING_SUITS
    shown: str = ""
    """`chart`, `graph` or `map`: what is drawn; empty for nothing."""
    refused: str = ""
    """What was asked for, where the rows do not suit it."""
    bars: tuple[Bars, ...] = ()
    alike: Mapping[str, Term] = field(default_factory=dict)
    """What stands beside each row of the bars, by its column."""
    over: Over | None = None
    graph: Drawn | None = None
    map: Mapped | None = None
    labels: Mapping[str, Label] = field(default_factory=dict)
    """The names of what tells the lines apart, and of the units."""

    @property
    def is_of_many(self) -> bool:
        """Whether it is of more rows than the page has beside it."""
        return bool(self.graph or self.map or self.over)


NO_DRAWING: Final = Drawing()


def suited_by(table: Table) -> Suited:
    """What an answer suits: seen by the whole of it, so that it is the same whatever the order, and which are kept."""
    return suited(table.columns, table.sample(SAMPLE), _is_property)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn, and what the answer suits."""

    shown: str
    suited: Suited


def draw(rows: Table, part: Part, wanted: Wanted, names: Names, language: str) -> Drawing:
    """What is drawn of rows: bars of those that the page has, and of the first ones all else."""
    asked, suits = wanted.shown, wanted.suited
    mirrored = direction_of(language) == "rtl"
    if asked == CHART and suits.chart is not None:
        if not suits.chart.time:
            same = alike(part.rows, suits.chart)
            rest = replace(suits.chart, beside=tuple(name for name in suits.chart.beside if name not in same))
            drawn_bars = bars(part.rows, rest, mirrored=mirrored, language=language)
            return Drawing(suits, CHART, bars=drawn_bars, alike=same)
        over = over_time(rows.first(chart.MOST), suits.chart, mirrored=mirrored, language=language)
        terms = [*over.series, *(panel.unit for panel in over.panels if panel.unit is not None)]
        return Drawing(suits, CHART, over=over, labels=names({term.name for term in terms if term.kind != "literal"}))
    if asked == GRAPH and suits.graph is not None:
        more = part.total > network.LOOKED_AT
        found = drawn(rows.first(network.LOOKED_AT), suits.graph, _whole(names), more=more, mirrored=mirrored)
        return Drawing(suits, GRAPH if found else "", "" if found else GRAPH, graph=found)
    if asked == MAP and suits.map is not None:
        places = mapped(rows.first(MOST), suits.map, _whole(names), language)
        return Drawing(suits, MAP if places else "", "" if places else MAP, map=places)
    return Drawing(suits, refused=asked)


def _whole(names: Names) -> Names:
    """The names of things, and of what has none its IRI in short, as the table has it."""
    served = release()

    def named(iris: Iterable[str]) -> Mapping[str, Label]:
        wanted = tuple(iris)
        return {**{iri: Label(name_of(served, iri)) for iri in wanted}, **names(wanted)}

    return named


def _is_property(iri: str) -> bool:
    return next(release().engine.quads(None, NamedNode(iri), None, None), None) is not None
