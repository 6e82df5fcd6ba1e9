"""The records of a tree that nobody has described: where they are, and what they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import DataError, Position
from kg.rml.mapping.model import Formulation, Source
from kg.rml.mapping.values import form_of
from kg.rml.sources import json, xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROWS: Final = 10_000
_DEEP: Final = 3
_FURTHER: Final = 6
_LINES: Final = (".jsonl", ".ndjson")
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
"""Before the names of what XML itself says, such as the language of a text."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The first records of a tree, as rows of texts by reference."""

    formulation: Formulation
    iterator: str
    references: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    many: frozenset[str]
    """References that have several values in a record."""
    typed: frozenset[str] = frozenset()
    """References whose values know their type."""
    namespaces: tuple[tuple[str, str], ...] = ()
    within: tuple[str, ...] = ()
    """What holds records of its own, which no cell could: a view makes rows of them."""


def read_tree(path: Path) -> Tree | None:
    """The records of a file in JSON or XML, by its suffix; of any other, nothing.

    :raises DataError: if it is not what its suffix says, or holds no records
    """
    suffix = path.suffix.lower()
    if suffix in {".json", ".geojson", ".topojson", *_LINES}:
        return _of_json(Source(path, path.as_posix(), Formulation.JSON_PATH, "$"), is_lines=suffix in _LINES)
    if suffix == ".xml":
        return _of_xml(Source(path, path.as_posix(), Formulation.XPATH, "/"))
    return None


def _of_json(source: Source, *, is_lines: bool) -> Tree:
    iterator = "$"
    if not is_lines:
        document = next(iter(json.records(source)))
        iterator = max(_arrays(document, "$", _FURTHER), key=lambda found: found[1], default=("$", 0))[0]
    records = list(islice(json.records(replace(source, iterator=iterator)), _ROWS))
    within = tuple(dict.fromkeys(path for record in records for path, _ in _inner(record, "$", _DEEP)))
    if not any(isinstance(record, dict) for record in records):
        raise DataError("no records with members", position=Position(source.name, 1), hint="is it a list of objects?")
    found: dict[str, None] = {}
    many: set[str] = set()
    typed: set[str] = set()
    rows = []
    for record in records:
        row: dict[str, str] = {}
        for reference, value in _members(record, "$", _DEEP):
            found[reference] = None
            if isinstance(value, list):
                many.add(reference)
                value = next(iter(value), None)  # noqa: PLW2901 -- one stands for all
            if value is not None:
                row[reference], datatype = form_of(value)
                typed |= {reference} if datatype else set()
        rows.append(row)
    cells = tuple(tuple(row.get(reference, "") for reference in found) for row in rows)
    return Tree(Formulation.JSON_PATH, iterator, tuple(found), cells, frozenset(many), frozenset(typed), within=within)


def _inner(record: Any, path: str, depth: int) -> Iterator[tuple[str, int]]:
    """The lists within a record that hold lists or objects."""
    for name, value in record.items() if isinstance(record, dict) and depth else ():
        here = _member(path, name)
        if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
            yield f"{here}[*]", len(value)
        elif isinstance(value, dict):
            yield from _inner(value, here, depth - 1)


def _arrays(value: Any, path: str, depth: int) -> Iterator[tuple[str, int]]:
    """The arrays of objects within a document, with their sizes."""
    if isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            yield f"{path}[*]", len(value)
        return
    if isinstance(value, dict) and depth:
        for name, inner in value.items():
            yield from _arrays(inner, _member(path, name), depth - 1)


def _member(path: str, name: str) -> str:
    if name.isidentifier():
        return f"{path}.{name}"
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"{path}['{escaped}']"


def _members(record: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    """The values of a record that terms can be made of."""
    for name, value in record.items() if isinstance(record, dict) else ():
        here = _member(path, name)
        if isinstance(value, dict):
            if depth > 1:
                yield from _members(value, here, depth - 1)
        elif isinstance(value, list):
            if not any(isinstance(one, dict | list) for one in value):
                yield f"{here}[*]", value
        else:
            yield here, value


def _of_xml(source: Source) -> Tree:
    root = xml.root_of(source)
    paths = Counter(_path(node) for node in root.iter() if isinstance(node.tag, str) and _has_members(node))
    if not paths:
        raise DataError("no elements with members", position=Position(source.name, 1), hint="is it a list of things?")
    chosen = max(paths, key=lambda path: (paths[path] > 1, paths[path], -len(path)))
    tags = [tag for node in root.iter() for tag in (node.tag, *node.attrib) if str(tag).startswith("{")]
    spaces = dict.fromkeys(str(tag)[1:].partition("}")[0] for tag in tags if not str(tag).startswith(_XML))
    prefixes = {space: f"n{number}" if number else "n" for number, space in enumerate(spaces)}
    records = [node for node in root.iter() if isinstance(node.tag, str) and _path(node) == chosen][:_ROWS]
    found: dict[str, None] = {}
    many: set[str] = set()
    within: dict[str, None] = {}
    rows = []
    for record in records:
        row: dict[str, str] = {}
        for name, value in record.attrib.items():
            if not str(name).startswith(_XML):
                row[f"@{_named(str(name), prefixes)}"] = str(value)
        for child in record:
            if isinstance(child.tag, str) and len(child):
                within[_named(child.tag, prefixes)] = None
            elif isinstance(child.tag, str):
                reference = _named(child.tag, prefixes)
                many |= {reference} if reference in row else set()
                row.setdefault(reference, child.text or "")
        found |= dict.fromkeys(row)
        rows.append(row)
    cells = tuple(tuple(row.get(reference, "") for reference in found) for row in rows)
    iterator = "".join(f"/{_named(tag, prefixes)}" for tag in chosen)
    namespaces = tuple((prefix, space) for space, prefix in prefixes.items())
    return Tree(
        Formulation.XPATH, iterator, tuple(found), cells, frozenset(many), namespaces=namespaces, within=tuple(within)
    )


def _path(node: _Element) -> tuple[str, ...]:
    above = [str(one.tag) for one in node.iterancestors()]
    return (*reversed(above), str(node.tag))


def _has_members(node: _Element) -> bool:
    """Whether an element is a thing with values, and no value itself: that has a text, and attributes tell of it."""
    is_empty = not len(node) and not (node.text or "").strip()
    own = [name for name in node.attrib if not str(name).startswith(_XML)]
    return bool(own and is_empty) or any(isinstance(child.tag, str) and not len(child) for child in node)


def _named(tag: str, prefixes: dict[str, str]) -> str:
    space, brace, local = tag[1:].partition("}")
    return f"{prefixes[space]}:{local}" if tag.startswith("{") and brace else tag
