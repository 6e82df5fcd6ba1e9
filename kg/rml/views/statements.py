"""Logical views as a mapping writes them, read and checked (RML-LV)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from kg.errors import Position
from kg.rml.compile.reading.expressions import read_expression
from kg.rml.compile.reading.plan import read_joins
from kg.rml.mapping.access import Access
from kg.rml.mapping.description import RDF_TYPE, RML, Description, Node
from kg.rml.mapping.jsonpath import parse_path, rooted
from kg.rml.mapping.logical_sources import SourceReader
from kg.rml.mapping.model import (
    TREES,
    Dialect,
    Expression,
    Field,
    Formulation,
    Source,
    View,
    ViewJoin,
    references_of,
)
from kg.rml.mapping.statements import Statement
from kg.rml.mapping.xpath import check_xpath
from kg.rml.sources.xml import with_prefixes
from kg.rml.views.annotations import check_annotations
from kg.rml.views.queries import with_tables

_NAME: Final = re.compile(r"[\w-]+")
_OF_SOURCES: Final = ("source", "referenceFormulation", "iterator", "query", "tableName")
_EXPRESSIONS: Final = ("reference", "template", "constant", "functionExecution")
_OF_TERMS: Final = ("condition", "termType", "language", "languageMap", "datatype", "datatypeMap")
_EXAMPLES: Final = {Formulation.JSON_PATH: 'for example "$.items[*]"', Formulation.XPATH: 'for example "items/item"'}


@dataclass(frozen=True, slots=True)
class _Owner:
    """What fields stand in."""

    records: Source
    """What their expressions are about."""
    prefix: str = ""
    has_text: bool = False
    """Whether it is an expression field, whose values hold records in another form."""
    above: tuple[Node, ...] = ()


class ViewReader(SourceReader):
    """Reads the logical sources of a mapping, views among them."""

    def __init__(self, description: Description, path: Path, access: Access) -> None:
        super().__init__(description, path, access)
        self._described, self._mapping = description, path
        self._views: dict[Node, Source | None] = {}
        self._within: list[Node] = []

    def read(self, link: Statement) -> Source | None:
        """The source or the view that a triples map or a view names."""
        node = link.object
        if isinstance(node, NamedNode | BlankNode) and self._is_view(node):
            return self._read_view(node, link.position)
        source = super().read(link)
        if source is None:
            return None
        if source.formulation is Formulation.XPATH:
            return with_prefixes(source)
        return with_tables(self._described, self._mapping, source)

    def finish(self) -> None:
        """Read the views that no triples map leads to, so that their faults are told."""
        for node in self._described.subjects():
            if node not in self._views and self._is_view(node):
                self._read_view(node, self._described.about(node)[0].position)

    def _read_view(self, node: Node, position: Position) -> Source | None:
        if node in self._within:
            names = " -> ".join(_shown(one) for one in [*self._within[self._within.index(node) :], node])
            self._described.fault(
                f"the views go round in a circle: {names}", position, "let one of them be on a source"
            )
            return None
        if node not in self._views:
            self._within.append(node)
            self._views[node] = self._view(node, position)
            self._within.pop()
        return self._views[node]

    def _is_view(self, node: Node) -> bool:
        described = self._described
        kinds = {s.object.value for s in described.all_of(node, RDF_TYPE)}
        return RML + "LogicalView" in kinds or bool(described.all_of(node, "viewOn"))

    def _view(self, node: Node, position: Position) -> Source | None:
        described = self._described
        for name in _OF_SOURCES:
            for extra in described.all_of(node, name):
                described.fault(f"a view has no rml:{name} of its own", extra.position, "it has that of rml:viewOn")
        for full in described.all_of(node, "fullJoin"):
            if len(self._joins_of(node)) > 1:
                hint = "write the others in a view on this one, or this one in a view on theirs"
                message = "a full join stands alone: joins of a view have no order, and it would change the rows"
                described.fault(message, full.position, hint)
        link = described.one_of(node, "viewOn", "the view", position)
        on = self.read(link) if link is not None else None
        joins = [self._join(statement) for statement in self._joins_of(node)]
        if on is None:
            return None
        fields = self._fields(node, _Owner(on))
        if not described.all_of(node, "field"):
            described.fault("the view has no rml:field", position, "name a field for each value that is to be used")
        view = View(on, fields, tuple(join for join in joins if join is not None))
        self._check_names(_all(view))
        names = {field.name for field in _all(view) if field.expression is not None}
        check_annotations(described, node, names)
        return replace(on, formulation=Formulation.VIEW, iterator=None, view=view, position=position)

    def _joins_of(self, node: Node) -> list[Statement]:
        kinds = (RML + "leftJoin", RML + "fullJoin", RML + "innerJoin")
        return [s for s in self._described.about(node) if s.predicate.value in kinds]

    def _check_names(self, fields: Iterable[Field]) -> None:
        """Every field has a name of its own (RML-LV, sections 4.2 and 5)."""
        known: dict[str, Position] = {}
        for field in fields:
            if field.name in known:
                hint = f"the other one is in line {known[field.name].line}"
                self._described.fault(f"two fields are named '{field.name}'", field.position, hint)
            known.setdefault(field.name, field.position)

    def _join(self, statement: Statement) -> ViewJoin | None:
        described = self._described
        node = described.node_of(statement)
        if node is None:
            return None
        link = described.one_of(node, "parentLogicalView", "the join", statement.position)
        conditions = read_joins(described, node)
        if not described.all_of(node, "joinCondition"):
            hint = "write rml:joinCondition with rml:child and rml:parent"
            described.fault("the join has no condition", statement.position, hint)
        if not described.all_of(node, "field"):
            described.fault("the join has no rml:field", statement.position, "name what the other view is to give")
        if link is None:
            return None
        if not (isinstance(link.object, NamedNode | BlankNode) and self._is_view(link.object)):
            hint = "make an rml:LogicalView of it, whose fields can be named"
            described.fault("rml:parentLogicalView is no view", link.position, hint)
            return None
        parent = self.read(link)
        if parent is None:
            return None
        fields = self._fields(node, _Owner(parent))
        for field in fields:
            if field.expression is None or field.fields:
                described.fault("a join has plain fields: expressions, without fields within", field.position)
        kind = statement.predicate.value.removeprefix(RML)
        return ViewJoin(parent, conditions, fields, kind != "innerJoin", statement.position, kind == "fullJoin")

    def _fields(self, node: Node, owner: _Owner) -> tuple[Field, ...]:
        made = [self._field(statement, owner) for statement in self._described.all_of(node, "field")]
        return tuple(field for field in made if field is not None)

    def _field(self, statement: Statement, owner: _Owner) -> Field | None:
        described, position = self._described, statement.position
        node = described.node_of(statement)
        if node is None:
            return None
        if node in owner.above:
            described.fault("the field lies within itself", position)
            return None
        named = described.one_of(node, "fieldName", "the field", position)
        name = self._name(named) if named is not None else None
        if named is None or name is None:
            return None
        position = named.position
        path = owner.prefix + name
        inner = replace(owner, prefix=f"{path}.", above=(*owner.above, node))
        if self._is_iterable(node):
            records = self._records(node, owner, position)
            within = None if records is None else replace(inner, records=records, has_text=False)
            return None if within is None else Field(path, None, records, self._fields(node, within), position)
        expression = self._expression(node, owner, position)
        fields = self._fields(node, replace(inner, has_text=True))
        return None if expression is None else Field(path, expression, None, fields, position)

    def _name(self, statement: Statement) -> str | None:
        name = self._described.text_of(statement)
        if name is None or _NAME.fullmatch(name):
            return name
        hint = "letters, digits, _ and - may stand in one"
        self._described.fault(f"'{name}' is no name of a field", statement.position, hint)
        return None

    def _is_iterable(self, node: Node) -> bool:
        described = self._described
        kinds = {s.object.value.removeprefix(RML) for s in described.all_of(node, RDF_TYPE)}
        if kinds & {"IterableField", "ExpressionField"}:
            return "IterableField" in kinds
        return bool(described.all_of(node, "iterator") or described.all_of(node, "referenceFormulation"))

    def _expression(self, node: Node, owner: _Owner, position: Position) -> Expression | None:
        described = self._described
        for extra in (s for name in ("iterator", "referenceFormulation") for s in described.all_of(node, name)):
            hint = "write a rml:IterableField, within this field if its values hold the records"
            described.fault("an expression field walks through nothing", extra.position, hint)
        for extra in (s for name in _OF_TERMS for s in described.all_of(node, name)):
            hint = "write it in the triples map"
            described.fault("a field gives a value, no term, and has no condition", extra.position, hint)
        if owner.has_text:
            hint = "write a rml:IterableField between them, with rml:iterator"
            described.fault("a field with an expression stands in a view or in an iterable field", position, hint)
            return None
        expression, is_sound = read_expression(described, node, "field")
        if expression is None and is_sound:
            described.fault(
                "the field says nothing", position, "write rml:reference, or rml:iterator with fields within"
            )
        for reference in references_of(expression):
            self._check_path(owner.records, reference.text, reference.position, is_source=not owner.prefix)
        return expression

    def _records(self, node: Node, owner: _Owner, position: Position) -> Source | None:
        """How the records of an iterable field are found and read (RML-LV, section 4.4)."""
        described = self._described
        for extra in (s for name in (*_EXPRESSIONS, *_OF_TERMS) for s in described.all_of(node, name)):
            hint = "an iterable field has rml:iterator, and fields within for the values"
            described.fault("an iterable field has no value of its own", extra.position, hint)
        given = described.optional(node, "referenceFormulation", "the field")
        formulation = self.formulation_of(given) if given is not None else None
        if given is not None and formulation is None:
            return None
        namespaces = self.namespaces_of(given) if given is not None and formulation is Formulation.XPATH else None
        if owner.has_text and formulation is None:
            hint = "write rml:referenceFormulation rml:JSONPath, rml:XPath or rml:CSV"
            described.fault("nothing says how the values of the field above are written", position, hint)
            return None
        if not owner.has_text and formulation not in {None, owner.records.formulation}:
            hint = "a text in another form needs an expression field, with this one within"
            described.fault(f"the records here are read as rml:{owner.records.formulation}", position, hint)
            return None
        formulation = formulation or owner.records.formulation
        if formulation not in {*TREES, Formulation.CSV} or (not owner.has_text and formulation not in TREES):
            hint = "an expression field whose values hold records can have it within"
            described.fault("a row holds no records that an iterable field could walk through", position, hint)
            return None
        iterator = self._iterator_of(node, formulation, position)
        if iterator is None and formulation in TREES:
            return None
        known = owner.records.namespaces if namespaces is None else namespaces
        encoding = "UTF-8" if owner.has_text else owner.records.encoding
        made = replace(owner.records, formulation=formulation, iterator=iterator, namespaces=known, encoding=encoding)
        made = replace(made, view=None, dialect=Dialect(), position=position)
        return made if iterator is None or self._check_path(made, iterator, position) else None

    def _iterator_of(self, node: Node, formulation: Formulation, position: Position) -> str | None:
        described = self._described
        given = described.optional(node, "iterator", "the field")
        if given is not None and formulation is Formulation.CSV:
            described.fault("a table in CSV has no rml:iterator: it is read by rows", given.position, "remove it")
            return None
        if given is None and formulation in TREES:
            described.fault("the iterable field has no rml:iterator", position, _EXAMPLES[formulation])
        return described.text_of(given) if given is not None else None

    def _check_path(self, records: Source, text: str, position: Position, *, is_source: bool = False) -> bool:
        message = None
        try:
            if records.formulation is Formulation.XPATH:
                check_xpath(text, dict(records.namespaces))
            elif records.formulation is Formulation.JSON_PATH and parse_path(rooted(text)).up and not is_source:
                message = f"{text}: name what lies above as a field of its own"
        except ValueError as error:
            message = str(error)
        if message is not None:
            self._described.fault(message, position)
        return message is None


def _all(view: View) -> Iterator[Field]:
    """Every field of a view, in the order of writing."""
    pending = [*view.fields, *(field for join in view.joins for field in join.fields)]
    while pending:
        field = pending.pop(0)
        yield field
        pending = [*field.fields, *pending]


def _shown(node: Node) -> str:
    return node.value.rpartition("/")[2].rpartition("#")[2] or node.value
