"""Shapes of a project's own in `kg build`: every file is read and on the level that its name says, or is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import CLAIMS, ROOT, kg, make

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix zel: <https://w3id.org/zellige/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix shape: <https://w3id.org/zellige/shape/> .
"""
LABORATORY = "<urn:own> a sh:NodeShape ; sh:targetClass zel:Laboratory ; sh:property <urn:own/note> .\n"
NOTE = '<urn:own/note> sh:path rdfs:comment ; sh:minCount {} ; sh:message "Give the laboratory a comment."@en .\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = make(tmp_path / "project", claims=CLAIMS.replace("modality: planned", "modality: done"))
    (folder / "shapes").mkdir()
    return folder


def write(project: Path, **files: str) -> None:
    for name, text in files.items():
        (project / "shapes" / f"{name.replace('__', '.')}.ttl").write_text(PREFIXES + text)


def warned(project: Path) -> list[str]:
    """The warnings of a build that passes."""
    done = kg("build", "--json", cwd=project)
    assert done.returncode == 0, done.stdout
    found: list[str] = json.loads(done.stdout)["data"]["warnings"]
    return found


@pytest.mark.parametrize("name", ["own.ttl.bak", "own.ttl~", "own.rq", "own.txt", "own.csv", "lib/own.ttl", "own.TTL"])
def test_a_file_that_would_not_be_read_stops_the_build(project: Path, name: str) -> None:
    (project / "shapes" / name).parent.mkdir(exist_ok=True)
    (project / "shapes" / name).write_text(PREFIXES + LABORATORY + NOTE.format(1))
    refused = kg("build", cwd=project)
    assert refused.returncode == 2
    assert f"shapes/{name} is not read: shapes are the files shapes/*.ttl" in refused.stderr
    assert not (project / "releases" / "current").exists()


def test_all_that_is_wrong_in_the_folder_is_told_at_once_and_documentation_may_stay(project: Path) -> None:
    for name in ("README.md", "LICENSE", ".own.ttl.swp", "own.shex", "Claims.ttl", "own_claims.ttl"):
        (project / "shapes" / name).write_text("")
    (project / "shapes" / "cases").mkdir()
    (project / "shapes" / "cases" / "a.ttl").write_text("not Turtle")
    (project / "shapes" / "folder.ttl").mkdir()
    (project / "shapes" / "gone.ttl").symlink_to("nowhere")
    refused = kg("build", "--json", cwd=project)
    assert refused.returncode == 2
    errors = json.loads(refused.stdout)["errors"]
    assert sorted((error["where"] or {}).get("file") or error["message"].split()[0] for error in errors) == [
        "shapes/Claims.ttl", "shapes/folder.ttl", "shapes/gone.ttl", "shapes/own.shex", "shapes/own_claims.ttl",
    ]  # fmt: skip
    assert errors[1]["message"] == "the name of the file leaves open whether its shapes are of the claims"
    assert "end it in .claims.ttl" in errors[1]["hint"]


def test_files_may_speak_of_one_another_and_of_the_packaged_shapes(project: Path) -> None:
    write(project, a=LABORATORY + "<urn:own> sh:property shape:PublicBodyShape-acronym .", b=NOTE.format(0))
    assert warned(project) == []
    write(project, b=NOTE.format(1))
    refused = kg("build", cwd=project)
    assert refused.returncode == 1
    assert "data/claims/note.yaml:7: violation: Give the laboratory a comment." in refused.stderr


def test_shapes_that_cannot_act_are_told_with_their_lines(project: Path) -> None:
    write(
        project,
        empty="",
        idle="[] a sh:NodeShape ; sh:targetClass zel:Ministry ; sh:class zel:PublicBody .\n" + NOTE.format(0),
        own__claims="<urn:c> sh:targetClass zel:Nothing ; sh:class zel:Claim .",
    )
    told = warned(project)
    elsewhere = " (this file is run on the default graph; one that ends in .claims.ttl is run on the claims)"
    assert told == [
        "shapes/own.claims.ttl:3: no node is a target of the shape urn:c: it checked nothing",
        "shapes/empty.ttl: states no shape: it checks nothing",
        f"shapes/idle.ttl:3: no node is a target of the shape here: it checked nothing{elsewhere}",
        "shapes/idle.ttl:4: no target leads to the shape urn:own/note: it checked nothing",
    ]


def test_an_own_file_does_not_switch_off_a_packaged_shape_in_silence(project: Path) -> None:
    write(project, own=LABORATORY + NOTE.format(0) + "shape:PublicBodyShape\n  sh:deactivated true .")
    (told,) = warned(project)
    assert told.startswith("shapes/own.ttl:6: sh:deactivated of https://w3id.org/zellige/shape/PublicBodyShape")
    assert told.endswith("changes a shape that came with zellige")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<urn:own> sh:node <urn:own/Nmae> . <urn:own/Name> a sh:NodeShape .", "sh:node names urn:own/Nmae, of which"),
        ("<urn:own> sh:or ( <urn:own/Nmae> ) . <urn:own/Name> a sh:NodeShape .", "sh:or names urn:own/Nmae, of which"),
        ("<urn:own> sh:property <urn:own/Nmae> . <urn:own/Name> sh:path rdfs:label .", "names urn:own/Nmae, which has"),
    ],
)
def test_a_name_that_leads_to_nothing_stops_the_build(project: Path, text: str, said: str) -> None:
    write(project, own="<urn:own> sh:targetClass zel:Laboratory .\n" + text)
    refused = kg("build", cwd=project)
    assert refused.returncode == 2
    assert f"shapes/own.ttl:4: {said if said.startswith('sh') else 'sh:property ' + said}" in refused.stderr
    assert "did you mean 'Name'?" in refused.stderr


def test_what_shapes_import_is_an_input_or_refused(project: Path) -> None:
    imports = "<> <http://www.w3.org/2002/07/owl#imports> <{}> ."
    write(project, a=LABORATORY + NOTE.format(0) + imports.format("b.ttl"), b="<urn:own> sh:nodeKind sh:IRI .")
    assert warned(project) == []
    (project / "shapes" / "cases").mkdir()
    (project / "shapes" / "cases" / "c.ttl").write_text(PREFIXES + NOTE.format(1))
    write(project, a=LABORATORY + imports.format("cases/c.ttl"))
    refused = kg("build", cwd=project)
    assert refused.returncode == 2
    assert "owl:imports leads to shapes/cases/c.ttl, which is no input of a release" in refused.stderr


def test_what_is_wrong_with_shapes_and_with_claims_is_told_together(project: Path) -> None:
    write(project, own="<urn:own> sh:closed 'yes' .")
    (project / "data" / "claims" / "note.yaml").write_text("claims: [{id: X}]")
    refused = kg("build", cwd=project)
    assert refused.returncode == 2
    assert "data/claims/note.yaml:1: claim 'X' says nothing" in refused.stderr
    assert "shapes/own.ttl:3: sh:closed is no xsd:boolean (urn:own)" in refused.stderr


def test_many_warnings_are_counted_and_the_first_are_shown_with_their_places(project: Path) -> None:
    shape = "<urn:s{0}> a sh:NodeShape ; sh:targetClass zel:Laboratory ; sh:property <urn:s{0}/p> .\n"
    value = "<urn:s{0}/p> sh:path rdfs:comment ; sh:minCount 1 ; sh:severity sh:{1} .\n"
    write(project, own="".join(shape.format(n) + value.format(n, "Info" if n % 4 else "Warning") for n in range(8)))
    done = kg("build", cwd=project)
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert told[0] == (
        "warning: the shapes hold, with 8 results that are no violations (2 warning, 6 info; all in report.json):"
    )
    assert told[1].startswith(
        "warning: data/claims/note.yaml:7: warning: fewer than 1 value of rdfs:comment (it has none) ["
    )
    assert told[3].startswith(
        "warning: data/claims/note.yaml:7: info: fewer than 1 value of rdfs:comment (it has none) ["
    )
    assert told[6:] == ["warning: and 3 more"]
    report = json.loads((project / "releases" / "current" / "report.json").read_text())
    assert len(report["results"]) == 8


def test_inputs_have_one_name_wherever_the_installation_lies(project: Path, tmp_path: Path) -> None:
    """A virtual environment within the project, of whatever Python, gives the same release."""
    assert kg("build", "-q", cwd=project).returncode == 0
    within = project / ".venv" / "lib"
    within.mkdir(parents=True)
    for name in ("kg", "server", "ontology", "vocabulary", "data", "kg.toml"):
        (within / name).symlink_to(ROOT / name)
    # A copy of the code, since a module finds its data beside the file that it resolves to.
    (within / "kg").unlink()
    subprocess.run(["cp", "-r", str(ROOT / "kg"), str(within / "kg")], check=True)
    built = subprocess.run(
        [sys.executable, "-m", "kg", "build", "-q", "--out", str(tmp_path / "other")],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(within)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(built.stdout.strip()).name == (project / "releases" / "current").readlink().name


def test_a_file_in_the_place_of_a_packaged_one_is_told_what_it_lacks(project: Path) -> None:
    packaged = (ROOT / "ontology" / "public-policy" / "shapes" / "domain.ttl").read_text()
    (project / "shapes" / "domain.ttl").write_text(packaged + "# a comment of our own\n")
    assert warned(project) == []
    write(project, domain=LABORATORY + NOTE.format(0))
    (told,) = warned(project)
    assert told.startswith("shapes/domain.ttl takes the place of the file that came with zellige, and lacks ")


def test_the_shapes_of_terms_are_those_of_the_vocabulary(project: Path) -> None:
    """A file of one's own under their name would switch off what every term demands."""
    write(project, terms=LABORATORY + NOTE.format(0))
    refused = kg("build", cwd=project)
    assert refused.returncode == 2
    assert "shapes/terms.ttl:1: this is the name of the shapes that follow from a vocabulary" in refused.stderr
