"""A vocabulary of a project's own: names in claims, what is published, what is proved, and what is told."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from kg import pipeline
from kg.authoring import entries, schema, search
from kg.cli.project import read_project
from kg.config import read_config
from kg.errors import ConfigError, KgError, VocabularyError
from kg.ontology.own import own_generated, vocabulary_of
from kg.release import Release
from kg.terms import expand
from kg.vocabulary import Vocabulary
from vocabulary import own_project

pytest.importorskip("linkml_runtime", reason="needs zellige[linkml]")
OWN = "https://example.org/harbour/ont#"
SHIP = "https://example.org/ships/"
COLOUR = "https://example.org/colours/"
SCHEME = "https://example.org/harbour/scheme/"
XSD = expand("xsd:")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_project.make(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def vocabulary(project: Path) -> Vocabulary:
    return vocabulary_of(read_config(project, {}))


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def release(project: Path, told: list[str]) -> Release:
    return pipeline.build(read_config(project, {}), lambda _: None, warn=told.append)


@pytest.fixture(scope="module")
def lines(release: Release) -> set[str]:
    return set(gzip.decompress((release.path / "graph.nq.gz").read_bytes()).decode().splitlines())


def said(subject: str, predicate: str, value: str, claim: str) -> str:
    iris = (f"https://example.org/harbour/id/{subject}", predicate)
    return f"<{iris[0]}> <{iris[1]}> {value} <https://example.org/harbour/claim/{claim}> ."


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "claim"),
    [
        ("berth", f"{OWN}depth", f'"-12"^^<{XSD}integer>', "N1"),
        ("berth", f"{OWN}depth", f'"9"^^<{XSD}integer>', "N1"),
        ("berth", f"{OWN}state", f"<{SCHEME}state/open>", "N1"),
        ("berth", f"{OWN}serves", "<https://example.org/harbour/id/dhow>", "N1"),
        ("dhow", f"{SHIP}name", '"Jahazi"@sw', "N2"),
        ("dhow", f"{SHIP}owner", "<https://example.org/harbour/id/owner>", "N2"),
        ("paint", f"{COLOUR}colour", f"<{SCHEME}colour/deep-red>", "N2"),
        ("paint", f"{COLOUR}colour", f"<{COLOUR}green>", "N2"),
        ("paint", "https://schema.org/headline", '"Brick"', "N2"),
        ("paint", f"{COLOUR}litres", f'"1.5"^^<{XSD}decimal>', "N2"),
    ],
)
def test_claims_name_terms_of_every_kind(subject: str, predicate: str, value: str, claim: str, lines: set[str]) -> None:
    assert said(subject, predicate, value, claim) in lines


@pytest.mark.parametrize(
    "line",
    [
        f"<{OWN}Berth> <{expand('rdfs:subClassOf')}> <https://schema.org/Place>",
        f"<{OWN}Berth> <{expand('rdfs:isDefinedBy')}> <https://example.org/harbour/ont>",
        f'<{OWN}serves> <{expand("rdfs:label")}> "serves"@sw',
        f'<{SHIP}Vessel> <{expand("rdfs:label")}> "vessel"@und',
        f'<{SHIP}Vessel> <{expand("rdfs:comment")}> "What floats and carries."@en',
        f"<{SHIP}Vessel> <{expand('rdfs:isDefinedBy')}> <https://example.org/ships/>",
        f"<{COLOUR}litres> <{expand('rdfs:domain')}> <{COLOUR}Paint>",
        f'<{SCHEME}colour/deep-red> <{expand("skos:definition")}> "As of brick."@en',
        f'<{SCHEME}unit/fathom> <{expand("skos:prefLabel")}> "pima"@sw',
        f"<https://example.org/harbour/ont> <{expand('rdf:type')}> <{expand('owl:Ontology')}>",
    ],
)
def test_the_terms_are_published_with_what_is_said_of_them(line: str, lines: set[str]) -> None:
    assert f"{line} <https://example.org/harbour/graph/ontology> ." in lines


def test_what_is_left_aside_is_told(release: Release, told: list[str]) -> None:
    assert release.id
    assert told == ["vocabulary/ships.rdf: 2 statements with blank nodes (restrictions, unions, lists) are left aside"]


def test_nothing_of_schema_org_is_moved_to_http(lines: set[str]) -> None:
    assert not [line for line in lines if "http://schema.org/" in line]
    places = [line for line in lines if line.startswith("<https://schema.org/Place>") and "#label" in line]
    assert not [line for line in places if "Shop" in line]


def test_the_context_of_the_release_has_the_terms_and_prefixes(release: Release) -> None:
    context = json.loads((release.path / "context.jsonld").read_bytes())["@context"]
    assert context["hb"] == OWN
    assert context["Berth"] == "hb:Berth"
    assert context["depth"] == {"@id": "hb:depth", "@type": "xsd:integer"}
    assert context["owner"] == {"@id": "ship:owner", "@type": "@id"}
    assert context["name"]["@id"] == "zel:name", "a term of others takes no name away"


def test_domains_and_ranges_are_proved(tmp_path: Path) -> None:
    wrong = ("{id: dhow, depth: 3}", "{id: berth, serves: owner}", "{id: berth, owner: owner}")
    lines = [
        f"  - {{id: N{number}, says: {says}, reviewStatus: located, evidence: document}}\n"
        for number, says in enumerate(wrong, 3)
    ]
    own_project.make(tmp_path, own_project.CLAIMS + "".join(lines))
    with pytest.raises(KgError) as caught:
        pipeline.build(read_config(tmp_path, {}), lambda _: None)
    told = [str(problem) for problem in caught.value.problems]
    expected = (
        "25: violation: Only a thing of the type Berth (berth) has 'depth'",
        "26: violation: A value of 'serves' must be a thing of the type Vessel",
        "27: violation: Only a thing of the type Vessel has 'owner'",
    )
    for line in expected:
        assert [one for one in told if one.startswith(f"data/claims/note.yaml:{line}")], told


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("dept: 3", "unknown term 'dept' (did you mean 'depth'?)"),
        ("hb:dept: 3", "unknown term 'hb:dept' (did you mean 'hb:depth'?)"),
        ("hbb:depth: 3", "unknown term 'hbb:depth' (there is no prefix 'hbb': did you mean 'hb'?)"),
        ("zz:depth: 3", "(there is no prefix 'zz': name it in [vocabulary.prefixes] of kg.toml)"),
        ("state: opne", "the scheme 'state' has no name 'opne' (did you mean 'open'?)"),
        ("depth: deep", "'depth': 'deep' is no whole number"),
        ("type: Berht", "unknown term 'Berht' (did you mean 'Berth'?)"),
    ],
)
def test_names_that_are_none_are_told_with_the_nearest(statement: str, told: str, tmp_path: Path) -> None:
    claims = own_project.CLAIMS + f'  - {{id: N3, says: {{id: berth, "{statement.replace(": ", chr(34) + ": ")}}}}}\n'
    own_project.make(tmp_path, claims)
    with pytest.raises(KgError) as caught:
        read_project(read_config(tmp_path, {}))
    assert [str(p) for p in caught.value.problems if told in str(p)], caught.value.problems
    assert str(caught.value.problems[0]).startswith("data/claims/note.yaml:25: ")


def test_terms_are_looked_up_and_offered_by_editors(project: Path, vocabulary: Vocabulary) -> None:
    found = search(entries(vocabulary), "kina")
    assert [(one.name, one.domain, one.range) for one in found] == [("depth", "hb:Berth", "xsd:integer")]
    assert [one.example for one in search(entries(vocabulary), "fathom")] == ["unit: fathom"]
    claims = schema("claims", vocabulary, ("en", "sw"))
    assert {"depth", "ship:name", "colour"} <= claims["definitions"]["node"]["properties"].keys()
    assert claims["definitions"]["scheme-colour"] == {"enum": ["deep red", "sea green"]}


def test_what_follows_is_written_for_others(project: Path, vocabulary: Vocabulary) -> None:
    made = own_generated(read_config(project, {}), vocabulary)
    assert set(made) == {"ontology.ttl", "context.jsonld", "terms.ttl"}
    assert "hb:Berth a owl:Class" in made["ontology.ttl"]
    assert "shape:term-depth a sh:NodeShape" in made["terms.ttl"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("terms__csv", "term,kind,label_en\nA,class,a\n", "terms.csv:1: the table lacks the columns label_sw"),
        ("terms__csv", own_project.TERMS + "Berht,clas,,,,,a,b,C.\n", "terms.csv:6: unknown kind 'clas' of Berht"),
        ("terms__csv", own_project.TERMS + "B,class,Plaec,,,,a,b,C.\n", "is no class that is known here (did you mean"),
        ("terms__csv", own_project.TERMS + "B,class,,,,,a,,C.\n", "terms.csv:6: sw label of B is missing"),
        ("terms__csv", own_project.TERMS + "B,class,,,,,a,b,\n", "terms.csv:6: B has no definition"),
        ("terms__csv", own_project.TERMS + "Project,class,,,,,a,b,C.\n", "Project is given by a vocabulary that this"),
        ("terms__csv", own_project.TERMS + "d,data,,,xsd:int,,a,b,C.\n", "no datatype in use (did you mean"),
        ("terms__csv", own_project.TERMS + "d,object,,,,stat,a,b,C.\n", "no scheme 'stat' of d in schemes.ttl"),
        ("more__ttl", "<x> a <y>", "more.ttl:1: not Turtle: "),
        (
            "more__ttl",
            f"<http://e.org/state> a <{expand('skos:ConceptScheme')}> .",
            "states.ttl:4: there is a scheme 'state' already",
        ),
        (
            "more__ttl",
            "<https://example.org/harbour/ont#a> a <http://www.w3.org/2004/02/skos/core#Concept> .",
            "the concept a is in no scheme",
        ),
        ("more__ttl", f"<{OWN}Pier> a <{expand('owl:Class')}> .", "more.ttl:1: Pier has no label in en, sw"),
        (
            "more__ttl",
            f"<{SHIP}Vessel> a <{expand('owl:Class')}> .",
            "Vessel is given by vocabulary/more.ttl:1 already",
        ),
        ("more__yaml", "id: a\nname: a\nclasses: {A: {is_b: C}}\n", "more.yaml:1: no LinkML schema: "),
        ("more__yaml", "id: a\nname: a\nimports:\n  - http://e.org/x\n", "more.yaml:4: "),
        ("more__yaml", "id: a\nname: a\nslots: {s: {range: Colour2}}\n", "the range 'Colour2' of s is no class"),
        ("more__xls", "x", "vocabulary/more.xls is not read"),
    ],
)
def test_faults_of_its_files_are_told_with_their_lines(name: str, text: str, told: str, tmp_path: Path) -> None:
    own_project.make(tmp_path, **{name: text})
    with pytest.raises(VocabularyError) as caught:
        vocabulary_of(read_config(tmp_path, {}))
    assert [str(p) for p in caught.value.problems if told in str(p)], list(map(str, caught.value.problems))


def test_a_name_of_ours_that_the_packaged_vocabulary_has_is_ambiguous(tmp_path: Path) -> None:
    label = f'<{expand("rdfs:label")}> "a"@en , "b"@sw'
    own_project.make(tmp_path, more__ttl=f"<{OWN}Goal> a <{expand('owl:Class')}> ; {label} .")
    found = vocabulary_of(read_config(tmp_path, {}))
    assert found.class_named("Goal") is None
    assert found.hint("Goal", found.classes) == "it is the name of several: write zel:Goal or hb:Goal"
    named = [found.class_named(name) for name in ("zel:Goal", "hb:Goal")]
    assert [term.iri for term in named if term is not None] == [expand("zel:Goal"), f"{OWN}Goal"]


def test_what_the_graph_describes_itself_by_is_held_to_nothing_new(tmp_path: Path) -> None:
    made = f'<{{}}> a <{expand("owl:DatatypeProperty")}> ; <{expand("rdfs:label")}> "a"@en , "b"@sw ; {{}} .'
    title = made.format(expand("dct:title"), f"<{expand('rdfs:range')}> <{XSD}anyURI>")
    own = made.format(f"{OWN}rank", f"<{OWN}rank> 3")
    own_project.make(tmp_path, more__ttl=f"{title}\n{own}\n")
    found = vocabulary_of(read_config(tmp_path, {}))
    assert found.property_named("dct:title") is not None
    shapes = own_generated(read_config(tmp_path, {}), found)["terms.ttl"]
    assert "sh:targetSubjectsOf hb:rank" in shapes
    assert "dct:title" not in shapes
    assert [one for one in found.statements if one.predicate.value == f"{OWN}rank"] == []
    assert "vocabulary: 1 statements by properties of its own are left aside: they are data" in found.remarks


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('namespace = "https://e.org/x#"', "has a namespace and no prefix"),
        ('prefix = "org"\nnamespace = "https://e.org/x#"', "stands for http://www.w3.org/ns/org# already"),
        ('prefix = "h b"', "'h b' cannot be a prefix"),
        ('prefix = "h"\nnamespace = "https://e.org/x"', "is no namespace"),
        ('prefixes = {schema = "http://schema.org/"}', "stands for https://schema.org/ already"),
        ('prefixes = "x"', "must give namespaces by prefix"),
        ('prefixs = "x"', "unknown key 'prefixs' in [vocabulary]"),
    ],
)
def test_settings_that_are_wrong(said: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text(f'[project]\nname = "a"\n[vocabulary]\n{said}\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path, {})
    assert told in str(caught.value)
