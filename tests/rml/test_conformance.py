"""The test cases of RML-Core, driven from their table, strict: equal datasets, or an error of the right class."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from rml.datasets import canonical, lenient_nquads
from shared_data import SHARED

from kg.errors import DataError, MappingError
from kg.rml import map_to

SUITE = SHARED / "suites" / "rml-core"
METADATA = (SUITE / "metadata.csv").read_text(encoding="utf-8").splitlines() if SUITE.is_dir() else []
CASES = list(csv.DictReader(METADATA))
WRONG = {
    "RMLTC0002e-JSON": (MappingError, "there is no file 'student2.json'"),
    "RMLTC0002g-JSON": (MappingError, "not a JSONPath"),
    "RMLTC0004b-JSON": (MappingError, "a subject map makes no rml:Literal"),
    "RMLTC0007h-JSON": (MappingError, "a graph map makes no rml:Literal"),
    "RMLTC0012c-JSON": (MappingError, "no subject map"),
    "RMLTC0012d-JSON": (MappingError, "2 subject maps"),
    "RMLTC0015b-JSON": (MappingError, "'a-english' is no language tag"),
    "RMLTC0019b-JSON": (DataError, "'Juan Daniel' is not an IRI"),
    "RMLTC0023a-JSON": (MappingError, "not a template"),
    "RMLTC0023b-JSON": (MappingError, "not Turtle"),
    "RMLTC0023c-JSON": (MappingError, "not Turtle"),
    "RMLTC0023d-JSON": (MappingError, "not a template"),
    "RMLTC0023e-JSON": (MappingError, "not Turtle"),
    "RMLTC0024a-JSON": (MappingError, "the constant is no rml:BlankNode"),
    "RMLTC0025b-JSON": (DataError, "the reference leads to an array"),
}
"""Why a case must fail."""


@pytest.mark.parametrize("case", CASES, ids=[case["ID"] for case in CASES])
def test_case(case: dict[str, str]) -> None:
    folder, output = SUITE / case["ID"], io.BytesIO()
    if case["error"] == "true":
        kind, reason = WRONG[case["ID"]]
        with pytest.raises(kind) as caught:
            map_to(folder / case["mapping"], output, base=case["base_iri"])
        assert type(caught.value) is kind
        assert reason in str(caught.value)
        assert all(problem.position for problem in caught.value.problems)
        assert not output.getvalue()
        return
    map_to(folder / case["mapping"], output, base=case["base_iri"])
    # The one unsafe IRI of the suite holds a blank, which N-Quads can only write as an escape.
    made = output.getvalue().decode().replace("\\u0020", " ")
    expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
    assert canonical(lenient_nquads(made)) == canonical(expected)


def test_the_suite_is_whole(shared: Path) -> None:
    assert len(CASES) == 76
    assert {case["ID"] for case in CASES if case["error"] == "true"} == set(WRONG)
