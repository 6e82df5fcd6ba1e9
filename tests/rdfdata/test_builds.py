"""Releases of files of RDF: graphs and their claims, provenance, proof, lines, and what does not change."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdfdata.own_rdf import BOATS, HEAD, REGISTER, build, make

from kg import store
from kg.difference import diff
from kg.errors import KgError
from kg.release import Release
from kg.terms import ZEL, expand
from server.app import create_app
from server.lines import Lines
from server.settings import Settings

CLAIM = "https://example.org/quay/claim/"
TERN = ox.NamedNode("https://example.org/quay/tern")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The small project with a file of two graphs beside its boats, packed."""
    plan = f"{HEAD}q:tern :crew 3 .\nq:plan {{ q:tern :crew 5 . }}\nq:old {{ q:tern :crew 2 . }}\n"
    register = (
        f"{REGISTER}  plans:\n    title: {{en: Plans}}\n    date: 2031-02\n    graphs:\n"
        "      https://example.org/quay/plan: {id: next-year, modality: planned, reviewStatus: unreviewed}\n"
    )
    many = "".join(
        f"<https://example.org/quay/buoy-{n:03}> <https://example.org/quay/terms#{link}> {value} .\n"
        for n in range(120)
        for link, value in (("side", '"north"'), ("number", f'"{n}"'))
    )
    files: dict[str, str | bytes] = {
        "data/rdf/rdf.yaml": f"{register}  buoys:\n",
        "data/rdf/plans.trig.gz": gzip.compress(plan.encode()),
        "data/rdf/buoys.nt": many,
    }
    return build(make(tmp_path_factory.mktemp("quay"), files))


def crews(release: Release) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    crew = ox.NamedNode("https://example.org/quay/terms#crew")
    for quad in store.read(release.store_path).quads_for_pattern(TERN, crew, None, None):
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value  # type: ignore[union-attr]
        found.setdefault(name, []).append(quad.object.value)  # type: ignore[union-attr]
    return {name: sorted(values) for name, values in found.items()}


def test_each_graph_of_a_file_is_a_claim_and_the_rule_joins_them(release: Release) -> None:
    found = crews(release)
    old = next(name for name in found if name.startswith(f"{CLAIM}plans-"))
    assert found[f"{CLAIM}boats"] == found[f"{CLAIM}plans"] == ["3"]
    assert (found[f"{CLAIM}next-year"], found[old]) == (["5"], ["2"])
    assert found[""] == ["2", "3"]  # what is not reviewed stays out
    assert found["https://example.org/quay/graph/stated"] == ["2", "3", "5"]
    counts = release.manifest["counts"]
    assert (counts["rdf_files"], counts["rdf_graphs"], counts["rdf_statements"]) == (3, 5, 249)
    assert (counts["rdf_blank_nodes"], counts["rdf_things_unlabelled"], counts["claims"]) == (1, 120, 5)
    assert {"data/rdf/boats.ttl", "data/rdf/plans.trig.gz", "data/rdf/rdf.yaml", "vocabulary/quay.ttl"} <= set(
        release.manifest["inputs"]
    )


def test_a_claim_tells_its_file_and_the_lines_of_it(release: Release) -> None:
    lines = {line for line in release.lines() if line.endswith("/quay/graph/claims> .")}
    said = {line.rpartition(" <")[0] for line in lines}
    document = "<https://example.org/quay/doc/plans>"
    assert f'{document} <{ZEL}fileName> "data/rdf/plans.trig.gz"' in said
    assert f'{document} <{expand("dct:issued")}> "2031-02"^^<{expand("edtf:EDTF")}>' in said
    assert f"<{CLAIM}next-year> <{expand('dct:source')}> <https://example.org/quay/plan>" in said
    assert f'<{CLAIM}next-year#selector-1> <{expand("rdf:value")}> "line=0,6"' in said
    assert not any(f"<{ZEL}about>" in line for line in said)


def test_the_lines_of_statements_lie_beside_it(release: Release) -> None:
    lines = Lines.of(release.path)
    assert lines.place("boats", TERN.value) == "data/rdf/boats.ttl:5"
    assert lines.place("boats", TERN.value, "https://example.org/quay/terms#crew") == "data/rdf/boats.ttl:7"
    assert lines.place("next-year", TERN.value) == "data/rdf/plans.trig.gz:5"
    assert lines.place("boats", "urn:nothing") == lines.place("nothing", TERN.value) == ""
    (berth, where), tern = lines.things("boats", 0, 9)
    assert berth.startswith("https://example.org/.well-known/genid/")
    assert (where, tern) == ("data/rdf/boats.ttl:6", (TERN.value, "data/rdf/boats.ttl:5"))
    assert lines.things("boats", 1, 1) == (tern,)
    assert Lines.of(release.path / "nowhere").place("boats", TERN.value) == ""


def test_the_same_files_give_the_same_release_and_a_change_is_small(tmp_path: Path) -> None:
    folder = make(tmp_path)
    first = build(folder)
    lines = (first.path / "lines" / "statements.tsv").read_bytes()
    assert build(folder).id == first.id
    assert (first.path / "lines" / "statements.tsv").read_bytes() == lines
    more = f"{HEAD}\n# moved by a line\nq:gull a :Sloop ; :berth [ :number 5 ] .\n{BOATS.removeprefix(HEAD)}"
    (folder / "data" / "rdf" / "boats.ttl").write_text(more, encoding="utf-8")
    second = build(folder)
    found = diff(first, second)
    assert found.claims_changed == {f"{CLAIM}boats": ("statements", "evidence")}
    gone = [line for line in found.removed if "/graph/" not in line]
    assert gone == []  # the berth of the tern has its IRI still


def test_the_class_hierarchy_of_the_ontology_counts_in_the_proof(tmp_path: Path) -> None:
    with pytest.raises(KgError) as caught:
        build(make(tmp_path, {"data/rdf/boats.ttl": BOATS.replace(":crew 3", ":crew 0")}))
    (problem,) = caught.value.problems
    assert str(problem).startswith("data/rdf/boats.ttl:7: violation: A boat has a crew.")


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    register = f"{REGISTER}  more:\n    graphs:\n      urn:none: {{modality: planned}}\n  odd:\n"
    files: dict[str, str | bytes] = {
        "data/rdf/rdf.yaml": register,
        "data/rdf/boats.ttl": f"{BOATS}q:tern :crw 3 ; :tonnage 9 ; a :Slop ; a <{ZEL}Minstry> .\n<https://example.org/quay/claim/boats> :side 1 .\n",
        "data/rdf/more.trig": f"{HEAD}\n<https://example.org/quay/graph/claims> {{ q:a :crew 1 }}\n_:g {{ q:b :crew 1 }}\n",
        "data/rdf/odd.ttl": "nothing at all\n",
        "vocabulary/more.ttl": f"<{ZEL}Place> <{expand('rdfs:label')}> 'mine' .\n",
    }
    with pytest.raises(KgError) as caught:
        build(make(tmp_path, files))
    told = [str(problem) for problem in caught.value.problems]
    wanted = {
        "vocabulary/more.ttl:1: this changes a term that came with zellige",
        (
            "data/rdf/boats.ttl:8: the project's ontology does not declare <https://example.org/quay/terms#Slop> "
            "(did you mean 'Sloop'?)"
        ),
        (
            "data/rdf/boats.ttl:8: the project's ontology does not declare <https://example.org/quay/terms#crw> "
            "(did you mean 'crew'?)"
        ),
        (
            "data/rdf/boats.ttl:8: the project's ontology does not declare <https://example.org/quay/terms#tonnage> "
            "(if it is meant, state in a file of the folder vocabulary: <https://example.org/quay/terms#tonnage> a "
            "rdf:Property .)"
        ),
        "data/rdf/boats.ttl:8: unknown term 'zel:Minstry' (did you mean 'Ministry'?)",
        "data/rdf/boats.ttl:9: this IRI names a claim or a graph of the release itself",
        "data/rdf/more.trig:5: the graph <https://example.org/quay/graph/claims> is one of the release itself",
        "data/rdf/more.trig:6: a graph has no IRI",
        "data/rdf/odd.ttl:1: not Turtle",
        "data/rdf/rdf.yaml:7: data/rdf/more.trig has no graph <urn:none>",
    }
    assert {words for words in wanted if not any(one.startswith(words) for one in told)} == set()
    assert len(told) == len(wanted)


@pytest.mark.parametrize(
    ("register", "told"),
    [
        ("", "data/rdf/rdf.yaml:1: data/rdf/boats.ttl is not described"),
        ("files: {}\n", "data/rdf/rdf.yaml:1: data/rdf/boats.ttl is not described"),
        ("modality: done\nfiles:\n  boats:\n", "data/rdf/rdf.yaml:3: 'boats' has no 'reviewStatus'"),
        (REGISTER.replace("done", "dne"), "data/rdf/rdf.yaml:1: the scheme 'modality' has no name 'dne'"),
        (f"{REGISTER}    file: bots.ttl\n", "data/rdf/rdf.yaml:5: there is no file 'bots.ttl' of RDF in data/rdf"),
        (f"{REGISTER}    document: none\n", "data/rdf/rdf.yaml:5: unknown document 'none'"),
        (f"{REGISTER}    date: yesterday\n", "data/rdf/rdf.yaml:5: 'yesterday' is no EDTF date of the calendar"),
        (f"{REGISTER}    revewStatus: x\n", "data/rdf/rdf.yaml:5: unknown key 'revewStatus' in file 'boats'"),
        (f"{REGISTER}    assertedBy: nobody\n", "data/rdf/rdf.yaml:5: unknown name 'nobody'"),
        (REGISTER.replace("boats", "Boats"), "data/rdf/rdf.yaml:4: 'Boats' cannot name a document"),
    ],
)
def test_a_register_that_is_wrong_is_told_at_its_line(tmp_path: Path, register: str, told: str) -> None:
    from kg.config import read_config
    from kg.rdfdata import RdfData
    from kg.records.statements import Names
    from kg.terms import Minter
    from kg.vocabulary import read_vocabulary

    config = read_config(make(tmp_path, {"data/rdf/rdf.yaml": register}), {})
    empty: frozenset[str] = frozenset()
    names = Names(read_vocabulary(config.locate("ontology")), Minter(config.project.base), empty, empty, empty)
    with pytest.raises(KgError) as caught:
        RdfData(config, names)
    assert str(caught.value.problems[0]).startswith(told)


def test_things_without_a_label_are_counted_and_told(tmp_path: Path) -> None:
    warnings: list[str] = []
    release = build(make(tmp_path, {"data/rdf/boats.ttl": BOATS.replace('rdfs:label "Tern"@en ;', "")}), warnings)
    assert "1 of the 1 things in files of RDF have no label (rdfs:label or another name)" in warnings
    assert release.manifest["counts"]["rdf_things_unlabelled"] == 1
    assert json.loads((release.path / "manifest.json").read_bytes())["counts"]["ontology_files"] == 1


def test_a_file_of_many_things_has_them_on_its_page_and_each_has_its_own_statements(release: Release) -> None:
    client = create_app(Settings(release.path.parent)).test_client()
    pages = [client.get(f"/claim/buoys?lang=en&page={n}", headers={"Accept": "text/html"}).text for n in (0, 1, 2)]
    shown = [set(re.findall(r"buoys\.nt:(\d+)<", page)) for page in pages]
    assert [len(lines) for lines in shown] == [100, 20, 0]
    assert "239" in shown[1]
    one = client.get("/resource?iri=https%3A%2F%2Fexample.org%2Fquay%2Fbuoy-007&format=nquads").text
    stated = [line for line in one.splitlines() if line.endswith("/claim/buoys> .")]
    assert len(stated) == 2
    assert all("buoy-007>" in line for line in stated)
    whole = client.get("/claim/buoys?format=nquads").text
    assert len([line for line in whole.splitlines() if line.endswith("/claim/buoys> .")]) == 240
    assert client.get("/claim/buoys?page=x", headers={"Accept": "text/html"}).status_code == 400
