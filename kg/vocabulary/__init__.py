"""The vocabulary: `terms.csv` (classes and properties) and `schemes.ttl` (concepts), read and checked.

Every fault of both files is reported at once, each with the line that a person has to open.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kg.errors import Position, Problem, VocabularyError
from kg.vocabulary.model import DATATYPES, Alignment, Kind, Term, Vocabulary
from kg.vocabulary.schemes import Schemes
from kg.vocabulary.table import Table

__all__ = ["DATATYPES", "SCHEMES_FILE", "TERMS_FILE", "Alignment", "Kind", "Term", "Vocabulary", "read_vocabulary"]

TERMS_FILE: Final = "terms.csv"
SCHEMES_FILE: Final = "schemes.ttl"


def read_vocabulary(folder: Path) -> Vocabulary:
    """Read `terms.csv` and `schemes.ttl` of the folder.

    :raises VocabularyError: naming every fault of both files with its line
    """
    faults: list[Problem] = []
    concepts = Schemes(folder / SCHEMES_FILE, faults).read()
    terms = Table(folder / TERMS_FILE, faults).read(concepts)
    if faults:
        raise VocabularyError(problems=sorted(faults, key=lambda p: (p.position or Position("", 0), p.message)))
    return Vocabulary(
        classes={term.name: term for term in terms if term.kind == "class"},
        properties={term.name: term for term in terms if term.kind != "class"},
        concepts=concepts,
    )
