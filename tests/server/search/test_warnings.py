"""What a search within a query leaves out is told with the answer, and EXPLAIN tells how it was answered."""

from __future__ import annotations

PROLOGUE = "PREFIX text: <http://jena.apache.org/text#> "


def test_a_property_without_texts_is_a_warning_in_the_answer_and_in_its_head(client):
    query = PROLOGUE + "SELECT ?s { ?s text:query (<urn:lable> 'lab') }"
    answer = client.get("/sparql", query_string={"query": query})
    assert answer.json["results"]["bindings"] == []
    assert [warning["code"] for warning in answer.json["warnings"]] == ["text-property"]
    assert answer.headers["Query-Warnings"].startswith("text-property;")


def test_a_plain_search_has_no_warning(client):
    answer = client.get("/sparql", query_string={"query": PROLOGUE + "SELECT ?s { ?s text:query 'lab' }"})
    assert "warnings" not in answer.json
    assert "Query-Warnings" not in answer.headers


def test_explain_names_the_search_and_shows_what_it_became(client):
    query = PROLOGUE + "SELECT ?s { ?s text:query 'laboratoires' }"
    answer = client.get("/sparql", query_string={"query": query, "explain": "true"})
    told = answer.json["explain"]
    assert "text-search" in str(told)
    assert "https://w3id.org/zellige/id/lab" in str(told)


def test_the_graph_of_a_search_is_that_of_its_text(client):
    query = PROLOGUE + "SELECT ?g ?s { GRAPH ?g { (?s ?score) text:query 'laboratoires' } }"
    [row] = client.get("/sparql", query_string={"query": query}).json["results"]["bindings"]
    assert row["g"]["value"] == "https://w3id.org/zellige/graph/entities"
    assert row["s"]["value"] == "https://w3id.org/zellige/id/lab"


def test_a_person_sees_the_answer_of_a_search_on_the_page_of_the_query(client):
    query = PROLOGUE + "SELECT ?s { ?s text:query 'laboratoires' }"
    page = client.get("/query", query_string={"query": query, "lang": "fr"}).text
    assert "Laboratoire commun" in page
