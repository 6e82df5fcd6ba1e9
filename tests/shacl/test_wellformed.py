"""Shapes are refused where SHACL says that they are ill-formed, judged by the W3C's own shapes for shapes."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from shared_data import ABSENT, SHARED

from kg.errors import ShapesError
from kg.shacl import Columns, read_shapes, shapes_graph, validate

SHAPES_OF_SHAPES = SHARED / "suites/shacl/tests/core/complex/shacl-shacl-data-shapes.ttl"
PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
PARAMETERS = re.findall(
    r"\w+",
    """
    targetNode targetClass targetSubjectsOf targetObjectsOf severity message deactivated and class closed datatype
    disjoint equals hasValue ignoredProperties in languageIn lessThan lessThanOrEquals maxCount maxExclusive
    maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or pattern flags property
    qualifiedValueShape qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint uniqueLang xone path
    """,
)
VALUES = (
    ":x", '"x"', '"x"@en', "1", "1.0", "true", '"yes"^^xsd:boolean', '"one"^^xsd:integer', "[]", "()", "( :x :y )",
    '( "en" "fr" )', "( [] )", ":N", ":Q", ":x , :y", '"a" , "b"', "1 , 2", "sh:IRI",
    "_:l . _:l rdf:first :x ; rdf:rest _:l",
)  # fmt: skip
HEADS = (":S a sh:NodeShape", ":S a sh:PropertyShape ; sh:path :p", ":S sh:targetNode :z")
OTHERS = ":N a sh:NodeShape . :Q a sh:PropertyShape ; sh:path :q ."
STRICTER = {"and", "node", "not", "or", "xone", "qualifiedValueShape", "path"}
"""Where the W3C's shapes leave out what the text asks: that shapes are no literals, paths no empty lists, and such."""


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE))


def is_accepted(quads: list[ox.Quad]) -> bool:
    try:
        shapes_graph(quads)
    except ShapesError:
        return False
    return True


@pytest.mark.skipif(not SHAPES_OF_SHAPES.exists(), reason=ABSENT)
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_what_the_w3c_calls_ill_formed_is_refused(parameter: str) -> None:
    judge = read_shapes(SHAPES_OF_SHAPES)
    for head, value in itertools.product(HEADS, VALUES):
        quads = parsed(f"{head} ; sh:{parameter} {value} . {OTHERS}")
        is_well_formed = validate(Columns.from_quads(quads), judge).conforms
        if not is_well_formed or parameter not in STRICTER:
            assert is_accepted(quads) == is_well_formed, f"{head} ; sh:{parameter} {value}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # what the shared cases hold: a name that leads nowhere, and a switch that is a text
        (":S sh:targetClass :C ; sh:property :P ,\n :Missing . :P sh:path :p .", "s.ttl:4: sh:property names urn:e/Missing"),
        (":S sh:targetNode :a ;\n sh:closed 'true' .", "s.ttl:4: sh:closed is no xsd:boolean (urn:e/S)"),
        # more of the same kind
        (":S sh:node :Q ,\n :P . :P sh:path :p . :Q sh:class :C .", "s.ttl:4: sh:node names urn:e/P, which has a sh:path"),
        (":S a sh:NodeShape ;\n sh:path :p .", "s.ttl:4: a node shape with sh:path (urn:e/S)"),
        (":S sh:property :Nmae . :Name sh:path :p .", "which has no sh:path (urn:e/S) (did you mean 'Name'?)"),
        (":S\n sh:closed 'ture'^^xsd:boolean .", "s.ttl:4: sh:closed is no xsd:boolean (urn:e/S)"),
        (":S sh:path :p ;\n sh:uniqueLang 1 .", "s.ttl:4: sh:uniqueLang is no xsd:boolean (urn:e/S)"),
        (":S sh:path :p ;\n sh:minCount '1_0'^^xsd:integer .", "s.ttl:4: sh:minCount is no xsd:integer (urn:e/S)"),
        ("[ a sh:NodeShape , rdfs:Class ] .", "s.ttl:3: a shape that is a class too needs an IRI"),
    ],
)  # fmt: skip
def test_ill_formed_shapes_are_told_at_their_lines(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "s.ttl").write_text(PREFIXES + text)
    with pytest.raises(ShapesError) as refused:
        read_shapes(tmp_path / "s.ttl", name=lambda path: path.name)
    assert said in str(refused.value)


@pytest.mark.parametrize("suffix", ["ttl", "nt"])
def test_a_fault_is_told_at_the_line_of_its_value(tmp_path: Path, suffix: str) -> None:
    statement = "<urn:S> <http://www.w3.org/ns/shacl#class> {} .\n"
    (tmp_path / f"s.{suffix}").write_text(statement.format("<urn:a>") + statement.format('"b"'))
    with pytest.raises(ShapesError, match=rf"s\.{suffix}:2: sh:class is no IRI \(urn:S\)"):
        read_shapes(tmp_path / f"s.{suffix}")
