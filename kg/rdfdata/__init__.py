"""RDF as input: files of any syntax become graphs of claims, each file a document of the release.

`RdfData` reads the register of the files and then the files themselves, as streams; `input_files` are all that a build
reads of them.
"""

from __future__ import annotations

from kg.rdfdata.assembly import RdfData, Stated, claim_ids, input_files
from kg.rdfdata.lines import FOLDER as LINES
from kg.rdfdata.register import ontology_files

__all__ = ["LINES", "RdfData", "Stated", "claim_ids", "input_files", "ontology_files"]
