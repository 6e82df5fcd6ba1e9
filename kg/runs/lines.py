"""Lines that enter a build: each in the form that the store keeps, or told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from kg.rdf.rows import ROW, Row
from kg.store import canonical_lines, faulty, in_store_form, parse_lines

BLOCK: Final = 1 << 20
"""Bytes that are looked at together."""
_XSD: Final = rb"http://www\.w3\.org/2001/XMLSchema#"
# What certainly comes back from a store as it went in. Whatever else there is may do so too, and is looked into.
_IRI: Final = rb'<[^<>"{}|^`\\\x00-\x20\x7f]*+>'
_TEXT: Final = rb'"[^"\\\x00-\x1f\x7f]*+"(?:@[a-z0-9-]++|\^\^<(?!' + _XSD + rb')[^<>"{}|^`\\\x00-\x20\x7f]*+>)?+(?= )'
_VALUES: Final = (
    (rb"-?[1-9][0-9]{0,11}\.[0-9]{0,5}[1-9]|0\.[0-9]{0,5}[1-9]|-?[1-9][0-9]{0,11}|0", rb"decimal"),
    (rb"-?[1-9][0-9]{0,16}|0", rb"integer"),
    (rb"true|false", rb"boolean"),
    (rb"[12][0-9]{3}", rb"gYear"),
    (rb"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])", rb"date"),
)
_TYPED: Final = b"|".join(rb'"(?:' + form + rb')"\^\^<' + _XSD + name + rb">" for form, name in _VALUES)
_LINE: Final = _IRI + b" " + _IRI + b" (?:" + _IRI + b"|" + _TEXT + b"|" + _TYPED + b") " + _IRI + rb" \.\n"
_PLAIN_LINE: Final = re.compile(_LINE)
_PLAIN: Final = re.compile(b"(?:" + _LINE + b")*+")
Learn = Callable[[Sequence[Row]], object]
"""Takes lines that were taken apart, a row for each."""


def is_plain(block: bytes) -> bool:
    r"""Whether every line of a block surely comes back from a store as it is.

    >>> is_plain(b'<urn:s> <urn:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .\n')
    True
    >>> is_plain(b'<urn:s> <urn:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .\n')
    False
    """
    return _PLAIN.fullmatch(block) is not None


class Entry:
    """Where the lines of a build come in; `sink` takes them block by block.

    They are taken apart once, for whoever learns something from them. What no release can hold is kept apart, until
    `close` tells all of it.
    """

    def __init__(
        self, sink: Callable[[bytes], object], learn: Learn = lambda _: None, of_claims: Learn = lambda _: None
    ) -> None:
        """`learn` takes all rows; `of_claims` those of what each claim states and of what is known of it, and nothing
        of graphs that may be large.
        """
        self._sink, self._learn, self._of_claims = sink, learn, of_claims
        self._faulty: list[ox.Quad] = []

    def quads(self, quads: Iterable[ox.Quad]) -> int:
        """Take statements that are to be in the form of the store already; the number of them.

        :raises OSError: if a sink cannot write
        """
        count, size = 0, 0
        held: list[bytes] = []
        for quad in quads:
            line = f"{quad} .\n".encode()
            held.append(line)
            count += 1
            size += len(line)
            if size >= BLOCK:
                self.stated(b"".join(held))
                held, size = [], 0
        self.stated(b"".join(held))
        return count

    def stated(self, block: bytes) -> Sequence[Row]:
        """Take lines that are to be in the form of the store already; gives what was taken.

        :raises OSError: if a sink cannot write
        """
        return self._take(block, self._sound)

    def mapped(self, block: bytes) -> Sequence[Row]:
        """Take lines of a mapper; literals are put into the form that the store keeps. Gives what was taken.

        :raises OSError: if a sink cannot write
        """
        return self._take(block, lambda quads: self._sound(in_store_form(quads)))

    def graphs(self, block: bytes) -> Sequence[Row]:
        """Take lines of graphs of any size; literals are put into the form that the store keeps. Gives what was taken.

        :raises OSError: if a sink cannot write
        """
        return self._take(block, lambda quads: self._sound(in_store_form(quads)), of_claims=False)

    def close(self) -> None:
        """Tell what no release can hold.

        :raises DataError: naming every statement with a blank node or a term of RDF 1.2, and every literal that the
            store would keep in another form
        """
        if self._faulty:
            canonical_lines(self._faulty)

    def _take(
        self, block: bytes, amended: Callable[[list[ox.Quad]], list[ox.Quad]], *, of_claims: bool = True
    ) -> Sequence[Row]:
        if not is_plain(block):
            block = b"".join(_amended(block, amended))
        self._sink(block)
        rows: list[Row] = ROW.findall(block)
        self._learn(rows)
        if of_claims:
            self._of_claims(rows)
        return rows

    def _sound(self, quads: list[ox.Quad]) -> list[ox.Quad]:
        bad = faulty(quads)
        if not bad:
            return quads
        self._faulty += bad
        apart = set(bad)
        return [quad for quad in quads if quad not in apart]


def _amended(block: bytes, amended: Callable[[list[ox.Quad]], list[ox.Quad]]) -> Iterator[bytes]:
    """The lines of a block, those that are not plain read and written again."""
    plain: list[bytes] = []
    others: list[str] = []
    for line in block.splitlines(keepends=True):
        if _PLAIN_LINE.fullmatch(line):
            plain.append(line)
        else:
            others.append(line.decode())
    yield b"".join(plain)
    quads = list(parse_lines(others))
    yield "".join(f"{quad} .\n" for quad in amended(quads)).encode()
