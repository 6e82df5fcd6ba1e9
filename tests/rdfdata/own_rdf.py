"""A small project of files of RDF, for tests that break it on purpose."""

from __future__ import annotations

from pathlib import Path

from kg import pipeline
from kg.config import read_config
from kg.release import Release

KG_TOML = """\
[project]
name = "quay"
base = "https://example.org/quay/"
publisher = "Example"
"""
REGISTER = "modality: done\nreviewStatus: reviewed\nfiles:\n  boats:\n"
HEAD = """\
@prefix : <https://example.org/quay/terms#> .
@prefix q: <https://example.org/quay/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
BOATS = f"""\
{HEAD}
q:tern a :Sloop ; rdfs:label "Tern"@en ;
    :berth [ :number 4 ; :side "north" ] ;
    :crew 3 .
"""
ONTOLOGY = """\
@prefix : <https://example.org/quay/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/quay/terms> a owl:Ontology .
:Boat a owl:Class . :Sloop a owl:Class ; rdfs:subClassOf :Boat .
:berth a owl:ObjectProperty . :number a owl:DatatypeProperty . :side a owl:DatatypeProperty .
:crew a owl:DatatypeProperty .
"""
SHAPES = """\
@prefix : <https://example.org/quay/terms#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
:Boat a sh:NodeShape ; sh:property [ sh:path :crew ; sh:minInclusive 1 ; sh:message "A boat has a crew."@en ] .
"""


def make(folder: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """Write the project into a folder; `files` replace or add some by their names, or take one away with nothing."""
    found: dict[str, str | bytes] = {
        "kg.toml": KG_TOML,
        "data/rdf/rdf.yaml": REGISTER,
        "data/rdf/boats.ttl": BOATS,
        "vocabulary/quay.ttl": ONTOLOGY,
        "shapes/quay.ttl": SHAPES,
        **(files or {}),
    }
    for name, content in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def build(folder: Path, warnings: list[str] | None = None) -> Release:
    """Build it."""
    heard = [] if warnings is None else warnings
    return pipeline.build(read_config(folder, {}), lambda _: None, warn=heard.append)
