"""When terms are equal, which is less, what counts as true, and in which order rows stand."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sparql.oracle import numbers, times
from sparql.oracle.terms import (
    BOOLEAN,
    STRING,
    XSD,
    BlankNode,
    Iri,
    Literal,
    Term,
    TripleTerm,
    Wrong,
    is_stringy,
)

MONTH = Decimal(400 * 365 + 97) * 86400 / 4800
"""Seconds of an average month of the calendar."""
TRUTH = {"true": True, "1": True, "false": False, "0": False}


def boolean_of(term: object) -> bool | None:
    """The boolean that a literal means; None for anything else, and for an ill-typed literal."""
    return TRUTH.get(term.lexical) if isinstance(term, Literal) and term.datatype == BOOLEAN else None


def effective(term: Term) -> bool:
    """The effective boolean value (section 17.2.2).

    That of a text with a language is an error, as SPARQL 1.2 has it; SPARQL 1.1 gave plain literals one.
    """
    if isinstance(term, Literal):
        if term.datatype == BOOLEAN:
            return TRUTH.get(term.lexical, False)
        if numbers.is_numeric_type(term.datatype):
            found = numbers.number_of(term)
            return found is not None and found.value != 0 and not math.isnan(found.value)
        if term.datatype == STRING:
            return term.lexical != ""
    raise Wrong("no effective boolean value")


def space(term: Literal) -> str | None:
    """The value space that a well-typed literal lies in; None for one that nobody understands."""
    if is_stringy(term):
        return "string" if term.language is None else "language"
    if numbers.number_of(term) is not None:
        return "number"
    if boolean_of(term) is not None:
        return "boolean"
    if times.moment_of(term) is not None:
        return term.datatype
    if times.lasting_of(term) is not None:
        return "duration"
    return None


def equal(left: Term, right: Term) -> bool:
    """`=` (section 17.3, and RDFterm-equal of 17.4.1.7).

    Literals of different value spaces are not equal: section 17.3.1 lets an implementation say so where RDFterm-equal
    would be an error. What is ill-typed or of an unknown type is equal to itself alone, and otherwise an error.
    """
    if isinstance(left, TripleTerm) and isinstance(right, TripleTerm):
        pairs = ((left.subject, right.subject), (left.predicate, right.predicate), (left.object, right.object))
        parts = [equal(a, b) for a, b in pairs]  # type: ignore[arg-type]
        return all(parts)  # after each was looked at: an error anywhere is one
    if not isinstance(left, Literal) or not isinstance(right, Literal):
        return left == right
    here, there = space(left), space(right)
    if here is not None and here == there and here != "language":
        return same_value(here, left, right)
    if left == right:
        return True
    if here is None or there is None:
        raise Wrong("literals that may be equal in a way nobody knows")
    return False


def same_value(kind: str, left: Literal, right: Literal) -> bool:
    if kind in {"string", "boolean"}:
        return left.lexical == right.lexical if kind == "string" else boolean_of(left) == boolean_of(right)
    if kind == "duration":
        a, b = times.lasting_of(left), times.lasting_of(right)
        assert a is not None and b is not None  # noqa: PT018
        return (a.months, a.seconds) == (b.months, b.seconds)
    order = ordering(left, right)
    if order is None and kind != "number":
        raise Wrong("times of which only one has a zone")
    return order == 0


def ordering(left: Term, right: Term) -> int | None:
    """-1, 0 or 1 by the operators `<` and `>` (section 17.3); None for values that no order joins.

    Any term stands beside itself: section 17.3.1 lets an implementation say so where it would be an error.

    :raises Wrong: for operands that the operators do not take
    """
    if isinstance(left, Literal) and isinstance(right, Literal):
        a, b = numbers.number_of(left), numbers.number_of(right)
        if a is not None and b is not None:
            return numbers.compare(a, b)
        if left.datatype == right.datatype == STRING:
            return (left.lexical > right.lexical) - (left.lexical < right.lexical)
        truths = boolean_of(left), boolean_of(right)
        if None not in truths:
            return (truths[0] > truths[1]) - (truths[0] < truths[1])  # type: ignore[operator]
        if left != right or times.moment_of(left) is not None:
            return ordering_of_times(left, right)
    if left != right or isinstance(left, BlankNode):
        raise Wrong("an order of terms that have none")
    return 0


def ordering_of_times(left: Literal, right: Literal) -> int | None:
    first, second = times.moment_of(left), times.moment_of(right)
    if first is not None and second is not None and first.datatype == second.datatype:
        return times.compare(first, second)
    long, short = times.lasting_of(left), times.lasting_of(right)
    if long is not None and short is not None:
        return times.compare_lasting(long, short)
    raise Wrong("an order of literals that have none")


def holds(operator: str, left: Term, right: Term) -> bool:
    """A comparison.

    :raises Wrong: for operands that it does not take, and for values that no order joins but a number that is none
    """
    if operator in {"=", "!="}:
        return equal(left, right) == (operator == "=")
    order = ordering(left, right)
    if order is None:
        if numbers.number_of(left) is not None:
            return False
        raise Wrong("times whose order depends on a zone that is not said")
    return {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[operator]


# --- the order of rows (section 15.1, made total)


def rank(term: Term | None) -> tuple[Any, ...]:
    """Where a term stands in ORDER BY: unbound, blank nodes, IRIs, then literals by kind and value, triple terms last.

    Between blank nodes there is no order; two that are not the same have the same place.
    """
    match term:
        case None:
            return (0,)
        case BlankNode():
            return (1,)
        case Iri():
            return (2, term.value)
        case Literal():
            return (3, *literal_rank(term))
        case TripleTerm():
            return (4, rank(term.subject), rank(term.predicate), rank(term.object))  # type: ignore[arg-type]
    raise TypeError(term)


def literal_rank(term: Literal) -> tuple[Any, ...]:
    """By kind: numbers, what lies on the line of time, times of a day, durations, truth, text, and the rest.

    Where the standard has no order, this is the one that the project's documentation promises.
    """
    number, lasting = numbers.number_of(term), times.lasting_of(term)
    match space(term):
        case "number" if number is not None:
            return (0, *number_rank(number.value))
        case "duration" if lasting is not None:
            return (3, lasting.months * MONTH + lasting.seconds)
        case "boolean":
            return (4, boolean_of(term))
        case "string" | "language":
            return (5, term.lexical, term.language or "", term.direction or "")
        case _ if times.moment_of(term) is not None:
            return time_rank(term)
    return (6, term.datatype, term.lexical)


def time_rank(term: Literal) -> tuple[Any, ...]:
    """By the instant with which it begins, that of Greenwich where no zone is said; a date before its first moment."""
    moment = times.moment_of(term)
    assert moment is not None
    if term.datatype == XSD + "time":
        return (2, moment.instant)
    return (1, moment.instant, term.datatype == XSD + "dateTime")


def number_rank(value: Decimal | float) -> tuple[int, Fraction]:
    """The exact value; what is not a number comes first."""
    if isinstance(value, float) and not math.isfinite(value):
        return (0 if math.isnan(value) else 1 if value < 0 else 3, Fraction(0))
    return (2, Fraction(value))
