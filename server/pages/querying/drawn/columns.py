"""Which pictures the columns of an answer suit, by what stands in its first rows; and nothing is guessed of its words.

A chart needs numbers beside names or beside times. A graph needs two columns of things, or subject, property, object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.terms import PREFIXES, SCHEME, expand
from server.lookup import Row, Term
from server.pages.querying.drawn.places import WKT, Located, located

TABLE: Final = "table"
CHART: Final = "chart"
GRAPH: Final = "graph"
MAP: Final = "map"
SHOWN: Final = (TABLE, CHART, GRAPH, MAP)
"""How the rows of an answer are shown."""
SAMPLE: Final = 200
"""Rows that are looked at."""
SERIES: Final = 6
"""Lines in one picture that can be told from one another."""
_INTEGERS: Final = frozenset(
    PREFIXES["xsd"] + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
NUMBERS: Final = _INTEGERS | {PREFIXES["xsd"] + name for name in ("decimal", "double", "float")}
TIMES: Final = frozenset(
    map(expand, ("edtf:EDTF", "xsd:date", "xsd:dateTime", "xsd:dateTimeStamp", "xsd:gYear", "xsd:gYearMonth"))
)
_LITERALS: Final = MappingProxyType({**dict.fromkeys(NUMBERS, "number"), **dict.fromkeys(TIMES, "time"), WKT: "point"})
_YEARS: Final = frozenset({"year", "années", "année", "annee", "an", "سنة", "عام", "السنة", "العام"})
"""Names of columns whose whole numbers are years: `YEAR(?date)` gives no other sign of it."""
_LEAST_YEAR, _LAST_YEAR = 1000, 2999
_UNITS: Final = (SCHEME + "unit/", "http://qudt.org/vocab/unit/")
_UNIT_NAMES: Final = frozenset({"unit", "units", "currency", "unité", "unite", "devise", "monnaie", "وحدة", "عملة"})
_PROPERTY_NAMES: Final = frozenset({"p", "property", "predicate", "relation", "link"})
_THREE: Final = 3


@dataclass(frozen=True, slots=True)
class Chart:
    """The columns of a chart, by their names; empty for none."""

    numbers: tuple[str, ...]
    names: str = ""
    """What each row is called."""
    time: str = ""
    """When its numbers are of; empty for bars."""
    unit: str = ""
    """What its numbers are numbers of: only those of one unit stand on one scale."""
    beside: tuple[str, ...] = ()
    """What else there is."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The columns of a graph."""

    subject: str
    object: str
    property: str = ""
    is_statements: bool = False
    """Whether the rows are those of CONSTRUCT or DESCRIBE."""


@dataclass(frozen=True, slots=True)
class Suited:
    """What an answer can be drawn as."""

    chart: Chart | None = None
    graph: Graph | None = None
    map: Located | None = None

    @property
    def offered(self) -> tuple[str, ...]:
        """The ways to show it, where there are several."""
        drawn = ((CHART, self.chart), (GRAPH, self.graph), (MAP, self.map))
        found = (TABLE, *(name for name, columns in drawn if columns))
        return found if len(found) > 1 else ()


NOTHING_SUITS: Final = Suited()


def suited(columns: Sequence[str], rows: Sequence[Row], is_property: Callable[[str], bool]) -> Suited:
    """What an answer with these first rows can be drawn as; `is_property` knows the properties of the data.

    >>> rows = [{"place": Term("literal", name), "n": Term("literal", "1", datatype=expand("xsd:integer"))}
    ...         for name in "ab"]
    >>> suited(("place", "n"), rows, bool).offered
    ('table', 'chart')
    """
    kinds = {name: _kind(name, [row[name] for row in rows if name in row]) for name in columns}
    places = located(kinds, rows)
    # Degrees are no amounts.
    degrees = {places.latitude, places.longitude} if places else set()
    counted = {name: kind for name, kind in kinds.items() if name not in degrees}
    return Suited(_chart(counted, rows), _graph(kinds, rows, is_property), places)


def _kind(name: str, terms: Sequence[Term]) -> str:
    """`number`, `time`, `point`, `thing`, `name` (things and texts), `text`, `unit`, `mixed`, or nothing."""
    kinds = {_kind_of(term) for term in terms}
    if kinds == {"number"} and name.lower() in _YEARS and all(map(_is_year, terms)):
        return "time"
    if kinds and kinds <= {"thing", "text"}:
        is_unit = name.lower() in _UNIT_NAMES or all(term.value.startswith(_UNITS) for term in terms)
        return "unit" if is_unit else "thing" if kinds == {"thing"} else "name"
    return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else ""


def _kind_of(term: Term) -> str:
    match term.kind:
        case "iri" | "blank":
            return "thing"
        case "literal":
            return _LITERALS.get(term.datatype, "text")
        case "triple":
            return "triple"
        case _:
            raise ValueError(term.kind)


def _is_year(term: Term) -> bool:
    text = term.value
    return term.datatype in _INTEGERS and text.isdecimal() and _LEAST_YEAR <= int(text[:9]) <= _LAST_YEAR


def _chart(kinds: Mapping[str, str], rows: Sequence[Row]) -> Chart | None:
    numbers, times, units = (_of(kinds, kind) for kind in ("number", "time", "unit"))
    names = _of(kinds, "thing", "name")
    if len(rows) <= 1 or not numbers or len(units) > 1 or not (names or times):
        return None
    unit = next(iter(units), "")
    several = _distinct(rows, names[0]) if names else 0
    if times and several <= SERIES and several < len(rows) and _distinct(rows, times[0]) > 1:
        beside = tuple(name for name in kinds if name not in {*numbers, times[0], *names[:1], unit})
        return Chart(numbers, next(iter(names), ""), times[0], unit, beside)
    called = (names or times)[0]
    return Chart(numbers, called, "", unit, tuple(name for name in kinds if name not in {*numbers, called, unit}))


def _of(kinds: Mapping[str, str], *wanted: str) -> tuple[str, ...]:
    return tuple(name for name, kind in kinds.items() if kind in wanted)


def _distinct(rows: Iterable[Row], column: str) -> int:
    return len({row[column] for row in rows if column in row})


def _graph(kinds: Mapping[str, str], rows: Sequence[Row], is_property: Callable[[str], bool]) -> Graph | None:
    things = _of(kinds, "thing")
    if tuple(kinds) == ("subject", "property", "value"):
        # The statements of a CONSTRUCT or DESCRIBE: their values may be texts, which are no nodes.
        has_edges = any(row["value"].kind in {"iri", "blank"} for row in rows)
        return Graph("subject", "value", "property", is_statements=True) if has_edges else None
    links = [name for name in things if _are_properties(name, rows, is_property)]
    if len(things) == _THREE and len(links) == 1:
        first, last = (name for name in things if name != links[0])
        return Graph(first, last, links[0])
    return Graph(things[0], things[1]) if len(things) == _THREE - 1 and not links else None


def _are_properties(column: str, rows: Sequence[Row], is_property: Callable[[str], bool]) -> bool:
    values = {row[column] for row in rows if column in row}
    if any(value.kind != "iri" for value in values):
        return False
    return column.lower() in _PROPERTY_NAMES or all(is_property(value.value) for value in values)
