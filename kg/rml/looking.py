"""Tables that were looked at for a first mapping, and what the mapping is written for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.errors import DataError, UsageError
from kg.rml.guesses.keys import Key, key_of
from kg.rml.guesses.known import Known
from kg.rml.guesses.links import Keyed
from kg.rml.guesses.names import words
from kg.rml.guesses.periods import Period, periods_of
from kg.rml.guesses.predicates import Property, properties_of
from kg.rml.guesses.turtle import quoted
from kg.rml.sniffing import Sample, sniff
from kg.rml.sources.sheets.rows import SeveralSheets
from kg.terms import ZEL

BASE: Final = "https://example.org/"
NAMES: Final = f"zel:name {ZEL}"
"""What a project calls a name that a source gives: labels are the editors'."""


@dataclass(frozen=True, slots=True)
class Home:
    """What a mapping is written for: a project, or none."""

    base: str = BASE
    """What the IRIs of things, terms and maps begin with."""
    known: Known = Known()  # noqa: RUF009 -- it holds nothing that changes
    """The properties that the project has."""
    label: str | None = None
    """Its property for a name that a source gives, with a prefix and its namespace between blanks."""
    namespace: str | None = None
    """Of the terms; below the base where none is given."""
    language: str | None = None
    """That of names of which neither column nor script tells the language."""
    has_register: bool = False
    """Whether `tables.yaml` has the tables already."""

    @classmethod
    def of(cls, base: str, languages: Sequence[str], namespace: str | None = None) -> Home:
        """That of a new project, whose `tables.yaml` is written beside the mapping."""
        return cls(base, Known(), NAMES, namespace, spoken(languages), has_register=True)

    @property
    def terms(self) -> str:
        """The namespace of the terms."""
        return self.namespace or f"{self.base}terms#"

    @property
    def is_project(self) -> bool:
        """Whether there is one."""
        return self.base != BASE


def spoken(languages: Sequence[str]) -> str:
    """The language of what tells none: that of the project, if it has one alone; else none that is known.

    >>> spoken(["sw"]), spoken(["ar", "fr"])
    ('sw', 'und')
    """
    return languages[0] if len(languages) == 1 else "und"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was looked at, and what is guessed of it as a whole."""

    file: Path
    path: str
    """As the mapping writes it."""
    slug: str
    sample: Sample
    key: Key
    periods: tuple[Period, ...]
    place: str
    """What the IRIs of its things begin with."""
    left: tuple[str, ...] = ()
    """What is told of sheets beside it that hold no table."""

    @property
    def told(self) -> str:
        """What it is called in remarks."""
        sheet = self.sample.sheet
        return quoted(self.path) + (f", sheet {quoted(sheet)}" if sheet is not None else "")

    @property
    def keyed(self) -> Keyed:
        """What its rows are called by."""
        return Keyed(self.slug, self.key, self.sample.columns, self.sample.rows)

    @property
    def kind(self) -> str:
        """The class of a row."""
        name = words(self.slug, "")
        return f"{name[:1].upper()}{name[1:]}"

    def properties(self, home: Home) -> list[Property]:
        """What becomes of the columns that neither are years nor the address of the thing itself."""
        apart = {column.name for period in self.periods for _, column in period.columns}
        if self.key.is_address:
            apart.add(self.key.columns[0].name)
        label = "rdfs:label" if home.label is None else home.label.partition(" ")[0]
        return properties_of([one for one in self.sample.columns if one.name not in apart], label, home.language)


def tables_in(file: Path, folder: Path, home: Home) -> list[Table]:
    """The table of a file, or those on the sheets of a workbook that can be seen; sheets that hold none are told.

    :raises KgError: as `looked_at`, if there is no table at all
    """
    try:
        return [looked_at(file, folder, home)]
    except SeveralSheets as error:
        names = error.names
    if home.is_project or not names:
        raise several(file, names)
    found: list[Table] = []
    faults: list[DataError] = []
    left: tuple[str, ...] = ()
    for name in names:
        try:
            found.append(looked_at(file, folder, home, name))
        except DataError as error:
            faults.append(error)
            told = f"The sheet {quoted(name)} is left out: {error.problems[0].message}."
            left = (*left, told)
    if not found:
        raise faults[0]
    return [replace(found[0], left=left), *found[1:]]


def several(file: Path, names: Sequence[str]) -> UsageError:
    """A workbook has several sheets where one table is meant: a project knows the rows of files."""
    listed = ", ".join(map(quoted, names)) or "none that can be seen"
    hint = "save each that is meant as a workbook of its own, or as CSV"
    return UsageError(f"the sheets of {file} are {listed}, and a table of a project is a file"[:400], hint=hint)


def looked_at(file: Path, folder: Path, home: Home, sheet: str | None = None) -> Table:
    """What a table is taken for.

    :param folder: where the mapping will stand
    :param sheet: the name of a sheet of a workbook; without one, its only one
    :raises SeveralSheets: if a workbook has several, and none is named
    :raises KgError: if it is no table that could be mapped
    """
    sample = sniff(file, sheet)
    path = Path(os.path.relpath(file, folder)).as_posix()
    if path.startswith("../"):
        raise UsageError(f"{file} does not lie at or below {folder}", hint="name the table of the upper folder first")
    slug = words(sheet or file.name.split(".")[0], "-").lower() or "table"
    periods = periods_of(sample.columns, sample.rows)
    apart = [column for period in periods for _, column in period.columns]
    key = key_of(sample.columns, sample.rows, apart)
    return Table(file, path, slug, sample, key, periods, _place(home, slug))


def with_slug(table: Table, taken: Sequence[str], home: Home) -> Table:
    """The same table with a slug that no other has."""
    slug = table.slug if table.slug not in taken else f"{table.slug}-{len(taken) + 1}"
    return replace(table, slug=slug, place=_place(home, slug))


def _place(home: Home, slug: str) -> str:
    return f"{home.base}id/{slug}/" if home.is_project else f"{home.base}{slug}/"
