"""RDF files of any syntax -> quads, with the file and line of a fault."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError, Position, StorageError, UsageError

SUFFIXES = ("ttl", "nt", "nq", "trig", "rdf", "xml", "jsonld", "n3")
PACKED = ".gz"
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
"""What unpacking raises where a gzip file is cut off or altered."""
_GZIP = b"\x1f\x8b"
ROW: Final = re.compile(
    rb"(<[^>]*+>|_:\S++) (<[^>]*+>) "
    rb'(<[^>]*+>|_:\S++|"(?:[^"\\]++|\\.)*+"(?:@[A-Za-z0-9-]++|\^\^<[^>]*+>)?+)'
    rb"(?: (<[^>]*+>|_:\S++))?+ \.\n"
)
"""A line of N-Quads as canonicalisation writes it: subject, predicate, object, and the name of the graph or nothing."""
Row = tuple[bytes, bytes, bytes, bytes]


def read_rdf(path: Path, name: str | None = None, graph: str | None = None, *, apart: bool = False) -> list[ox.Quad]:
    """The statements of one file, its syntax told by its suffix; relative IRIs are resolved against the file.

    With `graph`, the statements of the default graph are put into that graph. With `apart`, its blank nodes are none of
    another file's, whatever their labels. A file that ends in `.gz` is unpacked.

    :raises UsageError: if the file is absent or its suffix is not one of `SUFFIXES`
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it does not parse
    """
    shown = name or path.as_posix()
    syntax = syntax_of(path)
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == PACKED else content
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"no such file: {shown}") from None
    except DAMAGED as error:
        raise DataError(f"{shown} is no whole gzip file: {error}") from None
    except OSError as error:
        raise StorageError(f"cannot read {shown}: {error.strerror}") from None
    quads = parse_rdf(content, syntax, shown, path.resolve().as_uri(), apart=apart)
    if graph is None:
        return quads
    target = ox.NamedNode(graph)
    return [ox.Quad(q.subject, q.predicate, q.object, target) for q in quads]


def parse_rdf(
    content: bytes, syntax: ox.RdfFormat, shown: str, base: str | None = None, *, apart: bool = False
) -> list[ox.Quad]:
    """The statements of a content that is called `shown` in errors, packed with gzip or not.

    :raises DataError: with its name and line, if it does not parse; or if it is packed and damaged
    """
    try:
        content = gzip.decompress(content) if content.startswith(_GZIP) else content
        return list(ox.parse(content, syntax, base_iri=base, rename_blank_nodes=apart))
    except SyntaxError as error:
        raise unreadable(error, shown, syntax) from None
    except DAMAGED as error:
        raise DataError(f"{shown} is no whole gzip file: {error}") from None


def syntax_of(path: Path) -> ox.RdfFormat:
    """The syntax of an RDF file, told by its suffix.

    :raises UsageError: if the suffix is not one of `SUFFIXES`

    >>> syntax_of(Path("a.ttl")).name, syntax_of(Path("a.nq.gz")).name
    ('Turtle', 'N-Quads')
    """
    syntax = _named(Path(path.name.removesuffix(PACKED)).suffix)
    if syntax is None:
        raise UsageError(f"{path.as_posix()} is no RDF file by its name", hint=f"name it .{', .'.join(SUFFIXES)}")
    return syntax


def _named(suffix: str) -> ox.RdfFormat | None:
    extension = suffix.removeprefix(".").lower()
    return ox.RdfFormat.from_extension("rdf" if extension == "xml" else extension)


def rdf_files(path: Path) -> Iterator[Path]:
    """A file as it is; of a folder the RDF files in it and below it, in the order of their names.

    :raises UsageError: if a folder has none
    """
    if not path.is_dir():
        yield path
        return
    found = sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and _named(Path(file.name.removesuffix(PACKED)).suffix) is not None
    )
    if not found:
        raise UsageError(f"no RDF files in the folder {path}", hint=f"they are named .{', .'.join(SUFFIXES)}")
    yield from found


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
