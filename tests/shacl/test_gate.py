"""The gate: two levels, on the lines that are published; and which files of shapes are run on which of them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import ShapesError
from kg.shacl import gate, shape_files, shapes_graph

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <urn:> .
"""
CLAIMS = shapes_graph(
    ox.parse(
        PREFIXES + ":c sh:targetClass :Claim ; sh:property :q . :q sh:path :by ; sh:minCount 1 .",
        format=ox.RdfFormat.TURTLE,
    )
)
DEFAULT = shapes_graph(
    ox.parse(
        PREFIXES + ":d sh:targetClass :Ministry ; sh:property :r . :r sh:path :date ; sh:maxCount 1 .",
        format=ox.RdfFormat.TURTLE,
    )
)


def lines(trig: str) -> list[str]:
    return (
        ox.serialize(ox.parse(PREFIXES + trig, format=ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS)
        .decode()
        .splitlines()
    )


def test_the_gate_lets_sources_disagree_but_not_the_facts() -> None:
    ontology = ":ontology { :Department rdfs:subClassOf :Ministry } "
    stated = ":g { :claim a :Claim ; :by :source . :m a :Department ; :date 1 , 2 } "
    assert gate(lines(ontology + stated + ":m a :Department ; :date 1 ."), "urn:ontology", CLAIMS, DEFAULT).conforms
    wrong = ontology + ":g { :claim a :Claim } :m a :Department ; :date 1 , 2 ."
    report = gate(lines(wrong), "urn:ontology", CLAIMS, DEFAULT)
    assert [(r.focus, r.shape) for r in report.results] == [("urn:claim", "urn:q"), ("urn:m", "urn:r")]
    assert report.coverage == {"urn:c": 1, "urn:d": 1}


TERMS = shapes_graph(
    ox.parse(
        PREFIXES + "<https://w3id.org/zellige/shape/term-chairs> sh:targetSubjectsOf :chairs ; sh:class :Person .",
        format=ox.RdfFormat.TURTLE,
    )
)


def told(trig: str) -> list[str]:
    return [result.focus for result in gate(lines(trig), "urn:ontology", CLAIMS, DEFAULT, TERMS).results]


def test_what_a_term_demands_holds_on_both_levels() -> None:
    assert told(":g { :amina :chairs :board } :h { :amina a :Person } :amina :chairs :board ; a :Person .") == []
    assert told(":g { :cafe :chairs :board }") == ["urn:cafe"]
    # Wrong on both levels: told once. Right only by what stayed out of the default graph: wrong.
    assert told(":g { :cafe :chairs :board ; a :Cafe } :cafe :chairs :board ; a :Cafe .") == ["urn:cafe"]
    assert told(":g { :cafe :chairs :board } :h { :cafe a :Person } :cafe :chairs :board ; a :Cafe .") == ["urn:cafe"]


def test_a_thing_without_a_type_in_the_default_graph_is_judged_by_all_that_is_stated() -> None:
    assert told(":g { :amina :chairs :board } :h { :amina a :Person } :amina :chairs :board .") == []


def test_a_shape_of_a_term_gives_way_to_one_that_says_the_same() -> None:
    """Words that were chosen for the case are better than those that were made."""
    same = shapes_graph(
        ox.parse(PREFIXES + ":e sh:targetSubjectsOf :chairs ; sh:class :Person .", format=ox.RdfFormat.TURTLE)
    )
    report = gate(lines(":g { :cafe :chairs :board }"), "urn:ontology", same, DEFAULT, TERMS)
    assert [result.shape for result in report.results] == ["urn:e"]


def test_a_statement_of_two_graphs_is_one_value() -> None:
    """The claims' level is the union of all graphs: what two of them say counts once."""
    twice = shapes_graph(
        ox.parse(
            PREFIXES + ":c sh:targetClass :Claim ; sh:property :q . :q sh:path :by ; sh:maxCount 1 .",
            format=ox.RdfFormat.TURTLE,
        )
    )
    stated = ":g { :claim a :Claim ; :by :source } :h { :claim :by :source }"
    assert gate(lines(stated), "urn:ontology", twice, DEFAULT).conforms


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    folder = tmp_path / "packaged"
    folder.mkdir()
    for name in ("claims.ttl", "domain.ttl"):
        (folder / name).write_text("")
    return folder


def test_files_of_a_project_join_the_packaged_ones_or_take_their_place(tmp_path: Path, packaged: Path) -> None:
    own = tmp_path / "shapes"
    own.mkdir()
    for name in ("own.ttl", "sources.claims.ttl", "domain.ttl", "README.md", ".hidden.ttl"):
        (own / name).write_text("")
    (own / "cases").mkdir()
    (own / "cases" / "a.ttl").write_text("")
    found = shape_files([packaged], own)
    assert found.claims == (packaged / "claims.ttl", own / "sources.claims.ttl")
    assert found.default_graph == (own / "domain.ttl", own / "own.ttl")


@pytest.mark.parametrize("name", ["own.rdf", "own.jsonld", "own.TTL", "own.ttl.gz", "more/own.ttl", "own.shaclc"])
def test_shapes_that_would_not_be_read_are_an_error(tmp_path: Path, packaged: Path, name: str) -> None:
    own = tmp_path / "shapes"
    (own / name).parent.mkdir(parents=True)
    (own / name).write_text("")
    with pytest.raises(
        ShapesError, match=r"is not read: shapes are the files shapes/\*\.ttl .*move it there in Turtle"
    ):
        shape_files([packaged], own)
