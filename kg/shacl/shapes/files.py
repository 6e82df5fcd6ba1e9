"""Shapes from files: parsed with their places, with imports that lie beside them, and checked as one graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from kg.errors import DataError, Position, Problem, ShapesError, StorageError, UsageError
from kg.rdf import STDIN, RdfFile, bare, named
from kg.shacl.graph.terms import Term
from kg.shacl.shapes.model import Shapes, Version
from kg.shacl.shapes.places import lines_of
from kg.shacl.shapes.reading import read_shapes_of
from kg.shacl.shapes.references import dangling
from kg.shacl.shapes.statements import Place, Statements

_SUFFIXES: Final = ("ttl", "nt", "rdf", "jsonld", "trig", "nq")
_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"
_VERSION: Final = "http://www.w3.org/2002/07/owl#versionIRI"
_ONTOLOGY: Final = "http://www.w3.org/2002/07/owl#Ontology"
_KEPT: Final = 1 << 18
"""Bytes of a file that is read once as long as it stays the same; larger ones would only take memory."""


@dataclass(frozen=True, eq=False)
class ShapesFile:
    """One file of shapes, as it was read."""

    path: Path
    name: str
    """What it is called in errors."""
    quads: tuple[ox.Quad, ...]
    content: bytes
    syntax: ox.RdfFormat
    base: str
    """What its relative IRIs are resolved against."""
    imports: tuple[str, ...] = ()
    ontologies: tuple[str, ...] = ()
    """The addresses that it answers to: its own, and those of the ontologies that it declares."""

    @cached_property
    def places(self) -> Mapping[Place, Position]:
        """Where things are said in it: looked for when first somebody asks, which costs as much as to read it."""
        found: dict[Place, Position] = {}
        for key, line in lines_of(self.content, self.syntax, self.base, self.quads):
            found.setdefault(key, Position(self.name, line))
        return found

    def place(self, node: Term, predicate: str | None = None, value: Term | None = None) -> Position:
        """The place where something is said, as well as it is known: JSON-LD has no lines."""
        return self.places.get((node, predicate, value)) or Position(self.name, 1)


@dataclass(frozen=True, slots=True)
class ShapesGraph:
    """The shapes of some files."""

    quads: tuple[ox.Quad, ...]
    shapes: Shapes
    unread: tuple[str, ...] = ()
    """What `owl:imports` names and is not among the files: its constraints do not act."""
    files: tuple[ShapesFile, ...] = ()
    """The files that were read, those that others import among them."""
    dangling: tuple[Problem, ...] = ()
    """Shapes that are called and of which nothing is said: they accept everything."""


def read_shapes(  # noqa: PLR0913 -- each is a choice of its own, by name
    *paths: Path,
    name: Callable[[Path], str] = str,
    catalogue: Mapping[str, Path] = MappingProxyType({}),
    stdin: ox.RdfFormat = ox.RdfFormat.TURTLE,
    also: Iterable[str] = (),
    lenient: bool = False,
    version: Version = "1.0",
    made: Mapping[Path, str] = MappingProxyType({}),
) -> ShapesGraph:
    """The shapes of files, and of every Turtle file that stands directly in a folder; `-` is standard input.

    `owl:imports` is followed to the files of a `catalogue` of IRIs, to files beside or below the one that says it, and
    to the ontologies of the files that are read; nothing is ever fetched. What is not read is told in `unread`. Errors
    call a file by its `name`. IRIs that somebody else names, as data do by `sh:shapesGraph`, are imported `also`. With
    `lenient`, shapes that are ill-formed are left out (`Shapes.left_out`). They are read as a `version` of SHACL says.
    What is `made` for a file is read in place of what it holds.

    :raises ShapesError: with everything that does not parse, is malformed, or would go unchecked
    :raises StorageError: if a file cannot be read
    """
    waiting = [RdfFile(file, _syntax(file, name(file), stdin)) for path in paths for file in _files(path)]
    waiting += _imported(also, Path(), catalogue, name)
    read: dict[Path, ShapesFile] = {}
    while waiting:
        file = waiting.pop(0)
        key = file.path if file.path == STDIN else file.path.resolve()
        if key not in read:
            content = made[file.path].encode() if file.path in made else _content(file, name(file.path))
            read[key] = found = _read(file, name(file.path), content)
            waiting += _imported(found.imports, found.path, catalogue, name)
    files = tuple(read.values())
    whole = _whole if all(len(file.content) <= _KEPT for file in files) else _whole.__wrapped__
    return whole(files, " and ".join(map(name, paths)), version, lenient=lenient)


@lru_cache(8)
def _whole(files: tuple[ShapesFile, ...], name: str, version: Version, *, lenient: bool) -> ShapesGraph:
    """The shapes of files that were read: those of the same are read once, by who builds again and again."""
    quads = tuple(quad for file in files for quad in file.quads)
    known = {without_mark(iri) for file in files for iri in file.ontologies}
    unread = sorted(iri for iri in {i for f in files for i in f.imports} if without_mark(iri) not in known)
    owners = {quad.subject: file.name for file in reversed(files) for quad in file.quads}

    def where(place: Place) -> Position | None:
        return next((found for file in files if (found := file.places.get(place)) is not None), None)

    statements = Statements(quads, where, owners.get, version)  # type: ignore[arg-type]
    shapes = read_shapes_of(statements, name, lenient=lenient)
    return ShapesGraph(quads, shapes, tuple(unread), files, dangling(statements))


def shapes_graph(quads: Iterable[ox.Quad | ox.Triple], version: Version = "1.0") -> ShapesGraph:
    """The shapes of statements that come from no file, in a version of SHACL.

    :raises ShapesError: with everything that is malformed or would go unchecked
    """
    said = tuple(quad if isinstance(quad, ox.Quad) else ox.Quad(*quad) for quad in quads)
    statements = Statements(said, version=version)
    return ShapesGraph(said, read_shapes_of(statements), dangling=dangling(statements))


def without_mark(iri: str) -> str:
    """The address of a document, which ontologies are named by with a `#` after it and without.

    >>> without_mark("http://www.w3.org/ns/org#")
    'http://www.w3.org/ns/org'
    """
    return iri.removesuffix("#")


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    try:
        files = sorted(file for file in path.iterdir() if file.match("*.ttl"))
    except OSError as error:
        raise StorageError(f"cannot read the folder {path}: {error.strerror}") from None
    if not files:
        raise ShapesError(f"no shapes (*.ttl) in the folder {path}")
    return files


def _syntax(file: Path, name: str, stdin: ox.RdfFormat) -> ox.RdfFormat:
    form = stdin if file == STDIN else named(bare(file).suffix)
    if form is None or form == ox.RdfFormat.N3:
        raise ShapesError(f"not a shapes file: {name}", hint=f"its name should end in .{', .'.join(_SUFFIXES)}")
    return form


def _imported(
    iris: Iterable[str], by: Path, catalogue: Mapping[str, Path], name: Callable[[Path], str]
) -> Iterator[RdfFile]:
    for iri in iris:
        listed = catalogue.get(without_mark(iri))
        found = listed or _beside(iri, by)
        if found is not None:
            syntax = _syntax(found, name(found), ox.RdfFormat.TURTLE)
            yield RdfFile(found, syntax, without_mark(iri) if listed else None)


def _beside(iri: str, file: Path) -> Path | None:
    """The file that an import names, if it lies beside or below the one that says so."""
    parts = urlsplit(iri)
    if parts.scheme != "file" or parts.netloc or file == STDIN:
        return None
    from urllib.request import url2pathname  # few shapes import others, and it brings a client of HTTP

    path = Path(url2pathname(unquote(parts.path)))
    return path if path.resolve().is_relative_to(file.resolve().parent) and path.is_file() else None


def _read(file: RdfFile, name: str, content: bytes) -> ShapesFile:
    own = [iri for iri in (file.base, file.path.resolve().as_uri() if file.path != STDIN else None) if iri]
    read = _parsed if len(content) <= _KEPT else _parsed.__wrapped__
    return read(file, name, content, file.address or "", tuple(own))


@lru_cache(32)
def _parsed(file: RdfFile, name: str, content: bytes, base: str, own: tuple[str, ...]) -> ShapesFile:
    try:
        quads = tuple(ox.parse(content, format=file.syntax, base_iri=base or None, rename_blank_nodes=True))
    except SyntaxError as error:
        position = Position(name, error.lineno or 1)
        raise ShapesError(f"{file.syntax.name} syntax: {error.msg}", position=position) from None
    imports, ontologies = tuple(_values(quads, _IMPORTS)), (*own, *_ontologies(quads))
    return ShapesFile(file.path, name, quads, content, file.syntax, base, imports, ontologies)


def _content(file: RdfFile, name: str) -> bytes:
    try:
        with file.opened() as content:
            return content.read()
    except (UsageError, DataError) as error:
        said = error.problems[0]
        raise ShapesError(said.message.replace(file.shown, name), position=said.position, hint=said.hint) from None


def _values(quads: Iterable[ox.Quad], predicate: str) -> Iterator[str]:
    for quad in quads:
        if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode):
            yield quad.object.value


def _ontologies(quads: Iterable[ox.Quad]) -> Iterator[str]:
    """The names that a file may be imported by: those of its ontologies, and of the versions that they are."""
    yield from _values(quads, _VERSION)
    for quad in quads:
        if quad.object == ox.NamedNode(_ONTOLOGY) and isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value
