"""What schemathesis must know beyond the document: queries that parse, and how answers in RDF and tables are read."""

from __future__ import annotations

import csv
import gzip
import io
import json

import schemathesis
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from schemathesis.openapi.checks import RejectedPositiveData

_TERMS = st.sampled_from(
    (
        "?s",
        "?p",
        "?o",
        "<https://w3id.org/zellige/id/lab>",
        "zel:party",
        "rdfs:label",
        "a",
        "_:b",
        "<http://é.example/>",
    )
)
_OBJECTS = st.one_of(
    _TERMS.filter(lambda term: term != "a"),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(('"مختبر"@ar', "'''it's'''", '"1"^^xsd:byte', "1.5e400", '"\\u00E9"', "true", '""')),
)
_TRIPLE = st.tuples(_TERMS.filter(lambda term: term != "a"), _TERMS.filter(lambda term: term[0] != "_"), _OBJECTS)
_PATTERN = st.recursive(
    _TRIPLE.map(" ".join),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"{{ {pair[0]} }} UNION {{ {pair[1]} }}"),
        inner.map(lambda one: f"OPTIONAL {{ {one} }}"),
        inner.map(lambda one: f"GRAPH ?g {{ {one} }}"),
        inner.map(lambda one: f"FILTER NOT EXISTS {{ {one} }}"),
        st.tuples(inner, st.sampled_from(("STRLEN(?o)", "?o + 1", "NOW()", "1/0", "COALESCE (?o, 2)"))).map(
            lambda pair: f"{{ {pair[0]} }} BIND({pair[1]} AS ?x)"
        ),
    ),
    max_leaves=4,
)
_HEAD = st.sampled_from(
    ("SELECT *", "SELECT DISTINCT ?s", "SELECT (COUNT(*) AS ?n)", "ASK", "CONSTRUCT { ?s ?p ?o }", "DESCRIBE ?s")
)
_PROLOGUE = (
    "PREFIX zel: <https://w3id.org/zellige/ont#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
QUERIES = st.builds(lambda head, pattern: f"{_PROLOGUE}{head} WHERE {{ {pattern} }}", _HEAD, _PATTERN)
"""Queries that the engine takes."""

schemathesis.openapi.format("sparql-query", QUERIES)
schemathesis.openapi.media_type("application/sparql-query", QUERIES.map(str.encode))

_NAME = st.sampled_from(("Joint lab", "مختبر", "Ministère", "x" * 500, "\u200f", "'\"\\", "1"))
_QUESTION = st.one_of(
    st.fixed_dictionaries(
        {"query": _NAME}, optional={"type": st.just("zel:Ministry"), "limit": st.integers(1, 60), "lang": st.just("ar")}
    ),
    _NAME.map(
        lambda name: {"properties": [{"pid": "zel:party", "v": [{"id": "id/lab", "name": name}, name, 1, True]}]}
    ),
)
_BATCH = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), _QUESTION, max_size=5)
_COLUMN = st.sampled_from(({"id": "zel:party"}, {"id": "rdfs:label", "settings": {"language": "ar"}}, {"id": "x"}))
_EXTENSION = st.fixed_dictionaries(
    {"ids": st.lists(st.sampled_from(("id/lab", "doc/seed", "none")), max_size=3), "properties": st.lists(_COLUMN)}
)
schemathesis.openapi.format("json-batch", _BATCH.map(json.dumps))
schemathesis.openapi.format("json-extension", _EXTENSION.map(json.dumps))

_OF_ROWS = {"/list", "/table/{name}"}
_PLAIN = {"class", "cite", "format", "lang", "page", "row"}
"""Parameters of rows that neither sort, filter nor count them."""


@schemathesis.hook
def filter_failure(_context: object, failure: Exception, case: schemathesis.Case, _response: object) -> bool:
    """No list of parameters can say that one of two must or may be there: refusing both, or neither, is right."""
    sent = case.query or {}
    # Whether a text names a column, or is a number or a date as the test of a filter asks, no schema tells either.
    of_rows = case.path in _OF_ROWS and bool(set(sent) - _PLAIN)
    if of_rows or not isinstance(failure, RejectedPositiveData):
        return not isinstance(failure, RejectedPositiveData)
    if {"queries", "extend"} <= set(sent):
        return False
    if "view" in sent and {"default-graph-uri", "named-graph-uri"} & {
        *sent,
        *(case.body if isinstance(case.body, dict) else ()),
    }:
        return False
    # Whether a text holds a word, is the tag of a language, a column of the answer or an IRI, no schema tells.
    if case.path in {"/search", "/term"} or "collation" in sent or (case.path == "/query" and "sort" in sent):
        return False
    if case.path == "/rdf-graph-store" and ("graph" in sent) is ("default" in sent):
        return False
    return not (case.method == "POST" and "format" in sent and isinstance(case.body, dict) and "format" in case.body)


@schemathesis.deserializer("application/gzip")
def read_gzip(_context: object, response: schemathesis.Response) -> int:
    """N-Quads, compressed."""
    return len(list(parse(gzip.decompress(response.content), format=RdfFormat.N_QUADS)))


@schemathesis.deserializer("text/html", "text/javascript", "text/plain", "text/css")
def read_text(_context: object, response: schemathesis.Response) -> str:
    """Text, strictly in UTF-8."""
    return response.content.decode("utf-8")


@schemathesis.deserializer("text/csv")
def read_csv(_context: object, response: schemathesis.Response) -> list[list[str]]:
    """Rows of equal length."""
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8"), newline=""), strict=True))
    if len({len(row) or 1 for row in rows}) != 1:
        raise ValueError("rows of several lengths")
    return rows


@schemathesis.deserializer("text/tab-separated-values")
def read_tsv(_context: object, response: schemathesis.Response) -> list[str]:
    """Solutions."""
    return [str(row) for row in parse_query_results(response.content, format=QueryResultsFormat.TSV)]


@schemathesis.deserializer("application/xml", "text/xml", "application/sparql-results+xml")
def read_xml(context: object, response: schemathesis.Response) -> list[str] | str:
    """Solutions or a truth value, or a graph in RDF/XML: the types of both may be plain XML; or of their own kinds, as they stand."""
    if any(name in response.content[:400] for name in (b"<OpenSearchDescription", b"<urlset", b"<sitemapindex")):
        return response.text
    if b"http://www.w3.org/2005/sparql-results#" not in response.content[:300]:
        return read_rdf(context, response)
    found = parse_query_results(response.content, format=QueryResultsFormat.XML)
    return [str(found)] if isinstance(found, bool) or not hasattr(found, "__iter__") else [str(row) for row in found]


_RDF = ("text/turtle", "application/x-turtle", "application/n-triples", "application/rdf+xml")


@schemathesis.deserializer(*_RDF)
def read_rdf(_context: object, response: schemathesis.Response) -> list[str]:
    """Triples."""
    stated = response.headers["content-type"][0].partition(";")[0]
    named = {"application/x-turtle": "text/turtle", "application/xml": "application/rdf+xml"}
    found = RdfFormat.from_media_type(named.get(stated, "application/rdf+xml" if stated == "text/xml" else stated))
    assert found is not None, stated
    return [str(quad) for quad in parse(response.content, format=found)]
