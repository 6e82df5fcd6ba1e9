"""A subset of YARRRML, translated to statements of RML-Core that know their line in the YAML.

The subset and its meaning are told in `docs/yarrrml.md`; what is outside of it is an error.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import MappingError, Position, Problem, RecordError
from kg.positions import Node, Table, read_yaml
from kg.positions import Value as Given
from kg.rml.mapping.access import Home
from kg.rml.mapping.description import D2RQ, FORMATS
from kg.rml.mapping.statements import Statement
from kg.rml.mapping.yarrrml.model import Document, Equality, Link, Object, PredicateObject, RowMapping
from kg.rml.mapping.yarrrml.reading import read_document
from kg.rml.mapping.yarrrml.sources import Source
from kg.rml.mapping.yarrrml.targets import Target
from kg.rml.mapping.yarrrml.terms import PREDEFINED, RDF_TYPE, RML, Call, Template, Value, iri_at, parse_template

_BYTES: Final = 8_000_000
_DEPTH: Final = 32
_CSVW: Final = "http://www.w3.org/ns/csvw#"
_FORMULATIONS: Final = {
    "csv": "CSV",
    "jsonpath": "JSONPath",
    "xpath": "XPath",
    "table": "SQL2008Table",
    "sql": "SQL2008Query",
}


def read_yarrrml(path: Path, home: Home | None = None) -> tuple[Statement, ...]:
    """The RML-Core statements that a YARRRML file stands for.

    :param home: the database of tables and queries that name none
    :raises MappingError: with file and line of everything that does not parse or is outside the subset
    :raises StorageError: if the system cannot read the file
    """
    return read_with_notes(path, home)[0]


def read_with_notes(path: Path, home: Home | None = None) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    """The same, and what is told of what may have been meant otherwise.

    :raises MappingError: as `read_yarrrml`
    """
    document = read_document(_root(path))
    return _Translation(document, home).statements(), document.notes


def prefixes_in(path: Path) -> dict[str, str]:
    """The prefixes of a YARRRML file, and those that need no declaration; an IRI has one.

    :raises MappingError: as `read_yarrrml`
    """
    root = _root(path)
    found = root.entries.get("prefixes") if isinstance(root, Table) else None
    items = found if isinstance(found, Table) else ()
    declared = {name: value.text for name, value in items if isinstance(value, Given)}
    names = {iri: name for name, iri in (*PREDEFINED.items(), *declared.items()) if declared.get(name, iri) == iri}
    return {name: iri for iri, name in names.items()}


def _root(path: Path) -> Node:
    name = path.as_posix()
    if not path.exists():
        raise MappingError(f"no such file: {name}")
    try:
        return read_yaml(path, name, limit=_BYTES, depth=_DEPTH, prose=False)
    except RecordError as error:
        problems = [dataclasses.replace(problem, code=MappingError.code) for problem in error.problems]
        raise MappingError(problems=problems) from None


class _Translation:
    """Writes the statements of one document; blank nodes are numbered in the order of the file."""

    def __init__(self, document: Document, home: Home | None) -> None:
        self._document, self._home = document, home
        self._by_name = {mapping.name: mapping for mapping in document.mappings}
        self._statements: list[Statement] = []
        self._nodes: dict[tuple[Target, str], BlankNode] = {}
        self._mapped: Source | None = None
        """What the triples map reads that is being written."""
        self._blanks = itertools.count(1)

    def statements(self) -> tuple[Statement, ...]:
        for mapping in self._document.mappings:
            for number, (source, subject) in enumerate(itertools.product(mapping.sources, mapping.subjects)):
                self._triples_map(self._iri(mapping, number), mapping, source, subject)
        return tuple(self._statements)

    def _iri(self, mapping: RowMapping, number: int) -> NamedNode:
        """The name of the triples map of the numbered pair of source and subject."""
        suffix = f"/{number + 1}" if number else ""
        return iri_at(f"{self._document.base}{quote(mapping.name, safe='')}{suffix}", mapping.position)

    def _add(
        self,
        subject: NamedNode | BlankNode,
        name: str,
        value: NamedNode | BlankNode | Literal,
        position: Position,
    ) -> None:
        self._statements.append(Statement(subject, NamedNode(RML + name), value, position))

    def _node(self, subject: NamedNode | BlankNode, name: str, position: Position) -> BlankNode:
        """A new blank node that is the value of a property."""
        node = BlankNode(f"y{next(self._blanks)}")
        self._add(subject, name, node, position)
        return node

    def _type(self, subject: NamedNode | BlankNode, iri: str, position: Position) -> None:
        self._statements.append(Statement(subject, RDF_TYPE, NamedNode(iri), position))

    def _triples_map(self, iri: NamedNode, mapping: RowMapping, source: Source, subject: Value | None) -> None:
        self._mapped = source
        self._type(iri, RML + "TriplesMap", mapping.position)
        self._source(iri, source)
        position = subject.position if subject else mapping.position
        node = self._node(iri, "subjectMap", position)
        if subject is None:
            self._add(node, "termType", NamedNode(RML + "BlankNode"), position)
        elif isinstance(subject, Template) and subject.is_blank:
            self._blank(node, subject, source.formulation)
        elif subject.constant is not None:
            self._add(node, "constant", iri_at(subject.constant, position), position)
        else:
            self._expression(node, subject, source.formulation)
        self._targets(node, () if subject is None else subject.targets)
        self._conditions(iri, mapping.conditions, source.formulation)
        for graph in mapping.graphs:
            self._iri_map(node, "graph", graph, source.formulation)
        for pair in mapping.predicateobjects:
            self._predicateobject(iri, pair, source)

    def _blank(self, node: BlankNode, label: Template, formulation: str) -> None:
        """A blank node: by its label, or a new one for each row."""
        self._add(node, "termType", NamedNode(RML + "BlankNode"), label.position)
        if label.parts:
            self._expression(node, label, formulation)

    def _source(self, triples_map: NamedNode, source: Source) -> None:
        position = source.position
        logical = self._node(triples_map, "logicalSource", position)
        self._type(logical, RML + "LogicalSource", position)
        if source.namespaces:
            self._namespaces(logical, source)
        else:
            self._add(logical, "referenceFormulation", NamedNode(RML + _FORMULATIONS[source.formulation]), position)
        if source.iterator is not None:
            self._add(logical, "iterator", Literal(source.iterator), position)
        file = self._node(logical, "source", position)
        if source.is_database:
            self._database(file, source)
            return
        self._type(file, RML + "RelativePathSource", position)
        self._add(file, "root", NamedNode(RML + "MappingDirectory"), position)
        self._add(file, "path", Literal(source.path), position)
        standard = {"utf-8": "UTF-8", "utf8": "UTF-8", "utf-16": "UTF-16", "utf16": "UTF-16"}
        encoding = standard.get((source.encoding or "").lower())
        if encoding:
            self._add(file, "encoding", NamedNode(RML + encoding), position)
        if source.compression is not None:
            self._add(file, "compression", NamedNode(RML + quote(source.compression)), position)
        details = {"delimiter": source.delimiter, "encoding": None if encoding else source.encoding}
        if any(details.values()):
            dialect = BlankNode(f"y{next(self._blanks)}")
            self._statements.append(Statement(file, NamedNode(_CSVW + "dialect"), dialect, position))
            self._type(dialect, _CSVW + "Dialect", position)
            for name, value in details.items():
                if value:
                    self._statements.append(Statement(dialect, NamedNode(_CSVW + name), Literal(value), position))

    def _namespaces(self, logical: BlankNode, source: Source) -> None:
        """The formulation of XPath with the prefixes that its expressions use."""
        formulation = self._node(logical, "referenceFormulation", source.position)
        self._type(formulation, RML + "XPathReferenceFormulation", source.position)
        for prefix, iri in source.namespaces:
            namespace = self._node(formulation, "namespace", source.position)
            self._add(namespace, "namespacePrefix", Literal(prefix), source.position)
            self._add(namespace, "namespaceURL", Literal(iri), source.position)

    def _database(self, place: BlankNode, source: Source) -> None:
        self._type(place, D2RQ + "Database", source.position)
        if source.is_at_home:
            source = self._at_home(source)
        for name, value in (("jdbcDSN", source.path), ("username", source.user), ("password", source.password)):
            if value is not None:
                self._statements.append(Statement(place, NamedNode(D2RQ + name), Literal(value), source.position))

    def _at_home(self, source: Source) -> Source:
        home = self._home
        if home is None:
            hint = "--database jdbc:postgresql://host/name, or --database FILE of SQLite"
            raise MappingError("the database of the table is not named", position=source.position, hint=hint)
        password = None if home.password_variable is None else f"${{{home.password_variable}}}"
        return dataclasses.replace(source, path=home.dsn, user=home.user, password=password)

    def _targets(self, node: BlankNode, targets: Iterable[Target]) -> None:
        """Link a term map to its targets; each is described where it is needed first."""
        for target in targets:
            source = self._mapped
            assert source is not None, "a term is one of a triples map"
            if target.source not in {None, source}:
                hint = "its name follows from the rows of the mapping; leave 'source' out"
                raise MappingError("the target is of another source", position=target.position, hint=hint)
            key = target, source.formulation if "$(" in target.path else ""
            if key not in self._nodes:
                self._nodes[key] = self._target(target, source.formulation)
            self._add(node, "logicalTarget", self._nodes[key], target.position)

    def _target(self, target: Target, formulation: str) -> BlankNode:
        position = target.position
        node = BlankNode(f"y{next(self._blanks)}")
        self._type(node, RML + "LogicalTarget", position)
        self._statements.append(
            Statement(node, NamedNode(RML + "serialization"), NamedNode(FORMATS + target.serialization), position)
        )
        if target.compression is not None:
            self._add(node, "compression", NamedNode(RML + quote(target.compression)), position)
        file = self._node(node, "target", position)
        self._type(file, RML + "FilePath", position)
        path = parse_template(target.path, position)
        if path.constant is None:
            self._expression(self._node(file, "path", position), path, formulation)
        else:
            self._add(file, "path", Literal(path.constant), position)
        return node

    def _expression(self, node: BlankNode, template: Value, formulation: str) -> None:
        """The reference, template or function of an expression map."""
        if isinstance(template, Call):
            self._call(node, template, formulation)
            return
        reference = template.reference
        if reference is not None:
            self._add(node, "reference", Literal(reference.in_formulation(formulation)), template.position)
        else:
            self._add(node, "template", Literal(template.to_rml(formulation)), template.position)

    def _call(self, node: BlankNode, call: Call, formulation: str) -> None:
        execution = self._node(node, "functionExecution", call.position)
        self._add(execution, "function", iri_at(call.function, call.position), call.position)
        for parameter, value in call.inputs:
            taken = self._node(execution, "input", value.position)
            self._add(taken, "parameter", iri_at(parameter, value.position), value.position)
            if value.constant is not None:
                self._add(taken, "inputValue", Literal(value.constant), value.position)
            else:
                self._expression(self._node(taken, "inputValueMap", value.position), value, formulation)

    def _conditions(self, node: NamedNode | BlankNode, conditions: tuple[Call, ...], formulation: str) -> None:
        for condition in conditions:
            self._call(self._node(node, "condition", condition.position), condition, formulation)

    def _iri_map(self, subject: NamedNode | BlankNode, name: str, template: Value, formulation: str) -> None:
        """A map that makes IRIs without being told: of a predicate, a graph or a datatype."""
        position = template.position
        if template.constant is not None and template.targets:
            node = self._node(subject, f"{name}Map", position)
            self._add(node, "constant", iri_at(template.constant, position), position)
            self._targets(node, template.targets)
        elif template.constant is not None:
            self._add(subject, name, iri_at(template.constant, position), position)
        else:
            node = self._node(subject, f"{name}Map", position)
            self._expression(node, template, formulation)
            self._targets(node, template.targets)
            if name == "datatype" and template.reference is not None:
                self._add(node, "termType", NamedNode(RML + "IRI"), template.position)

    def _predicateobject(self, triples_map: NamedNode, pair: PredicateObject, source: Source) -> None:
        node = self._node(triples_map, "predicateObjectMap", pair.position)
        self._conditions(node, pair.conditions, source.formulation)
        for predicate in pair.predicates:
            self._iri_map(node, "predicate", predicate, source.formulation)
        for item in pair.objects:
            if isinstance(item, Link):
                self._link(node, item, source)
            else:
                self._object(node, item, source.formulation)
        for graph in pair.graphs:
            self._iri_map(node, "graph", graph, source.formulation)

    def _object(self, subject: BlankNode, item: Object, formulation: str) -> None:
        position = item.value.position
        if isinstance(item.value, Template) and item.value.is_blank:
            node = self._node(subject, "objectMap", position)
            self._conditions(node, item.conditions, formulation)
            self._targets(node, item.value.targets)
            self._blank(node, item.value, formulation)
            return
        aims = [one.targets for one in (item.value, item.language, item.datatype) if one is not None]
        if item.value.constant is not None and not item.conditions and not any(aims):
            self._add(subject, "object", _constant(item, item.value.constant), position)
            return
        node = self._node(subject, "objectMap", position)
        self._conditions(node, item.conditions, formulation)
        if item.value.constant is not None:
            self._targets(node, dict.fromkeys(target for some in aims for target in some))
            self._add(node, "constant", _constant(item, item.value.constant), position)
            return
        self._targets(node, item.value.targets)
        self._expression(node, item.value, formulation)
        is_reference = item.value.reference is not None or isinstance(item.value, Call)
        if item.is_iri == is_reference:
            self._add(node, "termType", NamedNode(RML + ("IRI" if item.is_iri else "Literal")), position)
        if item.datatype is not None:
            self._iri_map(node, "datatype", item.datatype, formulation)
        if item.language is not None:
            if item.language.constant is not None and item.language.targets:
                language = self._node(node, "languageMap", item.language.position)
                self._add(language, "constant", Literal(item.language.constant), item.language.position)
                self._targets(language, item.language.targets)
            elif item.language.constant is not None:
                self._add(node, "language", Literal(item.language.constant), item.language.position)
            else:
                language = self._node(node, "languageMap", item.language.position)
                self._expression(language, item.language, formulation)
                self._targets(language, item.language.targets)

    def _link(self, subject: BlankNode, link: Link, source: Source) -> None:
        other = self._by_name[link.mapping]
        for number, (other_source, _) in enumerate(itertools.product(other.sources, other.subjects)):
            if not link.conditions and other_source != source:
                continue
            node = self._node(subject, "objectMap", link.position)
            self._add(node, "parentTriplesMap", self._iri(other, number), link.position)
            self._targets(node, link.targets)
            for condition in link.conditions:
                self._join(node, condition, source.formulation, other_source.formulation)

    def _join(self, subject: BlankNode, condition: Equality, own: str, other: str) -> None:
        node = self._node(subject, "joinCondition", condition.position)
        for name, template, formulation in (("child", condition.own, own), ("parent", condition.other, other)):
            if template.reference is not None:
                value = Literal(template.reference.in_formulation(formulation))
                self._add(node, name, value, template.position)
                continue
            expression = self._node(node, f"{name}Map", template.position)
            if template.constant is not None:
                self._add(expression, "constant", Literal(template.constant), template.position)
            else:
                self._expression(expression, template, formulation)


def _constant(item: Object, text: str) -> NamedNode | Literal:
    """The term of a constant object."""
    position = item.value.position
    if item.is_iri:
        return iri_at(text, position)
    if item.datatype is not None:
        return Literal(text, datatype=iri_at(item.datatype.constant or "", item.datatype.position))
    if item.language is not None:
        language = item.language.constant or ""
        try:
            return Literal(text, language=language)
        except ValueError:
            raise MappingError(f"'{language}' is no language tag", position=position, hint="ar, fr, en-GB") from None
    return Literal(text)
