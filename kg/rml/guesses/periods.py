"""Columns that are named by years: what they hold is one value for each of them, which a view makes rows of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.rml.guesses.columns import Column, column_of
from kg.rml.guesses.names import words
from kg.rml.guesses.turtle import braced, quoted

_YEAR: Final = re.compile(r"(?P<before>.*?)(?<!\d)(?P<year>(?:18|19|20)\d\d)(?!\d)(?P<after>.*)", re.DOTALL)
_SAME: Final = re.compile(r"[\s\[(]*YR(?:18|19|20)\d\d[\])]*\s*", re.IGNORECASE)
"""What the World Bank writes behind a year: the year again."""
_MARK: Final = re.compile(r"\s*(?:[\[(]\s*(?:p|e|r|prov|est)\.?\s*[\])]|\*{1,3})\s*", re.IGNORECASE)
"""What statistics offices write behind a year whose figures are provisional, estimated or revised."""
_SEVERAL: Final = 3


@dataclass(frozen=True, slots=True)
class Period:
    """Columns that differ in nothing but their years."""

    stem: str
    """What their names have beside the year."""
    columns: tuple[tuple[str, Column], ...]
    """Each with its year."""
    value: Column
    """What all of their cells have in common."""

    @property
    def predicate(self) -> str:
        """The local name of what a value is."""
        return words(self.stem, "") or "value"


def periods_of(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[Period, ...]:
    """The groups of three columns or more that are named by years, each with its values.

    A column with quotes in a cell is in none of them: a view would read it wrongly.
    """
    groups: dict[str, list[tuple[str, Column]]] = {}
    for at, column in enumerate(columns):
        found = _YEAR.fullmatch(column.names[-1])
        if found is None or any('"' in row[at] for row in rows):
            continue
        after = "" if _SAME.fullmatch(found["after"]) or _MARK.fullmatch(found["after"]) else found["after"]
        before = " ".join((*column.names[:-1], found["before"]))
        groups.setdefault(f"{before}\0{after}", []).append((found["year"], column))
    return tuple(
        _period(stem.replace("\0", " ").strip(" \t/:_-"), found, columns, rows)
        for stem, found in groups.items()
        if len(found) >= _SEVERAL and len({year for year, _ in found}) == len(found)
    )


def _period(
    stem: str, found: Sequence[tuple[str, Column]], columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> Period:
    places = [columns.index(column) for _, column in found]
    cells = [row[at] for at in places for row in rows]
    value = replace(column_of("cells.of.value", cells), is_typed=False)
    return Period(stem, tuple(found), value)


def view_lines(name: str, source: str, keys: Mapping[str, Column], period: Period) -> Iterable[str]:
    """A logical view with a row for each year of a row: its cells are written as a table of two columns, and read.

    :param name: of the view, and `source` that of what it is on
    :param keys: what names a row, by the names of their fields
    """
    yield f"map:{name} a rml:LogicalView ;"
    yield f"    rml:viewOn map:{source} ;"
    for field, column in keys.items():
        reference = quoted(column.name)
        yield f'    rml:field [ a rml:ExpressionField ; rml:fieldName "{field}" ; rml:reference {reference} ] ;'
    yield '    rml:field [ a rml:ExpressionField ; rml:fieldName "cells" ;'
    yield "        rml:functionExecution [ rml:function fn:join ; rml:input"
    yield '            [ rml:parameter fn:separator ; rml:inputValue "\\n" ] ,'
    yield '            [ rml:parameter fn:values ; rml:inputValue "year,value" ] ,'
    for at, (year, column) in enumerate(period.columns, 1):
        template = quoted(f'{year},"{{{braced(column.name)}}}"')
        end = " ," if at < len(period.columns) else ""
        yield f"            [ rml:parameter fn:values ; rml:inputValueMap [ rml:template {template} ] ]{end}"
    yield "        ] ;"
    yield '        rml:field [ a rml:IterableField ; rml:fieldName "of" ; rml:referenceFormulation rml:CSV ;'
    yield '            rml:field [ a rml:ExpressionField ; rml:fieldName "year" ; rml:reference "year" ] ;'
    yield '            rml:field [ a rml:ExpressionField ; rml:fieldName "value" ; rml:reference "value" ]'
    yield "        ]"
    yield "    ] ."
