"""Values that a YARRRML document names once: `external`, and the references `$(_name)` that take them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kg.errors import MappingError
from kg.positions import Node, Sequence, Table, Value
from kg.rml.mapping.yarrrml.fields import text_of

_REFERENCE: Final = re.compile(r"\$\((\\?)_([^()\s]+)\)")


def with_externals(root: Node) -> Node:
    """A document in whose texts `$(_name)` is the external value of that name; `$(\\_name)` is the column `_name`.

    A name that no external value has stays what it is otherwise: a reference.

    :raises MappingError: if the values are no names with texts
    """
    if not isinstance(root, Table) or "external" not in root.entries:
        return root
    given = root.entries["external"]
    if not isinstance(given, Table):
        raise MappingError("'external' is written as names with values", position=given.position)
    values = {name: text_of(value, f"the external value '{name}'") for name, value in given}
    entries = {key: node if key == "external" else _filled(node, values) for key, node in root}
    return replace(root, entries=entries)


def _filled(node: Node, values: Mapping[str, str]) -> Node:
    if isinstance(node, Table):
        return replace(node, entries={key: _filled(one, values) for key, one in node})
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_filled(one, values) for one in node.items))
    if isinstance(node, Value):
        text = _REFERENCE.sub(lambda found: _written(found, values), node.text)
        return node if text == node.text else replace(node, text=text, value=text)
    raise TypeError(node)


def _written(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found[1]:
        return f"$(_{found[2]})"
    return values.get(found[2], found[0])
