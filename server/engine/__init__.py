"""What answers a query: one small interface, so that the way it is done can change without the server noticing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # A worker imports this package and has no use for the guard.
    from kg.errors import Problem
    from kg.sparql.guard import Query
    from server.engine.evaluation import Request


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a request asks a query to read (SPARQL 1.1 Protocol, section 2.1.4).

    When both are empty the query's own FROM clauses decide, and without those the store's graphs.
    """

    default: tuple[str, ...] = ()
    """The default graph of the store is named by ""."""
    named: tuple[str, ...] = ()
    view: str | None = None
    """The name of the view that is asked for."""
    joined: tuple[str, ...] = ()
    """The graphs that are read where the query names none; all that it names are there too."""


class Engine(Protocol):
    """Evaluates queries over one release."""

    def evaluate(self, query: Query, dataset: Dataset, media_type: str, *, timeout: float | None = None) -> bytes:
        """The complete answer, serialised; `timeout`, in seconds, may only lower the engine's own deadline.

        :raises QueryError: if the query does not parse, or a graph is named by no IRI
        :raises OperationError: if the evaluation or the serialisation fails
        """
        ...  # pragma: no cover

    def answer(self, request: Request, *, timeout: float | None = None) -> bytes:
        """The complete answer to a request that is made already, without a content coding; raises the same."""
        ...  # pragma: no cover

    def told(self, request: Request, *, timeout: float | None = None) -> tuple[bytes, tuple[Problem, ...]]:
        """The same, with what may be wrong in the answer."""
        ...  # pragma: no cover
