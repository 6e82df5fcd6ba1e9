"""RDF files of any syntax, packed or not -> quads or lines of N-Quads, with the file and line of a fault."""

from __future__ import annotations

from kg.rdf.files import STDIN, SUFFIXES, RdfFile, named, rdf_files, syntax_of
from kg.rdf.lines import line_blocks, unreadable
from kg.rdf.packing import bare, unpacked
from kg.rdf.reading import read_folder, read_rdf

__all__ = [
    "STDIN",
    "SUFFIXES",
    "RdfFile",
    "bare",
    "line_blocks",
    "named",
    "rdf_files",
    "read_folder",
    "read_rdf",
    "syntax_of",
    "unpacked",
    "unreadable",
]
