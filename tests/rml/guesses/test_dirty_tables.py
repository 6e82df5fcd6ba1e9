"""What a first mapping makes of trees and tables that are not as one would write them for it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
from rml.guesses.running import mapped

DAMS = """\
<d:dams xmlns:d="http://water.example/d" xmlns="http://other.example/" d:year="2023">
 <d:dam d:code="D1"><name xml:lang="fr">Youssef</name><name xml:lang="ar">يوسف</name>
  <d:capacity unit="Mm3">303,5</d:capacity></d:dam>
 <d:dam d:code="D2"><name xml:lang="fr">Aoulouz</name><d:capacity unit="Mm3">110,0</d:capacity>
  <d:works><d:work d:year="1991"/></d:works></d:dam>
</d:dams>
"""


def test_a_value_with_attributes_is_no_record_and_attributes_may_have_namespaces(tmp_path: Path) -> None:
    """There are more names with a language than dams; they hold texts, and attributes that tell of them."""
    (tmp_path / "dams.xml").write_text(DAMS, encoding="utf-8")
    text, made = mapped(tmp_path / "dams.xml")
    assert 'rml:iterator "/n:dams/n:dam"' in text
    assert made == {
        '<dams/D1> <code> "D1"', '<dams/D1> <label> "Youssef"@fr', '<dams/D1> <label> "يوسف"@ar',
        '<dams/D1> <capacity> "303.5"^^<decimal>', '<dams/D1> <capacityUnit> "Mm3"', '<dams/D2> <code> "D2"',
        '<dams/D2> <label> "Aoulouz"@fr', '<dams/D2> <capacity> "110"^^<decimal>', '<dams/D2> <capacityUnit> "Mm3"',
        '<dams/D2> <worksWorkYear> "1991"^^<gYear>',
    }  # fmt: skip


def test_lists_of_records_within_records_are_named(tmp_path: Path) -> None:
    rows = [{"id": n, "at": {"lines": [{"sku": "a"}]}, "tags": ["x"]} for n in (1, 2)]
    (tmp_path / "d.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    text, made = mapped(tmp_path / "d.jsonl")
    assert "# $.at.lines[*] holds records of its own, and is left out" in text
    assert len(made) == 4


def test_cells_that_are_merged_have_their_value_in_every_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Annuaire"], [], ["Région", "Province", "n"], ["Souss", "Agadir", 1], [None, "Tiznit", 2]):
        book.active.append(row)
    book.active.append(["Oriental", "Nador", 3])
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("A4:A5")
    book.save(tmp_path / "d.xlsx")
    text, made = mapped(tmp_path / "d.xlsx")
    assert "# Cells are merged: their value stands in each of the rows and columns that they cover." in text
    assert '<https://w3id.org/zellige/layout#mergedCells> "fill"' in text
    assert '<d/Tiznit> <Region> "Souss"' in made


def test_titles_that_are_merged_are_no_reason_to_fill(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Annuaire"], [], ["id", "n"], ["a", 1], ["b", None]):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.save(tmp_path / "d.xlsx")
    assert "mergedCells" not in mapped(tmp_path / "d.xlsx")[0]


def test_marks_of_provisional_years_are_no_part_of_what_is_counted(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("City,2019,2020*,2021 (p)\nRabat,1,2,3\nFez,4,5,6\n", encoding="utf-8")
    _, made = mapped(tmp_path / "d.csv")
    assert '<d/Rabat/2021> <value> "3"^^<integer>' in made
    assert '<d/Fez/2020> <value> "5"^^<integer>' in made
