"""Vocabularies of others as they are published: what their files have that one's own would not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_project

from kg import shacl
from kg.authoring import entries, search
from kg.config import read_config
from kg.errors import ConfigError, RecordError
from kg.ontology.own import made_shapes, own_quads, vocabulary_of
from kg.records import read_records
from kg.terms import expand
from kg.vocabulary import Vocabulary

SHOP = "http://example.org/shop#"
# Individuals beside the classes, one of whom is a person without a label and says of whom it is in a text; a scheme by
# a name that is taken; concepts of which their scheme speaks, and one of which none does.
FILE = f'''\
@prefix : <{SHOP}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/shop> a owl:Ontology .
:Shop a owl:Class ; rdfs:label "shop"@en ; rdfs:comment """Where
      things are sold."""@en .
:Payment a owl:Class ; rdfs:label "payment"@en .
:accepts a owl:ObjectProperty ; rdfs:label "accepts"@en ; rdfs:domain :Shop ; rdfs:range :Payment .
:Cash a :Payment ; rdfs:label "cash"@en ; rdfs:comment "Coins and notes."@en .
:Sunday a :Day ; rdfs:label "Sunday"@en .
:Maker a <http://xmlns.com/foaf/0.1/Person> ; rdfs:isDefinedBy "http://example.org/shop" .
:status a skos:ConceptScheme ; skos:hasTopConcept :Open .
:Open a skos:Concept, :Payment ; skos:prefLabel "open"@en .
:kinds a skos:ConceptScheme .
:Lost a skos:Concept ; skos:prefLabel "lost"@en .
'''
SCHEMA = """\
id: https://example.org/kit
name: kit
prefixes:
  kit: https://example.org/kit/
  owl: http://www.w3.org/2002/07/owl#
  linkml: https://w3id.org/linkml/
imports: [linkml:types]
default_prefix: kit
slots:
  kit_version:
    slot_uri: owl:versionInfo
    description: Which one it is.
"""
CLAIM = """\
statedIn: note
reviewStatus: reviewed
claims:
  - id: N1
    gloss: {{ar: "قول", fr: "Dit.", en: "Said."}}
    modality: done
    evidence: {{exact: words, start: 0, end: 5, sentence: 1}}
    says: {{id: lab, type: Shop, accepts: "{}"}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    toml = f'{small_project.KG_TOML}\n[vocabulary]\nextends = ["core"]\n[vocabulary.prefixes]\nshop = "{SHOP}"\n'
    entity = "entities:\n  lab:\n    type: Shop\n    label: {ar: دكان, fr: boutique, en: shop}\n"
    folder = small_project.make(tmp_path_factory.mktemp("others"), toml=toml, entities=entity)
    (folder / "vocabulary").mkdir()
    (folder / "vocabulary" / "shop.ttl").write_text(FILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def vocabulary(project: Path) -> Vocabulary:
    return vocabulary_of(read_config(project, {}))


def test_what_files_of_others_describe_is_known(vocabulary: Vocabulary) -> None:
    assert vocabulary.individuals == {
        f"{SHOP}Cash": f"{SHOP}Payment",
        f"{SHOP}Sunday": f"{SHOP}Day",
        f"{SHOP}Maker": expand("foaf:Person"),
    }
    assert vocabulary.concepts["shop-status"] == {"Open": f"{SHOP}Open"}
    assert vocabulary.classes["Shop"].definitions == {"en": "Where things are sold."}
    assert vocabulary.classes["Payment"].position.line == 8
    told = "\n".join(vocabulary.remarks)
    assert f"1 concepts are in no scheme, and cannot be named in claims: <{SHOP}Lost>" in told
    assert f"there is a scheme of this name already: <{SHOP}status> is 'shop-status'" in told
    (cash,) = search((one for one in entries(vocabulary) if one.kind == "individual"), "cash")
    assert (cash.name, cash.domain, cash.definitions) == ("shop:Cash", "shop:Payment", {"en": "Coins and notes."})


def test_what_has_no_label_is_said_to_be_of_its_vocabulary(project: Path, vocabulary: Vocabulary) -> None:
    quads = own_quads(vocabulary, read_config(project, {}), "urn:graph")
    maker = {
        str(q.object) for q in quads if q.subject.value == f"{SHOP}Maker" and q.predicate.value.endswith("#isDefinedBy")
    }
    assert "<http://example.org/shop>" in maker
    # A concept of a class has the name that concepts have.
    assert not [q for q in quads if q.subject.value == f"{SHOP}Open" and q.predicate.value.endswith("#isDefinedBy")]


@pytest.mark.parametrize("value", ["shop:Cash", f"{SHOP}Cash", "shop-status/Open", "shop:Open"])
def test_an_individual_or_a_concept_is_a_value_by_its_name(value: str, project: Path, vocabulary: Vocabulary) -> None:
    (project / "data" / "claims" / "note.yaml").write_text(CLAIM.format(value), encoding="utf-8")
    claim = read_records(read_config(project, {}), vocabulary).claims["N1"]
    assert claim.says[0][f"{SHOP}accepts"][0]["@id"] in {f"{SHOP}Cash", f"{SHOP}Open"}


def test_a_name_that_is_none_is_told_with_the_nearest(project: Path, vocabulary: Vocabulary) -> None:
    (project / "data" / "claims" / "note.yaml").write_text(CLAIM.format("shop:Csh"), encoding="utf-8")
    with pytest.raises(RecordError, match=r"note\.yaml:8: unknown name 'shop:Csh' \(did you mean 'shop:Cash'\?\)"):
        read_records(read_config(project, {}), vocabulary)


def test_a_slot_is_written_by_the_name_that_its_schema_gives_it(tmp_path: Path) -> None:
    pytest.importorskip("linkml_runtime", reason="needs zellige[linkml]")
    folder = small_project.make(tmp_path)
    (folder / "vocabulary").mkdir()
    (folder / "vocabulary" / "kit.yaml").write_text(SCHEMA, encoding="utf-8")
    known = vocabulary_of(read_config(folder, {}))
    assert known.properties["kit_version"].iri == expand("owl:versionInfo")
    assert known.property_named("owl:versionInfo") is known.properties["kit_version"]


DECIMALS = """\
id: https://example.org/kit
name: kit
prefixes: {kit: https://example.org/kit/, linkml: https://w3id.org/linkml/}
imports: [linkml:types]
default_prefix: kit
slots:
  kit_size: {range: decimal, description: How large.}
"""
OWL = """\
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <https://example.org/kit/> .
:width a owl:DatatypeProperty ; rdfs:label "width"@en, "largeur"@fr, "عرض"@ar ; rdfs:range xsd:decimal .
:number a owl:DatatypeProperty ; rdfs:label "number"@en, "nombre"@fr, "عدد"@ar ; rdfs:range xsd:integer .
"""


def test_an_integer_is_a_decimal_number_whoever_says_the_range(tmp_path: Path) -> None:
    """A range is a value space, of which that of a derived datatype is a part; not the other way round."""
    pytest.importorskip("linkml_runtime", reason="needs zellige[linkml]")
    toml = f'{small_project.KG_TOML}\n[vocabulary]\nnamespace = "https://example.org/kit/"\nprefix = "kit"\n'
    folder = small_project.make(tmp_path, toml=toml)
    own = folder / "vocabulary"
    own.mkdir()
    (own / "kit.yaml").write_text(DECIMALS, encoding="utf-8")
    (own / "kit.ttl").write_text(OWL, encoding="utf-8")
    table = "term,kind,range,label_ar,label_fr,label_en,definition_en\ndepth,data,xsd:decimal,=en,=en,depth,How deep.\n"
    (own / "terms.csv").write_text(table, encoding="utf-8")
    config = read_config(folder, {})
    shapes = tmp_path / "made.ttl"
    made = made_shapes(config, vocabulary_of(config))
    shapes.write_text(next(text for text in made.values() if "term-kit_size" in text), encoding="utf-8")
    names = ("kit_size", "width", "depth", "number")
    for value, refused in (("3", []), ("2.5", ["number"]), ("2.5e0", [*names]), ('"3"', [*names])):
        said = " ; ".join(f"<https://example.org/kit/{name}> {value}" for name in names)
        data = shacl.Columns.from_quads(ox.parse(f"<urn:a> {said} .", ox.RdfFormat.TURTLE))
        report = shacl.validate(data, shacl.read_shapes(shapes))
        assert sorted((r.path or "").rpartition("/")[2] for r in report.results) == sorted(refused), value


def test_domains_of_files_may_be_left_to_inference(project: Path, vocabulary: Vocabulary) -> None:
    config = read_config(project, {})
    free = dataclasses.replace(config, vocabulary=dataclasses.replace(config.vocabulary, held=False))
    held, left = ("".join(made_shapes(one, vocabulary).values()) for one in (config, free))
    assert "shape:term-accepts" in held
    assert "shape:term-accepts" not in left
    assert "shape:term-quantity" in left


def test_the_old_places_of_ontologies_are_refused_with_their_cure(tmp_path: Path) -> None:
    folder = small_project.make(tmp_path, toml=f'{small_project.KG_TOML}\n[paths]\nown_ontology = "onto"\n')
    with pytest.raises(ConfigError, match=r"unknown key 'own_ontology' .*stand in the folder \[paths\] vocabulary"):
        read_config(folder, {})
    (folder / "kg.toml").write_text(small_project.KG_TOML, encoding="utf-8")
    (folder / "data" / "ontology").mkdir()
    (folder / "data" / "ontology" / "a.ttl").touch()
    with pytest.raises(ConfigError, match=r"data/ontology is no longer read; move its files to vocabulary"):
        read_config(folder, {}).check_paths()
