"""RDF as JSON-LD 1.1 that is compacted with the context of an ontology.

The context is the one that `kg ontology` generates: names for namespaces, and names for classes and properties with at
most one coercion each. Of such a context the compaction is a matter of looking up, in the time of one pass, where the
algorithms of the standard (JSON-LD 1.1 API, sections 5.5 and 6) have to be ready for anything. What an expansion makes
of the result is what was given: tests hold it against two parsers.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg.terms import expand

Node = dict[str, Any]
_TYPE: Final = expand("rdf:type")
_STRING: Final = expand("xsd:string")
_KEYS: Final = frozenset({"@id", "@type", "@container"})
_VERSION: Final = 1.1
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][\w.~/-]*", re.ASCII)
_PREFIX: Final = re.compile(r"[a-z][a-z0-9+.\-]*:[^\s\"<>{}|\\^`]*[:/?#\[\]@]", re.ASCII | re.IGNORECASE)
"""What stands for a namespace without being told so (JSON-LD 1.1, section 4.4): it ends in a delimiter."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a property, and what its values are where nothing else is said."""

    text: str
    type: str = ""
    """The IRI of a datatype, or `@id`."""
    by_language: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """A context whose every entry is understood here."""

    version: str
    """The beginning of its hash: its name among the versions of the context."""
    namespaces: tuple[tuple[str, str], ...]
    """The longest first."""
    names: Mapping[str, Name]
    """Names by the IRI that they stand for."""
    words: frozenset[str]
    """All names of the context."""

    @classmethod
    def read(cls, content: bytes) -> Context | None:
        """The context in a file; None if it is no JSON, or says more than is understood here.

        >>> context = Context.read(b'{"@context": {"ex": "http://e.org/", "seen": {"@id": "ex:seen", "@type": "@id"}}}')
        >>> context.names["http://e.org/seen"], Context.read(b'{"@context": {"@vocab": "http://e.org/"}}')
        (Name(text='seen', type='@id', by_language=False), None)
        """
        try:
            entries = dict(json.loads(content)["@context"])
            if entries.pop("@version", _VERSION) != _VERSION:
                return None
            return cls._of(entries, version_of(content))
        except (ValueError, KeyError, TypeError):
            return None

    @classmethod
    def _of(cls, entries: Mapping[str, Any], version: str) -> Context:
        """:raises ValueError: if an entry is not understood"""
        namespaces = {name: iri for name, iri in entries.items() if isinstance(iri, str) and _PREFIX.fullmatch(iri)}
        names: dict[str, Name] = {}
        for iri in namespaces.values():
            if iri.partition(":")[0] in entries:
                raise ValueError(iri)
        for name, entry in entries.items():
            if not _NAME.fullmatch(name):
                raise ValueError(name)
            if name not in namespaces:
                iri, read = _entry(name, entry, namespaces)
                names.setdefault(iri, read)
        longest = sorted(namespaces.items(), key=lambda item: -len(item[1]))
        return cls(version, tuple(longest), names, frozenset(entries))

    def shortened(self, iri: str) -> str:
        """An IRI as the value of `@id`.

        :raises NotCompactable: if it would be read as another one
        """
        if iri.partition(":")[0] in self.words:
            raise NotCompactable(iri)
        for name, namespace in self.namespaces:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{name}:{iri[len(namespace) :]}"
        return iri

    def word(self, iri: str) -> str:
        """An IRI as a key, a class or a datatype.

        :raises NotCompactable: if it would be read as another one
        """
        name = self.names.get(iri)
        return name.text if name is not None and not name.by_language else self.shortened(iri)


class NotCompactable(Exception):
    """What the context would turn into something else, or JSON-LD cannot say."""


def version_of(content: bytes) -> str:
    """The name of a version of a context: the beginning of the SHA-256 of its bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def _entry(name: str, entry: object, namespaces: Mapping[str, str]) -> tuple[str, Name]:
    if isinstance(entry, str):
        return _expanded(entry, namespaces), Name(name)
    if not isinstance(entry, dict) or not set(entry) <= _KEYS or entry.get("@container", "@language") != "@language":
        raise ValueError(name)
    kind = entry.get("@type", "")
    if kind not in {"", "@id"}:
        kind = _expanded(kind, namespaces)
    return _expanded(entry["@id"], namespaces), Name(name, kind, "@container" in entry)


def _expanded(text: str, namespaces: Mapping[str, str]) -> str:
    prefix, colon, local = text.partition(":")
    if not colon:
        raise ValueError(text)
    if prefix in namespaces and not local.startswith("//"):
        return namespaces[prefix] + local
    return text


def write(triples: Iterable[Triple], context: Context | None, address: str, first: str = "") -> bytes:
    """The triples as JSON-LD, the subject `first` before all others; the document refers to the context by `address`.

    Without a context, or where it would change what is said, the document is in expanded form: as long, and as true.

    :raises OSError: if JSON-LD 1.1 cannot say it: a triple about a triple
    """
    known = list(triples)
    if context is not None:
        try:
            return _document(_nodes(known, context), address, first)
        except NotCompactable:
            pass
    return serialize(known, format=RdfFormat.JSON_LD) or b""


def _document(nodes: dict[str, Node], address: str, first: str) -> bytes:
    listed = sorted(nodes.values(), key=lambda node: node is not nodes.get(first))
    body = listed[0] if len(listed) == 1 else {"@graph": listed}
    return json.dumps({"@context": address, **body}, ensure_ascii=False, indent=1).encode() + b"\n"


def _nodes(triples: Iterable[Triple], context: Context) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise NotCompactable(str(triple))
        key = subject.value if isinstance(subject, NamedNode) else f"_:{subject.value}"
        node = nodes.get(key)
        if node is None:
            node = nodes[key] = {"@id": _reference(subject, context)}
        if predicate == _TYPE and not isinstance(value, Literal):
            _add(node, "@type", context.word(value.value) if isinstance(value, NamedNode) else f"_:{value.value}")
        else:
            _state(node, predicate, value, context)
    return nodes


def _state(node: Node, predicate: str, value: NamedNode | BlankNode | Literal, context: Context) -> None:
    name = context.names.get(predicate)
    if name is not None and name.by_language:
        if isinstance(value, Literal) and value.language and value.direction is None:
            texts = node.setdefault(name.text, {})
            _add(texts, value.language, value.value)
            return
        name = None  # its values are sorted by language, and this one has none
    key = context.shortened(predicate) if name is None else name.text
    kind = "" if name is None else name.type
    if isinstance(value, Literal):
        _add(node, key, _literal(value, kind, context))
    else:
        reference = _reference(value, context)
        _add(node, key, reference if kind == "@id" else {"@id": reference})


def _reference(node: NamedNode | BlankNode, context: Context) -> str:
    return context.shortened(node.value) if isinstance(node, NamedNode) else f"_:{node.value}"


def _literal(value: Literal, kind: str, context: Context) -> Node | str:
    if value.direction is not None:
        raise NotCompactable(str(value))
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if datatype == kind or (datatype == _STRING and not kind):
        return value.value
    return {"@value": value.value} if datatype == _STRING else {"@value": value.value, "@type": context.word(datatype)}


def _add(node: Node, key: str, value: Node | str) -> None:
    """One value stands alone, several in a list."""
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]
