"""The writer of N-Quads writes what the parser of JSON-LD makes of the same document, or leaves it to the parser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.records.jsonld import lines_of, quads_of, writer_of
from kg.records.nquads import OutOfReach, Terms

ROOT = Path(__file__).resolve().parent.parent.parent
CONTEXT: Mapping[str, Any] = json.loads((ROOT / "ontology" / "core" / "context.jsonld").read_bytes())["@context"]
OTHER: Mapping[str, Any] = {
    "ex": "http://example.org/ns#", "flat": "http://example.org/flat", "Kind": "ex:Kind",
    "says": {"@id": "ex:says", "@container": "@language"}, "refers": {"@id": "ex:refers", "@type": "@id"},
    "size": {"@id": "ex:size", "@type": "ex:Size"}, "long": {"@id": "http://example.org/ns#"},
}  # fmt: skip
MOSTLY = 60
"""How many usual things there are for each unusual one."""


def mostly(usual: tuple[str, ...], unusual: tuple[str, ...]) -> st.SearchStrategy[str]:
    """One of the usual things, and now and then another."""
    return st.integers(0, MOSTLY).flatmap(lambda n: st.sampled_from(usual if n else unusual))


IRIS = mostly(
    (
        "http://example.org/a", "https://example.org/claim/N1#evidence-1", "https://example.org/x?y=1&z=%D8%B3#f", "ex:a",
        "ex:", "rdfs:label", "http://example.org:8000/", "http://example.org/../a?b?c", "http://example.org/it's(a)",
    ),
    (
        "flat:a", "long:a", "Kind:a", "zel:Claim", "other:a", "urn:x:y", "_:b", "a", "", "http://example.org/a b",
        "http://example.org/%zz", "http://example.org/a#b#c", "http://e:8a/", "http://[::1]/", "http://e/[x]",
        "https://مثال.example/سد", "HTTP://example.org/", "ex://a", "//a", "http://user@example.org/", "http:///x",
        "https://example.org", "@id", "ex:a|b", "Kind", "http://example.org?x", "http://example.org#x", "http://-/",
        "http://./", "http://e.:0/", "http://e:/", "http://e/\n", "http://e/<x>",
    ),
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LANGUAGES = mostly(
    ("ar", "fr", "en", "fr-ma", "und"), ("FR", "en-a", "zh-hant", "abc-de-fg", "@none", "", "x-y", "fr\n")
)
DATATYPES = mostly(
    ("http://www.w3.org/2001/XMLSchema#decimal", "ex:t", "http://id.loc.gov/datatypes/edtf/EDTF", "size"),
    ("xsd:string", "http://www.w3.org/2001/XMLSchema#string", "rdf:langString", "rdf:JSON", "@json", "t", "nothing here"),
)  # fmt: skip
ODD = st.integers(-(10**22), 10**22) | st.none() | st.sampled_from((1.5, 2.0)) | TEXTS
SCALARS = st.integers(0, MOSTLY).flatmap(lambda n: TEXTS | st.integers(-9, 9) | st.booleans() if n else ODD)
USUAL = st.one_of(
    st.builds(lambda value: {"@value": value}, SCALARS),
    st.builds(lambda value, language: {"@value": value, "@language": language}, TEXTS, LANGUAGES),
    st.builds(lambda value, datatype: {"@value": value, "@type": datatype}, TEXTS, DATATYPES),
    st.builds(lambda iri: {"@id": iri}, IRIS),
)
UNUSUAL = st.one_of(
    st.builds(lambda value, datatype: {"@value": value, "@type": datatype}, SCALARS, DATATYPES),
    st.dictionaries(LANGUAGES, TEXTS | st.lists(TEXTS, max_size=2) | st.none(), max_size=2),
    TEXTS,
)
VALUES = st.integers(0, MOSTLY).flatmap(lambda n: USUAL if n else UNUSUAL)
BY_LANGUAGE = st.dictionaries(LANGUAGES, TEXTS | st.lists(TEXTS, max_size=2), max_size=2)
KEYS = mostly(
    ("refers", "size", "long", "rdfs:label", "ex:p", "modality", "flat", "http://example.org/p"),
    ("says", "nothing", "@type", "@index", "flat:p", "zel:", "@graph"),
)


def nodes(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda iri, entries, texts: {"@id": iri, **entries, "says": texts},
        IRIS,
        st.dictionaries(KEYS, values | st.lists(values, max_size=2), max_size=3),
        BY_LANGUAGE,
    )


NODES = nodes(VALUES | nodes(VALUES))
GRAPHS = st.builds(lambda iri, found: {"@id": iri, "@graph": found}, IRIS, st.lists(NODES, max_size=3))


def parsed(document: Mapping[str, Any]) -> set[str]:
    return {f"{quad} ." for quad in quads_of(document)}


@settings(deadline=None, max_examples=250)
@given(st.booleans(), st.lists(GRAPHS, min_size=1, max_size=2))
def test_what_is_written_is_what_the_parser_makes(is_ours: bool, graphs: list[Any]) -> None:
    context = {**CONTEXT, **OTHER} if is_ours else OTHER
    writer = writer_of(context)
    assert writer is not None
    try:
        written = writer.lines(graphs)
    except OutOfReach:
        return
    assert set(written.decode().split("\n")) - {""} == parsed({"@context": context, "@graph": graphs})


@settings(deadline=None, max_examples=300)
@given(IRIS, TEXTS, st.sampled_from(("ar", "fr", "fr-ma")))
def test_one_triple_of_each_form_is_what_the_parser_makes(iri: str, text: str, language: str) -> None:
    node = {"@id": iri, "ex:refers": [{"@id": iri}], "says": {language: [text]}, "ex:p": {"@value": text}}
    document = {"@context": OTHER, "@graph": [{"@id": "http://example.org/g", "@graph": [node]}]}
    writer = writer_of(OTHER)
    assert writer is not None
    try:
        written = writer.lines(document["@graph"])  # type: ignore[arg-type]
    except OutOfReach:
        return
    assert set(written.decode().removesuffix("\n").split("\n")) == parsed(document)


def test_the_context_of_the_ontology_is_within_reach() -> None:
    terms = Terms.of(CONTEXT)
    assert {"name", "gloss"} <= terms.by_language
    assert (terms.expand("oa:exact"), terms.iris["Quantity"]) == (
        "http://www.w3.org/ns/oa#exact",
        "https://w3id.org/zellige/ont#Quantity",
    )


@pytest.mark.parametrize(
    "term",
    [
        {"@base": "http://e/"}, {"@vocab": "http://e/"}, {"@language": "fr"}, {"@import": "x"}, {"t": None}, {"t": "a"},
        {"t": {"@id": "http://e/t", "@container": "@list"}}, {"t": {"@reverse": "http://e/t"}}, {"http": "http://e/"},
        {"t": {"@id": "http://e/t", "@context": {}}}, {"t": {"@id": "http://e/t", "@type": "@json"}}, {"t": "_:b"},
        {"a:b": "http://e/t"}, {"t": {"@type": "@id"}}, {"t": {"@id": "http://e/t", "@prefix": True}}, {"t": "@type"},
        {"t": {"@id": "http://e/t", "@container": ["@language"]}}, {"t": {"@id": "http://e/t", "@language": "fr"}},
    ],
    ids=str,
)  # fmt: skip
def test_a_context_that_says_more_is_left_to_the_parser(term: dict[str, Any]) -> None:
    assert writer_of({**OTHER, **term}) is None


def test_a_document_out_of_reach_is_written_by_the_parser() -> None:
    node = {"@id": "urn:x:y", "says": {"zh-hant": '\u0001 \\ "'}, "size": "7", "refers": "https://مثال.example/سد"}
    document = {"@context": OTHER, "@graph": [{"@id": "http://example.org/g", "@graph": [node]}]}
    writer = writer_of(OTHER)
    assert writer is not None
    with pytest.raises(OutOfReach):
        writer.lines(document["@graph"])  # type: ignore[arg-type]
    assert set(lines_of(document, writer).decode().splitlines()) == {
        '<urn:x:y> <http://example.org/ns#says> "\\u0001 \\\\ \\""@zh-hant <http://example.org/g> .',
        '<urn:x:y> <http://example.org/ns#size> "7"^^<http://example.org/ns#Size> <http://example.org/g> .',
        "<urn:x:y> <http://example.org/ns#refers> <https://مثال.example/سد> <http://example.org/g> .",
    }


def test_every_character_is_written_as_the_engine_writes_it() -> None:
    text = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    writer = writer_of(OTHER)
    assert writer is not None
    written = writer.lines([{"@id": "http://e/g", "@graph": [{"@id": "http://e/s", "ex:p": {"@value": text}}]}])
    nodes = map(ox.NamedNode, ("http://e/s", "http://example.org/ns#p", "http://e/g"))
    subject, predicate, graph = nodes
    assert written.decode() == f"{ox.Quad(subject, predicate, ox.Literal(text), graph)} .\n"
