"""What leaves for Wikidata and what does not; both forms of QuickStatements and Wikibase JSON, read back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from release_samples import BASE, sample_contents
from small_project import kg, make

from kg.errors import UsageError
from kg.export.wikidata import (
    Contribution,
    Counterpart,
    Quantity,
    Time,
    contribution,
    counterparts,
    to_csv,
    to_json,
    to_v1,
)
from kg.export.wikidata.model import Item, ItemValue, Reference, Statement, Unsuited
from kg.export.wikidata.properties import EVIDENCE, Kind
from kg.paths import data_dir
from kg.release import Release, publish
from kg.vocabulary import read_vocabulary

DAY = dt.date(2026, 11, 24)
PROPERTIES = counterparts(read_vocabulary(data_dir("ontology")).layers)
MONEY = (*PROPERTIES, Counterpart("zel:quantity", "P9999", Kind.QUANTITY, "made up for this test"))
CLAIM = "zel:reviewStatus rev:reviewed ; zel:statedIn"
GIVEN = f"""
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix schema: <https://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix sch: <https://w3id.org/zellige/scheme/> .

c:W1 {{ id:firm zel:basedIn id:land ; zel:focusesOn sch:subject-x . id:town-hall zel:basedIn id:land . }}
c:W2 {{ id:firm zel:basedIn id:land . }}
c:W3 {{ id:meeting a zel:PublicEvent ; zel:eventDate "2025-07"^^edtf:EDTF ; zel:name "La rencontre"@fr , "Réunion"@fr ;
       zel:organisedBy id:firm , id:town-hall . }}
c:W4 {{ id:firm zel:basedIn id:elsewhere . id:meeting zel:attendedBy id:firm . }}
c:W5 {{ id:club zel:basedIn id:land ; zel:lifecycleStatus st:planned . }}
c:W6 {{ id:guessed zel:basedIn id:land . id:nameless zel:launchedOn "2030"^^edtf:EDTF . }}
c:W7 {{ id:meeting zel:attendedBy id:land . }}
c:W8 {{ id:firm zel:launchedOn "2023~"^^edtf:EDTF . }}
c:W9 {{ id:firm zel:quantity id:sum , id:roughly , id:odd . id:sum zel:numericValue 10.5 ; zel:unit sch:unit-x ;
       zel:lowerBound 10 ; zel:upperBound 11 ; zel:exactness sch:exactness\\/about .
       id:roughly zel:numericValue 7 ; zel:exactness sch:exactness\\/about .
       id:odd zel:numericValue 8 ; zel:unit sch:unit-y . }}
c:W10 {{ id:firm zel:partnerOf id:land . }}
c:W11 {{ id:firm zel:nucleusOf id:land . }}
c:W12 {{ id:firm zel:jointlyRunBy id:land . }}
c:W13 {{ id:firm zel:partOfInstrument id:land . }}
g:claims {{
  c:W1 zel:modality mod:done ; {CLAIM} doc:web .
  c:W2 zel:modality mod:done ; {CLAIM} doc:other .
  c:W3 zel:modality mod:done ; {CLAIM} doc:web .
  c:W4 zel:modality mod:done ; zel:reviewStatus rev:located ; zel:statedIn doc:web .
  c:W5 zel:modality mod:done ; {CLAIM} doc:web .
  c:W6 zel:modality mod:done ; {CLAIM} doc:web .
  c:W7 zel:modality mod:claimed ; {CLAIM} doc:web .
  c:W8 zel:modality mod:done ; {CLAIM} doc:web .
  c:W9 zel:modality mod:allocated ; {CLAIM} doc:web .
  c:W10 zel:modality mod:done ; {CLAIM} doc:web ; zel:contradicts c:W7 .
  c:W11 zel:modality mod:done ; {CLAIM} doc:web ; zel:inferred true .
  c:W12 zel:modality mod:planned ; {CLAIM} doc:web .
  c:W13 zel:modality mod:done ; {CLAIM} doc:vague .
  doc:web schema:url <https://example.org/a?b=c> ; zel:addressComplete true .
  doc:other schema:url <https://example.org/other> ; zel:addressComplete true .
  doc:vague schema:url <https://example.org/> ; zel:addressComplete false .
}}
g:entities {{
  id:firm a zel:Company ; rdfs:label "Firm"@en ; skos:exactMatch wd:Q1 ; owl:sameAs wd:Q1 .
  id:land a schema:Place ; skos:exactMatch wd:Q2 ; owl:sameAs wd:Q2 .
  id:elsewhere a schema:Place ; skos:exactMatch wd:Q3 .
  id:town-hall a zel:PublicBody ; rdfs:label "Town hall"@en , "دار البلدية"@ar .
  id:meeting a zel:PublicEvent ; rdfs:label "Meeting"@en , "Réunion"@fr , "اجتماع"@ar .
  id:club a zel:Company ; rdfs:label "Club"@en .
  id:guessed a zel:Company ; rdfs:label "Guessed"@en .
  sch:subject-x skos:closeMatch wd:Q4 .
  sch:unit-x skos:exactMatch wd:Q4917 .
}}
g:ontology {{
  org:Organization rdfs:subClassOf foaf:Agent .
  zel:Company rdfs:subClassOf org:Organization ; rdfs:label "company"@en .
  zel:PublicBody rdfs:subClassOf org:Organization ; rdfs:label "public body"@en , "organisme public"@fr .
  zel:PublicEvent rdfs:subClassOf schema:Event ; rdfs:label "public event"@en , "événement public"@fr , "حدث عمومي"@ar .
}}
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(sample_contents(GIVEN), tmp_path_factory.mktemp("releases"), {})


@pytest.fixture(scope="module")
def given(release: Release) -> Contribution:
    return contribution(release, DAY, undecided={f"{BASE}id/guessed"}, properties=MONEY)


def test_values_of_several_types_are_put_in_order(tmp_path: Path) -> None:
    """So many that the engine, whose order of them is no total one, would end the process."""
    values = [f'{n * 37 % 101} , "{n * 53 % 103}"' for n in range(60)]
    text = f"""
c:W1 {{ id:firm zel:partOfInstrument {" , ".join(values)} . }}
g:claims {{ c:W1 zel:modality mod:done ; {CLAIM} doc:web . doc:web schema:url <https://example.org/> . }}
"""
    head = "@prefix schema: <https://schema.org/> .\n"
    made = contribution(publish(sample_contents(head + text), tmp_path, {}), DAY, properties=PROPERTIES)
    assert sum(one.predicate.endswith("partOfInstrument") for one in made.withheld) == 120


def references(*urls: str) -> tuple[Reference, ...]:
    return tuple(Reference(url, DAY) for url in urls)


WARNING = "look for an item of this name first, a duplicate is worse than none"
WEB = references("https://example.org/a?b=c")
BOTH = references("https://example.org/a?b=c", "https://example.org/other")


def test_what_leaves_is_done_reviewed_referenced_and_has_a_property(given: Contribution) -> None:
    found = {item.iri.removeprefix(f"{BASE}id/"): item for item in given.items}
    assert found["firm"].statements == (
        Statement("P159", ItemValue("Q2"), BOTH),
        Statement("P9999", Quantity(Decimal("10.5"), Decimal(10), Decimal(11), "Q4917"), WEB),
    )
    assert found["town-hall"].statements == (Statement("P159", ItemValue("Q2"), WEB),)
    assert found["meeting"].statements == (
        Statement("P585", Time("+2025-07-00T00:00:00Z", 10), WEB),
        Statement("P664", ItemValue("Q1"), WEB),
    )
    assert set(found) == {"firm", "town-hall", "meeting"}


def test_every_fact_that_stays_is_told_with_its_reason(given: Contribution) -> None:
    told = {
        (w.subject.split("/")[-1], w.predicate.split("#")[-1], w.value.split("/")[-1]): w.reason for w in given.withheld
    }
    assert told[("firm", "focusesOn", "subject-x")] == "its value has no item that is known beyond doubt"
    assert told[("meeting", "organisedBy", "town-hall")] == "its value has no item that is known beyond doubt"
    assert told[("club", "basedIn", "land")] == "its subject is planned or announced"
    assert told[("guessed", "basedIn", "land")] == "its subject has a candidate item that nobody has decided on"
    assert told[("nameless", "launchedOn", "2030")] == "its subject has no label"
    assert told[("firm", "launchedOn", "2023~")] == "a date that is uncertain, an interval or a century"
    assert told[("firm", "quantity", "roughly")] == "a quantity that is not exact and has no two bounds"
    assert told[("firm", "quantity", "odd")] == "a quantity whose unit has no item that is known beyond doubt"
    assert told[("firm", "partOfInstrument", "land")] == "no source with a full address"
    assert told[("sum", "numericValue", "10.5")] == "no checked property of Wikidata says this"
    assert sum(given.reasons.values()) == len(given.withheld)


def test_what_is_not_admitted_is_neither_given_nor_withheld(given: Contribution) -> None:
    seen = {s.property for item in given.items for s in item.statements} | {
        w.predicate.split("#")[-1] for w in given.withheld
    }
    assert not seen & {"P710", "P1327", "P463", "P137", "attendedBy", "partnerOf", "nucleusOf", "jointlyRunBy"}


def test_a_property_is_not_used_for_a_subject_that_it_is_not_meant_for(release: Release) -> None:
    wrong = (Counterpart("zel:basedIn", "P159", Kind.ITEM, "", "schema:Event"),)
    assert contribution(release, DAY, properties=wrong).items == ()


def test_names_go_with_new_items_only(given: Contribution) -> None:
    firm, meeting, hall = given.items
    assert (firm.qid, firm.labels, firm.descriptions, firm.aliases, firm.duplicate_warning) == ("Q1", {}, {}, {}, None)
    assert meeting.labels == {"ar": "اجتماع", "fr": "Réunion", "en": "Meeting"}
    assert meeting.descriptions == {"ar": "حدث عمومي", "fr": "événement public", "en": "public event"}
    assert meeting.aliases == {"fr": ("La rencontre",)}
    assert meeting.duplicate_warning is not None
    assert "اجتماع / Réunion / Meeting" in meeting.duplicate_warning
    assert hall.descriptions == {"fr": "organisme public", "en": "public body"}


def test_v1_is_what_the_tool_reads(given: Contribution) -> None:
    retrieved = "S813\t+2026-11-24T00:00:00Z/11"
    web = f'S854\t"https://example.org/a?b=c"\t{retrieved}'
    lines = to_v1(given.items).split("\n")
    assert lines == [
        f'Q1\tP159\tQ2\t{web}\t!S854\t"https://example.org/other"\t{retrieved}',
        f"Q1\tP9999\t10.5[10,11]U4917\t{web}",
        "CREATE",
        f'LAST\tLar\t"اجتماع" /* {WARNING}: اجتماع / Réunion / Meeting */',
        'LAST\tLfr\t"Réunion"',
        'LAST\tLen\t"Meeting"',
        'LAST\tDar\t"حدث عمومي"',
        'LAST\tDfr\t"événement public"',
        'LAST\tDen\t"public event"',
        'LAST\tAfr\t"La rencontre"',
        f"LAST\tP585\t+2025-07-00T00:00:00Z/10\t{web}",
        f"LAST\tP664\tQ1\t{web}",
        "CREATE",
        f'LAST\tLar\t"دار البلدية" /* {WARNING}: دار البلدية / Town hall */',
        'LAST\tLen\t"Town hall"',
        'LAST\tDfr\t"organisme public"',
        'LAST\tDen\t"public body"',
        f"LAST\tP159\tQ2\t{web}",
        "",
    ]


def read_csv(text: str) -> list[tuple[str, list[tuple[str, str, list[list[tuple[str, str]]]]]]]:
    """Rows as commands: a column P begins a statement, S a reference of it, a small s goes on with the reference."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header[0] == "qid"
    found = []
    for row in rows:
        commands: list[tuple[str, str, list[list[tuple[str, str]]]]] = []
        for column, cell in zip(header[1:], row[1:], strict=True):
            if not cell:
                continue
            if column[0] == "S":
                commands[-1][2].append([(column[1:], cell)])
            elif column[0] == "s":
                commands[-1][2][-1].append((column[1:], cell))
            else:
                commands.append((column, cell, []))
        found.append((row[0], commands))
    return found


def test_csv_says_the_same(given: Contribution) -> None:
    web = [("854", '"https://example.org/a?b=c"'), ("813", "+2026-11-24T00:00:00Z/11")]
    other = [("854", '"https://example.org/other"'), ("813", "+2026-11-24T00:00:00Z/11")]
    (firm, of_firm), (meeting, of_meeting), (hall, of_hall) = read_csv(to_csv(given.items))
    assert (firm, meeting, hall) == ("Q1", "", "")
    assert of_firm == [("P159", "Q2", [web, other]), ("P9999", "10.5[10,11]U4917", [web])]
    assert [command for command in of_meeting if command[0] != "#"] == [
        ("Lar", "اجتماع", []), ("Lfr", "Réunion", []), ("Len", "Meeting", []),
        ("Dar", "حدث عمومي", []), ("Dfr", "événement public", []), ("Den", "public event", []),
        ("Afr", "La rencontre", []), ("P585", "+2025-07-00T00:00:00Z/10", [web]), ("P664", "Q1", [web]),
    ]  # fmt: skip
    assert "duplicate" in {name: text for name, text, _ in of_hall}["#"]


def two_days() -> Item:
    days = (Statement("P585", Time.of_edtf("2025-07-01"), WEB), Statement("P585", Time.of_edtf("2025-07-02"), BOTH))
    return Item(BASE, None, days, {"en": "a | b", "fr": "x\ty"}, {}, {})


def test_two_values_of_one_property_have_columns_of_their_own() -> None:
    ((_, commands),) = read_csv(to_csv([two_days()]))
    assert [(value, len(said)) for name, value, said in commands if name == "P585"] == [
        ("+2025-07-01T00:00:00Z/11", 1),
        ("+2025-07-02T00:00:00Z/11", 2),
    ]


def test_v1_refuses_the_sign_that_would_cut_a_command() -> None:
    with pytest.raises(UsageError, match=r"V1 cannot carry the sign '\|'"):
        to_v1([two_days()])


@pytest.mark.parametrize("line", ["\t", "\n"])
def test_v1_keeps_a_text_within_its_column(line: str) -> None:
    item = Item(BASE, None, (), {"en": f"a{line}b"}, {}, {})
    assert to_v1([item]).splitlines()[1].startswith('LAST\tLen\t"a b" /*')


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025", ("+2025-00-00T00:00:00Z", 9)),
        ("2025-07", ("+2025-07-00T00:00:00Z", 10)),
        ("2025-07-01", ("+2025-07-01T00:00:00Z", 11)),
        ("202X", ("+2020-00-00T00:00:00Z", 8)),
    ],
)
def test_a_date_keeps_its_precision(text: str, time: tuple[str, int]) -> None:
    assert Time.of_edtf(text) == Time(*time)


@pytest.mark.parametrize("text", ["2025~", "2025?", "20XX", "2024/2026", "-0044", "1206", "2025-02-30", "2025-07/.."])
def test_a_date_that_would_change_its_meaning_stays(text: str) -> None:
    with pytest.raises(Unsuited):
        Time.of_edtf(text)


def completed(entity: dict[str, Any]) -> dict[str, Any]:
    """An entity as Wikibase gives it back: with the identifiers, hashes and revision that only it can give."""
    claims = {
        name: [
            {**claim, "id": f"Q0${name}-{n}", "references": [{**r, "hash": "0" * 40} for r in claim["references"]]}
            for n, claim in enumerate(listed)
        ]
        for name, listed in entity["claims"].items()
    }
    return {"id": "Q0", "lastrevid": 1, **entity, "claims": claims}


def bare(snak: dict[str, Any]) -> dict[str, Any]:
    return {name: snak[name] for name in ("snaktype", "property", "datatype", "datavalue")}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_wikibase_integrator_reads_the_json(given: Contribution) -> None:
    entities = pytest.importorskip("wikibaseintegrator.entities", reason="wikibaseintegrator is absent")
    written = json.loads(to_json(given.items))
    assert [entity.get("id") for entity in written] == ["Q1", None, None]
    for entity in written:
        back = entities.ItemEntity().from_json(completed(entity)).get_json()
        for part in ("labels", "descriptions", "aliases"):
            assert back.get(part, {}) == entity.get(part, {})
        for name, claims in entity["claims"].items():
            for mine, theirs in zip(claims, back["claims"][name], strict=True):
                assert bare(theirs["mainsnak"]) == mine["mainsnak"]
                assert theirs["rank"] == "normal"
                for one, other in zip(mine["references"], theirs["references"], strict=True):
                    assert {n: [bare(s) for s in snaks] for n, snaks in other["snaks"].items()} == one["snaks"]


def test_the_json_has_the_values_of_the_data_model(given: Contribution) -> None:
    firm, meeting, _ = json.loads(to_json(given.items))
    (headquarters,), (quantity,) = firm["claims"]["P159"], firm["claims"]["P9999"]
    assert headquarters["mainsnak"]["datavalue"]["value"] == {"entity-type": "item", "numeric-id": 2, "id": "Q2"}
    assert quantity["mainsnak"]["datavalue"]["value"] == {
        "amount": "+10.5", "lowerBound": "+10", "upperBound": "+11", "unit": "http://www.wikidata.org/entity/Q4917",
    }  # fmt: skip
    (day,) = meeting["claims"]["P585"]
    assert day["mainsnak"]["datavalue"]["value"]["precision"] == 10
    assert [r["snaks-order"] for r in headquarters["references"]] == [["P854", "P813"]] * 2


def test_only_terms_of_the_ontology_are_mapped_and_each_once(root: Path) -> None:
    known = {f"zel:{term.name}" for term in read_vocabulary(root / "ontology").terms}
    ours = [one.ours for one in PROPERTIES]
    assert len(ours) == len(set(ours))
    assert set(ours) <= known
    assert all(re.fullmatch("P[1-9][0-9]*", one.theirs) and one.label for one in PROPERTIES)
    assert EVIDENCE
    page = (root / "docs" / "wikidata.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(zel:\w+)` \| (P\d+) \|", page, re.MULTILINE)) == {
        (o.ours, o.theirs) for o in PROPERTIES
    }


def test_the_first_graph_gives_referenced_statements_only(built: Release) -> None:
    found = contribution(built, DAY, properties=PROPERTIES)
    assert found.items
    assert all(statement.references for item in found.items for statement in item.statements)
    assert ("Q119718658", "P159", "Q142") in {
        (item.qid, s.property, s.value.qid)
        for item in found.items
        for s in item.statements
        if isinstance(s.value, ItemValue)
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make(tmp_path_factory.mktemp("given") / "project")
    assert kg("build", "-q", cwd=made).returncode == 0
    return made


def test_the_command_writes_what_it_is_asked_for_and_says_the_rest(built: Release, project: Path) -> None:
    where = ("--releases", built.path.parent, "--retrieved", "2026-11-24")
    done = kg("export", "quickstatements", *where, cwd=project)
    assert done.returncode == 0, done.stderr
    assert "Q119718658\tP159\tQ142\tS854\t" in done.stdout
    assert "withheld: " in done.stderr
    assert "to be created: look for an item of this name first" in done.stderr
    done = kg("export", "quickstatements", "--form", "csv", "-o", "out.csv", "--json", *where, cwd=project)
    data = json.loads(done.stdout)["data"]
    rows = read_csv((project / "out.csv").read_text(encoding="utf-8"))
    assert data["statements"] == sum(name[0] == "P" for _, commands in rows for name, _, _ in commands)
    assert len(data["warnings"]) == sum(qid == "" for qid, _ in rows)
    done = kg("export", "wikibase-json", *where, cwd=project)
    assert {entity["type"] for entity in json.loads(done.stdout)} == {"item"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("quickstatements",), "--retrieved 2026-11-24"),
        (("quickstatements", "--retrieved", "2026-11-24", "--graph", "default"), "takes no --graph"),
        (("wikibase-json", "--retrieved", "2026-11-24", "--form", "v1"), "takes no --form"),
        (("turtle", "--retrieved", "2026-11-24"), "takes no --retrieved"),
        (("quickstatements", "--retrieved", "24/11/2026"), "24/11/2026"),
    ],
)
def test_wrong_usage_is_told(project: Path, arguments: tuple[str, ...], said: str) -> None:
    done = kg("export", *arguments, cwd=project)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
