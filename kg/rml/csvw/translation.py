"""Metadata of tables as statements of RML-Core (Generating RDF from tabular data, minimal mode)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import MappingError, Position, Problem
from kg.rml.csvw.metadata import Column, Document, Table
from kg.rml.csvw.values import Reading, reading_of, template_of
from kg.rml.mapping.description import CSVW, RDF_TYPE, RML
from kg.rml.mapping.functions import FN
from kg.rml.mapping.model import Dialect, Formulation, Source
from kg.rml.mapping.statements import Statement
from kg.rml.sources.csv import header_of

_DIALECT: Final = (
    *("commentPrefix", "delimiter", "doubleQuote", "encoding", "header", "headerRowCount", "quoteChar"),
    *("skipColumns", "skipInitialSpace", "skipRows", "trim"),
)
Node = NamedNode | BlankNode
Value = Node | Literal


def read_metadata(path: Path) -> tuple[Statement, ...]:
    """The statements that a metadata document stands for.

    :raises MappingError: with everything that is not supported, or makes no sense
    :raises StorageError: if the system cannot read it
    """
    return _Translation(Document(path), path).statements()


class _Translation:
    def __init__(self, document: Document, path: Path) -> None:
        self._document, self._path = document, path
        self._statements: list[Statement] = []
        self._problems: list[Problem] = []
        self._blanks = itertools.count(1)

    def statements(self) -> tuple[Statement, ...]:
        for table in self._document.tables():
            self._table(table)
        if self._problems:
            raise MappingError(problems=self._problems)
        return tuple(self._statements)

    def _say(self, subject: Node, name: str, value: Value, position: Position) -> None:
        predicate = NamedNode(name if ":" in name else RML + name)
        self._statements.append(Statement(subject, predicate, value, position))

    def _node(self, position: Position, **said: Value) -> BlankNode:
        node = BlankNode(f"b{next(self._blanks)}")
        for name, value in said.items():
            self._say(node, name, value, position)
        return node

    def _table(self, table: Table) -> None:
        headers = self._headers(table)
        source = self._source(table, headers)
        by_subject: dict[str | None, list[Column]] = {}
        for column in table.columns:
            if column.said.get("suppressOutput") is not True:
                by_subject.setdefault(column.said.get("aboutUrl"), []).append(column)
        for number, (about, columns) in enumerate(by_subject.items()):
            name = NamedNode(f"urn:csvw:{table.url}{f'#{number}' if number else ''}".replace(" ", "%20"))
            position = columns[0].position
            self._say(name, RDF_TYPE, NamedNode(RML + "TriplesMap"), position)
            self._say(name, "logicalSource", source, position)
            self._say(name, "subjectMap", self._subject(table, headers, about, position), position)
            for column in columns:
                try:
                    self._column(name, table, headers, column)
                except ValueError as error:
                    self._problems.append(Problem("mapping", f"{column.name}: {error}", column.position))

    def _headers(self, table: Table) -> dict[str, str]:
        """What the file calls each column; a header that is none of its titles is a fault (section 5.6.1)."""
        real = [column for column in table.columns if not column.is_virtual]
        has_header = table.dialect.get("header", True) and table.dialect.get("headerRowCount", 1) != 0
        skipped = table.dialect.get("skipRows", 0)
        delimiter = table.dialect.get("delimiter", ",")
        found: tuple[str, ...] = ()
        if has_header and isinstance(skipped, int) and isinstance(delimiter, str) and len(delimiter) == 1:
            dialect = Dialect(delimiter, skip_rows=skipped)
            file = self._path.parent / table.url
            if file.is_file() and file.resolve().is_relative_to(self._path.parent.resolve()):
                found = header_of(Source(file, table.url, Formulation.CSV, dialect=dialect))
        headers = {}
        for number, column in enumerate(real, 1):
            known = column.titles or (column.name,)
            headers[column.name] = known[0] if has_header else f"_col.{number}"
            if number > len(found):
                continue
            if found[number - 1].strip() not in {*known, column.name}:
                what = f"column {number} is called '{found[number - 1]}' in {table.url}, and '{known[0]}' here"
                self._problems.append(Problem("mapping", what, column.position, hint="add it to its titles"))
            headers[column.name] = found[number - 1]
        return headers

    def _source(self, table: Table, headers: dict[str, str]) -> BlankNode:
        position = table.position
        file = self._node(position)
        self._say(file, RDF_TYPE, NamedNode(CSVW + "Table"), position)
        self._say(file, CSVW + "url", Literal(table.url), position)
        dialect = self._node(position)
        self._say(file, CSVW + "dialect", dialect, position)
        for key, value in ({"commentPrefix": "#"} | dict(table.dialect)).items():
            if key in _DIALECT and value is not None:
                text = str(value).lower() if isinstance(value, bool) else str(value)
                self._say(dialect, CSVW + key, Literal(text), position)
        schema = self._node(position)
        self._say(file, CSVW + "tableSchema", schema, position)
        for column in table.columns:
            nulls = column.said.get("null", "")
            words = [word for word in (nulls if isinstance(nulls, list) else [nulls]) if word]
            if words and column.name in headers:
                rule = self._node(column.position)
                self._say(schema, CSVW + "column", rule, column.position)
                self._say(rule, CSVW + "name", Literal(headers[column.name]), column.position)
                for word in words:
                    self._say(rule, CSVW + "null", Literal(str(word)), column.position)
        return self._node(position, referenceFormulation=NamedNode(RML + "CSV"), source=file)

    def _subject(self, table: Table, headers: dict[str, str], about: Any, position: Position) -> BlankNode:
        if about is None:
            return self._node(position, termType=NamedNode(RML + "BlankNode"))
        try:
            return self._node(position, template=Literal(template_of(about, table.url, headers)))
        except ValueError as error:
            self._problems.append(Problem("mapping", f"aboutUrl: {error}", position))
            return self._node(position)

    def _column(self, triples_map: NamedNode, table: Table, headers: dict[str, str], column: Column) -> None:
        position, said = column.position, column.said
        predicate = template_of(said.get("propertyUrl") or f"#{column.name}", table.url, headers, column.name)
        made = self._node(position, predicateMap=self._node(position, template=Literal(predicate)))
        self._say(triples_map, "predicateObjectMap", made, position)
        value = said.get("valueUrl")
        if value is not None:
            self._say(
                made, "objectMap", self._iri(template_of(value, table.url, headers, column.name), position), position
            )
        elif column.is_virtual:
            self._say(made, "object", Literal(str(said.get("default", ""))), position)
        else:
            self._say(made, "objectMap", self._literal(headers[column.name], column), position)

    def _iri(self, template: str, position: Position) -> BlankNode:
        return self._node(position, template=Literal(template))

    def _literal(self, header: str, column: Column) -> BlankNode:
        said, position = column.said, column.position
        reading = reading_of(said.get("datatype"))
        separator, default = said.get("separator"), said.get("default")
        if separator is not None and reading.function is not None:
            raise ValueError("a separator with a format is not supported")
        value = self._node(position, reference=Literal(header))
        for function, parameters in self._calls(reading, separator, default):
            value = self._call(function, value, parameters, position)
        if reading.datatype is not None:
            self._say(value, "datatype", NamedNode(reading.datatype), position)
        elif (language := said.get("lang") or self._document.language) not in {None, "und"}:
            self._say(value, "language", Literal(str(language)), position)
        return value

    @staticmethod
    def _calls(reading: Reading, separator: Any, default: Any) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        if default not in {None, ""}:
            yield "coalesce", (("other", str(default)),)
        if reading.function is not None:
            yield reading.function, reading.parameters
        if separator is not None:
            yield "split", (("separator", str(separator)),)

    def _call(
        self, function: str, value: BlankNode, parameters: tuple[tuple[str, str], ...], position: Position
    ) -> BlankNode:
        first = "value" if function == "coalesce" else "text"
        execution = self._node(position, function=NamedNode(FN + function))
        inputs = [self._node(position, parameter=NamedNode(FN + first), inputValueMap=value)]
        inputs += [
            self._node(position, parameter=NamedNode(FN + name), inputValue=Literal(text)) for name, text in parameters
        ]
        for one in inputs:
            self._say(execution, "input", one, position)
        return self._node(position, functionExecution=execution)
