"""Functions of whole columns: what they give is what the function gives of each text, and they fail where one does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kg.rml.functions.registry import BUILT_IN
from kg.rml.mapping.functions import LONGEST, MOST, Function, Refused

TEXTS = (
    *("", " ", "a", "a b", " a  b ", "a;b", "a;;b;", ";", " ; ", "a ;\tb", "سد الحسن", "ΟΔΟΣ", "ß", "İ", "\0", "a\nb"),
    *("\u00a0é\u200f", "x\u2003;y", "person1@example.org", "@", "aa@@", "1983-01-03"),
)
CONSTANTS: dict[str, Sequence[tuple[Any, ...]]] = {
    "replace": [("a", ""), ("a", "bcd"), ("", "-"), (" ", ";")],
    "substring": [(0,), (2,), (0, 4), (-2,), (1, -1), (5, 2)],
    "concat": [("-town",), ("b", ", "), ("",)],
    "split": [(), (";",), (" ",), ("a",), ("; ",)],
    "splitAsItIs": [(), (";",), (" ",)],
    "regexReplace": [("@.*$", ""), ("a*", "-"), (r"(\S)\s", "$1"), ("^", "x")],
}
WHOLE = [function for function in BUILT_IN.all if function.column is not None]
CASES = [(function, values) for function in WHOLE for values in CONSTANTS.get(function.name, [()])]


def _each(function: Function, values: tuple[Any, ...], texts: Sequence[str]) -> list[Any]:
    return [function.run(text, *values) for text in texts]


@pytest.mark.parametrize(("function", "values"), CASES, ids=lambda one: getattr(one, "name", str(one)))
def test_a_column_gives_what_each_text_gives(function: Function, values: tuple[Any, ...]) -> None:
    assert function.column is not None
    without_zero = [text for text in TEXTS if "\0" not in text]
    for texts in (
        TEXTS,
        without_zero,
        without_zero[::-1],
        TEXTS[2:6],
        ("a;b", "c"),
        (" a;b",),
        ("a;b\t", "c"),
        ("x;", " y"),
        ("x;y", "a"),
        (),
    ):
        assert function.column(texts, *values) == _each(function, values, texts)


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        ("split", ("",), "a"),
        ("split", (";",), ";" * MOST),
        ("concat", ("b" * 9,), "a" * LONGEST),
        ("replace", ("a", "bb"), "a" * LONGEST),
        ("sha256", (), "\ud800"),
        ("regexReplace", ("(", ""), "a"),
    ],
)
def test_it_fails_where_a_row_does(name: str, values: tuple[Any, ...], text: str) -> None:
    (function,) = (one for one in WHOLE if one.name == name)
    calls: tuple[Callable[[], Any], ...] = (
        lambda: function.run(text, *values),
        lambda: function.column(["a", text], *values),
    )
    for call in calls:
        with pytest.raises((Refused, UnicodeEncodeError)):
            call()


def test_every_such_function_has_cases() -> None:
    assert set(CONSTANTS) <= {function.name for function in WHOLE}
