"""Functions and conditions in YARRRML, long and short."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from rml.functions.calling import made

from kg.errors import MappingError

TABLE = "id,name,tags,kind\n1,Ben Ali,a; b,A\n2,,,B\n"
HEAD = "prefixes: {ex: 'http://e/'}\nmappings:\n  m:\n    sources: d.csv~csv\n    s: ex:$(id)\n"


def run(folder: Path, body: str, head: str = HEAD) -> list[str]:
    (folder / "d.csv").write_text(TABLE, encoding="utf-8")
    (folder / "o.csv").write_text("code,label\nX,BEN ALI\n", encoding="utf-8")
    path = folder / "m.yml"
    path.write_text(head + body, encoding="utf-8")
    return made(path)


BOTH = """{function: grel:boolean_or, parameters: [[grel:param_rep_b, {function: 'equal($(kind), B)'}],
          [grel:param_rep_b, {function: 'isNull($(name))'}], [grel:param_rep_b, {function: 'equal($(id), 3)'}]]}"""
OBJECTS = [
    ("{function: toUpperCase, parameters: [[text, $(name)]]}", ['"BEN ALI"']),
    ("{fn: grel:toUpperCase, pms: [{pm: grel:valueParameter, v: $(name)}]}", ['"BEN ALI"']),
    ("{function: 'toUpperCase($(name))'}", ['"BEN ALI"']),
    ("{function: 'grel:toUpperCase(grel:valueParam = $(name))'}", ['"BEN ALI"']),
    ('{function: \'replace($(name), find: " ", replacement: "-")\', type: iri}', None),
    ('{function: \'join(values: split(text: $(tags), separator: ";"), separator: ", ")\'}', ['"a, b"']),
    ("{value: {function: length, parameters: [[text, '$(name)!']]}}", ['"8"^^<xsd:integer>']),
    ("{function: 'toUpperCase(x$(id))', datatype: ex:t}", ['"X1"^^<t>', '"X2"^^<t>']),
    ("{function: 'toUpperCase(x$(id))', language: {function: 'toLowerCase(FR)'}}", ['"X1"@fr', '"X2"@fr']),
    ("{function: 'concat(http://e/, $(id))', type: iri}", ["<1>", "<2>"]),
    ("{value: $(name), condition: {function: equal, parameters: [[str1, $(kind)], [str2, A]]}}", ['"Ben Ali"']),
    ("{value: $(id), condition: ['equal($(kind), B)', 'isNull($(name))']}", ['"2"']),
    ("{value: $(id), condition: " + BOTH + "}", ['"2"']),
    ("{value: yes, condition: 'contains($(name), \"(Ali\")'}", []),
    ("{function: concat, parameters: [[text, 'ex:'], [other, $(id)~iri]], type: iri}", ["<1>", "<2>"]),
    ("{function: 'concat(ex:x, $(id))'}", ['"x1"', '"x2"']),
    ("{function: 'concat(\"ex:x\", $(id))'}", ['"ex:x1"', '"ex:x2"']),
    ("{function: concat, parameters: [[text, 'ex\\:x'], [other, $(id)]]}", ['"ex:x1"', '"ex:x2"']),
    ("{function: join, parameters: [[values, [$(id), $(kind), z]], [separator, '-']]}", ['"1-A-z"', '"2-B-z"']),
]


@pytest.mark.parametrize(("written", "objects"), OBJECTS, ids=[written for written, _ in OBJECTS])
def test_objects(written: str, objects: list[str] | None, tmp_path: Path) -> None:
    body = f"    po:\n      - p: ex:p\n        o: {written}\n"
    if objects is None:
        with pytest.raises(Exception, match="'Ben-Ali' is relative"):
            run(tmp_path, body)
        return
    assert [line.split(" ", 2)[2] for line in run(tmp_path, body)] == objects


def test_every_other_place_and_conditions(tmp_path: Path) -> None:
    head = """\
prefixes: {ex: 'http://e/'}
mappings:
  m:
    sources: d.csv~csv
    condition: {function: notEqual, parameters: [[grel:valueParameter, $(kind)], [grel:valueParameter2, B]]}
    s: {function: concat, parameters: [[text, 'http://e/'], [other, $(id)]]}
    graphs: {function: 'concat("http://e/g", $(id))'}
    po:
      - p: {function: 'concat(http://e/, $(kind))'}
        o: ex:o~iri
        condition: isNotNull($(name))
      - p: ex:link
        o:
          mapping: other
          condition:
            function: equal
            parameters:
              - [str1, {function: 'fold($(name))'}]
              - [str2, {function: 'fold($(label))'}]
      - p: ex:link2
        o: {mapping: other, condition: {function: 'equal(str1 = fold($(name)), str2 = fold($(label)))'}}
  other:
    sources: o.csv~csv
    s: ex:o/$(code)
"""
    assert run(tmp_path, "", head) == ["<1> <A> <o> <g1>", "<1> <link> <o/X> <g1>", "<1> <link2> <o/X> <g1>"]


FAULTS = [
    ("{function: toUperCase, parameters: [[text, $(name)]]}", 9, "there is no function fn:toUperCase"),
    ("{function: toUpperCase, parameters: [[txt, $(name)]]}", 9, "has no parameter fn:txt .did you mean 'fn:text'"),
    ("{function: toUpperCase, parameters: [[text, 'e:$(id)~iri']]}", 9, "the prefix 'e' is not declared"),
    ("{function: idlab-fn:random}", 9, "there is no function idlab-fn:random .what differs in every run"),
    ("{function: 'and(true, false, fn:test = true)'}", 9, "'test' of 'and' is given twice"),
    ("{function: 'substring($(name), x)'}", 9, "'start' of 'substring': 'x' is not a whole number"),
    ("{function: 'trim($(nam))'}", 9, "d.csv has no column 'nam' .did you mean 'name'"),
    ("{value: a, condition: {function: 'length($(name))'}}", 9, "a condition is true or false"),
]


@pytest.mark.parametrize(("written", "line", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_faults_have_the_line_of_the_yaml(written: str, line: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=said) as caught:
        run(tmp_path, f"    po:\n      - p: ex:p\n\n        o: {written}\n")
    assert [problem.position.line for problem in caught.value.problems if problem.position] == [line]


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (
            "concat', parameters: [[grel:valueParameter1, a], [grel:valueParameter2, $(id)], [grel:p_string_sep, -]]",
            "a-1",
        ),
        ("string_split_explode', parameters: [[grel:valueParameter, x;x], [grel:p_string_sep, ;]]", "x"),
        ("hash', parameters: [[grel:valueParameter, $(id)]]", sha256(b"1").hexdigest()),
    ],
)
def test_what_morph_kgc_calls_its_own(called: str, expected: str, tmp_path: Path) -> None:
    morph = "https://github.com/morph-kgc/morph-kgc/function/built-in.ttl#"
    found = run(tmp_path, f"    po: [{{p: ex:p, o: {{function: '{morph}{called}}}}}]")
    assert found[0] == f'<1> <p> "{expected}"'
