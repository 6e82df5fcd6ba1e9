"""Tables in CSV (RFC 4180, RML-IO registry), read in batches."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, TextIO, cast

from kg.errors import DataError, Position, StorageError
from kg.rml.model import Batch, Source

if TYPE_CHECKING:
    from _csv import Reader

ROWS: Final = 250
"""Rows of a batch: enough that the work of a batch is small beside that of its rows."""
Range = tuple[int, int, int]
"""A part of a file: its first byte, the byte after it, the lines before it."""


def header_of(source: Source) -> tuple[str, ...]:
    """The names of the columns.

    :raises DataError: if there are none, or one stands twice, or the file is not what it should be
    """
    with _opened(source) as file:
        try:
            header = next(_reader(source, file), [])
        except (csv.Error, UnicodeDecodeError) as error:
            raise _unreadable(source, error, 1) from None
    if not header:
        raise DataError("the table is empty", position=Position(source.name, 1), hint="its first row names the columns")
    for number, name in enumerate(header):
        if name in header[:number]:
            hint = "columns are found by their names: rename one"
            raise DataError(f"two columns are named '{name}'", position=Position(source.name, 1), hint=hint)
    return tuple(header)


def batches(source: Source, references: tuple[str, ...], part: Range | None = None) -> Iterator[Batch]:
    """The rows of a table, or of a part of it, without the header; blank lines are none.

    The empty text stands where a row has no value. Rows of a part are counted from its beginning.

    :raises DataError: with file and line, where the file is not what it should be
    """
    width = len(header_of(source))
    wanted = _wanted(source, references)
    with _opened(source, part) as file:
        reader = _reader(source, file)
        rows_before, lines_before = 0, part[2] if part else 0
        try:
            if part is None:
                next(reader, None)
            while True:
                at = lines_before + reader.line_num
                written = list(islice(reader, ROWS))
                if not written:
                    return
                rows = [row for row in written if row] if [] in written else written
                if not rows:
                    continue
                columns = _columns(source, rows, width, at, written)
                yield Batch(
                    tuple(_without(columns[i], source.nulls) for i in wanted),
                    len(rows),
                    rows_before + 1,
                    _Lines(written, at),
                )
                rows_before += len(rows)
        except (csv.Error, UnicodeDecodeError) as error:
            raise _unreadable(source, error, lines_before + max(reader.line_num, 1)) from None


def _wanted(source: Source, references: tuple[str, ...]) -> list[int]:
    header = header_of(source)
    return [header.index(name) for name in references]


def _columns(
    source: Source, rows: list[list[str]], width: int, at: int, written: list[list[str]]
) -> list[tuple[str, ...]]:
    try:
        columns = list(zip(*rows, strict=True))
    except ValueError:
        columns = []
    if len(columns) == width:
        return columns
    index = next(number for number, row in enumerate(rows) if len(row) != width)
    raise DataError(
        f"the row has {len(rows[index])} cells, the header {width}",
        position=Position(source.name, _Lines(written, at)(index)),
        hint="quote cells that hold the delimiter",
    )


def _without(column: Sequence[str], nulls: frozenset[str]) -> Sequence[str]:
    """A column with the empty text for what means nothing."""
    if not nulls or nulls == {""}:
        return column
    return ["" if value in nulls else value for value in column]


class _Lines:
    """Where rows begin: counted only when somebody asks."""

    __slots__ = ("_at", "_written")

    def __init__(self, written: list[list[str]], at: int) -> None:
        self._written, self._at = written, at

    def __call__(self, index: int) -> int:
        line, seen = self._at + 1, 0
        for row in self._written:
            if row and seen == index:
                return line
            seen += bool(row)
            line += 1 + sum(len(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1 for cell in row)
        return line


def _reader(source: Source, file: TextIO) -> Reader:
    dialect = source.dialect
    return csv.reader(file, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)


class _Part(io.RawIOBase):
    """Some bytes of a file, as a file."""

    def __init__(self, file: io.FileIO, end: int) -> None:
        self._file, self._left = file, end - file.tell()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self._left)
        content = self._file.read(count) if count else b""
        self._left -= len(content)
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._file.close()
        super().close()


def _opened(source: Source, part: Range | None = None) -> TextIO:
    encoding = "utf-8-sig" if source.encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else source.encoding
    try:
        if part is None:
            return source.path.open(encoding=encoding, newline="")
        file = io.FileIO(source.path)
        file.seek(part[0])
        inner = io.BufferedReader(cast("io.RawIOBase", _Part(file, part[1])), 1 << 18)
        return io.TextIOWrapper(inner, encoding="utf-8" if encoding == "utf-8-sig" else encoding, newline="")
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror}") from None


def _unreadable(source: Source, error: csv.Error | UnicodeDecodeError, line: int) -> DataError:
    if isinstance(error, csv.Error):
        hint = "a cell with quotes begins and ends with one, and doubles those within"
        return DataError(f"not CSV: {error}", position=Position(source.name, line), hint=hint)
    byte = error.object[error.start]
    return DataError(
        f"not {source.encoding}: byte 0x{byte:02x}",
        position=Position(source.name, _undecodable(source, line)),
        hint="save the file as UTF-8, or name its encoding in the mapping",
    )


def _undecodable(source: Source, line: int) -> int:
    """The line that cannot be decoded; for encodings with more than a byte for a line end, about where it is."""
    if source.encoding.lower().replace("-", "").startswith(("utf16", "utf32")):
        return line
    with source.path.open("rb") as file:
        for number, content in enumerate(file, 1):
            try:
                content.decode(source.encoding)
            except UnicodeDecodeError:
                return number
    return line
