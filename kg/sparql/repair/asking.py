"""A query asked as it is rewritten: the one way to an answer that every door takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from kg.sparql.columns import asked
from kg.sparql.repair import UNREAD, Repaired, repaired
from kg.sparql.repair.rules import SEARCH
from kg.sparql.texts import Texts, matters, searched

_Answer = TypeVar("_Answer")
OURS: Final = "x-zellige://"
"""What the names of our own functions and aggregates begin with; those who name none do not load them."""


def nowhere() -> None:
    """No texts to search in."""


class Named(Protocol):
    """A named graph of a store: a node, whose value is its IRI."""

    @property
    def value(self) -> str:
        """The IRI, or the identifier of a blank node."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Graphs:
    """The named graphs of what is queried; see `kg.sparql.repair.context.Data`."""

    stored: Callable[[], Iterable[Named]]
    """Those of the store."""
    listed: tuple[str, ...] | None = None
    """Those that the protocol names, None if it names no dataset."""
    texts: Callable[[], Texts | None] = nowhere
    """Where texts are searched, asked for when there is a search; see `kg.sparql.texts`."""

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

    Searches are answered first. A query that does not parse is told at the places of the text as it was written.

    :raises SyntaxError: as `ask` does
    :raises QueryError: see `kg.sparql.texts.searched`
    """
    found = searched(text, base, data.texts() if data is not None and matters(text) else None)
    done = repaired(found.text, base, data, without)
    if found.query is not None:
        done = replace(done, warnings=(*found.warnings, *done.warnings), query=done.query or found.query)
    first = () if found.query is None else (SEARCH,)
    if done.rules:
        try:
            return ask(done.text), replace(done, rules=(*first, *done.rules))
        except SyntaxError:
            done = replace(done, text=found.text, rules=(), warnings=(*done.warnings, UNREAD))
    return asked(ask, found.text), replace(done, rules=first)


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
    store: Any, text: str, without: Collection[str] = (), texts: Callable[[], Texts | None] = nowhere
) -> tuple[Any, Repaired]:
    """What a store of pyoxigraph answers to a query, and how that was rewritten; see `answered`."""

    def ask(query: str) -> Any:
        return store.query(query, **callables_of(query))

    return answered(ask, text, data=Graphs(store.named_graphs, texts=texts), without=without)
