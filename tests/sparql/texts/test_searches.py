"""Searches within queries: as Jena and Virtuoso write them, answered over a store and an index of the same lines."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from search.finding import LABEL, TYPE, indexed, line, link

from kg.errors import QueryError
from kg.search.asking import IndexedTexts
from kg.sparql.texts import MOST, matters, searched

PROLOGUE = f"PREFIX text: <http://jena.apache.org/text#> PREFIX l: <{LABEL.removesuffix('label')}> "
NOTE = "http://www.w3.org/2004/02/skos/core#note"
LINES = [
    line("urn:rabat", "Rabat", "fr"),
    line("urn:rabat", "الرباط", "ar"),
    link("urn:rabat", TYPE, "urn:City"),
    line("urn:bank", "Bank of Rabat", "en"),
    line("urn:bank", "A note on Rabat", "en", link=NOTE),
    line("urn:hill", "Rabat hill", "en", graph="urn:g"),
    link("urn:hill", TYPE, "urn:Hill", graph="urn:g"),
    line("urn:plain", "Rabat"),
    b'_:b1 <%s> "Rabat without a name" .\n' % LABEL.encode(),
]


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    return IndexedTexts(indexed(tmp_path_factory.mktemp("searches") / "texts.db", LINES))


@pytest.fixture(scope="module")
def store():
    found = ox.Store()
    found.load(b"".join(LINES), ox.RdfFormat.N_QUADS)
    return found


@pytest.fixture
def ask(store, texts):
    """The rows of a query, each as the values of its variables in their order; and the codes of the warnings."""

    def asked(query):
        done = searched(PROLOGUE + query, None, texts)
        answer = store.query(done.text)
        codes = [warning.code for warning in done.warnings]
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer), codes
        names = [variable.value for variable in answer.variables]
        return [tuple(row[name] and row[name].value for name in names) for row in answer], codes

    return asked


def test_the_short_form_gives_things_each_once(ask):
    rows, codes = ask('SELECT ?s { ?s text:query "rabat" }')
    assert sorted(rows) == [("urn:bank",), ("urn:hill",), ("urn:plain",), ("urn:rabat",)]
    assert codes == ["text-blank"]


def test_it_joins_with_the_rest_of_the_pattern(ask):
    assert ask('SELECT ?s ?t { ?s text:query "rabat" ; a ?t }')[0] == [("urn:rabat", "urn:City")]
    assert ask('SELECT ?s { ?s a <urn:City> OPTIONAL { ?s text:query "nothing" } }')[0] == [("urn:rabat",)]
    assert (
        ask('SELECT ?s { ?s l:label ?n MINUS { ?s text:query "bank" } FILTER(ISIRI(?s)) }')[0].count(("urn:bank",)) == 0
    )
    rows, _ = ask('SELECT ?s { { ?s text:query "bank" } UNION { ?s text:query "hill" } } ORDER BY ?s')
    assert rows == [("urn:bank",), ("urn:hill",)]


def test_the_list_gives_score_text_graph_and_property_in_their_order(ask):
    rows, _ = ask('SELECT ?s ?score ?text ?g ?p { (?s ?score ?text ?g ?p) text:query (l:label "hill") }')
    [(thing, score, text, graph, prop)] = rows
    assert (thing, text, graph, prop) == ("urn:hill", "Rabat hill", "urn:g", LABEL)
    assert float(score) > 0


def test_scores_order_the_best_first(ask):
    rows, _ = ask('SELECT ?s { (?s ?score) text:query (l:label "rabat") } ORDER BY DESC(?score) ?s')
    assert rows[0][0] in {"urn:plain", "urn:rabat"}


def test_properties_a_limit_and_a_language_narrow_it(ask):
    rows, _ = ask(f'SELECT ?s ?t {{ (?s ?sc ?t) text:query (<{NOTE}> "rabat") }}')
    assert rows == [("urn:bank", "A note on Rabat")]
    assert len(ask('SELECT ?s { ?s text:query (l:label "rabat" 2) }')[0]) == 2
    assert ask('SELECT ?s { ?s text:query (l:label "rabat" "lang:ar") }')[0] == []
    assert ask('SELECT ?s { ?s text:query (l:label "للرباط" "lang:ar") }')[0] == [("urn:rabat",)]
    assert ask('SELECT ?s { ?s text:query "rabat"@fr }')[0] == [("urn:rabat",)]
    assert ask('SELECT ?s { ?s text:query (l:label "rabat" 0) }')[0] == []


def test_a_limit_is_of_things_though_each_may_have_many_texts(ask):
    assert ask('SELECT ?s { ?s text:query ("rabat bank" 1) }')[0] == [("urn:bank",)]
    rows, _ = ask('SELECT ?s { ?s text:query ("rabat" 3) }')
    assert (len(rows), len(set(rows))) == (3, 3)


def test_within_graph_it_finds_what_that_graph_states(ask):
    assert ask('SELECT ?s { GRAPH <urn:g> { ?s text:query "rabat" } }')[0] == [("urn:hill",)]
    assert ask('SELECT ?g ?s { GRAPH ?g { ?s text:query "rabat" . ?s a ?t } }')[0] == [("urn:g", "urn:hill")]
    assert ask('SELECT ?g ?s { GRAPH ?g { (?s ?score) text:query (l:label "rabat") } }')[0] == [("urn:g", "urn:hill")]
    assert ask('SELECT ?s { GRAPH <urn:none> { ?s text:query "rabat" } }')[0] == []
    assert len(ask('SELECT * { GRAPH ?g { ?s text:query "rabat" } }')[0][0]) == 2


def test_constants_on_the_left_are_conditions(ask):
    assert ask('ASK { <urn:bank> text:query "rabat" }')[0] is True
    assert ask('ASK { <urn:bank> text:query "hill" }')[0] is False
    assert ask('SELECT ?s { (?s ?score "Rabat"@fr) text:query "rabat" }')[0] == [("urn:rabat",)]
    assert ask('ASK { GRAPH <urn:g> { <urn:hill> text:query "rabat" } }')[0] is True
    assert ask('ASK { GRAPH <urn:g> { <urn:bank> text:query "rabat" } }')[0] is False
    assert ask('ASK { [] text:query "hill" }')[0] is True


def test_virtuosos_predicate_binds_texts(ask):
    rows, codes = ask('SELECT ?s ?t { ?s l:label ?t . ?t bif:contains "rabat AND bank" }')
    assert (rows, codes) == ([("urn:bank", "Bank of Rabat")], [])
    rows, _ = ask("""SELECT ?t { ?s l:label ?t . ?t bif:contains "'of rabat'" }""")
    assert rows == [("Bank of Rabat",)]
    assert len(ask('SELECT ?s ?t { ?s l:label ?t . ?t <bif:contains> "rab*" }')[0]) == 4
    assert ask('PREFIX bif: <bif:> SELECT ?t { GRAPH <urn:g> { ?s ?p ?t . ?t bif:contains "hill" } }')[0] == [
        ("Rabat hill",)
    ]


def test_virtuosos_function_is_a_condition_wherever_it_stands(ask):
    rows, _ = ask('SELECT ?s { ?s l:label ?t FILTER(bif:contains(?t, "rabat") && LANG(?t) = "en") }')
    assert rows == [("urn:bank",)]
    rows, _ = ask('SELECT ?t { ?s l:label ?t FILTER(!bif:contains(?t, "rabat")) }')
    assert rows == [("الرباط",)]
    assert ask('SELECT ?t { ?s l:label ?t FILTER EXISTS { ?t bif:contains "bank" } }')[0] == [("Bank of Rabat",)]


def test_a_basic_graph_pattern_is_not_parted(ask):
    query = 'SELECT ?n { _:x a <urn:City> FILTER(true) _:x l:label ?n . ?n bif:contains "rabat" }'
    assert ask(query)[0] == [("Rabat",)]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { ?s text:query ?words }", "takes properties, words"),
        ("SELECT * { ?s text:query (l:label) }", "no words"),
        ("SELECT * { ?s text:query (l:label 10) }", "number stands before"),
        ('SELECT * { (?a ?b ?c ?d ?e ?f) text:query "x" }', "6 terms"),
        ('SELECT * { (?s ?s) text:query "x" }', "twice"),
        ('SELECT * { ?s text:query ("x" "highlight:s:<b>") }', "option of Jena"),
        ('SELECT * { ?s text:query "?!" }', "no word"),
        ('SELECT * { _:s text:query "rabat" ; l:label ?t }', "blank node"),
        ("SELECT * { ?s l:label ?t . ?t bif:contains ?w }", "no words"),
        ('SELECT * { ?s l:label ?t FILTER bif:contains(?t) }', "takes a text and the words"),
        ('SELECT * { ?s text:query "rabat" ', "query"),
        ('SELECT * { ?s ^text:query "rabat" }', "no part of a path"),
        ('SELECT * { ?s l:label/<bif:contains> "rabat" }', "no part of a path"),
        ('SELECT * { ?s !text:query "rabat" }', "no part of a path"),
    ],
)  # fmt: skip
def test_what_is_no_search_is_told_and_never_an_empty_answer(texts, query, message):
    with pytest.raises(QueryError, match=message):
        searched(PROLOGUE + query, None, texts)


def test_the_place_of_what_is_wrong_is_that_of_the_text_as_given(texts):
    with pytest.raises(QueryError) as told:
        searched(
            "PREFIX text: <http://jena.apache.org/text#>\nSELECT *\n{ ?s text:query ?w . ?x bif:contains 'a' }",
            None,
            texts,
        )
    position = told.value.problems[0].position
    assert (position.line, position.column) == (3, 3)


def test_without_an_index_it_is_an_error(texts):
    with pytest.raises(QueryError, match="no texts are indexed"):
        searched(PROLOGUE + 'SELECT * { ?s text:query "a" }', None, None)


def test_a_property_that_states_no_text_is_told(ask):
    assert ask('SELECT ?s { ?s text:query (<urn:lable> "rabat") }') == ([], ["text-property"])


def test_what_is_cut_is_told(tmp_path):
    index = indexed(tmp_path / "texts.db", (line(f"urn:{n:05}", f"word {n}") for n in range(MOST + 1)))
    done = searched(PROLOGUE + 'SELECT ?s { ?s text:query "word" }', None, IndexedTexts(index))
    assert [warning.code for warning in done.warnings] == ["text-cut"]
    assert "10,000" in done.warnings[0].message
    assert done.text.count("(<urn:") == MOST
    few = searched(PROLOGUE + 'SELECT ?s { ?s text:query ("word" 10) }', None, IndexedTexts(index))
    assert few.warnings == ()


def test_service_is_left_to_whom_it_asks(texts):
    query = PROLOGUE + 'SELECT * { SERVICE <http://e/> { ?s text:query "rabat" } }'
    assert searched(query, None, texts).text == query


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX j: <http://jena.apache.org/> ASK { ?s j:text\\#query 'a' }",
        "BASE <http://jena.apache.org/> ASK { ?s <text#query> 'a' }",
        "PREFIX x: <bif:con> ASK { ?s x:tains 'a' }",
        "ASK { ?s <http\\u003a//jena.apache.org/text#query> 'a' }",
        "PREFIX x: <http://jena.apa> ASK { ?s x:che.org\\/text\\#query 'a' }",
    ],
)
def test_no_spelling_passes_the_test_by_letters(query, texts):
    assert matters(query)
    assert searched(query, None, texts).query is not None


def test_a_query_without_a_search_stays_as_it_is(texts):
    query = "SELECT * { ?s ?p 'see jena.apache.org/text#query, bif:contains' }"
    assert searched(query, None, texts).text == query
    odd = "SELECT * { ?s ?p 'jena.apache.org' ; ; }"
    assert searched(odd, None, texts).text == odd


def test_a_query_that_only_looks_like_a_search_keeps_its_constants() -> None:
    r"""Its letters (`bif:` in a string, an escape) do not rule a search out; IRIs have a part of the name `value`."""
    text = "SELECT * { BIND(<http://e/x> AS ?e) FILTER(?e != <http://e/bif:y> && 'bif:contains' != ?z) }"
    assert searched(text, None, None).text == text
