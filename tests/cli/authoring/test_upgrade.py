"""`kg upgrade`: a project of an earlier scaffold gets what is new, and keeps what is its own."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import scaffold
from kg.cli.authoring.upgrade import upgrade as command

WORKFLOW = ".github/workflows/graph.yml"
EXAMPLES = ("data/", "shapes/", "texts/")
Run = Callable[..., Result]


def earlier() -> scaffold.Record:
    """The scaffold before there was `kg test`: no answers, no cases, and a file that it no longer has."""
    now = scaffold.current("port", "https://example.org/port/")
    files = {path: text for path, text in now.files.items() if "/cases/" not in path and not path.endswith(".tsv")}
    files["README.md"] = "\n".join(line for line in files["README.md"].split("\n") if not line.startswith("kg test"))
    files[WORKFLOW] = files[WORKFLOW].replace("      - run: kg test\n", "")
    files["Makefile"] = "all:\n\tkg build\n"
    return dataclasses.replace(now, version="0.0.1", files=files)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    scaffold.write(tmp_path / "port", earlier())
    monkeypatch.chdir(tmp_path / "port")
    return tmp_path / "port"


@pytest.fixture
def run(project: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(command, arguments)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def test_an_untouched_project_becomes_what_is_made_now(project: Path, run: Run, tmp_path: Path) -> None:
    before = contents(project)
    dry = run("--dry-run")
    assert contents(project) == before
    done = run()
    assert dry.stdout == done.stdout
    assert done.stdout.splitlines() == [
        f"updated   {WORKFLOW}",
        "removed   Makefile",
        "updated   README.md",
        "added     data/queries/costs.tsv",
        "added     shapes/cases/invalid/Quantity.ttl",
        "added     shapes/cases/valid/Quantity.ttl",
    ]
    scaffold.make(tmp_path / "new", "port", "https://example.org/port/")
    assert contents(project) == contents(tmp_path / "new")
    assert "nothing to carry over" in run().stderr


def test_own_edits_stay_and_other_lines_are_carried_over(project: Path, run: Run) -> None:
    edit(project / "README.md", "# port\n", "# The port of Ras Nour\n")
    edit(project / WORKFLOW, '"3.12"', '"3.13"')
    edit(project / WORKFLOW, "\n", "\r\n")
    edit(project / "Makefile", "kg build", "kg build -q")
    edit(project / "data/claims/notice.yaml", "A quay was announced.", "A quay.")
    before = contents(project)
    done = run()
    assert done.exit_code == 0, done.stderr
    after = contents(project)
    kept = "an example, and the examples are changed here"
    assert done.stdout.splitlines() == [
        f"merged    {WORKFLOW}",
        "kept      Makefile: changed here, and no longer in the scaffold",
        "merged    README.md",
        f"kept      data/queries/costs.tsv: {kept}",
        f"kept      shapes/cases/invalid/Quantity.ttl: {kept}",
        f"kept      shapes/cases/valid/Quantity.ttl: {kept}",
    ]
    readme, workflow = after["README.md"].decode(), after[WORKFLOW].decode()
    assert readme.startswith("# The port of Ras Nour\n")
    assert "\nkg test " in readme
    assert '"3.13"' in workflow
    assert "\r\n      - run: kg test\r\n" in workflow
    assert workflow.count("\n") == workflow.count("\r\n")
    own = {path for path in before if path.startswith(EXAMPLES)}
    assert {path: after[path] for path in own} == {path: before[path] for path in own}
    assert set(after) == set(before)
    again = run()
    assert (again.exit_code, again.stdout) == (0, "")
    assert contents(project) == after


def test_changes_that_meet_are_told_with_their_lines(project: Path, run: Run) -> None:
    edit(project / WORKFLOW, "      - run: kg build --locked\n", "      - run: kg build --locked -v\n")
    line = (project / WORKFLOW).read_text(encoding="utf-8").split("\n").index("      - run: kg build --locked -v") + 1
    done = run("--dry-run")
    assert done.exit_code == 1
    assert f"{WORKFLOW}:{line}: the scaffold and the project change the same lines (keep what is right" in done.stderr
    assert "<<<<" not in (project / WORKFLOW).read_text(encoding="utf-8")
    assert run().exit_code == 1
    text = (project / WORKFLOW).read_text(encoding="utf-8")
    assert "<<<<<<< this project\n      - run: kg build --locked -v\n=======\n" in text
    assert "      - run: kg test\n>>>>>>> the scaffold now\n" in text
    assert run().exit_code == 0


def test_what_was_removed_stays_away_and_what_is_there_is_not_written_over(project: Path, run: Run) -> None:
    (project / "README.md").unlink()
    (project / "Makefile").unlink()
    (project / "data/queries/costs.tsv").write_text("mine", encoding="utf-8")
    done = run("--json")
    told = {one["path"]: (one["kind"], one.get("why", "")) for one in json.loads(done.stdout)["data"]["changes"]}
    assert told["README.md"] == ("kept", "removed here, and changed in the scaffold")
    assert told["data/queries/costs.tsv"] == ("kept", "the scaffold has a new file of this name")
    assert told["shapes/cases/valid/Quantity.ttl"] == ("added", "")
    assert "Makefile" not in told
    assert not (project / "README.md").exists()
    assert (project / "data/queries/costs.tsv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (None, 2, "there is no .zellige/scaffold.json in "),
        ("{\n,", 1, ".zellige/scaffold.json:2: not JSON: "),
        ("{}", 1, ".zellige/scaffold.json:1: not what kg init writes (take it from version control)"),
        (
            '{"zellige": "1", "name": "a", "base": "b", "kind": "rdf", "files": {"../x": []}}',
            1,
            ".zellige/scaffold.json:1: names files outside of the project",
        ),
    ],
)
def test_without_its_record_nothing_is_done(project: Path, run: Run, text: str | None, code: int, told: str) -> None:
    record = project / scaffold.RECORD
    record.unlink() if text is None else record.write_text(text, encoding="utf-8")
    before = contents(project)
    done = run()
    assert done.exit_code == code
    assert told in done.stderr
    assert contents(project) == before


def test_without_git_nothing_is_written(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(project / "README.md", "# port\n", "# Port\n")
    before = contents(project)
    monkeypatch.setenv("PATH", str(project))
    done = run()
    assert done.exit_code == 3
    assert "there is no git, which merges files (install git; nothing was written)" in done.stderr
    assert contents(project) == before
