"""How much a release uses its terms: counted once, by the query to which the page of a term leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.sparql.guard import check
from kg.terms import expand
from server.engine import Dataset
from server.engine.inprocess import request_of
from server.http.results import JSON
from server.http.views import seen
from server.lookup import iri_ref, parse_rows
from server.releases import Release

_PATIENCE: Final = 5.0
"""How long the uses of one kind are counted, in seconds."""
_TYPE: Final = expand("rdf:type")
_EVERYTHING: Final = "everything"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many things each class has, and how many statements each property; 0 where a term has none."""

    classes: Mapping[str, int]
    properties: Mapping[str, int]

    def of(self, iri: str, *, is_class: bool) -> int:
        """The uses of one term."""
        return (self.classes if is_class else self.properties).get(iri, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """A query that `/query` answers, over a view where the release has views."""

    text: str
    view: str | None


def question(release: Release, iri: str, *, is_class: bool) -> Question:
    """The query for the things of a class, or for the statements of a property, whatever graphs they stand in.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it = iri_ref(iri)
    names, triple = ("?thing", f"?thing a {it}") if is_class else ("?subject ?value", f"?subject {it} ?value")
    if release.has_views:
        return Question(f"SELECT DISTINCT {names} WHERE {{\n  {triple}\n}}", _EVERYTHING)
    return Question(
        f"SELECT DISTINCT {names} WHERE {{\n  {{ {triple} }} UNION {{ GRAPH ?graph {{ {triple} }} }}\n}}", None
    )


def count(release: Release) -> Figures:
    """The uses of every class and property of a release, counted as a stranger's query is answered, within limits.

    :raises KgError: if the engine fails, or is not in time
    """
    kind = f"<{_TYPE}>"
    return Figures(
        _counted(release, f"?s {kind} ?it", "?s ?it"),
        _counted(release, "?s ?it ?o", "?s ?it ?o"),
    )


def _counted(release: Release, triple: str, names: str) -> Mapping[str, int]:
    everywhere = triple if release.has_views else f"{{ {triple} }} UNION {{ GRAPH ?g {{ {triple} }} }}"
    text = (
        f"SELECT ?it (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT {names} WHERE {{ {everywhere} }} }} }} GROUP BY ?it"
    )
    asked, graphs = seen(text, Dataset(view=_EVERYTHING if release.has_views else None), release)
    wanted = request_of(check(asked, release.base), graphs, JSON.media_type)
    rows = parse_rows(release.strangers.answer(wanted, timeout=_PATIENCE))[1]
    return MappingProxyType({row["it"].value: int(row["n"].value) for row in rows if "it" in row})
