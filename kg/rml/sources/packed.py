"""Packed files: what they hold, as a stream that may not become too large."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Final, Protocol, cast

from kg.errors import DataError, Position, UsageError
from kg.rml.mapping.model import Compression, Source

FREE: Final = 64 << 20
"""Bytes that a packed source may become whatever its ratio."""
_DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile)
_NOT_MEMBERS: Final = ("__MACOSX/",)


class Inner(Protocol):
    """Where bytes come from: a file, or what a packed file holds."""

    name: Any

    def read(self, count: int, /) -> bytes | None:
        """Some bytes, and none at the end."""

    def close(self) -> None:
        """Let go of it."""


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
            if error.errno not in {None, errno.EINVAL}:
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


def unpacked(source: Source, file: io.FileIO) -> Inner:
    """What a packed file holds: of an archive, its one file.

    :raises DataError: if it is damaged, or an archive holds more than one file, or none
    :raises UsageError: if it needs a library that is not installed
    """
    match source.compression:
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
    except (NotImplementedError, zipfile.BadZipFile, OSError, ValueError) as error:  # offsets that lead nowhere
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


def too_packed(source: Source) -> DataError:
    """A packed source becomes too large for what it is packed in."""
    ratio = source.limits.ratio
    return DataError(
        f"unpacked, it is more than {ratio} times as large as packed: perhaps a decompression bomb",
        position=Position(source.name, 1),
        hint=f"if it is sound, allow it: --limit ratio={5 * ratio}",
    )


def damaged(source: Source, why: str) -> DataError:
    """A packed file cannot be unpacked."""
    hint = "was it copied or downloaded to the end?"
    reason = why or "unexpected end"
    return DataError(f"the packed file is damaged: {reason}", position=Position(source.name, 1), hint=hint)


def _several(source: Source, another: str) -> DataError:
    hint = "pack each file on its own"
    message = f"the archive holds more than one file, also {another!r}"
    return DataError(message, position=Position(source.name, 1), hint=hint)
