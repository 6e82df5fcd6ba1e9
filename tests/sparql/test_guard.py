"""The guard: what it refuses in every spelling, what it lets pass, and that the engine agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from services import DECEPTIVE, SPELLINGS, URL

from kg.errors import QueryError, QueryRefused
from kg.sparql.guard import Form, check


def rules(query: str) -> list[str]:
    with pytest.raises(QueryRefused) as caught:
        check(query)
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize("query", SPELLINGS)
def test_service_is_refused_in_every_spelling(query):
    assert set(rules(query)) == {"no-service"}


@pytest.mark.parametrize("query", DECEPTIVE)
def test_what_only_the_engine_reads_as_service_does_not_pass(query):
    assert not reaches_out(query)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE <http://x> {}' }",
        'ASK { ?s ?p "SERVICE" , """\nSERVICE <x> {}\n""" , \'\'\'SERVICE\'\'\' }',
        "ASK { ?s ?p ?o } # SERVICE <http://x> {}",
        "# SERVICE <http://x> { }\nASK {}",
        "ASK { ?s <http://x/SERVICE> <http://x/#SERVICE> }",
        "ASK { ?service ?p $SERVICE }",
        "PREFIX ex: <http://e/> ASK { ?s ex:service ?service . OPTIONAL { ?s ex:SERVICE ?o } }",
        "PREFIX ex: <http://e/> ASK { ?s ex:service ?o { ?o ex:service ?x } }",
        "PREFIX ex: <http://e/> ASK { GRAPH ex:service { ?s ?p ?o } }",
        "PREFIX service: <http://e/> ASK { ?s service:a service:b }",
        "PREFIX service: <http://e/> ASK FROM NAMED service:a { GRAPH service:a { ?s a service:b } }",
        "ASK { ?s ?p _:service }",
        "ASK { ?s ?p 'x'@service }",
        "ASK { ?s ?p 'LOAD', 'INSERT DATA', 'DROP ALL' }",
        "PREFIX load: <http://e/> ASK { ?s load:insert ?delete }",
        "ASK { ?s <urn:service:x#y> ?o FILTER(?o<?s) }",
        "BASE <http://e/> ASK { ?s <service#x> <> }",
        "SELECT (COUNT(*) AS ?services) { ?s ?p ?o }",
    ],
)
def test_the_word_elsewhere_is_harmless(query):
    Store().query(check(query).text)


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("LOAD <http://x/>", "no-load"),
        ("load silent <http://x/> into graph <http://y/>", "no-load"),
        ("L\\u004fAD <http://x/>", "no-load"),
        ("ASK {} ; LOAD <http://x/>", "no-load"),
        ("INSERT DATA { <a> <b> <c> }", "no-update"),
        ("PREFIX ex: <http://e/> DELETE WHERE { ?s ?p ?o }", "no-update"),
        ("WITH <http://g/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "no-update"),
        ("CLEAR ALL", "no-update"),
        ("drop silent graph <http://g/>", "no-update"),
        ("CREATE GRAPH <http://g/>", "no-update"),
        ("ADD DEFAULT TO <http://g/>", "no-update"),
        ("MOVE DEFAULT TO <http://g/>", "no-update"),
        ("COPY DEFAULT TO <http://g/>", "no-update"),
        ("ASK {} ; DROP ALL", "no-update"),
        ("ASK { INSERT DATA { <a> <b> <c> } }", "no-update"),
        ("#c\nDeLeTe DATA { <a> <b> <c> }", "no-update"),
    ],
)
def test_updates_are_refused(query, rule):
    assert rule in rules(query)


def test_every_refusal_has_its_place():
    with pytest.raises(QueryRefused) as caught:
        check("ASK {\n  SERVICE <http://x/> {}\n  OPTIONAL { \\u0073ervice silent ?e {} } }")
    places = [(p.position.path, p.position.line, p.position.column) for p in caught.value.problems]
    assert places == [("query", 2, 3), ("query", 3, 14)]


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", Form.SELECT),
        ("# x\nprefix ex: <http://e/> base <http://b/> select*{}", Form.SELECT),
        ("PREFIX ask: <http://e/> ASK {}", Form.ASK),
        ("Construct where {?s ?p ?o}", Form.CONSTRUCT),
        ('VERSION "1.2" DESCRIBE <http://x/>', Form.DESCRIBE),
    ],
)
def test_the_form_of_a_query(query, form):
    assert check(query).form is form


@pytest.mark.parametrize("query", ["", "  # nothing", "PREFIX", "hello", "{}", "<http://x>", "PREFIX ex: <http://e/>"])
def test_what_is_no_query_is_an_error_and_no_refusal(query):
    with pytest.raises(QueryError) as caught:
        check(query)
    assert type(caught.value) is QueryError


def test_the_place_of_an_unreadable_character_is_that_in_the_written_text():
    with pytest.raises(QueryError) as caught:
        check("ASK {\n \\u0061 \\u0061 % }")
    assert (caught.value.problems[0].position.line, caught.value.problems[0].position.column) == (2, 16)


@pytest.mark.parametrize(
    "expression",
    [
        "CONCAT ('a', 'b')",
        "concat\n('a')",
        "COALESCE # c\n (1)",
        "BNODE ()",
        "BNODE\t( )",
        "CONCAT('a', COALESCE ('b'))",
    ],
)
def test_the_blank_that_the_engine_refuses_is_closed(expression):
    query = f"SELECT ({expression} AS ?x) {{}}"
    with pytest.raises(SyntaxError):
        Store().query(query)
    Store().query(check(query).text)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'CONCAT (1)' } # BNODE (",
        'ASK { ?s ?p """COALESCE (""" }',
        "SELECT ?CONCAT {}",
        "ASK {?s a ex:BNODE }",
    ],
)
def test_nothing_else_is_changed(query):
    assert check(query).text == query


def test_declared_prefixes_are_kept():
    assert check("PREFIX a: <http://a/> PREFIX : <http://b/> ASK {}").prefixes == (
        ("a", "http://a/"),
        ("", "http://b/"),
    )


@given(st.text())
def test_any_text_is_a_query_or_an_error(query):
    try:
        check(query)
    except QueryError:
        return


STORE = Store()
for value in (Literal(1), Literal("1")):
    STORE.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), value))

PIECES = st.sampled_from(
    (
        "SERVICE", "service", "SILENT", URL, ":a", "?e", "{", "}", "{?s ?p ?o}", ".",
        "_:a", "?x", "ex:", "'", '"', "'''",
        '"""', "#", "\n", " ", "\r", ">", "<", "(", ")", "FILTER", "FILTER(0<?o)", "true", "1", "@en", "VALUES ?x {",
        "OPTIONAL", "?", "*", "\\", "\\u0053", "\\u0023", "ex:\\-", "SERVICE:a", "<x>", "<>", "BIND(1 AS ?e)",
        "<<", ">>",
        "ex:SERVICE", "--ltr", "_:a.", ";",
    )
)  # fmt: skip
PROLOGUES = st.lists(
    st.sampled_from(
        (
            "BASE <http://e/> ", "PREFIX ex: <http://e:80> ", "PREFIX : <http://127.0.0.1:1/> ",
            "PREFIX SERVICE: <http://e/> ", "PREFIX http: <http://e/> ",
        )
    ),
    unique=True,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(
    PROLOGUES, st.sampled_from([*SPELLINGS, *DECEPTIVE]), st.lists(st.tuples(st.integers(0, 200), PIECES), max_size=4)
)
def test_no_mutant_of_a_service_query_reaches_out(prologue, query, changes):
    for place, piece in changes:
        query = query[:place] + piece + query[place:]
    assert not reaches_out(prologue + query)


def reaches_out(query: str) -> bool:
    """Whether the engine tries an address in a query that passes; it refuses port 1 by itself, so nothing is sent."""
    try:
        answer = STORE.query(check(query).text)
        list(answer) if hasattr(answer, "__iter__") else bool(answer)
    except (QueryError, SyntaxError):
        return False
    except (OSError, RuntimeError):
        return True
    return False


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[1].glob("competency/*.rq")), ids=lambda path: path.stem)
def test_the_short_proof_and_the_long_one_agree(path):
    # A backslash, here in a comment after the query, forces the reading of every token.
    text, forced = path.read_text(encoding="utf-8"), "\n# \\"
    short, long = check(text), check(text + forced)
    assert (short.form, short.prefixes) == (long.form, long.prefixes)
    assert short.text + forced == long.text
