"""Which property of Wikidata says what one of ours says: only those that were checked, each with what it rests on.

A property is absent where no checked one says the same: Wikidata has none for a target to be reached by a year, and an
allocation is not a cost. `skos:closeMatch` in the alignments of the ontology helps a reader; it is no licence to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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

PROPERTIES: Final = (
    Counterpart("zel:basedIn", "P159", Kind.ITEM, "headquarters location", "org:Organization"),
    Counterpart("zel:holdsPost", "P39", Kind.ITEM, "position held", "foaf:Person"),
    Counterpart("zel:focusesOn", "P101", Kind.ITEM, "field of work", "foaf:Agent"),
    Counterpart("zel:jointlyRunBy", "P137", Kind.ITEM, "operator", "org:Organization"),
    Counterpart("zel:nucleusOf", "P463", Kind.ITEM, "member of", "org:Organization"),
    Counterpart("zel:partnerOf", "P1327", Kind.ITEM, "partner in business or sport", "org:Organization"),
    Counterpart("zel:organisedBy", "P664", Kind.ITEM, "organizer", "schema:Event"),
    Counterpart("zel:attendedBy", "P710", Kind.ITEM, "participant", "schema:Event"),
    Counterpart("zel:eventDate", "P585", Kind.TIME, "point in time", "schema:Event"),
    Counterpart("zel:launchedOn", "P571", Kind.TIME, "inception"),
    Counterpart("zel:partOfInstrument", "P361", Kind.ITEM, "part of"),
)
