"""Aggregates whose values may be more than the engine can handle: long numbers, and values of mixed kinds.

The engine's own aggregates are many times cheaper than ours. So they are asked first, with what tells whether they
have a sure result; where they have none, `AGAIN` is called and the whole query is evaluated once more, by ours, which
tell what they met. MIN and MAX need a witness (18.5.1.5: they use the order of ORDER BY, which the engine's is for
values of one kind); SUM, AVG, GROUP_CONCAT and SAMPLE have a result or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial, reduce
from types import MappingProxyType
from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Iri,
    Literal,
    Membership,
    Query,
    Select,
)
from kg.sparql.language.walking import rebuilt, selects_mapped
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.kinds import XSD, Kinds, in_order, kind_of_term
from kg.sparql.repair.proof import Proof
from kg.sparql.repair.tree.binding import Names, bound_by
from kg.sparql.repair.tree.certainty import is_total
from kg.sparql.repair.values.scopes import Of, is_small

_AGAIN: Final = Call(Iri(names.AGAIN), ())
_ERROR: Final = Iri(names.ERROR)
_OURS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "MIN": (names.MINIMUM, names.MINIMUM),
        "MAX": (names.MAXIMUM, names.MAXIMUM),
        "SAMPLE": (names.SAMPLE, names.SAMPLE),
        "SUM": (names.SUM, names.SUM_DISTINCT),
        "AVG": (names.AVERAGE, names.AVERAGE_DISTINCT),
    }
)
"""Our aggregates, of all values and of those that are different terms."""
_NAMES: Final = frozenset(name for pair in _OURS.values() for name in pair)
_FEW_DIGITS: Final = 10
"""Of numbers of which no query sums as many as would be too much for 64 bits."""
_TEXTS: Final = (Iri(XSD + "string"), Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"))
_TIMES: Final = (Iri(XSD + "date"), Iri(XSD + "dateTime"))
_EXACT: Final = (Iri(XSD + "integer"), Iri(XSD + "decimal"))
_BINARY: Final = (Iri(XSD + "double"), Iri(XSD + "float"))


def sure_aggregates(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query of whose aggregates each has its result, or tells why it has none."""
    return selects_mapped(query, partial(_in_select, context=context)), ()


def our_name(aggregate: Aggregate, context: Context) -> str:
    """The name of ours in place of an aggregate of the engine."""
    if aggregate.name == "GROUP_CONCAT":
        name = names.group_concat(aggregate.separator, distinct=aggregate.distinct)
    else:
        name = _OURS[aggregate.name][aggregate.distinct]
    return names.placed(name, context.place(aggregate.at))


def _in_select(select: Select, context: Context) -> Select:
    step = _Aggregates(context, Proof(context.kinds).scope(select), bound_by(select.where).surely)
    projection = select.projection and tuple(rebuilt(each, step) for each in select.projection)
    return replace(select, projection=projection, modifiers=rebuilt(select.modifiers, step))


@dataclass(frozen=True, slots=True)
class _Aggregates:
    """The aggregates of one SELECT."""

    context: Context
    of: Of
    surely: Names

    def __call__(self, node: Any) -> Any:
        match node:
            case Exists():
                return node
            case Aggregate(name, operand) if operand is not None and name != "COUNT":
                return self._sure(node, operand)
            case Call(Iri(function), (operand,)) if _is_ours(function):
                return replace(node, arguments=(self._or_error(operand),))
        return rebuilt(node, self)

    def _sure(self, aggregate: Aggregate, operand: Expression) -> Expression:
        kinds = self._kinds(operand)
        if self._is_certain(aggregate.name, operand, kinds):
            return aggregate
        if self.context.careful or not is_small(operand):
            return Call(Iri(our_name(aggregate, self.context)), (self._or_error(operand),))
        if aggregate.name not in {"MIN", "MAX"}:
            return _or_again(aggregate)
        sure = aggregate if in_order(kinds) else BuiltIn("IF", (_of_one_kind(aggregate, operand), aggregate, _AGAIN))
        # Of no solutions there is no least value, which is no error.
        return BuiltIn("IF", (Binary("=", Aggregate("COUNT", None), _number(0)), aggregate, _or_again(sure)))

    def _kinds(self, operand: Expression) -> Kinds:
        return Proof(self.context.kinds).of_expression(operand, self.of)

    def _is_certain(self, name: str, operand: Expression, kinds: Kinds) -> bool:
        """Whether nothing can go wrong, by what the query and the figures of its data prove."""
        if name == "GROUP_CONCAT" and isinstance(operand, BuiltIn) and operand.name == "STR":
            (term,) = operand.arguments
            kinds = self._kinds(term)
            return kinds is not None and not kinds & {"blank", "other"} and is_total(term, self.surely)
        if not is_total(operand, self.surely):
            return False
        return name == "SAMPLE" or (name in {"MIN", "MAX"} and in_order(kinds)) or _is_tally(operand)

    def _or_error(self, operand: Expression) -> Expression:
        return operand if is_total(operand, self.surely) else BuiltIn("COALESCE", (operand, _ERROR))


def _is_ours(function: str) -> bool:
    name = function.partition(";")[0]
    return name in _NAMES or name.startswith((names.GROUP_CONCAT, names.GROUP_CONCAT_DISTINCT))


def _is_tally(operand: Expression) -> bool:
    """Whether an expression chooses among numbers that are written out, as those do that count."""
    match operand:
        case Literal():
            return kind_of_term(operand) == "integer" and len(operand.lexical) < _FEW_DIGITS
        case BuiltIn("COALESCE", values) | BuiltIn("IF", (_, *values)):
            return all(map(_is_tally, values))
    return False


def _or_again(expression: Expression) -> Expression:
    return BuiltIn("COALESCE", (expression, _AGAIN))


def _of_one_kind(aggregate: Aggregate, operand: Expression) -> Expression:
    """Whether all values are numbers that are compared exactly, or of one datatype whose order the engine knows.

    A sum is none where one value is no number, and is NaN where one value is. Times are in order if all are of one
    zone, or without any.
    """
    total = Aggregate("SUM", operand)
    datatype = BuiltIn("DATATYPE", (operand,))
    zoned = BuiltIn("CONCAT", (BuiltIn("TZ", (operand,)), BuiltIn("STR", (datatype,))))
    kind = BuiltIn("COALESCE", (zoned, datatype, Literal("", XSD + "string")))
    alone = Binary("=", Aggregate("COUNT", kind, distinct=True), _number(1))
    real = Binary("&&", Membership(BuiltIn("DATATYPE", (total,)), _BINARY), Binary("=", total, total))
    zone = BuiltIn("TZ", (aggregate,))
    time = Binary("&&", Membership(BuiltIn("DATATYPE", (aggregate,)), _TIMES), Binary("=", zone, zone))
    text = Membership(BuiltIn("DATATYPE", (aggregate,)), _TEXTS)
    known = _any((text, time, BuiltIn("ISIRI", (aggregate,)), real))
    return Binary("||", Membership(BuiltIn("DATATYPE", (total,)), _EXACT), Binary("&&", alone, known))


def _any(conditions: tuple[Expression, ...]) -> Expression:
    return reduce(partial(Binary, "||"), conditions)


def _number(value: int) -> Literal:
    return Literal(str(value), f"{XSD}integer")
