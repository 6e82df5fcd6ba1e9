"""Logical views: what they give, how they are pruned, spilled and shared, and what is told of those that are wrong."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from rml.running import run
from rml.views.writing import fields, join, records, source, triples, view, written

from kg.errors import DataError, MappingError
from kg.rml import OnError, explain, map_parts, map_to
from kg.rml.joins.index import Index
from kg.rml.mapping.values import Typed
from kg.rml.views.packing import packed, unpacked

PORTS = {"ports": [{"port": "Agadir", "b": [{"n": 1, "d": 10}, {"n": 2}]}, {"port": "Nador", "b": [{"n": 1, "d": 12}]}]}
PORTS_XML = (
    '<w><port c="Agadir"><b n="1"><d>10</d></b><b n="2"/></port><port c="Nador"><b n="1"><d>12</d></b></port></w>'
)
BERTHS = view(
    "v", source("d.json", "$.ports[*]"), fields(port="$.port"), records("b", "$.b[*]", fields(n="$.n", d="$.d"))
)
CITIES = "name,region\nAgadir,Souss\nRabat,RSK\n"
JOINED = BERTHS + view("c", source("t.csv"), fields(n="name"), join("v", "n", "port", fields(at="b.d", no="b.n")))


@pytest.mark.parametrize("kind", ["json", "jsonl", "xml"])
def test_a_record_within_a_record_has_the_members_of_the_outer_one(kind: str, tmp_path: Path) -> None:
    inner, texts = ("$.b[*]", fields(n="$.n", d="$.d")), json.dumps(PORTS)
    on, own = source("d.json", "$.ports[*]"), fields(port="$.port")
    if kind == "jsonl":
        on, texts = source("d.jsonl", "$"), "".join(json.dumps(one) + "\n" for one in PORTS["ports"])
    if kind == "xml":
        on, own, texts = source("d.xml", "/w/port"), fields(port="@c"), PORTS_XML
        inner = ("b", fields(n="@n", d="d"))
    mapping = view("v", on, own, records("b", *inner)) + triples("ex:v", "http://e/{port}-{b.n}", "b.d")
    made = run(written(tmp_path, mapping, **{f"d_{kind}": texts}))
    depths = [line.split('"')[1] for line in made]
    assert [line.split("> ")[0] for line in made] == ["<http://e/Agadir-1", "<http://e/Nador-1"]
    assert depths == ["10", "12"]


@pytest.mark.parametrize(
    ("kind", "text", "walked", "path"),
    [
        ("json", json.dumps(PORTS), "$.ports[*].b[*]", "$(^port)-$(n)"),
        ("json", json.dumps({"w": PORTS}), "$.w.ports[*].b[*].d", "$(^^port)-$(^n)"),
        ("xml", PORTS_XML, "/w/port/b", "$(^@c)-$(@n)"),
    ],
)
def test_yarrrml_reaches_the_members_of_the_record_above(
    kind: str, text: str, walked: str, path: str, tmp_path: Path
) -> None:
    (tmp_path / f"d.{kind}").write_text(text, encoding="utf-8")
    source_of = f"d.{kind}~{'jsonpath' if kind == 'json' else 'xpath'}"
    document = f"prefixes: {{ex: http://e/}}\nmappings:\n  m:\n    sources: [[{source_of}, '{walked}']]\n"
    mapping = tmp_path / "m.yml"
    mapping.write_text(f"{document}    s: ex:{path}\n    po: [[ex:p, a]]\n", encoding="utf-8")
    subjects = [line.split()[0] for line in run(mapping)]
    found = ["<http://e/Agadir-1>", "<http://e/Agadir-2>", "<http://e/Nador-1>"]
    assert subjects == (found[::2] if walked.endswith("d") else found)
    mapping.write_text(mapping.read_text(encoding="utf-8").replace(walked, "$[*]"), encoding="utf-8")
    if kind == "json":
        with pytest.raises(MappingError, match=r"m.yml:\d+: \$\[\*\] leads to records that lie in no other"):
            run(mapping)


def test_a_list_that_nobody_asks_for_repeats_no_triple(tmp_path: Path) -> None:
    two = triples("ex:v", "http://e/{port}", "port") + triples("ex:v", "http://e/{port}/{b.n}", "b.d", name="n")
    made = run(written(tmp_path, BERTHS + two, d_json=json.dumps(PORTS)))
    assert sum('p0> "Agadir' in line for line in made) == 1
    assert len(made) == 4


def test_a_node_without_a_name_is_there_for_every_row(tmp_path: Path) -> None:
    made = run(written(tmp_path, BERTHS + triples("ex:v", "", "port"), d_json=json.dumps(PORTS)))
    assert len({line.split()[0] for line in made}) == 3


def test_a_collection_takes_members_of_every_row(tmp_path: Path) -> None:
    """What a named list gathers of a view are its rows, those that repeat a value for another field included."""
    twice = view("v", source("d.json", "$"), fields(i="$.i", a="$.a[*]", b="$.b[*]"))
    head = 'rml:template "http://e/list/{i}" ; rml:gather ( [ rml:reference "a" ] ) ; rml:gatherAs rdf:Seq'
    prefix = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {head} ] ]"
    about = f'ex:m rml:logicalSource ex:v ; rml:subjectMap [ rml:template "http://e/{{i}}" ] ; {pair} .'
    path = written(tmp_path, prefix + twice + about, d_json='{"i": 1, "a": ["x", "y"], "b": [1, 2]}')
    places = dict(line.split("#_")[1].split("> ") for line in run(path) if "#_" in line)
    assert places == {"1": '"x" .', "2": '"x" .', "3": '"y" .', "4": '"y" .'}
    assert sorted(run(path, workers=2)) == sorted(run(path))


def test_joins_that_find_nothing_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, JOINED + triples("ex:c", "http://e/{n}", "at"), d_json=json.dumps(PORTS), t_csv=CITIES)
    summary = map_to(path, io.BytesIO())
    assert [(part.rows, part.triples, part.unmatched) for part in summary.parts] == [(3, 1, 1)]
    inner = path.read_text(encoding="utf-8").replace("leftJoin", "innerJoin")
    path.write_text(inner.replace("Agadir", "x"), encoding="utf-8")
    assert [(part.rows, part.unmatched) for part in map_to(path, io.BytesIO()).parts] == [(2, 1)]
    (tmp_path / "t.csv").write_text("name,region\nx,y\n", encoding="utf-8")
    assert [(part.rows, part.unmatched) for part in map_to(path, io.BytesIO(), workers=2).parts] == [(0, 1)]


def test_the_position_of_what_a_join_finds(tmp_path: Path) -> None:
    mapping = JOINED + triples("ex:c", "http://e/{#}/{at.#}/{no.#}", "no")
    made = run(written(tmp_path, mapping, d_json=json.dumps(PORTS), t_csv=CITIES))
    assert [line.split()[0] for line in made] == ["<http://e/0/0/0>"]  # the second berth has no depth, so no position


def test_empty_cells_are_no_values_wherever_a_join_finds_them(tmp_path: Path) -> None:
    """One column, which may be empty in a row that is found, in one that is not, and hold what packing uses itself."""
    parent = view("p", source("p.csv"), fields(k="k", v="v", w="w"))
    one = view("one", source("t.csv"), fields(i="i", k="k"), join("p", "k", "k", fields(v="v")))
    two = view("two", "ex:one", fields(i="i", v="v"), join("p", "i", "k", fields(w="w")))
    mapping = (
        parent + one + two + triples("ex:one", "http://e/{i}", "v", "v.#") + triples("ex:two", "{v}", "w", name="n")
    )
    found = 'k,v,w\na,"x\n\x1f",1\na,,2\na,y,3\nb,,4\nc,z,\n,no,no\n'
    made = run(written(tmp_path, mapping, p_csv=found, t_csv="i,k\nc,a\n2,b\n3,\n4,d\n"), base="http://e/")
    values = {line.removesuffix(" .") for line in made}
    assert values == {
        f"<http://e/{subject}> <http://e/p{n}> {value}"
        for subject, n, value in [
            ("c", 0, '"x\\n\x1f"'),
            ("c", 0, '"y"'),
            ("c", 1, '"0"^^<http://www.w3.org/2001/XMLSchema#integer>'),
            ("c", 1, '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ]
    }


def test_what_a_view_is_made_of_can_be_read(tmp_path: Path) -> None:
    mapping = JOINED + triples("ex:c", "http://e/{n}", "at")
    told = explain(written(tmp_path, mapping, d_json=json.dumps(PORTS), t_csv=CITIES)).split("\n\n", 1)[0]
    assert (
        told.replace(f"{tmp_path}/", "")
        == """\
# rows of http://e/m, a view (m.ttl:11)
#   on t.csv (rml:CSV), read as a stream, shared among workers: name
#     field n: name
#   left join where n = port (m.ttl:10); the other view is read before the first row and held by key, on disk beyond 64 MB
#     rows of the other view
#       on d.json $.ports[*] (rml:JSONPath), held in memory whole: $.b[*], $.port
#         field port: $.port
#         field b: records $.b[*], a row for each
#           field b.n: $.n
#           field b.d: $.d
#     field at: b.d
#     field no: b.n"""
    )


def test_a_join_on_disk_and_in_parts_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values keep their types on the way; a table is cut between processes as if there were no view."""
    kinds = ["text", 'odd "\n\x1f\x1e', "", 7, 2.5, True, None, "é"]
    trees = "".join(json.dumps({"k": f"k{n}", "v": kinds[n % 8], "l": [n, n + 1]}) + "\n" for n in range(1500))
    rows = "i,k,f\n" + "".join(f"{n},k{n % 1550},{'x' * 90}\n" for n in range(11_000))
    parent = view("p", source("d.jsonl", "$"), fields(k="$.k", v="$.v", l="$.l[*]"))
    child = view("c", source("t.csv"), fields(i="i", k="k"), join("p", "k", "k", fields(v="v", l="l")))
    counted = view("w", source("t.csv"), fields(i="i")) + triples("ex:w", "http://e/{#}", "i", name="n")
    mapping = parent + child + triples("ex:c", "http://e/{i}", "v", "l", "k") + counted
    path = written(tmp_path, mapping, d_jsonl=trees, t_csv=rows)
    outputs = []
    for budget, workers in ((1 << 26, 1), (20_000, 1), (20_000, 3)):
        monkeypatch.setattr(Index.__init__, "__defaults__", (None, budget))
        output = io.BytesIO()
        summary = map_to(path, output, workers=workers)
        assert summary.parts[0].unmatched == 350
        outputs.append(output.getvalue())
    assert outputs[0].count(b"\n") > 30_000
    assert outputs[0] == outputs[1] == outputs[2]


def test_values_of_every_kind_come_back_as_they_were() -> None:
    moment = dt.datetime(2030, 1, 2, 3, 4, 5, 600_000, dt.UTC)
    row = ["a", None, 1, 1.5, True, Decimal("1.50"), moment, moment.date(), moment.time(), dt.timedelta(1, 2, 3), b"\0"]
    row += [Typed("x", "http://e/t"), "\ud800", "a\nb", "\x1d", ""]
    columns = [[value, value] for value in row]
    assert unpacked(packed(columns), len(row)) == columns
    lines = [["a\nb", "\x1d"], ["", None]]
    assert [list(column) for column in unpacked(packed(lines), 2)] == lines
    assert not any("\n" in text or not text for text in packed([["", "\n"]]))
    plain = [["a\nb", "c"], ["\n", "é"]]
    assert not any("\n" in text for text in packed(plain))
    assert unpacked(packed(plain), 2) == plain


def test_a_part_is_made_again_when_a_joined_file_changes(tmp_path: Path) -> None:
    path = written(tmp_path, JOINED + triples("ex:c", "http://e/{n}", "at"), d_json=json.dumps(PORTS), t_csv=CITIES)
    assert [one.was_mapped for one in map_parts(path, tmp_path / "parts")] == [True]
    (kept,) = map_parts(path, tmp_path / "parts")
    assert (kept.was_mapped, kept.part.unmatched) == (False, 1)
    (tmp_path / "d.json").write_text(json.dumps(PORTS).replace("10", "11"), encoding="utf-8")
    (again,) = map_parts(path, tmp_path / "parts")
    assert again.was_mapped
    assert '"11"' in again.path.read_text(encoding="utf-8")


def test_a_record_with_very_many_values_is_read_bit_by_bit(tmp_path: Path) -> None:
    on = source("d.json", "$")
    mapping = view("v", on, fields(a="$.a[*]", b="$.b[*]")) + triples("ex:v", "http://e/{a}/{b}", "a.#")
    made = run(written(tmp_path, mapping, d_json=json.dumps({"a": [*range(150)], "b": [*range(150)]})))
    assert len(set(made)) == 150 * 150


CELL = view(
    "v",
    source("t.csv"),
    fields(i="i"),
    'rml:field [ rml:fieldName "x" ; rml:reference "x" ; rml:field [ rml:fieldName "j" ; rml:iterator "$[*]" ; '
    f"rml:referenceFormulation rml:JSONPath ; {fields(e='$')} ] ]",
)


def test_what_is_wrong_within_a_cell_is_told_with_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, CELL + triples("ex:v", "http://e/{i}", "x.j.e"), t_csv='i,x\n1,"[1,2]"\n2,\n3,[1\n4,[4]\n')
    with pytest.raises(DataError, match=r"t.csv:4: the field holds no JSON: .* \[.*m.ttl:\d+\]"):
        run(path)
    output = io.BytesIO()
    assert map_to(path, output, on_error=OnError.SKIP).skipped == 1
    assert [line.split('"')[1] for line in output.getvalue().decode().splitlines()] == ["1", "2", "4"]


@pytest.mark.parametrize(("kind", "references"), [("leftJoin", ["v"]), ("innerJoin", ["v"]), ("innerJoin", ["k"])])
def test_a_key_that_cannot_be_made_is_told_and_no_row_passes_for_it(
    kind: str, references: list[str], tmp_path: Path
) -> None:
    number = (
        "rml:functionExecution [ rml:function fn:toInteger ; "
        'rml:input [ rml:parameter fn:1 ; rml:inputValueMap [ rml:reference "k" ] ] ]'
    )
    own = f'rml:joinCondition [ rml:childMap [ {number} ] ; rml:parent "k" ]'
    joined = f"rml:{kind} [ rml:parentLogicalView ex:p ; {own} ; {fields(v='v')} ]"
    mapping = view("p", source("p.csv"), fields(k="k", v="v")) + view(
        "c", source("t.csv"), fields(i="i", k="k"), joined
    )
    files = {"p_csv": "k,v\n1,a\n", "t_csv": "i,k\n1,1\n2,x\n3,\n"}
    path = written(tmp_path, mapping + triples("ex:c", "http://e/{i}", *references), **files)
    with pytest.raises(DataError, match=r"t.csv:3: toInteger: 'x' is no number"):
        run(path)
    output = io.BytesIO()
    assert map_to(path, output, on_error=OnError.SKIP).skipped == 1
    assert output.getvalue().count(b"\n") == 1
    path.write_text(
        path.read_text(encoding="utf-8").replace("childMap", "x").replace('rml:parent "k"', 'rml:child "k"')
    )
    path.write_text(path.read_text(encoding="utf-8").replace("rml:x", "rml:parentMap"), encoding="utf-8")
    (tmp_path / "p.csv").write_text("k,v\n1,a\ny,b\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"p.csv:3: toInteger: 'y' is no number"):
        run(path)
    for workers in (1, 2):
        summary = map_to(path, output := io.BytesIO(), on_error=OnError.SKIP, workers=workers)
        assert [(part.rows, part.skipped, part.unlinked) for part in summary.parts] == [
            (3 if kind == "leftJoin" else 1, 0, 1)
        ]
        told = "p.csv:3: toInteger: 'y' is no number of 'en'; nothing is linked to this row"
        assert [str(problem).partition(" [")[0] for problem in summary.problems] == [told]
        assert output.getvalue().count(b"\n") == 1


def test_a_key_that_cannot_be_made_within_what_is_joined_is_counted_once(tmp_path: Path) -> None:
    """In lists of keys, and in the join of a view that is joined itself; each triples map counts what it reads."""

    def called(name: str, given: str) -> str:
        inner = f"rml:input [ rml:parameter fn:1 ; rml:inputValueMap [ {given} ] ]"
        return f"rml:functionExecution [ rml:function fn:{name} ; {inner} ]"

    number = called("toInteger", called("split", 'rml:reference "k"'))

    def joined(parent: str, child: str) -> str:
        own = f'rml:joinCondition [ rml:child "{child}" ; rml:parentMap [ {number} ] ]'
        return f"rml:leftJoin [ rml:parentLogicalView ex:{parent} ; {own} ; {fields(v='v')} ]"

    inner = view("r", source("r.json", "$[*]"), fields(k="$.k", v="$.v"))
    middle = view("p", source("p.csv"), fields(k="k", i="i"), joined("r", "i"))
    mapping = inner + middle + view("c", source("t.csv"), fields(i="i"), joined("p", "i"))
    two = triples("ex:c", "http://e/{i}", "v") + triples("ex:c", "http://f/{i}", "v", name="n")
    found = [{"k": "6,5", "v": "a"}, {"k": "5,z", "v": "no"}, {"k": "5", "v": "b"}]
    files = {"t_csv": "i\n1\n", "p_csv": 'k,i\n"2,1",5\n"1,x",5\n', "r_json": json.dumps(found)}
    path = written(tmp_path, mapping + two, **files)
    for workers in (1, 2):
        summary = map_to(path, output := io.BytesIO(), on_error=OnError.SKIP, workers=workers)
        assert sorted(output.getvalue().decode().split("\n")) == [
            "",
            *(f'<http://{host}/1> <http://e/p0> "{value}" .' for host in "ef" for value in "ab"),
        ]
        assert [part.unlinked for part in summary.parts] == [3, 3]
        assert [str(problem).split(":")[0] for problem in summary.problems] == ["r.json", "p.csv", "p.csv"] * 2


def test_annotations_are_checked_and_change_nothing(tmp_path: Path) -> None:
    plain = BERTHS + triples("ex:v", "http://e/{port}", "port")
    key = 'rml:structuralAnnotation [ a rml:PrimaryKeyAnnotation ; rml:onFields ( "port" "b.n" ) ]'
    path = written(tmp_path, plain, d_json=json.dumps(PORTS))
    expected = run(path)
    path.write_text(path.read_text(encoding="utf-8").replace("rml:viewOn", f"{key} ; rml:viewOn"), encoding="utf-8")
    assert run(path) == expected
    path.write_text(path.read_text(encoding="utf-8").replace('"b.n" )', '"b.m" )'), encoding="utf-8")
    with pytest.raises(MappingError, match=r"the view has no field 'b.m' .did you mean 'b.n'"):
        run(path)


ON = source("d.json", "$.ports[*]")
WRONG = [
    (view("v", ON, fields(port="$.port")), "port2", "the view has no field 'port2' .did you mean 'port'"),
    (view("v", ON, fields(port="$.port"), records("b", "$.b[*]")), "b", "'b' is a record, which has no value"),
    (view("v", ON), "port", "the view has no rml:field"),
    (view("v", ON, fields(**{"a.b": "$.port"})), "#", "'a.b' is no name of a field"),
    (view("v", ON, fields(port="$.port[")), "port", "[$].port"),
    (view("v", ON, records("b", "$.b[")), "#", "[$].b"),
    (view("v", ON, 'rml:field [ rml:fieldName "a" ]'), "#", "the field says nothing"),
    (view("v", ON, 'rml:field [ rml:reference "$.port" ]'), "#", "the field has no rml:fieldName"),
    (
        view("v", ON, 'rml:field [ rml:fieldName "a" ; a rml:IterableField ]'),
        "#",
        "the iterable field has no rml:iterator",
    ),
    (
        view("v", ON, fields(a="$.port")[:-1] + f"; {fields(b='$.b')} ]"),
        "a",
        "stands in a view or in an iterable field",
    ),
    (view("v", ON, 'rml:iterator "$"', fields(a="$.port")), "a", "a view has no rml:iterator of its own"),
    (view("v", ON, records("b", "$.b", 'rml:reference "$.n"')), "#", "an iterable field has no value of its own"),
    (
        view("v", ON, records("b", "$.b", "rml:referenceFormulation rml:CSV")),
        "#",
        "the records here are read as rml:JSON",
    ),
    (view("v", source("t.csv"), records("b", "$.b")), "#", "a row holds no records"),
    (view("v", source("t.csv"), fields(n="nmae")), "n", "t.csv has no column 'nmae' .did you mean 'name'"),
    (view("v", ON, fields(a="$.port")[:-1] + '; rml:language "fr" ]'), "a", "a field gives a value, no term"),
    (BERTHS.replace("ex:v", "ex:w") + view("v", "ex:w", fields(a="b.x")), "a", "the view has no field 'b.x'"),
    (BERTHS.replace("ex:v", "ex:w") + view("v", "ex:w", records("r", "$.x")), "#", "a row holds no records"),
    (
        JOINED.replace("ex:v", "ex:w").replace("ex:c", "ex:v").replace('"b.d"', '"b.e"'),
        "n",
        "the view has no field 'b.e'",
    ),
    (
        JOINED.replace("ex:v", "ex:w").replace("ex:c", "ex:v").replace('child "n"', 'child "at"'),
        "n",
        "has no field 'at'",
    ),
    (
        JOINED.replace("parentLogicalView ex:v", f"parentLogicalView {ON}").replace("ex:c", "ex:v2"),
        "port",
        "is no view",
    ),
    (
        view("v", ON, fields(a="$.port"), "rml:leftJoin [ rml:parentLogicalView ex:v ]"),
        "a",
        "the join has no condition",
    ),
]


@pytest.mark.parametrize(("text", "reference", "told"), WRONG, ids=[told[:40] for *_, told in WRONG])
def test_what_is_wrong_with_a_view_is_told_with_its_line(text: str, reference: str, told: str, tmp_path: Path) -> None:
    path = written(tmp_path, text + triples("ex:v", "http://e/x", reference), d_json=json.dumps(PORTS), t_csv=CITIES)
    output = io.BytesIO()
    with pytest.raises(MappingError, match=told) as caught:
        map_to(path, output)
    assert all(problem.position and problem.position.line > 1 for problem in caught.value.problems)
    assert not output.getvalue()
