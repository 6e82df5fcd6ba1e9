"""A program at work: batches of rows become lines, and rows of which nothing can be made are told or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from kg.collecting import uncollected
from kg.errors import DataError, Position, Problem
from kg.rml.compile.columns import Fault
from kg.rml.compile.writer import Channel, Program
from kg.rml.mapping.model import Batch, Source

TOLD: Final = 20
"""Faulty rows that are told one by one; the others are counted."""
_LARGE: Final = 24 << 20
"""Bytes of a block that is asked for and never touched; from 32 MiB on, the C library would take no notice."""


class OnError(StrEnum):
    """What happens to a row that a term cannot be made of."""

    STOP = "stop"
    SKIP = "skip"


@dataclass(slots=True)
class Tally:
    """What became of the rows of one triples map."""

    name: str
    rows: int = 0
    lines: int = 0
    skipped: int = 0
    unmatched: int = 0
    """How often a join of a view found nothing for a row."""
    problems: list[Problem] = field(default_factory=list)
    told: int = TOLD

    def add(self, other: Tally) -> None:
        """Count those of another part of the same triples map."""
        self.rows += other.rows
        self.lines += other.lines
        self.skipped += other.skipped
        self.unmatched += other.unmatched
        self.problems = [*self.problems, *other.problems][: self.told]


@dataclass(frozen=True, slots=True)
class Execution:
    """A program that is run over the rows of a source."""

    program: Program
    source: Source
    on_error: OnError
    told: int = TOLD

    def lines(self, batch: Batch, tally: Tally) -> bytes:
        """The lines of a batch, of a program that has one output.

        :raises DataError: at rows that a term cannot be made of, unless such rows are left out
        """
        tally.rows += batch.size
        try:
            return _encoded(self.program.function(batch))
        except (Fault, UnicodeEncodeError):
            made = self._by_row(batch, tally)
            return _encoded(line for lines in made for line in lines)

    def by_channel(self, batch: Batch, tally: Tally) -> list[tuple[Channel, bytes]]:
        """The lines of a batch, of a program that has channels.

        :raises DataError: at rows that a term cannot be made of, unless such rows are left out
        """
        tally.rows += batch.size
        try:
            made = [self.program.function(batch)]
        except (Fault, UnicodeEncodeError):
            made = self._by_row(batch, tally)
        channels = enumerate(self.program.channels)
        return [(channel, _encoded(line for lists in made for line in lists[place])) for place, channel in channels]

    def entries(self, batch: Batch) -> list[Any]:
        """What a batch gives to the index of a join: whether keys and subjects stand alone, and their columns.

        :raises DataError: at rows that a term cannot be made of, unless such rows are left out
        """
        try:
            return [self.program.function(batch)]
        except (Fault, UnicodeEncodeError):
            # A row that is left out is told where its own triples are made.
            return self._by_row(batch, Tally("", told=self.told))

    def _by_row(self, batch: Batch, tally: Tally) -> list[Any]:
        """What the rows of a batch make, without those of which nothing can be made."""
        made, problems, count = [], [], 0
        for index in range(batch.size):
            try:
                made.append(self.program.function(batch.row(index)))
            except Fault as fault:
                count += 1
                problem = self._problem(fault.message, fault.hint, batch, index)
                problems.append(replace(problem, mapping=fault.position, value=fault.value))
            except UnicodeEncodeError as error:
                count += 1
                message = f"the value holds half a character, U+{ord(error.object[error.start]):04X}"
                problems.append(self._problem(message, "remove it", batch, index))
        if problems and self.on_error is OnError.STOP:
            raise DataError(problems=problems[: self.told])
        tally.skipped += count
        tally.problems = [*tally.problems, *problems][: tally.told]
        return made

    def _problem(self, message: str, hint: str | None, batch: Batch, index: int) -> Problem:
        name = self.source.name
        if batch.lines is not None:
            return Problem("data", message, Position(name, batch.lines(index)), hint=hint)
        return Problem("data", f"row {batch.first + index}: {message}", Position(name, 1), hint=hint)


def _encoded(lines: Iterable[str]) -> bytes:
    """What programs make, as it is written: their text has a character for each byte (`kg.rml.compile.columns`)."""
    return "".join(lines).encode("latin-1")


@contextmanager
def bulk_work() -> Iterator[None]:
    """Let Python be at its best over many rows.

    Rows make no cycles: looking for them among the cells costs a tenth of a run. And what one batch used serves the
    next one: the C library of GNU gives the end of its heap back to the system as soon as little of it is free, and
    asks for it again, page by page, unless a large block was freed before (mallopt(3) on `M_MMAP_THRESHOLD`).
    """
    bytes(_LARGE)
    with uncollected():
        yield
