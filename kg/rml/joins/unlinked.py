"""Rows that joins look for in vain, because their key cannot be made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kg.errors import Problem


@dataclass(slots=True)
class Unlinked:
    """Such rows, where they are left out."""

    told: int
    """How many are told one by one."""
    count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def take(self, problem: Problem) -> None:
        """Count one."""
        self.count += 1
        if len(self.problems) < self.told:
            self.problems.append(without_link(problem))


def without_link(problem: Problem) -> Problem:
    """What is told of such a row: it has triples of its own, and nobody would miss its links."""
    return replace(problem, message=f"{problem.message}; nothing is linked to this row")
