"""What is said of a query that cannot be read: the line, the column, and what is wrong there."""

from __future__ import annotations

import pytest

from kg.errors import QueryError
from kg.sparql.language import parse

P = "PREFIX : <http://e/>\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not the end"),
        ("SELEC * {}", 1, 1, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not 'SELEC'"),
        ("INSERT DATA {}", 1, 1, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not 'INSERT'"),
        ("SELECT * {\n  ?s foaf:name ?o }", 2, 6, "the prefix foaf: is not declared (declare it: PREFIX foaf: <...>)"),
        ("PREFIX foaf: <http://e/> SELECT * { ?s foav:n ?o }", 1, 40, "the prefix foav: is not declared (did you mean 'foaf'?)"),
        ("SELECT * { ?s ?p ?o", 1, 20, "a pattern or } is expected, not the end"),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "the end of the query is expected, not '}'"),
        ("SELECT * {\n ?s ?p ?o\n ?x ?y ?z }", 3, 2, "a pattern or } is expected, not '?x'"),
        ("SELECT * { ?s ?p }", 1, 18, "a term is expected, not '}'"),
        ("SELECT * { ?s }", 1, 15, "a property is expected, not '}'"),
        ("SELECT * { FILTER ?x > 1 }", 1, 19, "( is expected before a condition, not '?x'"),
        ("SELECT * { FILTER(?x > ) }", 1, 24, "an expression is expected, not ')'"),
        ("SELECT * { FILTER(?x > 1 }", 1, 26, ") is expected after the expression, not '}'"),
        ("SELECT * { FILTER(REGX(?x, 'a')) }", 1, 19, "there is no function REGX (did you mean 'REGEX'?)"),
        ("SELECT * { FILTER(STRLEN(?x, 1)) }", 1, 19, "STRLEN does not take 2 arguments"),
        ("SELECT * { FILTER(BOUND(1)) }", 1, 19, "BOUND takes a variable"),
        ("SELECT * { FILTER(1 = 2 = 3) }", 1, 25, ") is expected after the expression, not '='"),
        ("SELECT { ?s ?p ?o }", 1, 8, "a variable, (expression AS ?variable) or * is expected after SELECT, not '{'"),
        ("SELECT (?x + 1) {}", 1, 15, "AS is expected after the expression, not ')'"),
        ("SELECT * { ?s ?p ?x BIND(1 AS ?x) }", 1, 31, "?x has a value before BIND gives it one (take another name)"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, 24, "?x has a value before SELECT gives it one (take another name)"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?o }", 1, 8,
         "?x may have many values in a group (group by it, or ask for one: (SAMPLE(?x) AS ?one))"),
        ("SELECT * { ?x ?p ?o } GROUP BY ?x", 1, 1, "SELECT * cannot stand beside groups (name the variables)"),
        ("SELECT * { FILTER(COUNT(?x) > 1) }", 1, 19,
         "COUNT stands where there are no groups (aggregates stand in SELECT, HAVING and ORDER BY)"),
        ("SELECT * { VALUES (?x ?y) { (1) } }", 1, 29, "a row of 1 for 2 variables"),
        ("SELECT * { VALUES ?x { ?y } }", 1, 24, "an IRI, a literal or UNDEF is expected in the data, not '?y'"),
        ("SELECT * { VALUES (?x ?x) { } }", 1, 23, "?x stands twice in VALUES"),
        ("SELECT * { _:a ?p ?o OPTIONAL { _:a ?q ?r } }", 1, 33, "the label _:a stands in two patterns that are not one"),
        ("SELECT * { } LIMIT ten", 1, 20, "a whole number is expected after LIMIT, not 'ten'"),
        ("SELECT * { } LIMIT 1 LIMIT 2", 1, 22, "LIMIT stands here twice"),
        ("SELECT * { } ORDER ?x", 1, 20, "BY is expected after ORDER, not '?x'"),
        ("SELECT * { } ORDER BY", 1, 22, "a variable or an expression in brackets is expected after ORDER BY, not the end"),
        ("CONSTRUCT { ?s :p* ?o } WHERE { }", 1, 16, "the prefix : is not declared (declare it: PREFIX : <...>)"),
        ("CONSTRUCT { ?s <p>* ?o } WHERE { }", 1, 19, "a term is expected, not '*'"),
        ("CONSTRUCT WHERE { ?s ?p ?o FILTER(?s) }", 1, 28, "} is expected after the triples, not 'FILTER'"),
        ("SELECT * { ?s ?p “x” }", 1, 18, "the character '“' cannot stand here"),
        ("SELECT * { ?s ?p 'x }", 1, 18, "a string that does not end, or holds an escape that SPARQL does not know"),
        ("SELECT * { ?s <p> ?o ?o }", 1, 22, "a pattern or } is expected, not '?o'"),
        ("SELECT * { ?s <p>/<q> ?o {| <r> 1 |} }", 1, 26, "what a path leads to cannot be annotated"),
        ("PREFIX foaf <http://e/> ASK {}", 1, 8, "a prefix and its colon are expected after PREFIX, not 'foaf'"),
        ("PREFIX foaf: http://e/ ASK {}", 1, 14, "an IRI in < > is expected, not 'http:'"),
        ("ASK {\n  \\u003Fs ?p ?o . }}", 2, 20, "the end of the query is expected, not '}'"),
    ],
)  # fmt: skip
def test_a_problem_is_told_at_its_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(QueryError) as told:
        parse(text)
    (problem,) = told.value.problems
    where = problem.position
    assert where is not None
    assert (where.line, where.column) == (line, column), str(problem)
    assert str(problem) == f"query:{line}: {message}"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { { ?s ?p ?o } { _:a ?p ?o . _:a ?q ?o FILTER(1) _:a ?r ?o } }",
        "ASK { _:a ?p ?o BIND(1 AS ?z) _:a ?q ?r VALUES ?y { 1 } _:a ?s ?t }",
        "SELECT (1 AS ?x) (?x + 1 AS ?y) {}",
        "SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) {}",
        "SELECT ?x ?x { ?x ?p ?o }",
        "SELECT ?nowhere {}",
        "SELECT (STR(?x) AS ?s) { ?x ?p ?o } GROUP BY ?x ORDER BY COUNT(*)",
        "SELECT ?k (SUM(?o) AS ?n) { ?x ?p ?o } GROUP BY (STR(?x) AS ?k) HAVING (SUM(?o) > 1)",
        "SELECT * { { SELECT ?x { ?x ?p ?y } } BIND(1 AS ?y) }",
        "SELECT * { OPTIONAL { ?x ?p ?o } MINUS { ?x ?p ?z } BIND(1 AS ?z) }",
        "select distinct ?x from <g> where { ?x A?o . }",
        "ASK { ?s ?p -1, +.5e3 , 1. }",
        "ASK { FILTER(?a<?b&&?c>?d) FILTER(IF(?a<?b,?c>?d,1)) ?a ?b ?c }",
    ],
)
def test_what_is_right_is_read(text: str) -> None:
    assert parse(text.replace(" A?o", " a ?o"))
