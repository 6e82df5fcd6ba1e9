"""The page of a claim that says more than a page shows, as one of a row with hundreds of columns does."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from tiny import CLAIMS, write_release

from server.app import create_app
from server.settings import Settings

REGISTER = "g:claims { c:R1 a zel:Claim ; dct:identifier 'R1' ; zel:modality mod:done . }"
CUT = {
    "en": "More is said of it than is shown here.",
    "fr": "Il en est dit plus que ce qui est affiché ici.",
    "ar": "قيل عنه أكثر مما يُعرض هنا.",
}


def claiming(folder: Path, number: int) -> FlaskClient:
    """A client over a release with a claim of so many statements."""
    said = " ; ".join(f"<https://example.org/column/{n}> 'v{n}'" for n in range(number))
    write_release(folder, claims=f"{CLAIMS} c:R1 {{ d:dam1 {said} . }} {REGISTER}")
    return create_app(Settings(folder)).test_client()


def read(client: FlaskClient, address: str) -> tuple[list[str], list[str], str]:
    """The values on a page, where its reader finds more, and all its words."""
    page = client.get(address, headers={"Accept": "text/html"})
    assert page.status_code == 200
    found = lxml.html.document_fromstring(page.text)
    values = [value.text_content().strip() for value in found.xpath("//main//table//td[last()]")]
    return values, found.xpath("//a[@rel='next']/@href"), " ".join(found.xpath("//main")[0].text_content().split())


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_all_that_a_claim_says_is_found_from_page_to_page(tmp_path: Path, language: str) -> None:
    client, found, ways = claiming(tmp_path, 250), [], [f"/claim/R1?lang={language}"]
    while ways:
        values, ways, words = read(client, ways[0])
        found += values
        assert CUT[language] not in words
    assert sorted(found) == sorted(f"v{n}" for n in range(250))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_page_says_that_a_claim_says_more_than_any_page_of_it(tmp_path: Path, language: str) -> None:
    assert CUT[language] in read(claiming(tmp_path, 5_001), f"/claim/R1?lang={language}&page=49")[2]


def test_beyond_its_last_page_a_reader_is_led_to_the_first(tmp_path: Path) -> None:
    client = claiming(tmp_path, 250)
    told = "There is no such page: the list ends before it. To the first page"
    assert told not in read(client, "/claim/R1?lang=en&page=2")[2]
    values, ways, words = read(client, "/claim/R1?lang=en&page=3")
    assert (values, ways, told in words) == ([], [], True)
    page = lxml.html.document_fromstring(client.get("/claim/R1?lang=en&page=3", headers={"Accept": "text/html"}).text)
    assert page.xpath("//p[@class='paging']/a/@href") == ["/claim/R1?lang=en"]
