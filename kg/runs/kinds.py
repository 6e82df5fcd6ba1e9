"""The kinds of the values of each property, seen while sorted lines pass: what proves a column to be of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.rdf.rows import ROW, Row
from kg.sparql.repair.kinds import kind_of_literal

_OPENING_IRI: Final = ord("<")
_CLOSING_IRI: Final = ord(">")
_OPENING_BLANK: Final = ord("_")
_QUOTE: Final = ord('"')
"""What ends a literal without language and datatype, and nothing else."""


class Kinds:
    """Takes rows, in any order; see `kg.sparql.repair.kinds` for what a kind is.

    >>> kinds = Kinds()
    >>> kinds.take([(b"<urn:s>", b"<urn:p>", b'"a"@en', b""), (b"<urn:s>", b"<urn:p>", b"<urn:o>", b"<urn:g>")])
    >>> kinds.of_properties()
    {'urn:p': ['iri', 'language']}
    """

    def __init__(self) -> None:
        self._found: set[tuple[bytes, str]] = set()

    def take(self, rows: Sequence[Row]) -> None:
        """Look at some rows."""
        found = self._found
        # A triple term begins like an IRI, but no release holds one.
        found.update([(name, "iri") for name in {name for _, name, value, _ in rows if value[0] == _OPENING_IRI}])
        others = [(name, value) for _, name, value, _ in rows if value[0] != _OPENING_IRI]
        found.update([(name, "string") for name in {name for name, value in others if value[-1] == _QUOTE}])
        others = [of for of in others if of[1][-1] != _QUOTE]
        typed = {of for of in others if of[1][-1] == _CLOSING_IRI}
        found.update([(name, _kind(value)) for name, value in typed])
        # A text with a language is of one kind whatever it says, and a statement of several graphs is of one.
        tails = {(name, value[max(0, value.rfind(b'"')) :]) for name, value in others if value[-1] != _CLOSING_IRI}
        found.update([(name, _kind(tail)) for name, tail in tails])

    def take_block(self, block: bytes) -> None:
        """Look at whole lines of N-Quads, as a store gives them: triple terms may be among them.

        >>> kinds = Kinds()
        >>> kinds.take_block(b"<urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .\\n")
        >>> kinds.of_properties()
        {'urn:p': ['other']}
        """
        rows = ROW.findall(block)
        self.take(rows)
        if len(rows) != block.count(b"\n"):
            others = [line for line in block.splitlines(keepends=True) if ROW.fullmatch(line) is None]
            for quad in ox.parse(b"".join(others), ox.RdfFormat.N_QUADS):
                value = quad.object
                kind = "other" if isinstance(value, ox.Triple) else _kind(str(value).encode())
                self._found.add((str(quad.predicate).encode(), kind))

    def of_properties(self) -> dict[str, list[str]]:
        """The kinds of the objects of each property, both sorted."""
        return _sorted((_iri(predicate), kind) for predicate, kind in self._found)


def with_description(kinds: Mapping[str, list[str]], turtle: bytes) -> dict[str, list[str]]:
    """The kinds of data that are asked together with their description in Turtle."""
    stated = [(name, kind) for name, found in kinds.items() for kind in found]
    described = [
        (triple.predicate.value, _kind(str(triple.object).encode()))
        for triple in (quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE))
    ]
    return _sorted((*stated, *described))


def _sorted(found: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    total: dict[str, list[str]] = {}
    for name, kind in sorted(set(found)):
        total.setdefault(name, []).append(kind)
    return total


def _kind(term: bytes) -> str:
    """The kind of a term as N-Quads write it."""
    if term[0] == _OPENING_IRI:
        return "other" if term[1:2] == b"<" else "iri"
    if term[0] == _OPENING_BLANK:
        return "blank"
    text, _, rest = term.rpartition(b'"')
    if not rest:
        return "string"
    if rest[:1] == b"@":
        return "language" if b"--" not in rest else "other"
    # What has escapes has no form of a number or date.
    return kind_of_literal(text[1:].decode(), rest[3:-1].decode(), None)


def _iri(term: bytes) -> str:
    (quad,) = ox.parse(b"<urn:s> " + term + b" <urn:o> .", ox.RdfFormat.N_TRIPLES)
    return str(quad.predicate.value)
