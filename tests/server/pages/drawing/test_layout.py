"""Where marks stand, whatever they are made of: within the picture, mirrored for Arabic, and never one over another."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.lookup import Label
from server.pages.drawing.layout import links, matrix
from server.pages.drawing.layout.axis import amounts, years
from server.pages.drawing.layout.lines import broken
from server.pages.drawing.layout.marks import Mark, amount_mark, date_mark
from server.pages.drawing.model.sources import Pair
from server.pages.drawing.model.spans import Span, span_of

YEARS = st.integers(-9999, 9999).map(lambda year: f"{year:0{5 if year < 0 else 4}d}")
DATES = st.one_of(
    YEARS,
    st.tuples(YEARS, st.integers(1, 12)).map(lambda it: f"{it[0]}-{it[1]:02d}"),
    st.tuples(YEARS, st.integers(1, 12), st.integers(1, 28)).map(lambda it: f"{it[0]}-{it[1]:02d}-{it[2]:02d}"),
    YEARS.map(lambda year: f"{year}~"),
    YEARS.map(lambda year: f"{year}/.."),
    YEARS.map(lambda year: f"../{year}"),
)
NUMBERS = st.decimals(-(10**15), 10**15, allow_nan=False, places=2)
NAMES = st.text("abc أبت", min_size=1, max_size=90).filter(str.strip)


def inside(mark: Mark) -> bool:
    begin, width = mark.band or (0.0, 0.0)
    return begin >= 0 and width >= 0 and begin + width <= 100.01 and 0 <= (mark.point or 0.0) <= 100


def mirrored(one: Mark, other: Mark) -> bool:
    """Whether each mark is the other one in a mirror, within the rounding."""
    if one.point is not None and other.point is not None:
        return abs(one.point + other.point - 100) < 0.03
    return bool(one.band and other.band) and abs(sum(one.band or ()) + (other.band or (0,))[0] - 100) < 0.03


@given(st.lists(DATES, min_size=1, max_size=8))
def test_dates_stand_on_a_scale_of_few_round_years(dates: list[str]) -> None:
    spans = [span for date in dates if (span := span_of(date)) is not None]
    assert len(spans) == len(dates)
    axis, other = years(spans, mirrored=False), years(spans, mirrored=True)
    assert axis is not None
    assert other is not None
    assert 2 <= len(axis.ticks) <= 7
    assert all(value == int(value) for value in axis.values)
    for span in spans:
        mark = date_mark(span, axis)
        assert inside(mark)
        assert mirrored(mark, date_mark(span, other))
        assert bool(mark.fades) == (span.begins_open or span.ends_open)
        if mark.fades and mark.band:
            assert mark.band[1] > 1, "what has no end can be seen to have none"


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.sampled_from([0, 1]))
def test_amounts_stand_on_a_scale_with_its_origin(numbers: list[Decimal], origin: int) -> None:
    axis = amounts(numbers, Decimal(origin), mirrored=False)
    assert axis is not None
    assert 2 <= len(axis.ticks) <= 6
    assert axis.low <= origin <= axis.high
    for number in numbers:
        mark = amount_mark(number, None, None, "exact", axis)
        assert mark is not None
        assert inside(mark)
        assert axis.low <= float(number) <= axis.high


@given(
    st.lists(NUMBERS, min_size=1, max_size=9),
    st.booleans(),
    st.sampled_from(("{}", "{:,}", "{} milliards", "{} مليار")),
)
def test_words_of_a_scale_never_touch_and_its_origin_has_its_words(
    numbers: list[Decimal], is_mirrored: bool, words: str
) -> None:
    """Each character as wide as a digit of 12 units is in Noto Sans."""
    axis = amounts(numbers, Decimal(0), mirrored=is_mirrored)
    assert axis is not None
    for room in (76, 240):
        labels = [it for it in axis.labelled(lambda value: words.format(value.normalize()), room) if it.shown]
        assert labels[0].tick.value == axis.values[0]
        taken = []
        for it in labels:
            place = it.tick.x * room / 100
            width = sum(7 if one.isdigit() else 3.4 if one in " .,-+" else 5.9 for one in it.text)
            begin = {"left": place, "right": place - width}.get(it.tick.edge, place - width / 2)
            taken.append((begin, begin + width))
        assert all(other[0] - one[1] > 4 for one, other in pairwise(sorted(taken)))


def test_what_no_calendar_has_is_placed_nowhere() -> None:
    texts = ("2026-13", "2025-02-29", "2026-21", "soon", "", "../..", "2027/2026", "12X", "19XX-01")
    assert [span_of(text) for text in texts] == [None] * len(texts)
    assert span_of("2024-02-29") is not None
    assert span_of("1999-12-31T23:59:59Z") == span_of("1999-12-31")
    assert span_of("0000") == Span(0.0, 1.0, "year")


@given(NAMES, st.integers(4, 40), st.integers(1, 3))
def test_lines_keep_within_their_room(text: str, room: int, most: int) -> None:
    lines = broken(text, room, most)
    assert 1 <= len(lines) <= most
    assert all(len(line) <= room for line in lines)
    if "…" not in "".join(lines):
        assert "".join(lines).replace(" ", "") == "".join(text.split())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40), NAMES, st.booleans())
def test_names_stand_below_each_other_and_lines_end_at_them(
    pairs: list[tuple[int, int]], name: str, is_mirrored: bool
) -> None:
    ties = [(f"a{one}", f"b{other}") for one, other in pairs]
    picture = links.draw(ties, {it: Label(name) for tie in ties for it in tie}, mirrored=is_mirrored)
    assert len(picture.ties) == len(ties)
    for side in ("left", "right"):
        column = [it for it in picture.names if it.side == side]
        for upper, lower in pairwise(column):
            assert upper.y + (len(upper.lines) - 1) * upper.step + 6 < lower.y - 10
        assert all(it.y + (len(it.lines) - 1) * it.step <= picture.height for it in column)
    middles = {it.iri: it.middle for it in picture.names}
    for tie, (one, other) in zip(picture.ties, ties, strict=True):
        assert tie.path.split("C")[0].endswith(f" {middles[one]}")
        assert tie.path.endswith(f" {middles[other]}")


def test_each_pair_has_its_cell() -> None:
    pairs = [
        Pair("a", "b", (("contradicts", (("c1", "c2"),)),)),
        Pair("a", "c", (("agrees", (("c1", "c3"),)), ("compatible", (("c1", "c4"),)))),
        Pair("b", "c", (("agrees", (("c2", "c3"),)),)),
    ]
    for is_mirrored in (False, True):
        drawn = matrix.draw(pairs, ("a", "b", "c"), {}, mirrored=is_mirrored)
        left, top, width, height = drawn.box
        assert (width, height) == (2 * drawn.cell, 2 * drawn.cell)
        cells = [((it.x - left) // drawn.cell, (it.y - top) // drawn.cell) for it in drawn.signs]
        column = {"a": 1, "b": 0} if is_mirrored else {"a": 0, "b": 1}
        assert cells == [(column["a"], 0), (column["a"], 1), (column["a"], 1), (column["b"], 1)]
        assert [it.claim for it in drawn.signs] == ["c2", "c3", "c4", "c3"]
        assert len({(it.x, it.y) for it in drawn.signs}) == len(drawn.signs)
