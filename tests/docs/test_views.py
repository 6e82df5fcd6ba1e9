"""The examples of docs/views.md are what the mapper does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rml.running import run

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "views.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


def of(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def test_the_first_example_gives_what_is_shown(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text(of("json")[0], encoding="utf-8")
    path = tmp_path / "m.ttl"
    path.write_text(of("turtle")[0], encoding="utf-8")
    assert run(path) == of("text")[0].splitlines()
    (tmp_path / "towns.csv").write_text("name\nAgadir\nRabat\n", encoding="utf-8")
    table = '[ rml:source [ a rml:RelativePathSource ; rml:path "towns.csv" ] ; rml:referenceFormulation rml:CSV ]'
    joined = of("turtle")[2].replace("ex:townsCsv", table)
    town = '[ rml:template "http://example.org/{name}" ]'
    depth = '[ rml:predicate ex:depth ; rml:objectMap [ rml:reference "depth" ] ]'
    more = f"ex:t rml:logicalSource ex:towns ; rml:subjectMap {town} ; rml:predicateObjectMap {depth} .\n"
    path.write_text(of("turtle")[0] + joined + more, encoding="utf-8")
    assert [line.split('"')[1] for line in run(path)[6:]] == ["10", "8"]


def test_the_query_gives_rows(tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="the extra zellige[tables] is not installed")
    (tmp_path / "people.csv").write_text("id,name,city\n1,a,c1\n", encoding="utf-8")
    (tmp_path / "cities.json").write_text('[{"id": "c1", "population": 7}]', encoding="utf-8")
    prefixes = of("turtle")[0].partition("\n\n")[0]
    pair = '[ rml:predicate ex:p ; rml:objectMap [ rml:reference "population" ] ]'
    subject = 'rml:subjectMap [ rml:template "http://e/{id}" ]'
    more = f"ex:m rml:logicalSource ex:people ; {subject} ; rml:predicateObjectMap {pair} .\n"
    path = tmp_path / "m.ttl"
    path.write_text(f"{prefixes}\n{of('turtle')[3]}{more}", encoding="utf-8")
    assert len(run(path)) == 1
