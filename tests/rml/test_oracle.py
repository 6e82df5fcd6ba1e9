"""The oracle passes the test cases of RML-Core: only then is it one."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from rml.datasets import canonical, from_oracle, lenient_nquads
from rml.oracle import Fault, interpret

SUITE = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "suites" / "rml-core"
METADATA = (SUITE / "metadata.csv").read_text(encoding="utf-8").splitlines() if SUITE.is_dir() else []
CASES = list(csv.DictReader(METADATA))


@pytest.mark.parametrize("case", CASES, ids=[case["ID"] for case in CASES])
def test_case(case: dict[str, str]) -> None:
    folder = SUITE / case["ID"]
    if case["error"] == "true":
        with pytest.raises(Fault):
            interpret(folder / case["mapping"], case["base_iri"])
        return
    expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
    assert canonical(from_oracle(interpret(folder / case["mapping"], case["base_iri"]))) == canonical(expected)


def test_the_suite_is_whole(shared: Path) -> None:
    assert len(CASES) == 76
    assert sum(case["error"] == "true" for case in CASES) == 15
