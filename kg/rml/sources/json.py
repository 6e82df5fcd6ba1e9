"""Trees in JSON (RFC 8259) and lines of JSON, walked by JSONPath."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from kg.errors import DataError, Position
from kg.rml.mapping.json_text import NotJson, parsed
from kg.rml.mapping.jsonpath import parse_path, rooted, split_path
from kg.rml.mapping.model import Batch, Source
from kg.rml.sources.lines import undecodable
from kg.rml.sources.stream import opened, suffix_of, text_of, whole

ROWS: Final = 1000
_LINES: Final = (".jsonl", ".ndjson")


def batches(source: Source, references: tuple[str, ...]) -> Iterator[Batch]:
    """The rows of a tree; a singular query has one value or `None`, another a list of values.

    :raises DataError: with file and line, where the file is not what it should be
    :raises StorageError: if the system cannot read it
    """
    readers = [reader(reference, source.nulls) for reference in references]
    iterator = rooted(source.iterator or "$")
    find = parse_path(iterator).find
    levels = [parse_path(rooted(reference)).up for reference in references]
    if any(levels):
        find = _with_those_above(split_path(iterator, max(levels)))
        readers = [_above(read, level) for read, level in zip(readers, levels, strict=True)]
    in_lines = is_lines(source)
    nodes = _nodes_of_lines(source, find) if in_lines else _numbered(_nodes(source, find))
    first = 1
    while chunk := list(islice(nodes, ROWS)):
        columns = tuple([read(node) for node, _ in chunk] for read in readers)
        lines = [line for _, line in chunk]
        yield Batch(columns, len(chunk), first, lines.__getitem__ if in_lines else None)
        first += len(chunk)


def records(source: Source) -> Iterator[Any]:
    """The records of a tree, as they are.

    :raises DataError: as `batches` does
    """
    find = parse_path(rooted(source.iterator or "$")).find
    return (node for node, _ in _nodes_of_lines(source, find)) if is_lines(source) else _nodes(source, find)


def is_lines(source: Source) -> bool:
    """Whether every line of a file is a document."""
    return suffix_of(source) in _LINES


def reader(reference: str, nulls: frozenset[str]) -> Callable[[Any], Any]:
    """What reads the value, or for a query that is not singular the values, of a reference."""
    path = parse_path(rooted(reference))

    def one(node: Any) -> Any:
        value = path.find_one(node)
        return None if isinstance(value, str) and value in nulls else value

    def many(node: Any) -> list[Any]:
        return [v for v in path.find(node) if v is not None and not (isinstance(v, str) and v in nulls)]

    if not path.is_singular:
        return many
    return one if nulls else path.find_one


def _with_those_above(paths: tuple[str, ...]) -> Callable[[Any], list[Any]]:
    """What finds records, each with those that it lies in, the nearest first."""
    first, *rest = [parse_path(path).find for path in paths]

    def find(document: Any) -> list[Any]:
        found: list[tuple[Any, ...]] = [(node,) for node in first(document)]
        for within in rest:
            found = [(inner, *chain) for chain in found for inner in within(chain[0])]
        return found

    return find


def _above(read: Callable[[Any], Any], level: int) -> Callable[[Any], Any]:
    return lambda chain: read(chain[level])


def _numbered(nodes: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    for node in nodes:
        yield node, 1


def _nodes(source: Source, find: Callable[[Any], list[Any]]) -> Iterator[Any]:
    content = whole(source)
    if not content.strip():
        raise DataError("the document is empty", position=Position(source.name, 1))
    document = _parsed(source, content, 1)
    yield from find(document)


def _nodes_of_lines(source: Source, find: Callable[[Any], list[Any]]) -> Iterator[tuple[Any, int]]:
    is_empty = True
    with opened(source, lines=True) as file:
        lines: Iterable[str | bytes] = file
        if source.encoding != "utf-8":  # where a line ends is known of characters only
            lines = text_of(file, source.encoding, newline="\n")
        for number, line in enumerate(_decodable(source, lines), 1):
            if line.strip():
                is_empty = False
                for node in find(_parsed(source, line, number)):
                    yield node, number
    if is_empty:
        raise DataError("the file is empty", position=Position(source.name, 1))


def _decodable(source: Source, lines: Iterable[str | bytes]) -> Iterator[str | bytes]:
    number = 1
    try:
        for line in lines:
            yield line
            number += 1
    except UnicodeDecodeError as error:
        raise undecodable(source, error, number) from None


def _parsed(source: Source, content: str | bytes, line: int) -> Any:
    text = content if isinstance(content, str) else _decoded(source, content, line)
    try:
        return parsed(text)
    except NotJson as error:
        position = Position(source.name, line + error.line - 1, error.column)
        raise DataError(str(error), position=position, hint=error.hint) from None
    except RecursionError:
        raise DataError("the JSON is nested too deeply", position=Position(source.name, line)) from None


def _decoded(source: Source, content: bytes, line: int) -> str:
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        position = Position(source.name, line + content.count(b"\n", 0, error.start))
        message = f"not {source.encoding}: byte 0x{content[error.start]:02x}"
        raise DataError(message, position=position, hint="save the file as UTF-8") from None
