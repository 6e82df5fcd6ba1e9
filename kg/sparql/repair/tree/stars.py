"""`SELECT *` written out, before a rewriting brings variables of its own into the pattern (SPARQL 1.1, 18.2.1)."""

from __future__ import annotations

from dataclasses import replace

from kg.sparql.language.scoping import in_scope
from kg.sparql.language.syntax import Query, Select, Variable
from kg.sparql.language.walking import selects_mapped


def stars_written_out(query: Query) -> Query:
    """A query without `SELECT *`; one that stands for no variable is left.

    >>> from kg.sparql.language import parse
    >>> [v.name for v in stars_written_out(parse("SELECT * { ?z ?y 1 GRAPH ?g { ?a ?b ?z } }")).body.projection]
    ['z', 'y', 'g', 'a', 'b']
    """
    return selects_mapped(query, _listed)


def _listed(select: Select) -> Select:
    if select.projection is not None:
        return select
    names = in_scope(select)
    return replace(select, projection=tuple(map(Variable, names))) if names else select
