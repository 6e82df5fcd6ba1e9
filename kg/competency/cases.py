"""Cases of a project's own shapes: what must conform, and what must not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.competency.findings import Trial
from kg.config import Config
from kg.errors import DataError, KgError, Position, Problem, UsageError
from kg.inputs import shape_files
from kg.ontology.own import layer_quads, own_quads, vocabulary_of
from kg.rdf import read_rdf
from kg.rdfdata import ontology_files
from kg.shacl import Columns, Levels, Result, ShapesGraph, read_levels, validate
from kg.vocabulary import layers_of

_CODE: Final = "case"
_CASES: Final = "cases"
_EXPECT: Final = "# expect:"
_ENDING: Final = "ConstraintComponent"
_KINDS: Final = ("valid", "invalid")
_ANY: Final = "*"
Expected = tuple[str, str, str]
"""Focus node, shape and component."""


class Cases:
    """The cases below a folder of shapes, `cases/valid` and `cases/invalid`, and the shapes that judge them.

    They stand in the project's folder of shapes, and in those of layers that lie in the project.
    """

    def __init__(self, config: Config) -> None:
        """Find the cases, and read the shapes if there are any.

        :raises UsageError: if a file stands where no case is read
        :raises ShapesError: if the shapes are malformed
        """
        self._config = config
        folders = [config.root / config.paths.shapes, *_own_layers(config)]
        problems = [Problem(_CODE, *told) for folder in folders for told in _lost(folder / _CASES, config)]
        if problems:
            raise UsageError(problems=problems)
        found = (folder / _CASES / kind for folder in folders for kind in _KINDS)
        self._files = [path for folder in found for path in sorted(folder.glob("*.ttl"))]
        self._judge = _Judge(config, folders) if self._files else None

    def __len__(self) -> int:
        """How many there are."""
        return len(self._files)

    def judge(self) -> Iterator[Trial]:
        """Judge each."""
        for path in self._files:
            yield self._judged(path)

    def _judged(self, path: Path) -> Trial:
        assert self._judge is not None
        name, kind = self._config.name_of(path), path.parent.name
        place, called = Position(name, 1), f"{kind}/{path.stem}"
        try:
            text = path.read_text(encoding="utf-8")
            quads = read_rdf(path, name)
            wanted = list(_expected(text, name))
        except UnicodeDecodeError as error:
            problem = Problem(_CODE, f"is not UTF-8: byte {error.start}", place, hint="save it as UTF-8")
            return Trial("case", called, place, "cannot be read", (problem,))
        except KgError as error:
            return Trial("case", called, place, "cannot be read", error.problems)
        if kind == "valid" and wanted:
            problem = Problem(_CODE, "a valid case expects results", wanted[0][1], hint="move it to cases/invalid")
            return Trial("case", called, place, "results of a valid case", (problem,))
        results = self._judge.results(quads, path.stem)
        problems = tuple(self._compared(results, wanted, kind, place))
        told = f"{len(results)} result{'' if len(results) == 1 else 's'}"
        return Trial("case", called, place, f"{told}, as expected" if not problems else told, problems)

    def _compared(
        self, results: Sequence[Result], wanted: Sequence[tuple[Expected, Position]], kind: str, place: Position
    ) -> Iterator[Problem]:
        if kind == "invalid" and not wanted:
            if not results:
                yield Problem(_CODE, "conforms, and should not", place, hint="no own shape refuses what it states")
            return
        base = self._config.project.base
        left = Counter(self._named(result) for result in results)
        for expected, where in wanted:
            found = next((key for key in left if left[key] and _fits(expected, key)), None)
            if found is None:
                yield Problem(_CODE, f"expected, and not found: {' '.join(expected)}", where)
            else:
                left[found] -= 1
        for result in results:
            key = self._named(result)
            if left[key]:
                left[key] -= 1
                hint = f"if it is right, state it: {_EXPECT} {' '.join(key)}" if kind == "invalid" else None
                said = f"found, and not expected: {' '.join(key)}: {result.message('en')}"
                yield Problem(_CODE, said.replace(base, ""), place, hint=hint)

    def _named(self, result: Result) -> Expected:
        base = self._config.project.base
        shape = result.shape or _ANY
        named = _ANY if shape.startswith("_:") else shape.removeprefix(f"{base}shape/")
        component = result.component.rpartition("#")[2].removesuffix(_ENDING)
        return result.focus.removeprefix(base), named, component


def _own_layers(config: Config) -> Iterator[Path]:
    """The folders of shapes of the layers that lie in the project."""
    for layer in layers_of(config.locate("ontology"), config.vocabulary.extends):
        if layer.folder.is_relative_to(config.root / config.paths.ontology):
            yield layer.shapes


def _fits(expected: Expected, key: Expected) -> bool:
    return all(one in {other, _ANY} for one, other in zip(expected, key, strict=True))


def _lost(folder: Path, config: Config) -> Iterator[tuple[str, Position]]:
    """Files below the folder of cases that would not be read."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        inside = path.relative_to(folder).parts
        if path.is_dir() or any(part.startswith((".", "README")) for part in inside):
            continue
        if len(inside) != len(_KINDS) or inside[0] not in _KINDS or path.suffix != ".ttl":
            yield "is no case: they are cases/valid/*.ttl and cases/invalid/*.ttl", Position(config.name_of(path), 1)


def _expected(text: str, name: str) -> Iterator[tuple[Expected, Position]]:
    """The lines `# expect: FOCUS SHAPE COMPONENT`.

    :raises DataError: if one has not three parts
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(_EXPECT):
            parts = line.removeprefix(_EXPECT).split()
            if len(parts) != len(("focus", "shape", "component")):
                hint = f"{_EXPECT} FOCUS SHAPE COMPONENT, as in {_EXPECT} id/quay Quantity-not-negative MinInclusive"
                raise DataError(f"{len(parts)} parts in place of three", position=Position(name, number), hint=hint)
            yield (parts[0], parts[1], parts[2].removesuffix(_ENDING)), Position(name, number)


class _Judge:
    """The shapes of a project, of which the results of its own count."""

    def __init__(self, config: Config, folders: Collection[Path]) -> None:
        vocabulary = vocabulary_of(config)
        files = shape_files(config, vocabulary)
        ontology = [one.file.path for one in ontology_files(config)]
        self._levels: Levels = read_levels(files, config.name_of, tuple(ontology))
        own_files = {path for path in files if path.parent in folders}
        self._packaged = {
            str(quad.subject)[1:-1]
            for level in self._levels
            for file in level.files
            if file.path not in own_files
            for quad in file.quads
        }
        own_terms = [quad for path in ontology for quad in read_rdf(path, config.name_of(path))]
        own_terms += own_quads(vocabulary, config, f"{config.project.base}graph/ontology")
        self._ontology = [*layer_quads(vocabulary), *own_terms]
        self._alone: dict[int, frozenset[tuple[str | None, ...]]] = {}

    def results(self, quads: Sequence[ox.Quad], name: str) -> list[Result]:
        """What own shapes find in statements beside the vocabulary.

        A case that is named for a shape is judged on the level of its file, every other one on both.
        """
        levels = (self._levels.claims, self._levels.default_graph)
        meant = [number for number, level in enumerate(levels) if _has(level, name.partition("-")[0])]
        found: dict[tuple[str | None, ...], Result] = {}
        for number in meant or range(len(levels)):
            report = validate(Columns.from_quads([*self._ontology, *quads]), levels[number])
            for result in report.results:
                if result.shape not in self._packaged and _key(result) not in self._of_vocabulary(number, levels):
                    found.setdefault(_key(result), result)
        return list(found.values())

    def _of_vocabulary(self, number: int, levels: Sequence[ShapesGraph]) -> frozenset[tuple[str | None, ...]]:
        """What the vocabulary alone makes them find."""
        if number not in self._alone:
            report = validate(Columns.from_quads(self._ontology), levels[number])
            self._alone[number] = frozenset(map(_key, report.results))
        return self._alone[number]


def _key(result: Result) -> tuple[str | None, ...]:
    return result.focus, result.path, result.value, result.component, result.shape


def _has(level: ShapesGraph, name: str) -> bool:
    return any(iri.endswith((f"/{name}", f"#{name}")) for iri in level.shapes.by_id)
