"""A mapping as one Spark job: its tasks make lines, Spark joins, and writes a folder that is whole or not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from kg.errors import KgError, MappingError, Problem, UsageError, nearest
from kg.rml.compile.gathering import refuse_split
from kg.rml.compile.needs import joins_of, references_in
from kg.rml.compile.reading.checks import in_order, references_to
from kg.rml.layout.presence import presence_of
from kg.rml.mapping.access import Access
from kg.rml.mapping.model import Plan, Source, TriplesMap, leaves_of
from kg.rml.run.engine import load_plan
from kg.rml.run.execution import TOLD, OnError, Tally
from kg.rml.run.whole import Part, Summary, notes_of
from kg.rml.spark.faults import packed, translated
from kg.rml.spark.folder import UNMARKED, Folder
from kg.rml.spark.pieces import Piece, packed_in, pieces_of
from kg.rml.spark.tasks import Links, MakeEntries, MakeLines, TallyParam

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import DataFrame, SparkSession

_MADE: Final = "number int, link int, key binary, before binary, after binary"
_ENTRY: Final = "link int, key binary, subject binary"
Places = str | Sequence[str]


def map_with_spark(  # noqa: PLR0913 -- each is a choice of its own, by name
    session: SparkSession,
    mapping: Path,
    output: str,
    *,
    sources: Mapping[str, Places] = MappingProxyType({}),
    base: str | None = None,
    on_error: OnError = OnError.STOP,
    distinct: bool = False,
    access: Access = Access(),  # noqa: B008 -- frozen
    told: int = TOLD,
) -> Summary:
    """Write what a mapping makes of its sources as a folder of N-Quads: the dataset that `map_to` writes.

    :param mapping: as for `map_to`, on the driver
    :param output: a path or URL that Spark can write, where nothing is yet; it has a `_SUCCESS` when it is whole
    :param sources: by the paths that the mapping has, what is read in their place: files, folders or globs that Spark
        can read, wherever they are, each of them a table or a tree like the one that the mapping names
    :param base: what relative IRIs are put behind, unless a triples map has its own
    :param distinct: every line once, in the order of bytes from file to file
    :param access: how large parts of sources may be
    :param told: faulty rows of a triples map that are told one by one; the others are counted
    :raises MappingError: if the mapping cannot be run
    :raises UsageError: if there is something at the output already, or nothing at a source
    :raises DataError: if a source is not what it should be, or a row makes no term and rows are not skipped
    :raises OperationError: if Spark cannot do it
    """
    plan = load_plan(mapping, base, replace(access, elsewhere=frozenset(sources)))
    _check_sources(plan, sources)
    refuse_split(plan, "Spark writes one folder of lines", "map it without Spark", links=True)
    with translated():
        folder = Folder(session, output)
        return _Job(session, plan, sources, _Choice(on_error, told)).write(folder, distinct=distinct)


def _check_sources(plan: Plan, sources: Mapping[str, Places]) -> None:
    """Sources are files, and those that are named for others are there.

    :raises MappingError: if one is a database
    :raises UsageError: if a name is none
    """
    for one in plan.maps:
        for leaf in leaves_of(one.source):
            if leaf.database is not None:
                hint = "map it without Spark, or write what it holds into files of Parquet or CSV"
                raise MappingError(f"Spark reads no database: {leaf.name}", position=leaf.position, hint=hint)
    known = [one.source.name for one in plan.maps]
    viewed = {leaf.name for one in plan.maps if one.source.view for leaf in leaves_of(one.source)}
    for name in sources:
        if name in viewed:
            hint = "put the file where the mapping has it, or map it without Spark"
            raise UsageError(f"'{name}' is read by a view, in one task, from where the mapping has it", hint=hint)
        if name not in known:
            hint = nearest(name, known) or f"its sources: {', '.join(dict.fromkeys(known))}"
            raise UsageError(f"the mapping has no source '{name}'", hint=hint)


@dataclass(frozen=True, slots=True)
class _Located:
    """A source with the files that are read for it."""

    source: Source
    pieces: tuple[Piece, ...]
    """Files that executors open themselves."""
    contents: DataFrame | None = None
    """Files that only Spark can open: their names and their bytes."""


@dataclass(frozen=True, slots=True)
class _Choice:
    on_error: OnError
    told: int


class _Job:
    """The parts of one run."""

    def __init__(self, session: SparkSession, plan: Plan, sources: Mapping[str, Places], choice: _Choice) -> None:
        self._session, self._context = session, session.sparkContext
        self._plan, self._choice = plan, choice
        self._tallies = self._context.accumulator({}, TallyParam())
        self._located = self._surveyed(
            [self._locate(one, sources) for one in dict.fromkeys(triples_map.source for triples_map in plan.maps)]
        )

    def _locate(self, source: Source, sources: Mapping[str, Places]) -> _Located:
        from pyspark.errors import AnalysisException

        places = sources.get(source.name)
        if places is None:
            return _Located(source, (Piece(str(source.path), source.name),))
        listed = [places] if isinstance(places, str) else list(places)
        try:
            files = self._session.read.format("binaryFile").load(listed)
        except AnalysisException as error:
            raise UsageError(f"cannot read {source.name} from {', '.join(listed)}: {error}") from None
        names = sorted(files.inputFiles())
        if not names:
            raise UsageError(f"there is no file for {source.name} at {', '.join(listed)}")
        if all(name.startswith("file:") for name in names):
            paths = [unquote(name.removeprefix("file:").removeprefix("//")) for name in names]
            return _Located(source, tuple(Piece(path, path) for path in paths))
        return _Located(source, (), files.select("path", "content"))

    def _surveyed(self, located: Sequence[_Located]) -> dict[Source, _Located]:
        """The same with files cut into pieces, by tasks of their own; what is wrong with them is found now."""
        whole = [(number, piece) for number, one in enumerate(located) for piece in one.pieces]
        parallelism = self._context.defaultParallelism
        survey = _Survey(self._plan, tuple(one.source for one in located), parallelism)
        tasks = min(len(whole), 8 * parallelism)
        found = self._context.parallelize(whole, tasks).map(survey).collect() if whole else []
        return {
            one.source: replace(one, pieces=tuple(piece for n, pieces in found for piece in pieces if n == number))
            for number, one in enumerate(located)
        }

    def _rdd(self, source: Source) -> RDD[Any]:
        located = self._located[source]
        if located.contents is not None:
            return located.contents.rdd.map(tuple)
        tasks = packed_in(located.pieces, self._context.defaultParallelism)
        return self._context.parallelize(tasks, max(len(tasks), 1)).flatMap(list)

    def _made(self, numbers: Sequence[int]) -> DataFrame:
        """What some triples maps make, as `Made`."""
        tasks = [
            self._rdd(self._plan.maps[number].source).mapPartitionsWithIndex(
                MakeLines(self._plan, number, self._choice.on_error, self._choice.told, self._tallies)
            )
            for number in numbers
        ]
        return self._session.createDataFrame(self._context.union(tasks), _MADE, verifySchema=False)

    def _entries(self) -> DataFrame:
        """The subjects that joins look for."""
        tasks = [
            self._rdd(self._plan.map_named(key.parent).source).mapPartitionsWithIndex(
                MakeEntries(self._plan, link, self._choice.on_error, self._choice.told, self._tallies)
            )
            for link, key in enumerate(Links.of(self._plan).keys)
        ]
        return self._session.createDataFrame(self._context.union(tasks), _ENTRY, verifySchema=False)

    def write(self, folder: Folder, *, distinct: bool) -> Summary:
        """Write the lines; count them."""
        from pyspark import StorageLevel
        from pyspark.sql import Observation
        from pyspark.sql import functions as f

        joins = [number for number, one in enumerate(self._plan.maps) if joins_of(one)]
        alone = [number for number in range(len(self._plan.maps)) if number not in joins]
        text = f.col("before").cast("string").alias("value")
        parts = [self._made(alone).select(text)] if alone else []
        seen, written = Observation(), Observation()
        marked = self._made(joins).persist(StorageLevel.DISK_ONLY) if joins else None
        if marked is not None:
            parts.append(marked.where("link is null").select(text))
            joined = marked.where("link is not null").join(self._entries(), ["link", "key"])
            counts = [f.count_if(f.col("number") == number).alias(str(number)) for number in joins]
            line = f.concat("before", "subject", "after").cast("string").alias("value")
            parts.append(joined.observe(seen, *counts).select(line))
        lines = parts[0]
        for part in parts[1:]:
            lines = lines.unionAll(part)
        if distinct:
            single = f.explode(f.split("value", "\n")).alias("value")
            lines = lines.select(single).distinct().sort("value").observe(written, f.count(f.lit(1)).alias("lines"))
        try:
            with folder.staged() as staging:
                lines.write.mode("error").options(**UNMARKED).option("lineSep", "\n").text(staging)
                absent = self._absent()
                if absent and self._choice.on_error is OnError.STOP:
                    raise MappingError(problems=absent)
        finally:
            if marked is not None:
                marked.unpersist()
        found = seen.get if joins else {}
        joined = {number: found[str(number)] for number in joins}
        return self._summary(joined, written.get["lines"] if distinct else None, absent)

    def _absent(self) -> list[Problem]:
        """What is told of references to trees that no record has, in any of the files that are read for them.

        Of files that only Spark can open nothing is told: a member that is there and empty could not be told apart.
        """
        counted, found = self._tallies.value, list[Problem]()
        for number, one in enumerate(self._plan.maps):
            located, tally = self._located[one.source], counted.get(number)
            if tally is None or located.contents is not None:
                continue
            told = [
                self._absent_in(one.source if one.source.view else piece.of(one.source), one, tally)
                for piece in {piece.path: piece for piece in located.pieces}.values()
            ]
            places = [{problem.position for problem in problems} for problems in told]
            found += [p for p in next(iter(told), []) if all(p.position in others for others in places)]
        return in_order(found)

    def _is_viewed(self, number: int) -> bool:
        return self._plan.maps[number].source.view is not None

    def _absent_in(self, source: Source, triples_map: TriplesMap, tally: Tally) -> list[Problem]:
        """The same of one file; the problem is called by the source of the mapping."""
        names = references_in(self._plan, triples_map)
        presence = presence_of(replace(source, name=triples_map.source.name), names)
        if presence is None:
            return []
        presence.records = tally.rows
        presence.lacking |= tally.lacking
        return presence.absent(tuple(references_to(self._plan, triples_map.source, names)))

    def _summary(self, joined: Mapping[int, int], written: int | None, absent: Sequence[Problem]) -> Summary:
        counted = self._tallies.value
        tallies = [counted.get(number) or Tally(one.name) for number, one in enumerate(self._plan.maps)]
        parts = tuple(
            Part(
                tally.name,
                tally.rows,
                tally.lines + joined.get(number, 0),
                tally.skipped,
                lacking=tuple(item for item in tally.lacking.items() if item[1] and not self._is_viewed(number)),
                unmatched=tally.unmatched,
                unlinked=tally.unlinked,
            )
            for number, tally in enumerate(tallies)
        )
        problems = (*absent, *(problem for tally in tallies for problem in tally.problems))
        notes = (*self._plan.notes, *notes_of(tallies))
        triples = sum(part.triples for part in parts) if written is None else written
        return Summary(parts, triples, problems, notes=notes)


@dataclass(frozen=True, slots=True)
class _Survey:
    """A task: a file is looked at and cut."""

    plan: Plan
    sources: tuple[Source, ...]
    parallelism: int

    def __call__(self, item: tuple[int, Piece]) -> tuple[int, list[Piece]]:
        number, whole = item
        try:
            return number, pieces_of(self.plan, self.sources[number], whole, self.parallelism)
        except KgError as error:
            raise packed(error) from None
