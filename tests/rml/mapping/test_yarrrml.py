"""Every spelling of the YARRRML subset stands for the same statements as the RML in Turtle beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rml.mapping.yarrrml_documents import HEAD, read, same

FILE = 'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t.csv"'
CSV = f"rml:logicalSource [ a rml:LogicalSource ; rml:referenceFormulation rml:CSV ; rml:source [ {FILE} ] ]"
SUBJECT = 'rml:subjectMap [ rml:template "http://e/{id}" ]'


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


def test_a_prefix_may_be_called_like_a_scheme_of_iris(tmp_path: Path) -> None:
    text = "prefixes: {graph: 'http://e/', tag: 'http://e/'}\nmappings:\n  m:\n    sources: t.csv~csv\n"
    turtle = 'rml:subjectMap [ rml:template "http://e/{id}" ; rml:graph ex:g ]'
    found = read(f"{text}    s: tag:$(id)\n    graphs: graph:g\n", tmp_path)
    same(found, f"m:m a rml:TriplesMap ; {CSV} ; {turtle} .")


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


def test_terms_of_every_role_go_to_targets(tmp_path: Path) -> None:
    text = """targets: {names: [n.ttl~void, turtle, gzip], all: out.nq}
mappings:
  m:
    sources: t.csv~csv
    s: {value: "http://e/$(id)", targets: all}
    g: {value: "http://e/g", targets: [[g.nq~localfile, nquads]]}
    po:
      - p: [{value: a, targets: [names, all]}]
        o: {value: "http://e/C", targets: all}
      - p: foaf:name
        o:
          - {value: $(n), language: {value: fr, targets: names}}
          - {value: x, type: literal, targets: all}
          - {mapping: m, targets: all}
"""
    same(
        read(text, tmp_path),
        """
        m:m a rml:TriplesMap ; rml:logicalSource [ a rml:LogicalSource ; rml:referenceFormulation rml:CSV ;
            rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t.csv" ] ] ;
          rml:subjectMap [ rml:template "http://e/{id}" ; rml:logicalTarget _:all ;
            rml:graphMap [ rml:constant <http://e/g> ; rml:logicalTarget _:g ] ] ;
          rml:predicateObjectMap [
            rml:predicateMap [ rml:constant rdf:type ; rml:logicalTarget _:names, _:all ] ;
            rml:objectMap [ rml:constant <http://e/C> ; rml:logicalTarget _:all ] ] ;
          rml:predicateObjectMap [ rml:predicate foaf:name ;
            rml:objectMap [ rml:reference "n" ; rml:languageMap [ rml:constant "fr" ; rml:logicalTarget _:names ] ] ,
              [ rml:constant "x" ; rml:logicalTarget _:all ] ,
              [ rml:parentTriplesMap m:m ; rml:logicalTarget _:all ] ] .
        _:all a rml:LogicalTarget ; rml:serialization <http://www.w3.org/ns/formats/N-Quads> ;
          rml:target [ a rml:FilePath ; rml:path "out.nq" ] .
        _:g a rml:LogicalTarget ; rml:serialization <http://www.w3.org/ns/formats/N-Quads> ;
          rml:target [ a rml:FilePath ; rml:path "g.nq" ] .
        _:names a rml:LogicalTarget ; rml:serialization <http://www.w3.org/ns/formats/Turtle> ;
          rml:compression rml:gzip ; rml:target [ a rml:FilePath ; rml:path "n.ttl" ] .
        """,
    )
