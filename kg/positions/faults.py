"""The faults of a run, gathered so that all of them are told."""

from __future__ import annotations

from kg.errors import Position, Problem, RecordError


class Faults:
    """Gathers the problems of a run, so that all of them are reported at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._remarks: list[Problem] = []

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

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was gathered, in the order of finding."""
        return tuple(self._problems)

    def __bool__(self) -> bool:
        return bool(self._problems)

    def raise_any(self) -> None:
        """Raise one `RecordError` with every problem, in the order of the files.

        :raises RecordError: if there is any
        """
        if self._problems:
            at_end = Position("\uffff", 0)
            raise RecordError(problems=sorted(self._problems, key=lambda p: (p.position or at_end, p.message)))
