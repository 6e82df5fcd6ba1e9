"""What strangers send: no word of it means anything to the index but words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search.finding import find, indexed, line, things

from kg.search import TextQueryError, read_question
from kg.search.questions import LONGEST, MOST

PIECES = (
    *"\"'*():^-+{}[]~\\/,.;%_&|!?<>=@#$ \t\n\0aبé1\u200f\u202e\u0301",
    *(" OR ", " AND ", " NOT ", " NEAR(", "rabat", "الرباط"),
)
SIGNS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    lines = [line("urn:a", "Rabat الرباط 1 a"), line("urn:b", "NEAR AND name text facet p1 n l k1")]
    return indexed(tmp_path_factory.mktemp("hostile") / "texts.db", lines)


@settings(max_examples=500, deadline=None)
@given(st.one_of(SIGNS, st.text(max_size=80)))
def test_whatever_is_sent_is_a_question_or_is_refused_in_words(index, text):
    hints = []
    try:
        find(index, text)
    except TextQueryError as error:
        hints = [problem.hint for problem in error.problems]
    assert all(hints)


@pytest.mark.parametrize(
    "text",
    [
        *("rabat : الرباط", "{rabat} : a", "(rabat الرباط, 1)", "^rabat", '"rabat" "" ', "rabat'); 1 a;--", "rabat\0"),
        *("\u200frabat\u200f", "\u202erabat", "rabat*", "*rabat*", "ra\u0301bat", "(rabat", "rabat)", "rabat\u0640"),
    ],
)
def test_signs_part_words_and_mean_nothing_else(index, text):
    assert things(find(index, text)) == ["urn:a"]


def test_words_of_the_syntax_are_words(index):
    assert things(find(index, "near name facet")) == ["urn:b"]
    assert things(find(index, "name:rabat")) == []


@pytest.mark.parametrize("text", ["", " ", "\0", "* - + ?!", '""', "OR", "NOT AND", "\u200f", "'"])
def test_no_word_is_told_so(text):
    with pytest.raises(TextQueryError, match="no word"):
        read_question(text)


def test_too_much_is_told_so():
    with pytest.raises(TextQueryError, match=f"{LONGEST} are allowed"):
        read_question("a" * 100_000)
    with pytest.raises(TextQueryError, match=f"more than {MOST} words"):
        read_question(" ".join(f"w{n}" for n in range(MOST + 1)))
    with pytest.raises(TextQueryError, match=f"more than {MOST} words"):
        read_question("-".join("a" * 400))


def test_the_facets_of_the_index_are_no_words_of_texts(index):
    assert things(find(index, "p1")) == ["urn:b"]
    assert things(find(index, "l")) == ["urn:b"]
