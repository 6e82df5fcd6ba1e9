"""The test cases of RML-LV, driven from their table, strict: equal datasets, or an error that names its cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance.rml_cases import Suite

WRONG = {
    "RMLLVTC0005a": "the view has no field 'Name' .did you mean 'name'",
    "RMLLVTC0005b": "'<it>' is a record, which has no value",
    "RMLLVTC0005c": r"'item' is a record, which has no value .refer to item\.type, or to its position, item\.#",
    "RMLLVTC0008a": "the views go round in a circle: view2 -> view1 -> view2",
    "RMLLVTC0008b": "the views go round in a circle: csvView -> jsonView -> csvView",
    "RMLLVTC0008c": "the views go round in a circle: jsonView -> jsonView",
    "RMLLVTC0008d": "the field lies within itself",
    "RMLLVTC0009a": "two fields are named 'name'",
    "RMLLVTC0009b": "two fields are named 'name'",
    "RMLLVTC0009c": "two fields are named 'item'",
}
"""Why a case must fail."""
SUITE = Suite("rml-lv", WRONG)


@pytest.mark.parametrize("case", SUITE.marked())
def test_case(case: dict[str, str]) -> None:
    SUITE.check(case)


def test_the_suite_is_whole(shared: Path) -> None:
    assert len(SUITE.cases()) == 41
    assert SUITE.must_fail() == set(WRONG)
