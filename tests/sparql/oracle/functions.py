"""The functions of section 17.4 whose operands are values, by their keywords."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from sparql.oracle import numbers, strings, times
from sparql.oracle.numbers import Kind, Number
from sparql.oracle.terms import (
    DIR_LANG_STRING,
    XSD,
    BlankNode,
    Iri,
    Literal,
    Term,
    TripleTerm,
    Wrong,
    boolean,
    is_stringy,
    string,
)


def str_of(term: Term) -> Literal:
    if isinstance(term, Iri):
        return string(term.value)
    if isinstance(term, Literal):
        return string(term.lexical)
    raise Wrong("no text")


def literal(term: Term) -> Literal:
    if not isinstance(term, Literal):
        raise Wrong("no literal")
    return term


def lang(term: Term) -> Literal:
    return string(literal(term).language or "")


def lang_dir(term: Term) -> Literal:
    return string(literal(term).direction or "")


def datatype(term: Term) -> Iri:
    return Iri(literal(term).datatype)


def is_numeric(term: Term) -> Literal:
    return boolean(numbers.number_of(term) is not None)


def round_as(name: str, term: Term) -> Literal:
    found = numbers.number_of(term)
    if found is None:
        raise Wrong("no number")
    return numbers.literal_of(numbers.rounded(name, found))


def moment(term: Term) -> times.Moment:
    found = times.moment_of(term)
    if found is None:
        raise Wrong("no date or time")
    return found


def part(name: str, term: Term) -> Literal:
    """YEAR, MONTH, DAY, HOURS, MINUTES: of a dateTime, and of a date or time that has such a part."""
    found = moment(term)
    missing = {XSD + "time": {"YEAR", "MONTH", "DAY"}, XSD + "date": {"HOURS", "MINUTES", "SECONDS"}}
    if name in missing.get(found.datatype, set()):
        raise Wrong(f"no {name} in it")
    if name == "SECONDS":
        return numbers.literal_of(Number(Kind.DECIMAL, found.second))
    attribute = {"YEAR": "year", "MONTH": "month", "DAY": "day", "HOURS": "hour", "MINUTES": "minute"}[name]
    return numbers.literal_of(Number(Kind.INTEGER, getattr(found, attribute)))


def timezone(term: Term) -> Literal:
    found = moment(term)
    if found.zone is None:
        raise Wrong("no time zone")
    return Literal(times.write_seconds(Decimal(found.zone * 60)), XSD + "dayTimeDuration")


def tz(term: Term) -> Literal:
    found = moment(term)
    # The text as it was written: +00:00 and Z are the same zone.
    return string(
        literal(term).lexical[-6:]
        if found.zone == 0 and "Z" not in literal(term).lexical
        else times.write_zone(found.zone)
    )


def triple(subject: Term, predicate: Term, value: Term) -> TripleTerm:
    """TRIPLE (SPARQL 1.2)."""
    if isinstance(subject, Literal | TripleTerm) or not isinstance(predicate, Iri):
        raise Wrong("no triple")
    return TripleTerm(subject, predicate, value)


def component(name: str, term: Term) -> Term:
    if not isinstance(term, TripleTerm):
        raise Wrong("no triple term")
    return {"SUBJECT": term.subject, "PREDICATE": term.predicate, "OBJECT": term.object}[name]  # type: ignore[return-value]


def typed(term: Term, kind: Term) -> Literal:
    if not isinstance(kind, Iri):
        raise Wrong("no datatype")
    return strings.typed(term, kind.value)


def is_a(kinds: type | tuple[type, ...], term: Term) -> Literal:
    return boolean(isinstance(term, kinds))


def has_language(directed: bool, term: Term) -> Literal:
    return boolean(
        isinstance(term, Literal) and term.language is not None and (not directed or term.datatype == DIR_LANG_STRING)
    )


FUNCTIONS: dict[str, Callable[..., Term]] = {
    "STR": str_of, "LANG": lang, "LANGDIR": lang_dir, "DATATYPE": datatype,
    "ISIRI": partial(is_a, Iri), "ISURI": partial(is_a, Iri), "ISBLANK": partial(is_a, BlankNode),
    "ISLITERAL": partial(is_a, Literal), "ISTRIPLE": partial(is_a, TripleTerm), "ISNUMERIC": is_numeric,
    "SAMETERM": lambda left, right: boolean(left == right),
    "HASLANG": partial(has_language, False), "HASLANGDIR": partial(has_language, True),
    "STRLEN": strings.length, "SUBSTR": strings.substring, "UCASE": strings.upper, "LCASE": strings.lower,
    "STRSTARTS": strings.starts, "STRENDS": strings.ends, "CONTAINS": strings.contains,
    "STRBEFORE": strings.before, "STRAFTER": strings.after, "ENCODE_FOR_URI": strings.encode,
    "CONCAT": strings.concat, "LANGMATCHES": strings.lang_matches, "REGEX": strings.regex,
    "REPLACE": strings.replace, "STRDT": typed, "STRLANG": strings.tagged, "STRLANGDIR": strings.tagged,
    "TIMEZONE": timezone, "TZ": tz, "TRIPLE": triple,
    **{name: partial(strings.digest, name) for name in ("MD5", "SHA1", "SHA256", "SHA384", "SHA512")},
    **{name: partial(round_as, name) for name in ("ABS", "ROUND", "CEIL", "FLOOR")},
    **{name: partial(part, name) for name in ("YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS")},
    **{name: partial(component, name) for name in ("SUBJECT", "PREDICATE", "OBJECT")},
}  # fmt: skip


def arithmetic(operator: str, left: Term, right: Term) -> Literal:
    """`+`, `-`, `*` and `/` of numbers, and what XPath defines for times and durations (sections 10.6 to 10.8).

    :raises Wrong: for operands that there is no such operation for
    """
    a, b = numbers.number_of(left), numbers.number_of(right)
    if a is not None and b is not None:
        return numbers.literal_of(numbers.calculate(operator, a, b))
    first, second = times.moment_of(left), times.moment_of(right)
    span, other = times.lasting_of(right), times.lasting_of(left)
    if span is not None and other is not None and operator in {"+", "-"}:
        return summed(operator, other, span)
    if first is not None and span is not None and operator in {"+", "-"}:
        return times.write_moment(moved(operator, first, span))
    if first is not None and second is not None and operator == "-" and first.datatype == second.datatype:
        if (first.zone is None) != (second.zone is None):
            raise Wrong("times of which only one has a zone")
        return Literal(times.write_seconds(first.instant - second.instant), XSD + "dayTimeDuration")
    raise Wrong("no such arithmetic")


def moved(operator: str, start: times.Moment, span: times.Lasting) -> times.Moment:
    if start.datatype == XSD + "time" and span.months:
        raise Wrong("months in a time of day")
    sign = 1 if operator == "+" else -1
    return times.add(start, times.Lasting(span.datatype, sign * span.months, sign * span.seconds))


def summed(operator: str, left: times.Lasting, right: times.Lasting) -> Literal:
    """Two durations of one of the two types that can be added (XPath and XQuery Functions, section 10.6)."""
    if left.datatype != right.datatype or left.datatype == XSD + "duration":
        raise Wrong("no such arithmetic")
    sign = 1 if operator == "+" else -1
    if left.datatype == XSD + "dayTimeDuration":
        return Literal(times.write_seconds(left.seconds + sign * right.seconds), left.datatype)
    return Literal(times.write_months(left.months + sign * right.months), left.datatype)


def negated(term: Term) -> Literal:
    number = numbers.number_of(term)
    if number is None:
        raise Wrong("no number")
    return numbers.literal_of(Number(number.kind, -number.value))


def unchanged(term: Term) -> Literal:
    number = numbers.number_of(term)
    if number is None:
        raise Wrong("no number")
    return numbers.literal_of(number)


def text_for_concat(term: Term) -> str:
    """The text of a value of GROUP_CONCAT: of any literal, and of an IRI."""
    if is_stringy(term):
        assert isinstance(term, Literal)
        return term.lexical
    return str_of(term).lexical
