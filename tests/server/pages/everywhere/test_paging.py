"""How many things a list has, and what is said where a reader asks for more of them: in the words of the page."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
ZEL = "https://w3id.org/zellige/ont#"
CLAIMS = f"/list?class={quote(ZEL, safe='')}Claim"
TARGETS = f"/list?class={quote(ZEL, safe='')}Target"


@pytest.fixture(scope="module")
def first(built: Release) -> FlaskClient:
    """The first graph."""
    return create_app(Settings(built.path.parent)).test_client()


def read(client: FlaskClient, path: str, language: str, status: int = 200) -> lxml.html.HtmlElement:
    """What a page has between its head and its foot."""
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", headers=HTML)
    assert answer.status_code == status, path
    assert Page(answer.text).faults == []
    (main,) = lxml.html.document_fromstring(answer.data).xpath("//main")
    return main


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (TARGETS, {"en": "12 things ·", "fr": "12 choses ·", "ar": "12 شيئا ·"}),
        (CLAIMS, {"en": "247 things ·", "fr": "247 choses ·", "ar": "247 شيئا ·"}),
        ("/targets", {"en": "12 targets", "fr": "12 cibles", "ar": "12 هدفا"}),
        ("/partners", {"en": "29 participations", "fr": "29 participations", "ar": "29 مشاركة"}),
        ("/sources", {"en": "126 pairs of documents", "fr": "126 paires de documents", "ar": "126 زوجا من الوثائق"}),
        ("/timeline", {"en": "21 things", "fr": "21 choses", "ar": "21 شيئا"}),
        ("/doc/detafour-2026-01", {"en": "Number: 1 ", "fr": "Nombre : 1 ", "ar": "العدد: 1 "}),
        ("/search?q=Mistral+laboratory", {"en": "Number: 2 ·", "fr": "Nombre : 2 ·", "ar": "العدد: 2 ·"}),
    ],
)
def test_a_list_says_how_much_there_is(first: FlaskClient, path: str, said: dict[str, str]) -> None:
    for language, told in said.items():
        assert told in re.sub(r"[\u2066-\u2069]", "", words(read(first, path, language))), language


def test_each_page_of_a_list_says_which_part_it_is(first: FlaskClient) -> None:
    for language, parts in {
        "en": ["1 to 150 of 247", "151 to 247 of 247"],
        "ar": ["من 1 إلى 150 من أصل 247", "من 151 إلى 247 من أصل 247"],
    }.items():
        for number, part in enumerate(parts):
            (paging,) = read(first, f"{CLAIMS}&page={number}", language).xpath(".//p[@class='paging']")
            assert part in words(paging)
    assert read(first, TARGETS, "en").xpath(".//p[@class='paging']/span") == []


def test_things_that_are_filtered_are_counted_as_such(first: FlaskClient) -> None:
    told = words(read(first, f"{TARGETS}&{urlencode({'only.rdfs:label': '2030'})}", "en"))
    assert re.search(r"\b\d+ things meet the filters ·", told)
    assert "12 things" not in told


def test_of_a_list_that_nobody_counts_it_is_said_how_long_it_is_at_least(
    first: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("tables.members", "home"):
        monkeypatch.setattr(f"server.pages.{module}.SORTED", 200)
    for language, told, part in (
        ("en", "more than 200 things", "1 to 150"),
        ("fr", "plus de 200 choses", "1 à 150"),
        ("ar", "أكثر من 200 شيء", "من 1 إلى 150"),
    ):
        main = read(first, CLAIMS, language)
        assert told in words(main)
        assert [words(it) for it in main.xpath(".//p[@class='paging']/span")] == [part]


BEYOND = {
    "ar": ("لا توجد هذه الصفحة: تنتهي القائمة قبلها.", "إلى الصفحة الأولى"),
    "fr": ("Cette page n'existe pas : la liste s'arrête avant elle.", "Vers la première page"),
    "en": ("There is no such page: the list ends before it.", "To the first page"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{CLAIMS}&page=9", 200),
        (f"{CLAIMS}&{urlencode({'only.zel:gloss': 'AI'})}&page=9", 200),
        ("/table/ai-readiness?page=99", 200),
        ("/table/ai-readiness?sort=zel%3Aperiod&page=99", 200),
        ("/doc/detafour-2026-01?page=99", 200),
        ("/id/morocco?facts=99", 200),
        ("/id/morocco?of=https%3A%2F%2Fw3id.org%2Fzellige%2Font%23refersToPlace&page=99", 200),
        ("/timeline?page=99", 200),
        ("/targets?page=99", 200),
        ("/partners?page=99", 200),
        ("/sources?page=99", 200),
        ("/ont?page=99", 404),
    ],
)
def test_beyond_the_last_page_a_reader_is_told_so_and_led_to_the_first(
    first: FlaskClient, path: str, status: int, language: str
) -> None:
    told, way = BEYOND[language]
    main = read(first, path, language, status)
    assert words(main).count(told) == 1
    assert "graph/ontology" not in words(main)
    assert main.xpath(".//a[@rel='prev']") == []
    (link,) = [it for it in main.xpath(".//a") if words(it) == way]
    address = link.get("href").removesuffix(f"lang={language}").rstrip("?&")
    assert not re.search(r"[?&](page|facts)=", address)
    assert told not in words(read(first, address, language))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "page=many: a number from 0 to 10000 is expected here"),
        ("fr", "page=many : un nombre de 0 à 10000 est attendu ici"),
        ("ar", "page=many: المنتظر هنا عدد من 0 إلى 10000"),
    ],
)
def test_a_page_that_is_no_number_is_told_in_the_language_of_the_reader(
    first: FlaskClient, language: str, told: str
) -> None:
    for path in ("/ont", "/timeline", f"{CLAIMS}"):
        main = read(first, f"{path}{'&' if '?' in path else '?'}page=many", language, 400)
        assert told in re.sub(r"[\u2066-\u2069]", "", words(main))
        assert BEYOND[language][1] in words(main)
        assert "no number" not in words(main)
    plain = first.get(f"/ont?page=many&lang={language}", headers={"Accept": "application/json"}).get_json()
    assert plain["detail"] == "the page 'many' is no number from 0 to 10000"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The table has no such row."),
        ("fr", "Le tableau n'a pas cette ligne."),
        ("ar", "ليس في الجدول هذا السطر."),
    ],
)
def test_a_row_that_a_table_has_not_is_told(first: FlaskClient, language: str, told: str) -> None:
    main = read(first, "/table/ai-readiness?row=99", language)
    assert told in words(main)
    assert main.xpath(".//a[@rel]/@rel[. = 'prev' or . = 'next']") == []
    assert told not in words(read(first, "/table/ai-readiness?row=2", language))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "No class is named here; the home page lists the classes."),
        ("fr", "Aucune classe n'est nommée ici ; la page d'accueil les énumère."),
        ("ar", "لم يُذكر هنا صنف؛ تجد الأصناف في الصفحة الرئيسية."),
    ],
)
def test_a_list_of_no_class_leads_home(first: FlaskClient, language: str, told: str) -> None:
    main = read(first, "/list", language, 404)
    assert told in words(main)
    assert main.xpath(".//ul[last()]//a/@href") == [f"/?lang={language}"]


def test_things_that_several_graphs_name_are_all_listed_and_counted_once(
    first: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each claim has its class in the register, and most in another graph too: some statements are not all claims."""
    monkeypatch.setattr("server.pages.tables.members.SORTED", 260)
    assert "247 things" in words(read(first, CLAIMS, "en"))
    listed = [it for page in (0, 1) for it in read(first, f"{CLAIMS}&page={page}", "en").xpath("./ul/li")]
    assert len(listed) == 247
