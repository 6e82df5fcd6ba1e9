"""`sh:pattern`: what XPath means, whatever engine runs it, and an end for what would take for ever."""

from __future__ import annotations

import pytest

from kg.errors import ShapesError
from kg.shacl.regex import matcher, together
from shacl.test_native import run


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "is_match"),
    [
        ("a.c", "q", "a.c", True), ("a.c", "q", "abc", False), ("A.C", "qi", "a.c", True), ("^", "q", "x^", True),
        (".", "", "\n", False), (".", "", "\r", False), (".", "s", "\n", True), ("a.b", "s", "a\nb", True),
        ("^b$", "", "a\nb\nc", False), ("^b$", "m", "a\nb\nc", True), ("b$", "", "b\n", False),
        ("a b", "x", "ab", True), ("[a b]", "x", " ", True), ("a\n  b # c", "x", "ab#c", True),
        ("\u00c9", "i", "\u00e9", True), ("k", "i", "\u212a", True), ("stra\u00dfe", "i", "STRASSE", False),
        (r"[\d-[5]]", "", "5", False), (r"[\d-[5]]", "", "6", True), (r"[\w-[a-c]]", "", "b", False),
        ("[a-z-[b-y-[m]]]", "", "m", True), ("[^a-z-[q]]", "", "q", False), (r"^\p{Lu}\p{Ll}+$", "", "\u00c9t\u00e9", True),
        (r"\p{IsArabic}", "", "\u0645", True), (r"\P{IsArabic}", "", "\u0645", False), (r"^\i\c*$", "", "_x-1", True),
        (r"\s", "", "\u00a0", False), (r"\d", "", "\u0663", True), (r"\w", "", "\u20ac", True), (r"\w", "", "-", False),
        (r"(a)(b)\2", "", "abb", True), ("x*?y", "", "xxy", True), ("^a{2,}$", "", "aaa", True), (r"\{\}", "", "{}", True),
        ("", "", "", True), ("$^", "", "", True), ("[-a]", "", "-", True), ("[a-]", "", "-", True),
    ],
)  # fmt: skip
def test_an_expression_means_what_xpath_says(pattern: str, flags: str, text: str, is_match: bool) -> None:
    assert matcher(pattern, flags)(text) == is_match


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b", r"\0", r"\z", "(?i)a", "a(?=b)", "(?!a)b", "(?<=a)b", "(?P<n>a)", "a{,3}", "a{3,1}", "a}", "{", "a**",
        "[z-a]", "[]a]", "[]", "[a", "a]", "(a", "a)", r"\p{Xx}", r"\p{Lu", r"a?\1", "[a-z-[b]c]", "[[a]]", "a\\",
    ],
)  # fmt: skip
def test_what_is_no_expression_of_xpath_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(ShapesError, match="not a regular expression of XPath"):
        matcher(pattern)


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "(a|aa)+$", "^(a*)*$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*z"]
)
def test_what_is_slow_elsewhere_is_linear(pattern: str) -> None:
    assert not matcher(pattern)("a" * 50_000 + "!" + "x" * 50_000)


@pytest.mark.parametrize(
    "pattern",
    [
        "((a{1000}){1000}){1000}",
        "a{99999999}",
        "(" * 5000 + "a" + ")" * 5000,
        "[a-" + "[b-" * 3000 + "[c]" + "]" * 3001,
    ],
)
def test_what_would_fill_memory_or_the_stack_is_refused(pattern: str) -> None:
    with pytest.raises(ShapesError, match=r"the regular expression .* is too large"):
        matcher(pattern)


def test_a_reference_back_that_explodes_ends_and_is_named() -> None:
    shape = r':S sh:targetNode :a ; sh:property [ sh:path :p ; sh:pattern "^(a|a)*\\1$" ] .'
    with pytest.raises(ShapesError, match=r"takes more than 2 s on one text"):
        run(f':a :p "{"a" * 40}!" .', shape)


def test_texts_that_are_each_quick_enough_end_together(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter(range(0, 1000, 3))
    monkeypatch.setattr("kg.shacl.regex.time.process_time", lambda: next(spent))
    matches = together(matcher(r"(a)\1"))
    with pytest.raises(ShapesError, match=r"takes more than 30 s on the texts of one shape"):
        all(matches("aa") for _ in range(20))
