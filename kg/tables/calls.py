"""What the plan of a mapping asks of a row for its table: whether it is one, and which hash names its claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.rml.mapping.functions import Function, Kind, Parameter
from kg.rml.mapping.model import Argument, Call, Reference, Template
from kg.tables.model import Table, hashed


def _is_row(cell: str | None, none: tuple[str, ...]) -> bool:
    return (cell or "") not in none


def _named(home: str, before: str, text: str) -> str:
    return home + hashed(before, text)


_IS_ROW: Final = Function(
    "isRow",
    "Whether a row is one of its table.",
    (Parameter("cell", Kind.TEXT, takes_absent=True), Parameter("none", Kind.ANY)),
    Kind.BOOLEAN,
    _is_row,
)
_NAMED: Final = Function(
    "claim",
    "The claim of a row by the hash of its key.",
    (Parameter("home", Kind.TEXT), Parameter("before", Kind.TEXT), Parameter("text", Kind.TEXT)),
    Kind.TEXT,
    _named,
    grows=True,
)


def rows_of_it(table: Table, columns: Sequence[str]) -> Iterator[Call]:
    """The conditions under which a row is one of the table.

    :param columns: what the source calls the cells that tell, in the order of `left_out`
    """
    for one, column in zip(table.left_out, columns, strict=True):
        position = one.cell.position
        cell = Argument((Reference(column, position),))
        yield Call(_IS_ROW, (cell, Argument(value=tuple(sorted(one.values)))), position)


def hash_of(table: Table, home: str, text: tuple[str | Reference, ...]) -> Call:
    """The claim of a row: `home`, and the name that `Table.named` gives for the text."""
    arguments = (Argument(value=home), Argument(value=table.before), Argument((Template(text),)))
    return Call(_NAMED, arguments, table.id.position)
