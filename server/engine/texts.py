"""Searches within queries: where the texts of a store are indexed, and what is told of a search that cannot be."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import Position, Problem, QueryError
from kg.sparql.texts import Searched, matters, searched

if TYPE_CHECKING:
    from kg.sparql.texts import Texts

_SECONDS: Final = 60.0
"""How long a search may take where nobody else ends the query."""


class StoreTexts:
    """The texts of a store: the index beside it is opened when the first search comes."""

    def __init__(self, store: Path) -> None:
        """`store` is the folder of the store, in that of a release."""
        self._release = store.parent

    def answered(self, text: str, base: str | None) -> Searched:
        """A query with what its searches find in their place.

        :raises QueryError: see `kg.sparql.texts.searched`
        :raises ReleaseError: if the index cannot be read
        """
        return searched(text, base, self._texts) if matters(text) else Searched(text)

    @cached_property
    def _texts(self) -> Texts | None:
        # What searches is loaded by those only who are asked to.
        from kg.search import INDEX
        from kg.search.asking import texts_at

        return texts_at(self._release / INDEX, _SECONDS)


def dumped(error: QueryError) -> bytes:
    """What is wrong with a query, from process to process.

    >>> loaded(dumped(QueryError("no words", position=Position("query", 1, 5)))).problems[0].position.column
    5
    """
    told = [
        (p.code, p.message, p.hint, (p.position.path, p.position.line, p.position.column) if p.position else None)
        for p in error.problems
    ]
    return json.dumps(told).encode()


def loaded(payload: bytes) -> QueryError:
    """What `dumped` has written."""
    problems = [
        Problem(code, message, Position(*place) if place else None, hint=hint)
        for code, message, hint, place in json.loads(payload)
    ]
    return QueryError(problems=problems)
