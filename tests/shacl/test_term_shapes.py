"""The shapes that follow from terms.csv: each term's domain, range, datatype and scheme are held, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SH, Literal, URIRef

from kg.ontology.own import layer_quads
from kg.ontology.shapes import term_shapes
from kg.shacl import Columns, ShapesGraph, read_shapes, shapes_graph, validate
from kg.shacl.judge.memory import memory_graph
from kg.terms import LANGUAGES, PREFIXES, SCHEME, SHAPE, compress, expand
from kg.vocabulary import DATATYPES, Term, Vocabulary, read_vocabulary
from kg.vocabulary.model import THING

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = read_vocabulary(ROOT / "ontology")
TERMS = tuple(VOCABULARY.properties.values())


def parsed(text: str) -> ShapesGraph:
    return shapes_graph(ox.parse(text, format=ox.RdfFormat.TURTLE))


SHAPES = parsed(term_shapes(VOCABULARY, [layer.name for layer in VOCABULARY.layers]))
GRAPH = memory_graph(SHAPES.quads)
XSD = PREFIXES["xsd"]
EDTF = expand("edtf:EDTF")


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


RIGHT = {
    EDTF: [typed("2024-02-29~/2025", EDTF)],
    expand("rdf:langString"): [ox.Literal("كلمة", language="ar"), ox.Literal("word", language="en-GB")],
    XSD + "anyURI": [typed("https://example.org/", XSD + "anyURI")],
    XSD + "boolean": [typed("true", XSD + "boolean")],
    XSD + "date": [typed("2024-02-29", XSD + "date")],
    XSD + "decimal": [
        typed("10800000000", XSD + "decimal"),
        typed("12", XSD + "integer"),
        typed("0", XSD + "nonNegativeInteger"),
    ],
    XSD + "dateTime": [typed("2025-07-01T09:30:00Z", XSD + "dateTime")],
    XSD + "double": [typed("1.5E0", XSD + "double")],
    XSD + "gYear": [typed("2030", XSD + "gYear")],
    XSD + "gYearMonth": [typed("2030-05", XSD + "gYearMonth")],
    XSD + "integer": [typed("-3", XSD + "integer"), typed("3", XSD + "positiveInteger")],
    XSD + "nonNegativeInteger": [typed("0", XSD + "integer"), typed("3", XSD + "nonNegativeInteger")],
    XSD + "positiveInteger": [typed("1", XSD + "integer"), typed("3", XSD + "positiveInteger")],
    XSD + "string": [ox.Literal("MTNRA")],
}
WRONG = {
    EDTF: [typed("2025-02-30", EDTF), typed("2023-02-29/2024", EDTF), typed("2025-04-31~", EDTF), ox.Literal("2025")],
    expand("rdf:langString"): [ox.Literal("word"), typed("2025", XSD + "gYear")],
    XSD + "anyURI": [ox.Literal("https://example.org/")],
    XSD + "boolean": [typed("yes", XSD + "boolean"), ox.Literal("true")],
    XSD + "date": [typed("2025-02-30", XSD + "date"), typed("2025-01-01T00:00:00", XSD + "dateTime")],
    XSD + "decimal": [typed("12,5", XSD + "decimal"), typed("12", XSD + "double"), ox.Literal("12.5")],
    XSD + "dateTime": [typed("2025-07-01", XSD + "date"), typed("2025-07-01T25:00:00Z", XSD + "dateTime")],
    XSD + "double": [typed("1.5", XSD + "decimal"), ox.Literal("1.5")],
    XSD + "gYearMonth": [typed("2030-13", XSD + "gYearMonth"), typed("2030", XSD + "gYear")],
    XSD + "integer": [typed("1.0", XSD + "decimal"), ox.Literal("3")],
    XSD + "gYear": [typed("soon", XSD + "gYear"), typed("2030-05", XSD + "gYearMonth"), ox.Literal("2030")],
    XSD + "nonNegativeInteger": [typed("-1", XSD + "integer"), typed("1.0", XSD + "decimal")],
    XSD + "positiveInteger": [typed("0", XSD + "integer"), typed("-3", XSD + "integer"), ox.Literal("3")],
    XSD + "string": [ox.Literal("MTNRA", language="fr"), typed("5", XSD + "integer")],
}


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{name}")


def is_a(thing: ox.NamedNode, iri: str) -> ox.Triple:
    return ox.Triple(thing, ox.NamedNode(str(RDF.type)), ox.NamedNode(iri))


def below(iri: str) -> str:
    """A class under another, as far below as there is one: what it is must be known from the ontology."""
    children = [term.iri for term in VOCABULARY.classes.values() if term.parent == iri]
    return below(children[0]) if children else iri


def unlike(iri: str) -> str:
    """A class that is neither another one nor below it."""
    return next(t.iri for t in VOCABULARY.classes.values() if iri not in VOCABULARY.superclasses(t.iri))


def things(term: Term) -> tuple[list[ox.Triple], list[ox.NamedNode]]:
    """Right values of an object property, and what must be known of them."""
    if term.scheme is not None:
        concepts = [ox.NamedNode(iri) for iri in VOCABULARY.concepts[term.scheme].values()]
        own = ox.NamedNode(f"{SCHEME}{term.scheme}/own")
        # Some schemes have the concepts of a project alone.
        typed_own = [is_a(own, term.range)] if term.range is not None else []
        return ([], concepts[:1]) if concepts else (typed_own, [own])
    value = node(f"{term.name}-value")
    return [is_a(value, below(term.range))] if term.range is not None else [], [value]


def results(*triples: ox.Triple, shapes: ShapesGraph = SHAPES) -> Counter[tuple[str, str, str]]:
    ontology = [quad.triple for quad in layer_quads(VOCABULARY)]
    report = validate(Columns.from_quads([*triples, *ontology]), shapes)
    return Counter(
        (
            r.focus.removeprefix("https://example.org/"),
            (r.shape or "").removeprefix(SHAPE),
            r.component.removeprefix(str(SH)).removesuffix("ConstraintComponent"),
        )
        for r in report.results
    )


def test_what_the_terms_say_conforms() -> None:
    triples = []
    for term in TERMS:
        subject = node(term.name)
        known, values = things(term) if term.kind == "object" else ([], RIGHT[term.range or XSD + "string"])
        triples += [*known, *(ox.Triple(subject, ox.NamedNode(term.iri), value) for value in values)]
        triples += [is_a(subject, below(term.domain))] if term.domain is not None else []
    assert results(*triples) == Counter()


def test_a_subject_that_is_no_member_of_the_domain_is_a_violation_of_its_term() -> None:
    triples, expected = [], Counter[tuple[str, str, str]]()
    for term in TERMS:
        known, values = things(term) if term.kind == "object" else ([], RIGHT[term.range or XSD + "string"])
        for kind in ("untyped", "other") if term.domain is not None else ():
            subject = node(f"{term.name}-{kind}")
            triples += [*known, ox.Triple(subject, ox.NamedNode(term.iri), values[0])]
            triples += [is_a(subject, unlike(term.domain or THING))] if kind == "other" else []
            expected[f"{term.name}-{kind}", f"term-{term.name}", "Class"] += 1
    assert expected
    assert results(*triples) == expected


def test_a_thing_that_is_no_member_of_the_range_is_a_violation_of_its_term() -> None:
    triples, expected = [], Counter[tuple[str, str, str]]()
    for term in TERMS:
        if term.kind != "object":
            continue
        shape, predicate = f"term-{term.name}-value", ox.NamedNode(term.iri)
        text, thing = node(f"{term.name}-text"), node(f"{term.name}-thing")
        triples.append(ox.Triple(text, predicate, ox.Literal("Rabat")))
        triples += [is_a(s, below(term.domain)) for s in (text, thing) if term.domain is not None]
        if term.range is None and term.scheme is None:
            expected[f"{term.name}-text", shape, "NodeKind"] += 1
            continue
        expected[f"{term.name}-text", shape, "Class"] += term.range is not None
        expected[f"{term.name}-text", shape, "Pattern"] += term.scheme is not None
        if term.scheme is not None:
            other = next(s for s in VOCABULARY.concepts if s != term.scheme and "/" not in s)
            concept = next(iter(VOCABULARY.concepts[other].values()))
            triples += [
                ox.Triple(thing, predicate, ox.NamedNode(concept)),
                is_a(ox.NamedNode(concept), term.range or ""),
            ]
            expected[f"{term.name}-thing", shape, "Pattern"] += 1
        else:
            value = node(f"{term.name}-unlike")
            triples += [ox.Triple(thing, predicate, value), is_a(value, unlike(term.range or THING))]
            expected[f"{term.name}-thing", shape, "Class"] += 1
    assert results(*triples) == expected


@pytest.mark.parametrize("datatype", sorted(WRONG), ids=compress)
def test_a_value_of_another_datatype_is_a_violation_of_its_term(datatype: str) -> None:
    term = replace(VOCABULARY.properties["fileName"], range=datatype)
    shapes = parsed(term_shapes(Vocabulary(VOCABULARY.classes, {term.name: term}, {}), [term.layer]))
    for value in RIGHT[datatype]:
        assert not results(ox.Triple(node("one"), ox.NamedNode(term.iri), value), shapes=shapes)
    for value in WRONG[datatype]:
        found = results(ox.Triple(node("one"), ox.NamedNode(term.iri), value), shapes=shapes)
        assert {shape for _, shape, _ in found} == {"term-fileName-value"}, value


def test_every_datatype_that_a_term_may_have_is_held() -> None:
    assert set(RIGHT) == set(WRONG) == set(DATATYPES)


def test_the_shapes_speak_three_languages_and_name_the_term_as_it_is_written() -> None:
    for term in TERMS:
        value = URIRef(f"{SHAPE}term-{term.name}-value")
        shape = URIRef(f"{SHAPE}term-{term.name}")
        assert sorted(label.language for label in GRAPH.objects(shape, RDFS.label)) == sorted(LANGUAGES)
        for of, is_needed in ((value, True), (shape, term.domain is not None)):
            messages = [text for text in GRAPH.objects(of, SH.message) if isinstance(text, Literal)]
            assert sorted(text.language or "" for text in messages) == (sorted(LANGUAGES) if is_needed else [])
            assert all(f"'{term.name}'" in text for text in messages)


def test_the_committed_file_is_what_the_gate_holds() -> None:
    committed = memory_graph(read_shapes(*(layer.shapes / "terms.ttl" for layer in VOCABULARY.layers)).quads)
    assert len(committed) == len(GRAPH)
    assert set(committed.subjects(SH.path)) == set(GRAPH.subjects(SH.path))
