"""Small mappings whose outcome was worked out by hand: the oracle and the mapper must both agree with it."""

from __future__ import annotations

from pathlib import Path

HEAD = "@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://e/> . @prefix csvw: <http://www.w3.org/ns/csvw#> .\n"


def csv_source(name: str, more: str = "") -> str:
    file = f'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{name}" {more}'
    return f"rml:logicalSource [ rml:referenceFormulation rml:CSV ; rml:source [ {file} ] ]"


def json_source(name: str) -> str:
    file = f'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{name}"'
    return f'rml:logicalSource [ rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" ; rml:source [ {file} ] ]'


NATURAL = (("true", "boolean"), ("false", "boolean"), ("7", "integer"), ("-0.5", "double"))

BY_HAND = [
    (
        "an empty cell gives no term, and so do the texts that mean nothing",
        {"t.csv": "\ufeffi,a\r\n1,x\r\n2,\r\n3,NA\r\n,y\r\n"},
        (
            f"ex:m {csv_source('t.csv', '; rml:null ' + chr(34) + 'NA' + chr(34))} ; "
            'rml:subjectMap [ rml:template "http://e/{i}" ; rml:class ex:C ] ; '
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ] .'
        ),
        [f"<http://e/{i}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C>" for i in (1, 2, 3)]
        + ['<http://e/1> <http://e/p> "x"'],
    ),
    (
        "cells hold line ends, quotes and delimiters as they are",
        {"t.csv": 'i;"a;\nb"\n1;"x ""y""\r\n;"\n'},
        (
            f"ex:m {csv_source('t.csv', '; csvw:dialect [ csvw:delimiter ' + chr(34) + ';' + chr(34) + ' ]')} ; "
            'rml:subjectMap [ rml:template "http://e/{i}" ] ; '
            r'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a;\nb" ] ] .'
        ),
        [r'<http://e/1> <http://e/p> "x \"y\"\r\n;"'],
    ),
    (
        "a join takes every pair that agrees in all conditions, and nothing is equal to an empty cell",
        {"c.csv": "i,k,l\n1,a,x\n2,b,x\n3,,x\n", "p.csv": "j,k,l\n7,a,x\n8,a,x\n9,a,y\n6,,x\n"},
        (
            f'ex:m {csv_source("c.csv")} ; rml:subjectMap [ rml:template "http://e/{{i}}" ] ; rml:predicateObjectMap [ '
            "rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap ex:n ; "
            'rml:joinCondition [ rml:child "k" ; rml:parent "k" ], [ rml:child "l" ; rml:parent "l" ] ] ] . '
            f'ex:n {csv_source("p.csv")} ; rml:subjectMap [ rml:template "http://e/{{j}}" ] .'
        ),
        [f"<http://e/1> <http://e/p> <http://e/{j}>" for j in (7, 8)],
    ),
    (
        "graphs of subject and predicate-object add up; a graph that is empty leaves the triple out",
        {"t.csv": "i,g\n1,x\n2,\n"},
        (
            f'ex:m {csv_source("t.csv")} ; rml:subjectMap [ rml:template "http://e/{{i}}" ] ; '
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "o" ; rml:graphMap [ rml:template "http://e/{g}" ] ] ; '
            'rml:predicateObjectMap [ rml:predicate ex:q ; rml:object "o" ; rml:graph rml:defaultGraph, ex:h ] .'
        ),
        ['<http://e/1> <http://e/p> "o" <http://e/x>']
        + [f'<http://e/{i}> <http://e/q> "o"{graph}' for i in (1, 2) for graph in ("", " <http://e/h>")],
    ),
    (
        "a value is one blank node, wherever it comes from",
        {"t.csv": "i,j\na,b\nb,a\n"},
        (
            f'ex:m {csv_source("t.csv")} ; rml:subjectMap [ rml:template "{{i}}" ; rml:termType rml:BlankNode ] ; '
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "j" ; rml:termType rml:BlankNode ] ] .'
        ),
        ["_:a <http://e/p> _:b", "_:b <http://e/p> _:a"],
    ),
    (
        "a join on several values holds if one of them agrees",
        {
            "c.json": '[{"i": 1, "k": ["z", "b"]}, {"i": 2, "k": ["x"]}, {"i": 3, "k": []}]',
            "p.json": '[{"j": 7, "k": ["a", "b"]}]',
        },
        (
            f'ex:m {json_source("c.json")} ; rml:subjectMap [ rml:template "http://e/{{$.i}}" ] ; rml:predicateObjectMap [ '
            "rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap ex:n ; "
            'rml:joinCondition [ rml:child "$.k[*]" ; rml:parent "$.k[*]" ] ] ] . '
            f'ex:n {json_source("p.json")} ; rml:subjectMap [ rml:template "http://e/{{$.j}}" ] .'
        ),
        ["<http://e/1> <http://e/p> <http://e/7>"],
    ),
    (
        "numbers and booleans of JSON keep their type, null and absence give no term, the empty string is a value",
        {"t.json": '[{"i": 1, "v": [true, false, 7, -0.5, "x", "", null, "7"]}, {"i": 2, "v": null}, {"i": 3}]'},
        (
            f'ex:m {json_source("t.json")} ; rml:subjectMap [ rml:template "http://e/{{$.i}}" ] ; '
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.v[*]" ] ] .'
        ),
        [
            f"<http://e/1> <http://e/p> {value}"
            for value in ('"x"', '""', '"7"', *(f'"{v}"^^<http://www.w3.org/2001/XMLSchema#{d}>' for v, d in NATURAL))
        ],
    ),
    (
        "a template with several values is made for every combination",
        {"t.json": '[{"a": ["x", "y"], "b": [1, 2], "c": []}]'},
        (
            f'ex:m {json_source("t.json")} ; rml:subjectMap [ rml:template "http://e/{{$.a[*]}}-{{$.b[*]}}" ] ; '
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "o" ; rml:objectMap [ rml:template "{$.c[*]}{$.a[*]}" ] ] .'
        ),
        [f'<http://e/{a}-{b}> <http://e/p> "o"' for a in "xy" for b in (1, 2)],
    ),
    (
        "values in IRIs are percent-encoded outside of the unreserved, for URIs outside of those of ASCII",
        {"t.csv": "i\nZoë/ 100%~سد\n"},
        (
            f'ex:m {csv_source("t.csv")} ; rml:subjectMap [ rml:template "http://e/é/{{i}}" ] ; rml:predicateObjectMap [ '
            'rml:predicate ex:p ; rml:objectMap [ rml:template "http://e/{i}" ; rml:termType rml:URI ] ] .'
        ),
        ["<http://e/é/Zoë%2F%20100%25~سد> <http://e/p> <http://e/Zo%C3%AB%2F%20100%25~%D8%B3%D8%AF>"],
    ),
    (
        "a class goes to the graphs of the subject alone, and nowhere if there are to be some and none is made",
        {"t.csv": "i,g\n1,x\n2,\n"},
        (
            f'ex:m {csv_source("t.csv")} ; rml:subjectMap [ rml:template "http://e/{{i}}" ; rml:class ex:C ; '
            'rml:graphMap [ rml:template "http://e/{g}" ] ] ; '
            'rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "o" ; rml:graph ex:h ] .'
        ),
        ["<http://e/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> <http://e/x>"]
        + ['<http://e/1> <http://e/p> "o" <http://e/x>']
        + [f'<http://e/{i}> <http://e/p> "o" <http://e/h>' for i in (1, 2)],
    ),
]
"""What it shows, the files, the mapping, and the quads."""

REFUSED = [
    ('rml:reference "b"', "x"),
    ('rml:reference "a" ; rml:termType rml:IRI', "a b"),
    ('rml:reference "a" ; rml:termType rml:IRI', "http://e/[a]"),
    ('rml:reference "a" ; rml:termType rml:IRI', "http://e/#a#b"),
    ('rml:reference "a" ; rml:termType rml:URI', "é"),
    ('rml:reference "a" ; rml:language "no_tag"', "x"),
    ('rml:reference "a" ; rml:languageMap [ rml:reference "a" ]', "no tag"),
    ('rml:reference "a" ; rml:datatype xsd:date', "2030-02-30"),
    ('rml:reference "a" ; rml:datatype xsd:integer', "1.0"),
    ('rml:reference "a" ; rml:datatype xsd:date ; rml:language "fr"', "2030-02-01"),
    ('rml:reference "a" ; rml:template "{a}"', "x"),
    ('rml:template "{a" ; rml:termType rml:Literal', "x"),
    ('rml:template "a}" ; rml:termType rml:Literal', "x"),
    ('rml:template "{}" ; rml:termType rml:Literal', "x"),
    ('rml:reference "a" ; rml:termType ex:Other', "x"),
    ("rml:termType rml:Literal", "x"),
    ('rml:reference "none"', "x"),
]
"""An object map and the one cell that it is used on."""


def write(folder: Path, files: dict[str, str], mapping: str) -> Path:
    """Put a case into a folder; the path of the mapping."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    path = folder / "m.ttl"
    path.write_text(HEAD + mapping, encoding="utf-8")
    return path


def write_refused(folder: Path, objects: str, cell: str) -> Path:
    """Put a case of `REFUSED` into a folder; the path of the mapping."""
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {objects} ] ]"
    subject = 'rml:subjectMap [ rml:template "http://e/{i}" ]'
    prefix = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    mapping = f"{prefix} ex:m {csv_source('t.csv')} ; {subject} ; {pair} ."
    return write(folder, {"t.csv": f"i,a\n1,{cell}\n"}, mapping)
