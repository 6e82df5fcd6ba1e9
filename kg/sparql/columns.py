"""The columns of `SELECT *`: the variables in scope (SPARQL 1.1 Query, section 18.2.1), as the query brings them up.

The engine sorts them by their letters. Here `*` is written out instead, in the order in which the patterns that bind
the variables stand in the text; what only FILTER, MINUS or the inside of a sub-select mentions is no column. A query
that cannot be read with certainty stays as it is: better another order than a column too few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from kg.sparql.language.syntax import Query, Span

_Answer = TypeVar("_Answer")
_GAP: Final = r"(?:\s|#[^\r\n]*+)*+"
_STAR: Final = re.compile(rf"\bSELECT{_GAP}(?:(?:DISTINCT|REDUCED)\b{_GAP})?+\*", re.IGNORECASE)


def asked(ask: Callable[[str], _Answer], text: str, query: Query | None = None) -> _Answer:
    """What `ask` answers to a query, with the columns of `SELECT *` in their order.

    `query` is its tree, where it has been read. A query that does not parse is told at the places of the text as it
    was written.

    :raises SyntaxError: as `ask` does
    """
    found = _found(text, query)
    if found is not None:
        with suppress(SyntaxError):
            return ask(_written(text, *found))
    return ask(text)


def in_order(text: str) -> str | None:
    """A query, escapes resolved, with the `*` after its outermost SELECT written out; None if there is none, or doubt.

    >>> in_order("SELECT * { ?z a ?b FILTER(?c) MINUS { ?z ?d ?e } GRAPH ?a { ?z ?y 1 } }")
    'SELECT ?z ?b ?a ?y { ?z a ?b FILTER(?c) MINUS { ?z ?d ?e } GRAPH ?a { ?z ?y 1 } }'
    >>> in_order("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    """
    found = _found(text)
    return None if found is None else _written(text, *found)


def in_order_of(original: str, answered: str) -> str:
    """A query whose SERVICE clauses are answered, with the columns in the order of the original.

    >>> in_order_of("SELECT * { SERVICE <http://e/> { ?b ?c ?a } }", "SELECT * { VALUES (?a ?b ?c) { } }")
    'SELECT ?b ?c ?a { VALUES (?a ?b ?c) { } }'
    """
    before, after = _found(original), _found(answered)
    if before is None or after is None or {*before[1]} != {*after[1]}:
        return answered
    return _written(answered, after[0], before[1])


def _written(text: str, star: Span, names: Iterable[str]) -> str:
    before, after = text[: star.start], text[star.end :]
    listed = " ".join(f"?{name}" for name in names)
    return f"{before}{'' if before[-1:].isspace() else ' '}{listed}{'' if after[:1].isspace() else ' '}{after}"


def _found(text: str, query: Query | None = None) -> tuple[Span, tuple[str, ...]] | None:
    if "*" not in text or not _STAR.search(text):
        return None
    # What reads tokens costs a process more to load than it costs to ask a query that has no use for it.
    from kg.sparql.scope import star_of

    return star_of(text, query)
