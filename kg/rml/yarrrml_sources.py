"""The sources of a YARRRML document."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.errors import MappingError, Position, nearest
from kg.positions import Node, Sequence, Table, Value
from kg.rml.yarrrml_fields import each, fields_of, text_of

_FORMULATIONS: Final = ("csv", "jsonpath", "xpath")
_KEYS: Final = ("access", "type", "referenceFormulation", "iterator", "delimiter", "encoding")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, how it is walked through, and how values are named in it; equal wherever it is written."""

    path: str
    formulation: str
    iterator: str | None
    delimiter: str | None
    encoding: str | None
    position: Position = field(compare=False)


def read_sources(node: Node) -> dict[str, Source]:
    """The sources that a document declares by name.

    :raises MappingError: at the first that cannot be read
    """
    if not isinstance(node, Table):
        raise MappingError("'sources' is written as names with values", position=node.position)
    return {name: _source(value) for name, value in node}


def sources_of(node: Node, declared: Mapping[str, Source]) -> tuple[Source, ...]:
    """The sources of one mapping: names of declared ones, or sources written in place, one or a list of them.

    :raises MappingError: if one cannot be read, or a name is not declared
    """
    if isinstance(node, Sequence) and not _is_short(node):
        return tuple(source for item in node.items for source in sources_of(item, declared))
    if isinstance(node, Value) and "~" not in node.text:
        name = text_of(node, "a source")
        if name not in declared:
            hint = nearest(name, declared) or "declare it under 'sources', or write file~csv"
            raise MappingError(f"there is no source '{name}'", position=node.position, hint=hint)
        return (declared[name],)
    return (_source(node),)


def _is_short(node: Sequence) -> bool:
    """Whether a list is one source, `[file~csv]` or `[file~jsonpath, iterator]`, and not a list of sources."""
    first = node.items[0] if node.items else None
    second = node.items[1] if len(node.items) > 1 else None
    alone = second is None or (isinstance(second, Value) and "~" not in second.text)
    return isinstance(first, Value) and "~" in first.text and alone


def _source(node: Node) -> Source:
    if isinstance(node, Table):
        return _long(node)
    match tuple(each(node)):
        case (file,):
            iterator = None
        case (file, second):
            iterator = text_of(second, "an iterator")
        case _:
            hint = "the iterator is left out for csv"
            raise MappingError("a source is [file~formulation, iterator]", position=node.position, hint=hint)
    path, tilde, formulation = text_of(file, "a source").rpartition("~")
    if not tilde:
        raise MappingError(
            f"'{formulation}' does not say how it is read",
            position=file.position,
            hint=f"write {formulation}~csv, ~jsonpath or ~xpath",
        )
    return _checked(Source(path, formulation, iterator, None, None, node.position))


def _long(node: Table) -> Source:
    fields = fields_of(node, "a source", _KEYS)
    texts = {name: text_of(field.node, f"'{name}'") for name, field in fields.items()}
    for name in ("access", "referenceFormulation"):
        if name not in texts:
            raise MappingError(f"the source has no '{name}'", position=node.position)
    if texts.get("type", "localfile") != "localfile":
        raise MappingError(
            f"sources of type '{texts['type']}' are not part of this subset of YARRRML",
            position=fields["type"].node.position,
            hint="sources are files below the folder of the mapping",
        )
    return _checked(
        Source(
            texts["access"],
            texts["referenceFormulation"],
            texts.get("iterator"),
            texts.get("delimiter"),
            texts.get("encoding"),
            node.position,
        )
    )


def _checked(source: Source) -> Source:
    position = source.position
    if source.formulation not in _FORMULATIONS:
        hint = nearest(source.formulation, _FORMULATIONS) or f"known: {', '.join(_FORMULATIONS)}"
        raise MappingError(f"unknown reference formulation '{source.formulation}'", position=position, hint=hint)
    if "://" in source.path:
        raise MappingError(
            f"'{source.path}' is no file",
            position=position,
            hint="sources are files below the folder of the mapping",
        )
    is_table = source.formulation == "csv"
    if is_table and source.iterator is not None:
        raise MappingError("a CSV source has no iterator: it is read by rows", position=position, hint="remove it")
    if not is_table and source.iterator is None:
        example = "$.people[*]" if source.formulation == "jsonpath" else "/people/person"
        raise MappingError("the source has no iterator", position=position, hint=f'for example "{example}"')
    if source.delimiter is not None and not (is_table and len(source.delimiter) == 1):
        raise MappingError("'delimiter' is one character, of a CSV source", position=position)
    if source.encoding is not None:
        try:
            codecs.lookup(source.encoding)
        except LookupError:
            raise MappingError(f"unknown encoding '{source.encoding}'", position=position) from None
    return source
