"""Folding: what writers leave out is forgotten, what they mean is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.folding import acronym, fold, is_arabic, key, without_article

ARABIC = "".join(
    chr(code)
    for first, last in ((0x0621, 0x064A), (0x0660, 0x0669), (0x0671, 0x06D3), (0xFB50, 0xFBB1), (0xFE70, 0xFEFC))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) != "Cn"
)
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640"
texts = st.one_of(st.text(), st.text(ARABIC + MARKS + " -2030ABéœß'’"), st.text("abcdéèÀIVXl' -.&٣۴"))
arabic_words = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=9)


@given(texts)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert key(key(text)) == key(text)


@given(texts)
def test_composed_and_decomposed_texts_are_one(text):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(st.text("abcdeéèêàùôîçÉÀœŒæß -'"))
def test_case_is_forgotten(text):
    assert fold(text.upper()) == fold(text) == fold(text.lower())


@given(texts)
def test_space_is_one_space_between_words(text):
    assert fold(f"  {text}\u00a0\t") == fold(text)
    assert "  " not in fold(text)
    assert fold(text) == fold(text).strip()


@given(st.lists(arabic_words, min_size=1, max_size=4), st.data())
def test_vowels_and_tatweel_may_stand_anywhere(words, data):
    text = " ".join(words)
    at = data.draw(st.lists(st.tuples(st.integers(1, len(text)), st.sampled_from(MARKS)), max_size=6))
    marked = text
    for place, mark in sorted(at, reverse=True):
        marked = marked[:place] + mark + marked[place:]
    assert fold(marked) == fold(text)


@given(arabic_words)
def test_a_word_with_the_article_and_without_have_one_key(word):
    if len(word) >= 3:
        assert key("ال" + word) == key(word)
    assert without_article(without_article(word)) == without_article(word)


@given(texts)
def test_nothing_becomes_nothing_unless_it_was(text):
    letters = [c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] in "LN"]
    if any(c not in "\u0621\u0640" for c in letters):
        assert fold(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("إصلاح الإدارة", "اصلاح الاداره"),
        ("أمل", "امل"),
        ("آسفي", "اسفي"),
        ("مسؤول", "مسوول"),
        ("هيئة", "هييه"),
        ("مستشفى", "مستشفي"),
        ("شيء", "شي"),
        ("المغــــرب", "المغرب"),
        ("مُخْتَبَر", "مختبر"),
        ("المغرب الرقمي ٢٠٣٠", "المغرب الرقمي 2030"),
        ("۲۰۳۰", "2030"),
        ("أڭادير", "اكادير"),
        ("ﻣﺨﺘﺒﺮ", "مختبر"),
        ("فعالیات", "فعاليات"),
        ("L’Économie numérique", "l'economie NUMERIQUE"),
        ("Cœur", "coeur"),
        ("Straße", "STRASSE"),
        ("Mistral AI & MTNRA", "mistral ai mtnra"),
        ("Maroc-Europe", "maroc europe"),
        ("\u200fالمغرب\u200e", "المغرب"),
    ],
)
def test_spellings_of_one_name(left, right):
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("مغرب", "مغربي"), ("Rabat", "Rabta"), ("Maroc IA 2030", "Maroc IA 2031"), ("سبب", "شبب"), ("C", "C2")],
)
def test_other_names_stay_other(left, right):
    assert key(left) != key(right)


@pytest.mark.parametrize("text", ["…", "?!", "—", "&"])
def test_a_text_of_signs_alone_keeps_them(text):
    assert fold(text)


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Mohammed VI Polytechnic University", "m6pu"),
        ("Ministry of Digital Transition and Administration Reform", "mdtar"),
        ("Organisation mondiale de la santé", "oms"),
        ("Plan Maroc 2030", "pm2030"),
        ("Rabat", ""),
        ("جامعة محمد السادس متعددة التخصصات التقنية", ""),
    ],
)
def test_acronyms(name, initials):
    assert acronym(name) == initials


@given(texts)
def test_a_text_without_arabic_letters_is_not_arabic(text):
    if not any("ARABIC" in unicodedata.name(c, "") for c in text):
        assert not is_arabic(text)
