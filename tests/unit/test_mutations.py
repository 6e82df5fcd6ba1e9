"""The mutations that judge our tests: what is mutated, what never is, and that the lists name what is there."""

from __future__ import annotations

import tomllib
from pathlib import Path
from textwrap import dedent

import pytest
from mutation.mutants import mutants

ROOT = Path(__file__).resolve().parent.parent.parent


def changes(source: str) -> list[tuple[str, str]]:
    return [(one.what, one.now) for one in mutants(dedent(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a == b", ["x = a != b"]),
        ("x = a <= b", ["x = a < b", "x = a >= b"]),
        ("x = a is not  b", ["x = a is  b"]),
        ("x = a not in b", ["x = a in b"]),
        ("x = a and b", ["x = a or b", "x = True and b", "x = a and True"]),
        ("x = not a", ["x = a"]),
        ("x = a + b", ["x = a - b"]),
        ("x = 1", ["x = 2", "x = 0"]),
        ("x = True", ["x = False"]),
        ("x = 'word'", ["x = 'woQd'"]),
        ("x = f'a{b}c'", ["x = f'Q{b}c'", "x = f'a{b}Q'"]),
        ("f(a, b, c=d)", ["pass", "f(a, c=d)", "f(a, b)"]),
        ("x = min(a)", ["x = max(a)"]),
        ("x = a.startswith(b)", ["x = a.endswith(b)"]),
        ("x = [a for a in b if a]", ["x = [a for a in b if not (a)]", "x = [a for a in b if True]"]),
        ("if a:\n    b += c", ["if not (a):", "pass"]),
        ("while a:\n    continue", ["while not (a):", "break", "pass"]),
        ("def f():\n    return a", ["return None"]),
        ("x: 'int' = a.é(1, b)", ["x: 'int' = a.é(2, b)", "x: 'int' = a.é(0, b)", "x: 'int' = a.é(1)"]),
    ],
)
def test_each_mutation_is_a_slip_of_one_place(source, expected):
    found = changes(source)
    assert sorted(now for _, now in found) == sorted(expected)


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring with 1 < 2."""',
        "def f(a: 'int') -> 'str':\n    '''A docstring.'''",
        "@dataclass(frozen=True, slots=True)\nclass A(B, metaclass=C):\n    x: Literal['a']",
        "if TYPE_CHECKING:\n    x = 1",
        "assert isinstance(a, b), 'no'",
        "from a import b",
        "__all__ = ('a', 'b')",
        "match a:\n    case b:\n        pass\nraise ValueError(a)",
        "x = zip(a, strict=True)",
        "x = cast('A', b)",
    ],
)
def test_what_no_test_can_see_is_left_alone(source):
    assert changes(source) == []


def test_the_wording_of_messages_is_left_alone_and_their_codes_are_not():
    source = """
        def f():
            raise DataError(f"no {a} here", hint="write it")
        def g():
            return Problem("no-load", "LOAD is refused")
        message = "a text of words"
        """
    assert [now for _, now in changes(source)] == [
        "pass", 'raise DataError(f"no {a} here")', "return None", 'return Problem("no-load")',
        'return Problem(\'no-Qoad\', "LOAD is refused")',
    ]  # fmt: skip


def test_the_lists_name_modules_and_tests_that_are_there():
    folder = ROOT / "tests" / "mutation"
    modules = tomllib.loads((folder / "modules.toml").read_text(encoding="utf-8"))
    for module, entry in modules.items():
        for path in (module, *entry["tests"]):
            assert (ROOT / path.partition("::")[0]).exists(), path
    known = tomllib.loads((folder / "survivors.toml").read_text(encoding="utf-8"))
    assert known.keys() <= modules.keys()
    for entries in known.values():
        for entry in entries:
            assert {*entry} == {"was", "now", "reason"}
            assert len(entry["reason"].split()) > 3
