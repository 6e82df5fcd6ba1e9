"""Runs the programs of a plan over the rows of its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

from kg.errors import KgError, MappingError, Problem
from kg.rml.compile.compiler import compile_index, compile_lines
from kg.rml.compile.needs import JoinKey, follows, join_key, joins_of, looked_up, references_for, references_in
from kg.rml.compile.reading.checks import check_references, in_order, references_to
from kg.rml.compile.reading.plan import read_plan
from kg.rml.compile.writer import Program
from kg.rml.joins.index import Index, JoinIndex, KeyIndex
from kg.rml.joins.unlinked import Unlinked
from kg.rml.layout.presence import Presence
from kg.rml.mapping.access import Access
from kg.rml.mapping.model import Batch, Plan, Source, TriplesMap, leaves_of
from kg.rml.run.execution import TOLD, Execution, OnError, Tally
from kg.rml.run.frames import channels_of, count_lines, framed
from kg.rml.views.pruning import pruned
from kg.rml.views.statements import ViewReader

VERSION: Final = "5"
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
        self._on_error, self.folder, self.told = on_error, folder, told
        keys = [join_key(link) for one in self.plan.maps for link in joins_of(one)]
        self.indexes: dict[JoinKey, KeyIndex | JoinIndex] = {
            key: KeyIndex(folder) if follows(self.plan, key) else JoinIndex(folder) for key in keys
        }
        self.programs = [compile_lines(self.plan, one, self.indexes) for one in self.plan.maps]
        self.channels = channels_of(self.programs)
        """Where lines go, numbered; empty if all of them go to one output as they are made."""
        self._executions = [
            Execution(program, one.source, on_error, told)
            for program, one in zip(self.programs, self.plan.maps, strict=True)
        ]

    def counts_rows(self, number: int) -> bool:
        """Whether the lines of a triples map hold the numbers of its rows: those of nodes without a name."""
        return "batch.first" in self.programs[number].text

    def key(self, number: int) -> str:
        """A hash of the plan of a triples map and of those that it is linked to: the same lines of the same bytes."""
        return plan_key([number, *self._linked(number)])

    def sources(self, number: int) -> tuple[Path, ...]:
        """The files that the lines of a triples map depend on."""
        linked = self._linked(number)
        files = [leaf.path for one in linked for leaf in leaves_of(one.source) if leaf.database is None]
        return tuple(dict.fromkeys((*files, *(path for one in linked for path in looked_up(self.plan, one)))))

    def lasts(self, number: int) -> bool:
        """Whether nothing but its files decides the lines of a triples map."""
        return all(leaf.database is None for one in self._linked(number) for leaf in leaves_of(one.source))

    def _linked(self, number: int) -> list[TriplesMap]:
        own = self.plan.maps[number]
        return [own, *(self.plan.map_named(link.parent) for link in own.links())]

    def index_programs(self) -> dict[JoinKey, Program]:
        """The programs that feed the joins."""
        return {key: compile_index(self.plan, key) for key in self.indexes}

    def linked_by(self, key: JoinKey) -> tuple[int, ...]:
        """The triples maps that look into an index."""
        return tuple(n for n, one in enumerate(self.plan.maps) if key in map(join_key, joins_of(one)))

    def unlinked(self) -> Unlinked | None:
        """What takes the rows of other views that have no key, where rows are left out."""
        return None if self._on_error is OnError.STOP else Unlinked(self.told)

    def feed(self, key: JoinKey, references: Sequence[str]) -> Callable[[Index[Any], Batch, Tally], None]:
        """What takes batches with some references into an index, or into one of its kind, and counts rows without key.

        :raises DataError: from it, at a row that a subject cannot be made of, unless such rows are left out
        """
        program = compile_index(self.plan, key)
        subjects = compile_index(self.plan, key, keys=False) if key.can_fail else None
        execution = Execution(program, self.plan.map_named(key.parent).source, self._on_error, self.told, subjects)
        picked = [references.index(name) for name in references_for(self.plan, key)]

        def feed(index: Index[Any], batch: Batch, tally: Tally) -> None:
            for is_alone, columns in execution.entries(batch.picked(picked), tally):
                if is_alone:
                    index.add_alone(*columns)
                else:
                    index.add(columns)

        return feed

    def content(self, number: int, tally: Tally, batch: Batch) -> bytes:
        """The lines of a batch with the references of a triples map; joins are prepared.

        Where the plan has channels, they are framed (`kg.rml.run.frames`).

        :raises DataError: at a row that a term cannot be made of, unless such rows are left out
        """
        if self.channels:
            return framed(self.channels, self._executions[number].by_channel(batch, tally), tally)
        content = self._executions[number].lines(batch, tally)
        tally.lines += count_lines(content)
        return content

    def look_for(self, presence: Presence, source: Source, tallies: Mapping[int, Tally]) -> None:
        """See that every reference to a tree that was read has been answered by a record.

        :raises MappingError: with those that have not, unless faulty rows are left out: then they are told
        """
        for number, tally in tallies.items():
            if number == min(tallies):
                names = references_in(self.plan, self.plan.maps[number])
                tally.lacking = {name: presence.counted[name] for name in names if presence.counted.get(name)}
        absent = in_order(presence.absent(tuple(references_to(self.plan, source, presence.lacking))))
        if absent and self._on_error is OnError.STOP:
            raise MappingError(problems=absent)
        for tally in list(tallies.values())[:1]:
            tally.problems = [*absent, *tally.problems][: tally.told]

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
    return pruned(plan)


_MAPPED: Final = frozenset({".csv", ".tsv", ".xlsx", ".ods", ".json", ".jsonl", ".ndjson", ".geojson", ".xml"})
"""What sources of mappings are called: no mapping is."""


def _read(mapping: Path, base: str | None, access: Access) -> tuple[Plan, tuple[Problem, ...]]:
    if mapping.suffix.lower() in {".yml", ".yaml"}:
        from kg.rml.mapping.yarrrml.translation import read_with_notes

        statements, notes = read_with_notes(mapping, access.home)
        plan, faults = read_plan(statements, mapping, base, access, ViewReader)
        return replace(plan, notes=notes), faults
    if mapping.name.lower().endswith("-metadata.json"):
        from kg.rml.csvw.translation import read_metadata

        return read_plan(read_metadata(mapping), mapping, base, access, ViewReader)
    if mapping.suffix.lower() in _MAPPED and mapping.is_file():
        hint = f"kg map --init {mapping} writes a first mapping of it"
        raise MappingError(f"{mapping} is by its name what a mapping maps, and no mapping", hint=hint)
    from kg.rml.legacy.reading import read_mapping

    statements, notes = read_mapping(mapping, access)
    plan, faults = read_plan(statements, mapping, base, access, ViewReader)
    return replace(plan, notes=notes), faults


def plan_key(values: Sequence[object]) -> str:
    """A hash of parts of a plan and of the version of the engine: what decides, beside the bytes of the sources.

    Where something stands in the mapping or on the disk does not count.
    """
    import hashlib

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
