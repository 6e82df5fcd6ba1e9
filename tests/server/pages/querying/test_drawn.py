"""Answers as a chart and as a graph: what a person reads there, and that nothing is drawn which the rows do not hold."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from markup import Page

from server.lookup import Label
from server.pages.drawing.layout.network import Edge, draw

BARS = "SELECT ?name ?n ?m { VALUES (?name ?n ?m) { ('one'@en 5 -2.5) ('two'@en 10 UNDEF) ('three'@en 0 5) } }"
UNITS = "SELECT ?name ?n ?unit { VALUES (?name ?n ?unit) { ('a' 5 'kg') ('b' 7000 'dirham') ('c' 10 'kg') } }"
YEARS = "SELECT ?year ?n { VALUES (?year ?n) { (2020 1) (2021 3) (2022 UNDEF) (2023 4) (2024 2) } }"
LAB, MINISTRY = "<https://w3id.org/zellige/id/lab>", "<https://w3id.org/zellige/id/ministry>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
STATEMENTS = f"CONSTRUCT {{ {LAB} <urn:p> {MINISTRY} . {MINISTRY} <urn:q> {LAB} . {LAB} <urn:p> 'a text' }} {{}}"
PAIRS = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ ({LAB} {MINISTRY}) }} }}"


def asked(client: FlaskClient, query: str, drawn: str = "", **more: str) -> str:
    response = client.get(f"/query?{urlencode({'query': query, **({'as': drawn} if drawn else {}), **more})}")
    assert response.status_code == 200, response.text
    assert Page(response.text).faults == []
    return response.text


def said(text: str) -> str:
    return " ".join(told for _, _, told in Page(text).texts)


def offered(text: str) -> list[str]:
    """The ways of showing that links lead to."""
    found = [parse_qs(urlsplit(address).query).get("as", []) for address in Page(text).ways() if "/query?" in address]
    return sorted({kind for kinds in found for kind in kinds})


def bands(text: str) -> list[float]:
    """The widths of the bars, in hundredths."""
    rows = text.partition("<tbody>")[2]
    return [float(width) for width in re.findall(r'<rect class="band" x="[\d.]+%" width="([\d.]+)%"', rows)]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_figures_of_a_narrow_scale_stand_apart(client: FlaskClient, language: str) -> None:
    """Beside another column there is no room for 0, 50, 100, 150 and 200: "150200" was read."""
    query = "SELECT ?name ?n ?m { VALUES (?name ?n ?m) { ('one' 12 1900) ('two' 200 98) } }"
    text = asked(client, query, "chart", lang=language)
    scales = [
        re.findall(r"<text [^>]*>([^<]*)</text>", it)
        for it in re.findall(r'<svg class="scale".*?</svg>', text, re.DOTALL)
    ]
    assert scales[0] == ["0", "100", "200"]
    assert [re.sub(r"\D", "", it) for it in scales[1]] == ["0", "2000"]
    # The table is wider than a telephone, and scrolls by itself; with one column it never is.
    assert '<div class="wide" role="region" aria-labelledby="answers" tabindex="0">' in text
    alone = asked(client, "SELECT ?name ?n { VALUES (?name ?n) { ('one' 12) ('two' 200) } }", "chart", lang=language)
    assert re.findall(r"<text [^>]*>([^<]*)</text>", alone) == ["0", "50", "100", "150", "200"]
    assert 'class="wide"' not in alone


@pytest.mark.parametrize(
    ("query", "ways"),
    [
        (BARS, ["chart"]),
        (YEARS, ["chart"]),
        (STATEMENTS, ["graph"]),
        (PAIRS, ["graph"]),
        ("SELECT ?n { VALUES ?n { 1 2 3 } }", []),
        ("SELECT ?name ?n { VALUES (?name ?n) { ('only one row' 1) } }", []),
        ("SELECT ?name ?text { VALUES (?name ?text) { ('a' '1') ('b' '2') } }", []),
        ("CONSTRUCT { <urn:a> <urn:b> 1 } {}", []),
        ("SELECT ?s ?p ?o { VALUES (?s ?p ?o) { (<urn:a> <urn:b> <urn:c>) } }", ["graph"]),
        ("SELECT ?x ?b { VALUES ?x { <urn:a> } BIND(BNODE() AS ?b) }", ["graph"]),
        ("SELECT ?x ?y ?z { VALUES (?x ?y ?z) { (<urn:a> <urn:b> <urn:c>) } }", []),
        (f"SELECT ?s ?what ?o {{ VALUES (?s ?what ?o) {{ ({LAB} {TYPE} {MINISTRY}) }} }}", ["graph"]),
    ],
)  # fmt: skip
def test_a_way_of_drawing_is_offered_only_where_the_columns_suit_it(
    client: FlaskClient, query: str, ways: list[str]
) -> None:
    assert offered(asked(client, query)) == ways


def test_bars_are_as_long_as_their_numbers_on_the_scale_of_their_column(client: FlaskClient) -> None:
    text = asked(client, BARS, "chart")
    # n: 0 to 10; m: -5 to 5. What has no number has no bar, and what is zero has the width of a line.
    assert bands(text) == [50.0, 25.0, 100.0, 0.1, 50.0]
    told = said(text)
    assert "no value" in told
    assert "Numbers of each column, and of each unit, have a scale of their own." in told
    assert "xsd:" not in told.partition("Answers")[2]


def test_a_bar_runs_from_the_right_in_arabic(client: FlaskClient) -> None:
    begins = {
        language: re.findall(r'class="band" x="([\d.]+)%" width="50.0%"', asked(client, BARS, "chart", lang=language))
        for language in ("en", "ar")
    }
    assert begins == {"en": ["0.0", "50.0"], "ar": ["50.0", "0.0"]}


def test_numbers_of_two_units_are_on_two_scales(client: FlaskClient) -> None:
    text = asked(client, UNITS, "chart")
    assert text.count('<table class="drawn bars') == 2
    assert bands(text) == [50.0, 100.0, 87.5]


def test_what_is_the_same_in_all_rows_of_bars_is_said_once(client: FlaskClient) -> None:
    rows = "('a' 1 'same' 'x') ('b' 2 'same' 'y') ('c' 3 'same' UNDEF)"
    query = f"SELECT ?name ?n ?kind ?more {{ VALUES (?name ?n ?kind ?more) {{ {rows} }} }}"
    told = said(asked(client, query, "chart")).partition("Answers")[2]
    assert "The same in all of these rows: kind : same" in told
    assert told.count("kind : same") == 1
    assert "a x 1 b y 2 c 3" in told
    # One row is not alike with another, and what one row lacks is not in all.
    alone = said(asked(client, query.replace(rows, "('a' 1 'same' 'x') ('b' 2 UNDEF 'x')"), "chart"))
    assert "The same in all of these rows: more : x" in alone
    assert "kind : same" not in alone


def test_bars_beyond_a_page_are_told_and_found_on_the_next(client: FlaskClient) -> None:
    rows = " ".join(f"('r{number}' {number})" for number in range(1, 61))
    text = asked(client, f"SELECT ?name ?n {{ VALUES (?name ?n) {{ {rows} }} }}", "chart")
    assert "The bars are those of rows 1 to 50 of 60; the others are on other pages." in said(text)
    (onwards, *_) = [it for it in Page(text).ways() if "page=1" in it]
    assert "as=chart" in onwards
    assert "rows 51 to 60 of 60" in said(client.get(onwards).text)


def test_a_line_stops_where_a_number_is_missing_and_the_table_stays(client: FlaskClient) -> None:
    text = asked(client, YEARS, "chart")
    plot = text.partition('<div class="plot">')[2].partition("</div>")[0]
    assert re.findall(r"<title>([^<]*)</title>", plot) == ["2020: 1", "2021: 3", "2023: 4", "2024: 2"]
    assert plot.count('<line class="tie') == 2
    assert "1 row has no number" in said(text)
    assert len(re.findall(r"<tr>", text.partition("<tbody>")[2])) == 5


def test_a_series_has_a_gap_in_a_year_that_others_have(client: FlaskClient) -> None:
    values = "('a' 2020 1) ('a' 2021 2) ('a' 2022 3) ('b' 2020 4) ('b' 2022 5)"
    text = asked(client, f"SELECT ?who ?year ?n {{ VALUES (?who ?year ?n) {{ {values} }} }}", "chart")
    assert re.findall(r'<line class="tie (k\d)" x1="[1-9]', text) == ["k0", "k0"]
    assert len(re.findall('<use class="point" href="#page-month" x="[\\d.]+%" y', text)) == 2


def test_more_things_than_lines_can_be_told_apart_are_points_or_bars(client: FlaskClient) -> None:
    values = " ".join(f"('r{number}' {2000 + number} {number})" for number in range(9))
    text = asked(client, f"SELECT ?who ?year ?n {{ VALUES (?who ?year ?n) {{ {values} }} }}", "chart")
    assert '<div class="plot">' not in text
    assert len(bands(text)) == 9


def test_the_numbers_of_an_amount_of_rows_over_time_are_cut_and_told(client: FlaskClient) -> None:
    values = " ".join(f"({1400 + number} {number})" for number in range(520))
    told = said(asked(client, f"SELECT ?year ?n {{ VALUES (?year ?n) {{ {values} }} }}", "chart"))
    assert "The first 500 of 520 rows are drawn; the table has all of them." in told


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["Joint lab", "Ministry of Digital"]), ("ar", ["مختبر مشترك", "وزارة الانتقال الرقمي"])],
)
def test_a_graph_names_its_things_and_ties_and_tells_what_it_leaves_out(
    client: FlaskClient, language: str, names: list[str]
) -> None:
    text = asked(client, STATEMENTS, "graph", lang=language)
    drawn = text.partition('<div class="picture network"')[2].partition("</div>")[0]
    lines = re.findall(r"<tspan [^>]*>([^<]*)</tspan>", drawn)
    assert set(names) <= set(lines)
    assert re.findall(r"</title>(urn:[pq])</text>", drawn) == ["urn:q", "urn:p"]
    assert 'href="/id/lab' in drawn
    assert "a text" not in drawn
    assert text.count("<tr>") == 4
    if language == "en":
        assert "1 row has a text or a number in place of a second thing" in said(text)
    bare = asked(client, STATEMENTS, "graph", show="iris")
    assert "id/ministry" in bare.partition('<div class="picture network"')[2].partition("</div>")[0]


def test_a_graph_has_a_bound_and_tells_it(client: FlaskClient) -> None:
    triples = " . ".join(f"<urn:s{number}> <urn:p> <urn:o{number}>" for number in range(70))
    text = asked(client, f"CONSTRUCT {{ {triples} }} {{}}", "graph")
    assert "20 of 70 ties are drawn; the table has all rows." in said(text)
    assert text.count('class="node"') == 40


def test_what_does_not_suit_is_told_and_shown_as_a_table(client: FlaskClient) -> None:
    for way in ("chart", "graph"):
        text = asked(client, "SELECT ?n { VALUES ?n { 1 2 } }", way)
        assert f"These rows do not suit a {way}" in said(text)
        assert text.count("<tr>") == 3


def test_the_way_is_kept_by_the_form_the_share_link_and_the_order(client: FlaskClient) -> None:
    page = Page(asked(client, BARS, "chart"))
    # In the form of the query, and in that of the words of rows.
    kept = [given["value"] for tag, given in page.elements if tag == "input" and given.get("name") == "as"]
    assert kept == ["chart", "chart"]
    (share,) = [str(given["href"]) for _, given in page.elements if given.get("class") == "share"]
    assert "as=chart" in share
    assert client.get(f"/query?{urlencode({'query': BARS, 'as': 'pie'})}").status_code == 400


def test_hostile_names_are_text_alone(client: FlaskClient) -> None:
    evil = "</text><script>alert(1)</script>\\u202Edrawrof"
    text = asked(client, f"SELECT ?name ?n {{ VALUES (?name ?n) {{ ('{evil}' 1) ('b' 2) }} }}", "chart")
    over = asked(
        client, f"SELECT ?who ?year ?n {{ VALUES (?who ?year ?n) {{ ('{evil}' 2020 1) ('{evil}' 2021 2) }} }}", "chart"
    )
    for found in (text, over):
        assert "<script>alert" not in found
        assert "[U+202E]drawrof" in found


def test_a_drawing_is_the_same_whatever_order_the_statements_come_in_and_no_two_names_meet() -> None:
    edges = [Edge(f"s{n % 7}", "p", f"o{n % 5}") for n in range(35)]
    edges += [Edge("o1", "q", "s1"), Edge("o1", "q", "o1"), Edge("o2", "q", "z")]
    for mirrored in (False, True):
        drawn = draw(edges, {"s1": Label("a name of more than one line, of many words", "en")}, mirrored=mirrored)
        boxes = [node.box for node in drawn.nodes]
        for left, top, width, height in boxes:
            assert left >= 0
            assert left + width <= drawn.width
            assert top >= 0
            assert top + height <= drawn.height
            others = [box for box in boxes if box != (left, top, width, height) and box[0] == left]
            assert all(top + height <= box[1] or box[1] + box[3] <= top for box in others)
        words = [(line.x, line.y) for line in drawn.lines]
        assert len(set(words)) == len(words) == len(edges)
