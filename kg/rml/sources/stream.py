"""The bytes of a source, unpacked where it is packed, and never more of them than is allowed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from kg.errors import DataError, Position, StorageError, UsageError
from kg.rml.model import Compression, Source

FREE: Final = 64 << 20
"""Bytes that a packed source may become whatever its ratio."""
_BUFFER: Final = 1 << 18
_DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile)
_NOT_MEMBERS: Final = ("__MACOSX/",)


class Unpacked(io.RawIOBase):
    """The bytes that a packed file holds; it may not become too large for what it is packed in."""

    def __init__(
        self,
        source: Source,
        file: BinaryIO,
        taken: Callable[[], int],
        errors: tuple[type[Exception], ...] = _DAMAGED,
        name: str = "",
    ) -> None:
        self._source, self._file, self._taken, self._errors = source, file, taken, errors
        self.name = name
        """Of the file within an archive."""
        self._total = 0

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        """Some bytes.

        :raises DataError: if the file is damaged, or they are too many
        """
        try:
            content = self._file.read(count)
        except self._errors as error:
            raise damaged(self._source, str(error)) from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise damaged(self._source, str(error)) from None
        self._total += len(content)
        if self._total > FREE and self._total > self._source.limits.ratio * self._taken():
            raise too_packed(self._source)
        return content

    def close(self) -> None:
        self._file.close()
        super().close()


class _Member(io.RawIOBase):
    """The one file of a tar archive; at its end, the archive must end too."""

    def __init__(self, source: Source, archive: tarfile.TarFile, file: BinaryIO, unpacked: Unpacked, name: str) -> None:
        self._source, self._archive, self._file, self._unpacked = source, archive, file, unpacked
        self.name = name
        self._is_read = False

    def read(self, count: int = -1) -> bytes:
        """Some bytes.

        :raises DataError: if there is another file, or the archive is damaged
        """
        if self._is_read:
            return b""
        try:
            content = self._file.read(count)
            if content:
                return content
            self._is_read = True
            another = _next_file(self._archive)
        except _DAMAGED as error:
            raise damaged(self._source, str(error)) from None
        if another is not None:
            raise _several(self._source, another.name)
        while self._unpacked.read(1 << 16):  # what proves that nothing is missing stands at the end
            pass
        return b""

    def close(self) -> None:
        self._unpacked.close()
        super().close()


class Content(io.RawIOBase):
    """The bytes of a source as they are read: a part of them where one is asked for, and no line that is too long."""

    def __init__(
        self, source: Source, inner: Unpacked | _Member | io.FileIO, *, lines: bool, end: int | None = None
    ) -> None:
        self._source, self._inner = source, inner
        self._limit = source.limits.record if lines else None
        self._left = None if end is None else end - inner.tell()
        self._total = 0
        self._line = 0

    @property
    def suffix(self) -> str:
        """The suffix of the file within an archive."""
        return "" if isinstance(self._inner, io.FileIO) else PurePath(self._inner.name.lower()).suffix

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = len(buffer) if self._left is None else min(len(buffer), self._left)
        content = self._inner.read(count) if count else b""
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
            inner = _unpacked(source, file)
            if part is not None:
                file.seek(part[0])
            raw = Content(source, inner, lines=lines, end=None if part is None else part[1])
            with io.BufferedReader(raw, _BUFFER) as reader:
                yield reader
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror or error}", hint="check its rights") from None


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


def _unpacked(source: Source, file: io.FileIO) -> Unpacked | _Member | io.FileIO:
    match source.compression:
        case Compression.NONE:
            return file
        case Compression.ZIP:
            return _from_zip(source, file)
        case Compression.TAR_GZIP:
            return _from_tar(source, _stream(source, file, Compression.GZIP))
        case Compression.TAR_XZ:
            return _from_tar(source, _stream(source, file, Compression.XZ))
    return _stream(source, file, source.compression)


def _stream(source: Source, file: io.FileIO, compression: Compression) -> Unpacked:
    errors: tuple[type[Exception], ...] = _DAMAGED
    unpacked: object
    match compression:
        case Compression.GZIP:
            unpacked = gzip.GzipFile(fileobj=file)
        case Compression.BZIP2:
            unpacked = bz2.BZ2File(file)
        case Compression.XZ:
            unpacked = lzma.LZMAFile(file)  # noqa: SIM115 -- closed with what reads it
        case Compression.ZSTD:
            try:
                from backports import zstd
            except ImportError:
                hint = "pip install 'zellige[tables]', or unpack the file"
                raise UsageError(f"{source.name} is packed with zstd, which needs an extra", hint=hint) from None
            unpacked, errors = zstd.ZstdFile(file), (*_DAMAGED, zstd.ZstdError)
        case _:
            raise ValueError(compression)
    return Unpacked(source, cast("BinaryIO", unpacked), file.tell, errors)


def _from_zip(source: Source, file: io.FileIO) -> Unpacked:
    try:
        archive = zipfile.ZipFile(file)
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith(_NOT_MEMBERS)]
        if len(members) != 1:
            raise _several(source, members[1].filename) if members else damaged(source, "it holds no file")
        if members[0].flag_bits & 1:
            raise damaged(source, "it is encrypted")
        inner = archive.open(members[0])
    except (NotImplementedError, zipfile.BadZipFile) as error:
        raise damaged(source, str(error)) from None
    size = members[0].compress_size
    return Unpacked(source, cast("BinaryIO", inner), lambda: size, name=members[0].filename)


def _from_tar(source: Source, unpacked: Unpacked) -> _Member:
    try:
        archive = tarfile.open(fileobj=unpacked, mode="r|")  # noqa: SIM115 -- closed with its file
        first = _next_file(archive)
        inner = None if first is None else archive.extractfile(first)
    except _DAMAGED as error:
        raise damaged(source, str(error)) from None
    if first is None or inner is None:
        raise damaged(source, "it holds no file")
    return _Member(source, archive, cast("BinaryIO", inner), unpacked, first.name)


def _next_file(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    while (member := archive.next()) is not None:
        if member.isfile():
            return member
        archive.members = []  # type: ignore[attr-defined]  # folders without end take no memory
    return None


def too_large(source: Source) -> DataError:
    """A document is larger than it may be."""
    limit = source.limits.document
    hint = "a table or lines of JSON are read bit by bit; a document is held in memory, or allow more: "
    return DataError(
        f"the document is larger than {_size(limit)}",
        position=Position(source.name, 1),
        hint=f"{hint}--limit document={_size(2 * limit)}",
    )


def too_packed(source: Source) -> DataError:
    """A packed source becomes too large for what it is packed in."""
    ratio = source.limits.ratio
    return DataError(
        f"unpacked, it is more than {ratio} times as large as packed: perhaps a decompression bomb",
        position=Position(source.name, 1),
        hint=f"if it is sound, allow it: --limit ratio={5 * ratio}",
    )


def too_long(source: Source, start: int) -> DataError:
    """A line is longer than a record may be; it begins at a byte of the unpacked source."""
    limit = source.limits.record
    return DataError(
        f"the line is longer than {_size(limit)}",
        position=Position(source.name, _line_at(source, start)),
        hint=f"is it the right file? If so, allow it: --limit record={_size(2 * limit)}",
    )


def _line_at(source: Source, start: int) -> int:
    line = 1
    with opened(source) as file:
        while start > 0 and (block := file.read(min(start, 1 << 20))):
            line += block.count(b"\n")
            start -= len(block)
    return line


def _size(count: int) -> str:
    for unit, power in (("G", 30), ("M", 20), ("K", 10)):
        if count >= 1 << power and count % (1 << power) == 0:
            return f"{count >> power}{unit}"
    return str(count)


def damaged(source: Source, why: str) -> DataError:
    """A packed file cannot be unpacked."""
    hint = "was it copied or downloaded to the end?"
    reason = why or "unexpected end"
    return DataError(f"the packed file is damaged: {reason}", position=Position(source.name, 1), hint=hint)


def _several(source: Source, another: str) -> DataError:
    hint = "pack each file on its own"
    message = f"the archive holds more than one file, also {another!r}"
    return DataError(message, position=Position(source.name, 1), hint=hint)
