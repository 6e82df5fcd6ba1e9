"""The example projects: verified, built, broken as their page says, and in the source distribution."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import pipeline, store
from kg.config import read_config
from kg.records import read_records
from kg.release import open_release
from kg.terms import ZEL
from kg.vocabulary import read_vocabulary

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/kg.toml") if (path.parent / "texts").is_dir())
"""Those of claims that quote texts; what is of RDF is built where its pages are looked at."""
PAGE = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
Follow = Callable[[str, Path], "subprocess.CompletedProcess[str]"]


def copied(folder: Path) -> Path:
    """The examples in a folder of their own, without releases that somebody built."""
    return shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("releases"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_built_and_all_of_its_quotes_hold(example: Path, tmp_path: Path) -> None:
    project = copied(tmp_path) / example.name
    release = pipeline.build(read_config(project, {}), lambda _: None)
    report = release.quotes
    assert report is not None
    assert report.quotes == report.verified > 0
    assert release.manifest["counts"]["default_triples"] > 0
    # Their records say that their texts may be given away: the release has each by its hash, and no other.
    given = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (project / "texts").iterdir()}
    assert {path.stem for path in (release.path / "texts").iterdir()} == given
    sources = project / "data" / "sources.yaml"
    kept = [line for line in sources.read_text("utf-8").splitlines(keepends=True) if "textLicence:" not in line]
    sources.write_text("".join(kept), encoding="utf-8")
    closed = pipeline.build(read_config(project, {}), lambda _: None)
    assert closed.id != release.id
    assert not (closed.path / "texts").exists()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_every_example_has_its_texts_in_three_languages_and_whole_sentences(example: Path) -> None:
    config = read_config(example, {})
    records = read_records(config, read_vocabulary(config.locate("ontology")))
    assert {document.language for document in records.documents.values()} == {"ar", "fr", "en"}
    for document in records.documents.values():
        assert config.texts is not None
        assert document.text_file is not None
        content = (config.texts / document.text_file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == document.sha256
        text = content.decode()
        assert [text[end - 1] for _, end in document.sentences] == ["."] * len(document.sentences)
        assert "".join(text[start:end] + " " for start, end in document.sentences).split() == text.split()


def test_the_page_is_followed_to_the_letter(tmp_path: Path, blocks: Callable[[str], str], follow: Follow) -> None:
    folder = copied(tmp_path)
    done = follow(blocks("examples/README.md"), folder)
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert done.stdout.count("exit code 1\n") == 2
    assert "nothing is published\n" in done.stdout
    for told in re.findall(r"`([^`]* (?:quotes|the quote) [^`]*)`", PAGE):
        assert told in said, told
    (first, second) = re.findall(r"^error: .*$", PAGE, re.MULTILINE)
    assert f"{first.removesuffix('...')}" in done.stderr
    assert second in done.stderr
    assert done.stdout.splitlines()[-2:] == [
        "2032  plans to reopen the lighthouse in 2032",
        "2033  Le phare rouvrira en 2033",
    ]
    release = open_release(folder / "lighthouse" / "releases")
    planned = ox.NamedNode(ZEL + "plannedFor")
    graphs = {quad.graph_name for quad in store.read(release.store_path).quads_for_pattern(None, planned, None, None)}
    claims = {graph for graph in graphs if "/claim/" in str(graph)}
    assert (len(claims), len(graphs)) == (2, 3)  # and the view of what is stated
    assert ox.DefaultGraph() not in graphs


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_one_changed_character_of_any_text_publishes_nothing(example: Path, tmp_path: Path) -> None:
    from kg.errors import EvidenceError

    project = copied(tmp_path) / example.name
    for path in sorted((project / "texts").iterdir()):
        whole = path.read_text(encoding="utf-8")
        path.write_text(whole.replace("a", "e", 1) if path.name[-6:-4] != "ar" else whole.replace("ن", "ب", 1), "utf-8")
        with pytest.raises(EvidenceError, match="has another hash"):
            pipeline.build(read_config(project, {}), lambda _: None)
        path.write_text(whole, encoding="utf-8")
    # What was mapped of tables may be kept; it is no release.
    assert [path.name for path in (project / "releases").glob("[!.]*")] == []


def test_the_source_distribution_holds_them(tmp_path: Path) -> None:
    backend = tmp_path / "backend"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", "--quiet", "--target", str(backend), "hatchling>=1.27,<2"],
        capture_output=True,
        text=True,
        check=False,
    )
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("the build backend cannot be fetched: no network")
    assert done.returncode == 0, done.stderr
    program = f"import sys; sys.path.insert(0, {str(backend)!r}); from hatchling.build import build_sdist; print(build_sdist({str(tmp_path)!r}))"
    built = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    with tarfile.open(tmp_path / built.stdout.split()[-1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {path.relative_to(ROOT).as_posix() for path in (ROOT / "examples").rglob("*") if path.is_file()}
    wanted = {name for name in wanted if "/releases/" not in name}
    assert wanted <= names
    assert not [name for name in names if name.startswith("examples/") and "/releases/" in name]
