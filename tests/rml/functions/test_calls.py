"""Functions in every place of a mapping, and conditions."""

from __future__ import annotations

from pathlib import Path

import pytest
from rml.functions.calling import call, condition, made, mapping, objects

from kg.errors import DataError, MappingError
from kg.rml import OnError

TABLE = "id,name,tags,lang,kind,n\n1,Ben Ali,a; b;c,fr,date,7\n2,,,en,string,x\n"


def test_functions_stand_in_every_place(tmp_path: Path) -> None:
    upper = call("toUpperCase", "$id")
    predicate = call("concat", "http://e/", "$kind")
    pair = (
        f"rml:predicateObjectMap [ rml:predicateMap [ {predicate} ] ; rml:object ex:o ; "
        f"rml:graphMap [ {call('concat', 'http://e/g', '$id')} ] ]"
    )
    typed = f'rml:reference "id" ; rml:datatypeMap [ {call("concat", "http://e/t", "$id")} ]'
    spoken = f'rml:reference "id" ; rml:languageMap [ {call("toLowerCase", "$lang")} ]'
    path = mapping(
        tmp_path, TABLE, pair, objects(typed, spoken), subject=call("concat", "http://e/s", f"rml:{upper[4:]}")
    )
    assert made(path) == [
        "<s1> <date> <o> <g1>",
        '<s1> <p0> "1"^^<t1>',
        '<s1> <p1> "1"@fr',
        "<s2> <string> <o> <g2>",
        '<s2> <p0> "2"^^<t2>',
        '<s2> <p1> "2"@en',
    ]


def test_several_values_nested_calls_and_natural_types(tmp_path: Path) -> None:
    split = call("split", "$tags", ";")
    path = mapping(
        tmp_path,
        TABLE,
        objects(
            split,
            call("toUpperCase", split),
            call("join", split, separator="|"),
            call("length", "$name"),
            call("length", split),
            call("join", values=["$id", "$name", split, "z"], separator=","),
            call("toNumber", "1,5", "fr"),
        ),
    )
    assert made(path)[:11] == [
        *(f'<1> <p0> "{tag}"' for tag in "abc"),
        *(f'<1> <p1> "{tag}"' for tag in "ABC"),
        '<1> <p2> "a|b|c"',
        '<1> <p3> "7"^^<xsd:integer>',
        *(['<1> <p4> "1"^^<xsd:integer>'] * 3),
    ]
    assert made(path)[11:] == [
        '<1> <p5> "1,Ben Ali,a,b,c,z"',
        '<1> <p6> "1.5"^^<xsd:decimal>',
        '<2> <p5> "2,z"',
        '<2> <p6> "1.5"^^<xsd:decimal>',
    ]


def test_values_of_json_keep_their_types_and_lists(tmp_path: Path) -> None:
    table = '[{"id": 1, "l": ["a", "b"], "b": true, "e": ""}, {"id": 2, "l": [], "e": null}]'
    path = mapping(
        tmp_path,
        table,
        objects(
            call("concat", "$$.l[*]", "$$.id", "-"),
            call("if", "$$.b", "yes", "no"),
            call("isNull", "$$.e"),
            call("add", "$$.id", 1),
            call("coalesce", "$$.e", "$$.id"),
            call("join", "$$.l[*]", "+"),
        ),
        subject='rml:template "http://e/{$.id}"',
    )
    assert made(path) == [
        '<1> <p0> "a-1"',
        '<1> <p0> "b-1"',
        '<1> <p1> "yes"',
        '<1> <p2> "true"^^<xsd:boolean>',
        '<1> <p3> "2"^^<xsd:decimal>',
        '<1> <p4> "1"^^<xsd:integer>',
        '<1> <p5> "a+b"',
        '<2> <p1> "no"',
        '<2> <p2> "true"^^<xsd:boolean>',
        '<2> <p3> "3"^^<xsd:decimal>',
        '<2> <p4> "2"^^<xsd:integer>',
    ]


JOINED = """
ex:o a rml:TriplesMap ; rml:logicalSource [ rml:referenceFormulation rml:CSV ;
    rml:source [ a rml:RelativePathSource ; rml:path "o.csv" ] ] ;
  rml:subjectMap [ rml:template "http://e/o/{code}" {condition} ] .
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_functions_and_conditions_in_joins(workers: int, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("code,label,ok\nX,ÉCOLE,oui\nY,Mairie,non\nZ,école,non\n", encoding="utf-8")
    join = (
        f"rml:parentTriplesMap ex:o ; rml:joinCondition [ rml:childMap [ {call('fold', '$place')} ] ; "
        f"rml:parentMap [ {call('fold', '$label')} ] ]"
    )
    table = "id,place\n1,école\n2,mairie\n3,\n"
    path = mapping(tmp_path, table, objects(join), more=JOINED.replace("{condition}", ""))
    assert made(path, workers=workers) == ["<1> <p0> <o/X>", "<1> <p0> <o/Z>", "<2> <p0> <o/Y>"]
    only = "; " + condition(call("toBoolean", "$ok"))
    path = mapping(tmp_path, table, objects(join), more=JOINED.replace("{condition}", only))
    assert made(path, workers=workers) == ["<1> <p0> <o/X>"]


def test_conditions_are_looked_at_before_terms_are_made(tmp_path: Path) -> None:
    whole = call("toInteger", "$n")
    path = mapping(
        tmp_path,
        TABLE,
        condition(call("matches", "$id", "^[12]$")),
        f"rml:predicateObjectMap [ {condition(call('valid', '$n', 'integer'))} ; rml:predicate ex:p ; "
        f'rml:objectMap [ {whole} ] ; rml:object "constant" ]',
        f'rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ rml:reference "id" ; '
        f"{condition(call('equal', '$lang', 'en'))} ] , [ rml:constant ex:c ; {condition(call('isNull', '$name'))} ] ]",
    )
    assert made(path) == ['<1> <p> "7"^^<xsd:integer>', '<1> <p> "constant"', '<2> <q> "2"', "<2> <q> <c>"]
    with pytest.raises(DataError, match=r"d\.csv:3: toInteger: 'x' is no number of 'en'"):
        made(mapping(tmp_path, TABLE, objects(whole)))


def test_a_subject_condition_leaves_out_blank_nodes_classes_and_faults(tmp_path: Path) -> None:
    subject = f"rml:termType rml:BlankNode ; rml:class ex:C ; {condition(call('equal', '$id', '1'))}"
    lines = made(mapping(tmp_path, TABLE, objects(call("toInteger", "$n")), subject=subject))
    assert [line.split(" ", 1)[1] for line in lines] == [
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <C>",
        '<p0> "7"^^<xsd:integer>',
    ]


def test_what_is_not_chosen_is_no_fault(tmp_path: Path) -> None:
    path = mapping(
        tmp_path,
        TABLE,
        objects(
            call("if", call("valid", "$n", "integer"), call("toInteger", "$n"), "none"),
            call("coalesce", "$name", call("toInteger", "$n")),
        ),
    )
    with pytest.raises(DataError) as caught:
        made(path)
    assert [problem.value for problem in caught.value.problems] == ["x"]
    assert made(path, on_error=OnError.SKIP) == ['<1> <p0> "7"^^<xsd:integer>', '<1> <p1> "Ben Ali"']
    path = mapping(
        tmp_path, TABLE, objects(call("if", call("valid", "$n", "integer"), call("toInteger", "$n"), "none"))
    )
    assert made(path) == ['<1> <p0> "7"^^<xsd:integer>', '<2> <p0> "none"']


def test_values_are_looked_up_in_a_file_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("code;x,label\n1,un\n", encoding="utf-8")
    found = call("lookup", "$id", "codes.csv", "code;x", "label", "other")
    assert made(mapping(tmp_path, TABLE, objects(found))) == ['<1> <p0> "un"', '<2> <p0> "other"']


FAULTS = [
    (call("toUperCase", "$id"), r"m\.ttl:\d+: there is no function fn:toUperCase .did you mean 'fn:toUpperCase'"),
    (call("trim", txt="$id"), r"'trim' has no parameter fn:txt .did you mean 'fn:text'"),
    (call("trim"), r"'text' of 'trim' is not given"),
    (call("trim", text=["$id", "$n"]), r"'text' of 'trim' is given twice"),
    (call("substring", "$id", "x"), r"'start' of 'substring': 'x' is not a whole number"),
    (
        call("substring", "$id", call("isNull", "$id")),
        r"'start' of 'substring' takes a whole number, not true or false",
    ),
    (call("matches", "$id", "(a"), r"'matches': not a regular expression of RE2: '\(a'"),
    (call("matches", "$id", "(?=a)"), r"RE2 has no look-around"),
    (call("matches", "$id", "a" * 1001), r"more than 1,000 characters"),
    (call("matches", "$id", "((a{1,999}){1,999}){1,999}"), r"not a regular expression of RE2"),
    (call("regexReplace", "$id", "(a)", "$2"), r"names group 2 of a pattern that has 1"),
    (call("toDate", "$id", "dd/QQ/yyyy"), r"'QQ' of the format 'dd/QQ/yyyy' is not known"),
    (call("toNumber", "$id", "xx"), r"numbers of 'xx' are not known"),
    (call("convert", "$n", "MW", "km"), r"'MW' is of power, 'km' of length"),
    (call("lookup", "$id", "none.csv", "a", "b"), r"there is no file 'none.csv'"),
    (call("lookup", "$id", "../x.csv", "a", "b"), r"leads out of the folder of the mapping"),
    (call("lookup", "$id", "d.csv", "a", "name"), r"d\.csv has no column 'a' .columns: id, name"),
    (call("lookup", "$id", "d.csv", "$name", "name"), r"'lookup': 'from_column' is the same for every row"),
    (call("lookup", "$id", "$name", "a", "b"), r"'table' of 'lookup' is the name of a file, the same for every row"),
    ("rml:functionExecution [ ]", r"the execution has no rml:function"),
    ("rml:functionExecution ex:f", r"the execution has no rml:function"),
    ('rml:reference "id" ; ' + condition('rml:constant "maybe"'), r"d\.csv:2: the condition is neither true nor false"),
    (
        'rml:reference "id" ; ' + condition(call("length", "$id")),
        r"a condition is true or false; 'length' gives a whole",
    ),
    ('rml:reference "id" ; rml:return ex:r', r"rml:return stands beside rml:functionExecution"),
    (call("trim", "$id") + ' ; rml:reference "id"', r"more than one expression"),
]


@pytest.mark.parametrize(("inside", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_what_makes_no_sense_is_told_before_the_first_row(inside: str, said: str, tmp_path: Path) -> None:
    with pytest.raises((MappingError, DataError), match=said):
        made(mapping(tmp_path, TABLE, objects(inside)))


def doubled(levels: int) -> str:
    """A function that takes its own result twice, again and again: each named once."""
    blocks = [
        f"ex:f{n} rml:function fn:concat ; rml:input [ rml:parameter fn:1 ; rml:inputValueMap [ rml:functionExecution "
        f"ex:f{n + 1} ] ] , [ rml:parameter fn:2 ; rml:inputValueMap [ rml:functionExecution ex:f{n + 1} ] ] .\n"
        for n in range(levels)
    ]
    return "".join(blocks)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (doubled(60), "functions in another"),
        (doubled(12) + "ex:f12 rml:function fn:alwaysReturnsABC .\n", "more than 200 functions for one value"),
        (doubled(1) + "ex:f1 rml:function fn:trim ; rml:input [ rml:parameter fn:1 ; rml:inputValueMap "
         "[ rml:functionExecution ex:f0 ] ] .\n", "the function takes its own result"),
    ],
)  # fmt: skip
def test_functions_in_circles_and_towers_are_refused(more: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=said):
        made(mapping(tmp_path, TABLE, objects("rml:functionExecution ex:f0"), more=more))


def test_texts_do_not_grow_without_bounds(tmp_path: Path) -> None:
    grown = call("regexReplace", "$name", ".", "$0$0$0$0$0$0$0$0$0$0")
    for _ in range(6):
        grown = call("replace", grown, "B", "B" * 1000)
    lists = call("split", call("replace", "$name", "B", "b," * 9_000), ",")
    for inside, said in (
        (grown, "would have more than 1,048,576 characters"),
        (call("concat", lists, call("toUpperCase", lists)), "more than 10,000 choices"),
    ):
        with pytest.raises(DataError, match=said):
            made(mapping(tmp_path, TABLE, objects(inside)))


def test_values_of_a_row_are_counted_sorted_and_summed(tmp_path: Path) -> None:
    parts = call("split", "$tags", ";")
    path = mapping(
        tmp_path,
        "id,tags\n1,3;1;3\n2,\n",
        objects(
            call("join", values=call("sort", values=call("uniques", values=parts)), separator="+"),
            call("get", values=parts, start=-1),
            call("sum", values=parts),
            call("count", values=parts),
            call("slice", values=parts, start=1),
        ),
    )
    assert made(path) == [
        '<1> <p0> "1+3"',
        '<1> <p1> "3"',
        '<1> <p2> "7"^^<xsd:decimal>',
        '<1> <p3> "3"^^<xsd:integer>',
        '<1> <p4> "1"',
        '<1> <p4> "3"',
        '<2> <p3> "0"^^<xsd:integer>',
    ]
