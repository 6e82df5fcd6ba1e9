"""JUnit XML, SARIF and the page of a report: what the programs that read them ask for, and what a person reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from lxml import html

from kg.errors import Position
from kg.shacl import Columns, Message, Report, Result, shapes_graph, validate
from kg.shacl.report import SH, VIOLATION, make_report
from kg.shacl.report.junit import to_junit
from kg.shacl.report.page import to_html
from kg.shacl.report.sarif import to_sarif

PREFIXES = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> . @prefix schema: <https://schema.org/> .\n"
)
SHAPES = """
:Person a sh:NodeShape ; sh:targetClass :Person ; sh:property :Name , [ sh:path schema:address ; sh:node :Address ] .
:Name sh:path schema:name ; sh:minCount 1 ; sh:message "Donnez un nom."@fr , "أعط اسما."@ar .
:Address a sh:NodeShape ; sh:property [ sh:path schema:postalCode ; sh:minCount 1 ; sh:severity sh:Warning ] .
:Note a sh:NodeShape ; sh:targetClass :Note ; sh:severity sh:Info ; sh:property [ sh:path schema:text ; sh:maxLength 3 ; sh:severity sh:Info ] .
:Empty a sh:NodeShape ; sh:targetClass :Nobody ; sh:class :X .
:Fine a sh:NodeShape ; sh:targetClass :Note ; sh:nodeKind sh:IRI .
"""
DATA = """
:ali a :Person ; schema:address :home .
:note a :Note ; schema:text "مرحبا"@ar , "<script>alert(1)</script>" .
"""


def report_of(data: str = DATA, shapes: str = SHAPES) -> Report:
    quads, shape_quads = (list(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)) for text in (data, shapes))
    found = validate(Columns.from_quads(quads), shapes_graph(shape_quads), details=True)
    return found.located(
        lambda r: Position("data/a b.ttl", 7) if "ali" in r.focus else None, lambda _: Position("s.ttl", 3)
    )


# --- JUnit


def suites(report: Report, **more: str) -> dict[str, ET.Element]:
    root = ET.fromstring(to_junit(report, **more))
    assert root.tag == "testsuites"
    for element in (root, *root):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            assert element.get(name) == str(len(list(element.iter(tag))))
    return {suite.get("name", ""): suite for suite in root}


def test_junit_has_a_suite_for_each_shape_and_a_case_for_each_result() -> None:
    found = suites(report_of())
    assert set(found) == {
        "http://e/Name",
        "s.ttl:3",
        "http://e/Person",
        "http://e/Note",
        "http://e/Empty",
        "http://e/Fine",
    }
    (case,) = found["http://e/Name"]
    assert case.attrib == {
        "classname": "http://e/Name", "name": "http://e/ali schema:name", "file": "data/a b.ttl", "line": "7",
    }  # fmt: skip
    (failure,) = case
    assert failure.get("message") == "violation: أعط اسما."
    assert failure.get("type") == "sh:MinCountConstraintComponent"
    reasons = [f.text or "" for case in found["s.ttl:3"] for f in case]
    assert any("\n    because: fewer than 1 value of schema:postalCode (it has none)" in text for text in reasons)


def test_junit_tells_shapes_that_hold_and_shapes_that_checked_nothing() -> None:
    found = suites(report_of())
    assert [case.get("name") for case in found["http://e/Fine"]] == ["1 focus node"]
    assert not list(found["http://e/Fine"].iter("failure"))
    (skipped,) = found["http://e/Empty"].iter("skipped")
    assert skipped.get("message") == "0 focus nodes: nothing was checked"


@pytest.mark.parametrize(("fail_on", "failures"), [("info", 4), ("warning", 2), ("violation", 2)])
def test_what_is_less_grave_than_asked_for_does_not_fail(fail_on: str, failures: int) -> None:
    root = ET.fromstring(to_junit(report_of(), fail_on=fail_on))
    assert root.get("failures") == str(failures)
    assert len(list(root.iter("system-out"))) == 4 - failures
    assert (
        "info: the value of schema:text is longer"
        in "".join(e.text or "" for e in root.iter("system-out") or root.iter("failure"))
        or fail_on == "info"
    )


def test_characters_that_xml_lacks_are_replaced() -> None:
    found = to_junit(
        make_report([Result("urn:x", VIOLATION, SH + "X", value='"a\x00\x01b\ud7ff"', messages=(Message("\x1b[31m"),))])
    )
    root = ET.fromstring(found)
    assert "a\ufffd\ufffdb" in next(root.iter("testcase")).get("name", "")


# --- SARIF

URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def sarif(report: Report, **more: object) -> dict:
    return json.loads(to_sarif(report, "1.2.3", **more))  # type: ignore[arg-type]


def test_sarif_is_what_its_standard_asks_for() -> None:
    """SARIF 2.1.0: required properties (3.13 to 3.54), enumerations, and indexes that lead where they should."""
    body = sarif(report_of(), warnings=["x is not read"])
    assert (body["version"], body["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    assert set(body) == {"$schema", "version", "runs"}
    (run,) = body["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("zellige", "1.2.3")
    assert re.fullmatch("[a-z]{2}(-[A-Z]{2})?", run["language"])
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    (invocation,) = run["invocations"]
    assert invocation == {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": "x is not read"}}],
    }
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        assert set(rule) <= {"id", "name", "shortDescription", "helpUri"}
        assert rule["shortDescription"]["text"]
    assert len(run["results"]) == 4
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert all(isinstance(value, str) for value in result["properties"].values())
        assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["shaclResult/v1"])
        for place in [*result["locations"], *result.get("relatedLocations", ())]:
            physical = place.get("physicalLocation")
            if physical:
                assert URI.fullmatch(physical["artifactLocation"]["uri"])
                assert physical["region"]["startLine"] >= 1
    name = next(r for r in run["results"] if r["properties"]["shape"] == "http://e/Name")
    assert name["message"] == {"text": "أعط اسما."}
    assert name["level"] == "error"
    assert name["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "data/a%20b.ttl"
    assert name["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "http://e/ali", "kind": "resource"}]
    assert [r["level"] for r in run["results"]].count("note") == 2


def test_a_result_keeps_its_fingerprint_where_its_line_and_its_blank_nodes_change() -> None:
    shape = ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :q ; sh:minCount 1 ] ."
    one = report_of("_:x :p 1 .", shape)
    other = report_of(":other :q 1 .\n\n_:y :p 1 .", shape).located(lambda _: Position("z.ttl", 99))
    marks = [r["partialFingerprints"] for report in (one, other) for r in sarif(report)["runs"][0]["results"]]
    assert marks[0] == marks[1]


def test_absolute_paths_are_addresses() -> None:
    (found,) = sarif(report_of().located(lambda _: Position("/data/é.ttl", 1)))["runs"]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in found["results"]}
    assert uris == {"file:///data/%C3%A9.ttl"}


# --- the page


def page(report: Report, language: str = "en", **more: object) -> html.HtmlElement:
    return html.document_fromstring(to_html(report, "1.2.3", language, **more).encode())  # type: ignore[arg-type]


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    ("language", "direction", "title", "verdict", "because"),
    [
        ("en", "ltr", "SHACL validation report", "does not conform: 4 results", "because: fewer than 1 value of"),
        ("fr", "ltr", "Rapport de validation SHACL", "non conforme : 4 résultats", "car : moins de 1 valeur de"),
        ("ar", "rtl", "تقرير التحقق وفق SHACL", "غير مطابق، عدد النتائج: 4", "لأن: عدد قيم"),
    ],
)
def test_a_person_reads_the_report_in_three_languages(
    language: str, direction: str, title: str, verdict: str, because: str
) -> None:
    document = page(report_of(), language)
    assert (document.get("lang"), document.get("dir")) == (language, direction)
    assert said(document.find(".//h1")) == title
    assert said(document.find_class("verdict")[0]) == verdict
    assert because in said(document.body)
    # Of the words of a shape in several languages that of the page, with its direction its own affair.
    texts = {(e.get("lang"), e.text_content()) for e in document.find_class("words")}
    expected = {"ar": ("ar", "أعط اسما."), "fr": ("fr", "Donnez un nom."), "en": ("ar", "أعط اسما.")}
    assert expected[language] in texts
    assert [
        e
        for e in document.iter("bdi")
        if e.get("lang") == "ar" and "مرحبا" in e.text_content() and e.get("dir") == "auto"
    ]


def test_results_are_grouped_by_shape_with_counts_and_readable_without_scripts() -> None:
    document = page(report_of())
    groups = {said(d.find("summary")): d for d in document.iter("details")}
    assert set(groups) == {"http://e/Name 1 result", "s.ttl:3 3 results"}
    assert all(group.get("open") is not None for group in groups.values())
    assert document.get_element_by_id("filter").get("hidden") is not None
    counts = said(document.find_class("counts")[0])
    assert counts == "violation: 2 info: 2 3 focus nodes"
    rows = {said(row.find("td")): said(row.findall("td")[1]) for row in document.findall(".//tbody/tr")}
    assert rows == {"http://e/Empty": "0", "http://e/Fine": "1", "http://e/Note": "1", "http://e/Person": "1"}


def test_nothing_of_the_data_becomes_markup_and_nothing_is_fetched() -> None:
    text = to_html(report_of(), "1.2.3")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    document = page(report_of())
    assert "default-src 'none'" in document.xpath("//meta[@http-equiv]/@content")[0]
    assert not document.xpath("//link | //img | //iframe | //script[@src] | //@style")
    assert not re.search(r"url\(|@import", text)
    strange = Report((Result("javascript:alert(1)", VIOLATION, SH + "X"),))
    assert not page(strange).xpath("//a")


def test_a_report_of_nothing_and_one_without_results() -> None:
    assert "good" in page(make_report((), {"urn:s": 1})).find_class("verdict")[0].get("class")
    empty = page(make_report((), {"urn:s": 0}), warnings=["0 focus nodes: nothing was checked (no shape has a target)"])
    assert said(empty.find_class("verdict")[0]) == "0 focus nodes: nothing was checked"
    assert "no shape has a target" in said(empty.body)


@pytest.mark.parametrize(
    "form", [to_junit, lambda r: to_sarif(r, "1"), lambda r: to_html(r, "1")], ids=["junit", "sarif", "html"]
)
def test_the_same_results_give_the_same_bytes(form: Callable[[Report], str]) -> None:
    """Blank nodes have other labels in every run."""
    shapes = SHAPES + "_:t sh:targetClass :Person ; sh:property [ sh:path :q ; sh:minCount 1 ] ."
    assert form(report_of(shapes=shapes)) == form(report_of(shapes=shapes))


def test_the_template_is_beside_its_module() -> None:
    import kg.shacl.report

    assert (Path(kg.shacl.report.__file__).parent / "page.html").is_file()
