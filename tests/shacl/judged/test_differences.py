"""Where pySHACL answers otherwise: each difference by its case, strictly, with the sentence that decides it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.errors import ShapesError
from kg.shacl import Report
from kg.shacl.judge import reference
from kg.shacl.judge.memory import memory_graph
from shacl.test_native import parse, run

CASES = tomllib.loads((Path(__file__).parent / "differences.toml").read_text())


def shown(report: Report) -> list[str]:
    def local(term: str | None) -> str:
        return "-" if term is None else term.removeprefix("http://e/").partition("^^")[0].strip('"')

    return sorted(f"{local(r.focus)} {local(r.value)}" for r in report.results)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_two_still_differ_and_ours_is_by_the_letter(case: Mapping[str, object]) -> None:
    said, shaped = str(case["data"]), str(case["shapes"])
    assert case["sentence"]
    assert shown(run(said, shaped)) == case["native"]
    try:
        theirs: object = shown(reference.validate(memory_graph(parse(said)), memory_graph(parse(shaped))))
    except ShapesError:
        theirs = "refused"
    assert theirs == case["pyshacl"]
