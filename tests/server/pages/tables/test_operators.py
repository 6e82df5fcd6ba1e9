"""The tests of filters against plain Python over the same rows: on the page, as SPARQL, as CSV and as JSON."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import StringIO
from urllib.parse import parse_qs, urlencode, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from server.app import create_app
from server.pages.tables.operators import TYPED
from server.settings import Settings

HTML = {"Accept": "text/html"}
TABLE = "https://w3id.org/zellige/table/wells"
CLASS = "https://w3id.org/zellige/ont#Lab"
NAME, SIZE, DATE, PLACE = "zel:name", "zel:size", "zel:period", "zel:stands"
PLACES = {"oasis": ("the oasis", "الواحة"), "coast": ("the coast", "la côte")}
"""The labels of places, by their local names."""


@dataclass(frozen=True)
class Well:
    """The values of a row."""

    names: tuple[str, ...] = ()
    sizes: tuple[float, ...] = ()
    dates: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


WELLS = {
    2: Well(("Deep well",), (9.5,), ("2024-05-07",), ("oasis",)),
    3: Well(("Shallow, wide",), (40,), ("2025",), ("coast",)),
    4: Well(("بئر عميقة", "Puits profond"), (100, 12), ("2026-01",), ("coast", "oasis")),
    5: Well((), (7,), ("2025-05/2026-02",)),
    6: Well(("deep*end (a.b)",), (-3,), ("2026-01-31~", "2024"), ("coast",)),
    7: Well(("50", "two\nlines"), (), ("2026 was dry",)),
}


def written(row: int, well: Well) -> str:
    """The claims of a row, one for each value: what holds for a row is said by several."""
    values = [
        *(f"{NAME} {json.dumps(it, ensure_ascii=False)}" for it in well.names),
        *(f"{SIZE} {it}" for it in well.sizes),
        *(f'{DATE} "{it}"' for it in well.dates),
        *(f"{PLACE} d:{it}" for it in well.places),
        "a zel:Lab",
    ]
    claims = "".join(f"c:W{row}x{n} {{ d:well{row} {value} . }}\n" for n, value in enumerate(values))
    told = "".join(
        f"c:W{row}x{n} a zel:Claim ; dct:identifier 'W{row}x{n}' ; zel:modality mod:done ;"
        f" <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row={row}> .\n"
        for n in range(len(values))
    )
    place = f"<{TABLE}#row={row}> dct:isPartOf <{TABLE}> ; <http://www.w3.org/ns/csvw#rownum> {row - 1} ."
    return f"{claims} g:claims {{ {place} {told} }}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a table of wells, which are all the things of a class."""
    labels = "".join(f"d:{it} rdfs:label " + " , ".join(f'"{text}"' for text in PLACES[it]) + " .\n" for it in PLACES)
    told = f"g:entities {{ {labels} }} g:claims {{ <{TABLE}> a zel:Table ; dct:title 'Wells' . }}"
    releases = tmp_path_factory.mktemp("operators")
    write_release(releases, claims=CLAIMS + told + "".join(written(row, well) for row, well in WELLS.items()))
    return create_app(Settings(releases)).test_client()


Value = float | str | tuple[str, ...]
"""A number, a text, or the names of a thing."""


def values(well: Well, column: str) -> tuple[Value, ...]:
    things = tuple((*PLACES[it], it) for it in well.places)
    return {NAME: well.names, SIZE: well.sizes, DATE: well.dates, PLACE: things}[column]


def texts(value: Value) -> list[str]:
    return [it.lower() for it in ((value,) if isinstance(value, str) else value if isinstance(value, tuple) else ())]


def number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def reads(test: Callable[[str], bool]) -> Callable[[Value], bool]:
    return lambda value: any(map(test, texts(value)))


def same(words: str) -> Callable[[Value], bool]:
    return lambda value: words.lower() in texts(value) or (isinstance(value, (int, float)) and value == number(words))


def sized(first: str, last: str) -> Callable[[Value], bool]:
    """From one bound to the other; a date is within a bound that it begins with, an empty bound is none."""

    def test(value: Value) -> bool:
        if isinstance(value, tuple):
            return False
        if isinstance(value, str):
            is_dated = re.match(r"\d{4}([-/~]|$)", value) and "." not in first + last
            return bool(is_dated) and (value >= first) and (not last or value <= last or value.startswith(last))
        low, high = number(first or "-inf"), number(last)
        if any(it and number(it) is None for it in (first, last)):
            return False
        return (not first or value >= (low or 0)) and (not last or value <= (high or 0))

    return test


def dated(place: int, wanted: int) -> Callable[[Value], bool]:
    """Whether an end of a date has this year, month or day."""

    def test(value: Value) -> bool:
        if not isinstance(value, str) or " " in value:
            return False
        parts = [re.findall(r"\d+", end) for end in value.split("/")]
        return any(len(it) > place and int(it[place]) == wanted for it in parts)

    return test


def long(most: int, sign: int) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, str) and sign * (len(value) - most) > 0


TESTS: list[tuple[str, str, str, Callable[[Value], bool]]] = [
    (NAME, "only", "DEEP", reads(lambda it: "deep" in it)),
    (PLACE, "only", "الواح", reads(lambda it: "الواح" in it)),
    (NAME, "equals", "deep well", same("deep well")),
    (SIZE, "equals", "40.0", same("40")),
    (SIZE, "equals", "٤٠", same("40")),
    (PLACE, "equals", "LA CÔTE", same("la côte")),
    (NAME, "begins", "deep", reads(lambda it: it.startswith("deep"))),
    (PLACE, "begins", "the", reads(lambda it: it.startswith("the"))),
    (NAME, "begins", "بئر", reads(lambda it: it.startswith("بئر"))),
    (NAME, "ends", "(A.B)", reads(lambda it: it.endswith("(a.b)"))),
    (NAME, "like", "?eep*", reads(lambda it: fnmatchcase(it, "?eep*"))),
    (NAME, "like", "*.b)", reads(lambda it: fnmatchcase(it, "*.b)"))),
    (NAME, "like", r"deep\*e*", reads(lambda it: it.startswith("deep*e"))),
    (NAME, "like", "two*s", reads(lambda it: fnmatchcase(it, "two*s"))),
    (NAME, "like", "[c-ex]eep*", reads(lambda it: fnmatchcase(it, "[c-ex]eep*"))),
    (NAME, "like", "[^D]*", reads(lambda it: fnmatchcase(it, "[!d]*"))),
    (NAME, "like", "*[!a-y0-9)]", reads(lambda it: fnmatchcase(it, "*[!a-y0-9)]"))),
    (NAME, "like", r"deep[*[-]*[]\\)]", reads(lambda it: fnmatchcase(it, "deep[*[-]*[])]"))),
    (NAME, "like", r"d*\*[&&--~d-f]*)", reads(lambda it: it == "deep*end (a.b)")),
    (NAME, "like", "[ا-ي]ئر *", reads(lambda it: fnmatchcase(it, "[ا-ي]ئر *"))),
    (PLACE, "like", "the [co]*", reads(lambda it: fnmatchcase(it, "the [co]*"))),
    (NAME, "like", "dee", reads(lambda it: it == "dee")),
    (PLACE, "like", "the c*t", reads(lambda it: fnmatchcase(it, "the c*t"))),
    (NAME, "among", '"shallow, wide"، Deep well؛ 50', lambda it: any(same(w)(it) for w in ("shallow, wide", "deep well", "50"))),
    (SIZE, "among", "7, 12.0; 100", lambda it: any(same(w)(it) for w in ("7", "12", "100"))),
    (PLACE, "among", "oasis, nowhere", same("oasis")),
    (SIZE, "over", "9.5", lambda it: isinstance(it, (int, float)) and it > 9.5),
    (SIZE, "over", "9,5", lambda it: isinstance(it, (int, float)) and it > 9.5),
    (SIZE, "over", "٩٫٥", lambda it: isinstance(it, (int, float)) and it > 9.5),
    (SIZE, "over", "\u200e-1.234.567,25", lambda it: isinstance(it, (int, float))),
    (SIZE, "only", "> 9,5", lambda it: isinstance(it, (int, float)) and it > 9.5),
    (SIZE, "between", "6,5 – 40,0", sized("6.5", "40")),
    (SIZE, "under", "1 234 567,5", lambda it: isinstance(it, (int, float))),
    (SIZE, "least", "9.5", sized("9.5", "")),
    (SIZE, "under", "9.5", lambda it: isinstance(it, (int, float)) and it < 9.5),
    (SIZE, "most", "-3", sized("", "-3")),
    (SIZE, "between", "40 .. 7", sized("7", "40")),
    (SIZE, "between", "-5..-1", sized("-5", "-1")),
    (DATE, "over", "2024", lambda it: sized("2024", "")(it) and not sized("", "2024")(it)),
    (DATE, "least", "2025", sized("2025", "")),
    (DATE, "under", "2025-06", lambda it: not sized("2025-06", "")(it) and sized("", "2025-06")(it)),
    (DATE, "most", "2025", sized("", "2025")),
    (DATE, "between", "2024-05 / 2025", sized("2024-05", "2025")),
    (DATE, "during", "2026", dated(0, 2026)),
    (DATE, "during", "٢٠٢٥-٠٥", lambda it: isinstance(it, str) and it.startswith("2025-05")),
    (DATE, "during", "2024-05-07", lambda it: it == "2024-05-07"),
    (DATE, "year", "2026", dated(0, 2026)),
    (DATE, "month", "5", dated(1, 5)),
    (DATE, "month", "01", dated(1, 1)),
    (DATE, "day", "31", dated(2, 31)),
    (NAME, "longer", "9", long(9, 1)),
    (NAME, "shorter", "9", long(9, -1)),
]  # fmt: skip
DENIALS = {"lacks": "only", "unequal": "equals", "unlike": "like", "none": "among"}


def cases() -> list[tuple[str, str, str, set[int]]]:
    """Columns, tests and words, with the rows that plain Python lets through."""
    found = []
    for column, test, words, passes in TESTS:
        rows = {row for row, well in WELLS.items() if any(map(passes, values(well, column)))}
        found.append((column, test, words, rows))
        found += [(column, no, words, set(WELLS) - rows) for no, yes in DENIALS.items() if yes == test]
    for column in (NAME, SIZE, DATE, PLACE):
        numbers = {row: len(values(well, column)) for row, well in WELLS.items()}
        for test, fits in (("empty", {0}), ("filled", {1, 2}), ("single", {1}), ("several", {2})):
            found.append((column, test, "", {row for row, held in numbers.items() if held in fits}))
    return found


CASES = cases()


def rows(client: FlaskClient, *asked: tuple[str, str]) -> set[int]:
    answer = json.loads(client.get(f"/table/wells?{urlencode([*asked, ('format', 'rows')])}").text)
    assert answer["found"] == len(answer["rows"])
    return {int(row["place"].removeprefix("row=")) for row in answer["rows"]}


def test_every_test_of_the_form_is_tried() -> None:
    assert {test for _, test, _, _ in CASES} == set(TYPED)


@pytest.mark.parametrize("of", ["table", "list"])
def test_each_lets_the_rows_through_that_plain_python_does(client: FlaskClient, of: str) -> None:
    for column, test, words, expected in CASES:
        asked = [("column", column), ("test", test), ("value", words)]
        if of == "table":
            assert rows(client, *asked) == expected, (column, test, words)
            continue
        answer = json.loads(client.get(f"/list?{urlencode([('class', CLASS), *asked, ('format', 'rows')])}").text)
        found = {it["value"].rpartition("/well") for it in answer["things"]}
        assert {int(row) for _, well, row in found if well} == expected, (column, test, words)


def test_several_hold_together(client: FlaskClient) -> None:
    chance = random.Random(7)
    for _ in range(10):
        chosen = chance.sample([case for case in CASES if case[2]], 3)
        asked = [(f"{test}.{column}", words) for column, test, words, _ in chosen]
        assert rows(client, *asked) == set.intersection(*(expected for *_, expected in chosen)), asked


def test_the_query_that_is_offered_gives_the_same(client: FlaskClient) -> None:
    for column, test, words, expected in CASES[::4]:
        given = urlencode({f"{test}.{column}": words or "yes", "lang": "en"})
        page = lxml.html.document_fromstring(client.get(f"/table/wells?{given}", headers=HTML).text)
        (link,) = page.xpath("//a[@class='open' and contains(@href, 'isPartOf')]/@href")
        (query,) = parse_qs(urlsplit(link).query)["query"]
        answer = json.loads(client.get(f"/sparql?{urlencode({'query': query, 'format': 'json'})}").text)
        found = {row["row"]["value"].rpartition("=")[2] for row in answer["results"]["bindings"]}
        assert set(map(int, found)) == expected, query


def test_programs_get_the_rows_that_a_page_shows(client: FlaskClient) -> None:
    asked = {f"begins.{NAME}": "deep", "sort": f"-{SIZE}", "lang": "ar"}
    page = Page(client.get(f"/table/wells?{urlencode(asked)}", headers=HTML).text)
    assert page.faults == []
    (link,) = [it for it in page.links() if "format=rows" in it]
    answer = client.get(link)
    assert (answer.mimetype, answer.headers["Content-Language"]) == ("application/json", "ar")
    told = json.loads(answer.text)
    assert told["table"] == {"iri": TABLE, "total": 6, "label": "Wells"}
    assert told["filters"] == [{"column": NAME, "test": "begins", "value": "deep"}]
    assert [row["place"] for row in told["rows"]] == ["row=2", "row=6"]
    cells = told["rows"][0]["cells"]
    assert cells[NAME] == [
        [{"type": "literal", "value": "Deep well", "datatype": "http://www.w3.org/2001/XMLSchema#string"}]
    ]
    assert [it["type"] for it in cells[PLACE][0]] == ["uri"]
    assert cells[PLACE][0][0]["label"] in PLACES["oasis"]
    assert {column["name"] for column in told["columns"]} >= {NAME, SIZE, DATE, PLACE, "claim zel:modality"}
    (link,) = [it for it in page.links() if "format=csv" in it]
    lines = list(csv.reader(StringIO(client.get(link).text)))
    assert [line[0] for line in lines[1:]] == ["row=2", "row=6"]
    by_type = client.get(f"/table/wells?{urlencode(asked)}", headers={"Accept": "text/csv"})
    assert by_type.data == client.get(link).data


def test_programs_get_the_things_of_a_list(client: FlaskClient) -> None:
    asked = urlencode({"class": CLASS, f"between.{SIZE}": "5..50", "lang": "fr"})
    page = Page(client.get(f"/list?{asked}", headers=HTML).text)
    (link,) = [it for it in page.links() if "format=rows" in it]
    told = json.loads(client.get(link).text)
    assert (told["class"]["iri"], told["found"], len(told["things"])) == (CLASS, 4, 4)
    by_type = client.get(f"/list?{asked}", headers={"Accept": "application/json"})
    assert json.loads(by_type.text)["things"] == told["things"]
    lines = list(csv.reader(StringIO(client.get(f"/list?{asked}", headers={"Accept": "text/csv"}).text)))
    assert [line[0] for line in lines[1:]] == [it["value"] for it in told["things"]]


@pytest.mark.parametrize("of", [{}, {"class": CLASS}])
def test_long_filters_stand_once_on_a_page_and_buttons_do_what_links_do(
    client: FlaskClient, of: dict[str, str]
) -> None:
    path = "/list" if of else "/table/wells"
    held = {f"among.{NAME}": ", ".join(["deep well", "50", *(f"a well that is not there {n}" for n in range(12))])}
    asked = {**of, **held, "facet": DATE, **({} if of else {"sort": SIZE}), "lang": "en"}
    page = Page(client.get(f"{path}?{urlencode(asked)}", headers=HTML).text)
    assert page.faults == []
    assert sum("not+there+11" in link for link in page.links()) < 12
    action, fields = page.form("again")
    assert (action, dict(fields)) == (path, asked)
    ways = [it for it in page.ways() if it.startswith(path) and it not in page.links()]
    (counted,) = [it for it in ways if it.endswith(f"facet={PLACE.replace(':', '%3A')}")]
    assert "the oasis" in " ".join(text for _, _, text in Page(client.get(counted, headers=HTML).text).texts)
    (chosen,) = [it for it in ways if "is.zel" in it and "2024-05-07" in it]
    told = client.get(f"{chosen}&format=rows").json
    assert told["found"] == 1
    turned = [it for it in ways if it.endswith(f"sort=-{SIZE.replace(':', '%3A')}")]
    assert len(turned) == (0 if of else 1)
    for way in turned:
        found = client.get(f"{way}&format=rows").json
        assert ([row["place"] for row in found["rows"]], found["found"]) == (["row=2", "row=7"], 2)


@pytest.mark.parametrize(
    ("test", "words", "language", "told"),
    [
        ("over", "many", "en", "many is neither a number nor a date such as 2026-05"),
        ("between", "5", "fr", "5 n'est pas un intervalle"),
        ("between", "5..2026-05", "ar", "ليس مجالا"),
        ("over", "10,800", "fr", "10,800 se lit comme deux nombres selon la langue"),
        ("only", ">= 10,800", "en", "10,800 is read as two numbers in two languages"),
        ("between", "1..10,800", "ar", "يُقرأ عددين مختلفين بحسب اللغة"),
        ("during", "2026-13", "en", "2026-13 is no year, month or day as in 2026, 2026-05 or 2026-05-31"),
        ("like", "a[bc", "en", "[bc is no set of characters: it ends with ]"),
        ("unlike", "[z-a]*", "fr", "z-a n'est pas un ensemble de caractères"),
        ("like", "[]", "ar", "ليست مجموعة حروف"),
        ("like", "[!]", "en", "[!] is no set"),
        ("year", "26", "en", "26 is no year of four digits"),
        ("month", "13", "fr", "13 n'est pas un mois, de 1 à 12"),
        ("day", "0", "ar", "ليس يوما من الشهر"),
        ("longer", "-1", "en", "-1 is no number of characters"),
        ("among", " , ,", "en", "is no list of one to 50 values"),
        ("none", ",".join(map(str, range(51))), "fr", "n'est pas une liste d'une à 50 valeurs"),
        ("begins", "x" * 201, "ar", "للتصفية 200 حرفا على الأكثر"),
        ("nearly", "x", "fr", "nearly n'est pas une condition de filtre"),
    ],
)
@pytest.mark.parametrize("address", ["/table/wells?", f"/list?{urlencode({'class': CLASS})}&"])
def test_what_a_test_cannot_use_is_told_in_the_reader_s_language(
    client: FlaskClient, address: str, test: str, words: str, language: str, told: str
) -> None:
    asked = urlencode({"column": NAME, "test": test, "value": words, "lang": language})
    response = client.get(f"{address}{asked}", headers=HTML)
    assert response.status_code == 400
    said = " ".join(lxml.html.document_fromstring(response.text).text_content().split())
    assert told in said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    # From there one goes on, with all rows or things, in the same language.
    (way,) = lxml.html.document_fromstring(response.text).xpath("//main//a/@href")
    again = client.get(way, headers=HTML)
    assert (again.status_code, way.partition("?")[0]) == (200, address.partition("?")[0])
    assert f'lang="{language}"' in again.text
    problem = client.get(f"{address}{asked}&format=rows")
    assert (problem.status_code, problem.json["errors"][0]["code"]) == (400, "parameter")
