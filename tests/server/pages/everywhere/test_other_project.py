"""Another project, of another domain and base, on the same kinds of pages: nothing of the first graph is on any of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page

from kg import pipeline
from kg.competency import Asker, Cases, Questions, to_text
from kg.config import read_config
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[4]
FIRST = re.compile(
    r"morocc|maroc|jazari|mistral|rabat\b|businessman|hespress|um6p|zellige/(?:id|doc|claim|table|graph)/"
    r"|المغرب|مغربي|الجزري|ميسترال|الرباط",
    re.IGNORECASE,
)
"""Words of the first graph."""
CURRENCY = re.compile(
    r"Arabic \(Morocco\)|(?:un )?Moroccan[ -]dirhams?|dirhams? marocains?|درا?هم\w* مغربي\w*", re.IGNORECASE
)
"""A language and a unit that any project may have."""
LIGHTHOUSE = {
    "home": ("/", "Ras Nour"),
    "entity": ("/id/restoration", "2032"),
    "contested": ("/claim/G2", "L2"),
    "document": ("/doc/notice", "أعلن مجلس بلدية رأس النور"),
    "table": ("/table/visitors", "1377"),
    "row": ("/table/visitors?row=3", "1377"),
    "row's claim": ("/claim/visitors-2029", "2029"),
    "list": ("/list?class=https%3A%2F%2Fw3id.org%2Fzellige%2Font%23SourceDocument", "La Gazette du littoral"),
    "vocabulary": ("/ont", "Agreement"),
    "term": ("/term/plannedFor", "plannedFor"),
    "concept": ("/resource?iri=https%3A%2F%2Fw3id.org%2Fzellige%2Fscheme%2Fmodality%2Fplanned", "planned"),
    "search": ("/search?q=lighthouse", "Restoration of the lighthouse"),
    "query": ("/query?query=SELECT+*+%7B+%3Fs+%3Chttps%3A%2F%2Fw3id.org%2Fzellige%2Font%23party%3E+%3Fo+%7D", "party"),
    "dataset": ("/dataset", "lighthouse"),
    "graph": ("/graph/entities", "Council of Ras Nour"),
    "timeline": ("/timeline", "2031"),
    "targets": ("/targets", "lighthouse"),
    "partners": ("/partners", "Coastal Heritage Fund"),
    "sources": ("/sources", "La Gazette du littoral"),
    "classes": ("/classes", "The same as a table"),
    "error": ("/id/nobody", "404"),
}
"""A page of each kind, and words of the project that stand on it."""
_TREE = "/resource?iri=https%3A%2F%2Fexample.org%2Forchard%2Ftree-1"
ORCHARD = {
    "home": ("/", "The old orchard of Velden"),
    "thing": (_TREE, "data/rdf/trees.ttl:15"),
    "contested": (_TREE, "data/rdf/letters.trig:7"),
    "claim": ("/claim/letter-1932", "line=0,15"),
    "document": ("/doc/trees", "The register of trees"),
    "list": ("/list?class=https%3A%2F%2Fexample.org%2Forchard%2Fterms%23AppleTree", "the seedling by the gate"),
    "term": ("/term?iri=https%3A%2F%2Fexample.org%2Forchard%2Fterms%23AppleTree", "apple tree"),
    "search": ("/search?q=quince", "the quince at the well"),
    "vocabulary": ("/ont", "apple tree"),
    "dataset": ("/dataset", "orchard"),
    "classes": ("/classes", "The same as a table"),
    "error": ("/id/nobody", "404"),
}
"""Likewise of one of RDF that was there before."""
RAINFALL = {
    "home": ("/", "How high does each station lie, and on which island?"),
    "thing": ("/id/station-P1", "Rain P1, 2031"),
    "measured": ("/id/rain-P2-2030", "Rain measured in each year"),
    "row": ("/claim/rain-P2-2030", "2140.2"),
    "table": ("/table/stations", "Serra do Vento"),
    "term": ("/term/elevation", "Height of a station above the sea in metres."),
    "unit": ("/scheme/unit/millimetre", "millimetre"),
    "vocabulary": ("/ont", "year of rain"),
    "search": ("/search?q=Salinas", "Salinas mede desde 1999"),
}
"""Likewise of one of tables alone, in Portuguese and English."""
PAGES = {
    **{f"lighthouse {kind}": page for kind, page in LIGHTHOUSE.items()},
    **{f"orchard {kind}": page for kind, page in ORCHARD.items()},
    **{f"rainfall {kind}": page for kind, page in RAINFALL.items()},
}


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, FlaskClient]:
    made = {}
    for name in ("lighthouse", "orchard", "rainfall"):
        folder = tmp_path_factory.mktemp("examples") / name
        shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns("releases"))
        config = read_config(folder, {})
        release = pipeline.build(config, lambda _: None)
        if name != "lighthouse":  # which is asked where its page is followed
            trials = [*Questions(config).ask(Asker(release)), *Cases(config).judge()]
            assert {trial.kind for trial in trials} == {"question", "case"}
            assert not [trial for trial in trials if trial.problems or trial.unchecked], to_text(trials)
        made[name] = create_app(Settings(config.releases)).test_client()
    return made


@pytest.fixture
def client(clients: Mapping[str, FlaskClient]) -> FlaskClient:
    return clients["lighthouse"]


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_page_is_the_projects_own(clients: Mapping[str, FlaskClient], kind: str) -> None:
    client, (path, words) = clients[kind.partition(" ")[0]], PAGES[kind]
    for language in LANGUAGES:
        address = f"{path}{'&' if '?' in path else '?'}lang={language}"
        response = client.get(address, headers={"Accept": "text/html"})
        assert response.status_code == (404 if kind.endswith(" error") else 200)
        assert Page(response.text).faults == []
        found = lxml.html.document_fromstring(response.text)
        assert FIRST.findall(CURRENCY.sub("", response.text)) == []
        if language == "en":
            assert words in found.text_content()


def test_the_home_page_answers_the_projects_own_questions(client: FlaskClient) -> None:
    found = lxml.html.document_fromstring(client.get("/?lang=fr", headers={"Accept": "text/html"}).text)
    assert [one.text_content().strip() for one in found.xpath("//section[@class='card']/h3")][:2] == [
        "Quand le phare rouvrira-t-il, et qui le dit ?",
        "Combien de visiteurs chaque année ?",
    ]
    assert "2032" in found.xpath("//section[@class='card']")[0].text_content()
    assert found.xpath("//article[@class='dispute']")


@pytest.mark.parametrize("folder", ["server/pages", "server/static", "server/search"])
def test_no_template_style_or_word_table_names_the_first_graph(folder: str) -> None:
    kinds = {".html", ".css", ".svg", ".js", ".csv", ".toml", ".po", ".pot"}
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in kinds or path.name in {"words.py", "language.py"}:
            text = CURRENCY.sub("", path.read_text(encoding="utf-8"))
            assert FIRST.findall(text) == [], path


def test_the_orchard_is_asked_its_questions_and_its_hierarchy_and_rule_hold(clients: Mapping[str, FlaskClient]) -> None:
    terms = "PREFIX : <https://example.org/orchard/terms#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    asked = {
        "SELECT (COUNT(*) AS ?n) { ?tree a/rdfs:subClassOf* :Tree }": "4",
        "SELECT ?n { <https://example.org/orchard/tree-1> :plantedIn ?n }": "1931",
        "SELECT (SUM(?kg) AS ?n) { ?tree :harvest [ :kilograms ?kg ] }": "142.5",
    }
    for query, wanted in asked.items():
        answer = clients["orchard"].get("/sparql", query_string={"query": f"{terms} {query}", "format": "csv"})
        assert answer.text.split() == ["n", wanted]
    home = lxml.html.document_fromstring(clients["orchard"].get("/?lang=ar", headers={"Accept": "text/html"}).text)
    assert "كم كيلوغراما حملت كل شجرة؟" in home.text_content()


def test_tables_are_joined_and_their_answers_name_nothing_of_the_first_graph(
    clients: Mapping[str, FlaskClient],
) -> None:
    query = "SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    told = clients["rainfall"].get("/sparql", query_string={"query": query, "format": "csv"}).text
    assert FIRST.findall(told) == []
    page = clients["rainfall"].get("/id/station-P2?lang=en", headers={"Accept": "text/html"}).text
    assert "High Island" in page
    # What stands in no language of the project is told in one that it has.
    arabic = lxml.html.document_fromstring(
        clients["rainfall"].get("/id/island-alta?lang=ar", headers={"Accept": "text/html"}).text
    )
    (heading,) = arabic.xpath("//h1//bdi")
    assert (heading.text_content(), heading.get("lang")) in {("Ilha Alta", "pt"), ("High Island", "en")}
