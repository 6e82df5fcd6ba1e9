"""A query asked as it is rewritten: the one way to an answer that every door takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from kg.sparql.columns import asked
from kg.sparql.repair import Repaired, repaired, unread

_Answer = TypeVar("_Answer")
OURS: Final = "x-zellige://"
"""What the names of our own functions and aggregates begin with; those who name none do not load them."""


class Named(Protocol):
    """A named graph of a store: a node, whose value is its IRI."""

    @property
    def value(self) -> str:
        """The IRI, or the identifier of a blank node."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Graphs:
    """What is known of the data that are queried, and in which order; see `kg.sparql.repair.context.Data`."""

    stored: Callable[[], Iterable[Named]]
    """Those of the store."""
    listed: tuple[str, ...] | None = None
    """Those that the protocol names, None if it names no dataset."""
    stated: Callable[[str], frozenset[str] | None] | None = None
    """The kinds of the values of a property, where there are figures of the data."""
    collation: str | None = None
    """The language whose order of texts is asked for, by its tag; None for code points."""

    def kinds(self, property_iri: str) -> frozenset[str] | None:
        """The kinds of all objects of a property; None if nothing is known of it."""
        return None if self.stated is None else self.stated(property_iri)

    def graphs(self, named: tuple[str, ...] | None, most: int) -> tuple[str, ...] | None:
        """The IRIs of the graphs that GRAPH ranges over; None if there are more than `most`, or one has no IRI."""
        listed = named if self.listed is None else self.listed
        known = [node.value for node in islice(self.stored(), most + 1)]
        if len(known) > most or not all(":" in name for name in known):
            return None
        return tuple(sorted(name for name in known if listed is None or name in listed))


def answered(
    ask: Callable[[str], _Answer],
    text: str,
    base: str | None = None,
    data: Graphs | None = None,
    without: Collection[str] = (),
) -> tuple[_Answer, Repaired]:
    """What `ask` answers to a query after its rewriting, with the columns of `SELECT *` in their order.

    A query that does not parse is told at the places of the text as it was written.

    :raises SyntaxError: as `ask` does
    """
    done = repaired(text, base, data, without)
    if done.rules:
        try:
            return ask(done.text), done
        except SyntaxError as error:
            done = Repaired(text, warnings=(unread(str(error)),))
    return asked(ask, text), done


def callables_of(text: str) -> dict[str, Any]:
    """The functions and aggregates of ours that a rewritten query names, as arguments of `Store.query`.

    >>> callables_of("ASK {}")
    {}
    """
    if OURS not in text:
        return {}
    from kg.sparql.repair.functions.registry import callables

    found = callables(text)
    return {"custom_functions": found.functions, "custom_aggregate_functions": found.aggregates}


def asked_of(
    store: Any, text: str, without: Collection[str] = (), collation: str | None = None
) -> tuple[Any, Repaired]:
    """What a store of pyoxigraph answers to a query, and how that was rewritten; see `answered`."""

    def ask(text: str) -> Any:
        return store.query(text, **callables_of(text))

    return answered(ask, text, data=Graphs(store.named_graphs, collation=collation), without=without)
