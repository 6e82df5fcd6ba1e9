"""Packed files: what they hold, as a stream, told by their first bytes and held against their names."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, cast

from kg.errors import DataError, UsageError

_ERRORS: Final[tuple[type[Exception], ...]] = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, ValueError)
_HEAD: Final = 10
Opened = tuple[BinaryIO, tuple[type[Exception], ...]]
"""What is unpacked, and what it raises where it is damaged."""


@dataclass(frozen=True, slots=True)
class Packing:
    """A way to pack a file."""

    name: str
    suffix: str
    head: bytes
    """The bytes with which every such file begins."""
    rest: bytes = b""
    """Those that come after one that may be any."""

    def is_of(self, head: bytes) -> bool:
        start = len(self.head)
        return head.startswith(self.head) and (not self.rest or head[start + 1 :].startswith(self.rest))


_PACKINGS: Final = (
    Packing("gzip", ".gz", b"\x1f\x8b"),
    Packing("bzip2", ".bz2", b"BZh", b"1AY&SY"),
    Packing("xz", ".xz", b"\xfd7zXZ\x00"),
    Packing("zstd", ".zst", b"\x28\xb5\x2f\xfd"),
)
SUFFIXES: Final = tuple(packing.suffix for packing in _PACKINGS)


def bare(path: Path) -> Path:
    """The name that a file has when it is unpacked.

    >>> bare(Path("a.nt.xz")).name, bare(Path("a.nt")).name
    ('a.nt', 'a.nt')
    """
    return path.with_suffix("") if path.suffix.lower() in SUFFIXES else path


def unpacked(file: io.BufferedReader, shown: str) -> BinaryIO:
    """The bytes of a file that is called `shown`, unpacked if it is packed.

    :raises UsageError: if it is packed with zstd, and nothing here unpacks that
    :raises DataError: if its name says that it is packed, and it is not; and when it is read, if it is damaged
    """
    head = file.peek(_HEAD)[:_HEAD]
    packing = next((packing for packing in _PACKINGS if packing.is_of(head)), None)
    said = next((packing for packing in _PACKINGS if shown.lower().endswith(packing.suffix)), None)
    if packing is None and said is None:
        return file
    if packing is None or (said is not None and said is not packing):
        named = said.name if said else ""
        found = f"but one of {packing.name}" if packing else "whatever its name says" if head else "for it is empty"
        raise DataError(f"{shown} is no whole {named} file: {found}", hint="was it copied or downloaded to the end?")
    stream, errors = _OPENERS[packing.name](file, shown)
    return io.BufferedReader(_Unpacked(stream, errors, f"{shown} is no whole {packing.name} file"), 1 << 18)


def _zstd(file: BinaryIO, shown: str) -> Opened:
    try:
        from compression import zstd  # type: ignore[import-not-found] # since Python 3.14
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            hint = "pip install 'zellige[tables]', or unpack the file"
            raise UsageError(f"{shown} is packed with zstd, which needs an extra", hint=hint) from None
    return cast("BinaryIO", zstd.ZstdFile(file)), (*_ERRORS, zstd.ZstdError)


_OPENERS: Final = MappingProxyType[str, Callable[[BinaryIO, str], Opened]](
    {
        "gzip": lambda file, _: (cast("BinaryIO", gzip.GzipFile(fileobj=file)), _ERRORS),
        "bzip2": lambda file, _: (cast("BinaryIO", bz2.BZ2File(file)), (*_ERRORS, OSError)),
        "xz": lambda file, _: (cast("BinaryIO", lzma.LZMAFile(file)), _ERRORS),  # noqa: SIM115 -- closed with its file
        "zstd": _zstd,
    }
)


class _Unpacked(io.RawIOBase):
    """A stream whose damages are told by the name of the file."""

    def __init__(self, file: BinaryIO, errors: tuple[type[Exception], ...], damaged: str) -> None:
        self._file, self._errors, self._damaged = file, errors, damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            content = self._file.read(len(buffer))
        except self._errors as error:
            hint = "was it copied or downloaded to the end?"
            raise DataError(f"{self._damaged}: {error or 'unexpected end'}", hint=hint) from None
        buffer[: len(content)] = content
        return len(content)
