"""The oracle passes the test cases of RML-Core: only then is it one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rml.by_hand import BY_HAND, REFUSED, write, write_refused
from rml.datasets import canonical, from_oracle, lenient_nquads
from rml.oracle.interpreter import interpret
from rml.oracle.terms import Fault
from shared_data import SHARED

SUITE = SHARED / "suites" / "rml-core"
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


@pytest.mark.parametrize(
    ("files", "mapping", "lines"), [case[1:] for case in BY_HAND], ids=[case[0] for case in BY_HAND]
)
def test_cases_worked_out_by_hand(files: dict[str, str], mapping: str, lines: list[str], tmp_path: Path) -> None:
    expected = lenient_nquads("".join(f"{line} .\n" for line in lines))
    assert canonical(from_oracle(interpret(write(tmp_path, files, mapping)))) == canonical(expected)


@pytest.mark.parametrize(("objects", "cell"), REFUSED)
def test_what_is_not_allowed_is_refused(objects: str, cell: str, tmp_path: Path) -> None:
    with pytest.raises(Fault):
        interpret(write_refused(tmp_path, objects, cell))
