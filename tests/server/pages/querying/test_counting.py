"""The values of the columns of an answer are counted over all of its rows: what a person reads, and where it leads."""

from __future__ import annotations

import random
import re
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page

from server.pages.querying import counting

LAB, MINISTRY = "https://w3id.org/zellige/id/lab", "https://w3id.org/zellige/id/ministry"
EDTF = "^^<http://id.loc.gov/datatypes/edtf/EDTF>"
ROWS = (
    "SELECT ?name ?when ?thing { VALUES (?name ?when ?thing) { "
    f"('oasis' '2026-05-01'{EDTF} <{LAB}>) ('سنة'@ar '2026-05'{EDTF} <{LAB}>) ('oasis' UNDEF <{MINISTRY}>) "
    f"('oasis'@fr '2024/2026'{EDTF} UNDEF) (7 '2026-05-01T23:59:59Z' <{LAB}>) ('2026 was dry' 'soon' <{LAB}>) }} }}"
)


def shown(client: FlaskClient, query: str, *asked: tuple[str, str], lang: str = "en") -> lxml.html.HtmlElement:
    return opened(client, f"/query?{urlencode([('query', query), *asked, ('lang', lang)])}")


def opened(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert Page(response.text).faults == []
    return lxml.html.document_fromstring(response.text)


def said(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def counts(page: lxml.html.HtmlElement, number: int = 0) -> list[str]:
    return [said(it) for it in page.xpath("//div[@class='facets']/section")[number].xpath(".//li")]


def cells(page: lxml.html.HtmlElement, column: int = 1) -> list[str]:
    found = page.xpath(f"//div[contains(@class, 'answers')]//tbody/tr/td[{column}]")
    return [" ".join(said(it) for it in cell.xpath(".//bdi[not(ancestor::small)]")) for cell in found]


def follow(client: FlaskClient, page: lxml.html.HtmlElement, way: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """What a click leads to: by a link, or by a button of the form that has the query."""
    if way.tag == "a":
        return opened(client, way.get("href"))
    (form,) = page.xpath(f"//form[@id='{way.get('form')}']")
    fields = [(it.get("name"), it.get("value")) for it in form.xpath(".//input[@type='hidden']")]
    words = [(it.get("name"), it.get("value")) for it in page.xpath(f"//input[@form='{way.get('form')}']")]
    given = urlencode([*fields, *words, (way.get("name"), way.get("value"))])
    return opened(client, f"{form.get('action')}?{given}")


def way(page: lxml.html.HtmlElement, words: str, inside: str = "//main") -> lxml.html.HtmlElement:
    (found,) = [it for it in page.xpath(f"{inside}//*[self::a or self::button]") if said(it) == words]
    return found


FACETS = "//div[@class='facets']"
SHORT = "SELECT ?n { VALUES ?n { 1 2 2 } }"


def test_the_values_of_the_whole_answer_are_counted_in_the_reader_s_words(client: FlaskClient) -> None:
    page = shown(client, ROWS, ("facet", "thing"), ("facet.month", "when"), lang="fr")
    assert counts(page) == ["Laboratoire commun 4", f"{cells(page, 3)[2]} 1", "aucune valeur 1"]
    assert counts(page, 1) == ["mai 2026 3", "aucun mois 3"]
    page = shown(client, ROWS, ("facet.day", "when"), ("facet", "name"), lang="ar")
    assert [it for it in page.xpath(f"{FACETS}//bdi[@lang='ar' and @dir='rtl']") if said(it) == "سنة"]
    # The same letters in another language, or none, are another value.
    assert sorted(counts(page, 1)) == ["2026 was dry 1", "7 1", "oasis 1", "oasis 2", "سنة 1"]
    assert counts(page)[-1] == "بلا يوم 4"


def test_a_value_leads_to_its_rows_several_hold_together_and_each_goes_by_a_click(client: FlaskClient) -> None:
    page = shown(client, ROWS, ("facet", "thing"), ("facet.month", "when"))
    page = follow(client, page, way(page, "Joint lab", FACETS))
    assert said(page.xpath("//*[@id='outcome']//span[@role='status']")[0]) == "4 of 6 rows"
    assert counts(page) == ["Joint lab 4"]
    assert not page.xpath(f"{FACETS}/section[1]//li//*[self::a or self::button]")
    page = follow(client, page, way(page, "May 2026", FACETS))
    assert cells(page) == ["oasis", "سنة", "7"]
    assert [said(it).partition(" ×")[0] for it in page.xpath("//ul[@class='chips']/li")] == [
        "thing is Joint lab",
        "when is within May 2026",
    ]
    first, _ = page.xpath("//ul[@class='chips']/li/*[self::a or self::button]")
    page = follow(client, page, first)
    assert cells(page) == ["oasis", "سنة", "7"]
    (stop, _) = page.xpath(f"{FACETS}//h3/*[self::a or self::button]")
    page = follow(client, page, stop)
    assert len(page.xpath(f"{FACETS}/section")) == 1
    assert "The files below hold all rows of the answer." in said(page)


def test_a_column_is_offered_with_the_parts_its_dates_have(client: FlaskClient) -> None:
    page = shown(client, ROWS)
    assert said(page.xpath("//p[contains(@class, 'counting')]")[0]).replace(" )", ")") == (
        "Count the rows by: name · when (year · month · day) · thing"
    )
    page = follow(client, page, way(page, "year", "//p[contains(@class, 'counting')]"))
    # Of an interval both ends count, as the filter lets both through.
    assert counts(page) == ["2026 4", "2024 1", "no year 2"]
    page = follow(client, page, way(page, "2024", FACETS))
    assert cells(page, 2) == ["from 2024 to 2026"]
    # The query that is run anew has none of it.
    assert {it.get("name") for it in page.xpath("//form[@id='ask']//input")} == {"lang"}


def test_rows_without_a_value_are_found(client: FlaskClient) -> None:
    page = shown(client, ROWS, ("facet", "when"))
    page = follow(client, page, way(page, "no value", FACETS))
    assert cells(page) == ["oasis"]


def test_a_short_query_has_links_and_a_long_one_buttons_that_lead_to_the_same(client: FlaskClient) -> None:
    long = f"{SHORT} # {'x' * 3_000}"
    for words in (["n"], ["n", "2"], ["n", "2", "×No longer count by this"], ["n", "2", "×Remove this filter"]):
        found = []
        for query, tag in ((SHORT, "a"), (long, "button")):
            page = shown(client, query)
            for word in words:
                at = "//p[contains(@class, 'counting')]" if word == "n" else "//*[@class='facets' or @class='chips']"
                leads = way(page, word, at)
                assert leads.tag == tag
                page = follow(client, page, leads)
            found.append((cells(page), len(page.xpath(f"{FACETS}//li")), len(page.xpath("//ul[@class='chips']/li"))))
            assert page.text_content().count("x" * 3_000) <= 2
        assert found[0] == found[1], words


def test_filters_words_order_and_pages_hold_together(client: FlaskClient) -> None:
    many = f"SELECT ?n ?m {{ VALUES ?n {{ {' '.join(map(str, range(1, 201)))} }} BIND(?n - 3 * FLOOR(?n / 3) AS ?m) }}"
    value = '"2"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    page = shown(client, many, ("is.m", value), ("facet", "m"), ("facet", "n"), ("only", "1"), ("sort", "-n"))
    expected = [n for n in range(200, 0, -1) if n % 3 == 2 and "1" in str(n)]
    assert cells(page) == [str(n) for n in expected[:37]]
    assert f"{len(expected)} of 200 rows" in said(page)
    assert counts(page) == [f"2 {len(expected)}"]
    assert len(counts(page, 1)) == 20
    assert f"and {len(expected) - 20} others, none of more rows" in said(page)


def test_counts_are_those_of_python_over_the_whole_answer(client: FlaskClient) -> None:
    chance = random.Random(11)
    for _ in range(4):
        rows = [(draw_text(chance), draw_date(chance)) for _ in range(chance.choice([3, 60, 200]))]
        values = " ".join(f"({text or 'UNDEF'} {f'{date!r}' if date else 'UNDEF'})" for text, date in rows)
        query = f"SELECT ?text ?date {{ VALUES (?text ?date) {{ {values} }} }}"
        part, length = chance.choice([("year", 4), ("month", 7), ("day", 10)])
        page = shown(client, query, ("facet", "text"), (f"facet.{part}", "date"), ("show", "iris"))
        texts = Counter(label(text) for text, _ in rows if text)
        assert in_numbers(page, 0) == dict(texts), query
        of_dates = [{end[:length] for end in date.split("/") if has(end, length)} for _, date in rows]
        times = Counter(it for found in of_dates for it in found)
        lead = {dict(parse_qsl(urlsplit(it).query)).get("during.date", "") for it in ways(page)}
        assert lead - {""} == set(times)
        assert sorted(in_numbers(page, 1).values()) == sorted(times.values())
        missing = sum(not found for found in of_dates)
        assert (counts(page, 1)[-1] == f"no {part} {missing}") == (missing > 0)
        # Each leads to as many rows as it says.
        for time in chance.sample(sorted(times), min(2, len(times))):
            found = shown(client, query, ("during.date", time), ("rows", "100"))
            held = re.search(r"(\d+) of (\d+) rows", said(found))
            assert int(held[1]) == times[time] if held else times[time] == len(rows)


def draw_text(chance: random.Random) -> str:
    return chance.choice(["'a'", "'b'", "'ب'", "'a b'", "7", "<http://example.org/x>", ""])


def draw_date(chance: random.Random) -> str:
    dates = [
        "2026",
        "2026-05",
        "2026-05-12",
        "2025-12-31",
        "2024-01~",
        "202X",
        "2026-21",
        "2026-13-01",
        "soon",
        "",
        "..",
    ]
    ends = [chance.choice(dates)] + [chance.choice(dates[:5])] * (chance.random() < 0.2)
    return "/".join(ends) if ends[0] not in {"", "soon"} else ends[0]


def has(end: str, length: int) -> bool:
    months = [f"{n:02d}" for n in range(1, 13)]
    parts = end.rstrip("~").split("-")
    is_year = len(parts[0]) == 4 and parts[0].isdecimal()
    return is_year and (length == 4 or (len(parts) >= length // 3 and parts[1] in months))


def label(text: str) -> str:
    return text.strip("'<>")


def in_numbers(page: lxml.html.HtmlElement, section: int) -> dict[str, int]:
    listed = (it.rpartition(" ") for it in counts(page, section) if not it.startswith("no "))
    return {words: int(number) for words, _, number in listed}


def ways(page: lxml.html.HtmlElement) -> list[str]:
    return Page(lxml.html.tostring(page, encoding="unicode")).ways()


@pytest.mark.parametrize(
    ("asked", "language", "told"),
    [
        ([("is.n", "2 } DROP ALL")], "en", "2 } DROP ALL is no value as N-Triples writes it"),
        ([("is.n", f'"{"x" * 600}"')], "en", "500"),
        ([("during.n", "2026-13")], "fr", "2026-13 n'est ni une année, ni un mois, ni un jour"),
        ([("facet.week", "n")], "ar", "week ليس جزءا من التاريخ"),
        ([("facet", f"v{n}") for n in range(5)], "en", "4 columns are counted at once"),
        ([("during.n", str(n)) for n in range(2001, 2010)], "en", "At most 8 filters hold together"),
        ([("facet", "n" * 101)], "en", "is no column of a table"),
    ],
)
def test_what_cannot_be_counted_or_filtered_is_told(
    client: FlaskClient, asked: list[tuple[str, str]], language: str, told: str
) -> None:
    response = client.get(f"/query?{urlencode([('query', SHORT), *asked, ('lang', language)])}")
    assert response.status_code == 400
    page = lxml.html.document_fromstring(response.text)
    assert told in said(page.xpath("//*[@role='alert']")[0]).replace("\N{NO-BREAK SPACE}", " ")
    assert said(page.xpath("//textarea")[0]) == SHORT


def test_a_column_that_is_not_there_is_told_and_filters_nothing(client: FlaskClient) -> None:
    page = shown(client, SHORT, ("facet", "other"), ("is.else", '"x"'), ("facet", "n"))
    assert "The answer has no column ?else. The answer has no column ?other." in said(page)
    assert (counts(page), cells(page)) == (["2 2", "1 1"], ["1", "2", "2"])
    assert not page.xpath("//ul[@class='chips']/li")


def test_an_answer_that_is_too_long_is_shown_whole_and_one_that_is_cut_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(client, f"{SHORT} LIMIT 2", ("facet", "n"))
    assert "The answer ends at the LIMIT of the query: what lies beyond it is not counted." in said(page)
    assert "LIMIT of the query" not in said(shown(client, f"{SHORT} LIMIT 9", ("facet", "n")))
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)
    for asked in (("facet", "n"), ("is.n", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>')):
        page = shown(client, SHORT, asked)
        assert "rows are not counted here, and all of them are shown." in said(page)
        assert cells(page) == ["1", "2", "2"]


def test_what_no_address_can_name_is_counted_and_leads_nowhere(client: FlaskClient) -> None:
    hostile = r"'\u202eevil' '<b>x</b>' '" + "y" * 3_000 + "'"
    query = f"SELECT ?v {{ {{ VALUES ?v {{ {hostile} }} }} UNION {{ BIND(BNODE() AS ?v) }} }}"
    page = shown(client, query, ("facet", "v"))
    assert len(counts(page)) == 4
    assert any(it.startswith("[U+202E]evil") for it in counts(page))
    assert any(it.startswith("y" * 120 + "…") and "3000" in it for it in counts(page))
    leads = page.xpath(f"{FACETS}//li/*[self::a or self::button]")
    assert sorted(said(it) for it in leads) == ["<b>x</b>", "[U+202E]evil"]
    for it in leads:
        assert len(cells(follow(client, page, it))) == 1


def test_a_graph_s_statements_are_counted_and_a_verdict_is_not(client: FlaskClient) -> None:
    query = "CONSTRUCT { <a:a> <a:p> ?n . <a:b> <a:p> ?n } WHERE { VALUES ?n { 1 2 } }"
    page = shown(client, query, ("facet", "subject"))
    assert counts(page) == ["a:a 2", "a:b 2"]
    assert cells(follow(client, page, way(page, "a:b", FACETS))) == ["a:b", "a:b"]
    assert not shown(client, "ASK {}", ("facet", "n")).xpath(FACETS)
