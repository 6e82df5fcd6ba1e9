"""The texts of a release, read from its sorted lines: whose they are, what they are for it, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from kg.terms import expand

_ROW: Final = re.compile(
    rb"(?m)^(<[^>]*+>|_:\S++) <([^>]*+)> "
    rb'(?:"((?:[^"\\]++|\\.)*+)"(?:@([A-Za-z0-9-]++))?+(\^\^\S++)?|<([^>]*+)>|[^ ]++)'
    rb"(?: <([^>]*+)>| _:\S++)?+ \.\n"
)
"""A line of N-Quads: subject, property, a text with its language or datatype, or an IRI, and the graph."""
NAMES: Final = frozenset(
    (
        *map(
            expand,
            (
                "rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "dct:title", "dct:alternative",
                "foaf:name", "schema:name", "schema:alternateName", "schema:headline", "zel:name", "zel:acronym",
            ),
        ),
        "http://schema.org/name",
        "http://schema.org/alternateName",
        "http://schema.org/headline",
        "http://purl.org/dc/elements/1.1/title",
        "http://www.w3.org/2006/vcard/ns#fn",
    )
)  # fmt: skip
"""The properties that name a thing; every other text says something of it."""
_TYPE: Final = expand("rdf:type").encode()
_SUBCLASS: Final = expand("rdfs:subClassOf").encode()
_CLASSES: Final = frozenset((_TYPE, _SUBCLASS))
_PLACE: Final = expand("oa:FragmentSelector").encode()
"""What points at a row of a table, as in `row=5072`: an address, which nobody looks for by its words."""
_Row = tuple[bytes, ...]
_STRING: Final = b"^^<" + expand("xsd:string").encode() + b">"
_ESCAPE: Final = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"\'\\]))')
_LETTERS: Final = MappingProxyType({"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"})
_LOST: Final = "\ufffd"


class Text(NamedTuple):
    """A text of a thing, once, wherever it is stated."""

    link: str
    """The property that states it."""
    value: str
    language: str
    graphs: tuple[str, ...]
    """The graphs that state it; the default graph is the empty one."""

    @property
    def is_name(self) -> bool:
        """Whether it names the thing."""
        return self.link in NAMES


class Thing(NamedTuple):
    """A thing with all that is to be found of it; `iri` is `_:` and a label where it has none."""

    iri: str
    types: tuple[str, ...]
    texts: tuple[Text, ...]
    above: tuple[str, ...] = ()
    """The classes right above it, of a class."""


def matters(line: bytes) -> bool:
    """Whether a line of N-Quads may say a text, or what class a thing or another class belongs to.

    >>> matters(b'<urn:a> <urn:b> "c"@fr .'), matters(b"<urn:a> <urn:b> <urn:c> .")
    (True, False)
    """
    return b'> "' in line or _TYPE in line or _SUBCLASS in line


def things_of(blocks: Iterable[Iterable[bytes]]) -> Iterator[Thing]:
    """The things of N-Quads lines that are sorted, or in which all lines of a subject stand together.

    Texts are literals without a datatype, or of xsd:string, that are not blank; not those of fragment selectors (Web
    Annotation Data Model, section 4.2.1), which are addresses.

    >>> line = b'<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "\\\\u0645" .'
    >>> next(things_of([[line + bytes([10])]])).texts[0].value
    'م'
    """
    last, found = b"", _Found()
    for lines in blocks:
        for subject, link, text, language, datatype, value, graph in _rows_of(list(lines)):
            if text:
                if (datatype and datatype != _STRING) or text.isspace():
                    continue
            elif not value or link not in _CLASSES:
                continue
            if subject != last:
                if found.matters:
                    yield found.thing(last)
                last, found = subject, _Found()
            if text:
                found.add_text((link, text, language), graph)
            else:
                found.add_class(link, value)
    if found.matters:
        yield found.thing(last)


def _rows_of(lines: list[bytes]) -> Iterable[_Row]:
    """The lines that are such, taken apart; what a line does not have is empty."""
    rows: list[_Row] = _ROW.findall(b"".join(lines))
    if len(rows) == len(lines):
        return rows
    # Something else stands between them, and may hold what looks like a line.
    return (row.groups(b"") for line in lines if (row := _ROW.match(line)) is not None)


class _Found:
    """What was read of one subject so far."""

    def __init__(self) -> None:
        self._types: dict[bytes, None] = {}
        self._above: dict[bytes, None] = {}
        self._texts: dict[tuple[bytes, bytes, bytes], list[bytes]] = {}

    @property
    def matters(self) -> bool:
        return bool(self._texts or self._above) and _PLACE not in self._types

    def add_text(self, text: tuple[bytes, bytes, bytes], graph: bytes) -> None:
        """Add a property with its text and the language of that, and a graph that states it."""
        graphs = self._texts.get(text)
        if graphs is None:
            self._texts[text] = [graph]
        else:
            graphs.append(graph)

    def add_class(self, link: bytes, value: bytes) -> None:
        (self._types if link == _TYPE else self._above)[value] = None

    def thing(self, subject: bytes) -> Thing:
        texts = tuple(
            [
                Text(_iri(link), unescape(text), _iri(language), tuple(sorted({_iri(graph) for graph in graphs})))
                for (link, text, language), graphs in self._texts.items()
            ]
        )
        name = unescape(subject[1:-1]) if subject.startswith(b"<") else subject.decode()
        return Thing(name, texts=texts, types=_iris(self._types), above=_iris(self._above))


def _iris(written: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(sorted(map(_iri, written)))


@lru_cache(1 << 12)
def _iri(written: bytes) -> str:
    return unescape(written)


def unescape(written: bytes) -> str:
    r"""What stands between the quotation marks of a literal, or in an IRI, without its escapes.

    >>> unescape(rb"a\tb\u00e9")
    'a\tbé'
    """
    text = written.decode()
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def _meant(found: re.Match[str]) -> str:
    if found[3] is not None:
        return _LETTERS.get(found[3], found[3])
    number = int(found[1] or found[2], 16)
    is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF  # noqa: PLR2004 -- what Unicode has
    return chr(number) if is_character else _LOST
