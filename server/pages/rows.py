"""The rows of a table, each at the anchor that its IRI names: so many on a page, by their numbers in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.lookup import Label, iri_ref, select
from server.pages import describe
from server.pages.phrases.naming import name_all
from server.releases import Release

LAST_PAGE: Final = 10_000_000
"""The largest number of a page of rows; pages count from 0."""
_PLACE: Final = re.compile(r"(?:row|item)=([1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table, and the claims that were made from it."""

    iri: str
    place: str
    """Its place in the file, which is its anchor: `row=6` (RFC 7111, section 2.1), or `item=6`."""
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsView:
    """A page of the rows of a table."""

    rows: tuple[TableRow, ...]
    labels: Mapping[str, Label]
    number: int
    more: bool


def page_of(fragment: str) -> int:
    """The page of its table on which a row is shown, by the fragment of its IRI; 0 for what is no row.

    The numbers of the rows decide, not how many there are: an address tells the page without a look at the table.

    >>> page_of("row=6"), page_of("row=200"), page_of("row=201"), page_of("run")
    (0, 0, 1, 0)
    """
    found = _PLACE.fullmatch(fragment)
    return (int(found[1]) - 1) // describe.LIMIT if found else 0


def read_rows(release: Release, iri: str, number: int, language: str) -> RowsView:
    """The rows of a table that belong on page `number`; none if it is no table.

    :raises ValueError: if `iri` is no absolute IRI
    """
    graph, of_table = f"GRAPH <{release.base}graph/claims>", f"?row dct:isPartOf {iri_ref(iri)} ; csvw:rownum ?n"
    # The number in the IRI of a row is one more than its own where the file has a header.
    first, last = number * describe.LIMIT, (number + 1) * describe.LIMIT
    found = select(
        release.engine,
        f"SELECT ?row ?n ?claim WHERE {{ {graph} {{ {of_table} FILTER(?n >= {first} && ?n <= {last})"
        " OPTIONAL { ?claim prov:wasDerivedFrom ?row } } }",
        "n",
        "row",
        "claim",
    )
    claims: dict[str, list[str]] = {}
    for answer in found:
        place = answer["row"].value.partition("#")[2]
        if page_of(place) == number:
            made = claims.setdefault(answer["row"].value, [])
            if "claim" in answer:
                made.append(answer["claim"].value)
    later = select(release.engine, f"SELECT ?n WHERE {{ {graph} {{ {of_table} FILTER(?n > {last}) }} }} LIMIT 1")
    names = name_all(release, (c for made in claims.values() for c in made), language)
    rows = tuple(TableRow(row, row.partition("#")[2], tuple(made)) for row, made in claims.items())
    return RowsView(rows, names, number, bool(later))
