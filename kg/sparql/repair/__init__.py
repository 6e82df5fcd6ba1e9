"""Queries that the engine would answer wrongly, written so that it answers them as the standard says.

`repaired` is the whole surface. Each rule has its sentence of the standard and its switch; a test by words and signs
tells for most queries that none can matter, and then nothing is read. What no rule can mend with certainty is told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import Problem, QueryError
from kg.sparql.repair.rules import RULES, UNBOUND, Rule, matter

if TYPE_CHECKING:
    # A query that no rule can matter to does not pay for what reads and writes queries.
    from kg.sparql.language.syntax import Query
    from kg.sparql.repair.context import Data

__all__ = ["RULES", "UNBOUND", "UNREAD", "Repaired", "Rule", "matter", "repaired"]

UNREAD: Final = "unchecked"
"""The code of the warning for a query that only the engine can read."""

_AGAIN: Final = "x-zellige://engine/again>"
"""How a text names the function that says so."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A query as it is to be evaluated."""

    text: str
    rules: tuple[Rule, ...] = ()
    """The rules that acted, in their order."""
    warnings: tuple[Problem, ...] = ()
    """What may be wrong in the answer all the same, or is not what the author may think."""
    query: Query | None = None
    """The tree of the rewritten query, if it was read."""

    @property
    def is_provisional(self) -> bool:
        """Whether its evaluation may show that it is to be made again, carefully; see `asking.settled`."""
        return _AGAIN in self.text


def repaired(text: str, base: str | None = None, data: Data | None = None, without: Collection[str] = ()) -> Repaired:
    """A query, rewritten by all rules but those named in `without`; `base` resolves its relative IRIs.

    `data` is what is to be queried: a rule that has to know it says so in a warning where it is not given. A query
    that cannot be read is left as it is, with a warning: only the engine can tell whether it is one.

    >>> repaired("SELECT * { ?s ?p ?o }").rules
    ()
    >>> [rule.name for rule in repaired("SELECT (SUM(?n) AS ?sum) { VALUES ?n { 1 UNDEF } }").rules]
    ['unbound-in-aggregates']
    """
    merged = data is not None and len(data.default() or ()) > 1
    if not matter(text, without, merged=merged):
        return Repaired(text)
    from kg.sparql.repair.rewriting import read_and_rewritten

    try:
        done = read_and_rewritten(text, base, data, without)
    except QueryError as error:
        return Repaired(text, warnings=(unread(str(error)),))
    return Repaired(done.text or text, done.rules, done.warnings, done.query)


def unread(why: str) -> Problem:
    """The warning for a query that the engine has answered as it was written, because nobody else could read it."""
    message = "the query was answered as the engine reads it: nobody looked for what it is known to answer wrongly"
    return Problem(UNREAD, message, hint=f"write it in another way; here it was not read: {why}")
