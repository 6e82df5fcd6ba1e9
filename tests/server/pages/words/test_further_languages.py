"""Languages that a project adds by catalogues of its own: what they say is said, all else in English."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from markup import Page
from small_project import KG_TOML, kg

from kg.errors import ConfigError
from server.app import create_app
from server.pages.language import with_those_of
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.numbers import say
from server.settings import Settings

HTML = {"Accept": "text/html"}
SWAHILI = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgctxt "pages.home"
msgid "Home"
msgstr "Mwanzo"

#, fuzzy
msgctxt "pages.query"
msgid "Query"
msgstr "Ulizo"

msgctxt "pages.search"
msgid "An English text that was changed since"
msgstr "Tafuta"

msgctxt "pages.place"
msgid "line {line}, column {column}:"
msgstr "mstari {line}, safu {column}:"

msgctxt "pages.table_of"
msgid "{number} row"
msgid_plural "{number} rows"
msgstr[0] "safu moja"
msgstr[1] "safu {number}"

msgctxt "causes.word-near"
msgid "{word} is no word of SPARQL"
msgstr "{word}: neno la SPARQL sio hili"

msgctxt "dates.since"
msgid "since {begin}"
msgstr "tangu {begin}"

msgctxt "labels.dct:title"
msgid "title"
msgstr "jina"
"""
HEBREW = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"

msgctxt "pages.home"
msgid "Home"
msgstr "דף הבית"

msgctxt "pages.skip"
msgid "Skip to the content"
msgstr "דילוג לתוכן"
"""
FRENCH = SWAHILI.replace("Mwanzo", "Page de garde")


def write(folder: Path, tag: str, text: str) -> Path:
    """Write a catalogue of a language below a folder `locale`."""
    path = folder / "locale" / tag / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def spoken(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A site that speaks Swahili, Hebrew and Brazil's Portuguese too, and French otherwise."""
    folder = tmp_path_factory.mktemp("words")
    for tag, text in (("sw", SWAHILI), ("he", HEBREW), ("pt_BR", HEBREW.replace("דף הבית", "Início")), ("fr", FRENCH)):
        write(folder, tag, text)
    return create_app(Settings(releases, locale=str(folder / "locale"))).test_client()


def page(client: FlaskClient, path: str, **headers: str) -> Page:
    found = Page(client.get(path, headers={**HTML, **headers}).text)
    assert found.faults == []
    return found


def texts(found: Page) -> set[str]:
    return {text.strip() for _, _, text in found.texts}


def test_a_site_speaks_the_languages_of_its_catalogues(spoken: FlaskClient, client: FlaskClient) -> None:
    swahili, hebrew = (page(spoken, f"/?lang={tag}") for tag in ("sw", "he"))
    roots = [next(given for tag, given in found.elements if tag == "html") for found in (swahili, hebrew)]
    assert roots == [{"lang": "sw", "dir": "ltr"}, {"lang": "he", "dir": "rtl"}]
    assert swahili.within("title")[0][1].startswith("Mwanzo · ")
    assert hebrew.within("title")[0][1].startswith("דף הבית · ")
    # What a catalogue lacks, what is marked as doubtful, and what translates another text is said in English.
    said = texts(swahili)
    assert {"Skip to the content", "Query"} <= said
    assert not {"Ulizo", "Tafuta"} & said
    # English words on a page from right to left keep their full stop at their end.
    assert "\u2066Query\u2069" in texts(hebrew)
    links = [given for tag, given in hebrew.elements if tag == "a" and "hreflang" in given]
    assert [(given["hreflang"], given["lang"]) for given in links] == [
        (tag, tag) for tag in ("ar", "fr", "en", "he", "pt-BR", "sw")
    ]
    assert {"עברית", "Kiswahili", "Português (Brasil)"} <= texts(hebrew)
    # A language that there is already may be said otherwise; another site in this process knows nothing of it.
    assert page(spoken, "/?lang=fr").within("title")[0][1].startswith("Page de garde · ")
    assert page(client, "/?lang=fr").within("title")[0][1].startswith("Accueil · ")
    assert next(given for tag, given in page(client, "/?lang=sw").elements if tag == "html")["lang"] == "en"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("he-IL, fr;q=0.5", "he"), ("pt-br", "pt-BR"), ("pt, sw;q=0.1", "sw"), ("de", "en"), ("en;q=0.2, sw", "sw")],
)
def test_the_browser_chooses_among_all(spoken: FlaskClient, accepted: str, expected: str) -> None:
    response = spoken.get("/dataset", headers={**HTML, "Accept-Language": accepted})
    assert response.headers["Content-Language"] == expected


@pytest.mark.parametrize("tag", ["sw", "he", "pt-BR"])
def test_every_kind_of_page_is_made_in_a_further_language(spoken: FlaskClient, tag: str) -> None:
    queries = ("SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 5", "ASK {}", "ASK { ?s", "SELECT * WHER { }")
    asked = [f"/query?{urlencode({'query': text})}" for text in queries]
    for path in ("/id/lab", "/ont", "/doc/seed", "/dataset", "/search?q=lab", "/absent", "/list", *asked):
        parted = "&" if "?" in path else "?"
        found = page(spoken, f"{path}{parted}lang={tag}")
        assert next(given for name, given in found.elements if name == "html")["lang"] == tag, path
    # The mistake is told by what the catalogue has of it.
    said = "neno la SPARQL sio hili" if tag == "sw" else "is no word of SPARQL"
    assert any(said in text for text in texts(found))


def test_what_counts_or_has_a_label_speaks_it_too(spoken: FlaskClient) -> None:
    sitemap = spoken.get("/sitemap/1.xml").text
    assert set(re.findall('hreflang="([^"]+)"', sitemap)) == {"ar", "fr", "en", "he", "pt-BR", "sw", "x-default"}
    labels = [(given["lang"], text) for given, text in page(spoken, "/doc/seed?lang=sw").within("bdi")]
    assert ("sw", "jina") in labels
    assert ("en", "language") in labels


@pytest.mark.parametrize(
    ("tag", "text", "said"),
    [
        (
            "sw",
            SWAHILI.replace("safu {column}", "safu {kolamu}"),
            "messages.po:21: 'pages.place' has the places {kolamu}",
        ),
        (
            "sw",
            SWAHILI.replace("mstari {line}", "mstari {line"),
            "messages.po:21: 'pages.place' has braces that are no place",
        ),
        ("sw", SWAHILI.replace("mstari {line}, ", ""), "the English text has {column}, {line}"),
        (
            "sw",
            SWAHILI.replace('msgstr "Mwanzo"', "msgstr Mwanzo"),
            "messages.po:9: no line of a catalogue: msgstr Mwanzo",
        ),
        ("sw", SWAHILI.replace('msgstr "Mwanzo"', ""), "messages.po:8: no catalogue of gettext: missing msgstr"),
        ("sw", SWAHILI.replace("(n != 1)", "__import__(1)"), "messages.po:1: the catalogue cannot be read"),
        ("sw", SWAHILI.replace("nplurals=2", "nplurals=two"), "messages.po:1: the catalogue cannot be read"),
        ("sw", SWAHILI.replace("charset=utf-8", "charset=none"), "messages.po:1: the catalogue cannot be read"),
        ("Swahili", SWAHILI, "'Swahili' is no language that Babel knows"),
        ("xx", SWAHILI, "'xx' is no language that Babel knows"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_told(tmp_path: Path, tag: str, text: str, said: str) -> None:
    write(tmp_path, tag, text)
    with pytest.raises(ConfigError) as error:
        with_those_of(tmp_path / "locale")
    assert said in str(error.value)


def test_the_server_does_not_begin_with_one(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text(KG_TOML, encoding="utf-8")
    (tmp_path / "a.ttl").write_text("<https://e.org/a> <https://e.org/b> <https://e.org/c> .", encoding="utf-8")
    path = write(tmp_path, "sw", SWAHILI)
    done = kg("serve", "--check", "--port", "0", "a.ttl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"languages +\['ar', 'fr', 'en', 'sw'\]", done.stdout)
    assert "messages.po:13: 'pages.query' is marked fuzzy" in done.stderr
    path.rename(path.parents[1] / "messages.po")
    done = kg("serve", "--check", "--port", "0", "a.ttl", cwd=tmp_path)
    assert done.returncode == 2
    assert "locale/sw/messages.po:1: no catalogue is read here (as TAG/LC_MESSAGES/messages.po)" in done.stderr


def test_numbers_and_dates_are_those_of_the_language(spoken: FlaskClient) -> None:
    # The words of powers of ten are used only where a language counts by thousands: 1,000,000 is 100万, and no 1万.
    million, billion = Decimal(1_000_000), Decimal(10_800_000_000)
    said = {tag: (say(million, tag).text, say(billion, tag).text) for tag in ("sw", "he", "ja", "hi", "pt-BR")}
    assert said == {
        "sw": ("milioni 1", "bilioni 10.8"),
        "he": ("\u200f1 מיליון", "\u200f10.8 מיליארד"),
        "ja": ("1,000,000", "10,800,000,000"),
        "hi": ("10,00,000", "10.8 अरब"),
        "pt-BR": ("1 milhão", "10,8 bilhões"),
    }
    with spoken.application.test_request_context("/"):
        spoken.application.preprocess_request()
        assert date_in_words("2025-09", "sw") == "Septemba 2025"
        assert date_in_words("2025-07-01/..", "sw") == "tangu 1 Julai 2025"
        assert date_in_words("2026~", "he") == "\u2066about 2026\u2069"
