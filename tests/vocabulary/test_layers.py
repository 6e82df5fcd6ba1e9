"""The layers of the packaged vocabulary, and the version that a project pins."""

from __future__ import annotations

import dataclasses
import gzip
from pathlib import Path

import pytest
import small_project

from kg import pipeline
from kg.config import read_config
from kg.errors import ConfigError, KgError, VocabularyError
from kg.ontology.own import check_version, packaged_quads, vocabulary_of
from kg.paths import data_dir
from kg.rdf import read_folder
from kg.terms import SCHEME, ZEL, expand
from kg.vocabulary import changes_since, of_layers, read_vocabulary

WHOLE = read_vocabulary(data_dir("ontology"))
CORE = of_layers(WHOLE, ["core"])
GRAPH = "https://example.org/small/graph/ontology"
ENTITIES = """\
entities:
  lab:
    type: Organization
    label: {ar: المختبر, fr: Le laboratoire, en: The laboratory}
"""


def project(folder: Path, said: str, **files: str) -> Path:
    toml = f"{small_project.KG_TOML}\n[vocabulary]\n{said}\n"
    return small_project.make(folder, toml=toml, **{"entities": ENTITIES, **files})


def test_the_core_names_nothing_of_what_stands_on_it() -> None:
    known = {term.iri for term in CORE.terms}
    ours = {term.iri for term in WHOLE.terms}
    for term in CORE.terms:
        assert {term.domain, term.range, *term.parents, *term.disjoint_with} & ours <= known, term.name
    assert len(CORE.terms) < len(WHOLE.terms) / 2
    assert set(CORE.concepts) == {"modality", "nuance", "exactness", "status", "review", "unit"}


def test_all_layers_are_the_files_as_they_are() -> None:
    folder = data_dir("ontology")
    assert packaged_quads(WHOLE, folder, GRAPH) == read_folder(folder, GRAPH)
    core, whole = (
        {(quad.subject.value, quad.predicate.value, str(quad.object)) for quad in quads}
        for quads in (packaged_quads(CORE, folder, GRAPH), read_folder(folder, GRAPH))
    )
    assert core < whole
    assert {subject for subject, _, _ in whole - core}.isdisjoint({term.iri for term in CORE.terms} - {f"{ZEL}Claim"})
    assert (f"{SCHEME}review/reviewed", expand("rdf:type"), f"<{expand('skos:Concept')}>") in core


def test_a_project_on_the_core_alone_is_built_and_proved_without_the_rest(tmp_path: Path) -> None:
    release = pipeline.build(read_config(project(tmp_path, 'extends = ["core"]'), {}), lambda _: None)
    lines = gzip.decompress((release.path / "graph.nq.gz").read_bytes()).decode()
    assert "Ministry" not in lines
    assert f"<{ZEL}Claim> <{expand('rdf:type')}> <{expand('owl:Class')}>" in lines
    assert "Ministry" not in (release.path / "context.jsonld").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Ministry", "zel:Ministry"])
def test_a_term_of_a_layer_that_is_left_out_is_told_with_it(name: str, tmp_path: Path) -> None:
    folder = project(tmp_path, "extends = []", entities=ENTITIES.replace("Organization", name))
    with pytest.raises(KgError) as caught:
        pipeline.build(read_config(folder, {}), lambda _: None)
    told = "data/entities.yaml:3: unknown term '{}' (add 'public-policy' to [vocabulary] extends in kg.toml)"
    assert told.format(name) in str(caught.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('extends = ["cor"]', "there is no layer 'cor'"),
        ('extends = ["health"]', "there are core and public-policy"),
        ('version = "1"', "version '1' is no version"),
    ],
)
def test_layers_and_versions_that_are_none(said: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(project(tmp_path, said), {})
    assert told in str(caught.value.problems[0])


def test_another_version_than_the_one_that_is_pinned_is_refused(tmp_path: Path) -> None:
    config = read_config(project(tmp_path / "a", 'version = "0.0.9"'), {})
    with pytest.raises(VocabularyError, match=r"the vocabulary is 0\.1\.0, and \[vocabulary\] version .* says 0\.0\.9"):
        check_version(config)
    check_version(read_config(project(tmp_path / "b", 'version = "0.1.0"'), {}))


def test_what_changed_since_a_version_is_told(tmp_path: Path) -> None:
    vocabulary = vocabulary_of(read_config(project(tmp_path, ""), {}))
    assert list(changes_since("0.1.0", vocabulary)) == []
    goal, target = vocabulary.classes["Goal"], vocabulary.classes["Target"]
    later = {
        "Goal": dataclasses.replace(goal, since="0.2.0", definitions={"en": "What is wanted."}),
        "Target": dataclasses.replace(target, deprecated="0.10.0: too narrow", replaced_by=goal.iri),
    }
    told = list(changes_since("0.1.1", dataclasses.replace(vocabulary, classes=later, properties={})))
    assert told == [
        "Goal is new in 0.2.0: What is wanted.",
        "Target is deprecated since 0.10.0: too narrow; use zel:Goal",
    ]
