"""The faults of a run, gathered so that all of them are told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.errors import Position, Problem, RecordError


class Faults:
    """Gathers the problems of a run, so that all of them are reported at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._remarks: list[Problem] = []
        self.unread: list[str] = []
        """Files that could not be read at all: what they declare is unknown."""

    def remark(self, message: str, position: Position, hint: str) -> None:
        """Note what is no fault, and should be told."""
        self._remarks.append(Problem("remark", message, position, hint=hint))

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What was noted and stops nothing, in the order of finding."""
        return tuple(self._remarks)

    def add(self, code: str, message: str, position: Position, hint: str | None = None) -> None:
        self._problems.append(Problem(code, message, position, hint=hint))

    def include(self, error: RecordError) -> None:
        self._problems.extend(error.problems)

    def doubt(self, codes: Collection[str]) -> None:
        """Say of problems of some codes, which tell of something unknown, that a file which nobody could read may know
        it.
        """
        if self.unread:
            may = f"{', '.join(self.unread)} cannot be read, and may declare it: mend that first"
            self._problems = [replace(one, hint=may) if one.code in codes else one for one in self._problems]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was gathered, in the order of finding."""
        return tuple(self._problems)

    def __bool__(self) -> bool:
        return bool(self._problems)

    def raise_any(self) -> None:
        """Raise one `RecordError` with every problem once, in the order of the files.

        What the head of a file says wrongly is wrong for each of its claims.

        :raises RecordError: if there is any
        """
        if self._problems:
            at_end = Position("\uffff", 0)
            raise RecordError(
                problems=sorted(dict.fromkeys(self._problems), key=lambda p: (p.position or at_end, p.message))
            )
