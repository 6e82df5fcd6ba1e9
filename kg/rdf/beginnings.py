"""What a file of RDF begins with: a mark of its encoding, or what tells that its syntax is not that of its name."""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO, Final

import pyoxigraph as ox

from kg.encodings import as_utf8
from kg.errors import DataError, Position

_HEAD: Final = 512
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_XML: Final = re.compile(rb"<\?xml\s|<!DOCTYPE\s|<rdf:RDF\s")
_JSON: Final = re.compile(rb"[{\[]")
_DIRECTIVE: Final = re.compile(rb"(?:@(?:prefix|base)|PREFIX|BASE)\s", re.IGNORECASE)
_PLACE: Final = re.compile(rb"#[^\n]*\n|\s+")
_LINES: Final = frozenset({ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS})


def begun(content: BinaryIO, syntax: ox.RdfFormat, shown: str) -> BinaryIO:
    """The same bytes of a file that is called `shown`, without the byte order mark that editors put before UTF-8.

    :raises DataError: if they are UTF-16, or begin as no file in this syntax does and as those in another do
    """
    head = content.read(_HEAD)
    if head.startswith(_WIDE):
        hint = as_utf8(head, "it", shown)
        raise DataError("the text is UTF-16, and RDF is UTF-8", position=Position(shown, 1), hint=hint)
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    head = head[start:]
    other = _told(head, syntax)
    if other is not None:
        name, suffix = other
        what = f"not {syntax.name}: it begins as {name} does"
        raise DataError(what, position=Position(shown, 1), hint=f"name it {suffix}, or convert it")
    if content.seekable():
        content.seek(start)
        return content
    return joined(head, content)


def _told(head: bytes, syntax: ox.RdfFormat) -> tuple[str, str] | None:
    """What a beginning is instead, with the suffix of files of it; none if it may be what it is called."""
    start = head.lstrip()
    if syntax != ox.RdfFormat.RDF_XML and _XML.match(start):
        return "RDF/XML", ".rdf"
    if syntax in {ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD, *_LINES} and _DIRECTIVE.match(_unremarked(head)):
        return "Turtle", ".ttl"
    if syntax in {ox.RdfFormat.RDF_XML, *_LINES} and _JSON.match(start):
        return "JSON-LD", ".jsonld"
    return None


def _unremarked(head: bytes) -> bytes:
    """A beginning without what stands before the first statement of Turtle: blanks and remarks."""
    while found := _PLACE.match(head):
        head = head[found.end() :]
    return head


def joined(head: bytes, rest: BinaryIO) -> BinaryIO:
    """What was read of a file, and the rest of it."""
    return io.BufferedReader(_Joined(head, rest), _SIZE)


_SIZE: Final = 1 << 16


class _Joined(io.RawIOBase):
    """What was read of a file, and the rest of it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = len(buffer)
        piece = self._head[:size] or self._rest.read(size)
        self._head = self._head[size:]
        buffer[: len(piece)] = piece
        return len(piece)
