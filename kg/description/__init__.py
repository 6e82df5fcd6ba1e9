"""What a dataset holds, in figures, and what is said of it to people, catalogues and programs, in RDF."""

from __future__ import annotations

from kg.description.catalogue import DUMP, ENDPOINT, About, Dump, Presented, describe
from kg.description.counts import Counts, Part, Partitions
from kg.description.examples import Example, example_files, general, read_examples
from kg.description.order import DISPLAY, display

__all__ = [
    "DISPLAY",
    "DUMP",
    "ENDPOINT",
    "About",
    "Counts",
    "Dump",
    "Example",
    "Part",
    "Partitions",
    "Presented",
    "describe",
    "display",
    "example_files",
    "general",
    "read_examples",
]
