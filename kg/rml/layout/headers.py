"""The names of columns: from one row or several, some of them empty, some of them the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from kg.errors import nearest

BETWEEN: Final = " / "
"""What stands between the names of several header rows."""
DELIMITERS: Final[Mapping[str, str]] = MappingProxyType({"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"})
"""What stands between the cells of tables that people bring, the rarest in texts first, and what it is called."""


def names_of(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names of columns that stand in one row, or in several with groups above what they hold.

    A group reaches over the empty cells to its right, as a merged cell does.

    >>> names_of([["", "Population", "", "Area"], ["City", "2019", "2024", ""]])
    ('City', 'Population / 2019', 'Population / 2024', 'Area')
    >>> names_of([["id", "", "n"]])
    ('id', '', 'n')
    """
    if len(rows) == 1:
        return tuple(rows[0])
    width = max(map(len, rows))
    filled = [_filled(row, width) for row in rows[:-1]]
    filled.append([cell.strip() for cell in (*rows[-1], *[""] * (width - len(rows[-1])))])
    return tuple(BETWEEN.join(dict.fromkeys(filter(None, column))) for column in zip(*filled, strict=True))


def _filled(row: Sequence[str], width: int) -> list[str]:
    made: list[str] = []
    for cell in (*row, *[""] * (width - len(row))):
        made.append(cell.strip() or (made[-1] if made else ""))
    return made


def missing(name: str, header: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with a column that a mapping names, and what to do; nothing if it is there once.

    >>> missing("a", ["a", "b", ""]), missing("a", ["a", "a"])[0], missing("c", ["cc"])
    (None, "two columns are named 'a'", ("has no column 'c'", "did you mean 'cc'?"))
    """
    found = list(header).count(name)
    if found == 1:
        return None
    if found:
        return f"two columns are named '{name}'", "columns are found by their names: rename one"
    named = list(dict.fromkeys(filter(None, header)))
    return f"has no column '{name}'", nearest(name, named) or f"columns: {', '.join(named)}"[:300]
