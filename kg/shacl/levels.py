"""Which files of shapes prove a release, and on which of its two levels each of them is run.

Shapes of the claims see everything that is stated, in the union of all graphs. Shapes of the default graph see what was
derived from the claims that are admitted, and the ontology. The name of a file says which: `claims.ttl`,
`claims-….ttl` and `….claims.ttl` are run on the claims, `terms.ttl`, which follows from the vocabulary, on both levels,
and every other one on the default graph. A name that says "claim" in another way is refused, since nobody can tell what
was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kg.errors import Position, Problem, ShapesError
from kg.paths import SHAPES_FILE
from kg.rdf import read_rdf
from kg.shacl.own import remarks
from kg.shacl.shapes.files import ShapesGraph, read_shapes
from kg.shacl.shapes.model import SH, ShapeId

SUFFIX: Final = ".ttl"
_ELSEWHERE: Final = f"this file is run on the default graph; one that ends in .claims{SUFFIX} is run on the claims"
_IMPORT: Final = f"move it beside the file that imports it: every *{SUFFIX} there is read"
_CASES: Final = "cases"
# What people keep beside shapes to read; all else in their folder is meant to act, or lies there by mistake.
_DOCUMENTATION: Final = frozenset({".md", ".rst", ".html", ".pdf", ".png", ".svg"})
_DOCUMENTS: Final = frozenset({"readme", "license", "licence", "copying", "changelog", "notice"})
# What RDF tools name their files.
_LIKE_RDF: Final = frozenset(
    {
        ".ttl",
        ".turtle",
        ".nt",
        ".rdf",
        ".xml",
        ".owl",
        ".jsonld",
        ".trig",
        ".nq",
        ".n3",
        ".shacl",
        ".shex",
        ".shaclc",
        ".gz",
    }
)
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class ShapeFiles:
    """The files of shapes of a project, by level, each level in the order of names."""

    claims: tuple[Path, ...]
    default_graph: tuple[Path, ...]
    terms: tuple[Path, ...] = ()
    """Of both levels."""
    own: frozenset[Path] = frozenset()
    """Those that stand beside the packaged ones, and not in their place."""
    replaced: tuple[tuple[Path, Path], ...] = ()
    """Those of the project that take the place of a packaged one, each with it."""
    made: Mapping[Path, str] = field(default_factory=dict)
    """What is read in place of a packaged file, since it follows from the settings of the project."""

    def __iter__(self) -> Iterator[Path]:
        return iter((*self.claims, *self.default_graph, *self.terms))


@dataclass(frozen=True, slots=True)
class Levels:
    """The shapes that prove a release, by level."""

    claims: ShapesGraph
    default_graph: ShapesGraph
    terms: ShapesGraph
    own: frozenset[Path] = frozenset()
    lacking: tuple[str, ...] = ()
    """What is told of files that take the place of packaged ones and lack shapes of theirs."""

    def __iter__(self) -> Iterator[ShapesGraph]:
        return iter((self.claims, self.default_graph, self.terms))

    def remarks(self, coverage: Mapping[ShapeId, int]) -> Iterator[str]:
        """What a person is to be told of own shapes after a proof, and of imports that were not read."""
        for iri in sorted({iri for level in self for iri in level.unread}):
            yield f"owl:imports <{iri}> of the shapes is not read: what it demands is not checked"
        yield from self.lacking
        yield from remarks(self.claims, coverage, self.own)
        yield from remarks(self.default_graph, coverage, self.own, _ELSEWHERE)


def is_for_claims(name: str) -> bool:
    """Whether a file of this name is run on the claims.

    >>> [is_for_claims(name) for name in ("claims.ttl", "claims-own.ttl", "own.claims.ttl", "own.ttl", "claimsown.ttl")]
    [True, True, True, False, False]
    """
    stem = name.removesuffix(SUFFIX)
    return stem == "claims" or stem.startswith("claims-") or stem.endswith(".claims")


def is_ambiguous(name: str) -> bool:
    """Whether the name of a file speaks of claims, and not in the way that has it run on them.

    >>> [is_ambiguous(name) for name in ("Claims.ttl", "own-claims.ttl", "own.claims.ttl", "disclaims.ttl")]
    [True, True, False, False]
    """
    words = {word.casefold() for word in _WORD.findall(name.removesuffix(SUFFIX))}
    return not is_for_claims(name) and not words.isdisjoint({"claim", "claims"})


def shape_files(
    packaged: Iterable[Path],
    own: Path,
    name: Callable[[Path], str] = str,
    without: Collection[str] = (),
    made: Mapping[Path, str] = MappingProxyType({}),
) -> ShapeFiles:
    """The files of the folders of layers and those of a project, which take the place of all of their name.

    Errors call a file by its `name`. Files of layers `without` which the project is proved are left out. What is `made`
    for the project is read in place of a file of a layer.

    :raises ShapesError: with all that stands in the project's folder and would not be read, or on no level for sure
    """
    shipped = [path for folder in packaged for path in sorted(folder.glob(f"*{SUFFIX}")) if path.name not in without]
    here: list[Path] = []
    if own.is_dir():
        problems = [*_refused(own, name)]
        if problems:
            raise ShapesError(problems=problems)
        here = sorted(own.glob(f"[!.]*{SUFFIX}"))
    by_name = {path.name: path for path in here}
    kept = [path for path in shipped if path.name not in by_name]
    names = {path.name for path in shipped}
    files = sorted([*kept, *here], key=lambda path: path.name)
    return ShapeFiles(
        tuple(path for path in files if is_for_claims(path.name)),
        tuple(path for path in files if not is_for_claims(path.name) and path.name != SHAPES_FILE),
        tuple(path for path in files if path.name == SHAPES_FILE),
        own=frozenset(path for path in here if path.name not in names),
        replaced=tuple((by_name[path.name], path) for path in shipped if path.name in by_name),
        made={path: text for path, text in made.items() if path in kept},
    )


def _refused(own: Path, name: Callable[[Path], str]) -> Iterator[Problem]:
    for path in unread(own):
        what = f"{name(path)} is not read: shapes are the files {own.name}/*{SUFFIX}"
        yield Problem(ShapesError.code, what, hint="move it there in Turtle, or out of the folder")
    for path in sorted(own.glob(f"[!.]*{SUFFIX}")):
        if not path.is_file():
            yield Problem(ShapesError.code, f"{name(path)} is no file", hint="move it out of the folder")
        elif path.name == SHAPES_FILE:
            hint = "give a file of your own another name; a file that kg ontology wrote here is no longer needed"
            what = "this is the name of the shapes that follow from a vocabulary, which every build makes"
            yield Problem(ShapesError.code, what, Position(name(path), 1), hint=hint)
        elif is_ambiguous(path.name):
            hint = f"begin it with claims-, or end it in .claims{SUFFIX}; else leave the word out for the default graph"
            what = "the name of the file leaves open whether its shapes are of the claims"
            yield Problem(ShapesError.code, what, Position(name(path), 1), hint=hint)


def unread(folder: Path) -> Iterator[Path]:
    """The files in a folder of shapes, and below it, that nobody reads.

    Hidden files, documentation and the folder of cases are left alone.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if inside[0] == _CASES or any(part.startswith(".") for part in inside) or not path.is_file():
            continue
        is_document = path.suffix.lower() in _DOCUMENTATION or path.stem.casefold() in _DOCUMENTS
        if not is_document and (len(inside) > 1 or path.suffix != SUFFIX):
            yield path


def _lacking(files: ShapeFiles, name: Callable[[Path], str]) -> Iterator[str]:
    for path, packaged in files.replaced:
        if lost := len(_named(packaged) - _named(path)):
            yield f"{name(path)} takes the place of the file that came with zellige, and lacks {lost} of its shapes"


def _named(path: Path) -> set[str]:
    """The names of the shapes of a file; it need not make sense without others for that."""
    kinds = {SH + "NodeShape", SH + "PropertyShape"}
    return {str(quad.subject) for quad in read_rdf(path) if getattr(quad.object, "value", None) in kinds}


def is_like_rdf(path: Path) -> bool:
    """Whether a file may hold shapes, by its name.

    >>> [is_like_rdf(Path(name)) for name in ("a.rdf", "a.TTL", "a.ttl.bak", "a.csv")]
    [True, True, True, False]
    """
    return not {suffix.lower().rstrip("~") for suffix in path.suffixes}.isdisjoint(_LIKE_RDF)


def read_levels(files: ShapeFiles, name: Callable[[Path], str] = str, ontology: tuple[Path, ...] = ()) -> Levels:
    """The shapes of the claims and those of the default graph, as they may prove a release.

    An `ontology` of the project is part of the shapes graph of the default graph: a class that it declares and that is
    a shape has its members for targets (SHACL, section 2.1.3.3).

    :raises ShapesError: if they are malformed, call shapes of which nothing is said, or import a file that is no input
        of the release
    """
    levels = Levels(
        read_shapes(*files.claims, name=name, made=files.made),
        read_shapes(*files.default_graph, *ontology, name=name, made=files.made),
        read_shapes(*files.terms, name=name, made=files.made),
        files.own,
        tuple(_lacking(files, name)),
    )
    inputs = {path.resolve() for path in (*files, *ontology)}
    problems = [problem for level in levels for problem in level.dangling]
    problems += [
        Problem(ShapesError.code, f"owl:imports leads to {file.name}, which is no input of a release", hint=_IMPORT)
        for level in levels
        for file in level.files
        if file.path.resolve() not in inputs
    ]
    if problems:
        raise ShapesError(problems=problems)
    return levels
