"""A report as JUnit XML, which servers of continuous integration show: a suite for each shape, a case for each result.

Written by hand: the packages for it make objects of the same elements, and the one that is kept adds nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from kg.shacl.report.groups import Group, groups_of
from kg.shacl.report.results import Result
from kg.shacl.report.shown import one_line, short
from kg.shacl.report.text import lines_of
from kg.shacl.report.verdict import Report
from kg.shacl.report.words import language_of, word
from kg.shacl.shapes.model import LeftOut

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report, language: str = "en", fail_on: str = "info", left_out: Sequence[LeftOut] = ()) -> str:
    """A report as JUnit XML.

    A result that is as grave as `fail_on` is a failure, another one a case that passes and says so. A shape whose nodes
    conform is one case that passes, one without a focus node is skipped: it checked nothing. One that was left out for
    being ill-formed is an error: nobody knows.

    :raises UsageError: if there are no words in `language`
    """
    failing = set(map(id, report.failing(fail_on)))
    root = ET.Element("testsuites", name="SHACL")
    for group in groups_of(report):
        suite = ET.SubElement(root, "testsuite", name=clean(group.name))
        if not group.results:
            _whole(suite, group, language)
        for result in group.results:
            _case(suite, group.name, result, language, is_failure=id(result) in failing)
        count(suite)
    for left in left_out:
        suite = ET.SubElement(root, "testsuite", name=clean(left.shape or ""))
        for problem in left.problems:
            case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=clean(problem.message))
            ET.SubElement(case, "error", message=clean(problem.message)).text = clean(str(problem))
        count(suite)
    count(root)
    return document(root)


def _whole(suite: ET.Element, group: Group, language: str) -> None:
    """The one case of a shape without results."""
    words, nodes = language_of(language), group.nodes or 0
    case = ET.SubElement(suite, "testcase", classname=clean(group.name), name=word(words, "nodes", nodes))
    if not nodes:
        ET.SubElement(case, "skipped", message=word(words, "unchecked"))


def _case(suite: ET.Element, shape: str, result: Result, language: str, *, is_failure: bool) -> None:
    about = [short(part) for part in (result.focus, result.path, result.value) if part is not None]
    case = ET.SubElement(suite, "testcase", classname=clean(shape), name=clean(" ".join(about)))
    if result.position is not None:
        case.set("file", result.position.path)
        case.set("line", str(result.position.line))
    text = clean("\n".join(lines_of([result], None, language)))
    if is_failure:
        message = clean(f"{result.kind(language)}: {one_line(result.message(language))}")
        ET.SubElement(case, "failure", type=short(result.component), message=message).text = text
    else:
        ET.SubElement(case, "system-out").text = text


def document(root: ET.Element) -> str:
    """The text of a file of JUnit XML."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def count(element: ET.Element) -> None:
    """Say of a suite, or of all, how many cases there are, and how many failed, broke or were skipped."""
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))


def clean(text: str) -> str:
    """A text without the characters that XML 1.0 does not have (section 2.2)."""
    return _NO_XML.sub("\ufffd", text)
