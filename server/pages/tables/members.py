"""The things of a class, as `/list` shows them: a page at a time, filtered and counted by what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from server.lookup import Label, Term, iri_ref, select, term_of
from server.pages.phrases.naming import name_all
from server.pages.tables.asking import Asked, AskedWrongly
from server.pages.tables.columns import Column
from server.pages.tables.dates import parts_in
from server.pages.tables.exploring import Head, Met, Values, counts_of, met, named_by, values_shown
from server.pages.tables.facets import Facets, met_by
from server.pages.tables.queries import counts, prefixed
from server.releases import Release

PATH: Final = "/list"
MEMBERS: Final = 150
"""Things of one page: with their names in Arabic they are some 45 kB."""
_PATIENCE: Final = 5.0
"""How long things are looked for, in seconds."""
SORTED: Final = 5000
"""How many members of a class are counted, and sorted for a page."""
_TOLD: Final = 4
"""How often each of them may be said to be one, and still be counted."""
_SAMPLE: Final = 20
"""Members whose properties are offered."""
_COLUMNS: Final = 24
"""Properties that are offered, the most frequent."""
_LARGEST: Final = 200
"""Statements of a member that are read for that."""


@dataclass(frozen=True, slots=True)
class RowsOfClass:
    """The things of a class, in any graph, and whatever any graph says of them: see `Rows`."""

    kind: str

    def found(self, graph: str) -> str:
        """See `Rows`; what claims are said by decides nothing here."""
        del graph
        it = f"?row a {iri_ref(self.kind)}"
        return f"{{ {{ {it} }} UNION {{ GRAPH ?rowg {{ {it} }} }} }}"

    def values(self, column: Column, name: str, graph: str) -> str:
        """See `Rows`."""
        del graph
        first, *further = map(iri_ref, column.path)
        ways = f"?row {first} ?{name}"
        if further:
            ways = f"?row {first} ?{name}i . ?{name}i {further[0]} ?{name}"
        return f"{{ {{ {ways} }} UNION {{ GRAPH ?{name}g {{ {ways} }} }} }}"

    def tested(self, column: Column, name: str, graph: str) -> str:
        """See `Rows`."""
        return self.values(column, name, graph)


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of the things of a class."""

    rows: tuple[Term, ...]
    labels: Mapping[str, Label]
    asked: Asked
    address: str
    """Of the whole list."""
    kept: tuple[tuple[str, str], ...]
    """What each of its addresses has."""
    csv: str
    json: str
    """The addresses of what is shown, for programs."""
    previous: str
    next: str
    heads: tuple[Head, ...]
    met: tuple[Met, ...]
    counted: tuple[Values, ...]
    query: str
    """The SPARQL of what is shown."""
    total: int | None = None
    """How many things the list has on all its pages; None for more than `SORTED`."""

    @property
    def found(self) -> int | None:
        """How many meet the filters; None without any, and where they are too many to be counted."""
        return self.total if self.asked.only else None

    @property
    def first(self) -> int:
        """The number of the first thing shown, from 1."""
        return self.asked.page * MEMBERS + 1

    @property
    def is_long(self) -> bool:
        """Whether buttons take the place of links, see `Asked`."""
        return self.asked.is_long


def read_members(release: Release, kind: str, asked: Asked, language: str, facets: Facets) -> ListView:
    """The things of a class in any graph that meet the filters, `MEMBERS` a page, by their IRIs.

    More than `SORTED` of them come in the order of the store, which is the same for as long as the release is: an
    engine takes seconds to sort fifty thousand IRIs.

    :raises AskedWrongly: if a column is one of claims: a thing is no row of a table
    :raises ValueError: if `kind` is no absolute IRI
    :raises OperationError: if the engine fails, or is not in time
    """
    if any(column.of_claims for column in asked.columns):
        raise AskedWrongly("wrong_claims")
    rows, begin = RowsOfClass(iri_ref(kind)[1:-1]), asked.page * MEMBERS
    members, total = _members(release, rows, asked, begin)
    shown, kept = tuple(members[:MEMBERS]), {"class": kind}
    counted = facets.of(release, rows, asked.only, asked.facets) if asked.facets else []
    columns = _columns(release, shown, asked)
    named = {kind, *(term.name for term in shown), *named_by(asked, counted)}
    named |= {iri for column in columns for iri in column.path}
    return ListView(
        shown,
        name_all(release, named, language),
        asked,
        Asked().address(PATH, **kept),
        tuple(kept.items()),
        replace(asked, facets=()).address(PATH, **kept, format="csv"),
        replace(asked, facets=()).address(PATH, **kept, format="rows"),
        _at(asked, asked.page - 1, kind) if asked.page else "",
        _at(asked, asked.page + 1, kind) if len(members) > MEMBERS else "",
        tuple(Head(it, "", "", counts_of(it, parts, asked, PATH, **kept)) for it, parts in columns.items()),
        met(asked, PATH, **kept),
        tuple(values_shown(it, asked, PATH, counts(release.base, rows, asked, it), **kept) for it in counted),
        _query(rows, asked, begin),
        total,
    )


def _at(asked: Asked, page: int, kind: str) -> str:
    given = {"class": kind, **({"page": str(page)} if page else {})}
    return Asked(only=asked.only, facets=asked.facets).address(PATH, **given)


def _members(release: Release, rows: RowsOfClass, asked: Asked, begin: int) -> tuple[Sequence[Term], int | None]:
    """The members from one on, one more than a page has; and how many there are, where they were sorted."""
    if asked.only:
        query = f"SELECT DISTINCT ?row WHERE {{ {_where(rows, asked)} }} LIMIT {SORTED + 1}"
        fitting = {row["row"] for row in select(release.strangers, query, timeout=_PATIENCE)}
        found = fitting if len(fitting) <= SORTED else None
    else:
        found = _in_any_graph(release, rows.kind)
    if found is not None:
        members = sorted(found, key=lambda term: (term.kind, term.value))
        return members[begin : begin + MEMBERS + 1], len(members)
    query = f"SELECT DISTINCT ?row WHERE {{ {_where(rows, asked)} }} OFFSET {begin} LIMIT {MEMBERS + 1}"
    return [row["row"] for row in select(release.strangers, query, timeout=_PATIENCE)], None


def _in_any_graph(release: Release, kind: str) -> set[Term] | None:
    """All members of a class; None for more than are counted. Several graphs may say it of each."""
    for most in (SORTED + 1, _TOLD * SORTED):
        told = release.engine.members(kind, most)
        found = {term_of(quad.subject) for quad in told}
        if len(found) > SORTED:
            return None
        if len(told) < most:
            return found
    return None


def _where(rows: RowsOfClass, asked: Asked) -> str:
    return "\n  ".join((rows.found(""), *met_by(rows, asked.only, "")))


def _query(rows: RowsOfClass, asked: Asked, begin: int) -> str:
    """A query that gives the things of a page, to be changed on the page of queries."""
    body = f"SELECT DISTINCT ?row WHERE {{\n  {_where(rows, asked)}\n}}\nORDER BY ?row\nLIMIT {MEMBERS}\n"
    return prefixed(body + (f"OFFSET {begin}\n" if begin else ""))


def _columns(release: Release, shown: Sequence[Term], asked: Asked) -> Mapping[Column, tuple[str, ...]]:
    """What the first members have, the most frequent first, and what is asked for; with the parts of their dates."""
    filled: Counter[str] = Counter()
    values: dict[str, list[Term]] = {}
    for said in _said(release, shown[:_SAMPLE]):
        filled.update(said.keys())
        for link, terms in said.items():
            values.setdefault(link, []).extend(terms)
    of_members = sorted(filled, key=lambda link: (-filled[link], link))[:_COLUMNS]
    columns = dict.fromkeys((*asked.columns, *(Column((link,)) for link in of_members)))
    return {it: parts_in(values.get(it.path[0], ()) if len(it.path) == 1 else ()) for it in columns}


def _said(release: Release, members: Sequence[Term]) -> Iterator[Mapping[str, list[Term]]]:
    """What is said of each member, by properties."""
    for term in members:
        if term.kind in {"iri", "blank"}:
            said: dict[str, list[Term]] = {}
            for quad in release.engine.about(term.name, _LARGEST):
                said.setdefault(quad.predicate.value, []).append(term_of(quad.object))
            yield said
