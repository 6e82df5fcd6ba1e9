"""Functions of whole columns: what they give is what the function gives of each text, and they fail where one does."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from patience import trials

from kg.rml.functions.dates import days
from kg.rml.functions.patterns import replacer, short_replacer
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
    "regexReplace": [("@.*$", ""), ("a*", "-"), (r"(\S)\s", "$1"), ("^", "x"), (r"\s+", "\\\\-"), ("[^a-z]", "é\\")],
    "toDate": [("yyyy-MM-dd",), ("dd/MM/yyyy",), ("d MMMM yyyy", "fr"), ("yyyyMMdd",)],
}
DATES = (
    ("1983-01-03", "2024-02-29"),
    ("1983-01-03", "١٩٨٣-١-٣"),
    ("1983-01-03", " 2024-2-9"),
    ("3/1/1983", "03/12/2024"),
    ("3 janvier 1983",),
    ("19830103",),
    (),
)
WHOLE = [function for function in BUILT_IN.all if function.column is not None]
CASES = [
    (function, values)
    for function in WHOLE
    if function.name != "toDate"
    for values in CONSTANTS.get(function.name, [()])
]


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
        _agree(function, values, texts)


def _agree(function: Function, values: tuple[Any, ...], texts: Sequence[str]) -> None:
    """A column gives what each text gives, or fails where one of them does."""
    assert function.column is not None
    try:
        expected = _each(function, values, texts)
    except Refused:
        with pytest.raises(Refused):
            function.column(texts, *values)
        return
    assert function.column(texts, *values) == expected


@pytest.mark.parametrize("values", CONSTANTS["toDate"], ids=str)
@pytest.mark.parametrize(
    "texts", [*DATES, ("2023-02-29",), ("0000-01-01",), ("1983-01-03\n", "1983-01-03"), ("1983-01-03\n1983-01-03", "")]
)
def test_a_column_of_dates_is_that_of_each(values: tuple[Any, ...], texts: Sequence[str]) -> None:
    (function,) = (one for one in WHOLE if one.name == "toDate")
    _agree(function, values, texts)


def test_days_are_read_as_a_column_wherever_digits_are_their_own() -> None:
    assert [days(texts, "yyyy-MM-dd") is not None for texts in DATES[:3]] == [True, False, False]


ATOMS = ("a", "b", "é", " ", ".", "@", "[ab]", "[^a]", "[a-c-]", r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"\.", "س")


def test_simple_expressions_mean_the_same_to_both_engines() -> None:
    rng = random.Random(11)
    short = 0
    for _ in range(trials(2_000)):
        atoms = rng.choices(ATOMS, k=rng.randrange(1, 4))
        at = rng.randrange(len(atoms))
        atoms[at] += rng.choice(("", "", "*", "+", "?", "+?", "*?"))
        pattern = rng.choice(("", "", "^")) + "".join(atoms) + rng.choice(("", "", "$"))
        texts = ["".join(rng.choices("abc é س@.1\n\t\v\0\\Aß_-", k=rng.randrange(12))) for _ in range(4)]
        quick = short_replacer(pattern, "<\\>")
        if quick is not None:
            short += 1
            assert [quick(text) for text in texts] == [replacer(pattern, "<\\>")(text) for text in texts], pattern
    assert short > trials(1_000)


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        *(
            ("a*", "b"),
            ("a+b+", ""),
            ("(a)", ""),
            ("(?i)a", ""),
            ("a|b", ""),
            (r"\ba", ""),
            ("a{2}", ""),
            ("[[:alpha:]]", ""),
        ),
        *(
            ("a*+", ""),
            ("a", "$1"),
            ("a", "$$"),
            ("a", "b" * 201),
            ("^", "x"),
            (r"\pL", ""),
            ("a?b?", ""),
            (r"[\s]", ""),
        ),
    ],
)
def test_other_expressions_are_for_re2_alone(pattern: str, replacement: str) -> None:
    assert short_replacer(pattern, replacement) is None


def test_long_texts_are_for_re2() -> None:
    (function,) = (one for one in WHOLE if one.name == "regexReplace")
    texts = ["a" * 5_000 + "b", "c"]
    assert function.column is not None
    assert function.column(texts, "a+c", "") == texts


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        ("split", ("",), "a"),
        ("split", (";",), ";" * MOST),
        ("concat", ("b" * 9,), "a" * LONGEST),
        ("replace", ("a", "bb"), "a" * LONGEST),
        ("sha256", (), "\ud800"),
        ("regexReplace", ("@.*$", ""), "\ud800"),
        ("toDate", ("yyyy-MM-dd",), "2023-02-29"),
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
