"""Gather maps of a mapping, read and checked (RML-CC)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from kg.errors import Position, nearest
from kg.rdf.grammar import RDF
from kg.rml.mapping.description import RML, Description, Node, shown
from kg.rml.mapping.model import Collection, Gather, RefObjectMap, TermMap
from kg.rml.mapping.statements import Statement

Read = Callable[[Node, str, str | None, Position], TermMap | RefObjectMap | None]
"""What reads the term map of a role, or a link to another triples map."""
_STRATEGIES: Final = {"append": False, "cartesianProduct": True}
_OF_GATHER: Final = ("gather", "gatherAs", "strategy", "allowEmptyListAndContainer")
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_DEEPEST: Final = 20
"""Gather maps within one another."""


def is_gather(description: Description, node: Node) -> bool:
    """Whether something is said of a node that belongs to gather maps."""
    return any(description.all_of(node, name) for name in _OF_GATHER)


def read_gather(description: Description, node: Node, written: TermMap, read: Read | None) -> Gather | None:
    """What a gather map gathers, and as what; nothing if it makes no sense.

    :param written: the term map, as far as it was read
    :param read: what reads members; nothing gathers where there is none
    """
    position = written.position
    if read is None:
        hint = "collections are subjects, predicates and objects"
        description.fault("nothing is gathered here", position, hint)
        return None
    if written.language or written.datatype:
        description.fault("only literals have a language or a datatype", position, "write it at the members")
        return None
    link = description.one_of(node, "gather", "the gather map", position)
    kind = description.one_of(node, "gatherAs", "the gather map", position)
    collection = _collection(description, kind) if kind is not None else None
    is_product = _is_product(description, description.optional(node, "strategy", "the gather map"))
    empty = description.optional(node, "allowEmptyListAndContainer", "the gather map")
    allows_empty = _boolean(description, empty) if empty is not None else False
    members = _members(description, node, link, written, read) if link is not None else None
    if members is None or collection is None:
        return None
    return Gather(members, collection, is_product, allows_empty, description.gather_number(node))


def _collection(description: Description, statement: Statement) -> Collection | None:
    name = statement.object.value.removeprefix(RDF)
    known = [str(one) for one in Collection]
    if isinstance(statement.object, NamedNode) and name in known:
        return Collection(name)
    hint = nearest(name, known) or f"known: {', '.join(f'rdf:{one}' for one in known)}"
    description.fault(f"nothing is gathered as {name}", statement.position, hint)
    return None


def _is_product(description: Description, statement: Statement | None) -> bool:
    if statement is None:
        return False
    name = statement.object.value.removeprefix(RML)
    if name not in _STRATEGIES:
        hint = nearest(name, _STRATEGIES) or f"known: {', '.join(f'rml:{one}' for one in _STRATEGIES)}"
        description.fault(f"there is no strategy {name}", statement.position, hint)
    return _STRATEGIES.get(name, False)


def _boolean(description: Description, statement: Statement) -> bool:
    text = statement.object.value
    if text not in _BOOLEANS:
        description.fault(f"{shown(statement)} is true or false", statement.position)
    return _BOOLEANS.get(text, False)


def _members(
    description: Description, node: Node, link: Statement, written: TermMap, read: Read
) -> tuple[TermMap | RefObjectMap, ...] | None:
    """The members of a gather map, in the order of its list."""
    try:
        if not description.enters(node, _DEEPEST):
            description.fault(f"it gathers itself, or more than {_DEEPEST} gather one another", written.position)
            return None
        made, is_sound = [], True
        for statement in _items(description, link):
            inner = description.node_of(statement)
            member = read(inner, "object", written.base, statement.position) if inner is not None else None
            if member is None:
                is_sound = False
            elif member.targets:
                hint = "write it at the gather map: a collection stays together"
                description.fault("a member has no target of its own", statement.position, hint)
            else:
                made.append(member)
        if not made and is_sound:
            description.fault("the gather map has no members", link.position, "rml:gather takes a list of term maps")
        return tuple(made) if made and is_sound else None
    finally:
        description.leaves()


def _items(description: Description, link: Statement) -> list[Statement]:
    """The items of an RDF list, each as the statement that holds it."""
    found: list[Statement] = []
    seen: set[object] = set()
    at = link
    while at.object.value != RDF + "nil":
        cell = at.object
        first = description.all_of(cell, RDF + "first") if isinstance(cell, NamedNode | BlankNode) else []
        rest = description.all_of(cell, RDF + "rest") if isinstance(cell, NamedNode | BlankNode) else []
        if len(first) != 1 or len(rest) != 1 or cell in seen:
            description.fault("rml:gather takes a list of term maps", at.position, "write it in ( and )")
            return []
        seen.add(cell)
        found.append(first[0])
        at = rest[0]
    return found
