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
from kg.rml.joins.unlinked import Unlinked, without_link
from kg.rml.mapping.model import Batch, Source

TOLD: Final = 20
"""Faulty rows that are told one by one; the others are counted."""
_LARGE: Final = 24 << 20
"""Bytes of a block that is asked for and never touched; from 32 MiB on, the C library would take no notice."""


class OnError(StrEnum):
    """What happens to a row that a term cannot be made of."""

    STOP = "stop"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a row is told of though it is mapped, and how many values it is true of."""

    problem: Problem
    count: int


@dataclass(slots=True)
class Tally:
    """What became of the rows of one triples map."""

    name: str
    rows: int = 0
    lines: int = 0
    skipped: int = 0
    unmatched: int = 0
    """How often a join of a view found nothing for a row."""
    unlinked: int = 0
    """Rows of what is joined that nothing was linked to, because their key could not be made."""
    problems: list[Problem] = field(default_factory=list)
    told: int = TOLD
    noted: dict[Position, Noted] = field(default_factory=dict)
    """What is told of values, by the place in the mapping that asks for them."""
    lacking: dict[str, int] = field(default_factory=dict)
    """Records of a tree that have no value, by reference."""

    def add_unlinked(self, found: Unlinked | None) -> None:
        """Count rows that the views of the triples map join in vain."""
        if found is not None:
            self.unlinked += found.count
            self.problems = [*self.problems, *found.problems][: self.told]

    def add(self, other: Tally) -> None:
        """Count those of another part of the same triples map."""
        self.rows += other.rows
        self.lines += other.lines
        self.skipped += other.skipped
        self.unmatched += other.unmatched
        self.unlinked += other.unlinked
        self.problems = [*self.problems, *other.problems][: self.told]
        self.noted = {**other.noted, **self.noted} | {
            place: Noted(self.noted[place].problem, self.noted[place].count + other.noted[place].count)
            for place in self.noted.keys() & other.noted.keys()
        }
        for reference, count in other.lacking.items():
            self.lacking[reference] = self.lacking.get(reference, 0) + count


@dataclass(frozen=True, slots=True)
class Execution:
    """A program that is run over the rows of a source."""

    program: Program
    source: Source
    on_error: OnError
    told: int = TOLD
    subjects: Program | None = None
    """Of a program for the index of a join whose keys can fail: what makes the subjects alone."""

    def lines(self, batch: Batch, tally: Tally) -> bytes:
        """The lines of a batch, of a program that has one output.

        :raises DataError: at rows that a term cannot be made of, unless such rows are left out
        """
        tally.rows += batch.size
        padded = self.program.padded
        try:
            content = _encoded(self.program.function(batch))
        except (Fault, UnicodeEncodeError):
            padded.clear()
            made = self._by_row(batch, tally)
            content = _encoded(line for lines in made for line in lines)
        if padded:
            self._note(batch, tally, padded)
        return content

    def _note(self, batch: Batch, tally: Tally, padded: dict[Position, list[str]]) -> None:
        """Tell of values that went into IRIs with the blanks around them."""
        for place, values in padded.items():
            if place in tally.noted:
                tally.noted[place] = replace(tally.noted[place], count=tally.noted[place].count + len(values))
                continue
            index = next((n for column in batch.columns for n, cell in enumerate(column) if cell == values[0]), 0)
            message = f"{values[0][:60]!r} goes into an IRI with the blanks around it"
            problem = self._problem(message, 'trim it: csvw:trim "true" of the dialect, or fn:trim', batch, index)
            tally.noted[place] = Noted(replace(problem, mapping=place, value=values[0][:60]), len(values))
        padded.clear()

    def by_channel(self, batch: Batch, tally: Tally) -> list[tuple[Channel, bytes]]:
        """The lines of a batch, of a program that has channels.

        :raises DataError: at rows that a term cannot be made of, unless such rows are left out
        """
        tally.rows += batch.size
        padded = self.program.padded
        try:
            made = [self.program.function(batch)]
        except (Fault, UnicodeEncodeError):
            padded.clear()
            made = self._by_row(batch, tally)
        if padded:
            self._note(batch, tally, padded)
        channels = enumerate(self.program.channels)
        return [(channel, _encoded(line for lists in made for line in lists[place])) for place, channel in channels]

    def entries(self, batch: Batch, tally: Tally) -> list[Any]:
        """What a batch gives to the index of a join: whether keys and subjects stand alone, and their columns.

        :param tally: of those who look into it: rows of which only the key cannot be made are told and counted there
        :raises DataError: at rows that a term cannot be made of, unless such rows are left out
        """
        try:
            return [self.program.function(batch)]
        except (Fault, UnicodeEncodeError):
            if self.subjects is not None and self.on_error is not OnError.STOP:
                return self._keyed(batch, self.subjects, tally)
            # A row whose subject fails is told where its own triples are made.
            return self._by_row(batch, Tally("", told=self.told))

    def _keyed(self, batch: Batch, subjects: Program, tally: Tally) -> list[Any]:
        """What the rows of a batch give to an index; one without its key alone has triples, and would miss links."""
        made, problems = [], []
        for index in range(batch.size):
            row = batch.row(index)
            try:
                subjects.function(row)
            except (Fault, UnicodeEncodeError):
                continue
            try:
                made.append(self.program.function(row))
            except (Fault, UnicodeEncodeError) as error:
                problems.append(without_link(self._of_error(error, batch, index)))
        tally.unlinked += len(problems)
        tally.problems = [*tally.problems, *problems][: tally.told]
        return made

    def _by_row(self, batch: Batch, tally: Tally) -> list[Any]:
        """What the rows of a batch make, without those of which nothing can be made."""
        made, problems = [], []
        for index in range(batch.size):
            try:
                made.append(self.program.function(batch.row(index)))
            except (Fault, UnicodeEncodeError) as error:
                problems.append(self._of_error(error, batch, index))
        if problems and self.on_error is OnError.STOP:
            raise DataError(problems=problems[: self.told])
        tally.skipped += len(problems)
        tally.problems = [*tally.problems, *problems][: tally.told]
        return made

    def _of_error(self, error: Fault | UnicodeEncodeError, batch: Batch, index: int) -> Problem:
        if isinstance(error, Fault):
            problem = self._problem(error.message, error.hint, batch, index)
            return replace(problem, mapping=error.position, value=error.value)
        message = f"the value holds half a character, U+{ord(error.object[error.start]):04X}"
        return self._problem(message, "remove it", batch, index)

    def _problem(self, message: str, hint: str | None, batch: Batch, index: int) -> Problem:
        name = batch.source or self.source.name
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
