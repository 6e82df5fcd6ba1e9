"""Terms and expressions of a mapping as code: columns of texts, and pieces of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from kg.errors import Position
from kg.rdf.grammar import XSD, is_iri
from kg.rml.compile.applying import Applied, Taken
from kg.rml.compile.columns import Bulk, Encoders, Shape, as_lists, bytewise, is_checked, over, pairs
from kg.rml.compile.gathering import SCOPE, Gathering
from kg.rml.compile.several import Marked
from kg.rml.compile.writer import Piece, Writer, in_line, literal_text
from kg.rml.mapping.description import RML
from kg.rml.mapping.functions import Kind
from kg.rml.mapping.model import (
    Call,
    Conditions,
    Constant,
    Expression,
    Gather,
    Reference,
    RefObjectMap,
    Template,
    TermMap,
    TermType,
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is said of the heads of collections, without the graph that it is said in."""

    piece: Piece
    are_entries: bool
    """Whether it is not yet said, but put together when all rows are read."""


_DEFAULT_GRAPH: Final = RML + "defaultGraph"


class TermWriter:
    """Writes the code of term maps; a term is a piece of a line, an expression is not yet."""

    def __init__(
        self,
        writer: Writer,
        number: int,
        linked: Callable[[RefObjectMap], Piece] | None = None,
        *,
        scopes: bool = False,
    ) -> None:
        """Of the term maps of a triples map.

        :param number: of the triples map in its plan
        :param linked: what writes the subjects of other triples maps, where members may be such
        :param scopes: whether the labels of named collections wait for their graph
        """
        self._writer, self._number, self._linked, self._scopes = writer, number, linked, scopes
        self._gathered: list[Gathered] = []

    def gathered(self) -> list[Gathered]:
        """What is said of the heads of collections that were written since this was asked last."""
        found, self._gathered = self._gathered, []
        return found

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
            case Call():
                return writer.texts(self.called(expression))
            case Template(parts):
                pieces = [
                    Piece(literal_text(part)) if isinstance(part, str) else self.piece(*writer.texts(part))
                    for part in parts
                ]
                return writer.collected(self.joined(pieces))
        raise TypeError(expression)

    def called(self, call: Call) -> Reference:
        """A reference to the column of what a function gives."""
        writer = self._writer
        taken, columns = [], []
        for parameter, argument in zip(call.function.parameters, call.arguments, strict=True):
            found = [self._value(expression) for expression in argument.expressions]
            is_text = len(found) == 1 and parameter.kind in {Kind.ANY, found[0][2]}
            taken.append(Taken(parameter, tuple(shape for _, shape, _ in found), is_text, argument.value))
            columns += [column for column, _, _ in found]
        applied = Applied(call, taken)
        name = f"{call.function.name} {call.function.version} {[one.value for one in taken if not one.shapes]}"
        made = writer.derived(name, applied, "batch.size", *columns, position=call.position)
        is_text = call.function.returns is Kind.TEXT
        return writer.given(writer.masked(made, applied.shape), applied.shape, call.position, is_text=is_text)

    def _value(self, expression: Expression) -> tuple[str, Shape, Kind | None]:
        """The values of an expression as they are, and their kind, if it is known."""
        match expression:
            case Call():
                kind = expression.function.returns
                return *self._writer.column(self.called(expression)), None if kind is Kind.ANY else kind
            case Reference():
                column, shape = self._writer.column(expression)
                return column, shape, Kind.TEXT if self._writer.is_text(column) else None
        return *self.raw(expression), Kind.TEXT

    @contextmanager
    def where(self, conditions: Conditions) -> Iterator[str | None]:
        """Let what is written within be there only where conditions hold; each is looked at where those before do."""
        with ExitStack() as stack:
            mask = None
            for condition in conditions:
                position = condition.position if isinstance(condition, Call | Reference) else Position("", 1)
                column, shape, _ = self._value(condition)
                mask = stack.enter_context(self._writer.where([(column, shape, position)]))
            yield mask

    def term(self, term_map: TermMap) -> Piece:
        """A term as N-Quads writes it."""
        with self.where(term_map.conditions) as mask:
            return self._term(term_map).where(mask)

    def _heads(self, term_map: TermMap, gather: Gather) -> Piece:
        """The heads of collections; what makes them heads is remembered."""
        writer, position = self._writer, term_map.position
        label = f"g{self._number}c{gather.number}"
        gathering = Gathering(gather, label, f"{self._number:05}", position)
        members = [self._as_lists(self._member(member)) for member in gather.members]
        listed = f"({', '.join(members)},)"
        if term_map.expression is None:
            made = writer.derived(f"gathered {label}", gathering.unnamed, "batch.first", listed, position=position)
        else:
            head = self._term(replace(term_map, gather=None))
            if self._scopes and term_map.term_type is TermType.BLANK_NODE:
                head = self.joined([head, Piece(literal_text(SCOPE))])
            names = self._as_lists(head)
            made = writer.derived(f"named {label}", gathering.named, "batch.first", names, listed, position=position)
        heads, bodies = (writer.masked(writer.assign(f"{made}[{part}]"), Shape.MANY) for part in (0, 1))
        self._gathered.append(Gathered(self.piece(bodies, Shape.MANY), term_map.expression is not None))
        return self.piece(heads, Shape.MANY)

    def _member(self, member: TermMap | RefObjectMap) -> Piece:
        if isinstance(member, TermMap):
            return self.term(member)
        assert self._linked is not None, "nothing is linked where there are no lines"
        return self._linked(member)

    def _as_lists(self, piece: Piece) -> str:
        """A piece as a column of lists."""
        column, shape = self._writer.collected(piece)
        return self._writer.derived(f"as_lists {shape}", as_lists(shape), column)

    def _term(self, term_map: TermMap) -> Piece:
        expression = term_map.expression
        if term_map.gather is not None:
            return self._heads(term_map, term_map.gather)
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
        bulk = Encoders(part.position, self._writer.padded).encoded_bytewise(ascii_only=ascii_only)
        name = "percent_uri" if ascii_only else "percent"
        whole = over(shape, bulk, keeps_empty=True)
        return self.piece(self._writer.derived(name, whole, column, position=part.position), shape)

    def _to_check(self, part: Reference, *, ascii_only: bool) -> Piece:
        """A part of a template whose whole is checked before it stands in lines."""
        column, shape = self._writer.texts(part)
        bulk = Encoders(part.position, self._writer.padded).encoded(ascii_only=ascii_only)
        name = "part_uri" if ascii_only else "part"
        return self.piece(self._writer.apply(name, bulk, column, shape, part.position), shape)

    def _literal(self, term_map: TermMap) -> Piece:
        expression = _stated(term_map.expression)
        if isinstance(expression, Call):
            expression = self.called(expression)
            term_map = replace(term_map, expression=expression)
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
        is_natural = shape is not Shape.TABLE and after == '"' and datatype is None
        if is_natural and not self._writer.is_text(column):
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
        whole = over(shape, bulk, keeps_empty=True)
        made = self._writer.derived("escaped", whole, column, position=reference.position)
        if shape is Shape.MANY and self._writer.single is Shape.OPTIONAL:
            marked = Marked(reference.position)
            self._writer.marked[made] = self._writer.derived("marked", marked, column, position=reference.position)
        return self.piece(made, shape, before, after)

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
