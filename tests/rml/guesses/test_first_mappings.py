"""First mappings of files as people have them: they run unchanged, and say why they are as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.guesses.running import mapped
from rml.table_files import workbook

from kg.cli.main import kg
from kg.errors import DataError
from kg.rml.starter import starter_mapping


def of(file: Path, content: str) -> tuple[str, set[str]]:
    file.write_text(content, encoding="utf-8")
    return mapped(file)


MESSY = """\
Annual report 2024;;;;;
;;;;;
Code;سنة التأسيس;Prix (MAD);Début;Mots-clés;
A1;١٩٥٦;12,50;25/12/2024;eau; note
A2;..;1 234,00;01/02/2025;eau, air;
A3;١٩٦١;n.d.;;air;
Total;;1 246,50;;;
"""


def test_a_table_with_titles_locales_and_words_for_nothing(tmp_path: Path) -> None:
    text, made = of(tmp_path / "d.csv", MESSY)
    assert {line for line in made if line.startswith(("<d/A1>", "<d/A2>"))} == {
        '<d/A1> <Code> "A1"',
        '<d/A1> <سنة_التأسيس> "1956"^^<integer>',
        '<d/A1> <prixMad> "12.5"^^<decimal>',
        '<d/A1> <Debut> "2024-12-25"^^<date>',
        '<d/A1> <motsCles> "eau"',
        '<d/A2> <Code> "A2"',
        '<d/A2> <prixMad> "1234"^^<decimal>',
        '<d/A2> <Debut> "2025-02-01"^^<date>',
        '<d/A2> <motsCles> "eau"',
        '<d/A2> <motsCles> "air"',
    }
    assert {line for line in made if line.startswith("<d/A3>")} == {
        '<d/A3> <Code> "A3"', '<d/A3> <سنة_التأسيس> "1961"^^<integer>', '<d/A3> <motsCles> "air"'
    }  # fmt: skip
    assert not any("Total" in line for line in made)
    for reason in (
        "The rows above row 3 are narrower",
        "A column has no name",
        "Numbers with a decimal comma and blanks between thousands.",
        "Numbers with the digits of Arabic.",
        "Dates written dd/MM/yyyy.",
        'Several values in a cell, with "," between them',
        "# words for nothing",
        'A row has the sum of "Prix (MAD)", and is left out.',
    ):
        assert reason in text, reason


def test_dates_that_could_be_read_in_two_ways_are_told(tmp_path: Path) -> None:
    text, made = of(tmp_path / "d.csv", "id,d\n1,01/02/2024\n")
    assert '<d/1> <d> "2024-02-01"^^<date>' in made
    assert "could be the other way round" in text
    assert "other way round" not in of(tmp_path / "d.csv", "id,d\n1,13/02/2024\n")[0]


def test_dates_that_are_written_in_several_ways_are_read_by_each(tmp_path: Path) -> None:
    text, made = of(tmp_path / "d.csv", "id,d\n1,25/12/2024\n2,2 juin 2024\n3,2024-05-02\n")
    assert {line for line in made if " <d> " in line} == {
        '<d/1> <d> "2024-12-25"^^<date>', '<d/2> <d> "2024-06-02"^^<date>', '<d/3> <d> "2024-05-02"^^<date>'
    }  # fmt: skip
    assert "Dates written dd/MM/yyyy or yyyy-MM-dd or d MMMM yyyy." in text
    # Which of the two is the month, nothing tells: the cells stay what they are.
    assert '<d/1> <d> "01/02/2024"' in of(tmp_path / "d.csv", "id,d\n1,01/02/2024\n2,2 juin 2024\n")[1]


@pytest.mark.parametrize(
    ("rows", "is_left_out"),
    [
        ("a,1\nb,2\nTotal,3\n", True),
        ("a,1\nb,2\nالمجموع,3\n", True),
        ("Total,3\na,1\nb,2\n", True),
        ("a ,1\nb,2\nTotal ,3\n", True),  # blanks around the cells of a column are taken away
        ("a,1\nb,2\nTotal ,3\n", True),
        ("a,1\nb,2\nTotal,4\n", False),  # no sum
        ("a,1\nb,2\nTotal Energies,3\n", False),  # a name
        ("a,1\n,2\nTotal,3\n", False),  # a row without a name would be left out with it
        ("a,1\nTotal,1\nb,2\nTotal,2\n", False),  # of parts
    ],
)
def test_a_row_is_a_sum_if_it_is_called_one_and_is_one(tmp_path: Path, rows: str, is_left_out: bool) -> None:
    text, made = of(tmp_path / "d.csv", f"name,n\n{rows}")
    assert ("has the sum of" in text) is is_left_out
    assert any("Total" in line or "المجموع" in line for line in made) is not is_left_out


def test_the_script_tells_a_language(tmp_path: Path) -> None:
    text, made = of(tmp_path / "d.csv", "id,place,other\n1,الرباط,Rabat\n2,أكادير,Agadir\n")
    assert '<d/2> <place> "أكادير"@ar' in made
    assert '<d/2> <other> "Agadir"' in made
    assert "The script of its texts is that of 'ar'." in text


def test_years_as_columns_become_things_of_their_own(tmp_path: Path) -> None:
    text, made = of(tmp_path / "d.csv", "city,2019,2020,2021\nRabat,1,2,\nFès,4,5,6\n")
    assert {line for line in made if "Rabat" in line} == {
        '<d/Rabat> <city> "Rabat"',
        *(f'<d/Rabat/{year}> <year> "{year}"^^<gYear>' for year in (2019, 2020)),
        *(f"<d/Rabat/{year}> <of> <d/Rabat>" for year in (2019, 2020)),
        '<d/Rabat/2019> <value> "1"^^<integer>',
        '<d/Rabat/2020> <value> "2"^^<integer>',
    }
    assert "3 columns are years, 2019 to 2021" in text


def test_a_sheet_with_a_title(tmp_path: Path) -> None:
    rows = [["Dams", None, None], ["id", "نوع", "height"], ["D1", "كبير", 88.5], ["D2", " صغير ", 7]]
    text, made = mapped(workbook(tmp_path, {"S": rows}))
    assert made == {
        '<t/D1> <id> "D1"', '<t/D1> <نوع> "كبير"@ar', '<t/D1> <height> "88.5"^^<decimal>',
        '<t/D2> <id> "D2"', '<t/D2> <نوع> "صغير"@ar', '<t/D2> <height> "7"^^<decimal>',
    }  # fmt: skip
    assert "csvw:skipRows 1" in text


@pytest.mark.parametrize("name", ["d.json", "d.jsonl"])
def test_json(tmp_path: Path, name: str) -> None:
    records = [
        {"id": "p1", "name": "سد", "in": {"berths n": 2}, "tags": ["a", "b"], "prix": "1,5"},
        {"id": "p2", "open": True, "gone": None, "parts": [{"x": 1}]},
    ]
    content = json.dumps({"meta": [{"v": 1}], "data": {"ports": records}})
    if name.endswith("l"):
        content = "\n".join(map(json.dumps, records))
    text, made = of(tmp_path / name, content)
    assert made == {
        '<d/p1> <id> "p1"', '<d/p1> <label> "سد"@ar', '<d/p1> <inBerthsN> "2"^^<integer>', '<d/p1> <tags> "a"',
        '<d/p1> <tags> "b"', '<d/p1> <prix> "1.5"^^<decimal>', '<d/p2> <id> "p2"', '<d/p2> <open> "true"^^<boolean>',
    }  # fmt: skip
    assert ('rml:iterator "$.data.ports[*]"' in text) is (name == "d.json")


def test_xml_with_a_namespace(tmp_path: Path) -> None:
    content = """<r xmlns="http://d/"><head v="1"/><i n="1"><name>سد</name><tag>a</tag><tag>b</tag></i>
        <i n="2"><name>x y</name><height>12,5</height></i></r>"""
    text, made = of(tmp_path / "d.xml", content)
    assert made == {
        '<d/1> <n> "1"^^<integer>', '<d/1> <label> "سد"', '<d/1> <tag> "a"', '<d/1> <tag> "b"',
        '<d/2> <n> "2"^^<integer>', '<d/2> <label> "x y"', '<d/2> <height> "12.5"^^<decimal>',
    }  # fmt: skip
    assert 'rml:iterator "/n:r/n:i"' in text
    assert 'rml:namespaceURL "http://d/"' in text


def test_numbers_of_more_digits_than_queries_count_with_are_texts(tmp_path: Path) -> None:
    content = '[{"i": "a", "n": 12345678901234567890123, "m": 9223372036854775807}, {"i": "b", "n": 1, "m": 2}]'
    text, made = of(tmp_path / "d.json", content)
    assert made >= {'<d/a> <n> "12345678901234567890123"', '<d/b> <n> "1"', '<d/b> <m> "2"^^<integer>'}
    assert "More digits than queries count with" in text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("d.json", "[1, 2]", "no records with members"),
        ("d.json", "{", "not JSON"),
        ("d.json", '[{"a": 1},\n {"a": 1, "a": 2}]', r"d\.json:2: 'a' stands twice in one object"),
        ("d.xml", "<r/>", "no elements with members"),
        ("d.xlsx", "PK", "not a workbook"),
    ],
)
def test_what_has_no_records_is_told(tmp_path: Path, name: str, content: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        of(tmp_path / name, content)


def test_equal_faults_are_one_that_is_counted(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        of(tmp_path / "d.csv", "a,b\n" + "1,2\n" * 900 + "1,2,3\n" * 800)
    (problem,) = caught.value.problems
    assert str(problem).endswith(
        "d.csv:902: 3 cells where the header has 2, in this and 799 more rows "
        "(is the delimiter inside a cell that is not quoted?)"
    )


def test_the_base_is_that_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[project]\nname = "x"\nbase = "http://mine/"\n')
    (tmp_path / "d.csv").write_text("id,a\n1,x\n")
    text = CliRunner().invoke(kg, ["map", "--init", str(tmp_path / "d.csv")]).stdout
    assert 'rml:template "http://mine/id/d/{id}"' in text
    assert "@prefix ex:   <http://mine/terms#> ." in text


def test_faults_that_are_equal_but_for_their_lines_are_one(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("id,n\n" + "".join(f"{n},x\n" for n in range(15)))
    text = starter_mapping(tmp_path / "d.csv").replace(
        'rml:reference "n"', 'rml:reference "n" ; rml:datatype xsd:integer'
    )
    (tmp_path / "m.ttl").write_text(text)
    result = CliRunner().invoke(kg, ["map", str(tmp_path / "m.ttl")])
    (told,) = [line for line in result.stderr.splitlines() if line.startswith("error")]
    assert "d.csv:2: 'x' is no xsd:integer" in told
    assert told.endswith("and 14 times more: lines 3, 4, 5, 6, 7, ...")
    found = json.loads(
        CliRunner().invoke(kg, ["map", str(tmp_path / "m.ttl"), "--json", "-o", str(tmp_path / "o")]).stdout
    )
    assert len(found["errors"]) == 15
