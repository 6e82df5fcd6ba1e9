"""Records within records, and records that are written in a value: JSON in a cell, a table or XML in a member."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kg.errors import DataError, nearest
from kg.rml.compile.columns import Fault
from kg.rml.mapping.json_text import parsed
from kg.rml.mapping.jsonpath import parse_path, rooted
from kg.rml.mapping.model import Field, Formulation, Reference, Source
from kg.rml.mapping.values import Failed, Untyped, form_of
from kg.rml.sources import json as trees
from kg.rml.sources import xml

_SHOWN = 200
Reader = Callable[[Any], Any]


def records_beneath(records: Source) -> Callable[[Any], Sequence[Any]]:
    """What finds the records of an iterable field in a record above it, of the same form.

    :raises ValueError: if its records are neither JSON nor XML
    """
    match records.formulation:
        case Formulation.JSON_PATH:
            find = parse_path(rooted(records.iterator or "$")).find
            return lambda node: [inner for inner in find(node) if inner is not None]
        case Formulation.XPATH:
            return xml.elements(records.iterator or ".", records)
    raise ValueError(records.formulation)


def records_written(field: Field) -> Callable[[Any], Sequence[Any]]:
    """What finds the records of an iterable field in a value; where there are none, what is wrong stands."""
    records = field.records
    assert records is not None
    find = {
        Formulation.JSON_PATH: _in_json,
        Formulation.CSV: _in_csv,
        Formulation.XPATH: _in_xml,
    }[records.formulation]

    def found(value: Any) -> Sequence[Any]:
        if value is None:
            return ()
        if type(value) is Failed:
            return (value,)
        try:
            return [*find(value, records)]
        except (ValueError, csv.Error, RecursionError, Untyped) as error:
            why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            message = f"the field holds no {_NAMES[records.formulation]}: {why}"
        except DataError as error:
            message = f"the field holds no XML: {error.problems[0].message}"
        text = value if isinstance(value, str) else repr(value)
        return (Failed(Fault(message, field.position, None, text[:_SHOWN])),)

    return found


_NAMES = {Formulation.JSON_PATH: "JSON", Formulation.CSV: "CSV", Formulation.XPATH: "XML"}


def _in_json(value: Any, records: Source) -> Iterator[Any]:
    document = value
    if not isinstance(value, dict | list):
        document = parsed(form_of(value)[0])
    return (node for node in parse_path(rooted(records.iterator or "$")).find(document) if node is not None)


def _in_csv(value: Any, records: Source) -> Iterator[Any]:
    csv.field_size_limit(records.limits.record)
    rows = [row for row in csv.reader(io.StringIO(form_of(value)[0], newline=""), strict=True) if row]
    header = rows[0] if rows else []
    for name in header:
        if header.count(name) > 1:
            raise ValueError(f"two columns are named '{name}'")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells, the header {len(header)}")
        yield dict(zip(header, row, strict=True))


def _in_xml(value: Any, records: Source) -> Iterator[Any]:
    return xml.records_in(records, form_of(value)[0].encode("utf-8", "surrogatepass"))


def reader_of(records: Source, reference: Reference) -> Reader:
    """What reads a reference of a record: a value or `None`, or a list where there may be several.

    :raises ValueError: if records of that form have no references
    """
    match records.formulation:
        case Formulation.JSON_PATH:
            return trees.reader(reference.text, records.nulls)
        case Formulation.XPATH:
            return xml.reader(reference.text, records)
        case Formulation.CSV:
            return _cell(reference, records.nulls)
    raise ValueError(records.formulation)


def _cell(reference: Reference, nulls: frozenset[str]) -> Reader:
    name = reference.text

    def read(row: dict[str, str]) -> Any:
        if name not in row:
            hint = nearest(name, row) or f"columns: {', '.join(row)}"[:300]
            return Failed(Fault(f"the table within the field has no column '{name}'", reference.position, hint))
        value = row[name]
        return None if not value or value in nulls else value

    return read
