"""Names of files that follow from rows: a triple has those of its targets before it, until it is brought there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.rml.compile.columns import Fault, Shape, as_lists, bytewise
from kg.rml.compile.generate import TermWriter
from kg.rml.compile.writer import Piece, Writer
from kg.rml.mapping.model import PACKED, Expression, Target, Template

SEPARATOR: Final = "\x1f"
"""Between the names that a row has for one target: no name holds it."""
_LONGEST: Final = 200
"""Bytes of a name, which systems bound by 255; the rest is for the file that is written aside."""


@dataclass(frozen=True, slots=True)
class FileNames:
    """The paths that the rows of a batch give to a target, each of one file at or below a folder.

    A value is never a folder of its own: who writes the mapping says which folders there are.
    """

    target: Target
    shape: Shape

    def __call__(self, column: Sequence[Any]) -> list[str]:
        """The names of each row, the empty text for none, with a character for each byte."""
        listed = as_lists(self.shape)(column)
        checked = {name: self._checked(name) for name in dict.fromkeys(name for row in listed for name in row)}
        return [SEPARATOR.join(dict.fromkeys(checked[name] for name in row)) for row in listed]

    def _checked(self, name: str) -> str:
        parts = name.removeprefix("/").split("/")
        message = None
        if name.count("/") != _slashes(self.target.expression) or "\\" in name:
            message = "a value of a row makes no folders"
        elif any(part.startswith(".") or not part.strip() for part in parts):
            message = "a part of it is empty, hidden or leads upwards"
        elif any(ord(character) < ord(" ") or character == "\x7f" for character in name):
            message = "it holds a control character"
        elif max(len(part.encode("utf-8", "replace")) for part in parts) > _LONGEST:
            message = f"it is longer than {_LONGEST} bytes"
        promised = next((kind for end, kind in PACKED.items() if name.lower().endswith(end)), None)
        if message is None and promised not in {None, self.target.compression}:
            message = f"it has the suffix of {promised}, and is written as {self.target.compression}"
        if message is not None:
            told = f"{name[:60]!r} is no name of a file: {message}"
            hint = "fn:slug and fn:urlEncode make one of any text"
            raise Fault(told, self.target.position, hint, name[:60])
        return bytewise(name)


def _slashes(expression: Expression | None) -> int:
    """How many folders the mapping names itself."""
    texts = expression.parts if isinstance(expression, Template) else ()
    return sum(part.count("/") for part in texts if isinstance(part, str))


def named(terms: TermWriter, writer: Writer, targets: Sequence[Target], line: Piece) -> Piece:
    """A line with the names of those of its targets before it that follow from rows."""
    for target in reversed(dict.fromkeys(targets)):
        if target.expression is None:
            continue
        column, shape = terms.raw(target.expression)
        names = FileNames(target, shape)
        made = writer.derived(f"names {target}", names, column, position=target.position).lower()
        line = Piece(f"{{{made}}}\\t{line.text}", (*line.names, made), line.needs, line.loops)
    return line
