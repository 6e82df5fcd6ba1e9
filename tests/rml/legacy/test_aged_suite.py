"""The cases of RML-Core, written as they would have been in 2019: the same triples, and the same refusals."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from rml.datasets import canonical, lenient_nquads
from rml.legacy.ageing import aged
from rml.test_conformance import CASES, SUITE

from kg.errors import KgError
from kg.rml import map_to

NOT_TURTLE = {"RMLTC0023b-JSON", "RMLTC0023c-JSON", "RMLTC0023e-JSON"}
LABELS = {"RMLTC0024a-JSON"}
"""RML-Core refuses a text that is to be a blank node; of old, yarrrml-parser writes the labels of nodes so."""
AGED = [case for case in CASES if case["ID"] not in NOT_TURTLE | LABELS]


@pytest.mark.parametrize("case", AGED, ids=[case["ID"] for case in AGED])
def test_case(case: dict[str, str], tmp_path: Path) -> None:
    folder, output = tmp_path / "case", io.BytesIO()
    shutil.copytree(SUITE / case["ID"], folder)
    mapping = folder / case["mapping"]
    mapping.write_text(aged(mapping.read_text(encoding="utf-8")), encoding="utf-8")
    if case["error"] == "true":
        with pytest.raises(KgError):
            map_to(mapping, output, base=case["base_iri"])
        return
    summary = map_to(mapping, output, base=case["base_iri"])
    made = output.getvalue().decode().replace("\\u0020", " ")
    expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
    assert canonical(lenient_nquads(made)) == canonical(expected)
    assert len(summary.notes) == 1
