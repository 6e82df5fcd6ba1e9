"""RDF of any syntax -> lines of N-Quads in the canonical form, block by block: no list of statements is ever kept.

Files of N-Triples and N-Quads are lines already. Those that are in the canonical form beyond doubt are taken as they
are: IRIs and labels of plain characters, literals without escapes, language tags of the plainest kind. Anything else
goes through the parser of its syntax, which tells its line if it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, Final, cast

import pyoxigraph as ox

from kg.errors import DataError, Position

_BLOCK: Final = 1 << 20
_LONGEST: Final = 256 << 20
"""Bytes of a line that are looked at before it is given up."""
_BATCH: Final = 4096
# What no IRI is refused for, and nothing of it is written in another way (RFC 3987, section 2.2, less than is allowed).
_SIGNS: Final = rb"A-Za-z0-9/._~:@!$&'()*+,;=\-"
_HEX: Final = rb"%[0-9A-Fa-f]{2}"
_IRI: Final = (
    rb"<[A-Za-z][A-Za-z0-9+.\-]*+:(?://[A-Za-z0-9.\-]++(?::[0-9]{1,4})?(?=[/?#>])|(?!//))"
    rb"(?:[%(signs)b]++|%(hex)b)*+(?:\?(?:[?%(signs)b]++|%(hex)b)*+)?(?:#(?:[?%(signs)b]++|%(hex)b)*+)?>"
) % {b"signs": _SIGNS, b"hex": _HEX}
_LABEL: Final = rb"_:[A-Za-z0-9]++"
_XSD_STRING: Final = rb"<http://www\.w3\.org/2001/XMLSchema#string>"
_TAGGED: Final = rb"<http://www\.w3\.org/1999/02/22-rdf-syntax-ns#(?:dirL|l)angString>"
_LITERAL: Final = (
    rb'"[^\x00-\x1f\x7f"\\]*+"(?:@[a-z]{2,3}(?:-[a-z]{2})?(?= )|\^\^(?!'
    + _XSD_STRING
    + b"|"
    + _TAGGED
    + b")"
    + _IRI
    + b")?"
)
_NODE: Final = b"(?:" + _IRI + b"|" + _LABEL + b")"
_TRIPLE: Final = _NODE + b" " + _IRI + b" (?:" + _NODE + b"|" + _LITERAL + b")"
_RUNS: Final = {
    ox.RdfFormat.N_TRIPLES: re.compile(b"(?:" + _TRIPLE + rb" \.\n)*+"),
    ox.RdfFormat.N_QUADS: re.compile(b"(?:" + _TRIPLE + b"(?: " + _NODE + rb")? \.\n)*+"),
}
_NO_CHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF, which the canonical form escapes."""
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|<[^<>]*+>|_:')


def line_blocks(
    content: BinaryIO, syntax: ox.RdfFormat, shown: str, base: str | None = None, *, mark: str = ""
) -> Iterator[list[bytes]]:
    """The statements of a file that is called `shown` in errors, as canonical lines of N-Quads, some at a time.

    With `mark`, a word without `-`, its blank nodes are none of a file with another mark, whatever their labels.

    :raises DataError: with its name and line, if it does not parse

    >>> import io
    >>> text = b'<urn:a> <urn:b> _:c .\\n<urn:a>  <urn:b> "caf\\\\u00E9"@fr-FR .'
    >>> [block] = line_blocks(io.BytesIO(text), ox.RdfFormat.N_TRIPLES, "a.nt", mark="f1")
    >>> [line.decode() for line in block]
    ['<urn:a> <urn:b> _:f1-c .', '<urn:a> <urn:b> "café"@fr-fr .']
    """
    if syntax in _RUNS:
        blocks = _checked(content, syntax, shown)
        tag = f"_:{mark}-".encode()
        yield from ([_renamed(line, tag) for line in block] for block in blocks) if mark else blocks
        return
    try:
        yield from _written(ox.parse(content, syntax, base_iri=base, rename_blank_nodes=True))
    except SyntaxError as error:
        raise unreadable(error, shown, syntax) from None


def unreadable(error: SyntaxError, shown: str, syntax: ox.RdfFormat, line: int | None = None) -> DataError:
    """The error for a file that does not parse, at its line."""
    place = Position(shown, line or error.lineno or 1, error.offset)
    said = error.msg if line is None else re.sub(r"^Parser error at [^:]*: ", "", error.msg)
    return DataError(f"not {syntax.name}: {said}", position=place)


def _written(quads: Iterable[ox.Quad | ox.Triple]) -> Iterator[list[bytes]]:
    waiting = iter(quads)
    while batch := list(islice(waiting, _BATCH)):
        written = ox.serialize(cast("list[ox.Quad]", batch), format=ox.RdfFormat.N_QUADS)
        assert written is not None
        yield written.splitlines()


def _checked(content: BinaryIO, syntax: ox.RdfFormat, shown: str) -> Iterator[list[bytes]]:
    run, before = _RUNS[syntax], 0
    for block in _blocks(content, shown):
        plain, odd = _parted(block, run)
        for piece in plain:
            yield piece.splitlines()
        if odd:
            try:
                yield from _written(ox.parse(b"".join(line for _, line in odd), syntax))
            except SyntaxError as error:
                offset = odd[min(error.lineno or 1, len(odd)) - 1][0]
                raise unreadable(error, shown, syntax, before + block.count(b"\n", 0, offset) + 1) from None
        before += block.count(b"\n")


def _blocks(content: BinaryIO, shown: str) -> Iterator[bytes]:
    """Whole lines, about a block of them at a time."""
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


def _parted(block: bytes, run: re.Pattern[bytes]) -> tuple[list[bytes], list[tuple[int, bytes]]]:
    """Runs of lines that are canonical, and the others, each with the offset where it begins."""
    plain: list[bytes] = []
    odd: list[tuple[int, bytes]] = []
    at, is_text = 0, _is_text(block)
    while at < len(block):
        found = run.match(block, at) if is_text else None
        end = found.end() if found else at
        if end > at:
            plain.append(block[at:end])
        if end < len(block):
            at = block.find(b"\n", end) + 1
            odd.append((end, block[end:at]))
        else:
            at = end
    return plain, odd


def _is_text(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return not any(sign in block for sign in _NO_CHARACTERS)


def _renamed(line: bytes, tag: bytes) -> bytes:
    if b"_:" not in line:
        return line
    return _TOKEN.sub(lambda found: tag if found[0] == b"_:" else found[0], line)
