"""The grid of a table as CSV: what its page shows, in the words of the page (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Final

from server.lookup import Term
from server.pages.tables.columns import Column
from server.pages.tables.lines import Cell
from server.pages.tables.reading import TableView

MEDIA_TYPE: Final = "text/csv; charset=utf-8; header=present"
_BETWEEN: Final = " | "


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

    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    columns = [head.column for head in view.heads]
    writer.writerow([row, claims, *map(name, columns)])
    for line in view.lines:
        places = " ".join(one.place for one in line.rows)
        made = " ".join(identifier for _, identifier in line.claims)
        writer.writerow([places, made, *(told(line.cells.get(column, ())) for column in columns)])
    return text.getvalue().encode()
