"""How an answer differs from the one that is expected: which row was expected and not found, and which was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from kg.competency.expected import Answer, Key, Rows, Statements, Term, Truth, key_of
from kg.errors import Position, Problem
from kg.terms import compress

_CODE: Final = "answer"
_ACCEPT: Final = "if it is right, kg test --accept writes it"
_ORDER: Final = "rows with one and the same key may stand in any order: let ORDER BY name what tells them apart"
Keys: TypeAlias = "list[tuple[Key, ...]]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An expected answer, its file, and how it is compared."""

    expected: Answer
    file: str
    is_ordered: bool = False
    """Whether rows must stand in the order of the file; else they may stand anywhere."""
    base: str = ""
    """Where the IRIs of the project live, which are told without it."""

    def differences(self, found: Answer) -> Iterator[Problem]:
        """What differs, at the lines of the file.

        >>> import pyoxigraph as ox
        >>> expected = Rows(("n",), ((ox.Literal("a"),),))
        >>> print(*Comparison(expected, "q.tsv").differences(Rows(("n",), ())))
        q.tsv:2: expected, and not found: "a"
        """
        match self.expected, found:
            case Rows(), Rows():
                yield from self._rows(self.expected, found)
            case Truth(), Truth():
                if self.expected != found:
                    yield self._problem(1, f"expected {self.expected}, found {found}")
            case Statements(), Statements():
                yield from self._statements(self.expected, found)
            case _:
                yield self._problem(1, "the answer has another form than the one that is expected")

    def _rows(self, expected: Rows, found: Rows) -> Iterator[Problem]:
        if expected.columns != found.columns:
            yield self._problem(1, f"expected the columns {_named(expected)}, found {_named(found)}")
            return
        wanted: Keys = [tuple(map(key_of, row)) for row in expected.rows]
        there: Keys = [tuple(map(key_of, row)) for row in found.rows]
        lacking, more = _beyond(wanted, there), _beyond(there, wanted)
        for place in lacking:
            yield self._problem(place + 2, f"expected, and not found: {self._row(expected.rows[place])}")
        for place in more:
            line = min(place, len(wanted)) + 2
            yield self._problem(line, f"found, and not expected: {self._row(found.rows[place])}", _ACCEPT)
        if self.is_ordered and not lacking and not more and wanted != there:
            place = next(i for i, pair in enumerate(zip(wanted, there, strict=True)) if pair[0] != pair[1])
            told = f"another order: expected here, and found as row {there.index(wanted[place]) + 1}"
            yield self._problem(place + 2, f"{told}: {self._row(expected.rows[place])}", _ORDER)

    def _statements(self, expected: Statements, found: Statements) -> Iterator[Problem]:
        for line, number in expected.lines.items():
            if line not in found.lines:
                yield self._problem(number, f"expected, and not found: {line}")
        for line in found.lines:
            if line not in expected.lines:
                yield self._problem(1, f"found, and not expected: {line}", _ACCEPT)

    def _problem(self, line: int, message: str, hint: str | None = None) -> Problem:
        return Problem(_CODE, message, Position(self.file, line), hint=hint)

    def _row(self, row: tuple[Term, ...]) -> str:
        return " | ".join(shown(term, self.base) for term in row)


def _beyond(some: Keys, others: Keys) -> list[int]:
    """The places of those that the others do not have, or not so often."""
    left, places = Counter(others), []
    for place, key in enumerate(some):
        if left[key]:
            left[key] -= 1
        else:
            places.append(place)
    return places


def _named(rows: Rows) -> str:
    return " ".join(f"?{name}" for name in rows.columns) or "none"


def shown(term: Term, base: str = "") -> str:
    """A term in few characters.

    >>> import pyoxigraph as ox
    >>> decimal = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    >>> shown(ox.NamedNode("https://e.org/id/quay"), "https://e.org/"), shown(ox.Literal("2.5", datatype=decimal))
    ('id/quay', '2.5')
    """
    if term is None:
        return "-"
    kind, value = key_of(term)
    if kind == "number" and isinstance(value, Decimal):
        return f"{value:f}"
    text = str(term)
    if not text.startswith("<") or text.startswith("<<"):
        return text
    return text[1:-1].removeprefix(base) if base and text[1:-1].startswith(base) else compress(text[1:-1])
