"""Answers are kept for who asks again: those of one release, that never change, and as many as have room."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from server.engine.evaluation import Request
from server.pages.querying.known import AnswersKept
from server.releases import Release

ONE, OTHER = cast("Release", object()), cast("Release", object())


def _request(text: str = "SELECT * { ?s ?p ?o }") -> Request:
    return Request(text, "application/sparql-results+json")


class _Teller:
    """Gives another answer each time."""

    def __init__(self, size: int = 10) -> None:
        self.times, self._size = 0, size

    def __call__(self) -> tuple[int, int]:
        self.times += 1
        return self.times, self._size


def test_the_same_question_is_asked_once() -> None:
    kept, tell = AnswersKept(), _Teller()
    assert [kept.of(ONE, "answer", _request(), tell) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?t) {}", "SELECT (rand() AS ?n) {}", "SELECT (uuid() AS ?u) {}"])
def test_what_changes_is_asked_each_time(text: str) -> None:
    kept, tell = AnswersKept(), _Teller()
    assert [kept.of(ONE, "answer", _request(text), tell) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        lambda kept, tell: kept.of(OTHER, "answer", _request(), tell),
        lambda kept, tell: kept.of(ONE, "number", _request(), tell),
        lambda kept, tell: kept.of(ONE, "answer", _request("SELECT * { ?s ?p ?o } "), tell),
        lambda kept, tell: kept.of(ONE, "answer", Request(_request().text, "text/csv"), tell),
        lambda kept, tell: kept.of(ONE, "answer", Request(_request().text, _request().media_type, joined=("",)), tell),
        lambda kept, tell: kept.of(
            ONE, "answer", Request(_request().text, _request().media_type, collation="ar"), tell
        ),
    ],
    ids=["release", "kind", "query", "format", "graphs", "collation"],
)
def test_another_question_has_another_answer(other: Callable[[AnswersKept, _Teller], int]) -> None:
    kept, tell = AnswersKept(), _Teller()
    assert (kept.of(ONE, "answer", _request(), tell), other(kept, tell)) == (1, 2)


def test_nothing_of_an_earlier_release_comes_back() -> None:
    kept, tell = AnswersKept(), _Teller()
    assert [kept.of(it, "answer", _request(), tell) for it in (ONE, OTHER, ONE)] == [1, 2, 3]


def test_a_large_answer_is_not_kept_and_many_small_ones_give_way() -> None:
    kept = AnswersKept(most=1000, largest=500)
    large, small = _Teller(500), _Teller(400)
    assert [kept.of(ONE, "answer", _request(), large) for _ in range(2)] == [1, 2], "with its query it is larger"
    texts = [f"ASK {{ <urn:{number}> ?p ?o }}" for number in range(3)]
    assert [kept.of(ONE, "answer", _request(text), small) for text in (*texts, texts[0])] == [1, 2, 3, 4]
    assert kept.of(ONE, "answer", _request(texts[2]), small) == 3, "those after it was emptied are there"


def test_what_fails_is_asked_again() -> None:
    def fail() -> tuple[int, int]:
        raise ValueError("no answer")

    kept = AnswersKept()
    with pytest.raises(ValueError, match="no answer"):
        kept.of(ONE, "answer", _request(), fail)
    assert kept.of(ONE, "answer", _request(), _Teller()) == 1
