"""Scales of time: as fine as their dates ask for, and true to them."""

from __future__ import annotations

import random
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from markup import Page

from server.pages.drawing.layout.times import STEPS, calendar
from server.pages.drawing.model.spans import span_of

DAYS = " ".join(
    f"('{who}' '2026-01-{day:02d}'^^xsd:date {number})" for who, day, number in (("a", 3, 5), ("a", 5, 8), ("b", 3, 5))
)
QUERY = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?who ?day ?n {{ VALUES (?who ?day ?n) {{ {DAYS} }} }}"


@pytest.mark.parametrize(
    ("texts", "dates"),
    [
        (["2026-01-31", "2026-02-01"], ("2026-01-31", "2026-02-01", "2026-02-02")),
        (["2026-01", "2026-02"], ("2026-01", "2026-02", "2026-03")),
        (
            ["2024-02-28", "2024-03-20"],
            ("2024-02-28", "2024-03-03", "2024-03-07", "2024-03-11", "2024-03-15", "2024-03-19", "2024-03-23"),
        ),
        (["2025-12-31", "2026-06-01"], ("2025-11", "2026-01", "2026-03", "2026-05", "2026-07")),
        (["2026-01-12", "2026"], ("2026", "2027")),
        (["2026-01-12/.."], ("2026", "2027")),
        (["0001-01-01"], ("0001-01-01", "0001-01-02")),
        (["-0005-01"], ("-0005", "-0004")),
    ],
)
def test_the_lines_of_a_scale_are_round_dates(texts: list[str], dates: tuple[str, ...]) -> None:
    found = calendar([span for text in texts if (span := span_of(text))], mirrored=False)
    assert found is not None
    assert found.dates == dates


def test_every_date_lies_on_its_scale_between_lines_that_rise() -> None:
    rng = random.Random(3)
    for _ in range(300):
        year, around = rng.randrange(1, 2100), rng.choice([0, 1, 3, 30])
        texts = [
            f"{year + rng.randint(0, around):04d}-{rng.randint(1, 12):02d}"
            + rng.choice(["", f"-{rng.randint(1, 28):02d}"])
            for _ in range(rng.randint(1, 5))
        ]
        spans = [span for text in texts if (span := span_of(text))]
        for mirrored in (False, True):
            found = calendar(spans, mirrored=mirrored)
            assert found is not None
            axis = found.axis
            assert list(axis.values) == sorted(set(axis.values))
            assert len(found.dates) <= STEPS + 1
            assert axis.low <= min(span.begin for span in spans) + 1e-6
            assert axis.high >= max(span.end for span in spans) - 1e-6
            # Each line stands where the date begins that it is called by.
            for value, text in zip(axis.values, found.dates, strict=True):
                span = span_of(text)
                assert span is not None
                assert float(value) == pytest.approx(span.begin)


def test_days_of_one_month_are_told_apart_and_values_in_one_place_are_counted(client: FlaskClient) -> None:
    text = client.get(f"/query?{urlencode({'query': QUERY, 'as': 'chart', 'lang': 'en'})}").text
    assert Page(text).faults == []
    plot = text.partition('<div class="plot">')[2].partition("</div>")[0]
    assert ">January 3, 2026</text>" in plot
    assert ">January 5, 2026</text>" in plot
    assert ">2 ×</text>" in plot
    assert plot.count("January 3, 2026: 5\nJanuary 3, 2026: 5") == 2
