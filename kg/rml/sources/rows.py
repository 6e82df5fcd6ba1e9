"""Batches of the rows of any source."""

from __future__ import annotations

from collections.abc import Iterator

from kg.rml.mapping.model import Batch, Compression, Formulation, Source
from kg.rml.sources import csv, json, tables, xml
from kg.rml.sources.stream import check_not_empty


def batches_of(
    source: Source, references: tuple[str, ...], part: csv.Range | None = None, layout: csv.Layout | None = None
) -> Iterator[Batch]:
    """The rows of a source, or of a part of a table, as columns of the shapes that the compiler expects.

    :param layout: what is known of a table in CSV, for whoever reads several parts of it
    :raises DataError: with file and line, where a source is not what it should be
    :raises StorageError: if the system cannot read it
    """
    match source.formulation:
        case Formulation.CSV:
            return csv.batches(source, references, part, layout)
        case Formulation.JSON_PATH:
            return json.batches(source, references)
        case Formulation.XPATH:
            return xml.batches(source, references)
        case Formulation.SQL_TABLE | Formulation.SQL_QUERY:
            return tables.batches(source, references)
    raise ValueError(source.formulation)


def columns_of(source: Source) -> tuple[str, ...] | None:
    """The names of the columns of a table or a query; of a tree, nothing, once it is seen that it holds something.

    :raises DataError: if the source is not what it should be
    :raises StorageError: if the system cannot read it
    """
    match source.formulation:
        case Formulation.CSV:
            return csv.header_of(source)
        case Formulation.SQL_TABLE | Formulation.SQL_QUERY:
            return tables.columns_of(source)
        case Formulation.JSON_PATH | Formulation.XPATH:
            check_not_empty(source)
            return None
    raise ValueError(source.formulation)


def is_held(source: Source, paths: tuple[str, ...]) -> bool:
    """Whether a source is held in memory while it is read: a tree that is no stream.

    :param paths: what is asked of its records
    """
    match source.formulation:
        case Formulation.JSON_PATH:
            return not json.is_lines(source)
        case Formulation.XPATH:
            return not xml.is_streamed(source, paths)
    return False


def is_divisible(source: Source) -> bool:
    """Whether a part of a source can be read without what is before it: a table in CSV as it lies there."""
    is_plain = source.formulation is Formulation.CSV and source.compression is Compression.NONE
    return is_plain and csv.is_common(source.dialect)
