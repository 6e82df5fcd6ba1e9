"""The layers of the packaged vocabulary, and the version that a project pins."""

from __future__ import annotations

import dataclasses
import gzip
import re
from pathlib import Path

import pytest
import small_project

from kg import ontology, pipeline
from kg.config import read_config
from kg.errors import ConfigError, KgError, VocabularyError
from kg.ontology.own import check_version, layer_files, layer_quads, made_shapes, vocabulary_of
from kg.paths import data_dir
from kg.preparation import prepare
from kg.rdf import read_rdf
from kg.terms import ONTOLOGY, SCHEME, ZEL, expand
from kg.vocabulary import changes_since, read_vocabulary

WHOLE = read_vocabulary(data_dir("ontology"))
CORE = read_vocabulary(data_dir("ontology"), layers=["core"])
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


def test_what_is_published_are_the_files_and_one_title_of_the_ontology() -> None:
    files = [quad for layer in WHOLE.layers for path in layer_files(layer) for quad in read_rdf(path, graph=GRAPH)]
    core, whole = (set(layer_quads(vocabulary, GRAPH)) for vocabulary in (CORE, WHOLE))
    titles = {quad for quad in files if quad.subject.value == ONTOLOGY}
    assert whole - titles == set(files) - titles
    policy = set(read_rdf(WHOLE.layers[1].folder / "ontology.ttl", graph=GRAPH))
    assert whole & titles == policy & titles
    assert core - titles < whole
    about = {quad.subject.value for quad in whole - core - titles}
    assert about.isdisjoint({term.iri for term in CORE.terms} - {f"{ZEL}Claim"})
    concept = (f"{SCHEME}review/reviewed", expand("rdf:type"), f"<{expand('skos:Concept')}>")
    assert concept in {(quad.subject.value, quad.predicate.value, str(quad.object)) for quad in core}


def test_a_project_on_the_core_alone_is_built_and_proved_without_the_rest(tmp_path: Path) -> None:
    release = pipeline.build(read_config(project(tmp_path, 'extends = ["core"]'), {}), lambda _: None)
    lines = gzip.decompress((release.path / "graph.nq.gz").read_bytes()).decode()
    assert "Ministry" not in lines
    assert f"<{ZEL}Claim> <{expand('rdf:type')}> <{expand('owl:Class')}>" in lines
    others = [term.name for term in WHOLE.terms if term.layer != "core"]
    for name in ("context.jsonld", "display.json", "default-graph.rq", "void.ttl"):
        text = (release.path / name).read_text(encoding="utf-8")
        assert [one for one in others if re.search(rf"(?:ont#|zel:|\"){one}\b", text)] == [], name


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
    (many,) = changes_since("0.0.9", vocabulary)  # of more than ten, each is not told
    assert many.endswith(" more, which kg terms finds")
    assert many.partition(" terms are new since 0.0.9: ")[0].isdecimal()


HARBOUR = {
    "layer.toml": """\
extends = ["core"]
namespace = "https://example.org/harbour#"
prefix = "hb"
languages = ["en"]
[title]
en = "Harbours"
""",
    "terms.csv": """\
term,kind,iri,parent,domain,range,scheme,characteristics,disjoint_with,label_en,definition_en,alignments,since,deprecated,replaced_by,after
Berth,class,,schema:Place,,,,,,berth,Place where a ship lies.,,0.1.0,,,schema:Place
Extension,class,,owl:Thing,,,,pending,,extension,Work that is to come.,,0.1.0,,,
depth,data,,owl:topDataProperty,hb:Berth,xsd:decimal,,,,depth,Depth of the water.,,0.1.0,,,zel:acronym
""",
    "schemes.ttl": """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/harbour/scheme/unit/fathom> a skos:Concept ; skos:prefLabel "fathom"@en ;
    skos:definition "Six feet."@en ; skos:inScheme <https://w3id.org/zellige/scheme/unit> ;
    skos:topConceptOf <https://w3id.org/zellige/scheme/unit> .
""",
}


def harbour(folder: Path, **changed: str) -> Path:
    """A project on the core and a layer of its own, whose generated files are there."""
    made = project(folder, 'extends = ["core", "harbour"]')
    home = made / "ontology" / "harbour"
    home.mkdir(parents=True)
    for name, text in {**HARBOUR, **{name.replace("__", "."): text for name, text in changed.items()}}.items():
        (home / name).write_text(text, encoding="utf-8")
    return made


def test_a_third_layer_is_a_folder(tmp_path: Path) -> None:
    made = harbour(tmp_path)
    with pytest.raises(VocabularyError, match=r"stale: harbour/context\.jsonld.*run kg ontology"):
        prepare(read_config(made, {}), lambda _: None)
    assert "harbour/shapes/terms.ttl" in ontology.write(made / "ontology")
    config = read_config(made, {})
    prepared = prepare(config, lambda _: None)
    vocabulary = prepared.vocabulary
    names = list(vocabulary.properties)
    assert names[names.index("acronym") + 1] == "depth"
    assert list(vocabulary.classes)[list(vocabulary.classes).index("Place") + 1 :][:2] == ["Berth", "Extension"]
    assert prepared.rule.lists.classes == ("https://example.org/harbour#Extension",)
    assert vocabulary.concepts["unit"]["fathom"] == "https://example.org/harbour/scheme/unit/fathom"
    # The unit is one of a scheme below, whose shape must know of it.
    assert "term-scheme-unit" in next(
        text for path, text in made_shapes(config, vocabulary).items() if "core" in path.parts
    )
    assert "hb:depth" in (made / "ontology" / "harbour" / "shapes" / "terms.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"layer__toml": 'prefix = "hb"\nlanguage = "en"\n'}, "layer.toml:2: unknown key 'language' (did you mean 'languages'?)"),
        ({"layer__toml": "prefix = 1\n"}, "layer.toml:1: the layer 'harbour' has no namespace"),
        ({"layer__toml": HARBOUR["layer.toml"].replace('"core"', '"cor"')}, "there is no layer 'cor', on which 'harbour' stands"),
        ({"layer__toml": HARBOUR["layer.toml"].replace('"core"', '"harbour"')}, "stands on itself: harbour -> harbour"),
        ({"terms__csv": HARBOUR["terms.csv"].replace("Berth,", "Place,")}, "Place is given by a vocabulary that this one stands on"),
        ({"terms__csv": HARBOUR["terms.csv"].replace("zel:acronym", "zel:party")}, "after 'zel:party' of depth is no property of a layer below"),
        ({"terms__csv": HARBOUR["terms.csv"].replace("schema:Place,,,,,,", "zel:Ministry,,,,,,")}, "parent 'zel:Ministry' of Berth is no class"),
        ({"schemes__ttl": HARBOUR["schemes.ttl"].replace("fathom>", "euro>")}, "a layer below has a concept unit/euro"),
    ],
)  # fmt: skip
def test_a_layer_that_is_wrong_is_told(changed: dict[str, str], told: str, tmp_path: Path) -> None:
    with pytest.raises(VocabularyError) as caught:
        vocabulary_of(read_config(harbour(tmp_path, **changed), {}))
    assert told in "\n".join(map(str, caught.value.problems))


def test_what_lies_beside_layers_is_refused_and_so_is_the_old_place_of_a_vocabulary(tmp_path: Path) -> None:
    made = project(tmp_path, "")
    (made / "ontology" / "half").mkdir(parents=True)
    for name in ("terms.csv", "README.md"):
        (made / "ontology" / name).touch()
    with pytest.raises(VocabularyError) as caught:
        vocabulary_of(read_config(made, {}))
    assert [str(one.message).rpartition("/")[2] for one in caught.value.problems] == [
        "half is not read", "terms.csv is not read",
    ]  # fmt: skip
    assert all("a folder with a layer.toml" in str(one.hint) for one in caught.value.problems)
