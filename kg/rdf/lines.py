"""RDF of any syntax -> blocks of lines of N-Quads in their canonical form: no list of statements is ever kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final

import pyoxigraph as ox

from kg.errors import DataError, Position

_BATCH: Final = 4096


def blocks_of_rdf(content: BinaryIO, syntax: ox.RdfFormat, base: str | None = None) -> Iterator[bytes]:
    """The statements of a file, some at a time; its blank nodes are those of no other file, whatever their labels.

    :raises SyntaxError: with its line, if it does not parse

    >>> import io
    >>> list(blocks_of_rdf(io.BytesIO(b"<#a> <urn:p> 'b'@FR ."), ox.RdfFormat.TURTLE, "http://e/doc"))
    [b'<http://e/doc#a> <urn:p> "b"@fr .\\n']
    """
    quads = iter(ox.parse(content, syntax, base_iri=base, rename_blank_nodes=True))
    while batch := list(islice(quads, _BATCH)):
        written = ox.serialize(batch, format=ox.RdfFormat.N_QUADS)
        assert written is not None
        yield written


def unreadable(error: SyntaxError, shown: str, syntax: ox.RdfFormat) -> DataError:
    """The error for a file that does not parse, at its line."""
    return DataError(f"not {syntax.name}: {error.msg}", position=Position(shown, error.lineno or 1, error.offset))
