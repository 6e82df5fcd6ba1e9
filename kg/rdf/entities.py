"""Entities of RDF/XML that would grow beyond all measure: refused before a parser sees them.

A document type may declare names for texts (XML 1.0, section 4.2), which files of ontologies use for namespaces. One
that is made of others, and these of others again, is short and means gigabytes; so is a long one that is named often.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from kg.errors import DataError, Position
from kg.rdf.beginnings import joined

_HEAD: Final = 1 << 16
_MOST: Final = 1 << 20
"""Bytes of a document type that are looked at."""
_LONGEST: Final = 500
"""Bytes that an entity may stand for: a namespace is no longer."""
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(?:%\s+)?([^\s\"']+)\s+(?:\"([^\"]*)\"|'([^']*)'|)")
_NESTED: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\w+);)|%\w+;")
_BEGUN: Final = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_ENDED: Final = re.compile(rb"\]\s*>|<!DOCTYPE[^\[>]*>|<[A-Za-z]")


def checked(content: BinaryIO, shown: str) -> BinaryIO:
    """The same bytes of a file of RDF/XML that is called `shown`.

    :raises DataError: with its line, if an entity is made of others, or is long
    """
    head = content.read(_HEAD)
    while _BEGUN.search(head) and not _ENDED.search(head) and len(head) < _MOST:
        more = content.read(_HEAD)
        if not more:
            break
        head += more
    for found in _ENTITY.finditer(head) if _BEGUN.search(head) else ():
        value = found[2] or found[3] or b""
        if _NESTED.search(value) or len(value) > _LONGEST:
            what = "is made of other entities" if _NESTED.search(value) else f"has more than {_LONGEST} bytes"
            name, line = found[1].decode("utf-8", "replace"), head.count(b"\n", 0, found.start()) + 1
            hint = "write out what it stands for: such files can mean gigabytes"
            raise DataError(f"the entity '{name}' {what}", position=Position(shown, line), hint=hint)
    return joined(head, content)
