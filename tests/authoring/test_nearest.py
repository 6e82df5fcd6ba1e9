"""A quote that the text does not have is told with the words that are nearest to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records.texts import Text

ARABIC = (
    "ورُصد للبرنامج مبلغ 1,2 مليار درهم، منها 450 مليون درهم من ميزانية الجهة. وتمتد الاتفاقية من سنة 2028 إلى سنة 2031."
)
FRENCH = "L’agence a annoncé vendredi un programme doté de 1,5 milliard de dirhams. Le barrage était rempli à 61,5 %."
WORDS = st.sampled_from(["quai", "port", "40", "quarante", "euros", "million", "neuf", "ancien", "digue", "phare"])


@pytest.mark.parametrize(
    ("text", "quote", "exact", "told"),
    [
        (ARABIC, "مبلغ 1.2 مليار درهم", "مبلغ 1,2 مليار درهم", "'1,2', where the quote has '1.2'"),
        (ARABIC, "رُصد للبرنامج مبلغ 1.2 مليار", "رُصد للبرنامج مبلغ 1,2 مليار", "'1,2', where the quote has '1.2'"),
        (ARABIC, "رصد للبرنامج مبلغ 1,2 مليار درهم منها 450", "رُصد للبرنامج مبلغ 1,2 مليار درهم، منها 450", "other signs between them"),
        (ARABIC, "من سنة 2028 إلى سنة 2032", "من سنة 2028 إلى سنة 2031", "'2031', where the quote has '2032'"),
        (ARABIC, "ميزانيه الجهات", "ميزانية الجهة", "'الجهة', where the quote has 'الجهات'"),
        (ARABIC, "450 مليون من ميزانية الجهة", "450 مليون درهم من ميزانية الجهة", "'درهم', which the quote lacks"),
        (FRENCH, "un programme de 1,5 milliard", "un programme doté de 1,5 milliard", "'doté', which the quote lacks"),
        (FRENCH, "L'agence a vendredi annoncé un programme", "L’agence a annoncé vendredi un programme", "'annoncé', where the quote has 'vendredi'"),
        (FRENCH, "programe", "programme", "'programme', where the quote has 'programe'"),
        (FRENCH, "Le barrage était presque rempli à 61,5 %", "Le barrage était rempli à 61,5 %", "no 'presque', which"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_the_words_of_the_text(text: str, quote: str, exact: str, told: str) -> None:
    found = Text(text, is_described=True).nearest(quote)
    assert found is not None
    assert found.exact == exact == text[found.start : found.end]
    assert told in str(found)


@pytest.mark.parametrize("quote", ["", "،", "zzz", "un port neuf", "درهم أزرق كبير جدا", "x" * 5000, "quai " * 500])
def test_words_that_are_far_from_the_text_have_no_nearest_ones(quote: str) -> None:
    assert Text(FRENCH, is_described=True).nearest(quote) is None
    assert Text("", is_described=True).nearest(quote) is None


def cost(text: list[str], quote: list[str]) -> int:
    """The fewest words to change, add or take away, by the plainest of all ways."""
    rows = [list(range(len(text) + 1))]
    for i, word in enumerate(quote, 1):
        row = [i]
        for j, other in enumerate(text, 1):
            row.append(min(rows[-1][j - 1] + (word != other), rows[-1][j] + 1, row[-1] + 1))
        rows.append(row)
    return rows[-1][-1]


@given(st.lists(WORDS, min_size=5, max_size=30), st.data())
def test_one_word_that_is_changed_added_or_left_out_leads_to_the_nearest_words(
    words: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(words) - 5))
    quote = words[first : first + data.draw(st.integers(5, 9))]
    at, kind = data.draw(st.integers(0, len(quote) - 1)), data.draw(st.sampled_from("cal"))
    slipped = quote[:at] + {"c": ["Zürich"], "a": ["Zürich", quote[at]], "l": []}[kind] + quote[at + 1 :]
    text = " ".join(words)
    found = Text(text, is_described=True).nearest(" ".join(slipped))
    assert found is not None
    there = text[found.start : found.end].split(" ")
    assert cost(there, slipped) <= 1
    assert any([*there] == words[i:j] for i, j in pairs(len(words)))


def pairs(length: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(length) for j in range(i + 1, length + 1)]


def test_a_word_that_stands_very_often_hides_no_rare_one() -> None:
    text = "de la ville " * 3000 + "le quai neuf de la ville " + "de la ville " * 3000
    found = Text(text, is_described=True).nearest("de la ville le quay neuf de la ville")
    assert found is not None
    assert found.exact == "de la ville le quai neuf de la ville"


def test_a_word_in_the_middle_hides_the_place_behind_none_that_has_fewer_words() -> None:
    words = [f"mot{letter}{letter}" for letter in "abcdefghijkl"]
    decoy = " ".join([*words[:7], "rien", "du", "tout", "de", "cela"])
    text = ". ".join([decoy] * 6 + [" ".join(words)])
    found = Text(text, is_described=True).nearest(" ".join([*words[:6], "Zürich", *words[6:]]))
    assert found is not None
    assert found.exact == " ".join(words)
