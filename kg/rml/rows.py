"""Batches of the rows of any source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from kg.rml.columns import Shape, lists
from kg.rml.compiler import shapes_of
from kg.rml.model import Batch, Formulation, Source
from kg.rml.sources import csv, json, open_rows

_ROWS: Final = 1000
_PLAIN: Final = (Formulation.CSV, Formulation.JSON_PATH)
_COMPRESSED: Final = (".gz", ".bz2", ".xz", ".zst", ".zip")


def batches_of(source: Source, references: tuple[str, ...], part: csv.Range | None = None) -> Iterator[Batch]:
    """The rows of a source, or of a part of a table, as columns of the shapes that the compiler expects.

    :raises DataError: with file and line, where a source is not what it should be
    """
    if is_plain(source) and source.formulation is Formulation.CSV:
        return csv.batches(source, references, part)
    if is_plain(source):
        return json.batches(source, references)
    return _from_rows(source, references)


def is_plain(source: Source) -> bool:
    """Whether a source is a file of CSV or JSON as it lies there."""
    return source.formulation in _PLAIN and source.path.suffix.lower() not in _COMPRESSED


def _from_rows(source: Source, references: tuple[str, ...]) -> Iterator[Batch]:
    rows = iter(open_rows(source, references))
    shapes = shapes_of(source, references)
    conform: list[Callable[[Sequence[Any]], Sequence[Any]]] = [_conformed(shapes[name]) for name in references]
    first = 1
    while chunk := list(islice(rows, _ROWS)):
        columns = tuple(fit(column) for fit, column in zip(conform, zip(*chunk, strict=True), strict=True))
        yield Batch(columns, len(chunk), first)
        first += len(chunk)


def _conformed(shape: Shape) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if shape is Shape.MANY:
        return lists
    if shape is Shape.TABLE:
        return lambda column: ["" if value is None else value for value in column]
    return lambda column: column
