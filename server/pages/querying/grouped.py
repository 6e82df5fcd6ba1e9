"""The query that counts a column of another one: what a page shows the first of, whole and in any format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.errors import KgError
from kg.sparql.language import parse
from kg.sparql.language.syntax import Select
from server.pages.tables.facets import Counting
from server.pages.tables.filters import Filter
from server.pages.tables.operators import condition

_ROWS: Final = "rows"


def counts_of(text: str, base: str, counting: Counting, held: Sequence[Filter]) -> str:
    """A query for the values of a column of `text` with the numbers of their rows, of those that meet filters.

    Empty where there is none: what has no columns of its own is no part of another query, one that chooses its graphs
    can be none (SPARQL 1.1 Query, rule 8), and of an interval both ends may be in one year.

    >>> from server.pages.tables.columns import Column
    >>> print(counts_of("SELECT ?who { ?who a ?c } # all", "urn:b", Counting(Column(("who",))), ()))
    SELECT ?who (COUNT(*) AS ?rows) WHERE {
      { SELECT ?who { ?who a ?c } # all
      }
    }
    GROUP BY ?who
    ORDER BY DESC(?rows)
    """
    if counting.part:
        return ""
    try:
        body = parse(text, base).body
        if not isinstance(body, Select) or body.at is None:
            return ""
        start = body.at.start
        found = _written(text[:start], text[start:].rstrip(), counting, held)
        parse(found, base)  # where it chooses graphs there is no such query
    except (KgError, ValueError):
        return ""
    return found


def _written(prologue: str, inner: str, counting: Counting, held: Sequence[Filter]) -> str:
    name = counting.column.key
    rows = _ROWS
    while f"?{rows}" in inner or f"${rows}" in inner or rows == name:
        rows += "_"
    lines = [f"  {{ {inner}\n  }}", *(f"  FILTER({it})" for it in _conditions(held))]
    body = "\n".join(lines)
    return (
        f"{prologue}SELECT ?{name} (COUNT(*) AS ?{rows}) WHERE {{\n{body}\n}}\nGROUP BY ?{name}\nORDER BY DESC(?{rows})"
    )


def _conditions(held: Sequence[Filter]) -> Iterator[str]:
    for one in held:
        name = one.column.key
        yield f"!BOUND(?{name})" if one.test == "empty" else condition(name, one.test, one.words)
