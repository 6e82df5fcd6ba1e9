"""The tables of a project as quads: what their rows state, each in its claim, and what is known of the claims."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, Protocol

import pyoxigraph as ox

from kg.collecting import uncollected
from kg.config import Config
from kg.config.functions import own_functions
from kg.errors import DataError, MappingError, Problem, nearest
from kg.rdf.rows import Row
from kg.records import Document, Records
from kg.records.documents import renew
from kg.records.locations import Locate
from kg.records.statements import Names
from kg.rml import Access, MapPart, OnError, parts
from kg.rml.mapping.model import Source
from kg.rml.mapping.turtle import DOCUMENT
from kg.rml.run.folder import Kept, digest
from kg.store import in_store_form
from kg.tables.checks import Checks
from kg.tables.columns import Columns
from kg.tables.description import describe
from kg.tables.keeping import Keeper
from kg.tables.model import Table
from kg.tables.places import places
from kg.tables.plans import Placement, told_by
from kg.tables.provenance import Provenance
from kg.tables.register import REGISTER, read_register
from kg.tables.rows import columns_of, read_rows
from kg.terms import Minter
from kg.vocabulary import Vocabulary

_BLOCK: Final = 1 << 20
_COUNTED: Final = ("rows", "left out")
"""What is told of the rows of tables."""
TOLD: Final = 1000
"""Faulty rows of a triples map that are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Tabular:
    """What the tables of a project say."""

    rows: int = 0
    lines: int = 0
    """How many were made of them, some perhaps more than once."""
    located: Callable[[Callable[[], Iterable[str]]], Locate] = lambda _: lambda _: None
    """From N-Quads lines that hold those of the tables, and are asked for when something is wrong, to a function from
    the IRI of a claim, a row, a table or a thing to the line where a person can edit it."""
    left_out: int = 0
    """Rows that are none of their table."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping with its tables, ready to run."""

    name: str
    tables: tuple[Table, ...]
    sources: Mapping[str, Source]
    """What is read of each table, by slug."""
    parts: tuple[MapPart, ...]
    columns: Mapping[str, Columns]
    """What the rows of each table state, in the order of its file."""

    def used(self, table: Table) -> frozenset[Path]:
        """The files that the triples of a table depend on."""
        path = self.sources[table.slug].path
        return frozenset(file for part in self.parts if path in part.sources[:1] for file in part.sources)


class Tables:
    """The tables of a project; everything about them that can be checked before the first row is.

    :raises RecordError: if `tables.yaml` is not what it should be
    :raises MappingError: with everything that is wrong with the mappings
    :raises DataError: if tables cannot be read
    """

    def __init__(self, config: Config, vocabulary: Vocabulary) -> None:
        self._config, self._vocabulary = config, vocabulary
        self._mint = Minter(config.project.base)
        self.tables = read_register(config, vocabulary)
        self._access = Access(functions=own_functions(config) if self.tables else None)
        self._mapped = self._read_mappings()

    def files(self) -> tuple[Path, ...]:
        """The files that a build reads of them: the register, tables and mappings."""
        if not self.tables:
            return ()
        own = {path for table in self.tables for path in (table.path, table.mapping)}
        resolved = {path.resolve() for path in own}
        used = {path for mapped in self._mapped for part in mapped.parts for path in part.sources}
        own |= {path for path in used if path not in resolved}  # tables that functions look values up in
        if self._access.functions is not None:
            own.add(self._access.functions)
        return (self._config.locate("tables") / REGISTER, *sorted(own))

    def _read_mappings(self) -> tuple[Mapped, ...]:
        by_mapping: dict[Path, list[Table]] = {}
        for table in self.tables:
            by_mapping.setdefault(table.mapping, []).append(table)
        mapped: list[Mapped] = []
        faulty: list[Problem] = []
        unreadable: list[Problem] = []
        for path, tables in by_mapping.items():
            placement, name = Placement(tables, self._mint, self.tables), tables[0].mapping_name
            base = self._config.project.base
            try:
                access = self._access
                made = parts(path, base=base, on_error=OnError.SKIP, access=access, amend=placement, told=TOLD)
                mapped.append(Mapped(name, tuple(tables), placement.sources, made, placement.columns))
            except (MappingError, DataError) as error:
                told = faulty if isinstance(error, MappingError) else unreadable
                told.extend(told_by(problem, path, name) for problem in error.problems)
        if faulty:
            raise MappingError(problems=[*faulty, *unreadable])
        _raise(unreadable)
        return tuple(mapped)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What is told of mappings though they run: older forms, each with its line and the new form."""
        return tuple(
            told_by(note, mapped.tables[0].mapping, mapped.name)
            for mapped in self._mapped
            for part in mapped.parts
            for note in part.notes
        )

    @property
    def columns(self) -> Mapping[str, Columns]:
        """What the rows of each table state, in the order of its file, by the IRI of the table."""
        return {self._mint.table(slug): columns for mapped in self._mapped for slug, columns in mapped.columns.items()}

    def _each(self) -> Iterator[tuple[Mapped, Table, Source]]:
        for mapped in self._mapped:
            for table in mapped.tables:
                yield mapped, table, mapped.sources[table.slug]

    def claim_ids(self, keeper: Keeper | None = None) -> frozenset[str]:
        """The ids of the claims that the rows make; with a keeper, as far as they are known from before.

        :raises DataError: for rows without an id, and for ids that stand in several tables
        """
        problems: list[Problem] = []
        owners: dict[str, Table] = {}
        for _, table, source in self._each():
            located = places([(table, source)], tuple, self._mint)  # reads the table once, if it is ever asked
            for name in _ids(table, source, keeper, problems):
                other = owners.setdefault(name, table)
                if other is not table:
                    place = located(self._mint.claim(name))
                    what, hint = f"claim '{name}' is a row of {other.name} too", "give one of them another id"
                    problems.append(Problem("duplicate-claim", what, place, hint=hint))
        _raise(problems)
        return frozenset(owners)

    @uncollected()
    def assemble(self, records: Records, claims: Collection[str], keeper: Keeper, entry: Entry) -> Tabular:
        """Map the tables, or take what was mapped before of the same rows by the same plan, and hand on all lines.

        :param claims: the ids of all claims, those of rows among them
        :param entry: takes the lines
        :raises DataError: with every row of which something cannot be made, and every name that is unknown
        :raises StorageError: if parts cannot be written, or a table changes meanwhile
        """
        names = Names(self._vocabulary, self._mint, frozenset(records.documents), records.things, frozenset(claims))
        problems = list(self.differing(records.documents))
        told = [(table, _provenance(table, source, names, keeper, problems)) for _, table, source in self._each()]
        parts = [_statements(mapped, part, keeper, problems) for mapped in self._mapped for part in mapped.parts]
        for table in self.tables:
            problems = [told_by(problem, table.mapping, table.mapping_name) for problem in problems]
        _raise(problems)
        kept = [part for part in (*(rows for _, rows in told), *parts) if part is not None]
        checks = Checks(names)
        for (table, rows), used in zip(told, self._used(), strict=True):
            cited = checks.take(_handed(rows, entry))
            entry.quads(describe(table, used, records.documents, cited, self._mint))
        for part in parts:
            checks.take(_handed(part, entry))
        located = partial(places, [(table, source) for _, table, source in self._each()], mint=self._mint)
        _raise(checks.problems(lambda: _in_store(kept), located))
        number, left_out = (sum(part.figures.get(name, 0) for _, part in told if part) for name in _COUNTED)
        return Tabular(number, checks.lines, located, left_out)

    def _used(self) -> Iterator[list[Table]]:
        """The tables that the triples of each one depend on."""
        resolved = [(other, other.path.resolve()) for other in self.tables]
        for mapped, table, _ in self._each():
            files = mapped.used(table)
            yield [other for other, path in resolved if path in files]

    def differing(self, documents: Mapping[str, Document]) -> Iterator[Problem]:
        """Tables that are documents, where sources.yaml knows no such document or another hash."""
        for table in self.tables:
            if table.document is None:
                continue
            document = documents.get(table.document)
            if document is None:
                hint = nearest(table.document, documents) or "describe it in sources.yaml"
                yield Problem("unknown-document", f"unknown document '{table.document}'", table.position, hint=hint)
            elif document.sha256 != (found := digest(table.path)):
                what = f"{table.name} has the hash {found}, and document '{table.document}' "
                what += f"has {document.sha256}" if document.sha256 else "has none"
                yield Problem("hash", what, table.position, hint=renew(table.name, document))


def _ids(table: Table, source: Source, keeper: Keeper | None, problems: list[Problem]) -> Iterable[str]:
    columns = columns_of(table.naming, source)

    def names(found: list[Problem]) -> dict[str, None]:
        return dict.fromkeys(name for rows in read_rows(table, source, columns, found) for name in rows.ids if name)

    def write(output: IO[bytes], found: list[Problem]) -> Mapping[str, int]:
        ids = names(found)
        output.write("".join(f"# {name}\n" for name in ids).encode())
        return {"ids": len(ids)}

    if keeper is None:
        return names(problems)
    kept = keeper.take(f"{table.slug}/ids", ("ids", *_naming(table), source), (source.path,), write, problems)
    return () if kept is None else [line[2:] for line in kept.path.read_text(encoding="ascii").splitlines()]


def _naming(table: Table) -> tuple[object, ...]:
    """What decides which rows a table has, and what they are called."""
    left_out = tuple((one.cell.parts, tuple(sorted(one.values))) for one in table.left_out)
    return (table.id.parts, table.is_hashed, left_out)


def _provenance(table: Table, source: Source, names: Names, keeper: Keeper, problems: list[Problem]) -> Kept | None:
    def write(output: IO[bytes], found: list[Problem]) -> Mapping[str, int]:
        return Provenance(table, source, names, found).write(output)

    # Names of claims are looked up afterwards: another row would else make every table anew.
    known = (tuple(sorted(names.documents)), tuple(sorted(names.entities)))
    stated = tuple((s.predicate, tuple(t.parts for t in s.texts), s.languages) for s in table.stated.values())
    decided_by = (
        "rows",
        table.slug,
        *_naming(table),
        stated,
        table.is_grouped,
        table.document,
        names.mint.base,
        source,
    )
    return keeper.take(f"{table.slug}/rows", (*decided_by, known), (source.path,), write, problems)


def _statements(mapped: Mapped, part: MapPart, keeper: Keeper, problems: list[Problem]) -> Kept | None:
    def write(output: IO[bytes], found: list[Problem]) -> Mapping[str, int]:
        made = part.write(output)
        found.extend(made.problems)
        if (faulty := made.skipped + made.unlinked) > len(made.problems):
            message = f"{faulty - len(made.problems):,} more rows have faults"
            found.append(Problem(DataError.code, message, hint="see the rows before"))
        return {"rows": made.rows, "lines": made.triples}

    return keeper.take(
        f"{mapped.name}{part.name.removeprefix(DOCUMENT)}", ("map", part.key), part.sources, write, problems
    )


class Entry(Protocol):
    """What takes the lines of a build."""

    def quads(self, quads: Iterable[ox.Quad]) -> int:
        """Take statements."""

    def mapped(self, block: bytes) -> Sequence[Row]:
        """Take lines of a mapper; gives them as rows, in the form of the store."""


def _handed(kept: Kept | None, entry: Entry) -> Iterator[Sequence[Row]]:
    """The rows of a part, in the form in which they have been handed on."""
    return iter(()) if kept is None else map(entry.mapped, _blocks(kept))


def _blocks(kept: Kept) -> Iterator[bytes]:
    with kept.path.open("rb") as file:
        while lines := file.readlines(_BLOCK):
            yield b"".join(lines)


def _in_store(parts: Iterable[Kept]) -> Iterator[str]:
    """The lines of parts, with every literal in the form of the store."""
    for part in parts:
        for block in _blocks(part):
            quads = in_store_form(ox.parse(block, format=ox.RdfFormat.N_QUADS))
            yield from (f"{quad} ." for quad in quads)


def _raise(problems: list[Problem]) -> None:
    """Raise all of them as one error, in the order of the files.

    :raises DataError: if there is any
    """
    if problems:
        unique = dict.fromkeys(problems)
        raise DataError(problems=sorted(unique, key=lambda p: (p.position is None, p.position or ("", 0), p.message)))
