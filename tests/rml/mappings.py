"""Small mappings as text, for tests of sources."""

from __future__ import annotations

import io
import json
from pathlib import Path

from kg.rml import Access, map_to

HEAD = (
    "@prefix rml: <http://w3id.org/rml/> .\n"
    "@prefix ex: <http://e/> .\n"
    "@prefix csvw: <http://www.w3.org/ns/csvw#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    "@prefix d2rq: <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#> .\n"
)
XSD = "http://www.w3.org/2001/XMLSchema#"


def quoted(text: str) -> str:
    """A Turtle string."""
    return json.dumps(text, ensure_ascii=False)


def file_source(name: str, formulation: str, iterator: str | None = None, more: str = "") -> str:
    """A logical source that is a file."""
    walked = "" if iterator is None else f"\n    rml:iterator {quoted(iterator)} ;"
    file = f"a rml:RelativePathSource ; rml:root rml:MappingDirectory ;\n    rml:path {quoted(name)} {more}"
    return f"rml:logicalSource [ rml:referenceFormulation {formulation} ;{walked}\n    rml:source [ {file} ] ]"


def database_source(dsn: str, formulation: str, iterator: str, more: str = "") -> str:
    """A logical source that is a database."""
    place = f"a d2rq:Database ;\n    d2rq:jdbcDSN {quoted(dsn)} {more}"
    walked = f"rml:iterator {quoted(iterator)}"
    return f"rml:logicalSource [ rml:referenceFormulation {formulation} ; {walked} ;\n    rml:source [ {place} ] ]"


def one_map(folder: Path, source: str, subject: str, references: dict[str, str] | list[str]) -> Path:
    """A mapping of one triples map: a template of subjects, and references by property."""
    named = references if isinstance(references, dict) else {f"p{n}": text for n, text in enumerate(references)}
    pairs = "".join(
        f" ;\n  rml:predicateObjectMap [ rml:predicate ex:{name} ;\n    rml:objectMap [ rml:reference {quoted(text)} ] ]"
        for name, text in named.items()
    )
    path = folder / "m.ttl"
    path.write_text(
        f"{HEAD}ex:m a rml:TriplesMap ;\n  {source} ;\n  rml:subjectMap [ rml:template {quoted(subject)} ]{pairs} .\n",
        encoding="utf-8",
    )
    return path


def lines(mapping: Path, **options: object) -> list[str]:
    """The lines that a mapping makes."""
    output = io.BytesIO()
    map_to(mapping, output, **options)
    return output.getvalue().decode().splitlines()


def objects(mapping: Path, **options: object) -> list[str]:
    """The objects of the lines that a mapping makes, after `subject property`, in short."""
    short = [line.removesuffix(" .").replace(XSD, "xsd:") for line in lines(mapping, **options)]
    return [line.replace("<http://e/", "<").replace("^^<xsd:", "^^xsd:").rstrip(">") for line in short]


def allowing(*databases: str) -> Access:
    """Access to some databases."""
    return Access(databases=frozenset(databases))
