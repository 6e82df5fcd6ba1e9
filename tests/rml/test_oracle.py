"""The oracle passes the test cases of RML-Core: only then is it one."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from rml.datasets import canonical, from_oracle, lenient_nquads
from rml.oracle import Fault, interpret

SUITE = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "suites" / "rml-core"
METADATA = (SUITE / "metadata.csv").read_text(encoding="utf-8").splitlines() if SUITE.is_dir() else []
CASES = list(csv.DictReader(METADATA))


@pytest.mark.parametrize("case", CASES, ids=[case["ID"] for case in CASES])
def test_case(case: dict[str, str]) -> None:
    folder = SUITE / case["ID"]
    if case["error"] == "true":
        with pytest.raises(Fault):
            interpret(folder / case["mapping"], case["base_iri"])
        return
    expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
    assert canonical(from_oracle(interpret(folder / case["mapping"], case["base_iri"]))) == canonical(expected)


def test_the_suite_is_whole(shared: Path) -> None:
    assert len(CASES) == 76
    assert sum(case["error"] == "true" for case in CASES) == 15


HEAD = "@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://e/> . @prefix csvw: <http://www.w3.org/ns/csvw#> .\n"


def csv_source(name: str, more: str = "") -> str:
    file = f'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{name}" {more}'
    return f"rml:logicalSource [ rml:referenceFormulation rml:CSV ; rml:source [ {file} ] ]"


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
]


@pytest.mark.parametrize(
    ("files", "mapping", "lines"), [case[1:] for case in BY_HAND], ids=[case[0] for case in BY_HAND]
)
def test_cases_worked_out_by_hand(files: dict[str, str], mapping: str, lines: list[str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    (tmp_path / "m.ttl").write_text(HEAD + mapping, encoding="utf-8")
    expected = lenient_nquads("".join(f"{line} .\n" for line in lines))
    assert canonical(from_oracle(interpret(tmp_path / "m.ttl"))) == canonical(expected)


@pytest.mark.parametrize(
    ("objects", "cell"),
    [
        ('rml:reference "b"', "x"),
        ('rml:reference "a" ; rml:termType rml:IRI', "a b"),
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
    ],
)
def test_what_is_not_allowed_is_refused(objects: str, cell: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(f"i,a\n1,{cell}\n".encode())
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {objects} ] ]"
    subject = 'rml:subjectMap [ rml:template "http://e/{i}" ]'
    prefix = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    (tmp_path / "m.ttl").write_text(
        f"{HEAD}{prefix} ex:m {csv_source('t.csv')} ; {subject} ; {pair} .", encoding="utf-8"
    )
    with pytest.raises(Fault):
        interpret(tmp_path / "m.ttl")
