"""Compacted JSON-LD says what it was made of, to two parsers, whatever the triples are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import Dataset

from kg.paths import data_dir
from kg.terms import PREFIXES, ZEL, expand
from server.http.jsonld import Context, write

CONTENT = (data_dir("ontology") / "core" / "context.jsonld").read_bytes()
CONTEXT = Context.read(CONTENT)
ADDRESS = "http://localhost/context/x.jsonld"
S, P = NamedNode("http://e.org/s"), NamedNode("http://e.org/p")


def inlined(body: bytes) -> bytes:
    document = json.loads(body)
    if isinstance(document, dict):
        assert document["@context"] == ADDRESS
        document["@context"] = json.loads(CONTENT)["@context"]
    return json.dumps(document).encode()


def term(node: object) -> tuple[str, ...]:
    match node:
        case NamedNode():
            return ("iri", node.value)
        case BlankNode():
            return ("blank",)
        case Literal():
            return ("literal", node.value, node.datatype.value, (node.language or "").lower())
    raise TypeError(node)


def said(triples: Any) -> set[tuple[tuple[str, ...], ...]]:
    return {(term(t.subject), term(t.predicate), term(t.object)) for t in triples}


def by_rdflib(content: bytes) -> set[tuple[tuple[str, ...], ...]]:
    lines = Dataset().parse(data=content, format="json-ld").serialize(format="nquads")
    return said(quad.triple for quad in parse(lines.encode(), RdfFormat.N_QUADS))


NAMES = [*(CONTEXT.names if CONTEXT else ()), *map(expand, ("dct:title", "rdf:type", "rdf:first", "rdf:value"))]
IRIS = st.one_of(
    st.sampled_from(NAMES),
    st.builds("{}{}".format, st.sampled_from([*PREFIXES.values(), "http://e.org/", "urn:x:"]), st.text("aZ9_-./~:#?é%20", max_size=8)),
    st.sampled_from(("urn:a", "mailto:a@b.c", "http://e.org/a//b", "zel:x", "schema:Person", "wd://x", "tag:a", "Agent:x", "http://")),
).filter(lambda iri: " " not in iri and not iri.endswith(("%", "%2", "%0")) and "%2a" not in iri)  # fmt: skip


def node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


NODES = IRIS.map(node).filter(lambda found: found is not None)
TYPES = st.sampled_from([*map(expand, ("xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:string", "xsd:gYear", "edtf:EDTF",
                                       "rdf:JSON", "rdf:HTML", "xsd:positiveInteger")), "http://e.org/type"])  # fmt: skip
TEXTS = st.one_of(st.sampled_from(("1", "01", "1.0", "true", "null", "{}", "@id", "_:b", "")), st.text(max_size=12))
LITERALS = st.one_of(
    st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), TEXTS, TYPES),
    st.builds(
        lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(("en", "ar", "fr-MA", "zel", "none"))
    ),
)
BLANKS = st.sampled_from((BlankNode("a"), BlankNode("b1")))
TRIPLES = st.lists(st.builds(Triple, st.one_of(NODES, BLANKS), NODES, st.one_of(NODES, LITERALS, BLANKS)), max_size=12)


@settings(deadline=None, max_examples=400)
@given(TRIPLES)
@example(
    [
        Triple(S, NamedNode(f"{ZEL}gloss"), Literal("x", language="en")),
        Triple(S, NamedNode(f"{ZEL}gloss"), Literal("x")),
    ]
)
@example([Triple(S, NamedNode(f"{ZEL}modality"), Literal("x")), Triple(S, NamedNode(f"{ZEL}modality"), S)])
@example([Triple(S, NamedNode(f"{ZEL}checkable"), Literal("yes")), Triple(S, NamedNode(f"{ZEL}checkable"), S)])
@example(
    [Triple(S, NamedNode(expand("rdf:type")), Literal("x")), Triple(S, NamedNode(expand("rdf:type")), BlankNode("a"))]
)
@example([Triple(S, P, NamedNode("schema:Person"))])
@example([Triple(NamedNode("wd:Q1"), P, S)])
@example([Triple(S, P, Literal("x", language="ar", direction=BaseDirection.RTL))])
def test_what_comes_back_is_what_was_given(triples: list[Triple]) -> None:
    body = inlined(write(triples, CONTEXT, ADDRESS))
    assert said(parse(body, RdfFormat.JSON_LD)) == said(triples)


# rdflib itself uses what it calls deprecated while it parses JSON-LD.
@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")
@settings(deadline=None, max_examples=150)
@given(TRIPLES.filter(lambda found: all("://" in t.predicate.value for t in found)))
def test_another_parser_reads_the_same(triples: list[Triple]) -> None:
    lines = b"".join(f"{t} .\n".encode() for t in triples)
    assert by_rdflib(inlined(write(triples, CONTEXT, ADDRESS))) == by_rdflib_lines(lines)


def by_rdflib_lines(lines: bytes) -> set[tuple[tuple[str, ...], ...]]:
    again = Dataset().parse(data=lines, format="nquads").serialize(format="nquads")
    return said(quad.triple for quad in parse(again.encode(), RdfFormat.N_QUADS))


def test_names_stand_for_what_the_vocabulary_calls_so() -> None:
    claim = NamedNode("http://e.org/claim/1")
    triples = [
        Triple(claim, NamedNode(expand("rdf:type")), NamedNode(f"{ZEL}Claim")),
        Triple(claim, NamedNode(f"{ZEL}statedIn"), NamedNode("http://e.org/doc/a")),
        Triple(claim, NamedNode(f"{ZEL}gloss"), Literal("It opens.", language="en")),
        Triple(claim, NamedNode(f"{ZEL}gloss"), Literal("Il ouvre.", language="fr")),
        Triple(claim, NamedNode(f"{ZEL}checkable"), Literal(value=True)),
        Triple(claim, NamedNode(expand("dct:title")), Literal("One")),
        Triple(S, NamedNode(f"{ZEL}numericValue"), Literal("4.5", datatype=NamedNode(expand("xsd:decimal")))),
        Triple(S, NamedNode(expand("owl:sameAs")), NamedNode(expand("wd:Q1028"))),
    ]
    assert json.loads(write(triples, CONTEXT, ADDRESS, claim.value)) == {
        "@context": ADDRESS,
        "@graph": [
            {
                "@id": "http://e.org/claim/1", "@type": "Claim", "statedIn": "http://e.org/doc/a",
                "gloss": {"en": "It opens.", "fr": "Il ouvre."}, "checkable": "true", "dct:title": "One",
            },
            {"@id": "http://e.org/s", "numericValue": "4.5", "owl:sameAs": {"@id": "wd:Q1028"}},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    "entries",
    [
        {"@vocab": "http://e.org/"}, {"@base": "http://e.org/"}, {"@language": "ar"}, {"@import": "http://e.org/"},
        {"a": {"@id": "http://e.org/a", "@type": "@vocab"}}, {"a": {"@id": "http://e.org/a", "@container": "@list"}},
        {"a": {"@reverse": "http://e.org/a"}}, {"a": None}, {"a": "b"}, {"a:b": "http://e.org/a"}, {"id": "@id"},
        {"a": {"@id": "http://e.org/a", "@protected": True}},
    ],
)  # fmt: skip
def test_a_context_that_says_more_than_is_understood_is_not_used(entries: dict[str, Any]) -> None:
    assert Context.read(json.dumps({"@context": entries}).encode()) is None
    body = write([Triple(S, P, S)], None, ADDRESS)
    assert said(parse(body, RdfFormat.JSON_LD)) == said([Triple(S, P, S)])


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"@context": "http://e.org/"}', b"\xff", b'{"@context": {"@version": 2}}']
)
def test_what_is_no_context(content: bytes) -> None:
    assert Context.read(content) is None


def test_the_context_is_the_ontology_s(root: Path) -> None:
    assert CONTEXT is not None
    assert (root / "ontology" / "core" / "context.jsonld").read_bytes() == CONTENT
    assert CONTEXT.names[f"{ZEL}gloss"].by_language
