"""A whole run: the mapping is read, its triples maps run in turn, their lines written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from kg.errors import Position, Problem
from kg.rml.compile.gathering import refuse_split
from kg.rml.compile.needs import references_in
from kg.rml.mapping.access import Access
from kg.rml.run.distinct import Sorter
from kg.rml.run.engine import Amendment, Engine
from kg.rml.run.execution import TOLD, OnError, Tally, bulk_work
from kg.rml.run.scans import run, scans_of
from kg.rml.targets.places import places_of
from kg.rml.views.opened import OpenView, may_be_cut

if TYPE_CHECKING:
    from kg.rml.run.delivery import Written


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one triples map."""

    name: str
    rows: int
    triples: int
    """Lines that were made of its rows."""
    skipped: int
    """Rows that were left out."""
    problems: tuple[Problem, ...] = ()
    """The first of them."""
    lacking: tuple[tuple[str, int], ...] = ()
    """References to a tree, and how many of its records have no value for them."""
    unmatched: int = 0
    """How often a join of its view found nothing for a row."""
    unlinked: int = 0
    """Rows of what it joins that nothing was linked to, because their key could not be made."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a mapping."""

    parts: tuple[Part, ...]
    triples: int
    """Lines that were written; without `distinct`, the same triple may be written more than once."""
    problems: tuple[Problem, ...] = ()
    """The first of the rows that were left out."""
    files: tuple[Written, ...] = ()
    """What the mapping wrote to targets of its own."""
    notes: tuple[Problem, ...] = ()
    """What the author of the mapping should know, though all was mapped."""

    @property
    def rows(self) -> int:
        """Rows that were read."""
        return sum(part.rows for part in self.parts)

    @property
    def skipped(self) -> int:
        """Rows that were left out."""
        return sum(part.skipped for part in self.parts)

    @property
    def unlinked(self) -> int:
        """Rows of what is joined without a key: every triples map counts those of its own joins."""
        return sum(part.unlinked for part in self.parts)


def map_to(  # noqa: PLR0913 -- each is a choice of its own, by name
    mapping: Path,
    output: IO[bytes],
    *,
    base: str | None = None,
    workers: int = 1,
    on_error: OnError = OnError.STOP,
    distinct: bool = False,
    access: Access = Access(),  # noqa: B008 -- frozen
    told: int = TOLD,
) -> Summary:
    """Write what a mapping makes of its sources as N-Quads: the same bytes for any number of workers.

    :param mapping: RML-Core in Turtle, or YARRRML (`.yml`, `.yaml`); it reads at or below its own folder only
    :param base: what relative IRIs are put behind, unless a triples map has its own
    :param distinct: every line once, in the order of bytes
    :param told: faulty rows of a triples map that are told one by one; the others are counted
    :param access: which databases may be asked, and how large parts of sources may be
    :raises MappingError: if the mapping cannot be run: nothing was written then
    :raises DataError: if a source is not what it should be, or a row makes no term and rows are not skipped
    """
    with tempfile.TemporaryDirectory(prefix="kg-map-") as folder:
        engine = Engine(mapping, base, on_error, Path(folder), access, told=told)
        places_of(engine.plan, access)  # what may not be written is told before a row is read
        sorter = Sorter(Path(folder)) if distinct else None
        target = cast("IO[bytes]", sorter) if sorter is not None else output
        try:
            with bulk_work():
                if engine.channels:
                    tallies, count, files = _delivered(engine, workers, target, access, Path(folder), distinct=distinct)
                else:
                    tallies, files = _mapped(engine, workers, target, Path(folder)), []
                    count = sum(tally.lines for tally in tallies)
        finally:
            engine.close()
        written = sorter.drain(output) if sorter is not None else count
    parts = tuple(
        Part(t.name, t.rows, t.lines, t.skipped, (), tuple(t.lacking.items()), t.unmatched, t.unlinked) for t in tallies
    )
    problems = tuple(problem for tally in tallies for problem in tally.problems)
    return Summary(parts, written, problems, tuple(files), (*engine.plan.notes, *notes_of(tallies)))


def notes_of(tallies: Iterable[Tally]) -> tuple[Problem, ...]:
    """What is told of values that were mapped, each value of a row once."""
    found: dict[tuple[Position | None, str], Problem] = {}
    for noted in (noted for tally in tallies for noted in tally.noted.values()):
        problem, more = noted.problem, noted.count - 1
        hint = f"{problem.hint}; {more:,} more like it" if more else problem.hint
        found.setdefault((problem.position, problem.message), replace(problem, hint=hint))
    return tuple(found.values())


def _delivered(  # noqa: PLR0913 -- what is mapped, and where it goes
    engine: Engine, workers: int, output: IO[bytes], access: Access, folder: Path, *, distinct: bool
) -> tuple[list[Tally], int, list[Written]]:
    """Map aside, and bring what was made where it belongs."""
    from kg.rml.run.delivery import Delivery

    with (folder / "framed").open("w+b") as aside:
        tallies = _mapped(engine, workers, aside, folder)
        aside.seek(0)
        count, files = Delivery(engine, folder, access, distinct=distinct).deliver(aside, output)
    return tallies, count, files


def _mapped(engine: Engine, workers: int, output: IO[bytes], folder: Path) -> list[Tally]:
    scans = scans_of(engine)
    if workers == 1:
        return run(engine, scans, output)
    from kg.rml.run.workers import can_fork, share

    if not can_fork():
        return run(engine, scans, output)
    if _is_file(output):
        return share(engine, scans, workers, output)
    with (folder / "all.nq").open("w+b") as aside:
        tallies = share(engine, scans, workers, aside)
        aside.seek(0)
        shutil.copyfileobj(aside, output, 1 << 20)
    return tallies


def _is_file(output: IO[bytes]) -> bool:
    """Whether processes can write to it."""
    try:
        output.fileno()
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class MapPart:
    """One triples map of a mapping, which can be made on its own."""

    name: str
    key: str
    """A hash of its plan and of the version of the engine."""
    sources: tuple[Path, ...]
    """The files that its lines depend on."""
    lasts: bool
    """Whether its lines are the same as long as these files are: not those of a database over the network."""
    write: Callable[[IO[bytes]], Part]
    """Write its lines."""
    notes: tuple[Problem, ...] = ()
    """What is told of the mapping as a whole, such as its older forms: the first of its parts has it."""


def parts(  # noqa: PLR0913 -- each is a choice of its own, by name
    mapping: Path,
    *,
    base: str | None = None,
    on_error: OnError = OnError.STOP,
    access: Access = Access(),  # noqa: B008 -- frozen
    amend: Amendment | None = None,
    told: int = TOLD,
) -> tuple[MapPart, ...]:
    """The triples maps of a mapping, in their order; what all of them write is what `map_to` writes.

    :param amend: what is done to the plan before it is compiled
    :param told: faulty rows that are told one by one
    :raises MappingError: if the mapping cannot be run
    """
    engine = Engine(mapping, base, on_error, access=access, amend=amend, told=told)
    refuse_split(engine.plan, "each triples map is written on its own here", "kg map without --parts writes it")

    def writer(number: int) -> Callable[[IO[bytes]], Part]:
        def write(output: IO[bytes]) -> Part:
            with tempfile.TemporaryDirectory(prefix="kg-map-") as folder, bulk_work():
                alone = Engine(mapping, base, on_error, Path(folder), access, amend, told)
                try:
                    (tally,) = run(alone, scans_of(alone, [number]), output)
                finally:
                    alone.close()
            faults = tuple(tally.problems)
            return Part(tally.name, tally.rows, tally.lines, tally.skipped, faults, (), tally.unmatched, tally.unlinked)

        return write

    return tuple(
        MapPart(
            one.name,
            engine.key(number),
            engine.sources(number),
            engine.lasts(number),
            writer(number),
            () if number else engine.plan.notes,
        )
        for number, one in enumerate(engine.plan.maps)
    )


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A triples map whose lines lie in a folder of parts."""

    part: Part
    path: Path
    was_mapped: bool
    """Whether it was mapped now, and not left as it was."""
    notes: tuple[Problem, ...] = ()
    """What is told of the mapping as a whole: the first part has it."""


def map_parts(
    mapping: Path,
    folder: Path,
    *,
    base: str | None = None,
    on_error: OnError = OnError.STOP,
    access: Access = Access(),  # noqa: B008 -- frozen
) -> tuple[KeptPart, ...]:
    """Write one file of N-Quads for each triples map into a folder; what would be the same is left as it is.

    Files of triples maps that are no longer there are removed. All files together hold what `map_to` writes.

    :raises MappingError: if the mapping cannot be run
    :raises DataError: as `map_to`; what was mapped before stays
    :raises StorageError: if the folder cannot be written, or a source changes meanwhile
    """
    from kg.rml.run.folder import part_folder

    made = []
    wanted = parts(mapping, base=base, on_error=on_error, access=access)
    with part_folder(folder) as kept:
        for one in wanted:
            told: list[Problem] = []

            def write(output: IO[bytes], one: MapPart = one, told: list[Problem] = told) -> dict[str, int]:
                part = one.write(output)
                told.extend(part.problems)
                of_joins = {"unmatched": part.unmatched, "unlinked": part.unlinked}
                counted = {name: count for name, count in of_joins.items() if count}
                return {"rows": part.rows, "triples": part.triples, "skipped": part.skipped, **counted}

            once = "" if one.lasts else os.urandom(16).hex()
            found = kept.take(one.name, f"{one.key} {on_error} {once}", one.sources, write)
            rows, triples, skipped = (found.figures[name] for name in ("rows", "triples", "skipped"))
            missed, alone = (found.figures.get(name, 0) for name in ("unmatched", "unlinked"))
            part = Part(one.name, rows, triples, skipped, tuple(told), (), missed, alone)
            made.append(KeptPart(part, found.path, found.was_made, one.notes))
    return tuple(made)


def explain(mapping: Path, base: str | None = None, access: Access = Access()) -> str:  # noqa: B008 -- frozen
    """The programs that a mapping becomes, for a person to read, after what its views are made of.

    :raises MappingError: if the mapping cannot be run
    """
    engine = Engine(mapping, base, OnError.STOP, access=access)
    blocks = [(f"lines of {one.name}", program) for one, program in zip(engine.plan.maps, engine.programs, strict=True)]
    blocks += [(f"index of {key.parent}", program) for key, program in engine.index_programs().items()]
    made = list(_told_of_views(engine))
    for title, program in blocks:
        notes = "".join(f"#   {note}\n" for note in program.notes)
        made.append(f"# {title}\n{notes}{program.text}")
    return "\n".join(made)


def _told_of_views(engine: Engine) -> Iterator[str]:
    """What the rows of triples maps over views are made of."""
    for number, one in enumerate(engine.plan.maps):
        if one.source.view is not None:
            in_parts = may_be_cut(one.source.view) and not engine.counts_rows(number)
            lines = OpenView(one.source, references_in(engine.plan, one)).told(in_parts=in_parts)
            yield f"# rows of {one.name}, a view ({one.source.position})\n" + "".join(f"#   {n}\n" for n in lines)
