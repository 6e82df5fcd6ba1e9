"""How answers that differ are told."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.competency.comparing import Comparison, shown
from kg.competency.expected import Rows, Truth


def test_an_answer_of_another_form_is_told_where_its_file_begins() -> None:
    (told,) = Comparison(Truth(value=True), "q.srj").differences(Rows(("n",), ()))
    assert str(told) == "q.srj:1: the answer has another form than the one that is expected"


@pytest.mark.parametrize(
    ("term", "told"),
    [
        (None, "-"),
        (ox.NamedNode("https://e.org/id/a"), "id/a"),
        (ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), "rdf:type"),
        (ox.Literal("a", language="fr"), '"a"@fr'),
    ],
)
def test_terms_are_told_in_short(term: ox.NamedNode | ox.Literal | None, told: str) -> None:
    assert shown(term, "https://e.org/") == told
