"""What the engine answers beyond SPARQL 1.1, by name: parts of SPARQL 1.2, and the functions of GeoSPARQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.terms import expand

GEOSPARQL: Final = "http://www.opengis.net/def/function/geosparql/"
FUNCTIONS: Final = (
    "area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference", "dimension", "distance",
    "ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals", "ehInside", "ehMeet", "ehOverlap", "envelope",
    "getSRID", "intersection", "isEmpty", "isSimple", "length", "perimeter", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp",
    "rcc8ntppi", "rcc8po", "rcc8tpp", "rcc8tppi", "relate", "sfContains", "sfCrosses", "sfDisjoint", "sfEquals",
    "sfIntersects", "sfOverlaps", "sfTouches", "sfWithin", "spatialDimension", "symDifference", "union",
)  # fmt: skip
"""The functions of GeoSPARQL 1.1 that the engine has, by their local names; a test asks for each."""
_SPARQL_12: Final = "https://www.w3.org/TR/sparql12-query/"


@dataclass(frozen=True, slots=True)
class Extension:
    """A part of SPARQL 1.2 that is answered."""

    name: str
    """What its IRI ends with."""
    label: str


EXTENSIONS: Final = (
    Extension("triple-terms", "SPARQL 1.2: triple terms, reified triples and annotations"),
    Extension("triple-functions", "SPARQL 1.2: TRIPLE, SUBJECT, PREDICATE, OBJECT, isTRIPLE"),
    Extension("base-direction", "SPARQL 1.2: base direction of texts, LANGDIR, hasLANG, hasLANGDIR, STRLANGDIR"),
    Extension("version", "SPARQL 1.2: VERSION in the prologue"),
)


def extensions(endpoint: str) -> Iterator[Triple]:
    """What the service description says of them (`sd:languageExtension`, `sd:extensionFunction`)."""
    it = NamedNode(endpoint)
    for extension in EXTENSIONS:
        feature = NamedNode(f"{endpoint}#{extension.name}")
        yield Triple(it, _node("sd:languageExtension"), feature)
        yield Triple(feature, _node("rdf:type"), _node("sd:Feature"))
        yield Triple(feature, _node("rdfs:label"), Literal(extension.label, language="en"))
        yield Triple(feature, _node("rdfs:seeAlso"), NamedNode(_SPARQL_12))
    for name in FUNCTIONS:
        function = NamedNode(GEOSPARQL + name)
        yield Triple(it, _node("sd:extensionFunction"), function)
        yield Triple(function, _node("rdf:type"), _node("sd:Function"))


def _node(name: str) -> NamedNode:
    return NamedNode(expand(name))
