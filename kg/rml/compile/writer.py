"""The parts of a generated program: columns that are made of others, and pieces of lines over variables of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from kg.errors import Position
from kg.rml.compile.applying import masked, optional, settled, truth
from kg.rml.compile.columns import Bulk, Encoders, Shape, bytewise, over
from kg.rml.mapping.model import Batch, Reference, Target

_ESCAPES: Final[Mapping[str, str]] = MappingProxyType({"'": "\\'", "\\": "\\\\", "{": "{{", "}": "}}"})


@dataclass(frozen=True, slots=True)
class Channel:
    """Where lines go: to targets, or to the output if there are none."""

    targets: tuple[Target, ...] = ()
    are_entries: bool = False
    """Whether they are members of named collections, which are put together when all rows are read."""


@dataclass(frozen=True, slots=True)
class Program:
    """A generated function, with the text that it was made from."""

    text: str
    notes: tuple[str, ...]
    """What the functions that it calls are for."""
    function: Callable[[Batch], Any]
    channels: tuple[Channel, ...] = ()
    """Where each of the lists of lines goes that it gives; without any, it gives one list, for the output."""
    padded: dict[Position, list[str]] = field(default_factory=dict)
    """Values with blanks around them that went into IRIs since somebody has looked."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the lines of a row: the inside of an f-string over variables of the row."""

    text: str
    names: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Variables that must have a value."""
    loops: tuple[tuple[str, str], ...] = ()
    """Variables that run over a list of the row: (variable, list)."""

    def where(self, mask: str | None) -> Piece:
        """The same, only where a column has a value."""
        if mask is None:
            return self
        name = mask.lower()
        return Piece(self.text, _and(self.names, name), _and(self.needs, name), self.loops)

    def with_variable(self, name: str) -> str | None:
        """The text with another name for its one variable that runs over a list, if it holds that once."""
        before, found, after = self.text.partition(f"{{{self.loops[0][0]}}}")
        if not found or before.endswith("{") or "{" in after or after.startswith("}"):
            return None
        return f"{before}{{{name}}}{after}"


def _and(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


class Writer:
    """Collects the statements of one program."""

    def __init__(
        self,
        references: tuple[str, ...],
        shapes: Mapping[str, Shape],
        *,
        calls: bool = False,
    ) -> None:
        """Of a program over some references.

        :param calls: whether functions are called: what they give may be empty and yet be there, unlike a cell
        """
        self._references, self._shapes = references, shapes
        are_cells = set(shapes.values()) == {Shape.TABLE}
        self.single = Shape.TABLE if are_cells and not calls else Shape.OPTIONAL
        self._texts: set[str] = set()
        self._text_results: set[str] = set()
        self._mask: str | None = None
        self.lines: list[str] = []
        self.namespace: dict[str, Any] = {"__builtins__": {"zip": zip, "range": range}}
        self.notes: list[str] = []
        self.padded: dict[Position, list[str]] = {}
        self._made: dict[str, str] = {}
        self._given: dict[str, tuple[str, Shape]] = {}
        self.marked: dict[str, str] = {}
        """Columns of lists of what stands in lines, with columns of the same that have one text for each row."""

    def assign(self, expression: str) -> str:
        """A column of the program for an expression: the same one for the same expression."""
        if expression not in self._made:
            self._made[expression] = f"V{len(self._made)}"
            self.lines.append(f"{self._made[expression]} = {expression}")
        return self._made[expression]

    def function(self, name: str, value: Any, position: Position | None = None) -> str:
        """A name for a function that the program calls."""
        unique = f"{name}_{len(self.namespace)}"
        self.namespace[unique] = value
        if position is not None:
            self.notes.append(f"{unique}: {position}")
        return unique

    def column(self, reference: Reference) -> tuple[str, Shape]:
        """The column of a reference, as its source gives it."""
        if reference.text in self._given:
            return self._given[reference.text]
        column, shape = f"C{self._references.index(reference.text)}", self._shapes[reference.text]
        if shape is Shape.TABLE and self.single is not shape:
            column, shape = self.derived("optional", optional, column), self.single
            self._texts.add(column)
        made = self.masked(column, shape)
        if column in self._texts:
            self._texts.add(made)
        return made, shape

    def derived(self, name: str, function: Any, *arguments: str, position: Position | None = None) -> str:
        """A column made of others; `name` tells apart what differs."""
        listed = ", ".join(arguments)
        key = f"{name}({listed})"
        if key not in self._made:
            called = self.function(name.partition(" ")[0], function, position)
            self._made[key] = f"V{len(self._made)}"
            self.lines.append(f"{self._made[key]} = {called}({listed})")
        return self._made[key]

    def masked(self, column: str, shape: Shape) -> str:
        """A column without the rows in which a condition that is looked at does not hold."""
        return column if self._mask is None else self.derived(f"masked {shape}", masked(shape), column, self._mask)

    @contextmanager
    def where(self, holds: Sequence[tuple[str, Shape, Position]]) -> Iterator[str | None]:
        """Let columns have values only where conditions hold, too; gives the column that tells, if there is one."""
        before = self._mask
        mask = before
        for column, shape, position in holds:
            arguments = (column,) if mask is None else (column, mask)
            mask = self.derived(f"holds {shape}", truth(position)(shape), *arguments, position=position)
        self._mask = mask
        try:
            yield mask if holds else None
        finally:
            self._mask = before

    def given(self, column: str, shape: Shape, position: Position, *, is_text: bool = False) -> Reference:
        """A reference to a column that the program has made, of texts.

        :param is_text: whether a function has made it, and gives texts
        """
        if is_text:
            self._text_results.add(column)
        name = f"\0{column}"  # no source has a value of that name
        self._given[name] = column, shape
        return Reference(name, position)

    def apply(self, name: str, bulk: Bulk, column: str, shape: Shape, position: Position) -> str:
        """A column made of another by a function of present values; `name` tells apart what differs."""
        return self.derived(name, over(shape, bulk), column, position=position)

    def texts(self, reference: Reference) -> tuple[str, Shape]:
        """The column of a reference as texts."""
        column, shape = self.column(reference)
        if shape is Shape.TABLE or column in self._texts:
            return column, shape
        if column in self._text_results:
            return self.derived("settled", settled, column), shape
        return self.apply("lexical", Encoders(reference.position).lexical, column, shape, reference.position), shape

    def is_text(self, column: str) -> bool:
        """Whether all values of a column are known to be texts, but for those that have failed."""
        return column in self._texts or column in self._text_results

    def present(self, variable: str) -> str:
        """The test that a variable of a row has a value."""
        return variable if self.single is Shape.TABLE else f"{variable} is not None"

    def collected(self, piece: Piece) -> tuple[str, Shape]:
        """A piece as a column of its own."""
        columns = {name.upper() for name in piece.names} | {source.upper() for _, source in piece.loops}
        names = sorted(columns, key=lambda name: (name[0], int(name[1:])))
        if not names:
            return self.assign(f"[f'{piece.text}'] * batch.size"), self.single
        condition = " and ".join(self.present(name) for name in piece.needs)
        over_rows = f"for {', '.join(name.lower() for name in names)} in zip({', '.join(names)})"
        if len(names) == 1:
            over_rows = f"for {names[0].lower()} in {names[0]}"
        if not piece.loops:
            absent = "''" if self.single is Shape.TABLE else "None"
            chosen = f"f'{piece.text}' if {condition} else {absent}" if condition else f"f'{piece.text}'"
            return self.assign(f"[{chosen} {over_rows}]"), self.single
        inner = f"[f'{piece.text}' {_loops(piece.loops)}]"
        chosen = f"{inner} if {condition} else ()" if condition else inner
        return self.assign(f"[{chosen} {over_rows}]"), Shape.MANY


def _loops(loops: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"for {variable} in {source}" for variable, source in loops)


def literal_text(text: str) -> str:
    r"""A text as it stands inside of a generated f-string in single quotes.

    >>> literal_text("it's {a}")
    "it\\'s {{a}}"
    """
    return "".join(_ESCAPES.get(c) or (c if c.isprintable() else ascii(c)[1:-1]) for c in text)


def in_line(text: str) -> Piece:
    """A text of the mapping as it stands in lines."""
    return Piece(literal_text(bytewise(text)))


def _used(writer: Writer, result: str) -> list[str]:
    """The statements, without that form of a column of which there are two that nothing is made of."""
    names = re.findall(r"\bV\d+\b", "\n".join((*writer.lines, result)))
    unused = {marked if names.count(marked) == 1 else made for made, marked in writer.marked.items()}
    unused = {name for name in unused if names.count(name) == 1}
    return [line for line in writer.lines if line.partition(" = ")[0] not in unused]


def finished(
    writer: Writer, references: Sequence[str], result: str, head: str, channels: tuple[Channel, ...] = ()
) -> Program:
    """The program of a writer, compiled."""
    columns = "".join(f"C{number}, " for number in range(len(references)))
    body = [f"{columns}= batch.columns"] if columns else []
    body += [*_used(writer, result), f"return {result}"]
    text = "def program(batch):\n" + "".join(f"    {line}\n" for line in body)
    namespace = dict(writer.namespace)
    exec(compile(text, f"<{head}>", "exec"), namespace)  # noqa: S102 -- the text is ours, values come as arguments
    called = [note for note in writer.notes if f"{note.partition(':')[0]}(" in text]
    notes = (*(f"C{n}: {name}" for n, name in enumerate(references)), *called)
    return Program(text, notes, namespace["program"], channels, writer.padded)
