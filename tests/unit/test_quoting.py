"""Texts that YAML would cut or twist: told with file and line, with the line as it should be, and nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_project
from small_project import kg

from kg.errors import RecordError
from kg.positions import Table, Value, parse_yaml


def hints(text: str) -> list[str]:
    with pytest.raises(RecordError) as caught:
        parse_yaml(text.encode(), "t.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("e: {exact: on March 27, 2026}", 'exact: "on March 27, 2026"'),
        ("e: {exact: on Friday, March 27, 2026, start: 3}", 'exact: "on Friday, March 27, 2026"'),
        ("e: {exact: في 27 مارس, 2026, end: 3}", 'exact: "في 27 مارس, 2026"'),
        ('e: {exact: the "AI, Made" day}', "exact: 'the \"AI, Made\" day'"),
        ("e: {value: 10,8}", 'value: "10,8"'),
        ("e: [x, {fr: Rabat, Salé}]", 'fr: "Rabat, Salé"'),
        ("exact: He said: go", 'exact: "He said: go"'),
        ("- exact: it's: so", "exact: \"it's: so\""),
        ("exact: @home", 'exact: "@home"'),
        ("exact: `code`", 'exact: "`code`"'),
        ("exact: %5 of them", 'exact: "%5 of them"'),
        ("exact: > 40 of them", 'exact: "> 40 of them"'),
        ("exact: | 40", 'exact: "| 40"'),
        ("exact: - 40", 'exact: "- 40"'),
        ("exact: ? who", 'exact: "? who"'),
        ("exact: [sic] they say", 'exact: "[sic] they say"'),
        ('exact: "A" and "B"', "exact: '\"A\" and \"B\"'"),
        ("exact: number #1 of them", '"number #1"'),
    ],
)  # fmt: skip
def test_the_line_is_told_as_it_should_be(line, written):
    (said,) = hints(f"before: 1\n{line}\n")
    assert said.startswith("t.yaml:2: ")
    assert written.removesuffix('"') in said
    fixed = written if ": " in written.split('"')[0].split("'")[0] else f"exact: {written}"
    node = parse_yaml(fixed.encode(), "t.yaml")
    assert isinstance(node, Table)


@pytest.mark.parametrize("line", ["exact: *home", "exact: &home sweet", "exact: ! they say"])
def test_first_characters_with_a_meaning_go_in_quotes(line):
    (said,) = hints(line)
    assert "a text goes in quotes" in said


@pytest.mark.parametrize(
    "line", ["a: {exact: on: x}", "a: {exact: one } two}", "a: {exact: see [1], n: 2}", "a: {exact: x # y}"]
)
def test_within_braces_the_hint_names_what_needs_quotes(line):
    (said,) = hints(f"{line}\n")
    assert "put a text that holds , : # [ ] { or } in quotes" in said


def test_all_texts_that_are_cut_are_told_at_once():
    assert len(hints("a: {x: 1, 2, y: 3}\nb: {x: c, d}\nc: see #3\n")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "a: 1 # a remark", "a: text  # see the note", "a: b#c", "a: http://e.org/#frag", "a: {b: , c: 1}", "a: {b: }",
        'a: {"b": "c, d", e: f}', "a: [b, c]", "a: '#1'", "# 1\na: 1", "a: 1 ## heading",
    ],
)  # fmt: skip
def test_what_is_no_trap_is_read(text):
    assert isinstance(parse_yaml(text.encode(), "t.yaml"), Table)


def test_mappings_may_have_remarks_as_they_like():
    node = parse_yaml(b"s: ex:person #the subject\n", "t.yaml", prose=False)
    assert isinstance(node, Table)
    assert node.get("s") == Value.at(node.get("s").position, "ex:person", "ex:person")


@pytest.mark.parametrize("word", ["no", "on", "2026-03-27", "0123", "0x1F", "12:30", "1_000"])
def test_words_are_words(word):
    node = parse_yaml(f"a: {word}\n".encode(), "t.yaml")
    assert isinstance(node, Table)
    assert node.get("a") == Value.at(node.get("a").position, word, word)


def build(folder: Path, old: str, new: str) -> str:
    """What `kg build` says of the small project with one change."""
    claims = small_project.CLAIMS.replace(old, new)
    assert claims != small_project.CLAIMS
    done = kg("build", cwd=small_project.make(folder, claims=claims))
    assert done.returncode == 1
    return done.stderr


def test_a_quote_with_a_comma_is_told_with_its_line(tmp_path):
    said = build(tmp_path, "exact: Deux parties}", "exact: le 27 mars, 2026}")
    assert "data/claims/note.yaml:24: '2026' has no value, for within { } a comma ends a text" in said
    assert 'put the text in quotes: exact: "le 27 mars, 2026"' in said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("exact: Deux parties}", "exact: le vendredi, 27 mars: deux}", "unknown key '27 mars'"),
        ("{fr: Deux parties}", "{fr: Deux, le 27 mars: deux}", "'le 27 mars' is no language tag"),
    ],
)
def test_a_comma_and_a_colon_make_a_key(tmp_path, old, new, message):
    said = build(tmp_path, old, new)
    assert message in said
    assert "within { } a comma ends a text: put a text that holds one in quotes" in said


def test_nothing_as_a_text_asks_for_quotes(tmp_path):
    said = build(tmp_path, "{fr: Deux parties}", "{fr: null}")
    assert "'characterisedAs' in 'fr' must be text, not nothing (put 'null' in quotes if it is the word)" in said
