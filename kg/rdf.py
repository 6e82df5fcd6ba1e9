"""RDF files of any syntax -> quads, with the file and line of a fault."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, Position, StorageError, UsageError

SUFFIXES = ("ttl", "nt", "nq", "trig", "rdf", "xml", "jsonld", "n3")


def read_rdf(path: Path, name: str | None = None, graph: str | None = None) -> list[ox.Quad]:
    """The statements of one file, its syntax told by its suffix; relative IRIs are resolved against the file.

    With `graph`, the statements of the default graph are put into that graph.

    :raises UsageError: if the file is absent or its suffix is not one of `SUFFIXES`
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it does not parse
    """
    shown = name or path.as_posix()
    syntax = syntax_of(path)
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"no such file: {shown}") from None
    except OSError as error:
        raise StorageError(f"cannot read {shown}: {error.strerror}") from None
    try:
        quads = list(ox.parse(content, syntax, base_iri=path.resolve().as_uri()))
    except SyntaxError as error:
        raise unreadable(error, shown, syntax) from None
    if graph is None:
        return quads
    target = ox.NamedNode(graph)
    return [ox.Quad(q.subject, q.predicate, q.object, target) for q in quads]


def syntax_of(path: Path) -> ox.RdfFormat:
    """The syntax of an RDF file, told by its suffix.

    :raises UsageError: if the suffix is not one of `SUFFIXES`

    >>> syntax_of(Path("a.ttl")).name
    'Turtle'
    """
    suffix = path.suffix.removeprefix(".").lower()
    syntax = ox.RdfFormat.from_extension("rdf" if suffix == "xml" else suffix)
    if syntax is None:
        raise UsageError(f"{path.as_posix()} is no RDF file by its name", hint=f"name it .{', .'.join(SUFFIXES)}")
    return syntax


def unreadable(error: SyntaxError, shown: str, syntax: ox.RdfFormat) -> DataError:
    """The error for a file that does not parse, at its line."""
    return DataError(f"not {syntax.name}: {error.msg}", position=Position(shown, error.lineno or 1, error.offset))


def read_folder(folder: Path, graph: str | None = None) -> list[ox.Quad]:
    """The statements of every Turtle file in a folder and below it, in the order of their names.

    :raises UsageError: if there is no such folder, or no Turtle file in it
    """
    files = sorted(folder.rglob("*.ttl")) if folder.is_dir() else []
    if not files:
        raise UsageError(f"no Turtle files in {folder}", hint="check the [paths] of kg.toml")
    return [quad for path in files for quad in read_rdf(path, path.relative_to(folder.parent).as_posix(), graph)]


def in_graph(quads: Iterable[ox.Quad], wanted: ox.DefaultGraph | ox.NamedNode) -> list[ox.Quad]:
    """The statements of one graph."""
    return [quad for quad in quads if quad.graph_name == wanted]
