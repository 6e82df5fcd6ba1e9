"""A release in the formats that other programs read."""

from __future__ import annotations

from typing import IO

from kg.errors import UsageError
from kg.export.bridge import as_dataset
from kg.export.formats import FORMATS, SELECTIONS, Format, Selection, serialise
from kg.export.statements import STATEMENTS, statements
from kg.export.tables import CSV, tables, write_folder, write_zip
from kg.release import Release

__all__ = [
    "CSV",
    "FORMATS",
    "SELECTIONS",
    "STATEMENTS",
    "Format",
    "Selection",
    "as_dataset",
    "export",
    "serialise",
    "statements",
    "tables",
    "write_folder",
    "write_zip",
]


def export(release: Release, format_name: str, output: IO[bytes], graph: Selection | None = None) -> None:
    """Write a release to a binary file: one of `FORMATS`; `csv`, a zip of tables; or `statements`, one table in CSV.

    :raises UsageError: if the format or the selection is unknown, or the format cannot hold what is selected
    :raises ReleaseError: if the release cannot be read
    """
    if format_name == STATEMENTS and graph is None:
        statements(release).write(output)
    elif format_name == STATEMENTS:
        raise UsageError("statements are those of every claim", hint="leave the selection away")
    elif format_name != CSV:
        serialise(release, format_name, output, graph)
    elif graph in {None, "default"}:
        write_zip(tables(release), output)
    else:
        raise UsageError("csv has no named graphs; claims.csv lists the claims", hint="use nquads, trig or jsonld")
