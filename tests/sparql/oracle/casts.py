"""The constructor functions of XML Schema types (section 17.5)."""

from __future__ import annotations

import math
from decimal import Decimal

from sparql.oracle import numbers, times
from sparql.oracle.compare import TRUTH, boolean_of
from sparql.oracle.numbers import Kind, Number
from sparql.oracle.terms import BOOLEAN, STRING, XSD, Iri, Literal, Term, Wrong, boolean, string


def cast(datatype: str, term: Term) -> Literal:
    """A term in another type.

    :raises Wrong: if the table of section 17.5 does not allow it, or the text is none of the type's
    """
    if datatype == STRING and isinstance(term, Iri):
        return string(term.value)
    if not isinstance(term, Literal) or term.language is not None:
        raise Wrong("a cast of what has no type to cast from")
    if datatype == STRING:
        return string(written(term))
    if datatype == BOOLEAN:
        return boolean(truth(term))
    if datatype in numbers.KINDS:
        return numbers.literal_of(number(numbers.KINDS[datatype], term))
    if datatype in times.FORMS:
        return times.write_moment(moment(datatype, term))
    if datatype in times.DURATIONS and term.datatype in {STRING, *times.DURATIONS}:
        return lasting(datatype, term)
    raise Wrong(f"no cast to {datatype}")


def written(term: Literal) -> str:
    """What a literal is as a string: the canonical text of a number, a truth or a time (section 17.1.2 of XPath's)."""
    value, known, when = numbers.number_of(term), boolean_of(term), times.moment_of(term)
    if value is not None:
        return numbers.text_of(value)
    if known is not None:
        return boolean(known).lexical
    return term.lexical if when is None else times.write_moment(when).lexical


def truth(term: Literal) -> bool:
    if term.datatype == STRING and term.lexical in TRUTH:
        return TRUTH[term.lexical]
    known, value = boolean_of(term), numbers.number_of(term)
    if known is not None:
        return known
    if value is not None:
        return value.value != 0 and not math.isnan(value.value)
    raise Wrong("no boolean")


def number(kind: Kind, term: Literal) -> Number:
    if term.datatype == STRING:
        parsed = numbers.parse(term.lexical.strip(" \t\r\n"), kind)
        if parsed is None:
            raise Wrong("no number")
        return parsed
    known = boolean_of(term)
    found = Number(Kind.INTEGER, int(known)) if known is not None else numbers.number_of(term)
    if found is None:
        raise Wrong("no number")
    if kind >= found.kind:
        return numbers.promote(found, kind)
    return narrowed(kind, found.value)


def narrowed(kind: Kind, value: Decimal | float) -> Number:
    """A number in a type further down: towards zero for an integer (XPath and XQuery Functions, section 17.1.3)."""
    if kind == Kind.FLOAT:
        return Number(kind, numbers.single(float(value)))
    if isinstance(value, float) and not math.isfinite(value):
        raise Wrong("no decimal")
    return Number(kind, int(value) if kind == Kind.INTEGER else Decimal(value))


def moment(datatype: str, term: Literal) -> times.Moment:
    if term.datatype == STRING:
        found = times.parse_moment(term.lexical, datatype)
    else:
        found = times.moment_of(term)
        if found is not None and found.datatype != datatype:
            found = converted(found, datatype)
    if found is None:
        raise Wrong("no date or time")
    return found


def converted(found: times.Moment, datatype: str) -> times.Moment:
    """A dateTime as a date or a time, or a date as its first moment (XPath and XQuery Functions, section 17.1.5)."""
    date, time, both = XSD + "date", XSD + "time", XSD + "dateTime"
    if (found.datatype, datatype) == (both, date) or (found.datatype, datatype) == (date, both):
        clock = (found.hour, found.minute, found.second) if datatype == both else (0, 0, Decimal(0))
        return times.Moment(datatype, found.year, found.month, found.day, *clock, found.zone)
    if (found.datatype, datatype) == (both, time):
        return times.Moment(datatype, 1972, 12, 31, found.hour, found.minute, found.second, found.zone)
    raise Wrong("no such cast of a date or time")


def lasting(datatype: str, term: Literal) -> Literal:
    found = times.parse_lasting(term.lexical, datatype if term.datatype == STRING else term.datatype)
    if found is None or (term.datatype not in {datatype, STRING}):
        raise Wrong("no duration")
    return Literal(term.lexical, datatype)
