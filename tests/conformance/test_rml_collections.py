"""The test cases of RML-CC, driven from their table, strict: equal datasets, or an error that names its cause."""

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

SUITE = SHARED / "suites" / "rml-cc"
METADATA = (SUITE / "metadata.csv").read_text(encoding="utf-8").splitlines() if SUITE.is_dir() else []
CASES = list(csv.DictReader(METADATA))
KNOWN = tomllib.loads(Path(__file__).with_name("rml_cc_known_failures.toml").read_text(encoding="utf-8"))


def marked(case: dict[str, str]) -> object:
    reason = KNOWN.get(case["ID"])
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(case, id=case["ID"], marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, str]) -> None:
    folder, output = SUITE / case["ID"], io.BytesIO()
    if case["error"] == "true":
        with pytest.raises(MappingError) as caught:
            map_to(folder / case["mapping"], output, base=case["base_iri"])
        assert all(problem.position for problem in caught.value.problems)
        assert not output.getvalue()
        return
    map_to(folder / case["mapping"], output, base=case["base_iri"])
    expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
    assert canonical(lenient_nquads(output.getvalue().decode())) == canonical(expected)


def test_the_suite_is_whole() -> None:
    if not SUITE.is_dir():
        pytest.skip(f"no {SUITE}: the cases of kg-construct/rml-cc")
    assert len(CASES) in {35, 37}, "the suite of 2025, and with the two of triples maps without a source"
