"""Runs the programs of a plan over the rows of its sources."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Final

from kg.errors import KgError, MappingError, Problem
from kg.rml.access import Access
from kg.rml.checks import check_references, in_order
from kg.rml.compiler import JoinKey, compile_index, compile_lines, join_key, joins_of, references_for, references_in
from kg.rml.execution import TOLD, Execution, OnError, Tally
from kg.rml.generate import Program
from kg.rml.joins import JoinIndex
from kg.rml.model import Batch, Plan, RefObjectMap, TriplesMap
from kg.rml.plan import read_plan
from kg.rml.rows import batches_of
from kg.rml.sources.csv import Range

VERSION: Final = "1"
"""Of the engine: raised whenever the same mapping and the same sources give other bytes."""
Amendment = Callable[[Plan], Plan]
"""What a plan becomes before it is compiled: where its lines go, say."""


class Engine:
    """A mapping that is ready to run.

    :raises MappingError: if it cannot be run
    :raises DataError: if a source is not what it should be
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- what is mapped, and choices
        self,
        mapping: Path,
        base: str | None,
        on_error: OnError,
        folder: Path | None = None,
        access: Access = Access(),  # noqa: B008 -- frozen
        amend: Amendment | None = None,
        told: int = TOLD,
    ) -> None:
        plan = load_plan(mapping, base, access)
        self.plan = plan if amend is None else amend(plan)
        self._on_error, self._folder, self.told = on_error, folder, told
        self.indexes = {join_key(link): JoinIndex(folder) for one in self.plan.maps for link in joins_of(one)}
        self.programs = [compile_lines(self.plan, one, self.indexes) for one in self.plan.maps]
        self._executions = [
            Execution(program, one.source, on_error, told)
            for program, one in zip(self.programs, self.plan.maps, strict=True)
        ]
        self._built: set[JoinKey] = set()

    def counts_rows(self, number: int) -> bool:
        """Whether the lines of a triples map hold the numbers of its rows: those of nodes without a name."""
        return "batch.first" in self.programs[number].text

    def key(self, number: int) -> str:
        """A hash of the plan of a triples map and of those that it is linked to: the same lines of the same bytes."""
        return plan_key([number, *self._linked(number)])

    def sources(self, number: int) -> tuple[Path, ...]:
        """The files that the lines of a triples map depend on."""
        files = (one.source.path for one in self._linked(number) if one.source.database is None)
        return tuple(dict.fromkeys(files))

    def lasts(self, number: int) -> bool:
        """Whether nothing but its files decides the lines of a triples map."""
        return all(one.source.database is None for one in self._linked(number))

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
        program, index = compile_index(self.plan, key), self.indexes[key]
        execution = Execution(program, self.plan.map_named(key.parent).source, self._on_error, self.told)
        picked = [references.index(name) for name in references_for(self.plan, key)]

        def feed(batch: Batch) -> None:
            own = Batch(tuple(batch.columns[i] for i in picked), batch.size, batch.first, batch.lines)
            for is_alone, columns in execution.entries(own):
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
        keys, feeds = self.feeds(range(number, number + 1), references_in(self.plan, self.plan.maps[number]))
        yield from self.contents(number, tally, feeds=feeds)
        self.freeze(keys)

    def feeds(self, numbers: range, references: tuple[str, ...]) -> tuple[list[JoinKey], list[Callable[[Batch], None]]]:
        """The indexes that later triples maps need of the rows of some, and what takes batches into them."""
        own = {self.plan.maps[number].name for number in numbers}
        later = {join_key(link) for one in self.plan.maps[numbers.stop :] for link in joins_of(one)}
        keys = [
            key
            for key in self.indexes
            if key.parent in own
            and key in later
            and key not in self._built
            and set(references_for(self.plan, key)) <= set(references)
        ]
        return keys, [self._feed(key, references) for key in keys]

    def freeze(self, keys: Iterable[JoinKey]) -> None:
        """Say that these indexes are complete."""
        for key in keys:
            self.indexes[key].freeze()
            self._built.add(key)

    def contents(
        self, number: int, tally: Tally, part: Range | None = None, feeds: Sequence[Callable[[Batch], None]] = ()
    ) -> Iterator[bytes]:
        """The lines of a triples map, or of a part of its rows, batch by batch; joins are prepared.

        :raises DataError: at a row that a term cannot be made of, unless such rows are left out
        """
        triples_map = self.plan.maps[number]
        for batch in batches_of(triples_map.source, references_in(self.plan, triples_map), part):
            content = self.content(number, tally, batch)
            for feed in feeds:
                feed(batch)
            yield content

    def content(self, number: int, tally: Tally, batch: Batch) -> bytes:
        """The lines of a batch with the references of a triples map; joins are prepared.

        :raises DataError: at a row that a term cannot be made of, unless such rows are left out
        """
        content = self._executions[number].lines(batch, tally)
        # Taking the line ends out is twice as fast as counting them.
        tally.lines += len(content) - len(content.replace(b"\n", b""))
        return content

    def close(self) -> None:
        """Let go of the joins."""
        for index in self.indexes.values():
            index.close()


def load_plan(mapping: Path, base: str | None, access: Access = Access()) -> Plan:  # noqa: B008 -- frozen
    """The plan of a mapping in Turtle, or in YARRRML if its name ends with `.yml` or `.yaml`; sources are asked.

    :raises MappingError: with everything that is wrong in the mapping, and what is wrong with its sources
    :raises DataError: if only its sources are not what they should be
    """
    plan, faults = _read(mapping, base, access)
    try:
        check_references(plan, access.elsewhere)
    except KgError as error:
        if faults:
            raise MappingError(problems=in_order((*faults, *error.problems))) from None
        raise
    if faults:
        raise MappingError(problems=faults)
    return plan


def _read(mapping: Path, base: str | None, access: Access) -> tuple[Plan, tuple[Problem, ...]]:
    if mapping.suffix.lower() in {".yml", ".yaml"}:
        from kg.rml.yarrrml import read_yarrrml

        return read_plan(read_yarrrml(mapping), mapping, base, access)
    from kg.rml.turtle import read_turtle

    return read_plan(read_turtle(mapping), mapping, base, access)


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
