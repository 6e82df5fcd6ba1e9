"""The faults of a run, gathered so that all of them are told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from kg.errors import Position, Problem, RecordError

_WORD: Final = re.compile(r"[\w-]+")


class Faults:
    """Gathers the problems of a run, so that all of them are reported at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._remarks: list[Problem] = []
        self.unread: dict[str, frozenset[str]] = {}
        """Files that could not be read at all, with their words: what they declare is unknown."""
        self.faulty: set[str] = set()
        """Documents and things of which something is wrong, by name."""

    def remark(self, message: str, position: Position, hint: str) -> None:
        """Note what is no fault, and should be told."""
        self._remarks.append(Problem("remark", message, position, hint=hint))

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What was noted and stops nothing, in the order of finding."""
        return tuple(self._remarks)

    def add(
        self, code: str, message: str, position: Position, hint: str | None = None, value: str | None = None
    ) -> None:
        """Add a problem; the `value` is a name that nobody knows, and another file may declare."""
        self._problems.append(Problem(code, message, position, hint=hint, value=value))

    def leave(self, name: str, path: Path) -> None:
        """Note that a file could not be read, and which words stand in it, whatever its encoding."""
        content = path.read_bytes() if path.is_file() else b""
        self.unread[name] = words_of(content.replace(b"\0", b"").decode("utf-8", "replace"))

    def include(self, error: RecordError) -> None:
        self._problems.extend(error.problems)

    def doubt(self, codes: Collection[str]) -> None:
        """Say of problems of some codes, which tell of something unknown, that files which nobody could read have the
        word, and may declare it.
        """
        if self.unread:
            self._problems = [self._doubted(one) if one.code in codes else one for one in self._problems]

    def _doubted(self, problem: Problem) -> Problem:
        files = [name for name, words in self.unread.items() if problem.value in words]
        if not files:
            return problem
        return replace(problem, hint=f"{', '.join(files)} cannot be read, and may declare it: mend that first")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was gathered, in the order of finding."""
        return tuple(self._problems)

    def __len__(self) -> int:
        return len(self._problems)

    def __bool__(self) -> bool:
        return bool(self._problems)

    def sorted(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of the files.

        What the head of a file says wrongly is wrong for each of its claims.
        """
        return by_place(self._problems)

    def raise_any(self) -> None:
        """Raise one `RecordError` with every problem once, in the order of the files.

        :raises RecordError: if there is any
        """
        if self._problems:
            raise RecordError(problems=self.sorted())


def by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems, each once, in the order of the files; those without a place stand last."""
    at_end = Position("\uffff", 0)
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.position or at_end, one.message)))


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as names are made of them.

    >>> sorted(words_of("- id: quay-project, 'N1'"))
    ['-', 'N1', 'id', 'quay-project']
    """
    return frozenset(_WORD.findall(text))
