"""What executors do: rows become lines, with marks where a join is to put subjects, and subjects for those joins.

A join is Spark's own. The program of a triples map runs as it is; in place of an index it is given one that answers
every key with a mark. A line with a mark is a row for Spark to join with the subjects of the parent.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from kg.errors import KgError
from kg.rml.compile.compiler import compile_index, compile_lines
from kg.rml.compile.needs import JoinKey, join_key, joins_of, references_for, references_in
from kg.rml.compile.writer import Program
from kg.rml.joins.index import entries, entries_alone, joined_keys
from kg.rml.joins.unlinked import Unlinked
from kg.rml.layout.presence import presence_of
from kg.rml.mapping.model import Batch, Plan, Source
from kg.rml.run.execution import Execution, OnError, Tally, bulk_work
from kg.rml.spark.faults import packed
from kg.rml.spark.pieces import Piece, batches_in, check_piece

_ROWS: Final = 40
"""Bits of the number of a row within a task; those above are the number of the task."""
_MARK: Final = re.compile(rb"\x00(\d+)\x00")
Tallies = Mapping[int, Tally]
Made = tuple[int, int | None, bytes | None, bytes, bytes | None]
"""Lines of a triples map: its number, None, None, whole lines, None. Or a line with a gap for subjects: the number,
that of the join, the key, what stands before the gap, what stands after it."""
Content = tuple[str, bytes]
"""A file of a file system that only Spark can read: its name and its bytes."""


class TallyParam:
    """How Spark adds the tallies of tasks."""

    def zero(self, _: Tallies) -> Tallies:
        """Nothing counted."""
        return {}

    def addInPlace(self, one: Tallies, other: Tallies) -> Tallies:  # noqa: N802 -- the name that Spark calls
        """Both together."""
        added = dict(one)
        for number, tally in other.items():
            if number in added:
                added[number].add(tally)
            else:
                added[number] = tally
        return added


class Accumulator(Protocol):
    """The side of an accumulator that a task sees."""

    def add(self, term: Tallies) -> None:
        """Take what a task has counted."""


class Marks:
    """Stands for the indexes of joins: every key that is looked up leaves a mark where its subjects would stand."""

    def __init__(self) -> None:
        self._keys: list[tuple[int, str]] = []

    def lookup(self, link: int) -> _Lookup:
        """What stands for one index."""
        return _Lookup(link, self._keys)

    def split(self, number: int, content: bytes) -> Iterator[Made]:
        """Lines apart from those with gaps; their marks are used up."""
        if b"\0" in content:
            whole = []
            for line in content.split(b"\n"):
                before, *found = _MARK.split(line, maxsplit=1)
                if found:
                    link, key = self._keys[int(found[0])]
                    yield number, link, key.encode("utf-8", "surrogatepass"), before, found[1]
                else:
                    whole.append(line)
            content = b"\n".join(whole)
            self._keys.clear()
        if content:
            yield number, None, None, content.removesuffix(b"\n"), None


@dataclass(frozen=True, slots=True)
class _Lookup:
    link: int
    keys: list[tuple[int, str]]

    def _marks(self, keys: Iterable[str]) -> list[str]:
        first = len(self.keys)
        self.keys.extend((self.link, key) for key in keys)
        return [f"\0{number}\0" for number in range(first, len(self.keys))]

    def find(self, column: Sequence[Any]) -> list[Sequence[str]]:
        return [() if key is None else self._marks((key,)) for key in column]

    def find_texts(self, column: Sequence[str]) -> list[Sequence[str]]:
        return [self._marks((key,)) if key else () for key in column]

    def find_all(self, *columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        return [self._marks(dict.fromkeys(joined_keys(row))) for row in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Links:
    """The joins of a plan, numbered."""

    keys: tuple[JoinKey, ...]

    @classmethod
    def of(cls, plan: Plan) -> Links:
        """The joins that a plan needs."""
        return cls(tuple(dict.fromkeys(join_key(link) for one in plan.maps for link in joins_of(one))))


@dataclass(frozen=True, slots=True)
class MakeLines:
    """A task: the lines that a triples map makes of some pieces of its source."""

    plan: Plan
    number: int
    on_error: OnError
    told: int
    tallies: Accumulator

    def __call__(self, task: int, items: Iterable[Piece | Content]) -> Iterator[Made]:
        triples_map = self.plan.maps[self.number]
        marks, tally = Marks(), Tally(triples_map.name, told=self.told)
        lookups = {key: marks.lookup(link) for link, key in enumerate(Links.of(self.plan).keys)}
        program = compile_lines(self.plan, triples_map, lookups)
        references = references_in(self.plan, triples_map)
        unlinked = _unlinked(self.on_error, self.told)
        reading = _Reading(self.plan, triples_map.source, references, program, self.on_error, self.told, None, unlinked)
        presence = presence_of(triples_map.source, references)
        with _running():
            for execution, batch in reading.batches(task, items):
                if presence is not None:
                    presence.look(batch)
                    tally.lacking = presence.lacking
                tally.unmatched += batch.unmatched
                for made in marks.split(self.number, execution.lines(batch, tally)):
                    if made[1] is None:
                        tally.lines += made[3].count(b"\n") + 1
                    yield made
        tally.add_unlinked(reading.unlinked)
        self.tallies.add({self.number: tally})


@dataclass(frozen=True, slots=True)
class MakeEntries:
    """A task: the subjects, by key, that some pieces of the parent's source give to a join."""

    plan: Plan
    link: int
    on_error: OnError
    told: int
    tallies: Accumulator

    def __call__(self, task: int, items: Iterable[Piece | Content]) -> Iterator[tuple[int, bytes, bytes]]:
        key = Links.of(self.plan).keys[self.link]
        source, references = self.plan.map_named(key.parent).source, references_for(self.plan, key)
        program = compile_index(self.plan, key)
        alone = compile_index(self.plan, key, keys=False) if key.can_fail else None
        unlinked, tally = _unlinked(self.on_error, self.told), Tally("", told=self.told)
        reading = _Reading(self.plan, source, references, program, self.on_error, self.told, alone, unlinked)
        with _running():
            for execution, batch in reading.batches(task, items):
                for is_alone, columns in execution.entries(batch, tally):
                    for value, subjects in entries_alone(*columns) if is_alone else entries(columns):
                        for subject in subjects.split("\n"):
                            yield self.link, value.encode("utf-8", "surrogatepass"), subject.encode("latin-1")
        tally.add_unlinked(unlinked)
        if tally.unlinked:
            looking = (n for n, one in enumerate(self.plan.maps) if key in map(join_key, joins_of(one)))
            for number in looking:
                self.tallies.add({number: replace(tally, name=self.plan.maps[number].name)})


@dataclass(frozen=True, slots=True)
class _Reading:
    """A program with the rows that it is run over."""

    plan: Plan
    source: Source
    references: tuple[str, ...]
    program: Program
    on_error: OnError
    told: int
    subjects: Program | None = None
    unlinked: Unlinked | None = None

    def batches(self, task: int, items: Iterable[Piece | Content]) -> Iterator[tuple[Execution, Batch]]:
        """The rows of pieces, each with what runs over it."""
        rows = task << _ROWS
        for piece in self._opened(items):
            execution = Execution(self._numbered(rows), piece.of(self.source), self.on_error, self.told, self.subjects)
            for batch in batches_in(self.source, piece, self.references, self.unlinked):
                rows += batch.size
                yield execution, batch

    def _opened(self, items: Iterable[Piece | Content]) -> Iterator[Piece]:
        """Pieces that can be opened here: what came as bytes lies in a file for as long as it is read."""
        for item in items:
            if isinstance(item, Piece):
                yield item
                continue
            name, content = item
            with tempfile.TemporaryDirectory(prefix="kg-map-") as folder:
                path = Path(folder, name.rpartition("/")[2])
                path.write_bytes(content)
                piece = Piece(str(path), name)
                check_piece(self.plan, self.source, piece)
                yield piece

    def _numbered(self, before: int) -> Program:
        """The program with rows that have numbers of their own among all tasks; errors keep those of the file."""
        function = self.program.function
        return replace(self.program, function=lambda batch: function(replace(batch, first=batch.first + before)))


def _unlinked(on_error: OnError, told: int) -> Unlinked | None:
    return None if on_error is OnError.STOP else Unlinked(told)


@contextmanager
def _running() -> Iterator[None]:
    """An error of ours is written so that it reaches the driver."""
    try:
        with bulk_work():
            yield
    except KgError as error:
        raise packed(error) from None
