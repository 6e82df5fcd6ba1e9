"""A release whose every label is an attack, and one page of each kind that shows some of them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote, urlencode

from pyoxigraph import Literal
from tiny import CLAIMS, FACTS, write_release

ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>--></title></textarea>&lt;b> \u202e2030 javascript:alert(1)"
LONG = "ab" * 50_000
SHOWN = ATTACK.replace("\u202e", "[U+202E]")
"""The same as a reader sees it."""
TABLE = "https://w3id.org/zellige/table/t"
QUERY = "SELECT ?thing ?label { VALUES (?thing ?label) { (<javascript:alert(1)> %s) (<https://w3id.org/zellige/id/lab> %s) } }"
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
