"""Quotes that a reader takes for the words of a text: each difference is named, with its place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.records.spelling import Difference, Folded, is_ignorable

LETTERS = "abcdeghéçxzكلمتوراعدءأآ0123٤٥٦ ,'-»"
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(
    lambda text: text.strip() == text and Folded.of(text).plain.strip()
)
AROUND = st.text(LETTERS + "\n", max_size=20)
MARKS = {
    "\u200f": "a right-to-left mark",
    "\u200e": "a left-to-right mark",
    "\u061c": "an Arabic letter mark",
    "\u202b": "a right-to-left embedding",
    "\u2067": "a right-to-left isolate",
    "\u2069": "a pop directional isolate",
    "\u200b": "a zero width space",
    "\u200c": "a zero width non-joiner",
    "\u00ad": "a soft hyphen",
    "\u2060": "a word joiner",
    "\ufeff": "a zero width no-break space",
    "\u0640": "an Arabic tatweel",
    "\u064e": "an Arabic fatha",
}


@given(AROUND, WORDS, AROUND, st.data())
def test_a_mark_put_anywhere_into_the_text_is_named_with_its_place(
    before: str, quote: str, after: str, data: st.DataObject
) -> None:
    mark = data.draw(st.sampled_from(sorted(MARKS)))
    at = data.draw(st.integers(1, max(1, len(quote) - 1)))
    assume(at < len(quote) and not (unicodedata.combining(mark) and unicodedata.decomposition(quote[at - 1])))
    text = before + quote[:at] + mark + quote[at:] + after
    found = Folded.of(text).find(quote, len(before))
    assert found is not None
    if found.start == len(before):  # the same words may begin a little earlier, as `-- x` does in `---x`
        assert found.differences == (Difference(len(before) + at, mark, ""),)
        assert str(found).startswith(f"equal but for {MARKS[mark]} at {len(before) + at}, which the quote lacks; ")
        assert text[found.start : found.end].replace(mark, "") == quote


@given(AROUND, WORDS, AROUND, st.data())
def test_a_mark_put_anywhere_into_the_quote_is_named_with_its_place_in_the_text(
    before: str, words: str, after: str, data: st.DataObject
) -> None:
    mark = data.draw(st.sampled_from(sorted(MARKS)))
    at = data.draw(st.integers(0, len(words)))
    # A vowel mark is told before the cedilla or the hamza that it follows: that is their canonical order.
    assume(not (unicodedata.combining(mark) and unicodedata.decomposition(words[at - 1 : at] or " ")))
    found = Folded.of(before + words + after).find(words[:at] + mark + words[at:], len(before))
    assert found is not None
    if found.start == len(before):
        assert found.differences == (Difference(len(before) + at, "", mark),)
        place = f"in the quote, which the text lacks at {len(before) + at}"
        assert str(found).startswith(f"equal but for {MARKS[mark]} {place}; ")
        assert found.end == len(before) + len(words)


REWRITTEN = {
    "digits": str.maketrans("0123٤٥٦", "٠١٢٣456"),
    "spaces": str.maketrans(" ", "\u00a0"),
    "signs": str.maketrans(",'-»", "،’–”"),
    "case": str.maketrans("abcdegh", "ABCDEGH"),
    "Persian letters": str.maketrans("ك", "ک"),
}


@pytest.mark.parametrize("kind", sorted(REWRITTEN))
@given(before=AROUND, words=WORDS, after=AROUND)
def test_every_character_that_is_written_in_another_way_is_told(kind: str, before: str, words: str, after: str) -> None:
    quote = words.translate(REWRITTEN[kind])
    found = Folded.of(before + words + after).find(quote, len(before))
    assert found is not None
    if found.start == len(before):
        wanted = [(len(before) + i, a, b) for i, (a, b) in enumerate(zip(words, quote, strict=True)) if a != b]
        pairs = [(one.offset, zip(one.text, one.quote, strict=True)) for one in found.differences]
        assert [(at + i, a, b) for at, both in pairs for i, (a, b) in enumerate(both)] == wanted


@given(AROUND, WORDS, AROUND)
def test_another_composition_is_told_as_such(before: str, words: str, after: str) -> None:
    decomposed = unicodedata.normalize("NFD", words)
    assume(decomposed != words)
    for text, quote in ((words, decomposed), (decomposed, words)):
        found = Folded.of(before + text + after).find(quote, len(before))
        assert found is not None
        if found.start == len(before):
            assert all("(equal after NFC)" in str(one) for one in found.differences)
            assert len(found.differences) == sum(unicodedata.normalize("NFD", c) != c for c in words)


@given(st.text(max_size=30), st.data())
def test_any_part_of_any_text_is_found_without_a_difference(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]
    found = Folded.of(text).find(quote, start)
    assert found is None or text[found.start : found.end] == quote or found.differences


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_two_texts_end_in_a_traceback(text: str, quote: str) -> None:
    found = Folded.of(text).find(quote, 0)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert str(found)


@pytest.mark.parametrize(
    ("text", "quote", "told"),
    [
        ("wait… now", "wait... now", "a horizontal ellipsis at 4, where the quote has '...'"),
        ("the ﬁrst", "the first", "a Latin small ligature fi at 4, where the quote has 'fi'"),
        (
            "one\r\ntwo",
            "one two",
            "a carriage return at 3, where the quote has a space; a line feed at 4, which the quote lacks",
        ),
        ("a  b", "a b", "a space at 2, which the quote lacks"),
        ("40\u202f%", "40 %", "a narrow no-break space at 2, where the quote has a space"),
        ("résumé!", "resume", "a combining acute accent at 1, which the quote lacks"),
        ("مدّةَ", "مدةَ", "an Arabic shadda at 2, which the quote lacks"),
        ("e\u0323\u0301 x", "e\u0301\u0323 x", "the composition of 'ẹ́' at 0 (equal after NFC)"),
        ("کتابی", "كتابي", "an Arabic letter keheh at 0, where the quote has an Arabic letter kaf"),
        ("x\u0001y \u200fz", "x\u0001y z", "a right-to-left mark at 4, which the quote lacks"),
    ],
)
def test_what_differs_is_told_by_its_name(text: str, quote: str, told: str) -> None:
    assert str(Folded.of(text).find(quote, 0)).startswith(f"equal but for {told}; ")


def test_many_differences_are_counted_and_the_place_of_the_words_is_told() -> None:
    found = Folded.of("سنة ٢٠٣٠ و٢٠٤٠").find("2030 و2040", 0)
    assert str(found).endswith("; and 5 more; the text has these words at 4-14")


def test_the_words_nearest_to_where_the_quote_is_put_are_taken() -> None:
    text = Folded.of("Port. Quay. PORT.")
    assert [text.find("port", near).start for near in (0, 17)] == [0, 12]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "quote"), [("Deux parties", "Dexx parties"), ("a…b", "a.."), ("x", ""), ("x", "\u200f")]
)
def test_other_words_are_not_taken_for_the_same(text: str, quote: str) -> None:
    assert Folded.of(text).find(quote, 0) is None


def test_what_is_not_seen_is_what_unicode_says_it_is() -> None:
    seen = [c for c in map(chr, range(0x20000)) if unicodedata.category(c) == "Cf" and not is_ignorable(c)]
    # Signs of Arabic, Syriac, Kaithi and Egyptian that stand before or around digits, notes, musical and shorthand.
    assert all(unicodedata.name(c).startswith(("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "INTERLINEAR")) for c in seen)
