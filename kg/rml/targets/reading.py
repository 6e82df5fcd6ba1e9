"""The logical targets of a mapping (RML-IO), read and checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from pyoxigraph import Literal, NamedNode

from kg.errors import Position, nearest
from kg.rml.mapping.description import FORMATS, RDF_TYPE, RML, Description, Node
from kg.rml.mapping.model import (
    PACKED,
    Compression,
    Constant,
    Expression,
    Reference,
    RefObjectMap,
    Serialization,
    Target,
    Template,
    TermMap,
    TriplesMap,
    shown,
)
from kg.rml.mapping.statements import Statement

_VOID: Final = "http://rdfs.org/ns/void#"
_DCAT: Final = "http://www.w3.org/ns/dcat#"
_REFUSED: Final = {
    "http://www.w3.org/ns/sparql-service-description#Service": "nothing is sent to a SPARQL endpoint",
    "https://www.w3.org/2019/wot/td#Thing": "nothing is sent over the network (HTTP, MQTT, Kafka, WebSocket)",
    _DCAT + "Distribution": "nothing is sent to a web address",
    _DCAT + "Dataset": "nothing is sent to a web address",
    "http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#Database": "nothing is written into a database",
    "https://w3id.org/ldes#EventStream": "event streams are not written",
    "http://w3id.org/rml/DynamicTarget": "targets whose description follows from the rows are not written",
}
"""Kinds of targets that are never written, and why."""
# What yarrrml-parser writes has `dcat:dataDump`, which DCAT has not.
_FILE_ADDRESSES: Final = (_VOID + "dataDump", _DCAT + "dataDump", _DCAT + "accessURL", _DCAT + "downloadURL")
_ENCODINGS: Final = {"UTF-8": "utf-8", "UTF-16": "utf-16"}


Read = Callable[[Description, Node, str], tuple[Expression | None, bool]]
"""What reads the expression of a node, of something that is named; and whether it is sound."""


def read_targets(description: Description, node: Node, read: Read) -> tuple[Target, ...]:
    """Where the triples of a term map go; what makes no sense is remembered in the description."""
    found = []
    for statement in description.all_of(node, "logicalTarget"):
        inner = description.node_of(statement)
        if inner is None:
            continue
        if inner not in description.targets:
            description.targets[inner] = _Reader(description, read).read(inner, statement.position)
        target = description.targets[inner]
        if target is not None and target not in found:
            found.append(target)
    return tuple(found)


class _Reader:
    """Reads one logical target."""

    def __init__(self, description: Description, read: Read) -> None:
        self._described, self._read = description, read

    def read(self, node: Node, position: Position) -> Target | None:
        described = self._described
        if not described.about(node):
            described.fault("the logical target is not described", position, "write rml:target [ rml:path ... ]")
            return None
        link = described.one_of(node, "target", "the logical target", position)
        place = described.node_of(link) if link is not None else None
        if link is None or place is None:
            return None
        where = self._place(place, link.position)
        serialization = self._serialization(self._said("serialization", node, place))
        compression = self._compression(self._said("compression", node, place))
        encoding = self._encoding(self._said("encoding", node, place))
        if where is None:
            return None
        name, is_beside, written = where
        expression = None if isinstance(name, str) else name
        if isinstance(name, str):
            self._check_suffix(name, compression, written)
        else:
            name = shown(expression)
        if serialization in {Serialization.JSON_LD, Serialization.RDF_XML} and encoding != "utf-8":
            # RFC 8259, section 8.1; RDF/XML says in its first line what it is written in.
            described.fault(f"{serialization} is written in UTF-8", position, "remove rml:encoding")
        return Target(name, is_beside, serialization, compression, encoding, written, expression)

    def _said(self, name: str, *nodes: Node) -> Statement | None:
        """What is said of a logical target, or of what it writes to."""
        found = [s for node in nodes for s in self._described.all_of(node, name)]
        for extra in found[1:]:
            self._described.fault(f"the target has more than one rml:{name}", extra.position)
        return found[0] if found else None

    def _place(self, place: Node, position: Position) -> tuple[str | Expression, bool, Position] | None:
        """The path of a file, whether it begins at the folder of the mapping, and where that is written.

        The path is a text, or what makes it of each row.
        """
        described = self._described
        path = described.optional(place, "path", "the target")
        if path is None:
            return self._address(place, position)
        name = self._path(path)
        root = described.optional(place, "root", "the target")
        if name is None or root is None:
            return None if name is None else (name, False, path.position)
        if isinstance(root.object, Literal):
            return self._below(root.object.value, name, root.position), False, path.position
        local = root.object.value.removeprefix(RML)
        if local not in {"MappingDirectory", "CurrentWorkingDirectory"}:
            hint = "known: rml:MappingDirectory, rml:CurrentWorkingDirectory"
            described.fault(f"unknown root {local}", root.position, hint)
        return name, local == "MappingDirectory", path.position

    def _path(self, path: Statement) -> str | Expression | None:
        described = self._described
        if isinstance(path.object, Literal):
            return described.text_of(path)
        node = described.node_of(path)
        expression, is_sound = self._read(described, node, "path") if node is not None else (None, False)
        if expression is None and is_sound:
            hint = 'write it in quotes, or [ rml:template "{id}.nq" ] for a file of its own for each value'
            described.fault("the rml:path says nothing", path.position, hint)
        return expression.term.value if isinstance(expression, Constant) else expression

    def _below(self, folder: str, name: str | Expression, position: Position) -> str | Expression:
        """A path within a folder."""
        match name:
            case str():
                return f"{folder}/{name}"
            case Template(parts):
                return Template((f"{folder}/", *parts))
            case Reference():
                return Template((f"{folder}/", name))
        self._described.fault("a path that a function makes has no root in quotes", position, "let it make all of it")
        return name

    def _address(self, place: Node, position: Position) -> tuple[str, bool, Position] | None:
        """The path of a file that is named by an address, as VoID and DCAT do."""
        described = self._described
        for statement in described.about(place):
            if statement.predicate.value in _FILE_ADDRESSES:
                parts = urlsplit(statement.object.value)
                if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
                    return unquote(parts.path), False, statement.position
                if parts.scheme == "file" and "." not in parts.netloc:
                    # yarrrml-parser writes file://data/out.ttl for the path data/out.ttl.
                    return unquote(parts.netloc + parts.path), False, statement.position
                if parts.scheme == "file":
                    hint = f"write <file:///...>, or rml:path {json.dumps(parts.path.lstrip('/'))}"
                    described.fault(f"the target is a file of the host {parts.netloc}", statement.position, hint)
                    return None
        kinds = [s.object.value for s in described.all_of(place, RDF_TYPE)]
        reason = next((_REFUSED[kind] for kind in kinds if kind in _REFUSED), None)
        hint = 'a target is a file: [ a rml:FilePath ; rml:path "out.nq" ]'
        if reason is not None:
            kind = next(kind for kind in kinds if kind in _REFUSED)
            described.fault(f"targets of the kind <{kind}> are not written: {reason}", position, hint)
        else:
            described.fault("the target has no rml:path", position, hint)
        return None

    def _serialization(self, statement: Statement | None) -> Serialization:
        if statement is None:
            return Serialization.N_QUADS
        name = statement.object.value.removeprefix(FORMATS)
        known = [str(one) for one in Serialization]
        if isinstance(statement.object, NamedNode) and name in known:
            return Serialization(name)
        hint = nearest(name, known) or f"known: {', '.join(f'formats:{one}' for one in known)}"
        self._described.fault(f"triples are not written as {name}", statement.position, hint)
        return Serialization.N_QUADS

    def _compression(self, statement: Statement | None) -> Compression:
        if statement is None:
            return Compression.NONE
        name = statement.object.value.removeprefix(RML)
        name = {"targzip": "targz"}.get(name, name)
        known = [str(kind) for kind in Compression]
        if name in known:
            return Compression(name)
        hint = nearest(name, known) or f"known: {', '.join(f'rml:{kind}' for kind in known)}"
        self._described.fault(f"unknown compression {name}", statement.position, hint)
        return Compression.NONE

    def _encoding(self, statement: Statement | None) -> str:
        if statement is None:
            return "utf-8"
        name = statement.object.value.removeprefix(RML)
        if name not in _ENCODINGS:
            hint = "known: rml:UTF-8, rml:UTF-16"
            self._described.fault(f"triples are not written in {name}", statement.position, hint)
        return _ENCODINGS.get(name, "utf-8")

    def _check_suffix(self, name: str, compression: Compression, position: Position) -> None:
        """A name that promises a packed file is that of one: whoever reads it would be led astray."""
        promised = next((kind for end, kind in PACKED.items() if name.lower().endswith(end)), None)
        if promised is not None and promised is not compression:
            message = f"'{name}' has the suffix of {promised}, and is written as {compression}"
            self._described.fault(message, position, f"write rml:compression rml:{promised}, or another name")


def check_gathering(description: Description, maps: Iterable[TriplesMap]) -> None:
    """Collections go to no file whose name follows from a row: their members may be of many."""
    terms = [made for triples_map in maps for made in triples_map.terms()]
    if any(isinstance(made, TermMap) and made.gather for made in terms):
        for target in dict.fromkeys(t for made in terms for t in targets_of(made) if t.expression is not None):
            message = f"'{target.name}' follows from the row, and the mapping gathers collections"
            description.fault(message, target.position, "gather them in a mapping of their own")


def check_graphs(description: Description, maps: Iterable[TriplesMap]) -> None:
    """No triple of a named graph goes to a target that cannot say which graph it is in (RML-IO, graph maps)."""
    for triples_map in maps:
        for targets, graphs in _ways(triples_map):
            if any(map(_is_named, graphs)):
                for target in targets:
                    if not target.serialization.has_graphs:
                        message = f"triples of a graph go to '{target.name}', and {target.serialization} has no graphs"
                        description.fault(message, target.position, "write formats:N-Quads, formats:TriG or JSON-LD")


def _ways(triples_map: TriplesMap) -> Iterator[tuple[tuple[Target, ...], tuple[TermMap, ...]]]:
    """The targets and the graphs of the triples that a triples map makes."""
    subject = targets_of(triples_map.subject)
    yield (*subject, *(t for graph in triples_map.graphs for t in targets_of(graph))), triples_map.graphs
    for pair in triples_map.pairs:
        graphs = (*triples_map.graphs, *pair.graphs)
        made = (*pair.predicates, *pair.objects, *graphs)
        yield (*subject, *(target for one in made for target in targets_of(one))), graphs


def _is_named(graph: TermMap) -> bool:
    default = NamedNode(RML + "defaultGraph")
    return not (isinstance(graph.expression, Constant) and graph.expression.term == default)


def targets_of(made: TermMap | RefObjectMap) -> tuple[Target, ...]:
    """The targets of a term, those of its language and its datatype included."""
    if isinstance(made, RefObjectMap):
        return made.targets
    inner = [more for more in (made.language, made.datatype) if more is not None]
    return (*made.targets, *(target for more in inner for target in more.targets))
