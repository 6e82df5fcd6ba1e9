"""Parts of a table that can be read on their own: cut between rows, which quotes may hide."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import BinaryIO, Final

from kg.rml.model import Formulation, Source
from kg.rml.rows import is_plain
from kg.rml.sources.csv import Range

_BLOCK: Final = 1 << 20
_BYTEWISE: Final = ("utf-8", "ascii", "iso8859-1", "cp1252", "cp1256", "iso8859-6", "iso8859-15")
"""Encodings, as Python names them, in which a comma, a quote and a line end are those of ASCII and nothing else."""


@dataclass(slots=True)
class _Scan:
    """What is known at a place between two blocks."""

    at: int = 0
    rows: int = 0
    lines: int = 0
    is_quoted: bool = False


def cut(source: Source, parts: int) -> list[Range | None]:
    """The ranges of about equal size that a table falls into; one `None`, for the whole, where it is not cut.

    A table is cut if its quotes stand around cells and nowhere else, and it has no blank lines: then a line end
    outside of quotes ends a row, and rows can be counted without reading cells.
    """
    whole: list[Range | None] = [None]
    plain = is_plain(source) and source.formulation is Formulation.CSV
    quote, delimiter = source.dialect.quote, source.dialect.delimiter
    if parts == 1 or not plain or codecs.lookup(source.encoding).name not in _BYTEWISE:
        return whole
    if not (quote.isascii() and delimiter.isascii()) or source.path.stat().st_size < 2 * _BLOCK:
        return whole
    with source.path.open("rb") as file:
        places = _places(file, quote.encode(), delimiter.encode())
    if len(places) <= parts:
        return whole
    first, end = places[0], places[-1].at
    chosen = [first]
    for number in range(1, parts):
        wanted = first.at + (end - first.at) * number // parts
        chosen.append(min(places, key=lambda place: abs(place.at - wanted)))
    starts = sorted({place.at: place for place in chosen}.values(), key=lambda place: place.at)
    ends = [place.at for place in starts[1:]] + [end]
    return [
        (start.at, stop, start.rows, start.lines) for start, stop in zip(starts, ends, strict=True) if start.at < stop
    ]


def _places(file: BinaryIO, quote: bytes, delimiter: bytes) -> list[_Scan]:
    """Where rows begin: after the header, then about once in a block, and the end of the file; none if that is unsure."""
    scan = _Scan()
    places: list[_Scan] = []
    while True:
        # The header is a block of its own. A block ends with a line, so that no pair of characters is torn apart.
        block = file.readline() if not places else file.read(_BLOCK) + file.readline()
        if not block:
            return places
        if not _take(scan, block, quote, delimiter):
            return []
        if not scan.is_quoted:
            rows = 0 if not places else scan.rows
            scan.rows = rows
            places.append(_Scan(scan.at, scan.rows, scan.lines))


def _take(scan: _Scan, block: bytes, quote: bytes, delimiter: bytes) -> bool:
    """Count a block; false if it is written in a way that only a reader of cells understands."""
    pieces = block.split(quote)
    outside = pieces[1::2] if scan.is_quoted else pieces[0::2]
    before = {delimiter, b"\n", b""}
    # A piece between two quotes is what stands between two quoted cells; an empty one, a doubled quote.
    after_quote = outside if scan.is_quoted else outside[1:]
    ends_quoted = (len(pieces) % 2 == 0) is not scan.is_quoted
    before_quote = outside if ends_quoted else outside[:-1]
    sound = {piece[:1] for piece in after_quote} <= {*before, b"\r"} and {p[-1:] for p in before_quote} <= before
    text = quote.join(outside)
    lone = text.count(b"\r") != text.count(b"\r\n")
    blank = b"\n\n" in text or b"\n\r\n" in text or (not scan.is_quoted and block[:1] in {b"\n", b"\r"})
    scan.at += len(block)
    scan.rows += text.count(b"\n")
    scan.lines += block.count(b"\n")
    scan.is_quoted = ends_quoted
    return sound and not lone and not blank
