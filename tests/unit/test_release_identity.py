"""What a release's id and manifest are made of, to the letter, and how each damage is named."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from release_samples import BASE, PROJECT, sample_contents

from kg.errors import ReleaseError
from kg.release import Release, list_releases, open_release, publish, source_date, verify


@pytest.fixture
def releases(tmp_path):
    return tmp_path / "deep" / "releases"


@pytest.fixture
def release(releases):
    return publish(sample_contents(counts={"rows": 3}), releases, {})


def told(function, *given) -> tuple[str, str | None]:
    with pytest.raises(ReleaseError) as caught:
        function(*given)
    (problem,) = caught.value.problems
    return problem.message, problem.hint


def test_the_id_is_made_of_these_parts_in_this_form(release):
    manifest = release.manifest
    identity = {
        "graph": manifest["rdfc10"],
        "inputs": {"data/claims/sample.yaml": "0" * 64, "kg.toml": "1" * 64},
        "project": {
            "base": BASE,
            "description": dict(PROJECT.description),
            "licence": PROJECT.licence,
            "name": "sample",
            "publisher": "The sample's makers",
            "title": dict(PROJECT.title),
        },
        "rule": manifest["rule"],
        "versions": manifest["versions"],
    }
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert release.id == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_manifest_says_all_that_went_in(release):
    manifest, contents = release.manifest, sample_contents()
    assert manifest.keys() == {
        "base", "counts", "description", "files", "id", "inputs", "kinds", "languages", "licence", "name", "publisher", "rdfc10", "rule",
        "title", "versions",
    }  # fmt: skip
    assert manifest["counts"]["rows"] == 3
    for key in ("inputs", "versions"):
        assert manifest[key] == dict(getattr(contents, key))
    for key in ("description", "title"):
        assert manifest[key] == dict(getattr(PROJECT, key))
    for key in ("licence", "name", "publisher", "base"):
        assert manifest[key] == getattr(PROJECT, key)
    assert manifest["files"].keys() == {
        "graph.nq", "graph.nq.gz", "report.json", "report.ttl", "default-graph.rq", "void.ttl",
    }  # fmt: skip
    assert (release.path / "report.json").read_text(encoding="utf-8") == contents.report_json
    assert (release.path / "report.ttl").read_text(encoding="utf-8") == contents.report_ttl
    assert manifest["files"]["report.ttl"]["bytes"] == len(contents.report_ttl)


@pytest.mark.parametrize(
    "change",
    [
        {"base": "https://example.org/other/"},
        {"description": {"en": "Another."}},
        {"licence": "https://example.org/licence"},
        {"name": "another"},
        {"publisher": "Others"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_part_of_the_project_changes_the_id(releases, release, change):
    assert publish(sample_contents(project=replace(PROJECT, **change)), releases, {}).id != release.id


@pytest.mark.parametrize(
    "change", [{"report_json": "{}"}, {"report_ttl": "# nothing"}, {"withheld": {}}, {"counts": {"rows": 4}}]
)
def test_what_follows_from_the_rest_has_no_part_in_the_id(tmp_path, release, change):
    assert publish(sample_contents(**change), tmp_path / "other", {}).id == release.id


def test_a_date_comes_from_the_environment_as_a_number_of_seconds(tmp_path, monkeypatch):
    assert source_date({"SOURCE_DATE_EPOCH": "0"}) == "1970-01-01"
    assert source_date({"SOURCE_DATE_EPOCH": ""}) is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert publish(sample_contents(), tmp_path).manifest["date"] == "1970-01-02"
    assert "date" not in publish(sample_contents(), tmp_path / "other", {}).manifest


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_date_is_that_of_utc_wherever_the_machine_stands(monkeypatch, zone):
    with monkeypatch.context() as there:
        there.setenv("TZ", zone)
        time.tzset()
        assert source_date({"SOURCE_DATE_EPOCH": "82800"}) == "1970-01-01"
        assert source_date({"SOURCE_DATE_EPOCH": "90000"}) == "1970-01-02"
    time.tzset()


# --- what else lies in the folder


def test_only_folders_named_as_releases_are_releases(releases, release):
    for name in ("0" * 15, "0" * 17, "g" * 16, "F" * 16, ".building-1"):
        (releases / name).mkdir()
    (releases / ("a" * 16)).write_text("no folder", encoding="utf-8")
    ids = [digit * 16 for digit in "0f3b91e5"]
    for one in ids:
        (releases / one).mkdir()
    assert [one.id for one in list_releases(releases)] == sorted([*ids, release.id])
    assert told(open_release, releases, "a" * 16)[0] == f"no release '{'a' * 16}' in {releases}"
    assert told(open_release, releases, "0" * 16)[0].startswith(
        f"release {'0' * 16} is damaged: manifest.json cannot be"
    )


def test_what_killed_builds_left_goes_and_nothing_else(releases, release):
    for name in (".building-1-aa", ".building-2-bb", "kept", ".other"):
        (releases / name / "store").mkdir(parents=True)
    (releases / ".building-3-cc").write_text("no folder", encoding="utf-8")
    (releases / ".current-3-cc").symlink_to("nowhere")
    (releases / ".current-4-dd").symlink_to(releases / "kept")
    publish(sample_contents(), releases, {})
    assert {path.name for path in releases.iterdir()} == {".lock", ".other", "kept", "current", release.id}
    assert (releases / "kept" / "store").is_dir()


def test_a_release_is_found_through_a_link_and_by_its_beginning(releases, release, tmp_path):
    (tmp_path / "link").symlink_to(releases)
    for found in (open_release(tmp_path / "link"), open_release(tmp_path / "link", release.id[:4])):
        assert found == release
        assert found.path == releases.resolve() / release.id
    assert list_releases(tmp_path / "link") == (release,)
    assert told(open_release, tmp_path / "none", None) == (
        f"no current release in {tmp_path / 'none'}",
        "run 'kg build'",
    )
    message, hint = told(open_release, releases, "zz")
    assert (message, hint) == (f"no release 'zz' in {releases}", "give the first characters of one release's id")
    other = publish(sample_contents(version="2"), releases, {})
    both = ", ".join(sorted([release.id, other.id]))
    assert told(open_release, releases, "")[0] == f"'' begins the ids {both} in {releases}"


# --- damage


def damaged(release: Release, what: str) -> tuple[str, str]:
    return f"release {release.id} is damaged: {what}", f"delete {release.path} and build again"


def edit(release: Release, **changes: object) -> None:
    path = release.path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


@pytest.mark.parametrize("name", ["report.ttl", "report.json", "default-graph.rq", "void.ttl"])
def test_a_file_that_has_changed_is_named(release, name):
    with (release.path / name).open("ab") as file:
        file.write(b" ")
    assert told(verify, release) == damaged(release, f"{name} has changed")


def test_all_that_has_changed_is_named_at_once(release):
    (release.path / "report.ttl").write_text("forged", encoding="utf-8")
    edit(release, title={"en": "Forged"})
    wanted = "report.ttl has changed; the id does not follow from the manifest"
    assert told(verify, release) == damaged(release, wanted)


def test_a_store_of_another_release_is_told(releases, release):
    other = publish(sample_contents("g:entities { id:x a zel:Company }"), releases, {})
    shutil.rmtree(release.path / "store")
    shutil.copytree(other.path / "store", release.path / "store")
    assert told(verify, release) == damaged(release, "the store differs from the graph")


def test_a_graph_of_another_release_is_told(releases, release):
    other = publish(sample_contents("g:entities { id:x a zel:Company }"), releases, {})
    shutil.copy2(other.graph_path, release.graph_path)
    assert told(verify, release) == damaged(release, "graph.nq has changed; graph.nq.gz has changed")


def test_a_file_that_is_not_there_and_a_part_that_is_not_are_told(release):
    files = release.manifest["files"]
    edit(release, files={"graph.nq": {}, **files})
    verify(release)
    (release.path / "void.ttl").unlink()
    assert told(verify, release) == damaged(release, f"{release.path / 'void.ttl'}: No such file or directory")
    for changes in (
        {"files": None},
        {"files": {}},
        {"files": {"graph.nq": {}}},
        {"files": {"graph.nq": 1}},
        {"rule": 1},
    ):
        edit(release, **changes)
        message, hint = told(verify, release)
        assert "manifest.json lacks a part" in message or "the id does not follow" in message
        assert hint == damaged(release, "")[1]


def test_a_manifest_is_an_object_of_this_release(release):
    for text in ("[]", '"x"', '{"id": "x"}', "{}"):
        (release.path / "manifest.json").write_text(text, encoding="utf-8")
        assert told(lambda: release.manifest) == damaged(release, "manifest.json speaks of another release")
    (release.path / "manifest.json").write_bytes(b"\xff{")
    assert told(lambda: release.manifest)[0].startswith(
        f"release {release.id} is damaged: manifest.json cannot be read"
    )


def test_lines_that_cannot_be_read_are_told(release):
    for data in (b"no gzip", release.graph_path.read_bytes()[:-4]):
        release.graph_path.write_bytes(data)
        message, _ = told(lambda: [*release.lines()])
        assert message.startswith(f"release {release.id} is damaged: graph.nq.gz cannot be read: ")


def test_current_is_a_relative_link_that_is_left_alone_where_it_is_right(releases, release):
    before = (releases / "current").lstat()
    assert publish(sample_contents(counts={"rows": 3}), releases, {}) == release
    after = (releases / "current").lstat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (releases / "current").readlink() == Path(release.id)


@pytest.mark.parametrize(
    "dies", ["kg.release.store.load = die", "pathlib.Path.rename = die", "pathlib.Path.replace = die"]
)
def test_what_a_build_that_dies_leaves_the_next_one_removes(releases, dies):
    script = (
        "import os, pathlib, sys; import kg.release; from release_samples import sample_contents\n"
        f"die = lambda *_: os._exit(9)\n{dies}\n"
        "kg.release.publish(sample_contents(), pathlib.Path(sys.argv[1]), {})"
    )
    root = Path(__file__).resolve().parents[2]
    environ = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}
    done = subprocess.run([sys.executable, "-c", script, str(releases)], env=environ, timeout=60, check=False)
    assert done.returncode == 9
    assert any(path.name.startswith(".") and path.name != ".lock" for path in releases.iterdir())
    release = publish(sample_contents(), releases, {})
    assert {path.name for path in releases.iterdir()} == {".lock", "current", release.id}


def test_a_release_is_on_the_disk_before_it_is_current(releases, monkeypatch):
    done = []

    def note(path: Path) -> None:
        done.append((path.name, (releases / "current").exists()))

    monkeypatch.setattr("kg.release.sync", note)
    release = publish(sample_contents(), releases, {})
    files = {path.name for path in release.path.iterdir()}
    aside = next(n for n, (name, _) in enumerate(done) if name.startswith(".building-"))
    assert files <= {name for name, _ in done[:aside]}
    # The folder of releases twice: for the name of the release, then for the link that makes it current.
    assert done[aside + 1 :] == [("releases", False), ("releases", True)]
