"""Operators and functions where the engine's own have no answer, or a wrong one (SPARQL 1.1, 17).

Each takes terms and gives a term, or None for an error of SPARQL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.sparql.repair.functions import numbers, times
from kg.sparql.repair.functions.numbers import XSD, Number, Type
from kg.sparql.repair.functions.replacements import groups_of, replaced

Term = NamedNode | BlankNode | Literal | Triple
_STRING: Final = NamedNode(XSD + "string")
_BOOLEAN: Final = NamedNode(XSD + "boolean")


_TRUE: Final = Literal("true", datatype=_BOOLEAN)
_FALSE: Final = Literal("false", datatype=_BOOLEAN)


def number(term: Term) -> Number | None:
    """The number that a term stands for, if it does."""
    return numbers.read(term.value, term.datatype.value) if isinstance(term, Literal) else None


def literal(value: Fraction | float, kind: Type) -> Literal | None:
    """A number as a literal; None if it is too long."""
    found = numbers.result(value, kind)
    return None if found is None else Literal(found[0], datatype=NamedNode(found[1]))


def _compare(left: Term, right: Term, holds: Callable[[Fraction | float, Fraction | float], bool]) -> Literal | None:
    first, second = number(left), number(right)
    if first is None or second is None:
        return None
    _, one, other = numbers.promoted(first, second)
    return _TRUE if holds(one, other) else _FALSE


def equal(left: Term, right: Term) -> Literal | None:
    """`=` of two numbers (op:numeric-equal), and of a number and a text or boolean, which are different values.

    >>> equal(Literal("99999999999999999999", datatype=NamedNode(XSD + "integer")), Literal(1)).value
    'false'
    """
    if _is_no_number(left) or _is_no_number(right):
        # The engine has compared them, unless one of the two is longer than its numbers.
        return _FALSE if number(left) is not None or number(right) is not None else None
    return _compare(left, right, lambda one, other: one == other)


def _is_no_number(term: Term) -> bool:
    """Whether a term is a literal that is known to be another value than any number (17.4.1.7)."""
    if not isinstance(term, Literal):
        return False
    if term.datatype == _BOOLEAN:
        return term.value in {"true", "false", "1", "0"}
    return term.datatype == _STRING or term.language is not None


def less(left: Term, right: Term) -> Literal | None:
    """`<` of two numbers (op:numeric-less-than)."""
    return _compare(left, right, lambda one, other: one < other)


def add(left: Term, right: Term) -> Term | None:
    """`+` of two numbers, or of a dateTime or date and a yearMonthDuration or dayTimeDuration.

    These are op:numeric-add, op:add-yearMonthDuration-to-dateTime and the like (XPath 2.0 functions, 6.2.1 and 10.8).
    """
    found = _calculated(left, right, lambda one, other: one + other)
    if found is not None:
        return found
    one, other = (left, right), (right, left)
    return _moved(*one, 1) or _moved(*other, 1) or _days_later(*one, 1) or _days_later(*other, 1)


def subtract(left: Term, right: Term) -> Term | None:
    """`-` of two numbers, or of a dateTime or date and a yearMonthDuration or dayTimeDuration."""
    found = _calculated(left, right, lambda one, other: one - other)
    return (_moved(left, right, -1) or _days_later(left, right, -1)) if found is None else found


def multiply(left: Term, right: Term) -> Term | None:
    """`*` of two numbers."""
    return _calculated(left, right, lambda one, other: one * other)


def divide(left: Term, right: Term) -> Term | None:
    """`/` of two numbers; that of integers is a decimal (op:numeric-divide)."""
    first, second = number(left), number(right)
    if first is None or second is None:
        return None
    kind, one, other = numbers.promoted(first, second)
    if other == 0:
        return None  # of exact numbers an error; of others the engine has its answer
    return literal(one / other, max(kind, Type.DECIMAL))


def negate(term: Term) -> Term | None:
    """Unary minus of a number."""
    found = number(term)
    return None if found is None else literal(-found.value, found.type)


def _calculated(
    left: Term, right: Term, operate: Callable[[Fraction | float, Fraction | float], Fraction | float]
) -> Literal | None:
    first, second = number(left), number(right)
    if first is None or second is None:
        return None
    kind, one, other = numbers.promoted(first, second)
    return literal(operate(one, other), kind)


def _moved(instant: Term, duration: Term, direction: int) -> Literal | None:
    if not isinstance(instant, Literal) or not isinstance(duration, Literal):
        return None
    by = times.months(duration.value, duration.datatype.value)
    if by is None:
        return None
    found = times.later(instant.value, instant.datatype.value, times.Months(direction * by.count))
    return None if found is None else Literal(found, datatype=instant.datatype)


def _days_later(instant: Term, duration: Term, direction: int) -> Literal | None:
    if not isinstance(instant, Literal) or not isinstance(duration, Literal):
        return None
    later = _LATER.get(instant.datatype.value)
    if later is None or duration.datatype.value != XSD + "dayTimeDuration":
        return None
    length = duration.value if direction > 0 else f"-{duration.value}".removeprefix("--")
    found = later(instant.value, length)
    return None if found is None else Literal(found, datatype=instant.datatype)


_LATER: Final[Mapping[str, Callable[[str, str], str | None]]] = MappingProxyType(
    {XSD + "date": times.date_later, XSD + "dateTime": times.moment_later}
)


def is_numeric(term: Term) -> Literal:
    """isNumeric (SPARQL 1.1, 17.4.2.4): whether a term is a number, well formed, of any length."""
    if not isinstance(term, Literal) or term.datatype.value not in numbers.TYPES:
        return _FALSE
    return _TRUE if numbers.well_formed(term.value, term.datatype.value) else _FALSE


def truth(term: Term) -> Literal | None:
    """The effective boolean value (SPARQL 1.1, 17.2.2); that of an ill-typed number or boolean is false.

    That of a text with a language is an error, as in SPARQL 1.2; SPARQL 1.1 knew it as a plain literal.

    >>> truth(Literal("abc", datatype=NamedNode(XSD + "integer"))).value, truth(Literal("abc")).value
    ('false', 'true')
    >>> truth(NamedNode("urn:a"))
    """
    if not isinstance(term, Literal):
        return None
    text, datatype = term.value, term.datatype.value
    if datatype == XSD + "boolean":
        return _TRUE if text in {"true", "1"} else _FALSE
    if datatype == XSD + "string":
        return _TRUE if text != "" else _FALSE
    if datatype not in numbers.TYPES:
        return None
    place = numbers.place(text, datatype)
    return _TRUE if place is not None and place not in _FALSE_NUMBERS else _FALSE


_FALSE_NUMBERS: Final = (numbers.place("0", XSD + "integer"), numbers.place("NaN", XSD + "double"))
_MOST: Final = 10_000


def replacement(text: Term, pattern: Term) -> Literal | None:
    """The third argument of REPLACE for the engine, see `replaced`; `pattern` is the second one."""
    if not isinstance(text, Literal) or not isinstance(pattern, Literal):
        return None
    if text.datatype != _STRING or len(text.value) > _MOST:
        return None if text.datatype != _STRING or {*text.value} & {"\\", "$"} else text
    found = replaced(text.value, groups_of(pattern.value))
    return None if found is None else Literal(found)


def labelled(seed: Term, text: Term) -> BlankNode | None:
    """The blank node of BNODE(text) (SPARQL 1.1, 17.4.2.9): for one seed, one for each text.

    >>> labelled(Literal("s"), Literal("a")) == labelled(Literal("s"), Literal("a"))
    True
    >>> labelled(Literal("s"), Literal("a")) == labelled(Literal("t"), Literal("a"))
    False
    """
    if not isinstance(seed, Literal) or not isinstance(text, Literal) or text.datatype != _STRING:
        return None
    said = f"{len(seed.value)} {seed.value} {text.value}"
    return BlankNode(f"s{hashlib.sha256(said.encode()).hexdigest()[:32]}")
