"""IN and NOT IN over no values, which the engine evaluates for numbers only."""

from __future__ import annotations

from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.syntax import BuiltIn, Literal, Membership, Query
from kg.sparql.language.walking import rebuilt
from kg.sparql.repair.context import Context

_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"


def empty_lists(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose `IN ()` is false, and whose `NOT IN ()` is true, wherever its operand has a value."""
    del context
    return rebuilt(query, _decided), ()


def _decided(node: Any) -> Any:
    made = rebuilt(node, _decided)
    if not isinstance(made, Membership) or made.members:
        return made
    answer = Literal("true" if made.negated else "false", _BOOLEAN)
    # An error of the operand stays one.
    return BuiltIn("IF", (BuiltIn("ISIRI", (made.operand,)), answer, answer))
