"""Which variables a query brings up, in the order in which it does (SPARQL 1.1 Query, section 18.2.1)."""

from __future__ import annotations

import re
from typing import Final

from kg.errors import QueryError
from kg.sparql.language.query import read_unchecked
from kg.sparql.language.scoping import in_scope
from kg.sparql.language.syntax import Query, Select, Span

_KEYWORDS: Final = (
    "SELECT", "DISTINCT", "REDUCED", "FROM", "WHERE", "GRAPH", "OPTIONAL", "UNION", "MINUS", "FILTER", "NOT", "EXISTS",
    "BIND", "VALUES", "SERVICE", "LATERAL", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET",
)  # fmt: skip
_GAP: Final = r"(?:\s|#[^\r\n]*+)*+"
_HEAD: Final = re.compile(rf"SELECT{_GAP}(?:(?:DISTINCT|REDUCED){_GAP})?+\*", re.IGNORECASE)


def star_of(text: str, query: Query | None = None) -> tuple[Span, tuple[str, ...]] | None:
    """The place of the `*` after the outermost SELECT, and the columns that it stands for; escapes are resolved.

    `query` is the tree of the text, where it has been read. None if there is none, if it stands for none, or if the
    query cannot be read with certainty.

    >>> star_of("SELECT * { ?z ^(<p>|<q>)* ?a OPTIONAL { ?z ?y ?x } FILTER(?w) }")[1]
    ('z', 'a', 'y', 'x')
    """
    try:
        query = query or read_unchecked(text)
    except QueryError:
        return None
    body = query.body
    if not isinstance(body, Select) or body.projection is not None or body.modifiers.group or body.modifiers.having:
        return None
    # The engine's own reader takes `FILTER:f(?x)` for a filter.
    if any(prefix.upper().startswith(_KEYWORDS) for prefix, _ in query.prefixes):
        return None
    head = _HEAD.match(text, body.at.start if body.at else 0)
    names = in_scope(body)
    return (Span(head.end() - 1, head.end()), names) if head and names else None
