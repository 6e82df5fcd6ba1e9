"""The views of a release and their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

UNION_GRAPH: Final = "urn:x-arq:UnionGraph"
"""How Jena calls the union of all graphs (Apache Jena, TDB: Dynamic Datasets)."""
DEFAULT_GRAPH: Final = "urn:x-arq:DefaultGraph"
"""How it calls the default graph of the store."""


@dataclass(frozen=True, slots=True)
class View:
    """What a query sees where it names no graph; graphs that it names are there in every view."""

    name: str
    graphs: tuple[str, ...]
    """The names of the graphs that it is joined of (`kg.terms.Minter.graph`), the default graph as ""."""
    wider: str | None
    """The view that shows more."""

    def iris(self, base: str) -> tuple[str, ...]:
        """The graphs by their IRIs, the default graph as "".

        >>> VIEWS["stated"].iris("http://e/")
        ('http://e/graph/stated', 'http://e/graph/claims')
        """
        return tuple(f"{base}graph/{name}" if name else "" for name in self.graphs)


REVIEWED: Final = View("reviewed", ("",), "stated")
VIEWS: Final[Mapping[str, View]] = MappingProxyType(
    {
        view.name: view
        for view in (
            REVIEWED,
            View("stated", ("stated", "claims"), "everything"),
            View("everything", ("stated", "claims", "other"), None),
        )
    }
)
"""By name, the narrowest first."""


def address(base: str, name: str) -> str:
    """The IRI of a view.

    >>> address("https://w3id.org/zellige/", "stated")
    'https://w3id.org/zellige/view/stated'
    """
    return f"{base}view/{name}"


def view_of(iri: str, base: str) -> View | None:
    """The view that an IRI names, its own or that of Jena; None for any other graph.

    >>> view_of("urn:x-arq:UnionGraph", "http://e/").name, view_of("http://e/graph/claims", "http://e/")
    ('everything', None)
    """
    if iri == UNION_GRAPH:
        return VIEWS["everything"]
    if iri == DEFAULT_GRAPH:
        return REVIEWED
    home = address(base, "")
    return VIEWS.get(iri.removeprefix(home)) if iri.startswith(home) else None


def merged(iris: Iterable[str], base: str) -> tuple[str, ...]:
    """The graphs that some IRIs of views and graphs name together, each once, the default graph as "".

    Of two views the wider one has all that the other has: of several, only that is read.

    >>> merged(["http://e/view/reviewed", "http://e/view/stated", "http://e/g"], "http://e/")
    ('http://e/graph/stated', 'http://e/graph/claims', 'http://e/g')
    """
    given = tuple(iris)
    named = [view for iri in given if (view := view_of(iri, base)) is not None]
    widest = max(named, key=list(VIEWS.values()).index, default=None)
    graphs = () if widest is None else widest.iris(base)
    return tuple(dict.fromkeys((*graphs, *(iri for iri in given if view_of(iri, base) is None))))
