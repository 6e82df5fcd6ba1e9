"""Every spelling of the YARRRML subset stands for the same statements as the RML in Turtle beside it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import MappingError, StorageError
from kg.rml.mapping.statements import Statement
from kg.rml.mapping.yarrrml.translation import read_yarrrml

HEAD = "prefixes: {ex: http://e/}\nmappings:\n  m:\n    sources: t.csv~csv\n    s: ex:$(id)\n"
TURTLE = """
@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://e/> . @prefix m: <http://mapping.example.com/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix d2rq: <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#> .
"""
FILE = 'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t.csv"'
CSV = f"rml:logicalSource [ a rml:LogicalSource ; rml:referenceFormulation rml:CSV ; rml:source [ {FILE} ] ]"
SUBJECT = 'rml:subjectMap [ rml:template "http://e/{id}" ]'


def read(text: str, folder: Path) -> tuple[Statement, ...]:
    path = folder / "mapping.yml"
    path.write_text(text, encoding="utf-8")
    return read_yarrrml(path)


def canonical(triples: Iterable[ox.Triple]) -> set[str]:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def same(statements: Iterable[Statement], turtle: str) -> None:
    expected = (quad.triple for quad in ox.parse(TURTLE + turtle, ox.RdfFormat.TURTLE))
    given = canonical(ox.Triple(s.subject, s.predicate, s.object) for s in statements)
    assert given == canonical(expected)


NAME = 'rml:predicateObjectMap [ rml:predicate foaf:name ; rml:objectMap [ rml:reference "n" ] ]'
AGE = 'rml:predicateObjectMap [ rml:predicate ex:age ; rml:objectMap [ rml:reference "a" ; rml:datatype xsd:integer ] ]'
ARABIC = 'rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "n" ; rml:language "ar" ] ]'
KNOWS = 'rml:predicateObjectMap [ rml:predicate ex:k ; rml:objectMap [ rml:reference "k" ; rml:termType rml:IRI ] ]'
PERSON = "rml:predicateObjectMap [ rml:predicate rdf:type ; rml:object foaf:Person ]"
TWO = 'rml:predicateObjectMap [ rml:predicate ex:p, ex:q ; rml:objectMap [ rml:reference "a" ], [ rml:reference "b" ] ]'
TYPED = (
    'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ; rml:datatype xsd:date ], '
    '[ rml:reference "b" ; rml:language "fr" ] ]'
)
GRAPH = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "n" ] ; rml:graph ex:g ]'
PREDICATEOBJECTS = [
    ("- [foaf:name, $(n)]", NAME),
    ("- {predicates: foaf:name, objects: $(n)}", NAME),
    ("- {predicate: foaf:name, object: $(n)}", NAME),
    ("- {p: foaf:name, o: $(n)}", NAME),
    ("- {p: [foaf:name], o: [$(n)]}", NAME),
    ("- {p: foaf:name, o: {value: $(n)}}", NAME),
    ("- {p: foaf:name, o: {v: $(n), type: literal}}", NAME),
    ("- {p: http://xmlns.com/foaf/0.1/name, o: $(n)}", NAME),
    ("- {p: <http://xmlns.com/foaf/0.1/name>, o: $(n)}", NAME),
    ("{p: foaf:name, o: $(n)}", NAME),
    ("- [ex:age, $(a), xsd:integer]", AGE),
    ("- [ex:age, [[$(a), xsd:integer]]]", AGE),
    ("- {p: ex:age, o: {value: $(a), datatype: xsd:integer}}", AGE),
    ("- {p: ex:age, o: [{value: $(a), datatype: xsd:integer}]}", AGE),
    ("- [ex:n, $(n), ar~lang]", ARABIC),
    ("- [ex:n, [[$(n), ar~lang]]]", ARABIC),
    ("- {p: ex:n, o: {value: $(n), language: ar}}", ARABIC),
    ("- {p: ex:n, o: {value: $(n), language: ar~lang}}", ARABIC),
    ("- [ex:k, $(k)~iri]", KNOWS),
    ("- {p: ex:k, o: $(k)~iri}", KNOWS),
    ("- {p: ex:k, o: {value: $(k), type: iri}}", KNOWS),
    ("- [a, foaf:Person]", PERSON),
    ("- [a, foaf:Person~iri]", PERSON),
    ("- [rdf:type, foaf:Person]", PERSON),
    ("- {p: a, o: {value: foaf:Person}}", PERSON),
    ("- [[ex:p, ex:q], [$(a), $(b)]]", TWO),
    ("- {predicates: [ex:p, ex:q], objects: [$(a), $(b)]}", TWO),
    ("- [ex:p, [[$(a), xsd:date], [$(b), fr~lang]]]", TYPED),
    ("- {p: ex:p, o: [[$(a), xsd:date], {value: $(b), language: fr}]}", TYPED),
    ("- {p: ex:p, o: $(n), graphs: ex:g}", GRAPH),
    ("- {p: ex:p, o: $(n), graph: [ex:g]}", GRAPH),
    ("- {p: ex:p, o: $(n), g: ex:g~iri}", GRAPH),
    (
        "- {p: ex:p, o: $(n), graphs: ex:$(id)}",
        (
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "n" ] ; '
            'rml:graphMap [ rml:template "http://e/{id}" ] ]'
        ),
    ),
    (
        "- [ex:$(p), $(n)]",
        (
            'rml:predicateObjectMap [ rml:predicateMap [ rml:template "http://e/{p}" ] ; '
            'rml:objectMap [ rml:reference "n" ] ]'
        ),
    ),
    (
        "- [ex:p, '$(first) $(last)']",
        (
            "rml:predicateObjectMap [ rml:predicate ex:p ; "
            'rml:objectMap [ rml:template "{first} {last}" ; rml:termType rml:Literal ] ]'
        ),
    ),
    (
        "- [a, ex:$(kind)]",
        'rml:predicateObjectMap [ rml:predicate rdf:type ; rml:objectMap [ rml:template "http://e/{kind}" ] ]',
    ),
    (
        "- {p: ex:p, o: {value: $(n), language: $(l)}}",
        (
            "rml:predicateObjectMap [ rml:predicate ex:p ; "
            'rml:objectMap [ rml:reference "n" ; rml:languageMap [ rml:reference "l" ] ] ]'
        ),
    ),
    (
        "- {p: ex:p, o: {value: $(n), datatype: xsd:$(d)}}",
        (
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "n" ; '
            'rml:datatypeMap [ rml:template "http://www.w3.org/2001/XMLSchema#{d}" ] ] ]'
        ),
    ),
    (
        "- {p: ex:p, o: {value: $(n), datatype: $(d)}}",
        (
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "n" ; '
            'rml:datatypeMap [ rml:reference "d" ; rml:termType rml:IRI ] ] ]'
        ),
    ),
    ("- [ex:p, plain words]", 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "plain words" ]'),
    ("- [ex:p, 'Note: well']", 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "Note: well" ]'),
    ("- [ex:p, 007]", 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "007" ]'),
    ("- [ex:p, 7, xsd:integer]", "rml:predicateObjectMap [ rml:predicate ex:p ; rml:object 7 ]"),
    ("- [ex:p, سلام, ar~lang]", 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "سلام"@ar ]'),
    ("- [ex:p, ex:o~iri]", "rml:predicateObjectMap [ rml:predicate ex:p ; rml:object ex:o ]"),
    (
        "- {p: ex:p, o: {value: ex:o, type: literal}}",
        'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "ex:o" ]',
    ),
    ("- [ex:p, '']", 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "" ]'),
    (
        r"- [ex:p, '{$(a\)b)} \ $(c(d))$']",
        (
            "rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ "
            r'rml:template "\\{{a)b}\\} \\\\ {c(d)}$" ; rml:termType rml:Literal ] ]'
        ),
    ),
    (
        "- [ex:p, 'x$(a{b}c)']",
        (
            "rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ "
            r'rml:template "x{a\\{b\\}c}" ; rml:termType rml:Literal ] ]'
        ),
    ),
]


@pytest.mark.parametrize("keyword", ["predicateobjects", "predicateobject", "po"])
@pytest.mark.parametrize(("yaml", "turtle"), PREDICATEOBJECTS, ids=[yaml for yaml, _ in PREDICATEOBJECTS])
def test_predicates_and_objects(yaml: str, turtle: str, keyword: str, tmp_path: Path) -> None:
    statements = read(f"{HEAD}    {keyword}:\n      {yaml}\n", tmp_path)
    same(statements, f"m:m a rml:TriplesMap ; {CSV} ; {SUBJECT} ; {turtle} .")


def logical(formulation: str, path: str, iterator: str | None, more: str = "") -> str:
    walked = f'rml:iterator "{iterator}" ; ' if iterator else ""
    file = f'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{path}" {more}'
    return (
        f"rml:logicalSource [ a rml:LogicalSource ; {walked}rml:referenceFormulation rml:{formulation} ; "
        f"rml:source [ {file} ] ]"
    )


JSON = logical("JSONPath", "d/p.json", "$.people[*]")
SOURCES = [
    ("d/t.csv~csv", logical("CSV", "d/t.csv", None)),
    ("[d/t.csv~csv]", logical("CSV", "d/t.csv", None)),
    ("[[d/t.csv~csv]]", logical("CSV", "d/t.csv", None)),
    ("[a~b.csv~csv]", logical("CSV", "a~b.csv", None)),
    ("[d/p.json~jsonpath, '$.people[*]']", JSON),
    ("[[d/p.json~jsonpath, '$.people[*]']]", JSON),
    ("{access: d/p.json, referenceFormulation: jsonpath, iterator: '$.people[*]'}", JSON),
    ("[{access: d/p.json, referenceFormulation: jsonpath, iterator: '$.people[*]', type: localfile}]", JSON),
    ("[t.xml~xpath, /r/p]", logical("XPath", "t.xml", "/r/p")),
    (
        "{access: t.xml, referenceFormulation: xpath, iterator: /r/w:p, namespaces: {w: http://w/}}",
        logical("XPath", "t.xml", "/r/w:p").replace(
            "rml:XPath",
            '[ a rml:XPathReferenceFormulation ; rml:namespace [ rml:namespacePrefix "w" ; rml:namespaceURL "http://w/" ] ]',
        ),
    ),
    ("t.parquet~table", logical("SQL2008Table", "t.parquet", None)),
    ("[t.xlsx~table, Sheet 1]", logical("SQL2008Table", "t.xlsx", "Sheet 1")),
    ("{access: t.xlsx, referenceFormulation: table, table: Sheet 1}", logical("SQL2008Table", "t.xlsx", "Sheet 1")),
    ("[t.sqlite~sql, SELECT 1 AS id]", logical("SQL2008Query", "t.sqlite", "SELECT 1 AS id")),
    (
        "{access: t.gz, referenceFormulation: csv, compression: gzip}",
        logical("CSV", "t.gz", None, "; rml:compression rml:gzip"),
    ),
    (
        (
            "{access: http://localhost:9/facts, type: mysql, referenceFormulation: csv, queryFormulation: sql2008, "
            "query: SELECT 1, credentials: {username: me, password: '${SECRET}'}}"
        ),
        (
            'rml:logicalSource [ a rml:LogicalSource ; rml:iterator "SELECT 1" ; '
            "rml:referenceFormulation rml:SQL2008Query ; rml:source [ a d2rq:Database ; "
            'd2rq:jdbcDSN "jdbc:mysql://localhost:9/facts" ; d2rq:username "me" ; d2rq:password "${SECRET}" ] ]'
        ),
    ),
    (
        "{access: localhost/facts, type: postgresql, referenceFormulation: table, table: people}",
        (
            'rml:logicalSource [ a rml:LogicalSource ; rml:iterator "people" ; '
            "rml:referenceFormulation rml:SQL2008Table ; "
            'rml:source [ a d2rq:Database ; d2rq:jdbcDSN "jdbc:postgresql://localhost/facts" ] ]'
        ),
    ),
    (
        "{access: t.csv, referenceFormulation: csv, delimiter: ';'}",
        logical("CSV", "t.csv", None, '; csvw:dialect [ a csvw:Dialect ; csvw:delimiter ";" ]'),
    ),
    (
        "{access: t.csv, referenceFormulation: csv, encoding: utf-16}",
        logical("CSV", "t.csv", None, "; rml:encoding rml:UTF-16"),
    ),
    (
        "{access: t.csv, referenceFormulation: csv, encoding: windows-1256, delimiter: '|'}",
        logical(
            "CSV",
            "t.csv",
            None,
            '; csvw:dialect [ a csvw:Dialect ; csvw:delimiter "|" ; csvw:encoding "windows-1256" ]',
        ),
    ),
]


@pytest.mark.parametrize(("yaml", "turtle"), SOURCES, ids=[yaml for yaml, _ in SOURCES])
def test_sources_in_place(yaml: str, turtle: str, tmp_path: Path) -> None:
    text = f"mappings:\n  m:\n    source: {yaml}\n    s: http://e/s\n"
    same(read(text, tmp_path), f"m:m a rml:TriplesMap ; {turtle} ; rml:subjectMap [ rml:constant ex:s ] .")


ONE = [(yaml, turtle) for yaml, turtle in SOURCES if not yaml.startswith(("[[", "[{"))]


@pytest.mark.parametrize("name", ["here", "[here]", "[[here]]"])
@pytest.mark.parametrize(("yaml", "turtle"), ONE, ids=[yaml for yaml, _ in ONE])
def test_sources_by_name(yaml: str, turtle: str, name: str, tmp_path: Path) -> None:
    text = f"sources:\n  here: {yaml}\nmappings:\n  m: {{sources: {name}, s: 'http://e/s'}}\n"
    same(read(text, tmp_path), f"m:m a rml:TriplesMap ; {turtle} ; rml:subjectMap [ rml:constant ex:s ] .")


SUBJECTS = [
    ("subjects: ex:$(id)", SUBJECT),
    ("subject: ex:$(id)", SUBJECT),
    ("s: 'http://e/$(id)~iri'", SUBJECT),
    ("s: [ex:$(id)]", SUBJECT),
    ("s: {value: ex:$(id)}", SUBJECT),
    ("s: [{v: ex:$(id)}]", SUBJECT),
    ("s: $(iri)", 'rml:subjectMap [ rml:reference "iri" ]'),
    ("s: ex:one", "rml:subjectMap [ rml:constant ex:one ]"),
    ("s: null", "rml:subjectMap [ rml:termType rml:BlankNode ]"),
    ("s:", "rml:subjectMap [ rml:termType rml:BlankNode ]"),
    ("", "rml:subjectMap [ rml:termType rml:BlankNode ]"),
    ("s: ex:$(id)\n    graphs: ex:g", 'rml:subjectMap [ rml:template "http://e/{id}" ; rml:graph ex:g ]'),
    (
        "s: ex:$(id)\n    g: [ex:g, 'urn:x:$(id)']",
        'rml:subjectMap [ rml:template "http://e/{id}" ; rml:graph ex:g ; rml:graphMap [ rml:template "urn:x:{id}" ] ]',
    ),
]


@pytest.mark.parametrize(("yaml", "turtle"), SUBJECTS, ids=[yaml for yaml, _ in SUBJECTS])
def test_subjects_and_their_graphs(yaml: str, turtle: str, tmp_path: Path) -> None:
    text = f"prefixes: {{ex: http://e/}}\nmapping:\n  m:\n    sources: t.csv~csv\n    {yaml}\n"
    same(read(text, tmp_path), f"m:m a rml:TriplesMap ; {CSV} ; {turtle} .")


def test_several_sources_and_subjects_are_a_triples_map_each(tmp_path: Path) -> None:
    text = (
        "base: http://b/\nmappings:\n  a b:\n    sources: [[t.csv~csv], [u.csv~csv]]\n    s: ['http://e/$(x)', $(y)]\n"
    )
    first, second = logical("CSV", "t.csv", None), logical("CSV", "u.csv", None)
    x, y = 'rml:subjectMap [ rml:template "http://e/{x}" ]', 'rml:subjectMap [ rml:reference "y" ]'
    same(
        read(text, tmp_path),
        f"<http://b/a%20b> a rml:TriplesMap ; {first} ; {x} . <http://b/a%20b/2> a rml:TriplesMap ; {first} ; {y} ."
        f"<http://b/a%20b/3> a rml:TriplesMap ; {second} ; {x} . <http://b/a%20b/4> a rml:TriplesMap ; {second} ; {y} .",
    )


EQUAL = 'rml:joinCondition [ rml:child "c" ; rml:parent "i" ]'
LINKS = [
    ("condition: {function: equal, parameters: [[str1, $(c)], [str2, $(i)]]}", EQUAL),
    ("condition: {function: equal, parameters: [[str1, $(c), s], [str2, $(i), o]]}", EQUAL),
    ("condition: {function: equal, parameters: [[str1, $(i), object], [str2, $(c), subject]]}", EQUAL),
    ("condition: {fn: equal, pms: [{pm: str1, v: $(c)}, {parameter: str2, value: $(i), from: o}]}", EQUAL),
    ("condition: {f: idlab-fn:equal, parameters: [[grel:str1, $(c)], [grel:str2, $(i)]]}", EQUAL),
    ("condition: {function: 'equal(str1 = $(c), str2=$(i))'}", EQUAL),
    ("conditions: [{function: equal, parameters: [[str1, $(c)], [str2, $(i)]]}]", EQUAL),
    (
        "condition: [{function: 'equal(str1=$(c), str2=$(i))'}, {function: 'equal(str1=$(d), str2=x-$(j))'}]",
        f'{EQUAL}, [ rml:child "d" ; rml:parentMap [ rml:template "x-{{j}}" ] ]',
    ),
    (
        "condition: {function: equal, parameters: [[str1, Rabat], [str2, $(i)]]}",
        'rml:joinCondition [ rml:childMap [ rml:constant "Rabat" ] ; rml:parent "i" ]',
    ),
]


@pytest.mark.parametrize(("yaml", "turtle"), LINKS, ids=[yaml for yaml, _ in LINKS])
def test_links(yaml: str, turtle: str, tmp_path: Path) -> None:
    text = (
        f"{HEAD}    po:\n      - p: ex:in\n        o:\n          - {{mapping: other, {yaml}}}\n"
        "  other: {sources: u.csv~csv, s: 'ex:$(i)'}\n"
    )
    link = f"rml:predicateObjectMap [ rml:predicate ex:in ; rml:objectMap [ rml:parentTriplesMap m:other ; {turtle} ] ]"
    same(
        read(text, tmp_path),
        f"m:m a rml:TriplesMap ; {CSV} ; {SUBJECT} ; {link} . m:other a rml:TriplesMap ; "
        f'{logical("CSV", "u.csv", None)} ; rml:subjectMap [ rml:template "http://e/{{i}}" ] .',
    )


def test_a_link_within_one_source_needs_no_condition(tmp_path: Path) -> None:
    text = f"{HEAD}    po: [{{p: ex:in, o: {{mapping: city}}}}]\n  city: {{sources: t.csv~csv, s: 'ex:c/$(c)'}}\n"
    link = "rml:predicateObjectMap [ rml:predicate ex:in ; rml:objectMap [ rml:parentTriplesMap m:city ] ]"
    same(
        read(text, tmp_path),
        f"m:m a rml:TriplesMap ; {CSV} ; {SUBJECT} ; {link} . "
        f'm:city a rml:TriplesMap ; {CSV} ; rml:subjectMap [ rml:template "http://e/c/{{c}}" ] .',
    )


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("name", "$.name"),
        ("a.b[0]", "$.a.b[0]"),
        ("tags[*]", "$.tags[*]"),
        ("$.name", "$.name"),
        ("['a b']", "$['a b']"),
        ("Country Code", "$['Country Code']"),
        ("it's", r"$['it\\'s']"),
        ("الاسم", "$.الاسم"),
    ],
)
def test_bare_names_become_json_paths(reference: str, path: str, tmp_path: Path) -> None:
    text = f'mappings:\n  m:\n    sources: [p.json~jsonpath, "$.people[*]"]\n    s: "$({reference})"\n'
    turtle = logical("JSONPath", "p.json", "$.people[*]")
    same(read(text, tmp_path), f'm:m a rml:TriplesMap ; {turtle} ; rml:subjectMap [ rml:reference "{path}" ] .')


def test_every_statement_knows_its_line(tmp_path: Path) -> None:
    text = f"{HEAD}    po:\n      - [a, foaf:Person]\n      - p: ex:n\n        o:\n          - $(n)\n"
    lines = {
        str(s.object): s.position.line
        for s in read(text, tmp_path)
        if s.predicate.value.rpartition("/")[2] in {"path", "template", "object", "predicate", "reference"}
    }
    assert lines == {
        '"t.csv"': 4,
        '"http://e/{id}"': 5,
        "<http://xmlns.com/foaf/0.1/Person>": 7,
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>": 7,
        "<http://e/n>": 8,
        '"n"': 10,
    }


FAULTS = [
    ("mappings: [a]", 1, "'mappings' is written as names with values"),
    ("prefixes: {}", 1, "the document has no 'mappings'"),
    ("- a", 1, "the document is written as keys with values"),
    ("mapings: {}", 1, "has no 'mapings' in this subset of YARRRML .did you mean 'mappings'"),
    ("targets: {}\nmappings: {}", 1, "no 'targets'.*output of kg map"),
    ("mappings:\n  m: {}", 2, "the mapping 'm' has no 'sources'"),
    ("mappings:\n  m: {sources: t.csv}", 2, "there is no source 't.csv'"),
    ("sources: {people: [a.csv~csv]}\nmappings:\n  m: {sources: poeple}", 3, "did you mean 'people'"),
    ("mappings:\n  m: {sources: [t.csv]}", 2, "there is no source 't.csv'"),
    ("sources: {p: t.csv}\nmappings: {}", 1, "'t.csv' does not say how it is read .write t.csv~csv"),
    ("mappings:\n  m: {sources: t.csv~cvs}", 2, "unknown reference formulation 'cvs' .did you mean 'csv'"),
    ("mappings:\n  m: {sources: t.x~xquery}", 2, "unknown reference formulation 'xquery'"),
    ("mappings:\n  m: {sources: 'http://e/t.csv~csv'}", 2, "is no file"),
    ("mappings:\n  m: {sources: t.json~jsonpath}", 2, "the source has no iterator"),
    ("mappings:\n  m: {sources: [t.csv~csv, $]}", 2, "a CSV source has no iterator"),
    ("sources: {p: [t.csv~csv, a, b]}\nmappings: {}", 1, "a source is .file~formulation, iterator"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, type: oracle}}", 2, "type 'oracle'"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: sql, query: q, table: t}}", 2, "has table and query"),
    ("mappings:\n  m: {sources: t.sqlite~sql}", 2, "the source has no query"),
    (
        "mappings:\n  m: {sources: {access: t, referenceFormulation: sql, query: q, queryFormulation: sparql}}",
        2,
        "queries are those of SQL",
    ),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, namespaces: {a: b}}}", 2, "an XPath source"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, delimiter: ab}}", 2, "one character"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, encoding: utf-99}}", 2, "unknown encoding"),
    (
        "mappings:\n  m: {sources: {access: t, referenceFormulation: csv, type: mysql}}",
        2,
        "a database has a query or a table",
    ),
    ("mappings:\n  m: {sources: {access: t}}", 2, "no 'referenceFormulation'"),
    (HEAD + "    condition: {function: equal}", 6, "no 'condition'.*links between mappings only"),
    (HEAD + "    subject: ex:x", 6, "says a second time what 'subjects' says"),
    (HEAD + "    po:\n      - [ex:p]", 7, "two or three items, not 1"),
    (HEAD + "    po:\n      - {p: ex:p}", 7, "no 'objects'"),
    (HEAD + "    po:\n      - {o: x}", 7, "no 'predicates'"),
    (HEAD + "    po:\n      - {p: ex:p, o: []}", 7, "at least one predicate and one object"),
    (HEAD + "    po:\n      - [ex:p, null]", 7, "an object is a text"),
    (HEAD + "    po:\n      - [foa:name, $(n)]", 7, "the prefix 'foa' is not declared .did you mean 'foaf'"),
    (HEAD + "    po:\n      - [name, $(n)]", 7, "'name' is no IRI .write prefix:name"),
    (HEAD + "    po:\n      - [ex:p, ex:o]", 7, "'ex:o' would be a string here .write ex:o~iri"),
    (HEAD + "    po:\n      - [ex:p, [$(n), ar~lang]]", 7, r"stands where an object stands .write \[\[value, xx~lang"),
    (HEAD + "    po:\n      - [ex:p, [[a, ar~lang]], xsd:date]", 7, "an object is .value, datatype or xx~lang"),
    (HEAD + "    po:\n      - [ex:p, {value: a}, xsd:date]", 7, "says its datatype or language itself"),
    (HEAD + "    po:\n      - [ex:p, a, no_lang~lang]", 7, "'no_lang' is no language tag"),
    (HEAD + "    po:\n      - [ex:p, a, $(l)~lang]", 7, "a constant takes no datatype or language from the data"),
    (HEAD + "    po:\n      - [ex:p, $(a)~iri, xsd:date]", 7, "neither datatype nor language"),
    (HEAD + "    po:\n      - {p: ex:p, o: {value: a, datatype: xsd:date, language: ar}}", 7, "not both"),
    (HEAD + "    po:\n      - {p: ex:p, o: {value: $(a)~iri, type: literal}}", 7, "contradict each other"),
    (HEAD + "    po:\n      - {p: ex:p, o: {value: a, type: blank}}", 7, "unknown type 'blank'"),
    (HEAD + "    po:\n      - {p: ex:p, o: {function: ex:f}}", 7, "no 'function'.*prepare the column"),
    (HEAD + "    po:\n      - {p: ex:p, i: ex:q, o: $(a)~iri}", 7, "no 'i'.*subject and object exchanged"),
    (HEAD + "    po:\n      - [ex:p, $(n]", 7, "a reference is not closed"),
    (HEAD + "    po:\n      - [ex:p, $()]", 7, "a reference without a name"),
    (HEAD + "    po:\n      - {p: ex:p, o: {mapping: x}}", 7, "there is no mapping 'x'"),
    (
        HEAD + "    po:\n      - {p: ex:p, o: {mapping: other}}\n  other: {sources: u.csv~csv}",
        7,
        "different sources: the link needs a condition",
    ),
    (HEAD + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {}}}", 7, "the condition has no 'function'"),
    (
        HEAD
        + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: ex:f, parameters: [[str1, a], [str2, b]]}}}",
        7,
        "the function 'ex:f' is not part of this subset",
    ),
    (
        HEAD + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal, parameters: [[str1, a]]}}}",
        7,
        "'equal' compares two values",
    ),
    (
        HEAD
        + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal, parameters: [[x, a], [str2, b]]}}}",
        7,
        "'equal' has no parameter 'x'",
    ),
    (
        HEAD + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal(str1), parameters: []}}}",
        7,
        "'str1' is no parameter",
    ),
    (
        HEAD
        + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal, parameters: [[str1, a], [str1, b]]}}}",
        7,
        "two parameters for the same side",
    ),
    ("mappings:\n  m: &x {sources: t.csv~csv}", 2, "anchors and aliases are not allowed"),
    ("mappings: [", 2, "not YAML"),
]


@pytest.mark.parametrize(("text", "line", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_what_is_outside_the_subset_is_an_error_with_its_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=said) as caught:
        read(text, tmp_path)
    problem = caught.value.problems[0]
    assert problem.position is not None
    assert problem.position.line == line
    assert problem.position.path.endswith("mapping.yml")
    assert {p.code for p in caught.value.problems} == {"mapping"}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = HEAD + "    po:\n      - [foa:a, x]\n      - [ex:a, $(b]\n      - [ex:a]\n  n: {}\n"
    with pytest.raises(MappingError) as caught:
        read(text, tmp_path)
    assert [p.position.line for p in caught.value.problems if p.position] == [7, 8, 9, 10]


def test_an_absent_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no such file"):
        read_yarrrml(tmp_path / "none.yml")
    with pytest.raises(StorageError):
        read_yarrrml(tmp_path)


WORDS = st.sampled_from(
    [
        "a",
        "ex:p",
        "foa:x",
        "$(n)",
        "$(n",
        "ex:$(a b)~iri",
        "fr~lang",
        "t.csv~csv",
        "t.json~jsonpath",
        "$",
        "equal",
        "str1",
        "str2",
        "s",
        "m",
        "here",
        "",
        "null",
        "7",
        "http://e/ x",
        "<http://e/>",
        "iri",
        "literal",
        "xsd:date",
        "~",
    ]
)
KEYS = st.sampled_from(
    [
        "prefixes",
        "base",
        "sources",
        "mappings",
        "subjects",
        "s",
        "po",
        "p",
        "o",
        "objects",
        "g",
        "graphs",
        "value",
        "type",
        "datatype",
        "language",
        "mapping",
        "condition",
        "function",
        "parameters",
        "access",
        "iterator",
        "delimiter",
        "m",
        "referenceFormulation",
        "encoding",
        "ex",
        "here",
        "from",
        "parameter",
        "targets",
        "authors",
    ]
)
PARTS = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)
PAIRS = st.lists(st.lists(PARTS, min_size=1, max_size=3) | st.dictionaries(KEYS, PARTS, max_size=4), max_size=3)
MAPPINGS = st.fixed_dictionaries(
    {"sources": st.just("t.csv~csv") | PARTS}, optional={"s": WORDS | PARTS, "po": PAIRS | PARTS, "g": WORDS | PARTS}
)
DOCUMENTS = st.fixed_dictionaries(
    {"mappings": st.dictionaries(st.sampled_from(["m", "here", "a b"]), MAPPINGS | PARTS, max_size=2)},
    optional={"prefixes": st.just({"ex": "http://e/"}) | PARTS, "sources": PARTS, "base": WORDS},
)


@settings(max_examples=400, deadline=None)
@given(DOCUMENTS)
def test_any_document_is_read_or_refused_with_its_lines(document: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.yml"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        statements: tuple[Statement, ...] = ()
        places = []
        try:
            statements = read_yarrrml(path)
        except MappingError as error:
            places = [problem.position for problem in error.problems]
    assert None not in places
    same(statements, "".join(f"{s.subject} {s.predicate} {s.object} .\n" for s in statements))
