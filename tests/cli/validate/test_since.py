"""`kg validate --since`, and builds that prove a difference: in processes of their own, as a person runs them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from small_project import kg, make

OWN = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix zel: <https://w3id.org/zellige/ont#> . @prefix schema: <https://schema.org/> .
<urn:own> sh:targetClass schema:Place ; sh:property [
    sh:path rdfs:label ; sh:minLength 10 ; sh:severity sh:Warning ; sh:message "A short label."@en ] .
"""
AGAIN = re.compile(r"(\d+) pairs of a shape and a thing proved again, all else as before")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project with a release that has warnings."""
    folder = make(tmp_path / "project")
    (folder / "shapes").mkdir()
    (folder / "shapes" / "own.claims.ttl").write_text(OWN, encoding="utf-8")
    done = kg("build", "-v", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "proved: there is no release to compare with); writing the release" in done.stderr
    return folder


def change(folder: Path, old: str, new: str, file: str = "entities.yaml") -> None:
    path = folder / "data" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def proved_again(said: str) -> int:
    found = AGAIN.search(said)
    assert found, said
    return int(found[1])


def test_an_unchanged_project_is_not_proved_again(built: Path) -> None:
    first = sorted(path.name for path in (built / "releases").iterdir())
    again = kg("build", "-v", cwd=built)
    assert "nothing has changed: the release is there\n" in again.stderr
    assert "the shapes hold, with " in again.stderr
    assert sorted(path.name for path in (built / "releases").iterdir()) == first


def test_after_a_change_a_part_is_proved_and_all_is_reported(built: Path) -> None:
    change(built, "en: The city", "en: The great old city")
    difference = kg("validate", "--since", "current", cwd=built)
    assert 0 < proved_again(difference.stderr) < 40
    assert difference.returncode == 1
    assert difference.stdout.count("warning: A short label.") == 2
    assert "The great old city" not in difference.stdout
    shutil.rmtree(built / "releases" / ".parts")
    whole = kg("validate", "--since", "current", cwd=built)
    assert "proved: nothing is kept of the proof of release " in whole.stderr
    assert (whole.stdout, whole.returncode) == (difference.stdout, 1)


def test_a_build_after_a_change_publishes_what_a_whole_proof_would(built: Path, tmp_path: Path) -> None:
    change(built, "en: The city", "en: Town")
    done = kg("build", "-v", cwd=built)
    assert 0 < proved_again(done.stderr) < 40
    fresh = kg("build", "--out", str(tmp_path / "fresh"), cwd=built)
    names = [Path(run.stdout.strip()).name for run in (done, fresh)]
    assert names[0] == names[1]
    for name in ("report.json", "report.ttl", "manifest.json"):
        assert (built / "releases" / names[0] / name).read_bytes() == (
            tmp_path / "fresh" / names[0] / name
        ).read_bytes()


def test_what_a_change_breaks_is_told_where_it_is_written(built: Path) -> None:
    change(
        built,
        "lifecycleStatus: planned\n",
        "lifecycleStatus: planned\n      partOfInstrument: lab\n",
        "claims/note.yaml",
    )
    done = kg("validate", "--since", "current", "--fail-on", "violation", cwd=built)
    assert 0 < proved_again(done.stderr) < 40
    assert done.returncode == 1
    said = "data/claims/note.yaml:7: violation: Only a thing of the type PolicyInstrument (policy instrument) has"
    assert said in done.stdout
    again = kg("build", cwd=built)
    assert f"error: {said}" in again.stderr
    assert again.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "0000"], "error: no release '0000' in "),
        (
            ["--since", "current", "--lenient"],
            "error: --since goes without --lenient: the data and the shapes are those",
        ),
        (["--since", "current", "--shapes", "x.ttl"], "error: --since goes without --shapes: "),
        (["--since", "current", ".", "."], "error: --since takes one folder of a project"),
        (["--since", "current", "data"], "error: there is no project in data: no kg.toml"),
        (["--shapes", "x.ttl"], "Missing argument 'DATA...'"),
        (["data"], "Missing option '--shapes'"),
    ],
)
def test_what_would_have_no_effect_is_refused(built: Path, arguments: list[str], said: str) -> None:
    done = kg("validate", *arguments, cwd=built)
    assert said in done.stderr
    assert done.returncode == 2 if "0000" not in said else done.returncode != 0
