"""Which property of Wikidata says what one of ours says: only those that were checked, each with what it rests on.

A property is absent where no checked one says the same: Wikidata has none for a target to be reached by a year, and an
allocation is not a cost. `skos:closeMatch` in the alignments of the ontology helps a reader; it is no licence to write.
They stand in `wikidata.csv` of the layers of vocabulary.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from kg.errors import Position, VocabularyError
from kg.vocabulary import Layer


class Kind(StrEnum):
    """The datatype of a Wikidata property."""

    ITEM = "wikibase-item"
    TIME = "time"
    QUANTITY = "quantity"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A property of Wikidata for one of ours."""

    ours: str
    """Prefixed name."""
    theirs: str
    kind: Kind
    label: str
    """Of the Wikidata property, in English."""
    subjects: str = "owl:Thing"
    """The class whose members the Wikidata property is meant for, as a prefixed name."""


REFERENCE_URL: Final = "P854"
RETRIEVED: Final = "P813"

_LIST: Final = "list of labels of Wikidata properties, read 2026"
EVIDENCE: Final = (
    f"labels: {_LIST}; {REFERENCE_URL} and {RETRIEVED}: references of the published item Q42, where one holds an IRI "
    "and the other a day"
)

COUNTERPARTS_FILE: Final = "wikidata.csv"
_COLUMNS: Final = ("property", "wikidata", "datatype", "label", "subjects")


def counterparts(layers: Iterable[Layer]) -> tuple[Counterpart, ...]:
    """The properties of Wikidata for those of some layers.

    :raises VocabularyError: if a table does not say what it should
    """
    return tuple(one for layer in layers for one in _of(layer.folder / COUNTERPARTS_FILE))


def _of(path: Path) -> Iterator[Counterpart]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            hint = f"they are {', '.join(_COLUMNS)}"
            raise VocabularyError(
                "other columns than those of counterparts", position=Position(str(path), 1), hint=hint
            )
        for row in rows:
            try:
                kind = Kind(row["datatype"])
            except ValueError:
                hint, what = ", ".join(Kind), f"no datatype of Wikidata: {row['datatype']}"
                raise VocabularyError(what, position=Position(str(path), rows.line_num), hint=hint) from None
            yield Counterpart(row["property"], row["wikidata"], kind, row["label"], row["subjects"] or "owl:Thing")
