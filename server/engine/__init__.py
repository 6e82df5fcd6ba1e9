"""What answers a query: one small interface, so that the way it is done can change without the server noticing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kg.sparql.guard import Query


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a request asks a query to read (SPARQL 1.1 Protocol, section 2.1.4).

    When both are empty the query's own FROM clauses decide, and without those the store's graphs.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Engine(Protocol):
    """Evaluates queries over one release."""

    def evaluate(self, query: Query, dataset: Dataset, media_type: str) -> bytes:
        """The complete answer, serialised.

        :raises QueryError: if the query does not parse, or a graph is named by no IRI
        :raises OperationError: if the evaluation or the serialisation fails
        """
        ...  # pragma: no cover
