"""What the records of a tree have: their members by path, and the namespaces of their elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

from kg.rml.mapping.jsonpath import parse_path, rooted
from kg.rml.mapping.model import Formulation, Source
from kg.rml.mapping.xpath import tokens_of
from kg.rml.sources import json, xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_LOOKED_AT: Final = 200
_DEEP: Final = 3


class Records(Protocol):
    """The records of a tree, read again to see what they have."""

    def has(self, reference: str) -> bool:
        """Whether any record has what a reference names, be it empty."""

    def members(self) -> Sequence[str]:
        """What the first records have, as references write it."""

    def namespaces(self, path: str, *, of_iterator: bool = False) -> Sequence[str]:
        """The namespaces of what a path without prefixes would find, if names were looked at alone."""


def records_of(source: Source) -> Records:
    """The records of a tree.

    :raises ValueError: if the source is none
    """
    match source.formulation:
        case Formulation.JSON_PATH:
            return _Objects(source)
        case Formulation.XPATH:
            return _Elements(source)
    raise ValueError(source.formulation)


class _Objects:
    def __init__(self, source: Source) -> None:
        self._source = source

    def has(self, reference: str) -> bool:
        while reference.endswith("[*]"):  # an array without members is there
            reference = reference.removesuffix("[*]")
        path = parse_path(rooted(reference))
        if path.up:  # of the records that they lie in, nothing is known here
            return True
        find = path.find
        return any(find(record) for record in json.records(self._source))

    def members(self) -> Sequence[str]:
        found: dict[str, None] = {}
        for record in islice(json.records(self._source), _LOOKED_AT):
            found |= dict.fromkeys(_paths(record, "$", _DEEP))
        return tuple(found)

    def namespaces(self, path: str, *, of_iterator: bool = False) -> Sequence[str]:  # noqa: ARG002 -- JSON has none
        return ()


def _paths(value: Any, path: str, depth: int) -> Iterator[str]:
    """The paths of the members of a value.

    >>> list(_paths({"a": {"b c": 1}, "d": [{"e": 2}]}, "$", 3))
    ['$.a', "$.a['b c']", '$.d', '$.d[*].e']
    >>> list(_paths({"a": {"b": {"c": 1}}}, "$", 2))
    ['$.a', '$.a.b']
    """
    if isinstance(value, list):
        yield from _paths(next(iter(value), None), f"{path}[*]", depth)
    if not isinstance(value, dict) or not depth:
        return
    for name, inner in value.items():
        here = f"{path}.{name}" if name.isidentifier() else f"{path}['{name}']"
        yield here
        yield from _paths(inner, here, depth - 1)


class _Elements:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._root: _Element | None = None

    def _document(self) -> _Element:
        if self._root is None:
            self._root = xml.root_of(self._source)
        return self._root

    def _found(self, path: str, nodes: Iterable[Any]) -> Iterator[Any]:
        from lxml import etree

        find = etree.XPath(path, namespaces=dict(self._source.namespaces) or None, regexp=False)
        for node in nodes:
            found = find(node)
            yield from found if isinstance(found, list) else ()

    def _records(self) -> Iterator[Any]:
        root = self._document()
        iterator = (self._source.iterator or "/").strip()
        yield from (root,) if iterator == "/" else self._found(iterator, [root.getroottree()])

    def has(self, reference: str) -> bool:
        from lxml import etree

        find = etree.XPath(reference, namespaces=dict(self._source.namespaces) or None, regexp=False)
        return any(found if isinstance(found := find(record), list) else True for record in self._records())

    def members(self) -> Sequence[str]:
        found: dict[str, None] = {}
        for record in islice(self._records(), _LOOKED_AT):
            found |= dict.fromkeys(f"@{_local(name)}" for name in record.attrib)
            found |= dict.fromkeys(_local(child.tag) for child in record if isinstance(child.tag, str))
        return tuple(found)

    def namespaces(self, path: str, *, of_iterator: bool = False) -> Sequence[str]:
        loose = _by_local_names(path)
        if loose is None:
            return ()
        found: dict[str, None] = {}
        for node in self._found(loose, [self._document().getroottree()] if of_iterator else self._records()):
            for one in (node, *node.iterancestors()) if hasattr(node, "iterancestors") else ():
                if isinstance(one.tag, str) and one.tag.startswith("{"):
                    found[one.tag[1:].partition("}")[0]] = None
        return tuple(found)


def _local(name: Any) -> str:
    return str(name).rpartition("}")[2]


def _by_local_names(path: str) -> str | None:
    """A path that looks at local names alone; nothing if it is no plain one.

    >>> _by_local_names("/r/i"), _by_local_names("a/@b"), _by_local_names("count(a)")
    ("/*[local-name()='r']/*[local-name()='i']", "*[local-name()='a']/@b", None)
    """
    made, is_attribute = "", False
    for token in tokens_of(path):
        if token.kind == "name" and not is_attribute:
            made += f"*[local-name()='{token.text.rpartition(':')[2]}']"
        elif token.kind == "name" or (token.kind == "sign" and token.text in {"/", "//", ".", "@", "*"}):
            made += token.text
        else:
            return None
        is_attribute = token.text == "@"
    return made
