"""Where a quote that does not hold stands: the nearest place, found without looking at all of them."""

from __future__ import annotations

from pathlib import Path

from growth import written
from hypothesis import given
from hypothesis import strategies as st

from kg.config import read_config
from kg.paths import data_dir
from kg.records import compare, read_records
from kg.records.spelling import Folded
from kg.records.texts import Text
from kg.vocabulary import read_vocabulary

TEXTS = st.lists(st.sampled_from("abA'’ \n\u200féeا٢2ﬁfi\u0301-—ẞs"), max_size=40).map("".join)


def brute(text: str, quote: str, near: int) -> int | None:
    """The nearest of all places, the first of two."""
    places = [at for at in range(len(text)) if quote and text.startswith(quote, at) and at != near]
    return min(places, key=lambda at: abs(at - near), default=None)


@given(TEXTS, TEXTS.filter(lambda quote: len(quote) < 5), st.integers(0, 45))
def test_the_nearest_place_is_told(text: str, quote: str, near: int) -> None:
    at = brute(text, quote, near)
    told = Text(text, is_described=True).whereabouts(quote, near)
    if at is not None:
        assert told == f"the quote stands at {at}-{at + len(quote)}"
    else:
        assert told is None or told.startswith("equal but for ")


@given(TEXTS, st.integers(0, 39), st.integers(1, 4), st.integers(0, 45))
def test_the_nearest_words_that_are_read_alike_are_told(text: str, start: int, length: int, near: int) -> None:
    folded, wanted = Folded.of(text), Folded.of(text[start : start + length])
    size = len(wanted.plain)
    places = [
        at
        for at in range(len(folded.plain))
        if folded.plain.startswith(wanted.plain, at) and folded.starts(at) and folded.starts(at + size)
    ]
    found = folded.find(wanted.text, near)
    if not wanted.plain.strip() or not places:
        assert found is None
        return
    assert found is not None
    at = min(places, key=lambda at: abs(folded.places[at] - near))
    assert found.start <= folded.places[at] < found.end


def test_quotes_of_a_moved_text_are_counted_once_with_its_hash(tmp_path: Path) -> None:
    project = read_config(written(tmp_path, 20), {})
    path = project.root / "data" / "texts" / "note.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"xyz{text}", encoding="utf-8")
    found = compare(read_records(project, read_vocabulary(data_dir("ontology"))), path.parent)
    (told,) = [one.problem for one in found.mismatches]
    assert told.message.endswith("; 20 of the 20 quotes stand elsewhere in it")
    assert (found.report.failed, found.report.verified) == (20, 0)
