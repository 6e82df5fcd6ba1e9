"""JSON-LD of records -> N-Quads, for the part of JSON-LD that records are written in.

A parser of all of JSON-LD 1.1 spends more than half of its time on what records never have. What they have is little:
nodes with an IRI in named graphs, classes, references, values that say their datatype or language, and texts by
language; and a context of prefixes and terms. That much is expanded here, by the letter of the algorithms (JSON-LD 1.1
Processing Algorithms and API: 4.1 context processing, 5.2 IRI expansion, 5.3 value expansion, 8.2 RDF). Anything else
is `OutOfReach`, and a matter for the parser; so is whatever may not be well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.terms import PREFIXES

_SEGMENT: Final = r"(?:[A-Za-z0-9._~:@!$&'()*+,;=/-]|%[0-9A-Fa-f]{2})*+"
_IRI: Final = re.compile(
    rf"https?://[A-Za-z0-9.-]++(?::[0-9]{{1,5}})?(?:/{_SEGMENT})?(?:\?(?:{_SEGMENT}\??)*+)?(?:\#(?:{_SEGMENT}\??)*+)?",
    re.ASCII,
)
"""IRIs that are well-formed at a glance (RFC 3987): without user, without an address in brackets, in ASCII."""
_NAME: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z]{2})?", re.ASCII)
"""Tags that are well-formed at a glance (RFC 5646): a language, or one of a country."""
_MOST: Final = 2**53
"""Above it a number of JSON may not be kept to the last digit."""
_SPECIAL: Final = re.compile('["\\\\\x00-\x1f\x7f\ufffe\uffff]')
_ESCAPES: Final = str.maketrans(
    {
        **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)},
        "\b": "\\b",
        "\t": "\\t",
        "\n": "\\n",
        "\f": "\\f",
        "\r": "\\r",
        '"': '\\"',
        "\\": "\\\\",
    }
)
"""Those of canonical N-Quads (RDF Dataset Canonicalization, section 5.2; RDF 1.2 N-Quads, section 3)."""
_SCHEMES: Final = frozenset({"http", "https"})
_DELIMITERS: Final = tuple(":/?#[]@")
"""What the IRI of a term ends with that may be a prefix (JSON-LD 1.1, section 4.1.5)."""
_RDF: Final = f"<{PREFIXES['rdf']}"
_TYPE: Final = f"{_RDF}type>"
_XSD: Final = PREFIXES["xsd"]


class OutOfReach(Exception):
    """Something that is left to a parser of all of JSON-LD."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A context of prefixes and terms, in which a name means the same everywhere."""

    iris: Mapping[str, str]
    prefixes: frozenset[str]
    by_language: frozenset[str]
    """Terms whose value is a map from languages to texts."""

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Terms:
        """Read a context.

        :raises OutOfReach: if it has more than prefixes, terms, their coercions and maps of languages
        """
        plain: dict[str, str] = {}
        by_language: set[str] = set()
        for name, definition in context.items():
            if name == "@version":
                continue
            means = _iri_of(definition)
            if means is None or _NAME.fullmatch(name) is None or name in _SCHEMES:
                raise OutOfReach(name)
            if definition != means and "@container" in definition:
                by_language.add(name)
            plain[name] = means
        prefixes = {name: iri for name, iri in plain.items() if context[name] == iri and iri.endswith(_DELIMITERS)}
        iris = {name: _absolute(means, prefixes) for name, means in plain.items()}
        return cls(iris, frozenset(prefixes), frozenset(by_language))

    def expand(self, name: str) -> str:
        """The IRI of a compact or whole IRI.

        :raises OutOfReach: if it is neither, or not well-formed at a glance
        """
        prefix, colon, rest = name.partition(":")
        iri = self.iris[prefix] + rest if colon and prefix in self.prefixes and not rest.startswith("//") else name
        if _IRI.fullmatch(iri) is None:
            raise OutOfReach(name)
        return iri


def _iri_of(definition: object) -> str | None:
    """The IRI that a term has, if nothing else of its definition matters where each value says what it is."""
    match definition:
        case str(means):
            return means
        case {"@id": str(means), **others} if others.keys() <= {"@type", "@container"}:
            is_plain = others.get("@container", "@language") == "@language" and others.get("@type") != "@json"
            return means if is_plain else None
    return None


def _absolute(means: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a term that is defined by a whole IRI, or by one with a prefix that is defined so."""
    prefix, _, rest = means.partition(":")
    if prefix in prefixes and not rest.startswith("//"):
        means = prefixes[prefix] + rest
    if _IRI.fullmatch(means) is None:
        raise OutOfReach(means)
    return means


class Writer:
    """Writes documents of one context."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._iris: dict[str, str] = {}
        """The IRIs of a document, as N-Quads write them."""
        self._names: dict[str, str] = {}
        """Names of properties, classes and datatypes, as N-Quads write their IRIs; there are few."""
        self._ends = ""
        self._lines: list[str] = []

    def lines(self, graphs: list[Mapping[str, Any]]) -> bytes:
        """The named graphs of a document as N-Quads lines.

        :raises OutOfReach: if there is anything in them that is left to a parser
        """
        self._lines = []
        self._iris.clear()
        for graph in graphs:
            if graph.keys() != {"@id", "@graph"}:
                raise OutOfReach("graph")
            self._ends = f" {self._iri(graph['@id'])} .\n"
            for node in graph["@graph"]:
                self._node(node)
        written, self._lines = self._lines, []
        try:
            return "".join(written).encode()
        except UnicodeEncodeError as error:
            raise OutOfReach(str(error)) from None

    def _node(self, node: Mapping[str, Any]) -> str:
        """Write what is said of a node, and of those inside it; gives its IRI."""
        subject = self._iri(node.get("@id"))
        for key, value in node.items():
            if key == "@id":
                continue
            if key == "@type":
                names = value if isinstance(value, list) else [value]
                self._lines.extend([f"{subject} {_TYPE} {self._name(name)}{self._ends}" for name in names])
                continue
            begins = f"{subject} {self._names.get(key) or self._name(key)} "
            if isinstance(value, dict) and key in self._terms.by_language:
                self._texts(begins, value)
                continue
            for item in value if isinstance(value, list) else (value,):
                self._lines.append(f"{begins}{self._object(item)}{self._ends}")
        return subject

    def _texts(self, begins: str, by_language: Mapping[str, Any]) -> None:
        """Texts by language (section 5.1.2, step 13.7)."""
        for language, texts in by_language.items():
            for text in texts if isinstance(texts, list) else (texts,):
                self._lines.append(f"{begins}{_quoted(text)}{_tag(language)}{self._ends}")

    def _object(self, item: object) -> str:
        if not isinstance(item, dict):
            raise OutOfReach(repr(item))
        if "@value" in item:
            return self._literal(item)
        return self._iri(item.get("@id")) if len(item) == 1 else self._node(item)

    def _literal(self, item: Mapping[str, Any]) -> str:
        """A value (section 8.2.2, object to RDF conversion)."""
        value = item["@value"]
        match len(item), type(value):
            case 1, kind if kind is str:
                return _quoted(value)
            case 1, kind if kind is bool:
                return f'"{str(value).lower()}"^^<{_XSD}boolean>'
            case 1, kind if kind is int and -_MOST <= value <= _MOST:
                return f'"{value}"^^<{_XSD}integer>'
            case 2, kind if kind is str and "@language" in item:
                return _quoted(value) + _tag(item["@language"])
            case 2, kind if kind is str and "@type" in item:
                return self._typed(value, item["@type"])
        raise OutOfReach(repr(item))

    def _typed(self, text: str, datatype: object) -> str:
        name = self._name(datatype)
        if name.startswith(_RDF):
            raise OutOfReach(name)
        return _quoted(text) if name == f"<{_XSD}string>" else f"{_quoted(text)}^^{name}"

    def _iri(self, value: object) -> str:
        """The IRI of a node."""
        if not isinstance(value, str):
            raise OutOfReach(repr(value))
        found = self._iris.get(value)
        if found is None:
            found = self._iris[value] = f"<{self._terms.expand(value)}>"
        return found

    def _name(self, value: object) -> str:
        """The IRI of a property, a class or a datatype."""
        if not isinstance(value, str):
            raise OutOfReach(repr(value))
        found = self._names.get(value)
        if found is None:
            found = self._names[value] = f"<{self._terms.iris.get(value) or self._terms.expand(value)}>"
        return found


def _quoted(text: object) -> str:
    if not isinstance(text, str):
        raise OutOfReach(repr(text))
    return f'"{text.translate(_ESCAPES) if _SPECIAL.search(text) else text}"'


def _tag(language: object) -> str:
    if not isinstance(language, str) or _LANGUAGE.fullmatch(language) is None:
        raise OutOfReach(repr(language))
    return f"@{language}"
