"""What is wrong with a row, the register or a mapping is told at its line, and nothing is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_tables import BASE, DAMS, ENTRY, faults, make, mapping

from kg.errors import KgError, MappingError, RecordError, ShapeViolation


def test_every_row_of_which_no_term_can_be_made_is_told(tmp_path: Path) -> None:
    wrong = DAMS.replace("88.50", "tall").replace("133", "deep")
    more = "".join(f"E{n},x,y,{'bad' if n % 2 else n},note,\n" for n in range(600))
    told = faults(make(tmp_path, table=wrong + more))
    assert len(told) == 302
    assert told[0].startswith("data/tables/dams.csv:2: 'tall' is no xsd:decimal [data/tables/dams.rml.ttl:")
    assert told[1].startswith("data/tables/dams.csv:3: 'deep' is no xsd:decimal")
    assert told[-1].startswith("data/tables/dams.csv:604: 'bad' is no xsd:decimal")
    assert not (tmp_path / "releases" / "current").exists()


def test_a_row_that_breaks_a_shape_is_told_at_its_line(tmp_path: Path) -> None:
    text = mapping().replace("rml:object exactness:exact", 'rml:object "exact"')
    told = faults(make(tmp_path, mapping=text), ShapeViolation)
    assert {line.split(": ")[0] for line in told} == {"data/tables/dams.csv:2", "data/tables/dams.csv:3"}
    assert all("exactness" in line for line in told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("D2,سد الوادي,,133,note", "D2,سد الوادي,,133,nota", "dams.csv:3: unknown name 'nota' (did you mean 'note'?)"),
        ("D2,", "D1,", "dams.csv:3: claim 'D1' exists already (see row 2; if several rows are meant"),
        ("D2,", ",", "dams.csv:3: the row has no id"),
        ("D2,", "D 2,", "dams.csv:3: 'D 2' cannot name a claim"),
        ("D2,", "N1,", "note.yaml:7: claim 'N1' is a row of a table, or a file of RDF, already"),
        ("133,note,", "133,note,D9", "dams.csv:3: unknown claim 'D9'"),
        ("133,note,", "133,note,a/b", "dams.csv:3: 'a/b' cannot name a claim"),
        ("D2,", "\nD2,", "dams.csv:3: a blank line between rows"),
        ("D2,", "D2,x,", "dams.csv:3: the row has 7 cells, the header 6"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_at_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert DAMS.count(old) == 1
    assert any(told in line for line in faults(make(tmp_path, table=DAMS.replace(old, new))))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    id: $(code)\n", "", "tables.yaml:2: table 'dams' has no 'id'"),
        ("    id: $(code)\n", "    id: $(cod)\n", "tables.yaml:6: data/tables/dams.csv has no column 'cod' (did you"),
        ("    modality: done\n", "", "table 'dams' has no 'modality'"),
        (
            "    modality: done\n",
            "    modality: dome\n",
            "the scheme 'modality' has no name 'dome' (did you mean 'done'",
        ),
        ("    statedIn: $(source)\n", "", "table 'dams' names no documents"),
        ("fr: Barrages, ", "", "'title' lacks fr"),
        ("    publisher: Example\n", "", "table 'dams' has no 'publisher'"),
        (
            "    licence: CC0 1.0\n",
            "    license: CC0\n",
            "unknown key 'license' in table 'dams' (did you mean 'licence'",
        ),
        (
            "    id: $(code)\n",
            "    id: $(code)\n    file: dam.csv\n",
            "no file 'dam.csv' in data/tables (did you mean 'd",
        ),
        ("    id: $(code)\n", "    id: $(code)\n    file: ../sources.yaml\n", "leads out of the folder of tables"),
        ("    id: $(code)\n", "    id: $(code)\n    mapping: dams.csv\n", "'dams.csv' is no name of a mapping"),
        ("    id: $(code)\n", "    id: $(code\n", "a reference is not closed"),
        ("  dams:\n", "  Dams!:\n", "'Dams!' cannot name a table"),
        (
            "    id: $(code)\n",
            "    id: $(code)\n    document: note\n",
            "is a document: it has no 'publisher' of its own",
        ),
    ],
)
def test_what_is_wrong_with_the_register_is_told_at_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    entry = ENTRY.format(slug="dams")
    assert entry.count(old) == 1
    found = faults(make(tmp_path, tables=entry.replace(old, new)), KgError)
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (mapping().replace('"id/dam-{code}"', '"id/dam-{cod}"'), "dams.csv has no column 'cod' (did you mean 'code'?)"),
        (mapping().replace('"id/dam-{code}"', '"dam-{code}" ; rml:termType rml:BlankNode'), "holds no blank node"),
        (mapping().replace("rml:class", "rml:graph <http://e/g> ; rml:class"), "has no graphs of its own"),
        (
            mapping().replace("rml:class", f"rml:graph <{BASE}graph/entities> ; rml:class"),
            "the register does not take this property",
        ),
        (
            mapping().replace("rml:class", "rml:logicalTarget [ rml:target [ rml:path 'x.nq' ] ] ; rml:class"),
            "a project writes no 'x.nq': its triples go to the release",
        ),
        (
            mapping().replace(
                '"id/dam-{code}"',
                '"id/dam-{code}" ; rml:gather ( [ rml:constant 1 ] ) ; rml:gatherAs <http://www.w3.org/1999/02/22-rdf-syntax-ns#Bag>',
            ),
            "a release holds no collection",
        ),
        (mapping("dams.txt"), "there is no file 'dams.txt'"),
        (mapping("note.csv"), "'note.csv' is no table of tables.yaml"),
        ("nonsense", "not Turtle"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_before_a_row_is_read(tmp_path: Path, text: str, told: str) -> None:
    folder = make(tmp_path, mapping=text)
    (folder / "data" / "tables" / "note.csv").write_text(DAMS, encoding="utf-8")
    found = faults(folder, MappingError)
    assert any(told in line for line in found), found
    assert all(line.startswith("data/tables/") for line in found)


def test_a_table_that_is_joined_and_has_a_mapping_of_its_own_is_told_so(tmp_path: Path) -> None:
    entries = ENTRY.format(slug="dams") + ENTRY.format(slug="note").replace("$(code)", "note-$(code)")
    folder = make(tmp_path, tables=entries, mapping=mapping("note.csv"))
    for name, text in (("note.csv", DAMS), ("note.rml.ttl", mapping("note.csv"))):
        (folder / "data" / "tables" / name).write_text(text, encoding="utf-8")
    (told, *_) = faults(folder, MappingError)
    assert (
        "'note.csv' has a mapping of its own in tables.yaml: data/tables/note.rml.ttl (tables that are joined" in told
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("predicate zel:quantity", "predicate zel:quantty", "unknown term 'quantty' (did you mean 'quantity'?)"),
        ("class zel:Quantity", "class zel:Quantty", "unknown term 'Quantty' (did you mean 'Quantity'?)"),
        (
            "exactness:exact ]",
            "exactness:exakt ]",
            "the scheme 'exactness' has no name 'exakt' (did you mean 'exact'?)",
        ),
        (
            '"id/height-{height}-{code}" ] ] .',
            '"id/hieght-{height}-{code}" ] ] .',
            "unknown thing 'hieght-133-D2' (declare it in entities.yaml, or give it a class)",
        ),
    ],
)
def test_names_that_nothing_has_are_told_at_their_rows(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert mapping().count(old) == 1
    found = faults(make(tmp_path, mapping=mapping().replace(old, new)))
    assert f"data/tables/dams.csv:3: {told}" in found, found


def test_a_mapping_that_no_table_has_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / "data" / "tables" / "other.rml.ttl").write_text(mapping(), encoding="utf-8")
    assert faults(folder, RecordError) == [
        "data/tables/other.rml.ttl:1: no table has this mapping (describe the table that it reads in tables.yaml, or move it elsewhere)"
    ]
