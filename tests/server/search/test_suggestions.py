"""What the index of the texts adds to the suggestions of the reconciliation service."""

from __future__ import annotations

import pytest
from tiny import write_release

from server.app import create_app
from server.settings import Settings


def suggested(client, prefix: str) -> list[str]:
    answer = client.get("/reconcile/suggest/entity", query_string={"prefix": prefix})
    assert answer.status_code == 200
    return [one["id"] for one in answer.json["result"]]


@pytest.mark.parametrize(
    ("prefix", "first"),
    [("للمختبرات", "id/lab"), ("communes", "id/lab"), ("ministries", "id/ministry")],
)
def test_other_forms_of_words_are_suggested(client, prefix, first, tmp_path):
    found = suggested(client, prefix)
    assert found[0] == first
    folder = write_release(tmp_path)
    (folder / "search" / "texts.db").unlink()
    bare = suggested(create_app(Settings(tmp_path)).test_client(), prefix)
    assert set(bare) <= set(found)


@pytest.mark.parametrize("prefix", ["?!", "OR", "zzzz", '"', "*"])
def test_what_is_no_word_is_no_fault(client, prefix):
    assert suggested(client, prefix) == []
