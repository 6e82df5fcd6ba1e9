"""The languages of a project: which labels are demanded, and texts that are the same in several."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import small_project

from kg.config import read_config
from kg.errors import ConfigError, RecordError
from kg.inputs import shape_files
from kg.ontology.own import vocabulary_of
from kg.paths import data_dir
from kg.records import Records, read_records
from kg.shacl import Columns, read_levels, validate
from kg.terms import expand
from kg.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary(data_dir("ontology"))
TOML = small_project.KG_TOML.replace("[project.title]", 'languages = ["en", "sw"]\n\n[project.title]\nsw = "Ndogo"')
ENTITIES = """\
entities:
  lab:
    type: Laboratory
    label: {%s}
  city:
    type: Place
    label: {en: The city, sw: Mji}
"""


def read(folder: Path, label: str, toml: str = TOML) -> Records:
    small_project.make(folder, toml=toml, entities=ENTITIES % label)
    return read_records(read_config(folder), VOCABULARY)


def refused(folder: Path, label: str, toml: str = TOML) -> str:
    with pytest.raises(RecordError) as caught:
        read(folder, label, toml)
    (told,) = map(str, caught.value.problems)
    return told


@pytest.mark.parametrize(
    ("label", "published"),
    [
        ("en: The laboratory, sw: Maabara", {"en": "The laboratory", "sw": "Maabara"}),
        ("en: The laboratory, sw: Maabara, ar: المختبر", {"en": "The laboratory", "sw": "Maabara", "ar": "المختبر"}),
        ("en: UM6P, same-in: [en, sw]", {"en": "UM6P", "sw": "UM6P"}),
        ("sw: UM6P, same-in: [en, sw], fr: A", {"en": "UM6P", "sw": "UM6P", "fr": "A"}),
        ("en: A, fa: B, same-in: [[en, sw], [ar, fa]]", {"en": "A", "sw": "A", "ar": "B", "fa": "B"}),
    ],
)
def test_labels_are_demanded_in_the_languages_of_the_project(
    label: str, published: dict[str, str], tmp_path: Path
) -> None:
    records = read(tmp_path, label)
    assert records.entities["lab"].labels == published
    assert records.remarks == ()


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("en: The laboratory", "'label' lacks sw (add it, or say that it is the same: same-in: [en, sw])"),
        ("en: A, sw: B, same-in: [en, sw]", "'same-in' says that en and sw are the same, and each has a text"),
        ("en: A, sw: B, same-in: [ar, fr]", "'same-in' says that ar and fr are the same, and none has a text"),
        (
            "en: A, sw: B, same-in: en",
            "'same-in' of 'label' must list two languages at least (write same-in: [en, fr])",
        ),
        ("en: A, sw: B, same-in: [en, Swahili]", "'same-in' of 'label' must list two languages at least"),
        ("en: A, sw: B, same-as: [en, fr]", "'same-as' is no language tag"),
    ],
)
def test_what_is_wrong_with_labels_is_told_with_its_cure(label: str, told: str, tmp_path: Path) -> None:
    found = refused(tmp_path, label)
    assert found.startswith("data/entities.yaml:4: ")
    assert told in found


def test_a_text_that_was_copied_is_told_and_stops_nothing(tmp_path: Path) -> None:
    records = read(tmp_path, "en: UM6P, sw: UM6P")
    assert records.entities["lab"].labels == {"en": "UM6P", "sw": "UM6P"}
    assert [str(remark) for remark in records.remarks] == [
        (
            "data/entities.yaml:4: 'label' of entity 'lab' has the text 'UM6P' in en and sw "
            "(if it is the same in both, write it once, and same-in: [en, sw])"
        )
    ]


def test_a_project_that_names_no_languages_speaks_those_of_the_interface(tmp_path: Path) -> None:
    label = "en: The laboratory, sw: Maabara"
    with pytest.raises(RecordError) as caught:
        read(tmp_path, label, small_project.KG_TOML)
    assert ["'label' lacks ar, fr" in str(problem) for problem in caught.value.problems] == [True, True]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('["en", "Swahili Tongue"]', "'Swahili Tongue' is no language tag"),
        ('["EN"]', "'EN' is no language tag"),
        ('["en", "en"]', "languages has en twice"),
        ("[]", "languages is empty"),
        ('"en"', "[project] languages must be a list of texts"),
    ],
)
def test_languages_that_are_none(said: str, told: str, tmp_path: Path) -> None:
    toml = small_project.KG_TOML.replace("[project.title]", f"languages = {said}\n\n[project.title]")
    small_project.make(tmp_path, toml=toml)
    with pytest.raises(ConfigError, match="languages") as caught:
        read_config(tmp_path)
    assert told in str(caught.value)
    assert f"{tmp_path / 'kg.toml'}:5" in str(caught.value)


def test_shapes_demand_the_labels_of_things_and_not_those_of_terms(tmp_path: Path) -> None:
    small_project.make(tmp_path, toml=TOML)
    config = read_config(tmp_path)
    levels = read_levels(shape_files(config, vocabulary_of(config)), config.name_of)
    data = """
        <http://e/lab> a zel:Laboratory ; rdfs:label "Lab"@en .
        <http://e/both> a zel:Laboratory ; rdfs:label "Lab"@en , "Maabara"@sw .
        <http://e/term> a owl:Class ; rdfs:label "term"@fr ; rdfs:isDefinedBy <http://e/> .
    """
    prefixes = "".join(f"@prefix {name}: <{expand(name + ':')}> .\n" for name in ("zel", "rdfs", "owl"))
    report = validate(Columns.from_quads(ox.parse(prefixes + data, ox.RdfFormat.TURTLE)), levels.claims)
    (found,) = report.results
    assert found.focus == "http://e/lab"
    assert "Add the label in Swahili (sw) to entities.yaml." in report.to_text()
