"""What lies beside the store of a release is made anew where it is not as it was made, and left alone where it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from release_samples import BASE, sample_contents

from kg.release import Release, publish, renew
from kg.runs import beside

TITLES = "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>"
ASKED = TITLES + ' SELECT ?d { ?d a dcat:Dataset ; dct:title ?t FILTER (LANG(?t) = "en") }'


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return publish(sample_contents(), tmp_path / "releases", {})


def datasets(release: Release) -> list[str]:
    """The datasets that the store with the description knows."""
    rows = ox.Store.read_only(str(release.path / "described" / "store")).query(ASKED)
    assert isinstance(rows, ox.QuerySolutions)
    return [str(row["d"]) for row in rows]


def own_table(release: Release) -> Path:
    """The file of the second store that holds the description: the one that is no link."""
    files = (release.path / "described" / "store").iterdir()
    return next(path for path in files if path.suffix in {".sst", ".log"} and path.stat().st_nlink == 1)


def unlink_all(release: Release) -> None:
    """What a copy makes that does not keep links."""
    copy = release.path / "copy"
    shutil.copytree(release.path / "described", copy)
    shutil.rmtree(release.path / "described")
    copy.rename(release.path / "described")


def by_another(release: Release) -> None:
    seal = release.path / "described" / "sealed.json"
    seal.write_text(json.dumps({**json.loads(seal.read_text()), "builder": "another"}), encoding="utf-8")
    (release.path / "described" / "terms.json").write_text("[]\n", encoding="utf-8")


WAYS: dict[str, Callable[[Release], object]] = {
    "gone": lambda release: shutil.rmtree(release.path / "described"),
    "without a seal": lambda release: (release.path / "described" / "sealed.json").unlink(),
    "without terms": lambda release: (release.path / "described" / "terms.json").unlink(),
    "other terms": lambda release: (release.path / "described" / "terms.json").write_text("[]\n"),
    "cut": lambda release: own_table(release).write_bytes(b""),
    "of another program": by_another,
    "copied": unlink_all,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("again", ["published", "renewed"])
def test_a_release_that_is_there_is_given_the_store_with_its_description(
    release: Release, way: str, again: str
) -> None:
    terms = (release.path / "described" / "terms.json").read_bytes()
    assert datasets(release) == [f"<{BASE}dataset>"]
    WAYS[way](release)
    if again == "renewed":
        renew(release)
    else:
        assert publish(sample_contents(), release.path.parent, {}) == release
    assert datasets(release) == [f"<{BASE}dataset>"]
    assert (release.path / "described" / "terms.json").read_bytes() == terms
    tables = list((release.path / "store").glob("*.sst"))
    assert tables
    assert all(path.samefile(release.path / "described" / "store" / path.name) for path in tables)
    assert [path.name for path in release.path.iterdir() if path.name.startswith(".")] == []


def test_what_is_as_it_was_made_stays(release: Release) -> None:
    before = {path: path.stat().st_mtime_ns for path in release.path.rglob("*") if path.is_file()}
    renew(release)
    assert beside.describe(release.path) is False
    assert {path: path.stat().st_mtime_ns for path in release.path.rglob("*") if path.is_file()} == before
