"""Content codings of an answer (RFC 9110, section 8.4.1; Brotli is RFC 7932), made where the answer is made."""

from __future__ import annotations

import zlib
from typing import Final, Protocol

SMALLEST: Final = 1024
"""Below so many bytes an answer is sent as it is."""
CODINGS: Final = ("br", "gzip")
"""The codings, the one that makes the smaller answer first."""
_GZIP: Final = 16 + zlib.MAX_WBITS
_LEVEL: Final = 5
_QUALITY: Final = 4


class Compressor(Protocol):
    """Compresses one answer, piece by piece."""

    name: str

    def add(self, data: bytes) -> bytes:
        """What can be sent after one more piece."""
        ...  # pragma: no cover

    def finish(self) -> bytes:
        """What is left to be sent after the last piece."""
        ...  # pragma: no cover


class Gzip:
    """The coding `gzip`."""

    name = "gzip"

    def __init__(self) -> None:
        self._stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)

    def add(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def finish(self) -> bytes:
        return self._stream.flush()


class Brotli:
    """The coding `br`."""

    name = "br"

    def __init__(self) -> None:
        import brotli  # a worker that never compresses with it does not load it

        self._stream = brotli.Compressor(quality=_QUALITY)

    def add(self, data: bytes) -> bytes:
        coded: bytes = self._stream.process(data)
        return coded

    def finish(self) -> bytes:
        coded: bytes = self._stream.finish()
        return coded


def compressor(accepted: tuple[str, ...]) -> Compressor | None:
    """A compressor for the best of the codings that a client accepts, or None.

    >>> compressor(("gzip",)).name, compressor(()) is None
    ('gzip', True)
    """
    for name in CODINGS:
        if name in accepted:
            return Brotli() if name == "br" else Gzip()
    return None


def coded(body: bytes, accepted: tuple[str, ...]) -> tuple[bytes, str]:
    """A whole body as it is sent, and its coding, empty for none.

    >>> coded(b"short", ("gzip",))
    (b'short', '')
    """
    coding = compressor(accepted) if len(body) >= SMALLEST else None
    if coding is None:
        return body, ""
    return coding.add(body) + coding.finish(), coding.name
