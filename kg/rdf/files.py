"""Which files are RDF by their names, and how one is opened."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, cast

import pyoxigraph as ox

from kg.errors import StorageError, UsageError
from kg.rdf.beginnings import begun
from kg.rdf.entities import checked
from kg.rdf.packing import SUFFIXES as PACKED
from kg.rdf.packing import bare, unpacked

SUFFIXES: Final = ("ttl", "nt", "nq", "trig", "rdf", "xml", "jsonld", "n3")
STDIN: Final = Path("-")
_ALSO: Final = MappingProxyType(
    {
        "xml": "rdf",
        "owl": "rdf",
        "turtle": "ttl",
        "json": "jsonld",
        "json-ld": "jsonld",
        "nquads": "nq",
        "ntriples": "nt",
    }
)
_ONLY_IF_NAMED: Final = frozenset({".json"})
"""What is seldom RDF, and is not read for lying in a folder."""


@dataclass(frozen=True, slots=True)
class RdfFile:
    """A file of RDF that is to be read, or standard input."""

    path: Path
    syntax: ox.RdfFormat
    base: str | None = None
    """What relative IRIs are resolved against; without it a file's own address, and nothing for standard input."""

    @property
    def shown(self) -> str:
        """What it is called in errors."""
        return "standard input" if self.path == STDIN else self.path.as_posix()

    @property
    def address(self) -> str | None:
        """The IRI that its relative IRIs are resolved against."""
        return self.base if self.base or self.path == STDIN else self.path.resolve().as_uri()

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its bytes, unpacked.

        :raises UsageError: if it is absent or a folder, or packed in a way that nothing here unpacks
        :raises StorageError: if the system cannot read it
        :raises DataError: if it is packed and damaged, when it is read; if it is XML whose entities would grow; if it
            is UTF-16, or begins as files in another syntax do
        """
        if self.path == STDIN:
            yield self._checked(unpacked(cast("io.BufferedReader", sys.stdin.buffer), self.shown))
            return
        try:
            with self.path.open("rb") as file:
                yield self._checked(unpacked(file, self.shown))
        except FileNotFoundError:
            raise UsageError(f"no such file: {self.shown}") from None
        except IsADirectoryError:
            raise UsageError(f"{self.shown} is a folder, and a file is wanted") from None
        except OSError as error:
            raise StorageError(f"cannot read {self.shown}: {error.strerror or error}") from None

    def _checked(self, content: BinaryIO) -> BinaryIO:
        content = begun(content, self.syntax, self.shown)
        return checked(content, self.shown) if self.syntax == ox.RdfFormat.RDF_XML else content


def syntax_of(path: Path) -> ox.RdfFormat:
    """The syntax of an RDF file, told by its suffix, before that of what it is packed in.

    :raises UsageError: if the suffix is not one of `SUFFIXES`

    >>> syntax_of(Path("a.ttl")).name, syntax_of(Path("a.nq.gz")).name
    ('Turtle', 'N-Quads')
    """
    syntax = named(bare(path).suffix)
    if syntax is None:
        raise UsageError(f"{path.as_posix()} is no RDF file by its name", hint=f"name it .{', .'.join(SUFFIXES)}")
    return syntax


def named(suffix: str) -> ox.RdfFormat | None:
    """The syntax that a suffix stands for, with its dot or without.

    >>> [named(suffix) and named(suffix).name for suffix in (".TTL", "owl", ".txt")]
    ['Turtle', 'RDF/XML', None]
    """
    extension = suffix.removeprefix(".").lower()
    extension = _ALSO.get(extension, extension)
    return ox.RdfFormat.from_extension(extension) if extension in SUFFIXES else None


def rdf_files(path: Path) -> Iterator[Path]:
    """A file as it is; of a folder the RDF files in it and below it, in the order of their names.

    :raises UsageError: if a folder has none, or nothing is there that could have been one
    :raises StorageError: if a folder in it cannot be read
    """
    if not path.is_dir():
        if path != STDIN and named(bare(path).suffix) is None and not path.exists():
            raise UsageError(f"no such file: {path.as_posix()}")
        yield path
        return
    found = sorted(file for file in _below(path) if _is_told(bare(file).suffix.lower()) and file.is_file())
    if not found:
        hint = f"they are named .{', .'.join(SUFFIXES)}, packed ones {', '.join(PACKED)} after it"
        raise UsageError(f"no RDF files in the folder {path}", hint=hint)
    yield from found


def _is_told(suffix: str) -> bool:
    return suffix not in _ONLY_IF_NAMED and named(suffix) is not None


def _below(folder: Path) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        raise StorageError(f"cannot read the folder {error.filename}: {error.strerror}") from None

    for parent, _, names in os.walk(folder, onerror=refused):
        yield from (Path(parent, name) for name in names)
