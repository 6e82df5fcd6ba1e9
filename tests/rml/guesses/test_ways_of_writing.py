"""What people do to tables, and what a first mapping makes of it: headers, notes, code pages, marks, links."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.guesses.running import mapped
from rml.table_files import workbook

from kg.cli.main import kg
from kg.errors import DataError


def of(folder: Path, *files: tuple[str, str], encoding: str = "utf-8") -> tuple[str, set[str]]:
    """The mapping of files, and what it makes in short."""
    for name, content in files:
        (folder / name).write_bytes(content.encode(encoding))
    return mapped(*(folder / name for name, _ in files))


def test_two_rows_name_the_columns_where_groups_stand_above(tmp_path: Path) -> None:
    content = "Census;;;;\n;Men;;Women;\nCity;2004;2014;2004;2014\nFès;1;2;3;4\nRabat;5;6;7;8\n"
    text, made = of(tmp_path, ("d.csv", content))
    assert "2 rows name the columns" in text
    assert {line for line in made if line.startswith("<d/Fès>")} == {
        '<d/Fès> <City> "Fès"', '<d/Fès> <men_2004> "1"^^<integer>', '<d/Fès> <men_2014> "2"^^<integer>',
        '<d/Fès> <women_2004> "3"^^<integer>', '<d/Fès> <women_2014> "4"^^<integer>',
    }  # fmt: skip


def test_years_with_names_around_them_are_told_by_name(tmp_path: Path) -> None:
    years = (2004, 2014, 2024)
    header = ",".join([*(f"Men {y}" for y in years), *(f"Women {y}" for y in years)])
    _, made = of(tmp_path, ("d.csv", f"City,{header}\nRabat,1,2,3,4,5,6\nSalé,7,8,9,10,,12\n"))
    assert {line for line in made if line.startswith("<d/Rabat/2014>")} == {
        '<d/Rabat/2014> <year> "2014"^^<gYear>', "<d/Rabat/2014> <of> <d/Rabat>",
        '<d/Rabat/2014> <Men> "2"^^<integer>', '<d/Rabat/2014> <Women> "5"^^<integer>',
    }  # fmt: skip
    assert '<d/Salé/2014> <Men> "8"^^<integer>' in made
    assert not any(line.startswith("<d/Salé/2014> <Women>") for line in made)


def test_a_year_of_which_nothing_is_known_is_left_out(tmp_path: Path) -> None:
    _, made = of(tmp_path, ("d.csv", "c,2019,2020,2021\nx,1,..,3\ny,4,..,6\n"))
    assert {line for line in made if "<value>" in line} == {
        '<d/x/2019> <value> "1"^^<integer>', '<d/x/2021> <value> "3"^^<integer>',
        '<d/y/2019> <value> "4"^^<integer>', '<d/y/2021> <value> "6"^^<integer>',
    }  # fmt: skip


@pytest.mark.parametrize("names", ["12019,12020,12021", "2019,2020", "2019,2019 [YR2019],2020,2021", "1,2,3"])
def test_what_are_no_years_stay_columns(tmp_path: Path, names: str) -> None:
    cells = ",".join("7" for _ in names.split(","))
    assert "LogicalView" not in of(tmp_path, ("d.csv", f"c,{names}\nx,{cells}\ny,{cells}\n"))[0]


def test_a_cell_with_quotes_is_not_written_into_a_table(tmp_path: Path) -> None:
    text, made = of(tmp_path, ("d.csv", 'c,2019,2020,2021\nx,"say ""a""",b,c\n'))
    assert "LogicalView" not in text
    assert '<d/x> <2019> "say \\"a\\""' in made


def test_notes_below_a_sheet_are_left_out(tmp_path: Path) -> None:
    rows = [
        ["Dams"],
        ["id", "height", "use"],
        ["D1", 88, "water"],
        ["D2", 7, None],
        [],
        ["Source: the office"],
        ["(1) x"],
    ]
    text, made = mapped(workbook(tmp_path, {"S": rows}))
    assert "The last 2 rows have one cell" in text
    assert made == {
        '<t/D1> <id> "D1"', '<t/D1> <height> "88"^^<integer>', '<t/D1> <use> "water"',
        '<t/D2> <id> "D2"', '<t/D2> <height> "7"^^<integer>',
    }  # fmt: skip


def test_notes_below_a_table_that_have_fewer_cells_are_told(tmp_path: Path) -> None:
    said = "d.csv:3: 1 cells where the header has 3 .are these notes below the table. Cut them off"
    with pytest.raises(DataError, match=said):
        of(tmp_path, ("d.csv", "a,b,c\n1,2,3\nSource: the office\n"))


@pytest.mark.parametrize(
    ("page", "cell", "object_"),
    [("windows-1252", "Rémunération", '"Rémunération"'), ("windows-1256", "سد الوادي", '"سد الوادي"@ar')],
)
def test_a_table_in_a_code_page(tmp_path: Path, page: str, cell: str, object_: str) -> None:
    text, made = of(tmp_path, ("d.csv", f"id;a\n1;{cell}\n"), encoding=page)
    assert f"<d/1> <a> {object_}" in made
    assert f"by its letters it is {page}" in text
    assert f'csvw:encoding "{page}"' in text


def test_a_title_without_delimiters_does_not_decide_on_them(tmp_path: Path) -> None:
    text, made = of(tmp_path, ("d.csv", "Report, of 2024\n\nid;a\n1;1,5\n2;2,25\n"))
    assert '<d/2> <a> "2.25"^^<decimal>' in made
    assert "csvw:skipRows 2" in text


@pytest.mark.parametrize(
    ("header", "cells", "made"),
    [
        ("n", ["1,5 (1)", "2", "3"], {'<n> "1.5"^^<decimal>', '<nMark> "(1)"'}),
        ("n", ["7*", "2", "3"], {'<n> "7"^^<integer>', '<nMark> "*"'}),
        ("ok", ["نعم", "لا", "نعم"], {'<ok> "true"^^<boolean>'}),
        ("ok", ["O", "N", "N"], {'<ok> "true"^^<boolean>'}),
        ("a,b", ["x,1", "x,2", "y,3"], {'<a> "x"', '<b> "1"'}),
        ("lonlat", ["-6.8,34.0", "-5,33.5", "1,2"], {'<longitude> "-6.8"^^<decimal>', '<latitude> "34.0"^^<decimal>'}),
        ("n", ["****", "2", "3"], set()),
        ("Code postal", ["1000", "2000", "3000"], {'<codePostal> "1000"'}),
        ("zone", ["N", "N", "N"], {'<zone> "N"'}),
        ("n", ["-.5", "2", "3"], {'<n> "-.5"^^<decimal>'}),
    ],
)
def test_a_cell_as_people_write_it(tmp_path: Path, header: str, cells: list[str], made: set[str]) -> None:
    rows = "".join(f"k{number}\t{cell}\n" for number, cell in enumerate(cells))
    _, lines = of(tmp_path, ("d.tsv", f"key\t{header}\n{rows}"))
    assert {line.removeprefix("<d/k0> ") for line in lines if line.startswith("<d/k0>")} - {'<key> "k0"'} == made


CITIES = ("cities.csv", "id,name,region_id,twin_city\n1,Fès,FM,2\n2,Rabat,RSK,1\n3,Salé,RSK,\n")
REGIONS = ("regions.csv", "code,label\nFM,Fès-Meknès\nRSK,Rabat\n")


def test_keys_of_another_table_lead_to_its_things(tmp_path: Path) -> None:
    text, made = of(tmp_path, CITIES, REGIONS)
    assert {"<cities/1> <region> <regions/FM>", "<cities/3> <region> <regions/RSK>"} <= made
    assert "<cities/1> <twinCity> <cities/2>" in made
    assert '"region_id": leads to "regions.csv": all of its 2 values are among the keys of regions.' in text


@pytest.mark.parametrize(
    ("regions", "is_link"),
    [
        ("code,label\n" + "".join(f"R{n},x{n}\n" for n in range(19)), True),
        ("code,label\n" + "".join(f"R{n},x{n}\n" for n in range(15)), False),
        ("code,label\n", False),
    ],
)
def test_most_keys_suffice_where_the_name_speaks_of_the_table(tmp_path: Path, regions: str, *, is_link: bool) -> None:
    cities = "id,region\n" + "".join(f"c{n},R{n}\n" for n in range(20))
    text, made = of(tmp_path, ("cities.csv", cities), ("regions.csv", regions))
    assert ("<cities/c0> <region> <regions/R0>" in made) is is_link
    assert ("19 of its 20 values are among the keys of regions" in text) is is_link


def test_numbers_that_happen_to_be_keys_are_no_links(tmp_path: Path) -> None:
    _, made = of(tmp_path, ("a.csv", "id,rooms\n1,1\n2,2\n"), ("b.csv", "id,n\n1,x\n2,y\n"))
    assert '<a/1> <rooms> "1"^^<integer>' in made
    _, made = of(tmp_path, ("a.csv", "code,id,best\nX,1,Y\nY,2,X\n"), ("b.csv", "id,n\n1,x\n2,y\n"))
    assert {'<a/X> <id> "1"^^<integer>', '<a/X> <best> "Y"'} <= made, "ids are everywhere, and so are one's own codes"
    _, made = of(tmp_path, ("a.csv", "code,m\nX,1\nY,1\n"), ("b.csv", "code,n\nX,1\nY,1\n"))
    assert {'<a/X> <code> "X"', '<b/X> <code> "X"'} <= made, "what names a thing leads nowhere"


def test_the_command_takes_several_tables_of_one_folder(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "a.csv").write_text("id,b\n1,x\n")
    (tmp_path / "more/a.csv").write_text("id,b\n2,y\n")
    first, second = str(tmp_path / "a.csv"), str(tmp_path / "more/a.csv")
    text = CliRunner().invoke(kg, ["map", "--init", first, second]).stdout
    assert 'rml:path "more/a.csv"' in text
    assert "map:a-2 a rml:TriplesMap" in text
    refused = CliRunner().invoke(kg, ["map", "--init", second, first])
    assert refused.exit_code == 2
    assert "name the table of the upper folder first" in refused.stderr
    assert CliRunner().invoke(kg, ["map", first, second]).exit_code == 2


def test_what_few_columns_have_is_said_of_them_alone(tmp_path: Path) -> None:
    text, made = of(tmp_path, ("d.csv", "id,a,b,name EN\nx,:, 1,p\ny,2,:,q\n"))
    assert text.count('csvw:null ":"') == 2
    assert 'rml:null ":"' not in text
    assert text.count('csvw:trim "true"') == 1
    assert "csvw:dialect" not in text
    assert '<d/x> <nameEn> "p"' in made, "a language behind a blank stands beside another one"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("id,t\n" + "".join(f"k{n},w\n" for n in range(9)) + "k9,a;w\n", '<d/k9> <t> "a;w"'),
        ("id\tgeom\nk0\t95.5, 3.1\nk1\t1.5, 3\n", '<d/k0> <geom> "95.5, 3.1"'),
        ("id,t\nk0,a\nk1,b\nk2,\n", '<d/k2> <id> "k2"'),
    ],
    ids=["one cell of ten", "no latitude", "a narrow table has no notes"],
)
def test_what_is_seldom_or_cannot_be_is_no_reason(tmp_path: Path, content: str, line: str) -> None:
    assert line in of(tmp_path, ("d.csv", content))[1]
