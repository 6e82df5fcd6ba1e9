"""A small synthetic graph that tests of releases, exports and differences share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.config import Project
from kg.paths import data_dir
from kg.preparation import rule_of
from kg.release import ReleaseContents
from kg.runs import graph_of
from kg.store import canonical_lines, derive_default, dump, parse_rule
from kg.vocabulary import read_vocabulary

BASE = "https://example.org/kg/"
ZEL = "https://w3id.org/zellige/ont#"
RULE = rule_of(read_vocabulary(data_dir("ontology"))).text

PROJECT = Project(
    name="sample",
    base=BASE,
    publisher="The sample's makers",
    title={"ar": "عيّنة", "fr": "Échantillon", "en": "Sample"},
    description={"en": "Three claims and a plan."},
)

TRIG = """
@prefix zel: <https://w3id.org/zellige/ont#> .
@prefix id: <https://example.org/kg/id/> .
@prefix doc: <https://example.org/kg/doc/> .
@prefix c: <https://example.org/kg/claim/> .
@prefix g: <https://example.org/kg/graph/> .
@prefix mod: <https://w3id.org/zellige/scheme/modality/> .
@prefix rev: <https://w3id.org/zellige/scheme/review/> .
@prefix st: <https://w3id.org/zellige/scheme/status/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

c:F1 { id:mou a zel:MemorandumOfUnderstanding ; zel:party id:ministry, id:mistral .
  id:mou zel:signedOn "2025-09"^^edtf:EDTF . }
c:F2 {
  id:roadmap a zel:Roadmap ; zel:hasTarget id:target ; zel:horizonYear "2030"^^xsd:gYear .
  id:target a zel:Target ; zel:targetQuantity id:quantity .
  id:quantity a zel:Quantity ; zel:numericValue 10800000000.5 ; zel:asWorded "يناهز 10.8 مليار \\"دولار\\""@ar .
}
c:F3 { id:lab zel:namedAfter id:heritage . }
c:F4 { id:lab zel:namedAfter id:scientist . }
c:F5 { id:ministry zel:partnerOf id:mistral . }

g:claims {
  c:F1 a zel:Claim ; dct:identifier "F1" ; zel:factId "F1" ; zel:modality mod:done ; zel:reviewStatus rev:reviewed ;
    zel:gloss "The ministry and Mistral signed, \\"as planned\\", a memorandum"@en ; zel:assertedBy id:ministry ;
    zel:statedIn doc:wire ; zel:supportedBy <https://example.org/kg/claim/F1#evidence-1> ; zel:checkable true .
  <https://example.org/kg/claim/F1#evidence-1> a oa:Annotation, zel:Evidence ; oa:motivatedBy oa:identifying ;
    oa:hasBody c:F1 ; zel:sentenceNumber 8 ; oa:hasTarget <https://example.org/kg/claim/F1#target-1> .
  <https://example.org/kg/claim/F1#target-1> a oa:SpecificResource ; oa:hasSource doc:wire ;
    oa:hasSelector <https://example.org/kg/claim/F1#position-1>, <https://example.org/kg/claim/F1#quote-1> .
  <https://example.org/kg/claim/F1#position-1> a oa:TextPositionSelector ; oa:start 1851 ; oa:end 1871 .
  <https://example.org/kg/claim/F1#quote-1> a oa:TextQuoteSelector ; oa:exact "وُقعت في سبتمبر 2025" .
  c:F2 a zel:Claim ; dct:identifier "F2" ; zel:modality mod:target ; zel:reviewStatus rev:reviewed .
  c:F3 a zel:Claim ; dct:identifier "F3" ; zel:modality mod:done ; zel:reviewStatus rev:contested .
  c:F3 zel:contradicts c:F4 .
  c:F4 a zel:Claim ; dct:identifier "F4" ; zel:modality mod:claimed ; zel:reviewStatus rev:reviewed .
  c:F5 a zel:Claim ; dct:identifier "F5" ; zel:modality mod:planned ; zel:reviewStatus rev:reviewed .
  doc:wire a zel:SourceDocument ; dct:title "الوزارة توقع"@ar ; dct:language "ar" .
}
g:entities {
  id:ministry a zel:Ministry ; rdfs:label "وزارة"@ar, "ministère"@fr, "ministry"@en .
  id:mistral a zel:Company ; rdfs:label "Mistral AI"@fr, "Mistral AI"@en .
  id:roadmap a zel:Roadmap ; rdfs:label "خارطة الطريق"@ar, "roadmap"@en .
  id:scientist a foaf:Person ; rdfs:label "الجزري"@ar .
}
g:ontology { zel:Roadmap rdfs:label "roadmap"@en . st:planned skos:prefLabel "planned"@en . }
"""


def sample_quads(trig: str = "") -> list[ox.Quad]:
    """The sample's statements, the default graph left out, and those of `trig` (with the sample's prefixes)."""
    prefixes = "\n".join(line for line in TRIG.splitlines() if line.startswith("@prefix"))
    return [
        *ox.parse(TRIG, format=ox.RdfFormat.TRIG),
        *ox.parse(f"{prefixes}\n{trig}", format=ox.RdfFormat.TRIG),
    ]


def contents(quads: Iterable[ox.Quad], version: str = "1", **changes: object) -> ReleaseContents:
    """What `publish` takes, made as the pipeline makes it."""
    given = list(quads)
    derived = derive_default(given, RULE, BASE)
    values: dict[str, object] = {
        "graph": graph_of(canonical_lines([*given, *derived.quads]), BASE),
        "project": PROJECT,
        "rule": parse_rule(RULE),
        "inputs": {"data/claims/sample.yaml": "0" * 64, "kg.toml": "1" * 64},
        "versions": {"zellige": version, "pyoxigraph": ox.__version__},
        "report_json": '{"conforms": true}\n',
        "report_ttl": "[] a <http://www.w3.org/ns/shacl#ValidationReport> .\n",
        "withheld": derived.reasons,
    }
    return ReleaseContents(**{**values, **changes})  # type: ignore[arg-type]


def sample_contents(trig: str = "", **changes: object) -> ReleaseContents:
    return contents(sample_quads(trig), **changes)


def dumped(path: Path) -> list[str]:
    """The statements of an on-disk store as sorted lines without line ends."""
    return sorted(b"".join(dump(path)).decode().split("\n")[:-1])
