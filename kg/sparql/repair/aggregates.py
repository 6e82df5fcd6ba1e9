"""Aggregates that pass over what has no value, where the engine gives no value for the whole group.

The standard leaves open what a solution without a value does to an aggregate (18.5.1; w3c/rdf-tests, issue 39). The
choice here is that of Virtuoso and rdflib: a solution in which a variable of the operand is unbound, so that the
operand has no value, is passed over. A value that is none for the aggregate (text among numbers) stays an error.
Where the pattern proves that all variables are bound, the engine's own aggregate is kept.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce
from types import MappingProxyType
from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.syntax import (
    Aggregate,
    Ask,
    Binary,
    BuiltIn,
    Call,
    Construct,
    Describe,
    Exists,
    Expression,
    Iri,
    Literal,
    Query,
    Select,
    Variable,
)
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.tree.binding import NONE, Names, bound_by
from kg.sparql.repair.tree.certainty import is_total
from kg.sparql.repair.tree.walking import expression_names, rebuilt, selects_mapped

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_STRINGS: Final = frozenset({"STR", "LANG", "STRUUID", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "ENCODE_FOR_URI"})
_NIL: Final = Iri(names.NIL)
_OURS: Final = MappingProxyType({"MIN": names.MINIMUM, "MAX": names.MAXIMUM, "SAMPLE": names.SAMPLE})


def aggregates(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose aggregates pass over solutions without a value."""
    del context
    made = selects_mapped(query, _in_select)
    match made.body:
        case Select():
            return made, ()
        case Ask() | Construct() | Describe():
            # HAVING and ORDER BY are all that can hold an aggregate there.
            where = made.body.where
            surely = NONE if where is None else bound_by(where).surely
            modifiers = rebuilt(made.body.modifiers, partial(_changed, surely=surely))
            return replace(made, body=replace(made.body, modifiers=modifiers)), ()
    raise ValueError(made.body)


def _in_select(select: Select) -> Select:
    surely = bound_by(select.where).surely
    change = partial(_changed, surely=surely)
    projection = select.projection and tuple(rebuilt(each, change) for each in select.projection)
    modifiers = rebuilt(select.modifiers, change)
    if projection == select.projection and modifiers is select.modifiers:
        return select
    return replace(select, projection=projection, modifiers=modifiers)


def _changed(node: Any, surely: Names) -> Any:
    if isinstance(node, Exists):
        return node
    if isinstance(node, Aggregate):
        return _rewritten(node, surely)
    return rebuilt(node, partial(_changed, surely=surely))


def _rewritten(aggregate: Aggregate, surely: Names) -> Expression:
    operand = aggregate.operand
    if operand is None:
        return aggregate
    if aggregate.name == "COUNT":
        return aggregate if isinstance(operand, Variable) or is_total(operand, surely) else _count(aggregate, operand)
    unsure = tuple(Variable(name) for name in sorted(expression_names(operand) - surely))
    if aggregate.name == "GROUP_CONCAT":
        return _concatenation(aggregate, operand, unsure)
    if not unsure or is_total(operand, surely):
        return aggregate
    return _passing(aggregate, operand, unsure)


def _passing(aggregate: Aggregate, operand: Expression, unsure: tuple[Variable, ...]) -> Expression:
    match aggregate.name:
        case "SUM":
            return _sum(aggregate, operand, unsure)
        case "AVG":
            # A count of nothing is no divisor.
            count = Aggregate("COUNT", operand, aggregate.distinct)
            counted = count if isinstance(operand, Variable) else _count(count, operand)
            quotient = Binary("/", _sum(aggregate, operand, unsure), counted)
            return BuiltIn("IF", (Binary("=", counted, _number(0)), _number(0), quotient))
        case "MIN" | "MAX" | "SAMPLE":
            return Call(Iri(_OURS[aggregate.name]), (_or_nil(operand, unsure),))
    raise ValueError(aggregate)


def _sum(aggregate: Aggregate, operand: Expression, unsure: tuple[Variable, ...]) -> Expression:
    return Aggregate("SUM", _or(operand, unsure, _number(0)), aggregate.distinct, at=aggregate.at)


def _count(aggregate: Aggregate, operand: Expression) -> Expression:
    """The solutions in which the operand has a value; the engine gives nothing where it is an error in one of them."""
    if not aggregate.distinct:
        return Aggregate("SUM", _choice(operand, _number(1), _number(0)), at=aggregate.at)
    # An error counts as one value more, of its own.
    counted = Aggregate("COUNT", BuiltIn("COALESCE", (operand, _NIL)), distinct=True, at=aggregate.at)
    errors = BuiltIn("COALESCE", (Aggregate("MAX", _choice(operand, _number(0), _number(1))), _number(0)))
    return Binary("-", counted, errors)


def _choice(operand: Expression, value: Literal, error: Literal) -> Expression:
    """One number where the operand has a value, another one where it has none."""
    return BuiltIn("COALESCE", (BuiltIn("IF", (BuiltIn("ISIRI", (operand,)), value, value)), error))


def _concatenation(aggregate: Aggregate, operand: Expression, unsure: tuple[Variable, ...]) -> Expression:
    separator = " " if aggregate.separator is None else aggregate.separator
    is_text = _is_text(operand)
    if aggregate.distinct and not is_text:
        # Two terms of one text are two values: they are told apart before they are texts.
        function = names.group_concat(separator, distinct=True)
        return Call(Iri(function), (_or_nil(operand, unsure) if unsure else operand,))
    text = operand if is_text else BuiltIn("STR", (operand,))
    if not unsure:
        return replace(aggregate, operand=text)
    # Each value brings its separator, and the first one is taken away: what has no value brings nothing.
    led = BuiltIn("CONCAT", (_text(separator), text)) if separator else text
    listed = replace(aggregate, operand=_or(led, unsure, _text("")), separator="")
    return BuiltIn("SUBSTR", (listed, _number(len(separator) + 1))) if separator else listed


def _or(operand: Expression, unsure: tuple[Variable, ...], otherwise: Literal | Iri) -> Expression:
    """The operand, and something else where it has no value because a variable of it is unbound."""
    replaced = BuiltIn("COALESCE", (operand, otherwise))
    if isinstance(operand, Variable):
        return replaced
    bound: list[Expression] = [BuiltIn("BOUND", (each,)) for each in unsure]
    return BuiltIn("IF", (reduce(partial(Binary, "&&"), bound), operand, replaced))


def _or_nil(operand: Expression, unsure: tuple[Variable, ...]) -> Expression:
    return _or(operand, unsure, _NIL)


def _is_text(operand: Expression) -> bool:
    """Whether an expression gives strings without a language only, which the engine joins as the standard says."""
    return isinstance(operand, BuiltIn) and operand.name in _STRINGS


def _number(value: int) -> Literal:
    return Literal(str(value), f"{_XSD}integer")


def _text(value: str) -> Literal:
    return Literal(value, f"{_XSD}string")
