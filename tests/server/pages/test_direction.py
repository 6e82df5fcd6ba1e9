"""The direction of a text is that of its language; only where nothing says a language is it guessed."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import FACTS, write_release

from server.app import create_app
from server.direction import direction_of
from server.settings import Settings

HTML = {"Accept": "text/html"}
TAGS = {
    "rtl": (
        "ar", "ar-MA", "AR", "ar-arz", "ary", "he", "iw", "fa", "fa-AF", "prs", "ur", "ps", "sd", "ug", "yi", "dv",
        "ckb", "pnb", "az-Arab", "az-IR", "ku-Arab-IQ", "pa-Arab", "pa-PK", "ks", "ks-Arab", "uz-Arab-AF", "ff-Adlm",
        "nqo", "syr", "und-Hebr", "en-Arab", "und-Arab-x-Latn",
    ),
    "ltr": (
        "en", "fr", "de-CH-1996", "ks-Deva", "ar-Latn", "he-Latn-IL", "az", "az-Latn", "ku", "pa", "ug-Cyrl", "ug-KZ",
        "zh-Hant", "zh-cmn-Hans-CN", "shi-Tfng", "zgh", "tr", "fa-Latn", "sd-Deva", "en-x-arab", "en-u-nu-arab",
    ),
    "auto": ("", "und", "mul", "zxx", "x-private"),
}  # fmt: skip
TEXT = "JAZARI ROOT هو مركز"


@pytest.mark.parametrize(("wanted", "tag"), [(wanted, tag) for wanted, tags in TAGS.items() for tag in tags])
def test_a_tag_tells_the_direction(wanted: str, tag: str) -> None:
    assert direction_of(tag) == wanted


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a release whose lab is described in languages and scripts of either direction."""
    said = "".join(
        f'd:lab skos:note "{TEXT} {tag}"@{tag} .\n' for tag in ("ar", "fa", "ur", "he", "az-Arab", "ks-Deva", "en")
    )
    stated = f'd:lab skos:note "{TEXT} none" , "{TEXT} stated"@en--rtl .\n'
    releases = tmp_path_factory.mktemp("directions")
    write_release(releases, facts=FACTS + said + stated)
    return create_app(Settings(releases)).test_client()


WANTED = {
    "ar": "rtl", "fa": "rtl", "ur": "rtl", "he": "rtl", "az-arab": "rtl", "ks-deva": "ltr", "en": "ltr", "none": "auto",
    "stated": "rtl",
}  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/id/lab?",
        f"/query?{urlencode({'query': 'SELECT ?note { ?s <http://www.w3.org/2004/02/skos/core#note> ?note }'})}&",
        f"/query?{urlencode({'query': 'CONSTRUCT WHERE { ?s <http://www.w3.org/2004/02/skos/core#note> ?note }'})}&",
    ],
)
def test_each_literal_runs_as_its_language_does(client: FlaskClient, path: str, language: str) -> None:
    page = Page(client.get(f"{path}lang={language}", headers=HTML).text)
    assert page.faults == []
    found = {
        text.removeprefix(TEXT).strip().lower(): given["dir"]
        for given, text in page.within("bdi")
        if text.startswith(TEXT)
    }
    assert found == WANTED


def test_no_template_guesses_for_itself() -> None:
    templates = Path(__file__).parents[3] / "server" / "pages" / "templates"
    for path in templates.glob("*.html"):
        assert re.findall(r'dir="auto"', path.read_text(encoding="utf-8")) == [], path.name
