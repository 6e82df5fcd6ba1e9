"""Parameters of constraint components (SHACL, section 4): what the value of one says is read into constraints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.errors import ShapesError
from kg.shacl.graph.terms import Term, form
from kg.shacl.graph.xsd import STRING, XSD
from kg.shacl.paths import Predicate
from kg.shacl.regex import matcher
from kg.shacl.shapes.model import (
    SH,
    Class,
    Closed,
    Constraint,
    Count,
    Datatype,
    Form,
    HasValue,
    In,
    LanguageIn,
    Length,
    Logic,
    LogicName,
    NodeKind,
    Pair,
    PairName,
    Pattern,
    Property,
    Qualified,
    Range,
    ShapeId,
    UniqueLang,
)
from kg.shacl.shapes.references import shape_id
from kg.shacl.shapes.statements import Malformed, Statements

Read = Callable[[Statements, Term, Term], Iterator[Constraint]]
"""From a shape and the value of one of its parameters to constraints; raises `Malformed`."""
KINDS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        SH + "IRI": (b"<",),
        SH + "BlankNode": (b"_",),
        SH + "Literal": (b'"',),
        SH + "BlankNodeOrIRI": (b"_", b"<"),
        SH + "BlankNodeOrLiteral": (b"_", b'"'),
        SH + "IRIOrLiteral": (b"<", b'"'),
    }
)
_RANGES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {"minExclusive": (1,), "minInclusive": (0, 1), "maxExclusive": (-1,), "maxInclusive": (-1, 0)}
)
PAIRS: Final[Mapping[str, PairName]] = MappingProxyType(
    {
        "equals": "Equals",
        "disjoint": "Disjoint",
        "lessThan": "LessThan",
        "lessThanOrEquals": "LessThanOrEquals",
    }
)
_LISTED: Final[Mapping[str, LogicName]] = MappingProxyType({"and": "And", "or": "Or", "xone": "Xone"})
_SINGLE: Final[Mapping[str, LogicName]] = MappingProxyType({"not": "Not", "node": "Node"})
_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_BOOLEANS: Final = frozenset({"true", "false", "1", "0"})
_TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))


def iri(value: Term) -> str:
    """An IRI.

    :raises Malformed: if it is none
    """
    if not isinstance(value, ox.NamedNode):
        raise Malformed("is no IRI")
    return value.value


def shape(value: Term) -> ShapeId:
    """A shape.

    :raises Malformed: if it is a literal, or a triple term
    """
    if not isinstance(value, ox.NamedNode | ox.BlankNode):
        raise Malformed(f"is a {'literal' if isinstance(value, ox.Literal) else 'triple term'}, not a shape")
    return shape_id(value)


def literal(value: Term) -> Form:
    """A literal.

    :raises Malformed: if it is none
    """
    if not isinstance(value, ox.Literal):
        raise Malformed("is no literal")
    return form(value)


def string(value: Term) -> str:
    """A plain string.

    :raises Malformed: if it is none
    """
    if not isinstance(value, ox.Literal) or value.datatype.value != STRING:
        raise Malformed("is no string")
    return value.value


def integer(value: Term) -> int:
    """An `xsd:integer`.

    :raises Malformed: if it is none
    """
    if not isinstance(value, ox.Literal) or value.datatype.value != XSD + "integer" or not _DIGITS(value.value):
        raise Malformed("is no xsd:integer")
    return int(value.value)


def boolean(value: Term) -> bool:
    """An `xsd:boolean`.

    :raises Malformed: if it is none
    """
    if not isinstance(value, ox.Literal) or value.datatype.value != XSD + "boolean" or value.value not in _BOOLEANS:
        raise Malformed("is no xsd:boolean")
    return value.value in {"true", "1"}


def switch(value: Term) -> bool:
    """Whether a switch is the literal `true`: SHACL asks for that term, not for its value (section 4.4.5).

    :raises Malformed: if it is no `xsd:boolean`
    """
    boolean(value)
    return value == _TRUE


def is_list(said: Statements, value: Term) -> bool:
    """Whether a value is a blank node that begins a list, which some parameters of SHACL 1.2 may have."""
    return isinstance(value, ox.BlankNode) and bool(said.members_or_none(value))


def only_iri(said: Statements, value: Term) -> str:
    """An IRI, where SHACL 1.2 has lists or paths too.

    :raises Malformed: if it is none
    """
    if is_list(said, value) and said.version == "1.0":
        raise Malformed("is a list, which is SHACL 1.2 (kg validate --shacl 1.2 answers it)")
    return iri(value)


def _class(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    yield Class((form(ox.NamedNode(only_iri(said, value))),))


def _datatype(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    yield Datatype((only_iri(said, value),))


def kind(value: Term, known: Mapping[str, tuple[bytes, ...]] = KINDS) -> tuple[bytes, ...]:
    """The beginnings of the forms of a node kind.

    :raises Malformed: if it is none of those known
    """
    if not isinstance(value, ox.NamedNode) or value.value not in known:
        raise Malformed(f"is none of {', '.join('sh:' + name.removeprefix(SH) for name in known)}")
    return known[value.value]


def _node_kind(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    if is_list(said, value):
        only_iri(said, value)
    yield NodeKind(kind(value))


def _in(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    yield In(frozenset(map(said.form, said.members(value))))


def _has_value(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    yield HasValue(said.form(value))


def _pattern(said: Statements, node: Term, value: Term) -> Iterator[Constraint]:
    pattern = string(value)
    try:
        flags = next(map(string, said.values(node, SH + "flags")), "")
        matcher(pattern, flags)
    except Malformed:
        return  # told where the flags are read
    except ShapesError as fault:
        raise Malformed(f": {fault}") from None
    yield Pattern(pattern, flags)


def _flags(_: Statements, __: Term, value: Term) -> Iterator[Constraint]:
    string(value)
    return iter(())


def _language_in(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    yield LanguageIn(tuple(map(string, said.members(value))))


def _unique_lang(_: Statements, __: Term, value: Term) -> Iterator[Constraint]:
    if switch(value):
        yield UniqueLang()


def _property(_: Statements, __: Term, value: Term) -> Iterator[Constraint]:
    yield Property(shape(value))


def _count(local: str) -> Read:
    make = Length if local.endswith("Length") else Count
    return lambda _, __, value: iter((make(integer(value), local.startswith("min")),))


def _range(local: str, allowed: tuple[int, ...]) -> Read:
    return lambda _, __, value: iter((Range(local[0].upper() + local[1:], literal(value), allowed),))


def _pair(name: PairName) -> Read:
    return lambda said, _, value: iter((Pair(name, Predicate(only_iri(said, value))),))


def _single(name: LogicName) -> Read:
    return lambda _, __, value: iter((Logic(name, (shape(value),)),))


def _listed(name: LogicName) -> Read:
    return lambda said, _, value: iter((Logic(name, tuple(map(shape, said.members(value)))),))


def _qualified_count(local: str) -> Read:
    def read(said: Statements, node: Term, value: Term) -> Iterator[Constraint]:
        number = integer(value)
        called = [shape_id(one) for one in said.values(node, SH + "qualifiedValueShape")]
        siblings: tuple[ShapeId, ...] = ()
        if _TRUE in said.values(node, SH + "qualifiedValueShapesDisjoint"):
            siblings = tuple(sorted(_siblings(said, node) - set(called)))
        for one in called:
            yield Qualified(one, number, local == "qualifiedMinCount", siblings)

    return read


def _siblings(said: Statements, node: Term) -> set[ShapeId]:
    """The qualified shapes of the other property shapes of this one's parents (SHACL, section 4.7.3)."""
    return {
        shape_id(qualified)
        for parent, part in said.having(SH + "property")
        if part == node
        for sibling in said.values(parent, SH + "property")
        for qualified in said.values(sibling, SH + "qualifiedValueShape")
    }


def _qualified_shape(said: Statements, node: Term, value: Term) -> Iterator[Constraint]:
    shape(value)
    if not said.values(node, SH + "qualifiedMinCount") and not said.values(node, SH + "qualifiedMaxCount"):
        raise Malformed("without sh:qualifiedMinCount or sh:qualifiedMaxCount")
    return iter(())


def _disjoint_shapes(_: Statements, __: Term, value: Term) -> Iterator[Constraint]:
    boolean(value)
    return iter(())


def ignored(said: Statements, node: Term) -> frozenset[str]:
    """The properties of `sh:ignoredProperties`, as far as they are well-formed."""
    lists = [said.members_or_none(value) or () for value in said.values(node, SH + "ignoredProperties")]
    return frozenset(member.value for members in lists for member in members if isinstance(member, ox.NamedNode))


def _ignored(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    if any(not isinstance(member, ox.NamedNode) for member in said.members(value)):
        raise Malformed("has a member that is no IRI")
    return iter(())


def paths(said: Statements, node: Term) -> frozenset[str]:
    """The IRIs that `sh:property/sh:path` leads to from a node."""
    found = (path for part in said.values(node, SH + "property") for path in said.values(part, SH + "path"))
    return frozenset(path.value for path in found if isinstance(path, ox.NamedNode))


def _closed(said: Statements, node: Term, value: Term) -> Iterator[Constraint]:
    if switch(value):
        yield Closed(ignored(said, node) | paths(said, node))


PARAMETERS: Final[Mapping[str, Read]] = MappingProxyType(
    {
        "class": _class,
        "datatype": _datatype,
        "nodeKind": _node_kind,
        **{local: _range(local, allowed) for local, allowed in _RANGES.items()},
        "in": _in,
        "hasValue": _has_value,
        **{local: _count(local) for local in ("minLength", "maxLength", "minCount", "maxCount")},
        "pattern": _pattern,
        "flags": _flags,
        "languageIn": _language_in,
        "uniqueLang": _unique_lang,
        **{local: _pair(name) for local, name in PAIRS.items()},
        **{local: _listed(name) for local, name in _LISTED.items()},
        **{local: _single(name) for local, name in _SINGLE.items()},
        "property": _property,
        "qualifiedValueShape": _qualified_shape,
        "qualifiedMinCount": _qualified_count("qualifiedMinCount"),
        "qualifiedMaxCount": _qualified_count("qualifiedMaxCount"),
        "qualifiedValueShapesDisjoint": _disjoint_shapes,
        "ignoredProperties": _ignored,
        "closed": _closed,
    }
)
"""The parameters of SHACL 1.0 Core by their local names, and how the value of each is read."""
