"""From statements to a plan: what a mapping says is read and checked before the first row is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode

from kg.errors import Position, Problem, nearest
from kg.rdf.grammar import is_iri
from kg.rml.compile.reading.expressions import read_conditions, read_expression
from kg.rml.compile.reading.term_maps import read_term_map, read_term_maps
from kg.rml.mapping.access import Access
from kg.rml.mapping.description import RDF_TYPE, RML, Description, Node
from kg.rml.mapping.functions import Functions
from kg.rml.mapping.logical_sources import SourceReader
from kg.rml.mapping.model import (
    Constant,
    Expression,
    Join,
    Plan,
    PredicateObjectMap,
    Reference,
    RefObjectMap,
    TermMap,
    TermType,
    TriplesMap,
)
from kg.rml.mapping.statements import Statement
from kg.rml.targets.reading import check_gathering, check_graphs, read_targets


def read_plan(
    statements: Iterable[Statement],
    path: Path,
    base: str | None,
    access: Access,
    sources: type[SourceReader] = SourceReader,
) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan of a mapping, and everything that is wrong with it, in the order of the file.

    Sources are only named, not opened. If anything is wrong, the plan holds the triples maps that make sense.

    :param path: the mapping: sources lie at or below its folder
    :param base: what relative IRIs are put behind, unless a triples map has its own
    :param access: what the mapping may reach beside the files of its folder
    :param sources: what reads logical sources
    """
    description = Description(statements, str(path), partial(_functions, access.functions))
    start = Position(str(path), 1)
    if base is not None and not is_iri(base):
        description.fault(f"the base '{base}' is no IRI", start, "for example http://example.com/")
    description.check_properties()
    source_reader = sources(description, path, access)
    reader = _Reader(description, base, source_reader)
    maps = tuple(made for node in reader.names() if (made := reader.triples_map(node)) is not None)
    if not reader.names():
        description.fault("the mapping has no triples map", start, "a triples map has an rml:logicalSource")
    reader.check_links(maps)
    check_graphs(description, maps)
    check_gathering(description, maps)
    source_reader.finish()
    return Plan(path, _linked(maps)), description.problems()


def _functions(own: Path | None) -> Functions:
    from kg.rml.functions.own import with_own

    return with_own(own)


def _linked(maps: tuple[TriplesMap, ...]) -> tuple[TriplesMap, ...]:
    """The triples maps whose links lead to one of them."""
    while True:
        names = {one.name for one in maps}
        kept = tuple(one for one in maps if {link.parent for link in one.links()} <= names)
        if len(kept) == len(maps):
            return maps
        maps = kept


class _Reader:
    """Reads one mapping; what makes no sense is remembered in the description."""

    def __init__(self, description: Description, base: str | None, sources: SourceReader) -> None:
        self._description, self._base, self._sources = description, base, sources

    def names(self) -> list[Node]:
        """The triples maps, in the order of writing."""
        described = self._description

        def is_one(node: Node) -> bool:
            kinds = [s.object.value for s in described.all_of(node, RDF_TYPE)]
            return RML + "TriplesMap" in kinds or bool(described.all_of(node, "logicalSource"))

        return [node for node in described.subjects() if is_one(node)]

    def triples_map(self, node: Node) -> TriplesMap | None:
        described = self._description
        position = self._position(node)
        link = described.one_of(node, "logicalSource", "the triples map", position)
        source = self._sources.read(link) if link is not None else None
        base = self._own_base(node)
        owners = described.all_of(node, "subjectMap") + described.all_of(node, "subject")
        if len(owners) != 1:
            hint = "every triples map has exactly one rml:subjectMap"
            where = owners[-1].position if owners else position
            described.fault(f"the triples map has {len(owners) or 'no'} subject maps", where, hint)
        subjects = read_term_maps(described, node, "subject", base, self._made)
        full = described.all_of(node, "subjectMap")
        owner = described.node_of(full[0]) if full else None
        classes = tuple(self._class(s) for s in described.all_of(owner, "class")) if owner is not None else ()
        graphs = read_term_maps(described, owner, "graph", base) if owner is not None else ()
        pairs = []
        for statement in described.all_of(node, "predicateObjectMap"):
            inner = described.node_of(statement)
            if inner is not None:
                pairs.append(self._pair(inner, base, statement.position))
        if source is None or len(subjects) != 1:
            return None
        known = tuple(name for name in classes if name is not None)
        subject = replace(subjects[0], conditions=())
        conditions = (*read_conditions(described, node), *subjects[0].conditions)
        return TriplesMap(_name(node), source, subject, known, graphs, tuple(pairs), position, conditions)

    def _position(self, node: Node) -> Position:
        described = self._description
        found = described.all_of(node, RDF_TYPE) or described.all_of(node, "logicalSource")
        return found[0].position

    def _own_base(self, node: Node) -> str | None:
        statement = self._description.optional(node, "baseIRI", "the triples map")
        if statement is None:
            return self._base
        if not isinstance(statement.object, NamedNode):
            self._description.fault("rml:baseIRI takes an IRI", statement.position, "write it in < and >")
            return self._base
        return statement.object.value

    def _class(self, statement: Statement) -> NamedNode | None:
        if isinstance(statement.object, NamedNode):
            return statement.object
        self._description.fault("rml:class takes an IRI", statement.position)
        return None

    def _pair(self, node: Node, base: str | None, position: Position) -> PredicateObjectMap:
        described = self._description
        predicates = read_term_maps(described, node, "predicate", base, self._made)
        objects: list[TermMap | RefObjectMap] = []
        written = described.all_of(node, "objectMap")
        for statement in written:
            inner = described.node_of(statement)
            if inner is None:
                continue
            made = self._made(inner, "object", base, statement.position)
            if made is not None:
                objects.append(made)
        shortcuts = described.all_of(node, "object")
        objects += self._constants(shortcuts, base)
        if not described.all_of(node, "predicateMap") and not described.all_of(node, "predicate"):
            described.fault("the predicate-object map has no predicate", position, "write rml:predicate")
        if not written and not shortcuts:
            described.fault("the predicate-object map has no object", position, "write rml:object or rml:objectMap")
        graphs = read_term_maps(described, node, "graph", base)
        return PredicateObjectMap(predicates, tuple(objects), graphs, read_conditions(described, node))

    def _constants(self, statements: list[Statement], base: str | None) -> list[TermMap]:
        made = []
        for statement in statements:
            term = statement.object
            if isinstance(term, BlankNode):
                self._description.fault("a constant is no blank node: use rml:objectMap", statement.position)
                continue
            kind = TermType.IRI if isinstance(term, NamedNode) else TermType.LITERAL
            made.append(TermMap(Constant(term), kind, base, statement.position))
        return made

    def _made(self, node: Node, role: str, base: str | None, position: Position) -> TermMap | RefObjectMap | None:
        """What makes the terms of a role: a term map, or a link to another triples map."""
        if self._description.all_of(node, "parentTriplesMap"):
            return self._link(node, position)
        return read_term_map(self._description, node, role, base, position, self._made)

    def _link(self, node: Node, position: Position) -> RefObjectMap | None:
        described = self._description
        parent = described.one_of(node, "parentTriplesMap", "the object map", position)
        target = described.node_of(parent) if parent is not None else None
        joins = read_joins(described, node)
        if parent is None or target is None or (described.all_of(node, "joinCondition") and not joins):
            return None  # what is wrong with it has been told
        if target not in self.names():
            known = [_name(name) for name in self.names() if isinstance(name, NamedNode)]
            described.fault(f"there is no triples map {_name(target)}", parent.position, nearest(_name(target), known))
            return None
        conditions, targets = read_conditions(described, node), read_targets(described, node, read_expression)
        return RefObjectMap(_name(target), joins, position, conditions, targets)

    def check_links(self, maps: tuple[TriplesMap, ...]) -> None:
        """Triples maps that are linked without a condition read the same rows."""
        by_name = {triples_map.name: triples_map for triples_map in maps}
        for triples_map in maps:
            for made in triples_map.links():
                if made.parent not in by_name:
                    continue
                if not made.joins:
                    self._check_same(triples_map, by_name[made.parent], made.position)
                elif any(isinstance(member, RefObjectMap) for member in by_name[made.parent].subject.within()):
                    message = "the subject of the other triples map gathers what is linked"
                    self._description.fault(message, made.position, "link to one whose subject gathers values")

    def _check_same(self, child: TriplesMap, parent: TriplesMap, position: Position) -> None:
        if child.source != parent.source:
            hint = "write rml:joinCondition with rml:child and rml:parent"
            self._description.fault("triples maps of different sources are linked by a condition", position, hint)


def read_joins(description: Description, node: Node) -> tuple[Join, ...]:
    """The join conditions of a node, those that make sense (RML-Core, join conditions)."""
    joins = []
    for statement in description.all_of(node, "joinCondition"):
        inner = description.node_of(statement)
        child = _side(description, inner, "child", statement.position) if inner is not None else None
        other = _side(description, inner, "parent", statement.position) if inner is not None else None
        if child is not None and other is not None:
            joins.append(Join(child, other))
    return tuple(joins)


def _side(described: Description, node: Node, side: str, position: Position) -> Expression | None:
    maps, shortcuts = described.all_of(node, f"{side}Map"), described.all_of(node, side)
    if len(maps) + len(shortcuts) != 1:
        described.fault(f"a join condition has one rml:{side}", position)
        return None
    if shortcuts:
        text = described.text_of(shortcuts[0])
        return None if text is None else Reference(text, shortcuts[0].position)
    inner = described.node_of(maps[0])
    expression, is_sound = read_expression(described, inner, side) if inner is not None else (None, False)
    if expression is None and is_sound:
        described.fault(f"the rml:{side}Map says nothing", maps[0].position)
    return expression


def _name(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"
