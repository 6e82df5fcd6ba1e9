"""Files of RDF -> a data graph."""

from __future__ import annotations

from typing import BinaryIO

from kg.rdf import RdfFile, blocks_of_lines, unreadable
from kg.shacl.graph.columns import Columns


def add_file(data: Columns, content: BinaryIO, file: RdfFile, *, apart: str = "") -> int:
    """Add the union of the graphs of an open file; how many statements it has.

    With `apart`, a word for the file, its blank nodes are none of another file's, whatever their labels.

    :raises DataError: with its name and line, if it does not parse

    >>> import io, pathlib
    >>> import pyoxigraph as ox
    >>> data = Columns()
    >>> file = RdfFile(pathlib.Path("a.ttl"), ox.RdfFormat.TURTLE)
    >>> add_file(data, io.BytesIO(b"<urn:a> <urn:b> _:c .\\n<urn:a>  <urn:b> 'd'@FR ."), file)
    2
    """
    blocks, syntax = blocks_of_lines(content, file.syntax, file.shown, file.address)
    try:
        return data.add_blocks(blocks, syntax=syntax, apart=apart)
    except SyntaxError as error:
        raise unreadable(error, file.shown, file.syntax, error.lineno) from None
