"""Statements as files to be read one after the other, of some number each: nothing holds a part as a whole."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any, Final

import pyoxigraph as ox

_READ: Final = 1 << 16
"""Bytes that whoever reads is given at once."""


def parts(statements: Iterable[str | bytes | ox.Quad], sizes: Iterator[int]) -> Iterator[IO[bytes]]:
    """The statements as N-Quads, each part of the next of `sizes` or some more, as blocks of lines are not parted.

    A part must be read to its end before the next is asked for.
    """
    blocks = map(_lines, statements)
    for first in blocks:
        yield io.BufferedReader(_Part(chain((first,), blocks), next(sizes)), _READ)


def _lines(statement: str | bytes | ox.Quad) -> bytes:
    if isinstance(statement, bytes):
        return statement
    return f"{statement}\n".encode() if isinstance(statement, str) else f"{statement} .\n".encode()


class _Part(io.RawIOBase):
    """Reads blocks of whole lines until so many lines have begun."""

    def __init__(self, blocks: Iterator[bytes], size: int) -> None:
        self._blocks, self._left = blocks, size
        self._block = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the block at hand goes; nothing is left where no block follows."""
        while not self._block and self._left > 0:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left -= block.count(b"\n")
            self._block = memoryview(block)
        taken = self._block[: len(buffer)]
        buffer[: len(taken)] = taken
        self._block = self._block[len(taken) :]
        return len(taken)
