"""A shapes graph as statements that can be asked: values of a property, lists, paths, instances of classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final, cast

import pyoxigraph as ox

from kg.errors import Position
from kg.shacl.graph.columns import SUBCLASS, TYPE
from kg.shacl.graph.terms import Term, form, is_beyond
from kg.shacl.graph.xsd import RDF
from kg.shacl.paths import Inverse, Path, Predicate, Repeat, Several
from kg.shacl.shapes.model import SH, Form, Version

NIL: Final = ox.NamedNode(RDF + "nil")
REIFIES: Final = RDF + "reifies"
_FIRST: Final = RDF + "first"
_REST: Final = RDF + "rest"
_REPEATS: Final[Mapping[str, str]] = MappingProxyType(
    {SH + "zeroOrMorePath": "*", SH + "oneOrMorePath": "+", SH + "zeroOrOnePath": "?"}
)
_PATHS: Final = (*_REPEATS, SH + "inversePath", SH + "alternativePath")
_DEPTH: Final = 32
Place = tuple[Term, str | None, Term | None]
"""A node, what is said of it, and the value; None for the first of several."""
Where = Callable[[Place], Position | None]
"""From what is said to the place where it is written."""


class Malformed(ValueError):
    """What a value of a shape is that it may not be; the message goes on after the name of the property."""


class Statements:
    """The statements of a shapes graph by subject and predicate, to be read as a version of SHACL says."""

    def __init__(
        self,
        quads: Iterable[ox.Quad | ox.Triple],
        where: Where | None = None,
        file_of: Callable[[Term], str | None] = lambda _: None,
        version: Version = "1.0",
    ) -> None:
        self.version: Final = version
        self._by_subject: dict[Term, dict[str, list[Term]]] = {}
        self._by_predicate: dict[str, list[tuple[Term, Term]]] = {}
        self._where = where
        self.file_of = file_of
        """The name of the file that says something of a node, for those that tell no lines."""
        for quad in quads:
            node, predicate, value = cast("tuple[Term, str, Term]", (quad.subject, quad.predicate.value, quad.object))
            values = self._by_subject.setdefault(node, {}).setdefault(predicate, [])
            if value not in values:
                values.append(value)
                self._by_predicate.setdefault(predicate, []).append((node, value))

    def __iter__(self) -> Iterator[Term]:
        return iter(self._by_subject)

    def where(self, node: Term, predicate: str | None = None, value: Term | None = None) -> Position | None:
        """The place where a node has a value of a predicate, or any value, or anything at all, if it is known."""
        if self._where is None:
            return None
        places = ((node, predicate, value), (node, predicate, None), (node, None, None))
        return next((place for key in places if (place := self._where(key)) is not None), None)

    def of(self, node: Term) -> Mapping[str, list[Term]]:
        """What is said of a node: the values of each predicate."""
        return self._by_subject.get(node, {})

    def values(self, node: Term, predicate: str) -> list[Term]:
        """The values of one predicate, in the order in which they came."""
        return self.of(node).get(predicate, [])

    def having(self, predicate: str) -> Iterator[tuple[Term, Term]]:
        """The nodes that have a predicate, each with each value."""
        return iter(self._by_predicate.get(predicate, ()))

    def reifiers(self, node: Term, predicate: str, value: Term) -> list[Term]:
        """What reifies a statement (RDF 1.2 Concepts, section 3.1)."""
        if not self._reified or not isinstance(node, ox.NamedNode | ox.BlankNode):
            return []
        return self._reified.get(ox.Triple(node, ox.NamedNode(predicate), value), [])

    @cached_property
    def _reified(self) -> Mapping[Term, list[Term]]:
        found: dict[Term, list[Term]] = {}
        for reifier, reified in self.having(REIFIES):
            found.setdefault(reified, []).append(reifier)
        return found

    def form(self, value: Term) -> Form:
        """The form of a term.

        :raises Malformed: if it is beyond RDF 1.1 for SHACL 1.0
        """
        if self.version == "1.0" and is_beyond(form(value)):
            raise Malformed("is a term of RDF 1.2, which SHACL 1.0 does not know")
        return form(value)

    def instances(self, kind: str) -> list[Term]:
        """The instances of a class and of its subclasses (SHACL, section 1.1)."""
        kinds: set[Term] = {ox.NamedNode(kind)}
        while True:
            more = {node for node, above in self.having(SUBCLASS) if above in kinds} - kinds
            if not more:
                break
            kinds |= more
        return list(dict.fromkeys(node for node, found in self.having(TYPE) if found in kinds))

    def members(self, node: Term) -> list[Term]:
        """The members of a list (RDF Schema, section 5.2).

        :raises Malformed: if it is no well-formed list
        """
        found: list[Term] = []
        seen: set[Term] = set()
        while node != NIL:
            first, rest = self.values(node, _FIRST), self.values(node, _REST)
            if node in seen or len(first) != 1 or len(rest) != 1:
                raise Malformed("is no list")
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        return found

    def members_or_none(self, node: Term) -> list[Term] | None:
        """The members of a list, or None if it is no well-formed list."""
        try:
            return self.members(node)
        except Malformed:
            return None

    def path(self, node: Term, depth: int = 0) -> Path:
        """The property path that a node describes (SHACL, section 2.3.1).

        :raises Malformed: if it is none
        """
        if depth > _DEPTH:
            raise Malformed("is nested too deep, or contains itself")
        if isinstance(node, ox.NamedNode) and node != NIL:
            return Predicate(node.value)
        if self.values(node, _FIRST):
            return Several(self._steps(node, depth), "/")
        said = [(predicate, self.values(node, predicate)) for predicate in _PATHS if self.values(node, predicate)]
        if len(said) != 1 or len(said[0][1]) != 1:
            raise Malformed("is no property path")
        predicate, inner = said[0][0], said[0][1][0]
        if predicate in _REPEATS:
            return Repeat(self.path(inner, depth + 1), _REPEATS[predicate])
        if predicate == SH + "inversePath":
            return Inverse(self.path(inner, depth + 1))
        return Several(self._steps(inner, depth), "|")

    def _steps(self, node: Term, depth: int) -> tuple[Path, ...]:
        steps = tuple(self.path(step, depth + 1) for step in self.members(node))
        if len(steps) < 2:  # noqa: PLR2004 -- SHACL, sections 2.3.1.2 and 2.3.1.3
            raise Malformed("is a path of fewer than two steps")
        return steps
