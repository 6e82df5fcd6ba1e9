"""Which engine judges, on data with what follows from them, and in how many processes: one verdict, or a clear no."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from cli.validate.validating import PREFIXES, SHAPES, validated
from kg.shacl import jobs

RDFS = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
INVERSE = SHAPES.replace(":P sh:path :p ; sh:minCount 1", ":P sh:path [ sh:inversePath ( :p :q ) ] ; sh:maxCount 0")


def test_engines_that_disagree_are_told_apart(folder: Path) -> None:
    """pySHACL does not turn the steps of an inverse sequence around."""
    (folder / "s.ttl").write_text(INVERSE + ":T a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:Literal .\n")
    (folder / "d.ttl").write_text(
        "@prefix : <http://e/> . :x a :C . :y :p :a . :a :q :x . :b :q :y . :y a :C . :x :p :b ."
    )
    done = validated("d.ttl", "--shapes", "s.ttl", "--engine", "both")
    assert (done.code, done.out) == (3, "")
    first, *rest = done.err.splitlines()
    assert first == "error: the engines disagree: they share 2 results, and not 2"
    assert [line.split(": ", 3)[1:3] for line in rest] == [
        ["http://e/x", "native says, and pySHACL does not"],
        ["http://e/y", "native says, and pySHACL does not"],
    ]
    assert all("MaxCount, violation: Give it a p. [http://e/" in line for line in rest)
    errors = json.loads(validated("d.ttl", "--shapes", "s.ttl", "--engine", "both", "--json").out)["errors"]
    assert [(e["code"], (e["where"] or {}).get("iri")) for e in errors[1:]] == [
        ("engines-disagree", "http://e/x"), ("engines-disagree", "http://e/y"),
    ]  # fmt: skip


def test_it_is_told_which_engine_refuses(folder: Path) -> None:
    (folder / "s.ttl").write_text(SHAPES + ":S sh:node :T . :T sh:node :S .")
    assert validated("good.ttl", "--shapes", "s.ttl").code == 0
    done = validated("good.ttl", "--shapes", "s.ttl", "--engine", "both")
    assert (done.code, "error: pySHACL: " in done.err) == (2, True)


FOLLOWING = [
    ("rdfs", ":q rdfs:domain :C . :y :q 1 .", 1),
    ("rdfs", ":p rdfs:subPropertyOf :p0 . :q rdfs:subPropertyOf :p . :y a :C ; :q 1 .", 0),
    ("owl-rl", ":q owl:inverseOf :p . :y a :C . :z :q :y .", 0),
    ("owl-rl", ":y a :C . :y owl:sameAs :z . :z :p 1 .", 0),
    ("none", ":D rdfs:subClassOf :E . :E rdfs:subClassOf :C . :y a :D .", 1),
]


@pytest.mark.parametrize("engine", ["native", "both"])
@pytest.mark.parametrize(("regime", "data", "code"), FOLLOWING)
def test_what_follows_is_validated_with_what_is_stated(
    folder: Path, regime: str, data: str, code: int, engine: str
) -> None:
    (folder / "d.ttl").write_text(f"@prefix : <http://e/> . {RDFS}{data}")
    plain = validated("d.ttl", "--shapes", "s.ttl", "--engine", engine)
    done = validated("d.ttl", "--shapes", "s.ttl", "--inference", regime, "--engine", engine)
    assert done.code == code, done
    assert regime == "none" or (plain.code, plain.out.splitlines()[0]) != (done.code, done.out.splitlines()[0])


def test_what_follows_from_an_ontology_of_its_own_file_counts(folder: Path) -> None:
    (folder / "o.ttl").write_text(f"@prefix : <http://e/> . {RDFS}:q rdfs:domain :C .")
    (folder / "d.ttl").write_text("<http://e/y> <http://e/q> 1 .")
    assert validated("d.ttl", "--shapes", "s.ttl", "--ontology", "o.ttl", "--inference", "rdfs", "-v").code == 1


def test_what_is_stated_keeps_its_spelling(folder: Path) -> None:
    (folder / "s.ttl").write_text(
        SHAPES.replace("sh:minCount 1", 'sh:in ( "01"^^<http://www.w3.org/2001/XMLSchema#integer> )')
    )
    (folder / "d.ttl").write_text(
        '<http://e/x> a <http://e/C> ; <http://e/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    )
    assert validated("d.ttl", "--shapes", "s.ttl", "--inference", "owl-rl").out == "conforms\n"


def test_contradictions_are_told(folder: Path) -> None:
    (folder / "d.ttl").write_text(f"@prefix : <http://e/> . {RDFS}:C owl:disjointWith :D . :x a :C , :D ; :p 1 .")
    done = validated("d.ttl", "--shapes", "s.ttl", "--inference", "owl-rl")
    assert done.code == 0
    assert "the data contradict themselves (owl-rl): Disjoint classes http://e/" in done.warnings[0]
    assert validated("d.ttl", "--shapes", "s.ttl", "--inference", "rdfs").warnings == []


@pytest.fixture
def many(folder: Path) -> Path:
    """A dozen shapes with blank nodes, and data that break most of them."""
    shapes = [
        f":S{n} a sh:NodeShape ; sh:targetClass :C{n % 4} ; sh:property [ sh:path :p{n} ; sh:minCount 1 ; sh:class :D ] ."
        for n in range(12)
    ]
    (folder / "many.ttl").write_text(PREFIXES + "\n".join(shapes))
    rows = [f"[] a :C{n % 4} ; :p{n % 12} [ a :E{n} ] . :x{n} a :C{n % 4} ." for n in range(60)]
    (folder / "d.ttl").write_text("@prefix : <http://e/> .\n" + "\n".join(rows))
    return folder


@pytest.mark.parametrize("form", ["text", "json", "turtle"])
def test_processes_make_the_report_of_one(many: Path, form: str) -> None:
    alone = validated("d.ttl", "--shapes", "many.ttl", "--format", form)
    assert (alone.code, alone.out.count("\n") > 300) == (1, True)
    for count in (2, 3, 40):
        assert validated("d.ttl", "--shapes", "many.ttl", "--format", form, "--jobs", str(count)) == alone
    with_judge = validated("d.ttl", "--shapes", "many.ttl", "--format", form, "--jobs", "2", "--engine", "both")
    assert with_judge == alone


def test_a_shape_that_fails_is_told_as_by_one_process(many: Path) -> None:
    text = (many / "many.ttl").read_text()
    slow = 'sh:sparql [ sh:select "SELECT $this WHERE { $this a ?c . BIND (<urn:no-function>($this) AS ?x) FILTER (?x) }" ] .'
    (many / "many.ttl").write_text(text + "\n".join(f":S{n} {slow}" for n in (3, 5)))
    alone = validated("d.ttl", "--shapes", "many.ttl")
    assert validated("d.ttl", "--shapes", "many.ttl", "--jobs", "3") == alone


def test_a_process_that_is_killed_is_told(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "results", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
    done = validated("d.ttl", "--shapes", "many.ttl", "--jobs", "2")
    assert (done.code, "error: a worker ended with -9 (perhaps the machine is out of memory" in done.err) == (3, True)


def test_processes_are_of_the_native_engine(folder: Path) -> None:
    done = validated("good.ttl", "--shapes", "s.ttl", "--jobs", "2", "--engine", "pyshacl")
    assert (done.code, "--jobs is of the native engine" in done.err) == (2, True)
    assert validated("good.ttl", "--shapes", "s.ttl", "--jobs", "8").out == "conforms\n"
