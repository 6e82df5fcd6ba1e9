"""First mappings, run: what they make, in short."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from kg.rml import map_to
from kg.rml.starter import starter_mapping

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SHORT = (
    ("https://example.org/terms#", ""),
    ("http://www.w3.org/2000/01/rdf-schema#", ""),
    ("^^<http://www.w3.org/2001/XMLSchema#", "^^<"),
    ("https://example.org/", ""),
)


def mapped(*files: Path, edits: Iterable[tuple[str, str]] = ()) -> tuple[str, set[str]]:
    """The mapping of files, after some edits, and what it makes in short, without the classes."""
    text = starter_mapping(*files)
    for stands, should in edits:
        assert text.count(stands) == 1
        text = text.replace(stands, should)
    path = files[0].parent / "m.rml.ttl"
    path.write_text(text, encoding="utf-8")
    output = io.BytesIO()
    map_to(path, output)
    lines = output.getvalue().decode()
    for long, short in SHORT:
        lines = lines.replace(long, short)
    return text, {line.removesuffix(" .") for line in lines.splitlines() if TYPE not in line}
