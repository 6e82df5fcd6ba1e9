"""The targets of a YARRRML document: files that triples go to in the place of the output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from kg.errors import MappingError, Position, nearest
from kg.positions import Node, Sequence, Table, Value
from kg.rml.mapping.yarrrml.fields import each, fields_of, text_of
from kg.rml.mapping.yarrrml.sources import Source

SERIALIZATIONS: Final = {
    "nquads": "N-Quads",
    "ntriples": "N-Triples",
    "turtle": "Turtle",
    "trig": "TriG",
    "n3": "N3",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "rdfjson": "RDF_JSON",
}
"""As YARRRML names them, and the local names of the W3C's formats."""
_FILES: Final = ("localfile", "void", "dcat")
"""Kinds of targets that are files, as long as their address is a path."""
_REFUSED: Final = {
    "sparql": "nothing is sent to a SPARQL endpoint",
    "sd": "nothing is sent to a SPARQL endpoint",
    "ldes": "event streams are not written",
    "mqtt": "nothing is sent over the network",
    "http": "nothing is sent over the network",
    "directhttprequest": "nothing is sent over the network",
    "linkedhttprequest": "nothing is sent over the network",
}
_KEYS_REFUSED: Final = {
    "ldes": ("event streams (LDES) are not written", "without 'ldes', the members go to the file as they are"),
}
"""Keys of targets of yarrrml-parser, and why there are none here."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file, and how triples are written to it; equal wherever it is written."""

    path: str
    """With references `$(...)`, where it follows from the row."""
    serialization: str
    compression: str | None
    position: Position = field(compare=False)
    source: Source | None = None
    """Of whose rows it follows."""


def read_targets(node: Node, sources: Mapping[str, Source]) -> dict[str, Target]:
    """The targets that a document declares by name; what they say of a source is one of those.

    :raises MappingError: at the first that cannot be read
    """
    if not isinstance(node, Table):
        raise MappingError("'targets' is written as names with values", position=node.position)
    declared = {name: _target(value, sources) for name, value in node}
    # yarrrml-parser knows a target by its id, too.
    ids = {name: value.entries["id"] for name, value in node if isinstance(value, Table) and "id" in value.entries}
    return {**{text_of(given, "'id'"): declared[name] for name, given in ids.items()}, **declared}


def targets_of(node: Node, declared: Mapping[str, Target]) -> tuple[Target, ...]:
    """The targets of a term: names of declared ones, or targets written in place, one or a list of them.

    :raises MappingError: if one cannot be read, or a name is not declared
    """
    if isinstance(node, Sequence) and not _is_short(node):
        return tuple(dict.fromkeys(target for item in node.items for target in targets_of(item, declared)))
    if isinstance(node, Value) and "~" not in node.text:
        name = text_of(node, "a target")
        if name not in declared:
            hint = nearest(name, declared) or "declare it under 'targets', or write [file.nq~localfile, nquads]"
            raise MappingError(f"there is no target '{name}'", position=node.position, hint=hint)
        return (declared[name],)
    return (_target(node, {}),)


def _is_short(node: Sequence) -> bool:
    """Whether a list is one target, `[file~type, serialization, compression]`, and not a list of targets."""
    first = node.items[0] if node.items else None
    return isinstance(first, Value) and "~" in first.text and len(node.items) > 1


def _target(node: Node, sources: Mapping[str, Source]) -> Target:
    if isinstance(node, Table):
        for key, (message, hint) in _KEYS_REFUSED.items():
            if key in node.entries:
                raise MappingError(message, position=node.keys[key], hint=hint)
        known = ("access", "type", "serialization", "compression", "sources", "id")
        fields = fields_of(node, "a target", known)
        if "access" not in fields:
            raise MappingError("the target has no 'access'", position=node.position)
        given = {name: one.node for name, one in fields.items()}
        kind = text_of(given["type"], "'type'") if "type" in given else "localfile"
        made = _checked(given["access"], text_of(given["access"], "'access'"), kind, given)
        return replace(made, source=_source(given["sources"], sources)) if "sources" in given else made
    names = ("access", "serialization", "compression")
    items = tuple(each(node))
    if not 1 <= len(items) <= len(names):
        hint = "for example [out.ttl~localfile, turtle, gzip]"
        raise MappingError("a target is [file~type, serialization, compression]", position=node.position, hint=hint)
    given = dict(zip(names, items, strict=False))
    text = text_of(given["access"], "a target")
    path, tilde, kind = text.rpartition("~")
    return _checked(node, path if tilde else text, kind if tilde else "localfile", given)


def _source(node: Node, sources: Mapping[str, Source]) -> Source:
    name = text_of(node, "the source of a target")
    if name not in sources:
        hint = nearest(name, sources) or "name one of 'sources', or leave it out"
        raise MappingError(f"there is no source '{name}'", position=node.position, hint=hint)
    return sources[name]


def _checked(node: Node, path: str, kind: str, given: Mapping[str, Node]) -> Target:
    position = node.position
    if kind not in _FILES:
        reason = _REFUSED.get(kind.lower())
        told = f"targets of type '{kind}' are not written" + (f": {reason}" if reason else "")
        raise MappingError(told, position=position, hint=f"known: {', '.join(_FILES)}")
    path = path.removeprefix("file://")
    if "://" in path:
        raise MappingError(f"'{path}' is no file", position=position, hint="nothing is sent over the network")
    serialization = text_of(given["serialization"], "'serialization'") if "serialization" in given else "nquads"
    if serialization not in SERIALIZATIONS:
        hint = nearest(serialization, SERIALIZATIONS) or f"known: {', '.join(SERIALIZATIONS)}"
        raise MappingError(f"unknown serialization '{serialization}'", position=position, hint=hint)
    compression = text_of(given["compression"], "'compression'") if "compression" in given else None
    return Target(path, SERIALIZATIONS[serialization], compression, position)
