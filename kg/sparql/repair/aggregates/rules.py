"""Aggregates that pass over what has no value, where the engine gives no value for the whole group.

The standard leaves open what a solution without a value does to an aggregate (18.5.1; w3c/rdf-tests, issue 39). The
choice here is that of Virtuoso and rdflib: a solution in which a variable of the operand is unbound, so that the
operand has no value, is passed over. A value that is none for the aggregate (text among numbers) stays an error.
Where the pattern proves that all variables are bound, the engine's own aggregate is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.scoping import in_scope
from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Group,
    Iri,
    Literal,
    Query,
    Select,
    Variable,
)
from kg.sparql.language.walking import expression_names, rebuilt, selects_mapped, walk
from kg.sparql.repair.aggregates.values import our_name
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.rules import UNBOUND
from kg.sparql.repair.tree.binding import Names, bound_by
from kg.sparql.repair.tree.certainty import is_total

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_STRINGS: Final = frozenset({"STR", "LANG", "STRUUID", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "ENCODE_FOR_URI"})
_NIL: Final = Iri(names.NIL)
_OUR_DISTINCT: Final = names.GROUP_CONCAT_DISTINCT
_OURS_ALWAYS: Final = frozenset({"MIN", "MAX", "SAMPLE"})
"""What the engine cannot be asked for where no value takes the place of an unbound one."""


def aggregates(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose GROUP_CONCAT takes texts, and whose COUNT passes over errors."""
    warnings = _Unbound(context) if UNBOUND in context.without else None
    made = _everywhere(query, lambda node, surely: _by_the_standard(node, surely, warnings))
    return made, () if warnings is None else tuple(warnings.found)


def different_solutions(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose `COUNT(DISTINCT *)` counts by what a person can see: a solution has no blank nodes of patterns."""
    del context
    return selects_mapped(query, _seen), ()


def _seen(select: Select) -> Select:
    parts = [part for each in (*(select.projection or ()), select.modifiers) for part in walk(each)]
    counts = any(isinstance(part, Aggregate) and part.operand is None and part.distinct for part in parts)
    names = tuple(map(Variable, in_scope(select.where)))
    if not counts or not names:
        return select
    return replace(select, where=Group((Group((Select(names, select.where),)),)))


def unbound_in_aggregates(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose aggregates pass over solutions without a value."""
    return _everywhere(query, partial(_passing_over, context=context)), ()


def _everywhere(query: Query, change: Callable[[Aggregate | Call, Names], Expression]) -> Query:
    """A query in which `change` has made something of each aggregate, by the variables that are surely bound."""
    return selects_mapped(query, partial(_in_select, change=change))


def _in_select(select: Select, change: Callable[[Aggregate | Call, Names], Expression]) -> Select:
    step = partial(_in_expression, surely=bound_by(select.where).surely, change=change)
    projection = select.projection and tuple(rebuilt(each, step) for each in select.projection)
    return replace(select, projection=projection, modifiers=rebuilt(select.modifiers, step))


def _in_expression(node: Any, surely: Names, change: Callable[[Aggregate | Call, Names], Expression]) -> Any:
    if isinstance(node, Exists):
        return node
    if isinstance(node, Aggregate) or (isinstance(node, Call) and node.function.value.startswith(_OUR_DISTINCT)):
        return change(node, surely)
    return rebuilt(node, partial(_in_expression, surely=surely, change=change))


# --- by the standard


@dataclass(slots=True)
class _Unbound:
    """Aggregates of which one unbound variable leaves nothing, where it was chosen that they pass over none."""

    context: Context
    found: list[Problem] = field(default_factory=list)

    def look_at(self, aggregate: Aggregate | Call, surely: Names) -> None:
        if isinstance(aggregate, Call) or aggregate.name == "COUNT" or aggregate.operand is None:
            return
        unsure = sorted(expression_names(aggregate.operand) - surely)
        if unsure and not is_total(aggregate.operand, surely):
            message = f"{aggregate.name} has no value where ?{unsure[0]} is unbound in one solution of its group"
            hint = f"add FILTER(BOUND(?{unsure[0]})), or give another value with COALESCE"
            place = self.context.position(aggregate.at)
            self.found.append(Problem("aggregate-unbound", message, place, hint=hint, value=unsure[0]))


def _by_the_standard(aggregate: Aggregate | Call, surely: Names, warnings: _Unbound | None) -> Expression:
    if warnings is not None:
        warnings.look_at(aggregate, surely)
    if isinstance(aggregate, Call) or aggregate.operand is None:
        return aggregate
    operand = aggregate.operand
    if aggregate.name == "COUNT" and not isinstance(operand, Variable) and not is_total(operand, surely):
        return _count(aggregate, operand)
    if aggregate.name == "GROUP_CONCAT" and not _is_text(operand):
        if aggregate.distinct:
            # Two terms of one text are two values: they are told apart before they are texts.
            return Call(Iri(names.group_concat(aggregate.separator, distinct=True)), (operand,))
        return replace(aggregate, operand=BuiltIn("STR", (operand,)))
    return aggregate


# --- unbound variables


def _passing_over(aggregate: Aggregate | Call, surely: Names, context: Context) -> Expression:
    operand = aggregate.arguments[0] if isinstance(aggregate, Call) else aggregate.operand
    if operand is None or is_total(operand, surely):
        return aggregate
    unsure = tuple(Variable(name) for name in sorted(expression_names(operand) - surely))
    if not unsure:
        return aggregate
    if isinstance(aggregate, Call):
        return replace(aggregate, arguments=(_or_nil(operand, unsure),))
    if aggregate.name != "COUNT" and (context.careful or aggregate.name in _OURS_ALWAYS):
        return Call(Iri(our_name(aggregate, context)), (_or_nil(operand, unsure),))
    return _passing(aggregate, operand, unsure)


def _passing(aggregate: Aggregate, operand: Expression, unsure: tuple[Variable, ...]) -> Expression:
    match aggregate.name:
        case "SUM":
            return _sum(aggregate, operand, unsure)
        case "AVG":
            # A count of nothing is no divisor; the sum is 0 then, or an error.
            count = Aggregate("COUNT", operand, aggregate.distinct)
            counted = count if isinstance(operand, Variable) else _count(count, operand)
            total = _sum(aggregate, operand, unsure)
            return BuiltIn("IF", (Binary("=", counted, _number(0)), total, Binary("/", total, counted)))
        case "COUNT":
            return aggregate  # of a variable: the engine counts what is bound
        case "GROUP_CONCAT":
            return _concatenation(aggregate, operand, unsure)
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


def _concatenation(aggregate: Aggregate, text: Expression, unsure: tuple[Variable, ...]) -> Expression:
    """Each value brings its separator, and the first one is taken away: what has no value brings nothing."""
    separator = " " if aggregate.separator is None else aggregate.separator
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
