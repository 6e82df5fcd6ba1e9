"""Tables for the small project: dams, with a mapping that a person would write, and as many more as a test asks for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_project

from kg import pipeline, store
from kg.config import read_config
from kg.errors import DataError, KgError
from kg.release import Release
from kg.terms import PREFIXES

HEAD = """\
@prefix rml: <http://w3id.org/rml/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix schema: <https://schema.org/> .
@prefix zel: <https://w3id.org/zellige/ont#> .
@prefix exactness: <https://w3id.org/zellige/scheme/exactness/> .
"""

DAMS = """\
code,name_ar,name_fr,height,source,contradicts
D1,سد الشمال,Barrage du Nord,88.50,note,
D2,سد الوادي,,133,note,
D3,,"Vieux barrage, dit ""le Pont"", bas",,note,
"""

ENTRY = """\
  {slug}:
    title: {{ar: سدود, fr: Barrages, en: Dams}}
    publisher: Example
    licence: CC0 1.0
    id: $(code)
    statedIn: $(source)
    modality: done
    checkable: true
    reviewStatus: located
    contradicts: $(contradicts)
    gloss: {{fr: "Le barrage $(name_fr)"}}
"""


def mapping(file: str = "dams.csv", more: str = "") -> str:
    """A mapping of a table with the columns of `DAMS`."""
    source = f'rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{file}" ]'
    return f"""{HEAD}
<#rows> rml:referenceFormulation rml:CSV ; {source} .
<#dam> a rml:TriplesMap ; rml:logicalSource <#rows> ;
    rml:subjectMap [ rml:template "id/dam-{{code}}" ; rml:class schema:LandmarksOrHistoricalBuildings ] ;
    rml:predicateObjectMap [ rml:predicate zel:name ; rml:objectMap [ rml:reference "name_ar" ; rml:language "ar" ] ] ;
    rml:predicateObjectMap [ rml:predicate zel:name ; rml:objectMap [ rml:reference "name_fr" ; rml:language "fr" ] ] ;
    rml:predicateObjectMap [ rml:predicate zel:quantity ; rml:objectMap [ rml:template "id/height-{{height}}-{{code}}" ] ] .
<#height> a rml:TriplesMap ; rml:logicalSource <#rows> ;
    rml:subjectMap [ rml:template "id/height-{{height}}-{{code}}" ; rml:class zel:Quantity ] ;
    rml:predicateObjectMap [ rml:predicate zel:exactness ; rml:object exactness:exact ] ;
    rml:predicateObjectMap [ rml:predicate zel:numericValue ;
        rml:objectMap [ rml:reference "height" ; rml:datatype xsd:decimal ] ] .
{more}"""


def make(folder: Path, **files: str) -> Path:
    """The small project with a table of dams; `tables`, `table`, `mapping` replace a file's text."""
    small_project.make(folder)
    place = folder / "data" / "tables"
    place.mkdir()
    (place / "tables.yaml").write_text("tables:\n" + files.get("tables", ENTRY.format(slug="dams")), encoding="utf-8")
    (place / "dams.csv").write_text(files.get("table", DAMS), encoding="utf-8")
    (place / "dams.rml.ttl").write_text(files.get("mapping", mapping()), encoding="utf-8")
    return folder


def make_many(folder: Path, count: int, rows: int = 3) -> Path:
    """The small project with `count` tables of `rows` dams each."""
    small_project.make(folder)
    place = folder / "data" / "tables"
    place.mkdir()
    entries = []
    for number in range(count):
        slug = f"dams-{number}"
        entries.append(ENTRY.format(slug=slug))
        lines = [f"T{number}-{row},سد {row},Barrage {row},{row + 1},note," for row in range(rows)]
        (place / f"{slug}.csv").write_text("\n".join([DAMS.splitlines()[0], *lines]) + "\n", encoding="utf-8")
        (place / f"{slug}.rml.ttl").write_text(mapping(f"{slug}.csv"), encoding="utf-8")
    (place / "tables.yaml").write_text("tables:\n" + "".join(entries), encoding="utf-8")
    return folder


def as_document(folder: Path, table: str = DAMS, status: str = "reviewed") -> Path:
    """The small project, whose table is itself a document of `sources.yaml`."""
    entry = ENTRY.format(slug="dams").replace("reviewStatus: located", f"reviewStatus: {status}")
    kept = [line for line in entry.splitlines() if line.split(":")[0].strip() not in {"title", "publisher", "licence"}]
    text = "\n".join(kept).replace("statedIn: $(source)", "document: register") + "\n"
    make(folder, tables=text, table=table)
    digest = hashlib.sha256(table.encode()).hexdigest()
    with (folder / "data" / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  register:\n    title: {en: Register of dams}\n    language: fr\n    publisher: Example\n"
            f"    licence: CC0 1.0\n    sha256: {digest}\n"
        )
    return folder


BASE = "https://example.org/small/"
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def built(folder: Path) -> Release:
    return pipeline.build(read_config(folder, {}), lambda _: None)


def rows(release: Release, text: str) -> list[tuple[str, ...]]:
    found = store.read(release.store_path).query(PREFIX + text, base_iri=BASE)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in found]


def faults(folder: Path, kind: type[KgError] = DataError) -> list[str]:
    current = folder / "releases" / "current"
    before = current.readlink() if current.exists() else None
    with pytest.raises(kind) as caught:
        built(folder)
    assert (current.readlink() if current.exists() else None) == before
    return [str(problem) for problem in caught.value.problems]
