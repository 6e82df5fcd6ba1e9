"""The rows of a page of a table, or of the list of a class, as CSV (RFC 4180) and as JSON, in the words of the page.

In JSON a value is a term as SPARQL 1.1 Query Results JSON writes it (section 3.2.2), with its `label` where it has one.
A cell is a list of lists: of several values without a name, which stand one below the other, each has its place.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from io import StringIO
from types import MappingProxyType
from typing import Any, Final

from server.http.negotiation import choose
from server.lookup import Label, Term
from server.pages.tables.columns import Column
from server.pages.tables.lines import Cell
from server.pages.tables.members import ListView
from server.pages.tables.reading import TableView

CSV: Final = "csv"
ROWS: Final = "rows"
"""JSON; `json` of a table is what is said of it, in JSON-LD."""
MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {CSV: "text/csv; charset=utf-8; header=present", ROWS: "application/json"}
)
"""By the names that `?format=` has for them."""
_BETWEEN: Final = " | "
_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"iri": "uri", "blank": "bnode", "literal": "literal", "triple": "literal"}
)


def asked_rows(asked: str | None, accept: str | None, *beside: str) -> str:
    """The format in which a request wants rows; empty where it wants a page or anything else that is offered `beside`.

    >>> asked_rows("rows", None), asked_rows(None, "text/csv", "text/html"), asked_rows(None, "*/*", "text/html")
    ('rows', 'csv', '')
    """
    if asked:
        return asked if asked in MEDIA_TYPES else ""
    types = {media_type.partition(";")[0]: name for name, media_type in MEDIA_TYPES.items()}
    chosen = choose(accept, (*beside, *(it for it in types if it not in beside)))
    return "" if chosen in beside else types.get(chosen or "", "")


def write_csv(
    view: TableView, row: str, claims: str, name: Callable[[Column], str], short: Callable[[str], str]
) -> bytes:
    """The lines of a page with the names of its columns; several values of a cell stand between bars.

    Values are not altered: a spreadsheet may take one that begins with `=` for a formula. `row` and `claims` are the
    names of the first two columns.
    """

    def shown(term: Term) -> str:
        label = view.labels.get(term.name)
        return term.value if term.kind == "literal" else label.text if label else short(term.name)

    def told(cell: Cell) -> str:
        if len(cell) > 1:  # each in its place, which may be empty
            return _BETWEEN.join(" ".join(map(shown, place)) for place in cell)
        return _BETWEEN.join(shown(term) for place in cell for term in place)

    columns = [head.column for head in view.heads]
    lines = [[row, claims, *map(name, columns)]]
    for line in view.lines:
        places = " ".join(one.place for one in line.rows)
        made = " ".join(identifier for _, identifier in line.claims)
        lines.append([places, made, *(told(line.cells.get(column, ())) for column in columns)])
    return _csv(lines)


def write_rows(iri: str, view: TableView, name: Callable[[Column], str], at: Callable[[str], str]) -> bytes:
    """The same as JSON, a row of the file each; `at` makes an address of the page one that a program can follow."""
    columns = [head.column for head in view.heads]
    rows = [
        {
            "iri": row.iri,
            "place": row.place,
            "claims": [{"iri": claim, "identifier": identifier} for claim, identifier in line.claims],
            "cells": {
                column.key: [[_term(term, view.labels) for term in place] for place in line.cells[column]]
                for column in columns
                if column in line.cells
            },
        }
        for line in view.lines
        for row in line.rows
    ]
    about = {"iri": iri, "total": view.total, **_labelled(view.labels.get(iri))}
    heads = [
        {"name": it.key, "label": name(it), "properties": list(it.path), "ofClaims": it.of_claims} for it in columns
    ]
    return _json({"table": about, "columns": heads, "rows": rows, **_around(view, at)})


def write_members_csv(view: ListView, head: tuple[str, str], short: Callable[[str], str]) -> bytes:
    """The things of a page, each by its IRI and by what it is called; `head` names the two columns."""
    labels = view.labels
    names = ((it.name, labels[it.name].text if it.name in labels else short(it.name)) for it in view.rows)
    return _csv([list(head), *map(list, names)])


def write_members(iri: str, view: ListView, at: Callable[[str], str]) -> bytes:
    """The same as JSON."""
    things = [_term(term, view.labels) for term in view.rows]
    about = {"iri": iri, **_labelled(view.labels.get(iri))}
    return _json({"class": about, "things": things, **_around(view, at)})


def _term(term: Term, labels: Mapping[str, Label]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": _TYPES[term.kind], "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.kind == "literal" and term.datatype:
        found["datatype"] = term.datatype
    return {**found, **(_labelled(labels.get(term.name)) if term.kind != "literal" else {})}


def _labelled(label: Label | None) -> dict[str, Any]:
    return {} if label is None else {"label": label.text, **({"lang": label.language} if label.language else {})}


def _around(view: TableView | ListView, at: Callable[[str], str]) -> dict[str, Any]:
    """How many rows meet the filters, which page of them this is, and where the others are."""
    ways = (("previous", view.previous), ("next", view.next))
    met = [{"column": it.filter.column.key, "test": it.filter.test, "value": it.filter.words} for it in view.met]
    return {
        "filters": met,
        "found": view.found,
        "page": view.asked.page,
        **{name: at(way) for name, way in ways if way},
    }


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False) + "\n").encode()


def _csv(lines: list[list[str]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()
