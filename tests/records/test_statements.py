"""Statements by name: what every kind of value becomes, and what is told of a name or a value that is none."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from small_project import make

from kg.config import read_config
from kg.errors import RecordError
from kg.paths import data_dir
from kg.records import read_records
from kg.terms import ZEL
from kg.vocabulary import Vocabulary, read_vocabulary

BASE = "https://example.org/small/"
SCHEME = "https://w3id.org/zellige/scheme/"
XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The project's, and a property of each datatype that none of them has."""
    read = read_vocabulary(data_dir("ontology"))
    kinds = {
        "onDay": XSD + "date", "atAddress": XSD + "anyURI", "howMany": XSD + "nonNegativeInteger",
        "count": XSD + "integer", "plain": None,
    }  # fmt: skip
    model = read.properties["factId"]
    more = {
        name: dataclasses.replace(model, name=name, iri=ZEL + name, domain=None, range=r) for name, r in kinds.items()
    }
    return dataclasses.replace(read, properties={**read.properties, **more})


def document(says: str) -> str:
    return f"statedIn: note\nclaims:\n  - id: N1\n    says:\n      {says}\n  - id: N2\n    says: {{id: city, name: {{fr: x}}}}\n"


def said(folder: Path, vocabulary: Vocabulary, says: str) -> dict[str, object]:
    """What the first claim says of its thing."""
    records = read_records(read_config(make(folder, claims=document(says)), {}), vocabulary)
    (node,) = records.claims["N1"].says
    return dict(node)


CODES = {
    "unknown entity": "unknown-entity", "no 'id'": "unknown-entity", "unknown term": "unknown-term", "name '": "unknown-name",
}  # fmt: skip


def faults(folder: Path, vocabulary: Vocabulary, says: str) -> list[str]:
    with pytest.raises(RecordError) as caught:
        said(folder, vocabulary, says)
    for problem in caught.value.problems:
        assert problem.code == next((code for words, code in CODES.items() if words in problem.message), "wrong-type")
    return [str(problem).removeprefix("data/claims/note.yaml:5: ") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "name", "value"),
    [
        ("factId: 007", "factId", {"@value": "007"}),
        ("plain: some words", "plain", {"@value": "some words"}),
        ("checkable: true", "checkable", {"@value": "true", "@type": XSD + "boolean"}),
        ("checkable: false", "checkable", {"@value": "false", "@type": XSD + "boolean"}),
        ("numericValue: 10.50", "numericValue", {"@value": "10.5", "@type": XSD + "decimal"}),
        ("numericValue: 7", "numericValue", {"@value": "7", "@type": XSD + "decimal"}),
        ("numericValue: -0.5", "numericValue", {"@value": "-0.5", "@type": XSD + "decimal"}),
        ("ordinal: 12", "ordinal", {"@value": "12", "@type": XSD + "integer"}),
        ("ordinal: 1", "ordinal", {"@value": "1", "@type": XSD + "integer"}),
        ("howMany: 0", "howMany", {"@value": "0", "@type": XSD + "integer"}),
        ("count: 10", "count", {"@value": "10", "@type": XSD + "integer"}),
        ("horizonYear: 2030", "horizonYear", {"@value": "2030", "@type": XSD + "gYear"}),
        ("onDay: 2025-07-31", "onDay", {"@value": "2025-07-31", "@type": XSD + "date"}),
        ("onDay: 2025-12-01", "onDay", {"@value": "2025-12-01", "@type": XSD + "date"}),
        ("eventDate: 2025-07", "eventDate", {"@value": "2025-07", "@type": EDTF}),
        ("eventDate: 2024/2026", "eventDate", {"@value": "2024/2026", "@type": EDTF}),
        ("atAddress: http://e.org/", "atAddress", {"@value": "http://e.org/", "@type": XSD + "anyURI"}),
        ("lifecycleStatus: planned", "lifecycleStatus", {"@id": SCHEME + "status/planned"}),
        ("contradicts: N2", "contradicts", {"@id": BASE + "claim/N2"}),
        ("reportedIn: note", "reportedIn", {"@id": BASE + "doc/note"}),
        ("includes: city", "includes", {"@id": BASE + "id/city"}),
        ("includes: note", "includes", {"@id": BASE + "doc/note"}),
        ("includes: {id: city, acronym: C}", "includes", {"@id": BASE + "id/city", f"{ZEL}acronym": [{"@value": "C"}]}),
    ],
)
def test_a_value_by_the_kind_of_its_property(tmp_path, vocabulary, written, name, value):
    assert said(tmp_path, vocabulary, f"{{id: lab, {written}}}") == {"@id": BASE + "id/lab", ZEL + name: [value]}


def test_several_values_and_texts_by_language(tmp_path, vocabulary):
    assert said(
        tmp_path, vocabulary, "{id: lab, ordinal: [1, 2], includes: [city, note], name: {fr: [a, b], ar: ج}}"
    ) == {
        "@id": BASE + "id/lab",
        f"{ZEL}ordinal": [{"@value": "1", "@type": XSD + "integer"}, {"@value": "2", "@type": XSD + "integer"}],
        f"{ZEL}includes": [{"@id": BASE + "id/city"}, {"@id": BASE + "doc/note"}],
        f"{ZEL}name": [
            {"@value": "a", "@language": "fr"},
            {"@value": "b", "@language": "fr"},
            {"@value": "ج", "@language": "ar"},
        ],
    }


def test_types_are_kept_apart_from_properties(tmp_path, vocabulary):
    lab, place = (vocabulary.classes[name].iri for name in ("Laboratory", "Place"))
    assert said(tmp_path / "1", vocabulary, "{id: lab, type: Laboratory}") == {"@id": BASE + "id/lab", "@type": [lab]}
    assert said(tmp_path / "2", vocabulary, "{id: lab, type: [Laboratory, Place], ordinal: 1}")["@type"] == [lab, place]


def test_a_concept_may_be_what_is_spoken_of(tmp_path, vocabulary):
    assert said(tmp_path, vocabulary, "{id: status/planned, acronym: P}")["@id"] == SCHEME + "status/planned"


STATUS = "idea, announced, planned, in-preparation, adopted, in-force, active, done, abandoned"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{id: labo, acronym: L}", "unknown entity 'labo' (did you mean 'lab'?)"),
        ("{id: zzzzz, acronym: L}", "unknown entity 'zzzzz' (declare it in entities.yaml)"),
        ("{id: status/plannd, acronym: L}", "unknown entity 'status/plannd' (did you mean 'planned'?)"),
        ("{id: status/planned/x, acronym: L}", "unknown entity 'status/planned/x' (did you mean 'planned'?)"),
        ("{id: planned, acronym: L}", "unknown entity 'planned' (declare it in entities.yaml)"),
        ("{id: nowhere/planned, acronym: L}", "unknown entity 'nowhere/planned' (declare it in entities.yaml)"),
        ("{id: note, acronym: L}", "unknown entity 'note' (declare it in entities.yaml)"),
        ("{acronym: L}", "no 'id' (declare it in entities.yaml)"),
        ("{id: [lab], acronym: L}", "no 'id' (declare it in entities.yaml)"),
        ("{id: lab, ordinal: 1, acronim: L}", "unknown term 'acronim' (did you mean 'acronym'?)"),
        ("{id: lab, tipe: Place, acronym: L}", "unknown term 'tipe' (did you mean 'type'?)"),
        ("{id: lab, ordinal: 1, typ: Place}", "unknown term 'typ' (did you mean 'type'?)"),
        (
            "{id: lab, ordinal: 1, qqqqq: L}",
            "unknown term 'qqqqq' (within { } a comma ends a text: put a text that holds one in quotes)",
        ),
        ("{id: lab, lifecycleStatus: plannd}", "the scheme 'status' has no name 'plannd' (did you mean 'planned'?)"),
        (
            "{id: lab, lifecycleStatus: lab}",
            f"the scheme 'status' has no name 'lab' (one of {STATUS})",
        ),
        ("{id: lab, includes: citi}", "unknown name 'citi' (did you mean 'city'?)"),
        ("{id: lab, includes: [[city]]}", "unknown name '' (declare it in entities.yaml, or correct the name)"),
        ("{id: lab, includes: N2}", "unknown name 'N2' (declare it in entities.yaml, or correct the name)"),
        ("{id: lab, contradicts: city}", "unknown name 'city' (no claim has that id: correct it, or write that claim)"),
        ("{id: lab, reportedIn: lab}", "unknown name 'lab' (describe it in sources.yaml, or correct the name)"),
        ("{id: lab, acronym: [[L]]}", "'acronym' must be a value, not a list"),
        ("{id: lab, acronym: {a: b}}", "'acronym' must be a value, not a mapping"),
        ("{id: lab, acronym: }", "'acronym' must be a value, not nothing"),
        ("{id: lab, name: L}", "'name' must give text by language, not 'L' (write name: {ar: …})"),
        (
            "{id: lab, checkable: yes please}",
            "'checkable': 'yes please' is neither true nor false (write true or false)",
        ),
        ("{id: lab, checkable: 1}", "'checkable': '1' is neither true nor false (write true or false)"),
        ("{id: lab, numericValue: true}", "'numericValue': 'true' is no number (write it in digits, as 40 or 2.5)"),
        ("{id: lab, numericValue: 1 0}", "'numericValue': '1 0' is no number (write it in digits, as 40 or 2.5)"),
        ("{id: lab, ordinal: 0}", "'ordinal': '0' is no whole number above 0"),
        ("{id: lab, ordinal: -1}", "'ordinal': '-1' is no whole number above 0"),
        ("{id: lab, ordinal: 1.0}", "'ordinal': '1.0' is no whole number above 0"),
        ("{id: lab, ordinal: 01}", "'ordinal': '01' is no whole number above 0 (write 1)"),
        ("{id: lab, ordinal: '١'}", "'ordinal': '١' is no whole number above 0 (write 1)"),
        ("{id: lab, howMany: -1}", "'howMany': '-1' is no whole number"),
        ("{id: lab, howMany: 007}", "'howMany': '007' is no whole number (write 7)"),
        ("{id: lab, count: 1x}", "'count': '1x' is no whole number"),
        ("{id: lab, horizonYear: 30}", "'horizonYear': '30' is no year of four digits"),
        ("{id: lab, horizonYear: '٢٠٣٠'}", "'horizonYear': '٢٠٣٠' is no year of four digits (write 2030)"),
        ("{id: lab, horizonYear: 20301}", "'horizonYear': '20301' is no year of four digits"),
    ],
)
def test_what_is_no_name_or_no_value_is_told(tmp_path, vocabulary, written, told):
    assert faults(tmp_path, vocabulary, written) == [told]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        *(
            ("onDay", text, "day of the calendar")
            for text in (
                "2025-7-1",
                "2025-13-01",
                "2025-00-10",
                "2025-01-32",
                "2025-01-00",
                "2025-07-01T00",
                "12025-07-01",
            )
        ),
        ("eventDate", "May", "EDTF date"),
        ("eventDate", "2025-7", "EDTF date"),
    ],
)
def test_what_is_no_date_is_told(tmp_path, vocabulary, name, text, kind):
    (told,) = faults(tmp_path, vocabulary, f"{{id: lab, {name}: {text}}}")
    assert told.startswith(f"'{name}': '{text}' is no {kind}")


def test_faults_deep_inside_are_told_all_at_once(tmp_path, vocabulary):
    written = "{id: lab, includes: [{id: nowhere, acronym: [a, [b]]}, citi]}"
    assert faults(tmp_path, vocabulary, written) == [
        "unknown entity 'nowhere' (declare it in entities.yaml)",
        "'acronym' must be a value, not a list",
        "unknown name 'citi' (did you mean 'city'?)",
    ]


def test_a_range_that_nobody_can_write_is_a_fault_of_the_vocabulary(tmp_path, vocabulary):
    odd = dataclasses.replace(vocabulary.properties["plain"], range="http://e/odd")
    broken = dataclasses.replace(vocabulary, properties={**vocabulary.properties, "plain": odd})
    with pytest.raises(ValueError, match="no way to write a value of http://e/odd, the range of plain"):
        said(tmp_path, broken, "{id: lab, plain: x}")
