"""The fields of a view as steps over rows: values, records within records, values that hold records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.rml.compile.applying import optional
from kg.rml.compile.columns import Fault, Shape
from kg.rml.compile.generate import TermWriter
from kg.rml.compile.shapes import shapes_of
from kg.rml.compile.writer import Program, Writer, finished
from kg.rml.mapping.jsonpath import parse_path, rooted
from kg.rml.mapping.model import (
    TREES,
    Batch,
    Call,
    Expression,
    Field,
    Formulation,
    Reference,
    Source,
    references_of,
)
from kg.rml.mapping.values import Failed
from kg.rml.views.frames import Column, Derived, Spread, Step
from kg.rml.views.nested import reader_of, records_beneath, records_written


@dataclass(frozen=True, slots=True)
class Level:
    """Where expressions are about the same records."""

    source: Source
    prefix: str = ""
    is_root: bool = True

    def column(self, reference: str) -> str:
        """The name of the column of a reference as the records have it: none that a field could have."""
        return f"\0{self.prefix}\0{reference}"

    def shapes(self, references: Sequence[str]) -> dict[str, Shape]:
        """What these columns hold."""
        found = shapes_of(self.source, references)
        table = Shape.TABLE if self.is_root else Shape.OPTIONAL
        return {name: table if shape is Shape.TABLE else shape for name, shape in found.items()}


def cells_among(fields: Iterable[Field], source: Source) -> frozenset[str]:
    """The fields of a view that hold cells of a table in all of its rows."""
    shapes = shapes_of(source, [field.name for field in fields])
    return frozenset(name for name, shape in shapes.items() if shape is Shape.TABLE)


def records_column(path: str) -> str:
    """The name of the column of the records that an iterable field finds in those of the source."""
    return f"\0records\0{path}"


def spreads(field: Field, source: Source) -> bool:
    """Whether a field may have several values or records for one that it lies in."""
    if field.expression is None:
        records = field.records
        assert records is not None
        is_one = (
            records.formulation is Formulation.JSON_PATH and parse_path(rooted(records.iterator or "$")).is_singular
        )
        return not is_one or any(spreads(inner, records) for inner in field.fields)
    references = [reference.text for reference in references_of(field.expression)]
    shapes = shapes_of(source, references)
    many = Shape.MANY in shapes.values() or _gives_many(field.expression)
    return many or any(spreads(inner, source) for inner in field.fields)


def _gives_many(expression: Expression) -> bool:
    if not isinstance(expression, Call):
        return False
    return expression.function.gives_many or any(_gives_many(inner) for inner in expression.inner())


def steps_of(fields: Iterable[Field], level: Level, cells: Collection[str] = ()) -> list[Step]:
    """What makes the columns of fields, in their order.

    :param cells: the fields that stay cells of a table, of which the empty one is no value; `None` is none in others
    """
    made: list[Step] = []
    for field in fields:
        if field.expression is None:
            made += _iterable(field, level)
        else:
            made += _expression(field, field.expression, level, is_cell=field.name in cells)
    return made


def _expression(field: Field, expression: Expression, level: Level, *, is_cell: bool) -> list[Step]:
    index = f"{field.name}.#"
    lists = f"\0lists\0{field.name}"
    made, shape = _values(expression, level, lists, field.name, is_cell=is_cell)
    first = _first_of_cells if is_cell else _first
    made.append(Spread(lists, field.name, index) if shape is Shape.MANY else Derived([field.name], [index], first))
    for inner in field.fields:
        found, within = records_column(inner.name), _each(records_written(inner))
        made.append(Derived([field.name], [found], _of_cells(within) if is_cell else within))
        made += _records(inner, found)
    return made


def _values(expression: Expression, level: Level, lists: str, name: str, *, is_cell: bool) -> tuple[list[Step], Shape]:
    """The values of an expression: lists of them in one column, or single ones in another."""
    references = tuple(dict.fromkeys(reference.text for reference in references_of(expression)))
    taken = [level.column(reference) for reference in references]
    shapes = level.shapes(references)
    if isinstance(expression, Reference):
        shape = shapes[expression.text]
        keeps: Callable[..., Sequence[Column]] = _present if shape is Shape.TABLE and not is_cell else _same
        return [Derived(taken, [lists if shape is Shape.MANY else name], keeps)], shape
    evaluated = Evaluated(expression, references, shapes, is_key=False)
    column = lists if evaluated.shape is Shape.MANY else name
    return [Derived(taken, [column], evaluated)], evaluated.shape


class Evaluated:
    """An expression as a program over columns; where nothing can be made of a row, what is wrong stands."""

    def __init__(
        self,
        expression: Expression,
        references: Sequence[str],
        shapes: Mapping[str, Shape],
        *,
        is_key: bool,
    ) -> None:
        """With values that know their types, or as keys that are compared, texts."""
        writer = Writer(tuple(references), shapes, calls=True)
        terms = TermWriter(writer, 0)
        if isinstance(expression, Call) and not is_key:
            column, self.shape = writer.column(terms.called(expression))
        else:
            column, self.shape = terms.raw(expression)
        self._program: Program = finished(writer, references, column, "field of a view")

    def __call__(self, size: int, *columns: Column) -> Sequence[Column]:
        try:
            return (self._program.function(Batch(columns, size, 1)),)
        except Fault:
            return ([self._row([column[row : row + 1] for column in columns]) for row in range(size)],)

    def _row(self, columns: Sequence[Column]) -> Any:
        try:
            return self._program.function(Batch(tuple(columns), 1, 1))[0]
        except Fault as fault:
            failed = Failed(fault)
            return [failed] if self.shape is Shape.MANY else failed


def _iterable(field: Field, level: Level) -> list[Step]:
    """Records within those of a level."""
    records = field.records
    assert records is not None
    found = records_column(field.name)
    if not level.is_root:
        find = records_beneath(records)
        return [Derived([_node(level)], [found], _each(find)), *_records(field, found)]
    path = records.iterator or ""
    if records.formulation is not Formulation.JSON_PATH:
        return [Derived([records_column(f"\0{path}")], [found], _same), *_records(field, found)]
    keeps = _single if parse_path(rooted(path)).is_singular else _same
    return [Derived([level.column(path)], [found], keeps), *_records(field, found)]


def _records(field: Field, found: str) -> list[Step]:
    """A row for each record, and the fields of it."""
    records = field.records
    assert records is not None
    within = Level(records, f"{field.name}.", is_root=False)
    node = _node(within)
    made: list[Step] = [Spread(found, node, f"{field.name}.#")]
    needed = [reference for inner in field.fields for reference in references_of(inner.expression)]
    for reference in {reference.text: reference for reference in needed}.values():
        shape = within.shapes([reference.text])[reference.text]
        read = _reading(reader_of(records, reference), is_many=shape is Shape.MANY)
        made.append(Derived([node], [within.column(reference.text)], read))
    return made + steps_of(field.fields, within)


def _node(level: Level) -> str:
    return f"\0node\0{level.prefix}"


def _reading(read: Callable[[Any], Any], *, is_many: bool) -> Callable[..., Sequence[Column]]:
    def made(_: int, nodes: Column) -> Sequence[Column]:
        if is_many:
            return ([() if n is None else [n] if type(n) is Failed else read(n) for n in nodes],)
        return ([n if n is None or type(n) is Failed else read(n) for n in nodes],)

    return made


def _each(find: Callable[[Any], Sequence[Any]]) -> Callable[..., Sequence[Column]]:
    """Lists of records for each value or record, of which there may be none."""

    def made(_: int, values: Column) -> Sequence[Column]:
        return ([() if v is None else (v,) if type(v) is Failed else find(v) for v in values],)

    return made


def _of_cells(made: Callable[..., Sequence[Column]]) -> Callable[..., Sequence[Column]]:
    """What is made of values, made of cells of a table."""
    return lambda size, cells: made(size, optional(cells))


def _same(_: int, column: Column) -> Sequence[Column]:
    return (column,)


def _present(_: int, column: Column) -> Sequence[Column]:
    return (optional(column),)


def _single(_: int, column: Column) -> Sequence[Column]:
    return ([() if value is None else (value,) for value in column],)


def _first(_: int, column: Column) -> Sequence[Column]:
    """The positions of single values: the first, or none."""
    return ([None if value is None else 0 for value in column],)


def _first_of_cells(_: int, column: Column) -> Sequence[Column]:
    """The same of cells of a table."""
    return ([0 if cell else None for cell in column],)


def paths_at(fields: Iterable[Field], source: Source) -> tuple[str, ...]:
    """The paths by which iterable fields walk through the records of a source."""
    if source.formulation not in TREES:
        return ()
    listed = [field.records.iterator or "" for field in fields if field.records is not None]
    return tuple(dict.fromkeys(listed))


def paths_beneath(fields: Iterable[Field]) -> tuple[str, ...]:
    """Everything that is asked of records within the records of a source."""
    listed: list[str] = []
    for field in fields:
        if field.records is None:
            continue
        for inner in field.fields:
            listed += [reference.text for reference in references_of(inner.expression)]
            listed += [inner.records.iterator or "."] if inner.records is not None else []
        listed += paths_beneath(field.fields)
    return tuple(dict.fromkeys(listed))
