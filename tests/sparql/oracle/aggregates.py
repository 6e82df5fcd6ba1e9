"""Aggregates over the members of a group (section 18.5.1).

What the standard leaves open is read as this project says it: a value that is unbound does not count for any of them,
and GROUP_CONCAT takes the text of any literal and of an IRI. What is an error for another reason stays one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import partial

from sparql.oracle import numbers
from sparql.oracle.compare import rank
from sparql.oracle.expressions import Scope, value
from sparql.oracle.functions import text_for_concat
from sparql.oracle.numbers import Kind, Number
from sparql.oracle.terms import Term, Undetermined, Wrong, string

from kg.sparql.language.syntax import Aggregate, Exists, Variable


def aggregate(one: Aggregate, members: list[Scope]) -> Term:
    """The value of an aggregate.

    :raises Wrong: if it has none
    """
    if one.operand is None:
        rows = [frozenset(member.row.items()) for member in members]
        return count(set(rows) if one.distinct else rows)
    values, error = evaluated(one, members)
    if one.distinct:
        values = list(dict.fromkeys(values))
    if one.name == "COUNT":
        return count(values)
    if error is not None:
        raise error
    if one.name == "GROUP_CONCAT":
        return string((" " if one.separator is None else one.separator).join(map(text_for_concat, values)))
    return COMPUTED[one.name](values)


def evaluated(one: Aggregate, members: list[Scope]) -> tuple[list[Term], Wrong | None]:
    """The values of the operand, and an error if there was any where all variables of the operand have values."""
    values, error = [], None
    assert one.operand is not None
    for member in members:
        try:
            values.append(value(one.operand, member))
        except Wrong as found:
            if variables(one.operand) <= member.row.keys():
                error = found
    return values, error


def variables(node: object) -> set[str]:
    """The variables that an expression names, but for those of a pattern in EXISTS."""
    if isinstance(node, Variable):
        return {node.name}
    if isinstance(node, Exists) or not dataclasses.is_dataclass(node):
        return set().union(*map(variables, node)) if isinstance(node, tuple) else set()
    return set().union(*(variables(getattr(node, field.name)) for field in dataclasses.fields(node)))


def count(values: Iterable[object]) -> Term:
    return numbers.literal_of(Number(Kind.INTEGER, sum(1 for _ in values)))


def total(values: list[Term]) -> Number:
    found = Number(Kind.INTEGER, 0)
    for term in values:
        number = numbers.number_of(term)
        if number is None:
            raise Wrong("a sum with what is no number")
        found = numbers.calculate("+", found, number)
    return found


def extreme(name: str, values: list[Term]) -> Term:
    """MIN and MAX by the order of ORDER BY."""
    if not values:
        raise Wrong(f"{name} of nothing")
    place = (min if name == "MIN" else max)(map(rank, values))
    return sample([term for term in values if rank(term) == place])


def sample(values: list[Term]) -> Term:
    """Any of the values, if they are one.

    :raises Undetermined: if they are not
    """
    if not values:
        raise Wrong("SAMPLE of nothing")
    if any(term != values[0] for term in values):
        raise Undetermined("any of several values may come")
    return values[0]


def average(values: list[Term]) -> Term:
    if not values:
        return numbers.literal_of(Number(Kind.INTEGER, 0))
    return numbers.literal_of(numbers.calculate("/", total(values), Number(Kind.INTEGER, len(values))))


COMPUTED: dict[str, Callable[[list[Term]], Term]] = {
    "SUM": lambda values: numbers.literal_of(total(values)),
    "AVG": average,
    "MIN": partial(extreme, "MIN"),
    "MAX": partial(extreme, "MAX"),
    "SAMPLE": sample,
}
