"""`collation=`: texts as readers of a language sort them, and a refusal by name where there is no such order."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest

from kg.sparql.guard import check
from server.engine import Dataset
from server.engine.inprocess import InProcessEngine, request_of
from server.http.protocol import ProtocolError, read_operation

pytest.importorskip("icu")
WORDS = "VALUES ?w { 'zèbre' 'Eau' 'école' 'elle' 'cote' 'côté' 'coté' 'احمد' 'وزارة' 'أحمد' 'إدريس' 7 }"


def sorted_by(language: str | None) -> list[str]:
    request = request_of(check(f"SELECT ?w {{ {WORDS} }} ORDER BY ?w"), Dataset(), "application/sparql-results+json")
    answer = InProcessEngine(ox.Store()).answer(replace(request, collation=language))
    parsed = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    return [row["w"].value for row in parsed]


def test_french_and_arabic_are_sorted_as_people_do() -> None:
    french = ["cote", "coté", "côté", "Eau", "école", "elle", "zèbre"]
    arabic = ["أحمد", "احمد", "إدريس", "وزارة"]
    assert [word for word in sorted_by("fr") if word in french] == french
    assert [word for word in sorted_by("ar") if word in arabic] == arabic
    assert sorted_by("ar")[:2] == ["7", "أحمد"]  # numbers first, and Arabic before other scripts
    assert sorted_by(None)[:3] == ["7", "Eau", "cote"]


@pytest.mark.parametrize("text", ["collation=xx", "collation=..", "collation=ar&collation=fr"])
def test_a_language_without_an_order_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        read_operation("GET", f"query=ASK%7B%7D&{text}".encode(), "", b"")
    assert (caught.value.status, caught.value.problem.code) == (400, "collation")
    found = read_operation("GET", b"query=ASK%7B%7D&collation=ar", "", b"")
    assert found is not None
    assert found.collation == "ar"
