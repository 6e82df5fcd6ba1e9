"""Lines of canonical N-Quads taken apart by one pattern, without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

ROW: Final = re.compile(
    rb"(<[^>]*+>|_:\S++) (<[^>]*+>) "
    rb'(<[^>]*+>|_:\S++|"(?:[^"\\]++|\\.)*+"(?:@[A-Za-z0-9-]++|\^\^<[^>]*+>)?+)'
    rb"(?: (<[^>]*+>|_:\S++))?+ \.\n"
)
"""A line of N-Quads as canonicalisation writes it: subject, predicate, object, and the name of the graph or nothing."""
Row = tuple[bytes, bytes, bytes, bytes]
_VALUE: Final = rb'(<[^>]*+>|_:\S++|"(?:[^"\\]++|\\.)*+"(?:@[A-Za-z0-9-]++|\^\^<[^>]*+>)?+)'
_GRAPH: Final = rb" (<[^>]*+>|_:\S++) \.\n"


class Property:
    """Finds the statements of one property in blocks of lines, most of which are of others.

    >>> lines = b"<urn:a> <urn:p> <urn:b> <urn:g> .\\n<urn:a> <urn:q> <urn:c> <urn:g> .\\n"
    >>> list(Property(b"<urn:q>").rows(lines))
    [(b'<urn:a>', b'<urn:q>', b'<urn:c>', b'<urn:g>')]
    """

    def __init__(self, name: bytes) -> None:
        """`name` is its IRI, as N-Quads writes it."""
        self.name = name
        self._needle = b" " + name + b" "
        self._pattern = re.compile(re.escape(self._needle) + _VALUE + _GRAPH)

    def rows(self, block: bytes) -> Iterator[Row]:
        """The statements of the property that stand in named graphs."""
        if self._needle in block:
            for found in self._pattern.finditer(block):
                yield subject_at(block, found.start()), self.name, found[1], found[2]


def subject_at(block: bytes, place: int) -> bytes:
    """The subject of the line in which a place lies."""
    begin = block.rfind(b"\n", 0, place) + 1
    return block[begin : block.index(b" ", begin)]
