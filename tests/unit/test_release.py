"""What a release is: its bytes, its id, its description, and how damage is found."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from patience import PATIENCE
from release_samples import BASE, PROJECT, RULE, dumped, sample_contents

from kg.errors import DataError, ReleaseError, UsageError
from kg.export import FORMATS
from kg.release import Release, list_releases, open_release, publish, verify
from kg.runs import graph_of
from kg.store import digest, rdfc10_hash

EXTRA = 'c:F9 { id:lab rdfs:label "extra"@en . }'


@pytest.fixture
def releases(tmp_path):
    return tmp_path / "releases"


@pytest.fixture
def release(releases):
    return publish(sample_contents(), releases, {})


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_release_holds_what_is_promised(release, releases):
    assert names(release.path) == {
        "default-graph.rq", "described", "graph.nq.gz", "manifest.json", "report.json", "report.ttl", "search", "store",
        "void.ttl",
    }  # fmt: skip
    assert names(releases) == {".lock", "current", release.id}
    assert (releases / "current").readlink() == Path(release.id)
    lines = list(release.lines())
    assert lines == list(sample_contents().graph.lines()) == dumped(release.store_path)
    assert (release.path / "default-graph.rq").read_text(encoding="utf-8") == RULE
    assert open_release(releases) == open_release(releases, "current") == release
    assert open_release(releases, release.id[:5]) == release
    assert list_releases(releases) == (release,)
    verify(release)


def test_a_release_holds_the_context_of_its_ontology_and_notices_a_change_of_it(releases):
    kept = publish(replace(sample_contents(), context=b'{"@context": {}}'), releases, {})
    assert (kept.path / "context.jsonld").read_bytes() == b'{"@context": {}}'
    verify(kept)
    (kept.path / "context.jsonld").write_bytes(b"{}")
    with pytest.raises(ReleaseError, match=r"context\.jsonld has changed"):
        verify(kept)


def is_derived(line):
    names = (ox.DefaultGraph(), *(ox.NamedNode(f"{BASE}graph/{name}") for name in ("stated", "other")))
    return parse(line).graph_name in names


def test_the_manifest_counts_each_view_as_an_engine_finds_it(release):
    every = {parse(line).triple for line in release.lines()}
    default = [line for line in release.lines() if parse(line).graph_name == ox.DefaultGraph()]
    views = release.manifest["counts"]["views"]
    assert (views["everything"], views["reviewed"]) == (len(every), len(default))
    assert views["reviewed"] < views["stated"] <= views["everything"]


def test_the_manifest_states_inputs_counts_and_hashes(release):
    manifest = release.manifest
    lines = list(release.lines())
    assert manifest["id"] == release.id
    assert manifest["base"] == release.base == BASE
    assert manifest["title"] == dict(PROJECT.title)
    assert manifest["rdfc10"] == rdfc10_hash(lines) == digest(lines) == manifest["files"]["graph.nq"]["sha256"]
    assert manifest["rule"] == {"version": "3", "sha256": hashlib.sha256(RULE.encode()).hexdigest()}
    assert manifest["counts"] == {
        "claims": 5,
        "claims_by_modality": {"claimed": 1, "done": 2, "planned": 1, "target": 1},
        "claims_by_review": {"contested": 1, "reviewed": 4},
        "default_triples": sum(1 for line in lines if ox.DefaultGraph() == parse(line).graph_name),
        "facts": manifest["counts"]["facts"],
        "quads_derived": sum(map(is_derived, lines)),
        "views": manifest["counts"]["views"],
        "documents": 1,
        "entities": 8,
        "quads": len(lines),
        "withheld": {"claimed": 1, "contested": 1, "plan-without-pending-thing": 1},
    }
    for name, stated in manifest["files"].items():
        data = gzip.decompress(release.graph_path.read_bytes())
        data = data if name == "graph.nq" else (release.path / name).read_bytes()
        assert stated == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    text = (release.path / "manifest.json").read_text(encoding="utf-8")
    assert text == json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert "عيّنة" in text
    assert "date" not in manifest


def parse(line: str) -> ox.Quad:
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
    return quad


def test_two_builds_in_two_processes_give_the_same_bytes(tmp_path):
    script = (
        "import random, sys; from pathlib import Path; from release_samples import contents, sample_quads\n"
        "from kg.export import FORMATS, export; from kg.release import publish\n"
        "quads = sample_quads(); random.shuffle(quads); release = publish(contents(quads), Path(sys.argv[1]))\n"
        "for name in (*FORMATS, 'csv'):\n"
        "    with (release.path.parent / name).open('wb') as file: export(release, name, file)\n"
    )
    root = Path(__file__).resolve().parents[2]
    for seed in ("1", "2"):
        environ = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}
        environ.pop("SOURCE_DATE_EPOCH", None)
        subprocess.run([sys.executable, "-c", script, str(tmp_path / seed)], check=True, env=environ, timeout=PATIENCE)
    first, second = (open_release(tmp_path / seed) for seed in ("1", "2"))
    assert first.id == second.id
    for name in ("graph.nq.gz", "manifest.json", "void.ttl"):
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes()
    for name in (*FORMATS, "csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_the_packed_graph_has_no_name_and_no_time_in_its_header(release):
    header = release.graph_path.read_bytes()[:10]
    assert header[3] == 0, "flags: no file name"
    assert header[4:8] == bytes(4), "mtime"


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": {"kg.toml": "2" * 64}},
        {"versions": {"zellige": "2"}},
        {"project": replace(PROJECT, title={"en": "Another"})},
    ],
    ids=["inputs", "versions", "project"],
)
def test_the_id_follows_from_everything_that_goes_in(releases, release, change):
    other = publish(sample_contents(**change), releases, {})
    assert other.id != release.id
    assert open_release(releases) == other
    assert len(list_releases(releases)) == 2


def test_a_date_comes_only_from_the_environment(tmp_path, release):
    dated = publish(sample_contents(), tmp_path / "dated", {"SOURCE_DATE_EPOCH": "1767225600"})
    assert dated.id == release.id
    assert dated.manifest["date"] == "2026-01-01"
    assert '"2026-01-01"' in (dated.path / "void.ttl").read_text(encoding="utf-8")
    assert "issued" not in (release.path / "void.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["yesterday", "1e9", "9" * 30])
def test_a_date_that_is_no_number_is_refused(releases, text):
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        publish(sample_contents(), releases, {"SOURCE_DATE_EPOCH": text})
    assert not releases.exists()


def test_lines_must_be_canonical():
    lines = list(sample_contents().graph.lines())
    assert list(graph_of(lines, BASE).lines()) == lines
    for wrong in (lines[::-1], (*lines, lines[-1]), (*lines[:-1], lines[-1] + " # comment")):
        with pytest.raises(DataError, match="not canonical"):
            graph_of(wrong, BASE)


def test_a_second_publication_finds_the_first_and_points_back_to_it(releases, release):
    stamp = (release.path / "manifest.json").stat().st_mtime_ns
    other = publish(sample_contents(EXTRA), releases, {})
    assert open_release(releases) == other
    assert publish(sample_contents(), releases, {}) == release
    assert open_release(releases) == release
    assert (release.path / "manifest.json").stat().st_mtime_ns == stamp


# --- damage


def tamper_graph(path: Path) -> None:
    (path / "graph.nq.gz").write_bytes(gzip.compress(b"<http://e/s> <http://e/p> <http://e/o> .\n", mtime=0))


def truncate_graph(path: Path) -> None:
    data = (path / "graph.nq.gz").read_bytes()
    (path / "graph.nq.gz").write_bytes(data[: len(data) // 2])


def add_to_store(path: Path) -> None:
    store = ox.Store(path / "store")
    store.add(ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal("forged")))
    store.flush()


def change_title(path: Path) -> None:
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    manifest["title"]["en"] = "Forged"
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def drop_counts(path: Path) -> None:
    (path / "manifest.json").write_text(json.dumps({"id": path.name}), encoding="utf-8")


DAMAGES = {
    "graph-replaced": tamper_graph,
    "graph-cut": truncate_graph,
    "report-changed": lambda path: (path / "report.ttl").write_text("forged"),
    "report-deleted": lambda path: (path / "report.json").unlink(),
    "rule-changed": lambda path: (path / "default-graph.rq").write_text("forged"),
    "store-deleted": lambda path: shutil.rmtree(path / "store"),
    "store-changed": add_to_store,
    "store-broken": lambda path: [file.write_bytes(b"") for file in (path / "store").glob("*.sst")],
    "manifest-cut": lambda path: (path / "manifest.json").write_text('{"id":'),
    "manifest-empty": drop_counts,
    "manifest-changed": change_title,
    "all-deleted": lambda path: [p.unlink() for p in path.iterdir() if p.is_file()],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_release_is_not_used_again(releases, release, damage):
    other = publish(sample_contents(EXTRA), releases, {})
    DAMAGES[damage](release.path)
    with pytest.raises(ReleaseError, match=r"damaged|does not open") as caught:
        publish(sample_contents(), releases, {})
    assert caught.value.exit_code == 3
    assert caught.value.problems[0].hint
    assert open_release(releases) == other


def test_opening_what_is_not_there(releases):
    assert list_releases(releases) == ()
    with pytest.raises(ReleaseError, match="no current release"):
        open_release(releases)
    with pytest.raises(ReleaseError, match="no release 'abc'"):
        open_release(releases, "abc")
    with pytest.raises(ReleaseError, match="no release"):
        open_release(releases, "../../etc")


def test_an_ambiguous_id_names_the_releases(releases, release):
    other = publish(sample_contents(EXTRA), releases, {})
    with pytest.raises(ReleaseError, match=f"{min(release.id, other.id)}, {max(release.id, other.id)}"):
        open_release(releases, "")


def test_a_manifest_of_another_release_is_not_believed(releases, release):
    moved = release.path.with_name("0" * 16)
    release.path.rename(moved)
    with pytest.raises(ReleaseError, match="speaks of another release"):
        open_release(releases, "0" * 16)
    with pytest.raises(ReleaseError, match="no current release"):
        open_release(releases)
    with pytest.raises(ReleaseError, match="cannot be read"):
        list(Release(releases / "gone").lines())


# --- description


def test_the_description_is_valid_in_both_parsers_and_true(release):
    text = (release.path / "void.ttl").read_text(encoding="utf-8")
    triples = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert len(graph) == len(triples)
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    store = ox.Store.read_only(str(release.store_path))
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    dataset = rdflib.URIRef(BASE + "dataset")
    figures = {
        "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    }
    for name, query in figures.items():
        assert str(graph.value(dataset, void[name])) == next(iter(store.query(query)))["n"].value, name
    stated = {
        str(graph.value(part, void["class"])): int(graph.value(part, void.entities))
        for part in graph.objects(dataset, void.classPartition)
    }
    rows = store.query("SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    assert stated == {row["c"].value: int(row["n"].value) for row in rows}
    titles = {title.language for title in graph.objects(dataset, rdflib.DCTERMS.title)}
    assert titles == {"ar", "fr", "en"}
    assert graph.value(dataset, void.sparqlEndpoint) == rdflib.URIRef(BASE + "sparql")
