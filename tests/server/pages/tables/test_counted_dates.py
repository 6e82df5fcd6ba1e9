"""Dates of tables and lists are counted by year, month and day, and the values of a row each by itself."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from server.app import create_app
from server.lookup import Term
from server.pages.tables.dates import PARTS, parts_of
from server.settings import Settings

HTML = {"Accept": "text/html"}
TABLE = "https://w3id.org/zellige/table/visits"
CLASS = "https://w3id.org/zellige/ont#Lab"
DATE, TAG = "zel:period", "zel:name"
LENGTHS = {"year": 4, "month": 7, "day": 10}
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Visit:
    """The dates and the tags of a row, as Turtle writes them."""

    dates: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def visits() -> Iterator[Visit]:
    """Some that are told apart by hand, and others as they come."""
    yield Visit(('"2024-05-07"', '"2024-05-30"'), ("'oasis'", "'deep'"))
    yield Visit(('"2024-05/2025-06-01"',), ("'deep'",))
    yield Visit((f'"2025-06-01T23:30:00-05:00"^^<{XSD}dateTime>',), ("'oasis'",))
    yield Visit((f'"2025"^^<{XSD}gYear>', "2025", '"2025-13-01"', '"202X"', '"2024/2025/2026"', '"in 2024"'))
    yield Visit((), ("'واحة'@ar", "'oasis'@en"))
    chance = random.Random(5)
    texts = [
        "2024",
        "2024-05",
        "2024-05-07",
        "2025-12-31~",
        "2024-00",
        "2024-05-32",
        "20240",
        "-0044-03",
        "../2024",
        "?",
    ]
    for n in range(40):
        ends = [chance.choice(texts) for _ in range(chance.choice([1, 1, 2, 3]))]
        yield Visit((f'"{"/".join(ends)}"',), (f"'tag {n % 30}'",))


VISITS = dict(enumerate(visits(), 2))


def claims_of(row: int, visit: Visit) -> str:
    """A claim for each value: a row has what several say."""
    values = [*(f"{DATE} {it}" for it in visit.dates), *(f"{TAG} {it}" for it in visit.tags), "a zel:Lab"]
    said = "".join(f"c:V{row}x{n} {{ d:visit{row} {value} . }}\n" for n, value in enumerate(values))
    told = "".join(
        f"c:V{row}x{n} a zel:Claim ; dct:identifier 'V{row}x{n}' ; zel:modality mod:done ;"
        f" <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row={row}> .\n"
        for n in range(len(values))
    )
    place = f"<{TABLE}#row={row}> dct:isPartOf <{TABLE}> ; <http://www.w3.org/ns/csvw#rownum> {row - 1} ."
    return f"{said} g:claims {{ {place} {told} }}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a table of visits, which are the things of a class besides."""
    releases = tmp_path_factory.mktemp("visits")
    told = f"g:claims {{ <{TABLE}> a zel:Table ; dct:title 'Visits' . }}"
    write_release(releases, claims=CLAIMS + told + "".join(claims_of(*one) for one in VISITS.items()))
    return create_app(Settings(releases)).test_client()


ADDRESSES = ["/table/visits?", f"/list?{urlencode({'class': CLASS})}&"]


def opened(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200
    assert Page(response.text).faults == []
    return lxml.html.document_fromstring(response.text)


def said(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def expected(part: str) -> Mapping[str, int]:
    """The rows of each year, month or day, counted one by one."""
    rows: dict[str, set[int]] = {}
    for row, visit in VISITS.items():
        for date in visit.dates:
            for found in plain(date, part):
                rows.setdefault(found, set()).add(row)
    return {time: len(those) for time, those in rows.items()}


def plain(date: str, part: str) -> set[str]:
    if not date.startswith('"'):
        return set()
    text = date.split('"')[1]
    if " " in text or text.count("/") > 1:
        return set()
    return {end[: LENGTHS[part]] for end in text.split("/") if is_time(end, part)}


def is_time(end: str, part: str) -> bool:
    year, month, day = end[:4], end[4:7], end[7:10]
    rest = end[LENGTHS[part] :]
    if not (len(year) == 4 and year.isdecimal()) or rest[:1].isdecimal():
        return False
    has_month = part == "year" or (month[:1] == "-" and month[1:] in {f"{n:02d}" for n in range(1, 13)})
    has_day = part != "day" or (day[:1] == "-" and day[1:] in {f"{n:02d}" for n in range(1, 32)})
    return has_month and has_day


@pytest.mark.parametrize("part", PARTS)
def test_plain_python_and_the_program_see_the_same_parts(part: str) -> None:
    for date in (date for visit in VISITS.values() for date in visit.dates):
        is_number = not date.startswith('"')
        text = date if is_number else date.split('"')[1]
        term = Term("literal", text, datatype=XSD + "integer" if is_number else "")
        assert parts_of(term, part) == plain(date, part), date


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("part", PARTS)
def test_dates_are_counted_and_each_leads_to_as_many_rows(client: FlaskClient, address: str, part: str) -> None:
    page = opened(client, f"{address}{urlencode({f'facet.{part}': DATE, 'lang': 'en'})}")
    counted = 0
    for it in page.xpath("//div[@class='facets']//li"):
        (way,) = it.xpath("./a/@href")
        told = client.get(f"{way}&format=rows").json
        counted += 1
        (time,) = [given["value"] for given in told["filters"]]
        assert told["found"] == expected(part)[time] == int(said(it).rpartition(" ")[2]), time
    assert counted == len(expected(part))


def test_times_are_said_in_the_reader_s_language_and_hold_together_with_others(client: FlaskClient) -> None:
    asked = {"facet.month": DATE, f"is.{TAG}": '"oasis"', "lang": "fr"}
    page = opened(client, f"{ADDRESSES[0]}{urlencode(asked)}")
    assert [said(it) for it in page.xpath("//div[@class='facets']//li")] == ["mai 2024 1", "juin 2025 1"]
    assert said(page.xpath("//div[@class='facets']//h3")[0]).startswith("zel:period · mois")
    (way,) = page.xpath("//div[@class='facets']//li/a[bdi='mai 2024']/@href")
    page = opened(client, way)
    assert list(page.xpath("//tbody/tr/@id")) == ["row=2"]
    chips = [said(it) for it in page.xpath("//ul[@class='chips']/li")]
    assert [it.partition("×")[0].strip() for it in chips][1] == "zel:period fait partie de mai 2024"
    (stop,) = page.xpath("//div[@class='facets']//h3/a/@href")
    assert not opened(client, stop).xpath("//div[@class='facets']")


@pytest.mark.parametrize("address", ADDRESSES)
def test_columns_of_dates_alone_are_offered_by_their_parts(client: FlaskClient, address: str) -> None:
    page = opened(client, f"{address}lang=en")
    (line,) = page.xpath("//p[@class='counting']")
    assert "(year · month · day)" in said(line)
    assert said(line).count("(") == 1
    (way,) = [it.get("href") for it in line.xpath("./a") if said(it) == "month"]
    assert "May 2024" in said(opened(client, way).xpath("//div[@class='facets']")[0])


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_of_several_values_of_a_row_is_counted(client: FlaskClient, address: str) -> None:
    page = opened(client, f"{address}{urlencode({'facet': TAG, 'lang': 'en'})}")
    counts = [said(it) for it in page.xpath("//div[@class='facets']//li")]
    for one in ("oasis 2", "deep 2"):
        assert one in counts
    (way,) = [it for it in page.xpath("//div[@class='facets']//li/a") if said(it) == "deep"]
    again = opened(client, way.get("href"))
    assert {"deep 2", "oasis 1"} == {said(it) for it in again.xpath("//div[@class='facets']//li")}


def test_what_is_left_out_of_a_count_is_counted(client: FlaskClient) -> None:
    tags = {tag for visit in VISITS.values() for tag in visit.tags}
    page = opened(client, f"{ADDRESSES[0]}{urlencode({'facet': TAG, 'lang': 'en'})}")
    assert len(page.xpath("//div[@class='facets']//li")) == 20
    assert f"and {len(tags) - 20} others, none of more rows" in said(page)
