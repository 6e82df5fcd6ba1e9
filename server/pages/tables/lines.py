"""The rows of a table as lines of a grid, read from the claims that were made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.terms import expand
from server.lookup import Term, term_of
from server.pages.statements import DERIVED_FROM, PART_OF, TYPE
from server.pages.tables.columns import OF_CLAIMS, Column
from server.releases import Memory, Release

_NAMES: Final = tuple(
    NamedNode(expand(name)) for name in ("rdfs:label", "skos:prefLabel", "dct:title", "foaf:name", "zel:name")
)
_KEPT: Final = 2_000
"""Lines that are remembered, and likewise of how many statements."""
_SMALL: Final = 100
_IDENTIFIER: Final = NamedNode(expand("dct:identifier"))
_NOWHERE: Final = 1 << 62
"""The place of what stands in no column."""
_Node = NamedNode | BlankNode
Cell = tuple[tuple[Term, ...], ...]
"""The values of a column; of several values without a name each has its place, which may be empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file."""

    iri: str
    place: str
    """Its place in the file, which is its anchor: `row=6` (RFC 7111, section 2.1), or `item=6`."""


@dataclass(frozen=True, slots=True)
class Line:
    """Rows that stand together because the same claims were made of them: nobody wrote down which cell said what."""

    rows: tuple[Row, ...]
    claims: tuple[tuple[str, str], ...]
    """IRI and identifier."""
    cells: Mapping[Column, Cell]


def read_lines(release: Release, rows: Iterable[str]) -> tuple[Line, ...]:
    """The lines of rows, in the order given; what is no row of any table is passed over."""
    reading = _Reading(release)
    known = ((row, reading.claims_of(NamedNode(row))) for row in rows)
    lines = []
    for claims, those in groupby(known, key=lambda one: one[1] or one[0]):
        found = tuple(Row(row, row.partition("#")[2]) for row, _ in those)
        lines.append(reading.line(found, () if isinstance(claims, str) else claims))
    return tuple(lines)


def is_row_of(release: Release, row: str, table: str) -> bool:
    """Whether an IRI is that of a row of a table."""
    claims = NamedNode(release.minter.graph("claims"))
    return any(True for _ in release.engine.quads(NamedNode(row), PART_OF, NamedNode(table), claims))


def in_order(
    columns: Mapping[Column, int], name: Callable[[str], str], places: Mapping[tuple[str, ...], int]
) -> tuple[Column, ...]:
    """Columns as a person reads them: as the file has them, what belongs together side by side, claims last.

    What stands in no column of the file follows those that do, what most rows have first.

    :param columns: how many rows have each
    :param places: those of the file, by the properties of a column
    """
    of_things = [column for column in columns if not column.of_claims]
    filled: dict[str, int] = {}
    first: dict[str, int] = {}
    for column in of_things:
        link = column.path[0]
        filled[link] = max(filled.get(link, 0), columns[column])
        first[link] = min(first.get(link, _NOWHERE), places.get(column.path, _NOWHERE))
    of_things.sort(
        key=lambda c: (
            c.path[0] == TYPE.value,
            first[c.path[0]],
            -filled[c.path[0]] if first[c.path[0]] == _NOWHERE else 0,
            name(c.path[0]),
            places.get(c.path, _NOWHERE),
            -columns[c],
            *map(name, c.path),
        )
    )
    return (*of_things, *(column for column in OF_CLAIMS if column in columns))


class _Reading:
    def __init__(self, release: Release) -> None:
        self._engine, self._claims = release.engine, NamedNode(release.minter.graph("claims"))
        self._named: dict[_Node, bool] = {}
        self._lines: Memory[tuple[str, ...], Line] = release.memory("lines of tables", _KEPT)
        """By their claims; a table is sorted, filtered and paged, and its lines stay the same."""

    def claims_of(self, row: NamedNode) -> tuple[NamedNode, ...]:
        found = (quad.subject for quad in self._engine.quads(None, DERIVED_FROM, row, self._claims))
        return tuple(sorted((node for node in found if isinstance(node, NamedNode)), key=lambda node: node.value))

    def line(self, rows: tuple[Row, ...], claims: Sequence[NamedNode]) -> Line:
        iris = tuple(claim.value for claim in claims)
        if (known := self._lines.get(iris)) is not None:
            return replace(known, rows=rows)
        said = [quad for claim in claims for quad in self._engine.quads(None, None, None, claim)]
        line = Line(rows, tuple((claim.value, self._identifier(claim)) for claim in claims), self._all(said, claims))
        return self._lines.keep(iris, line) if len(said) <= _SMALL else line

    def _all(self, said: Sequence[Quad], claims: Sequence[NamedNode]) -> Mapping[Column, Cell]:
        """The cells of what claims say and of what is said of them."""
        cells = dict(self._cells(sorted(set(said), key=str)))
        for column in OF_CLAIMS:
            link = NamedNode(column.path[0])
            values = chain.from_iterable(self._engine.quads(claim, link, None, self._claims) for claim in claims)
            if terms := tuple(dict.fromkeys(term_of(quad.object) for quad in values)):
                cells[column] = (terms,)
        return cells

    def _identifier(self, claim: NamedNode) -> str:
        for quad in self._engine.quads(claim, _IDENTIFIER, None, self._claims):
            if isinstance(quad.object, Literal) and not quad.object.language:
                return quad.object.value
        return claim.value.rpartition("/")[2]

    def _cells(self, said: Sequence[Quad]) -> Iterator[tuple[Column, Cell]]:
        about: dict[_Node, list[Quad]] = {}
        for quad in said:
            if isinstance(quad.subject, _Node):
                about.setdefault(quad.subject, []).append(quad)
        inner = self._inner(said, about)
        direct: dict[str, list[Term]] = {}
        nested: dict[str, list[_Node]] = {}
        for quad in said:
            if quad.subject in inner:
                continue
            if isinstance(quad.object, _Node) and quad.object in inner:
                nested.setdefault(quad.predicate.value, []).append(quad.object)
            else:
                direct.setdefault(quad.predicate.value, []).append(term_of(quad.object))
        yield from ((Column((link,)), (tuple(dict.fromkeys(terms)),)) for link, terms in direct.items())
        for link, nodes in nested.items():
            places = tuple(dict.fromkeys(nodes))
            further = dict.fromkeys(q.predicate.value for node in places for q in about[node] if q.predicate != TYPE)
            for last in further:
                of = (tuple(term_of(q.object) for q in about[n] if q.predicate.value == last) for n in places)
                yield Column((link, last)), tuple(of)

    def _inner(self, said: Sequence[Quad], about: Mapping[_Node, object]) -> set[_Node]:
        """The values without a name of their own of things that are no such values."""
        values = {q.object for q in said if isinstance(q.object, _Node) and q.object in about and q.object != q.subject}
        unnamed = {node for node in values if not self._has_name(node)}
        return {
            q.object for q in said if isinstance(q.object, _Node) and q.object in unnamed and q.subject not in unnamed
        }

    def _has_name(self, node: _Node) -> bool:
        if node not in self._named:
            names = (self._engine.quads(node, link, None, None) for link in _NAMES)
            self._named[node] = any(True for _ in chain.from_iterable(names))
        return self._named[node]
