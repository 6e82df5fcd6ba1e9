"""Questions put to a release, as the endpoint answers them."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import pyoxigraph as ox

from kg import store
from kg.competency.expected import Answer, Rows, Statements, Truth
from kg.errors import QueryError, QueryRefused
from kg.release import Release
from kg.search import INDEX
from kg.search.asking import texts_at
from kg.sparql.dataset import Asked, place
from kg.sparql.described import Described, described_store
from kg.sparql.guard import draft
from kg.sparql.repair import UNBOUND
from kg.sparql.repair.asking import Manner, Noting, asked_of, settled

_SECONDS: Final = 60.0
"""How long a search in texts may take."""


class Asker:
    """Asks a release, whose stores are opened once."""

    def __init__(self, release: Release, *, skip_unbound: bool = True) -> None:
        """`skip_unbound` is that of the settings of the server."""
        self._release, self._without = release, () if skip_unbound else (UNBOUND,)
        path = release.store_path
        self._described, self._paths = Described.beside(path), (path, described_store(path))
        self._stores: dict[bool, Any] = {}

    def ask(self, text: str) -> tuple[Answer, bytes]:
        """The answer to a query, and the file of expected answers that holds it.

        :raises QueryRefused: if it asks other endpoints
        :raises QueryError: if the engine does not answer it
        """
        written = draft(text)
        if written.has_service:
            raise QueryRefused("it asks another endpoint, whose answers change", hint="ask what the release holds")
        opened = self._store(written.source.text)
        has_views = store.has_graph(opened, f"{self._release.base}graph/stated")
        placed = place(Asked(text), self._release.base, has_views=has_views)
        texts = partial(texts_at, self._release.path / INDEX, _SECONDS)
        manner = Manner(self._without, None, store.graphs_read(placed), texts)

        def attempt(noting: Noting) -> tuple[Answer, bytes]:
            return _held(asked_of(opened, placed.query, manner, noting)[0])

        try:
            return settled(attempt)[0]
        except (SyntaxError, RuntimeError) as error:
            raise QueryError(f"the engine does not answer it: {error}") from None

    def _store(self, text: str) -> Any:
        is_described = self._described.is_named_in(text, self._release.base)
        if is_described not in self._stores:
            self._stores[is_described] = store.read(self._paths[is_described])
        return self._stores[is_described]


def _held(found: Any) -> tuple[Answer, bytes]:
    if isinstance(found, ox.QueryTriples):
        lines = sorted({str(triple) for triple in found})
        return Statements(dict(zip(lines, range(1, len(lines) + 1), strict=True))), "".join(
            f"{line} .\n" for line in lines
        ).encode()
    if isinstance(found, ox.QueryBoolean):
        return Truth(bool(found)), (found.serialize(format=ox.QueryResultsFormat.JSON) or b"") + b"\n"
    if isinstance(found, ox.QuerySolutions):
        columns = tuple(variable.value for variable in found.variables)
        content = found.serialize(format=ox.QueryResultsFormat.TSV) or b""
        again = ox.parse_query_results(content, format=ox.QueryResultsFormat.TSV)
        assert isinstance(again, ox.QuerySolutions)
        return Rows(columns, tuple(tuple(row[column] for column in columns) for row in again)), content
    raise TypeError(type(found))
