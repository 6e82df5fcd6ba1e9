"""The bytes of a source, unpacked where it is packed, and never more of them than is allowed."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from kg.errors import DataError, Position, StorageError
from kg.rml.mapping.model import Compression, Formulation, Source

_BUFFER: Final = 1 << 16


class Content(io.RawIOBase):
    """The bytes of a source as they are read: a part of them where one is asked for, and no line that is too long."""

    def __init__(self, source: Source, inner: Inner, *, lines: bool, part: tuple[int, int] | None = None) -> None:
        self._source, self._inner = source, inner
        self._limit = source.limits.record if lines else None
        self._left = None if part is None else part[1] - part[0]
        self._total = 0 if part is None else part[0]
        self._line = 0

    @property
    def suffix(self) -> str:
        """The suffix of the file within an archive."""
        return "" if self._source.compression is Compression.NONE else PurePath(self._inner.name.lower()).suffix

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = len(buffer) if self._left is None else min(len(buffer), self._left)
        content = (self._inner.read(count) or b"") if count else b""
        if self._left is not None:
            self._left -= len(content)
        self._total += len(content)
        if self._limit is not None:
            self._measure(content, self._limit)
        buffer[: len(content)] = content
        return len(content)

    def _measure(self, content: bytes, limit: int) -> None:
        last = max(content.rfind(b"\n"), content.rfind(b"\r"))
        self._line = len(content) - last - 1 if last >= 0 else self._line + len(content)
        if self._line > limit:
            raise too_long(self._source, self._total - self._line)

    def close(self) -> None:
        self._inner.close()
        super().close()


if TYPE_CHECKING:
    from kg.rml.sources.packed import Inner

    Reader = io.BufferedReader[Content]


@contextmanager
def opened(
    source: Source, *, lines: bool = False, part: tuple[int, int] | None = None
) -> Iterator[io.BufferedReader[Content]]:
    """The bytes of a source.

    :param lines: whether it is read line by line, so that no line may be longer than a record
    :param part: the first byte and the byte after the last, of a file that is not packed
    :raises DataError: while it is read, if it is damaged, or larger than is allowed
    :raises StorageError: if the system cannot read it
    """
    try:
        with io.FileIO(source.path) as file:
            inner: Inner = file
            if source.compression is not Compression.NONE:
                from kg.rml.sources.packed import unpacked

                inner = unpacked(source, file)
            if part is not None:
                file.seek(part[0])
            raw = Content(source, inner, lines=lines, part=part)
            with io.BufferedReader(raw, _BUFFER) as reader:
                yield reader
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror or error}", hint="check its rights") from None


class _Blocks(io.BufferedReader):
    """Bytes for a text to be made of: asked for 8 KiB at a time, as Python does, it gives what it has at once.

    Each time is a call of `Content` and one of the system.
    """

    def read1(self, size: int = -1, /) -> bytes:
        return super().read1(max(size, _BUFFER))


def text_of(content: io.BufferedReader[Content], encoding: str, newline: str) -> io.TextIOWrapper:
    r"""The text of a source of which nothing was read yet.

    :param newline: as of `open`: with `\n` that alone ends a line, with an empty text `\r` as well
    """
    return io.TextIOWrapper(_Blocks(content.raw), encoding=encoding, newline=newline)


def check_not_empty(source: Source) -> None:
    """See that a source can be read and holds a byte.

    :raises DataError: if it is empty or damaged
    :raises StorageError: if the system cannot read it
    """
    with opened(source) as file:
        if not file.read(1):
            raise DataError("the document is empty", position=Position(source.name, 1))


def suffix_of(source: Source) -> str:
    """The suffix of a file, in small letters; of an archive, that of the file within.

    :raises DataError: if the archive is damaged
    :raises StorageError: if the system cannot read it
    """
    with opened(source) as file:
        return file.raw.suffix or source.suffix


def whole(source: Source) -> bytes:
    """All bytes of a document that is held in memory.

    :raises DataError: if there are more than is allowed, or the file is damaged
    :raises StorageError: if the system cannot read it
    """
    limit = source.limits.document
    if source.compression is Compression.NONE and source.path.stat().st_size > limit:
        raise too_large(source)
    with opened(source) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise too_large(source)
    return content


def too_large(source: Source) -> DataError:
    """A document is larger than it may be."""
    limit = source.limits.document
    hint = "a table or lines of JSON are read bit by bit; a document is held in memory, or allow more: "
    return DataError(
        f"the document is larger than {_size(limit)}",
        position=Position(source.name, 1),
        hint=f"{hint}--limit document={_size(2 * limit)}",
    )


def too_long(source: Source, start: int) -> DataError:
    """A line is longer than a record may be; it begins at a byte of the unpacked source."""
    limit = source.limits.record
    return DataError(
        f"the line is longer than {_size(limit)}",
        position=Position(source.name, LineCounter(source).before(start) + 1),
        hint=f"is it the right file? If so, allow it: --limit record={_size(2 * limit)}",
    )


class LineCounter:
    """Counts the lines before bytes of one unpacked source; where rows are of CSV, a carriage return ends one too.

    Bytes that are asked for in their order are read once.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        encoding = codecs.lookup(source.encoding).name
        is_wide = encoding.startswith(("utf-16", "utf-32"))
        self._has_returns = source.formulation is Formulation.CSV and not is_wide
        self._begin()

    def _begin(self) -> None:
        self._at = self._count = 0
        self._is_open = False

    def before(self, start: int) -> int:
        """The lines that end before a byte.

        :raises StorageError: if the system cannot read it
        """
        if start < self._at:
            self._begin()
        # A packed source is read from its beginning only.
        with opened(self._source, part=(self._at, start) if self._at else None) as file:
            while self._at < start and (block := file.read(min(start - self._at, 1 << 20))):
                self._take(block)
        return self._count

    def _take(self, block: bytes) -> None:
        self._at += len(block)
        self._count += block.count(b"\n")
        if self._has_returns:
            self._count += block.count(b"\r") - block.count(b"\r\n") - (self._is_open and block.startswith(b"\n"))
            self._is_open = block.endswith(b"\r")


def _size(count: int) -> str:
    for unit, power in (("G", 30), ("M", 20), ("K", 10)):
        if count >= 1 << power and count % (1 << power) == 0:
            return f"{count >> power}{unit}"
    return str(count)
