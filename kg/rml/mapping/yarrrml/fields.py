"""The keys of a YARRRML document: every one has its spellings, and a key that is not read is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.errors import MappingError, Position, nearest
from kg.positions import Node, Sequence, Table, Value

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "mappings": ("mappings", "mapping", "m"),
        "sources": ("sources", "source"),
        "subjects": ("subjects", "subject", "s"),
        "predicateobjects": ("predicateobjects", "predicateobject", "po"),
        "predicates": ("predicates", "predicate", "p"),
        "objects": ("objects", "object", "o"),
        "graphs": ("graphs", "graph", "g"),
        "condition": ("condition", "conditions"),
        "function": ("function", "fn", "f"),
        "parameters": ("parameters", "pms"),
        "parameter": ("parameter", "pm"),
        "value": ("value", "v"),
        "authors": ("authors", "author"),
        "targets": ("targets", "target"),
    }
)

_REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "inversepredicates": "write a second mapping with subject and object exchanged",
        "inversepredicate": "write a second mapping with subject and object exchanged",
        "i": "write a second mapping with subject and object exchanged",
        "quoted": "RDF-star is not part of the subset",
        "quotedNonAsserted": "RDF-star is not part of the subset",
        "driver": "sources are files below the folder of the mapping",
        "contentType": "sources are files below the folder of the mapping",
        "operationType": "sources are files below the folder of the mapping",
        "security": "sources are files below the folder of the mapping",
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a key and where the key stands."""

    node: Node
    key: Position


def fields_of(node: Node, what: str, names: tuple[str, ...]) -> dict[str, Field]:
    """The fields of a table by their full names, whatever their spelling.

    :raises MappingError: if `node` is no table, or has a key that is not one of `names` in any spelling
    """
    if not isinstance(node, Table):
        raise MappingError(f"{what} is written as keys with values", position=node.position)
    by_spelling = {spelling: name for name in names for spelling in _SPELLINGS.get(name, (name,))}
    found: dict[str, Field] = {}
    for key, value in node:
        position = node.keys[key]
        name = by_spelling.get(key)
        if name is None:
            hint = _REFUSED.get(key) or nearest(key, by_spelling) or f"known here: {', '.join(names)}"
            raise MappingError(f"{what} has no '{key}' in this subset of YARRRML", position=position, hint=hint)
        if name in found:
            raise MappingError(f"'{key}' says a second time what '{name}' says", position=position, hint="keep one")
        found[name] = Field(value, position)
    return found


def text_of(node: Node, what: str) -> str:
    """The text of a scalar, as it is written.

    :raises MappingError: if it is no scalar, or `null`
    """
    if not isinstance(node, Value) or node.value is None:
        raise MappingError(f"{what} is a text", position=node.position, hint="quote it if YAML reads it otherwise")
    return node.text


def each(node: Node) -> Iterator[Node]:
    """The items of a list, or the one thing that stands in place of a list."""
    if isinstance(node, Sequence):
        yield from node.items
    else:
        yield node
