"""What a rule may know beside the tree: the names that are free, and what is to be queried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from kg.sparql.language.syntax import Span, Variable
from kg.sparql.language.tokens import Source

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.errors import Position


class Data(Protocol):
    """What is to be queried, and in which order of texts, as far as a rule has to know it."""

    @property
    def collation(self) -> str | None:
        """The language whose order of texts ORDER BY is to keep, by its tag; None for code points."""
        ...  # pragma: no cover

    @property
    def careful(self) -> bool:
        """Whether the engine's own aggregates have been asked, and have no sure result."""
        ...  # pragma: no cover

    def default(self) -> tuple[str, ...] | None:
        """The IRIs of the graphs that the protocol makes the default graph of; None if it names no dataset."""
        ...  # pragma: no cover

    def graphs(self, named: tuple[str, ...] | None, most: int) -> tuple[str, ...] | None:
        """The IRIs of the graphs that GRAPH ranges over; None if there are more than `most`, or one has no IRI.

        `named` are those of the query's own FROM NAMED, None if it says no dataset.
        """
        ...  # pragma: no cover

    def kinds(self, property_iri: str) -> frozenset[str] | None:
        """The kinds (see `kinds`) of all objects of a property, in any graph; None if nothing is known of it."""
        ...  # pragma: no cover


@dataclass(slots=True)
class Fresh:
    """Gives variables that the text of a query does not know."""

    taken: str
    """The text."""
    _number: int = field(default=0, init=False)

    def variable(self, purpose: str) -> Variable:
        """A variable that was never given and that the text does not hold; `purpose` is a word, for the reader.

        >>> fresh = Fresh("SELECT ?graph_1 {}")
        >>> fresh.variable("graph").name
        'graph_2'
        """
        return Variable(self.name(purpose))

    def name(self, purpose: str) -> str:
        """The like for a blank node: a label."""
        while True:
            self._number += 1
            name = f"{purpose}_{self._number}"
            if name not in self.taken:
                return name


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds the rewriting of one query."""

    source: Source
    """The text of the query."""
    fresh: Fresh
    data: Data | None = None
    without: Collection[str] = ()
    """The rules that are switched off."""

    @property
    def collation(self) -> str | None:
        """The language whose order of texts ORDER BY is to keep, by its tag; None for code points."""
        return None if self.data is None else self.data.collation

    @property
    def careful(self) -> bool:
        """Whether the engine's own aggregates have been asked, and have no sure result."""
        return self.data is not None and self.data.careful

    def kinds(self, property_iri: str) -> frozenset[str] | None:
        """The kinds of all objects of a property; None if nothing is known of it."""
        return None if self.data is None else self.data.kinds(property_iri)

    def position(self, at: Span | None) -> Position | None:
        """The line and column at which something was written."""
        return None if at is None else self.source.position(at.start)

    def place(self, at: Span | None) -> str:
        """The line and column at which something was written, as in "1.8"; "" if it was nowhere."""
        found = self.position(at)
        return "" if found is None else f"{found.line}.{found.column}"
