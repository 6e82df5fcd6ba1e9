"""Parts of a table that can be read on their own: cut between rows, which quotes may hide."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Final

from kg.errors import StorageError
from kg.rml.mapping.model import Batch, Source
from kg.rml.sources.csv import CutCell, Layout, Range, first_row
from kg.rml.sources.rows import batches_of, is_divisible
from kg.rml.views.opened import OpenView, may_be_cut

BLOCK: Final = 1 << 19
"""Bytes of a part."""
_LOOKED_AT: Final = 16
"""Lines that are looked at for some that seem to be rows."""
_ENOUGH: Final = 2
"""Such lines, one after the other, before which a table is cut."""
_LEFT: Final = 4
"""Parts that there are still to be at any time."""
_SMALLER: Final = 8
"""How many times the last parts are smaller than a block, at most."""
_BYTEWISE: Final = ("utf-8", "ascii", "iso8859-1", "cp1252", "cp1256", "iso8859-6", "iso8859-15")
"""Encodings, as Python names them, in which a comma, a quote and a line end are those of ASCII and nothing else."""


def beginning(source: Source, block: int = BLOCK) -> int | None:
    """The byte at which the first part of a table begins, after its header; none if the table is not cut.

    :raises StorageError: if the system cannot read it
    """
    is_cut = (
        (is_divisible(source) if source.view is None else may_be_cut(source.view))
        and codecs.lookup(source.encoding).name in _BYTEWISE
        and (source.dialect.quote + source.dialect.delimiter).isascii()
        and size_of(source) >= 2 * block
    )
    return first_row(source) if is_cut else None


def size_of(source: Source) -> int:
    """The bytes of a file.

    :raises StorageError: if the system cannot read it
    """
    try:
        return source.path.stat().st_size
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror}") from None


class Cutter:
    """Cuts tables between rows.

    A line end ends a row, unless it stands within quotes. Where the reader of a part can say so (`CutCell`), it is
    quicker to look for a line end that seems to end one; else, or once it has said so, quotes are counted. An even
    number of them stands before a row in every table whose quotes stand around cells or doubled within them; only the
    reader knows others.
    """

    def __init__(self, block: int = BLOCK) -> None:
        self._block = block
        self._buffer = bytearray(block)  # memory that is asked for again and again costs more than what it is for

    def part(self, source: Source, start: int, *, counts: bool) -> Range:
        """The rows of about a block, from a byte at which one begins; of less towards the end.

        Whoever shares the rows waits for the last part, and less so if it is small.

        :param counts: whether quotes are counted
        :raises StorageError: if the system cannot read it
        """
        size = min(self._block, max(self._block // _SMALLER, (size_of(source) - start) // _LEFT))
        return start, self.row_end(source, start, size=size) if counts else self._line_end(source, start + size)

    @staticmethod
    def _line_end(source: Source, start: int) -> int:
        """The byte after a line end before lines that seem to be rows: the quotes of each come in pairs.

        The rest of a row that is cut within a cell has one that closes it; a wrong cut is work that is done in vain.
        """
        longest, quote = source.limits.record, source.dialect.quote.encode()
        with _seen(source) as file:
            file.seek(start)
            line = file.readline(longest + 1)
            if not line.endswith(b"\n"):
                return size_of(source)
            any_end = end = file.tell()
            rows = 0
            for _ in range(_LOOKED_AT):
                line = file.readline(longest + 1)
                if line.count(quote) % 2:
                    end, rows = file.tell(), 0
                else:
                    rows += 1
                if rows == _ENOUGH or not line.endswith(b"\n"):
                    return end
        return any_end

    def row_end(self, source: Source, start: int, quotes: int = 0, *, size: int = 0) -> int:
        """The byte after the first line end that stands after an even number of quotes.

        :param quotes: how many stand before the start
        :param size: bytes after the start that are of the part in any case: a block at most
        :raises StorageError: if the system cannot read it
        """
        longest, quote = source.limits.record, source.dialect.quote.encode()
        with _seen(source) as file, memoryview(self._buffer)[:size] as block:
            file.seek(start)
            while (count := file.readinto(block)) + len(line := file.readline(longest + 1)):
                if len(line) > longest and not line.endswith(b"\n"):
                    break  # the reader of these rows tells where the line is that is too long
                quotes += self._buffer.count(quote, 0, count) + line.count(quote)
                if quotes % 2 == 0:
                    return file.tell()
        return size_of(source)


@contextmanager
def _seen(source: Source) -> Iterator[BufferedReader]:
    try:
        with source.path.open("rb") as file:
            yield file
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror}") from None


def cut(source: Source, block: int = BLOCK) -> Iterator[Range | None]:
    """The ranges of rows that a table falls into; one `None`, for the whole, where it is not cut.

    :raises StorageError: if the system cannot read it
    """
    start = beginning(source, block)
    if start is None or start >= (size := size_of(source)):
        yield None
        return
    cutter = Cutter(block)
    while start < size:
        part = cutter.part(source, start, counts=True)
        yield part
        start = part[1]


def readings(source: Source, block: int = BLOCK) -> Iterator[Reading]:
    """The rows of a table in parts, each read before the next one is cut; of another source, all at once.

    :raises StorageError: if the system cannot read it
    """
    start = beginning(source, block)
    if start is None:
        yield Reading(source, None)
        return
    size, counts, cutter = size_of(source), False, Cutter(block)
    while start < size:
        part = cutter.part(source, start, counts=counts)
        reading = Reading(source, part)
        yield reading
        start = reading.end
        counts = counts or start != part[1]


class Reading:
    """The rows of a part; one that ends within a cell is read on until a row ends."""

    def __init__(self, source: Source, part: Range | None) -> None:
        self._source, self._part = source, part
        self.end = part[1] if part else 0
        """The byte after the last row of a part: known when all are read."""

    def batches(self, references: tuple[str, ...], layout: Layout | OpenView | None = None) -> Iterator[Batch]:
        """The rows.

        :param layout: what is known of the table, for whoever reads several parts; of a view, the view as it is open
        :raises DataError: with file and line, where the source is not what it should be
        """
        told = tries = 0
        while True:
            part = (self._part[0], self.end) if self._part else None
            try:
                for batch in self._opened(references, part, layout):
                    if batch.first > told:
                        told = batch.first + batch.size - 1
                        yield batch
            except CutCell:
                tries += 1
                # The row ends after the quote that closes its cell, unless another one stands alone: then nothing is
                # known of those that follow, and they are not cut.
                self.end = Cutter(0).row_end(self._source, self.end, 1) if tries == 1 else size_of(self._source)
            else:
                return

    def _opened(
        self, references: tuple[str, ...], part: Range | None, layout: Layout | OpenView | None
    ) -> Iterator[Batch]:
        if isinstance(layout, OpenView):
            return layout.batches(part)
        return batches_of(self._source, references, part, layout)
