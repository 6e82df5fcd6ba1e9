"""What plain RDF says of a node: its statements in every graph, the blank nodes that they lead to, what refers to it.

A page and its data are both made of one description, so they say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Quad, Triple

from kg.errors import AnswerTooLarge
from kg.terms import expand
from server.engine.inprocess import InProcessEngine
from server.lookup import Label, Term, term_of
from server.pages import describe
from server.pages.facts.incoming import Group, named
from server.pages.phrases.naming import name_all
from server.pages.plain.references import read_group, read_references, what_holds, what_refers
from server.releases import Release

NAME: Final = r'(?:_:|[A-Za-z][A-Za-z0-9+.\-]*:)[^<>"{}|^`\\\u0000-\u0020]*'
"""What can name a node, as a regular expression of Python and of JSON Schema."""
SHOWN: Final = 1000
"""How many statements about a node a page shows, and as many about the blank nodes that they lead to."""
_DEEPEST: Final = 12
"""Blank nodes within blank nodes; below, a page leads on by a link."""
_FIRST, _REST, _NIL = expand("rdf:first"), expand("rdf:rest"), expand("rdf:nil")


@dataclass(frozen=True, slots=True)
class Description:
    """The statements about a node; those that were left out are told by `is_cut` and `references_cut`."""

    node: str
    quads: tuple[Quad, ...]
    nested: Mapping[str, tuple[Quad, ...]]
    """Those about blank nodes that the node leads to through nothing but blank nodes, by their names."""
    references: tuple[Quad, ...]
    is_cut: bool
    references_cut: bool

    @property
    def every(self) -> list[Quad]:
        """All of it, in the order of its lines."""
        nested = (quad for quads in self.nested.values() for quad in quads)
        return sorted({*self.quads, *nested, *self.references}, key=str)

    @property
    def triples(self) -> list[Triple]:
        """All of it as one graph, in the order of its lines."""
        return sorted({quad.triple for quad in self.every}, key=str)


def describe_node(engine: InProcessEngine, node: str, shown: int, references: int) -> Description | None:
    """What the store says of a node, up to so many statements of each kind; None if it says nothing.

    The node is an absolute IRI, or a blank node as `_:` and its identifier.
    """
    about, towards = engine.about(node, shown + 1), engine.towards(node, references + 1)
    if not about and not towards:
        return None
    nested, is_whole = _nested(engine, node, about, shown)
    return Description(
        node,
        _sorted(about[:shown]),
        nested,
        _sorted(towards[:references]),
        len(about) > shown or not is_whole,
        len(towards) > references,
    )


def whole(engine: InProcessEngine, node: str) -> Description | None:
    """The same without a cut, as the data formats give it.

    :raises AnswerTooLarge: if there are more than `describe.COUNTED` statements of one kind
    """
    found = describe_node(engine, node, describe.COUNTED, describe.COUNTED)
    if found is not None and (found.is_cut or found.references_cut):
        hint = "ask /sparql for a part of it"
        raise AnswerTooLarge(f"there are more than {describe.COUNTED} statements about {node}", hint=hint)
    return found


def _nested(
    engine: InProcessEngine, node: str, about: Iterable[Quad], limit: int
) -> tuple[dict[str, tuple[Quad, ...]], bool]:
    """What is said of the blank nodes below a node, and whether that is all."""
    found: dict[str, tuple[Quad, ...]] = {}
    waiting, left = [about], limit
    while waiting:
        for quad in waiting.pop():
            name = term_of(quad.object).name
            if not isinstance(quad.object, BlankNode) or name in found or name == node:
                continue
            quads = engine.about(name, left + 1)
            if len(quads) > left:
                return found, False
            left -= len(quads)
            found[name] = _sorted(quads)
            waiting.append(quads)
    return found, True


def _sorted(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(sorted(quads, key=lambda quad: (_graph(quad), quad.predicate.value, str(quad.object), str(quad))))


def _graph(quad: Quad) -> str:
    """The name of the graph that a statement stands in; that of the default graph is empty."""
    return "" if isinstance(quad.graph_name, DefaultGraph) else term_of(quad.graph_name).name


@dataclass(frozen=True, slots=True)
class Value:
    """A value on a page. A blank node is shown by what is said of it, or by its items if it is a list."""

    term: Term
    properties: tuple[Property, ...] = ()
    items: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """A property with its values."""

    term: Term
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one graph says of a node; the name of the default graph is empty."""

    graph: str
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class NodeView:
    """The page of a node."""

    node: str
    parts: tuple[Part, ...]
    is_cut: bool
    incoming: tuple[Group, ...]
    incoming_cut: bool
    queries: Mapping[str, str]
    """The query of what is said of it, and of what refers to it."""
    labels: Mapping[str, Label]


def read_node(release: Release, node: str, language: str) -> NodeView | None:
    """The page of a node, or None if the release says nothing of it."""
    found = describe_node(release.engine, node, SHOWN, 0)
    if found is None:
        return None
    parts, (incoming, is_cut) = parts_of(found), read_references(release, node)
    names = {term_of(part).name for t in found.triples for part in (t.subject, t.predicate, t.object)}
    labels = name_all(release, {node, *names, *named(incoming)}, language)
    queries = MappingProxyType({"held": what_holds(node), "incoming": what_refers(node)})
    return NodeView(node, parts, found.is_cut, incoming, is_cut, queries, labels)


def read_referring(release: Release, node: str, language: str, link: str, number: int) -> NodeView | None:
    """The page of what refers to a node by one property, or None if nothing does."""
    group = read_group(release, node, link, number)
    if group is None:
        return None
    labels = name_all(release, {node, *named((group,))}, language)
    queries = MappingProxyType({"incoming": what_refers(node, link)})
    return NodeView(
        node, (), is_cut=False, incoming=(group,), incoming_cut=group.more_than, queries=queries, labels=labels
    )


def parts_of(found: Description) -> tuple[Part, ...]:
    """What each graph says of a node, with blank nodes where they are the values."""
    tree = _Tree(found)
    return tuple(Part(graph, tree.properties(quads)) for graph, quads in groupby(found.quads, key=_graph))


class _Tree:
    """Blank nodes within what leads to them: each is shown once, where it is met first."""

    def __init__(self, description: Description) -> None:
        self._nested = description.nested
        self._shown = {description.node}

    def properties(self, quads: Iterable[Quad], depth: int = 0) -> tuple[Property, ...]:
        """The properties that some statements about one node give it."""
        return tuple(
            Property(Term("iri", link), tuple(dict.fromkeys(self._value(quad.object, depth) for quad in group)))
            for link, group in groupby(
                sorted(quads, key=lambda quad: quad.predicate.value), key=lambda quad: quad.predicate.value
            )
        )

    def _value(self, node: object, depth: int) -> Value:
        term = term_of(node)
        quads = self._nested.get(term.name, ()) if term.kind == "blank" else ()
        if not quads or depth >= _DEEPEST or term.name in self._shown:
            return Value(term)
        if (cells := self._cells(term.name)) is not None:
            return Value(term, items=tuple(self._value(item, depth + 1) for item in cells))
        self._shown.add(term.name)
        return Value(term, self.properties(quads, depth + 1))

    def _cells(self, name: str) -> list[object] | None:
        """The items of a list (RDF Schema 1.1, section 5.2) that is whole and well made; None for anything else."""
        cells: dict[str, object] = {}
        while name != _NIL:
            parts = {quad.predicate.value: quad.object for quad in self._nested.get(name, ())}
            is_cell = len(self._nested.get(name, ())) == len(parts) and set(parts) == {_FIRST, _REST}
            if not is_cell or name in cells or name in self._shown:
                return None
            cells[name] = parts[_FIRST]
            name = term_of(parts[_REST]).name
        self._shown.update(cells)
        return list(cells.values())


def is_name(text: str) -> bool:
    """Whether a text can name a node: an absolute IRI, or `_:` and the identifier of a blank node.

    >>> is_name("urn:isbn:0451450523"), is_name("people#alice"), is_name("")
    (True, False, False)
    """
    return re.fullmatch(NAME, text) is not None
