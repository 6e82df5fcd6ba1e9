"""Tables that were given -> first mappings, run over all of their rows."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError, Position, Problem, UsageError
from kg.rml import map_to
from kg.rml.guesses.predicates import Property
from kg.rml.looking import Home
from kg.rml.starter import Draft, drafted
from kg.tables.starting.model import Begun, Value, local
from kg.terms import PREFIXES, is_slug

_TYPE: Final = PREFIXES["rdf"] + "type"
_NUMBERS: Final = frozenset({"integer", "decimal"})
_MAPPING: Final = "mapping.rml.ttl"
_SURE: Final = frozenset({*_NUMBERS, "boolean", "date", "gYear", "iri", "item", "text"})
"""Kinds of columns whose values a store keeps in the form in which a mapping writes them, or counts alike."""


def looked(paths: Sequence[Path], home: Home) -> list[Begun]:
    """Each table with its mapping, and what that makes of the rows.

    :raises UsageError: if a file is absent or no table by its name, or two have one name
    :raises StorageError: if the system cannot read one
    :raises DataError: with file and line, if one is no table, or rows make no terms
    """
    found: list[Begun] = []
    problems: list[Problem] = []
    names: set[str] = set()
    for path in paths:
        if path.name.casefold() in names:
            raise UsageError(f"two tables are called {path.name}", hint="give them names of their own")
        names.add(path.name.casefold())
        if path.is_dir():
            raise UsageError(f"{path} is a folder, and a table is wanted", hint="name the files of tables in it")
        try:
            found.append(_begun(path, home, {one.slug for one in found}))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems=problems)
    return found


def _begun(path: Path, home: Home, taken: Iterable[str]) -> Begun:
    draft = drafted(path, home)
    told = _told(draft)
    things: dict[str, list[Value]] = {}
    with tempfile.TemporaryDirectory(prefix="zellige-") as folder:
        # A mapping reads what lies beside it.
        shutil.copyfile(path, Path(folder, path.name))
        mapping, lines = Path(folder, _MAPPING), Path(folder, "lines.nq")
        mapping.write_text(draft.text, encoding="utf-8")
        try:
            with lines.open("wb") as output:
                map_to(mapping, output)
        except DataError as error:
            raise DataError(problems=[_at_home(problem, path) for problem in error.problems]) from None
        kind, predicate = ox.NamedNode(home.terms + draft.kind), None if told is None else local(told)
        for quad in _statements(lines, {_TYPE, *(() if predicate is None else (home.terms + predicate,))}):
            values = things.setdefault(str(quad.subject)[1:-1], [])
            if quad.predicate.value != _TYPE and isinstance(quad.object, Value):
                values.append(quad.object)
            elif quad.object != kind:  # an observation of a year
                del things[str(quad.subject)[1:-1]]
    return Begun(path, _slug(draft, taken), draft, told, things)


def _told(draft: Draft) -> Property | None:
    rows = len(draft.sample.rows)
    often = [one.predicate for one in draft.properties]
    fit = [
        one
        for one in draft.properties
        if one.predicate.startswith("ex:")
        and often.count(one.predicate) == 1
        and one.column not in draft.key.columns
        and not (one.column.separator or one.column.parts or one.column.is_marked)
        and one.column.datatype in _SURE
        and 0 < one.column.filled == rows
    ]
    return next((one for one in fit if one.column.datatype in _NUMBERS), fit[0] if fit else None)


def _statements(lines: Path, predicates: Iterable[str]) -> Iterator[ox.Quad]:
    wanted = re.compile("|".join(re.escape(f"> <{one}> ") for one in sorted(predicates)).encode())
    with lines.open("rb") as file:
        yield from ox.parse(b"".join(line for line in file if wanted.search(line)), ox.RdfFormat.N_QUADS)


def _slug(draft: Draft, taken: Iterable[str]) -> str:
    first = draft.slug if is_slug(draft.slug) else "table"
    slug, number = first, 2
    while slug in taken:
        slug, number = f"{first}-{number}", number + 1
    return slug


def _at_home(problem: Problem, path: Path) -> Problem:
    """A problem of a row, at the file that was given; the mapping is not there yet."""
    place = problem.position
    at = Position(path.as_posix(), place.line if place is not None and place.path.endswith(path.name) else 1)
    return replace(problem, position=at, mapping=None)
