"""How far a change reaches: the nodes that it can touch are proved, and no others."""

from __future__ import annotations

import dataclasses
import io
from typing import Final, cast, get_args

import pyoxigraph as ox
import pytest

from kg.shacl import Columns, ShapesGraph, shapes_graph
from kg.shacl.gate import gate_columns, judged
from kg.shacl.incremental import State, revalidate
from kg.shacl.incremental.packing import Packed, pack
from kg.shacl.incremental.reach import _KNOWN, Reach
from kg.shacl.incremental.views import View
from kg.shacl.paths import path_text
from kg.shacl.shapes.model import (
    Annotated,
    ClosedByTypes,
    Constraint,
    ListLength,
    MemberShape,
    Reifier,
    RootClass,
    Select,
    Shape,
    SingleLine,
    SomeValue,
    UniqueMembers,
    UniqueValues,
    Version,
)
from kg.shacl.sparql.patterns import is_changing, links
from kg.store import canonical_lines

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:prefixes sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^xsd:anyURI ] .
"""
ONTOLOGY = "http://e/ontology"
CROWD = " ".join(f":n{n} a :A ; :p :m{n} . :m{n} a :B ; :q {n} ." for n in range(50))
"""Fifty nodes of two classes, each with one of the other class."""


def shaped(text: str) -> ShapesGraph:
    return shapes_graph(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))


NONE = shaped("")
OF_12: Final = {
    Annotated, ClosedByTypes, ListLength, MemberShape, Reifier, RootClass, SingleLine, SomeValue, UniqueMembers,
    UniqueValues,
}  # fmt: skip
"""Constraints that no project has: its shapes are read as SHACL 1.0."""


def data(trig: str) -> set[str]:
    """Lines of data, without blank nodes."""
    text = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <http://e/> . " + trig
    return set(canonical_lines(ox.parse(text, format=ox.RdfFormat.TRIG)))


def proved(shapes: str, gone: str, new: str, crowd: str = CROWD) -> int:
    """How many pairs are proved after a change, which is held against the whole proof."""
    levels = (shaped(shapes), NONE)
    before, removed, added = data(crowd), data(gone), data(new)
    found = judged(gate_columns(sorted(before), ONTOLOGY), levels)
    file = io.BytesIO()
    pack(found.columns, file)
    state = State.opened(Packed(memoryview(file.getvalue())), found.verdicts)
    done = revalidate(state, encoded(removed), encoded(added), ONTOLOGY, levels)
    whole = judged(gate_columns(sorted(before - removed | added), ONTOLOGY), levels).report
    assert (done.report, done.report.coverage) == (whole, whole.coverage)
    return done.proved


def encoded(found: set[str]) -> list[bytes]:
    return [line.encode() for line in sorted(found)]


ON_A = ":S sh:targetClass :A ; sh:property [ "


@pytest.mark.parametrize(
    ("shapes", "gone", "new", "count"),
    [
        pytest.param(ON_A + "sh:path :p ; sh:maxCount 1 ] .", "", ":n1 :p :m2 .", 1, id="value"),
        pytest.param(ON_A + "sh:path :p ; sh:maxCount 1 ] .", "", ":n1 :other :m2 .", 0, id="another property"),
        pytest.param(ON_A + "sh:path :p ; sh:maxCount 1 ] .", "", ":x :p :m2 .", 0, id="no target"),
        pytest.param(ON_A + "sh:path :p ; sh:class :B ] .", ":m1 a :B .", "", 1, id="class of a value"),
        pytest.param(ON_A + "sh:path ( :p :q ) ; sh:minCount 1 ] .", ":m1 :q 1 .", "", 1, id="sequence"),
        pytest.param(ON_A + "sh:path ( :p :q ) ; sh:minCount 1 ] .", ":m1 :q 1 . :n1 :p :m1 .", "", 1, id="both steps"),
        pytest.param(
            ":S sh:targetClass :B ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:minCount 1 ] .",
            ":n1 :p :m1 .", "", 1, id="inverse",
        ),
        pytest.param(
            ON_A + "sh:path [ sh:zeroOrMorePath :p ] ; sh:maxCount 3 ] .", "", ":m1 :p :n2 .", 1, id="repetition",
        ),
        pytest.param(
            ON_A + "sh:path [ sh:alternativePath ( :r ( :p :q ) ) ] ; sh:minCount 1 ] .", ":m1 :q 1 .", "", 1,
            id="choice",
        ),
        pytest.param(ON_A + "sh:path :p ; sh:lessThan :r ] .", "", ":n1 :r 5 .", 1, id="pair"),
        pytest.param(
            ON_A + "sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:maxInclusive 9 ] ] ] .", ":m1 :q 1 .",
            ":m1 :q 99 .", 1, id="shape of a value",
        ),
        pytest.param(
            ON_A + "sh:path :p ; sh:not [ sh:or ( [ sh:property [ sh:path :q ; sh:minCount 2 ] ] [ sh:class :C ] ) ] ] .",
            "", ":m1 a :C . :m2 :q 3 .", 2, id="negation",
        ),
        pytest.param(
            ON_A + "sh:path :p ; sh:qualifiedValueShape [ sh:class :B ] ; sh:qualifiedMinCount 1 ] .", ":m1 a :B .", "",
            1, id="qualified",
        ),
        pytest.param(":S sh:targetClass :B ; sh:closed true .", "", ":m1 :odd 1 . :n1 :odd 1 .", 1, id="closed"),
        pytest.param(":S sh:targetSubjectsOf :q ; sh:class :B .", ":m1 :q 1 .", ":x :q 1 .", 1, id="subjects"),
        pytest.param(":S sh:targetObjectsOf :p ; sh:class :B .", ":n1 :p :m1 .", ":n1 :p :x .", 1, id="objects"),
        pytest.param(":S sh:targetNode :n1 , :absent ; sh:class :A .", "", ":absent a :A .", 1, id="nodes"),
        pytest.param(":S sh:targetClass :A ; sh:property [ sh:path :q ; sh:maxCount 0 ] .", ":n1 a :A .", "", 0, id="left"),
        pytest.param(":A a sh:NodeShape , rdfs:Class ; sh:nodeKind sh:IRI .", "", ":x a :A .", 1, id="implicit class"),
        pytest.param(ON_A + "sh:path :p ; sh:class :B ] .", "", ":B rdfs:subClassOf :A .", 100, id="hierarchy"),
        pytest.param(ON_A + "sh:path :p ; sh:class :B ] .", "", ":ontology { :z :p :z }", 50, id="vocabulary"),
        pytest.param(":S sh:targetClass :A ; sh:sparql [ sh:prefixes :prefixes ; sh:select "
            "'SELECT $this ?value WHERE { $this :p ?m . ?m :q ?value FILTER (?value > 90) }' ] .",
            ":m1 :q 1 .", ":m1 :q 99 .", 1, id="query"),
        pytest.param(":S sh:targetClass :A ; sh:sparql [ sh:prefixes :prefixes ; sh:select "
            "'SELECT $this WHERE { $this :p ?m . ?x :q ?y FILTER (?y > 90) }' ] .",
            ":m1 :q 1 .", ":m1 :q 99 .", 50, id="query of everything"),
        pytest.param(":S sh:targetClass :A ; sh:sparql [ sh:prefixes :prefixes ; sh:select "
            "'SELECT $this ?value WHERE { $this ?any ?value FILTER (?value = 99) }' ] .",
            "", ":x :other 99 .", 50, id="query of any property"),
        pytest.param(":S sh:targetClass :A ; sh:sparql [ sh:prefixes :prefixes ; sh:select "
            "'SELECT $this WHERE { $this :p ?x FILTER (year(now()) < 2000) }' ] .", "", "", 50, id="query of the time"),
        pytest.param(":S sh:targetClass :A ; sh:property [ sh:path :p ; sh:node :S ] , [ sh:path :p ; sh:minCount 1 ] .",
            "", ":n1 :p :n2 .", 50, id="circle"),
    ],
)  # fmt: skip
def test_a_change_reaches_what_looks_at_it(shapes: str, gone: str, new: str, count: int) -> None:
    assert proved(shapes, gone, new) == count


def test_a_statement_that_another_graph_still_makes_changes_nothing() -> None:
    shapes = ON_A + "sh:path :p ; sh:minCount 1 ] ."
    crowd = f":g {{ {CROWD} }} :h {{ :n1 :p :m1 }}"
    assert proved(shapes, ":h { :n1 :p :m1 }", ":i { :n2 :p :m2 }", crowd) == 0


def test_what_is_not_there_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="not there"):
        proved("", ":nobody :p 1 .", "")


SELECT = ":S sh:targetNode :a ; sh:path :shape ; sh:sparql [ sh:prefixes :prefixes ; sh:select '''{}''' ] ."


@pytest.mark.parametrize(
    ("query", "walked"),
    [
        ("SELECT $this WHERE { $this :p ?x }", ["this http://e/p"]),
        ("SELECT $this WHERE { $this $PATH ?x . FILTER (?x = $this) }", ["this http://e/shape"]),
        ("SELECT $this WHERE { $this :p ?x ; :q ?y , 1 . ?x :r 'a'@en . }",
         ["this http://e/p", "this http://e/q", "this http://e/q", "this <http://e/p>/<http://e/r>"]),
        ("SELECT $this WHERE { ?t :p $this . ?t :q ?x }", ["this ^<http://e/p>", "this ^<http://e/p>/<http://e/q>"]),
        ("SELECT $this WHERE { $this (:p|^:q) ?x FILTER NOT EXISTS { ?x :r ?y . ?y :s+ $this } }",
         ["this <http://e/p>|^<http://e/q>", "this (<http://e/p>|^<http://e/q>)/<http://e/r>",
          "this (<http://e/p>|^<http://e/q>)/<http://e/r>/<http://e/s>+"]),
        ("SELECT $this WHERE { $this :p ?x . ?y :q ?x }", None),  # may join 1 with 01
        ("SELECT $this WHERE { $this :p* ?x }", None),  # asks whether the node is in the store at all
        ("SELECT $this WHERE { $this :p ?x . ?y :q ?z }", None),
        ("SELECT $this WHERE { $this :p ?x OPTIONAL { ?x :q ?y } }", None),
        ("SELECT $this WHERE { { $this :p ?x } UNION { $this :q ?x } }", None),
        ("SELECT $this WHERE { $this :p ?x } LIMIT 1", None),
        ("SELECT $this WHERE { $this :p [ :q ?x ] }", None),
    ],
)  # fmt: skip
def test_a_plain_query_is_read_as_paths(query: str, walked: list[str] | None) -> None:
    shape = shaped(SELECT.format(query)).shapes.by_id["http://e/S"]
    (constraint,) = shape.constraints
    assert isinstance(constraint, Select)
    found = links(constraint.query, frozenset({"this"}))
    told = None if found is None else [f"{first} {path_text(path)}" for first, path in found]
    assert told == walked
    assert not is_changing(constraint.query)


def test_of_every_constraint_it_is_known_what_it_looks_at() -> None:
    """A constraint that is new, or has grown a part, is proved everywhere after each change: right, but slow."""
    known = {kind: set(fields) for kind, fields in _KNOWN.items()}
    kinds = set(get_args(Constraint)) - OF_12
    assert {kind: {field.name for field in dataclasses.fields(kind)} for kind in kinds} == known


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_shapes_of_shacl_12_are_proved_everywhere(version: Version) -> None:
    """A project is read as SHACL 1.0; whoever reads shapes as 1.2 is told that all is touched."""
    shapes = dataclasses.replace(shaped(":S sh:targetClass :C ; sh:nodeKind sh:IRI .").shapes, version=version)
    view = cast("View", Columns())
    reach = Reach(shapes, view, view, {})
    assert reach.is_fixed(shapes.by_id["http://e/S"].targets) == (version == "1.0")
    assert (reach.touched("http://e/S") is None) == (version == "1.2")


def test_a_shape_has_grown_no_part_that_a_change_may_touch() -> None:
    """What looks at data besides path, targets and constraints is to be followed in kg.shacl.incremental.reach."""
    names = {field.name for field in dataclasses.fields(Shape)}
    assert names == {
        "id",
        "targets",
        "path",
        "constraints",
        "severity",
        "messages",
        "is_deactivated",
        "added",
        "default",
    }
