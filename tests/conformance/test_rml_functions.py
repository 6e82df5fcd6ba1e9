"""The test cases of RML-FNML, driven from their table, strict: equal datasets, or an error that names its cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance.rml_cases import Suite

WRONG = {
    "RMLFNMLTC0101-CSV": "has no column 'name' .did you mean 'Name'",
    "RMLFNMLTC0102-CSV": "there is no function grel:unknown_func",
    "RMLFNMLTC0103-CSV": "'toUpperCase' has no parameter grel:unknownParam .did you mean 'grel:valueParam'",
    "RMLFNMLTC0104-CSV": "'toUpperCase' has no result grel:unknownOut",
}
"""Why a case must fail."""
SUITE = Suite("rml-fnml", WRONG)


@pytest.mark.parametrize("case", SUITE.marked())
def test_case(case: dict[str, str]) -> None:
    SUITE.check(case)


def test_the_suite_is_whole(shared: Path) -> None:
    assert len(SUITE.cases()) == 20
    assert SUITE.must_fail() == set(WRONG)
