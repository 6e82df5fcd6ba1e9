"""The words of a result, the order of results and the Turtle of a report, to the letter."""

from __future__ import annotations

import itertools
import random

import pytest
from rdflib import SH

from kg.errors import Position
from kg.shacl import Message, Report, Result
from kg.shacl.report import VIOLATION, literal_text, make_report

NS = str(SH)
COMPONENTS = {
    "And": "does not fit all", "Class": "not of the class", "Closed": "not allowed", "Datatype": "datatype required",
    "Disjoint": "also a value", "Equals": "differs", "HasValue": "lacks", "In": "not in the list",
    "LanguageIn": "one of the languages", "LessThan": "not less than", "LessThanOrEquals": "greater than",
    "MaxCount": "too many", "MaxExclusive": "too great", "MaxInclusive": "too great", "MaxLength": "too long",
    "MinCount": "too few", "MinExclusive": "too small", "MinInclusive": "too small", "MinLength": "too short",
    "Node": "not fit the shape", "NodeKind": "kind required", "Not": "fits a shape", "Or": "fits none",
    "Pattern": "match the pattern", "QualifiedMaxCount": "too many", "QualifiedMinCount": "too few",
    "UniqueLang": "one language", "Xone": "exactly one",
}  # fmt: skip


def result(focus: str = "http://e/x", **more: object) -> Result:
    return Result(**{"focus": focus, "severity": VIOLATION, "component": f"{NS}InConstraintComponent", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "words"), COMPONENTS.items(), ids=COMPONENTS)
def test_every_component_of_the_standard_has_words_of_its_own(name, words):
    assert words in result(component=f"{NS}{name}ConstraintComponent").message()


def test_a_component_that_nobody_knows_is_named():
    assert result(component="http://e/Own").message() == "breaks http://e/Own"
    assert result(component=f"{NS}OwnConstraintComponent").message() == "breaks sh:OwnConstraintComponent"


@pytest.mark.parametrize(
    ("wanted", "texts", "said"),
    [
        ("fr", {"ar": "a", "fr": "f", "en": "e", None: "n"}, "f"),
        ("en", {"fr": "f", "en-GB": "e"}, "e"),
        ("en", {"fr": "f", None: "n"}, "n"),
        ("en", {"fr": "f", "EN": "e"}, "e"),
        ("fr", {"en": "e", "ar": "a"}, "a"),
        ("ar", {"de": "d", "fr": "f"}, "f"),
        ("en", {"de": "d", "it": "c"}, "c"),
    ],
)
def test_the_nearest_language_is_said(wanted, texts, said):
    messages = tuple(Message(text, language) for language, text in texts.items())
    assert result(messages=messages).message(wanted) == said
    assert result(messages=messages[::-1]).message(wanted) == said


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "violation: is not in the list [http://e/x]"),
        ({"severity": f"{NS}Warning"}, "warning: is not in the list [http://e/x]"),
        ({"severity": "http://e/Grave"}, "http://e/grave: is not in the list [http://e/x]"),
        (
            {"path": f"{NS}path", "value": '"1"^^<urn:d>'},
            'violation: is not in the list [http://e/x sh:path "1"^^urn:d]',
        ),
        ({"path": f"<{NS}path>/<urn:p>*"}, "violation: is not in the list [http://e/x sh:path/urn:p*]"),
        ({"value": f'"<{NS}path> \n a"'}, f'violation: is not in the list [http://e/x "<{NS}path> a"]'),
        ({"value": f'"1"^^<{NS}d>'}, 'violation: is not in the list [http://e/x "1"^^sh:d]'),
        ({"shape": f"{NS}S"}, "violation: is not in the list [http://e/x] (shape sh:S)"),
        ({"messages": (Message(" two\n lines "),)}, "violation: two lines [http://e/x]"),
    ],
)
def test_a_result_is_one_line(more, line):
    assert result(**more).summary() == line
    assert Report((result(**more),)).to_text() == f"{line}\ndoes not conform: 1 result\n"


def test_a_line_begins_with_its_place_where_there_is_one():
    report = Report((result(), result("http://e/y")))
    text = report.to_text(lambda focus: Position("a.yaml", 7) if focus.endswith("x") else None, "fr")
    assert text == (
        "a.yaml:7: violation: n’est pas dans la liste [http://e/x]\n"
        "violation: n’est pas dans la liste [http://e/y]\nnon conforme\u00a0: 2 résultats\n"
    )
    first, second = report.problems(lambda focus: Position("a.yaml", 7) if focus.endswith("x") else None)
    assert (str(first.position), first.message) == ("a.yaml:7", "violation: is not in the list [http://e/x]")
    assert (second.position, second.iri) == (None, "http://e/y")


def test_problems_speak_the_language_asked_for():
    messages = (Message("non", "fr"), Message("no", "en"))
    (problem,) = Report((result(messages=messages),)).problems(language="fr")
    assert problem.message == "violation: non [http://e/x]"


def test_what_is_more_than_a_warning_is_a_violation():
    severities = [VIOLATION, f"{NS}Warning", f"{NS}Info", "http://e/Grave"]
    report = Report(tuple(result(severity=one) for one in severities))
    assert [one.severity for one in report.violations] == [VIOLATION, "http://e/Grave"]


# --- the order, and the names of blank nodes

ORDERED = (
    result("_:b"),
    result("http://e/a", path="urn:p", value='"1"'),
    result("http://e/a", path="urn:p", value='"2"'),
    result("http://e/a", path="urn:p", component=f"{NS}NotConstraintComponent", shape="_:s"),
    result("http://e/a", path="urn:p", component=f"{NS}NotConstraintComponent", shape="A:a"),
    result("http://e/a", path="urn:p", component=f"{NS}NotConstraintComponent", shape="urn:a"),
    result("http://e/a", path="urn:p", component=f"{NS}NotConstraintComponent", shape="urn:b"),
    result("http://e/a", path="urn:q", messages=(Message("a"),)),
    result("http://e/a", path="urn:q", messages=(Message("a", "fr"),)),
    result("http://e/a", path="urn:q", messages=(Message("b"),)),
    result("http://e/b"),
    result("http://e/a", severity=f"{NS}Warning"),
    result("http://e/a", severity=f"{NS}Info"),
    result("http://e/a", severity="http://e/A"),
    result("http://e/a", severity="http://e/B"),
)


def test_results_stand_in_one_order():
    assert [one.severity for one in make_report(ORDERED).results] == [one.severity for one in ORDERED]
    for seed in range(5):
        shuffled = random.Random(seed).sample(ORDERED, len(ORDERED))
        found = make_report(shuffled).results
        assert found[1:3] == ORDERED[1:3]
        assert [(one.path, one.messages) for one in found] == [(one.path, one.messages) for one in ORDERED]
        assert [one.shape for one in found[3:7]] == ["_:node2", "A:a", "urn:a", "urn:b"]


def test_blank_nodes_are_named_in_the_order_of_the_report():
    first = result("_:z", shape="_:y", value="_:x", path="urn:a")
    second = result("_:z", shape="urn:s", value='"_:x"', path="urn:b")
    for given in itertools.permutations((first, second)):
        found = make_report(given).results
        assert [(one.focus, one.shape, one.value) for one in found] == [
            ("_:node1", "_:node2", "_:node3"),
            ("_:node1", "urn:s", '"_:x"'),
        ]


# --- Turtle


def test_a_report_in_turtle():
    full = result(
        "http://e/a b", path="^<urn:p>", value='"x"@fr', shape="_:s", messages=(Message("a", "en"), Message('"')),
    )  # fmt: skip
    assert (
        Report((full, result("_:n"))).to_turtle()
        == f"""@prefix sh: <{NS}> .

_:report a sh:ValidationReport ;
    sh:conforms false ;
    sh:result _:result1, _:result2 .

_:result1 a sh:ValidationResult ;
    sh:focusNode <http://e/a%20b> ;
    sh:resultPath [ sh:inversePath <urn:p> ] ;
    sh:value "x"@fr ;
    sh:resultSeverity <{VIOLATION}> ;
    sh:sourceConstraintComponent <{NS}InConstraintComponent> ;
    sh:sourceShape _:s ;
    sh:resultMessage "a"@en ;
    sh:resultMessage "\\"" .

_:result2 a sh:ValidationResult ;
    sh:focusNode _:n ;
    sh:resultSeverity <{VIOLATION}> ;
    sh:sourceConstraintComponent <{NS}InConstraintComponent> ;
    sh:resultMessage "القيمة ليست في القائمة"@ar ;
    sh:resultMessage "is not in the list"@en ;
    sh:resultMessage "n’est pas dans la liste"@fr .
"""
    )
    empty = f"@prefix sh: <{NS}> .\n\n_:report a sh:ValidationReport ;\n    sh:conforms true .\n"
    assert Report().to_turtle() == empty


def test_json_has_every_part():
    assert Report((result(),)).to_json() == {
        "conforms": False,
        "results": [
            {
                "focus": "http://e/x", "path": None, "value": None, "severity": VIOLATION,
                "component": f"{NS}InConstraintComponent", "shape": None,
                    "messages": [
                        {"text": "القيمة ليست في القائمة", "language": "ar"},
                        {"text": "is not in the list", "language": "en"},
                        {"text": "n’est pas dans la liste", "language": "fr"},
                    ],
            }
        ],
    }  # fmt: skip
    assert Report().to_json() == {"conforms": True, "results": []}


def test_a_literal_is_escaped():
    text = 'a"\\\n\r\t\x00\x1f\x7f é\x80'
    assert literal_text(text) == '"a\\"\\\\\\n\\r\\t\\u0000\\u001F\\u007F é\x80"'
    assert literal_text("a", "urn:d|e") == '"a"^^<urn:d%7Ce>'
    assert literal_text("a", "urn:d", "fr") == '"a"@fr'


# --- what was looked at


@pytest.mark.parametrize(
    ("coverage", "nodes", "unreached", "said"),
    [
        (None, 0, (), "conforms\n"),
        ({}, 0, (), "0 focus nodes: nothing was checked\n"),
        ({"urn:b": 0, "urn:a": 0}, 0, ("urn:a", "urn:b"), "0 focus nodes: nothing was checked\n"),
        ({"urn:b": 2, "urn:a": 0, "urn:c": 3}, 5, ("urn:a",), "conforms\n"),
        ({"urn:b": 1}, 1, (), "conforms\n"),
    ],
)
def test_a_report_says_what_it_looked_at(coverage, nodes, unreached, said):
    report = make_report((), coverage)
    assert (report.focus_nodes, report.unreached, report.to_text()) == (nodes, unreached, said)
    shown = {"focus_nodes": nodes, "coverage": coverage} if coverage is not None else {}
    assert report.to_json() == {"conforms": True, "results": [], **shown}


def test_shapes_without_a_name_are_counted_by_numbers_whatever_their_labels():
    for labels in (("_:s", "_:t"), ("_:t", "_:s")):
        told = make_report((), {labels[0]: 2, "urn:b": 1, "urn:a": 0, labels[1]: 5}).to_json()
        assert list(told["coverage"].items()) == [("urn:a", 0), ("urn:b", 1), ("_:shape1", 2), ("_:shape2", 5)]
        assert told["focus_nodes"] == 8
