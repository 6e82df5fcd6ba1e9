"""Literals of files that are no values of their datatypes: told with file and line, and published as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdfdata import own_rdf

from kg import pipeline
from kg.config import read_config

XSD = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


def told_of(folder: Path, statements: str, name: str = "data/rdf/boats.ttl") -> list[str]:
    """What a build says of literals in a file."""
    own_rdf.make(folder, {name: XSD + own_rdf.BOATS + statements, "shapes/quay.ttl": ""})
    warnings: list[str] = []
    pipeline.build(read_config(folder), lambda _: None, warn=warnings.append)
    return [one for one in warnings if "is no xsd:" in one or "values of their datatypes" in one]


def test_a_literal_that_is_no_value_is_told_with_its_line_and_published(tmp_path: Path) -> None:
    statements = 'q:tern :crew "2026-13-45"^^xsd:date ,\n  "abc"^^xsd:integer , "a\\"b\\u00E9"^^xsd:boolean .\n'
    told = told_of(tmp_path, statements)
    hint = "(queries and filters pass over it: mend it, or give it another datatype)"
    crew = "https://example.org/quay/terms#crew"
    assert told == [
        f"data/rdf/boats.ttl:9: {crew}: '2026-13-45' is no xsd:date {hint}",
        f"data/rdf/boats.ttl:10: {crew}: 'abc' is no xsd:integer {hint}",
        f"data/rdf/boats.ttl:10: {crew}: 'a\"bé' is no xsd:boolean {hint}",
    ]
    release = next(path for path in (tmp_path / "releases").iterdir() if re.fullmatch(r"[0-9a-f]{16}", path.name))
    assert release.is_dir()


@pytest.mark.parametrize(
    "value",
    [
        '"2028-02-29"^^xsd:date', '"2026"^^xsd:gYear', '"-0044"^^xsd:gYear', '" 7 "^^xsd:integer', '"1e3"^^xsd:double',
        '"INF"^^xsd:double', '"0"^^xsd:boolean', '"P1Y2M"^^xsd:duration', '"2026-13-45"', '"abc"@en', "7.5",
        '"2026-13-45"^^<http://e/date>', '"2026-13-45"^^xsd:string', '"a\\nb"^^xsd:string', '"00012"^^xsd:integer', '"+1.50"^^xsd:decimal',
        '"2026-01-01T24:00:00Z"^^xsd:dateTime', '""^^xsd:string',
    ],
)  # fmt: skip
def test_what_is_a_value_or_has_a_datatype_of_others_is_not_told(tmp_path: Path, value: str) -> None:
    assert told_of(tmp_path, f"q:tern :crew {value} .\n") == []


@pytest.mark.parametrize(
    "value",
    [
        '"2026-02-29"^^xsd:date', '"02/03/2026"^^xsd:date', '"26"^^xsd:gYear', '"1,5"^^xsd:decimal', '""^^xsd:integer',
        '"oui"^^xsd:boolean', '"300"^^xsd:unsignedByte', '"1 000"^^xsd:integer', '"1e3"^^xsd:decimal', '"1.5"^^xsd:integer',
    ],
)  # fmt: skip
def test_what_is_nearly_a_value_is_told_once(tmp_path: Path, value: str) -> None:
    assert len(told_of(tmp_path, f"q:tern :crew {value} .\nq:tern :side {value} .\n")) == 1


def test_many_are_counted(tmp_path: Path) -> None:
    told = told_of(tmp_path, "".join(f'q:tern :crew "x{n}"^^xsd:integer .\n' for n in range(31)))
    assert len(told) == 21
    assert told[0].startswith("data/rdf/boats.ttl:9: ")
    assert told[-1] == "11 more literals of data/rdf/boats.ttl are no values of their datatypes"
