"""From an IRI of the graph back to the row that a person can edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache

import pyoxigraph as ox

from kg.errors import DataError, Position
from kg.records.locations import Locate
from kg.rml.mapping.model import Source
from kg.store import parse_lines
from kg.tables.model import Table
from kg.tables.rows import columns_of, read_rows
from kg.terms import Minter


def places(tables: Iterable[tuple[Table, Source]], lines: Callable[[], Iterable[str]], mint: Minter) -> Locate:
    """A function from the IRI of a claim, its evidence, a row, a table or a thing to where it is written.

    Tables and the N-Quads `lines` are read when it is first asked: that is when something is wrong. A
    thing that several rows speak of is located at the first of them.
    """

    @cache
    def known() -> dict[str, Position]:
        found: dict[str, Position] = {}
        for table, source in tables:
            found[mint.table(table.slug)] = table.position
            with suppress(DataError):
                found.update(_of_rows(table, source, mint))
        claims = {name: place for name, place in found.items() if name.startswith(mint.claim(""))}
        for quad in parse_lines(lines()):
            place = claims.get(getattr(quad.graph_name, "value", ""))
            if place is not None and isinstance(quad.subject, ox.NamedNode):
                found[quad.subject.value] = min(place, found.get(quad.subject.value, place))
        return found

    def locate(iri: str) -> Position | None:
        return known().get(iri) or known().get(iri.partition("#")[0])

    return locate


def _of_rows(table: Table, source: Source, mint: Minter) -> Iterator[tuple[str, Position]]:
    claims: set[str] = set()
    for rows in read_rows(table, source, columns_of((table.id,), source), []):
        for index, (name, place) in enumerate(zip(rows.ids, rows.places, strict=True)):
            position = rows.position(index)
            yield f"{mint.table(table.slug)}#{place}", position
            if name not in claims:
                claims.add(name)
                yield mint.claim(name), position
