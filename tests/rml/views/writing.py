"""Views and the triples maps over them as text."""

from __future__ import annotations

import json
from pathlib import Path

from rml.by_hand import HEAD

PREFIXES = HEAD + "@prefix fn: <https://w3id.org/zellige/fn#> .\n"


def source(name: str, iterator: str = "") -> str:
    """A logical source that is a file; its suffix tells how it is read."""
    kind = {"csv": "CSV", "json": "JSONPath", "jsonl": "JSONPath", "xml": "XPath"}[name.rpartition(".")[2]]
    walked = f"rml:iterator {json.dumps(iterator)} ; " if iterator else ""
    return (
        f'[ rml:referenceFormulation rml:{kind} ; {walked}rml:source [ a rml:RelativePathSource ; rml:path "{name}" ] ]'
    )


def fields(**named: str) -> str:
    """Fields with references."""
    return " ; ".join(
        f"rml:field [ rml:fieldName {json.dumps(n)} ; rml:reference {json.dumps(r)} ]" for n, r in named.items()
    )


def records(name: str, iterator: str, *inside: str) -> str:
    """An iterable field."""
    return (
        f"rml:field [ rml:fieldName {json.dumps(name)} ; rml:iterator {json.dumps(iterator)} ; {' ; '.join(inside)} ]"
    )


def view(name: str, on: str, *parts: str) -> str:
    return f"ex:{name} a rml:LogicalView ;\n  rml:viewOn {on} ;\n  " + " ;\n  ".join(parts) + " .\n"


def join(parent: str, child: str, key: str, *parts: str, kind: str = "leftJoin") -> str:
    condition = f'rml:joinCondition [ rml:child "{child}" ; rml:parent "{key}" ]'
    return f"rml:{kind} [ rml:parentLogicalView ex:{parent} ; {condition} ; {' ; '.join(parts)} ]"


def triples(logical: str, subject: str, *references: str, name: str = "m") -> str:
    """A triples map with a property for each reference."""
    about = f"rml:template {json.dumps(subject)}" if subject else "rml:termType rml:BlankNode"
    pairs = "".join(
        f" ;\n  rml:predicateObjectMap [ rml:predicate ex:p{n} ; rml:objectMap [ rml:reference {json.dumps(r)} ] ]"
        for n, r in enumerate(references)
    )
    return f"ex:{name} rml:logicalSource {logical} ;\n  rml:subjectMap [ {about} ]{pairs} .\n"


def written(folder: Path, mapping: str, **files: str) -> Path:
    """A mapping with files beside it: `t_csv` is `t.csv`."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8", newline="")
    path = folder / "m.ttl"
    path.write_text(PREFIXES + mapping, encoding="utf-8")
    return path
