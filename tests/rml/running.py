"""Small mappings of tables, written and run in one go."""

from __future__ import annotations

import io
from pathlib import Path

from rml.by_hand import HEAD, csv_source

from kg.rml import map_to

SUBJECT = 'rml:subjectMap [ rml:template "http://e/{i}" ]'


def mapping(folder: Path, text: str, name: str = "m.ttl") -> Path:
    path = folder / name
    path.write_text(HEAD + "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + text, encoding="utf-8")
    return path


def simple(folder: Path, objects: str, source: str | None = None) -> Path:
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {objects} ] ]"
    return mapping(folder, f"ex:m {source or csv_source('t.csv')} ;\n {SUBJECT} ;\n {pair} .")


def run(path: Path, **options: object) -> list[str]:
    output = io.BytesIO()
    map_to(path, output, **options)
    return output.getvalue().decode().removesuffix("\n").split("\n")
