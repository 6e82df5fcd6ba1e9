"""Where the statements of a file are written, told while the parser reads it.

The parser of Oxigraph tells no lines. Given one line at a time, it tells a statement as soon as it has read the end of
it: the line that was read last is that of the statement, or one shortly after it.
"""

from __future__ import annotations

import re
from collections import deque
from typing import BinaryIO, Final

import pyoxigraph as ox

_BACK: Final = 100
"""How many lines, or pieces of long ones, a value may reach over before its end."""
_LOCAL: Final = re.compile(r"[^#/:]*[#/:]?$")


class FollowedLines:
    """A file that is read a line at a time, and a line that is longer than what is asked for in pieces."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.number = 0
        """Of the line that was read last, from 1."""
        self._last: deque[tuple[int, bytes]] = deque(maxlen=_BACK)
        self._is_within = False
        """Whether the end of the line that was read last is yet to come."""

    def read(self, size: int = -1) -> bytes:
        """The next line, or as much of it as is asked for: a parser ends the process that gives it more."""
        piece = self._file.readline(size)
        if piece:
            self.number += not self._is_within
            self._is_within = not piece.endswith(b"\n")
            self._last.append((self.number, piece))
        return piece

    def line_of(self, quad: ox.Quad) -> int:
        """The line in which the value of a statement begins that was told just now."""
        return self.line_with(_words_of(quad.predicate if isinstance(quad.object, ox.BlankNode) else quad.object))

    def line_with(self, text: bytes) -> int:
        """The last line that holds a text, among those that were read last; else the very last one."""
        found = (number for number, piece in reversed(self._last) if text in piece) if text else iter(())
        return next(found, self.number)


def _words_of(value: object) -> bytes:
    """What must stand in the line of a value: the beginning of a literal, the end of an IRI."""
    if isinstance(value, ox.Literal):
        return value.value.partition("\n")[0].partition('"')[0].partition("\\")[0].strip().encode()
    return local_words(value.value) if isinstance(value, ox.NamedNode) else b""


def local_words(iri: str) -> bytes:
    """The end of an IRI, which must stand in its line however it is written.

    >>> local_words("http://example.org/people#Alice")
    b'Alice'
    """
    found = _LOCAL.search(iri)
    return found[0].encode() if found else b""
