"""A release of two claims, small enough to know by heart: what the server's tests serve."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.runs.beside import index
from kg.store import dump

BASE = "https://w3id.org/zellige/"

PREFIXES = """\
@prefix zel: <https://w3id.org/zellige/ont#> .
@prefix d: <https://w3id.org/zellige/id/> .
@prefix doc: <https://w3id.org/zellige/doc/> .
@prefix c: <https://w3id.org/zellige/claim/> .
@prefix g: <https://w3id.org/zellige/graph/> .
@prefix mod: <https://w3id.org/zellige/scheme/modality/> .
@prefix rev: <https://w3id.org/zellige/scheme/review/> .
@prefix sch: <https://w3id.org/zellige/scheme/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""

FACTS = """\
d:mou zel:party d:ministry , d:lab ; zel:signedOn "2025-09"^^edtf:EDTF ; a zel:Agreement .
d:lab zel:numericValue 10800000000 ; zel:asWorded "يناهز 10.8 مليار دولار سنة 2030"@ar ; rdfs:label "Lab <b>&"@en .
"""

CLAIMS = """\
c:F1 { d:mou a zel:Agreement ; zel:party d:ministry , d:lab ; zel:signedOn "2025-09"^^edtf:EDTF . }
c:F2 { d:lab zel:namedAfter d:jazari . }
g:claims {
  c:F1 a zel:Claim ; dct:identifier "F1" ; zel:modality mod:done ; zel:assertedBy doc:seed ; zel:statedIn doc:seed ;
    zel:supportedBy <https://w3id.org/zellige/claim/F1#evidence-1> ; zel:reviewStatus rev:reviewed ;
    zel:gloss "A memorandum was signed in September 2025."@en ; zel:contradicts c:F2 .
  <https://w3id.org/zellige/claim/F1#evidence-1> a zel:Evidence ; oa:hasBody c:F1 ; zel:sentenceNumber 8 ;
    oa:hasTarget <https://w3id.org/zellige/claim/F1#target-1> .
  <https://w3id.org/zellige/claim/F1#target-1> oa:hasSource doc:seed ;
    oa:hasSelector <https://w3id.org/zellige/claim/F1#position-1> , <https://w3id.org/zellige/claim/F1#quote-1> .
  <https://w3id.org/zellige/claim/F1#position-1> a oa:TextPositionSelector ; oa:start 1851 ; oa:end 1871 .
  <https://w3id.org/zellige/claim/F1#quote-1> a oa:TextQuoteSelector ; oa:exact "وُقعت في سبتمبر 2025" .
  c:F2 a zel:Claim ; dct:identifier "F2" ; zel:modality mod:claimed ; zel:assertedBy d:ministry ;
    zel:statedIn doc:seed ; zel:reviewStatus rev:contested .
  doc:seed a zel:SourceDocument ; dct:title "الذكاء الاصطناعي"@ar ; dct:language "ar" .
}
g:entities {
  d:ministry a zel:Ministry ; rdfs:label "Ministry of Digital Transition"@en , "وزارة الانتقال الرقمي"@ar ,
    "Ministère de la transition numérique"@fr .
  d:lab a zel:Institute ; rdfs:label "Joint lab"@en , "مختبر مشترك"@ar , "Laboratoire commun"@fr .
}
g:ontology {
  zel:Ministry a owl:Class ; rdfs:label "ministry"@en , "ministère"@fr , "وزارة"@ar ;
    skos:definition "Public body led by a member of a government."@en ; rdfs:subClassOf zel:PublicBody .
  zel:party a owl:ObjectProperty ; rdfs:label "party"@en , "partie"@fr , "طرف"@ar .
  sch:modality a skos:ConceptScheme ; skos:prefLabel "modality"@en .
  mod:done a skos:Concept ; skos:inScheme sch:modality ; skos:prefLabel "done"@en , "fait"@fr , "منجز"@ar .
}
"""


def write_release(
    releases: Path, name: str = "r1", facts: str = FACTS, claims: str = CLAIMS, *, current: bool = True
) -> Path:
    """Write `releases/<name>` and point `current` to it; gives the folder back."""
    folder = releases / name
    folder.mkdir(parents=True)
    store = Store(str(folder / "store"))
    store.load((PREFIXES + facts).encode(), RdfFormat.TURTLE)
    store.load((PREFIXES + claims).encode(), RdfFormat.TRIG)
    store.optimize()
    store.flush()
    lines = sorted(b"".join(dump(folder / "store")).splitlines(keepends=True))
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    manifest = {
        "id": name,
        "files": {"graph.nq": {"sha256": digest}},
        "base": BASE,
        "title": {"en": "A tiny graph", "ar": "بيان صغير"},
        "counts": {"claims": 2, "default_triples": 7, "oddities": 1},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    index(folder, digest, lambda: [lines])
    if current:
        point(releases, name)
    return folder


def point(releases: Path, name: str) -> None:
    """Swap the link `current`, as a build does."""
    link = releases / "next"
    link.symlink_to(name)
    link.replace(releases / "current")
