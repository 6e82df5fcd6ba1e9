"""How a mistake is told: its line with a mark, in three languages, and what is left as it was."""

from __future__ import annotations

import re
import time
from string import Formatter

import pytest
from pyoxigraph import Store

from kg.errors import FunctionUnknown, Position, Problem, QueryError, QueryRefused
from kg.sparql.guard import check
from kg.sparql.messages import wording
from kg.sparql.messages.finding import find
from kg.sparql.messages.told import Explained, at_lines_written, explained, without_filled
from kg.sparql.messages.wording import cause, cure, plain
from kg.terms import LANGUAGES
from server.pages.telling import wording_of

REFUSED = QueryError("expected something", position=Position("query", 1, 1))


def first(query: str, path: str = "query") -> Explained:
    found = explained(REFUSED, query, path=path).problems[0]
    assert isinstance(found, Explained)
    return found


def test_the_line_is_shown_with_a_mark_under_what_is_wrong() -> None:
    found = first("SELECT *\n\tWHER { ?x ?y ?z }", path="q.rq")
    assert str(found) == "q.rq:2:2: WHER is no word of SPARQL (did you mean WHERE?)"
    assert found.excerpt() == ("    2 | \tWHER { ?x ?y ?z }", "      | \t^^^^")


def test_the_mark_stands_under_wide_and_combining_signs() -> None:
    found = first('SELECT * { ?x ?y "中e\u0301" ?z FILTR(?z) }')
    line, mark = found.excerpt()
    assert line.index("FILTR") + 1 - 1 == mark.index("^")  # one sign is twice as wide, one takes no room


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_people_end_them(end: str) -> None:
    found = first(f"SELECT *{end}# a{end}WHER {{ ?x ?y ?z }}")
    assert found.position == Position("query", 3, 1)
    assert found.line == ("", "WHER", " { ?x ?y ?z }")


def test_the_place_is_that_of_the_text_as_it_was_written_with_its_escapes() -> None:
    found = first("SELECT * { ?\\u0078 ?y ?z OPTINAL { ?x ?p ?q } }")
    assert found.position == Position("query", 1, 26)
    assert found.line[1] == "OPTINAL"


def test_a_long_line_is_cut_around_the_mistake() -> None:
    found = first("SELECT * { " + "?x ?y ?z . " * 100 + "OPTINAL { ?x ?p ?q } " + "?x ?y ?z . " * 100 + "}")
    before, wrong, after = found.line
    assert (len(before), wrong, len(after)) == (81, "OPTINAL", 81)


def test_a_program_finds_the_name_of_the_mistake() -> None:
    told = first("SELECT * WHER { ?x ?y ?z }").to_json()
    assert told["mistake"] == "word-unknown"
    assert told["where"] == {"file": "query", "line": 1, "column": 10}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", sorted(wording.keys()))
def test_every_mistake_has_its_words_in_three_languages(words: str, language: str) -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "variable" if key == "expected" else f"<{key}>"

        def get(self, key: str, _: str | None = None) -> str:  # type: ignore[override]
            return self[key]

    own = wording_of(language)
    said = [cause(words, Anything(), own), cure(words, Anything(), own)]
    english = [cause(words, Anything()), cure(words, Anything())]
    for mine, other in zip(said, english, strict=True):
        assert {p.text for p in mine if p.is_code} == {p.text for p in other if p.is_code}
        assert "None" not in plain(mine)
    letters = "".join(piece.text for piece in said[0] if not piece.is_code)
    assert bool(re.search("[\u0600-\u06ff]", letters)) is (language == "ar")


def test_no_place_in_a_sentence_is_without_a_name() -> None:
    for text in (*wording.ENGLISH.causes.values(), *wording.ENGLISH.cures.values()):
        assert "" not in {field for _, field, _, _ in Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", sorted(wording.keys()))
def test_no_sentence_has_a_hole_where_there_is_nothing_to_show(words: str, language: str) -> None:
    own = wording_of(language)
    templates = [table[words] for table in (own.causes, own.cures) if words in table]
    fields = {field for text in templates for _, field, _, _ in Formatter().parse(text) if field}
    for given in ({"expected": ""}, dict.fromkeys([*fields, "expected"], "")):
        for pieces in (cause(words, given, own), cure(words, given, own)):
            said = plain(pieces)
            assert all(piece.text for piece in pieces)
            assert "''" not in said.split()
            assert "  " not in said


def test_a_joiner_that_is_not_seen_is_told_by_its_name_and_none_in_a_word_that_is_written_with_it() -> None:
    for query in ("SELECT * { ?s ?p ?o } \u200c", "SEL\u200dECT * { ?s ?p ?o }"):
        (found,) = explained(REFUSED, query).problems
        assert found.message.startswith("here stands a character that cannot be seen: U+200")
        assert found.hint == "put a space in its place, or nothing"
    (found,) = explained(REFUSED, "SELECT * { ?s ?p می\u200cخواهم }").problems
    assert found.message == "می\u200cخواهم is no word of SPARQL"


def test_what_is_no_fault_of_the_text_stays_as_it_is() -> None:
    error = QueryError("the graph 'a' is named by no absolute IRI")
    assert explained(error, "ASK {}") is error


def test_a_function_that_the_engine_has_not_is_told_where_it_is_called() -> None:
    error = FunctionUnknown("The custom function <http://e/f> is not supported")
    (found,) = explained(error, "PREFIX e: <http://e/>\nSELECT (e:f(1) AS ?x) {}").problems
    assert found.code == "function-unknown"
    assert found.position == Position("query", 2, 9)
    assert str(found).startswith(
        "query:2:9: The custom function <http://e/f> is not supported (use one of SPARQL's own"
    )


def test_the_words_of_the_guard_are_told_with_a_cure() -> None:
    query = "# a\nINSERT DATA { <a> <b> <c> }"
    with pytest.raises(QueryError) as caught:
        check(query)
    (found,) = explained(caught.value, query).problems
    assert found.code == "no-update"
    assert str(found) == (
        "query:2:1: INSERT is refused: this endpoint only answers queries"
        " (ask with SELECT, ASK, CONSTRUCT or DESCRIBE; data change with the next release only)"
    )


def test_the_label_service_of_wikidata_is_told_by_name() -> None:
    query = 'SELECT * { ?x ?y ?z SERVICE wikibase:label { bd:serviceParam wikibase:language "fr" } }'
    with pytest.raises(QueryError) as caught:
        check(query)
    (found,) = explained(caught.value, query).problems
    assert found.code == "no-service"
    assert "wikibase:label belongs to Wikidata" in found.message
    assert "rdfs:label" in str(found.hint)


def test_a_query_with_service_that_cannot_be_read_is_told_likewise_under_its_own_code() -> None:
    query = "SELECT * { SERVICE <http://e/> { ?x foaf:name ?y } FILTER ?y = 1 }"
    problem = Problem("service-unplanned", "no", Position("query", 1, 1))
    error = explained(QueryRefused(problems=[problem]), query)
    assert isinstance(error, QueryRefused)
    assert [(p.code, p.message.split(";")[0]) for p in error.problems] == [
        ("service-unplanned", "prefix foaf is not declared"),
        ("service-unplanned", "FILTER takes an expression in brackets"),
    ]
    (left,) = without_filled(error).problems
    assert left.message == "FILTER takes an expression in brackets"
    right = QueryRefused(problems=[problem])
    assert explained(right, "SELECT * { SERVICE <http://e/> { ?x ?z ?y } }") is right


def test_the_prefix_of_a_search_needs_no_declaration() -> None:
    query = 'SELECT * { ?x ?y ?l . ?l bif:contains "a" FILTER ?l = 1 }'
    (found,) = explained(REFUSED, query).problems
    assert str(found).startswith("query:1:50: FILTER takes an expression in brackets")
    (found,) = explained(REFUSED, 'SELECT * { ?x ?y . ?l bif:contains "a" }').problems
    assert str(found).startswith("query:1:18: the query cannot be read on from '.'")


def test_what_is_told_by_others_stands_at_the_lines_as_they_were_written() -> None:
    error = QueryRefused(problems=[Problem("text-query", "no words", Position("query", 3, 4))])
    (left,) = at_lines_written(error).problems
    assert left.position == Position("query", 2, 4)
    told = explained(REFUSED, "SELECT *\nWHER {}")
    assert at_lines_written(told) is told


def test_what_the_engine_alone_refuses_is_told_in_its_words_without_its_sets_of_letters() -> None:
    said = "expected one of Something odd, [_], ['A' ..= 'Z' | '\\u{00C0}'..='\\u{00D6}']"
    (found,) = explained(QueryError(said, position=Position("query", 1, 5)), "ASK {}").problems
    assert found.message == "'{}' breaks a rule: Something odd"
    said = "expected one of \".\", \"}\", ['0' ..= '9']"
    (found,) = explained(QueryError(said, position=Position("query", 1, 5)), "ASK {}").problems
    assert str(found) == "query:1:5: the query cannot be read on from '{}' (here may stand: '.' or '}')"


def test_prefixes_that_were_declared_for_the_person_are_not_told() -> None:
    error = explained(REFUSED, "SELECT * WHER { ?x foaf:name ?n }")
    assert len(error.problems) == 2
    assert [problem.message for problem in without_filled(error).problems] == ["WHER is no word of SPARQL"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { " + "?x foo:bar ?y . " * 5000 + "}",
        "SELECT * { " + "{" * 5000,
        "“" * 5000,
        "SELECT * { ?x ?y ?z } " + "wrod " * 3000,
        "SELECT * { FILTER ?x = " + "(" * 3000,
        "SELECT * { ?x ?y " + '"a" ' * 4000 + "}",
        "\\u0041" * 5000,
    ],
    ids=lambda query: query[:20],
)
def test_a_mean_text_is_told_in_little_work(query: str) -> None:
    began = time.process_time()
    assert explained(REFUSED, query).problems
    assert time.process_time() - began < 5  # on any machine: it takes a tenth of a second


def test_a_text_beyond_the_limit_is_told_by_its_place() -> None:
    query = "SELECT * {\n" + "?x ?y ?z .\n" * 3000 + "?x ?y . }"
    assert len(query) > 20_000
    (found,) = find(query)
    assert found.words == "unreadable"
    with pytest.raises(SyntaxError):
        Store().query(query)
