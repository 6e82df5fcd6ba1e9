"""Searches in the texts of what is queried, asked as Jena and Virtuoso have it, and answered before the engine.

`(?thing ?score ?literal) text:query (property "words" limit)` and `?literal bif:contains "words"` become inline data:
what a lookup finds for the words. The engine knows neither predicate and would answer with nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import Problem, QueryError
from kg.sparql.texts.model import BIF, CONTAINS, MOST, TEXT_QUERY, Match, Matches, Sought, Texts

if TYPE_CHECKING:
    from kg.sparql.language.syntax import Query

__all__ = [
    "CONTAINS", "MOST", "TEXT_QUERY", "Match", "Matches", "Searched", "Sought", "Texts", "matters",
    "searched",
]  # fmt: skip

_ESCAPES: Final = re.compile(r"\\[uU/#]")
_ASKED: Final = re.compile(r"\bbif:contains\b|\btext:query\b|jena\.apache\.org/text#query")
_DECLARED: Final = re.compile(r"\bprefix\s+bif:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Searched:
    """A query whose searches are answered."""

    text: str
    warnings: tuple[Problem, ...] = ()
    """What the answer does not have of what was found."""
    query: Query | None = None
    """Its tree, if it held searches."""


def matters(text: str) -> bool:
    r"""Whether a query may hold a search, by its letters alone; false only if no reader can find one in it.

    The IRIs begin with what no prefix can leave away: `bif:`, or a host and a path that a local name writes in escapes.

    >>> matters("ASK { ?l bif:contains 'a' }"), matters("ASK { ?l ?contains 'a' }")
    (True, False)
    """
    return "bif:" in text or "jena.apache.org" in text or ("\\" in text and _ESCAPES.search(text) is not None)


def searched(text: str, base: str | None, texts: Texts | None) -> Searched:
    """A query with inline data in place of its searches; `base` resolves its relative IRIs.

    :param texts: where to search; None where nothing is indexed
    :raises QueryError: if a search is written as none can be, or nothing can be searched; and if a query that seems to
        hold one cannot be read, for the engine would find nothing
    """
    if not matters(text):
        return Searched(text)
    from kg.sparql.guard import check
    from kg.sparql.language import parse, write
    from kg.sparql.language.tokens import resolve_escapes
    from kg.sparql.texts.reading import TextSearchError
    from kg.sparql.texts.rewriting import answered

    # Virtuoso has the prefix declared for everybody.
    declared = "" if _DECLARED.search(text) or "bif:" not in text else f"PREFIX {BIF}: <{BIF}:> "
    try:
        query = parse(f"{declared}{text}", base)
    except QueryError:
        if _ASKED.search(text):
            raise
        return Searched(text)
    try:
        done, warnings = answered(query, texts)
    except TextSearchError as error:
        raise error.placed(resolve_escapes(text), len(declared)) from None
    if done is query:
        return Searched(text)
    return Searched(check(write(done), base).text, warnings, done)
