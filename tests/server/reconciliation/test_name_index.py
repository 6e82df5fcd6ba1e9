"""The index gives what comparing with every name would give."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from server.reconciliation.index import MINIMUM, RELATIVE, NameIndex
from server.reconciliation.similarity import Spelling

WORDS = (
    "maroc", "Morocco", "المغرب", "مغرب", "digital", "Digitale", "رقمي", "الرقمي", "2030", "٢٠٣٠", "IA", "AI", "institut",
    "Institute", "معهد", "معاهد", "المعاهد", "jazari", "Jazari", "الجزري", "de", "of", "l'", "UM6P", "VI", "Mohammed",
    "Université", "ministère", "وزارة", "الوزارة", "Rabat", "Rabta", "إصلاح", "اصلاح", "-", "x",
)  # fmt: skip
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
spoilt = st.builds(
    lambda text, at, letter: text[: at % len(text)] + letter + text[at % len(text) + 1 :],
    names,
    st.integers(0, 40),
    st.sampled_from(["", "z", "ل", " "]),
)
questions = st.one_of(names, spoilt, st.text(max_size=12))


def whole(_owner):
    return 1.0


def scan(index, question, limit, factor=whole):
    """The answer by comparing the question with every name."""
    asked, best = Spelling.of(question), {}
    for name, owner in enumerate(index.owners):
        score = factor(owner) * index.compare(asked, name).score
        if factor(owner) > 0 and score >= MINIMUM and score > best.get(owner, (0, 0))[0]:
            best[owner] = (score, name)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
    return [(owner, name, score) for owner, (score, name) in ranked if score >= RELATIVE * ranked[0][1][0]]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), names), max_size=60), questions, st.integers(1, 6))
def test_the_index_finds_what_a_scan_finds(named, question, limit):
    index = NameIndex(named)
    found = [(hit.owner, hit.name, hit.score) for hit in index.search(question, limit)]
    assert found == scan(index, question, limit)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), names), max_size=60), questions, st.integers(1, 4), st.integers(1, 5))
def test_the_same_where_some_owners_count_less_or_not_at_all(named, question, limit, step):
    index = NameIndex(named)
    factor = lambda owner: (0.0, 0.6, 1.0, 0.25, 1.0)[owner * step % 5]  # noqa: E731
    found = [(hit.owner, hit.name, hit.score) for hit in index.search(question, limit, factor)]
    assert found == scan(index, question, limit, factor)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), questions)
def test_the_same_among_so_many_names_that_common_trigrams_are_not_read(seed, question):
    import random

    pick = random.Random(seed)
    named = [(n // 2, " ".join(pick.choices(WORDS, k=pick.randint(1, 5)))) for n in range(3000)]
    index = NameIndex(named)
    found = [(hit.owner, hit.name, hit.score) for hit in index.search(question, 3)]
    assert found == scan(index, question, 3)


@given(st.lists(names, min_size=1, max_size=30), st.data())
def test_each_name_is_found_first_by_itself(texts, data):
    index = NameIndex(enumerate(texts))
    text = data.draw(st.sampled_from(texts))
    first = index.search(text, 5)[0]
    assert first.similarity.identical
    assert first.score == 100


@given(st.lists(names, min_size=1, max_size=30), st.data())
def test_every_opening_of_a_name_completes_to_it(texts, data):
    index = NameIndex(enumerate(texts))
    number = data.draw(st.integers(0, len(texts) - 1))
    opening = texts[number][: data.draw(st.integers(1, len(texts[number])))]
    # Alef alone may be the first letter of an article, which no key has.
    if any(character.isalnum() for character in opening) and not opening.endswith("ا"):
        assert number in index.complete(opening, len(texts))


def test_an_inner_word_completes_and_openings_come_first():
    index = NameIndex(enumerate(["Université Mohammed VI", "Mohammed", "Rabat", "Mohammed V de Rabat"]))
    assert index.complete("moham", 9) == [1, 3, 0]
    assert index.complete("rab moh", 9) == [3]
    assert index.complete("", 2) == [0, 1]
    assert index.complete("rabat", 0) == []


def test_a_half_typed_article_is_no_hindrance():
    index = NameIndex(enumerate(["المختبر المشترك", "مجلس"]))
    assert [index.complete(text, 9) for text in ("ال", "الم", "المخ", "مخت")] == [[1, 0], [1, 0], [0], [0]]


def test_initials_find_the_long_name_and_the_long_name_finds_the_initials():
    index = NameIndex([(0, "Université Mohammed VI Polytechnique"), (1, "MTNRA"), (2, "Mohammed V")])
    assert index.search("UM6P", 1)[0].owner == 0
    assert index.search("U.M.6.P.", 1)[0].similarity.acronym
    long = "Ministère de la Transition Numérique et de la Réforme de l'Administration"
    assert index.search(long, 1)[0].owner == 1


def test_an_empty_index_and_an_empty_question():
    assert NameIndex([]).search("maroc", 5) == []
    assert NameIndex([]).complete("", 5) == []
    assert NameIndex([(0, "maroc")]).search("", 5) == []


def test_names_of_signs_alone_are_found_by_themselves():
    assert NameIndex([(0, "?!"), (1, "maroc")]).search("?!", 5)[0].owner == 0
