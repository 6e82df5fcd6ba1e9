"""Constraints that a value meets or not by itself: judged once for each term (SHACL, 4.1, 4.3, 4.4 and 4.8.3)."""

from __future__ import annotations

from collections.abc import Callable

from kg.shacl.engine import Engine, Found
from kg.shacl.graph.terms import Terms
from kg.shacl.graph.xsd import compare, is_well_formed
from kg.shacl.regex import matcher, together
from kg.shacl.shapes.model import Class, Datatype, In, LanguageIn, Length, NodeKind, Pattern, Range, Shape
from kg.shacl.values import Values


def _judged(engine: Engine, shape: Shape, component: str, values: Values, is_bad: Callable[[int], bool]) -> Found:
    bad = {value for value in values.distinct() if is_bad(value)}
    for node, value in values.holding(bad):
        yield node, engine.found(shape, node, component, value)


def datatype(engine: Engine, shape: Shape, constraint: Datatype, values: Values) -> Found:
    """`sh:datatype`: the datatype, and a text that is one of its lexical forms."""
    terms, wanted = engine.data.terms, constraint.iri

    def is_bad(value: int) -> bool:
        if not terms.is_literal(value):
            return True
        parts = terms.parts(value)
        return parts[1] != wanted or not is_well_formed(parts)

    return _judged(engine, shape, "Datatype", values, is_bad)


def kind_of(engine: Engine, shape: Shape, constraint: Class, values: Values) -> Found:
    """`sh:class`: an instance of the class or of one below it."""
    members = engine.data.members(engine.data.terms.number(constraint.iri))
    return _judged(engine, shape, "Class", values, lambda value: value not in members)


def node_kind(engine: Engine, shape: Shape, constraint: NodeKind, values: Values) -> Found:
    """`sh:nodeKind`."""
    forms, starts = engine.data.terms.forms, constraint.starts
    return _judged(engine, shape, "NodeKind", values, lambda value: not forms[value].startswith(starts))


def within(engine: Engine, shape: Shape, constraint: Range, values: Values) -> Found:
    """`sh:minExclusive` and its like: what cannot be compared with the limit is not within it."""
    terms = engine.data.terms
    limit = terms.parts(terms.number(constraint.limit))

    def is_bad(value: int) -> bool:
        return not terms.is_literal(value) or compare(terms.parts(value), limit) not in constraint.allowed

    return _judged(engine, shape, constraint.component, values, is_bad)


def length(engine: Engine, shape: Shape, constraint: Length, values: Values) -> Found:
    """`sh:minLength` and `sh:maxLength`, in characters of the literal or the IRI; a blank node has no length."""
    terms, number, is_minimum = engine.data.terms, constraint.number, constraint.is_minimum

    def is_bad(value: int) -> bool:
        if terms.is_blank(value):
            return True
        size = len(terms.value(value))
        return size < number if is_minimum else size > number

    return _judged(engine, shape, "MinLength" if is_minimum else "MaxLength", values, is_bad)


def pattern(engine: Engine, shape: Shape, constraint: Pattern, values: Values) -> Found:
    """`sh:pattern`: a match somewhere in the literal or the IRI."""
    terms, matches = engine.data.terms, together(matcher(constraint.pattern, constraint.flags))
    return _judged(
        engine, shape, "Pattern", values, lambda value: terms.is_blank(value) or not matches(terms.value(value))
    )


def language_in(engine: Engine, shape: Shape, constraint: LanguageIn, values: Values) -> Found:
    """`sh:languageIn`: basic filtering of language ranges (RFC 4647, section 3.3.1)."""
    terms = engine.data.terms
    ranges = tuple(found.lower() for found in constraint.ranges)
    return _judged(engine, shape, "LanguageIn", values, lambda value: not _is_in(terms, value, ranges))


def _is_in(terms: Terms, value: int, ranges: tuple[str, ...]) -> bool:
    language = terms.parts(value)[2] if terms.is_literal(value) else None
    if not language:
        return False
    return any(found in {"*", language} or language.startswith(f"{found}-") for found in ranges)


def member(engine: Engine, shape: Shape, constraint: In, values: Values) -> Found:
    """`sh:in`: the same term, not an equal value."""
    members = {engine.data.terms.number(form) for form in constraint.members}
    return _judged(engine, shape, "In", values, lambda value: value not in members)
