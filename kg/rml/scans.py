"""One scan of a source serves all triples maps that follow one another over it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from kg.errors import KgError
from kg.rml.compiler import references_in
from kg.rml.engine import Engine
from kg.rml.execution import Tally
from kg.rml.model import Batch
from kg.rml.rows import batches_of


def scans_of(engine: Engine) -> list[range]:
    """The numbers of the triples maps, in their order, those of one scan together."""
    maps = engine.plan.maps
    groups = (list(group) for _, group in groupby(range(len(maps)), key=lambda number: maps[number].source))
    return [range(group[0], group[-1] + 1) for group in groups]


def scan(engine: Engine, numbers: range, output: IO[bytes], folder: Path) -> list[Tally]:
    """Write the lines of some triples maps over one source, in the order of the maps; the source is read once.

    :raises DataError: as if each had been run on its own, the first one first
    """
    tallies = [Tally(engine.plan.maps[number].name, told=engine.told) for number in numbers]
    if len(numbers) == 1:
        for content in engine.run(numbers[0], tallies[0]):
            output.write(content)
        return tallies
    for number in numbers:
        engine.prepare(number, keep=True)
    maps = [engine.plan.maps[number] for number in numbers]
    own = [references_in(engine.plan, one) for one in maps]
    references = tuple(dict.fromkeys(name for names in own for name in names))
    readers = [
        _Reader(number, tally, tuple(references.index(name) for name in names))
        for number, tally, names in zip(numbers, tallies, own, strict=True)
    ]
    first, *others = readers
    keys, feeds = engine.feeds(numbers, references)
    with ExitStack() as stack:
        # Lines wait here until those of the triples maps before them are complete.
        files: list[IO[bytes]] = [stack.enter_context(TemporaryFile(dir=folder)) for _ in others]
        for batch in batches_of(maps[0].source, references):
            output.write(first.content(engine, batch))
            for reader, file in zip(others, files, strict=True):
                file.write(reader.content_or_nothing(engine, batch))
            for feed in feeds:
                feed(batch)
        for reader, file in zip(others, files, strict=True):
            if reader.failure is not None:
                raise reader.failure
            file.seek(0)
            shutil.copyfileobj(file, output, 1 << 20)
    engine.freeze(keys)
    return tallies


@dataclass(slots=True)
class _Reader:
    """A triples map that sees the batches of a scan."""

    number: int
    tally: Tally
    picked: Sequence[int]
    """Which columns of a batch are its own."""
    failure: KgError | None = None

    def content(self, engine: Engine, batch: Batch) -> bytes:
        """The lines of a batch."""
        own = Batch(tuple(batch.columns[i] for i in self.picked), batch.size, batch.first, batch.lines)
        return engine.content(self.number, self.tally, own)

    def content_or_nothing(self, engine: Engine, batch: Batch) -> bytes:
        """The same; a failure waits, for those before this one may still fail, and theirs is told first."""
        if self.failure is None:
            try:
                return self.content(engine, batch)
            except KgError as error:
                self.failure = error
        return b""
