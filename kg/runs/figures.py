"""What a dataset holds, counted while its sorted lines pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.description import Counts
from kg.description.beside import asking, write_default_graph
from kg.description.measuring import measure
from kg.rdf.rows import ROW, Row
from kg.runs.parts import Parts
from kg.sparql.dataset import VIEWS
from kg.terms import ZEL, Minter, expand

_TYPE: Final = f"<{expand('rdf:type')}>".encode()
_CLAIM: Final = f"<{ZEL}Claim>".encode()
_DOCUMENT: Final = f"<{ZEL}SourceDocument>".encode()
_MODALITY: Final = f"<{ZEL}modality>".encode()
_REVIEW: Final = f"<{ZEL}reviewStatus>".encode()
_COUNTED: Final = frozenset((_TYPE, _MODALITY, _REVIEW))


class _Runs:
    """How many different values a sorted column has."""

    def __init__(self) -> None:
        self._last: bytes | None = None
        self.different = 0

    def take(self, column: Sequence[bytes]) -> None:
        if column:
            self.different += len(set(column)) - (column[0] == self._last)
            self._last = column[-1]


class Figures:
    """Counts rows in their sorted order, every row once; an entity is an IRI under `{base}id/` that some row is about.

    `number` tells terms apart: what it gives for a term is kept for the objects of the default graph.

    >>> figures = Figures("https://w3id.org/zellige/", hash)
    >>> figures.take([(b"<urn:s>", b"<urn:p>", b'"a"', b""), (b"<urn:s>", b"<urn:p>", b'"a"', b"<urn:g>")])
    >>> counts = figures.counts()
    >>> counts.quads, counts.default_triples, counts.properties
    (2, 1, {'urn:p': 1})
    """

    def __init__(self, base: str, number: Callable[[bytes], int]) -> None:
        self._number = number
        self._metadata = f"<{Minter(base).graph('claims')}>".encode()
        self._home = f"<{Minter(base).entity('')}".encode()
        self._quads = self._default = 0
        self._entities, self._subjects = _Runs(), _Runs()
        self._objects: set[int] = set()
        self._properties: Counter[bytes] = Counter()
        self._classes: Counter[bytes] = Counter()
        self._about_claims: Counter[tuple[bytes, bytes]] = Counter()
        self._parts = Parts(number)
        self._graphs: Counter[bytes] = Counter()
        names = {name for view in VIEWS.values() for name in view.graphs}
        self._joined = {f"<{Minter(base).graph(name)}>".encode() if name else b"": name for name in names}

    def take(self, rows: Sequence[Row]) -> None:
        """Count some rows."""
        self._quads += len(rows)
        home, metadata, number = self._home, self._metadata, self._number
        self._entities.take([row[0] for row in rows if row[0].startswith(home)])
        self._about_claims.update(row[1:3] for row in rows if row[3] == metadata and row[1] in _COUNTED)
        joined = self._joined
        self._graphs.update([row[3] for row in rows if row[3] in joined])
        default = [row for row in rows if not row[3]]
        self._default += len(default)
        self._subjects.take([row[0] for row in default])
        self._objects.update([number(row[2]) for row in default])
        self._properties.update([row[1] for row in default])
        self._classes.update([row[2] for row in default if row[1] == _TYPE])
        self._parts.take(default)

    def counts(self) -> Counts:
        """The figures of all that was taken."""
        sizes = {name: self._graphs[graph] for graph, name in self._joined.items()}
        return Counts(
            quads=self._quads,
            default_triples=self._default,
            claims=self._about_claims[_TYPE, _CLAIM],
            documents=self._about_claims[_TYPE, _DOCUMENT],
            entities=self._entities.different,
            subjects=self._subjects.different,
            objects=len(self._objects),
            by_modality=self._concepts(_MODALITY),
            by_review=self._concepts(_REVIEW),
            classes=_sorted((_value(term), n) for term, n in self._classes.items()),
            properties=_sorted((_value(term), n) for term, n in self._properties.items()),
            partitions=self._parts.partitions(),
            derived=sum(size for name, size in sizes.items() if name != "claims"),
            views={view.name: sum(sizes[name] for name in view.graphs) for view in VIEWS.values()},
        )

    def _concepts(self, predicate: bytes) -> dict[str, int]:
        found = ((value, n) for (of, value), n in self._about_claims.items() if of == predicate)
        return _sorted((_value(value).rpartition("/")[2], n) for value, n in found)


def _sorted(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, number in counted:
        total[name] += number
    return dict(sorted(total.items()))


def _value(term: bytes) -> str:
    """An IRI, or the text of a literal."""
    (triple,) = ox.parse(b"<urn:s> <urn:p> " + term + b" .", ox.RdfFormat.N_TRIPLES)
    found = triple.object
    return found.value if isinstance(found, ox.NamedNode | ox.Literal | ox.BlankNode) else str(found)


def counts_of(store: Path, base: str, quads: int) -> Counts:
    """The figures of the default graph of a store that holds so many `quads` in all.

    Its lines are counted as those of a build are; what such lines do not know, namely triple terms, is asked of the
    engine, which takes five times as long.

    :raises OSError: if the store does not open or cannot be read
    """
    figures = Figures(base, hash)
    is_known = True

    def take(block: bytes) -> None:
        nonlocal is_known
        rows = ROW.findall(block)
        is_known = is_known and len(rows) == block.count(b"\n")
        figures.take(rows)

    write_default_graph(store, take)
    return replace(figures.counts(), quads=quads) if is_known else measure(asking(store), quads)
