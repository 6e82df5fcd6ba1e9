"""RDF files of any syntax -> quads, for what is small enough to be held."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg.errors import UsageError
from kg.rdf.files import RdfFile, syntax_of
from kg.rdf.lines import unreadable


def read_rdf(path: Path, name: str | None = None, graph: str | None = None, *, apart: bool = False) -> list[ox.Quad]:
    """The statements of one file, its syntax told by its suffix; relative IRIs are resolved against the file.

    With `graph`, the statements of the default graph are put into that graph. With `apart`, its blank nodes are none of
    another file's, whatever their labels. A file that is packed is unpacked.

    :raises UsageError: if the file is absent or its suffix is not one of `SUFFIXES`
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it does not parse; or if it is packed and damaged
    """
    file = RdfFile(path, syntax_of(path))
    shown = name or file.shown
    try:
        with file.opened() as content:
            quads = list(ox.parse(content, file.syntax, base_iri=file.address, rename_blank_nodes=apart))
    except SyntaxError as error:
        raise unreadable(error, shown, file.syntax) from None
    if graph is None:
        return quads
    target = ox.NamedNode(graph)
    return [ox.Quad(q.subject, q.predicate, q.object, target) for q in quads]


def read_folder(folder: Path, graph: str | None = None) -> list[ox.Quad]:
    """The statements of every Turtle file in a folder and below it, in the order of their names.

    :raises UsageError: if there is no such folder, or no Turtle file in it
    """
    files = sorted(folder.rglob("*.ttl")) if folder.is_dir() else []
    if not files:
        raise UsageError(f"no Turtle files in {folder}", hint="check the [paths] of kg.toml")
    return [quad for path in files for quad in read_rdf(path, path.relative_to(folder.parent).as_posix(), graph)]
