"""The prefixes that an author gave to a mapping, for files that a person may read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.rml.mapping.model import Serialization, Target
from kg.rml.mapping.turtle import content_of
from kg.rml.mapping.yarrrml.translation import prefixes_in

_WITH_PREFIXES: Final = (Serialization.TURTLE, Serialization.TRIG, Serialization.N3, Serialization.RDF_XML)
_NAME: Final = re.compile(r"(?!xml)[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
"""What is a prefix in Turtle and in XML alike."""


def prefixes_of(mapping: Path) -> Mapping[str, str]:
    """The prefixes of a mapping that was read without a fault."""
    if mapping.suffix.lower() in {".yml", ".yaml"}:
        given = prefixes_in(mapping)
    else:
        parser = ox.parse(content_of(mapping), format=ox.RdfFormat.TURTLE)
        for _ in parser:
            pass
        given = parser.prefixes
    return {name: iri for name, iri in given.items() if _NAME.fullmatch(name) and iri}


def used_in(target: Target, given: Mapping[str, str], lines: Iterable[bytes]) -> dict[str, str]:
    """The prefixes that shorten something in lines of N-Quads, where the syntax of a target has prefixes."""
    if target.serialization not in _WITH_PREFIXES:
        return {}
    left = {name: f"<{iri}".encode() for name, iri in given.items()}
    used = set()
    for block in lines:
        found = [name for name, begin in left.items() if begin in block]
        used.update(found)
        for name in found:
            del left[name]
        if not left:
            break
    return {name: iri for name, iri in given.items() if name in used}
