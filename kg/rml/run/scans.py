"""A scan of a source serves all triples maps that follow one another over it, and the joins with their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import IO, Any

from kg.rml.compile.needs import JoinKey, join_key, joins_of, references_for, references_in
from kg.rml.joins.index import Index
from kg.rml.layout.presence import presence_of
from kg.rml.mapping.model import Batch, Source
from kg.rml.run.engine import Engine
from kg.rml.run.execution import Tally
from kg.rml.run.shards import Reading, readings
from kg.rml.sources.csv import Layout
from kg.rml.views.opened import OpenView


@dataclass(frozen=True, slots=True)
class Scan:
    """Rows that are read once: their lines are written batch by batch, in each those of one triples map after another.

    So a source that is cut makes the same bytes as one process or as many: all of them cut it alike.
    """

    source: Source
    numbers: tuple[int, ...]
    """The triples maps whose lines are written."""
    needs: frozenset[JoinKey]
    """The indexes that these look into."""
    feeds: tuple[JoinKey, ...] = ()
    """The indexes that later ones look into, made of the same rows."""
    is_whole: bool = False
    """Whether the lines hold the numbers of the rows, so that no part stands for itself."""

    def readings(self) -> Iterable[Reading]:
        """The rows as one process reads them, to write as many would."""
        is_in_order = self.is_whole or len(self.numbers) <= 1
        return (Reading(self.source, None),) if is_in_order else readings(self.source)


def scans_of(engine: Engine, numbers: Iterable[int] | None = None) -> list[Scan]:
    """The scans that make the lines of a mapping, or of some of its triples maps, in their order."""
    wanted = range(len(engine.plan.maps)) if numbers is None else numbers

    def kind(number: int) -> tuple[Source, bool]:
        return engine.plan.maps[number].source, engine.counts_rows(number)

    made: list[Scan] = []
    for (source, is_whole), group in groupby(wanted, kind):
        own = tuple(group)
        needs = frozenset(join_key(link) for number in own for link in joins_of(engine.plan.maps[number]))
        fed = {key for scan in made for key in scan.feeds}
        for key in (key for key in engine.indexes if key in needs - fed):
            _feed(engine, made, key)
        made.append(Scan(source, own, needs, is_whole=is_whole))
    return made


def _feed(engine: Engine, scans: list[Scan], key: JoinKey) -> None:
    """Let an index be made of a scan that there is, or else of one of its own."""
    names = [one.name for one in engine.plan.maps]
    number, source = names.index(key.parent), engine.plan.map_named(key.parent).source
    for place, scan in enumerate(scans):
        if number in scan.numbers or (not scan.numbers and scan.source == source):
            scans[place] = replace(scan, feeds=(*scan.feeds, key))
            return
    scans.append(Scan(source, (), frozenset(), (key,)))


class Lines:
    """Makes the lines of a scan."""

    def __init__(self, engine: Engine, scan: Scan) -> None:
        self._engine, self._scan = engine, scan
        plan = engine.plan
        own = {number: references_in(plan, plan.maps[number]) for number in scan.numbers}
        fed = [references_for(plan, key) for key in scan.feeds]
        self._references = tuple(dict.fromkeys(name for names in (*own.values(), *fed) for name in names))
        self._layout: Layout | OpenView = Layout(scan.source)
        if scan.source.view is not None:
            self._layout = OpenView(scan.source, self._references, engine.folder, engine.unlinked())
        self._columns = {number: tuple(map(self._references.index, names)) for number, names in own.items()}
        self._feeds: dict[JoinKey, Callable[[Index[Any], Batch, Tally], None]] = {
            key: engine.feed(key, self._references) for key in scan.feeds
        }
        self._linked = {key: engine.linked_by(key) for key in scan.feeds}
        self._told = tuple(sorted({*scan.numbers, *(n for numbers in self._linked.values() for n in numbers)}))
        """The triples maps that are told of these rows: those that look into what is fed, too."""

    def tallies(self) -> dict[int, Tally]:
        """What counts the rows of each triples map, and those that it is not linked to."""
        return {n: Tally(self._engine.plan.maps[n].name, told=self._engine.told) for n in self._told}

    def prepare(self, tallies: Mapping[int, Tally] | Sequence[Tally]) -> None:
        """Read what a view joins, for processes that are begun afterwards too, and count what has no key there."""
        if isinstance(self._layout, OpenView):
            self._layout.prepare()
            for number in self._told:
                tallies[number].add_unlinked(self._layout.unlinked)

    def close(self) -> None:
        """Let go of it."""
        if isinstance(self._layout, OpenView):
            self._layout.close()

    def of(
        self, reading: Reading, tallies: Mapping[int, Tally], indexes: Mapping[JoinKey, Index[Any]]
    ) -> Iterator[bytes]:
        """The lines of some rows; the indexes that are fed take what they need.

        :raises DataError: at a row that a term cannot be made of, unless such rows are left out
        """
        presence = presence_of(self._scan.source, self._references)
        for batch in reading.batches(self._references, self._layout):
            if presence is not None:
                presence.look(batch)
            for number, picked in self._columns.items():
                tallies[number].unmatched += batch.unmatched
                yield self._engine.content(number, tallies[number], batch.picked(picked))
            for key, feed in self._feeds.items():
                without = Tally("", told=self._engine.told)
                feed(indexes[key], batch, without)
                if without.unlinked:
                    for number in self._linked[key]:
                        tallies[number].add(without)
            if not self._columns:
                yield b""  # for whoever looks after the indexes
        if presence is not None:
            self._engine.look_for(presence, self._scan.source, {n: tallies[n] for n in self._scan.numbers})


def run(engine: Engine, scans: Sequence[Scan], output: IO[bytes]) -> list[Tally]:
    """Write the lines of scans with one process; what became of the rows of each triples map, in their order.

    :raises DataError: at a row that a term cannot be made of, unless such rows are left out
    """
    tallies: dict[int, Tally] = {}
    for place, scan in enumerate(scans):
        lines = Lines(engine, scan)
        own = lines.tallies()
        try:
            lines.prepare(own)
            for reading in scan.readings():
                for content in lines.of(reading, own, engine.indexes):
                    output.write(content)
        finally:
            lines.close()
        for number, tally in own.items():
            tallies.setdefault(number, Tally(tally.name, told=engine.told)).add(tally)
        finish(engine, scan, scans[place + 1 :])
    return [tallies[number] for number in sorted({number for scan in scans for number in scan.numbers})]


def finish(engine: Engine, scan: Scan, later: Sequence[Scan]) -> None:
    """Say that what a scan feeds is complete, and let go of what no later one looks into."""
    for key in scan.feeds:
        engine.indexes[key].freeze()
    for key in scan.needs.difference(*(one.needs for one in later)):
        engine.indexes[key].close()
