"""Where the files of targets may lie: at or below one folder that whoever runs the mapping names."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final

from kg.errors import DataError, MappingError, Problem
from kg.rml.mapping.access import Access
from kg.rml.mapping.model import Plan, Target, Template
from kg.rml.targets.reading import targets_of

MOST: Final = 200
"""Targets of a mapping."""
MOST_NAMED: Final = 10_000
"""Files of targets whose names follow from rows."""
_NEVER: Final = ("kg.toml",)


def targets_in(plan: Plan) -> tuple[Target, ...]:
    """The targets of a plan, each once, in the order of the mapping."""
    found: dict[Target, None] = {}
    for triples_map in plan.maps:
        for made in triples_map.terms():
            found.update(dict.fromkeys(targets_of(made)))
    return tuple(found)


def refuse_targets(plan: Plan, why: str, hint: str) -> None:
    """Say that targets are not written here.

    :raises MappingError: if the plan has any
    """
    targets = targets_in(plan)
    if targets:
        said = [f"'{target.name}' is not written: {why}" for target in targets]
        raise MappingError(problems=[_problem(t, text, hint) for t, text in zip(targets, said, strict=True)])


def places_of(plan: Plan, access: Access) -> Mapping[Target, Path]:
    """The file of each target that has one for all rows.

    :param access: where files may lie; without a folder, none is written
    :raises MappingError: with every target that may not be written
    """
    targets, folder = targets_in(plan), access.targets
    if not targets:
        return {}
    if len(targets) > MOST:
        raise MappingError(f"more than {MOST} targets", position=targets[MOST].position, hint="they are open at once")
    if folder is None:
        refuse_targets(plan, "nobody said where files may lie", "--targets FOLDER; they are written at or below it")
    assert folder is not None
    read = _read(plan, access)
    found = {target: _looked_at(plan, _with_a_name(target), folder, read) for target in targets}
    problems = [made for made in found.values() if isinstance(made, Problem)]
    found = {target: made for target, made in found.items() if target.expression is None}
    places = {target: made for target, made in found.items() if isinstance(made, Path)}
    problems += _shared(places)
    if problems:
        raise MappingError(problems=problems)
    return places


class NamedPlaces:
    """The files that rows name, as they are met, beside those that the mapping names itself."""

    def __init__(self, plan: Plan, access: Access, fixed: Mapping[Target, Path]) -> None:
        self._plan, self._folder, self._read = plan, access.targets, _read(plan, access)
        self._taken = set(fixed.values())
        self._above = {parent for path in self._taken for parent in path.parents}
        self._count = 0

    def take(self, target: Target) -> Path:
        """The file of a target with a name that rows gave it.

        :raises DataError: if it may not be written, or another target has it
        """
        assert self._folder is not None, "without a folder no mapping with targets runs"
        self._count += 1
        made = _looked_at(self._plan, target, self._folder, self._read)
        if self._count > MOST_NAMED:
            hint = "let the name follow from something that fewer rows differ in"
            made = _problem(target, f"rows name more than {MOST_NAMED:,} files", hint)
        elif not isinstance(made, Problem) and made in self._taken:
            made = _problem(target, f"two targets write '{target.name}'", "give each its own files")
        elif not isinstance(made, Problem) and (made in self._above or not self._taken.isdisjoint(made.parents)):
            made = _problem(target, f"'{target.name}' is a file for one row and a folder for another")
        if isinstance(made, Problem):
            raise DataError(problems=[replace(made, code=DataError.code)])
        self._taken.add(made)
        self._above.update(made.parents)
        return made


def _with_a_name(target: Target) -> Target:
    """A target as a row may name it, to see where such files lie."""
    if target.expression is None:
        return target
    parts = target.expression.parts if isinstance(target.expression, Template) else ()
    return replace(target, name="".join(part if isinstance(part, str) else "x" for part in parts) or "x")


def _read(plan: Plan, access: Access) -> frozenset[Path]:
    """What no target may take the place of."""
    kept = {plan.path, *(one.source.path for one in plan.maps), *([access.output] if access.output else [])}
    return frozenset(Path(os.path.realpath(path)) for path in kept)


def _problem(target: Target, message: str, hint: str | None = None) -> Problem:
    return Problem(MappingError.code, message, target.position, hint=hint)


def _shared(places: Mapping[Target, Path]) -> Iterator[Problem]:
    """Files that two targets would write in different ways, or within one another."""
    taken: dict[Path, Target] = {}
    for target, path in places.items():
        if path in taken:
            yield _problem(target, f"two targets write '{target.name}' in different ways", "give each its own file")
        taken.setdefault(path, target)
    for target, path in places.items():
        if any(parent in taken for parent in path.parents):
            yield _problem(target, f"'{target.name}' lies below the file of another target")


def _looked_at(plan: Plan, target: Target, folder: Path, kept: Collection[Path]) -> Path | Problem:
    try:
        made = _placed(plan, target, folder)
        if not isinstance(made, Problem) and (made in kept or made.name in _NEVER):
            return _problem(target, f"'{target.name}' would take the place of another file", "give it another name")
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        return _problem(target, f"'{target.name[:100]}' cannot be written: {error.strerror}")
    return made


def _placed(plan: Plan, target: Target, folder: Path) -> Path | Problem:
    name = target.name
    if "\0" in name or "://" in name or name.endswith("/") or not name.strip():
        return _problem(target, f"{name!r} is no path of a file")
    parts = [part for part in PurePath(name).parts if part != "."]
    if ".." in parts:
        return _problem(target, f"'{name}' leads upwards", "a target names a file at or below a folder, without ..")
    root = Path(os.path.realpath(folder))
    start = Path(os.path.realpath(plan.path)).parent if target.is_beside else root
    path = start.joinpath(*parts)
    if not path.is_relative_to(root) or path == root:
        return _problem(target, f"'{name}' lies outside of {folder}", "--targets names the folder of all targets")
    within = path.relative_to(root).parts
    if any(part.startswith(".") for part in within):
        return _problem(target, f"'{name}' is hidden", "give it a name without a dot at its beginning")
    return _writable(target, path, (root.joinpath(*within[:n]) for n in range(1, len(within) + 1)))


def _writable(target: Target, path: Path, steps: Iterable[Path]) -> Path | Problem:
    """A path to which no link leads, and at which nothing lies but a file."""
    for step in steps:
        if step.is_symlink():
            return _problem(target, f"'{target.name}' leads through a symbolic link", "targets are plain files")
        if step != path and step.exists() and not step.is_dir():
            return _problem(target, f"'{target.name}' lies below a file")
    if path.exists() and not path.is_file():
        return _problem(target, f"there is something at '{target.name}' that is no file")
    return path
