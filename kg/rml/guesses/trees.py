"""The records of a tree that nobody has described: where they are, and what they have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
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
_SECTION: Final = 10
"""Things that each hold so many others are the sections of a list, and those others what it lists."""
_LINES: Final = (".jsonl", ".ndjson")
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
"""Before the names of what XML itself says, such as the language of a text."""
_NO_VALUES: Final = (_XML, "{http://www.w3.org/2001/XMLSchema-instance}")
"""Before the names of attributes that say how a document is written, and nothing of a thing."""
_LANG: Final = f"{_XML}lang"
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_WRAPPERS: Final = frozenset({"properties", "attributes", "fields", "record", "_source"})
"""Members that hold the members of the record itself, in GeoJSON, JSON:API and what portals and indexes give."""


@dataclass(frozen=True, slots=True)
class Member:
    """A value of the records, and what is known of it before its values are looked at."""

    reference: str
    path: tuple[str, ...]
    """The names that lead to it from the record; what lies in a thing within the record has several."""
    language: str | None = None
    """What the document itself says of its texts."""
    is_many: bool = False
    """Whether a record has several of it."""
    is_typed: bool = False
    """Whether its values know their type."""
    unless: str | None = None
    """A reference to what it holds in other records, where it is no value."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The first records of a tree, as rows of texts by member."""

    formulation: Formulation
    iterator: str
    members: tuple[Member, ...]
    rows: tuple[tuple[str, ...], ...]
    namespaces: tuple[tuple[str, str], ...] = ()
    within: tuple[str, ...] = ()
    """What holds records of its own, which no cell could: a view makes rows of them."""
    torn: tuple[str, ...] = ()
    """What is a value, or a list of some, in some records and holds others in some: values of it are no members."""


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
    within = tuple(dict.fromkeys(path for record in records for path in _inner(record, "$", _DEEP)))
    kinds = _kinds(records)
    found: dict[str, Member] = {}
    torn: dict[str, None] = {}
    rows = []
    for record in records:
        row: dict[str, str] = {}
        for path, value in _members(record, (), _DEEP):
            is_many = isinstance(value, list)
            member = _of_path(path, kinds[path], is_many=is_many)
            if member is None:
                torn |= {_reference(path) + ("[*]" if is_many else ""): None} if value not in (None, []) else {}
                continue
            one = next(iter(value), None) if member.is_many else value  # one stands for all
            text, datatype = ("", None) if one is None else form_of(one)
            row |= {} if one is None else {member.reference: text}
            known = found.get(member.reference, member)
            found[member.reference] = replace(known, is_typed=known.is_typed or datatype is not None)
        rows.append(row)
    if not found:
        what = f"the records of {iterator} have no values" if within else "no records with members"
        hint = "they hold records of their own: save those as a file" if within else "is it a list of objects?"
        if is_lines and any(isinstance(record, list) for record in records):
            hint = "in such a file every line is a document: name one that is a list of records .json"
        raise DataError(what, position=Position(source.name, 1), hint=hint)
    cells = _cells(found, rows)
    return Tree(Formulation.JSON_PATH, iterator, tuple(found.values()), cells, within=within, torn=tuple(torn))


def _kinds(records: Sequence[Any]) -> dict[tuple[str, ...], set[str]]:
    """What stands at each path of some records: a member is a text here and an object there."""
    kinds: dict[tuple[str, ...], set[str]] = {}
    waiting: list[tuple[tuple[str, ...], Any]] = [((), record) for record in records]
    while waiting:
        path, record = waiting.pop()
        for name, value in record.items() if isinstance(record, dict) and len(path) < _DEEP else ():
            kind = _kind(value)
            kinds.setdefault((*path, name), set()).update(() if kind is None else (kind,))
            waiting.append(((*path, name), value))
    return kinds


def _kind(value: Any) -> str | None:
    match value:
        case None:
            return None
        case dict() | list():
            held = list(value.values()) if isinstance(value, dict) else value
            if any(isinstance(one, dict | list) for one in held):
                return "object" if isinstance(value, dict) else "records"
            kind = "object" if isinstance(value, dict) else "list"
            return f"{kind} of values" if any(one is not None for one in held) else kind
        case _:
            return "value"


def _of_path(path: tuple[str, ...], kinds: set[str], *, is_many: bool) -> Member | None:
    """The member of what stands at a path, or none if a reference to it would lead to records elsewhere.

    A value is told from what holds values by a condition; what holds none, or others, cannot be told from it.
    """
    reference = _reference(path)
    if is_many:
        return (
            None if kinds - {"value", "list", "list of values"} else Member(f"{reference}[*]", _own(path), is_many=True)
        )
    others = kinds - {"value"}
    if ("value" not in kinds and others) or others - {"list of values", "object of values"}:
        return None
    return Member(reference, _own(path), unless=f"{reference}.*" if others else None)


def _own(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path without what merely holds the members of a record.

    >>> _own(("properties", "name")), _own(("city", "name")), _own(("fields",))
    (('name',), ('city', 'name'), ('fields',))
    """
    while len(path) > 1 and path[0] in _WRAPPERS:
        path = path[1:]
    return path


def _cells(found: dict[str, Member], rows: Sequence[dict[str, str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row.get(reference, "") for reference in found) for row in rows)


def _inner(record: Any, path: str, depth: int) -> Iterator[str]:
    """What within a record no member tells of: lists that hold lists or objects, and what lies too deep."""
    for name, value in record.items() if isinstance(record, dict) else ():
        here = _member(path, name)
        if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
            yield f"{here}[*]"
        elif isinstance(value, dict) and value:
            if depth > 1:
                yield from _inner(value, here, depth - 1)
            else:
                yield here


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


def _reference(path: tuple[str, ...]) -> str:
    reference = "$"
    for name in path:
        reference = _member(reference, name)
    return reference


def _members(record: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values of a record that terms can be made of."""
    for name, value in record.items() if isinstance(record, dict) else ():
        here = (*path, name)
        if isinstance(value, dict):
            if depth > 1:
                yield from _members(value, here, depth - 1)
        elif isinstance(value, list):
            if not any(isinstance(one, dict | list) for one in value):
                yield here, value
        else:
            yield here, value


def _of_xml(source: Source) -> Tree:
    root = xml.root_of(source)
    chosen, sections = _list_of(root, source)
    tags = [tag for node in root.iter() for tag in (node.tag, *node.attrib) if str(tag).startswith("{")]
    spaces = dict.fromkeys(str(tag)[1:].partition("}")[0] for tag in tags if not str(tag).startswith(_NO_VALUES))
    prefixes = {space: f"n{number}" if number else "n" for number, space in enumerate(spaces)}
    records = [node for node in root.iter() if isinstance(node.tag, str) and _path(node) == chosen][:_ROWS]
    reader = _Elements.of(records, prefixes)
    found: dict[str, Member] = {}
    rows = []
    for record in records:
        row: dict[str, str] = {}
        for member, value in reader.members(record, (), ()):
            known = found.setdefault(member.reference, member)
            if member.reference in row and not known.is_many:
                found[member.reference] = replace(known, is_many=True)
            row.setdefault(member.reference, value)
        rows.append(row)
    if not found:
        hint = "they hold records of their own: save those as a file"
        raise DataError("the records have no values", position=Position(source.name, 1), hint=hint)
    return Tree(
        Formulation.XPATH,
        _absolute(chosen, prefixes),
        tuple(found.values()),
        _cells(found, rows),
        tuple((prefix, space) for space, prefix in prefixes.items()),
        (
            *(_absolute(path, prefixes) for path in sections),
            *("/".join(_named(tag, prefixes) for tag in path) for path in reader.within),
        ),
    )


def _absolute(path: Sequence[str], prefixes: dict[str, str]) -> str:
    return "".join(f"/{_named(tag, prefixes)}" for tag in path)


def _list_of(root: _Element, source: Source) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The path of the things that a document lists, and those of its sections: of lists within things, those things."""
    paths = Counter(_path(node) for node in root.iter() if isinstance(node.tag, str) and _has_members(node))
    if not paths:
        raise DataError("no elements with members", position=Position(source.name, 1), hint="is it a list of things?")
    several = [path for path in paths if paths[path] > 1]
    outer = [
        path
        for path in several
        if not any(_is_above(one, path) and paths[path] < _SECTION * paths[one] for one in several)
    ]
    chosen = max(outer or paths, key=lambda path: (paths[path], -len(path)))
    return chosen, [one for one in several if _is_above(one, chosen)]


def _is_above(one: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return len(one) < len(path) and path[: len(one)] == one


@dataclass(frozen=True, slots=True)
class _Elements:
    """What the elements within the records of a document are, by the tags that lead to them."""

    prefixes: dict[str, str]
    within: tuple[tuple[str, ...], ...]
    """Those that hold records: they stand several times in what they lie in, lie too deep, or mix text and elements."""
    holders: frozenset[tuple[str, ...]]
    """Those that hold others."""
    spoken: frozenset[tuple[str, ...]]
    """Texts of which one or more say their language."""

    @classmethod
    def of(cls, records: Sequence[_Element], prefixes: dict[str, str]) -> _Elements:
        """Look at all of them once."""
        within: dict[tuple[str, ...], None] = {}
        holders: set[tuple[str, ...]] = set()
        spoken: dict[tuple[str, ...], bool] = {}
        waiting: list[tuple[_Element, tuple[str, ...]]] = [(record, ()) for record in reversed(records)]
        while waiting:
            node, path = waiting.pop()
            counts = Counter(child.tag for child in node)
            for child in _children(node):
                here: tuple[str, ...] = (*path, str(child.tag))
                if not len(child):
                    tag = child.get(_LANG)
                    if tag is not None:
                        spoken[here] = spoken.get(here, True) and _TAG.fullmatch(tag) is not None
                elif here not in within:
                    holders.add(here)
                    if counts[child.tag] > 1 or len(here) >= _DEEP or _is_mixed(child):
                        within[here] = None
                    else:
                        waiting.append((child, here))
        outermost = tuple(path for path in within if not any(_is_above(one, path) for one in within))
        return cls(prefixes, outermost, frozenset(holders), frozenset(path for path, fits in spoken.items() if fits))

    def members(self, node: _Element, path: tuple[str, ...], tags: tuple[str, ...]) -> Iterator[tuple[Member, str]]:
        """What a record, or a thing within it, has: attributes, texts, attributes of texts."""
        before = "".join(f"{_named(tag, self.prefixes)}/" for tag in tags)
        yield from self._attributes(node, path, before)
        for child in _children(node):
            here, name = (*tags, str(child.tag)), _named(str(child.tag), self.prefixes)
            below = (*path, _local(str(child.tag)))
            if here in self.within:
                continue
            if len(child):
                yield from self.members(child, below, here)
                continue
            reference, language = f"{before}{name}", child.get(_LANG)
            if here in self.spoken:
                reference += "[not(@xml:lang)]" if language is None else f"[@xml:lang='{language}']"
            if (child.text or "").strip() or here not in self.holders:
                yield Member(reference, _own(below), language if here in self.spoken else None), child.text or ""
            yield from self._attributes(child, below, f"{before}{name}/")

    def _attributes(self, node: _Element, path: tuple[str, ...], before: str) -> Iterator[tuple[Member, str]]:
        for name, value in node.attrib.items():
            if not str(name).startswith(_NO_VALUES):
                reference = f"{before}@{_named(str(name), self.prefixes)}"
                yield Member(reference, _own((*path, _local(str(name))))), str(value)


def _children(node: _Element) -> list[_Element]:
    return [child for child in node if isinstance(child.tag, str)]


def _is_mixed(node: _Element) -> bool:
    """Whether text stands beside the elements of an element."""
    return any((text or "").strip() for text in (node.text, *(child.tail for child in node)))


def _path(node: _Element) -> tuple[str, ...]:
    above = [str(one.tag) for one in node.iterancestors()]
    return (*reversed(above), str(node.tag))


def _has_members(node: _Element) -> bool:
    """Whether an element is a thing with values, and no value itself: that has a text, and attributes tell of it."""
    is_empty = not len(node) and not (node.text or "").strip()
    own = [name for name in node.attrib if not str(name).startswith(_NO_VALUES)]
    return bool(own and is_empty) or any(isinstance(child.tag, str) and not len(child) for child in node)


def _named(tag: str, prefixes: dict[str, str]) -> str:
    space, brace, local = tag[1:].partition("}")
    return f"{prefixes[space]}:{local}" if tag.startswith("{") and brace else tag


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
