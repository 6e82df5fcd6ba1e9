"""Files written packed and encoded: the same bytes for the same content, with no clock and no name of a machine."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, Any, BinaryIO, Final, cast

from kg.errors import UsageError
from kg.rml.mapping.model import PACKED, Compression, Target

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that zip knows."""
_IN_MEMORY: Final = 8 << 20
"""Bytes of a member of a tar archive that are held before a file takes them: its size stands before it."""


@contextmanager
def packed(target: Target, file: IO[bytes]) -> Iterator[IO[bytes]]:
    """What takes the content of a target in UTF-8, and writes it to a file as the target says.

    :raises UsageError: if it needs a library that is not installed
    """
    with _compressed(target, file) as inner:
        if target.encoding == "utf-8":
            yield inner
            return
        recoded = _Recoded(inner)
        yield cast("IO[bytes]", recoded)


@contextmanager
def _compressed(target: Target, file: IO[bytes]) -> Iterator[IO[bytes]]:
    match target.compression:
        case Compression.NONE:
            yield file
        case Compression.ZIP:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                info = zipfile.ZipInfo(_member(target), _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w", force_zip64=True) as inner:
                    yield inner
        case Compression.TAR_GZIP:
            with _stream(target, file, Compression.GZIP) as outer, _tar(target, outer) as inner:
                yield inner
        case Compression.TAR_XZ:
            with _stream(target, file, Compression.XZ) as outer, _tar(target, outer) as inner:
                yield inner
        case _:
            with _stream(target, file, target.compression) as inner:
                yield inner


def _stream(target: Target, file: IO[bytes], compression: Compression) -> IO[bytes]:
    made: Any
    match compression:
        case Compression.GZIP:
            made = gzip.GzipFile("", "wb", fileobj=cast("BinaryIO", file), mtime=0)
        case Compression.BZIP2:
            made = bz2.BZ2File(file, "wb")
        case Compression.XZ:
            made = lzma.LZMAFile(file, "wb")  # noqa: SIM115 -- closed by whoever writes
        case Compression.ZSTD:
            try:
                from backports import zstd
            except ImportError:
                hint = "pip install 'zellige[tables]', or write rml:compression rml:gzip"
                raise UsageError(f"'{target.name}' is packed with zstd, which needs an extra", hint=hint) from None
            made = zstd.ZstdFile(file, "wb")
        case _:
            raise ValueError(compression)
    return cast("IO[bytes]", made)


@contextmanager
def _tar(target: Target, file: IO[bytes]) -> Iterator[IO[bytes]]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as held:
        yield cast("IO[bytes]", held)
        info = tarfile.TarInfo(_member(target))
        info.size = held.tell()
        held.seek(0)
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            archive.addfile(info, cast("IO[bytes]", held))


def _member(target: Target) -> str:
    """The name of the one file of an archive: that of the archive, without what tells that it is one."""
    name = PurePath(target.name).name
    return next((name[: -len(end)] for end in PACKED if name.lower().endswith(end) and name.lower() != end), name)


class _Recoded(io.RawIOBase):
    """Takes UTF-8 and writes UTF-16 with a mark of the order of its bytes, which is that of most machines."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._begun = False

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take some bytes, perhaps a part of a character last."""
        if not self._begun:
            self._begun = True
            self._file.write(codecs.BOM_UTF16_LE)
        self._file.write(self._decoder.decode(content).encode("utf-16-le"))
        return len(content)
