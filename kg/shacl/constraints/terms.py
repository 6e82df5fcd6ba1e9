"""Constraints that a value meets or not by itself: judged once for each term (SHACL, 4.1, 4.3, 4.4 and 4.8.3)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from kg.shacl.engine import Engine, Found
from kg.shacl.graph.xsd import STRING, compare, is_well_formed
from kg.shacl.regex import matcher, together
from kg.shacl.shapes.model import (
    Class,
    Datatype,
    In,
    LanguageIn,
    Length,
    NodeKind,
    Pattern,
    Range,
    RootClass,
    Shape,
    SingleLine,
)
from kg.shacl.values import Values

_BYTES: Final = 10
"""Those of a form that one character may take: an escape by its number is the longest way to write one."""
_BREAKS: Final = frozenset("\n\r\f\v")


def _judged(engine: Engine, shape: Shape, component: str, values: Values, is_bad: Callable[[int], bool]) -> Found:
    return _bad(engine, shape, component, values, set(filter(is_bad, values.distinct())))


def _bad(engine: Engine, shape: Shape, component: str, values: Values, bad: Collection[int]) -> Found:
    for node, value in values.holding(bad):
        yield node, engine.found(shape, node, component, value)


def datatype(engine: Engine, shape: Shape, constraint: Datatype, values: Values) -> Found:
    """`sh:datatype`: one of the datatypes, and a text that is one of its lexical forms."""
    terms, wanted = engine.data.terms, constraint.iris
    forms, takes_strings = terms.forms, STRING in wanted

    def is_bad(value: int) -> bool:
        form = forms[value]
        if form.endswith(b'"'):  # a plain literal, which any text is
            return not takes_strings
        if not form.startswith(b'"'):
            return True
        parts = terms.parts(value)
        return parts[1] not in wanted or not is_well_formed(parts)

    return _judged(engine, shape, "Datatype", values, is_bad)


def kind_of(engine: Engine, shape: Shape, constraint: Class, values: Values) -> Found:
    """`sh:class`: an instance of one of the classes or of one below it."""
    bad = set(values.distinct())
    for iri in constraint.iris:
        bad -= engine.data.members(engine.data.terms.number(iri))
    return _bad(engine, shape, "Class", values, {value for value in bad if value not in engine.incomplete})


def root_class(engine: Engine, shape: Shape, constraint: RootClass, values: Values) -> Found:
    """`sh:rootClass`: one of the classes or one below it, and an IRI."""
    terms = engine.data.terms
    below = set().union(*(engine.data.subclasses(terms.number(iri)) for iri in constraint.iris))

    def is_bad(value: int) -> bool:
        return not terms.is_iri(value) or (value not in below and value not in engine.incomplete)

    return _judged(engine, shape, "RootClass", values, is_bad)


def node_kind(engine: Engine, shape: Shape, constraint: NodeKind, values: Values) -> Found:
    """`sh:nodeKind`."""
    terms, starts = engine.data.terms, constraint.starts
    forms, triples = terms.forms, b"<<" in starts
    plain = tuple(start for start in starts if start != b"<<")

    def is_bad(value: int) -> bool:
        form = forms[value]
        return not triples if form.startswith(b"<<") else not form.startswith(plain)

    return _judged(engine, shape, "NodeKind", values, is_bad)


def within(engine: Engine, shape: Shape, constraint: Range, values: Values) -> Found:
    """`sh:minExclusive` and its like: what cannot be compared with the limit is not within it."""
    terms, forms = engine.data.terms, engine.data.terms.forms
    limit = terms.parts(terms.number(constraint.limit))

    def is_bad(value: int) -> bool:
        return not forms[value].startswith(b'"') or compare(terms.parts(value), limit) not in constraint.allowed

    return _judged(engine, shape, constraint.component, values, is_bad)


def length(engine: Engine, shape: Shape, constraint: Length, values: Values) -> Found:
    """`sh:minLength` and `sh:maxLength`, in characters of the literal or the IRI; others have no length."""
    terms, number, is_minimum = engine.data.terms, constraint.number, constraint.is_minimum
    forms = terms.forms

    def is_bad(value: int) -> bool:
        form = forms[value]
        if is_minimum and form.startswith(b'"') and form.rindex(b'"') > number * _BYTES:
            return False
        if not terms.has_text(value):
            return True
        size = len(terms.value(value))
        return size < number if is_minimum else size > number

    return _judged(engine, shape, "MinLength" if is_minimum else "MaxLength", values, is_bad)


def pattern(engine: Engine, shape: Shape, constraint: Pattern, values: Values) -> Found:
    """`sh:pattern`: a match somewhere in the literal or the IRI."""
    terms, matches = engine.data.terms, together(matcher(constraint.pattern, constraint.flags))
    return _judged(
        engine, shape, "Pattern", values, lambda value: not terms.has_text(value) or not matches(terms.value(value))
    )


def single_line(engine: Engine, shape: Shape, _: SingleLine, values: Values) -> Found:
    """`sh:singleLine`: a literal without line feeds, carriage returns, form feeds and vertical tabs."""
    terms = engine.data.terms
    return _judged(
        engine,
        shape,
        "SingleLine",
        values,
        lambda value: terms.is_literal(value) and not _BREAKS.isdisjoint(terms.value(value)),
    )


def language_in(engine: Engine, shape: Shape, constraint: LanguageIn, values: Values) -> Found:
    """`sh:languageIn`: basic filtering of language ranges (RFC 4647, section 3.3.1)."""
    forms = engine.data.terms.forms
    ranges = tuple(found.lower() for found in constraint.ranges)
    tails = [(value, _tail(forms[value])) for value in values.distinct()]
    lacking = {tail for tail in {tail for _, tail in tails} if not _is_in(tail, ranges)}
    return _bad(engine, shape, "LanguageIn", values, {value for value, tail in tails if tail in lacking})


def _tail(form: bytes) -> bytes:
    return form[form.rindex(b'"') + 1 :] if form.startswith(b'"') else b""


def _is_in(tail: bytes, ranges: tuple[str, ...]) -> bool:
    language = tail[1:].decode().partition("--")[0] if tail.startswith(b"@") else None
    if not language:
        return False
    return any(found in {"*", language} or language.startswith(f"{found}-") for found in ranges)


def member(engine: Engine, shape: Shape, constraint: In, values: Values) -> Found:
    """`sh:in`: the same term, not an equal value."""
    members = {engine.data.terms.number(form) for form in constraint.members}
    return _bad(engine, shape, "In", values, set(values.distinct()) - members)
