"""Ill-formed shapes: all of them told, or left out with what depends on them, and never in silence."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cli.validate.validating import PREFIXES, SHAPES, validated

ILL = ":Q sh:path :q ; sh:minCount '1' .\n"
TARGETED = ":{} a sh:NodeShape ; sh:targetClass :C ; {} .\n"


def lenient(folder: Path, shapes: str, data: str = "good.ttl", code: int = 2) -> list[str]:
    """The warnings of a lenient run, which ends as expected."""
    (folder / "l.ttl").write_text(SHAPES + shapes)
    done = validated(data, "--shapes", "l.ttl", "--lenient")
    assert done.code == code, done.err
    return done.warnings


def test_sound_shapes_judge_and_the_others_are_told_with_their_place(folder: Path) -> None:
    assert lenient(folder, ILL) == [
        "l.ttl:4: the shape http://e/Q is left out: sh:minCount is no xsd:integer (http://e/Q)"
    ]
    assert lenient(folder, ILL, "bad.ttl", code=1)[0].startswith("l.ttl:4: the shape http://e/Q is left out")
    refused = validated("bad.ttl", "--shapes", "l.ttl")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "error: l.ttl:4: sh:minCount is no xsd:integer (http://e/Q)\n"


def test_nothing_left_out_is_no_other_exit_code(folder: Path) -> None:
    assert lenient(folder, "", code=0) == []


def test_the_verdict_says_that_it_is_not_whole(folder: Path) -> None:
    lenient(folder, ILL + TARGETED.format("T", "sh:property :Q"))
    done = validated("good.ttl", "--shapes", "l.ttl", "--lenient")
    assert done.out == "conforms\nshapes left out: 1, and 1 in part: of these nothing is said\n"


@pytest.mark.parametrize("data", ["good.ttl", "bad.ttl"])
def test_json_lists_them(folder: Path, data: str) -> None:
    (folder / "l.ttl").write_text(SHAPES + ILL + TARGETED.format("T", "sh:property [ sh:path '' ]"))
    for option in ("--json", "--format=json"):
        done = validated(data, "--shapes", "l.ttl", "--lenient", option)
        answer = json.loads(done.out)
        found = (answer["data"] if option == "--json" else answer)["left_out"]
        assert [(left["shape"], left["in_part"]) for left in found] == [
            ("http://e/Q", False), (None, False), ("http://e/T", True),
        ]  # fmt: skip
        assert found[0]["problems"][0]["where"] == {"file": "l.ttl", "line": 4}


def test_other_forms_tell_them_too(folder: Path) -> None:
    (folder / "l.ttl").write_text(SHAPES + ILL)
    junit = ET.fromstring(validated("good.ttl", "--shapes", "l.ttl", "--lenient", "--format", "junit").out)
    assert (junit.get("tests"), junit.get("failures"), junit.get("errors")) == ("2", "0", "1")
    assert junit.findtext(".//error") == "l.ttl:4: sh:minCount is no xsd:integer (http://e/Q)"
    for form in ("sarif", "html"):
        done = validated("good.ttl", "--shapes", "l.ttl", "--lenient", "--format", form)
        assert (done.code, "the shape http://e/Q is left out" in done.out) == (2, True)


@pytest.mark.parametrize("called", ["sh:node :Q2", "sh:not :Q2", "sh:or ( :Q2 )", "sh:and ( :Q2 )", "sh:xone ( :Q2 )"])
def test_a_shape_that_refers_to_an_ill_formed_one_is_left_out(folder: Path, called: str) -> None:
    told = lenient(folder, ":Q2 a sh:NodeShape ; sh:nodeKind :None .\n" + TARGETED.format("T", called))
    assert told[1] == "l.ttl:5: the shape http://e/T is left out: it refers to http://e/Q2, which was left out"
    deeper = TARGETED.format("T", called) + TARGETED.format("U", "sh:node :T")
    told = lenient(folder, ":Q2 a sh:NodeShape ; sh:nodeKind :None .\n" + deeper)
    assert told[2] == "l.ttl:6: the shape http://e/U is left out: it refers to http://e/T, which was left out"


def test_a_shape_goes_on_without_an_ill_formed_property_shape(folder: Path) -> None:
    shape = TARGETED.format("T", "sh:property :Q , [ sh:path :r ; sh:minCount 1 ; sh:message 'Give it an r.' ]")
    told = lenient(folder, ILL + shape, code=1)
    assert told[1].startswith("l.ttl:5: the shape http://e/T is left out in part: it refers to http://e/Q, which was")
    assert "Give it an r." in validated("good.ttl", "--shapes", "l.ttl", "--lenient").out


@pytest.mark.parametrize(
    ("caller", "is_left_out"),
    [
        ("sh:not :T", True),
        ("sh:xone ( :T )", True),
        ("sh:node :T", False),
        ("sh:or ( :T )", False),
        ("sh:property [ sh:path :p ; sh:qualifiedValueShape :T ; sh:qualifiedMaxCount 0 ]", True),
    ],
)
def test_what_refuses_more_where_a_part_is_missing_is_left_out(folder: Path, caller: str, is_left_out: bool) -> None:
    """Without :Q, :T accepts :x, so that `sh:not :T` would call it a violation, and nobody knows whether it is one."""
    shapes = ILL + ":T a sh:NodeShape ; sh:property :Q .\n" + TARGETED.format("N", caller)
    told = lenient(folder, shapes)
    said = "of which a part was left out, and refuses what conforms to it"
    assert any(said in text for text in told) == is_left_out
    assert (
        any("is left out in part: it refers to http://e/T, of which a part was left out" in t for t in told)
        != is_left_out
    )


def test_a_closed_shape_allows_the_path_of_an_ill_formed_property_shape(folder: Path) -> None:
    closed = "sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property :P , {}"
    prefix = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    (folder / "good.ttl").write_text("<http://e/x> a <http://e/C> ; <http://e/p> 1 ; <http://e/q> 2 .")
    lenient(folder, prefix + ILL + TARGETED.format("T", closed.format(":Q")), code=2)
    told = lenient(folder, prefix + TARGETED.format("T", closed.format("[ sh:path ( :q ) ; sh:minCount 1 ]")), code=2)
    assert any("and it is closed over its properties" in text for text in told)


@pytest.mark.parametrize(
    ("ill", "name"),
    [
        ("sh:sparql [ sh:select 'SELECT $this WHERE { ?this ?p' ]", "T"),
        ("sh:minCuont 1", "T"),
        ("sh:or ( [ sh:nodeKind :None ] )", "T"),
        ("sh:rule [ a sh:TripleRule ]", "T"),
        (":limit 1", "T"),
        ("sh:not :T", "T"),
    ],
)
def test_what_is_ill_formed_below_a_shape_leaves_it_out(folder: Path, ill: str, name: str) -> None:
    component = (
        ":Limit a sh:ConstraintComponent ; sh:parameter [ sh:path :limit ] ; sh:validator [ a sh:SPARQLAskValidator ; "
        "sh:ask 'ASK {' ] .\n"
    )
    told = lenient(folder, (component if ":limit" in ill else "") + TARGETED.format(name, ill))
    assert any(f"the shape http://e/{name} is left out: " in text for text in told), told
    assert all(text.startswith("l.ttl:") for text in told)


def test_what_no_shape_uses_is_told_as_well(folder: Path) -> None:
    told = lenient(folder, ":none sh:entailment :E .\n")
    assert told == [
        "l.ttl:4: what no shape uses is left out: sh:entailment is not supported (entailment regimes) (http://e/none)"
    ]


def test_nothing_is_left_and_that_is_said(folder: Path) -> None:
    (folder / "l.ttl").write_text(PREFIXES + TARGETED.format("T", "sh:nodeKind :None"))
    done = validated("good.ttl", "--shapes", "l.ttl", "--lenient")
    assert (done.code, done.out.splitlines()[0]) == (2, "0 focus nodes: nothing was checked")
    assert "0 focus nodes: nothing was checked (no shape is left that has a target)" in done.warnings


@pytest.mark.parametrize("engine", ["pyshacl", "both"])
def test_the_other_engine_has_its_own_reading_of_ill_formed_shapes(folder: Path, engine: str) -> None:
    done = validated("good.ttl", "--shapes", "s.ttl", "--lenient", "--engine", engine)
    assert (done.code, "--lenient is of the native engine" in done.err) == (2, True)


def test_shapes_that_do_not_parse_are_not_passed_over(folder: Path) -> None:
    (folder / "broken.ttl").write_text(":S a sh:NodeShape")
    assert validated("good.ttl", "--shapes", "s.ttl", "--shapes", "broken.ttl", "--lenient").code == 2


XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:sh="http://www.w3.org/ns/shacl#">
<sh:NodeShape rdf:about="http://e/N">
<sh:nodeKind rdf:resource="http://e/None"/>
</sh:NodeShape></rdf:RDF>"""
JSON = '{"@id": "http://e/N", "http://www.w3.org/ns/shacl#nodeKind": {"@id": "http://e/None"}}'
LINE = "<http://e/N> <http://www.w3.org/ns/shacl#nodeKind> <http://e/None>"


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("n.trig", PREFIXES + ":g { :N a sh:NodeShape ;\nsh:nodeKind :None }", "n.trig:3: "),
        ("n.trig", PREFIXES + "GRAPH :g { :M a sh:NodeShape }\n{ :N sh:nodeKind :None . }", "n.trig:3: "),
        ("n.nq", f"# comment\n\n{LINE} <http://e/g> .\n", "n.nq:3: "),
        ("n.nt", f"\n{LINE} .", "n.nt:2: "),
        ("n.rdf", XML, "n.rdf:4: "),
        ("n.jsonld", JSON, "n.jsonld: "),
    ],
)
def test_every_syntax_of_shapes_has_a_place(folder: Path, name: str, text: str, place: str) -> None:
    """Beside another file, so that the name of the file is no matter of course."""
    (folder / name).write_text(text)
    done = validated("good.ttl", "--shapes", "s.ttl", "--shapes", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {place}sh:nodeKind is none of ")
