"""Where the rows of an answer say that things are: coordinates of a column, or of two, in degrees of WGS 84."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg.terms import PREFIXES
from server.lookup import Row, Term
from server.pages.phrases.numbers import number_of

WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
MISSING, SHAPES, ELSEWHERE, UNREADABLE = "missing", "shapes", "elsewhere", "unreadable"
WHYS: Final = (MISSING, SHAPES, ELSEWHERE, UNREADABLE)
"""Why a row has no place on a map: it has no coordinates; it has those of a line or an area; they are of another
system; they are no coordinates, or none of the earth."""
_WGS84: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_SCHEMA: Final = ("https://schema.org/", "http://schema.org/", PREFIXES["schema"])
LATITUDES: Final = frozenset({f"{_WGS84}lat", *(f"{it}latitude" for it in _SCHEMA)})
LONGITUDES: Final = frozenset({f"{_WGS84}long", *(f"{it}longitude" for it in _SCHEMA)})
LATITUDE_NAMES: Final = frozenset({"lat", "latitude", "العرض", "خط_العرض", "دائرة_العرض"})
LONGITUDE_NAMES: Final = frozenset({"lon", "long", "lng", "longitude", "الطول", "خط_الطول"})
"""Names of columns: a variable gives no other sign of what its numbers are."""
_CRS84: Final = frozenset({"", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"})
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/4326"
"""The same degrees, latitude first (GeoSPARQL 1.1, section 8.5.2)."""
_POINT: Final = re.compile(
    r"\s*+(?:<(?P<crs>[^<>]*)>\s*+)?(?P<shape>[A-Za-z]+)\s*+(?:(?i:ZM|Z|M)\s*+)?(?:\((?P<numbers>[^()]*)\)\s*+)?",
    re.ASCII,
)
_SHAPE: Final = re.compile(r"\s*+(?:<[^<>]*>\s*+)?[A-Za-z]{4,20}[\sZM]*+(?:\(|EMPTY)", re.ASCII)
_NORTH, _EAST = Decimal(90), Decimal(180)

Degrees = tuple[Decimal, Decimal]
"""A latitude and a longitude."""


@dataclass(frozen=True, slots=True)
class Located:
    """The columns of a map, by their names; empty for none."""

    names: str
    """What each row is called."""
    point: str = ""
    """A column of points as text."""
    latitude: str = ""
    longitude: str = ""
    is_statements: bool = False
    """Whether the rows are those of CONSTRUCT or DESCRIBE, of which several tell of one thing."""


def point_of(text: str) -> Degrees | str:
    """The place that well-known text gives, or why it gives none (GeoSPARQL 1.1, section 8.5.1).

    >>> point_of("POINT(-6.84 34.02)"), point_of("Point Z (-6.84 34.02 75)")
    ((Decimal('34.02'), Decimal('-6.84')), (Decimal('34.02'), Decimal('-6.84')))
    >>> point_of("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(34.02 -6.84)")
    (Decimal('34.02'), Decimal('-6.84'))
    >>> point_of("POLYGON((0 0, 1 0, 1 1, 0 0))"), point_of("POINT EMPTY"), point_of("34.02, -6.84")
    ('shapes', 'missing', 'unreadable')
    >>> point_of("<http://www.wikidata.org/entity/Q405> Point(-6.84 34.02)"), point_of("POINT(34 134)")
    ('elsewhere', 'unreadable')
    """
    found = _POINT.fullmatch(text)
    if found is None or found["numbers"] is None:
        is_empty = text.upper().split()[-2:] == ["POINT", "EMPTY"]
        return MISSING if is_empty or not text.strip() else SHAPES if _SHAPE.match(text) else UNREADABLE
    if found["shape"].upper() not in {"POINT", "POINTZ", "POINTM", "POINTZM"}:
        return SHAPES if _SHAPE.match(text) else UNREADABLE
    system, numbers = (found["crs"] or ""), [number_of(it) for it in found["numbers"].split()]
    if system not in _CRS84 and system != _EPSG:
        return ELSEWHERE
    if not 2 <= len(numbers) <= 4:  # noqa: PLR2004 -- across and down, and perhaps height and measure
        return UNREADABLE
    across, down = numbers[:2] if system != _EPSG else numbers[1::-1]
    return _degrees(down, across)


def degrees_of(latitude: Term | None, longitude: Term | None) -> Degrees | str:
    """The place that two numbers give, or why they give none."""
    if latitude is None or longitude is None:
        return MISSING
    return _degrees(number_of(latitude.value.strip()), number_of(longitude.value.strip()))


def _degrees(latitude: Decimal | None, longitude: Decimal | None) -> Degrees | str:
    if latitude is None or longitude is None or abs(latitude) > _NORTH or abs(longitude) > _EAST:
        return UNREADABLE
    return latitude, longitude


def located(kinds: Mapping[str, str], rows: Sequence[Row]) -> Located | None:
    """The columns that a map is made of, by the kinds of all columns; None where no row of the first ones has a place.

    >>> from kg.terms import expand
    >>> number = expand("xsd:decimal")
    >>> row = {"town": Term("iri", "urn:a"), "lat": Term("literal", "34.0", "", number)}
    >>> located({"town": "thing", "lat": "number"}, [row])
    >>> whole = {**row, "long": Term("literal", "-6.8", "", number)}
    >>> located({"town": "thing", "lat": "number", "long": "number"}, [whole]).names
    'town'
    """
    found = _located(kinds)
    return found if found and any(isinstance(place, tuple) for _, place in places_of(rows, found)) else None


def _located(kinds: Mapping[str, str]) -> Located | None:
    if tuple(kinds) == ("subject", "property", "value"):
        return Located("subject", is_statements=True)
    point = next((name for name, kind in kinds.items() if kind == "point"), "")
    latitude, longitude = (
        next((name for name in kinds if name.lower() in known), "") for known in (LATITUDE_NAMES, LONGITUDE_NAMES)
    )
    if not point and not (latitude and longitude):
        return None
    others = [name for name in kinds if name not in {point, latitude, longitude}]
    names = next((name for kind in ("thing", "name", "text") for name in others if kinds[name] == kind), "")
    return Located(names, point) if point else Located(names, "", latitude, longitude)


def places_of(rows: Iterable[Row], columns: Located) -> Iterator[tuple[Term | None, Degrees | str]]:
    """What each row is called, and its place or why it has none; of statements each thing that has coordinates."""
    if columns.is_statements:
        yield from _of_statements(rows)
        return
    for row in rows:
        term = row.get(columns.point)
        if not columns.point:
            place = degrees_of(row.get(columns.latitude), row.get(columns.longitude))
        else:
            place = MISSING if term is None else point_of(term.value)
        yield row.get(columns.names), place


def _of_statements(rows: Iterable[Row]) -> Iterator[tuple[Term, Degrees | str]]:
    halves: dict[Term, dict[bool, Term]] = {}
    for row in rows:
        subject, link, value = row["subject"], row["property"].value, row["value"]
        if value.datatype == WKT:
            yield subject, point_of(value.value)
        elif link in LATITUDES or link in LONGITUDES:
            halves.setdefault(subject, {}).setdefault(link in LATITUDES, value)
    for subject, half in halves.items():
        yield subject, degrees_of(half.get(True), half.get(False))
