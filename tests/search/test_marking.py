"""The words that were found, marked in their texts."""

from __future__ import annotations

import pytest

from kg.search import Sought, excerpt, marked, read_question


def shown(question: str, text: str, language: str = "") -> str:
    parts = marked(text, Sought.of(read_question(question)), language)
    assert "".join(part for part, _ in parts) == text
    return "".join(f"[{part}]" if found else part for part, found in parts)


@pytest.mark.parametrize(
    ("question", "text", "language", "expected"),
    [
        ("جامعة", "الشراكة مع الجامعات وللجامعة", "ar", "الشراكة مع [الجامعات وللجامعة]"),
        ("الذكاء", "مبادرات بالذَّكاء الاصطناعي", "ar", "مبادرات [بالذَّكاء] الاصطناعي"),
        ("intelligence", "De l'intelligence artificielle", "fr", "De l'[intelligence] artificielle"),
        ("10.8", "about 10.8 billion, 108 in all", "en", "about [10.8] billion, 108 in all"),
        ('"ministry of health"', "The Ministry of Health", "en", "The [Ministry of Health]"),
        ("univ*", "Université et Universities", "fr", "[Université] et [Universities]"),
        ("rabat", "nothing here", "", "nothing here"),
    ],
)
def test_what_was_found_is_marked(question, text, language, expected):
    assert shown(question, text, language) == expected


def test_an_excerpt_begins_near_the_first_word_and_tells_where_it_is_cut():
    text = f"{'word ' * 200}rabat {'other ' * 200}"
    parts = excerpt(marked(text, Sought.of(read_question("rabat"))))
    whole = "".join(part for part, _ in parts)
    assert whole.startswith("… word")
    assert whole.endswith("…")
    assert ("rabat", True) in parts
    assert len(whole) < 260


def test_a_short_text_is_shown_whole():
    parts = marked("Rabat", Sought.of(read_question("rabat")))
    assert excerpt(parts) == parts == (("Rabat", True),)
