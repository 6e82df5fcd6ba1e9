"""First mappings of tables that belong together: sheets of a workbook, columns that lead astray, keys of several."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.guesses.running import mapped
from rml.table_files import openpyxl, workbook

from kg.cli.main import kg
from kg.errors import DataError
from kg.rml.starter import starter_mapping

BOOK = {
    "Read me": [],
    "Régions": [["code", "nom"], ["R1", "Nord"], ["R2", "Sud"]],
    "Towns": [["id", "label", "code_region"], [1, "Alger", "R1"], [2, "Oran", "R2"]],
    "Hidden": [["x"], [1]],
}


def book(folder: Path) -> Path:
    """A workbook as people have them: a sheet of remarks, two tables, and a sheet that is hidden."""
    path = workbook(folder, BOOK)
    opened = openpyxl.load_workbook(path)
    opened["Hidden"].sheet_state = "hidden"
    opened.save(path)
    return path


def test_the_sheets_of_a_workbook_are_tables_that_lead_to_one_another(tmp_path: Path) -> None:
    text, made = mapped(book(tmp_path))
    assert made == {
        '<regions/R1> <code> "R1"', '<regions/R1> <label> "Nord"',
        '<regions/R2> <code> "R2"', '<regions/R2> <label> "Sud"',
        '<towns/1> <id> "1"^^<integer>', '<towns/1> <label> "Alger"', "<towns/1> <codeRegion> <regions/R1>",
        '<towns/2> <id> "2"^^<integer>', '<towns/2> <label> "Oran"', "<towns/2> <codeRegion> <regions/R2>",
    }  # fmt: skip
    assert '# The sheet "Read me" is left out: the sheet is empty.' in text
    assert 'leads to "t.xlsx", sheet "Régions"' in text
    assert "Hidden" not in text


def test_a_workbook_without_a_table_and_one_in_a_project_are_refused(tmp_path: Path) -> None:
    empty = workbook(tmp_path, {"a": [], "b": []})
    with pytest.raises(DataError, match="the sheet is empty"):
        starter_mapping(empty)
    path = book(tmp_path)
    done = CliRunner().invoke(kg, ["init", str(tmp_path / "p"), "--from", "table", str(path)])
    assert done.exit_code == 2
    assert '"Read me", "Régions", "Towns", and a table of a project is a file (save each that is meant' in done.stderr
    (tmp_path / "kg.toml").write_text('[project]\nname = "x"\nbase = "http://mine/"\n')
    assert "a table of a project is a file" in CliRunner().invoke(kg, ["map", "--init", str(path)]).stderr


def test_a_column_whose_name_speaks_of_a_table_that_lacks_many_of_its_values_is_told(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("id,name,region\n1,a,R1\n2,b,R2\n3,c,R9\n")
    (tmp_path / "regions.csv").write_text("code,name\nR1,N\nR2,S\n")
    text, made = mapped(tmp_path / "towns.csv", tmp_path / "regions.csv")
    said = "its name speaks of regions, but only 2 of its 3 values are among the keys of regions"
    assert f'# No link: {said}, and "R9" is not.' in text
    assert '<towns/1> <region> "R1"' in made
    (tmp_path / "towns.csv").write_text("id,name,region\n1,a,R1\n2,b,R7\n3,c,R9\n")
    assert "No link" not in mapped(tmp_path / "towns.csv", tmp_path / "regions.csv")[0]


@pytest.mark.parametrize(
    ("table", "subject"),
    [
        ("school,year,pupils\na,2020,100\na,2021,120\nb,2020,90\n", "<d/a/2020>"),
        ("school,pupils\na,100\na,120\n", "<d/100>"),
        ("school,year,pupil_id\na,2020,100\na,2021,120\nb,2020,90\n", "<d/100>"),
        ("100,school,year\n1,a,2020\n2,a,2020\n", "<d/1>"),
    ],
)
def test_counts_that_differ_by_chance_do_not_name_a_row_that_others_name(
    table: str, subject: str, tmp_path: Path
) -> None:
    (tmp_path / "d.csv").write_text(table)
    assert any(line.startswith(f"{subject} ") for line in mapped(tmp_path / "d.csv")[1])


def test_a_table_is_read_by_what_stands_between_its_cells_and_a_code_in_any_digits_is_one(tmp_path: Path) -> None:
    (tmp_path / "d.tsv").write_text("id,n\na,1\n")
    assert mapped(tmp_path / "d.tsv")[1] == {'<d/a> <id> "a"', '<d/a> <n> "1"^^<integer>'}
    (tmp_path / "d.csv").write_text("الاسم,الرمز\nسد,١\nميناء,٢\n", encoding="utf-8")
    text, made = mapped(tmp_path / "d.csv")
    assert '<d/١> <الرمز> "١"' in made
    assert "By its name a code" in text


def test_two_mappings_are_one_too_many() -> None:
    said = CliRunner().invoke(kg, ["map", "a.ttl", "b.ttl"]).stderr
    assert said.startswith("error: one MAPPING at a time, not 2")
