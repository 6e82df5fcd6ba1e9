"""Parts of a table that can be read on their own: cut between rows, which quotes may hide."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO, Final

from kg.rml.model import Source
from kg.rml.rows import is_divisible
from kg.rml.sources.csv import Range
from kg.rml.sources.stream import too_long

BLOCK: Final = 1 << 19
"""Bytes of a part."""
_BYTEWISE: Final = ("utf-8", "ascii", "iso8859-1", "cp1252", "cp1256", "iso8859-6", "iso8859-15")
"""Encodings, as Python names them, in which a comma, a quote and a line end are those of ASCII and nothing else."""


def cut(source: Source, block: int = BLOCK) -> list[Range | None]:
    """The ranges of rows that a table falls into; one `None`, for the whole, where it is not cut.

    A line end after an even number of quotes ends a row. That is so in every table whose quotes stand around cells or
    doubled within them; in another, a part may end within a cell, which its reader notices (`strict`).
    """
    quote, delimiter = source.dialect.quote, source.dialect.delimiter
    if (
        not is_divisible(source)
        or codecs.lookup(source.encoding).name not in _BYTEWISE
        or not (quote + delimiter).isascii()
    ):
        return [None]
    if source.path.stat().st_size < 2 * block:
        return [None]
    with source.path.open("rb") as file:
        places = list(_places(source, file, quote.encode(), block))
    ranges: list[Range | None] = [(start, end, lines) for (start, lines), (end, _) in pairwise(places)]
    return ranges or [None]


def _places(source: Source, file: BinaryIO, quote: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Where rows begin, and the lines before: after the header, then about once in a block, and the end of the file.

    :raises DataError: if a line is longer than a record may be
    """
    longest = source.limits.record
    at = lines = quotes = 0
    is_first = True
    while block := (b"" if is_first else file.read(size)) + file.readline(longest + 1):
        if len(block) > longest and not block.endswith(b"\n"):
            raise too_long(source, at)
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            return  # lines that end with a lone carriage return are not counted here
        at += len(block)
        lines += block.count(b"\n")
        quotes += block.count(quote)
        if quotes % 2 == 0:
            is_first = False
            yield at, lines
    if quotes % 2:
        yield at, lines
