"""Lines of text: where rows begin, which are none, and where one cannot be decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kg.errors import DataError, Position
from kg.rml.formats import format_that_is_no_text
from kg.rml.mapping.model import Dialect, Source
from kg.rml.sources.stream import opened

_MARKS: Final = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class Lines:
    """Where rows begin: counted only when somebody asks."""

    __slots__ = ("_at", "_skipped", "_starts", "_written")

    def __init__(self, written: list[list[str]], at: int, skipped: Callable[[], int]) -> None:
        self._written, self._at, self._skipped = written, at, skipped
        self._starts: list[int] = []

    def __call__(self, index: int) -> int:
        if not self._starts:
            self._starts = list(self._counted())
        return self._starts[index]

    def _counted(self) -> Iterator[int]:
        """The line that each row begins on; counted once for all rows, since whoever asks for one asks for many."""
        line = self._skipped() + self._at + 1
        for row in self._written:
            if row:
                yield line
            line += 1 + sum(len(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1 for cell in row)


def commented(lines: Iterable[str], dialect: Dialect) -> Iterator[str]:
    """Lines with a blank one in place of each comment; what begins within quotes is no comment."""
    is_open = False
    for line in lines:
        if not is_open and line.startswith(dialect.comment):
            yield "\n"
            continue
        if dialect.quote:
            plain = line if dialect.doubles_quotes else line.replace("\\\\", "").replace(f"\\{dialect.quote}", "")
            is_open ^= plain.count(dialect.quote) % 2 == 1
        yield line


def undecodable(source: Source, error: UnicodeDecodeError, line: int) -> DataError:
    """A byte that is none of the encoding, with the line that it stands on."""
    hint = "save the file as UTF-8, or name its encoding in the mapping"
    with opened(source) as file:
        start = file.read(32)
    found = format_that_is_no_text(start)
    if found is not None:
        return DataError(f"this is {found.name}", position=Position(source.name, 1), hint=found.advice)
    for mark, name in _MARKS:
        if start.startswith(mark):
            hint = f"it begins like {name}: write rml:encoding rml:{name}"
    return DataError(
        f"not {source.encoding}: byte 0x{error.object[error.start]:02x}",
        position=Position(source.name, _line_of_fault(source, line)),
        hint=hint,
    )


def _line_of_fault(source: Source, line: int) -> int:
    """The line that cannot be decoded; for encodings with more than a byte for a line end, about where it is."""
    if source.encoding.lower().replace("-", "").startswith(("utf16", "utf32")):
        return line
    with opened(source, lines=True) as file:
        for number, content in enumerate(file, 1):
            try:
                content.decode(source.encoding)
            except UnicodeDecodeError:
                return number
    return line
