"""What follows from the vocabulary: generated files, JSON-LD context, alignments, and what a reasoner says of them."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic
from small_project import kg, make
from vocabulary.ontology_folder import FOLDER, LAYERS, copy_sources, set_cell

from kg import ontology
from kg.errors import StorageError
from kg.terms import LANGUAGES, ONTOLOGY, ZEL, compress, expand
from kg.vocabulary import Term, Vocabulary, read_vocabulary

VOCABULARY = read_vocabulary(FOLDER)
GENERATED = {f"{layer}/{name}": text for layer in LAYERS for name, text in ontology.generate(FOLDER, layer).items()}
OWL = (
    "".join(GENERATED[f"{layer}/ontology.ttl"] for layer in LAYERS)
    + (FOLDER / "public-policy" / "axioms.ttl").read_text()
)
CONTEXT = {"@context": [json.loads(GENERATED[f"{layer}/context.jsonld"])["@context"] for layer in LAYERS]}


# Generated files


def test_no_generated_file_is_stale() -> None:
    assert ontology.stale(FOLDER) == [], "run `kg ontology`"


def test_a_layer_of_a_project_in_the_place_of_a_packaged_one_has_its_own_shapes(tmp_path: Path) -> None:
    """Else its terms would be held to nothing, or to what the packaged ones say."""
    make(tmp_path)
    folder = copy_sources(tmp_path)
    shutil.rmtree(folder / "public-policy")
    set_cell(folder, "roleText", {"domain": "csvw:Row"})
    ran = kg("build", cwd=tmp_path)
    assert ran.returncode == 1
    assert "core/shapes/terms.ttl" in ran.stderr
    assert "run kg ontology" in ran.stderr
    assert "written: core/shapes/terms.ttl" in kg("ontology", cwd=tmp_path).stdout
    assert kg("ontology", "--check", cwd=tmp_path).returncode == 0
    claims = tmp_path / "data" / "claims" / "note.yaml"
    claims.write_text(claims.read_text(encoding="utf-8").replace("characterisedAs", "roleText"), encoding="utf-8")
    assert "Only a thing of the type Row" in kg("build", cwd=tmp_path).stderr


def test_write_mends_what_stale_reports(tmp_path: Path) -> None:
    folder = copy_sources(tmp_path)
    assert ontology.stale(folder) == sorted(GENERATED)
    assert ontology.write(folder) == sorted(GENERATED)
    assert ontology.stale(folder) == []
    (folder / "core" / "ontology.ttl").write_text("# by hand\n", encoding="utf-8")
    (folder / "core" / "alignments" / "old.ttl").write_text("", encoding="utf-8")
    assert ontology.write(folder) == ["core/alignments/old.ttl", "core/ontology.ttl"]
    assert ontology.write(folder) == []


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    folder = copy_sources(tmp_path)
    (folder / "core" / "alignments").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(StorageError):
        ontology.write(folder)


@pytest.mark.parametrize("name", sorted(name for name in GENERATED if name.endswith(".ttl") and "/shapes/" not in name))
def test_two_parsers_read_the_same_triples_and_no_blank_node(name: str) -> None:
    theirs = rdflib.Graph().parse(data=GENERATED[name], format="turtle")
    quads = ox.parse(GENERATED[name], format=ox.RdfFormat.TURTLE)
    ntriples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    ours = rdflib.Graph().parse(data=ntriples, format="nt")
    assert len(theirs) > 0
    assert isomorphic(theirs, ours)
    assert not [node for triple in theirs for node in triple if isinstance(node, rdflib.BNode)]


def test_the_core_states_each_term_and_its_header() -> None:
    graph = rdflib.Graph().parse(data=OWL, format="turtle")
    header = rdflib.URIRef(ONTOLOGY)
    assert graph.value(header, rdflib.OWL.versionIRI) == rdflib.URIRef(f"{ONTOLOGY}/{ontology.VERSION}")
    assert {title.language for title in graph.objects(header, rdflib.DCTERMS.title)} == set(LANGUAGES)
    assert (None, rdflib.OWL.imports, None) not in graph
    for term in VOCABULARY.terms:
        node = rdflib.URIRef(term.iri)
        assert {label.language: str(label) for label in graph.objects(node, rdflib.RDFS.label)} == term.labels
        ranges = list(graph.objects(node, rdflib.RDFS.range))
        assert ranges == ([rdflib.URIRef(term.range)] if term.range and term.kind == "object" else [])


def test_no_name_of_ours_is_left_undeclared() -> None:
    graph = rdflib.Graph()
    for name, text in GENERATED.items():
        if name.endswith(".ttl") and "/shapes/" not in name:
            graph.parse(data=text, format="turtle")
    used = {str(node) for triple in graph for node in triple if str(node).startswith(ZEL)} - {ZEL}
    assert used == {term.iri for term in VOCABULARY.terms if not term.external}


# The JSON-LD context

SAMPLES = {
    "edtf:EDTF": "2025-07",
    "xsd:string": "MTNRA",
    "xsd:boolean": True,
    "xsd:decimal": "10800000000",
    "xsd:gYear": "2030",
    "xsd:nonNegativeInteger": 1,
    "xsd:positiveInteger": 1,
}


@pytest.mark.parametrize("term", VOCABULARY.properties.values(), ids=lambda term: term.name)
def test_the_context_gives_a_value_the_type_of_its_range(term: Term) -> None:
    value: object = "https://w3id.org/zellige/id/other"
    if term.kind == "data":
        assert term.range is not None
        value = {"ar": "قول", "en": "word"} if term.range == expand("rdf:langString") else SAMPLES[compress(term.range)]
    document = {**CONTEXT, "@id": "https://w3id.org/zellige/id/one", term.name: value}
    quads = list(ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))
    assert {quad.predicate.value for quad in quads} == {term.iri}
    for quad in quads:
        if term.kind == "object":
            assert quad.object == ox.NamedNode("https://w3id.org/zellige/id/other")
        else:
            assert isinstance(quad.object, ox.Literal)
            assert quad.object.datatype.value == term.range


def test_the_context_types_a_thing_by_the_name_of_its_class() -> None:
    for term in VOCABULARY.classes.values():
        document = {**CONTEXT, "@id": "http://example.org/one", "@type": term.name}
        (quad,) = ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD)
        assert quad.object == ox.NamedNode(term.iri)


def test_a_deprecated_term_says_since_when_why_and_what_instead(tmp_path: Path) -> None:
    folder = copy_sources(tmp_path)
    set_cell(folder, "partnerOf", {"deprecated": "0.2.0: hasPartner says it", "replaced_by": "zel:hasPartner"})
    graph = rdflib.Graph().parse(data=ontology.generate(folder, "public-policy")["ontology.ttl"], format="turtle")
    node = rdflib.URIRef(ZEL + "partnerOf")
    assert graph.value(node, rdflib.OWL.deprecated) == rdflib.Literal(True)
    assert graph.value(node, rdflib.DCTERMS.isReplacedBy) == rdflib.URIRef(ZEL + "hasPartner")
    assert "hasPartner says it" in str(graph.value(node, rdflib.SKOS.changeNote))


def test_no_item_of_wikidata_is_matched_twice() -> None:
    text = "".join(GENERATED[f"{layer}/alignments/wikidata.ttl"] for layer in LAYERS)
    items = re.findall(r"\bwd:Q\d+", text)
    assert items
    assert len(items) == len(set(items))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_label_survives_the_turtle(text: str) -> None:
    term = VOCABULARY.classes["Ministry"]
    labels = {**term.labels, "en": text + '"\\'}
    changed = Vocabulary({"Ministry": _with_labels(term, labels)}, {}, {})
    graph = rdflib.Graph().parse(data=ontology.core(changed, VOCABULARY.layers[1]), format="turtle")
    found = {label.language: str(label) for label in graph.objects(rdflib.URIRef(term.iri), rdflib.RDFS.label)}
    assert found == labels


def _with_labels(term: Term, labels: dict[str, str]) -> Term:
    return replace(term, labels=labels)


# The reasoner


@pytest.fixture
def owlready2() -> ModuleType:
    """The bridge to HermiT, which is a Java program."""
    if shutil.which("java") is None:
        pytest.skip("HermiT needs a Java runtime: no `java` on the path")
    with warnings.catch_warnings():
        # It warns at import when its optional compiled parser is absent; the plain one is enough here.
        warnings.simplefilter("ignore")
        return importlib.import_module("owlready2")


def _unsatisfiable(owlready2: ModuleType, tmp_path: Path, *turtles: str) -> set[str]:
    """The classes that HermiT proves empty."""
    triples = (quad.triple for text in turtles for quad in ox.parse(text, format=ox.RdfFormat.TURTLE))
    path = tmp_path / "ontology.nt"
    path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load()
    owlready2.sync_reasoner_hermit(world, debug=0)
    return {item.iri for item in world.inconsistent_classes()} - {expand("owl:Nothing")}


def test_the_reasoner_finds_no_empty_class(owlready2: ModuleType, tmp_path: Path) -> None:
    assert _unsatisfiable(owlready2, tmp_path, OWL) == set()


def test_the_alignments_empty_no_class(owlready2: ModuleType, tmp_path: Path) -> None:
    turtles = [text for name, text in GENERATED.items() if name.endswith(".ttl") and "/shapes/" not in name]
    assert _unsatisfiable(owlready2, tmp_path, *turtles) == set()


def test_the_reasoner_finds_a_ministry_that_is_a_company_impossible(owlready2: ModuleType, tmp_path: Path) -> None:
    odd = "http://example.org/MinistryCompany"
    turtle = OWL + f"\n<{odd}> a owl:Class ; rdfs:subClassOf zel:Ministry , zel:Company .\n"
    assert _unsatisfiable(owlready2, tmp_path, turtle) == {odd}


def test_the_reasoner_refuses_one_thing_that_is_both(owlready2: ModuleType, tmp_path: Path) -> None:
    turtle = OWL + "\n<http://example.org/odd> a owl:NamedIndividual , zel:Ministry , zel:Company .\n"
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _unsatisfiable(owlready2, tmp_path, turtle)
