"""The words of the pages: complete in every language that comes with the program, each of them used, none besides."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from kg.sparql.messages.wording import ENGLISH
from kg.terms import expand
from server.pages.language import catalogue, counted, shipped, words

ROOT = Path(__file__).resolve().parents[4]
LOCALE = ROOT / "server" / "pages" / "locale"
TEMPLATES = ROOT / "server" / "pages" / "templates"
SOURCE = LOCALE / "messages.pot"
TRANSLATED = ("ar", "fr")
NAMES = {"labels", "terms"}
"""Rooms whose keys are names of terms, and are looked up by what a release holds."""
MISTAKES = {"causes": ENGLISH.causes, "cures": ENGLISH.cures, "expected": ENGLISH.expected}
"""Rooms that translate what is said without pages too."""
VARIABLES = {"words": "pages", "say": "query", "meant": "terms", "pictured": "drawing", "heard": "facts"}
"""What templates call a room; `own` is that of the page, as the view gives it."""
OWN = {"classes.html": "vocabulary", "ontology.html": "vocabulary", "term.html": "vocabulary"}
JOINED = re.compile(
    r"by_\w+|count_none_\w+|editor-[\w-]+|draw-(?:table|chart|graph|map|unsuited-\w+)|map-(?:north|south|east|west)|show-\w+|sort-\w+|view_\w+|warning-[\w-]+|[\w-]+-then|tests?_\w+|wrong_\w+|\w+_one"
)
"""Keys that are put together of two parts."""
SAME = {"SPARQL", "SPARQL 1.1", "/sparql", "kg export"}


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def gettext(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def test_signs_that_arabic_would_turn_round_are_apart_from_its_text() -> None:
    """A bracket alone, or a sign of a form, is seen as its opposite from the right (UAX 9, L4): it is isolated."""
    for entry in catalogue.read(path_of("ar")).entries:
        for form in entry.forms:
            bare = re.sub("\u2066[^\u2069]*\u2069", "", form)
            assert re.findall(r"[][\\<>]", bare) == [], (entry.context, form)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_says_everything(language: str) -> None:
    source, found = catalogue.read(SOURCE), catalogue.read(path_of(language))
    wanted = [(entry.context, entry.english) for entry in source.entries]
    assert len(wanted) == len(set(wanted)) == len({context for context, _ in wanted}) > 480
    assert [(entry.context, entry.english) for entry in found.entries] == wanted
    assert [entry.context for entry in found.entries if not entry.is_said] == []
    assert [str(problem) for problem, _ in catalogue.faults(path_of(language), found, source)] == []
    number = gettext(path_of(language)).num_plurals
    assert {len(entry.forms) for entry in found.entries if len(entry.english) > 1} == {number}
    # French puts its no-break space before a colon itself; what else stands at an end is part of what is said.
    for entry in found.entries:
        for form in entry.forms:
            assert form.endswith(" ") == entry.english[0].endswith(" "), entry.context


def test_a_note_tells_translators_what_stands_in_each_place() -> None:
    for message in gettext(SOURCE):
        if message.id and catalogue.places(message.id if isinstance(message.id, str) else message.id[0]):
            assert message.auto_comments, message.context
        # A mapping of Python has names of its own, which a template would find instead.
        assert not hasattr(dict, (message.context or "").partition(".")[2])


@pytest.mark.parametrize("language", TRANSLATED)
def test_translators_see_the_notes_of_the_source(language: str) -> None:
    notes = {message.context: message.auto_comments for message in gettext(SOURCE)}
    assert {message.context: message.auto_comments for message in gettext(path_of(language))} == notes


def test_every_key_of_a_template_is_in_the_catalogues_and_every_key_is_used() -> None:
    read = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html")}
    templates = "\n".join(read.values())
    code = "\n".join(
        path.read_text(encoding="utf-8") for room in ("kg", "server") for path in (ROOT / room).rglob("*.py")
    )
    rooms, contexts = shipped()["en"].rooms, set(shipped()["en"].counted)
    for name, text in read.items():
        own = "drawing" if name.startswith("drawing_") else OWN.get(name, "pages")
        for variable, room in {**VARIABLES, "own": own}.items():
            asked = re.findall(rf"\b{variable}(?:\.(\w+)|\[\"([^\"]+)\"\])(?! *~)", text)
            assert {attribute or item for attribute, item in asked} - {"get", "items"} <= set(rooms[room]), name
    asked = set(re.findall(r'counted\("([^"]+)"', templates))
    assert asked == {context for context in contexts if not context.startswith("units.")}
    for room in set(rooms) - NAMES - set(MISTAKES):
        unused = [
            key
            for key in rooms[room]
            if not re.search(rf"[\"'.]{re.escape(key)}\b(?!-)", templates)
            and f'"{key}"' not in code
            and f"'{key}'" not in code
            and not JOINED.fullmatch(key)
        ]
        assert unused == [], room
    assert {room: dict(rooms[room]) for room in MISTAKES} == {room: dict(said) for room, said in MISTAKES.items()}
    assert all(expand(name) for room in NAMES for name in rooms[room])


def test_templates_have_no_words_of_their_own() -> None:
    for path in TEMPLATES.glob("*.html"):
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
        named = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*[^\W\d_][^"]*)"', text)
        text = re.sub(r'\b(?:class|id)="[^"<>]*"', "", text)
        said = [
            unescape(part).strip() for part in re.split(r"<[^>]*>", text) if re.search(r"[^\W\d_]{2}", unescape(part))
        ]
        assert {*named, *said} <= SAME, path.name
        assert 'language == "' not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize(
    ("language", "key", "said"),
    [
        ("en", "pages.table_of", ["0 rows", "1 row", "2 rows", "5 rows", "11 rows", "100 rows"]),
        ("fr", "pages.table_of", ["0 ligne", "1 ligne", "2 lignes", "5 lignes", "11 lignes", "100 lignes"]),
        ("ar", "pages.table_of", ["لا توجد سطور", "سطر واحد", "سطران", "5 أسطر", "11 سطرا", "100 سطر"]),
        ("en", "pages.list_of", ["0 things", "1 thing", "2 things", "5 things", "11 things", "100 things"]),
        ("fr", "pages.list_of", ["0 chose", "1 chose", "2 choses", "5 choses", "11 choses", "100 choses"]),
        ("ar", "pages.list_of", ["لا أشياء", "شيء واحد", "شيئان", "5 أشياء", "11 شيئا", "100 شيء"]),
        ("ar", "drawing.targets_of", ["لا أهداف", "هدف واحد", "هدفان", "5 أهداف", "11 هدفا", "100 هدف"]),
        (
            "ar",
            "drawing.partners_of",
            ["لا مشاركات", "مشاركة واحدة", "مشاركتان", "5 مشاركات", "11 مشاركة", "100 مشاركة"],
        ),
    ],
)
def test_what_is_counted_has_the_form_of_its_number(language: str, key: str, said: list[str]) -> None:
    numbers = (0, 1, 2, 5, 11, 100)
    assert [counted(language, key, number, number=str(number)) for number in numbers] == said


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_labels_of_common_vocabularies_are_in_their_language(language: str) -> None:
    labels = words(language, "labels")
    assert len(labels) > 170
    for name, text in labels.items():
        assert text == text.strip() != ""
        assert any("\u0600" <= letter <= "\u06ff" for letter in text) == (language == "ar"), name
