"""Every function of GeoSPARQL that the service description lists answers, and no other one is there."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from server.discovery.capabilities import FUNCTIONS, GEOSPARQL

WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
SQUARE, POINT, LINE = (
    f'"{shape}"{WKT}' for shape in ("POLYGON((0 0,2 0,2 2,0 2,0 0))", "POINT(1 1)", "LINESTRING(0 0,1 1)")
)
UNIT = "<http://www.opengis.net/def/uom/OGC/1.0/{}>"
ARGUMENTS = {
    "area": (SQUARE, UNIT.format("square_metre")),
    "distance": (POINT, f'"POINT(0 0)"{WKT}', UNIT.format("metre")),
    "length": (LINE, UNIT.format("metre")),
    "perimeter": (SQUARE, UNIT.format("metre")),
    "relate": (SQUARE, POINT, '"T*****FF*"'),
}
ALONE = {
    "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "dimension", "envelope", "getSRID", "isEmpty",
    "isSimple", "spatialDimension",
}  # fmt: skip
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
BOX = "((2 0,2 2,0 2,0 0,2 0))"
MEASURED = {"area": 49.3e9, "distance": 156_900, "length": 156_900, "perimeter": 888_000}
"""In square metres and metres, on the ellipsoid of WGS 84: the engine's Earth is a sphere, which is as near as this."""
EXPECTED = {
    **dict.fromkeys(("sfContains", "sfIntersects", "ehContains", "ehCovers", "rcc8ntppi", "relate", "isSimple"), "true"),
    **dict.fromkeys(("dimension", "coordinateDimension", "spatialDimension"), "2"),
    **dict.fromkeys(("convexHull", "envelope"), f"POLYGON{BOX}"),
    **dict.fromkeys(("union", "intersection"), "MULTIPOLYGON(((0 2,0 0,2 0,2 2,0 2)))"),
    **dict.fromkeys(("difference", "symDifference"), "MULTIPOLYGON EMPTY"),
    "centroid": "POINT(1 1)", "getSRID": CRS84,
    "asGeoJSON": '{"type":"Polygon","coordinates":[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,2.0],[0.0,0.0]]]}',
}  # fmt: skip
"""Of a square with a point in its middle; a relation that is not here does not hold."""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_that_is_listed_answers(client: FlaskClient, name: str) -> None:
    arguments = ARGUMENTS.get(name) or ((SQUARE,) if name in ALONE else (SQUARE, POINT))
    if name in {"union", "intersection", "difference", "symDifference"}:
        arguments = (SQUARE, SQUARE)
    query = f"SELECT (<{GEOSPARQL}{name}>({', '.join(arguments)}) AS ?value) {{}}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/sparql-results+json"})
    (row,) = json.loads(answer.data)["results"]["bindings"]
    value = row["value"]["value"]
    if name in MEASURED:
        assert float(value) == pytest.approx(MEASURED[name], rel=0.01)
    else:
        assert value.removeprefix(f"<{CRS84}> ") == EXPECTED.get(name, "false")


@pytest.mark.parametrize("name", ["buffer", "boundary", "geometryType", "transform"])
def test_one_that_is_not_listed_is_told_to_be_unknown(client: FlaskClient, name: str) -> None:
    assert name not in FUNCTIONS
    query = f"SELECT (<{GEOSPARQL}{name}>({SQUARE}) AS ?value) {{}}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (400, "function-unknown")


def test_the_service_description_lists_them(client: FlaskClient) -> None:
    content = client.get("/sparql", headers={"Accept": "text/turtle"}).data
    listed = {
        quad.object.value
        for quad in parse(content, RdfFormat.TURTLE)
        if quad.predicate.value == "http://www.w3.org/ns/sparql-service-description#extensionFunction"
    }
    assert listed == {GEOSPARQL + name for name in FUNCTIONS}
