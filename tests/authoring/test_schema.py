"""The JSON Schemas: what a build takes they take, and what nobody may write they refuse while one types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from small_project import CLAIMS, ENTITIES, SOURCES

from kg.authoring import KINDS, schema
from kg.config import read_config
from kg.ontology.own import vocabulary_of
from kg.paths import data_dir
from kg.positions import Node, Sequence, Table, Value, parse_yaml
from kg.records import documents
from kg.records.evidence import reading

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"claims": CLAIMS, "sources": SOURCES, "entities": ENTITIES}


@pytest.fixture(scope="module")
def validators() -> dict[str, Draft7Validator]:
    vocabulary = vocabulary_of(read_config(data_dir(), {}))
    made = {kind: schema(kind, vocabulary) for kind in KINDS}
    for one in made.values():
        Draft7Validator.check_schema(one)
    return {kind: Draft7Validator(one) for kind, one in made.items()}


def plain(node: Node) -> Any:
    if isinstance(node, Table):
        return {key: plain(value) for key, value in node}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Value)
    return node.value


def faults(validator: Draft7Validator, text: str | bytes) -> list[str]:
    node = parse_yaml(text if isinstance(text, bytes) else text.encode(), "t.yaml", prose=False)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(plain(node))]


def test_every_file_of_the_first_graph_and_of_the_examples_is_valid() -> None:
    checked = 0
    for data in (ROOT / "data", *sorted((ROOT / "examples").glob("*/data"))):
        config = read_config(data.parent, {})
        vocabulary, spoken = vocabulary_of(config), config.project.languages
        validators = {kind: Draft7Validator(schema(kind, vocabulary, spoken)) for kind in KINDS}
        files = [("sources", data / "sources.yaml"), ("entities", data / "entities.yaml")]
        for kind, path in [*files, *(("claims", path) for path in sorted((data / "claims").glob("*.yaml")))]:
            if path.exists():
                assert faults(validators[kind], path.read_bytes()) == [], path
                checked += 1
    assert checked > 20


def test_what_readers_take_is_what_the_schemas_know(validators: dict[str, Draft7Validator]) -> None:
    sources = validators["sources"].schema["properties"]["documents"]["additionalProperties"]
    assert set(sources["properties"]) == set(documents.DOCUMENT_KEYS)
    claim = validators["claims"].schema["properties"]["claims"]["items"]
    quote = claim["properties"]["evidence"]["anyOf"][0]["anyOf"][1]
    assert set(quote["properties"]) == set(reading._KEYS)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("claims", "modality: planned", "modality: plannd"),
        ("claims", "    gloss:", "    glos:"),
        ("claims", "lifecycleStatus: planned", "lifecycleState: planned"),
        ("claims", "name: {fr: Le laboratoire}", "name: Le laboratoire"),
        ("claims", "start: 36", "start: -36"),
        ("claims", "id: N2", "id: N 2"),
        ("claims", "checkable: true", "checkable: 'yes'"),
        ("claims", "claims:", "claimz:"),
        ("claims", "characterisedAs: {fr: Deux parties}", "about: lab"),
        ("sources", "language: fr", "language: French"),
        ("sources", "    publisher: Example\n", ""),
        ("sources", "[36, 59]", "[36]"),
        ("sources", "sha256: ", "sha256: x"),
        ("entities", "type: Place", "type: Plaice"),
        ("entities", "label: {ar: المدينة, ", "label: {"),
    ],
)
def test_what_a_build_refuses_is_seen_while_typing(
    kind: str, before: str, after: str, validators: dict[str, Draft7Validator]
) -> None:
    assert before in SMALL[kind]
    assert faults(validators[kind], SMALL[kind].replace(before, after))


def test_short_claims_are_valid(validators: dict[str, Draft7Validator]) -> None:
    short = (
        "statedIn: note\nclaims:\n  - id: N1\n    modality: planned\n    says: {id: lab, plannedFor: 2033}\n"
        "    evidence: {}\n"
    )
    for evidence in ("2031", "words", "[words, document]", "{exact: words, occurrence: 2}"):
        assert faults(validators["claims"], short.replace("{}", evidence)) == [], evidence
    assert faults(validators["claims"], short)
