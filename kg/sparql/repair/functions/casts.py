"""Functions and casts of numbers that the engine cannot hold (SPARQL 1.1, 17.4.4 and 17.5).

Each is asked only where the engine's own gives an error; None is an error here too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.sparql.repair.functions import names, numbers
from kg.sparql.repair.functions.numbers import XSD, Number, Type
from kg.sparql.repair.functions.values import Term, literal, number

_STRING: Final = XSD + "string"
_BOOLEAN: Final = NamedNode(XSD + "boolean")
_EXACT: Final[Mapping[str, Callable[[Fraction], Fraction | int]]] = MappingProxyType(
    {
        "ABS": abs,
        "CEIL": math.ceil,
        "FLOOR": math.floor,
        "ROUND": lambda value: math.floor(value + Fraction(1, 2)),  # the half goes upwards (fn:round)
    }
)
_TYPES: Final[Mapping[str, Type]] = MappingProxyType({kind.name.lower(): kind for kind in Type})


def function(name: str) -> Callable[[Term], Term | None] | None:
    """The function of a reserved name; None if the name is none of these.

    >>> function(names.NUMERIC + "ABS")(Literal(str(-(2**64)), datatype=NamedNode(XSD + "integer"))).value
    '18446744073709551616'
    >>> function(names.CAST + "decimal")(Literal("9223372036854775808")).value
    '9223372036854775808'
    """
    what = names.parameter(name)
    if name.startswith(names.NUMERIC) and what in _EXACT:
        return partial(_rounded, _EXACT[what])
    if name.startswith(names.CAST):
        return _truth if what == "boolean" else partial(_cast, _TYPES[what])
    return None


def _rounded(change: Callable[[Fraction], Fraction | int], term: Term) -> Term | None:
    found = number(term)
    if found is None or not isinstance(found.value, Fraction):
        return None
    return literal(Fraction(change(found.value)), found.type)


def _truth(term: Term) -> Literal | None:
    found = number(term)
    if found is None:
        return None
    return Literal("false" if found.value == 0 or found.value != found.value else "true", datatype=_BOOLEAN)


def _cast(kind: Type, term: Term) -> Term | None:
    found = _read(kind, term)
    if found is None:
        return None
    value = found.value
    if isinstance(value, Fraction):
        whole = Fraction(math.trunc(value)) if kind is Type.INTEGER else value
        return literal(whole if kind < Type.FLOAT else numbers.binary(value, kind), kind)
    if kind >= Type.FLOAT:
        return literal(value, kind)
    if not math.isfinite(value):
        return None
    return literal(Fraction(math.trunc(value)) if kind is Type.INTEGER else Fraction(value), kind)


def _read(kind: Type, term: Term) -> Number | None:
    """A number, or the one that a text is in the type that is asked for, white space around it left aside."""
    if isinstance(term, Literal) and term.datatype.value == _STRING:
        return numbers.read(term.value.strip(" \t\r\n"), numbers.DATATYPES[kind])
    return number(term)
