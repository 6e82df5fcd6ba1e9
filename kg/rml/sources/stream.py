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
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from kg.errors import DataError, Position, StorageError, UsageError
from kg.rml.model import Compression, Source

FREE: Final = 64 << 20
"""Bytes that a packed source may become whatever its ratio."""
_BUFFER: Final = 1 << 18
_DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile)
_NOT_MEMBERS: Final = ("__MACOSX/",)


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """What a packed file holds."""

    file: BinaryIO
    taken: Callable[[], int]
    """Packed bytes that were used so far."""
    more: Callable[[], str | None]
    """The name of another file within, once the first is read."""


class Content(io.RawIOBase):
    """The bytes of a source as they are read: counted, and refused when they are too many."""

    def __init__(
        self, source: Source, inner: _Unpacked | None, file: BinaryIO, *, lines: bool, end: int | None
    ) -> None:
        self._source, self._inner, self._file = source, inner, file
        self._limit = source.limits.record if lines else None
        self._left = None if end is None else end - file.tell()
        self.total = 0
        self._line = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = len(buffer) if self._left is None else min(len(buffer), self._left)
        content = self._read(count) if count else b""
        if self._left is not None:
            self._left -= len(content)
        if self._limit is not None:
            self._measure(content, self._limit)
        buffer[: len(content)] = content
        return len(content)

    def _read(self, count: int) -> bytes:
        if self._inner is None:
            content = self._file.read(count)
            self.total += len(content)
            return content
        try:
            content = self._inner.file.read(count)
            another = self._inner.more() if not content and count else None
        except _DAMAGED as error:
            raise _damaged(self._source, str(error)) from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise _damaged(self._source, str(error)) from None
        if another is not None:
            raise _several(self._source, another)
        self.total += len(content)
        ratio = self._source.limits.ratio
        if self.total > FREE and self.total > ratio * self._inner.taken():
            raise too_packed(self._source)
        return content

    def _measure(self, content: bytes, limit: int) -> None:
        last = max(content.rfind(b"\n"), content.rfind(b"\r"))
        self._line = len(content) - last - 1 if last >= 0 else self._line + len(content)
        if self._line > limit:
            raise too_long(self._source, self.total - self._line)

    def close(self) -> None:
        if self._inner is not None:
            self._inner.file.close()
        self._file.close()
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
        file = io.FileIO(source.path)
        try:
            inner = _unpacked(source, cast("BinaryIO", file))
            if part is not None:
                file.seek(part[0])
            end = None if part is None else part[1]
            raw = Content(source, inner, cast("BinaryIO", file), lines=lines, end=end)
        except BaseException:
            file.close()
            raise
        with io.BufferedReader(raw, _BUFFER) as reader:
            yield reader
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror or error}", hint="check its rights") from None


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


def _unpacked(source: Source, file: BinaryIO) -> _Unpacked | None:
    match source.compression:
        case Compression.NONE:
            return None
        case Compression.ZIP:
            return _from_zip(source, file)
        case Compression.TAR_GZIP | Compression.TAR_XZ:
            is_gzip = source.compression is Compression.TAR_GZIP
            return _from_tar(source, _stream(source, file, Compression.GZIP if is_gzip else Compression.XZ), file)
    return _Unpacked(_stream(source, file, source.compression), file.tell, lambda: None)


def _stream(source: Source, file: BinaryIO, compression: Compression) -> BinaryIO:
    match compression:
        case Compression.GZIP:
            return cast("BinaryIO", gzip.GzipFile(fileobj=file))
        case Compression.BZIP2:
            return cast("BinaryIO", bz2.BZ2File(file))
        case Compression.XZ:
            return cast("BinaryIO", lzma.LZMAFile(file))
        case Compression.ZSTD:
            return _zstd(source, file)
    raise ValueError(compression)


def _zstd(source: Source, file: BinaryIO) -> BinaryIO:
    try:
        from backports import zstd
    except ImportError:
        hint = "pip install 'zellige[tables]', or unpack the file"
        raise UsageError(f"{source.name} is packed with zstd, which needs an extra", hint=hint) from None
    return cast("BinaryIO", zstd.ZstdFile(file))


def _from_zip(source: Source, file: BinaryIO) -> _Unpacked:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise _damaged(source, str(error)) from None
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith(_NOT_MEMBERS)]
    if len(members) != 1:
        raise _several(source, members[1].filename) if members else _damaged(source, "it holds no file")
    if members[0].flag_bits & 1:
        raise _damaged(source, "it is encrypted")
    try:
        inner = archive.open(members[0])
    except (NotImplementedError, zipfile.BadZipFile) as error:
        raise _damaged(source, str(error)) from None
    return _Unpacked(cast("BinaryIO", inner), lambda: members[0].compress_size, lambda: None)


def _from_tar(source: Source, unpacked: BinaryIO, file: BinaryIO) -> _Unpacked:
    def following(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
        while (member := archive.next()) is not None:
            if member.isfile():
                return member
            archive.members = []  # type: ignore[attr-defined]  # a stream of empty folders takes no memory
        return None

    def another() -> str | None:
        found = following(archive)
        return None if found is None else found.name

    try:
        archive = tarfile.open(fileobj=unpacked, mode="r|")  # noqa: SIM115 -- closed with its file
        first = following(archive)
        inner = None if first is None else archive.extractfile(first)
    except _DAMAGED as error:
        raise _damaged(source, str(error)) from None
    if inner is None:
        raise _damaged(source, "it holds no file")
    return _Unpacked(cast("BinaryIO", inner), file.tell, another)


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


def _damaged(source: Source, why: str) -> DataError:
    hint = "was it copied or downloaded to the end?"
    reason = why or "unexpected end"
    return DataError(f"the packed file is damaged: {reason}", position=Position(source.name, 1), hint=hint)


def _several(source: Source, another: str) -> DataError:
    hint = "pack each file on its own"
    message = f"the archive holds more than one file, also {another!r}"
    return DataError(message, position=Position(source.name, 1), hint=hint)
