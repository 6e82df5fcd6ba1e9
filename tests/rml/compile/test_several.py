"""Several values of a row as one text: the same lines as of values one by one, and the same faults."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from patience import trials
from rml.by_hand import json_source
from rml.running import mapping, run

from kg.errors import DataError, Position
from kg.rml import explain
from kg.rml.compile.columns import Encoders, Fault
from kg.rml.compile.several import MARK, Marked

PLACE = Position("m.ttl", 3)
SIGNS = ("a", "é", "س", '"', "\\", "\n", "\r", "\x1e", "\x1f", " ", "\\n")


def _lists(rng: random.Random) -> list[list[str]]:
    def text() -> str:
        return "".join(rng.choices(SIGNS, k=rng.randrange(4)))

    return [[text() for _ in range(rng.choice((0, 1, 1, 2, 3)))] for _ in range(rng.randrange(6))]


def test_a_list_is_what_its_values_are_with_marks_between() -> None:
    rng = random.Random(5)
    for _ in range(trials(500)):
        column = _lists(rng)
        expected = [MARK.join(Encoders(PLACE).escaped(values)) if values else None for values in column]
        assert list(Marked(PLACE)(column)) == expected


@pytest.mark.parametrize("column", [[["a\0b"]], [["a", "\0"], []], [["a"], ["b\x1e\0"]]])
def test_a_value_with_zero_is_a_fault_of_its_place(column: list[list[str]]) -> None:
    with pytest.raises(Fault) as caught:
        Marked(PLACE)(column)
    assert caught.value.position == PLACE


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        Marked(PLACE)([["a", "\ud800"]])


def _mapping(folder: Path, rows: list[list[str]], more: str = "") -> Path:
    """A mapping with two triples a row and more, one of several values: what is put together of one text for a row."""
    (folder / "t.json").write_text(json.dumps([{"i": n, "v": row} for n, row in enumerate(rows)]), encoding="utf-8")
    call = '[ rml:function fn:trim ; rml:input [ rml:parameter fn:1 ; rml:inputValueMap [ rml:reference "$.v[*]" ] ] ]'
    text = (
        f"@prefix fn: <https://w3id.org/zellige/fn#> .\nex:m {json_source('t.json')} ;\n"
        ' rml:subjectMap [ rml:template "http://e/{$.i}" ; rml:class ex:C ] ;\n'
        f" rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:functionExecution {call} {more} ] ] ."
    )
    return mapping(folder, text)


def test_lines_of_several_values_are_those_of_each(tmp_path: Path) -> None:
    rows = [["a", "b"], [], [""], ["", ""], ["é", '"\\'], ["c\n\rd"], ["x\x1ey", "z"]]
    path = _mapping(tmp_path, rows)
    assert ".replace(MARK, " in explain(path)
    assert "escaped" not in explain(path)
    written = {
        "a": "a",
        "b": "b",
        "": "",
        "é": "é",
        '"\\': '\\"\\\\',
        "c\n\rd": "c\\n\\rd",
        "x\x1ey": "x\x1ey",
        "z": "z",
    }
    expected = []
    for number, values in enumerate(rows):
        expected.append(f"<http://e/{number}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .")
        expected += [f'<http://e/{number}> <http://e/p> "{written[value]}" .' for value in values]
    assert run(path) == expected


def test_a_language_stands_behind_each_value(tmp_path: Path) -> None:
    lines = run(_mapping(tmp_path, [["a", "b"]], '; rml:language "fr"'))
    assert [line.rpartition("> ")[2] for line in lines[1:]] == ['"a"@fr .', '"b"@fr .']


def test_a_fault_among_several_values_names_the_record(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        run(_mapping(tmp_path, [["a", "b"], ["c", "d\0e"]]))
    assert "U+0000" in str(caught.value)
    assert "2" in str(caught.value)
