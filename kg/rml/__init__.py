"""Mappings of tables and trees to RDF: RML-Core, and YARRRML as another spelling of it."""

from __future__ import annotations

from kg.rml.mapping.access import Access, Limits
from kg.rml.run.execution import TOLD, OnError
from kg.rml.run.whole import KeptPart, MapPart, Part, Summary, explain, map_parts, map_to, parts

__all__ = [
    "TOLD",
    "Access",
    "KeptPart",
    "Limits",
    "MapPart",
    "OnError",
    "Part",
    "Summary",
    "explain",
    "map_parts",
    "map_to",
    "parts",
]
