"""Full joins: what neither view matches stays, each with no values of the other (RML-LV of 2026-09-01, section 5.1)."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rml.running import run
from rml.views.writing import fields, join, records, source, triples, view, written

from kg.errors import DataError, MappingError
from kg.rml import OnError, map_to
from kg.rml.joins.index import Index
from kg.rml.run.whole import explain

PEOPLE = [
    {"name": "alice", "items": [{"type": "sword", "weight": 1500}, {"type": "shield", "weight": 2500}]},
    {"name": "bob", "items": [{"type": "flower", "weight": 15}]},
    {"name": "carol", "items": [{"type": "book", "weight": 500}]},
]
ITEMS = view(
    "items",
    source("d.json", "$[*]"),
    fields(name="$.name"),
    records("item", "$.items[*]", fields(type="$.type", weight="$.weight")),
)
BOTH = ITEMS + view(
    "both",
    source("t.csv"),
    fields(name="name", born="born"),
    join("items", "name", "name", fields(p_name="name", type="item.type", weight="item.weight"), kind="fullJoin"),
)
BORN = "name,born\nalice,1995\nbob,1999\ntobias,2005\n"
COLUMNS = ("#", "name.#", "name", "born", "p_name.#", "p_name", "type.#", "type", "weight")


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("budget", [1 << 26, 1])
def test_the_example_of_the_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, budget: int) -> None:
    """Its table, row by row: in memory and on disk."""
    monkeypatch.setattr(Index.__init__, "__defaults__", (None, budget))
    path = written(tmp_path, BOTH + triples("ex:both", "", *COLUMNS), d_json=json.dumps(PEOPLE), t_csv=BORN)
    rows: dict[str, dict[str, str]] = {}
    for line in run(path, workers=workers):
        subject, predicate, value = line.split(" ", 2)
        rows.setdefault(subject, {})[COLUMNS[int(predicate[-2])]] = value.split('"')[1]
    assert [[row.get(column) for column in COLUMNS] for row in rows.values()] == [
        ["0", "0", "alice", "1995", "0", "alice", "0", "sword", "1500"],
        ["0", "0", "alice", "1995", "1", "alice", "1", "shield", "2500"],
        ["1", "0", "bob", "1999", "0", "bob", "0", "flower", "15"],
        ["2", "0", "tobias", "2005", None, None, None, None, None],
        [None, None, None, None, "0", "carol", "0", "book", "500"],
    ]


def test_rows_without_a_key_and_without_another_side_stay_too(tmp_path: Path) -> None:
    """The join decides which rows there are even where nobody asks for its fields."""
    about = triples("ex:both", "http://e/{p_name}-{type}", "weight") + triples(
        "ex:both", "http://e/{name}", "born", name="n"
    )
    people = [{"name": None, "items": [{"type": "x", "weight": 1}]}, {"items": [{"type": "y"}]}, *PEOPLE[2:]]
    path = written(tmp_path, BOTH + about, d_json=json.dumps(people), t_csv="name,born\n,1\nzoe,2\n")
    summary = map_to(path, output := io.BytesIO())
    assert [part.rows for part in summary.parts] == [5, 5]
    assert output.getvalue().decode().count("carol-book> <http://e/p0>") == 1
    assert output.getvalue().decode().count('zoe> <http://e/p0> "2"') == 1
    (tmp_path / "t.csv").write_text("name,born\n", encoding="utf-8")
    assert [part.rows for part in map_to(path, io.BytesIO()).parts] == [3, 3]


def test_a_view_on_a_full_join_sees_its_rows(tmp_path: Path) -> None:
    above = view("above", "ex:both", fields(name="name", p="p_name"))
    path = written(
        tmp_path,
        BOTH
        + above
        + triples("ex:above", "http://e/{p}", "p")
        + triples("ex:above", "http://f/{name}", "name", name="n"),
        d_json=json.dumps(PEOPLE),
        t_csv=BORN,
    )
    made = {line.split(" ")[0] for line in run(path)}
    assert made == {
        *(f"<http://e/{name}>" for name in ("alice", "bob", "carol")),
        *(f"<http://f/{name}>" for name in ("alice", "bob", "tobias")),
    }


NUMBER = (
    "rml:functionExecution [ rml:function fn:toInteger ; "
    'rml:input [ rml:parameter fn:1 ; rml:inputValueMap [ rml:reference "k" ] ] ]'
)


def test_what_is_wrong_with_a_row_that_is_left_over_is_told_where_it_stands(tmp_path: Path) -> None:
    parent = view("p", source("p.csv"), fields(k="k", v="v"))
    child = view("c", source("t.csv"), fields(i="i", k="k"), join("p", "k", "k", fields(v="v"), kind="fullJoin"))
    path = written(
        tmp_path,
        parent
        + child
        + triples("ex:c", "http://e/{i}", "k")
        + 'ex:n rml:logicalSource ex:c ; rml:subjectMap [ rml:reference "v" ; rml:class ex:C ] .\n',
        p_csv="k,v\n1,http://p/1\n2,http://p/2\n3,no iri\n",
        t_csv="i,k\na,1\n",
    )
    with pytest.raises(DataError, match=r"^p\.csv:4: 'no iri' is not an IRI"):
        run(path)
    assert [line.split(" ")[0] for line in run(path, on_error=OnError.SKIP)] == [
        "<http://e/a>",
        "<http://p/1>",
        "<http://p/2>",
    ]


def test_a_row_whose_key_fails_is_on_neither_side(tmp_path: Path) -> None:
    """Nobody knows whether it would match."""
    parent = view("p", source("p.csv"), fields(k="k", v="v"))
    own = f'rml:joinCondition [ rml:child "k" ; rml:parentMap [ {NUMBER} ] ]'
    full = f"rml:fullJoin [ rml:parentLogicalView ex:p ; {own} ; {fields(v='v')} ]"
    child = view("c", source("t.csv"), fields(k="k"), full)
    path = written(
        tmp_path, parent + child + triples("ex:c", "http://e/{v}", "v"), p_csv="k,v\n1,a\nx,b\n2,c\n", t_csv="k\n1\n"
    )
    with pytest.raises(DataError, match=r"p\.csv:3: toInteger: 'x' is no number"):
        run(path)
    summary = map_to(path, output := io.BytesIO(), on_error=OnError.SKIP)
    assert [line.split(" ")[0] for line in output.getvalue().decode().splitlines()] == ["<http://e/a>", "<http://e/c>"]
    assert [(part.rows, part.unlinked) for part in summary.parts] == [(2, 1)]


def test_a_full_join_stands_alone_and_is_explained(tmp_path: Path) -> None:
    path = written(
        tmp_path, BOTH + triples("ex:both", "http://e/{name}", "type"), d_json=json.dumps(PEOPLE), t_csv=BORN
    )
    assert "full join where name = name" in explain(path)
    assert "read as a stream: name\n" in explain(path)
    two = BOTH.rstrip(" .\n") + " ;\n  " + join("items", "name", "name", fields(x="name")) + " .\n"
    path = written(tmp_path, two + triples("ex:both", "http://e/{name}", "type"), d_json=json.dumps(PEOPLE), t_csv=BORN)
    with pytest.raises(MappingError, match=r"m\.ttl:\d+: a full join stands alone"):
        run(path)
