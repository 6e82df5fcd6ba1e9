"""A table as its page shows it, read from a release into frozen values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.errors import EngineFailed
from kg.terms import expand
from server.lookup import Label, iri_ref, select
from server.pages import describe
from server.pages.addresses import name_of, own_path
from server.pages.documents.standing import Standing, read_standing
from server.pages.evidence import ClaimView, Statement, read_views, statement_of
from server.pages.facts.order import columns_of
from server.pages.phrases.claims import claims_named, worded
from server.pages.phrases.naming import Naming
from server.pages.rows import ROWS
from server.pages.statements import LARGEST, PART_OF, read_facts
from server.pages.tables.asking import Asked, rows_at
from server.pages.tables.columns import OF_CLAIMS, Column
from server.pages.tables.dates import parts_in
from server.pages.tables.exploring import Head, Met, Values, counts_of, met, named_by, values_shown
from server.pages.tables.facets import RowsOfTable
from server.pages.tables.lines import Line, in_order, read_lines
from server.pages.tables.ordering import Orders
from server.pages.tables.queries import counts, query_of
from server.pages.views import ResourceView, claim_iris
from server.releases import Release

_COUNTED: Final = 2_000
"""How many rows of a table are counted for a page."""
_LISTED: Final = 50
_NUMBER: Final = re.compile(r"=([1-9][0-9]{0,15})$")
_USED: Final = NamedNode(expand("prov:used"))
_TOLD: Final = frozenset(map(expand, describe.WITH_TABLES))
_DERIVED: Final = frozenset(map(expand, describe.DERIVED))


@dataclass(frozen=True, slots=True)
class TableView:
    """A page of a table."""

    resource: ResourceView
    """What is known of it beside its rows; nothing on later pages."""
    mentioning: tuple[str, ...]
    """Claims that speak of it, the first ones."""
    asked: Asked
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    claims: tuple[ClaimView, ...]
    """Of one row, in full."""
    total: int | None
    """How many rows it has; None for more than are counted."""
    address: str
    csv: str
    rows: str
    """The address of the rows as JSON."""
    previous: str
    next: str
    """Addresses; empty where there is none."""
    labels: Mapping[str, Label]
    kept: tuple[tuple[str, str], ...] = ()
    """What each of its addresses has beside what is asked: nothing."""
    told: str = ""
    """What is to be said of the order, as a key of `words_of`."""
    found: int | None = None
    """How many rows meet the filters; None without any."""
    met: tuple[Met, ...] = ()
    counted: tuple[Values, ...] = ()
    query: str = ""
    """The SPARQL of what is shown."""
    mentioning_cut: bool = False
    """Whether there are more claims that speak of it."""

    @property
    def is_long(self) -> bool:
        """Whether buttons take the place of links, see `Asked`."""
        return self.asked.is_long


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a page."""

    iris: Sequence[str]
    more: bool = False
    """Whether there are some after them."""
    told: str = ""
    found: int | None = None
    """How many meet the filters."""


def read_table(release: Release, iri: str, asked: Asked, language: str, orders: Orders) -> TableView | None:
    """A page of a table; None if the release knows nothing of it.

    Rows that cannot be sorted or filtered in time come as they stand in the file, and the page says so.

    :raises ValueError: if `iri` or a column is no absolute IRI
    :raises KgError: if no other rows do, and these are not found in time
    """
    said = [quad for quad in read_facts(release, iri) if quad.predicate.value not in _DERIVED]
    if not said:
        return None
    rows, asked = _rows_or_others(release, iri, asked, language, orders)
    lines = read_lines(release, rows.iris)
    sample = lines or read_lines(release, rows_at(release, iri, range(1, ROWS + 1)))
    filled = Counter(chain.from_iterable(line.cells for line in sample))
    filled.update(dict.fromkeys(asked.columns, 0))
    claims = _whole(release, lines) if asked.row is not None else ()
    resource, mentioning = _beside(release, iri, said) if asked.is_plain and not asked.page else (None, ())
    of_table = RowsOfTable(iri)
    facets = orders.facets.of(release, of_table, asked.only, asked.facets) if asked.facets else ()
    shown = {iri, *_nodes(lines, filled), *chain.from_iterable(map(claim_iris, claims)), *named_by(asked, facets)}
    if resource is not None:
        shown.update(_of((*resource.facts, *resource.references, *resource.origin)))
    naming = Naming(release, language)
    told = {claim.iri: worded(claim, naming) for claim in claims}
    names = naming.names({*shown, *told, *claims_named(told.values())})
    resource = resource or ResourceView(iri, (), (), references_cut=False, labels=names)
    path = own_path(iri, release.base)
    counted = _extent(release, iri)
    columns = in_order(filled, partial(_said, release, names), columns_of(release, iri))
    return TableView(
        replace(resource, labels=names, worded=told),
        mentioning[:_LISTED],
        asked,
        tuple(_head(column, sample, asked, path) for column in columns),
        lines,
        claims,
        None if counted is None else counted[0],
        path,
        replace(asked, facets=()).address(path, format="csv"),
        replace(asked, facets=()).address(path, format="rows"),
        *_around(asked, path, more=rows.more, last=0 if counted is None else counted[1]),
        names,
        told=rows.told,
        found=rows.found,
        met=met(asked, path),
        counted=tuple(values_shown(it, asked, path, counts(release.base, of_table, asked, it)) for it in facets),
        query=query_of(release.base, iri, asked, columns),
        mentioning_cut=len(mentioning) > _LISTED,
    )


def _said(release: Release, names: Mapping[str, Label], iri: str) -> str:
    label = names.get(iri)
    return name_of(release, iri) if label is None else label.text


def _rows_or_others(release: Release, iri: str, asked: Asked, language: str, orders: Orders) -> tuple[_Rows, Asked]:
    """The rows of a page; or the first ones as they stand in the file, and what would have asked for them."""
    if asked.row is not None:
        return _Rows(rows_at(release, iri, range(asked.row, asked.row + 1))), asked
    if asked.is_plain:
        return _Rows(*_rows(release, iri, asked)), asked
    try:
        order = orders.of(release, iri, asked, language)
    except EngineFailed:
        if asked.exactly:
            raise
        return _Rows(*_rows(release, iri, Asked()), "too-long"), Asked(facets=asked.facets)
    first = asked.page * ROWS
    told = "" if order.by_names else "by-iris"
    found = len(order.places)
    return _Rows(order.rows(iri, first, ROWS), found > first + ROWS, told, found if asked.only else None), asked


def _rows(release: Release, iri: str, asked: Asked) -> tuple[list[str], bool]:
    """The rows of a page as they stand in the file, and whether there are more after it."""
    first = asked.page * ROWS + 1
    found = rows_at(release, iri, range(first, first + ROWS))
    counted = _extent(release, iri)
    if counted is not None:
        return found, counted[1] >= first + ROWS
    return found, _goes_on(release, iri, first + ROWS)


def _goes_on(release: Release, iri: str, place: int) -> bool:
    """Whether a long table has a row at this place or behind it: the next page tells, or else the whole table.

    One so long that this is not found in time has, as far as anybody knows: an empty page hides nothing.
    """
    if rows_at(release, iri, range(place, place + ROWS)):
        return True
    graph = f"GRAPH <{release.base}graph/claims>"
    later = (
        f"SELECT ?n WHERE {{ {graph} {{ ?row dct:isPartOf {iri_ref(iri)} ; csvw:rownum ?n }} FILTER(?n >= {place}) }}"
    )
    try:
        return bool(select(release.strangers, f"{later} LIMIT 1", timeout=5.0))
    except EngineFailed:
        return True


def _extent(release: Release, iri: str) -> tuple[int, int] | None:
    """How many rows a table has, and the last place in its file; None for more than are counted."""
    claims = NamedNode(release.minter.graph("claims"))
    found = list(islice(release.engine.quads(None, PART_OF, NamedNode(iri), claims), _COUNTED + 1))
    if len(found) > _COUNTED:
        return None
    numbers = [int(match[1]) for quad in found if (match := _NUMBER.search(str(getattr(quad.subject, "value", ""))))]
    return len(numbers), max(numbers, default=0)


def _around(asked: Asked, path: str, *, more: bool, last: int) -> tuple[str, str]:
    """The addresses of the page before and of the next one; of a row, of the rows around it."""
    if asked.row is not None:
        before = replace(asked, row=asked.row - 1).address(path) if asked.row > 1 else ""
        return before, replace(asked, row=asked.row + 1).address(path) if not last or asked.row < last else ""
    before = replace(asked, page=asked.page - 1).address(path) if asked.page else ""
    return before, replace(asked, page=asked.page + 1).address(path) if more else ""


def _head(column: Column, lines: Iterable[Line], asked: Asked, path: str) -> Head:
    is_sorted = column == asked.sort
    state = ("descending" if asked.descending else "ascending") if is_sorted else ""
    turned = replace(asked, page=0, row=None, sort=column, descending=state == "ascending")
    values = chain.from_iterable(chain.from_iterable(line.cells.get(column, ()) for line in lines))
    return Head(column, turned.address(path), state, counts_of(column, parts_in(values), asked, path))


def _whole(release: Release, lines: Iterable[Line]) -> tuple[ClaimView, ...]:
    return tuple(read_views(release, (iri for line in lines for iri, _ in line.claims), LARGEST).values())


def _beside(release: Release, iri: str, said: Sequence[Quad]) -> tuple[ResourceView, tuple[str, ...]]:
    """What is known of a table beside its rows, and the claims that speak of it."""
    standing: Standing = read_standing(release, iri)
    references = [row for row in standing.references if row.property.value not in _TOLD]
    cut = standing.is_cut or len(references) > _LISTED
    facts = tuple(dict.fromkeys(map(statement_of, said)))
    found = ResourceView(iri, facts, tuple(references[:_LISTED]), cut, {}, _origin(release, iri))
    return found, standing.mentioning


def _origin(release: Release, iri: str) -> tuple[Statement, ...]:
    """The runs that used it, and what else they used."""
    it, claims = NamedNode(iri), NamedNode(release.minter.graph("claims"))

    def about(node: NamedNode | BlankNode) -> list[Quad]:
        return sorted(release.engine.quads(node, None, None, claims), key=str)

    runs = [quad.subject for quad in release.engine.quads(None, _USED, it, claims)]
    of_runs = [quad for run in runs if isinstance(run, NamedNode) for quad in about(run)]
    used = [quad.object for quad in of_runs if quad.predicate == _USED and quad.object != it]
    of_used = [quad for node in used if isinstance(node, NamedNode | BlankNode) for quad in about(node)]
    return tuple(dict.fromkeys(map(statement_of, (*of_runs, *of_used))))


def _nodes(lines: Iterable[Line], columns: Iterable[Column]) -> Iterator[str]:
    for column in (*columns, *OF_CLAIMS):
        yield from column.path
    for line in lines:
        for cell in line.cells.values():
            yield from (term.name for terms in cell for term in terms if term.kind in {"iri", "blank"})


def _of(statements: Iterable[Statement]) -> Iterator[str]:
    for it in statements:
        yield from (part.name for part in (it.subject, it.property, it.value) if part.kind in {"iri", "blank"})
