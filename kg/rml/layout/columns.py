"""What a mapping says of single columns of a table (CSVW metadata vocabulary, column descriptions)."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from kg.rml.mapping.description import CSVW, RDF_TYPE, Description, Node
from kg.rml.mapping.dialects import LAYOUT
from kg.rml.mapping.model import Column, Trim
from kg.rml.mapping.statements import Statement

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_KNOWN: Final = ("name", "titles", "null", "trim")


def read_columns(description: Description, file: Node) -> tuple[Column, ...]:
    """The columns of `csvw:tableSchema` that have rules of their own."""
    link = description.optional(file, CSVW + "tableSchema", "the source")
    schema = description.node_of(link) if link is not None else None
    if schema is None:
        return ()
    found = [
        _column(description, item)
        for one in description.all_of(schema, CSVW + "column")
        for item in _items(description, one)
    ]
    return tuple(one for one in found if one is not None)


def _items(description: Description, statement: Statement) -> list[Statement]:
    """What a statement points to; of a list, its members."""
    node = statement.object
    first = [] if isinstance(node, Literal) else description.all_of(node, _RDF + "first")
    if isinstance(node, Literal) or not first:
        return [statement]
    items = list(first[:1])
    for rest in description.all_of(node, _RDF + "rest")[:1]:
        if rest.object.value != _RDF + "nil":
            items += _items(description, rest)
    return items


def _column(description: Description, statement: Statement) -> Column | None:
    node = description.node_of(statement)
    if node is None:
        return None
    names = [*description.all_of(node, CSVW + "name"), *description.all_of(node, CSVW + "titles")]
    name = description.text_of(names[0]) if names else None
    if name is None:
        description.fault("a column has no csvw:name", statement.position, "write its name as the header has it")
        return None
    nulls = frozenset(description.text_of(one) or "" for one in description.all_of(node, CSVW + "null"))
    trim, fills = Trim.NONE, False
    for one in description.about(node):
        local = one.predicate.value.removeprefix(CSVW)
        if one.predicate.value == f"{LAYOUT}fillDown":
            fills = one.object.value == "true"
        elif local == "trim":
            trim = _trim(description, one)
        elif one.predicate.value != RDF_TYPE and local not in _KNOWN:
            description.fault(f"a column has no property {local} here", one.position, f"known: {', '.join(_KNOWN)}")
    return Column(name, nulls, trim, fills)


def _trim(description: Description, statement: Statement) -> Trim:
    known = [str(kind) for kind in Trim]
    if statement.object.value in known:
        return Trim(statement.object.value)
    description.fault(f"csvw:trim is one of {', '.join(known)}", statement.position)
    return Trim.NONE
