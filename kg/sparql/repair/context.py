"""What a rule may know beside the tree: the names that are free, and what is to be queried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from kg.sparql.language.syntax import Variable

if TYPE_CHECKING:
    from collections.abc import Collection


class Data(Protocol):
    """What is to be queried, as far as a rule has to know it."""

    def graphs(self, most: int) -> tuple[str, ...] | None:
        """The IRIs of the named graphs of the dataset; None if there are more than `most`."""
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
        while True:
            self._number += 1
            name = f"{purpose}_{self._number}"
            if name not in self.taken:
                return Variable(name)


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds the rewriting of one query."""

    fresh: Fresh
    data: Data | None = None
    without: Collection[str] = ()
    """The rules that are switched off."""
