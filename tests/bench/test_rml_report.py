"""The row in the community's report: what passes, what fails, what is refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAP = """@prefix rml: <http://w3id.org/rml/> .
<http://e/m> rml:logicalSource [ rml:referenceFormulation rml:CSV ; rml:source "t.csv" ] ;
  rml:subjectMap [ rml:template "http://e/{i}" ] ;
  rml:predicateObjectMap [ rml:predicate <http://e/p> ; rml:objectMap [ rml:reference "REFERENCE" ] ] ."""
HEAD = "ID,mapping,output1,error\n"


@pytest.fixture(scope="module")
def report() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rml_report", ROOT / "bench" / "rml_report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_case_has_a_row(report: ModuleType, tmp_path: Path) -> None:
    right, wrong = '<http://e/1> <http://e/p> "x" .\n', '<http://e/1> <http://e/p> "y" .\n'
    cases = {
        "good": ("a", right, "false"),
        "other": ("a", wrong, "false"),
        "broken": ("b", right, "false"),
        "refused": ("b", "", "true"),
        "let-through": ("a", "", "true"),
    }
    (tmp_path / "metadata.csv").write_text(
        HEAD + "".join(f"{name},m.ttl,{'o.nq' if out else ''},{error}\n" for name, (_, out, error) in cases.items())
    )
    for name, (reference, out, _) in cases.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "m.ttl").write_text(MAP.replace("REFERENCE", reference))
        (folder / "t.csv").write_text("i,a\n1,x\n")
        (folder / "o.nq").write_text(out)
    assert list(report.results(tmp_path)) == [
        ("good", "passed", ""),
        ("other", "failed", "o.nq holds other statements"),
        ("broken", "failed", "m.ttl:4: t.csv has no column 'b' (columns: i, a)"),
        ("refused", "passed", ""),
        ("let-through", "failed", "it should have been refused"),
    ]
