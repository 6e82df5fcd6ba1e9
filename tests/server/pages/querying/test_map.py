"""Answers on a map: what stands where, what it is called, and what is told of rows that have no place on it."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from markup import Page

from server.lookup import Label
from server.pages.drawing.layout.land import Frame, land
from server.pages.drawing.layout.map import WIDTH, Place, draw

GEO = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
LAB = "<https://w3id.org/zellige/id/lab>"
POINTS = (
    f"SELECT ?thing ?at {{ VALUES (?thing ?at) {{ ({LAB} 'Point(-6.84 34.02)'^^{GEO}) "
    f"('Dakhla' '<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(23.68 -15.95)'^^{GEO}) "
    f"('area' 'POLYGON((0 0,1 0,1 1,0 0))'^^{GEO}) ('moon' '<urn:moon> POINT(1 2)'^^{GEO}) "
    f"('wrong' 'POINT(200 1)'^^{GEO}) ('nowhere' UNDEF) }} }}"
)
COLUMNS = "SELECT ?town ?latitude ?LONG { VALUES (?town ?latitude ?LONG) { ('فاس'@ar 34.03 -5) ('b' '31.63' -8.0) } }"
STATEMENTS = (
    "PREFIX s: <https://schema.org/> PREFIX w: <http://www.w3.org/2003/01/geo/wgs84_pos#> "
    f"CONSTRUCT {{ {LAB} s:latitude 34.0 ; s:longitude '-6.8' . <urn:b> w:lat 30.4 ; w:long -9.6 ; s:name 'b' . "
    "<urn:c> w:lat 1 } {}"
)


def asked(client: FlaskClient, query: str, **more: str) -> str:
    response = client.get(f"/query?{urlencode({'query': query, **more})}")
    assert response.status_code == 200, response.text
    assert Page(response.text).faults == []
    return response.text


def said(text: str) -> str:
    return " ".join(told for _, _, told in Page(text).texts)


def titles(text: str) -> list[str]:
    return re.findall(r"<circle class=\"point\"[^>]*><title>([^<]*)</title>", text)


@pytest.mark.parametrize(
    ("query", "offers"),
    [
        (POINTS, True),
        (COLUMNS, True),
        (STATEMENTS, True),
        ("SELECT ?a ?lat { VALUES (?a ?lat) { ('a' 1) ('b' 2) } }", False),
        (f"SELECT ?a ?at {{ VALUES (?a ?at) {{ ('a' 'POLYGON((0 0,1 0,1 1,0 0))'^^{GEO}) }} }}", False),
        ("SELECT ?a ?lat ?lon { VALUES (?a ?lat ?lon) { ('a' 'north' 'west') } }", False),
    ],
)
def test_a_map_is_offered_where_columns_have_places(client: FlaskClient, query: str, offers: bool) -> None:
    assert any("as=map" in way for way in Page(asked(client, query)).ways()) == offers
    text = asked(client, query, **{"as": "map"})
    assert ("<svg viewBox" in text) == offers
    assert ("These rows do not suit a map" in said(text)) != offers


def test_points_are_named_and_linked_and_all_else_is_counted(client: FlaskClient) -> None:
    text = asked(client, POINTS, **{"as": "map"})
    lab, dakhla = titles(text)
    assert lab.endswith("(34.02° N, 6.84° W)")
    assert dakhla == "Dakhla (23.68° N, 15.95° W)"
    assert re.search(r'<a href="/id/lab[^"]*"><circle class="point"', text)
    told = said(text)
    for reason in (
        "1 row has no coordinates.",
        "1 row has a line or an area in place of a point.",
        "1 row has coordinates of another reference system than WGS 84.",
        "1 row has coordinates that cannot be read, or that are none of the earth.",
        "The coast is that of Natural Earth",
    ):
        assert reason in told
    # The table below says the same, and no address of another site is in the page.
    assert text.count("<tr>") == 7
    assert not re.search(
        r'(?:src|href)="(?:https?:)?//(?!w3id)', text.partition('class="picture map"')[2].partition("</svg>")[0]
    )


def test_north_and_east_are_where_they_are_in_arabic_too(client: FlaskClient) -> None:
    found = {
        language: re.findall(
            r'class="point" cx="([\d.]+)" cy="([\d.]+)"', asked(client, COLUMNS, lang=language, **{"as": "map"})
        )
        for language in ("en", "ar")
    }
    assert found["en"] == found["ar"]
    (fes, marrakech) = [(float(x), float(y)) for x, y in found["en"]]
    assert fes[0] > marrakech[0]
    assert fes[1] < marrakech[1]
    assert titles(asked(client, COLUMNS, lang="ar", **{"as": "map"}))[0] == "فاس (34,03° ش، 5° غ)"


def test_degrees_are_no_amounts_of_a_chart(client: FlaskClient) -> None:
    assert "as=chart" not in asked(client, COLUMNS)


def test_things_of_statements_have_the_halves_of_their_places_together(client: FlaskClient) -> None:
    text = asked(client, STATEMENTS, **{"as": "map"})
    assert sorted(title.partition("(")[2] for title in titles(text)) == ["30.4° N, 9.6° W)", "34° N, 6.8° W)"]
    assert "1 row has no coordinates." in said(text)


def test_rows_that_are_kept_are_those_on_the_map(client: FlaskClient) -> None:
    assert titles(asked(client, POINTS, only="dakhla", **{"as": "map"})) == ["Dakhla (23.68° N, 15.95° W)"]


def test_rows_beyond_the_first_are_told_and_a_page_stays_small(client: FlaskClient) -> None:
    rows = " ".join(f"('town {n}' {20 + n % 17} {-16 + n % 23})" for n in range(250))
    text = asked(client, f"SELECT ?town ?lat ?lon {{ VALUES (?town ?lat ?lon) {{ {rows} }} }}", **{"as": "map"})
    assert "The first 200 of 250 rows are drawn" in said(text)
    marked = sum(title.count("town") + int((re.findall(r"\n\+(\d+)", title) or ["0"])[0]) for title in titles(text))
    assert marked == 200
    unnamed = len(titles(text)) - len(re.findall('<text class="named', text))
    assert f"names of {unnamed} points" in said(text)


def test_places_that_cannot_be_told_apart_are_one_mark_with_its_number() -> None:
    names = [Label(name, "en") for name in "abc"]
    it = draw([Place(34.02, -6.84, 0), Place(34.021, -6.841, 1), Place(23.7, -15.9, 2)], names)
    assert [(mark.rows, mark.word.text if mark.word else "") for mark in it.marks] == [((0, 1), "a +1"), ((2,), "c")]


def test_a_map_goes_over_the_meridian_where_its_places_do() -> None:
    it = draw([Place(-18.1, 178.4, 0), Place(-13.8, -171.8, 1), Place(21.3, -157.9, 2)], [Label("")] * 3)
    assert [mark.x for mark in it.marks] == sorted(mark.x for mark in it.marks)
    assert [int(line.degrees) for line in it.meridians] == [170, -180, -170, -160, -150]
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= it.height for mark in it.marks)


@pytest.mark.parametrize("places", [[(0.0, 0.0)], [(90.0, 0.0), (89.0, 120.0)], [(-90.0, 180.0), (90.0, -180.0)]])
def test_every_place_of_the_earth_stands_in_its_map(places: list[tuple[float, float]]) -> None:
    it = draw([Place(south, east, row) for row, (south, east) in enumerate(places)], [Label("x")] * len(places))
    assert sum(len(mark.rows) for mark in it.marks) == len(places)
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= it.height for mark in it.marks)


def test_land_is_where_it_is_and_lies_in_its_frame() -> None:
    whole = Frame(-180.0, -90.0, 180.0, 90.0)
    area = sum(_area(ring) for ring in land(whole))
    # Antarctica is wide here; of the squares of degrees some 33 of 100 are land.
    assert 0.3 < area / (360 * 180) < 0.37
    for ring in land(Frame(170.0, -60.0, 200.0, 70.0)):
        assert all(170 <= x <= 200 and -60 <= y <= 70 for x, y in ring)


def _area(ring: tuple[tuple[float, float], ...]) -> float:
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2
