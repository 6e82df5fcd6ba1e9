"""The test cases of RML-LV, driven from their table, strict: equal datasets, or an error that names its cause."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import pytest
from rml.datasets import canonical, lenient_nquads
from shared_data import SHARED

from kg.errors import MappingError
from kg.rml import map_to

SUITE = SHARED / "suites" / "rml-lv"
METADATA = (SUITE / "metadata.csv").read_text(encoding="utf-8").splitlines() if SUITE.is_dir() else []
CASES = list(csv.DictReader(METADATA))
KNOWN = tomllib.loads(Path(__file__).with_name("rml_lv_known_failures.toml").read_text(encoding="utf-8"))
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


def marked(case: dict[str, str]) -> object:
    reason = KNOWN.get(case["ID"])
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(case, id=case["ID"], marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, str]) -> None:
    folder, output = SUITE / case["ID"], io.BytesIO()
    if case["error"] == "true":
        with pytest.raises(MappingError, match=WRONG[case["ID"]]) as caught:
            map_to(folder / case["mapping"], output)
        assert all(problem.position for problem in caught.value.problems)
        assert not output.getvalue()
        return
    map_to(folder / case["mapping"], output)
    expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
    assert canonical(lenient_nquads(output.getvalue().decode())) == canonical(expected)


def test_the_suite_is_whole(shared: Path) -> None:
    assert len(CASES) == 41
    assert {case["ID"] for case in CASES if case["error"] == "true"} == set(WRONG)
