"""What a search in texts is, and what a lookup answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

TEXT: Final = "http://jena.apache.org/text#"
TEXT_QUERY: Final = f"{TEXT}query"
"""Jena's property function (Apache Jena, Full Text Search)."""
BIF: Final = "bif"
CONTAINS: Final = f"{BIF}:contains"
"""Virtuoso's predicate and function (OpenLink Virtuoso, Using Full Text Search in SPARQL)."""
MOST: Final = 10_000
"""Rows that one search gives at most, as in Jena."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What one search looks for."""

    words: str
    limit: int
    links: tuple[str, ...] = ()
    """The properties that state the texts; any without them."""
    language: str = ""
    """The language of the texts; empty for any."""
    graph: str | None = None
    """The one graph that states them; None for any."""


@dataclass(frozen=True, slots=True)
class Match:
    """A text that was found."""

    thing: str
    """An IRI, or `_:` and the label of a blank node."""
    link: str
    """The property that states it."""
    text: str
    language: str
    score: float
    """The higher, the better: BM25, in which names weigh more; it compares matches of one search only."""
    graphs: tuple[str, ...]
    """The graphs that state it; the default graph is the empty one."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The best matches in their order, and whether there are more."""

    found: tuple[Match, ...]
    more: bool


class Texts(Protocol):
    """Where searches are answered."""

    def find(self, sought: Sought) -> Matches:
        """What is found.

        :raises QueryError: if the words cannot be looked for
        """
        ...  # pragma: no cover

    def states(self, link: str) -> bool:
        """Whether any text is stated by a property."""
        ...  # pragma: no cover
