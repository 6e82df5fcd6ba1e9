"""The operators of a query, as section 18.2 has them; the examples of section 18.2.3 among others."""

from __future__ import annotations

import random
import textwrap

import pytest
from sparql.query_trees import Trees

from kg.sparql.language import parse
from kg.sparql.language.sexpressions import algebra_text

P = "PREFIX : <http://e/> "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { }", "(unit)"),
        ("SELECT * { ?s :p ?o . ?s a :C }", "(bgp\n  (triple ?s :p ?o)\n  (triple ?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> :C))"),
        (
            "SELECT * { { ?s :p1 ?v1 } UNION { ?s :p2 ?v2 } UNION { ?s :p3 ?v3 } }",
            "(union\n  (bgp\n    (triple ?s :p1 ?v1))\n  (bgp\n    (triple ?s :p2 ?v2))\n  (bgp\n    (triple ?s :p3 ?v3)))",
        ),
        (
            "SELECT * { ?s :p1 ?v1 OPTIONAL { ?s :p2 ?v2 FILTER(?v1 < 3) } FILTER(?v2 > 1) OPTIONAL { ?s :p3 ?v3 } }",
            """
            (filter (> ?v2 1)
              (leftjoin
                (leftjoin (< ?v1 3)
                  (bgp
                    (triple ?s :p1 ?v1))
                  (bgp
                    (triple ?s :p2 ?v2)))
                (bgp
                  (triple ?s :p3 ?v3))))
            """,
        ),
        (
            "SELECT * { ?s :p ?v BIND(2 * ?v AS ?w) ?s :q ?w MINUS { ?s :r ?x } }",
            """
            (minus
              (join
                (extend (?w (* 2 ?v))
                  (bgp
                    (triple ?s :p ?v)))
                (bgp
                  (triple ?s :q ?w)))
              (bgp
                (triple ?s :r ?x)))
            """,
        ),
        (
            "SELECT * { ?s :p/^:q ?o . ?o :r*|!(:a|^:b) ?z }",
            """
            (join
              (bgp
                (triple ?s :p ?.step1)
                (triple ?o :q ?.step1))
              (path ?o :r*|!(:a|^:b) ?z))
            """,
        ),
        (
            "SELECT DISTINCT ?s (SUM(?o) AS ?n) FROM :g { GRAPH ?g { ?s :p ?o } } GROUP BY ?s HAVING (SUM(?o) > 1) ORDER BY DESC(COUNT(*)) LIMIT 5 OFFSET 2 VALUES ?s { :a UNDEF }",
            """
            (dataset ((default :g))
              (slice 2 5
                (distinct
                  (project (?s ?n)
                    (order ((desc ?.1))
                      (extend (?n ?.0)
                        (join
                          (filter (> ?.0 1)
                            (group (?s) ((?.0 (sum ?o)) (?.1 (count *)))
                              (graph ?g
                                (bgp
                                  (triple ?s :p ?o)))))
                          (table (?s)
                            (row :a)
                            (row undef)))))))))
            """,
        ),
        (
            "ASK { ?s ?p ?o FILTER NOT EXISTS { ?s :p :x FILTER(?o IN (1, 'a')) } { SELECT ?s { ?s :q _:b } } }",
            """
            (ask
              (filter (notexists (filter (in ?o 1 "a") (bgp (triple ?s :p :x))))
                (join
                  (bgp
                    (triple ?s ?p ?o))
                  (project (?s)
                    (bgp
                      (triple ?s :q _:b))))))
            """,
        ),
        (
            "CONSTRUCT { ?s :q ?o } { SERVICE SILENT :e { ?s :p ?o } } LIMIT 1",
            """
            (construct
              (template
                (triple ?s :q ?o))
              (slice 0 1
                (service silent :e
                  (bgp
                    (triple ?s :p ?o)))))
            """,
        ),
        ("DESCRIBE :a ?x { ?x :p 1 }", "(describe :a ?x\n  (bgp\n    (triple ?x :p 1)))"),
    ],
)  # fmt: skip
def test_the_operators_of_a_query(text: str, expected: str) -> None:
    assert algebra_text(parse(P + text)) == textwrap.dedent(expected).strip()


def test_every_tree_has_operators() -> None:
    for seed in range(500):
        text = algebra_text(Trees(random.Random(seed)).query())
        assert text.startswith("(")
        assert text.endswith(")")
