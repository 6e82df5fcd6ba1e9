"""The table of all statements as a Parquet file, with numbers as numbers and lists as lists; written by DuckDB.

Numbers are doubles there, as data frames have them: the exact digits are in `value`. The rows go through a file of
JSON lines, so that the table is never held in memory.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

from kg.errors import OperationError
from kg.export.amounts import NUMBERS
from kg.export.statements import SEVERAL, Cells
from kg.rml.sources.table import missing

_INTEGERS: Final = ("quote_start", "quote_end")
_WRITE: Final = (
    "COPY (SELECT * FROM read_json({source}, format = 'newline_delimited', columns = {columns}))"
    " TO {target} (FORMAT parquet, COMPRESSION zstd)"
)


def write_parquet(rows: Iterable[Cells], names: Iterable[str], output: IO[bytes]) -> None:
    """Write the table, whose columns have these names.

    :raises UsageError: if DuckDB is not installed
    :raises OperationError: if a number is none
    :raises OSError: if the disk is full, read-only or not permitted
    """
    try:
        import duckdb
    except ImportError:
        raise missing("writing Parquet") from None
    with tempfile.TemporaryDirectory(prefix="kg-export-") as folder:
        source, target = Path(folder) / "statements.jsonl", Path(folder) / "statements.parquet"
        with source.open("wb") as lines:
            lines.writelines(map(_line, rows))
        columns = ", ".join(f"{_quoted(name)}: {_quoted(_type(name))}" for name in names)
        statement = _WRITE.format(source=_quoted(source), target=_quoted(target), columns=f"{{{columns}}}")
        try:
            # One thread writes the rows in their order, and always the same bytes.
            with duckdb.connect(config={"threads": 1}) as connection:
                connection.execute(statement)
        except duckdb.IOException as error:
            raise OSError(str(error)) from None
        with target.open("rb") as written:
            shutil.copyfileobj(written, output)


def _line(row: Cells) -> bytes:
    typed = {name: _typed(name, cell) for name, cell in row.items() if cell}
    return json.dumps(typed, ensure_ascii=False).encode() + b"\n"


def _typed(column: str, cell: str | Sequence[str]) -> object:
    convert = float if column in NUMBERS else int if column in _INTEGERS else str
    try:
        return convert(cell) if isinstance(cell, str) else [convert(one) for one in cell]
    except ValueError:
        raise OperationError(f"{column} of a statement is no number: {cell}") from None


def _type(column: str) -> str:
    kind = "DOUBLE" if column in NUMBERS else "BIGINT" if column in _INTEGERS else "VARCHAR"
    return f"{kind}[]" if column in SEVERAL else kind


def _quoted(text: str | Path) -> str:
    return "'" + str(text).replace("'", "''") + "'"
