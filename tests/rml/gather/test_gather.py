"""Collections and containers: what rows make of their values, held against the obvious way of doing it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.term import Node
from rml.by_hand import csv_source, json_source
from rml.datasets import canonical, lenient_nquads
from rml.running import mapping, run

from kg.errors import DataError, MappingError
from kg.rml import Access, map_parts, map_to

PREFIX = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
SUBJECT = 'rml:subjectMap [ rml:template "http://e/{$.i}" ]'
MEMBER = 'rml:gather ( [ rml:reference "$.a[*]" ] [ rml:reference "$.b[*]" ; rml:language "fr" ] )'


def gathered(folder: Path, body: str, rows: object, *, subject: str = SUBJECT, more: str = "") -> Path:
    (folder / "t.json").write_text(json.dumps(rows), encoding="utf-8")
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; {more} rml:objectMap [ {body} ] ]"
    return mapping(folder, f"{PREFIX}ex:m {json_source('t.json')} ; {subject} ; {pair} .")


def read(path: Path, **options: Any) -> Graph:
    return Graph().parse(data="\n".join(run(path, **options)) + "\n", format="nt")


def members(graph: Graph, head: Node) -> tuple[str, ...]:
    """What a head leads to, read as a person would."""
    if (head, RDF.first, None) in graph or head == RDF.nil:
        found = []
        while head != RDF.nil:
            (value,), (rest,) = graph.objects(head, RDF.first), graph.objects(head, RDF.rest)
            found.append(value.n3())
            head = rest
        return tuple(found)
    numbered = {int(p.removeprefix(f"{RDF}_")): o.n3() for p, o in graph.predicate_objects(head) if f"{RDF}_" in p}
    assert sorted(numbered) == list(range(1, len(numbered) + 1))
    return tuple(numbered[number] for number in sorted(numbered))


VALUES = st.lists(st.sampled_from(["x", "y", "ÿ\t\n", '"']), max_size=3)
ROWS = st.lists(st.fixed_dictionaries({"i": st.sampled_from(["1", "2"]), "a": VALUES, "b": VALUES}), max_size=4)


@settings(max_examples=60)
@given(rows=ROWS, kind=st.sampled_from(["List", "Bag", "Seq", "Alt"]), data=st.data())
def test_rows_make_what_the_obvious_way_makes(
    rows: list[dict[str, Any]], kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    is_product, allows_empty, is_named = (data.draw(st.booleans()) for _ in range(3))
    body = f"{MEMBER} ; rml:gatherAs rdf:{kind} ; rml:strategy rml:{'cartesianProduct' if is_product else 'append'} ;"
    body += f"rml:allowEmptyListAndContainer {str(allows_empty).lower()} ;"
    body += 'rml:template "http://h/{$.i}" ;' if is_named else ""
    rows = [*rows, {"i": "9", "a": ["z"], "b": ["z"]}]  # a source has a record
    graph = read(gathered(tmp_path_factory.mktemp("g"), body, rows))
    expected = list(_expected(rows, kind, is_product=is_product, allows_empty=allows_empty, is_named=is_named))
    made = [
        (s.removeprefix("http://e/"), members(graph, o))
        for s, _, o in graph.triples((None, URIRef("http://e/p"), None))
    ]
    assert sorted(made) == sorted(expected)
    if kind != "List":
        heads = set(graph.objects(None, URIRef("http://e/p")))
        assert set(graph.subjects(RDF.type, RDF[kind])) == heads


def _expected(
    rows: Sequence[dict[str, Any]], kind: str, *, is_product: bool, allows_empty: bool, is_named: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Subject and members of each collection; those of one name are one, and an empty list has none."""
    whole: dict[str, tuple[str, ...]] = {}
    empty: dict[str, None] = {}
    for row in rows:
        a = [_literal(value) for value in row["a"]]
        b = [f"{_literal(value)}@fr" for value in row["b"]]
        some = list(product(a, b)) if is_product else [tuple(chain(a, b))]
        some = [one for one in some if one] or ([()] if allows_empty else [])
        for one in some:
            if not is_named:
                if one or kind != "List":
                    yield row["i"], one
                else:
                    empty[row["i"]] = None
            elif one or kind != "List":
                whole[row["i"]] = (*whole.get(row["i"], ()), *one)
            else:
                empty[row["i"]] = None
    yield from whole.items()
    yield from ((name, ()) for name in empty)


def _literal(value: str) -> str:
    return Literal(value).n3()


def test_the_same_bytes_with_workers_and_each_time(tmp_path: Path) -> None:
    rows = "".join(f"{i % 90},{i},{i % 7}\n" for i in range(2000))
    (tmp_path / "t.csv").write_text("i,a,b\n" + rows, encoding="utf-8")
    members_of = '( [ rml:reference "a" ] [ rml:template "http://v/{b}" ; rml:termType rml:IRI ] )'
    one = f'rml:template "http://h/{{i}}" ; rml:gather {members_of} ; rml:gatherAs rdf:Seq'
    two = f"rml:gather {members_of} ; rml:gatherAs rdf:List"
    head = 'rml:subjectMap [ rml:template "http://e/{i}" ]'
    pairs = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {one} ] , [ {two} ] ]"
    path = mapping(tmp_path, f"{PREFIX}ex:m {csv_source('t.csv')} ; {head} ; {pairs} .")
    alone = run(path)
    assert run(path, workers=3) == alone
    assert run(path, distinct=True) == sorted(set(alone))
    cells = [line.split(" ")[0] for line in alone if "#first>" in line]
    assert len(set(cells)) == len(cells) == 4000
    assert sum("_44>" in line for line in alone) == 90  # 22 rows or 23 of each head, with two members each


def test_what_does_not_fit_in_memory_lies_on_disk_and_makes_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"i": str(n % 5), "a": [f"v{n}"], "b": [f"w{n}"]} for n in range(60)]
    body = f'rml:template "http://h/{{$.i}}" ; {MEMBER} ; rml:gatherAs rdf:List'
    path = gathered(tmp_path, body, rows, more="rml:graph ex:g ;")
    other = 'rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ rml:reference "$.a[*]" ; rml:logicalTarget ex:t, ex:u ] ]'
    targets = "".join(
        f'ex:{name} rml:target [ rml:path "{name}.x" ] ; rml:serialization <http://www.w3.org/ns/formats/{syntax}> .\n'
        for name, syntax in (("t", "TriG"), ("u", "Turtle"))
    )
    path.write_text(path.read_text(encoding="utf-8").removesuffix(".") + f"; {other} .\n{targets}", encoding="utf-8")
    made = []
    for size in (None, 300):
        if size is not None:
            monkeypatch.setattr("kg.rml.run.distinct.RUN", size)
        output = io.BytesIO()
        summary = map_to(path, output, access=Access(targets=tmp_path / str(size)))
        assert summary.triples == output.getvalue().count(b"\n") == 60 + 2 * 120
        assert [file.triples for file in summary.files] == [60, 60]
        made.append((output.getvalue(), *(file.path.read_bytes() for file in summary.files)))
    assert made[0] == made[1]
    assert all(made[0])


def test_a_list_stands_where_its_head_does(tmp_path: Path) -> None:
    rows = [{"i": "1", "a": ["x"], "b": []}, {"i": None, "a": ["y"], "b": []}]
    body = f"{MEMBER} ; rml:gatherAs rdf:List"
    graph = read(gathered(tmp_path, body, rows))
    assert len(graph) == 3, "where there is no subject, nothing is left of the list"
    as_subject = f"rml:subjectMap [ {body} ; rml:graph ex:g ; rml:class ex:C ]"
    lines = run(gathered(tmp_path, 'rml:reference "$.i"', rows, subject=as_subject))
    assert len(lines) == 2 * 3 + 1
    assert all(line.endswith(" <http://e/g> .") for line in lines)
    in_pair = run(
        gathered(tmp_path, 'rml:constant "o"', rows, subject=f"rml:subjectMap [ {body} ]", more="rml:graph ex:g ;")
    )
    assert len(in_pair) == 2 * 3
    assert all(line.endswith(" <http://e/g> .") for line in in_pair)
    verb = f'rml:predicateMap [ rml:template "http://q/{{$.i}}" ; {body} ] ;'
    graph = read(gathered(tmp_path, 'rml:constant "o"', rows, more=verb))
    assert members(graph, URIRef("http://q/1")) == ('"x"',)


def test_a_list_of_each_graph_goes_to_its_targets(tmp_path: Path) -> None:
    rows = [{"i": "1", "a": [f"v{g}"], "b": [], "g": g} for g in "xyx"]
    body = f'{MEMBER} ; rml:gatherAs rdf:List ; rml:template "l{{$.i}}" ; rml:termType rml:BlankNode ; rml:logicalTarget ex:t'
    path = gathered(tmp_path, body, rows, more='rml:graphMap [ rml:template "http://g/{$.g}" ] ;')
    target = 'ex:t a rml:LogicalTarget ; rml:target [ a rml:FilePath ; rml:path "t.nq" ] .'
    path.write_text(path.read_text(encoding="utf-8") + target, encoding="utf-8")
    output = io.BytesIO()
    summary = map_to(path, output, access=Access(targets=tmp_path))
    assert not output.getvalue()
    assert [file.triples for file in summary.files] == [9]
    assert summary.triples == 0
    expected = "".join(
        f"<http://e/1> <http://e/p> _:{g}0 <http://g/{g}> .\n"
        + "".join(
            f'_:{g}{n} <{RDF.first}> "v{g}" <http://g/{g}> .\n_:{g}{n} <{RDF.rest}> {after} <http://g/{g}> .\n'
            for n, after in enumerate(rests)
        )
        for g, rests in (("x", ["_:x1", f"<{RDF.nil}>"]), ("y", [f"<{RDF.nil}>"]))
    )
    made = (tmp_path / "t.nq").read_text(encoding="utf-8")
    assert canonical(lenient_nquads(made)) == canonical(lenient_nquads(expected))


def test_conditions_leave_out_a_list_with_everything_in_it(tmp_path: Path) -> None:
    condition = 'rml:condition [ rml:reference "$.keep" ]'
    rows = [{"i": str(n), "keep": keep, "a": ["x"], "b": []} for n, keep in enumerate([True, False])]
    for body in ("", 'rml:template "http://h/{$.i}" ;'):
        text = f"{body} rml:allowEmptyListAndContainer true ; {MEMBER} ; rml:gatherAs rdf:Bag ; {condition}"
        graph = read(gathered(tmp_path, text, rows))
        assert [str(s) for s in graph.subjects(URIRef("http://e/p"))] == ["http://e/0"]
        assert len(list(graph.subjects(RDF.type, RDF.Bag))) == 1


def test_nested_lists_are_members_by_their_heads(tmp_path: Path) -> None:
    inner = 'rml:gather ( [ rml:reference "$.a[*]" ] ) ; rml:gatherAs rdf:List'
    named = 'rml:template "http://h/{$.i}" ; rml:gather ( [ rml:reference "$.b[*]" ] ) ; rml:gatherAs rdf:Alt'
    rows = [{"i": "1", "a": ["x", "y"], "b": ["z"]}, {"i": "1", "a": [], "b": ["w"]}]
    graph = read(gathered(tmp_path, f"rml:gather ( [ {inner} ] [ {named} ] ) ; rml:gatherAs rdf:Seq", rows))
    outer = sorted(
        graph.objects(URIRef("http://e/1"), URIRef("http://e/p")), key=lambda head: len(members(graph, head))
    )
    assert [members(graph, head)[-1] for head in outer] == ["<http://h/1>", "<http://h/1>"]
    first = graph.value(outer[1], RDF["_1"])
    assert isinstance(first, BNode)
    assert members(graph, first) == ('"x"', '"y"')
    assert members(graph, URIRef("http://h/1")) == ('"z"', '"w"')


FAULTS = [
    (f"{MEMBER}", "the gather map has no rml:gatherAs"),
    ("rml:gatherAs rdf:List", "the gather map has no rml:gather"),
    (f"{MEMBER} ; rml:gatherAs rdf:Lst", "nothing is gathered as Lst .did you mean 'List'"),
    (f"{MEMBER} ; rml:gatherAs rdf:List ; rml:strategy rml:apend", "no strategy apend .did you mean 'append'"),
    (f"{MEMBER} ; rml:gatherAs rdf:List ; rml:allowEmptyListAndContainer 7", "is true or false"),
    ('rml:gather ( ) ; rml:gatherAs rdf:List', "the gather map has no members"),
    ('rml:gather ex:x ; rml:gatherAs rdf:List', "rml:gather takes a list of term maps"),
    (f"{MEMBER} ; rml:gatherAs rdf:List ; rml:termType rml:Literal", "a literal is no head of a collection"),
    (f"{MEMBER} ; rml:gatherAs rdf:List ; rml:termType rml:IRI", "a collection without a name is a blank node"),
    (f"{MEMBER} ; rml:gatherAs rdf:List ; rml:language 'fr'", "only literals have a language"),
    ('rml:constant "x" ; rml:gatherAs rdf:List ; ' + MEMBER, "the constant of a subject map is an IRI"),
    ('rml:gather ( [ rml:reference "$.a" ; rml:logicalTarget [ rml:target [ rml:path "x" ] ] ] ) ; rml:gatherAs rdf:Bag', "a member has no target"),
    ('rml:gather ( [ rml:reference "$.a[" ] ) ; rml:gatherAs rdf:Bag', "not a JSONPath"),
    ('rml:gather ( [ rml:parentTriplesMap ex:no ] ) ; rml:gatherAs rdf:Bag', "there is no triples map"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_gather_maps_that_make_no_sense_are_told_with_their_line(body: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=said) as caught:
        run(gathered(tmp_path, body, [{"i": 1}]))
    assert all(problem.position for problem in caught.value.problems)


def test_what_gathers_itself_or_stands_where_nothing_is_gathered_is_refused(tmp_path: Path) -> None:
    path = gathered(tmp_path, 'rml:reference "$.a"', [{"i": 1}])
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('[ rml:reference "$.a" ]', "ex:g") + "ex:g rml:gatherAs rdf:List ; rml:gather ( ex:g ) .",
        encoding="utf-8",
    )
    with pytest.raises(MappingError, match="it gathers itself"):
        run(path)
    graph = f"rml:graphMap [ {MEMBER} ; rml:gatherAs rdf:List ] ;"
    with pytest.raises(MappingError, match="nothing is gathered here"):
        run(gathered(tmp_path, 'rml:reference "$.a"', [{"i": 1}], more=graph))


def test_choices_without_end_are_a_fault_of_their_row(tmp_path: Path) -> None:
    body = 'rml:gather ( [ rml:reference "$.a[*]" ] [ rml:reference "$.a[*]" ] ) ; rml:gatherAs rdf:List ; rml:strategy rml:cartesianProduct'
    with pytest.raises(DataError, match=r"more than 10,000 collections .*rml:append"):
        run(gathered(tmp_path, body, [{"i": 1, "a": list(range(101))}]))


def test_parts_have_no_collections_that_go_on(tmp_path: Path) -> None:
    named = gathered(
        tmp_path, f'rml:template "http://h/{{$.i}}" ; {MEMBER} ; rml:gatherAs rdf:List', [{"i": 1, "a": ["x"]}]
    )
    with pytest.raises(MappingError, match="a collection with a name is not put together") as caught:
        map_parts(named, tmp_path / "parts")
    assert caught.value.problems[0].position
    unnamed = gathered(tmp_path, f"{MEMBER} ; rml:gatherAs rdf:List", [{"i": 1, "a": ["x"], "b": ["y"]}])
    (part,) = map_parts(unnamed, tmp_path / "parts")
    assert part.path.read_text(encoding="utf-8").splitlines() == run(unnamed)
