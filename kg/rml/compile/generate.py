"""The compiler: a triples map becomes one Python function from a batch of rows to lines of N-Quads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.errors import Position
from kg.rml.compile.columns import Bulk, Encoders, Shape, as_lists, bytewise, is_checked, over, pairs
from kg.rml.mapping.description import RML
from kg.rml.mapping.grammar import XSD, is_iri
from kg.rml.mapping.model import Batch, Constant, Expression, Formulation, Reference, Template, TermMap, TermType

_DEFAULT_GRAPH: Final = RML + "defaultGraph"
_ESCAPES: Final[Mapping[str, str]] = MappingProxyType({"'": "\\'", "\\": "\\\\", "{": "{{", "}": "}}"})


@dataclass(frozen=True, slots=True)
class Program:
    """A generated function, with the text that it was made from."""

    text: str
    notes: tuple[str, ...]
    """What the functions that it calls are for."""
    function: Callable[[Batch], Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the lines of a row: the inside of an f-string over variables of the row."""

    text: str
    names: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Variables that must have a value."""
    loops: tuple[tuple[str, str], ...] = ()
    """Variables that run over a list of the row: (variable, list)."""


class Writer:
    """Collects the statements of one program."""

    def __init__(self, references: tuple[str, ...], shapes: Mapping[str, Shape], formulation: Formulation) -> None:
        self._references, self._shapes = references, shapes
        self.single = Shape.TABLE if formulation is Formulation.CSV else Shape.OPTIONAL
        self.lines: list[str] = []
        self.namespace: dict[str, Any] = {"__builtins__": {"zip": zip, "range": range}}
        self.notes: list[str] = []
        self._made: dict[str, str] = {}
        self._given: dict[str, tuple[str, Shape]] = {}

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
        return f"C{self._references.index(reference.text)}", self._shapes[reference.text]

    def given(self, column: str, shape: Shape, position: Position) -> Reference:
        """A reference to a column that the program has made, of texts."""
        name = f"\0{column}"  # no source has a value of that name
        self._given[name] = column, shape
        return Reference(name, position)

    def apply(self, name: str, bulk: Bulk, column: str, shape: Shape, position: Position) -> str:
        """A column made of another by a function of present values; `name` tells apart what differs."""
        key = f"{name}({column})"
        if key not in self._made:
            called = self.function(name.partition(" ")[0], over(shape, bulk), position)
            self._made[key] = f"V{len(self._made)}"
            self.lines.append(f"{self._made[key]} = {called}({column})")
        return self._made[key]

    def texts(self, reference: Reference) -> tuple[str, Shape]:
        """The column of a reference as texts."""
        column, shape = self.column(reference)
        if shape is Shape.TABLE:
            return column, shape
        return self.apply("lexical", Encoders(reference.position).lexical, column, shape, reference.position), shape

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


class TermWriter:
    """Writes the code of term maps; a term is a piece of a line, an expression is not yet."""

    def __init__(self, writer: Writer, number: int) -> None:
        self._writer, self._number = writer, number

    def piece(self, column: str, shape: Shape, before: str = "", after: str = "") -> Piece:
        """A column with text around it."""
        name = column.lower()
        around = "{}{{{}}}{}"
        if shape is Shape.MANY:
            each = f"{name}_"
            return Piece(around.format(literal_text(before), each, literal_text(after)), (), (), ((each, name),))
        return Piece(around.format(literal_text(before), name, literal_text(after)), (name,), (name,))

    @staticmethod
    def joined(pieces: Sequence[Piece]) -> Piece:
        """Pieces after one another; lists are run over on their own, wherever they come from."""
        loops: dict[str, str] = {}
        texts = []
        for piece in pieces:
            text = piece.text
            for variable, source in piece.loops:
                unique = variable
                while unique in loops:
                    unique += "_"
                text = text.replace(f"{{{variable}}}", f"{{{unique}}}")
                loops[unique] = source
            texts.append(text)
        return Piece(
            "".join(texts),
            tuple(dict.fromkeys(name for piece in pieces for name in piece.names)),
            tuple(dict.fromkeys(name for piece in pieces for name in piece.needs)),
            tuple(loops.items()),
        )

    def raw(self, expression: Expression) -> tuple[str, Shape]:
        """The values of an expression as a column of texts."""
        writer = self._writer
        match expression:
            case Constant(term):
                return writer.collected(Piece(literal_text(term.value)))
            case Reference():
                return writer.texts(expression)
            case Template(parts):
                pieces = [
                    Piece(literal_text(part)) if isinstance(part, str) else self.piece(*writer.texts(part))
                    for part in parts
                ]
                return writer.collected(self.joined(pieces))
        raise TypeError(expression)

    def term(self, term_map: TermMap) -> Piece:
        """A term as N-Quads writes it."""
        expression = term_map.expression
        if isinstance(expression, Constant):
            return in_line(str(expression.term))
        match term_map.term_type:
            case TermType.LITERAL:
                return self._literal(term_map)
            case TermType.BLANK_NODE:
                if expression is None:
                    rows = self._writer.assign("range(batch.first, batch.first + batch.size)")
                    return Piece(f"_:n{self._number}r{{{rows.lower()}}}", (rows.lower(),))
                column, shape = self.raw(expression)
                bulk = Encoders(term_map.position).labels
                return self.piece(self._writer.apply("label", bulk, column, shape, term_map.position), shape, "_:")
            case TermType.IRI | TermType.URI | TermType.UNSAFE_IRI:
                return self._bracketed(self.iri(term_map))
        raise TypeError(term_map)

    @staticmethod
    def _bracketed(piece: Piece) -> Piece:
        return Piece(f"<{piece.text}>", piece.names, piece.needs, piece.loops)

    def iri(self, term_map: TermMap) -> Piece:
        """The text of an IRI, as it stands in lines."""
        expression, base = term_map.expression, term_map.base
        encoders, writer, position = Encoders(term_map.position), self._writer, term_map.position
        if isinstance(expression, Constant):
            return in_line(expression.term.value)
        if term_map.term_type is TermType.UNSAFE_IRI:
            column, shape = self.raw(_stated(expression))
            name = f"unsafe {base}"
            return self.piece(writer.apply(name, encoders.unsafe_iris(base), column, shape, position), shape)
        ascii_only = term_map.term_type is TermType.URI
        if isinstance(expression, Template):
            before = _static_start(expression, base, ascii_only=ascii_only)
            if before is not None:
                pieces = [
                    in_line(part) if isinstance(part, str) else self._encoded(part, ascii_only=ascii_only)
                    for part in (before, *expression.parts)
                ]
                return self.joined(pieces)
            pieces = [
                Piece(literal_text(part)) if isinstance(part, str) else self._to_check(part, ascii_only=ascii_only)
                for part in expression.parts
            ]
            column, shape = writer.collected(self.joined(pieces))
        else:
            column, shape = self.raw(_stated(expression))
        made = encoders.iris(base, ascii_only=ascii_only)
        name = f"{'uri' if ascii_only else 'iri'} {base}"
        return self.piece(writer.apply(name, made, column, shape, position), shape)

    def _encoded(self, part: Reference, *, ascii_only: bool) -> Piece:
        column, shape = self._writer.texts(part)
        bulk = Encoders(part.position).encoded_bytewise(ascii_only=ascii_only)
        name = "percent_uri" if ascii_only else "percent"
        return self.piece(self._writer.apply(name, bulk, column, shape, part.position), shape)

    def _to_check(self, part: Reference, *, ascii_only: bool) -> Piece:
        """A part of a template whose whole is checked before it stands in lines."""
        column, shape = self._writer.texts(part)
        bulk = Encoders(part.position).encoded(ascii_only=ascii_only)
        name = "part_uri" if ascii_only else "part"
        return self.piece(self._writer.apply(name, bulk, column, shape, part.position), shape)

    def _literal(self, term_map: TermMap) -> Piece:
        expression = _stated(term_map.expression)
        for more in (term_map.language, term_map.datatype):
            if more is not None and not isinstance(more.expression, Constant):
                return self._told_by_data(term_map, more)
        after = '"'
        if term_map.language is not None:
            after += "@" + _constant(term_map.language)
        datatype = _constant(term_map.datatype) if term_map.datatype is not None else None
        if datatype is not None and datatype != XSD + "string":
            after += f"^^<{bytewise(datatype)}>"
        if datatype is not None and is_checked(datatype):
            column, shape = self.raw(expression)
            bulk = Encoders(term_map.position).typed(datatype)
            name = f"typed {datatype}"
            return self.piece(self._writer.apply(name, bulk, column, shape, term_map.position), shape, '"', after)
        if isinstance(expression, Template):
            return self.joined([Piece('"'), *self._escaped_parts(expression, term_map.position), Piece(after)])
        assert isinstance(expression, Reference)
        column, shape = self._writer.column(expression)
        if shape is not Shape.TABLE and after == '"' and datatype is None:
            natural = Encoders(term_map.position).natural
            return self.piece(self._writer.apply("natural", natural, column, shape, term_map.position), shape)
        return self._escaped(expression, '"', after)

    def _escaped_parts(self, template: Template, position: Position) -> list[Piece]:
        escape = Encoders(position).escaped
        return [
            Piece(literal_text(escape((part,))[0])) if isinstance(part, str) else self._escaped(part)
            for part in template.parts
        ]

    def _escaped(self, reference: Reference, before: str = "", after: str = "") -> Piece:
        column, shape = self._writer.texts(reference)
        bulk = Encoders(reference.position).escaped
        return self.piece(self._writer.apply("escaped", bulk, column, shape, reference.position), shape, before, after)

    def _told_by_data(self, term_map: TermMap, more: TermMap) -> Piece:
        """A literal whose language or datatype is a value."""
        column, shape = self.raw(_stated(term_map.expression))
        encoders = Encoders(more.position)
        if more is term_map.language:
            other, other_shape = self.raw(_stated(more.expression))
            function: Callable[[str, str], str] = encoders.language_literal
            name = "tagged"
        else:
            other, other_shape = self._writer.collected(self.iri(more))
            function, name = encoders.typed_literal, "typed"
        called = self._writer.function(name, pairs(function, shape, other_shape), more.position)
        is_many = Shape.MANY in {shape, other_shape}
        return self.piece(self._writer.assign(f"{called}({column}, {other})"), Shape.MANY if is_many else shape)

    def graph(self, term_map: TermMap) -> Piece:
        """What a line ends with for a graph: nothing for the default graph."""
        expression = term_map.expression
        if isinstance(expression, Constant):
            is_default = expression.term == NamedNode(_DEFAULT_GRAPH)
            return Piece("") if is_default else in_line(f" {expression.term}")
        term = self.term(term_map)
        known = expression.parts[0] if isinstance(expression, Template) and expression.parts else ""
        cannot_be = isinstance(known, str) and known and not _DEFAULT_GRAPH.startswith(known) and ":" in known
        if cannot_be or term_map.term_type is TermType.BLANK_NODE:
            return Piece(f" {term.text}", term.names, term.needs, term.loops)
        column, shape = self._writer.collected(term)
        graphs = self._writer.function("graphs", _graphs(shape), term_map.position)
        return self.piece(self._writer.assign(f"{graphs}({column})"), Shape.MANY)


def _graphs(shape: Shape) -> Bulk:
    """The ends of lines for graphs that may be the default one."""
    lists_of = as_lists(shape)
    default = f"<{_DEFAULT_GRAPH}>"
    return lambda column: [["" if g == default else f" {g}" for g in row] for row in lists_of(column)]


def _stated(expression: Expression | None) -> Expression:
    assert expression is not None, "only blank nodes have no expression"
    return expression


def _constant(term_map: TermMap) -> str:
    assert isinstance(term_map.expression, Constant)
    return term_map.expression.term.value


def _static_start(template: Template, base: str | None, *, ascii_only: bool) -> str | None:
    """What stands before every IRI of a template, if that makes all of them sound; else nothing."""
    first = template.parts[0] if template.parts else ""
    texts = [part for part in template.parts if isinstance(part, str)]
    if any("%" in text[-2:] for text in texts):
        return None
    whole = "".join(part if isinstance(part, str) else "a" for part in template.parts)
    if isinstance(first, str) and is_iri(first, ascii_only=ascii_only) and is_iri(whole, ascii_only=ascii_only):
        return ""
    if base is None or any(":" in text for text in texts):
        return None
    return base if is_iri(base + whole, ascii_only=ascii_only) else None


def finished(writer: Writer, references: Sequence[str], result: str, head: str) -> Program:
    """The program of a writer, compiled."""
    columns = "".join(f"C{number}, " for number in range(len(references)))
    body = [f"{columns}= batch.columns"] if columns else []
    body += [*writer.lines, f"return {result}"]
    text = "def program(batch):\n" + "".join(f"    {line}\n" for line in body)
    namespace = dict(writer.namespace)
    exec(compile(text, f"<{head}>", "exec"), namespace)  # noqa: S102 -- the text is ours, values come as arguments
    return Program(text, (*(f"C{n}: {name}" for n, name in enumerate(references)), *writer.notes), namespace["program"])
