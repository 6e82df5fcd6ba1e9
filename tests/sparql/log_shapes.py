"""Queries of the shapes that stand in public logs (DBpedia, Wikidata, bio2rdf, LGD and others, as LSQ has them).

Each shape is a text with places for terms; the terms are those of a small graph, so that most queries have an answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

PREFIXES = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
prefix xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX dbo: <http://dbpedia.org/ontology/>
PREFIX dbr:<http://dbpedia.org/resource/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <http://dbpedia.org/resource/>
"""

DATA = (
    PREFIXES.replace("prefix xsd", "PREFIX xsd")
    + """
dbr:Fez a dbo:City ; rdfs:label "Fez"@en, "Fès"@fr, "فاس"@ar ; dbo:country dbr:Morocco ; dbo:population 1112072 ; wdt:P31 wd:Q515 .
dbr:Rabat a dbo:City ; rdfs:label "Rabat"@en, "الرباط"@ar ; dbo:country dbr:Morocco ; dbo:population 577827 ; wdt:P31 wd:Q515 .
dbr:Paris a dbo:City ; rdfs:label "Paris"@en, "Paris"@fr ; dbo:country dbr:France ; dbo:population 2102650 ; wdt:P31 wd:Q515 .
dbr:Morocco a dbo:Country ; rdfs:label "Morocco"@en, "Maroc"@fr ; dbo:capital dbr:Rabat ; wdt:P31 wd:Q6256 ; wdt:P36 dbr:Rabat .
dbr:France a dbo:Country ; rdfs:label "France"@en ; dbo:capital dbr:Paris ; wdt:P31 wd:Q6256 .
dbr:Ada a foaf:Person ; foaf:name "Ada Lovelace" ; dbo:birthDate "1815-12-10"^^xsd:date ; dbo:birthPlace dbr:Paris ; foaf:knows dbr:Bob .
dbr:Bob a foaf:Person ; foaf:name "Bob" ; dbo:birthDate "1990-05-17"^^xsd:date ; dbo:birthPlace dbr:Fez ; foaf:knows dbr:Cem, dbr:Ada .
dbr:Cem a foaf:Person ; foaf:name "Cem", "جم" ; dbo:height 1.78 ; foaf:knows dbr:Bob .
wd:Q515 rdfs:label "city"@en ; wdt:P279 wd:Q486972 ; skos:broader wd:Q486972 . wd:Q486972 rdfs:label "settlement"@en ; wdt:P279 wd:Q1 .
dbo:City rdfs:subClassOf dbo:Place . dbo:Country rdfs:subClassOf dbo:Place . dbo:Place rdfs:label "place"@en .
"""
)

_SLOTS = {
    "THING": ("dbr:Fez", "dbr:Rabat", ":Morocco", "dbr:Ada", "<http://dbpedia.org/resource/Bob>", "wd:Q515", "dbr:Absent"),
    "CLASS": ("dbo:City", "dbo:Country", "foaf:Person", "dbo:Place", "<http://dbpedia.org/ontology/City>"),
    "PROP": ("rdfs:label", "dbo:country", "foaf:knows", "dbo:birthPlace", "wdt:P31", "a", "rdf:type", "foaf:name"),
    "LANG": ("en", "fr", "ar"),
    "WORD": ("F", "a", "fes", "Mor", "اس", "o"),
    "NUMBER": ("1", "10", "100", "1000000"),
    "V": ("x", "s", "uri", "entity", "item", "ville"),
    "W": ("o", "label", "value", "name", "y"),
}  # fmt: skip

SHAPES = (
    "SELECT * WHERE { ?V ?p ?W } LIMIT NUMBER",
    "SELECT ?W WHERE { THING PROP ?W }",
    "select distinct ?V where {?V a CLASS} LIMIT NUMBER",
    "SELECT DISTINCT ?V WHERE { ?V PROP THING . }",
    "ASK { THING PROP THING }",
    "ask where {THING ?p THING}",
    "DESCRIBE THING",
    "DESCRIBE ?V WHERE { ?V PROP THING } ",
    "CONSTRUCT { ?V PROP ?W } WHERE { ?V PROP ?W } LIMIT NUMBER",
    "CONSTRUCT WHERE { ?V PROP ?W }",
    "SELECT (COUNT(*) AS ?count) { ?V a CLASS }",
    "SELECT (count(distinct ?V) as ?c) where {?V ?p ?W.}",
    "SELECT ?W (COUNT(?V) AS ?n) WHERE { ?V a ?W } GROUP BY ?W ORDER BY DESC(?n) LIMIT NUMBER",
    "SELECT ?V ?W WHERE { ?V a CLASS ; rdfs:label ?W . FILTER(LANG(?W) = 'LANG') }",
    'SELECT ?V ?W { ?V rdfs:label ?W filter(langMatches(lang(?W), "LANG")) }',
    'SELECT DISTINCT ?V ?W WHERE { ?V rdfs:label ?W . FILTER regex(?W, "WORD", "i") } ORDER BY ?W LIMIT NUMBER',
    "SELECT ?V WHERE { ?V rdfs:label ?W . FILTER(CONTAINS(LCASE(STR(?W)), 'WORD')) }",
    "SELECT ?V ?W ?z WHERE { ?V a CLASS . OPTIONAL { ?V rdfs:label ?W . FILTER(lang(?W)='LANG') } OPTIONAL { ?V dbo:country ?z } }",
    "SELECT ?V ?W WHERE { { ?V rdfs:label ?W } UNION { ?V foaf:name ?W } }",
    "SELECT * { { THING ?p ?W } UNION { ?V ?p THING } } LIMIT NUMBER",
    "SELECT ?V WHERE { ?V dbo:population ?W . FILTER(?W > NUMBER && ?W<3000000) } ORDER BY DESC(?W)",
    "SELECT ?V ?W WHERE { ?V dbo:birthDate ?W FILTER(?W >= \"1900-01-01\"^^xsd:date) }",
    "SELECT ?V WHERE { ?V wdt:P31/wdt:P279* wd:Q486972 }",
    "SELECT ?V ?W WHERE { ?V (wdt:P31|a)/(wdt:P279|rdfs:subClassOf)* ?W . }",
    "SELECT DISTINCT ?V { THING foaf:knows+ ?V }",
    "SELECT DISTINCT ?V { THING ^foaf:knows/foaf:knows? ?V FILTER(?V != THING) }",
    "SELECT ?V ?W { ?V !(rdf:type|rdfs:label) ?W } LIMIT NUMBER",
    "SELECT ?p (SAMPLE(?W) AS ?example) (COUNT(*) AS ?n) { ?V ?p ?W } GROUP BY ?p HAVING (COUNT(*) > 1) ORDER BY ?p",
    "SELECT ?W (GROUP_CONCAT(DISTINCT ?l; separator=\", \") AS ?labels) { ?W a CLASS ; rdfs:label ?l } GROUP BY ?W",
    "SELECT ?V WHERE { ?V a CLASS . FILTER NOT EXISTS { ?V PROP ?W } }",
    "SELECT ?V WHERE { ?V a CLASS MINUS { ?V PROP THING } }",
    "SELECT ?V ?W WHERE { VALUES ?V { THING THING } ?V rdfs:label ?W }",
    "SELECT ?V ?W WHERE { ?V rdfs:label ?W } VALUES (?V) { (THING) (UNDEF) }",
    "SELECT ?V (STR(?W) AS ?text) (LANG(?W) AS ?l) { ?V rdfs:label ?W BIND(STRLEN(?W) AS ?n) FILTER(?n > 3) }",
    "SELECT ?V (IF(BOUND(?W), ?W, \"unknown\") AS ?c) { ?V a CLASS OPTIONAL { ?V dbo:country ?W } }",
    "SELECT ?V (COALESCE(?e, ?f, 'none') AS ?W) { ?V a CLASS OPTIONAL{?V rdfs:label ?e FILTER(LANG(?e)=\"LANG\")} OPTIONAL{?V foaf:name ?f} }",
    "SELECT ?V { { SELECT ?V (COUNT(?o) AS ?n) { ?V ?p ?o } GROUP BY ?V } FILTER(?n > 4) }",
    "SELECT * { { SELECT DISTINCT ?V WHERE { ?V a CLASS } ORDER BY ?V LIMIT NUMBER } ?V rdfs:label ?W }",
    "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?V ?p ?W } }",
    "SELECT ?V ?W { GRAPH <http://example.org/people> { ?V foaf:name ?W } ?V a CLASS }",
    "SELECT ?V FROM <http://example.org/people> WHERE { ?V foaf:name [] }",
    "SELECT ?V WHERE { ?V ?p [ rdfs:label ?W ] . FILTER isIRI(?V) }",
    "SELECT ?V ?W WHERE { [] dbo:capital ?V ; rdfs:label ?W . }",
    "SELECT ?p ?W WHERE { THING ?p ?W . FILTER(!isLiteral(?W) || lang(?W) = '' || langMatches(lang(?W), 'LANG')) }",
    "SELECT ?V { ?V a CLASS; PROP ?W, ?z. FILTER(?W != ?z) }",
    "SELECT (MIN(?W) AS ?min) (MAX(?W) AS ?max) (AVG(?W) AS ?avg) (SUM(?W) AS ?sum) { ?V dbo:population ?W }",
    "SELECT ?year (COUNT(*) AS ?n) { ?V dbo:birthDate ?d } GROUP BY (YEAR(?d) AS ?year) ORDER BY ASC(?year)",
    "SELECT ?V ?W { ?V rdfs:label ?W } ORDER BY LCASE(STR(?W)) DESC(?V) OFFSET 1 LIMIT NUMBER",
    "SELECT ?V { ?V foaf:knows ?y . ?y foaf:knows ?z . ?z foaf:name ?W FILTER(?V IN (THING, THING)) }",
    "SELECT ?V WHERE { ?V a CLASS FILTER(?V NOT IN (THING)) }",
    "SELECT ?V WHERE { ?V rdfs:label \"Fez\"@LANG }",
    "SELECT ?V (xsd:integer(?W) + 1 AS ?next) (?W / 2 * 3 - 1 AS ?calc) { ?V dbo:population ?W }",
    "SELECT (CONCAT(STR(?V), \" \", STR(?W)) AS ?both) { ?V foaf:name ?W }",
    "SELECT ?V { ?V a ?c . ?c rdfs:subClassOf dbo:Place . FILTER EXISTS { ?V rdfs:label ?W FILTER(LANG(?W)='LANG') } }",
    "SELECT (REPLACE(STR(?W), '^.*/', '') AS ?short) { ?V PROP ?W } LIMIT NUMBER",
    "#a comment\nSELECT ?V #another\n{ ?V a CLASS #}\n}",
    "SELECT ?V { ?V a CLASS . { ?V rdfs:label ?W . FILTER(STRSTARTS(?W, 'WORD')) } UNION { ?V foaf:name ?W } . }",
    "SELECT REDUCED ?V { ?V ?p ?W . OPTIONAL { ?W ?q ?z . OPTIONAL { ?z ?r ?k } } } LIMIT NUMBER",
    "SELECT ?V ?d { ?V dbo:birthDate ?d . BIND(YEAR(?d) AS ?y) BIND(IF(?y<1900&&?y>1800,'old','new') AS ?age) }",
)  # fmt: skip


def queries(each: int) -> Iterator[str]:
    """Every shape `each` times, with other terms."""
    for number, shape in enumerate(SHAPES):
        for seed in range(each):
            chance = random.Random(1_000 * number + seed)
            variable, other = chance.choice(_SLOTS["V"]), chance.choice(_SLOTS["W"])
            text = re.sub(r"\?V\b", f"?{variable}", re.sub(r"\?W\b", f"?{other}", shape))
            yield PREFIXES + re.sub(r"THING|CLASS|PROP|LANG(?=['\"}]|\b(?!\())|WORD|NUMBER", _filler(chance), text)


def _filler(chance: random.Random):
    def fill(found: re.Match[str]) -> str:
        return chance.choice(_SLOTS[found[0]]) if found[0] in _SLOTS else found[0]

    return fill
