"""Lines of N-Quads in other syntaxes of RDF: as a stream where the syntax allows, else in an order that it needs."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import IO, Final, cast

import pyoxigraph as ox

from kg.errors import DataError
from kg.rdf.grammar import XSD
from kg.rml.mapping.model import Serialization, Target

_FORMATS: Final = {
    Serialization.TURTLE: ox.RdfFormat.TURTLE,
    Serialization.N3: ox.RdfFormat.N3,
    Serialization.TRIG: ox.RdfFormat.TRIG,
    Serialization.JSON_LD: ox.RdfFormat.STREAMING_JSON_LD,
    Serialization.RDF_XML: ox.RdfFormat.RDF_XML,
}
Lines = Iterable[bytes]
"""Blocks of whole lines."""


def is_sorted(target: Target) -> bool:
    """Whether a syntax groups triples, so that they are sorted and each written once."""
    return target.serialization not in {Serialization.N_QUADS, Serialization.N_TRIPLES}


def key_of(target: Target) -> Callable[[bytes], bytes] | None:
    """What lines become before they are sorted for a syntax that groups them by graph; see `without_key`."""
    return _with_graph if target.serialization in {Serialization.TRIG, Serialization.JSON_LD} else None


@cache
def _line() -> re.Pattern[bytes]:
    return re.compile(
        rb"(?:<[^>]*>|_:\S+) <[^>]*> (?:<[^>]*>|_:\S+|\"(?:[^\"\\]|\\.)*\"(?:@[\w-]+|\^\^<[^>]*>)?)"
        rb"(?P<graph> (?:<[^>]*>|_:\S+))? \.\n?"
    )


def _with_graph(block: bytes) -> bytes:
    """Lines with their graph before them."""
    made = []
    for line in block.splitlines(keepends=True):
        found = _line().fullmatch(line)
        assert found is not None, line
        made.append((found["graph"] or b"") + b"\t" + line)
    return b"".join(made)


def without_key(block: bytes) -> bytes:
    """Lines without the graph before them."""
    return b"".join(line.partition(b"\t")[2] for line in block.splitlines(keepends=True))


def write(target: Target, lines: Lines, output: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write lines of N-Quads in the syntax of a target, sorted where `is_sorted` says so.

    :param prefixes: what IRIs are shortened with, where the syntax does so
    :raises DataError: if the syntax cannot hold a term
    """
    if not is_sorted(target):
        for block in lines:
            output.write(block)
        return
    try:
        quads: Iterable[ox.Quad] = ox.parse(cast("IO[bytes]", _Stream(lines)), ox.RdfFormat.N_QUADS)
        if target.serialization is Serialization.RDF_JSON:
            _rdf_json(quads, output)
            return
        if target.serialization is Serialization.RDF_XML:
            quads = _for_xml(target, quads)
        terms = quads if target.serialization.has_graphs else (quad.triple for quad in quads)
        ox.serialize(terms, output, _FORMATS[target.serialization], prefixes=dict(prefixes))
    except (SyntaxError, ValueError) as error:
        raise _cannot(target, str(error)) from None


def _cannot(target: Target, why: str) -> DataError:
    hint = "N-Quads can: rml:serialization formats:N-Quads"
    message = f"'{target.name}' cannot be written as {target.serialization}: {why}"
    return DataError(message, position=target.position, hint=hint)


_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _for_xml(target: Target, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Quads of which RDF/XML can be made (RDF 1.1 XML Syntax, section 7.2; XML 1.0, section 2.2)."""
    known: set[str] = set()
    for quad in quads:
        name = quad.predicate.value
        if name not in known:
            if not re.search(r"[^\W\d][\w.\-]*$", name):
                raise _cannot(target, f"<{name}> does not end in a name, which an element would have")
            known.add(name)
        found = _NOT_IN_XML.search(quad.object.value) if isinstance(quad.object, ox.Literal) else None
        if found is not None:
            raise _cannot(target, f"XML has no character U+{ord(found[0]):04X}")
        yield quad


def _rdf_json(quads: Iterable[ox.Quad], output: IO[bytes]) -> None:
    """RDF/JSON, a subject at a time (RDF 1.1 JSON Alternate Serialization)."""
    output.write(b"{")
    for number, (subject, group) in enumerate(groupby(quads, lambda quad: quad.subject)):
        said: dict[str, list[dict[str, str]]] = {}
        for quad in group:
            said.setdefault(quad.predicate.value, []).append(_object(quad.object))
        output.write(b",\n " if number else b"\n ")
        text = f"{_json(_name(subject))}: {_json(said)}"
        output.write(text.encode("utf-8"))
    output.write(b"\n}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _object(term: object) -> dict[str, str]:
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": str(term)}
        case ox.Literal():
            if term.language is not None:
                return {"type": "literal", "value": term.value, "lang": term.language}
            more = {} if term.datatype.value == XSD + "string" else {"datatype": term.datatype.value}
            return {"type": "literal", "value": term.value, **more}
    raise TypeError(term)


class _Stream(io.RawIOBase):
    """Blocks of lines as a file that is read."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._held = iter(lines), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Some bytes, and none at the end."""
        while not self._held:
            block = next(self._lines, None)
            if block is None:
                return b""
            self._held = block
        end = len(self._held) if size < 0 else size
        given, self._held = self._held[:end], self._held[end:]
        return given
