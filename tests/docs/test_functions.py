"""The table of functions says what the registry has, and nothing else."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from kg.rml import map_to
from kg.rml.functions.registry import BUILT_IN
from kg.rml.mapping.functions import Function, compress


def row(function: Function) -> tuple[str, ...]:
    """What the table tells of a function."""
    names = [f"{one.name}?" if not one.is_required else one.name for one in function.parameters]
    gives = f"{function.returns}, several" if function.gives_many else str(function.returns)
    others = ", ".join(f"`{compress(iri)}`" for iri in function.iris)
    return f"`{function.name}({', '.join(names)})`", gives, function.summary, others


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "functions.md").read_text(encoding="utf-8")


def test_every_function_has_its_row(page: str) -> None:
    told = re.findall(r"^\| (`\w+\(.*?\)`) \| (.*?) \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    assert told == [row(function) for function in BUILT_IN.all]


TOWNS = """id,name,tags,date,budget,côtière
1,أصيلة,port; médina,1 غشت 1471,"3,5 milliards de dirhams",نعم
2,,,,,?
"""


def test_the_example_of_the_page_runs(page: str, tmp_path: Path) -> None:
    (tmp_path / "m.yml").write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    (tmp_path / "towns.csv").write_text(TOWNS, encoding="utf-8")
    output = io.BytesIO()
    map_to(tmp_path / "m.yml", output)
    assert [line.split(" ", 2)[2] for line in output.getvalue().decode().splitlines()] == [
        '"port" .',
        '"médina" .',
        '"1471-08-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
        '"3500000000"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
    ]
