"""The command line as a person meets it: results, talk, exit codes, and what is left behind when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from patience import PATIENCE
from small_project import CLAIMS, KG_TOML, ROOT, SOURCES, kg, make

from kg.cli.main import kg as group


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make(tmp_path / "project")


def current(project: Path) -> str:
    return (project / "releases" / "current").readlink().name


def test_build_query_export_and_diff(project: Path) -> None:
    built = kg("build", cwd=project)
    assert built.returncode == 0, built.stderr
    assert built.stdout == f"{project.resolve() / 'releases' / current(project)}\n"
    (project / "ask.rq").write_text("SELECT ?s { ?s a <https://w3id.org/zellige/ont#Laboratory> }")
    asked = kg("query", "ask.rq", "--format", "csv", cwd=project)
    assert (asked.returncode, asked.stdout.split()) == (0, ["s", "https://example.org/small/id/lab"])
    exported = kg("export", "ntriples", cwd=project)
    assert "<https://example.org/small/id/lab>" in exported.stdout
    same = kg("diff", "current", "current", "--json", cwd=project)
    assert json.loads(same.stdout)["ok"] is True


def test_a_folder_below_the_project_will_do(project: Path) -> None:
    assert kg("build", "-q", cwd=project / "data").returncode == 0
    assert (project / "releases" / "current").is_symlink()


def test_a_wrong_claim_leaves_the_last_good_release_serving(project: Path) -> None:
    assert kg("build", cwd=project).returncode == 0
    before = current(project)
    path = project / "data" / "claims" / "note.yaml"
    path.write_text(CLAIMS.replace("    evidence: {sentence: 2, start: 36, end: 48, exact: Deux parties}\n", ""))
    failed = kg("build", cwd=project)
    assert failed.returncode == 1
    assert "data/claims/note.yaml:17: " in failed.stderr
    assert failed.stdout == ""
    assert current(project) == before


def test_verify_names_the_line_of_the_claim_that_no_longer_holds(project: Path) -> None:
    assert kg("verify", "--sources", "texts", cwd=project).returncode == 0
    path = project / "texts" / "note.fr.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Deux parties", "Trois parties"), encoding="utf-8")
    failed = kg("verify", "--sources", "texts", cwd=project)
    assert failed.returncode == 1
    assert "data/claims/note.yaml:15: " not in failed.stderr
    assert "data/claims/note.yaml:24: claim 'N2'" in failed.stderr
    # What the text still has, elsewhere, is told with the text.
    path.write_text(text.replace("ouvrira", "ouvrirait"), encoding="utf-8")
    failed = kg("verify", "--sources", "texts", cwd=project)
    assert failed.returncode == 1
    assert "1 of the 2 quotes stands elsewhere in it (the text was changed" in failed.stderr
    assert "data/claims" not in failed.stderr


def test_quotes_whose_text_is_nowhere_are_told_as_one(project: Path) -> None:
    claim = "  - {{id: M{0}, modality: claimed, says: {{id: lab, acronym: L}}, evidence: words {0}}}\n"
    path = project / "data" / "claims" / "more.yaml"
    path.write_text("statedIn: note\nclaims:\n" + "".join(claim.format(number) for number in range(8)))
    built = kg("build", cwd=project)
    assert built.returncode == 1
    assert built.stderr.count("where its quote stands is not in") == 1
    assert "more.yaml:3: claim 'M0': where its quote stands" in built.stderr
    assert "and 7 times more: lines 4, 5, 6, 7, 8, ..." in built.stderr


BIG = "claims: " + "x" * 9_000_000


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"claims": CLAIMS.replace("modality: planned", "modalty: planned")}, 1, "note.yaml:10: unknown key 'modalty'"),
        ({"claims": CLAIMS.replace("sentence: 1", "sentence: one")}, 1, "note.yaml:15: 'sentence' must be a whole"),
        ({"claims": CLAIMS.replace("      id: lab", "     id: lab", 1)}, 1, "data/claims/note.yaml:13: not YAML"),
        ({"claims": CLAIMS.replace("id: N2", "id: N1")}, 1, "claim 'N1' exists already"),
        ({"claims": CLAIMS.replace("statedIn: note", "statedIn: lost")}, 1, "note.yaml:1: unknown document 'lost'"),
        ({"claims": CLAIMS.replace("start: 36, end: 48", "start: 936, end: 948")}, 1, "lie outside sentence 2"),
        ({"claims": BIG}, 1, "note.yaml:1: the file is larger than 8,000,000 bytes"),
        ({"claims": "a: &a [x, x]\nb: &b [*a, *a]\n"}, 1, "note.yaml:1: anchors and aliases are not allowed"),
        ({"claims": "[" * 5000}, 1, "note.yaml:1: nested more than 32 levels deep"),
        ({"claims": "claims: []\n"}, 0, ""),
        ({"sources": SOURCES.replace("sha256: ", "sha256: 0")}, 1, "must be 64 hexadecimal digits"),
        ({"toml": KG_TOML + "\n[pahts]\n"}, 2, "kg.toml:10: unknown section [pahts] (did you mean 'paths'?)"),
        ({"toml": KG_TOML.replace("base", "bsae")}, 2, "kg.toml:3: unknown key 'bsae'"),
        ({"toml": "= nothing"}, 2, "kg.toml is not TOML"),
    ],
)
def test_bad_input_gets_a_clear_message_and_leaves_nothing(
    tmp_path: Path, changed: dict[str, str], code: int, said: str
) -> None:
    project = make(tmp_path / "project", **changed)
    done = kg("build", cwd=project)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    if code:
        assert not (project / "releases" / "current").exists()
        assert not list(project.glob("releases/[0-9a-f]*"))


def test_a_file_that_is_not_utf8_names_its_line(project: Path) -> None:
    path = project / "data" / "claims" / "note.yaml"
    path.write_bytes(CLAIMS.encode().replace(b"Le laboratoire}", b"Le laborato\xe9re}"))
    done = kg("build", cwd=project)
    assert done.returncode == 1
    assert "data/claims/note.yaml:13: not UTF-8: byte 0xe9" in done.stderr


def test_releases_that_cannot_be_written_are_a_storage_error(project: Path) -> None:
    (project / "releases").write_text("a file in the way")
    done = kg("build", cwd=project)
    assert done.returncode == 3
    assert "releases" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_reports_errors_as_objects(project: Path) -> None:
    (project / "data" / "claims" / "note.yaml").write_text(CLAIMS.replace("modality: planned", "modality: plannd"))
    done = kg("build", "--json", cwd=project)
    body = json.loads(done.stdout)
    assert (done.returncode, body["ok"], body["command"], body["data"]) == (1, False, "build", None)
    assert body["errors"][0]["where"] == {"file": "data/claims/note.yaml", "line": 10, "column": 15}
    assert body["errors"][0]["hint"] == "did you mean 'planned'?"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nonsense"], 2),
        (["build", "--nonsense"], 2),
        (["build", "nowhere"], 2),
        (["export", "pdf"], 2),
        (["query", "nowhere.rq"], 2),
        (["diff", "current", "current"], 3),
        (["verify", "--sources", "nowhere"], 3),
        (["validate", "nowhere.ttl", "--shapes", "nowhere.ttl"], 2),
        (["--version"], 0),
        (["--help"], 0),
        (["completion", "bash"], 0),
    ],
)
def test_exit_codes(project: Path, arguments: list[str], code: int) -> None:
    done = kg(*arguments, cwd=project)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert code == 0 or done.stderr


def test_wrong_usage_in_json(project: Path) -> None:
    done = kg("export", "pdf", "--json", cwd=project)
    assert done.returncode == 2
    assert json.loads(done.stdout)["errors"][0]["code"] == "usage"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
        ("LOAD <http://127.0.0.1:9/>", "LOAD"),
        ("SELECT * {", "q.rq:1:11: the '{' of line 1 is not closed"),
    ],
)
def test_queries_that_are_refused(project: Path, text: str, said: str) -> None:
    assert kg("build", "-q", cwd=project).returncode == 0
    (project / "q.rq").write_text(text)
    done = kg("query", "q.rq", cwd=project)
    assert done.returncode == 2
    assert said.lower() in done.stderr.lower()


def test_version_names_the_engines(project: Path) -> None:
    names = [line.split()[0] for line in kg("--version", cwd=project).stdout.splitlines()]
    assert names == ["kg", "pyoxigraph", "rdflib", "pyshacl"]


def commands(of: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Every command, those within a group in its place."""
    context = click.Context(of)
    for name in of.list_commands(context):
        command = of.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            assert command.name == name
            yield from commands(command)
        else:
            yield name, command


def test_every_command_takes_the_common_options() -> None:
    for name, command in commands(group):
        assert command.name == name
        assert {"as_json", "verbose", "quiet", "debug"} <= {parameter.name for parameter in command.params}


def test_doctor_finds_a_stale_file_and_ontology_writes_it(project: Path, root: Path) -> None:
    import shutil

    shutil.copytree(root / "ontology", project / "ontology")
    (project / "ontology" / "core" / "ontology.ttl").write_text("# stale\n")
    told = kg("doctor", cwd=project)
    assert told.returncode == 3
    assert "generated file is stale: core/ontology.ttl" in told.stderr
    assert kg("ontology", "--check", cwd=project).returncode == 1
    assert kg("build", cwd=project).returncode == 1
    assert kg("ontology", cwd=project).stdout == "written: core/ontology.ttl\n"
    assert kg("doctor", cwd=project).returncode == 0


def test_two_builds_in_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    kept = []
    for name in ("a", "b"):
        project = make(tmp_path / name)
        assert kg("build", cwd=project, PYTHONHASHSEED="1" if name == "a" else "2").returncode == 0
        release = (project / "releases" / "current").resolve()
        kept.append(
            (release.name, *((release / file).read_bytes() for file in ("graph.nq.gz", "manifest.json", "void.ttl")))
        )
    assert kept[0] == kept[1]


def test_output_into_a_closed_pipe_is_no_error(project: Path) -> None:
    assert kg("build", "-q", cwd=project).returncode == 0
    import sys

    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m kg export nquads --graph all | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"],
        cwd=project, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    assert done.stdout.strip() == "0", done.stderr
    assert done.stderr == ""


def test_a_stray_file_beside_the_vocabulary_changes_no_id(project: Path, root: Path) -> None:
    import shutil

    shutil.copytree(root / "ontology", project / "ontology")
    assert kg("build", "-q", cwd=project).returncode == 0
    before = current(project)
    (project / "ontology" / "core" / ".terms.csv.swp").write_text("left by an editor")
    (project / "ontology" / "core" / "shapes" / "notes.md").write_text("left by a person")
    assert kg("build", "-q", cwd=project).returncode == 0
    assert current(project) == before


@pytest.mark.parametrize("output", ["missing/tables.zip", "missing/all.nq"])
def test_an_export_that_cannot_be_written_leaves_nothing(project: Path, output: str) -> None:
    assert kg("build", "-q", cwd=project).returncode == 0
    done = kg("export", "csv" if output.endswith("zip") else "nquads", "-o", output, cwd=project)
    assert done.returncode == 3
    assert f"cannot write {output}" in done.stderr
    assert not (project / "missing").exists()


def test_tables_that_fail_half_way_leave_the_folder_as_it_was(project: Path) -> None:
    assert kg("build", "-q", cwd=project).returncode == 0
    tables = project / "tables"
    # The last table's place is taken by a folder of the name it is first written under.
    (tables / ".claims.csv.part").mkdir(parents=True)
    assert kg("export", "csv", "-o", "tables", cwd=project).returncode == 3
    assert [path.name for path in tables.iterdir()] == [".claims.csv.part"]
    (tables / ".claims.csv.part").rmdir()
    assert kg("export", "csv", "-o", "tables", cwd=project).returncode == 0
    assert (tables / "claims.csv").is_file()


def test_the_formats_of_the_command_are_those_of_the_library() -> None:
    from kg import export
    from kg.cli.export import FORMATS

    assert set(FORMATS) == {*export.FORMATS, export.CSV, export.STATEMENTS}


def test_an_export_goes_into_a_pipe_and_leaves_it_a_pipe(project: Path) -> None:
    """And so into a device: it is not replaced by a file."""
    assert kg("build", "-q", cwd=project).returncode == 0
    os.mkfifo(project / "pipe")
    # What is read goes on into a file: an export is larger than a pipe that nobody empties.
    with (
        (project / "read.nt").open("wb") as read,
        subprocess.Popen(["cat", "pipe"], cwd=project, stdout=read) as reader,
    ):
        exported = kg("export", "ntriples", "-o", "pipe", cwd=project)
        assert reader.wait(timeout=PATIENCE) == 0
    assert (project / "read.nt").read_text(encoding="utf-8") == kg("export", "ntriples", cwd=project).stdout
    assert exported.returncode == 0, exported.stderr
    assert (project / "pipe").is_fifo()
    folder = kg("export", "ntriples", "-o", "data", cwd=project)
    assert (folder.returncode, folder.stderr) == (2, "error: data is a folder (name a file)\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("asked", [["--help"], ["--version"], ["build", "--help"], ["completion", "bash"]])
def test_help_that_cannot_be_written_is_told_in_a_line(asked: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "kg", *asked]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=told, check=False, timeout=PATIENCE
        )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "No space left on device (check space and rights)" in done.stderr
