"""What one evaluation has to tell: values that are errors, and that it is to be made once more in another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.errors import Position, Problem

_MOST: Final = 20
"""Notes of one answer."""
_LONGEST: Final = 60
"""Characters of a value that is told."""
_PATH: Final = "query"


@dataclass(slots=True)
class _Counted:
    first: str
    """What is said of the first one."""
    count: int = 0


@dataclass(slots=True)
class Notes:
    """What our functions and aggregates tell while one query is evaluated."""

    again: bool = False
    """Whether the answer is to be made once more: an aggregate of the engine has no sure result."""
    _found: dict[tuple[str, str, str], _Counted] = field(default_factory=dict)

    def ask_again(self) -> None:
        """Say that the engine's own aggregates do not do."""
        self.again = True

    def take(self, code: str, what: str, place: str, why: str) -> None:
        """Note that `what`, written at a place such as "1.8", has no value; the first reason stands for all."""
        key = code, what, place
        if key not in self._found:
            if len(self._found) >= _MOST:
                return
            self._found[key] = _Counted(why)
        self._found[key].count += 1

    @property
    def count(self) -> int:
        """How many problems there are."""
        return len(self._found)

    def problems(self, *, ended: bool = True) -> tuple[Problem, ...]:
        """All that was noted, in the order in which it came; there may be more unless the evaluation has ended.

        >>> notes = Notes()
        >>> notes.take(AGGREGATE, "SUM", "1.9", '"n/a" is no number')
        >>> [str(problem) for problem in notes.problems()]
        ['query:1: SUM has no value in 1 group: "n/a" is no number (leave out ...)']
        """
        return tuple(_problem(*key, found, ended=ended) for key, found in self._found.items())


AGGREGATE: Final = "aggregate-error"
EXPRESSION: Final = "expression-error"
_HINTS: Final = {
    AGGREGATE: "leave out what is no value, as with FILTER(isNumeric(?x)), or give another with COALESCE",
    EXPRESSION: "give another value with COALESCE, or leave such solutions out with FILTER",
}
_UNITS: Final = {AGGREGATE: "group", EXPRESSION: "solution"}


def _problem(code: str, what: str, place: str, found: _Counted, *, ended: bool) -> Problem:
    line, _, column = place.partition(".")
    position = Position(_PATH, int(line), int(column)) if column else None
    many = f"{found.count:,} {_UNITS[code]}{'s' if found.count > 1 else ''}{'' if ended else ' or more'}"
    return Problem(code, f"{what} has no value in {many}: {found.first}", position, hint=_HINTS[code])


Tell = Callable[[str], None]
"""Takes the reason for which a value is an error."""


def spelt(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """A term for the reader, not too long."""
    text = str(term) if not isinstance(term, Literal) else _literal(term)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _literal(term: Literal) -> str:
    name = term.datatype.value.rpartition("#")[2]
    if name == "string" or term.language is not None:
        return str(term)
    return f'"{term.value}"^^{name}'
