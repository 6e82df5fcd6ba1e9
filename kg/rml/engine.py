"""Runs the programs of a plan over the rows of its sources."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from kg.errors import DataError, Position, Problem
from kg.rml.checks import check_references
from kg.rml.columns import Fault
from kg.rml.compiler import JoinKey, compile_index, compile_lines, join_key, joins_of, references_for, references_in
from kg.rml.generate import Program
from kg.rml.joins import JoinIndex
from kg.rml.model import Batch, Plan, RefObjectMap, Source, TriplesMap
from kg.rml.plan import read_plan
from kg.rml.rows import batches_of
from kg.rml.sources.csv import Range

VERSION: Final = "1"
"""Of the engine: raised whenever the same mapping and the same sources give other bytes."""
TOLD: Final = 20
"""Faulty rows that are told one by one; the others are counted."""


Amendment = Callable[[Plan], Plan]
"""What a plan becomes before it is compiled: where its lines go, say."""


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
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count those of another part of the same triples map."""
        self.rows += other.rows
        self.lines += other.lines
        self.skipped += other.skipped
        self.problems = [*self.problems, *other.problems][:TOLD]


class Engine:
    """A mapping that is ready to run.

    :raises MappingError: if it cannot be run
    :raises DataError: if a source is not what it should be
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- what is mapped, and four choices
        self,
        mapping: Path,
        base: str | None,
        on_error: OnError,
        folder: Path | None = None,
        amend: Amendment | None = None,
        told: int = TOLD,
    ) -> None:
        plan = load_plan(mapping, base)
        self.plan = plan if amend is None else amend(plan)
        self._on_error, self._folder, self._told = on_error, folder, told
        check_references(self.plan)
        self.indexes = {join_key(link): JoinIndex(folder) for one in self.plan.maps for link in joins_of(one)}
        self.programs = [compile_lines(self.plan, one, self.indexes) for one in self.plan.maps]
        self._built: set[JoinKey] = set()

    def counts_rows(self, number: int) -> bool:
        """Whether the lines of a triples map hold the numbers of its rows: those of nodes without a name."""
        return "batch.first" in self.programs[number].text

    def key(self, number: int) -> str:
        """A hash of the plan of a triples map and of those that it is linked to: the same lines of the same bytes."""
        return plan_key([number, *self._linked(number)])

    def sources(self, number: int) -> tuple[Path, ...]:
        """The files that the lines of a triples map depend on."""
        return tuple(dict.fromkeys(one.source.path for one in self._linked(number)))

    def _linked(self, number: int) -> list[TriplesMap]:
        own = self.plan.maps[number]
        links = [made for pair in own.pairs for made in pair.objects if isinstance(made, RefObjectMap)]
        return [own, *(self.plan.map_named(link.parent) for link in links)]

    def index_programs(self) -> dict[JoinKey, Program]:
        """The programs that feed the joins."""
        return {key: compile_index(self.plan, key) for key in self.indexes}

    def prepare(self, number: int, *, keep: bool = False) -> None:
        """Build what the joins of a triples map look into, and unless `keep`, let go of what is used up."""
        wanted = [join_key(link) for link in joins_of(self.plan.maps[number])]
        later = {join_key(link) for one in self.plan.maps[number:] for link in joins_of(one)}
        for key in [key for key in self._built if key not in later and not keep]:
            self.indexes[key].close()
            self._built.remove(key)
        for key in wanted:
            if key not in self._built:
                self._build(key)
                self._built.add(key)

    def _build(self, key: JoinKey) -> None:
        source = self.plan.map_named(key.parent).source
        feed = self._feed(key, references_for(self.plan, key))
        for batch in batches_of(source, references_for(self.plan, key)):
            feed(batch)
        self.indexes[key].freeze()

    def _feed(self, key: JoinKey, references: tuple[str, ...]) -> Callable[[Batch], None]:
        """What takes batches with some references into an index."""
        source = self.plan.map_named(key.parent).source
        program, index = compile_index(self.plan, key), self.indexes[key]
        picked = [references.index(name) for name in references_for(self.plan, key)]

        def feed(batch: Batch) -> None:
            own = Batch(tuple(batch.columns[i] for i in picked), batch.size, batch.first, batch.lines)
            try:
                made = [program.function(own)]
            except Fault:
                # A row that is left out is told where its own triples are made.
                made = self._by_row(program, own, source, Tally(key.parent))
            for is_alone, columns in made:
                if is_alone:
                    index.add_alone(*columns)
                else:
                    index.add(columns)

        return feed

    def run(self, number: int, tally: Tally) -> Iterator[bytes]:
        """The lines of a whole triples map, and on the way the indexes that later ones need of its rows.

        :raises DataError: at a row that a term cannot be made of, unless such rows are left out
        """
        self.prepare(number)
        triples_map = self.plan.maps[number]
        references = references_in(self.plan, triples_map)
        later = {join_key(link) for one in self.plan.maps[number + 1 :] for link in joins_of(one)}
        keys = [
            key
            for key in self.indexes
            if key.parent == triples_map.name
            and key in later
            and key not in self._built
            and set(references_for(self.plan, key)) <= set(references)
        ]
        feeds = [self._feed(key, references) for key in keys]
        yield from self.contents(number, tally, feeds=feeds)
        for key in keys:
            self.indexes[key].freeze()
            self._built.add(key)

    def contents(
        self, number: int, tally: Tally, part: Range | None = None, feeds: Sequence[Callable[[Batch], None]] = ()
    ) -> Iterator[bytes]:
        """The lines of a triples map, or of a part of its rows, batch by batch; joins are prepared.

        :raises DataError: at a row that a term cannot be made of, unless such rows are left out
        """
        triples_map, program = self.plan.maps[number], self.programs[number]
        run = program.function
        for batch in batches_of(triples_map.source, references_in(self.plan, triples_map), part):
            tally.rows += batch.size
            try:
                content = "".join(run(batch)).encode("utf-8")
            except (Fault, UnicodeEncodeError):
                made = self._by_row(program, batch, triples_map.source, tally)
                content = "".join(line for lines in made for line in lines).encode("utf-8")
            for feed in feeds:
                feed(batch)
            tally.lines += content.count(b"\n")
            yield content

    def _by_row(self, program: Program, batch: Batch, source: Source, tally: Tally) -> list[Any]:
        """What the rows of a batch make, without those of which nothing can be made."""
        made, problems, count = [], [], 0
        for index in range(batch.size):
            try:
                result = program.function(batch.row(index))
                for text in result if isinstance(result, list) else ():
                    text.encode("utf-8")
                made.append(result)
            except Fault as fault:
                count += 1
                problems.append(_problem(f"{fault.message} [{fault.position}]", fault.hint, source, batch, index))
            except UnicodeEncodeError as error:
                count += 1
                message = f"the value holds half a character, U+{ord(error.object[error.start]):04X}"
                problems.append(_problem(message, "remove it", source, batch, index))
        if problems and self._on_error is OnError.STOP:
            raise DataError(problems=problems[: self._told])
        tally.skipped += count
        tally.problems = [*tally.problems, *problems][: self._told]
        return made

    def close(self) -> None:
        """Let go of the joins."""
        for index in self.indexes.values():
            index.close()


def _problem(message: str, hint: str | None, source: Source, batch: Batch, index: int) -> Problem:
    if batch.lines is not None:
        return Problem("data", message, Position(source.name, batch.lines(index)), hint=hint)
    return Problem("data", f"row {batch.first + index}: {message}", Position(source.name, 1), hint=hint)


def load_plan(mapping: Path, base: str | None) -> Plan:
    """The plan of a mapping in Turtle, or in YARRRML if its name ends with `.yml` or `.yaml`.

    :raises MappingError: with everything that is wrong
    """
    if mapping.suffix.lower() in {".yml", ".yaml"}:
        from kg.rml.yarrrml import read_yarrrml

        return read_plan(read_yarrrml(mapping), mapping, base)
    from kg.rml.turtle import read_turtle

    return read_plan(read_turtle(mapping), mapping, base)


def plan_key(values: Sequence[object]) -> str:
    """A hash of parts of a plan and of the version of the engine: what decides, beside the bytes of the sources.

    Where something stands in the mapping or on the disk does not count.
    """
    return hashlib.sha256(f"{VERSION} {_stated(tuple(values))}".encode()).hexdigest()


def _stated(value: object) -> str:
    """A value of a plan as text, without positions and places."""
    if isinstance(value, tuple):
        return f"({' '.join(map(_stated, value))})"
    if isinstance(value, frozenset):
        return f"{{{' '.join(sorted(map(repr, value)))}}}"
    if isinstance(value, Path):
        return ""
    if is_dataclass(value):
        told = " ".join(_stated(getattr(value, part.name)) for part in fields(value) if part.compare)
        return f"{type(value).__name__}({told})"
    return repr(value)
