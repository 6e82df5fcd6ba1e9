"""Joins: the subjects of parents by their keys, in memory and on disk."""

from __future__ import annotations

import io
import json
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rml.by_hand import csv_source, json_source
from rml.running import SUBJECT, mapping, run

from kg.errors import DataError
from kg.rml import OnError, map_parts, map_to
from kg.rml.joins.index import JoinIndex, KeyIndex


def test_an_index_on_disk_finds_what_one_in_memory_finds(tmp_path: Path) -> None:
    small, large = JoinIndex(tmp_path, budget=1000), JoinIndex(tmp_path)
    for index in (small, large):
        for batch in range(20):
            keys = [f"k{n % 37}" for n in range(batch * 10, batch * 10 + 10)]
            index.add_alone(keys, [f"<t{batch}-{n}>" for n in range(10)])
        index.freeze()
    wanted = [f"k{n}" for n in range(40)] + [""]
    assert small.find_texts(wanted) == large.find_texts(wanted)
    assert list(tmp_path.glob("kg-join-*"))
    small.close()
    assert not list(tmp_path.glob("kg-join-*"))


ROWS = st.lists(st.tuples(st.text("ab\x00\x1f\n\ud800é", max_size=3), st.sampled_from(["", "<s>", "<t>", "_:b"])))


@given(st.lists(ROWS, max_size=5), st.sampled_from([1, 100, 1 << 20]))
def test_an_index_that_takes_what_others_made_is_as_if_it_had_seen_the_rows(
    parts: list[list[tuple[str, str]]], budget: int
) -> None:
    """However odd the keys are, and wherever it lies; a key has its subjects in the order of the rows."""
    subjects: dict[str, list[str]] = {}
    with TemporaryDirectory() as folder:
        whole, known = JoinIndex(Path(folder), budget), KeyIndex(Path(folder), budget)
        for rows in parts:
            for key, subject in rows:
                if key and subject:
                    subjects.setdefault(key, []).append(subject)
            for index in (whole, known):
                part = index.fresh()
                part.add_alone([key for key, _ in rows], [subject for _, subject in rows])
                index.take(pickle.loads(pickle.dumps(part.pack())))  # as it goes to another process
                assert not part.size
        whole.freeze()
        known.freeze()
        wanted = [*subjects, "absent", ""]
        assert [list(found) for found in whole.find_texts(wanted)] == [*subjects.values(), [], []]
        assert known.known_texts(wanted) == [*subjects, "", ""]
        whole.close()
        known.close()


def test_keys_that_many_rows_have_are_held_once(tmp_path: Path) -> None:
    index = KeyIndex(tmp_path, budget=50_000)
    keys = [f"k{n % 200}" for n in range(1000)]
    for _ in range(100):
        part = index.fresh()
        part.add_alone(keys, ["<s>"] * len(keys))
        index.take(part.pack())
        index.add_alone(keys, ["<s>"] * len(keys))
    assert not list(tmp_path.iterdir())
    assert index.known_texts(["k1", "k200"]) == ["k1", ""]


def joined(folder: Path, child: str, parent: str, subject: str) -> Path:
    """Two triples maps; the subjects of the second are what the first one links to, by the key `k` of both."""

    def side(source: str, key: str) -> tuple[str, str]:
        (folder / f"{source}.csv").write_text("i,k\n" + "".join(f"{i},{k}\n" for i, k in rows), encoding="utf-8")
        (folder / f"{source}.json").write_text(json.dumps([{"i": i, "k": k} for i, k in rows]))
        return (csv_source if key == "csv" else json_source)(f"{source}.{key}"), "$." if key == "json" else ""

    rows = [(str(n), k) for n, k in enumerate(("a", "b c", "é/ü", "", "x", "absent"))]
    one, at = side("c", child)
    rows = [(str(n), k) for n, k in enumerate(("a", "a", "b c", "é/ü", "", "x"))]
    other, below = side("p", parent)
    return mapping(
        folder,
        f'ex:m {one} ; rml:subjectMap [ rml:template "http://e/{{{at}i}}" ] ;\n'
        "rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap ex:n ;\n"
        f'rml:joinCondition [ rml:child "{at}k" ; rml:parent "{below}k" ] ] ] .\n'
        f"ex:n {other} ; rml:subjectMap [ {subject.replace('KEY', below + 'k')} ; rml:class ex:C ] .\n",
    )


@pytest.mark.parametrize("child", ["csv", "json"])
@pytest.mark.parametrize("parent", ["csv", "json"])
@pytest.mark.parametrize("is_on_disk", [False, True])
@pytest.mark.parametrize(
    "subject",
    [
        'rml:template "http://p/{KEY}"',
        'rml:template "http://p/{KEY}/{KEY}" ; rml:termType rml:URI',
        'rml:template "http://p/{KEY}" ; rml:termType rml:UnsafeIRI',
        'rml:reference "KEY" ; rml:termType rml:BlankNode',
        'rml:template "{KEY}" ; rml:termType rml:BlankNode',
    ],
)
def test_a_subject_that_follows_from_the_key_is_the_one_that_its_own_map_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str, parent: str, subject: str, is_on_disk: bool
) -> None:
    if is_on_disk:
        monkeypatch.setattr("kg.rml.joins.index.Index.__init__.__defaults__", (None, 1))
    else:
        monkeypatch.delattr("kg.rml.joins.spill.Disk.__init__")
    lines = run(joined(tmp_path, child, parent, subject))
    own = {line.split(" ")[0] for line in lines if "#type>" in line}
    linked = [(line.split(" ")[0], line.split(" ")[2]) for line in lines if "/p>" in line]
    # The empty text is a value in JSON, and none in a table.
    both = {"a", "b c", "é/ü", "x"} | ({""} if child == parent == "json" else set())
    assert len(own) == (5 if parent == "json" else 4)
    assert len(set(linked)) == len(both)
    assert {made for _, made in linked} <= own
    assert {made for made, _ in linked} == {f"<http://e/{n}>" for n in (0, 1, 2, 4, *([3] if "" in both else []))}


@pytest.mark.parametrize("term_type", ["IRI", "URI", "UnsafeIRI"])
def test_half_a_character_in_the_subject_of_a_parent(tmp_path: Path, term_type: str) -> None:
    """The row of the parent is the faulty one, also when it is met on behalf of a child."""
    (tmp_path / "t.csv").write_text("i,k\n1,a\n2,b\n")
    (tmp_path / "p.json").write_text('[{"k": "a", "j": "x\\ud800"}, {"k": "b", "j": "y"}]')
    join = 'rml:joinCondition [ rml:child "k" ; rml:parent "$.k" ]'
    path = mapping(
        tmp_path,
        f"ex:m {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:p ; "
        f"rml:objectMap [ rml:parentTriplesMap ex:n ; {join} ] ] .\n"
        f'ex:n {json_source("p.json")} ; rml:subjectMap [ rml:template "http://p/{{$.j}}" ; '
        f"rml:termType rml:{term_type} ; rml:class ex:C ] .\n",
    )
    with pytest.raises(DataError, match=r"p\.json:1: row 1: the value holds half a character, U\+D800"):
        run(path)
    made = run(path, on_error=OnError.SKIP)
    assert [line.split(" ")[::2] for line in made] == [
        ["<http://e/2>", "<http://p/y>"],
        ["<http://p/y>", "<http://e/C>"],
    ]


KEYED = """\
prefixes: {ex: "http://e/", grel: "http://users.ugent.be/~bjdmeest/function/grel.ttl#"}
mappings:
  child:
    sources: [[c.csv~csv]]
    s: http://e/c/$(i)
    po:
      - p: ex:link
        o:
          mapping: parent
          condition:
            function: equal
            parameters:
              - [str1, $(k)]
              - parameter: str2
                value: {function: grel:string_toNumber, parameters: [[grel:valueParam, $(k)]]}
  parent:
    sources: [[p.csv~csv]]
    s: $(i)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_row_whose_key_alone_cannot_be_made_is_told_and_counted_where_rows_are_left_out(
    tmp_path: Path, workers: int
) -> None:
    path = tmp_path / "m.yml"
    path.write_text(KEYED, encoding="utf-8")
    (tmp_path / "c.csv").write_text("i,k\n1,7\n2,8\n", encoding="utf-8")
    parent = tmp_path / "p.csv"
    parent.write_text("i,k\nhttp://e/a,7\nhttp://e/b,many\n", encoding="utf-8")
    with pytest.raises(DataError, match="'many' is no number of 'en' \\["):
        run(path)
    summary = map_to(path, output := io.BytesIO(), on_error=OnError.SKIP, workers=workers)
    assert output.getvalue() == b"<http://e/c/1> <http://e/link> <http://e/a> .\n"
    told = "p.csv:3: toNumber: 'many' is no number of 'en'; nothing is linked to this row"
    assert [str(problem).partition(" [")[0] for problem in summary.problems] == [told]
    assert [(part.skipped, part.unlinked) for part in summary.parts] == [(0, 1), (0, 0)]
    kept = map_parts(path, tmp_path / "parts", on_error=OnError.SKIP)
    assert [(one.part.skipped, one.part.unlinked) for one in kept] == [(0, 1), (0, 0)]
    # A row without a subject is told by the map that it is of, and has no links to miss.
    parent.write_text("i,k\nhttp://e/a,7\nhttp://e/b c,many\n", encoding="utf-8")
    summary = map_to(path, output := io.BytesIO(), on_error=OnError.SKIP, workers=workers)
    assert output.getvalue() == b"<http://e/c/1> <http://e/link> <http://e/a> .\n"
    assert summary.unlinked == 0
    # The keys of the child are of rows of its own.
    parent.write_text("i,k\nhttp://e/a,7\n", encoding="utf-8")


def test_rows_without_a_key_are_counted_by_all_who_look_for_them(tmp_path: Path) -> None:
    """Where the parent is read for its own triples, in parts among several processes, and for the index alone."""
    twice = KEYED.replace(
        "  parent:", KEYED.partition("  child:")[2].partition("  parent:")[0].join(["  other:", "  parent:"])
    )
    before, own = twice.partition("  parent:")[::2]
    head, children = before.partition("  child:")[::2]
    orders = [f"{head}  child:{children}  parent:{own}", f"{head}  parent:{own}    po: [[a, ex:P]]\n  child:{children}"]
    (tmp_path / "c.csv").write_text("i,k\n" + "".join(f"{n},{n}\n" for n in range(99)), encoding="utf-8")
    wide = "x" * 40
    rows = "".join(f"http://e/{wide}{n},{n if n % 1000 else 'many'}\n" for n in range(30_000))
    (tmp_path / "p.csv").write_text("i,k\n" + rows, encoding="utf-8")
    path = tmp_path / "m.yml"
    for text in orders:
        path.write_text(text, encoding="utf-8")
        alone = map_to(path, first := io.BytesIO(), on_error=OnError.SKIP)
        shared = map_to(path, second := io.BytesIO(), on_error=OnError.SKIP, workers=2)
        assert shared == alone
        assert second.getvalue() == first.getvalue()
        counted = {part.name.rpartition("/")[2]: (part.skipped, part.unlinked) for part in alone.parts}
        assert counted == {"child": (0, 30), "other": (0, 30), "parent": (0, 0)}
        assert len(alone.problems) == 40
