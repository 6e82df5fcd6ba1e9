"""What is kept of a proof: taken up where it fits, and never believed where it does not."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.shacl import Before, Proof, Proofs, ShapesGraph, shapes_graph
from kg.shacl.gate import gate_columns, judged
from kg.store import canonical_lines

ONTOLOGY = "http://e/ontology"
PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> . "


def shaped(limit: int = 1, severity: str = "Warning") -> tuple[ShapesGraph, ...]:
    claims = (
        f":S sh:targetClass :A ; sh:property [ sh:path :p ; sh:maxCount {limit} ; sh:severity sh:{severity} ;"
        ' sh:message "too many"@en ] .'
    )
    texts = (claims, "", "")
    return tuple(
        shapes_graph(ox.parse(PREFIXES + t, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)) for t in texts
    )


def data(trig: str = "") -> list[str]:
    crowd = " ".join(f":n{n} a :A ; :p 1 ." for n in range(30)) + " :n7 :p 2 . "
    return canonical_lines(ox.parse("@prefix : <http://e/> . " + crowd + trig, format=ox.RdfFormat.TRIG))


class Project:
    """Releases in a folder, and what is kept beside them."""

    def __init__(self, releases: Path) -> None:
        self.releases, self.folder = releases, releases / ".parts" / "proof"

    def release(self, name: str, lines: list[str], before: Before | None = None, *, limit: int = 1) -> Proof:
        """Prove lines and publish them."""
        proof = Proofs(self.folder, ONTOLOGY, shaped(limit)).prove(lines, before)
        (self.releases / name).mkdir()
        self.before(name).graph.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
        proof.keep(name)
        return proof

    def before(self, name: str) -> Before:
        return Before(name, self.releases / name / "graph.nq.gz")

    def again(self, lines: list[str], name: str = "one", *, limit: int = 1) -> Proof:
        """Prove lines after a release; the report is that of the whole."""
        proof = Proofs(self.folder, ONTOLOGY, shaped(limit)).prove(lines, self.before(name), is_kept=False)
        whole = judged(gate_columns(lines, ONTOLOGY), shaped(limit)).report
        assert proof.report == whole
        assert {k: v for k, v in proof.report.coverage.items() if k[0] != "_"} == {"http://e/S": whole.focus_nodes}
        return proof


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = Project(tmp_path)
    first = found.release("one", data())
    assert (first.proved, first.whole) == (30, "there is no release to compare with")
    assert len(first.report) == 1
    return found


def test_an_unchanged_graph_is_not_proved_again(project: Project) -> None:
    proof = project.again(data())
    assert (proof.proved, proof.whole) == (0, None)
    assert proof.told == "0 pairs of a shape and a thing proved again, all else as before"


def test_of_a_changed_graph_what_the_change_reaches_is_proved(project: Project) -> None:
    proof = project.again(data(":n3 :p 2 . :x :p 1 ."))
    assert (proof.proved, proof.whole) == (1, None)
    assert [result.focus for result in proof.report.results] == ["http://e/n3", "http://e/n7"]


def test_release_after_release_stands_on_the_same_columns(project: Project) -> None:
    columns = sorted(project.folder.glob("columns-*"))
    assert project.release("two", data(":n3 :p 2 ."), project.before("one")).proved == 1
    assert project.release("three", data(":n4 :p 2 ."), project.before("two")).proved == 2
    assert sorted(project.folder.glob("columns-*")) == columns
    assert project.again(data(":n4 :p 2 ."), "three").proved == 0
    assert project.again(data(), "three").proved == 1
    assert project.again(data(":n5 :p 2 ."), "one").proved == 1


def test_what_no_release_needs_is_removed(project: Project) -> None:
    project.release("two", data(":n3 :p 2 ."), project.before("one"))
    (project.releases / "one" / "graph.nq.gz").unlink()
    (project.releases / "one").rmdir()
    (project.folder / ".columns-0.bin.0a0b0c0d").write_bytes(b"of a killed run")
    project.release("three", data(":ontology { :n9 a :A }"), project.before("two"))
    assert sorted(path.name for path in project.folder.glob("*.json")) == ["three.json"]
    assert len(list(project.folder.glob("*columns-*"))) == 1


@pytest.mark.parametrize(
    ("trig", "limit", "why"),
    [
        ("", 2, "what is kept of the proof of release one does not fit: other shapes, or another engine"),
        (":ontology { :B :label 1 }", 1, "the vocabulary or the class hierarchy has changed"),
        (":B <http://www.w3.org/2000/01/rdf-schema#subClassOf> :A . :x a :B .", 1, "the vocabulary or the class hier"),
        (" ".join(f":x{n} :p 1 ." for n in range(3000)), 1, "too much has changed since release one"),
    ],
)
def test_what_changes_everything_has_everything_proved(project: Project, trig: str, limit: int, why: str) -> None:
    proof = project.again(data(trig), limit=limit)
    assert proof.whole is not None
    assert proof.whole.startswith(why)
    assert proof.proved == proof.report.focus_nodes


def flipped(path: Path, place: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 1
    path.write_bytes(bytes(content))


def columns(project: Project) -> Path:
    (found,) = project.folder.glob("columns-*.bin")
    return found


DAMAGES: list[tuple[str, Callable[[Project], object]]] = [
    ("no record", lambda p: (p.folder / "one.json").unlink()),
    ("empty record", lambda p: (p.folder / "one.json").write_bytes(b"")),
    ("a byte of the record", lambda p: flipped(p.folder / "one.json", 0.7)),
    ("no columns", lambda p: columns(p).unlink()),
    ("empty columns", lambda p: columns(p).write_bytes(b"")),
    (
        "half of the columns",
        lambda p: columns(p).write_bytes(columns(p).read_bytes()[: columns(p).stat().st_size // 2]),
    ),
    ("no lines", lambda p: p.before("one").graph.unlink()),
    ("other lines", lambda p: p.before("one").graph.write_bytes(gzip.compress("\n".join(data(":z :z 1 .")).encode()))),
    ("a byte of the lines", lambda p: flipped(p.before("one").graph, 0.6)),
    ("half of the lines", lambda p: p.before("one").graph.write_bytes(p.before("one").graph.read_bytes()[:90])),
]


@pytest.mark.parametrize("damage", [damage for _, damage in DAMAGES], ids=[name for name, _ in DAMAGES])
def test_damage_costs_time_and_nothing_else(project: Project, damage: Callable[[Project], object]) -> None:
    damage(project)
    proof = project.again(data(":n3 :p 2 ."))
    assert proof.whole is not None
    assert proof.proved == 30


def test_no_flipped_byte_of_the_columns_makes_a_wrong_verdict(project: Project) -> None:
    path = columns(project)
    whole = path.read_bytes()
    for place in range(0, len(whole), 61):
        content = bytearray(whole)
        content[place] ^= 0x10
        path.write_bytes(bytes(content))
        project.again(data(":n3 :p 2 . :n8 a :B ."))


def test_a_graph_with_violations_leaves_what_is_kept(project: Project) -> None:
    before = sorted(path.read_bytes() for path in project.folder.iterdir())
    proofs = Proofs(project.folder, ONTOLOGY, shaped(severity="Violation"))
    proof = proofs.prove(data(":n3 :p 2 ."), project.before("one"))
    assert len(proof.report.violations) == 2
    assert sorted(path.read_bytes() for path in project.folder.iterdir()) == before


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "proof").write_text("in the way")
    proof = Proofs(tmp_path / "proof", ONTOLOGY, shaped()).prove(data())
    assert len(proof.report) == 1
    assert "nothing can be kept for the next time: " in (proof.whole or "")
    proof.keep("one")
