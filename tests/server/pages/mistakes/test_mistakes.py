"""A person at the query form makes a mistake: what the page says in each language, and that the query is kept."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markup import Page

from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
ZEL = "https://w3id.org/zellige/ont#"

# The query, and what is read of it: the line, the cause and the cure.
MISTAKES = {
    "prefix": (
        "SELECT * {\n ?x mine:name ?n }",
        {
            "en": "line 2, column 5: prefix mine is not declared, and it is none of the well-known ones",
            "fr": "ligne 2, colonne 5 : le préfixe mine n'est pas déclaré, et il n'est pas des préfixes connus",
            "ar": "السطر 2، العمود 5: البادئة mine غير معلنة، وليست من البادئات المعروفة",
        },
    ),
    "filter": (
        'SELECT * {\n ?x ?y ?c\n FILTER ?c = "x" }',
        {
            "en": 'FILTER takes an expression in brackets What to do: write FILTER (?c = "x")',
            "fr": 'FILTER veut une expression entre parenthèses Que faire : écrivez FILTER (?c = "x")',
            "ar": 'تأخذ FILTER عبارة بين قوسين ما العمل: اكتب FILTER (?c = "x")',
        },
    ),
    "word": (
        "SELECT * WHER { ?x ?y ?z }",
        {
            "en": "WHER is no word of SPARQL What to do: did you mean WHERE ?",
            "fr": "WHER n'est pas un mot de SPARQL Que faire : vouliez-vous dire WHERE ?",
            "ar": "WHER ليست من كلمات SPARQL ما العمل: هل قصدت WHERE ؟",
        },
    ),
    "bound": (
        "SELECT * {\n ?x ?y ?c\n BIND(1 AS ?c) }",
        {
            "en": "BIND gives ?c a value, but ?c has one already, in line 2",
            "fr": "BIND donne une valeur à ?c , qui en a déjà une, à la ligne 2",
            "ar": "تعطي BIND قيمة للمتغير ?c ، وله قيمة من قبل في السطر 2",
        },
    ),
    "brace": (
        "SELECT * {\n ?x ?y ?c",
        {
            "en": "the { of line 1 is not closed: } is missing What to do: put } here",
            "fr": "{ , à la ligne 1, n'est pas fermé : il manque } Que faire : mettez } ici",
            "ar": "القوس { في السطر 1 غير مغلق: ينقص } ما العمل: ضع } هنا",
        },
    ),
    "dot": (
        "SELECT * {\n ?x ?y ?c\n ?d ?e ?f }",
        {
            "en": "a dot is missing between two statements: after ?c What to do: put . after ?c",
            "fr": "il manque un point entre deux énoncés : après ?c Que faire : mettez . après ?c",
            "ar": "تنقص نقطة بين عبارتين: بعد ?c ما العمل: ضع . بعد ?c",
        },
    ),
    "quotes": (
        "SELECT * { ?x ?y “كتاب” }",
        {
            "en": '“ is no quotation mark of SPARQL What to do: write "كتاب"',
            "fr": '“ n\'est pas un guillemet de SPARQL Que faire : écrivez "كتاب"',
            "ar": '“ ليست من علامات الاقتباس في SPARQL ما العمل: اكتب "كتاب"',
        },
    ),
    "ungrouped": (
        "SELECT ?x ?y { ?x ?p ?y } GROUP BY ?x",
        {
            "en": "SELECT shows ?y , which is not grouped What to do: write GROUP BY ?x ?y , or take one of its values:",
            "fr": "SELECT montre ?y , qui n'est pas groupée Que faire : écrivez GROUP BY ?x ?y",
            "ar": "تعرض SELECT المتغير ?y وهو غير مجموع ما العمل: اكتب GROUP BY ?x ?y",
        },
    ),
    "star": (
        "SELECT * { ?x ?p ?y } GROUP BY ?x",
        {
            "en": "SELECT * cannot stand with GROUP BY What to do: name what is to be shown: SELECT ?x (COUNT(*) AS ?number)",
            "fr": "SELECT * ne va pas avec GROUP BY Que faire : nommez ce qui est à montrer :",
            "ar": "لا تجتمع SELECT * مع GROUP BY ما العمل: سمّ ما تريد عرضه:",
        },
    ),
    "update": (
        "INSERT DATA { <a> <b> <c> }",
        {
            "en": "INSERT is refused: this endpoint only answers queries What to do: ask with SELECT",
            "fr": "INSERT est refusé : ce point d'accès ne fait que répondre aux requêtes Que faire : demandez avec SELECT",
            "ar": "INSERT مرفوضة: هذه النقطة تجيب عن الاستعلامات فقط ما العمل: اسأل بـ SELECT",
        },
    ),
    "service": (
        "SELECT * { SERVICE <http://e/> { ?x ?y ?z } }",
        {
            "en": "SERVICE is refused: this endpoint asks no other one What to do: take the SERVICE clause out",
            "fr": "SERVICE est refusé : ce point d'accès n'en interroge aucun autre Que faire : enlevez la clause SERVICE",
            "ar": "SERVICE مرفوضة: هذه النقطة لا تسأل غيرها ما العمل: احذف جملة SERVICE",
        },
    ),
    "foreign": (
        'SELECT * { ?x <bif:xcontains> "a" }',
        {
            "en": "<bif:xcontains> belongs to Virtuoso; here it would find nothing What to do: search with",
            "fr": "<bif:xcontains> est propre à Virtuoso ; ici, cela ne trouverait rien Que faire : cherchez avec",
            "ar": "<bif:xcontains> خاصة ببرنامج Virtuoso؛ ولن تجد هنا شيئا ما العمل: ابحث بـ",
        },
    ),
    "unreadable": (
        "SELECT * { ?x ?y . }",
        {
            "en": "the query cannot be read on from . What to do: here may stand: a variable, as ?x, an IRI or a prefixed",
            "fr": "la requête ne se lit plus à partir de . Que faire : ici peut venir : une variable, comme ?x, un IRI",
            "ar": "لا يُقرأ الاستعلام ابتداء من . ما العمل: يمكن أن يقع هنا: متغير مثل ?x، معرّف IRI",
        },
    ),
}


def alert(text: str) -> str:
    """What is read of the mistakes on a page, without the line that is shown."""
    assert Page(text).faults == []
    part = re.search('<div role="alert"[^>]*>(.*?)</div>', text, re.DOTALL)
    assert part is not None
    return read_out(re.sub("<pre.*?</pre>", " ", part[1], flags=re.DOTALL))


def read_out(markup: str) -> str:
    from html import unescape

    said = re.sub("[\u2066-\u2069]", "", unescape(re.sub("<[^>]*>", " ", markup)))  # these are not seen
    return " ".join(said.split())


def page(client: FlaskClient, query: str, language: str, path: str = "/query") -> tuple[int, str]:
    response = client.get(f"{path}?{urlencode({'query': query, 'lang': language})}", headers=HTML)
    return response.status_code, response.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/query", "/sparql"])
@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_a_mistake_is_told_in_the_language_of_the_page(
    client: FlaskClient, name: str, path: str, language: str
) -> None:
    query, said = MISTAKES[name]
    status, text = page(client, query, language, path)
    assert status == 400
    assert " ".join(said[language].split()) in alert(text)


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_the_query_is_kept_and_marked_as_mistaken(client: FlaskClient, name: str) -> None:
    query, _ = MISTAKES[name]
    _, text = page(client, query, "ar")
    field = re.search(r"<textarea ([^>]*)>\n(.*?)</textarea>", text, re.DOTALL)
    assert field is not None
    from html import unescape

    assert unescape(field[2]) == query
    assert 'aria-invalid="true"' in field[1]
    assert 'aria-describedby="mistakes"' in field[1]


def test_the_line_is_quoted_and_the_place_marked_in_it(client: FlaskClient) -> None:
    _, text = page(client, 'SELECT * {\n ?x ?y ?c\n FILTER ?c = "<b>" }', "fr")
    assert "<code> FILTER <mark>?c = &#34;&lt;b&gt;&#34;</mark> }</code>" in text
    _, text = page(client, "SELECT * {\n ?x ?y ?c", "ar")
    assert "<code> ?x ?y ?c<mark></mark></code>" in text


def test_code_reads_from_left_to_right_in_an_arabic_sentence(client: FlaskClient) -> None:
    _, text = page(client, "SELECT * WHER { ?x ?y ?z }", "ar")
    assert re.search('<bdi class="code[^"]*" lang="en" dir="ltr">WHERE</bdi>', text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mistake_of_a_query_is_on_the_page(client: FlaskClient, language: str) -> None:
    _, text = page(client, "SELCT * WHERE {\n ?x mine:a ?c\n FILTER ?c = 1", language)
    items = re.findall("<li>(.*?)</li>", alert_markup(text), re.DOTALL)
    words = ("SELCT", "mine", "FILTER", "{")
    assert [word for word, item in zip(words, items, strict=True) if word not in read_out(item)] == []


def alert_markup(text: str) -> str:
    found = re.search('<div role="alert"[^>]*>(.*?)</div>', text, re.DOTALL)
    assert found is not None
    return found[1]


# --- prefixes that are declared for the person

UNDECLARED = "SELECT ?l { ?x a zel:Ministry ; rdfs:label ?l } ORDER BY ?l"
SAID = {
    "en": "Prefixes that the query did not declare, and that were declared for you:",
    "fr": "Préfixes que la requête ne déclarait pas, et qui l'ont été pour vous :",
    "ar": "بادئات لم يعلنها الاستعلام، فأُعلنت نيابة عنك:",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_well_known_prefixes_are_declared_and_the_page_says_which(client: FlaskClient, language: str) -> None:
    query = f"SELECT ?l {{ GRAPH ?g {{ {UNDECLARED.partition('{')[2].partition('}')[0]} }} }}"
    status, text = page(client, query, language)
    assert status == 200
    said = read_out(text)
    assert SAID[language] in said
    assert f"PREFIX zel: <{ZEL}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>" in said
    assert "Ministère de la transition numérique" in said
    assert f">\n{query.replace('<', '&lt;')}</textarea>" in text  # as it was typed
    links = [link for link in Page(text).links() if "format=" in link]
    assert len(links) == 4
    for link in links:
        assert "Ministère de la transition numérique" in client.get(link).get_data(as_text=True), link


def test_nothing_is_said_where_nothing_was_declared(client: FlaskClient) -> None:
    _, text = page(client, f"PREFIX zel: <{ZEL}>\nSELECT * {{ ?x a zel:Ministry }}", "en")
    assert SAID["en"] not in text


def test_another_mistake_is_told_without_the_prefixes_that_were_declared(client: FlaskClient) -> None:
    status, text = page(client, "SELECT * {\n ?x rdfs:label ?l\n FILTER ?l = 1 }", "en")
    assert status == 400
    said = alert(text)
    assert "line 3, column 9: FILTER takes an expression in brackets" in said
    assert "rdfs" not in said


def test_a_predicate_of_another_product_is_told_though_its_prefix_could_be_declared(client: FlaskClient) -> None:
    status, text = page(client, 'SELECT * { ?x rdfs:label ?l . ?l bif:xcontains "a" }', "en")
    assert status == 400
    assert "bif:xcontains belongs to Virtuoso" in alert(text)


@pytest.fixture(scope="module")
def strict(releases: Path) -> Flask:
    return create_app(Settings(releases, fill_prefixes="nowhere"))


def test_prefixes_are_not_declared_where_the_setting_says_nowhere(strict: Flask) -> None:
    status, text = page(strict.test_client(), UNDECLARED, "en")
    assert status == 400
    said = alert(text)
    assert f"prefix zel is not declared; its usual declaration is PREFIX zel: <{ZEL}>" in said
    assert "prefix rdfs is not declared" in said


# --- errors that are none of the text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "line 1, column 28: the engine has no function <http://e/f> , or none with so many arguments"),
        ("fr", "ligne 1, colonne 28 : le moteur n'a pas de fonction <http://e/f> , ou pas avec autant d'arguments"),
        ("ar", "السطر 1، العمود 28: ليست لدى المحرك دالة <http://e/f> ، أو ليست بهذا العدد من المعاملات"),
    ],
)
def test_a_function_that_is_unknown_is_told_in_the_language_of_the_page(
    client: FlaskClient, language: str, said: str
) -> None:
    status, text = page(client, "SELECT * { ?x ?y ?z FILTER(<http://e/f>(?z)) }", language)
    assert status == 400
    assert said in alert(text)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "there is nothing at this address"),
        ("fr", "Il n'y a rien à cette adresse."),
        ("ar", "لا شيء في هذا العنوان."),
    ],
)
def test_a_page_that_is_not_there_says_so_in_its_language(client: FlaskClient, language: str, said: str) -> None:
    response = client.get(f"/absent?lang={language}", headers=HTML)
    assert response.status_code == 404
    assert said in alert(response.text)


def test_an_update_sent_as_such_is_refused_in_the_language_of_the_page(client: FlaskClient) -> None:
    response = client.get(f"/sparql?{urlencode({'update': 'CLEAR ALL', 'lang': 'fr'})}", headers=HTML)
    assert response.status_code == 403
    assert "Les mises à jour sont refusées" in alert(response.text)
