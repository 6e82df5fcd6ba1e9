"""Queries in SQL over files: which files of the mapping one may read besides its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from kg.rml.mapping.description import Description
from kg.rml.mapping.dialects import read_dialect
from kg.rml.mapping.model import PACKED, Compression, Dialect, Formulation, Source
from kg.rml.sources.table import TEXTS

_READ: Final = TEXTS | {".parquet"}
_PLAIN: Final = Compression.NONE


def with_tables(description: Description, mapping: Path, source: Source) -> Source:
    """A source whose query over a file may read the other files that the mapping names, each as a table."""
    if source.formulation is not Formulation.SQL_QUERY or source.database is not None or source.suffix not in _READ:
        return source
    if source.dialect != Dialect(source.dialect.delimiter):
        description.fault("a query reads tables with another delimiter at most", source.position, "remove the dialect")
    others = {table.path: table for table in _tables(description, mapping, source) if table.path != source.path}
    return replace(source, tables=tuple(others.values()))


def _tables(description: Description, mapping: Path, source: Source) -> Iterator[Source]:
    """The files of the mapping that a query can read, where they may be read at all."""
    folder = Path(os.path.realpath(mapping)).parent
    for node in description.subjects():
        for statement in description.all_of(node, "path"):
            name = statement.object.value
            path = Path(os.path.realpath(mapping.parent / name))
            packed = next((kind for suffix, kind in PACKED.items() if path.name.lower().endswith(suffix)), _PLAIN)
            table = Source(path, name, Formulation.SQL_TABLE, position=statement.position, limits=source.limits)
            table = replace(table, compression=packed)
            if table.suffix not in _READ or not path.is_relative_to(folder) or not path.is_file():
                continue
            written = read_dialect(description, node, table.suffix)
            nulls = frozenset(s.object.value for s in description.all_of(node, "null"))
            is_plain = written.dialect == Dialect(written.dialect.delimiter) and written.encoding == "utf-8"
            if is_plain and (packed is _PLAIN or table.suffix in TEXTS):
                yield replace(table, dialect=written.dialect, nulls=nulls)
