"""Mappings that exist: R2RML, the first vocabulary of RML, what yarrrml-parser writes, and JSONPath of before its RFC."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import kg
from kg.errors import MappingError
from kg.rml import Access, map_to
from kg.rml.legacy.reading import upgraded
from kg.rml.mapping.access import Home

RR = "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n@prefix ex: <http://e/> .\n"
OLD = RR + (
    "@prefix rml: <http://semweb.mmlab.be/ns/rml#> .\n"
    "@prefix ql: <http://semweb.mmlab.be/ns/ql#> .\n"
    "@prefix fnml: <http://semweb.mmlab.be/ns/fnml#> .\n"
    "@prefix fno: <https://w3id.org/function/ontology#> .\n"
    "@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .\n"
)
NEW = "@prefix rml: <http://w3id.org/rml/> .\n@prefix ex: <http://e/> .\n"
NAMES = {"d.json": '{"all": [{"id": 1, "first name": "Aya"}, {"id": 2, "first name": "Ali"}]}', "d.csv": "id,n\n1,a\n"}
NAMED = ['<http://e/1> <http://e/n> "Aya" .', '<http://e/2> <http://e/n> "Ali" .']
CSV = ['<http://e/1> <http://e/n> "a" .']
PAIR = "rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference {} ] ] ."
OLD_PAIR = "rr:predicateObjectMap [ rr:predicate ex:n ; rr:objectMap [ rml:reference {} ] ] ."
SOURCE = 'rml:logicalSource [ rml:source "d.json" ; rml:referenceFormulation ql:JSONPath ; rml:iterator {} ] ;\n'
CASES = {
    "the first vocabulary": (
        OLD + 'ex:A a rr:TriplesMap ;\n rml:logicalSource [ rml:source "d.csv" ; rml:referenceFormulation ql:CSV ] ;\n'
        ' rr:subjectMap [ rr:template "http://e/{id}" ] ;\n' + OLD_PAIR.format('"n"'),
        CSV,
    ),
    "a file as a text": (
        NEW + 'ex:A rml:logicalSource [ rml:source "d.csv" ; rml:referenceFormulation rml:CSV ] ;\n'
        ' rml:subjectMap [ rml:template "http://e/{id}" ] ;\n' + PAIR.format('"n"'),
        CSV,
    ),
    "names in place of paths": (
        OLD + "ex:A " + SOURCE.format('"$.all.[*]"') + ' rr:subjectMap [ rr:template "http://e/{id}" ] ;\n'
        " " + OLD_PAIR.format('"first name"'),
        NAMED,
    ),
    "brackets after a dot": (
        OLD + "ex:A " + SOURCE.format("\"$.['all'].[*]\"") + ' rr:subjectMap [ rr:template "http://e/{$.id}" ] ;\n'
        " " + OLD_PAIR.format("\"$.['first name']\""),
        NAMED,
    ),
    "nodes that are written elsewhere": (
        OLD + "ex:A rml:logicalSource ex:src ; rr:subjectMap ex:s ; rr:predicateObjectMap ex:po .\n"
        'ex:s rr:template "http://e/{id}" .\nex:po rr:predicate ex:n ; rr:objectMap ex:o .\n'
        'ex:o rml:reference "first name" .\n'
        'ex:src rml:source "d.json" ; rml:referenceFormulation ql:JSONPath ; rml:iterator "$.all[*]" .\n',
        NAMED,
    ),
    "whole IRIs": (
        (
            '<http://e/A> <http://semweb.mmlab.be/ns/rml#logicalSource> [ <http://semweb.mmlab.be/ns/rml#source> "d.csv" ;\n'
            " <http://semweb.mmlab.be/ns/rml#referenceFormulation> <http://semweb.mmlab.be/ns/ql#CSV> ] ;\n"
            " <http://www.w3.org/ns/r2rml#subject> <http://e/1> ; <http://www.w3.org/ns/r2rml#predicateObjectMap> [\n"
            " <http://www.w3.org/ns/r2rml#predicate> <http://e/n> ; <http://www.w3.org/ns/r2rml#objectMap> [\n"
            ' <http://semweb.mmlab.be/ns/rml#reference> "n" ] ] .'
        ),
        CSV,
    ),
    "a constant IRI as a text": (
        OLD + 'ex:A rml:logicalSource [ rml:source "d.csv" ; rml:referenceFormulation ql:CSV ] ;\n'
        ' rr:subjectMap [ rr:template "http://e/{id}" ] ; rr:predicateObjectMap [ rr:predicateMap [ rr:constant ex:n ] ;\n'
        '  rr:objectMap [ rr:constant "http://e/x" ; rr:termType rr:IRI ] ] .',
        ["<http://e/1> <http://e/n> <http://e/x> ."],
    ),
    "a function": (
        OLD + "ex:A " + SOURCE.format('"$.all[*]"') + ' rr:subjectMap [ rr:template "http://e/{id}" ] ;\n'
        " rr:predicateObjectMap [ rr:predicate ex:n ; rr:objectMap [ fnml:functionValue [\n"
        "   rml:logicalSource ex:src ;\n"
        "   rr:predicateObjectMap [ rr:predicate fno:executes ;\n"
        "     rr:objectMap [ rr:constant grel:string_replace ] ] ,\n"
        '   [ rr:predicate grel:valueParameter ; rr:objectMap [ rml:reference "first name" ; rr:termType rr:Literal ] ] ;\n'
        '   rr:predicateObjectMap [ rr:predicate grel:p_string_find ; rr:object "A" ] ,\n'
        '   [ rr:predicateMap [ rr:constant grel:p_string_replace ] ; rr:objectMap [ rr:constant "a" ] ] ] ] ] .',
        [line.replace("A", "a") for line in NAMED],
    ),
}


def write(folder: Path, text: str) -> Path:
    for name, content in NAMES.items():
        (folder / name).write_text(content)
    path = folder / "m.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def ran(path: Path, access: Access = Access()) -> tuple[list[str], list[str]]:  # noqa: B008 -- frozen
    output = io.BytesIO()
    notes = map_to(path, output, access=access).notes
    return output.getvalue().decode().splitlines(), [str(note) for note in notes]


@pytest.mark.parametrize("name", CASES)
def test_it_runs_and_is_written_anew(tmp_path: Path, name: str) -> None:
    text, expected = CASES[name]
    path = write(tmp_path, text)
    lines, notes = ran(path)
    assert lines == expected
    (note,) = notes
    assert note.startswith(f"{path}:")
    assert "in RML-Core" in note
    assert "kg map --upgrade m.ttl" in note
    new = upgraded(path, Access())
    path.write_text(new, encoding="utf-8")
    assert ran(path) == (expected, [])
    assert not {"semweb.mmlab.be", "r2rml"} & set(re.findall(r"semweb.mmlab.be|r2rml", new))
    assert upgraded(path, Access()) == new


def test_what_was_right_stays_with_its_remarks(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        OLD + "# Who is who.\nex:A a rr:TriplesMap ;   # the people\n"
        '  rml:logicalSource [ rml:source "d.csv" ; # a file\n    rml:referenceFormulation ql:CSV ] ;\n\n'
        '  rr:subjectMap [ rr:template "http://e/{id}" ] . # "ends" <here>\n',
    )
    result = CliRunner().invoke(kg, ["map", "--upgrade", str(path)])
    assert result.exit_code == 0
    assert result.stdout == (
        "@prefix ex: <http://e/> .\n@prefix rml: <http://w3id.org/rml/> .\n"
        "@prefix fno: <https://w3id.org/function/ontology#> .\n"
        "@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .\n"
        "# Who is who.\nex:A a rml:TriplesMap ;   # the people\n"
        '  rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "d.csv" ]'
        " ; # a file\n    rml:referenceFormulation rml:CSV ] ;\n\n"
        '  rml:subjectMap [ rml:template "http://e/{id}" ] . # "ends" <here>\n'
    )


def test_the_lines_of_faults_are_those_of_the_file(tmp_path: Path) -> None:
    text = CASES["a function"][0].replace("grel:p_string_find", "grel:p_strnig_find")
    with pytest.raises(MappingError, match="p_strnig_find") as caught:
        ran(write(tmp_path, text))
    line = next(number for number, one in enumerate(text.splitlines(), 1) if "strnig" in one)
    assert [problem.position.line for problem in caught.value.problems if "strnig" in problem.message] == [line]


def test_a_prefix_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    text = CASES["the first vocabulary"][0].replace("rml:", "old:")
    path = write(tmp_path, "@prefix rml: <http://other/> .\n" + text.replace("ex:A a", "ex:A rml:x 1 ; a"))
    assert ran(path)[0] == CSV
    assert "@prefix rml: <http://other/> ." in upgraded(path, Access())


def test_the_note_is_a_warning(tmp_path: Path) -> None:
    path = write(tmp_path, CASES["a file as a text"][0])
    result = CliRunner().invoke(kg, ["map", str(path), "--json", "-o", str(tmp_path / "o.nq")])
    (warning,) = json.loads(result.stdout)["data"]["warnings"]
    assert warning["where"] == {"file": str(path), "line": 3}


def test_labels_of_blank_nodes_and_tests_for_new_ones(tmp_path: Path) -> None:
    """As yarrrml-parser writes both: a text with a term type, and a function that gives a node that says nothing."""
    call = "a rr:PredicateObjectMap ; rr:predicateMap [ rr:constant {} ] ; rr:objectMap {}"
    equal = "https://w3id.org/imec/idlab/function#equal"
    parts = {
        "ex:f": "rml:logicalSource ex:src ; rr:predicateObjectMap ex:a , ex:b , ex:c",
        "ex:a": call.format("fno:executes", f'[ rr:constant "{equal[:-5]}trueCondition" ; rr:termType rr:IRI ]'),
        "ex:b": call.format(f"<{equal[:-5]}strBoolean>", "ex:test"),
        "ex:c": call.format(f"<{equal[:-5]}str>", "[ rr:termType rr:BlankNode ]"),
        "ex:test": "a rr:ObjectMap , fnml:FunctionTermMap ; fnml:functionValue ex:g",
        "ex:g": "rml:logicalSource ex:src ; rr:predicateObjectMap ex:d , ex:e , ex:h",
        "ex:d": call.format("fno:executes", f'[ rr:constant "{equal}" ; rr:termType rr:IRI ]'),
        "ex:e": call.format("grel:valueParameter", '[ rml:reference "id" ; rr:termType rr:Literal ]'),
        "ex:h": call.format("grel:valueParameter2", '[ rr:constant "2" ; rr:termType rr:Literal ]'),
        "ex:s": "a rr:SubjectMap , fnml:FunctionTermMap ; rr:termType rr:BlankNode ; fnml:functionValue ex:f",
        "ex:src": 'rml:source "d.csv" ; rml:referenceFormulation ql:CSV',
        "ex:A": "rml:logicalSource ex:src ; rr:subjectMap ex:s ; rr:predicateObjectMap "
        '[ rr:predicate ex:n ; rr:objectMap [ rr:constant "a{b" ; rr:termType rr:BlankNode ] ]',
        "ex:B": 'rml:logicalSource ex:src ; rr:subjectMap [ rr:termType rr:BlankNode ; rr:constant "a{b" ] ; '
        'rr:predicateObjectMap [ rr:predicate ex:m ; rr:objectMap [ rml:reference "n" ] ]',
    }
    path = write(tmp_path, OLD + "".join(f"{name} {said} .\n" for name, said in parts.items()))
    (tmp_path / "d.csv").write_text("id,n\n1,a\n2,b\n3,c\n")
    made, (note,) = ran(path)
    named = [line.split(" ") for line in made]
    assert [(one[1], one[2]) for one in named if one[1] == "<http://e/m>"] == [
        ("<http://e/m>", f'"{n}"') for n in "abc"
    ]
    ((row, _, label, _),) = [one for one in named if one[1] == "<http://e/n>"]
    assert {one[0] for one in named if one[1] == "<http://e/m>"} == {label}
    assert row != label
    assert "in RML-Core" in note
    path.write_text(upgraded(path, Access()), encoding="utf-8")
    assert ran(path) == (made, [])


def test_a_join_by_a_function_that_compares(tmp_path: Path) -> None:
    """As yarrrml-parser writes it: every node by name, and the expression of the other side as a parent term map."""
    (tmp_path / "books.csv").write_text("id,author\n7,A\n8,b\n")
    path = write(
        tmp_path,
        OLD + "ex:P rml:logicalSource ex:ps ; rr:subject ex:nobody .\n"
        'ex:ps rml:source "d.csv" ; rml:referenceFormulation ql:CSV .\n'
        'ex:B rml:logicalSource ex:bs ; rr:subjectMap [ rr:template "http://e/{id}" ] ; rr:predicateObjectMap ex:po .\n'
        'ex:bs rml:source "books.csv" ; rml:referenceFormulation ql:CSV .\n'
        "ex:po rr:predicate ex:by ; rr:objectMap ex:om .\n"
        "ex:om rr:parentTriplesMap ex:P ; rr:joinCondition ex:jc .\n"
        "ex:jc a fnml:FunctionTermMap ; fnml:functionValue ex:f .\n"
        "ex:f rr:predicateObjectMap ex:exec , ex:p2 , ex:p1 .\n"
        "ex:exec rr:predicateMap [ rr:constant fno:executes ] ;\n"
        ' rr:objectMap [ rr:constant "http://example.com/idlab/function/equal" ; rr:termType rr:IRI ] .\n'
        'ex:p1 rr:predicate grel:valueParameter ; rr:objectMap ex:o1 .\nex:o1 rml:reference "author" .\n'
        "ex:p2 rr:predicate grel:valueParameter2 ; rr:objectMap ex:o2 .\nex:o2 fnml:functionValue ex:g .\n"
        "ex:g rr:predicateObjectMap [ rr:predicate fno:executes ; rr:object grel:toUpperCase ] ,\n"
        "  [ rr:predicate grel:valueParameter ; rr:objectMap ex:o3 ] .\n"
        'ex:o3 rml:parentTermMap ex:t .\nex:t rml:reference "n" .\n',
    )
    assert ran(path)[0] == ["<http://e/7> <http://e/by> <http://e/nobody> ."]


def test_a_join_by_and_of_several_that_compare(tmp_path: Path) -> None:
    (tmp_path / "books.csv").write_text("id,author,of\n7,a,1\n8,a,2\n")
    equal = (
        "ex:f{0} rr:predicateObjectMap [ rr:predicate fno:executes ; rr:object idlab:equal ] ,"
        " [ rr:predicate grel:valueParameter ; rr:objectMap ex:a{0} ] ,"
        " [ rr:predicate grel:valueParameter2 ; rr:objectMap ex:b{0} ] .\n"
        'ex:a{0} rml:reference "{1}" .\nex:b{0} rml:parentTermMap [ rml:reference "{2}" ] .\n'
    )
    path = write(
        tmp_path,
        OLD + "@prefix idlab: <https://w3id.org/imec/idlab/function#> .\n"
        'ex:P rml:logicalSource [ rml:source "d.csv" ; rml:referenceFormulation ql:CSV ] ; rr:subject ex:nobody .\n'
        'ex:B rml:logicalSource [ rml:source "books.csv" ; rml:referenceFormulation ql:CSV ] ;\n'
        ' rr:subjectMap [ rr:template "http://e/{id}" ] ; rr:predicateObjectMap [ rr:predicate ex:by ;\n'
        " rr:objectMap [ rr:parentTriplesMap ex:P ; rr:joinCondition ex:jc ] ] .\n"
        "ex:jc fnml:functionValue [ rr:predicateObjectMap [ rr:predicate fno:executes ; rr:object grel:boolean_and ] ,\n"
        " [ rr:predicate grel:param_rep_b ; rr:objectMap [ fnml:functionValue ex:f1 ] ] ,\n"
        " [ rr:predicate grel:param_rep_b ; rr:objectMap [ fnml:functionValue ex:f2 ] ] ] .\n"
        + equal.format(1, "author", "n")
        + equal.format(2, "of", "id"),
    )
    assert ran(path)[0] == ["<http://e/7> <http://e/by> <http://e/nobody> ."]


def test_a_join_whose_function_is_unknown_is_one_fault(tmp_path: Path) -> None:
    condition = '[ rml:childMap [ rml:functionExecution [ rml:function ex:loud ] ] ; rml:parent "n" ]'
    source = (
        "rml:logicalSource [ rml:referenceFormulation rml:CSV ; rml:source [ a rml:RelativePathSource ; rml:path {} ] ]"
    )
    persons, books = source.format('"d.csv"'), source.format('"books.csv"')
    (tmp_path / "books.csv").write_text("id\n7\n")
    path = write(
        tmp_path,
        NEW + f"ex:P {persons} ; rml:subject ex:nobody .\n"
        f'ex:B {books} ; rml:subjectMap [ rml:template "http://e/{{id}}" ] ;\n'
        " rml:predicateObjectMap [ rml:predicate ex:by ; rml:objectMap [ rml:parentTriplesMap ex:P ;\n"
        f" rml:joinCondition {condition} ] ] .\n",
    )
    with pytest.raises(MappingError, match="there is no function http://e/loud") as caught:
        ran(path)
    assert len(caught.value.problems) == 1


R2RML = (
    RR + 'ex:A a rr:TriplesMap ;\n  rr:logicalTable [ rr:tableName "\\"My people\\"" ] ;\n'
    '  rr:subjectMap [ rr:template "http://e/{\\"Id\\"}" ; rr:class ex:P ; rr:graph ex:g ] ;\n'
    '  rr:predicateObjectMap [ rr:predicate ex:n ; rr:objectMap [ rr:column "\\"name\\"" ; rr:language "fr" ] ] ;\n'
    "  rr:predicateObjectMap [ rr:predicate ex:of ; rr:objectMap [ rr:parentTriplesMap ex:B ;\n"
    '    rr:joinCondition [ rr:child "town" ; rr:parent "Code" ] ] ] .\n'
    'ex:B rr:logicalTable [ a rr:R2RMLView ; rr:sqlVersion rr:SQL2008 ; rr:sqlQuery """SELECT "code",\n'
    '    count(*) AS n FROM towns GROUP BY "code";\n""" ] ;\n'
    '  rr:subjectMap [ rr:column "code" ; rr:termType rr:BlankNode ; rr:inverseExpression "{code} = 1" ] ;\n'
    '  rr:predicateObjectMap [ rr:predicate ex:count ; rr:objectMap [ rr:column "n" ] ] .\n'
)
MADE = [
    '<http://e/1> <http://e/n> "Zoé"@fr <http://e/g> .',
    "<http://e/1> <http://e/of> _:bT <http://e/g> .",
    "<http://e/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/P> <http://e/g> .",
    '_:bT <http://e/count> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .',
]
TABLES = (
    'CREATE TABLE "My people" ("Id" int, "name" varchar(9), town varchar(9))',
    "INSERT INTO \"My people\" VALUES (1, 'Zoé', 'T')",
    'CREATE TABLE towns ("code" varchar(9))',
    "INSERT INTO towns VALUES ('T'), ('T')",
)


def test_r2rml_in_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "d.sqlite") as connection:
        for statement in TABLES:
            connection.execute(statement)
    connection.close()
    path = write(tmp_path, R2RML)
    named = ["--database", str(tmp_path / "d.sqlite")]
    result = CliRunner().invoke(kg, ["map", str(path), *named])
    assert sorted(result.stdout.splitlines()) == sorted(MADE), result.stderr
    new = CliRunner().invoke(kg, ["map", "--upgrade", str(path), *named]).stdout
    path.write_text(new)
    assert 'd2rq/0.1#jdbcDSN> "jdbc:sqlite:d.sqlite"'.lower() in new.lower()
    assert sorted(ran(path)[0]) == sorted(MADE)


def test_r2rml_without_a_database_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="the database of the logical table is not named") as caught:
        ran(write(tmp_path, R2RML))
    assert [problem.position.line for problem in caught.value.problems] == [4, 9]
    assert "--database" in str(caught.value)


def test_a_version_of_sql_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="sqlVersion is not known"):
        ran(write(tmp_path, R2RML.replace("rr:SQL2008", "rr:SQL1979")), Access(home=Home("jdbc:sqlite:d.sqlite")))


def test_a_language_that_no_registry_can_have(tmp_path: Path) -> None:
    text = CASES["the first vocabulary"][0].replace('rml:reference "n"', 'rml:reference "n" ; rr:language "english"')
    with pytest.raises(MappingError, match="'english' is no language tag: no language has a code of more than three"):
        ran(write(tmp_path, text))


@pytest.mark.parametrize(
    ("said", "made"),
    [
        (
            'rml:constant "5" ; rml:datatype <http://www.w3.org/2001/XMLSchema#int>',
            '"5"^^<http://www.w3.org/2001/XMLSchema#int>',
        ),
        ('rml:constant "cinq" ; rml:language "fr"', '"cinq"@fr'),
        ('rml:constant "cinq"@fr ; rml:language "fr"', '"cinq"@fr'),
        ("rml:constant 5 ; rml:datatype <http://www.w3.org/2001/XMLSchema#int>", "its map says otherwise"),
        ('rml:constant "cinq" ; rml:datatype <http://www.w3.org/2001/XMLSchema#int>', "'cinq' is no <http"),
        ('rml:constant ex:a ; rml:language "fr"', "only literals have a language"),
        ('rml:constant "a" ; rml:languageMap [ rml:reference "n" ]', "takes no language or datatype from the data"),
    ],
)
def test_a_constant_has_the_language_and_the_datatype_of_its_map(tmp_path: Path, said: str, made: str) -> None:
    path = write(tmp_path, CASES["a file as a text"][0].replace('rml:reference "n"', said))
    if not made.startswith('"'):
        with pytest.raises(MappingError, match=made):
            ran(path)
        return
    assert ran(path)[0] == [f"<http://e/1> <http://e/n> {made} ."]


def test_names_of_functions_between_the_first_and_today(tmp_path: Path) -> None:
    call = (
        "fnml:execution [ fnml:function grel:toUpperCase ; "
        'fnml:input [ fnml:parameter grel:valueParam ; fnml:valueMap [ rml:reference "n" ] ] ]'
    )
    text = CASES["the first vocabulary"][0].replace('rml:reference "n"', call)
    assert ran(write(tmp_path, text))[0] == ['<http://e/1> <http://e/n> "A" .']


def test_a_database_elsewhere_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    path = write(tmp_path / "inner", R2RML)
    with pytest.raises(MappingError, match="leads out of the folder of the mapping"):
        ran(path, Access(home=Home("jdbc:sqlite:../d.sqlite")))


def test_a_user_needs_a_database(tmp_path: Path) -> None:
    result = CliRunner().invoke(kg, ["map", str(write(tmp_path, R2RML)), "--user", "me"])
    assert result.exit_code == 2
    assert "--user is that of a --database" in result.stderr


def test_yarrrml_is_not_written_anew(tmp_path: Path) -> None:
    result = CliRunner().invoke(kg, ["map", "--upgrade", str(tmp_path / "m.yml")])
    assert result.exit_code == 2
    assert "YARRRML is not written anew" in result.stderr


def test_yarrrml_takes_a_dot_before_brackets(tmp_path: Path) -> None:
    write(tmp_path, "")
    path = tmp_path / "m.yml"
    path.write_text(
        'prefixes: {ex: "http://e/"}\nmappings:\n  m:\n    sources: [["d.json~jsonpath", "$.all.[*]"]]\n'
        "    s: ex:$(id)\n    po: [[ex:n, $(first name)]]\n"
    )
    assert ran(path)[0] == NAMED
