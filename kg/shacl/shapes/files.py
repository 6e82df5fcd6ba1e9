"""Shapes from files: parsed with their places, with imports that lie beside them, and checked as one graph."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pyoxigraph as ox

from kg.errors import Position, Problem, ShapesError, StorageError
from kg.rdf import DAMAGED, PACKED
from kg.rml.mapping.turtle_positions import Places
from kg.shacl.graph.terms import Term
from kg.shacl.shapes.model import Shapes, Version
from kg.shacl.shapes.reading import read_shapes_of
from kg.shacl.shapes.references import dangling
from kg.shacl.shapes.statements import Place, Statements

FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}
_WITH_LINES: Final = (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES)
_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"
_VERSION: Final = "http://www.w3.org/2002/07/owl#versionIRI"
_ONTOLOGY: Final = "http://www.w3.org/2002/07/owl#Ontology"


@dataclass(frozen=True, slots=True)
class ShapesFile:
    """One file of shapes, as it was read."""

    path: Path
    name: str
    """What it is called in errors."""
    quads: tuple[ox.Quad, ...]
    places: Mapping[Place, Position]
    imports: tuple[str, ...] = ()
    ontologies: tuple[str, ...] = ()

    def place(self, node: Term, predicate: str | None = None, value: Term | None = None) -> Position:
        """The place where something is said, as well as it is known: only Turtle and N-Triples have lines."""
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


def read_shapes(*paths: Path, name: Callable[[Path], str] = str, version: Version = "1.0") -> ShapesGraph:
    """The shapes of files, and of every Turtle file that stands directly in a folder, in a version of SHACL.

    `owl:imports` is followed to files beside or below the one that says it, and to the ontologies of the files that are
    read; nothing is ever fetched. What is not read is told in `unread`. Errors call a file by its `name`.

    :raises ShapesError: with everything that does not parse, is malformed, or would go unchecked
    :raises StorageError: if a file cannot be read
    """
    waiting = [file for path in paths for file in _files(path)]
    read: dict[Path, ShapesFile] = {}
    while waiting:
        file = waiting.pop(0)
        if file.resolve() not in read:
            read[file.resolve()] = found = _read(file, name(file))
            waiting += [beside for iri in found.imports if (beside := _beside(iri, file)) is not None]
    quads = tuple(quad for found in read.values() for quad in found.quads)
    places = {key: place for found in reversed(read.values()) for key, place in found.places.items()}
    known = {file.as_uri() for file in read} | {iri for found in read.values() for iri in found.ontologies}
    unread = sorted({iri for found in read.values() for iri in found.imports} - known)
    statements = Statements(quads, places.get, version)
    shapes = read_shapes_of(statements, " and ".join(map(name, paths)))
    return ShapesGraph(quads, shapes, tuple(unread), tuple(read.values()), dangling(statements))


def shapes_graph(quads: Iterable[ox.Quad | ox.Triple], version: Version = "1.0") -> ShapesGraph:
    """The shapes of statements that come from no file, in a version of SHACL.

    :raises ShapesError: with everything that is malformed or would go unchecked
    """
    said = tuple(quad if isinstance(quad, ox.Quad) else ox.Quad(*quad) for quad in quads)
    statements = Statements(said, version=version)
    return ShapesGraph(said, read_shapes_of(statements), dangling=dangling(statements))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.ttl"))
    if not files:
        raise ShapesError(f"no shapes (*.ttl) in the folder {path}")
    return files


def _beside(iri: str, file: Path) -> Path | None:
    """The file that an import names, if it lies beside or below the one that says so."""
    parts = urlsplit(iri)
    if parts.scheme != "file" or parts.netloc:
        return None
    path = Path(url2pathname(unquote(parts.path)))
    return path if path.resolve().is_relative_to(file.resolve().parent) and path.is_file() else None


def _read(file: Path, name: str) -> ShapesFile:
    form = FORMATS.get(Path(file.name.removesuffix(".gz")).suffix.lower())
    if form is None:
        raise ShapesError(f"not a shapes file: {name}", hint=f"its name should end in {', '.join(FORMATS)}")
    content, base = _content(file, name), file.resolve().as_uri()
    lines = Places(content.decode("utf-8", "replace"), base) if form in _WITH_LINES else None
    quads: list[ox.Quad] = []
    places: dict[Place, Position] = {}
    try:
        for quad in ox.parse(content, format=form, base_iri=base, rename_blank_nodes=True):
            quads.append(quad)
            line = lines.line_of(quad.predicate, quad.object) if lines else None
            if line is not None:
                for key in ((quad.predicate.value, quad.object), (quad.predicate.value, None), (None, None)):
                    places.setdefault((quad.subject, *key), Position(name, line))
    except SyntaxError as error:
        raise ShapesError(f"{form.name} syntax: {error.msg}", position=Position(name, error.lineno or 1)) from None
    return ShapesFile(file, name, tuple(quads), places, tuple(_named(quads, _IMPORTS)), tuple(_ontologies(quads)))


def _content(file: Path, name: str) -> bytes:
    try:
        content = file.read_bytes()
        return gzip.decompress(content) if file.suffix == PACKED else content
    except FileNotFoundError:
        raise ShapesError(f"no such file: {name}") from None
    except DAMAGED as error:
        raise ShapesError(f"{name} is no whole gzip file: {error}") from None
    except OSError as error:
        raise StorageError(f"cannot read {name}: {error.strerror}") from None


def _named(quads: Iterable[ox.Quad], predicate: str) -> Iterator[str]:
    for quad in quads:
        if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode):
            yield quad.object.value


def _ontologies(quads: Iterable[ox.Quad]) -> Iterator[str]:
    """The names that a file may be imported by: those of its ontologies, and of the versions that they are."""
    yield from _named(quads, _VERSION)
    for quad in quads:
        if quad.object == ox.NamedNode(_ONTOLOGY) and isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value
