"""What the script of the query page makes of whole answers: letters in one form, rows from pieces, filters, order, files.

It runs in Node without a browser, against the same done slowly here, and against files as the engine writes them.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QueryResultsFormat, Store

from kg.folding import fold
from server.lookup import Row, rank, row_of

NODE = Path(__file__).parent / "node"
FOLDED = (
    "Université  Mohammed-VI, l'École", "الإدارةُ ٢٠٣٠", "ﷲ ﻻ", "ـكـتـاب", "Straße ΟΔΟΣ Œuvre İstanbul ǅ", "—…!", "", " a.b ",
    "१२३ ۴۵", "ڭادير كݣ پاريس چاي", "x\u200fy\u00adz", "𝟘𝟙 ½ ①", "\u0621", "-5 C++",
)  # fmt: skip
QUERY = """SELECT ?a ?b { VALUES (?a ?b) {
  ("x, y" 3) ("say \\"no\\"\\n" 10) ("\\"}],\\\\" 2.5) (UNDEF 1e3) ("نص"@ar "2"^^<http://www.w3.org/2001/XMLSchema#byte>)
  (<http://example.org/a> true) ("tab\\there" "x"@en) (<<( <urn:a> <urn:b> "c"@en )>> -0.5) ("é" "INF"^^<urn:d>) ("É" 3) } }"""
LATE = [{"code": "expression-error", "message": 'it "bindings":[ is one', "line": 1, "column": 8}]


def bodies() -> Mapping[str, str]:
    """An answer of the engine in every format that the script reads or writes."""
    found = {}
    for name in ("JSON", "CSV", "TSV"):
        body = Store().query(QUERY).serialize(format=getattr(QueryResultsFormat, name))
        found[name] = body.decode("utf-8")
    return found


@pytest.fixture(scope="module")
def asked() -> Sequence[dict[str, Any]]:
    """Answers in pieces of many sizes, and what is asked of each."""
    chance = random.Random(5)
    text = bodies()["JSON"]
    plain = {"text": text, "words": "", "inColumns": ["", ""], "sort": [-1, False]}
    warned = f'{{"warnings":{json.dumps(LATE)},{text[1:-1]},"warnings":{json.dumps(LATE * 2)}}}'
    cases = [{**plain, "sizes": [size]} for size in (1, 2, 7, 10_000)]
    cases += [{**plain, "text": warned, "sizes": [3]}]
    cases += [{**plain, "text": text[:end], "sizes": [64]} for end in (5, 200, len(text) - 3, len(text) - 1)]
    for _ in range(60):
        sort = [chance.choice((-1, 0, 1)), chance.random() < 0.5]
        words = chance.choice(("", "e", "no", "3", "نص", "x y", "e a", "zz"))
        columns = [chance.choice(("", "", "x", "é")), chance.choice(("", "", "3", "0"))]
        cases.append(
            {**plain, "sizes": [chance.randint(1, 90), 17], "words": words, "inColumns": columns, "sort": sort}
        )
    return cases


@pytest.fixture(scope="module")
def done(asked: Sequence[dict[str, Any]]) -> Mapping[str, Any]:
    """What the script makes of them."""
    if shutil.which("node") is None:
        pytest.skip("no node here: no script runs outside of a browser")
    given = json.dumps({"folded": FOLDED, "answers": asked})
    found = subprocess.run(["node", "rows.js"], cwd=NODE, input=given, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    result: Mapping[str, Any] = json.loads(found.stdout)
    return result


def test_letters_have_the_form_that_the_search_gives_them(done: Mapping[str, Any]) -> None:
    assert done["folded"] == list(map(fold, FOLDED))


def test_rows_are_the_same_whatever_the_pieces_and_files_are_those_of_the_engine(done: Mapping[str, Any]) -> None:
    written = bodies()
    for answer in done["answers"][:5]:
        assert (answer["columns"], answer["count"]) == (["a", "b"], 10)
        assert answer["csv"] == written["CSV"]
        assert answer["tsv"] == written["TSV"]


def test_what_the_endpoint_says_late_is_told_and_an_answer_without_its_end_is_broken(done: Mapping[str, Any]) -> None:
    assert [answer["said"] for answer in done["answers"][:5]] == [[], [], [], [], LATE * 2]
    broken = done["answers"][5:9]
    assert [answer["broken"] for answer in broken] == ["SyntaxError"] * 4
    assert [answer["count"] for answer in broken][0::3] == [0, 10]


def test_rows_are_filtered_and_sorted_as_a_slow_reader_does(
    done: Mapping[str, Any], asked: Sequence[dict[str, Any]]
) -> None:
    rows = [row_of(row) for row in json.loads(bodies()["JSON"])["results"]["bindings"]]
    for case, answer in zip(asked[9:], done["answers"][9:], strict=True):
        assert answer["kept"] == slowly(rows, case), case


def slowly(rows: Sequence[Row], case: Mapping[str, Any]) -> list[int]:
    """The numbers of the rows that are left, in their order: "É" stands behind "é" in English, and letters behind signs."""
    column, falls = case["sort"]
    places = list(range(len(rows)))
    if column >= 0:
        name = "ab"[column]

        def key(place: int) -> tuple[Any, ...]:
            term = rows[place].get(name)
            kind, is_text, number, text, *_ = rank(term)
            return kind, is_text, number, ORDER.index(text) if is_text and text in ORDER else -1

        places.sort(key=key, reverse=falls)
    texts = [{name: fold(term.value) for name, term in row.items()} for row in rows]
    kept = []
    for place in places:
        cells = texts[place]
        wanted = all(any(word in text for text in cells.values()) for word in fold(case["words"]).split())
        inside = all(
            word in cells.get(name, "") for name, words in zip("ab", case["inColumns"], strict=True)
            for word in fold(words).split()
        )  # fmt: skip
        if wanted and inside:
            kept.append(place)
    return kept


ORDER = ('"}],\\', "2", "é", "É", "INF", 'say "no"\n', "tab\there", "true", "x", "x, y", "نص")
"""The texts of the answer as the collation of English has them (CLDR)."""
