"""RDF of any syntax -> blocks of lines of N-Triples or N-Quads: no list of statements is ever kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, Final, Protocol, cast

import pyoxigraph as ox

from kg.errors import DataError, Position

_BLOCK: Final = 1 << 17
_LONGEST: Final = 256 << 20
"""Bytes of a line that are looked at before it is given up."""
_BATCH: Final = 4096
_NAMED: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|<[^<> ]*+>|_:[A-Za-z0-9]++')
"""What a label may stand in without being one, and a label."""


def blocks_of_lines(
    content: BinaryIO, syntax: ox.RdfFormat, shown: str, base: str | None = None
) -> tuple[Iterator[bytes], ox.RdfFormat]:
    """The statements of a file that is called `shown` in errors as blocks of whole lines, and the syntax of these.

    Files of N-Triples and N-Quads are lines already: they come as they are, and whether they are well-formed is not
    looked at. Others become canonical N-Quads, whose blank nodes are called by the number in which they are met
    (`numbered_label`), so that another reading of the file finds them again.

    :raises DataError: meanwhile, with its name and line, if it does not parse; or if a line has no end

    >>> import io
    >>> blocks, syntax = blocks_of_lines(io.BytesIO(b"<urn:a> a <urn:b>; <urn:p> 'c' ."), ox.RdfFormat.TURTLE, "a.ttl")
    >>> syntax.name, sum(block.count(b"\\n") for block in blocks)
    ('N-Quads', 2)
    """
    if syntax in {ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS}:
        return whole_lines(content, shown), syntax
    return serialised(content, syntax, shown, base), ox.RdfFormat.N_QUADS


def serialised(content: BinaryIO, syntax: ox.RdfFormat, shown: str, base: str | None = None) -> Iterator[bytes]:
    """The statements of a file of any syntax as blocks of lines of canonical N-Quads, as `blocks_of_lines` tells.

    :raises DataError: meanwhile, with its name and line, if it does not parse
    """
    try:
        numbers: dict[bytes, bytes] = {}
        for block in _written(ox.parse(content, syntax, base_iri=base, rename_blank_nodes=True)):
            yield _relabelled(block, numbers) if b"_:" in block else block
    except SyntaxError as error:
        raise unreadable(error, shown, syntax) from None


def numbered_label(number: int) -> str:
    """What the blank node is called that is met as the one of this number, from 0, in a file that is no lines.

    >>> numbered_label(7)
    '_:b7'
    """
    return f"_:b{number}"


def unreadable(error: SyntaxError, shown: str, syntax: ox.RdfFormat, line: int | None = None) -> DataError:
    """The error for a file that does not parse, at its line."""
    place = Position(shown, line or error.lineno or 1, error.offset)
    said = error.msg if line is None else re.sub(r"^Parser error at [^:]*: ", "", error.msg)
    return DataError(f"not {syntax.name}: {said}", position=place)


def _written(quads: Iterable[ox.Quad | ox.Triple]) -> Iterator[bytes]:
    waiting = iter(quads)
    while batch := list(islice(waiting, _BATCH)):
        written = ox.serialize(cast("list[ox.Quad]", batch), format=ox.RdfFormat.N_QUADS)
        assert written is not None
        yield written


def _relabelled(block: bytes, numbers: dict[bytes, bytes]) -> bytes:
    """Lines with numbers in the labels of their blank nodes."""

    def one(found: re.Match[bytes]) -> bytes:
        label = found[0]
        if not label.startswith(b"_"):
            return label
        known = numbers.get(label)
        if known is None:
            known = numbers[label] = numbered_label(len(numbers)).encode()
        return known

    lines = block.splitlines(keepends=True)
    return b"".join([_NAMED.sub(one, line) if b"_:" in line else line for line in lines])


class Readable(Protocol):
    """What gives its bytes piece by piece."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, none at the end."""


def whole_lines(content: Readable, shown: str) -> Iterator[bytes]:
    """A file in blocks of whole lines; the last one is given an end if it has none.

    :raises DataError: if a line has no end for very long
    """
    pieces: list[bytes] = []
    held = 0
    while piece := content.read(_BLOCK):
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield b"".join((*pieces, piece[:cut]))
            pieces, held = [], 0
        pieces.append(piece[cut:])
        held += len(piece) - cut
        if held > _LONGEST:
            raise DataError(f"{shown} has a line of more than {_LONGEST >> 20} MiB", hint="is it RDF at all?")
    if held:
        yield b"".join((*pieces, b"\n"))
