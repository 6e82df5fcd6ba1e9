"""What a person reads on the pages of the first graph: phrases and names, and hardly ever an IRI."""

from __future__ import annotations

import lxml.html
import pytest
from flask.testing import FlaskClient
from page_links import shows_an_iri

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

BASE = "https://w3id.org/zellige/"


@pytest.fixture(scope="module")
def client(built: Release) -> FlaskClient:
    return create_app(Settings(built.path.parent)).test_client()


def read(client: FlaskClient, path: str, language: str = "en") -> lxml.html.HtmlElement:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    (main,) = lxml.html.document_fromstring(answer.data).xpath("//main")
    return main


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize(
    ("language", "phrase", "rest"),
    [
        (
            "en",
            "about 10.8 billion dollars ≈ (as worded: يناهز 10.8 مليار)",
            "(the rest of it is said in: The contribution is counted in dollars.)",
        ),
        (
            "fr",
            "environ 10,8 milliards de dollars ≈ (tel qu'écrit : يناهز 10.8 مليار)",
            "(le reste est dit dans : La contribution est comptée en dollars.)",
        ),
        ("ar", "نحو 10,8 مليار دولار ≈ (كما ورد: يناهز 10.8 مليار)", "(وبقيته في: تُحسب المساهمة بالدولار.)"),
    ],
)
def test_the_amount_of_a_claim_is_a_phrase_that_names_the_claim_with_its_unit(client, language, phrase, rest) -> None:
    page = read(client, "/claim/F030", language)
    (amount,) = page.xpath("./table//*[@class='amount']")
    assert words(amount) == f"{phrase} {rest}"
    links = amount.xpath(".//a/@title")
    assert links == [BASE + "id/target-economy-quantity", BASE + "claim/F031"]
    (parts,) = page.xpath(".//details[@class='parts']")
    assert len(parts.xpath(".//tbody/tr")) == 4, "the number, the exactness, the words and the class, folded away"
    assert phrase.partition(" (")[0] in words(read(client, "/id/target-economy", language))


def test_the_claim_of_the_unit_names_the_claim_of_the_number(client) -> None:
    (row,) = read(client, "/claim/F031").xpath("./table//tbody/tr")
    assert words(row).startswith("about 10.8 billion dollars ≈ (the rest of it is said in: The contribution is to be")
    assert words(row).endswith("unitdollar")


def test_a_claim_is_named_by_its_gloss_in_the_language_of_the_page(client) -> None:
    english, arabic = read(client, "/claim/F030"), read(client, "/claim/F030", "ar")
    assert words(english.xpath(".//*[@class='lead']")[0]) == "The contribution is to be about 10.8 billion."
    assert words(arabic.xpath(".//*[@class='lead']")[0]) == "من المرتقب أن تكون المساهمة نحو 10,8 مليار."
    (contradicted,) = english.xpath(".//dt[@title=$p]/following-sibling::dd[1]", p=BASE + "ont#contradicts")
    assert words(contradicted) == "AI is to add 100 billion dirhams (10 billion US dollars) to GDP by 2030. (X07)"


@pytest.mark.parametrize(
    ("language", "own"), [("ar", "جرت في الرباط."), ("fr", "Il a eu lieu à Rabat."), ("en", "It took place in Rabat.")]
)
def test_a_document_is_read_in_the_language_of_the_page_alone(client, language, own) -> None:
    text = words(read(client, "/doc/seed", language))
    readings = {"جرت في الرباط.", "Il a eu lieu à Rabat.", "It took place in Rabat."}
    assert {reading for reading in readings if reading in text} == {own}


def test_a_document_is_named_by_title_publisher_and_date(client) -> None:
    (document,) = read(client, "/claim/X08", "fr").xpath(
        ".//dt[@title=$p]/following-sibling::dd[1]", p=BASE + "ont#statedIn"
    )
    assert words(document) == "Report on the AI target of Morocco (osoulmisrmagazine.com, 13 janvier 2026)"


def test_a_value_of_an_indicator_is_named_by_amount_indicator_and_period(client) -> None:
    heading = read(client, "/id/value-ai-readiness-2025-rank-detafour").xpath(".//h1")[0]
    assert words(heading) == "rank 87"


def test_dates_keep_what_the_data_say_beside_the_words(client) -> None:
    dates = read(client, "/claim/F014").xpath(".//data")
    assert ("2025-07", "edtf:EDTF", "July 2025") in {(d.get("value"), d.get("title"), words(d)) for d in dates}


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_hundred_links_not_two_show_an_iri(client, built: Release, language: str) -> None:
    named = {line.split(" ")[0][1:-1] for line in built.lines() if line.startswith(f"<{BASE}")}
    paths = sorted(
        iri.removeprefix(BASE[:-1])
        for iri in named
        if "#" not in iri and iri.split("/")[4] in {"id", "claim", "scheme"}
    )
    assert len(paths) > 600
    links = [
        link for path in ["/", "/doc/seed", *paths[::12]] for link in read(client, path, language).xpath(".//a[@href]")
    ]
    bare = [words(link) for link in links if shows_an_iri(link)]
    assert len(links) > 3000
    assert len(bare) < 0.02 * len(links), bare
