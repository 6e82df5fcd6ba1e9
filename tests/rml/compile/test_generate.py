"""What the compiler makes of every kind of term map: the lines, and the programs that a person may read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rml.by_hand import csv_source, json_source
from rml.running import mapping, run

from kg.errors import DataError, MappingError
from kg.rml import explain

ROWS = [
    {"i": "1", "n": "a b", "t": "x", "s": "urn", "u": "http://e/u", "l": "fr", "many": ["p", "q"], "k": 7, "b": True},
    {"i": "2", "n": "é\"\\\n'{}", "t": "", "s": "urn", "u": "v", "l": "ar", "many": [], "k": 0.5, "b": None},
]
TABLE = 'i,n,t,s,u,l\n1,a b,x,urn,http://e/u,fr\n2,"é""\\\n\'{}",,urn,v,ar\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "t.json").write_text(json.dumps(ROWS), encoding="utf-8")
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


SUBJECT = 'rml:subjectMap [ rml:template "http://e/{0}" ]'


def made(folder: Path, objects: str, source: str = "json", subject: str = SUBJECT, more: str = "") -> list[str]:
    """The lines of a mapping with one object map, without their common beginning."""
    logical = json_source("t.json") if source == "json" else csv_source("t.csv")
    subject = subject.replace("{0}", "{$.i}" if source == "json" else "{i}")
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {objects} ] {more} ]"
    lines = run(mapping(folder, f"ex:m {logical} ;\n {subject} ;\n {pair} ."), base="http://example.com/")
    return [line.removesuffix(" .").replace("<http://e/p> ", "").removeprefix("<http://e/") for line in lines if line]


EMPTY = {
    'rml:reference "$.t"': ['2> ""'],
    'rml:template "{$.n} \\\\{{$.t}\\\\}\'é\\"" ; rml:termType rml:Literal': ['2> "é\\"\\\\\\n\'{} {}\'é\\""'],
}
BOTH = pytest.mark.parametrize("source", ["json", "csv"])


@BOTH
@pytest.mark.parametrize(
    ("objects", "lines"),
    [
        ('rml:reference "n"', ['1> "a b"', '2> "é\\"\\\\\\n\'{}"']),
        ('rml:reference "t"', ['1> "x"']),
        ('rml:reference "n" ; rml:language "fr-MA"', ['1> "a b"@fr-MA', '2> "é\\"\\\\\\n\'{}"@fr-MA']),
        ('rml:reference "n" ; rml:datatype xsd:string', ['1> "a b"', '2> "é\\"\\\\\\n\'{}"']),
        ('rml:reference "i" ; rml:datatype <http://e/é>', ['1> "1"^^<http://e/é>', '2> "2"^^<http://e/é>']),
        (
            'rml:reference "i" ; rml:datatype xsd:integer',
            [f'{n}> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer>' for n in (1, 2)],
        ),
        ('rml:reference "n" ; rml:languageMap [ rml:reference "l" ]', ['1> "a b"@fr', '2> "é\\"\\\\\\n\'{}"@ar']),
        (
            'rml:reference "i" ; rml:datatypeMap [ rml:template "http://d/{l}" ]',
            ['1> "1"^^<http://d/fr>', '2> "2"^^<http://d/ar>'],
        ),
        ('rml:template "{n} \\\\{{t}\\\\}\'é\\"" ; rml:termType rml:Literal', ['1> "a b {x}\'é\\""']),
        (
            'rml:template "{i}" ; rml:termType rml:Literal ; rml:datatype xsd:integer',
            [f'{n}> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer>' for n in (1, 2)],
        ),
        ('rml:template "{i}" ; rml:termType rml:Literal ; rml:language "ar"', ['1> "1"@ar', '2> "2"@ar']),
        ('rml:template "http://e/{n}"', ["1> <http://e/a%20b>", "2> <http://e/é%22%5C%0A%27%7B%7D>"]),
        (
            'rml:template "http://e/{n}" ; rml:termType rml:URI',
            ["1> <http://e/a%20b>", "2> <http://e/%C3%A9%22%5C%0A%27%7B%7D>"],
        ),
        ('rml:template "http://e/é/{i}"', ["1> <http://e/é/1>", "2> <http://e/é/2>"]),
        ('rml:template "{s}:x/{n}"', ["1> <urn:x/a%20b>", "2> <urn:x/é%22%5C%0A%27%7B%7D>"]),
        (
            'rml:template "{s}:x/{n}" ; rml:termType rml:URI',
            ["1> <urn:x/a%20b>", "2> <urn:x/%C3%A9%22%5C%0A%27%7B%7D>"],
        ),
        ('rml:reference "u" ; rml:termType rml:IRI', ["1> <http://e/u>", "2> <http://example.com/v>"]),
        ('rml:reference "u" ; rml:termType rml:URI', ["1> <http://e/u>", "2> <http://example.com/v>"]),
        ('rml:reference "u" ; rml:termType rml:UnsafeIRI', ["1> <http://e/u>", "2> <http://example.com/v>"]),
        ('rml:template "{u}/w" ; rml:termType rml:UnsafeIRI', ["1> <http://e/u/w>", "2> <http://example.com/v/w>"]),
        ('rml:template "v/{i}"', ["1> <http://example.com/v/1>", "2> <http://example.com/v/2>"]),
        ('rml:template "{i}"', ["1> <http://example.com/1>", "2> <http://example.com/2>"]),
        ('rml:template "{n}" ; rml:termType rml:Literal', ['1> "a b"', '2> "é\\"\\\\\\n\'{}"']),
        ("rml:constant ex:é", ["1> <http://e/é>", "2> <http://e/é>"]),
        ('rml:constant "é {x}\'"@fr', ['1> "é {x}\'"@fr', '2> "é {x}\'"@fr']),
        ('rml:constant "c" ; rml:termType rml:Literal', ['1> "c"', '2> "c"']),
    ],
)
def test_a_term_is_written_as_its_map_says(folder, source, objects, lines):
    if source == "json":
        objects = re.sub(r'(?<=reference ")(?=\w)|(?<=[^\\]{)(?=\w})(?!x)|(?<="{)(?=\w})', "$.", objects)
        # An empty text is a value of a tree, and none of a table.
        lines = [*lines, *EMPTY.get(objects, ())]
    assert made(folder, objects, source) == lines


@pytest.mark.parametrize(
    ("objects", "lines"),
    [
        ('rml:reference "$.k"', [f'1> "7"^^<{"http://www.w3.org/2001/XMLSchema#integer"}>', '2> "5.0E-1"^^<http://www.w3.org/2001/XMLSchema#double>']),
        ('rml:reference "$.b"', ['1> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>']),
        ('rml:reference "$.b" ; rml:datatype xsd:string', ['1> "true"']),
        ('rml:reference "$.b" ; rml:language "fr"', ['1> "true"@fr']),
        ('rml:reference "$.many[*]"', ['1> "p"', '1> "q"']),
        ('rml:reference "$.many[*]" ; rml:language "fr"', ['1> "p"@fr', '1> "q"@fr']),
        ('rml:template "{$.many[*]}-{$.many[*]}" ; rml:termType rml:Literal', ['1> "p-p"', '1> "p-q"', '1> "q-p"', '1> "q-q"']),
        ('rml:template "http://e/{$.many[*]}/{$.i}/{$.many[*]}"', ["1> <http://e/p/1/p>", "1> <http://e/p/1/q>", "1> <http://e/q/1/p>", "1> <http://e/q/1/q>"]),
        ('rml:template "{$.s}:{$.many[*]}"', ["1> <urn:p>", "1> <urn:q>"]),
        ('rml:template "http://e/{$.b}"', ["1> <http://e/true>"]),
        ('rml:template "{$.s}:{$.b}"', ["1> <urn:true>"]),
        ('rml:reference "$.i" ; rml:languageMap [ rml:template "x-{$.many[*]}" ]', ['1> "1"@x-p', '1> "1"@x-q']),
        ('rml:reference "$.many[*]" ; rml:datatypeMap [ rml:template "http://d/{$.many[*]}" ]', ['1> "p"^^<http://d/p>', '1> "p"^^<http://d/q>', '1> "q"^^<http://d/p>', '1> "q"^^<http://d/q>']),
        ('rml:reference "$.many[*]" ; rml:datatypeMap [ rml:constant ex:d ]', ['1> "p"^^<http://e/d>', '1> "q"^^<http://e/d>']),
        ('rml:reference "$.i" ; rml:languageMap [ rml:reference "$.b" ]', None),
    ],
)  # fmt: skip
def test_values_of_a_tree_may_be_many_or_none(folder, objects, lines):
    if lines is None:
        assert made(folder, objects) == ['1> "1"@true']
    else:
        assert made(folder, objects) == lines


@BOTH
def test_blank_nodes_are_one_for_a_value_and_one_for_a_row(folder, source):
    reference = "$.s" if source == "json" else "s"
    first, second = made(folder, f'rml:reference "{reference}" ; rml:termType rml:BlankNode', source)
    assert first.split()[1] == second.split()[1]
    assert first.split()[1].startswith("_:")
    first, second = made(folder, "rml:termType rml:BlankNode", source)
    assert first.split()[1] != second.split()[1]
    first, second = made(folder, 'rml:constant "x"', source, "rml:subjectMap [ rml:termType rml:BlankNode ]")
    assert first.split()[0] != second.split()[0]


@BOTH
@pytest.mark.parametrize(
    ("graph", "ends"),
    [
        ("rml:graph ex:g", [" <http://e/g>"] * 2),
        ("rml:graph ex:é", [" <http://e/é>"] * 2),
        ("rml:graph rml:defaultGraph", ["", ""]),
        ('rml:graphMap [ rml:template "http://e/{0}" ]', [" <http://e/1>", " <http://e/2>"]),
        (
            'rml:graphMap [ rml:template "http://w3id.org/rml/{0}" ]',
            [" <http://w3id.org/rml/1>", " <http://w3id.org/rml/2>"],
        ),
        ('rml:graphMap [ rml:template "urn:{0}" ]', [" <urn:1>", " <urn:2>"]),
        ('rml:graphMap [ rml:template "{0}" ]', [" <http://example.com/1>", " <http://example.com/2>"]),
    ],
)
def test_a_line_ends_with_its_graph(folder, source, graph, ends):
    graph = graph.replace("{0}", "{$.i}" if source == "json" else "{i}")
    assert made(folder, 'rml:constant "x"', source, more=f"; {graph}") == [
        f'{n}> "x"{end}' for n, end in zip("12", ends, strict=True)
    ]


@pytest.mark.parametrize(
    "expression",
    [
        'rml:template "http://w3id.org/rml/{$.g}"',
        'rml:reference "$.iri"',
        'rml:template "{$.a}//w3id.org/rml/{$.g}" ; rml:termType rml:UnsafeIRI',
    ],
)
def test_a_graph_of_the_data_may_be_the_default_one(tmp_path, expression):
    rows = [
        {"i": n, "a": "http:", "g": name, "iri": f"http://w3id.org/rml/{name}"}
        for n, name in ((1, "defaultGraph"), (2, "other"))
    ]
    (tmp_path / "t.json").write_text(json.dumps(rows), encoding="utf-8")
    lines = made(tmp_path, 'rml:constant "x"', more=f"; rml:graphMap [ {expression} ]")
    assert lines == ['1> "x"', '2> "x" <http://w3id.org/rml/other>']


def test_a_graph_may_be_several_and_a_blank_node(folder):
    lines = made(
        folder, 'rml:constant "x"', more='; rml:graphMap [ rml:template "http://e/{$.many[*]}" ], [ rml:constant ex:c ]'
    )
    assert lines == ['1> "x" <http://e/p>', '1> "x" <http://e/q>', '1> "x" <http://e/c>', '2> "x" <http://e/c>']
    first, second = made(
        folder, 'rml:constant "x"', more='; rml:graphMap [ rml:reference "$.s" ; rml:termType rml:BlankNode ]'
    )
    assert first.split()[2] == second.split()[2]
    assert first.split()[2].startswith("_:")


@pytest.mark.parametrize(("subject", "made_of_it"), [("http://e/%4{0}", "http://e/%41"), ("a:{0}", "a:1")])
def test_a_template_that_may_make_no_iri_is_checked_row_by_row(folder, subject, made_of_it):
    (folder / "t.csv").write_text("i\n1\n", encoding="utf-8")
    (line,) = made(folder, 'rml:constant "x"', "csv", f'rml:subjectMap [ rml:template "{subject}" ]')
    assert line == f'{made_of_it.removeprefix("http://e/")}> "x"'.replace("a:1", "<a:1")


@pytest.mark.parametrize(("subject", "kind"), [("http://e/%{0}", DataError), ("x y/{0}", MappingError)])
def test_a_template_that_makes_no_iri_is_refused(folder, subject, kind):
    with pytest.raises(kind):
        made(folder, 'rml:constant "x"', "csv", f'rml:subjectMap [ rml:template "{subject}" ]')


PROGRAM = """\
# lines of http://e/m
#   C0: i
#   C1: t
#   C2: n
#   C3: l
#   percent_1: /m.ttl:4
#   part_2: /m.ttl:5
#   iri_3: /m.ttl:5
#   graphs_4: /m.ttl:5
#   tagged_5: /m.ttl:5
def program(batch):
    C0, C1, C2, C3, = batch.columns
    V0 = percent_1(C0)
    V1 = [f'<http://e/{v0}>' if v0 else '' for v0 in V0]
    V2 = part_2(C1)
    V3 = [f'{v2}' if v2 else '' for v2 in V2]
    V4 = iri_3(V3)
    V5 = [f'<{v4}>' if v4 else '' for v4 in V4]
    V6 = graphs_4(V5)
    V7 = tagged_5(C2, C3)
    return [f'{v1} <http://e/p> {v7}{g} .\\n' for v1, v6, v7 in zip(V1, V6, V7) if v1 and v7 for g in v6]
"""


def test_a_program_can_be_read(folder):
    graph = 'rml:graphMap [ rml:template "{t}" ]'
    pair = f'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "n" ; rml:languageMap [ rml:reference "l" ] ] ; {graph} ]'
    path = mapping(
        folder, f'ex:m {csv_source("t.csv")} ;\n rml:subjectMap [ rml:template "http://e/{{i}}" ] ;\n {pair} .'
    )
    assert explain(path).replace(str(folder), "") == PROGRAM
