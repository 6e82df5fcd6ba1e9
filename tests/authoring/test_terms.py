"""Terms are found by any label in any spelling, and each is shown with an example that a build takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_project import CLAIMS, make

from kg.authoring import Entry, entries, search
from kg.cli.authoring.schema import schema as schema_command
from kg.cli.authoring.terms import terms as command
from kg.config import read_config
from kg.ontology.own import vocabulary_of
from kg.paths import data_dir
from kg.records import read_records
from kg.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabulary_of(read_config(data_dir(), {}))


@pytest.fixture(scope="module")
def known(vocabulary: Vocabulary) -> list[Entry]:
    return list(entries(vocabulary))


@pytest.fixture
def terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(make(tmp_path / "project"))
    return lambda *arguments: CliRunner().invoke(command, arguments)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ministry", "Ministry"),
        ("MINISTÈRE", "Ministry"),
        ("الوزارة", "Ministry"),
        ("planned for", "plannedFor"),
        ("prevu pour", "plannedFor"),
        ("moroccan-dirham", "moroccan-dirham"),
        ("lifecycleStatus", "lifecycleStatus"),
    ],
)
def test_a_term_is_found_in_three_languages_and_any_spelling(words: str, first: str, known: list[Entry]) -> None:
    assert search(known, words)[0].name == first


@pytest.mark.parametrize("scheme", ["unit", "modality", "status"])
def test_the_name_of_a_scheme_finds_all_its_concepts(scheme: str, vocabulary: Vocabulary, known: list[Entry]) -> None:
    found = [one.name for one in search(known, scheme) if one.kind == "concept" and one.domain == scheme]
    assert sorted(found) == sorted(vocabulary.concepts[scheme])


def test_every_example_can_be_written(tmp_path: Path, vocabulary: Vocabulary, known: list[Entry]) -> None:
    about, said, classes = [], [], []
    for one in known:
        if (
            one.remark
            or one.kind == "concept"
            or one.name in {"statedIn", "supportedBy", "factId", "gloss", "checkable"}
        ):
            continue
        example = one.example.replace("name-of-a-thing", "lab").replace("name-of-a-document", "note")
        example = example.replace("name-of-a-claim", "N1")
        if one.kind == "class":
            classes.append(f"      - {example[:-1]}, name: {{en: x}}}}\n")
        elif one.domain == "Claim":
            about.append(f"    {example}\n")
        else:
            said.append(f"      - {{id: lab, {example}}}\n")
    own = [line for line in about if not line.strip().startswith(("modality", "assertedBy", "reviewStatus"))]
    assert len(classes) > 50
    assert len(said) > 60
    extra = (
        f"  - id: N3\n    modality: done\n{''.join(own)}    says:\n{''.join(said + classes)}    evidence: document\n"
    )
    assert read_records(read_config(make(tmp_path, claims=CLAIMS + "\n" + extra), {}), vocabulary).claims["N3"]


def test_the_command_shows_domain_range_definition_and_example(terms: Callable[..., Result]) -> None:
    assert terms("plannedFor").stdout.splitlines()[:4] == [
        "plannedFor: property of anything, its value: edtf:EDTF",
        "    planned for | prévu pour | مرتقب في",
        "    Date at which a source expects a planned thing.",
        "    plannedFor: 2031-05",
    ]
    assert "Date à laquelle une source" in terms("plannedFor", "--language", "fr").stdout
    assert "    a build makes its statements, and nobody writes them" in terms("quoteStart").stdout
    listed = terms("--kind", "class").stdout.splitlines()
    assert listed[0].split() == ["Agent", "class,", "a", "kind", "of", "owl:Thing"]
    nothing = terms("minsitry")
    assert (nothing.exit_code, "did you mean 'ministry'?" in nothing.stderr.lower()) == (2, True)


def test_schemas_are_written_for_an_editor(terms: Callable[..., Result]) -> None:
    done = CliRunner().invoke(schema_command, ["-o", "schemas"])
    assert done.exit_code == 0
    assert sorted(path.name for path in Path("schemas").iterdir()) == [
        "claims.schema.json", "entities.schema.json", "sources.schema.json",
    ]  # fmt: skip
    assert "# yaml-language-server: $schema=" in done.stderr
    assert '"planned"' in CliRunner().invoke(schema_command, ["claims"]).stdout
    assert CliRunner().invoke(schema_command, []).exit_code == 2
