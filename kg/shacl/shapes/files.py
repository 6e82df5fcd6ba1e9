"""Shapes from files: parsed with their places, with imports that lie beside them, and checked as one graph."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pyoxigraph as ox

from kg.errors import Position, ShapesError, StorageError
from kg.rml.mapping.turtle_positions import Places
from kg.shacl.graph.terms import Term
from kg.shacl.shapes.model import Shapes
from kg.shacl.shapes.reading import read_shapes_of
from kg.shacl.shapes.statements import Statements

FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}
_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"
_ONTOLOGY: Final = "http://www.w3.org/2002/07/owl#Ontology"


@dataclass(frozen=True, slots=True)
class ShapesGraph:
    """The shapes of some files."""

    quads: tuple[ox.Quad, ...]
    shapes: Shapes
    unread: tuple[str, ...] = ()
    """What `owl:imports` names and is not among the files: its constraints do not act."""


def read_shapes(*paths: Path) -> ShapesGraph:
    """The shapes of files, and of every Turtle file that stands directly in a folder.

    `owl:imports` is followed to files beside or below the one that says it, and to the ontologies of the files that are
    read; nothing is ever fetched. What is not read is told in `unread`.

    :raises ShapesError: with everything that does not parse, is malformed, or would go unchecked
    :raises StorageError: if a file cannot be read
    """
    waiting = [file for path in paths for file in _files(path)]
    read: dict[Path, _Read] = {}
    while waiting:
        file = waiting.pop(0)
        if file.resolve() not in read:
            read[file.resolve()] = found = _read(file)
            waiting += [beside for iri in found.imports if (beside := _beside(iri, file)) is not None]
    quads = tuple(quad for found in read.values() for quad in found.quads)
    places = {key: place for found in reversed(read.values()) for key, place in found.places.items()}
    known = {file.as_uri() for file in read} | {iri for found in read.values() for iri in found.ontologies}
    unread = sorted({iri for found in read.values() for iri in found.imports} - known)
    name = " and ".join(str(path) for path in paths)
    return ShapesGraph(quads, read_shapes_of(Statements(quads, places.get), name), tuple(unread))


def shapes_graph(quads: Iterable[ox.Quad | ox.Triple]) -> ShapesGraph:
    """The shapes of statements that come from no file.

    :raises ShapesError: with everything that is malformed or would go unchecked
    """
    said = tuple(quad if isinstance(quad, ox.Quad) else ox.Quad(*quad) for quad in quads)
    return ShapesGraph(said, read_shapes_of(Statements(said)))


@dataclass(frozen=True, slots=True)
class _Read:
    quads: tuple[ox.Quad, ...]
    places: dict[tuple[Term, str | None], Position]
    imports: tuple[str, ...]
    ontologies: tuple[str, ...]


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


def _read(file: Path) -> _Read:
    form = FORMATS.get(Path(file.name.removesuffix(".gz")).suffix.lower())
    if form is None:
        raise ShapesError(f"not a shapes file: {file}", hint=f"its name should end in {', '.join(FORMATS)}")
    content, base = _content(file), file.resolve().as_uri()
    places = Places(content.decode("utf-8", "replace"), base) if form == ox.RdfFormat.TURTLE else None
    quads: list[ox.Quad] = []
    found: dict[tuple[Term, str | None], Position] = {}
    try:
        for quad in ox.parse(content, format=form, base_iri=base, rename_blank_nodes=True):
            quads.append(quad)
            line = places.line_of(quad.predicate, quad.object) if places else None
            if line is not None:
                place = Position(str(file), line)
                found.setdefault((quad.subject, quad.predicate.value), place)
                found.setdefault((quad.subject, None), place)
    except SyntaxError as error:
        raise ShapesError(f"{form.name} syntax: {error.msg}", position=Position(str(file), error.lineno or 1)) from None
    return _Read(tuple(quads), found, tuple(_named(quads, _IMPORTS)), tuple(_ontologies(quads)))


def _content(file: Path) -> bytes:
    try:
        content = file.read_bytes()
        return gzip.decompress(content) if file.suffix == ".gz" else content
    except FileNotFoundError:
        raise ShapesError(f"no such file: {file}") from None
    except (EOFError, gzip.BadGzipFile) as error:
        raise ShapesError(f"{file} is no whole gzip file: {error}") from None
    except OSError as error:
        raise StorageError(f"cannot read {file}: {error.strerror}") from None


def _named(quads: Iterable[ox.Quad], predicate: str) -> Iterator[str]:
    for quad in quads:
        if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode):
            yield quad.object.value


def _ontologies(quads: Iterable[ox.Quad]) -> Iterator[str]:
    for quad in quads:
        if quad.object == ox.NamedNode(_ONTOLOGY) and isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value
