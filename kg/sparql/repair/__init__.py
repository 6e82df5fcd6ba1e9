"""Queries that the engine would answer wrongly, written so that it answers them as the standard says.

Each rule has its sentence of the standard and its switch; a test by words and signs
tells for most queries that none can matter, and then nothing is read. What no rule can mend with certainty is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.sparql.repair.rules import RULES, Rule, matter

if TYPE_CHECKING:
    # A query that no rule can matter to does not pay for what reads and writes queries.
    from kg.errors import Problem
    from kg.sparql.language.syntax import Query

__all__ = ["RULES", "Repaired", "Rule", "matter"]


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
