"""Small inputs that made people change a table or a mapping: what each gives now, unchanged or with a word more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.main import kg

CASES = Path(__file__).parent
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
FN = "https://w3id.org/zellige/fn#"


def called(function: str, column: str, **more: str) -> str:
    """A function in the place of a reference."""
    inputs = [f'[ rml:parameter <{FN}text> ; rml:inputValueMap [ rml:reference "{column}" ] ]']
    inputs += [f'[ rml:parameter <{FN}{name}> ; rml:inputValue "{value}" ]' for name, value in more.items()]
    return f"rml:functionExecution [ rml:function <{FN}{function}> ; rml:input {' , '.join(inputs)} ]"


def run(folder: Path, name: str, changes: dict[str, str]) -> Result:
    shutil.copytree(CASES / name, folder / name)
    mapping = folder / name / "map.ttl"
    text = mapping.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    mapping.write_text(text, encoding="utf-8")
    return CliRunner().invoke(kg, ["map", str(mapping)])


SKIP = "<http://www.w3.org/ns/csvw#dialect> [ <http://www.w3.org/ns/csvw#skipRows> 2 ]"
MADE: dict[str, tuple[dict[str, str], list[str]]] = {
    "arabic_indic_digits": ({'rml:reference "n"': called("toInteger", "n")}, [f'"123"^^<{INTEGER}>']),
    "decimal_comma": (
        {
            'rml:reference "prix"': called("toNumber", "prix", locale="fr"),
            'rml:reference "pop"': called("toInteger", "pop", locale="fr"),
        },
        [f'"12.5"^^<{DECIMAL}>', f'"1234567"^^<{INTEGER}>'],
    ),
    "literal_source": ({}, ['"a"']),
    "old_vocabulary": ({}, ['"a"']),
    "split_cell": ({'rml:reference "tags"': called("split", "tags", separator=";")}, ['"a"', '"b"', '"c"']),
    "trailing_delimiter": ({}, ['"a"', '"b"']),
    "unused_empty_headers": ({}, ['"a"', '"b"']),
    "xlsx_title_row": ({'rml:path "title.xlsx"': f'rml:path "title.xlsx" ; {SKIP}'}, ['"Rabat"']),
}


@pytest.mark.parametrize("name", MADE)
def test_it_maps(tmp_path: Path, name: str) -> None:
    changes, objects = MADE[name]
    result = run(tmp_path, name, changes)
    assert result.exit_code == 0, result.stderr
    given = [line.split(" ", 2)[2].removesuffix(" .") for line in result.stdout.splitlines() if "#date>" not in line]
    assert given == objects
    assert ("warning" in result.stderr) is (name in {"literal_source", "old_vocabulary"})


TOLD = {
    "misspelt_json_member": "no record of d.json has $.nmae (did you mean '$.name'?)",
    "whitespace_in_template": "warning: d.csv:2: ' 1 ' goes into an IRI with the blanks around it",
    "xlsx_title_row": "(row 3 has it: write csvw:dialect [ csvw:skipRows 2 ] in the source)",
    "xml_default_namespace": "/r/i finds nothing in d.xml, whose elements are of <http://d.org/>",
}


@pytest.mark.parametrize("name", TOLD)
def test_it_is_told(tmp_path: Path, name: str) -> None:
    result = run(tmp_path, name, {})
    assert TOLD[name] in result.stderr
    assert (result.exit_code == 0) is (name == "whitespace_in_template")


@pytest.mark.parametrize("table", ["a_fr.csv", "e_title.csv"])
def test_a_first_mapping_runs_as_it_is(tmp_path: Path, table: str) -> None:
    shutil.copy(CASES / "init" / table, tmp_path)
    made = CliRunner().invoke(kg, ["map", "--init", str(tmp_path / table), "-o", str(tmp_path / "m.ttl")])
    assert made.exit_code == 0, made.stderr
    result = CliRunner().invoke(kg, ["map", str(tmp_path / "m.ttl")])
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("\n") == {"a_fr.csv": 27, "e_title.csv": 8}[table]
