"""The vocabulary: `terms.csv` (classes and properties) and `schemes.ttl` (concepts), read and checked.

Every fault of both files is reported at once, each with the line that a person has to open. A project may have terms
and schemes of its own beside them (`extended`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kg.errors import Position, Problem, VocabularyError
from kg.terms import LAYERS
from kg.vocabulary.layers import changes_since, of_layers
from kg.vocabulary.model import DATATYPES, Alignment, Kind, Own, Term, Vocabulary
from kg.vocabulary.own import extended, own_files
from kg.vocabulary.schemes import Schemes
from kg.vocabulary.table import Table

__all__ = [
    "DATATYPES",
    "SCHEMES_FILE",
    "TERMS_FILE",
    "Alignment",
    "Kind",
    "Own",
    "Term",
    "Vocabulary",
    "changes_since",
    "extended",
    "of_layers",
    "own_files",
    "read_vocabulary",
]

TERMS_FILE: Final = "terms.csv"
SCHEMES_FILE: Final = "schemes.ttl"


def read_vocabulary(folder: Path, own: Own | None = None, layers: Iterable[str] = LAYERS) -> Vocabulary:
    """Read `terms.csv` and `schemes.ttl` of the folder, and what a project has of its own beside some of its layers.

    :raises VocabularyError: naming every fault of both files, or of all files of the project, with its line
    :raises UsageError: if a file of the project needs a library that is not installed
    """
    faults: list[Problem] = []
    concepts = Schemes(folder / SCHEMES_FILE, faults).read()
    terms = Table(folder / TERMS_FILE, faults).read(concepts)
    if faults:
        raise VocabularyError(problems=sorted(faults, key=lambda p: (p.position or Position("", 0), p.message)))
    read = Vocabulary(
        classes={term.name: term for term in terms if term.kind == "class"},
        properties={term.name: term for term in terms if term.kind != "class"},
        concepts=concepts,
    )
    read = of_layers(read, layers)
    return read if own is None else extended(read, own)
