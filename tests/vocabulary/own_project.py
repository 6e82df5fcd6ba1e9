"""A project in English and Swahili, with terms of its own of every kind, and of others."""

from __future__ import annotations

from pathlib import Path

import small_project

TOML = """\
[project]
name = "harbour"
base = "https://example.org/harbour/"
languages = ["en", "sw"]

[project.title]
sw = "Bandari"

[vocabulary]
prefix = "hb"

[vocabulary.prefixes]
ship = "https://example.org/ships/"
col = "https://example.org/colours/"
"""
TERMS = """\
term,kind,parent,domain,range,scheme,label_en,label_sw,definition_en
Berth,class,Place,,,,berth,gati,Place where a ship lies.
depth,data,,Berth,xsd:integer,,depth,kina,Depth of the water in metres.
state,object,,Berth,,state,state,hali,State that it is in.
serves,object,,Berth,ship:Vessel,,serves,=en,Relates a berth to a ship that lies there.
"""
SCHEMES = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state: <https://example.org/harbour/scheme/state/> .

<https://example.org/harbour/scheme/state> a skos:ConceptScheme ; skos:prefLabel "state of a berth"@en , "hali ya gati"@sw .
state:open a skos:Concept ; skos:inScheme <https://example.org/harbour/scheme/state> ;
    skos:prefLabel "open"@en , "wazi"@sw .
<https://example.org/harbour/scheme/unit/fathom> a skos:Concept ;
    skos:inScheme <https://w3id.org/zellige/scheme/unit> ; skos:prefLabel "fathom"@en , "pima"@sw .
"""
SHIPS = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
    xmlns:owl="http://www.w3.org/2002/07/owl#" xml:base="https://example.org/ships/">
  <owl:Ontology rdf:about="https://example.org/ships/"><rdfs:label>Ships</rdfs:label></owl:Ontology>
  <owl:Class rdf:about="Vessel">
    <rdfs:label>vessel</rdfs:label>
    <rdfs:comment xml:lang="en">What floats and carries.</rdfs:comment>
    <rdfs:subClassOf rdf:resource="http://www.w3.org/ns/prov#Entity"/>
    <rdfs:subClassOf><owl:Restriction/></rdfs:subClassOf>
  </owl:Class>
  <owl:DatatypeProperty rdf:about="name"><rdfs:label xml:lang="en">name of a vessel</rdfs:label></owl:DatatypeProperty>
  <rdf:Property rdf:about="owner">
    <rdfs:label xml:lang="fr">propriétaire</rdfs:label>
    <rdfs:domain rdf:resource="https://example.org/ships/Vessel"/>
    <rdfs:range rdf:resource="http://xmlns.com/foaf/0.1/Agent"/>
  </rdf:Property>
</rdf:RDF>
"""
COLOURS = """\
id: https://example.org/colours
name: colours
in_language: en
prefixes:
  linkml: https://w3id.org/linkml/
  col: https://example.org/colours/
  schema: https://schema.org/
imports:
  - linkml:types
default_prefix: col
default_range: string
classes:
  Paint:
    description: Paint of one colour.
    slots: [colour, label, litres]
  Shop:
    class_uri: schema:Place
slots:
  colour:
    range: Colour
  label:
    slot_uri: schema:headline
  litres:
    range: decimal
enums:
  Colour:
    permissible_values:
      deep red:
        description: As of brick.
      sea green:
        meaning: col:green
"""
ENTITIES = """\
entities:
  berth:
    type: Berth
    label: {en: First berth, sw: Gati la kwanza}
  dhow:
    type: ship:Vessel
    label: {en: Dhow, sw: Jahazi}
  paint:
    type: [Paint, hb:Berth]
    label: {en: Paint, sw: Rangi}
  owner:
    type: foaf:Agent
    label: {en: Juma, same-in: [en, sw]}
"""
CLAIMS = """\
statedIn: note
assertedBy: note
reviewStatus: reviewed
modality: done

claims:
  - id: N1
    says:
      id: berth
      depth: -12
      hb:depth: 9
      state: open
      serves: dhow
    evidence: {sentence: 1, start: 0, end: 22, exact: Le laboratoire ouvrira}
  - id: N2
    says:
      - id: dhow
        ship:name: {sw: Jahazi}
        owner: owner
      - id: paint
        colour: [deep red, sea green]
        headline: Brick
        litres: 1.50
    evidence: {sentence: 2, start: 36, end: 48, exact: Deux parties}
"""


def make(folder: Path, claims: str = CLAIMS, **files: str) -> Path:
    """Write the project; further files of its vocabulary by their names, `__` for a dot."""
    small_project.make(folder, toml=TOML, entities=ENTITIES, claims=claims)
    (folder / "vocabulary").mkdir()
    given = {"terms.csv": TERMS, "states.ttl": SCHEMES, "ships.rdf": SHIPS, "colours.yaml": COLOURS}
    for name, text in (given | {name.replace("__", "."): text for name, text in files.items()}).items():
        (folder / "vocabulary" / name).write_text(text, encoding="utf-8")
    return folder
