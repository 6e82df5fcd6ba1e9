"""Tables in CSV (RFC 4180, RML-IO registry, CSVW dialects), read in batches."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from kg.errors import DataError, Position
from kg.rml.layout.cells import rules_of, trimmed
from kg.rml.layout.headers import DELIMITERS, names_of
from kg.rml.mapping.model import Batch, Dialect, Source
from kg.rml.sources.lines import Lines, commented, undecodable
from kg.rml.sources.stream import LineCounter, opened, text_of

if TYPE_CHECKING:
    from _csv import Reader

ROWS: Final = 250
"""Rows of a batch: enough that the work of a batch is small beside that of its rows."""
_START: Final = 1 << 12
"""Bytes of a first line that are looked at."""
Range = tuple[int, int]
"""A part of a file: its first byte, and the byte after it."""


class CutCell(DataError):
    """A part of a table ends within a cell."""


def header_of(source: Source) -> tuple[str, ...]:
    """The names of the columns; one may be empty, or stand twice, as long as nobody asks for it.

    :raises DataError: if there are none, or the file is not what it should be
    """
    dialect = source.dialect
    rows = [row for _, row in first_rows(source, dialect.header_rows)]
    first = rows[0] if rows else []
    if not first:
        raise DataError("the table is empty", position=Position(source.name, 1), hint="its first row names the columns")
    if not dialect.has_header:
        return tuple(f"_col.{number}" for number in range(1, len(first) - dialect.skip_columns + 1))
    header = names_of([trimmed(row, dialect.trim)[dialect.skip_columns :] for row in rows])
    return (header[0].removeprefix("\ufeff"), *header[1:]) if header else ()


def first_rows(source: Source, count: int) -> list[tuple[int, list[str]]]:
    """The first rows with cells, and the lines that they end on, after those that the dialect leaves out.

    :raises DataError: if the file is not what it should be
    """
    skipped = source.dialect.skip_rows
    with _rows(source) as reader:
        try:
            return list(islice(((skipped + reader.line_num, row) for row in reader if row), count))
        except (csv.Error, UnicodeDecodeError) as error:
            raise _unreadable(source, error, skipped + 1) from None


class Layout:
    """What is known of a table of which parts are read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._counter = LineCounter(source)

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names of its columns (`header_of`)."""
        return header_of(self._source)

    @cached_property
    def width(self) -> int:
        """The cells that every row has: those of the header, but where rows end otherwise as spreadsheets write them.

        These put delimiters after the last column, or leave out those before cells that no column names. All rows must
        agree on it: one alone that does has a delimiter too many, or too few.
        """
        header, dialect = self.header, self._source.dialect
        own = len(header) + dialect.skip_columns
        named = max((n for n, name in enumerate(header, dialect.skip_columns + 1) if name), default=own)
        following = first_rows(self._source, dialect.header_rows + dialect.has_header)[dialect.header_rows :]
        if not following or not dialect.has_header:
            return own
        row = following[0][1]
        ends_empty = len(row) > own and not any(cell.strip() for cell in row[own:])
        return len(row) if ends_empty or named <= len(row) < own else own

    def lines_before(self, start: int) -> int:
        """The lines before a part; for parts in their order, they are read once.

        :raises StorageError: if the system cannot read it
        """
        return self._counter.before(start)


def batches(
    source: Source, references: tuple[str, ...], part: Range | None = None, layout: Layout | None = None
) -> Iterator[Batch]:
    """The rows of a table, or of a part of it, without the header; blank lines are none.

    The empty text stands where a row has no value. Rows of a part are counted from its beginning.

    :param layout: what is known of it, for whoever reads several parts
    :raises CutCell: if the last row of a part goes on after it; the rows before it were given, as far as they fill a
        batch
    :raises DataError: with file and line, where the file is not what it should be
    """
    dialect, layout = source.dialect, layout or Layout(source)
    header = layout.header
    wanted = [header.index(name) + dialect.skip_columns for name in references]
    rules = rules_of(source, references, "")

    def skipped() -> int:
        return layout.lines_before(part[0]) if part else dialect.skip_rows

    with _rows(source, part) as reader:
        rows_before = 0
        try:
            if part is None and dialect.has_header:
                list(islice((row for row in reader if row), dialect.header_rows))
            while True:
                at = reader.line_num
                written = list(islice(reader, ROWS))
                if not written:
                    return
                rows = [row for row in written if row] if [] in written else written
                if not rows:
                    continue
                lines = Lines(written, at, skipped)
                columns = _columns(source, rows, layout, lines)
                picked = [_without(trimmed(columns[i], dialect.trim), source.nulls) for i in wanted]
                for number, rule in rules.items():
                    picked[number] = rule(picked[number])
                yield Batch(
                    tuple(picked),
                    len(rows),
                    rows_before + 1,
                    lines,
                )
                rows_before += len(rows)
        except (csv.Error, UnicodeDecodeError) as error:
            kind = CutCell if part and _is_cut(error) and part[1] < source.path.stat().st_size else DataError
            raise _unreadable(source, error, skipped() + max(reader.line_num, 1), kind) from None


def first_row(source: Source) -> int | None:
    """The byte after the header of a table of a common dialect; none if it is not seen where it ends.

    :raises StorageError: if the system cannot read it
    """
    size = 0

    def lines(file: Iterable[bytes]) -> Iterator[str]:
        nonlocal size
        for line in file:
            encoding = source.encoding if size else _marked(source.encoding)
            size += len(line)
            yield line.decode(encoding)

    with opened(source, lines=True) as file:
        try:
            return size if any(_reader(source, lines(file))) else None
        except (csv.Error, UnicodeDecodeError):
            return None


def is_common(dialect: Dialect) -> bool:
    """Whether a dialect is one of which a part can be read on its own."""
    return dialect == Dialect(dialect.delimiter, dialect.quote) and bool(dialect.quote)


def _columns(
    source: Source, rows: list[list[str]], layout: Layout, lines: Callable[[int], int]
) -> list[tuple[str, ...]]:
    width, named = layout.width, len(layout.header) + source.dialect.skip_columns
    try:
        columns = list(zip(*rows, strict=True))
    except ValueError:
        columns = []
    if len(columns) == width and not any(cell.strip() for column in columns[named:] for cell in column):
        return columns
    index = next(n for n, row in enumerate(rows) if len(row) != width or any(cell.strip() for cell in row[named:]))
    count, hint = len(rows[index]), "quote cells that hold the delimiter"
    message = f"the row has {count} cells, the header {named}"
    if width not in {count, named}:
        message = f"the row has {count} cells, the first one below the header {width}, the header {named}"
        hint = "delimiters after the last column stand in all rows, or in none"
    raise DataError(message, position=Position(source.name, lines(index)), hint=hint)


def _without(column: Sequence[str], nulls: frozenset[str]) -> Sequence[str]:
    """A column with the empty text for what means nothing."""
    if not nulls or nulls == {""}:
        return column
    return ["" if value in nulls else value for value in column]


@contextmanager
def _rows(source: Source, part: Range | None = None) -> Iterator[Reader]:
    """The rows of a table or of a part of it, with a part's first row or that after the skipped lines as the first."""
    dialect = source.dialect
    with opened(source, lines=True, part=part) as content:
        encoding = _marked(source.encoding) if part is None else source.encoding
        text = text_of(content, encoding, newline="")
        lines: Iterable[str] = text
        for _ in range(dialect.skip_rows if part is None else 0):
            text.readline()
        if dialect.comment:
            lines = commented(text, dialect)
        yield _reader(source, lines)


def _marked(encoding: str) -> str:
    """The encoding of a file from its beginning, where a mark may stand that is no data."""
    return "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding


def _is_cut(error: csv.Error | UnicodeDecodeError) -> bool:
    """Whether the reader was within quotes at the end."""
    return "unexpected end of data" in str(error)


def _reader(source: Source, lines: Iterable[str]) -> Reader:
    dialect = source.dialect
    csv.field_size_limit(source.limits.record)
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=dialect.doubles_quotes,
        escapechar=None if dialect.doubles_quotes else "\\",
        skipinitialspace=dialect.skip_initial_space,
        strict=True,
    )


def _unreadable(
    source: Source, error: csv.Error | UnicodeDecodeError, line: int, kind: type[DataError] = DataError
) -> DataError:
    if isinstance(error, csv.Error):
        hint = "a cell with quotes begins and ends with one, and doubles those within"
        if "field limit" in str(error):
            hint = "is a quote not closed? If the cell is sound, allow it: --limit record=64M"
        elif "expected after" in str(error) and (other := _other_delimiter(source)):
            written = f'csvw:delimiter "{other}" of its dialect, in YARRRML delimiter: "{other}"'.replace("\t", "\\t")
            hint = f"its cells stand between {DELIMITERS[other]}: {written}"
        return kind(f"not CSV: {error}", position=Position(source.name, line), hint=hint)
    return undecodable(source, error, line)


def _other_delimiter(source: Source) -> str | None:
    """What stands between the cells in quotes of the first line, if that is not what the dialect says."""
    with opened(source) as file:
        line = file.readline(_START).decode(_marked(source.encoding), "replace")
    found = [sign for sign in DELIMITERS if f'"{sign}"' in line]
    return found[0] if len(found) == 1 and found[0] != source.dialect.delimiter else None
