"""From statements to a plan: what a mapping says is read and checked before the first row is."""

from __future__ import annotations

import codecs
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from kg.errors import Position, nearest
from kg.rml.description import CSVW, RDF_TYPE, RML, Description, Node
from kg.rml.grammar import is_iri
from kg.rml.model import (
    Constant,
    Dialect,
    Expression,
    Formulation,
    Join,
    Plan,
    PredicateObjectMap,
    Reference,
    RefObjectMap,
    Source,
    TermMap,
    TermType,
    TriplesMap,
)
from kg.rml.statements import Statement
from kg.rml.term_maps import read_expression, read_term_map, read_term_maps

_ENCODINGS: Final = {"UTF-8": "utf-8", "UTF-16": "utf-16"}
_TREES: Final = (Formulation.JSON_PATH, Formulation.XPATH)


def read_plan(statements: Iterable[Statement], path: Path, base: str | None, elsewhere: Collection[str] = ()) -> Plan:
    """The plan of a mapping; sources are only named, not opened.

    :param path: the mapping: sources lie at or below its folder
    :param base: what relative IRIs are put behind, unless a triples map has its own
    :param elsewhere: names of sources that are not looked for: the caller reads something else in their place
    :raises MappingError: with everything that is wrong, in the order of the file
    """
    description = Description(statements, str(path))
    start = Position(str(path), 1)
    if base is not None and not is_iri(base):
        description.fault(f"the base '{base}' is no IRI", start, "for example http://example.com/")
    description.check_properties()
    reader = _Reader(description, path, base, elsewhere)
    maps = tuple(made for node in reader.names() if (made := reader.triples_map(node)) is not None)
    if not reader.names():
        description.fault("the mapping has no triples map", start, "a triples map has an rml:logicalSource")
    reader.check_links(maps)
    description.raise_any()
    return Plan(path, maps)


class _Reader:
    """Reads one mapping; what makes no sense is remembered in the description."""

    def __init__(self, description: Description, path: Path, base: str | None, elsewhere: Collection[str]) -> None:
        self._description, self._path, self._base, self._elsewhere = description, path, base, elsewhere

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
        source = self._source(link) if link is not None else None
        base = self._own_base(node)
        owners = described.all_of(node, "subjectMap") + described.all_of(node, "subject")
        if len(owners) != 1:
            hint = "every triples map has exactly one rml:subjectMap"
            where = owners[-1].position if owners else position
            described.fault(f"the triples map has {len(owners) or 'no'} subject maps", where, hint)
        subjects = read_term_maps(described, node, "subject", base)
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
        return TriplesMap(_name(node), source, subjects[0], known, graphs, tuple(pairs), position)

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
        predicates = read_term_maps(described, node, "predicate", base)
        objects: list[TermMap | RefObjectMap] = []
        written = described.all_of(node, "objectMap")
        for statement in written:
            inner = described.node_of(statement)
            if inner is None:
                continue
            if described.all_of(inner, "parentTriplesMap"):
                made: TermMap | RefObjectMap | None = self._link(inner, statement.position)
            else:
                made = read_term_map(described, inner, "object", base, statement.position)
            if made is not None:
                objects.append(made)
        shortcuts = described.all_of(node, "object")
        objects += self._constants(shortcuts, base)
        if not described.all_of(node, "predicateMap") and not described.all_of(node, "predicate"):
            described.fault("the predicate-object map has no predicate", position, "write rml:predicate")
        if not written and not shortcuts:
            described.fault("the predicate-object map has no object", position, "write rml:object or rml:objectMap")
        return PredicateObjectMap(predicates, tuple(objects), read_term_maps(described, node, "graph", base))

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

    def _link(self, node: Node, position: Position) -> RefObjectMap | None:
        described = self._description
        parent = described.one_of(node, "parentTriplesMap", "the object map", position)
        target = described.node_of(parent) if parent is not None else None
        joins = []
        for statement in described.all_of(node, "joinCondition"):
            inner = described.node_of(statement)
            child = self._side(inner, "child", statement.position) if inner is not None else None
            other = self._side(inner, "parent", statement.position) if inner is not None else None
            if child is not None and other is not None:
                joins.append(Join(child, other))
        if parent is None or target is None:
            return None
        if target not in self.names():
            known = [_name(name) for name in self.names() if isinstance(name, NamedNode)]
            described.fault(f"there is no triples map {_name(target)}", parent.position, nearest(_name(target), known))
            return None
        return RefObjectMap(_name(target), tuple(joins), position)

    def _side(self, node: Node, side: str, position: Position) -> Expression | None:
        described = self._description
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

    def check_links(self, maps: tuple[TriplesMap, ...]) -> None:
        """Triples maps that are linked without a condition read the same rows."""
        by_name = {triples_map.name: triples_map for triples_map in maps}
        for triples_map in maps:
            for pair in triples_map.pairs:
                for made in pair.objects:
                    if isinstance(made, RefObjectMap) and not made.joins and made.parent in by_name:
                        self._check_same(triples_map, by_name[made.parent], made.position)

    def _check_same(self, child: TriplesMap, parent: TriplesMap, position: Position) -> None:
        if child.source != parent.source:
            hint = "write rml:joinCondition with rml:child and rml:parent"
            self._description.fault("triples maps of different sources are linked by a condition", position, hint)

    def _source(self, link: Statement) -> Source | None:
        described = self._description
        node = described.node_of(link)
        if node is None:
            return None
        if node not in described.subjects():
            described.fault("the logical source is not described", link.position)
            return None
        formulation = self._formulation(node, link.position)
        iterator = described.optional(node, "iterator", "the logical source")
        walked = described.text_of(iterator) if iterator is not None else None
        if formulation in _TREES and walked is None:
            example = '"$.people[*]"' if formulation is Formulation.JSON_PATH else '"/people/person"'
            described.fault("the logical source has no rml:iterator", link.position, f"for example {example}")
        written = described.one_of(node, "source", "the logical source", link.position)
        file = described.node_of(written) if written is not None else None
        if file is None or written is None or formulation is None:
            return None
        where = described.one_of(file, "path", "the source", written.position)
        name = described.text_of(where) if where is not None else None
        path = self._confined(name, file, where.position) if name is not None and where is not None else None
        if name is None or where is None or path is None:
            return None
        nulls = frozenset(described.text_of(s) or "" for s in described.all_of(file, "null"))
        dialect, encoding = self._dialect(file)
        return Source(path, name, formulation, walked, encoding, nulls, dialect, where.position)

    def _formulation(self, node: Node, position: Position) -> Formulation | None:
        statement = self._description.one_of(node, "referenceFormulation", "the logical source", position)
        if statement is None:
            return None
        name = statement.object.value.removeprefix(RML)
        known = [str(kind) for kind in Formulation]
        if name not in known:
            hint = nearest(name, known) or f"known: {', '.join(f'rml:{kind}' for kind in known)}"
            self._description.fault(f"unknown reference formulation {name}", statement.position, hint)
            return None
        return Formulation(name)

    def _confined(self, name: str, file: Node, position: Position) -> Path | None:
        """The file, which lies at or below the folder of the mapping, wherever links lead."""
        if name in self._elsewhere:
            return Path(name)
        root = self._description.optional(file, "root", "the source")
        if root is not None and root.object.value != RML + "MappingDirectory":
            hint = "sources are relative to the mapping: rml:root rml:MappingDirectory"
            self._description.fault("sources lie below the folder of the mapping", root.position, hint)
            return None
        folder = Path(os.path.realpath(self._path)).parent
        if "\0" in name or not name:
            self._description.fault("the path of the source is no path", position)
            return None
        path = Path(os.path.realpath(self._path.parent / name))
        if not path.is_relative_to(folder):
            hint = "put the file beside the mapping, or the mapping higher up"
            self._description.fault(f"'{name}' leads out of the folder of the mapping", position, hint)
            return None
        if not path.is_file():
            near = nearest(Path(name).name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else None
            self._description.fault(f"there is no file '{name}'", position, near or "paths are relative to the mapping")
            return None
        return path

    def _dialect(self, file: Node) -> tuple[Dialect, str]:
        described = self._description
        encoding = "utf-8"
        given = described.optional(file, "encoding", "the source")
        if given is not None:
            name = given.object.value.removeprefix(RML)
            encoding = _ENCODINGS.get(name, "")
            if not encoding:
                described.fault(f"unknown encoding {name}", given.position, 'write csvw:encoding "name" in a dialect')
        link = described.optional(file, CSVW + "dialect", "the source")
        node = described.node_of(link) if link is not None else None
        if node is None:
            return Dialect(), encoding
        texts = {"delimiter": ",", "quoteChar": '"', "encoding": encoding}
        for name in texts:
            statement = described.optional(node, CSVW + name, "the dialect")
            if statement is None:
                continue
            text = texts[name] = statement.object.value
            if name != "encoding" and len(text) != 1:
                described.fault(f"csvw:{name} is one character", statement.position)
                texts[name] = "," if name == "delimiter" else '"'
            elif name == "encoding" and not _is_encoding(text):
                described.fault(f"unknown encoding '{text}'", statement.position)
        return Dialect(texts["delimiter"], texts["quoteChar"]), texts["encoding"]


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _name(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"
