"""What a person reads on the home page: what this is, questions with answers, where sources disagree, what is new."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

import server
from kg.description.examples import general
from kg.errors import DeadlineExceeded
from kg.terms import LANGUAGES
from server.app import create_app
from server.engine.inprocess import InProcessEngine
from server.pages.opening.questions import GENERAL
from server.settings import Settings

HTML = {"Accept": "text/html"}
VOID = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix q: <https://w3id.org/zellige/query/> .
<https://w3id.org/zellige/dataset> void:sparqlEndpoint <https://w3id.org/zellige/sparql> .
q:classes rdfs:comment "Which classes are there?"@en ; sh:select "SELECT ?c { ?s a ?c }" ;
  schema:target <https://w3id.org/zellige/sparql> .
"""
QUESTION = """\
q:{name} rdfs:comment "{en}"@en , "{fr}"@fr , "{ar}"@ar ; sh:{form} '''{query}''' ;
  schema:target <https://w3id.org/zellige/sparql> .
"""
PARTIES = QUESTION.format(
    name="parties", en="Who is party to what?", fr="Qui est partie à quoi ?", ar="من طرف في ماذا؟", form="select",
    query="SELECT ?party ?deal { ?deal <https://w3id.org/zellige/ont#party> ?party } ORDER BY ?party",
)  # fmt: skip
SIGNED = QUESTION.format(
    name="signed", en="Was it signed?", fr="Est-ce signé ?", ar="هل وُقّع؟", form="ask",
    query="ASK { ?deal <https://w3id.org/zellige/ont#signedOn> ?day }",
)  # fmt: skip
GLOSSED = CLAIMS.replace(
    "zel:statedIn doc:seed ; zel:reviewStatus rev:contested",
    'zel:statedIn doc:seed ; zel:gloss "It was signed in <b>May</b>."@en ; zel:reviewStatus rev:contested',
)


def read(client: FlaskClient, language: str = "en") -> Page:
    page = Page(client.get(f"/?lang={language}", headers=HTML).text)
    assert page.faults == []
    return page


def said(page: Page) -> str:
    return " ".join(text for path, _, text in page.texts if "main" in path)


def served(folder: Path, void: str = "", claims: str = CLAIMS, name: str = "r1") -> FlaskClient:
    release = write_release(folder, name, claims=claims)
    if void:
        (release / "void.ttl").write_text(VOID + void, encoding="utf-8")
    return create_app(Settings(folder), InProcessEngine.open).test_client()


@pytest.mark.parametrize(
    ("language", "question", "party", "more"),
    [
        ("en", "Who is party to what?", "Joint lab", "All answers, in SPARQL"),
        ("fr", "Qui est partie à quoi ?", "Laboratoire commun", "Toutes les réponses, en SPARQL"),
        ("ar", "من طرف في ماذا؟", "مختبر مشترك", "كل الأجوبة، بلغة SPARQL"),
    ],
)
def test_a_question_stands_with_its_first_answers(
    tmp_path: Path, language: str, question: str, party: str, more: str
) -> None:
    page = read(served(tmp_path, PARTIES + SIGNED), language)
    text = said(page)
    assert text.index(question) < text.index(party) < text.index(more)
    assert next(text for path, _, text in page.texts if "h3" in path) == question
    queries = [parse_qs(urlsplit(link).query)["query"][0] for link in page.links() if link.startswith("/query?query=")]
    assert queries[0].startswith("SELECT ?party ?deal")


def test_a_question_of_yes_or_no_is_answered_by_it(tmp_path: Path) -> None:
    assert "Was it signed? yes" in said(read(served(tmp_path, SIGNED)))


def test_what_any_data_answer_is_no_question_of_the_project(tmp_path: Path) -> None:
    text = said(read(served(tmp_path, "")))
    assert "Which classes are there?" not in text
    assert text.index("What there is most of") < text.index("Figures")
    assert {example.name for example in general()} == GENERAL


def test_the_link_to_all_answers_leads_to_them(tmp_path: Path) -> None:
    client = served(tmp_path, PARTIES)
    (link,) = [link for link in read(client).links() if "party" in link]
    answers = Page(client.get(link, headers=HTML).text)
    assert {"Joint lab", "Ministry of Digital Transition"} <= {text for _, _, text in answers.texts}


class Late:
    """An engine that is never in time."""

    def told(self, *_: object, **__: object) -> bytes:
        raise DeadlineExceeded("the query took longer than it may")

    evaluate = answer = told


def test_a_question_that_is_not_answered_in_time_says_so_and_leaves_the_rest_standing(tmp_path: Path) -> None:
    release = write_release(tmp_path)
    (release / "void.ttl").write_text(VOID + PARTIES, encoding="utf-8")
    page = read(create_app(Settings(tmp_path), lambda _: Late()).test_client())
    assert "Who is party to what? The answer did not come in time. All answers, in SPARQL" in said(page)
    assert "Where sources disagree" in said(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_claims_that_contradict_each_other_stand_side_by_side_with_who_says_each(
    tmp_path: Path, language: str
) -> None:
    page = read(served(tmp_path, claims=GLOSSED), language)
    text = said(page)
    assert "A memorandum was signed in September 2025." in text
    assert "It was signed in <b>May</b>." in text
    ministry = {"en": "Ministry of Digital Transition", "fr": "Ministère de la transition numérique"}
    assert ministry.get(language, "وزارة الانتقال الرقمي") in text
    assert {f"/claim/F1?lang={language}", f"/claim/F2?lang={language}"} <= set(page.links())


def test_a_claim_without_a_reading_is_named_by_its_identifier(tmp_path: Path) -> None:
    assert "contradicts Claim F2" in said(read(served(tmp_path)))


def test_without_contradictions_nothing_is_said_of_them(tmp_path: Path) -> None:
    quiet = CLAIMS.replace("; zel:contradicts c:F2 ", "")
    assert quiet != CLAIMS
    assert "disagree" not in said(read(served(tmp_path, claims=quiet)))


def before(folder: Path, seconds: int = 60) -> None:
    """Let a release have been built before the others."""
    manifest = folder / "manifest.json"
    os.utime(manifest, (manifest.stat().st_mtime - seconds,) * 2)


def test_what_is_new_is_told_beside_the_release_before(tmp_path: Path) -> None:
    third = 'c:F3 a zel:Claim ; dct:identifier "F3" ; zel:gloss "A third claim."@en .\n'
    before(write_release(tmp_path, "r0", claims=CLAIMS.replace("c:F2 a zel:Claim", "c:F0 a zel:Claim")))
    text = said(read(served(tmp_path, claims=CLAIMS.replace("  doc:seed a", f"  {third}  doc:seed a"))))
    assert "Compared with the release r0 , which was built before." in text
    assert "Claims added 2 Claims removed 1" in text
    assert "A third claim." in text


def test_a_release_with_the_same_claims_and_a_later_one_are_no_news(tmp_path: Path) -> None:
    before(write_release(tmp_path, "r0"))
    client = served(tmp_path)
    later = write_release(tmp_path, "r2", claims=CLAIMS.replace("F2", "F7"), current=False)
    before(later, -60)
    (tmp_path / "r3").mkdir()
    (tmp_path / "r3" / "manifest.json").write_text("[", encoding="utf-8")
    assert "What is new" not in said(read(client))


def test_the_description_and_the_search_box_come_first_and_the_figures_last(tmp_path: Path) -> None:
    page = read(served(tmp_path, PARTIES))
    places = [text for path, _, text in page.texts if path[-1] in {"h2", "button", "summary"}]
    assert places == [
        "Search", "Questions, and their first answers", "What there is most of", "Where sources disagree", "Further",
        "Figures", "What is in this release", "Classes",
    ]  # fmt: skip
    boxes = [given for tag, given in page.elements if tag == "input" and given.get("type") == "search"]
    assert [box["name"] for box in boxes] == ["q"]


def test_a_search_from_the_home_page_finds(tmp_path: Path) -> None:
    client = served(tmp_path)
    forms = [given["action"] for tag, given in read(client).elements if tag == "form"]
    found = client.get(f"{forms[0]}?{urlencode({'q': 'memorandum', 'lang': 'en'})}", headers=HTML)
    assert "/claim/F1" in found.text


def test_the_pages_of_another_project_have_its_own_name_only(tmp_path: Path) -> None:
    client = served(tmp_path, PARTIES)
    for path in ("/", "/dataset", "/query", "/search"):
        text = client.get(f"{path}?lang=en", headers=HTML).text
        assert "Morocc" not in text
        assert "A tiny graph" in text


def test_no_template_knows_what_the_data_are_about() -> None:
    for template in (Path(server.__file__).parent / "pages" / "templates").glob("*.html"):
        assert "moroc" not in template.read_text(encoding="utf-8").casefold(), template.name
