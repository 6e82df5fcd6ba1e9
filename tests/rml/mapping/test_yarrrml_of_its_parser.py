"""Spellings that yarrrml-parser knows beyond the specification's own: the same statements as the RML in Turtle."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rml.mapping.yarrrml_documents import HEAD, read, same

from kg.errors import MappingError
from kg.rml import Access, map_to
from kg.rml.mapping.access import Home

CSV = (
    "rml:logicalSource [ a rml:LogicalSource ; rml:referenceFormulation rml:CSV ; "
    'rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t.csv" ] ]'
)
OBJECT = (
    'm:m a rml:TriplesMap ; {} ; rml:subjectMap [ rml:template "http://e/{{id}}" ] ; rml:predicateObjectMap [ {} ] .'
)
SUBJECT = "m:m a rml:TriplesMap ; {} ; rml:subjectMap [ {} ] ."
OBJECTS = {
    "{type: blank}": "rml:objectMap [ rml:termType rml:BlankNode ]",
    "{value: of-$(n), type: blank}": 'rml:objectMap [ rml:template "of-{n}" ; rml:termType rml:BlankNode ]',
    "{value: one, type: blank}": 'rml:objectMap [ rml:template "one" ; rml:termType rml:BlankNode ]',
    "{value: $(n), language: ar, datatype: rdf:langString}": 'rml:objectMap [ rml:reference "n" ; rml:language "ar" ]',
    r"'$((n\))'": 'rml:objectMap [ rml:reference "(n)" ]',
    r"'$(f(n))'": 'rml:objectMap [ rml:reference "f(n)" ]',
    r"'ex\:$(n)'": 'rml:objectMap [ rml:template "ex:{n}" ; rml:termType rml:Literal ]',
    r"'ex:a\:$(n)~iri'": 'rml:objectMap [ rml:template "http://e/a:{n}" ]',
    "{function: trim, pms: [[text, $(n), s]]}": (
        "rml:objectMap [ rml:functionExecution [ rml:function fn:trim ; "
        'rml:input [ rml:parameter fn:text ; rml:inputValueMap [ rml:reference "n" ] ] ] ; rml:termType rml:Literal ]'
    ),
}
FN = "@prefix fn: <https://w3id.org/zellige/fn#> . "
LINK = """
  other: {sources: u.csv~csv, s: "ex:$(id)"}
"""


@pytest.mark.parametrize("written", OBJECTS)
def test_objects(written: str, tmp_path: Path) -> None:
    made = OBJECTS[written].replace("rml:termType rml:Literal ]", "]") if "function" in written else OBJECTS[written]
    same(
        read(HEAD + f"    po: [{{p: ex:p, o: {written}}}]", tmp_path),
        FN + OBJECT.format(CSV, f"rml:predicate ex:p ; {made}"),
    )


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("{type: blank}", "rml:termType rml:BlankNode"),
        ("{value: n-$(id), type: blank}", 'rml:template "n-{id}" ; rml:termType rml:BlankNode'),
        (r"$(id)\:\:n", 'rml:template "{id}::n"'),
    ],
)
def test_subjects(written: str, made: str, tmp_path: Path) -> None:
    same(read(HEAD.replace("ex:$(id)", written), tmp_path), SUBJECT.format(CSV, made))


def test_an_object_with_a_known_prefix_is_a_text_and_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,n\n1,a\n")
    path = tmp_path / "m.yml"
    objects = [
        "ex:o",
        r"ex:$(n)/b\:c",
        "ex:o~iri",
        "'Note: well'",
        "zz:o",
        "{value: ex:o, type: literal}",
        "{value: ex:o, language: fr}",
    ]
    path.write_text(HEAD + "    po:\n" + "".join(f"      - {{p: ex:p{n}, o: {o}}}\n" for n, o in enumerate(objects)))
    output = io.BytesIO()
    (note,) = map_to(path, output).notes
    made = [line.split(" ", 2)[2] for line in output.getvalue().decode().splitlines()]
    assert made == [
        '"http://e/o" .',
        '"http://e/a/b:c" .',
        "<http://e/o> .",
        '"Note: well" .',
        '"zz:o" .',
        '"ex:o" .',
        '"ex:o"@fr .',
    ]
    assert note.position is not None
    assert note.position.line == 7
    assert note.message == "'ex:o' is a text here, with its prefix written out, and 1 more like it"
    assert note.hint == "write ex:o~iri for the IRI, or value: and type: literal for the text as it stands"


def test_braces_of_other_languages_are_texts_and_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,a\n1,x\n")
    pairs = "[[ex:p, '{a}'], [ex:q, 'Mr {a} {b}'], [ex:r, '{} { }'], [ex:s, '$(a) {a}'], [ex:t, '{a}', xsd:string]]"
    (tmp_path / "m.yml").write_text(f"{HEAD}    po: {pairs}")
    output = io.BytesIO()
    (note,) = map_to(tmp_path / "m.yml", output).notes
    assert '"{a}"' in output.getvalue().decode()
    assert note.message == "'{a}' is a text here, the same in every row, and 1 more like it"
    assert note.hint == "a column is written $(name)"


def test_external_values(tmp_path: Path) -> None:
    given = r"[[ex:p, $(_city)], [ex:p, $(\_city)], [ex:p, $(_land)/$(_city)]]"
    text = f"external: {{city: Fès}}\n{HEAD}    po: {given}"
    pair = "rml:predicateObjectMap [ rml:predicate ex:p ; {} ]"
    objects = (
        'rml:object "Fès"',
        'rml:objectMap [ rml:reference "_city" ]',
        'rml:objectMap [ rml:template "{_land}/Fès" ; rml:termType rml:Literal ]',
    )
    pairs = " ; ".join(pair.format(one) for one in objects)
    subject = 'rml:subjectMap [ rml:template "http://e/{id}" ]'
    same(read(text, tmp_path), f"m:m a rml:TriplesMap ; {CSV} ; {subject} ; {pairs} .")


def test_links_by_several_conditions_and_sides_within_functions(tmp_path: Path) -> None:
    lower = "{function: toLowerCase, parameters: [[text, $(n), o]]}"
    equal = f"{{function: equal, parameters: [[str1, $(a), s], [str2, {lower}]]}}"
    other = (
        "{mapping: other, function: idlab-fn:equal, pms: [[grel:valueParameter, $(c)], [grel:valueParameter2, $(d)]]}"
    )
    both = (
        f"{{function: grel:boolean_and, parameters: [[grel:param_rep_b, {equal}], {{parameter: b, value: {other}}}]}}"
    )
    text = HEAD + f"    po: [{{p: ex:p, o: {{mapping: other, condition: {both}}}}}]" + LINK
    joins = (
        'rml:joinCondition [ rml:child "a" ; rml:parentMap [ rml:functionExecution [ rml:function fn:toLowerCase ; '
        'rml:input [ rml:parameter fn:text ; rml:inputValueMap [ rml:reference "n" ] ] ] ] ] , '
        '[ rml:child "c" ; rml:parent "d" ]'
    )
    link = f"rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap m:other ; {joins} ]"
    others = SUBJECT.replace("m:m", "m:other").format(CSV.replace("t.csv", "u.csv"), 'rml:template "http://e/{id}"')
    same(read(text, tmp_path), FN + OBJECT.format(CSV, link) + others)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{function: equal, pms: [[str1, {fn: trim, pms: [[text, $(a), o]]}, s], [str2, $(b)]]}", "of one side"),
        ("{mapping: m, function: equal, pms: [[str1, $(a)], [str2, $(b)]]}", "about another mapping than its link"),
        ("{function: and, pms: [{parameter: b}]}", "a parameter has 'parameter' and 'value'"),
        ("{function: equal, pms: [[str3, $(a)], [str2, $(b)]]}", "'equal' has no parameter 'str3'"),
    ],
)
def test_conditions_of_links_that_make_no_sense(condition: str, said: str, tmp_path: Path) -> None:
    text = HEAD + f"    po: [{{p: ex:p, o: {{mapping: other, condition: {condition}}}}}]" + LINK
    with pytest.raises(MappingError, match=said):
        read(text, tmp_path)


@pytest.mark.parametrize("source", ["{table: people, queryFormulation: mysql}", "{query: SELECT * FROM people}"])
def test_tables_of_the_database_that_is_named(source: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "d.sqlite")) as connection:
        connection.executescript("CREATE TABLE people (id, n); INSERT INTO people VALUES (1, 'a')")
    path, output = tmp_path / "m.yml", io.BytesIO()
    path.write_text(HEAD.replace("t.csv~csv", source) + "    po: [[ex:p, $(n)], [ex:q, {type: blank}]]")
    map_to(path, output, access=Access(home=Home("jdbc:sqlite:d.sqlite")))
    first, second = output.getvalue().decode().splitlines()
    assert first == '<http://e/1> <http://e/p> "a" .'
    assert second.startswith("<http://e/1> <http://e/q> _:")


def test_a_tab_may_be_escaped(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id\tn\n1\ta,b\n")
    path, output = tmp_path / "m.yml", io.BytesIO()
    source = r"{access: t.csv, referenceFormulation: csv, delimiter: '\t'}"
    path.write_text(HEAD.replace("t.csv~csv", source) + "    po: [[ex:p, $(n)]]")
    map_to(path, output)
    assert output.getvalue().decode() == '<http://e/1> <http://e/p> "a,b" .\n'
