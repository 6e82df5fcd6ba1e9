"""What is validated, and what of it was left unread."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import UsageError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.shacl import Report, ShapesGraph

SYNTAXES: Final = ("ttl", "nt", "nq", "trig", "rdf", "jsonld")
_SHOWN: Final = 5
_STDIN: Final = Path("-")
_ONTOLOGY: Final = "http://www.w3.org/2002/07/owl#Ontology"
_REFERENCES: Final = (
    ("http://www.w3.org/2002/07/owl#imports", "owl:imports", "--ontology"),
    ("http://www.w3.org/ns/shacl#shapesGraph", "sh:shapesGraph", "--shapes"),
)


def data_files(path: Path) -> Iterator[Path]:
    """The RDF files of a path; standard input is one by itself."""
    from kg.rdf import rdf_files

    return iter((path,)) if path == _STDIN else rdf_files(path)


def read_data(file: Path, data_format: str) -> list[ox.Quad]:
    """The statements of a file, or of standard input in the syntax that is named.

    :raises UsageError: if a file is absent, or its name tells no syntax
    :raises DataError: with file and line, if it does not parse
    """
    from pyoxigraph import RdfFormat

    from kg.rdf import parse_rdf, read_rdf

    if file != _STDIN:
        return read_rdf(file, apart=True)
    syntax = RdfFormat.from_extension(data_format)
    if syntax is None:
        raise UsageError(f"no syntax {data_format!r}")
    return parse_rdf(sys.stdin.buffer.read(), syntax, "standard input", apart=True)


def unread_shapes(paths: tuple[Path, ...], graph: ShapesGraph) -> Iterator[str]:
    """What was named, or lies in a folder that was, and did not act; and names of shapes that lead to nothing."""
    from kg import shacl

    for iri in graph.unread:
        yield f"owl:imports <{iri}> is not read: what it demands is not checked (name it with --shapes)"
    read = {file.path.resolve() for file in graph.files}
    for path in paths:
        beside = (file for file in shacl.unread(path) if shacl.is_like_rdf(file)) if path.is_dir() else ()
        for file in beside:
            if file.resolve() not in read:
                yield f"{file} is not read: of a folder of shapes the files *.ttl are (name it with --shapes)"
    yield from map(str, graph.dangling)


def unread_data(quads: list[ox.Quad], files: list[Path], graph: ShapesGraph) -> Iterator[str]:
    """What the data, or the ontology of their classes, refer to and is not among the files."""
    known = {file.resolve().as_uri() for file in (*files, *(file.path for file in graph.files)) if file != _STDIN}
    known |= {iri for file in graph.files for iri in file.ontologies}
    named: dict[str, set[str]] = {predicate: set() for predicate, _, _ in _REFERENCES}
    for quad in quads:
        predicate, value = quad.predicate.value, getattr(quad.object, "value", "")
        if predicate in named:
            named[predicate].add(value)
        elif value == _ONTOLOGY:
            known.add(getattr(quad.subject, "value", ""))
    for predicate, name, option in _REFERENCES:
        missing = sorted(named[predicate] - known)
        for iri in missing[:_SHOWN]:
            yield f"{name} <{iri}> of the data is not read (name it with {option})"
        if missing[_SHOWN:]:
            yield f"{name}: {len(missing) - _SHOWN} more are not read"


def unchecked(report: Report, graph: ShapesGraph) -> Iterator[str]:
    """What was not checked for want of a focus node."""
    if not report.focus_nodes:
        why = "no node of the data is a target of a shape; classes of the data may need --ontology"
        if not report.coverage:
            why = "no shape has a target" if graph.shapes.by_id else "there is no shape in what --shapes names"
        yield f"0 focus nodes: nothing was checked ({why})"
    elif report.unreached:
        named = [name for name in report.unreached if not name.startswith("_:")]
        more = len(report.unreached) - len(named[:_SHOWN])
        shown = ", ".join([*named[:_SHOWN], *([f"{more} more"] if more else [])])
        yield f"shapes without a focus node: {shown}"
