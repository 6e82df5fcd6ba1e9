"""The cells of columns that have rules of their own, and what trimming takes away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kg.rml.mapping.model import Column, Source, Trim

Cells = Sequence[Any]


def trimmed(cells: Cells, trim: Trim) -> Cells:
    """Cells without blanks around their texts.

    >>> trimmed([" a ", None, 7], Trim.BOTH), trimmed([" a "], Trim.START), trimmed([" a "], Trim.END)
    (['a', None, 7], ['a '], [' a'])
    """
    match trim:
        case Trim.NONE:
            return cells
        case Trim.BOTH:
            return [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        case Trim.START:
            return [cell.lstrip() if isinstance(cell, str) else cell for cell in cells]
        case Trim.END:
            return [cell.rstrip() if isinstance(cell, str) else cell for cell in cells]
    raise ValueError(trim)


def rules_of(source: Source, references: Sequence[str], absent: str | None) -> dict[int, Callable[[Cells], Cells]]:
    """What is done to the columns of some references, by their numbers; to most, nothing.

    :param absent: what stands where a row has no value
    """
    own = {column.name: column for column in source.columns}
    return {number: _rule(own[name], absent) for number, name in enumerate(references) if name in own}


def _rule(column: Column, absent: str | None) -> Callable[[Cells], Cells]:
    above: list[Any] = [absent]

    def apply(cells: Cells) -> Cells:
        made = trimmed(cells, column.trim)
        if column.nulls:
            made = [absent if isinstance(cell, str) and cell in column.nulls else cell for cell in made]
        if not column.fills_down:
            return made
        filled = []
        for cell in made:
            if cell not in {None, ""}:
                above[0] = cell
            filled.append(above[0])
        return filled

    return apply
