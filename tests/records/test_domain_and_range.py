"""What a term may be said of and what its values are, held in a build as a person meets it: words, file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_project
import small_tables
from small_project import ENTITIES, SOURCES, kg, make

from kg import pipeline
from kg.config import read_config
from kg.errors import KgError
from kg.release import list_releases

HEAD = "statedIn: note\nassertedBy: note\nreviewStatus: {status}\ncheckable: true\nmodality: done\nclaims:\n"
CLAIM = "- id: {id}\n  {more}says: {says}\n  evidence: document\n"
CAFE = """\
  cafe: {type: Organization, label: {ar: مقهى, fr: Le café, en: The café}}
  ministry: {type: Ministry, label: {ar: وزارة, fr: Le ministère, en: The ministry}}
  amina: {type: Person, label: {ar: أمينة, fr: Amina, en: Amina}}
"""
NAMED = "{id: cafe, name: {en: The café}}"


def project(folder: Path, *says: str, status: str = "located", entities: str = "") -> Path:
    """The small project with claims A1, A2, ... that say these things; A1 stands on line 7, each takes three lines."""
    body = "".join(CLAIM.format(id=f"A{n}", says=text, more="") for n, text in enumerate(says, 1))
    make(folder, claims=HEAD.format(status=status) + body, entities=ENTITIES + CAFE + entities)
    return folder


def refused(folder: Path, before: int = 0) -> list[str]:
    """What a build says of every fault; nothing is published beside the releases of before."""
    with pytest.raises(KgError) as caught:
        pipeline.build(read_config(folder, {}), lambda _: None)
    assert len(list_releases(folder / "releases")) == before
    return [str(problem) for problem in caught.value.problems]


def conforms(folder: Path) -> bool:
    return pipeline.build(read_config(folder, {}), lambda _: None).path.is_dir()


def test_a_cafe_neither_chairs_itself_nor_is_the_budget_of_a_ministry(tmp_path: Path) -> None:
    folder = project(tmp_path, NAMED, "{id: cafe, chairs: cafe, budgetOf: ministry}")
    ran = kg("build", "-q", cwd=folder)
    assert ran.returncode == 1
    assert not (folder / "releases" / "current").exists()
    found = ran.stderr.splitlines()
    assert len(found) == 3
    # The claim that says it, and not the first one about the cafe.
    assert all(line.startswith("error: data/claims/note.yaml:10: ") for line in found)
    assert "Only a thing of the type Person (person) has 'chairs'" in ran.stderr
    assert "Only a thing of the type Budget (budget) has 'budgetOf'" in ran.stderr
    assert "A value of 'budgetOf' must be a thing of the type PolicyInstrument" in ran.stderr


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("{id: amina, chairs: city}", "A value of 'chairs' must be a thing of the type Organization"),
        ("{id: city, holdsPost: ministry}", "Only a thing of the type Person (person) has 'holdsPost'"),
        ("{id: cafe, locatedIn: note}", "A value of 'locatedIn' must be a thing of the type Place"),
        ("{id: note-budget, type: Goal, allocatedFrom: cafe}", "has 'allocatedFrom'"),
    ],
)
def test_the_claim_with_a_wrong_end_is_named(tmp_path: Path, says: str, words: str) -> None:
    found = refused(project(tmp_path, NAMED, "{id: city, name: {fr: La ville}}", says))
    assert [line for line in found if words in line and line.startswith("data/claims/note.yaml:13: ")], found


def test_a_type_may_be_told_by_the_register_by_another_claim_or_by_a_class_below(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        "{id: amina, chairs: ministry}",
        "{id: leila, chairs: cafe}",
        "{id: leila, type: Person}",
        entities="  leila: {type: Place, label: {ar: ليلى, fr: Leïla, en: Leila}}\n",
    )
    assert conforms(folder)


def test_a_type_that_did_not_enter_the_default_graph_does_not_count_there(tmp_path: Path) -> None:
    """Otherwise a claim that nobody has reviewed would make a reviewed one right."""
    folder = project(tmp_path, "{id: cafe, type: Person}")
    other = HEAD.format(status="reviewed") + CLAIM.format(
        id="B1", says="{id: cafe, chairs: ministry}", more=""
    ).replace("evidence: document", "evidence: {sentence: 2, start: 36, end: 48, exact: Deux parties}")
    (folder / "data" / "claims" / "reviewed.yaml").write_text(other, encoding="utf-8")
    (found,) = refused(folder)
    assert found.startswith("data/claims/reviewed.yaml:7: ")
    assert "Only a thing of the type Person (person) has 'chairs'" in found


def test_what_a_plan_leaves_without_a_type_in_the_default_graph_is_judged_by_all_that_is_stated(tmp_path: Path) -> None:
    """Of a plan only the statements about pending things enter: the sum does, and what it is does not."""
    plan = (
        "{id: lab, lifecycleStatus: planned, quantity: {id: sum, type: Quantity, numericValue: 40, exactness: about}}"
    )
    folder = project(tmp_path, plan, status="reviewed")
    path = folder / "data" / "claims" / "note.yaml"
    text = path.read_text(encoding="utf-8").replace("modality: done", "modality: planned")
    quoted = "evidence: {sentence: 2, start: 36, end: 48, exact: Deux parties}"
    path.write_text(text.replace("evidence: document", quoted), encoding="utf-8")
    assert conforms(folder)
    path.write_text(path.read_text(encoding="utf-8").replace("type: Quantity", "type: Goal"), encoding="utf-8")
    assert any("A value of 'quantity' must be a thing of the type Quantity" in line for line in refused(folder, 1))


@pytest.mark.parametrize(
    "date",
    [
        "2025-02-30",
        "2023-02-29",
        "1900-02-29",
        "2025-04-31~",
        "2025-13",
        "2025-02-30/2025-03-01",
        "2025/2025-06-31",
        "2026/2024",
        "2025-03/2025-02",
    ],
)
def test_a_date_that_no_calendar_has_is_refused_at_its_line(tmp_path: Path, date: str) -> None:
    found = refused(project(tmp_path, NAMED, f"{{id: cafe, launchedOn: {date}}}"))
    hint = "(write 2025, 2025-07, 2025-07-01 or 2024/2026)"
    assert found == [f"data/claims/note.yaml:11: 'launchedOn': '{date}' is no EDTF date of the calendar {hint}"]


def test_the_date_of_a_document_is_one_of_the_calendar(tmp_path: Path) -> None:
    folder = make(tmp_path, sources=SOURCES.replace("date: 2026-11", "date: 2025-02-30"))
    (found,) = refused(folder)
    assert found.startswith("data/sources.yaml:7: '2025-02-30' is no EDTF date of the calendar")


@pytest.mark.parametrize("date", ["2024-02-29", "2000-02-29~", "-0004-02-29", "2024-02-29/2024-02-29", "202X/2025"])
def test_a_leap_day_and_an_interval_within_a_day_are_dates(tmp_path: Path, date: str) -> None:
    assert conforms(project(tmp_path, f"{{id: cafe, launchedOn: {date}}}"))


@pytest.mark.parametrize(
    ("says", "word"),
    [
        ("{id: cafe, ordinal: 99999999999999999999}", "'ordinal': 99999999999999999999 has more digits"),
        ("{id: sum, type: Quantity, numericValue: 0.1234567890123456789}", "0.1234567890123456789 has more digits"),
        ("{id: sum, type: Quantity, numericValue: 1e21}", "'numericValue': 1000000000000000000000 has more digits"),
        ("{id: sum, type: Quantity, numericValue: 1e999999999}", "'numericValue': not a decimal number: '1e999999999'"),
    ],
)
def test_a_number_that_no_query_would_find_is_refused(tmp_path: Path, says: str, word: str) -> None:
    (found,) = refused(project(tmp_path, says))
    assert word in found
    assert found.startswith("data/claims/note.yaml:8: ")


# Rows of tables

PAIR = "    rml:predicateObjectMap [ rml:predicate {predicate} ; rml:objectMap [ {object} ] ] ;\n"
TABLE = """\
code,name_ar,name_fr,height,source,contradicts
D1,سد الشمال,Barrage du Nord,88.50,note,
D2,سد الوادي,Le deuxième,133,note,
"""


def dams(folder: Path, predicate: str, value: str, *, table: str = TABLE) -> Path:
    """The small project of dams, whose mapping says one thing more of each."""
    more = PAIR.format(predicate=predicate, object=value)
    whole = small_tables.mapping()
    at = whole.index("    rml:predicateObjectMap")
    return small_tables.make(folder, table=table, mapping=whole[:at] + more + whole[at:])


@pytest.mark.parametrize(
    ("predicate", "value", "words"),
    [
        ("zel:chairs", 'rml:template "id/lab"', "Only a thing of the type Person (person) has 'chairs'"),
        ("zel:locatedIn", 'rml:template "id/lab"', "A value of 'locatedIn' must be a thing of the type Place"),
        ("zel:locatedIn", 'rml:reference "name_fr" ; rml:language "fr"', "A value of 'locatedIn' must be a thing"),
        ("zel:namedAfter", 'rml:reference "name_fr"', "A value of 'namedAfter' must be a thing, not text or a number"),
        ("zel:lifecycleStatus", "rml:constant exactness:vague", "must be a name of the scheme 'status'"),
        ("zel:kindText", 'rml:reference "name_fr"', "A value of 'kindText' must be text with its language"),
        ("zel:ordinal", 'rml:reference "height" ; rml:datatype xsd:decimal', "must be a whole number from 1"),
        ("zel:launchedOn", 'rml:constant "2025"', "A value of 'launchedOn' must be a date of the calendar"),
    ],
)
def test_a_row_is_held_to_domain_and_range_at_its_line(tmp_path: Path, predicate: str, value: str, words: str) -> None:
    found = refused(dams(tmp_path, predicate, value))
    hits = [line for line in found if words in line]
    assert [line.partition(": ")[0] for line in hits] == ["data/tables/dams.csv:2", "data/tables/dams.csv:3"], found


@pytest.mark.parametrize("date", ["2025-02-30", "2025-02-30/2025-03-01", "2023-02-29~", "2026/2024"])
@pytest.mark.parametrize("predicate", ["zel:launchedOn", "schema:foundingDate"])
def test_a_row_with_a_date_that_no_calendar_has_is_told_at_its_line(tmp_path: Path, predicate: str, date: str) -> None:
    value = 'rml:reference "height" ; rml:datatype <http://id.loc.gov/datatypes/edtf/EDTF>'
    without = small_tables.mapping().replace(
        'rml:reference "height" ; rml:datatype xsd:decimal', 'rml:reference "code"'
    )
    folder = dams(tmp_path, predicate, value, table=TABLE.replace("88.50", "2024-02-29").replace("133", date))
    path = folder / "data" / "tables" / "dams.rml.ttl"
    at = without.index("    rml:predicateObjectMap")
    path.write_text(without[:at] + PAIR.format(predicate=predicate, object=value) + without[at:], encoding="utf-8")
    (found,) = refused(folder)
    name = predicate if predicate.startswith("zel") else "schema:foundingDate"
    assert found.startswith(f"data/tables/dams.csv:3: {name}: '{date}' is no EDTF date of the calendar")


@pytest.mark.parametrize(
    ("value", "datatype", "words"),
    [
        ("2025-02-30", "date", "'2025-02-30' is no <http://www.w3.org/2001/XMLSchema#date>"),
        ("2025-01-01T25:00:00", "dateTime", "'2025-01-01T25:00:00' is no <http://www.w3.org/2001/XMLSchema#dateTime>"),
        ("2025-13", "gYearMonth", "'2025-13' is no <http://www.w3.org/2001/XMLSchema#gYearMonth>"),
        ("99999999999999999999", "integer", "99999999999999999999 has more digits than queries count with"),
    ],
)
def test_a_row_with_a_value_of_a_foreign_property_that_is_none_is_told(
    tmp_path: Path, value: str, datatype: str, words: str
) -> None:
    found = refused(dams(tmp_path, "schema:value", f'rml:constant "{value}"^^xsd:{datatype}'))
    assert words in "\n".join(found)


def test_the_first_line_of_a_file_is_no_place_for_what_a_claim_says(tmp_path: Path) -> None:
    """A thing that a row and a claim speak of is located where it is said."""
    folder = small_project.make(tmp_path, entities=ENTITIES + CAFE)
    text = HEAD.format(status="located") + CLAIM.format(id="C1", says="{id: lab, chairs: ministry}", more="")
    (folder / "data" / "claims" / "zz.yaml").write_text(text, encoding="utf-8")
    (found,) = refused(folder)
    assert found.startswith("data/claims/zz.yaml:7: ")
