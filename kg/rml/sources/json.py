"""Trees in JSON (RFC 8259) and lines of JSON, walked by JSONPath."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, NoReturn

from kg.errors import DataError, Position, StorageError
from kg.rml.jsonpath import parse_path
from kg.rml.model import Batch, Source

ROWS: Final = 1000
_LINES: Final = (".jsonl", ".ndjson")


def batches(source: Source, references: tuple[str, ...]) -> Iterator[Batch]:
    """The rows of a tree; a singular query has one value or `None`, another a list of values.

    :raises DataError: with file and line, where the file is not what it should be
    :raises StorageError: if the system cannot read it
    """
    readers = [_reader(reference, source.nulls) for reference in references]
    is_lines = source.path.suffix.lower() in _LINES
    nodes = _nodes_of_lines(source) if is_lines else _numbered(_nodes(source))
    first = 1
    while chunk := list(islice(nodes, ROWS)):
        columns = tuple([read(node) for node, _ in chunk] for read in readers)
        lines = [line for _, line in chunk]
        yield Batch(columns, len(chunk), first, lines.__getitem__ if is_lines else None)
        first += len(chunk)


def _reader(reference: str, nulls: frozenset[str]) -> Callable[[Any], Any]:
    path = parse_path(reference)

    def one(node: Any) -> Any:
        value = path.find_one(node)
        return None if isinstance(value, str) and value in nulls else value

    def many(node: Any) -> list[Any]:
        return [v for v in path.find(node) if v is not None and not (isinstance(v, str) and v in nulls)]

    if not path.is_singular:
        return many
    return one if nulls else path.find_one


def _numbered(nodes: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    for node in nodes:
        yield node, 1


def _nodes(source: Source) -> Iterator[Any]:
    try:
        content = source.path.read_bytes()
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror}") from None
    document = _parsed(source, content, 1)
    yield from parse_path(source.iterator or "$").find(document)


def _nodes_of_lines(source: Source) -> Iterator[tuple[Any, int]]:
    path = parse_path(source.iterator or "$")
    try:
        with source.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    for node in path.find(_parsed(source, line, number)):
                        yield node, number
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror}") from None


def _parsed(source: Source, content: bytes, line: int) -> Any:
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        position = Position(source.name, line + content.count(b"\n", 0, error.start))
        message = f"not {source.encoding}: byte 0x{content[error.start]:02x}"
        raise DataError(message, position=position, hint="save the file as UTF-8") from None
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        position = Position(source.name, line + error.lineno - 1, error.colno)
        raise DataError(f"not JSON: {error.msg}", position=position) from None
    except RecursionError:
        raise DataError("the JSON is nested too deeply", position=Position(source.name, line)) from None
    except ValueError as error:
        raise DataError(f"not JSON: {error}", position=Position(source.name, line)) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
