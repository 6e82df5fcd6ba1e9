"""RDF files of any syntax, packed or not -> quads or lines of N-Quads, with the file and line of a fault."""

from __future__ import annotations

from kg.rdf.files import STDIN, SUFFIXES, RdfFile, named, rdf_files, syntax_of
from kg.rdf.following import FollowedLines, local_words
from kg.rdf.forms import Forms
from kg.rdf.lines import blocks_of_lines, numbered_label, serialised, unreadable, whole_lines
from kg.rdf.packing import bare, unpacked
from kg.rdf.reading import read_folder, read_rdf

__all__ = [
    "STDIN",
    "SUFFIXES",
    "FollowedLines",
    "Forms",
    "RdfFile",
    "bare",
    "blocks_of_lines",
    "local_words",
    "named",
    "numbered_label",
    "rdf_files",
    "read_folder",
    "read_rdf",
    "serialised",
    "syntax_of",
    "unpacked",
    "unreadable",
    "whole_lines",
]
