"""A release of two claims, small enough to know by heart: what the server's tests serve.

Beside it the same with labels that attack, and one page of each kind that shows some of them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, RdfFormat, Store

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


# --- labels that attack

ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>--></title></textarea>&lt;b> \u202e2030 javascript:alert(1)"
LONG = "ab" * 50_000
SHOWN = ATTACK.replace("\u202e", "[U+202E]")
"""The same as a reader sees it."""
TABLE = "https://w3id.org/zellige/table/t"
QUERY = "SELECT ?thing ?label { VALUES (?thing ?label) { (<javascript:alert(1)> %s) (<https://w3id.org/zellige/id/lab> %s) } }"
MAP = "SELECT ?name ?lat ?lon { VALUES (?name ?lat ?lon) { (%s 34.0 -6.8) (%s 31.6 -8.0) ('ab' 33.0 -7.0) } }"
PAGES = {
    "home": "/?",
    "entity": "/id/lab?",
    "claim": "/claim/F1?",
    "document": "/doc/seed?",
    "table": "/table/t?",
    "row": "/table/t?row=2&",
    "list": "/list?class=https%3A%2F%2Fw3id.org%2Fzellige%2Font%23Institute&",
    "vocabulary": "/ont?",
    "term": "/term/Ministry?",
    "concept": "/scheme/modality/done?",
    "search": f"/search?{urlencode({'q': 'alert'})}&",
    "searched": f"/search?{urlencode({'q': ATTACK})}&",
    "query": f"/query?{urlencode({'query': QUERY % (Literal(ATTACK), Literal(LONG[:3000]))})}&",
    "mistake": f"/query?{urlencode({'query': 'SELECT * { ' + ATTACK})}&",
    "dataset": "/dataset?",
    "graph": "/graph/entities?",
    "elsewhere": f"/resource?{urlencode({'iri': 'javascript:alert(1)'})}&",
    "error": f"/id/{quote(ATTACK, safe='')}?",
    "timeline": "/timeline?",
    "targets": "/targets?",
    "partners": "/partners?",
    "sources": "/sources?",
    "classes": "/classes?",
    "map": f"/query?{urlencode({'query': MAP % (Literal(ATTACK), Literal(LONG[:3000])), 'as': 'map', 'only': 'ab'})}&",
    "preview": f"/reconcile/preview?{urlencode({'id': 'id/lab'})}&",
}
"""One page of each kind, to which the language is added."""
FAILING = {"error": 404, "mistake": 400}


def _said(text: str, *properties: str) -> str:
    told = " , ".join(f"{Literal(text)}@{tag}" for tag in ("en", "fr", "ar"))
    return " ; ".join(f"{name} {told}" for name in properties)


def _labels(subject: str, *properties: str) -> str:
    return f"{subject} {_said(ATTACK, *properties)} ."


def write_hostile(releases: Path) -> Path:
    """Write the release, and make it the current one."""
    attack, long = Literal(ATTACK), Literal(LONG)
    claims = CLAIMS
    for plain in ('"Joint lab"@en , "مختبر مشترك"@ar , "Laboratoire commun"@fr',):
        claims = claims.replace(plain, f"{attack}@en , {long}@ar , {attack}@fr")
    for plain in (
        '"ministry"@en , "ministère"@fr , "وزارة"@ar',
        '"done"@en , "fait"@fr , "منجز"@ar',
        '"party"@en , "partie"@fr , "طرف"@ar',
    ):
        claims = claims.replace(plain, f"{attack}@en , {long}@fr , {attack}@ar")
    for plain in ('"A memorandum was signed in September 2025."@en', '"الذكاء الاصطناعي"@ar'):
        claims = claims.replace(plain, f"{attack}@en")
    claims = claims.replace('"وُقعت في سبتمبر 2025"', str(attack))
    claims = claims.replace('"Public body led by a member of a government."', str(long))
    claims += f"""
    c:R1 {{ d:dam zel:name {attack}@en , {long}@fr ; zel:partnerOf d:lab ; zel:documentedBy <javascript:alert(1)> . }}
    g:entities {{
      d:long a zel:Institute ; rdfs:label {long}@en , {long}@fr , {long}@ar .
      d:dam a zel:Institute ; rdfs:label {attack}@en , {attack}@fr , {attack}@ar .
      <javascript:alert(1)> rdfs:label {attack}@en .
    }}
    g:claims {{
      doc:seed dct:publisher {long} ; <https://schema.org/url> <javascript:alert(1)> .
      <{TABLE}> a zel:Table ; dct:title {attack}@en , {long}@ar .
      <{TABLE}#row=2> dct:isPartOf <{TABLE}> ; <http://www.w3.org/ns/csvw#rownum> 1 .
      c:R1 a zel:Claim ; dct:identifier "R1" ; zel:modality mod:done ; zel:gloss {long}@en ; zel:statedIn doc:seed ;
        zel:assertedBy d:lab , d:long ; <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row=2> .
    }}"""
    folder = write_release(releases, facts=FACTS + f"d:lab zel:asWorded {long}@ar , {attack}@ar .", claims=claims)
    place = folder / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    manifest |= {"title": {"en": ATTACK, "ar": LONG, "fr": ATTACK}, "description": {"en": LONG, "ar": ATTACK}}
    place.write_text(json.dumps(manifest), encoding="utf-8")
    return folder
