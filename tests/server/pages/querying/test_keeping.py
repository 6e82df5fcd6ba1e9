"""Rows of an answer that have some words, and how many rows a page has: what a person reads, chooses and finds again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from markup import Page

from kg.folding import fold
from server.lookup import Label, Row, Term
from server.pages.querying import keeping
from server.pages.querying.arranging import Table
from server.pages.querying.keeping import Said, keep

LAB, MINISTRY = "<https://w3id.org/zellige/id/lab>", "<https://w3id.org/zellige/id/ministry>"
ROWS = (
    "SELECT ?name ?n ?thing { VALUES (?name ?n ?thing) { "
    f"('Université de Fès' 10800000 {LAB}) ('الإدارةُ ٢٠٣٠' 3 {MINISTRY}) ('نص' 3.5 UNDEF) ('oasis' true {LAB}) }} }}"
)
MANY = f"SELECT ?n ?m {{ VALUES ?n {{ {' '.join(map(str, range(1, 201)))} }} BIND(?n - 2 * FLOOR(?n / 2) AS ?m) }}"
KEPT = {"en": "{0} of {1} rows", "fr": "lignes : {0} sur {1}", "ar": "الأسطر: {0} من {1}"}


def shown(client: FlaskClient, query: str, **more: str) -> str:
    response = client.get(f"/query?{urlencode({'query': query, **more})}")
    assert response.status_code == 200, response.text
    assert Page(response.text).faults == []
    return response.text


def said(text: str) -> str:
    return " ".join(told for _, _, told in Page(text).texts)


def firsts(text: str) -> list[str]:
    """What stands in the first cell of each row of the answer."""
    body = text.partition('<div class="wide answers"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = body.split("<tr>")[1:]
    return [next(told for _, _, told in Page(row).texts) for row in rows]


@pytest.mark.parametrize(
    ("words", "language", "left"),
    [
        ("universite FES", "en", 1),
        ("الاداره", "ar", 1),
        ("2030", "fr", 1),
        ("10,800,000", "en", 1),  # as the page says the number
        ("10800000", "ar", 1),  # as the data do
        ("oui", "fr", 1),
        ("oasis نص", "en", 0),  # in no one row
        ("fes 10", "en", 1),  # in two cells
    ],
)
def test_words_are_looked_for_in_all_rows_as_the_search_does(
    client: FlaskClient, words: str, language: str, left: int
) -> None:
    text = shown(client, ROWS, only=words, lang=language)
    assert KEPT[language].format(left, 4) in said(text)
    assert len(firsts(text)) == left
    # All that was asked stands in the address and in the form.
    field = next(given for tag, given in Page(text).elements if given.get("id") == "only")
    assert field["value"] == words


def test_things_are_found_by_the_names_that_are_shown(client: FlaskClient) -> None:
    names = [told for path, _, told in Page(shown(client, ROWS)).texts if path[-4:] == ("tr", "td", "a", "bdi")]
    assert len(names) == 3
    assert len(firsts(shown(client, ROWS, only=names[0]))) == 2
    assert len(firsts(shown(client, ROWS, only=names[0], show="iris"))) == 0
    assert len(firsts(shown(client, ROWS, only="id/lab", show="iris"))) == 2


def test_words_order_and_page_hold_together_and_the_words_go_by_a_click(client: FlaskClient) -> None:
    text = shown(client, MANY, only="1", sort="-n", rows="10", page="1")
    expected = [n for n in range(200, 0, -1) if "1" in f"{n} {n % 2}"]
    assert firsts(text) == [str(n) for n in expected[10:20]]
    assert f"{len(expected)} of 200 rows" in said(text)
    assert "The files below hold all rows of the answer." in said(text)
    back = next(it for it in Page(text).ways() if "/query?" in it and it.endswith("only=") and "sort=" in it)
    assert firsts(client.get(back).text) == [str(n) for n in range(200, 190, -1)]


def test_a_long_query_stands_once_and_the_words_go_with_its_buttons(client: FlaskClient) -> None:
    long = f"{MANY} # {'x' * 30_000}"
    text = shown(client, long, only="1", rows="10")
    assert text.count("x" * 30_000) == shown(client, long, rows="10").count("x" * 30_000)
    field = next(given for tag, given in Page(text).elements if given.get("id") == "only")
    assert field["form"] == "again"
    # A button sends the hidden fields first, then what is typed, then itself: the last counts.
    again = [("query", long), ("rows", "10"), ("only", "1"), ("only", "7"), ("sort", "-n")]
    found = client.get(f"/query?{urlencode(again)}").text
    assert firsts(found)[:2] == ["197", "187"]


def test_no_row_with_the_words_is_told_and_the_field_stays(client: FlaskClient) -> None:
    text = shown(client, MANY, only="nothing")
    assert "0 of 200 rows" in said(text)
    assert firsts(text) == []
    assert 'id="only"' in text
    assert client.get(f"/query?{urlencode({'query': MANY, 'only': 'x' * 201})}").status_code == 400


def test_a_page_has_as_many_rows_as_one_chooses_and_as_it_has_room_for(client: FlaskClient) -> None:
    text = shown(client, MANY, rows="25", page="2")
    assert firsts(text) == [str(n) for n in range(51, 76)]
    assert "A page has room for 75 rows of so many columns." in said(text)
    # Of a long query the ways are buttons, which say one thing: another size begins at the first row.
    for size in (75, 10):
        way = next(it for it in Page(text).ways() if f"rows={size}" in it)
        assert firsts(client.get(way).text)[0] == "1"
    text = shown(client, MANY, rows="500")
    assert len(firsts(text)) == 75
    assert "500 rows are more than a page of this answer has room for: here are 75 at a time." in said(text)
    for wrong in ("0", "-1", "ten", "10000"):
        assert client.get(f"/query?{urlencode({'query': MANY, 'rows': wrong})}").status_code == 400


def test_beside_a_picture_of_many_rows_a_page_has_room_for_half_as_many(client: FlaskClient) -> None:
    values = " ".join(f"(<urn:a{n}> <urn:b{n}>)" for n in range(100))
    query = f"SELECT ?from ?to {{ VALUES (?from ?to) {{ {values} }} }}"
    assert len(firsts(shown(client, query))) == 50
    text = shown(client, query, **{"as": "graph"})
    assert len(firsts(text)) == 37
    assert "A page has room for 37 rows of so many columns." in said(text)
    # Bars are those of the page, which has as many as ever.
    assert len(firsts(shown(client, MANY, **{"as": "chart"}))) == 50


def test_bars_are_those_of_the_rows_that_are_kept(client: FlaskClient) -> None:
    query = "SELECT ?name ?n { VALUES (?name ?n) { ('one' 1) ('two' 2) ('twenty' 20) } }"
    text = shown(client, query, only="tw", **{"as": "chart"})
    assert text.partition("<tbody>")[2].count('<rect class="band"') == 2
    assert "2 of 3 rows" in said(text)


def test_more_cells_than_words_are_looked_for_in_are_all_shown(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_FILTERED", 399)
    text = shown(client, MANY, only="nothing")
    assert "All rows are shown: words are not looked for in more than" in said(text)
    assert len(firsts(text)) == 50
    monkeypatch.setattr(keeping, "MOST_FILTERED", 400)
    monkeypatch.setattr(keeping, "MOST_NAMED", 1)
    text = shown(client, ROWS, only="zellige")
    assert "More than 2000 things: the words are looked for in their IRIs" in said(text)
    assert len(firsts(text)) == 3


def test_the_same_rows_are_kept_as_by_reading_each_of_them() -> None:
    rng = random.Random(7)
    pool = ["a", "B é", "الإ", "x y", "12", "١٢", "", "ab"]

    def names(things: frozenset[str]) -> Mapping[str, Label]:
        return {iri: Label(f"name {iri[-1]}") for iri in things if iri.endswith("1")}

    for _ in range(200):
        rows: list[Row] = [
            {
                name: Term("literal", rng.choice(pool))
                if rng.random() < 0.6
                else Term("iri", f"urn:{rng.choice('12')}")
                for name in "pq"
                if rng.random() < 0.8
            }
            for _ in range(rng.randrange(6))
        ]
        words = " ".join(rng.choice([*pool, "name 1", "urn"]) for _ in range(rng.randrange(3)))
        kept = keep(Table(("p", "q"), rows, lambda row: row), words, names, Said("yes", "no", "en", str))
        expected = [
            row for row in rows if all(any(word in cell for cell in _cells(row)) for word in fold(words).split())
        ]
        assert kept.table.raw == expected
        assert (kept.total, kept.is_filtered, kept.by_names) == (len(rows), True, True)


def _cells(row: Row) -> list[str]:
    return [fold("name 1" if term.value == "urn:1" else term.value) for term in row.values()]
