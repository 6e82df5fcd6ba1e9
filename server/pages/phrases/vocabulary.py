"""What the terms of common vocabularies are called on a page: labels of ours, in three languages.

Most of these vocabularies have no Arabic labels, and those that they have are made for who knows RDF. The table is
`terms.csv`, one term a line; its French and Arabic have not yet been seen by a native reader.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kg.terms import expand
from server.lookup import Label

_TABLE: Final = Path(__file__).with_name("terms.csv")


def term_label(iri: str, language: str) -> Label | None:
    """The label of a term of a common vocabulary; None for any other IRI.

    >>> term_label(expand("dct:issued"), "fr"), term_label("http://example.org/a", "fr")
    (Label(text='publié le', language='fr'), None)
    """
    found = _labels().get(iri)
    return None if found is None else found[language]


@lru_cache(1)
def _labels() -> Mapping[str, Mapping[str, Label]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return MappingProxyType(
        {
            expand(row.pop("term")): MappingProxyType({tag: Label(text, tag) for tag, text in row.items()})
            for row in rows
        }
    )
