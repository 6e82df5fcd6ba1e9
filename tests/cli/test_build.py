"""`kg build` as a person uses it: own shapes, warnings, an empty folder, an empty default graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_project import CLAIMS, kg, make

OWN = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix zel: <https://w3id.org/zellige/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:own> a sh:NodeShape ; sh:targetClass zel:Laboratory ; sh:property <urn:own/note> .
<urn:own/note> sh:path rdfs:comment ; sh:minCount 1 ; sh:message "Give the laboratory a comment."@en .
"""
REVIEWED = CLAIMS.replace("modality: planned", "modality: done")


def test_own_shapes_beside_the_packaged_ones_hold(tmp_path: Path) -> None:
    project = make(tmp_path / "project", claims=REVIEWED)
    assert kg("build", cwd=project).returncode == 0
    kept = (project / "releases" / "current").readlink()
    (project / "shapes").mkdir()
    (project / "shapes" / "own.ttl").write_text(OWN)
    refused = kg("build", cwd=project)
    assert refused.returncode == 1
    assert "Give the laboratory a comment." in refused.stderr
    assert (project / "releases" / "current").readlink() == kept
    # The packaged shapes hold as well: a claim without a modality is refused by them.
    (project / "shapes" / "own.ttl").write_text(OWN.replace("sh:minCount 1", "sh:minCount 0"))
    (project / "data" / "claims" / "note.yaml").write_text(REVIEWED.replace("    modality: done\n", "", 1))
    assert kg("build", cwd=project).returncode == 1


def test_own_shapes_of_claims_see_the_claims(tmp_path: Path) -> None:
    project = make(tmp_path / "project", claims=REVIEWED)
    (project / "shapes").mkdir()
    (project / "shapes" / "own.claims.ttl").write_text(
        OWN.replace("zel:Laboratory", "zel:Claim").replace("Give the laboratory", "Give the claim")
    )
    refused = kg("build", cwd=project)
    assert refused.returncode == 1
    assert "data/claims/note.yaml:7: violation: Give the claim a comment." in refused.stderr


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("own.ttl", "this is no Turtle", "own.ttl:1: Turtle syntax"),
        ("own.ttl", OWN.replace("sh:minCount", "sh:minCuont"), "own.ttl:5: SHACL has no term sh:minCuont"),
        ("own.rdf", "<x/>", "own.rdf is not read: shapes are the files shapes/*.ttl"),
    ],
)
def test_shapes_that_cannot_act_stop_the_build(tmp_path: Path, name: str, text: str, said: str) -> None:
    project = make(tmp_path / "project")
    (project / "shapes").mkdir()
    (project / "shapes" / name).write_text(text)
    refused = kg("build", cwd=project)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert not (project / "releases" / "current").exists()


def test_own_shapes_are_inputs_of_the_release(tmp_path: Path) -> None:
    project = make(tmp_path / "project", claims=REVIEWED)
    (project / "shapes").mkdir()
    (project / "shapes" / "own.ttl").write_text(OWN.replace("sh:minCount 1", "sh:minCount 0"))
    assert kg("build", cwd=project).returncode == 0
    inputs = json.loads((project / "releases" / "current" / "manifest.json").read_text())["inputs"]
    assert {
        "shapes/own.ttl",
        "zellige/ontology/core/shapes/claims.ttl",
        "zellige/ontology/public-policy/shapes/domain.ttl",
    } <= inputs.keys()


def test_warnings_and_shapes_that_check_nothing_are_told_by_a_passing_build(tmp_path: Path) -> None:
    project = make(tmp_path / "project", claims=REVIEWED)
    (project / "shapes").mkdir()
    (project / "shapes" / "own.ttl").write_text(
        OWN.replace("<urn:own/note> sh:path", "<urn:own/note> sh:severity sh:Warning ; sh:path")
        + "<urn:idle> a sh:NodeShape ; sh:targetClass zel:Ministry .\n"
        + "<> <http://www.w3.org/2002/07/owl#imports> <https://example.org/more> .\n"
    )
    built = kg("build", cwd=project)
    assert built.returncode == 0
    assert "warning: Give the laboratory a comment." in built.stderr
    assert "shapes/own.ttl:6: no node is a target of the shape urn:idle: it checked nothing" in built.stderr
    assert "one that ends in .claims.ttl is run on the claims" in built.stderr
    assert "owl:imports <https://example.org/more> of the shapes is not read" in built.stderr


def test_an_empty_default_graph_is_told_with_its_reason(tmp_path: Path) -> None:
    project = make(tmp_path / "project", claims=CLAIMS.replace("reviewStatus: reviewed", "reviewStatus: located"))
    built = kg("build", cwd=project)
    assert built.returncode == 0
    assert "0 facts in the default graph: 2 claims located, not reviewed" in built.stderr


COMMANDS = (
    ["build"],
    ["verify", "--sources", "."],
    ["ontology", "--check"],
    ["query", "-"],
    ["export", "turtle"],
    ["diff", "a", "b"],
    ["serve", "--check"],
)


@pytest.mark.parametrize(
    "arguments", [["build", "."], ["verify", "."], ["ontology", "."], ["doctor", "."]], ids=" ".join
)
def test_a_folder_that_is_no_project_is_told_by_its_name(tmp_path: Path, arguments: list[str]) -> None:
    done = kg(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no project in .: no kg.toml (kg init FOLDER makes one; kg build --first" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('shapes = "shape"', "kg.toml:11: [paths] shapes: there is no 'shape'"),
        ('ontology = "ontologie"', "kg.toml:11: [paths] ontology: there is no 'ontologie'"),
        ('tables = "tabels"', "kg.toml:11: [paths] tables: there is no 'tabels'"),
        ('wikidata = "matches.tsv"', "kg.toml:11: [paths] wikidata: there is no 'matches.tsv'"),
        ('shapes = "kg.toml"', "kg.toml:11: [paths] shapes: 'kg.toml' is no folder"),
    ],
)
def test_a_path_that_is_set_and_leads_nowhere_is_refused(tmp_path: Path, setting: str, said: str) -> None:
    """Else the packaged shapes or ontology would be taken without a word, or tables be left out."""
    project = make(tmp_path / "project")
    (project / "kg.toml").write_text((project / "kg.toml").read_text().rstrip() + f"\n\n[paths]\n{setting}\n")
    refused = kg("build", cwd=project)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert not (project / "releases").exists()


def test_claims_under_another_suffix_are_not_left_out(tmp_path: Path) -> None:
    project = make(tmp_path / "project")
    (project / "data" / "claims" / "more.yml").write_text("claims: []")
    refused = kg("build", cwd=project)
    assert refused.returncode == 1
    assert "data/claims/more.yml is not read: claims are the files *.yaml (name it so)" in refused.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_without_a_project_a_command_says_what_is_missing(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "q.rq").write_text("ASK {}")
    done = kg(*("q.rq" if word == "-" else word for word in arguments), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no project here" in done.stderr
    assert "kg build --first-graph builds the graph that came with zellige" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["q.rq"]


def test_the_doctor_tells_of_the_installation_where_there_is_no_project(tmp_path: Path) -> None:
    done = kg("doctor", cwd=tmp_path)
    assert done.returncode == 0
    assert "none: no kg.toml in this folder or above it" in done.stdout


def test_the_first_graph_is_built_by_name_and_used_from_there(tmp_path: Path) -> None:
    assert kg("build", "--first-graph", "-q", cwd=tmp_path).returncode == 0
    (tmp_path / "q.rq").write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    answered = kg("query", "q.rq", "--format", "csv", cwd=tmp_path)
    assert answered.stdout.splitlines()[0] == "n"
    assert int(answered.stdout.splitlines()[1]) > 100
    assert kg("build", ".", "--first-graph", cwd=tmp_path).returncode == 2
