"""A query asked as it is rewritten: the one way to an answer that every door takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from kg.sparql.columns import asked, in_order_of
from kg.sparql.repair import Repaired, repaired, unread
from kg.sparql.repair.rules import SEARCH
from kg.sparql.texts import Searched, Texts, matters, searched

if TYPE_CHECKING:
    from kg.errors import Problem
    from kg.sparql.repair.functions.notes import Notes

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
    """What is known of the data that are queried, and in which order; see `kg.sparql.repair.context.Data`."""

    stored: Callable[[], Iterable[Named]]
    """Those of the store."""
    listed: tuple[str, ...] | None = None
    """Those that the protocol names, None if it names no dataset."""
    merged: tuple[str, ...] | None = None
    """Those that the protocol makes the default graph of, None if it names no dataset."""
    stated: Callable[[str], frozenset[str] | None] | None = None
    """The kinds of the values of a property, where there are figures of the data."""
    collation: str | None = None
    """The language whose order of texts is asked for, by its tag; None for code points."""
    texts: Callable[[], Texts | None] = nowhere
    """Where texts are searched, asked for when there is a search; see `kg.sparql.texts`."""
    careful: bool = False
    """Whether our own aggregates are taken where the engine's may have no sure result."""

    def kinds(self, property_iri: str) -> frozenset[str] | None:
        """The kinds of all objects of a property; None if nothing is known of it."""
        return None if self.stated is None else self.stated(property_iri)

    def default(self) -> tuple[str, ...] | None:
        """The IRIs of the graphs that the protocol makes the default graph of; None if it names no dataset."""
        return self.merged

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
    if found.query is not None:  # inline data stand before what they come from
        found = replace(found, text=in_order_of(text, found.text))
    done = repaired(found.text, base, data, without)
    if done.rules:
        try:
            return ask(done.text), _with(found, done)
        except SyntaxError as error:
            done = Repaired(found.text, warnings=(unread(str(error)),))
    return asked(ask, found.text, done.query), _with(found, done)


def _with(found: Searched, done: Repaired) -> Repaired:
    """How a query was rewritten, its searches included."""
    if found.query is None:
        return done
    warnings, query = (*found.warnings, *done.warnings), done.query or found.query
    return replace(done, rules=(SEARCH, *done.rules), warnings=warnings, query=query)


class Noting:
    """Takes what our functions and aggregates tell while a query is evaluated; see `Notes`."""

    def __init__(self, *, careful: bool = False) -> None:
        """`careful` is for a query whose answer another one has called unsure."""
        self.careful = careful
        self.listens = False
        """Whether there may be something to tell until the evaluation has ended."""
        self._notes: Notes | None = None

    @property
    def again(self) -> bool:
        """Whether the query is to be evaluated again, carefully: what was answered is not sure."""
        return self._notes is not None and self._notes.again

    @property
    def count(self) -> int:
        """How many problems there are."""
        return 0 if self._notes is None else self._notes.count

    def problems(self, *, ended: bool = True) -> tuple[Problem, ...]:
        """Which values were errors, until now if the evaluation has not ended."""
        return () if self._notes is None else self._notes.problems(ended=ended)

    def callables_of(self, text: str) -> dict[str, Any]:
        """The functions and aggregates of ours that a rewritten query names, as arguments of `Store.query`.

        >>> Noting().callables_of("ASK {}")
        {}
        """
        if OURS not in text:
            return {}
        from kg.sparql.repair.functions.notes import Notes
        from kg.sparql.repair.functions.registry import callables

        self._notes = self._notes or Notes()
        found = callables(text, self._notes)
        self.listens = self.listens or found.tell
        return {"custom_functions": found.functions, "custom_aggregate_functions": found.aggregates}


def settled(attempt: Callable[[Noting], _Answer]) -> tuple[_Answer, Noting]:
    """What `attempt` gives, which evaluates a query to its end; carefully once more, if the first answer is unsure."""
    noting = Noting()
    answer = attempt(noting)
    if not noting.again:
        return answer, noting
    noting = Noting(careful=True)
    return attempt(noting), noting


@dataclass(frozen=True, slots=True)
class Manner:
    """How a query is put to a store."""

    without: Collection[str] = ()
    """The rules that are switched off."""
    collation: str | None = None
    dataset: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of `Store.query`, which say what graphs are read."""
    texts: Callable[[], Texts | None] = nowhere


def asked_of(store: Any, text: str, manner: Manner, noting: Noting) -> tuple[Any, Repaired]:
    """What a store of pyoxigraph answers to a query, and how that was rewritten; see `answered` and `settled`."""

    def ask(text: str) -> Any:
        return store.query(text, **manner.dataset, **noting.callables_of(text))

    named = manner.dataset.get("named_graphs")
    listed = None if named is None else tuple(node.value for node in named)
    graphs = Graphs(store.named_graphs, listed, collation=manner.collation, texts=manner.texts, careful=noting.careful)
    return answered(ask, text, data=graphs, without=manner.without)
