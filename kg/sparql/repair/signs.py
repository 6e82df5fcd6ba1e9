"""A number with a plus after a property, which the engine takes for a path: `?x :p +7` for `?x :p+ 7`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.syntax import Literal, Query, TriplePattern, Triples
from kg.sparql.language.vocabulary import DECIMAL, DOUBLE, INTEGER
from kg.sparql.language.walking import rebuilt
from kg.sparql.repair.context import Context

_NUMBERS: Final = (INTEGER, DECIMAL, DOUBLE)


def signed_numbers(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose triple patterns have their numbers without a plus, as the store has them."""
    del context
    return rebuilt(query, _changed), ()


def _changed(node: Any) -> Any:
    if isinstance(node, Triples):
        return replace(node, patterns=tuple(map(_unsigned, node.patterns)))
    return rebuilt(node, _changed)


def _unsigned(pattern: TriplePattern) -> TriplePattern:
    number = pattern.object
    if not isinstance(number, Literal) or number.datatype not in _NUMBERS or not number.lexical.startswith("+"):
        return pattern
    return replace(pattern, object=replace(number, lexical=number.lexical[1:]))
