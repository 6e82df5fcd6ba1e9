"""Functions of a project's own: one file that `kg.toml` names."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.functions.calling import call, made, mapping, objects

from kg.cli.main import kg
from kg.errors import DataError, MappingError
from kg.rml import Access
from kg.rml.compile.columns import bytewise
from kg.rml.compile.compiler import compile_lines
from kg.rml.mapping.model import Batch
from kg.rml.run.engine import load_plan, plan_key

TABLE = "id,name,n\n1,Rabat,7\n2,,x\n3,Fès,1\n"
OWN = '''\
"""Ours."""
from datetime import date
from decimal import Decimal

LEAST = Decimal("0.5")

def louder(text: str, times: int = 1) -> str:
    """The text, louder."""
    return text.upper() + "!" * times

def letters(text: str) -> list[str]:
    """Its letters."""
    return list(text)

def half(n: float) -> float:
    """Half of it."""
    return n / 2

def known(name: str | None) -> bool:
    """Whether there is a name."""
    return name is not None

def day(n: int) -> date:
    """A day of 2024."""
    return date(2024, 1, n)

def counted(names: list[str]) -> int:
    """How many there are."""
    return len(names)

def wrong(text: str) -> int:
    """Gives a text."""
    return text

def raising(text: str) -> str:
    """Raises."""
    return {}[text]

def long(text: str) -> str:
    """Grows."""
    return text * 1_000_000

def _hidden(text):
    return text
'''


def run(folder: Path, *maps: str, own: str = OWN, **options: object) -> list[str]:
    (folder / "own.py").write_text(own, encoding="utf-8")
    return made(mapping(folder, TABLE, objects(*maps)), access=Access(functions=folder / "own.py"), **options)


@pytest.mark.parametrize("workers", [1, 2])
def test_they_are_called_like_any_other(workers: int, tmp_path: Path) -> None:
    lines = run(
        tmp_path,
        call("louder", call("trim", "$name"), 2),
        call("letters", call("substring", "$name", 0, 2)),
        call("half", "$id"),
        call("known", "$name"),
        call("day", "$id"),
        call("counted", names=["$id", "$name"]),
        workers=workers,
    )
    assert lines[:8] == [
        '<1> <p0> "RABAT!!"',
        '<1> <p1> "R"',
        '<1> <p1> "a"',
        '<1> <p2> "5.0E-1"^^<xsd:double>',
        '<1> <p3> "true"^^<xsd:boolean>',
        '<1> <p4> "2024-01-01"^^<xsd:date>',
        '<1> <p5> "2"^^<xsd:integer>',
        '<2> <p2> "1.0E0"^^<xsd:double>',
    ]
    assert lines[8] == '<2> <p3> "false"^^<xsd:boolean>'


def test_mappings_of_others_call_them_by_names_of_their_own(tmp_path: Path) -> None:
    own = OWN + 'NAMES = {"louder": "http://e/f#loud", "louder.times": "http://other/p_times"}\n'
    execution = (
        "rml:functionExecution [ rml:function <http://e/f#loud> ;"
        ' rml:input [ rml:parameter <http://e/f#text> ; rml:inputValueMap [ rml:reference "name" ] ] ,'
        " [ rml:parameter <http://other/p_times> ; rml:inputValue 2 ] ]"
    )
    assert run(tmp_path, execution, own=own) == ['<1> <p0> "RABAT!!"', '<3> <p0> "FÈS!!"']


FAULTS = [
    (call("raising", "$name"), r"d\.csv:2: raising: KeyError: 'Rabat' .*own\.py"),
    (call("wrong", "$name"), r"wrong: it gave 'Rabat', which is not a whole number"),
    (call("day", "$n"), r"day: 'x' is not a whole number"),
    (call("day", 40), r"day of '40': ValueError"),
    (call("long", "$name"), r"more than 1,048,576 characters"),
    (call("_hidden", "$name"), r"there is no function fn:_hidden"),
    (call("date", "$name"), r"there is no function fn:date"),
]


@pytest.mark.parametrize(("inside", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_what_goes_wrong_within_is_a_fault_of_the_row(inside: str, said: str, tmp_path: Path) -> None:
    with pytest.raises((DataError, MappingError), match=said):
        run(tmp_path, inside)


FILES = [
    ("def f(text):\n    return text\n", 1, r"the parameter 'text' has no type: write str, int"),
    ("\ndef f(text: bytes) -> str:\n    return ''\n", 2, r"the parameter 'text' is no bytes"),
    ("def f(text: str):\n    return text\n", 1, r"the result has no type"),
    ("def f(text: str, *more: str) -> str:\n    return text\n", 1, r"'more' cannot be named in a mapping"),
    ("\n\ndef trim(text: str) -> str:\n    return text\n", 3, r"there is a function 'trim' already"),
    ("\ndef f(:\n", 2, r"not Python"),
    (
        "def f(text: str) -> str:\n    return ''\nNAMES = {'g': 'http://e/g'}\n",
        3,
        r"NAMES names 'g', which is not there",
    ),
    ("NAMES: object = ['f']\n", 1, r"NAMES is no dictionary of texts"),
    ("def f(text: str) -> str:\n    return ''\n\nNAMES = {'f': 'loud'}\n", 4, r"'loud' is not an IRI"),
    ("import nothing_of_this_name\n", 1, r"ModuleNotFoundError"),
    ("x = 1\nx / 0\n", 2, r"ZeroDivisionError"),
]


@pytest.mark.parametrize(("own", "line", "said"), FILES, ids=[said for _, _, said in FILES])
def test_files_that_cannot_be_used_are_told_with_their_line(own: str, line: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=said) as caught:
        run(tmp_path, call("trim", "$name"), own=own)
    (problem,) = caught.value.problems
    assert problem.position is not None
    assert (problem.position.path.endswith("own.py"), problem.position.line) == (True, line)


def test_the_command_takes_the_file_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    path = str(mapping(tmp_path, TABLE, objects(call("louder", "$name"))))
    toml = tmp_path / "kg.toml"
    toml.write_text('[project]\nname = "x"\n[paths]\nfunctions = "own.py"\n', encoding="utf-8")
    done = CliRunner().invoke(kg, ["map", path])
    assert '<http://e/1> <http://e/p0> "RABAT!" .' in done.stdout
    for stated, said in (
        ("none.py", "there is no file 'none.py'"),
        ("../own.py", "'../own.py' leads out of the project"),
    ):
        toml.write_text(f'[project]\nname = "x"\n[paths]\nfunctions = "{stated}"\n', encoding="utf-8")
        done = CliRunner().invoke(kg, ["map", path, "-o", str(tmp_path / "o.nq"), "--json"])
        (error,) = json.loads(done.stdout)["errors"]
        assert (done.exit_code, error["where"]["line"]) == (2, 4)
        assert said in error["message"]
    toml.write_text('[project]\nname = "x"\n', encoding="utf-8")
    done = CliRunner().invoke(kg, ["map", path])
    assert done.exit_code == 2
    assert "there is no function fn:louder" in done.stderr


def test_a_plan_with_functions_is_sent_to_other_machines(tmp_path: Path) -> None:
    """What Spark does with it: the file of the functions is not there any more."""
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    path = mapping(tmp_path, TABLE, objects(call("louder", call("trim", "$name"))))
    plan = load_plan(path, None, Access(functions=tmp_path / "own.py"))
    (tmp_path / "own.py").unlink()
    sent = pickle.loads(pickle.dumps(plan))
    assert plan_key((sent,)) == plan_key((plan,))
    program = compile_lines(sent, sent.maps[0], {})
    assert program.function(Batch((["1"], ["Fès"]), 1, 1)) == [bytewise('<http://e/1> <http://e/p0> "FÈS!" .\n')]
