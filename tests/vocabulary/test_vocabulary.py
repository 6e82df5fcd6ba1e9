"""terms.csv and schemes.ttl: what they must say of each thing, and how their faults are reported."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from vocabulary.ontology_folder import FOLDER, LAYERS, copy_sources, holding, set_cell

from kg.errors import VocabularyError
from kg.terms import LANGUAGES, SCHEME, compress, expand
from kg.vocabulary import DATATYPES, Term, read_vocabulary

VOCABULARY = read_vocabulary(FOLDER)
SCHEMES = rdflib.Graph()
for name in LAYERS:
    SCHEMES.parse(FOLDER / name / "schemes.ttl", format="turtle")
CONCEPTS = {iri for members in VOCABULARY.concepts.values() for iri in members.values()}

each_term = pytest.mark.parametrize("term", VOCABULARY.terms, ids=lambda term: term.name)
each_concept = pytest.mark.parametrize("iri", sorted(CONCEPTS | {SCHEME + name for name in VOCABULARY.concepts}))


# Hygiene of the terms


@each_term
def test_a_term_speaks_three_languages(term: Term) -> None:
    for texts in (term.labels, term.definitions):
        assert set(texts) == set(LANGUAGES)
        assert len({*texts.values()}) >= 2, "a translation repeats the other languages"
    for text in (term.labels["ar"], term.definitions["ar"]):
        assert re.search(r"[\u0621-\u064a]", text)


@each_term
def test_a_definition_is_one_sentence_and_more_than_its_label(term: Term) -> None:
    for language, definition in term.definitions.items():
        assert definition.count(". ") == 0
        assert definition.endswith(".")
        assert len(definition) > len(term.labels[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_things_never_share_a_label(language: str) -> None:
    labels = Counter(term.labels[language].casefold() for term in VOCABULARY.terms)
    assert [label for label, count in labels.items() if count > 1] == []


@each_term
def test_following_the_parents_ends_at_the_top(term: Term) -> None:
    parents = {t.iri: t.parent for t in VOCABULARY.terms}
    above, steps = term.iri, 0
    while above in parents:
        above, steps = parents[above], steps + 1
        assert steps <= len(parents)
    if term.kind == "class":
        assert above == expand("owl:Thing")


def test_a_concept_property_names_its_scheme_and_an_actor_range_the_actors() -> None:
    for term in VOCABULARY.properties.values():
        if term.scheme:
            assert term.range is not None
            assert expand("skos:Concept") in VOCABULARY.superclasses(term.range)
            assert term.scheme in VOCABULARY.concepts


def test_every_class_and_property_of_the_design_is_there(shared: Path) -> None:
    text = (shared / "design" / "ontology.md").read_text(encoding="utf-8")
    tables = text[text.index("## Classes") : text.index("## How the encodings")]
    names = set(re.findall(r"^\| ([A-Za-z]+) \|", tables, re.MULTILINE)) - {"class", "property"}
    assert len(names) == 35 + 59
    assert names <= {term.name for term in VOCABULARY.terms}


def test_superclasses_reach_the_agent() -> None:
    chain = VOCABULARY.superclasses(VOCABULARY.classes["Ministry"].iri)
    assert [compress(iri) for iri in chain] == [
        "zel:Ministry", "zel:PublicBody", "org:FormalOrganization", "org:Organization", "foaf:Agent",
    ]  # fmt: skip
    assert VOCABULARY.superclasses("http://example.org/Other") == ("http://example.org/Other",)


# Hygiene of the schemes


@each_concept
def test_a_concept_speaks_three_languages(iri: str) -> None:
    for predicate in (rdflib.SKOS.prefLabel, rdflib.SKOS.definition):
        texts = list(SCHEMES.objects(rdflib.URIRef(iri), predicate))
        assert sorted(text.language for text in texts) == sorted(LANGUAGES)


@each_concept
def test_a_concept_is_in_the_scheme_of_its_iri(iri: str) -> None:
    node = rdflib.URIRef(iri)
    if iri in CONCEPTS:
        scheme = rdflib.URIRef(iri.rpartition("/")[0])
        assert list(SCHEMES.objects(node, rdflib.SKOS.inScheme)) == [scheme]
        assert bool(SCHEMES.value(node, rdflib.SKOS.broader)) != ((node, rdflib.SKOS.topConceptOf, scheme) in SCHEMES)
    else:
        assert (node, rdflib.RDF.type, rdflib.SKOS.ConceptScheme) in SCHEMES


@pytest.mark.parametrize("scheme", VOCABULARY.concepts)
def test_concepts_of_a_scheme_never_share_a_label(scheme: str) -> None:
    labels = [
        (text.language, text.casefold())
        for iri in VOCABULARY.concepts[scheme].values()
        for text in SCHEMES.objects(rdflib.URIRef(iri), rdflib.SKOS.prefLabel)
    ]
    assert len(labels) == len(set(labels))


def test_the_schemes_hold_no_blank_node_and_are_all_used() -> None:
    assert not [node for triple in SCHEMES for node in triple if isinstance(node, rdflib.BNode)]
    assert {term.scheme for term in VOCABULARY.properties.values()} - {None} == set(VOCABULARY.concepts)


@pytest.mark.parametrize(("scheme", "class_name"), [("actor", "ActorCategory"), ("sector", "PrioritySector")])
def test_actors_and_sectors_are_instances_of_their_class(scheme: str, class_name: str) -> None:
    kind = rdflib.URIRef(VOCABULARY.classes[class_name].iri)
    for iri in VOCABULARY.concepts[scheme].values():
        assert (rdflib.URIRef(iri), rdflib.RDF.type, kind) in SCHEMES


def test_every_literal_range_is_allowed() -> None:
    assert {term.range for term in VOCABULARY.properties.values() if term.kind == "data"} <= set(DATATYPES)


# Faults


def _line(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if line.startswith(text))


TERM_FAULTS = [
    ("Ministry,class,", "Ministry,klass,", "unknown kind 'klass'"),
    ("Ministry,class,", "ministry,class,", "cannot name a class"),
    ("Ministry,class,,zel:PublicBody", "Ministry,class,,zel:PublicBdy", "did you mean 'zel:PublicBody'"),
    ("Ministry,class,,zel:PublicBody", "Ministry,class,,", "exactly one parent"),
    ("Ministry,class,,zel:PublicBody", "Ministry,class,,zel:Ministry", "above itself"),
    ("Ministry,class,,zel:PublicBody,", "Ministry,class,,zel:PublicBody,zel:Company", "has no domain"),
    (
        "Ministry,class,,zel:PublicBody",
        "Ministry,class,,zel:PublicBody,",
        "21 cells instead of 20: no column is left for",
    ),
    ("Ministry,class,", "Ministry,class,nowhere:M", "is no prefixed name"),
    ("Company,class,", "Ministry,class,", "is defined 2 times"),
    ("unit,object,,qudt:hasUnit", "unit,object,,zel:quantty", "did you mean 'zel:quantity'"),
    ("unit,object,,qudt:hasUnit,zel:Quantity", "unit,object,,qudt:hasUnit,zel:unit", "is no class of this file"),
    ("deadline,data,,zel:date", "deadline,data,,zel:place", "is no data property"),
    ("partnerOf,object,,org:linkedTo,org:Org", "partnerOf,object,,org:linkedTo,schema:Place,org:Org", "cells"),
    ("contradicts,object,,owl:topObjectProperty,zel:Claim", "contradicts,object,,owl:topObjectProperty,", "symmetric"),
]


@pytest.mark.parametrize(("start", "instead", "message"), TERM_FAULTS)
def test_a_fault_of_the_table_is_reported_with_its_line(tmp_path: Path, start: str, instead: str, message: str) -> None:
    path = holding(copy_sources(tmp_path), "terms.csv", start)
    line, text = _line(path, start), path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"\n{start}", f"\n{instead}", 1), encoding="utf-8")
    with pytest.raises(VocabularyError) as caught:
        read_vocabulary(path.parents[1])
    assert any(message in str(p) and str(p).startswith(f"{path}:{line}: ") for p in caught.value.problems)


CELL_FAULTS = [
    ("domain", "zel:Claim zel:Goal", "is no class of this file"),
    ("range", "xsd:string", "is no class of this file"),
    ("scheme", "modalty", "did you mean 'modality'"),
    ("characteristics", "reflexive", "does not fit modality"),
    ("disjoint_with", "zel:Claim", "disjoint_with is for classes"),
    ("label_ar", "", "ar label of modality is missing"),
    ("label_fr", "unité", "already names unit"),
    ("label_en", "UNIT", "already names unit"),
    ("label_en", "how  put", "idle blanks"),
    ("definition_fr", "Sans point", "has no full stop"),
    ("alignments", "schema:name", "must begin with"),
    ("alignments", "~nowhere:name", "is no prefixed name"),
    ("since", "soon", "is no version"),
    ("deprecated", "0.2.0", "must give a version and a reason"),
    ("replaced_by", "zel:nuance", "is replaced and not deprecated"),
]


@pytest.mark.parametrize(("column", "value", "message"), CELL_FAULTS)
def test_a_wrong_cell_is_reported(tmp_path: Path, column: str, value: str, message: str) -> None:
    folder = copy_sources(tmp_path)
    set_cell(folder, "modality", {column: value})
    with pytest.raises(VocabularyError, match=re.escape(message)):
        read_vocabulary(folder)


SCHEME_FAULTS = [
    ("modality:done a skos:Concept", "modality:done a skos:Collection", "not typed skos:Concept"),
    ("modality:done a", "modality:Done a", "the IRI of a concept"),
    ("modality:done a", "nowhere:done a", "not Turtle"),
    ("modality:done a", "modality:done skos:broader modality:planned ; a", "must be the top concept"),
    ("modality:done a", "modality:done skos:related [] ; a", "blank node"),
    ("modality:done a", 'modality:done skos:prefLabel "feito"@pt ; a', "in the language 'pt'"),
    ("modality:done a", 'modality:done skos:prefLabel "made"@en ; a', "has 2"),
    ("modality:planned a", "modality:planned skos:inScheme scheme:unit ; a", "and no other"),
    ("modality:done a", "modality:done skos:broader unit:euro ; a", "one concept of the same scheme"),
    ("scheme:nuance a skos:ConceptScheme", "scheme:nuance a skos:Concept", "the IRI of a concept"),
]


@pytest.mark.parametrize(("start", "instead", "message"), SCHEME_FAULTS)
def test_a_fault_of_the_schemes_is_reported_with_its_line(
    tmp_path: Path, start: str, instead: str, message: str
) -> None:
    path = holding(copy_sources(tmp_path), "schemes.ttl", start)
    line, text = _line(path, start), path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"\n{start}", f"\n{instead}", 1), encoding="utf-8")
    with pytest.raises(VocabularyError) as caught:
        read_vocabulary(path.parents[1])
    lines = {line, 1} if "blank" in message else {line}
    assert any(message in p.message and p.position and p.position.line in lines for p in caught.value.problems)


def test_a_circle_of_broader_concepts_is_reported(tmp_path: Path) -> None:
    path = copy_sources(tmp_path) / "core" / "schemes.ttl"
    text = path.read_text(encoding="utf-8")
    for name, other in (("euro", "us-dollar"), ("us-dollar", "euro")):
        before, subject, after = text.partition(f"unit:{name} a ")
        text = before + subject + after.replace("skos:topConceptOf scheme:unit", f"skos:broader unit:{other}", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError, match="above itself"):
        read_vocabulary(path.parents[1])


def test_all_faults_come_at_once_and_in_order(tmp_path: Path) -> None:
    folder = copy_sources(tmp_path)
    set_cell(folder, "modality", {"label_ar": "", "since": "x"})
    set_cell(folder, "unit", {"range": "zel:Nothing"})
    with pytest.raises(VocabularyError) as caught:
        read_vocabulary(folder)
    lines = [problem.position.line for problem in caught.value.problems if problem.position]
    assert len(lines) == 3
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", ["terms.csv", "schemes.ttl"])
def test_a_file_that_is_absent_or_no_text_is_named(tmp_path: Path, name: str) -> None:
    folder = copy_sources(tmp_path)
    path = folder / "public-policy" / name
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VocabularyError, match=f"{name}:1: not UTF-8"):
        read_vocabulary(folder)
    path.unlink()
    if name == "terms.csv":  # a layer may do without schemes
        with pytest.raises(VocabularyError, match=f"{name}:1: no such file"):
            read_vocabulary(folder)


def test_another_header_or_broken_quotes_are_reported(tmp_path: Path) -> None:
    path = copy_sources(tmp_path) / "core" / "terms.csv"
    path.write_text("term,kind\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"terms.csv:1: the table lacks the columns label_ar, label_fr, label_en"):
        read_vocabulary(path.parents[1])
    path.write_text((FOLDER / "core" / "terms.csv").read_text(encoding="utf-8") + 'x,"never closed', encoding="utf-8")
    with pytest.raises(VocabularyError, match="not CSV"):
        read_vocabulary(path.parents[1])
