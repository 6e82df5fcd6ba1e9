"""What a release can give to Wikidata: referenced facts, as QuickStatements commands or as Wikibase JSON."""

from __future__ import annotations

from kg.export.wikidata.model import Contribution, Item, Quantity, Reference, Statement, Time, Withheld
from kg.export.wikidata.properties import Counterpart, counterparts
from kg.export.wikidata.quickstatements import to_csv, to_v1
from kg.export.wikidata.selection import contribution
from kg.export.wikidata.wikibase import to_json

__all__ = [
    "Contribution",
    "Counterpart",
    "Item",
    "Quantity",
    "Reference",
    "Statement",
    "Time",
    "Withheld",
    "contribution",
    "counterparts",
    "to_csv",
    "to_json",
    "to_v1",
]
