"""Targets whose names follow from rows, as yarrrml-parser writes them: triples maps that make their descriptions.

What it calls `rmle:logicalTargetMap` makes the name of a logical target, and two triples maps whose triples go to
`rmle:ThisMapping` say what a target of that name is. All of it is one `rml:path` with a template here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import MappingError, Position
from kg.rml.mapping.description import RDF_TYPE, RML
from kg.rml.mapping.statements import Statement

_RMLE: Final = "https://w3id.org/imec/rml/ns/extensions#"
_PATHS: Final = (
    "http://rdfs.org/ns/void#dataDump",
    "http://www.w3.org/ns/dcat#dataDump",
    "http://www.w3.org/ns/dcat#accessURL",
    "http://www.w3.org/ns/dcat#downloadURL",
    f"{RML}path",
)
_SAID: Final = ("serialization", "compression")
_HINT: Final = 'write rml:path [ rml:template "{id}.nq" ] in the target'
Node = NamedNode | BlankNode


def with_row_targets(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The same mapping with such targets described in place.

    :raises MappingError: if one is not a file, or nothing says what it is
    """
    if all(one.predicate.value != f"{_RMLE}logicalTargetMap" for one in statements):
        return tuple(statements)
    return _Resolver(statements).run()


class _Resolver:
    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._about: dict[object, list[Statement]] = {}
        for one in statements:
            self._about.setdefault(one.subject, []).append(one)
        self._makers = {name: node for node, name in self._made_here()}
        """The triples maps that make descriptions, by the template of their subjects."""
        self._numbers = count(1)

    def run(self) -> tuple[Statement, ...]:
        gone = set(self._makers.values())
        made: list[Statement] = []
        for one in self._statements:
            if one.predicate.value == f"{_RMLE}logicalTargetMap":
                made += self._described(one)
            elif one.subject not in gone:
                made.append(one)
        return tuple(made)

    def _objects(self, node: object, name: str) -> list[Node | Literal]:
        iri = name if ":" in name else RML + name
        return [one.object for one in self._about.get(node, ()) if one.predicate.value == iri]

    def _made_here(self) -> Iterator[tuple[Node, str]]:
        for node in self._about:
            for subject in self._objects(node, "subjectMap"):
                aims = self._objects(subject, "logicalTarget")
                for name in self._objects(subject, "template"):
                    if NamedNode(f"{_RMLE}ThisMapping") in aims and isinstance(node, Node):
                        yield node, name.value

    def _values(self, node: Node) -> dict[str, Node | Literal]:
        """What a triples map says of its subjects: a constant, or the map of an object."""
        found: dict[str, Node | Literal] = {}
        for pair in self._objects(node, "predicateObjectMap"):
            verbs = self._objects(pair, "predicate")
            verbs += [c for inner in self._objects(pair, "predicateMap") for c in self._objects(inner, "constant")]
            values = self._objects(pair, "object")
            for inner in self._objects(pair, "objectMap"):
                values += self._objects(inner, "constant") or [inner]
            found.update((verb.value, value) for verb in verbs for value in values)
        return found

    def _maker(self, node: Node | Literal | None, position: Position) -> dict[str, Node | Literal]:
        for name in self._objects(node, "template"):
            if name.value in self._makers:
                return self._values(self._makers[name.value])
        raise MappingError("nothing says what the target of a row is", position=position, hint=_HINT)

    def _described(self, one: Statement) -> Iterator[Statement]:
        said = self._maker(one.object, one.position)
        place = self._maker(said.get(f"{RML}target"), one.position)
        written = next((place[iri] for iri in _PATHS if iri in place), None)
        if written is None:
            message = "the target of a row is no file: nothing is sent over the network"
            raise MappingError(message, position=one.position, hint=_HINT)
        number = next(self._numbers)
        target, file, path = (BlankNode(f"rowTarget{number}{part}") for part in ("", "file", "path"))

        def stated(subject: Node, name: str, value: Node | Literal) -> Statement:
            return Statement(subject, NamedNode(RML + name), value, one.position)

        yield stated(one.subject, "logicalTarget", target)
        yield stated(target, "target", file)
        yield from (stated(target, name, said[RML + name]) for name in _SAID if RML + name in said)
        yield Statement(file, NamedNode(RDF_TYPE), NamedNode(f"{RML}FilePath"), one.position)
        if isinstance(written, Literal):
            yield stated(file, "path", Literal(_plain(written.value)))
            return
        yield stated(file, "path", path)
        for name in ("template", "reference"):
            yield from (stated(path, name, Literal(_plain(v.value))) for v in self._objects(written, name))


def _plain(address: str) -> str:
    return address.removeprefix("file://")
