"""What the page of a thing says and what its data say: the same, for every thing and claim of the first graph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from html import unescape

import pytest
from flask.testing import FlaskClient
from markup import Shown, Statement, Term, opened
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse
from rdflib import Dataset

from kg.release import Release
from kg.terms import expand
from server.app import create_app
from server.settings import Settings

BASE = "https://w3id.org/zellige/"
HTML = {"Accept": "text/html"}
KINDS = ("id", "doc", "scheme", "claim", "table")
# rdflib itself uses what it calls deprecated while it parses JSON-LD.
RDFLIB = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")
Said = Callable[[str, RdfFormat], bytes]
REGISTERS = frozenset({"", *(f"{BASE}graph/{name}" for name in ("claims", "entities", "ontology"))})


@pytest.fixture(scope="module")
def client(built: Release) -> FlaskClient:
    """A client of the application over the first graph."""
    return create_app(Settings(built.path.parent)).test_client()


@pytest.fixture(scope="module")
def said(client: FlaskClient) -> Said:
    """What an address answers in a format: asked once, and held against several things."""

    @cache
    def ask(path: str, form: RdfFormat) -> bytes:
        response = client.get(path, headers={"Accept": form.media_type})
        assert (response.status_code, response.mimetype) == (200, form.media_type), path
        return opened(response.data, client) if form == RdfFormat.JSON_LD else response.data

    return ask


@pytest.fixture(scope="module")
def lines(built: Release) -> frozenset[str]:
    """Every statement of the release."""
    return frozenset(built.lines())


@pytest.fixture(scope="module")
def paths(lines: frozenset[str]) -> Mapping[str, list[str]]:
    """The addresses of all that the release speaks of, by their kind."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in parse("\n".join(lines).encode(), RdfFormat.N_QUADS):
        for node in (quad.subject, quad.predicate, quad.object):
            if isinstance(node, NamedNode) and node.value.startswith(BASE) and "#" not in node.value:
                path = node.value.removeprefix(BASE)
                found[path.partition("/")[0]].add(f"/{path}")
    return {kind: sorted(known) for kind, known in found.items()}


def term(node: object) -> Term:
    match node:
        case NamedNode():
            return ("iri", node.value)
        case Literal():
            return ("literal", node.value, node.language or "", node.datatype.value)
        case BlankNode():
            return ("blank", node.value)
    raise TypeError(node)


def graph_of(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def stated(quads: Iterable[Quad]) -> set[Statement]:
    """Statements as a page tells them apart: those of a claim, and all others."""
    found = set()
    for quad in quads:
        graph = graph_of(quad)
        found.add(("" if graph in REGISTERS else graph, term(quad.subject), quad.predicate.value, term(quad.object)))
    return found


def read(said: Said, path: str, form: RdfFormat) -> list[Quad]:
    return list(parse(said(path, form), form))


# What a build derives is in the data; the page shows what it follows from, in its place.
DERIVED = frozenset(
    f"https://w3id.org/zellige/ont#{name}"
    for name in (
        "about",
        "quote",
        "quoteStart",
        "quoteEnd",
        "publisher",
        "address",
        "published",
        "date",
        "place",
        "topic",
    )
)


@pytest.mark.parametrize("kind", ["id", "scheme"])
def test_the_page_of_a_thing_says_what_the_data_say(
    client: FlaskClient, said: Said, paths: Mapping[str, list[str]], kind: str
) -> None:
    assert len(paths[kind]) >= {"id": 250, "scheme": 30}[kind]
    for path in paths[kind]:
        it = ("iri", BASE + path[1:])
        data = {one for one in stated(read(said, path, RdfFormat.N_QUADS)) if one[2] not in DERIVED}
        about = {one for one in data if one[1] == it}
        shown: list[Shown] = []
        text = client.get(f"{path}?lang=en", headers=HTML).text
        while text:
            shown.append(Shown(text, it[1]))
            following = re.search(r'href="([^"]*facts=\d+[^"]*)" rel="next"', text)
            text = client.get(unescape(following[1]), headers=HTML).text if following else ""
        # What holds of it, whole; each claim that speaks of it, by property; and some of what refers to it.
        held = {one for one in shown[0].statements if one[1] == it}
        assert held == {one for one in about if not one[0]}, path
        rows = {pair for page in shown for pair in page.rows}
        assert rows == {(claim, link) for claim, _, link, _ in about if claim}, path
        assert shown[0].statements <= data, path


@pytest.mark.parametrize("kind", ["doc", "claim", "table"])
def test_the_page_says_what_the_data_say(
    client: FlaskClient, said: Said, paths: Mapping[str, list[str]], kind: str
) -> None:
    assert len(paths[kind]) >= {"doc": 80, "claim": 240, "table": 1}[kind]
    of_claims: dict[str, set[Statement]] = {}
    for path in paths[kind]:
        iri = BASE + path[1:]
        data = {one for one in stated(read(said, path, RdfFormat.N_QUADS)) if one[2] not in DERIVED}
        page = Shown(client.get(f"{path}?lang=en", headers=HTML).text, iri)
        if page.cut:
            # What is cut is told on the page; what is shown is in the data all the same.
            assert page.statements <= data, path
        else:
            assert data - page.previews == page.statements - page.previews, path
            assert data <= page.statements | page.previews, path
        # The page of a document or of a speaker previews claims: what their own addresses say.
        for claim in {
            subject[1] for _, subject, _, _ in page.previews if "/claim/" in subject[1] and "#" not in subject[1]
        }:
            if claim not in of_claims:
                of_claims[claim] = stated(read(said, claim.removeprefix(BASE[:-1]), RdfFormat.N_QUADS))
        assert page.previews <= set().union(data, *of_claims.values()), path


@pytest.mark.parametrize("kind", KINDS)
def test_quads_are_lines_of_the_release_and_triples_leave_out_what_is_only_claimed(
    said: Said, lines: frozenset[str], paths: Mapping[str, list[str]], kind: str
) -> None:
    for path in paths[kind]:
        iri = BASE + path[1:]
        quads = said(path, RdfFormat.N_QUADS).decode().splitlines()
        assert quads
        assert set(quads) <= lines, path
        found = list(parse("\n".join(quads).encode(), RdfFormat.N_QUADS))
        facts = {quad.triple for quad in found if graph_of(quad) in REGISTERS or graph_of(quad) == iri}
        assert {quad.triple for quad in read(said, path, RdfFormat.N_TRIPLES)} == facts, path


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_says_the_same_to_every_parser(said: Said, paths: Mapping[str, list[str]], kind: str) -> None:
    for path in paths[kind][::7]:
        triples = {quad.triple for quad in read(said, path, RdfFormat.N_TRIPLES)}
        for form in (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD):
            found = read(said, path, form)
            assert {quad.triple for quad in found} == triples, (path, form)
            assert {graph_of(quad) for quad in found} == {""}
        assert set(read(said, path, RdfFormat.TRIG)) == set(read(said, path, RdfFormat.N_QUADS)), path


@RDFLIB
@pytest.mark.parametrize(
    "path", ["/claim/F014", "/id/conference-ai-2025", "/doc/seed", "/table/ai-readiness", "/dataset", "/ont"]
)
def test_compacted_json_ld_is_read_alike_by_another_library(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/ld+json"})
    told = Dataset().parse(data=opened(answer.data, client), format="json-ld").serialize(format="nquads")
    found = list(parse(told.encode(), RdfFormat.N_QUADS))
    assert {graph_of(quad) for quad in found} == {""}
    plain = parse(client.get(f"{path}?format=ntriples").data, RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in found} == {quad.triple for quad in plain}


def test_a_claim_comes_with_its_own_words_in_its_own_graph(client: FlaskClient, said: Said) -> None:
    claim = f"{BASE}claim/F014"
    text = client.get("/claim/F014?format=trig").text
    graphs = {graph_of(quad) for quad in parse(text.encode(), RdfFormat.TRIG)}
    assert graphs == {claim, f"{BASE}graph/claims"}
    own = {q.predicate.value for q in parse(text.encode(), RdfFormat.TRIG) if graph_of(q) == claim}
    assert own == {expand("zel:eventDate"), expand("zel:heldOnText")}
    thing = read(said, "/id/conference-ai-2025", RdfFormat.N_QUADS)
    assert {claim, "", f"{BASE}graph/claims", f"{BASE}graph/entities"} <= {graph_of(quad) for quad in thing}


def test_a_person_reads_the_note_and_the_origin_of_a_claim(client: FlaskClient) -> None:
    for language, said in (
        ("en", ("Maghrebi month name", "agrees with", "نُظمت في يوليوز 2025", "sentence 2")),
        ("fr", ("Maghrebi month name", "concorde avec", "phrase 2")),
        ("ar", ("Maghrebi month name", "يوافق", "الجملة 2")),
    ):
        text = client.get(f"/claim/F014?lang={language}", headers=HTML).text
        assert all(words in text for words in said)
    for language, words in (
        ("en", "The table and the run"),
        ("fr", "Le tableau et le traitement"),
        ("ar", "الجدول والمعالجة"),
    ):
        text = client.get(f"/claim/X50?lang={language}", headers=HTML).text
        assert words in text
        assert "data/tables/ai-readiness.rml.ttl" in text
        assert words not in client.get(f"/claim/F014?lang={language}", headers=HTML).text
