"""`kg build` with and without the texts: what is published, what is refused, and what the report beside it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import small_project
from small_project import CLAIMS, KG_TOML, kg

from kg import pipeline
from kg.config import read_config
from kg.errors import EvidenceError, StorageError
from kg.release import Release, open_release

WRONG = CLAIMS.replace("exact: Deux parties", "exact: Trois partis").replace("end: 48", "end: 49")
WRONG = WRONG.replace("exact: Trois partis", "exact: Trois parties")
LOCATED = WRONG.replace("reviewStatus: reviewed", "reviewStatus: located")


def build(folder: Path, texts: Path | None = None) -> Release:
    return pipeline.build(read_config(folder, {}), lambda _: None, texts)


def bytes_of(release: Release) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in release.path.iterdir() if path.is_file()}


def figures(release: Release) -> tuple[int, int, int]:
    report = release.quotes
    assert report is not None
    return report.verified, report.failed, report.unchecked


def report_of(release: Release) -> Path:
    return release.path.with_name(release.id + ".quotes.json")


def test_a_release_is_the_same_with_the_texts_and_without(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project")
    without = build(project)
    assert figures(without) == (0, 0, 2)
    kept = bytes_of(without)
    shutil.rmtree(project / "releases")
    found = build(project, project / "texts")
    assert (found.id, bytes_of(found)) == (without.id, kept)
    assert figures(found) == (2, 0, 0)


def test_what_a_build_verified_stays_true_of_the_same_release(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project")
    assert figures(build(project)) == (0, 0, 2)
    assert figures(build(project, project / "texts")) == (2, 0, 0)
    again = build(project)
    assert figures(again) == (2, 0, 0)
    report_of(again).write_text("{", encoding="utf-8")
    assert again.quotes is None
    assert figures(build(project)) == (0, 0, 2)


def test_a_wrong_quote_of_a_reviewed_claim_publishes_nothing(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project")
    good = build(project, project / "texts")
    (project / "data" / "claims" / "note.yaml").write_text(WRONG, encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"data/claims/note\.yaml:24: claim 'N2': the text at 36-49 reads"):
        build(project, project / "texts")
    assert open_release(project / "releases").id == good.id
    assert {path.name for path in (project / "releases").glob("[!.]*")} == {
        "current",
        good.id,
        f"{good.id}.quotes.json",
    }
    # The same claims where nobody has the text.
    assert figures(build(project)) == (0, 0, 2)


def test_a_wrong_quote_of_another_claim_is_told_and_published(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project", claims=LOCATED)
    release = build(project, project / "texts")
    assert figures(release) == (1, 1, 0)
    assert release.quotes is not None
    (problem,) = release.quotes.documents["note"].mismatches
    assert str(problem).startswith("data/claims/note.yaml:24: claim 'N2': the text at 36-49 reads 'Deux parties '")


def test_a_report_goes_with_its_release_and_other_files_stay(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project")
    first = build(project)
    shutil.rmtree(first.path)
    (project / "releases" / "mine.quotes.json").write_text("{}", encoding="utf-8")
    aside = project / "releases" / f".{first.id}.quotes.json.0a1b2c3d"
    aside.write_text("{", encoding="utf-8")
    (project / "data" / "claims" / "note.yaml").write_text(LOCATED, encoding="utf-8")
    build(project)
    assert not report_of(first).exists()
    assert not aside.exists()
    assert (project / "releases" / "mine.quotes.json").exists()


def test_a_report_that_cannot_be_written_leaves_the_last_release(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project", claims=LOCATED)
    good = build(project)
    (project / "data" / "claims" / "note.yaml").write_text(CLAIMS, encoding="utf-8")
    other = build(project)
    (project / "data" / "claims" / "note.yaml").write_text(LOCATED, encoding="utf-8")
    report_of(good).unlink()
    report_of(good).mkdir()
    with pytest.raises(StorageError):
        build(project)
    assert open_release(project / "releases").id == other.id


def test_the_report_tells_no_path_of_the_machine(tmp_path: Path) -> None:
    claims = tmp_path / "elsewhere"
    toml = KG_TOML + f'\n[paths]\nclaims = "{claims}"\n'
    project = small_project.make(tmp_path / "project", claims=LOCATED, toml=toml)
    (project / "data" / "claims").rename(claims)
    body = report_of(build(project, project / "texts")).read_text(encoding="utf-8")
    assert str(tmp_path) not in body
    where = json.loads(body)["documents"]["note"]["mismatches"][0]["where"]
    assert (where["file"], where["line"]) == ("note.yaml", 24)


# --- what a person reads


def test_the_command_says_how_many_quotes_were_verified(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project")
    assert (
        "0 of 2 quotes verified against their texts; "
        "2 not: no text at hand (give --sources FOLDER, or set [paths] sources_texts)\n"
    ) in kg("build", cwd=project).stderr
    assert "2 of 2 quotes verified against their texts\n" in kg("build", "--sources", "texts", cwd=project).stderr
    told = json.loads(kg("build", "--json", cwd=project).stdout)["data"]["quotes"]
    assert told == {"quotes": 2, "verified": 2, "failed": 0, "unchecked": 0, "mismatches": []}


def test_the_command_lists_every_wrong_quote_and_exits_with_1(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project", claims=WRONG.replace("exact: Le lab", "exact: La lab"))
    done = kg("build", "--sources", "texts", cwd=project)
    assert done.returncode == 1
    assert [line.partition(" reads ")[0] for line in done.stderr.splitlines()[1:]] == [
        "error: data/claims/note.yaml:15: claim 'N1': the text at 0-22",
        "error: data/claims/note.yaml:24: claim 'N2': the text at 36-49",
    ]
    assert not (project / "releases" / "current").exists()
    located = small_project.make(tmp_path / "located", claims=LOCATED)
    done = kg("build", "--sources", "texts", cwd=located)
    assert done.returncode == 0
    assert "warning: data/claims/note.yaml:24: claim 'N2': the text at 36-49 reads" in done.stderr
    assert "1 of 2 quotes verified against their texts; 1 wrong, of claims that are not reviewed\n" in done.stderr


def test_the_folder_of_texts_is_a_setting_and_may_be_absent(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project", toml=KG_TOML + '\n[paths]\nsources_texts = "texts"\n')
    (project / "texts").rename(project / "kept")
    missing = kg("build", cwd=project)
    assert missing.returncode == 0
    assert "2 not: no text at hand (there is no folder 'texts', see [paths] sources_texts)" in missing.stderr
    (project / "kept").rename(project / "texts")
    assert "2 of 2 quotes verified against their texts\n" in kg("build", cwd=project).stderr
    assert kg("verify", cwd=project).stdout.startswith("2 quotes match in 1 documents")


def test_a_folder_that_is_not_there_is_an_error_before_anything_is_built(tmp_path: Path) -> None:
    project = small_project.make(tmp_path / "project")
    done = kg("build", "--sources", "nowhere", cwd=project)
    assert (done.returncode, (project / "releases").exists()) == (3, False)
    assert "no such folder: nowhere" in done.stderr
    done = kg("verify", cwd=project)
    assert done.returncode == 2
    assert "no folder of source texts (give --sources FOLDER, or set [paths] sources_texts in kg.toml)" in done.stderr
