"""Rows of sources."""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import MappingError
from kg.rml.model import Cell, Source


def open_rows(source: Source, references: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    """The rows of a source: one cell for each reference, in their order.

    :raises MappingError: if sources of that kind are not read here
    """
    raise MappingError(f"rml:{source.formulation} is not read yet: {source.name}{references and ''}")
